package dispatch

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/fault"
	"jishi/server/measure"
)

// Move is a dispatcher's own change: all that rides of one load on one truck goes to another, to another place in the order
// of loading, or off.
type Move struct {
	Load     string `json:"load"`     // its allocation
	From     string `json:"from"`     // capacity offer it rides on, "" when it is left out
	To       string `json:"to"`       // capacity offer it shall ride on, "" to leave it out
	Position int    `json:"position"` // as how many-th it is loaded, from 0; -1: where it costs least
}

// Tried is what a move would lead to.
type Tried struct {
	Option Option
	Cost   measure.Fen // of the move: the option's cost after it, less before
	Broken []Caution   // rules that it breaks and that were kept before
	Trips  []string    // capacity offers whose trips change
}

// Try works a move out and changes nothing: the cost and the rules it breaks are known before it is done.
func (d Desk) Try(ctx context.Context, q Question, o Option, m Move) (Tried, error) {
	e := editing{desk: d, q: q, before: o, move: m}
	if err := e.find(); err != nil {
		return Tried{}, err
	}
	trips, err := e.redo(ctx)
	if err != nil {
		return Tried{}, err
	}
	next := o
	next.Trips, next.Unserved = e.replaced(trips), e.unserved()
	work := rulesOnly(d.Rules, d.Places, q)
	next = work.priceOption(work.day, next)
	next.ID, next.Overrides = o.ID, o.Overrides
	return Tried{Option: next, Cost: next.Cost - o.Cost, Broken: newlyBroken(o, next), Trips: e.touched()}, nil
}

// editing is one move being worked out.
type editing struct {
	desk   Desk
	q      Question
	before Option
	move   Move
	load   int
	from   int // trip, -1 for none
	to     int // trip, -1 for a truck that is idle so far, or for none
	amount int64
	locked bool
}

// find looks up what the move names.
func (e *editing) find() error {
	m := e.move
	e.load = slices.IndexFunc(e.q.Loads, func(l Load) bool { return l.Allocation == m.Load })
	if e.load < 0 {
		return fault.At("load", "no_such_load", "There is no such %s.", "load")
	}
	if m.From == m.To && (m.To == "" || m.Position < 0) {
		return fault.At("to", "same_place", "It is there already.")
	}
	var err error
	if e.from, err = e.trip("from", m.From); err != nil {
		return err
	}
	if e.to, err = e.trip("to", m.To); err != nil {
		return err
	}
	for _, t := range e.before.Trips {
		if t.Relay != nil && (t.uses(m.From) || t.uses(m.To)) {
			return fault.New(fault.Conflict, "trip_relayed", "The trip of %s hands its goods over on the way: plan again instead.", t.Truck.Vehicle.Plate)
		}
	}
	for _, n := range []int{e.from, e.to} {
		if n >= 0 && e.before.Trips[n].Locked {
			return fault.New(fault.Conflict, "trip_locked", "The trip of %s is locked: unlock it first.", e.before.Trips[n].Truck.Vehicle.Plate)
		}
	}
	return e.weigh()
}

// trip is the trip of an offer, -1 for none.
func (e *editing) trip(field, capacity string) (int, error) {
	if capacity == "" {
		return -1, nil
	}
	if !slices.ContainsFunc(e.q.Trucks, func(t Truck) bool { return t.Capacity.ID == capacity }) {
		return -1, fault.At(field, "no_such_capacity", "There is no such %s.", "capacity offer")
	}
	n := slices.IndexFunc(e.before.Trips, func(t PlannedTrip) bool { return t.Truck.Capacity.ID == capacity })
	if n < 0 && field == "from" {
		return -1, fault.At(field, "not_on_truck", "That truck does not carry it.")
	}
	return n, nil
}

// weigh adds up what is moved.
func (e *editing) weigh() error {
	if e.from < 0 {
		for _, u := range e.before.Unserved {
			if u.Load == e.load {
				e.amount += int64(u.Grams) + int64(u.People)
			}
		}
	} else {
		for _, part := range e.before.Trips[e.from].Parts {
			if part.Load == e.load {
				e.amount += partAmount(part)
				e.locked = e.locked || part.Locked
			}
		}
	}
	switch {
	case e.locked && e.move.From != e.move.To:
		return fault.New(fault.Conflict, "load_locked", "This load is locked on its truck: unlock it first.")
	case e.amount == 0:
		return fault.At("from", "not_on_truck", "That truck does not carry it.")
	}
	return nil
}

// redo drives the trips that change anew, with the indices of the whole question: what leaves first, then what comes.
func (e *editing) redo(ctx context.Context) ([]PlannedTrip, error) {
	s := &session{desk: e.desk, q: e.q}
	r := e.region(s)
	sub, trips := s.cutOut(r)
	p, err := e.desk.planner(ctx, sub)
	if err != nil {
		return nil, err
	}
	load := slices.Index(r.loads, e.load)
	var out []PlannedTrip
	stripped := map[string][]leg{} // of the truck it leaves
	if e.from >= 0 {
		rest := withoutLoad(legsOf(trips[0]), load)
		stripped[e.move.From] = rest
		if e.move.From != e.move.To && len(rest) > 0 {
			t, err := p.drive(ctx, e.move.From, rest)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	if e.move.To != "" {
		have, same := stripped[e.move.To]
		if !same && e.to >= 0 {
			have = legsOf(trips[len(trips)-1])
		}
		t, err := p.insert(ctx, e.move.To, have, p.piece(load, e.amount), e.move.Position)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	e.number(out, r)
	return out, nil
}

// number gives driven trips the indices of the whole question, and the locks they had.
func (e *editing) number(trips []PlannedTrip, r region) {
	for n := range trips {
		for k := range trips[n].Parts {
			trips[n].Parts[k].Load = r.loads[trips[n].Parts[k].Load]
		}
	}
	relock(e.before.Trips, trips)
}

// relock keeps the locks of loads that ride on the same truck as before.
func relock(before, after []PlannedTrip) {
	locked := map[string]bool{}
	for _, t := range before {
		for _, part := range t.Parts {
			if part.Locked {
				locked[fmt.Sprint(t.Truck.Capacity.ID, part.Load)] = true
			}
		}
	}
	for n, t := range after {
		for k, part := range t.Parts {
			after[n].Parts[k].Locked = locked[fmt.Sprint(t.Truck.Capacity.ID, part.Load)]
		}
	}
}

// region is the part of the day that the move touches.
func (e *editing) region(s *session) region {
	var r region
	for _, n := range []int{e.from, e.to} {
		if n >= 0 && (n != e.from || len(r.start.trips) == 0) {
			r.start.trips = append(r.start.trips, e.before.Trips[n])
		}
	}
	sums := map[int]int64{}
	for _, t := range r.start.trips {
		for _, part := range t.Parts {
			sums[part.Load] += partAmount(part)
		}
	}
	if e.from < 0 {
		sums[e.load] += e.amount
	}
	for _, i := range slices.Sorted(maps.Keys(sums)) {
		r.loads, r.parts = append(r.loads, i), append(r.parts, sums[i])
	}
	for v, t := range s.q.Trucks {
		if t.Capacity.ID == e.move.From || t.Capacity.ID == e.move.To {
			r.trucks = append(r.trucks, v)
		}
	}
	return r
}

// touched are the trucks whose trips change.
func (e *editing) touched() []string {
	out := []string{}
	for _, id := range []string{e.move.From, e.move.To} {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// replaced are the option's trips with the new ones in their places.
func (e *editing) replaced(trips []PlannedTrip) []PlannedTrip {
	var out []PlannedTrip
	used := map[string]bool{}
	for _, t := range e.before.Trips {
		id := t.Truck.Capacity.ID
		n := slices.IndexFunc(trips, func(x PlannedTrip) bool { return x.Truck.Capacity.ID == id })
		switch {
		case n >= 0:
			out = append(out, trips[n])
			used[id] = true
		case !slices.Contains(e.touched(), id):
			out = append(out, t)
		}
	}
	for _, t := range trips {
		if !used[t.Truck.Capacity.ID] {
			out = append(out, t)
		}
	}
	return out
}

// unserved is what is left out after the move.
func (e *editing) unserved() []LeftOut {
	var out []LeftOut
	for _, u := range e.before.Unserved {
		if e.from >= 0 || u.Load != e.load {
			out = append(out, u)
		}
	}
	if e.move.To == "" {
		u := LeftOut{Load: e.load, Rule: "taken_off", Said: takenOff}
		if e.q.Loads[e.load].People > 0 {
			u.People = int(e.amount)
		} else {
			u.Grams = measure.Grams(e.amount)
		}
		out = append(out, u)
	}
	return out
}

// newlyBroken are the rules an option breaks that the other does not.
func newlyBroken(before, after Option) []Caution {
	known := map[string]bool{}
	key := func(o Option, c Caution) string {
		if c.Trip < 0 {
			return c.Code
		}
		return o.Trips[c.Trip].Truck.Capacity.ID + c.Code
	}
	for _, c := range before.Warnings {
		known[key(before, c)] = true
	}
	out := []Caution{}
	for _, c := range after.Warnings {
		if !known[key(after, c)] {
			out = append(out, c)
		}
	}
	return out
}

// leg is one call of a trip that is put together by hand: what is loaded or unloaded.
type leg struct {
	piece *piece
	kind  pdptw.Kind
}

// legsOf takes a trip apart.
func legsOf(t PlannedTrip) []leg {
	pieces := make([]piece, len(t.Parts))
	for k, part := range t.Parts {
		pieces[k] = piece{load: part.Load, goods: part.Goods, people: part.People, only: -1}
	}
	var out []leg
	for s := range t.Stops {
		for _, c := range t.calls(s, 0) {
			out = append(out, leg{&pieces[c.Request], c.Kind})
		}
	}
	return out
}

// withoutLoad drops all calls of a load.
func withoutLoad(legs []leg, load int) []leg {
	return slices.DeleteFunc(slices.Clone(legs), func(l leg) bool { return l.piece.load == load })
}

// insert puts a piece into a trip as the position-th to be loaded, or anywhere for -1, and unloads it where that breaks fewest
// rules and costs least.
func (p *planner) insert(ctx context.Context, capacity string, legs []leg, pc piece, position int) (PlannedTrip, error) {
	var best PlannedTrip
	found := false
	for i := range len(legs) + 1 {
		if position >= 0 && !loadedAs(legs, i, position) {
			continue
		}
		for j := i; j <= len(legs); j++ {
			seq := slices.Insert(slices.Clone(legs), j, leg{&pc, pdptw.Delivery})
			seq = slices.Insert(seq, i, leg{&pc, pdptw.Pickup})
			t, err := p.drive(ctx, capacity, seq)
			if err != nil {
				return t, err
			}
			if !found || better(t, best) {
				best, found = t, true
			}
		}
	}
	if !found {
		return best, fault.At("position", "no_such_position", "The truck loads %d times.", pickups(legs))
	}
	return best, nil
}

func pickups(legs []leg) int {
	n := 0
	for _, l := range legs {
		if l.kind == pdptw.Pickup {
			n++
		}
	}
	return n
}

// loadedAs reports whether what is put in at i is the position-th to be loaded, as late as can be.
func loadedAs(legs []leg, i, position int) bool {
	return pickups(legs[:i]) == position && (i == len(legs) || legs[i].kind == pdptw.Pickup || pickups(legs[i:]) == 0)
}

func better(a, b PlannedTrip) bool {
	if x, y := a.stops(), b.stops(); x != y {
		return x < y
	}
	return a.Cost < b.Cost
}

// stops is how many rules forbid a trip.
func (t PlannedTrip) stops() int {
	n := 0
	for _, c := range t.Warnings {
		if c.Stops {
			n++
		}
	}
	return n
}

// drive gives calls in their order the times they would have, and the price, whatever rules they break.
func (p *planner) drive(ctx context.Context, capacity string, legs []leg) (PlannedTrip, error) {
	m := mode{trucks: []int{p.truckNamed(capacity)}}
	var pieces []piece
	var calls []pdptw.Call
	number := map[*piece]int{}
	spot := p.truck[m.trucks[0]]
	for _, l := range legs {
		if _, seen := number[l.piece]; !seen {
			number[l.piece] = len(pieces)
			pieces = append(pieces, *l.piece)
		}
		next := p.from[l.piece.load]
		if l.kind == pdptw.Delivery {
			next = p.to[l.piece.load]
		}
		if p.skip[l.piece.load] || p.spoilBar(m.trucks[0], l.piece.load) != nil || p.duration(m.trucks[0], spot, next) < 0 {
			return PlannedTrip{}, fault.New(fault.Conflict, "no_road_for_it", "There is no road for the truck to these stops in this order.")
		}
		spot = next
		calls = append(calls, pdptw.Call{Request: number[l.piece], Kind: l.kind})
	}
	problem := p.asTold(m, pieces, calls)
	route, err := theRoute(ctx, problem)
	if err != nil {
		return PlannedTrip{}, err
	}
	if route, err = leavesLate(ctx, problem, route); err != nil {
		return PlannedTrip{}, err
	}
	return p.price(p.day, p.trip(m, pieces, route), 0), nil
}

// leavesLate lets the truck wait at home, where it costs nothing, rather than at its first stop, unless it would be back later for want
// of the rest that the wait was; then it waits for as long as a rest.
func leavesLate(ctx context.Context, problem *pdptw.Problem, r pdptw.Route) (pdptw.Route, error) {
	v, first := &problem.Vehicles[0], r.Visits[0]
	drive := first.Arrive - r.Depart
	for _, x := range r.Stands {
		if x.Before == 0 {
			drive -= x.Length
		}
	}
	for _, wait := range []int64{0, v.Break.Length} {
		v.Shift.Open = v.LeavesBy(first.Start-wait, drive)
		if v.Shift.Open <= r.Depart {
			break
		}
		if later, err := theRoute(ctx, problem); err != nil || later.Return <= r.Return {
			return later, err
		}
	}
	return r, nil
}

// theRoute solves a problem with one answer.
func theRoute(ctx context.Context, problem *pdptw.Problem) (pdptw.Route, error) {
	found, err := pdptw.Solve(ctx, problem, pdptw.Options{Objective: pdptw.TotalCost, Iterations: 1}, nil)
	if err != nil {
		return pdptw.Route{}, fmt.Errorf("drive: %w", err)
	}
	if len(found.Routes) != 1 {
		return pdptw.Route{}, fault.New(fault.Conflict, "no_road_for_it", "There is no road for the truck to these stops in this order.")
	}
	return found.Routes[0], nil
}

// asTold is a problem with one answer: these calls in this order. What they break is told by the warnings of the trip.
func (p *planner) asTold(m mode, pieces []piece, calls []pdptw.Call) *pdptw.Problem {
	out := p.problem(m, pieces)
	out.ClassRules, out.Rules = nil, nil
	v := &out.Vehicles[0]
	v.LIFO, v.MaxDuration, v.LeaveBy = false, 0, 0
	for i := range out.Requests {
		out.Requests[i].Barred = nil
		for k, n := range out.Requests[i].Load {
			v.Capacity[k] += n
		}
	}
	out.Initial = []pdptw.Initial{{Vehicle: 0, Visits: calls, Frozen: len(calls)}}
	return out
}
