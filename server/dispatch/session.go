package dispatch

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
)

// session is one run of Desk.Day.
type session struct {
	desk   Desk
	q      Question
	effort Effort
	report func(Progress)
	begin  time.Time
	price  measure.Fen // of a changed promise
	bonds  bonds
	whole  bool // the day is one region

	mu    sync.Mutex
	told  Progress
	trips []PlannedTrip // indices of the whole question
	notes []Note
	left  []LeftOut // loads that no truck may carry, whatever the plan
	no    map[int]Refusal
	why   []LeftOut // goods that found no truck
}

// region is a part of a day: some loads, or parts of them, some trucks, and the trips they have so far.
type region struct {
	loads  []int // of the whole question; one may stand in several regions, each with a part of it
	parts  []int64
	trucks []int
	start  draft // trips with indices of the whole question
}

// one plans a day that needs no cutting.
func (s *session) one(ctx context.Context, start draft) error {
	all := region{start: start}
	for i := range s.q.Loads {
		if s.bonds.size[i] <= MaxBound {
			all.loads, all.parts = append(all.loads, i), append(all.parts, -1)
		}
	}
	for v := range s.q.Trucks {
		all.trucks = append(all.trucks, v)
	}
	s.told.Regions, s.told.Rounds, s.whole = 1, 1, true
	out, err := s.plan(ctx, all, s.effort.Time, max(1, s.effort.Workers))
	if err == nil {
		s.keep(out)
	}
	return err
}

// outcome is what came of a region.
type outcome struct {
	trips []PlannedTrip // indices of the whole question
	left  []LeftOut
	why   []LeftOut
	no    map[int]Refusal
	notes []Note
}

func (s *session) keep(o outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trips = append(s.trips, o.trips...)
	s.left, s.why = append(s.left, o.left...), append(s.why, o.why...)
	for _, n := range o.notes {
		if !slices.ContainsFunc(s.notes, func(have Note) bool { return have.Item == n.Item }) {
			s.notes = append(s.notes, n)
		}
	}
	if s.no == nil {
		s.no = map[int]Refusal{}
	}
	for v, r := range o.no {
		s.no[v] = r
	}
}

// plan searches one region for so long.
func (s *session) plan(ctx context.Context, r region, limit time.Duration, workers int) (outcome, error) {
	sub, trip := s.cutOut(r)
	p, err := s.desk.planner(ctx, sub)
	if err != nil {
		return outcome{}, err
	}
	m := mode{passes: true, trucks: p.usable()}
	out := outcome{no: map[int]Refusal{}, notes: p.notes}
	if len(m.trucks) > 0 && len(p.everyLoad()) > 0 {
		if err = s.search(ctx, p, m, trip, r, limit, workers, &out); err != nil {
			return out, err
		}
	} else {
		for _, i := range p.everyLoad() {
			out.why = append(out.why, s.noTruck(i, p.q.Loads[i], r))
		}
	}
	out.left = append(out.left, p.leftOut...)
	s.translate(r, &out, p)
	return out, nil
}

// noTruck is why a load stays in a region without trucks: there are none at all, or the others need them.
func (s *session) noTruck(i int, l Load, r region) LeftOut {
	out := LeftOut{Load: i, Grams: l.Grams, People: l.People, Rule: "no_truck", Said: wording.Just("no_truck")}
	if len(r.trucks) == 0 && len(s.q.Trucks) > 0 {
		out.Rule, out.Said = "trucks_full", wording.Just("trucks_full")
	}
	return out
}

func (s *session) search(ctx context.Context, p *planner, m mode, start []PlannedTrip, r region, limit time.Duration, workers int, out *outcome) error {
	pieces := p.piecesFor(m, start)
	tell := s.follow(r)
	o := pdptw.Options{Objective: pdptw.TotalCost, Iterations: s.effort.Iterations, Workers: workers, Seed: s.effort.Seed + 1}
	if limit > 0 {
		o.Time, o.Now = limit, s.effort.Now
	}
	problem := p.problem(m, pieces)
	problem.Initial = p.initial(m, pieces, start, r.start)
	p.promise(problem, m, pieces, start, s.price)
	found, err := pdptw.Solve(ctx, problem, o, tell)
	if err != nil {
		return err
	}
	for _, route := range found.Routes {
		t := p.trip(m, pieces, route)
		if len(start) == 0 {
			if t, err = p.freshFirst(ctx, t); err != nil {
				return err
			}
		}
		out.trips = append(out.trips, t)
	}
	if s.whole && len(start) == 0 {
		if out.trips, err = p.relays(ctx, m, out.trips, pieces); err != nil {
			return err
		}
	}
	out.why = p.explainLeft(m, pieces, out.trips, nil)
	if s.whole {
		p.refuseLate(m, out.trips)
	}
	return nil
}

// refuseLate says of the trucks without a trip that no load could wait for them.
func (p *planner) refuseLate(m mode, trips []PlannedTrip) {
	for _, v := range m.trucks {
		t := p.q.Trucks[v]
		if slices.ContainsFunc(trips, func(trip PlannedTrip) bool { return trip.uses(t.Capacity.ID) }) {
			continue
		}
		if b := p.lateForAll(v); b != nil {
			p.refused[v] = Refusal{Vehicle: t.Vehicle.ID, Plate: t.Vehicle.Plate, Type: t.Type.ID}.under(*b)
		}
	}
}

// follow adds a region's progress to the day's.
func (s *session) follow(region) func(pdptw.Progress) {
	var last pdptw.Progress
	return func(n pdptw.Progress) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.told.LeftOut += n.Unserved - last.Unserved
		s.told.Trucks += n.Vehicles - last.Vehicles
		s.told.Cost += measure.Fen(n.Cost - last.Cost)
		last.Unserved, last.Vehicles, last.Cost = n.Unserved, n.Vehicles, n.Cost
		s.tell()
	}
}

// tell reports; the caller holds the lock.
func (s *session) tell() {
	if s.report == nil {
		return
	}
	if s.effort.Now != nil {
		s.told.Elapsed = s.effort.Now().Sub(s.begin)
	}
	s.report(s.told)
}

// cutOut makes the question of a region alone, and its trips so far with that question's indices.
func (s *session) cutOut(r region) (Question, []PlannedTrip) {
	sub := Question{Day: s.q.Day, Now: s.q.Now, Closed: s.q.Closed, Pins: s.q.Pins, Loaded: s.q.Loaded, Prices: s.q.Prices}
	at := map[int]int{}
	for n, i := range r.loads {
		l := s.q.Loads[i]
		at[i] = n
		if r.parts[n] >= 0 {
			l = s.part(l, r.parts[n])
		}
		sub.Loads = append(sub.Loads, l)
	}
	for _, v := range r.trucks {
		sub.Trucks = append(sub.Trucks, s.q.Trucks[v])
	}
	trips := make([]PlannedTrip, len(r.start.trips))
	for n, t := range r.start.trips {
		t.Parts = slices.Clone(t.Parts)
		for k := range t.Parts {
			t.Parts[k].Load = at[t.Parts[k].Load]
		}
		trips[n] = t
	}
	return sub, trips
}

func (s *session) part(l Load, n int64) Load {
	if l.People > 0 {
		l.People = int(n)
		return l
	}
	l.Grams = measure.Grams(n)
	goods := loadOf(l.ToShip, s.desk.Rules).Goods
	l.Goods = goods
	return l
}

// translate gives an outcome the indices of the whole question.
func (s *session) translate(r region, o *outcome, p *planner) {
	for n := range o.trips {
		for k := range o.trips[n].Parts {
			o.trips[n].Parts[k].Load = r.loads[o.trips[n].Parts[k].Load]
		}
	}
	for n := range o.left {
		o.left[n].Load = r.loads[o.left[n].Load]
	}
	for n := range o.why {
		o.why[n].Load = r.loads[o.why[n].Load]
	}
	for v, refused := range p.refused {
		o.no[r.trucks[v]] = refused
	}
}

// answer prices the trips and explains what is missing.
func (s *session) answer(p *planner) Answer {
	for v, r := range s.no {
		p.refused[v] = r
	}
	sortTrips(s.trips)
	o := Option{ID: "a", Trips: s.trips, Unserved: s.why}
	out := Answer{Rules: p.day, LeftOut: s.left, Levels: p.levels(p.day), Searched: 1, Notes: s.notes, Refused: []Refusal{}}
	if len(o.Trips) > 0 {
		out.Options = []Option{p.priceOption(p.day, o)}
		out.Options[0].ID = "a"
		out.Ranking = ranking(out.Options)
	} else {
		out.LeftOut = append(out.LeftOut, s.why...)
	}
	out.Refused = p.refusals(out.Options)
	return out
}

// each runs one function for every region, so many at a time.
func (s *session) each(ctx context.Context, n int, do func(context.Context, int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, s.effort.Workers))
	for i := range n {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}
