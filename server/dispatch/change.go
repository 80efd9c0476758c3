package dispatch

import (
	"context"
	"fmt"
	"slices"

	"jishi/server/dispatch/wording"
	"jishi/server/measure"
)

// Change is what happened since a plan was made. The rest is planned again around it.
type Change struct {
	Now       measure.Millis // 0: as before
	Gone      []string       // capacity offers whose truck does not drive: broken down, withdrawn
	Late      []LateTruck
	Closed    []Closure
	Refused   []string // allocations that are not to be hauled any more
	Loads     []Load   // that came since
	Trucks    []Truck  // that came since
	Fixed     []string // capacity offers whose trips stay whole: their goods are loaded
	WhatPrice Prices
	Promise   measure.Fen // of each changed promise while searching; 0: promisePrice
}

// LateTruck is a truck that is free later than it was offered.
type LateTruck struct {
	Capacity string         `json:"capacity"`
	From     measure.Millis `json:"from"`
}

// promisePrice is what it counts to move a promised load to another truck: a call to two drivers and a packhouse. Our own
// reckoning: a quarter of the least price of a trip.
const promisePrice measure.Fen = 10_000

// Broken is a promise that a new plan does not keep.
type Broken struct {
	Load int    `json:"load"` // index into Question.Loads of the new plan
	From string `json:"from"` // plates, with commas between
	To   string `json:"to"`   // "" when it stays behind now
}

// Again plans the rest of a day after a change: trips that are fixed or locked stay as they are, the others start from the old
// plan, and a load that changes its truck costs. The question it gives is that of the new plan.
func (d Desk) Again(ctx context.Context, q Question, from Option, c Change, e Effort, report func(Progress)) (Question, Answer, error) {
	next, trips := c.apply(q, from)
	fixed := map[string]bool{}
	for _, id := range c.Fixed {
		fixed[id] = true
	}
	s := &session{desk: d, q: next, effort: e, report: report, price: c.Promise, bonds: bondsOf(next.Loads, next.Pins)}
	if s.price == 0 {
		s.price = promisePrice
	}
	if e.Time > 0 {
		s.begin = e.Now()
	}
	var kept []PlannedTrip
	var moving []PlannedTrip
	for _, t := range trips {
		if fixed[t.Truck.Capacity.ID] || (t.Locked || t.Relay != nil) && !slices.ContainsFunc(c.Gone, t.uses) {
			kept = append(kept, t)
		} else {
			t.Relay, t.HandOver = nil, ""
			moving = append(moving, t)
		}
	}
	s.told.Regions, s.told.Rounds = 1, 1
	out, err := s.plan(ctx, s.rest(kept, moving, c.Gone), e.Time, max(1, e.Workers))
	if err != nil {
		return next, Answer{}, err
	}
	s.keep(out)
	s.trips = append(s.trips, kept...)
	s.notes = append(s.notes, stranded(kept, c.Gone)...)
	a := s.answer(rulesOnly(d.Rules, d.Places, next))
	if len(a.Options) > 0 {
		relock(trips, a.Options[0].Trips)
		a.Changed = changed(next, trips, a.Options[0].Trips)
	} else {
		a.Changed = changed(next, trips, nil)
	}
	return next, a, nil
}

// apply makes the new question, and the old trips with its indices.
func (c Change) apply(q Question, from Option) (Question, []PlannedTrip) {
	next := q
	next.Loads, next.Trucks = nil, nil
	next.Closed = append(slices.Clone(q.Closed), c.Closed...)
	next.Now = max(q.Now, c.Now)
	if c.WhatPrice != (Prices{}) {
		next.Prices = c.WhatPrice
	}
	at := map[int]int{}
	for i, l := range q.Loads {
		if !slices.Contains(c.Refused, l.Allocation) {
			at[i] = len(next.Loads)
			next.Loads = append(next.Loads, l)
		}
	}
	next.Loads = append(next.Loads, c.Loads...)
	for _, t := range append(slices.Clone(q.Trucks), c.Trucks...) {
		for _, late := range c.Late {
			if late.Capacity == t.Capacity.ID {
				t.Capacity.From = max(t.Capacity.From, late.From)
				t.Capacity.Until = max(t.Capacity.Until, t.Capacity.From)
			}
		}
		next.Trucks = append(next.Trucks, t)
	}
	return next, renumber(from.Trips, at)
}

// renumber gives trips the indices of a new question, without the parts of loads that are no longer in it.
func renumber(trips []PlannedTrip, at map[int]int) []PlannedTrip {
	var out []PlannedTrip
	for _, t := range trips {
		var parts []Part
		for _, part := range t.Parts {
			if i, there := at[part.Load]; there {
				part.Load = i
				parts = append(parts, part)
			}
		}
		if t.Parts = parts; len(parts) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// rest is what is left to plan beside the trips that stay.
func (s *session) rest(kept, moving []PlannedTrip, gone []string) region {
	busy := map[string]bool{}
	used := map[int]int64{}
	for _, t := range kept {
		for _, truck := range t.trucks() {
			busy[truck.Capacity.ID] = true
		}
		for _, part := range t.Parts {
			used[part.Load] += partAmount(part)
		}
	}
	r := region{start: draft{trips: moving, price: s.price}}
	for i, l := range s.q.Loads {
		if left := l.amount() - used[i]; left > 0 {
			r.loads, r.parts = append(r.loads, i), append(r.parts, left)
		}
	}
	for v, t := range s.q.Trucks {
		if !busy[t.Capacity.ID] && !slices.Contains(gone, t.Capacity.ID) {
			r.trucks = append(r.trucks, v)
		}
	}
	return r
}

// stranded says of goods that stand on a truck that does not drive on.
func stranded(kept []PlannedTrip, gone []string) []Note {
	var out []Note
	for _, t := range kept {
		if slices.Contains(gone, t.Truck.Capacity.ID) {
			out = append(out, Note{Item: t.Truck.Vehicle.Plate, Said: wording.Just("stranded", wording.OfPlate(t.Truck.Vehicle.Plate), wording.Tonnes(t.Fill.Net))})
		}
	}
	return out
}

// changed lists the loads that ride on other trucks than before.
func changed(q Question, before, after []PlannedTrip) []Broken {
	was, is := trucksOf(before), trucksOf(after)
	out := []Broken{}
	for i := range q.Loads {
		if from, to := was[i], is[i]; from != "" && from != to {
			out = append(out, Broken{Load: i, From: from, To: to})
		}
	}
	return out
}

// trucksOf are the plates of the trucks that carry each load.
func trucksOf(trips []PlannedTrip) map[int]string {
	plates := map[int][]string{}
	for _, t := range trips {
		for _, part := range t.Parts {
			if !slices.Contains(plates[part.Load], t.Truck.Vehicle.Plate) {
				plates[part.Load] = append(plates[part.Load], t.Truck.Vehicle.Plate)
			}
		}
	}
	out := map[int]string{}
	for i, list := range plates {
		slices.Sort(list)
		for n, plate := range list {
			if n > 0 {
				plate = fmt.Sprintf("%s, %s", out[i], plate)
			}
			out[i] = plate
		}
	}
	return out
}
