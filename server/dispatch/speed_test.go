package dispatch

import (
	"context"
	"slices"
	"strings"
	"testing"

	"jishi/server/dispatch/pdptw"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
)

// atSpeeds are trucks of one type at their own speeds, in km/h.
func atSpeeds(t *testing.T, kmh ...int) []Truck {
	t.Helper()
	var out []Truck
	for n, speed := range kmh {
		tr := truck(t, "T68", "陕C·A100"+string(rune('1'+n)), relief)
		tr.Type.SpeedKmh = speed
		out = append(out, tr)
	}
	return out
}

// rounded is a time of the estimator: metres at a speed, to the millisecond.
func rounded(m measure.Metres, kmh measure.Metres) measure.Millis {
	return measure.Millis((m*3600 + kmh/2) / kmh)
}

// raced is a load for Union hospital that a truck at 70 km/h from Fengxiang brings in time and one at 50 does not, and when they are there.
func raced(t *testing.T) (q Question, fast, slow measure.Millis) {
	t.Helper()
	q = question(t, atSpeeds(t, 50, 70), toShip(1, apple, 5, union))
	q.Loads[0].UnloadFrom, q.Loads[0].UnloadTo = 0, 0
	q.Trucks[0].Capacity.Price = Price{Kind: PerTrip, Fen: 100_00} // the slow one would be much cheaper
	alone := func(v int) PlannedTrip {
		one := q
		one.Trucks = q.Trucks[v : v+1]
		return onlyTrip(t, one)
	}
	slow, fast = alone(0).Stops[1].Arrive, alone(1).Stops[1].Arrive
	q.Loads[0].Unload.To = (fast + slow) / 2
	return q, fast, slow
}

// Of two trucks that differ in their speed alone each needs as long as its own speed says, rests and all.
func TestATruckDrivesAtItsOwnSpeed(t *testing.T) {
	t.Parallel()
	for _, kmh := range []int{50, 70, 75} {
		trip := onlyTrip(t, question(t, atSpeeds(t, kmh), toShip(1, apple, 5, union)))
		rests := measure.Millis(trip.Rests) * 20 * minute
		equal(t, "on the road", trip.Stops[1].Arrive-trip.Stops[0].Leave-rests, rounded(trip.Metres, measure.Metres(kmh)))
	}
}

// Only the fast truck makes the window: it goes, though the slow one asks less; the slow one says why, with its speed and its own time.
func TestOnlyTheFastTruckMakesTheWindow(t *testing.T) {
	t.Parallel()
	q, fast, slow := raced(t)
	_, a := plan(t, q)
	trip := a.Options[0].Trips[0]
	equal(t, "drives", trip.Truck.Vehicle.Plate, q.Trucks[1].Vehicle.Plate)
	equal(t, "is there", trip.Stops[1].Arrive, fast)
	tells := func(what string, r Refusal) {
		equal(t, what, []any{r.Rule, r.Need, r.Limit}, []any{"window", int64(slow), int64(q.Loads[0].Unload.To)})
		if said := r.Said.In("en"); !strings.Contains(said, clockAt(slow)) || !strings.Contains(said, "50 km/h") || !strings.Contains(r.Said.In("zh"), "时速 50 公里") {
			t.Errorf("%s: %q, %q", what, said, r.Said.In("zh"))
		}
	}
	tells("planned in several ways", refusedOf(t, a, q.Trucks[0].Vehicle.Plate))

	d := deskOf(t)
	a, err := d.Day(t.Context(), q, Effort{Iterations: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "drives in a day's plan", a.Options[0].Trips[0].Truck.Vehicle.Plate, q.Trucks[1].Vehicle.Plate)
	tells("a day's plan", refusedOf(t, a, q.Trucks[0].Vehicle.Plate))

	q.Trucks = q.Trucks[:1]
	_, a = plan(t, q)
	l := a.LeftOut[0]
	equal(t, "left", []any{l.Rule, l.Need, l.Limit}, []any{"window", int64(slow), int64(q.Loads[0].Unload.To)})
	equal(t, "says its speed", strings.Contains(l.Said.In("en"), "50 km/h"), true)
}

func deskOf(t *testing.T) Desk {
	t.Helper()
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	return Desk{Rules: book(t), Places: atlas, Router: places.NewEstimator(atlas)}
}

// A load that a dispatcher drags onto the slow truck is there when that truck is, and the plan says what it breaks. A plan that goes on
// without the fast truck has the slow one's times too.
func TestAMoveAndARestKnowTheSpeed(t *testing.T) {
	t.Parallel()
	q, _, slow := raced(t)
	d := deskOf(t)
	a, err := d.Day(t.Context(), q, Effort{Iterations: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	moved, err := d.Try(t.Context(), q, a.Options[0], Move{Load: "alloc1", From: q.Trucks[1].Capacity.ID, To: q.Trucks[0].Capacity.ID, Position: -1})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "moved, it is there", moved.Option.Trips[0].Stops[1].Arrive, slow)
	equal(t, "breaks", codes(moved.Broken), []string{"window"})

	q.Loads[0].Unload.To = slow + hour
	gone := Change{Now: q.Now, Gone: []string{q.Trucks[1].Capacity.ID}}
	_, rest, err := d.Again(t.Context(), q, a.Options[0], gone, Effort{Iterations: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	trip := rest.Options[0].Trips[0]
	equal(t, "planned again", []any{trip.Truck.Vehicle.Plate, trip.Stops[1].Arrive}, []any{q.Trucks[0].Vehicle.Plate, slow})
}

// What goods lose by waiting for a truck is reckoned by when that truck can be there.
func TestWhatWaitingCostsKnowsTheSpeed(t *testing.T) {
	t.Parallel()
	q := question(t, atSpeeds(t, 35, 70), toShip(1, oyster, 5, union))
	for v := range q.Trucks {
		q.Trucks[v].Capacity.Place = union
	}
	p, _ := plan(t, q)
	more := p.laterPrices(mode{trucks: []int{0, 1}}, p.piece(0, int64(5*measure.Tonne)), map[int]int{0: 0, 1: 1})
	w, _ := p.book.Worth(oyster, p.day)
	way := p.duration(1, p.truck[1], p.from[0])
	equal(t, "twice as long a way", p.duration(0, p.truck[0], p.from[0])-2*way < 2, true)
	lost := w.Lost(5*measure.Tonne, 2*way) - w.Lost(5*measure.Tonne, way)
	equal(t, "loses more", len(more) == 1 && more[0].Vehicle == 0 && more[0].Price-int64(lost) <= 1 && int64(lost)-more[0].Price <= 1, true)
}

// A hand-over counts each truck's own speed: the second half is as late as the truck that takes over makes it.
func TestARelayKnowsBothSpeeds(t *testing.T) {
	t.Parallel()
	ships := []orders.ToShip{toShip(1, apple, 3, union)}
	for _, kmh := range []int{70, 60} {
		home, over := truck(t, "T68", "陕C·A1001", relief), inside(t, "鄂A·H0001", wuhanPark)
		over.Type.SpeedKmh = kmh
		_, a := plan(t, relayQuestion(t, []Truck{home, over}, ships...))
		trip := a.Options[0].Trips[0]
		if trip.Relay == nil {
			t.Fatal("nobody takes over")
		}
		r, behind := trip.Relay, trip.Stops[trip.Relay.Stop]
		equal(t, "from the station on", behind.Arrive-r.Leave, rounded(behind.Metres-r.Metres, measure.Metres(kmh)))
		rests := measure.Millis(trip.Rests) * 20 * minute
		equal(t, "to the station", r.Arrive-trip.Stops[0].Leave-rests, rounded(r.Metres, 70))
	}
}

func mustPlanner(t *testing.T, q Question) *planner {
	t.Helper()
	p, err := deskOf(t).planner(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Loose leafy greens may be on the road for so long: a fast truck may take them where a slow one may not, and the slow one says so.
func TestGoodsThatSpoilOnASlowTruckOnly(t *testing.T) {
	t.Parallel()
	leafy := find("菠菜")
	near := orders.Stop{Name: "西安", Adcode: "610112", Point: measure.Point{Lon: 108.9, Lat: 34.36}}
	ship := toShip(1, leafy, 2, near)
	ship.Packed, ship.UnloadFrom, ship.UnloadTo = false, 0, 0
	q := question(t, atSpeeds(t, 12, 70), ship)
	p := mustPlanner(t, q)
	most, _ := p.book.LooseLeafy()
	if p.duration(0, p.from[0], p.to[0]) <= most || p.duration(1, p.from[0], p.to[0]) >= most {
		t.Fatalf("%d and %d ms, %d allowed: the test tells nothing", p.duration(0, p.from[0], p.to[0]), p.duration(1, p.from[0], p.to[0]), most)
	}
	_, a := plan(t, q)
	equal(t, "drives", a.Options[0].Trips[0].Truck.Vehicle.Plate, q.Trucks[1].Vehicle.Plate)
	slow := refusedOf(t, a, q.Trucks[0].Vehicle.Plate)
	equal(t, "slow", []any{slow.Rule, strings.Contains(slow.Said.In("en"), "12 km/h")}, []any{"loose_leafy", true})
	if _, err := p.drive(context.Background(), q.Trucks[0].Capacity.ID, legsOf(a.Options[0].Trips[0])); err == nil {
		t.Error("by hand they go on the slow truck")
	}
	q.Trucks = q.Trucks[:1]
	_, a = plan(t, q)
	equal(t, "left", a.LeftOut[0].Rule, "loose_leafy")
}

// Trucks of one speed share one table, however many they are, and trucks of several share their distances.
func TestOneTableForEachSpeed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ kmh, profile []int }{
		{[]int{70, 70, 70}, []int{0, 0, 0}},
		{[]int{60, 70, 60, 0}, []int{0, 1, 0, 2}},
	} {
		p := mustPlanner(t, question(t, atSpeeds(t, tt.kmh...), storyShips()...))
		all := p.problem(mode{trucks: p.usable()}, nil)
		kinds := slices.Compact(slices.Sorted(slices.Values(tt.kmh)))
		equal(t, "tables", []int{len(p.roads.lanes), len(all.Profiles)}, []int{len(kinds), len(kinds)})
		for v, want := range tt.profile {
			equal(t, "drives by", all.Vehicles[v].Profile, want)
		}
		for _, lane := range p.roads.lanes {
			equal(t, "distances are shared", &lane.Distance[0] == &p.roads.lanes[0].Distance[0], true)
		}
		one := p.problem(mode{trucks: []int{1}}, nil)
		equal(t, "one truck", []int{len(one.Profiles), one.Vehicles[0].Profile}, []int{1, 0})
		equal(t, "its times", &one.Profiles[0].Duration[0] == &p.roads.lanes[p.roads.lane[1]].Duration[0], true)
	}
	if p := mustPlanner(t, question(t, nil, storyShips()...)); p.soonest(p.from[0], p.to[0]) != rounded(p.metres(p.from[0], p.to[0]), 70) {
		t.Error("without trucks it is not the table's own time")
	}
}

// A closed road is closed at every speed.
func TestAClosedRoadIsClosedAtEverySpeed(t *testing.T) {
	t.Parallel()
	q := question(t, atSpeeds(t, 50, 70), toShip(1, apple, 5, union), toShip(2, apple, 5, fengxiang))
	q.Closed = []Closure{{From: "420100", Why: "snow"}}
	p := mustPlanner(t, q)
	for v := range q.Trucks {
		equal(t, "into Wuhan", p.duration(v, p.from[0], p.to[0]), measure.Millis(pdptw.Unreachable))
	}
}
