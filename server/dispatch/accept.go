package dispatch

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// Accept makes trips of an option of a plan: trucks are reserved until their carriers answer, and the goods are taken
// from their allocations. All of it happens or nothing.
func (s *Service) Accept(ctx context.Context, by auth.Actor, plan, option string) ([]Trip, error) {
	if err := mustPlan(by); err != nil {
		return nil, err
	}
	var out []Trip
	err := s.db.InTx(ctx, func(tx store.Tx) error {
		out = nil
		p, err := planByID(ctx, tx, plan)
		if err != nil {
			return err
		}
		o, err := p.option(option)
		if err != nil {
			return err
		}
		now := s.millis(ctx)
		if err = s.obeys(ctx, tx, p, o, dayAt(now)); err != nil {
			return err
		}
		first, err := acceptPlan(ctx, tx, plan, option, now)
		if err != nil {
			return err
		}
		if !first {
			return fault.New(fault.Conflict, "plan_accepted", "Option %s of this plan was accepted already.", p.Accepted)
		}
		kept, err := s.supersede(ctx, tx, by, p, o, now)
		if err != nil {
			return err
		}
		for _, t := range o.Trips {
			if kept[t.Truck.Capacity.ID] {
				continue
			}
			trip, err := s.reserve(ctx, tx, by, p, t, now)
			if err != nil {
				return err
			}
			out = append(out, trip)
		}
		return record(ctx, tx, by, now, "plan.accept", "plan/"+plan, "", map[string]any{"option": option, "trips": len(out)})
	})
	return out, err
}

// option finds an option that may be driven.
func (p Plan) option(id string) (Option, error) {
	for _, o := range p.Answer.Options {
		if o.ID != id {
			continue
		}
		if w, no := o.forbidden(); no {
			return o, fault.New(fault.Conflict, "option_forbidden", "This option can't be driven as it is: %s", w)
		}
		return o, nil
	}
	return Option{}, fault.At("option", "no_such_option", "The plan has no option %q.", clip(id))
}

// reserve makes one trip and takes its goods.
func (s *Service) reserve(ctx context.Context, tx store.Tx, by auth.Actor, p Plan, o PlannedTrip, now measure.Millis) (Trip, error) {
	c, err := capacityByID(ctx, tx, o.Truck.Capacity.ID)
	if err != nil {
		return Trip{}, found(err, "no_such_capacity", "capacity offer")
	}
	for _, truck := range o.trucks() {
		if err = s.free(ctx, tx, truck, o.Fill.room()); err != nil {
			return Trip{}, err
		}
	}
	t := Trip{ID: store.NewID(), Plan: p.ID, Vehicle: c.Vehicle, Capacity: c.ID, Carrier: c.Carrier, Outline: o, AnswerBy: now + answerTime, MadeAt: now}
	t.Number = "JS" + strings.ReplaceAll(dayAt(now), "-", "") + strings.ToUpper(t.ID[len(t.ID)-8:])
	for _, part := range o.Parts {
		load := p.Question.Loads[part.Load]
		load.Goods = part.Goods
		load.Grams, load.People = part.Goods.Net, part.People
		id := store.NewID()
		if load.Posted != "" {
			id = postedPrefix + id
		}
		t.Consignments = append(t.Consignments, Consignment{ID: id, Load: load, Layer: part.Layer, LoadStop: part.From, UnloadStop: part.To})
	}
	if t.parties, err = partiesOf(ctx, tx, t); err != nil {
		return Trip{}, err
	}
	if err = insertTrip(ctx, tx, t, t.parties, by.ID()); err != nil {
		return Trip{}, err
	}
	for _, c := range t.Consignments {
		if err = s.books.Take(ctx, tx, by, orders.Taking{Allocation: c.Load.Allocation, Consignment: c.ID, Grams: c.Load.Goods.Net, At: now}); err != nil {
			return Trip{}, err
		}
	}
	for _, truck := range o.trucks() {
		if err = s.tell(ctx, tx, truck.Capacity.ID, t.AnswerBy+1); err != nil {
			return Trip{}, err
		}
	}
	if err = s.news.Tell(ctx, tx, webhooks.Event{Kind: "trip.tender", ID: t.ID, At: now, Parties: t.parties}); err != nil {
		return Trip{}, err
	}
	return t, t.replay()
}

// free refuses a truck whose offer has not that much room any more.
func (s *Service) free(ctx context.Context, tx store.Tx, t Truck, need Room) error {
	c, err := capacityByID(ctx, tx, t.Capacity.ID)
	if err != nil {
		return found(err, "no_such_capacity", "capacity offer")
	}
	view, err := s.viewCapacity(ctx, tx, c)
	if err == nil && (!view.State.mayBePlanned() || !view.Left.holds(need)) {
		err = fault.New(fault.Conflict, "truck_not_free", "The offer of %s is %s now: plan again.", t.Vehicle.Plate, view.State)
	}
	return err
}

// partiesOf lists who has a part in a trip: the carriers, sellers, receivers, and the donors of gifts on board.
func partiesOf(ctx context.Context, q store.Querier, t Trip) ([]string, error) {
	out := []string{t.Carrier}
	if t.Outline.Relay != nil {
		out = append(out, t.Outline.Relay.Truck.Vehicle.Carrier)
	}
	for _, c := range t.Consignments {
		out = append(out, c.Load.Seller, c.Load.Receiver)
		if c.Load.Campaign == "" {
			continue
		}
		gift, err := market.CampaignByID(ctx, q, c.Load.Campaign)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(append(out, gift.Donor), gift.Donors...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(p string) bool { return p == "" }), nil
}

// record puts an act into the audit.
func record(ctx context.Context, tx store.Tx, by auth.Actor, at measure.Millis, act, subject, reason string, after any) error {
	return ledger.Record(ctx, tx, ledger.Event{At: at, Actor: by.ID(), Act: act, Subject: subject, Reason: reason}, nil, after)
}
