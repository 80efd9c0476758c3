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
	runs := s.seeds(s.mishaps)
	var trucks, cost spread
	var list []mishapRow
	for seed := range runs {
		plan, err := s.desk.Day(context.Background(), q, s.effort(s.mishaps, seed+1), nil)
		if err != nil {
			return err
		}
		was := tallyOf(plan)
		trucks, cost = append(trucks, int64(was.trucks)), append(cost, was.cost/100)
		for i, m := range mishapsOf(q, plan.Options[0]) {
			if i == len(list) {
				list = append(list, mishapRow{name: m.name})
			}
			if err = s.befall(q, plan.Options[0], m.change, was, &list[i]); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(s.out, "The rest of the county's day, planned again after %d plans of %s, which cost %s yuan; every third of their %s trucks is loaded\n\n", runs, s.mishaps, cost, trucks)
	fmt.Fprint(s.out, "| what happened | took | loads that changed trucks | left out | trucks more | yuan more |\n|---|--:|--:|--:|--:|--:|\n")
	for _, r := range list {
		fmt.Fprintf(s.out, "| %s | %s | %s | %s | %s | %s |\n", r.name, r.took.seconds(), r.changed, r.left, r.trucks, r.cost)
	}
	fmt.Fprintln(s.out)
	return nil
}

// mishapRow is what became of the plans after one kind of mishap, beside what they were.
type mishapRow struct {
	name                              string
	took, changed, left, trucks, cost spread
}

// befall plans the rest of a day after c.
func (s settings) befall(q dispatch.Question, before dispatch.Option, c dispatch.Change, was tally, row *mishapRow) error {
	begin := time.Now()
	_, a, err := s.desk.Again(context.Background(), q, before, c, s.effort(dispatch.RestTime, 1), nil)
	if err != nil {
		return err
	}
	t := tallyOf(a)
	row.took, row.changed = append(row.took, time.Since(begin).Milliseconds()), append(row.changed, int64(len(a.Changed)))
	row.left, row.trucks = append(row.left, int64(t.left)), append(row.trucks, int64(t.trucks-was.trucks))
	row.cost = append(row.cost, (t.cost-was.cost)/100)
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
		{name: "a truck breaks down before it is loaded", change: dispatch.Change{Gone: []string{broken.Truck.Capacity.ID}}},
		{name: "a truck comes twelve hours late", change: dispatch.Change{Late: []dispatch.LateTruck{{Capacity: late.Truck.Capacity.ID, From: late.Truck.Capacity.From + 12*3_600_000}}}},
		{name: "a road between two counties is closed", change: dispatch.Change{Closed: []dispatch.Closure{{From: far.From.Adcode, To: far.To.Adcode, Why: "a landslide"}}}},
		{name: "a receiver refuses a load", change: dispatch.Change{Refused: []string{q.Loads[broken.Parts[0].Load].Allocation}}},
		{name: "ten loads come in", change: dispatch.Change{Loads: more}},
	}
	for i := range list {
		list[i].change.Fixed, list[i].change.Now = loaded, q.Now+measure.Millis(time.Hour.Milliseconds())
	}
	return list
}
