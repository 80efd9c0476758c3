package dispatch

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// RestTime is how long the rest of a plan is searched: with the answer it stays under two seconds (`make bench/dispatch`).
const RestTime = 1500 * time.Millisecond

// chain is how many plans may follow each other.
const chain = 100

// jobAfter prepares the rest of a plan: trips whose goods are loaded stay, carriers that said no are gone, what came since joins.
func (s *Service) jobAfter(ctx context.Context, by auth.Actor, in RunInput) (runJob, error) {
	if err := mustPlan(by); err != nil {
		return runJob{}, err
	}
	p, err := s.PlanByID(ctx, by, in.After)
	if err != nil {
		return runJob{}, err
	}
	o, err := p.present()
	if err != nil {
		return runJob{}, err
	}
	c := in.Change
	c.Now = s.millis(ctx)
	trips, err := s.tripsAlong(ctx, s.db.Read(), p)
	if err != nil {
		return runJob{}, err
	}
	if err = c.takeTrips(trips, p, c.Now); err != nil {
		return runJob{}, err
	}
	notes, err := s.sinceThen(ctx, by, p, &c)
	if err != nil {
		return runJob{}, err
	}
	q := p.Question
	q.After, q.Loaded = p.ID, c.Fixed
	if err = s.takeOrders(ctx, &q, &c); err != nil {
		return runJob{}, err
	}
	return runJob{limit: RestTime, now: c.Now, work: func(ctx context.Context, e Effort, report func(Progress)) (Question, Answer, error) {
		q, a, err := s.desk().Again(ctx, q, o, c, e, report)
		a.Notes = append(a.Notes, notes...)
		return q, a, err
	}}, nil
}

// takeOrders lets the rest obey what dispatchers say of loads and roads now.
func (s *Service) takeOrders(ctx context.Context, q *Question, c *Change) error {
	closed, pins, err := s.orderedNow(ctx, s.db.Read(), min(q.Day, dayAt(c.Now)), slices.Concat(q.Loads, c.Loads))
	q.Closed, q.Pins, c.Closed = withoutOrdered(q.Closed), pins, append(c.Closed, closed...)
	return err
}

// present is the option that is driven, or the first.
func (p Plan) present() (Option, error) {
	for _, o := range p.Answer.Options {
		if o.ID == p.Accepted || p.Accepted == "" {
			return o, nil
		}
	}
	return Option{}, fault.New(fault.Conflict, "no_options", "This plan has no trips to go on from.")
}

// tripsAlong are the trips of a plan and of those it goes on from.
func (s *Service) tripsAlong(ctx context.Context, q store.Querier, p Plan) ([]Trip, error) {
	var out []Trip
	for n, id := 0, p.ID; id != "" && n < chain; n++ {
		list, err := tripsOfPlan(ctx, q, id)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
		before, err := planByID(ctx, q, id)
		if err != nil {
			return nil, err
		}
		id = before.Question.After
	}
	return out, nil
}

// takeTrips adds what became of the trips.
func (c *Change) takeTrips(trips []Trip, p Plan, now measure.Millis) error {
	for _, t := range trips {
		switch state := t.State(now); {
		case len(t.loaded) > 0:
			c.Fixed = append(c.Fixed, t.Capacity)
		case state == Declined || state == NoShow:
			c.Gone = append(c.Gone, t.Capacity)
		}
	}
	for _, t := range trips {
		for _, held := range t.Consignments {
			if slices.Contains(c.Fixed, t.Capacity) && slices.Contains(c.Refused, held.Load.Allocation) {
				return fault.At("refused", "loaded_already", "What is loaded here was weighed already.")
			}
		}
	}
	return nil
}

// sinceThen adds the loads and trucks that the old question does not know, and says what can't be part of a plan.
func (s *Service) sinceThen(ctx context.Context, by auth.Actor, p Plan, c *Change) ([]Note, error) {
	all, err := s.Loads(ctx, by)
	if err != nil {
		return nil, err
	}
	loads, notes := withoutLargeOrders(all)
	for _, l := range loads {
		if !slices.ContainsFunc(p.Question.Loads, func(have Load) bool { return have.Allocation == l.Allocation }) {
			c.Loads = append(c.Loads, l)
		}
	}
	trucks, err := s.trucks(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	for _, t := range trucks {
		if !slices.ContainsFunc(p.Question.Trucks, func(have Truck) bool { return have.Capacity.ID == t.Capacity.ID }) {
			c.Trucks = append(c.Trucks, t)
		}
	}
	if n := len(p.Question.Loads) + len(c.Loads); n > maxPlanLoads {
		return nil, fault.New(fault.TooLarge, "too_many_loads", "One plan takes at most %d loads: name the orders.", maxPlanLoads)
	}
	return notes, nil
}

// supersede ends the trips of the plans before that an accepted plan does without, and tells which it keeps as they are.
func (s *Service) supersede(ctx context.Context, tx store.Tx, by auth.Actor, p Plan, o Option, now measure.Millis) (kept map[string]bool, err error) {
	kept = map[string]bool{}
	if p.Question.After == "" {
		return kept, nil
	}
	trips, err := s.tripsAlong(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	for _, t := range trips {
		if t.State(now).Ended() {
			continue
		}
		if n := slices.IndexFunc(o.Trips, func(x PlannedTrip) bool { return x.Truck.Capacity.ID == t.Capacity }); n >= 0 && t.same(p.Question, o.Trips[n]) {
			kept[t.Capacity] = true
			continue
		}
		if len(t.loaded) > 0 {
			return nil, fault.New(fault.Conflict, "trip_under_way", "The truck %s is loaded for another trip: plan again.", t.Plate())
		}
		e := Event{ID: store.NewID(), Trip: t.ID, Stop: -1, Kind: EventReplan, ActedAt: now, SyncedAt: now, By: by.ID()}
		e.ClientID = e.ID
		if err = t.may(EventReplan, now); err != nil {
			return nil, err
		}
		if err = s.write(ctx, tx, by, &t, e, happening{kind: EventReplan, apply: s.giveBack(by, "planned again")}, []byte("null")); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// same reports whether a trip carries what is planned for its truck now, from and to the same stops.
func (t Trip) same(q Question, o PlannedTrip) bool {
	if len(t.Consignments) != len(o.Parts) || len(t.Outline.Stops) != len(o.Stops) {
		return false
	}
	for _, c := range t.Consignments {
		if !slices.ContainsFunc(o.Parts, func(part Part) bool {
			return q.Loads[part.Load].Allocation == c.Load.Allocation && part.Goods.Net == c.Load.Goods.Net && part.People == c.Load.People &&
				part.From == c.LoadStop && part.To == c.UnloadStop
		}) {
			return false
		}
	}
	return true
}
