//go:build !race

package days_test

import (
	"fmt"
	"testing"

	"jishi/server/dispatch"
	"jishi/server/measure"
	"jishi/server/orders"
)

// manyStops is an order of n stops of 50 kg around one town, with other goods beside it and all trucks in one yard.
func manyStops(t *testing.T, n int) dispatch.Question {
	t.Helper()
	q := county(t)
	like := q.Loads[0]
	yard := q.Trucks[0].Capacity.Place
	q.Loads, q.Trucks = q.Loads[:1], q.Trucks[:30]
	q.Loads[0].Allocation = "others"
	for v := range q.Trucks {
		q.Trucks[v].Capacity.Place = yard
	}
	for i := range n {
		ship := like.ToShip
		ship.Allocation, ship.Order, ship.Grams = fmt.Sprintf("stop%d", i), "one", 50*measure.Kilogram
		ship.To = orders.Stop{Name: ship.Allocation, Adcode: "610112", Point: measure.Point{Lon: 108.5 + float64(i%100)/250, Lat: 34.2 + float64(i/100)/250}}
		q.Loads = append(q.Loads, dispatch.NewLoad(ship, mustBook(t)))
	}
	return q
}

func rode(a dispatch.Answer) map[int]string {
	out := map[int]string{}
	for _, trip := range a.Options[0].Trips {
		for _, part := range trip.Parts {
			out[part.Load] = trip.Truck.Capacity.ID
		}
	}
	return out
}

// 10,000 stops are planned in regions, with the trucks of the one yard shared among them: no truck is left idle while goods stay, and
// each load that stays says why.
func TestTenThousandStopsArePlanned(t *testing.T) {
	t.Parallel()
	q := manyStops(t, 10_000)
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 1, Workers: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	on := rode(a)
	if on[0] == "" || len(on) < 3000 {
		t.Errorf("%d loads ride, the others' on %q", len(on), on[0])
	}
	if n := len(a.Options[0].Trips); n < 25 {
		t.Errorf("%d of 30 trucks drive while %d loads stay", n, len(a.Options[0].Unserved))
	}
	for _, out := range a.Options[0].Unserved {
		if out.Rule != "trucks_full" || len(out.Said) == 0 {
			t.Fatalf("load %d stays: %+v", out.Load, out)
		}
	}
}

// 10,000 loads that must all ride on one truck are told by their number, and the rest is planned.
func TestTenThousandBoundTogetherAreNamed(t *testing.T) {
	t.Parallel()
	q := manyStops(t, 10_000)
	for i := range q.Loads[1:] {
		q.Loads[i+1].With = []string{q.Loads[max(1, i)].Allocation}
	}
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 1, Workers: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	if on := rode(a); len(on) != 1 || on[0] == "" || len(a.LeftOut) != 10_000 {
		t.Fatalf("%d ride, %d are left out", len(on), len(a.LeftOut))
	}
	if out := a.LeftOut[0]; out.Rule != "max_stops" || out.Need != 10_000 || out.Limit != 100 || out.Said.String() != "10000 loads are bound to one truck, at most 100 can be." {
		t.Errorf("%+v", out)
	}
}

// planned plans a day in regions, checks it, and tells on which truck each load rides.
func planned(t *testing.T, q dispatch.Question) map[int]string {
	t.Helper()
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 20, Workers: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	return rode(a)
}

// What must ride together does so, wherever the lines between regions fall.
func TestBondsHoldAcrossRegions(t *testing.T) {
	t.Parallel()
	q := manyStops(t, 600)
	for i := 20; i <= 600; i += 20 { // thirty from one end of the town to the other
		q.Loads[i].With = []string{q.Loads[20].Allocation}
	}
	on := planned(t, q)
	for i := 20; i <= 600; i += 20 {
		if on[i] != on[20] || on[i] == "" {
			t.Errorf("load %d rides on %q, the one it is bound to on %q", i, on[i], on[20])
		}
	}
}

// What a dispatcher binds to a truck rides on it, wherever the truck stands and the lines between regions fall; what he keeps off it
// does not.
func TestPinsHoldAcrossRegions(t *testing.T) {
	t.Parallel()
	q := manyStops(t, 600)
	q.Trucks[29].Capacity.Place.Point = measure.Point{Lon: 109.9, Lat: 35.4}
	far := q.Trucks[29]
	for i := range q.Loads[1:] { // they come from as many places as they go to
		q.Loads[i+1].From.Point = q.Loads[i+1].To.Point
		q.Loads[i+1].From.Point.Lat += 0.4
	}
	for i := 20; i <= 600; i += 20 { // thirty from one end of the town to the other
		q.Pins = append(q.Pins, dispatch.Pin{Load: q.Loads[i].Allocation, Vehicle: far.Vehicle.ID, Plate: far.Vehicle.Plate})
		q.Pins = append(q.Pins, dispatch.Pin{Load: q.Loads[i-1].Allocation, Vehicle: far.Vehicle.ID, Plate: far.Vehicle.Plate, Never: true})
	}
	on := planned(t, q)
	for i := 20; i <= 600; i += 20 {
		if on[i] != far.Capacity.ID || on[i-1] == far.Capacity.ID {
			t.Errorf("load %d rides on %q and the one before on %q; the first is bound to %q, the other kept off it", i, on[i], on[i-1], far.Capacity.ID)
		}
	}
}
