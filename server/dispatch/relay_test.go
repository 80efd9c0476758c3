package dispatch

import (
	"slices"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var (
	wuhanPark = orders.Stop{Name: "东西湖", Adcode: "420112", Point: measure.Point{Lon: 114.1314, Lat: 30.6222}}
	xiangyang = orders.Stop{Name: "襄阳", Adcode: "420600", Point: measure.Point{Lon: 112.1163, Lat: 32.011}}
	hubei     = Pass{Number: "P9", Area: "420000", From: "2020-01-24", Until: "2020-03-31"}
)

// inside is a truck of Wuhan that waits there.
func inside(t testing.TB, plate string, at orders.Stop) Truck {
	t.Helper()
	b := truck(t, "T68", plate, hubei)
	b.Capacity.Place, b.Vehicle.Carrier = at, "other"
	return b
}

func relayQuestion(t testing.TB, trucks []Truck, ships ...orders.ToShip) Question {
	q := question(t, trucks, ships...)
	q.Day, q.Now = "2020-02-05", at(t, "2020-02-05 08:00")
	return q
}

// follows checks that the second truck has the goods only after the first one brought them and they were moved.
func follows(t *testing.T, trip PlannedTrip) {
	t.Helper()
	r := trip.Relay
	if r == nil {
		t.Fatal("nobody takes over")
	}
	before, behind := trip.Stops[r.Stop-1], trip.Stops[r.Stop]
	if r.Arrive < before.Leave || r.Start < r.Arrive || r.Leave < r.Start+measure.Millis(perTonne(loadingPerTonne, trip.Fill.Gross)) || behind.Arrive <= r.Leave {
		t.Errorf("left the goods' place %s, station %s, %s to %s, receiver %s", clockAt(before.Leave), clockAt(r.Arrive), clockAt(r.Start), clockAt(r.Leave), clockAt(behind.Arrive))
	}
	if before.Kind != LoadStop || behind.Kind != UnloadStop || r.Metres <= before.Metres || behind.Metres <= r.Metres {
		t.Errorf("stops %+v, relay at %d m", trip.Stops, r.Metres)
	}
}

// A truck of Wuhan that takes over spares the driver from Fengxiang fourteen days at home: 7,000 yuan are more than its price.
func TestHandOverSparesTheDaysAtHome(t *testing.T) {
	t.Parallel()
	ships := []orders.ToShip{toShip(1, apple, 3, union), toShip(2, apple, 2, zhongnan)}
	home := truck(t, "T68", "陕C·A1001", relief)
	_, direct := plan(t, relayQuestion(t, []Truck{home}, ships...))
	_, a := plan(t, relayQuestion(t, []Truck{home, inside(t, "鄂A·H0001", wuhanPark)}, ships...))
	o := a.Options[0]
	equal(t, "trips", len(o.Trips), 1)
	trip := o.Trips[0]
	follows(t, trip)
	equal(t, "trucks", trip.Truck.Vehicle.Plate+" "+trip.Relay.Truck.Vehicle.Plate, "陕C·A1001 鄂A·H0001")
	equal(t, "stops", stopNames(trip), "凤翔 协和医院 中南医院")
	equal(t, "days at home", []bool{direct.Options[0].Trips[0].pays("quarantine"), trip.pays("quarantine")}, []bool{true, false})
	equal(t, "warnings", codes(o.Warnings), []string(nil))
	equal(t, "refused", len(a.Refused), 0)
	if o.Cost >= direct.Options[0].Cost || trip.Relay.Haulage <= 0 || trip.Relay.Haulage >= trip.Haulage {
		t.Errorf("%s against %s; of %s haulage the second truck has %s", o.Cost, direct.Options[0].Cost, trip.Haulage, trip.Relay.Haulage)
	}
	said := slices.IndexFunc(trip.Lines, func(l CostLine) bool { return l.Kind == "hand_over" })
	if said < 0 || trip.Lines[said].Source == "" || trip.Lines[said].Said.In("zh") == "" {
		t.Errorf("lines: %+v", trip.Lines)
	}
}

// The truck from Fengxiang has a pass as far as Xiangyang, that of Wuhan is turned back outside Hubei: alone neither brings it.
func TestNoTruckMayGoAllTheWay(t *testing.T) {
	t.Parallel()
	home := truck(t, "T68", "陕C·A1001", Pass{Number: "P8", Area: "420600", From: "2020-01-24", Until: "2020-03-31"})
	far := inside(t, "鄂A·H0001", xiangyang)
	for _, alone := range []Truck{home, far} {
		_, a := plan(t, relayQuestion(t, []Truck{alone}, toShip(1, apple, 5, union)))
		if len(a.Options) > 0 && !a.Options[0].merit().stopped {
			t.Errorf("%s brings it alone: %+v", alone.Vehicle.Plate, a.Options[0])
		}
	}
	_, a := plan(t, relayQuestion(t, []Truck{home, far}, toShip(1, apple, 5, union)))
	o := a.Options[0]
	equal(t, "stopped, left", []any{o.merit().stopped, len(o.Unserved)}, []any{false, 0})
	follows(t, o.Trips[0])
	equal(t, "station", o.Trips[0].Relay.Station.Adcode, "420600")
}

// relayCase is a small case with the cost of each way worked out by distances and prices alone.
type relayCase struct {
	trucks []Truck
	ship   orders.ToShip
	way    func(a, b orders.Stop) measure.Metres
	at     []rules.Station
}

func (c relayCase) carries(v Truck, area string) bool {
	return len(v.Vehicle.Passes) > 0 && (v.Vehicle.Passes[0].Area == "420000" || v.Vehicle.Passes[0].Area == area)
}

func (c relayCase) price(v Truck, stops ...orders.Stop) measure.Fen {
	var loaded measure.Metres
	for i := range stops[1:] {
		loaded += c.way(stops[i], stops[i+1])
	}
	return max(v.Type.Minimum, perKm(v.Capacity.Price.Fen, loaded)+perKm(v.Capacity.Price.Fen, c.way(v.Capacity.Place, stops[0])))
}

// best is the lowest cost over every truck alone and every two trucks at every station; -1 when no way is allowed.
func (c relayCase) best() measure.Fen {
	best := measure.Fen(-1)
	take := func(fen measure.Fen) {
		if best < 0 || fen < best {
			best = fen
		}
	}
	outside := func(v Truck) bool { return v.Vehicle.Plate[:3] != "鄂" }
	for _, a := range c.trucks {
		if !outside(a) {
			continue
		}
		if c.carries(a, "420100") {
			fen := c.price(a, c.ship.From, c.ship.To)
			if a.Capacity.Place != wuhanPark {
				fen += a.Capacity.Quarantine
			}
			take(fen)
		}
		for _, b := range c.trucks {
			for _, s := range c.at {
				stop := stationStop(s)
				if a.Capacity.ID == b.Capacity.ID || !c.carries(a, s.Adcode) || !c.carries(b, "420100") {
					continue
				}
				fen := c.price(a, c.ship.From, stop) + c.price(b, stop, c.ship.To)
				if b.Capacity.Place != wuhanPark {
					fen += b.Capacity.Quarantine
				}
				take(fen)
			}
		}
	}
	return best
}

// Both trucks are held from the plan on; at the station the second driver's truck is known without typing, and each carrier is paid
// its own price.
func TestRelayedTripIsDriven(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorldOf(t, db, []orders.ToShip{toShip(1, apple, 5, union)})
		w.at("2020-02-05 08:00")
		for _, tr := range []Truck{truck(t, "T68", "陕C·A1001", relief), inside(t, "鄂A·H0001", wuhanPark)} {
			w.onOffer(tr)
		}
		p, err := w.MakePlan(t.Context(), dispatcher, PlanInput{Day: "2020-02-05"})
		w.want(err, "")
		trips, err := w.Accept(t.Context(), dispatcher, p.ID, "a")
		w.want(err, "")
		equal(t, "trips", len(trips), 1)
		for _, id := range []string{"c-陕C·A1001", "c-鄂A·H0001"} {
			list, err := tripsOfCapacity(t.Context(), db.Read(), id)
			w.want(err, "")
			equal(t, "trips of "+id, len(list), 1)
		}
		_, err = w.TripByID(t.Context(), stranger, trips[0].ID)
		w.want(err, "") // the carrier that drives on sees it from the beginning
		w.papers(trips[0])
		trip := w.onTheRoadAt(trips[0], "2020-02-05 14:00")
		w.at("2020-02-06 12:00")
		trip, err = w.HandOver(t.Context(), carrier, trip.ID, Report{}, HandOver{Driver: "赵师傅", Signature: "photo-1"})
		w.want(err, "")
		h := trip.HandOvers()[0]
		equal(t, "as planned", []string{h.Station, h.Plate, h.Carrier}, []string{trip.Outline.HandOver, "鄂A·H0001", "other"})
		legs := trip.legs()
		equal(t, "carriers", legs[0].Carrier+" "+legs[1].Carrier, "carrier other")
		equal(t, "each its own price", []measure.Fen{legs[0].Fen, legs[1].Fen},
			[]measure.Fen{trip.Outline.Haulage - trip.Outline.Relay.Haulage, trip.Outline.Relay.Haulage})
	})
}

// pays reports whether the trip's cost has a line of a kind.
func (t PlannedTrip) pays(kind string) bool {
	return slices.ContainsFunc(t.Lines, func(l CostLine) bool { return l.Kind == kind && l.Fen > 0 })
}
