package dispatch

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
	"jishi/server/store"
)

// drives reports whether the actor is the trip's driver, its carrier, or the dispatcher.
func drives(by auth.Actor, t Trip) bool {
	return by.Can(auth.Driver, t.Carrier) || by.MayActFor(t.Carrier, auth.ActHaul) || plans(by)
}

// sees reports whether the actor has a part in the trip.
func sees(by auth.Actor, t Trip) bool {
	if plans(by) || by.Is(auth.Auditor) || by.Is(auth.Finance) {
		return true
	}
	return slices.ContainsFunc(by.Parties(), func(p string) bool { return p != "" && slices.Contains(t.parties, p) })
}

// TripByID shows a trip to those who have a part in it.
func (s *Service) TripByID(ctx context.Context, by auth.Actor, id string) (Trip, error) {
	t, err := tripByID(ctx, s.db.Read(), id)
	if err == nil && !sees(by, t) {
		err = fault.New(fault.NotFound, "no_such_trip", "There is no such %s.", "trip")
	}
	return t, err
}

// Trips lists the trips the actor has a part in, newest first.
func (s *Service) Trips(ctx context.Context, by auth.Actor, after string, n int) ([]Trip, error) {
	all := plans(by) || by.Is(auth.Auditor) || by.Is(auth.Finance)
	return tripsOf(ctx, s.db.Read(), all, by.Parties(), after, page(n))
}

// State gives where a trip stands now.
func (s *Service) State(ctx context.Context, t Trip) TripState { return t.State(s.millis(ctx)) }

// happening is one report on its way into the books.
type happening struct {
	kind EventKind
	stop int
	sent any // what the device sent: a repeat is known by it
	may  func(t Trip) bool
	// apply checks the report against the trip, moves what it moves, and gives what is to be kept of it.
	apply func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error)
}

// kept is what an event's body holds beside its content: what the device sent.
type kept struct {
	Sent json.RawMessage `json:"sent,omitempty"`
}

// report puts an event on a trip: once per client id, by those who may, when the state allows it.
func (s *Service) report(ctx context.Context, by auth.Actor, trip string, r Report, h happening) (Trip, error) {
	var t Trip
	sent, err := json.Marshal(h.sent)
	if err != nil {
		return t, fmt.Errorf("dispatch: %w", err)
	}
	now := s.millis(ctx)
	e := Event{ID: store.NewID(), Trip: trip, ClientID: r.ClientID, Stop: h.stop, Kind: h.kind, ActedAt: r.ActedAt, SyncedAt: now, By: by.ID()}
	if e.ClientID == "" {
		e.ClientID = e.ID
	}
	if e.ActedAt == 0 {
		e.ActedAt = now
	}
	err = s.db.InTx(ctx, func(tx store.Tx) error {
		if t, err = tripByID(ctx, tx, trip); err != nil {
			return err
		}
		if !sees(by, t) {
			return fault.New(fault.NotFound, "no_such_trip", "There is no such %s.", "trip")
		}
		if !h.may(t) {
			return fault.New(fault.Forbidden, "not_yours_to_report", "Another part of this trip has to report this.")
		}
		again, err := repeated(ctx, tx, e, sent)
		if err != nil || again {
			return err
		}
		if err = (Report{ClientID: r.ClientID, ActedAt: e.ActedAt}).check(now, t.MadeAt); err != nil {
			return err
		}
		if err = t.may(h.kind, now); err != nil {
			return err
		}
		return s.write(ctx, tx, by, &t, e, h, sent)
	})
	return t, err
}

// repeated reports whether the device sent this before.
func repeated(ctx context.Context, tx store.Tx, e Event, sent json.RawMessage) (bool, error) {
	old, err := eventByClient(ctx, tx, e.ClientID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("dispatch: %w", err)
	}
	var k kept
	if err = json.Unmarshal(old.Body, &k); err != nil {
		return false, fmt.Errorf("dispatch: %w", err)
	}
	if old.Trip == e.Trip && old.Stop == e.Stop && old.Kind == e.Kind && string(k.Sent) == string(sent) {
		return true, nil
	}
	return false, fault.New(fault.Conflict, "client_id_reused", "This was already sent with other content; nothing was changed.")
}

func (s *Service) write(ctx context.Context, tx store.Tx, by auth.Actor, t *Trip, e Event, h happening, sent json.RawMessage) error {
	content, err := h.apply(ctx, tx, *t, e)
	if err != nil {
		return err
	}
	if e.Body, err = bodyOf(content, sent); err != nil {
		return err
	}
	if err = insertEvent(ctx, tx, e); err != nil {
		return err
	}
	t.Events = append(t.Events, e)
	if err = t.take(e); err != nil {
		return err
	}
	if e.Kind == EventConfirm || e.Kind == EventDecline || e.Kind == EventCancel {
		if err = s.tell(ctx, tx, t.Capacity, 0); err != nil {
			return err
		}
	}
	return ledger.Record(ctx, tx, ledger.Event{At: e.ActedAt, Actor: by.ID(), Act: "trip." + string(e.Kind), Subject: "trip/" + t.ID, After: e.Body})
}

// bodyOf joins what is kept with what was sent in one JSON object.
func bodyOf(content any, sent json.RawMessage) (json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if content != nil {
		text, err := json.Marshal(content)
		if err == nil {
			err = json.Unmarshal(text, &fields)
		}
		if err != nil {
			return nil, fmt.Errorf("dispatch: %w", err)
		}
	}
	fields["sent"] = sent
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("dispatch: %w", err)
	}
	return text, nil
}

func nothing(context.Context, store.Tx, Trip, Event) (any, error) { return nil, nil }

// Confirm is the carrier's yes.
func (s *Service) Confirm(ctx context.Context, by auth.Actor, trip string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventConfirm, stop: -1, apply: nothing,
		may: func(t Trip) bool { return by.MayActFor(t.Carrier, auth.ActHaul) || by.Can(auth.Driver, t.Carrier) }})
}

// Decline is the carrier's no: the goods go back to where they wait.
func (s *Service) Decline(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDecline, stop: -1, sent: reason, apply: s.giveBack(by, reason),
		may: func(t Trip) bool { return by.MayActFor(t.Carrier, auth.ActHaul) || by.Can(auth.Driver, t.Carrier) }})
}

// Cancel takes a trip back before anything is loaded. It is also how the goods of a lapsed trip are freed.
func (s *Service) Cancel(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	if reason == "" {
		return Trip{}, fault.At("reason", "required", "Say why the trip is cancelled.")
	}
	return s.report(ctx, by, trip, r, happening{kind: EventCancel, stop: -1, sent: reason, apply: s.giveBack(by, reason),
		may: func(Trip) bool { return plans(by) }})
}

func (s *Service) giveBack(by auth.Actor, reason string) func(context.Context, store.Tx, Trip, Event) (any, error) {
	return func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
		for _, c := range t.Consignments {
			if err := s.books.Untake(ctx, tx, by, c.ID, e.ActedAt); err != nil {
				return nil, err
			}
		}
		return map[string]string{"reason": reason}, nil
	}
}

// Arrive says that the truck is at a stop.
func (s *Service) Arrive(ctx context.Context, by auth.Actor, trip string, stop int, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventArrive, stop: stop,
		may:   func(t Trip) bool { return drives(by, t) },
		apply: func(_ context.Context, _ store.Tx, t Trip, _ Event) (any, error) { return nil, t.stop(stop) }})
}

// Load is the two-scan weighing at a ramp. The weighed grams go on the truck.
func (s *Service) Load(ctx context.Context, by auth.Actor, trip string, stop int, r Report, w Weighing) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventLoad, stop: stop, sent: w,
		may: func(t Trip) bool {
			return drives(by, t) || stop >= 0 && stop < len(t.Outline.Stops) && by.MayActFor(t.Outline.Stops[stop].Party, auth.ActLots)
		},
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if err := t.stop(stop, LoadStop); err != nil {
				return nil, err
			}
			if _, done := t.event(EventLoad, stop); done {
				return nil, fault.New(fault.Conflict, "loaded_already", "What is loaded here was weighed already.")
			}
			w, err := w.settle(t, stop, s.rules)
			if err != nil {
				return nil, err
			}
			return w, s.loadAll(ctx, tx, by, t, e, w)
		}})
}

func (s *Service) loadAll(ctx context.Context, tx store.Tx, by auth.Actor, t Trip, e Event, w Weighing) error {
	for _, l := range w.Lines {
		c, _ := t.consignment(l.Consignment)
		err := s.books.Loaded(ctx, tx, by, orders.Loading{ClientID: e.ClientID + "/" + c.ID, Consignment: c.ID,
			Allocation: c.Load.Allocation, Lot: c.Load.Lot, Grams: l.Grams, At: e.ActedAt})
		if err != nil {
			return err
		}
	}
	return nil
}

// Depart says that the truck leaves a stop. Where it still has to go, it must be let in.
func (s *Service) Depart(ctx context.Context, by auth.Actor, trip string, stop int, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDepart, stop: stop,
		may: func(t Trip) bool { return drives(by, t) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if err := t.stop(stop); err != nil {
				return nil, err
			}
			if !t.finished(stop) {
				return nil, fault.New(fault.Conflict, "stop_open", "What has to be done at this stop is not reported yet.")
			}
			v, err := VehicleByID(ctx, tx, t.Vehicle)
			if err != nil {
				return nil, err
			}
			return nil, s.letIn(t, v, dayAt(e.ActedAt))
		}})
}

// finished reports whether the stop's loading or delivery was reported.
func (t Trip) finished(stop int) bool {
	kind := EventLoad
	if t.Outline.Stops[stop].Kind == UnloadStop {
		kind = EventDeliver
	}
	_, ok := t.event(kind, stop)
	return ok
}

// letIn refuses to leave without the pass, the papers or the plate that the rest of the way asks for. Papers are read
// as they are now: a pass may have come since the plan was made.
func (s *Service) letIn(t Trip, v Vehicle, day string) error {
	truck := t.Outline.Truck
	truck.Vehicle = v
	q := Question{Day: day, Trucks: []Truck{truck}}
	for _, c := range t.Consignments {
		load := c.Load
		load.To = t.Outline.Stops[c.UnloadStop].Place
		q.Loads = append(q.Loads, load)
	}
	p := rulesOnly(s.rules, s.places, q)
	if paper, over := v.Expired(day); over {
		return fault.New(fault.Conflict, "paper_over", "%s: the paper %s ended on %s.", v.Plate, string(paper.Kind), paper.Until)
	}
	for i, c := range t.Consignments {
		if t.delivered[c.UnloadStop] {
			continue
		}
		if b := p.barOf(rules.Day(day), 0, i, true); b != nil {
			return fault.New(fault.Conflict, "not_let_through", "The truck would not be let through: %s", b.Text)
		}
	}
	return nil
}

// HandOver gives the truck, or its goods, to another driver at a transfer station.
func (s *Service) HandOver(ctx context.Context, by auth.Actor, trip string, r Report, h HandOver) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventHandOver, stop: -1, sent: h,
		may: func(t Trip) bool { return drives(by, t) },
		apply: func(_ context.Context, _ store.Tx, _ Trip, e Event) (any, error) {
			return h.settle(rules.Day(dayAt(e.ActedAt)), s.rules)
		}})
}

// Deliver is the proof of delivery of all that is unloaded at a stop.
func (s *Service) Deliver(ctx context.Context, by auth.Actor, trip string, stop int, r Report, d Delivery) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDeliver, stop: stop, sent: d,
		may: func(t Trip) bool {
			return drives(by, t) || stop >= 0 && stop < len(t.Outline.Stops) && by.MayActFor(t.Outline.Stops[stop].Party, auth.ActReceive)
		},
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if err := t.stop(stop, UnloadStop); err != nil {
				return nil, err
			}
			if t.delivered[stop] {
				return nil, fault.New(fault.Conflict, "delivered_already", "This stop's delivery was reported already.")
			}
			board, err := onBoard(ctx, tx, t)
			if err != nil {
				return nil, err
			}
			d, err := d.settle(t, stop, board, s.rules)
			if err != nil {
				return nil, err
			}
			return d, s.receiveAll(ctx, tx, by, t, e, d, board)
		}})
}

func (s *Service) receiveAll(ctx context.Context, tx store.Tx, by auth.Actor, t Trip, e Event, d Delivery, board map[string]measure.Grams) error {
	for _, l := range d.Lines {
		c, _ := t.consignment(l.Consignment)
		r := orders.Receipt{ClientID: e.ClientID + "/" + c.ID, Consignment: c.ID, Received: l.Received, Rejected: l.Rejected,
			RejectReason: l.RejectReason, Breach: d.breach(c, s.rules), At: e.ActedAt}
		if lost := board[c.ID] - l.Received; lost > 0 {
			r.Lost = map[orders.LossCause]measure.Grams{l.LostCause: lost}
		}
		if err := s.books.Received(ctx, tx, by, r); err != nil {
			return err
		}
	}
	return nil
}

// onBoard reads off the ledger what each consignment has on the truck.
func onBoard(ctx context.Context, q store.Querier, t Trip) (map[string]measure.Grams, error) {
	names := make([]string, 0, len(t.Consignments))
	for _, c := range t.Consignments {
		names = append(names, orders.ConsignOnTruck(c.ID))
	}
	balances, err := ledger.Balances(ctx, q, ledger.Grams, names...)
	if err != nil {
		return nil, err
	}
	out := map[string]measure.Grams{}
	for _, c := range t.Consignments {
		out[c.ID] = measure.Grams(balances[orders.ConsignOnTruck(c.ID)])
	}
	return out, nil
}

// Divert sends what is still on board for a stop to another need. A gift goes only where its donors agreed: to a need
// of its campaign, to which a need is added by their yes to a change of use.
func (s *Service) Divert(ctx context.Context, by auth.Actor, trip string, stop int, demand, reason string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDivert, stop: stop, sent: map[string]string{"demand": demand, "reason": reason},
		may: func(Trip) bool { return plans(by) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, _ Event) (any, error) {
			if err := t.stop(stop, UnloadStop); err != nil {
				return nil, err
			}
			if t.delivered[stop] {
				return nil, fault.New(fault.Conflict, "delivered_already", "This stop's delivery was reported already.")
			}
			if reason == "" {
				return nil, fault.At("reason", "required", "Say why the goods go elsewhere.")
			}
			return diversion(ctx, tx, t, stop, demand, reason)
		}})
}

func diversion(ctx context.Context, tx store.Tx, t Trip, stop int, demand, reason string) (Diversion, error) {
	to, err := market.DemandByID(ctx, tx, demand)
	if err != nil {
		return Diversion{}, found(err, "no_such_demand", "demand")
	}
	if !to.Verified() {
		return Diversion{}, fault.New(fault.Conflict, "demand_not_verified", "The receiver has not said yes: the need is not verified.")
	}
	for _, c := range t.at(stop, UnloadStop) {
		if c.Load.Campaign == "" {
			return Diversion{}, fault.New(fault.Conflict, "sold_goods", "Sold goods go to their buyer; only a gift can be diverted.")
		}
		gift, err := market.CampaignByID(ctx, tx, c.Load.Campaign)
		if err != nil {
			return Diversion{}, found(err, "no_such_campaign", "campaign")
		}
		if !slices.Contains(gift.Demands, demand) {
			return Diversion{}, fault.New(fault.Conflict, "donor_yes_needed", "This is a gift for: %s. Its donors have to agree to another use first.", gift.NamedUse)
		}
	}
	return Diversion{Demand: demand, Party: to.Party, Reason: reason, Place: stopOf(to.Place.Name, to.Place.Adcode, to.Place.Point)}, nil
}

// Settle pays the carrier for a trip that is done: out of each gift's fund or order's escrow by the weight it had on
// board, the last share taking what rounding leaves.
func (s *Service) Settle(ctx context.Context, by auth.Actor, trip string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventSettle, stop: -1,
		may: func(Trip) bool { return by.Is(auth.Finance) || plans(by) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if _, done := t.event(EventSettle, -1); done {
				return nil, fault.New(fault.Conflict, "settled_already", "The carrier of this trip was paid already.")
			}
			shares := t.haulage()
			for _, h := range shares {
				h.ClientID, h.At = "trip/"+t.ID+"/haulage/"+h.Order, e.ActedAt
				if err := s.books.PayHaulage(ctx, tx, by, h); err != nil {
					return nil, err
				}
			}
			return map[string]any{"fen": t.Outline.Haulage, "shares": len(shares)}, nil
		}})
}

// haulage splits the carrier's price over the orders on board by loaded weight.
func (t Trip) haulage() []orders.Haulage {
	var total measure.Grams
	sums := map[string]measure.Grams{}
	var out []orders.Haulage
	for _, c := range t.Consignments {
		if sums[c.Load.Order] == 0 {
			out = append(out, orders.Haulage{Campaign: c.Load.Campaign, Order: c.Load.Order, Carrier: t.Carrier, Trip: t.ID})
		}
		sums[c.Load.Order] += t.loaded[c.ID].Grams
		total += t.loaded[c.ID].Grams
	}
	left := t.Outline.Haulage
	for i := range out {
		out[i].Fen = measure.Fen(int64(t.Outline.Haulage) * int64(sums[out[i].Order]) / max(int64(total), 1))
		if i == len(out)-1 {
			out[i].Fen = left
		}
		left -= out[i].Fen
	}
	return slices.DeleteFunc(out, func(h orders.Haulage) bool { return h.Fen <= 0 })
}
