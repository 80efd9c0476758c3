package dispatch

import (
	"context"
	"fmt"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

// NoShow says that the truck did not come to load by the time it promised. The goods go back to where they
// wait, and so does what the shippers put up. Carriers put nothing up.
func (s *Service) NoShow(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventNoShow, stop: -1, sent: reason,
		may: func(t Trip) bool { return plans(by) || sells(by, t) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if due := t.Outline.Stops[0].Start + noShowGrace; e.At() < due {
				return nil, fault.New(fault.Conflict, "not_late_yet", "The truck is due at %s: it is not late before %s.", clockAt(t.Outline.Stops[0].Start), clockAt(due))
			}
			return s.giveBack(by, reason)(ctx, tx, t, e)
		}})
}

// noShowGrace is how late a truck may come. General knowledge, not checked.
const noShowGrace = 2 * hour

// NoGoods is the driver's word that the truck stood at the ramp and the goods were not there.
func (s *Service) NoGoods(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventNoGoods, stop: -1, sent: reason,
		may: func(t Trip) bool { return drives(by, t) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if _, there := t.event(EventArrive, 0); !there {
				return nil, fault.New(fault.Conflict, "not_at_ramp", "The truck has to be at the ramp before its goods can be missing.")
			}
			if len(t.loaded) > 0 {
				return nil, fault.New(fault.Conflict, "loaded_already", "What is loaded here was weighed already.")
			}
			return s.giveBack(by, reason)(ctx, tx, t, e)
		}})
}

// sells reports whether the actor is a seller of goods on the trip.
func sells(by auth.Actor, t Trip) bool {
	for _, stop := range t.Outline.Stops {
		if stop.Kind == LoadStop && by.MayActFor(stop.Party, auth.ActLots) {
			return true
		}
	}
	return false
}

// Breakdown says that the truck stands; Repair that it drives again. Another truck takes over by a hand-over.
func (s *Service) Breakdown(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	return s.driverSays(ctx, by, trip, EventBreakdown, reason, r)
}

// Repair says that a broken truck drives on.
func (s *Service) Repair(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	return s.driverSays(ctx, by, trip, EventRepair, reason, r)
}

func (s *Service) driverSays(ctx context.Context, by auth.Actor, trip string, kind EventKind, reason string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: kind, stop: -1, sent: reason,
		may: func(t Trip) bool { return drives(by, t) },
		apply: func(context.Context, store.Tx, Trip, Event) (any, error) {
			return map[string]string{"reason": reason}, nil
		}})
}

// ReturnLoad says that what was on board for a stop is back with its seller, whole or less what was lost on the way. Nobody rejects
// what comes back: a line with a rejected weight is refused, so that no gram of it is passed over in silence.
func (s *Service) ReturnLoad(ctx context.Context, by auth.Actor, trip string, stop int, r Report, d Delivery) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventReturn, stop: stop, sent: d,
		may: func(t Trip) bool { return plans(by) || sells(by, t) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			t.cold.bad = nil // nobody rejects what goes back whole
			for i, l := range d.Lines {
				if l.Rejected != 0 {
					return nil, fault.At(fmt.Sprintf("lines[%d].rejected", i), "nothing_rejected", "Goods that come back are not rejected: what is missing or rotten is lost, the rest is back.")
				}
			}
			d, board, err := s.weighIn(ctx, tx, t, stop, d)
			if err != nil {
				return nil, err
			}
			for _, l := range d.Lines {
				receipt := orders.Receipt{ClientID: e.ClientID + "/" + l.Consignment, Consignment: l.Consignment, Returned: l.Received, At: e.At()}
				if lost := board[l.Consignment] - l.Received; lost > 0 {
					receipt.Lost = map[orders.LossCause]measure.Grams{l.LostCause: lost}
				}
				if err = s.books.Received(ctx, tx, by, receipt); err != nil {
					return nil, err
				}
			}
			return d, nil
		}})
}

// Loss gives up what is on board.
type Loss struct {
	Cause  orders.LossCause `json:"cause"`
	Report string           `json:"report"` // number of the police's or the insurer's report
	Reason string           `json:"reason"`
}

// lostAfter is how long a truck must not have been heard of before its goods can be given up.
const lostAfter = 72 * hour

// giveUp serves every stop that is still open: nothing will come there.
func (t *Trip) giveUp(Loss) {
	for n, stop := range t.Outline.Stops {
		if stop.Kind == UnloadStop {
			t.delivered[n] = true
		}
	}
}

// Lost gives up what is on board of a truck that nobody heard of for 72 hours. It needs a report.
func (s *Service) Lost(ctx context.Context, by auth.Actor, trip string, r Report, l Loss) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventLost, stop: -1, sent: l,
		may: func(Trip) bool { return by.Is(auth.Operator) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if err := l.check(); err != nil {
				return nil, err
			}
			if heard := t.Events[len(t.Events)-1]; e.SyncedAt < heard.SyncedAt+lostAfter {
				return nil, fault.New(fault.Conflict, "heard_of", "The truck was last heard of at %s: goods are given up after 72 hours.", clockAt(heard.SyncedAt))
			}
			board, err := onBoard(ctx, tx, t)
			if err != nil {
				return nil, err
			}
			for _, c := range t.Consignments {
				if board[c.ID] == 0 {
					continue
				}
				err = s.books.Received(ctx, tx, by, orders.Receipt{ClientID: e.ClientID + "/" + c.ID, Consignment: c.ID, At: e.At(),
					Lost: map[orders.LossCause]measure.Grams{l.Cause: board[c.ID]}})
				if err != nil {
					return nil, err
				}
			}
			return l, nil
		}})
}

func (l Loss) check() error {
	switch {
	case l.Cause == "" || !causes[l.Cause] || l.Cause == orders.Moisture:
		return fault.At("cause", "unknown_cause", "A loss is moisture, rot, missing or theft.")
	case l.Report == "" || len(l.Report) > 60:
		return fault.At("report", "required", "Give the number of the report to the police or the insurer.")
	}
	return checkLength(l.Reason)
}

// TakenBack is rejected goods that leave the receiver: back to their seller, who may sell them in a lower grade, or
// destroyed.
type TakenBack struct {
	Lines []TakenBackLine `json:"lines"`
}

// TakenBackLine is what of one consignment is taken back.
type TakenBackLine struct {
	Consignment string        `json:"consignment"`
	Grams       measure.Grams `json:"grams"`
	Grade       string        `json:"grade"` // of the new lot; "" when destroyed
	Destroyed   bool          `json:"destroyed"`
	Lot         string        `json:"lot"` // the new lot
	Reason      string        `json:"reason"`
}

// TakeBack moves rejected goods of a stop from the receiver to a new lot of their seller, or writes down their end.
func (s *Service) TakeBack(ctx context.Context, by auth.Actor, trip string, stop int, r Report, b TakenBack) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventTakeBack, stop: stop, sent: b,
		may: func(t Trip) bool { return plans(by) || sells(by, t) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if err := t.stop(stop, UnloadStop); err != nil {
				return nil, err
			}
			if len(b.Lines) == 0 || len(b.Lines) > 500 {
				return nil, fault.At("lines", "required", "Say what is taken back.")
			}
			for i, l := range b.Lines {
				c, ok := t.consignment(l.Consignment)
				if !ok || c.UnloadStop != stop {
					return nil, fault.At(fmt.Sprintf("lines[%d].consignment", i), "not_unloaded_here", "This consignment is not unloaded here, or is named twice.")
				}
				lot, err := s.books.TakeBack(ctx, tx, by, orders.TakingBack{ClientID: fmt.Sprintf("%s/%d", e.ClientID, i), Consignment: c.ID, Grams: l.Grams,
					Grade: l.Grade, Destroyed: l.Destroyed, Place: t.Outline.Stops[stop].Place, Reason: l.Reason, At: e.At()})
				if err != nil {
					return nil, inLine(err, i)
				}
				b.Lines[i].Lot = lot
			}
			return b, nil
		}})
}

func inLine(err error, i int) error {
	if f := fault.Of(err); f != nil && f.Field != "" {
		return f.In(fmt.Sprintf("lines[%d]", i))
	}
	return err
}

// undelivered checks that a stop is for unloading and was not served.
func (t Trip) undelivered(stop int) error {
	if err := t.stop(stop, UnloadStop); err != nil {
		return err
	}
	if t.delivered[stop] {
		return fault.New(fault.Conflict, "delivered_already", "This stop's delivery was reported already.")
	}
	return nil
}
