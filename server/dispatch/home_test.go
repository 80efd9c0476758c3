package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store/storetest"
)

// linesOf are the lines of a kind.
func linesOf(t PlannedTrip, kind string) []CostLine {
	return slices.DeleteFunc(slices.Clone(t.Lines), func(l CostLine) bool { return l.Kind != kind })
}

// Of two equal trucks the one that wants to be where the goods go drives; the other one's way home is told, counted and charged to nobody.
func TestTheTruckThatGoesHomeDrives(t *testing.T) {
	t.Parallel()
	for homes, drives := range map[[2]string]int{{"420100", "610322"}: 0, {"610322", "420100"}: 1, {"610322", ""}: 1, {"", "610322"}: 0, {"420100", ""}: 0, {"", "420100"}: 1} {
		trucks := []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)}
		for v := range trucks {
			trucks[v].Capacity.ReturnTo = homes[v]
		}
		_, a := plan(t, question(t, trucks, toShip(1, apple, 5, union)))
		trip := a.Options[0].Trips[0]
		equal(t, fmt.Sprint(homes), trip.Truck.Vehicle.ID, trucks[drives].Vehicle.ID)
		if home := trip.Truck.Capacity.ReturnTo; (len(linesOf(trip, "way_home")) > 0) != (home != "") || home != "" && trip.Home.After > 60_000 {
			t.Errorf("%v: home is %s, it is %+v, %+v", homes, home, trip.Home, linesOf(trip, "way_home"))
		}
	}

	tr := truck(t, "T68", "陕C·A1001", relief)
	_, a := plan(t, question(t, []Truck{tr}, toShip(1, apple, 5, union)))
	without := a.Options[0].Trips[0]
	tr.Capacity.ReturnTo = "610322"
	_, a = plan(t, question(t, []Truck{tr}, toShip(1, apple, 5, union)))
	trip := a.Options[0].Trips[0]
	line := linesOf(trip, "way_home")[0]
	each := (tr.Type.PerKm*3 + 5) / 10
	more := measure.Fen(trip.Home.After - trip.Home.Before)
	if more < 900_000 || more > 1_000_000 || line.Fen < each*more/1000-1 || line.Fen > each*more/1000+1 || line.Source == "" || line.Mark != "°" {
		t.Errorf("%+v home for %+v", trip.Home, line)
	}
	equal(t, "what the carrier is paid", trip.Haulage, without.Haulage)
	equal(t, "what the plan counts", trip.Cost, without.Cost+line.Fen)
	equal(t, "when it is done", trip.Done, without.Done)
	n := slices.IndexFunc(trip.Hints, func(h Hint) bool { return h.Code == "load_home" })
	if n < 0 || trip.Hints[n].Fen < line.Fen || !strings.Contains(trip.Hints[n].Said.In("zh"), "凤翔") {
		t.Errorf("hints: %+v", trip.Hints)
	}
}

// A load that leads home rides with the truck that goes there anyway, though a truck on the spot would bring it for a little less.
func TestALoadThatLeadsHome(t *testing.T) {
	t.Parallel()
	jingmen := orders.Stop{Name: "荆门", Adcode: "420804", Point: measure.Point{Lon: 112.2079, Lat: 30.973397}}
	anywhere := Pass{Number: "P3", From: "2020-01-24", Until: "2020-03-31"}
	for home, trips := range map[string]int{"": 2, "610322": 1} {
		out, back := toShip(1, scallion, 10, union), toShip(2, fertiliser, 10, fengxiang)
		back.From, back.Packing, back.PackGrams = jingmen, "袋", 40*measure.Kilogram
		there, here := truck(t, "T96-3", "陕C·A1003", anywhere), truck(t, "T96-3", "鄂H·A1004", Pass{Number: "P4", Area: "610000", From: "2020-01-24", Until: "2020-03-31"})
		there.Capacity.ReturnTo = home
		here.Capacity.Place, here.Capacity.Price = jingmen, Price{Kind: PerTrip, Fen: 3_300_00}
		_, a := plan(t, question(t, []Truck{there, here}, out, back))
		o := a.Options[0]
		if len(o.Trips) != trips || len(o.Unserved) > 0 {
			t.Errorf("home %q: %d trips, %+v", home, len(o.Trips), o.Trips)
			continue
		}
		if home != "" {
			equal(t, "stops", stopNames(o.Trips[0]), "凤翔 协和医院 荆门 凤翔")
			equal(t, "home with it", o.Trips[0].Home.After < 2_000, true)
		}
	}
}

// Where the truck hands over at a station, its way home begins there.
func TestTheWayHomeFromAStation(t *testing.T) {
	t.Parallel()
	first, second := truck(t, "T68", "陕C·A1001", relief), inside(t, "鄂A·H0001", wuhanPark)
	first.Capacity.ReturnTo, second.Capacity.ReturnTo = "610322", "420100"
	_, a := plan(t, relayQuestion(t, []Truck{first, second}, toShip(1, apple, 3, union), toShip(2, apple, 2, zhongnan)))
	trip := a.Options[0].Trips[0]
	if trip.Relay == nil {
		t.Fatalf("no hand-over: %+v", trip)
	}
	if trip.Relay.Home.After < 850_000 || trip.Home.After > 60_000 || len(linesOf(trip, "way_home")) != 2 {
		t.Errorf("home: %+v from the station, %+v from the last stop, %+v", trip.Relay.Home, trip.Home, linesOf(trip, "way_home"))
	}
}

// A wish for a place that nobody knows is refused at its field.
func TestAHomeThatNobodyKnows(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, storetest.SQLite(t), []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief))
	in := CapacityInput{Vehicle: "v-陕C·A1001", Place: fengxiang, From: at(t, "2020-02-04 08:00"), Until: at(t, "2020-02-05 08:00"), ReturnTo: "999999"}
	_, err := w.OfferCapacity(t.Context(), carrier, in)
	w.want(err, "unknown_area")
	in.ReturnTo = "610300"
	_, err = w.OfferCapacity(t.Context(), carrier, in)
	w.want(err, "")
}
