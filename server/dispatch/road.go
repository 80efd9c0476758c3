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
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// drives reports whether the actor is the driver or the carrier that has the goods now, or the dispatcher.
func drives(by auth.Actor, t Trip) bool {
	c := t.driving()
	return by.Can(auth.Driver, c) || by.MayActFor(c, auth.ActHaul) || plans(by)
}

// sees reports whether the actor has a part in the trip.
func sees(by auth.Actor, t Trip) bool {
	if plans(by) || by.Is(auth.Auditor) || by.Is(auth.Finance) || by.Is(auth.Operator) {
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
func (s *Service) Trips(ctx context.Context, by auth.Actor, standing bool, after string, n int) ([]Trip, error) {
	all := plans(by) || by.Is(auth.Auditor) || by.Is(auth.Finance)
	return tripsOf(ctx, s.db.Read(), all, by.Parties(), standing, after, page(n))
}

// TripsWith gives the trips that carry some of the consignments, oldest first, for a report that shows their goods. Who may see that
// report is the caller's to know.
func (s *Service) TripsWith(ctx context.Context, consignments ...string) ([]Trip, error) {
	return tripsWith(ctx, s.db.Read(), consignments)
}

// State gives where a trip stands now.
func (s *Service) State(ctx context.Context, t Trip) TripState { return t.State(s.millis(ctx)) }

// happening is one report on its way into the books.
type happening struct {
	kind EventKind
	stop int
	sent any // what the device sent: a repeat is known by it
	may  func(t Trip) bool
	once bool // said again about a stop, by another device too, it is written down once
	// apply checks the report against the trip, moves what it moves, and gives what is to be kept of it.
	apply func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error)
	// then gives the event that this one completes, if any; nil for none.
	then func(ctx context.Context, tx store.Tx, t Trip, e Event) (*Event, error)
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
	e := Event{ID: store.NewID(), Trip: trip, ClientID: r.ClientID, Stop: h.stop, Kind: h.kind, ActedAt: r.ActedAt, SyncedAt: now, ClockOff: r.clockOff(now), By: by.ID()}
	if e.ClientID == "" {
		e.ClientID = e.ID
	}
	if e.ActedAt == 0 {
		e.ActedAt = now + e.ClockOff
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
		if err = (Report{ClientID: r.ClientID, ActedAt: e.At()}).check(now, t.MadeAt); err != nil {
			return err
		}
		if err = t.may(h.kind, now); err != nil {
			return err
		}
		if h.once && t.told(h.kind, h.stop) {
			return nil
		}
		return s.write(ctx, tx, by, &t, e, h, sent)
	})
	return t, err
}

// told reports whether a report of this kind stands for a stop. Goods that went elsewhere made another place of it.
func (t Trip) told(kind EventKind, stop int) bool {
	for _, e := range slices.Backward(t.Events) {
		switch {
		case e.Stop != stop:
		case e.Kind == EventDivert:
			return false
		case e.Kind == kind:
			return true
		}
	}
	return false
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
	if err = s.keep(ctx, tx, by, t, e); err != nil || h.then == nil {
		return err
	}
	next, err := h.then(ctx, tx, *t, e)
	if err != nil || next == nil {
		return err
	}
	return s.keep(ctx, tx, by, t, *next)
}

// keep writes an event down and lets the trip take it. Who, when, where and what of it stand in the audit: the trail of an
// export of trace events.
func (s *Service) keep(ctx context.Context, tx store.Tx, by auth.Actor, t *Trip, e Event) error {
	if err := insertEvent(ctx, tx, e); err != nil {
		return err
	}
	waited, done := len(t.toLoad()) > 0, t.done()
	t.Events = append(t.Events, e)
	if err := t.take(e); err != nil {
		return err
	}
	if waited && len(t.toLoad()) == 0 {
		if err := setNothingToLoad(ctx, tx, t.ID); err != nil {
			return err
		}
	}
	if !done && t.done() {
		if err := s.noteCarried(ctx, tx, *t); err != nil {
			return err
		}
	}
	if tellsOf(e.Kind) {
		if err := s.tell(ctx, tx, t.Capacity, 0); err != nil {
			return err
		}
	}
	act := "trip." + string(e.Kind)
	if err := ledger.Record(ctx, tx, ledger.Event{At: e.At(), Actor: by.ID(), Act: act, Subject: "trip/" + t.ID}, nil, t.act(e)); err != nil {
		return err
	}
	return s.news.Tell(ctx, tx, webhooks.Event{Kind: act, ID: t.ID, At: e.At(), Parties: t.parties})
}

// tellsOf reports whether an event takes room of an offer or gives it back, so that search has to know.
func tellsOf(kind EventKind) bool {
	switch kind {
	case EventConfirm, EventDecline, EventCancel, EventReplan, EventExpire, EventNoShow, EventNoGoods:
		return true
	}
	return false
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

// Arrive says that the truck is at a stop.
func (s *Service) Arrive(ctx context.Context, by auth.Actor, trip string, stop int, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventArrive, stop: stop, once: true,
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
			if err := t.goodsOnly(stop, LoadStop); err != nil {
				return nil, err
			}
			w, err := w.settle(t, stop, e.By, s.rules)
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
			Allocation: c.Load.Allocation, Lot: c.Load.Lot, Grams: l.Grams, At: e.At()})
		if err != nil {
			return err
		}
	}
	return nil
}

// Depart says that the truck leaves a stop. Where it still has to go, it must be let in.
func (s *Service) Depart(ctx context.Context, by auth.Actor, trip string, stop int, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDepart, stop: stop, once: true,
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
			closed, err := closedFrom(ctx, tx, dayAt(e.At()))
			if err != nil {
				return nil, err
			}
			return nil, s.letIn(t, v, dayAt(e.At()), closed)
		}})
}

// finished reports whether the stop's loading or delivery was reported.
func (t Trip) finished(stop int) bool {
	if t.Outline.Stops[stop].Kind == UnloadStop {
		return t.delivered[stop]
	}
	kind := EventLoad
	if t.carriesPeople(stop, LoadStop) {
		kind = EventBoard
	}
	_, ok := t.event(kind, stop)
	return ok
}

// letIn refuses to leave without the pass, the papers or the plate that the rest of the way asks for. Papers are read
// as they are now: a pass may have come since the plan was made.
func (s *Service) letIn(t Trip, v Vehicle, day string, closed []Closure) error {
	truck := t.Outline.Truck
	truck.Vehicle = v
	q := Question{Day: day, Trucks: []Truck{truck}, Closed: closed}
	for _, c := range t.Consignments {
		load := c.Load
		load.To = t.Outline.Stops[c.UnloadStop].Place
		q.Loads = append(q.Loads, load)
	}
	p := rulesOnly(s.rules, s.places, q)
	if paper, over := v.Expired(day); over {
		return fault.New(fault.Conflict, "paper_over", "%s: the paper %s ended on %s.", v.Plate, string(paper.Kind), paper.Until)
	}
	now := p.closures(p.day)
	for i, c := range t.Consignments {
		if t.delivered[c.UnloadStop] {
			continue
		}
		if shut, no := p.closedBetween(now, p.codeOf(c.Load.From), p.codeOf(q.Loads[i].To)); no {
			return fault.New(fault.Conflict, "not_let_through", "The truck would not be let through: %s", p.shut(shut))
		}
		if b := p.barOf(rules.Day(day), 0, i, true); b != nil {
			return fault.New(fault.Conflict, "not_let_through", "The truck would not be let through: %s", b.Said)
		}
	}
	return nil
}

// Deliver is the proof of delivery of all that is unloaded at a stop.
func (s *Service) Deliver(ctx context.Context, by auth.Actor, trip string, stop int, r Report, d Delivery) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDeliver, stop: stop, sent: d,
		may: func(t Trip) bool {
			return drives(by, t) || stop >= 0 && stop < len(t.Outline.Stops) && by.MayActFor(t.Outline.Stops[stop].Party, auth.ActReceive)
		},
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			d, board, err := s.weighIn(ctx, tx, t, stop, d)
			if err != nil {
				return nil, err
			}
			if err = s.carried(ctx, tx, t, stop); err != nil {
				return nil, err
			}
			return d, s.receiveAll(ctx, tx, by, t, e, d, board)
		}})
}

// weighIn checks what was weighed at a stop against what is on board for it, which it gives too.
func (s *Service) weighIn(ctx context.Context, tx store.Tx, t Trip, stop int, d Delivery) (Delivery, map[string]measure.Grams, error) {
	if err := t.undelivered(stop); err != nil {
		return d, nil, err
	}
	if err := t.goodsOnly(stop, UnloadStop); err != nil {
		return d, nil, err
	}
	board, err := onBoard(ctx, tx, t)
	if err != nil {
		return d, nil, err
	}
	d, err = d.settle(t, stop, board, s.rules)
	return d, board, err
}

func (s *Service) receiveAll(ctx context.Context, tx store.Tx, by auth.Actor, t Trip, e Event, d Delivery, board map[string]measure.Grams) error {
	for _, l := range d.Lines {
		c, _ := t.consignment(l.Consignment)
		r := orders.Receipt{ClientID: e.ClientID + "/" + c.ID, Consignment: c.ID, Received: l.Received, Rejected: l.Rejected,
			RejectReason: l.RejectReason, Breach: d.breach(t, c, s.rules) || t.cold.breached(c.ID), At: e.At()}
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
