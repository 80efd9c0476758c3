package main

import (
	"context"
	"fmt"
	"time"

	"jishi/server/dispatch"
	"jishi/server/dispatch/days"
	"jishi/server/measure"
)

// mishap is something that happens to the county's day while every third truck is loaded.
type mishap struct {
	name   string
	change dispatch.Change
}

// again plans the county's day and then, for each mishap on its own, the rest of it: in the time and by the call that a dispatcher's
// page takes.
func (s settings) again() error {
	if s.mishaps <= 0 {
		return nil
	}
	q, err := days.County()
	if err != nil {
		return err
	}
	plan, err := s.desk.Day(context.Background(), q, s.effort(s.mishaps), nil)
	if err != nil {
		return err
	}
	before := plan.Options[0]
	fmt.Fprintf(s.out, "The rest of the county's day, planned again; the plan before took %s, its cost is %d yuan, and every third of its %d trucks is loaded\n\n", s.mishaps, tallyOf(plan).cost/100, len(before.Trips))
	fmt.Fprint(s.out, "| what happened | took | loads that changed trucks | left out | trucks | cost, yuan |\n|---|---|---|---|---|---|\n")
	for _, m := range mishapsOf(q, before) {
		begin := time.Now()
		_, a, err := s.desk.Again(context.Background(), q, before, m.change, s.effort(dispatch.RestTime), nil)
		if err != nil {
			return err
		}
		took := time.Since(begin)
		t := tallyOf(a)
		fmt.Fprintf(s.out, "| %s | %.2f s | %d | %d | %d | %d |\n", m.name, took.Seconds(), len(a.Changed), t.left, t.trucks, t.cost/100)
	}
	fmt.Fprintln(s.out)
	return nil
}

// mishapsOf makes one of each kind. Trucks 0, 3, 6, ... of the plan are loaded; what goes wrong befalls others.
func mishapsOf(q dispatch.Question, o dispatch.Option) []mishap {
	var loaded []string
	for i, t := range o.Trips {
		if i%3 == 0 {
			loaded = append(loaded, t.Truck.Capacity.ID)
		}
	}
	broken, late := o.Trips[1], o.Trips[2]
	if len(o.Trips[4].Parts) > len(broken.Parts) {
		broken = o.Trips[4]
	}
	far := q.Loads[0]
	for _, l := range q.Loads {
		if l.To.Adcode == "610303" {
			far = l
			break
		}
	}
	var more []dispatch.Load
	for _, l := range q.Loads[:10] {
		l.Allocation, l.Order = "new-"+l.Allocation, "new-"+l.Order
		more = append(more, l)
	}
	list := []mishap{
		{name: "nothing", change: dispatch.Change{}},
		{name: fmt.Sprintf("a truck for %d loads breaks down before it is loaded", len(broken.Parts)), change: dispatch.Change{Gone: []string{broken.Truck.Capacity.ID}}},
		{name: fmt.Sprintf("a truck for %d loads comes twelve hours late", len(late.Parts)), change: dispatch.Change{Late: []dispatch.LateTruck{{Capacity: late.Truck.Capacity.ID, From: late.Truck.Capacity.From + 12*3_600_000}}}},
		{name: "a road between two counties is closed", change: dispatch.Change{Closed: []dispatch.Closure{{From: far.From.Adcode, To: far.To.Adcode, Why: "a landslide"}}}},
		{name: "a receiver refuses a load", change: dispatch.Change{Refused: []string{q.Loads[broken.Parts[0].Load].Allocation}}},
		{name: "ten loads come in", change: dispatch.Change{Loads: more}},
	}
	for i := range list {
		list[i].change.Fixed, list[i].change.Now = loaded, q.Now+measure.Millis(time.Hour.Milliseconds())
	}
	return list
}
