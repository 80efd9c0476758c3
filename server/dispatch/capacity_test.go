package dispatch

import (
	"slices"
	"testing"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

func TestCapacityState(t *testing.T) {
	t.Parallel()
	all := Room{Grams: 9 * measure.Tonne, Volume: 38_000_000}
	half := Room{Grams: 4 * measure.Tonne, Volume: 16_000_000}
	for _, c := range []struct {
		name string
		c    Capacity
		use  Use
		now  measure.Millis
		want CapacityState
	}{
		{"nobody took it", Capacity{Until: 10}, Use{}, 5, CapacityLive},
		{"not published", Capacity{Until: 10, Draft: true}, Use{}, 5, CapacityDraft},
		{"its time is over", Capacity{Until: 10}, Use{}, 11, CapacityExpired},
		{"taken back", Capacity{Until: 10, Withdrawn: true}, Use{Open: 1}, 5, CapacityWithdrawn},
		{"half of it taken, sold whole", Capacity{Until: 10}, Use{Open: 1, Room: half}, 5, CapacityFull},
		{"half of it taken, sold in parts", Capacity{Until: 10, Shared: true}, Use{Open: 1, Room: half}, 5, CapacityPart},
		{"all of it taken in parts", Capacity{Until: 10, Shared: true}, Use{Open: 2, Room: half.plus(all)}, 5, CapacityFull},
		{"all of the half on offer taken", Capacity{Until: 10, Shared: true, Room: half}, Use{Open: 1, Room: half}, 5, CapacityFull},
		{"on the road when its time ends", Capacity{Until: 10, Shared: true}, Use{Open: 1, Room: half}, 11, CapacityFull},
		{"its trip is done", Capacity{Until: 10}, Use{Done: 1, Room: half}, 5, CapacityClosed},
		{"one part is done, one may follow", Capacity{Until: 10, Shared: true}, Use{Done: 1, Room: half}, 5, CapacityPart},
	} {
		if got := c.c.State(all, c.use, c.now); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestVehicleLimitsGoBeforeItsType(t *testing.T) {
	t.Parallel()
	kind, _ := book(t).TruckType("T68")
	own := Limits{Payload: 7 * measure.Tonne, Body: ReeferBody, Cold: &Band{0, 40}}
	if got := own.Of(kind); got.Payload != 7*measure.Tonne || got.Cube != kind.Cube || !got.Reefer {
		t.Errorf("%+v", got)
	}
	equal(t, "usual speed", own.Of(kind).SpeedKmh, kind.SpeedKmh)
	equal(t, "own speed", Limits{Speed: 55}.Of(kind).SpeedKmh, 55)
	if band, ok := (Vehicle{Limits: own}).Cold(kind); !ok || band != (Band{0, 40}) {
		t.Errorf("cold %v, %v", band, ok)
	}
	if _, ok := (Vehicle{}).Cold(kind); ok {
		t.Error("a high-sided truck cools nothing")
	}
}

// ofCoop posts a load from the coop's yard.
func (w *world) post(in PostedInput) PostedLoad {
	w.t.Helper()
	in.Shipper, in.Receiver = "coop", "协和医院"
	p, err := w.PostLoad(w.t.Context(), dispatcher, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func TestPartsOfOneTruckAreSoldApart(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.at("2020-02-03 09:00")
		v, err := w.AddVehicle(t.Context(), carrier, VehicleInput{Carrier: "carrier", Type: "T68", Plate: "陕C·B0001", PlateColour: "yellow",
			Passes: []Pass{relief}})
		if err != nil {
			t.Fatal(err)
		}
		offer, err := w.OfferCapacity(t.Context(), carrier, CapacityInput{Vehicle: v.ID, Place: fengxiang, From: at(t, "2020-02-03 10:00"),
			Until: at(t, "2020-02-06 20:00"), Shared: true, Room: Room{Grams: 6 * measure.Tonne, Volume: 30_000_000}, Draft: true})
		if err != nil || offer.State != CapacityDraft {
			t.Fatalf("%v %v", offer.State, err)
		}
		if err = w.PublishCapacity(t.Context(), carrier, offer.ID); err != nil {
			t.Fatal(err)
		}
		for n, want := range []struct {
			state CapacityState
			left  measure.Grams
		}{{CapacityPart, 3_800_000}, {CapacityPart, 1_600_000}} {
			load := w.post(PostedInput{Produce: "苹果", Grams: 2 * measure.Tonne, Packed: true, Packing: "纸箱", Pack: 10 * measure.Kilogram, From: fengxiang, To: union})
			plan, err := w.MakePlan(t.Context(), dispatcher, PlanInput{Loads: []string{load.ID}, Trucks: []string{offer.ID}})
			if err != nil {
				t.Fatal(err)
			}
			trips, err := w.Accept(t.Context(), dispatcher, plan.ID, plan.Answer.Options[0].ID)
			if err != nil || len(trips) != 1 || trips[0].Vehicle != v.ID {
				t.Fatalf("trips %v, %v", trips, err)
			}
			view := w.offer(offer.ID)
			if view.State != want.state || view.Left.Grams != want.left {
				t.Errorf("after part %d: %s, %d g left", n+1, view.State, view.Left.Grams)
			}
			if n == 1 { // an answer that doesn't come gives the room back
				w.when = w.when.Add(13 * 3600e9)
				if view = w.offer(offer.ID); view.Left.Grams != 6*measure.Tonne {
					t.Errorf("after nobody answered %d g are left", view.Left.Grams)
				}
			}
		}
		list, err := w.PostedLoads(t.Context(), dispatcher, "", "", 10)
		if err != nil || len(list) != 2 || list[0].Left.Grams != 2*measure.Tonne {
			t.Errorf("the goods of lapsed trips wait again: %+v, %v", list, err)
		}
	})
}

func (w *world) offer(id string) CapacityView {
	w.t.Helper()
	list, err := w.Capacities(w.t.Context(), dispatcher, "", false, "", 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range list {
		if c.ID == id {
			return c
		}
	}
	w.t.Fatal("no such offer")
	return CapacityView{}
}

func TestTrucksThatAreOverAreNotStanding(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.at("2020-02-03 09:00")
		v, err := w.AddVehicle(t.Context(), carrier, VehicleInput{Carrier: "carrier", Type: "T68", Plate: "陕C·B0002", PlateColour: "yellow"})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, until := range []string{"2020-02-04 20:00", "2020-02-06 20:00", "2020-02-08 20:00"} {
			offer, err := w.OfferCapacity(t.Context(), carrier, CapacityInput{Vehicle: v.ID, Place: fengxiang, From: at(t, until) - 3600e3, Until: at(t, until)})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, offer.ID)
		}
		if err = w.WithdrawCapacity(t.Context(), carrier, ids[2]); err != nil {
			t.Fatal(err)
		}
		w.at("2020-02-05 09:00")
		for standing, want := range map[bool][]string{false: {ids[2], ids[1], ids[0]}, true: {ids[1]}} {
			list, err := w.Capacities(t.Context(), carrier, "carrier", standing, "", 10)
			var got []string
			for _, c := range list {
				if c.Vehicle == v.ID {
					got = append(got, c.ID)
				}
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("standing %t: %q, want %q, %v", standing, got, want, err)
			}
		}
	})
}

func TestPostedLoadsAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	good := PostedInput{Shipper: "coop", Produce: "复合肥", Grams: 10 * measure.Tonne, From: union, To: fengxiang}
	for field, in := range map[string]PostedInput{
		"weight":      {Shipper: "coop", Produce: "复合肥", From: union, To: fengxiang},
		"people":      {Shipper: "coop", Produce: "复合肥", Grams: 1, People: 5, From: union, To: fengxiang},
		"produce":     {Shipper: "coop", Produce: "月亮石", Grams: measure.Tonne, From: union, To: fengxiang},
		"from.adcode": {Shipper: "coop", Produce: "复合肥", Grams: measure.Tonne, From: orders.Stop{Adcode: "999999"}, To: fengxiang},
		"wanted_by":   {Shipper: "coop", Produce: "复合肥", Grams: measure.Tonne, From: union, To: fengxiang, Unload: measure.Window{From: 1, To: 2}},
	} {
		if _, err := w.PostLoad(t.Context(), dispatcher, in); fieldOf(err) != field {
			t.Errorf("%s: field %q, %v", field, fieldOf(err), err)
		}
	}
	if _, err := w.PostLoad(t.Context(), auth.Actor{User: "x"}, good); err == nil {
		t.Error("a stranger posted for the cooperative")
	}
}

// coachesOf are coaches of a kind at a town of their own, and people there who want to work far away.
func coachesOf(t *testing.T, kind string, coaches, people int) Question {
	t.Helper()
	wenshui := orders.Stop{Name: "温水镇", Adcode: "610327", Point: measure.Point{Lon: 106.95, Lat: 34.86}}
	danyang := orders.Stop{Name: "丹阳", Adcode: "321181", Point: measure.Point{Lon: 119.606071, Lat: 32.010035}}
	var trucks []Truck
	for n := range coaches {
		tr := truck(t, kind, "陕C·F100"+string(rune('A'+n)))
		tr.Capacity.Place, tr.Capacity.From, tr.Capacity.Until = wenshui, at(t, "2020-02-17 12:00"), at(t, "2020-02-20 12:00")
		trucks = append(trucks, tr)
	}
	return Question{Day: "2020-02-17", Now: at(t, "2020-02-17 10:00"), Trucks: trucks,
		Loads: []Load{{ToShip: orders.ToShip{Allocation: "people", Seller: "office", Receiver: "firm", From: wenshui, To: danyang}, People: people}}}
}

func fieldOf(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Field
	}
	return ""
}
