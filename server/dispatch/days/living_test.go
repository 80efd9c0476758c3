package days_test

import (
	"reflect"
	"testing"

	"jishi/server/dispatch"
	"jishi/server/fault"
	"jishi/server/measure"
)

// small is a day that is planned in no time: every fourth base, 30 trucks.
func small(t *testing.T) (dispatch.Desk, dispatch.Question, dispatch.Option) {
	t.Helper()
	q := county(t)
	var some []dispatch.Load
	for i := 0; i < len(q.Loads); i += 4 {
		some = append(some, q.Loads[i])
	}
	q.Loads, q.Trucks = some, q.Trucks[:40]
	d := desk(t)
	a, err := d.Day(t.Context(), q, dispatch.Effort{Iterations: 150}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	for _, w := range a.Options[0].Warnings {
		if w.Stops {
			t.Fatalf("the solver's own plan is forbidden: %s", w)
		}
	}
	return d, q, a.Options[0]
}

// fullest is the trip with most loads.
func fullest(o dispatch.Option) (best dispatch.PlannedTrip) {
	for _, t := range o.Trips {
		if len(t.Parts) > len(best.Parts) {
			best = t
		}
	}
	return best
}

// A truck breaks down before it loads, a receiver refuses, a road closes, a load comes: trips that are fixed stay to the
// last stop, what rode on the broken truck is planned anew, and few others change.
func TestRestIsPlannedAgain(t *testing.T) {
	t.Parallel()
	d, q, o := small(t)
	broken := fullest(o)
	var fixed dispatch.PlannedTrip
	for _, trip := range o.Trips {
		if trip.Truck.Capacity.ID != broken.Truck.Capacity.ID {
			fixed = trip
			break
		}
	}
	refused := ""
	for i, l := range q.Loads {
		if !carries(fixed, i) && !carries(broken, i) {
			refused = l.Allocation
			break
		}
	}
	more := q.Loads[0]
	more.Allocation = "new"
	c := dispatch.Change{Now: q.Now + measure.Millis(3_600_000), Gone: []string{broken.Truck.Capacity.ID}, Fixed: []string{fixed.Truck.Capacity.ID},
		Refused: []string{refused}, Loads: []dispatch.Load{more}, Late: []dispatch.LateTruck{{Capacity: q.Trucks[1].Capacity.ID, From: q.Now + 20_000_000}}}
	next, a, err := d.Again(t.Context(), q, o, c, dispatch.Effort{Iterations: 150}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, next, a)
	if len(next.Loads) != len(q.Loads) || len(a.Options[0].Unserved) > 0 {
		t.Errorf("%d loads, %d left out", len(next.Loads), len(a.Options[0].Unserved))
	}
	kept := false
	for _, trip := range a.Options[0].Trips {
		if trip.Truck.Capacity.ID == broken.Truck.Capacity.ID {
			t.Error("the broken truck drives")
		}
		if trip.Truck.Capacity.ID == fixed.Truck.Capacity.ID {
			kept = reflect.DeepEqual(trip.Stops, fixed.Stops)
		}
	}
	if !kept {
		t.Error("the fixed trip was changed")
	}
	touched := len(broken.Parts) + 1 // the refused one
	for _, trip := range o.Trips {
		if trip.Truck.Capacity.ID == c.Late[0].Capacity {
			touched += len(trip.Parts)
		}
	}
	if n := len(a.Changed); n < len(broken.Parts) || n > touched+6 {
		t.Errorf("%d promises changed, %d rode on the broken or the late truck or were refused", n, touched)
	}
}

func carries(t dispatch.PlannedTrip, load int) bool {
	for _, part := range t.Parts {
		if part.Load == load {
			return true
		}
	}
	return false
}

// Without a price on promises, or with one that nobody can pay, the number of changes tells which held.
func TestPromisesHaveAPrice(t *testing.T) {
	t.Parallel()
	d, q, o := small(t)
	c := dispatch.Change{Promise: 10_000_000}
	_, dear, err := d.Again(t.Context(), q, o, c, dispatch.Effort{Iterations: 150}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(dear.Changed) > 0 {
		t.Errorf("%d promises of 100,000 yuan were broken for nothing", len(dear.Changed))
	}
	c.Promise = 1
	_, cheap, err := d.Again(t.Context(), q, o, c, dispatch.Effort{Iterations: 150, Seed: 9}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(cheap.Changed) == 0 {
		t.Error("a fen each, and not one promise was broken")
	}
}

// A load and a trip that are locked stay, whatever a new plan would like.
func TestLocksHold(t *testing.T) {
	t.Parallel()
	d, q, o := small(t)
	best := fullest(o)
	var load int
	for n, trip := range o.Trips {
		if trip.Truck.Capacity.ID == best.Truck.Capacity.ID {
			o.Trips[n].Parts[0].Locked = true
			load = trip.Parts[0].Load
		} else {
			o.Trips[n].Locked = n%2 == 0
		}
	}
	_, a, err := d.Again(t.Context(), q, o, dispatch.Change{Promise: 1}, dispatch.Effort{Iterations: 150, Seed: 9}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	for _, trip := range a.Options[0].Trips {
		if carries(trip, load) != (trip.Truck.Capacity.ID == best.Truck.Capacity.ID) {
			t.Errorf("the locked load rides on %s", trip.Truck.Vehicle.Plate)
		}
	}
	for _, b := range a.Changed {
		for _, trip := range o.Trips {
			if trip.Locked && carries(trip, b.Load) {
				t.Errorf("load %d left the locked trip of %s", b.Load, trip.Truck.Vehicle.Plate)
			}
		}
	}
}

// A move there and back ends where it began, at the same cost; what a move breaks is told before it is done.
func TestMoveThereAndBack(t *testing.T) {
	t.Parallel()
	d, q, o := small(t)
	from := fullest(o)
	load := q.Loads[from.Parts[0].Load].Allocation
	tried, err := d.Try(t.Context(), q, o, dispatch.Move{Load: load, From: from.Truck.Capacity.ID})
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, dispatch.Answer{Options: []dispatch.Option{tried.Option}})
	if len(tried.Option.Unserved) != len(o.Unserved)+1 {
		t.Fatal("what is taken off is not among what stays")
	}
	back, err := d.Try(t.Context(), q, tried.Option, dispatch.Move{Load: load, To: from.Truck.Capacity.ID, Position: -1})
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, dispatch.Answer{Options: []dispatch.Option{back.Option}})
	if back.Option.Cost > o.Cost || len(back.Option.Unserved) != len(o.Unserved) {
		t.Errorf("there and back costs %d, before %d", back.Option.Cost, o.Cost)
	}
	if tried.Cost != tried.Option.Cost-o.Cost || len(back.Broken) > 0 {
		t.Errorf("told %d, %v", tried.Cost, back.Broken)
	}
}

// A truck with its order turned round, or with more than it holds, is told; a locked one is not touched.
func TestMoveTellsWhatItBreaks(t *testing.T) {
	t.Parallel()
	d, q, o := small(t)
	tiny, busy := q.Trucks[0], o.Trips[0].Truck // the smallest of all, which may stand idle, and the smallest that has goods
	for _, truck := range q.Trucks {
		if truck.Type.Payload < tiny.Type.Payload {
			tiny = truck
		}
	}
	for _, trip := range o.Trips {
		if trip.Truck.Type.Payload < busy.Type.Payload {
			busy = trip.Truck
		}
	}
	codes := map[string]bool{}
	for n, trip := range o.Trips[:6] {
		for _, to := range []dispatch.Truck{tiny, busy} {
			if trip.Truck.Capacity.ID == to.Capacity.ID {
				continue
			}
			for _, part := range trip.Parts {
				m := dispatch.Move{Load: q.Loads[part.Load].Allocation, From: trip.Truck.Capacity.ID, To: to.Capacity.ID, Position: 0}
				tried, err := d.Try(t.Context(), q, o, m)
				if err != nil {
					t.Fatalf("%d: %v", n, err)
				}
				for _, c := range tried.Broken {
					codes[c.Code] = true
				}
			}
		}
	}
	if !codes["payload"] || !codes["unload_order"] && !codes["window"] && !codes["pass"] && !codes["ethylene"] {
		t.Errorf("told only of %v", codes)
	}
	o.Trips[0].Locked = true
	_, err := d.Try(t.Context(), q, o, dispatch.Move{Load: q.Loads[o.Trips[0].Parts[0].Load].Allocation, From: o.Trips[0].Truck.Capacity.ID})
	if f := fault.Of(err); f == nil || f.Code != "trip_locked" {
		t.Errorf("a locked trip: %v", err)
	}
}

// Under other prices the same trips cost more; without a truck its loads ride elsewhere, and the two plans are told apart.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	d, q, o := small(t)
	gone := fullest(o)
	all := []string{}
	for _, trip := range o.Trips {
		all = append(all, trip.Truck.Capacity.ID)
	}
	next, dear, err := d.Again(t.Context(), q, o, dispatch.Change{Fixed: all, WhatPrice: dispatch.Prices{Freight: 1100, Diesel: 50}}, dispatch.Effort{Iterations: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := dispatch.Compare(q, o, next, dear.Options[0])
	if len(c.Promises) > 0 || c.After.Metres != c.Before.Metres {
		t.Errorf("prices alone changed trips: %+v", c.Promises)
	}
	for _, l := range c.Lines {
		if l.Kind == "freight" && (l.After < l.Before*1099/1000 || l.After > l.Before*1101/1000) || l.Kind == "diesel" && l.After == 0 {
			t.Errorf("%+v", l)
		}
	}
	next, without, err := d.Again(t.Context(), q, o, dispatch.Change{Gone: []string{gone.Truck.Capacity.ID}}, dispatch.Effort{Iterations: 100}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c = dispatch.Compare(q, o, next, without.Options[0])
	moved := 0
	for _, p := range c.Promises {
		if p.From == gone.Truck.Vehicle.Plate {
			moved++
		}
	}
	if moved != len(gone.Parts) {
		t.Errorf("%d of %d loads of %s are told: %+v", moved, len(gone.Parts), gone.Truck.Vehicle.Plate, c.Promises)
	}
}
