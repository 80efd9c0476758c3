package dispatch

import (
	"context"
	"errors"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/store"
)

// Confirm is the carrier's yes.
func (s *Service) Confirm(ctx context.Context, by auth.Actor, trip string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventConfirm, stop: -1, apply: s.agree(by), may: func(t Trip) bool { return answers(by, t) }})
}

// Decline is the carrier's no: the goods go back to where they wait.
func (s *Service) Decline(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventDecline, stop: -1, sent: reason, apply: s.giveBack(by, reason),
		may: func(t Trip) bool { return answers(by, t) }})
}

// answers reports whether the actor speaks for the carrier that was asked.
func answers(by auth.Actor, t Trip) bool {
	return by.MayActFor(t.Carrier, auth.ActHaul) || by.Can(auth.Driver, t.Carrier)
}

// Cancel takes a trip back before anything is loaded.
func (s *Service) Cancel(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	if reason == "" {
		return Trip{}, fault.At("reason", "required", "Say why the trip is cancelled.")
	}
	return s.report(ctx, by, trip, r, happening{kind: EventCancel, stop: -1, sent: reason, apply: s.giveBack(by, reason),
		may: func(Trip) bool { return plans(by) }})
}

func (s *Service) giveBack(by auth.Actor, reason string) func(context.Context, store.Tx, Trip, Event) (any, error) {
	return func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
		if t.gaveBack() { // by the clock, before somebody cancelled
			return map[string]string{"reason": reason}, nil
		}
		for _, c := range t.Consignments {
			if err := s.books.Untake(ctx, tx, by, c.ID, e.At()); err != nil {
				return nil, err
			}
		}
		return map[string]string{"reason": reason}, s.endDeposits(ctx, tx, by, t, e)
	}
}

func (t Trip) gaveBack() bool {
	_, ok := t.last(EventExpire)
	return ok
}

// ExpireDue ends every tender that its carrier did not answer in time, and frees the goods for another plan. It may run at
// any time and as often as one likes; it tells how many it ended. One that fails holds up no other.
func (s *Service) ExpireDue(ctx context.Context) (int, error) {
	due, err := unansweredTrips(ctx, s.db.Read(), s.millis(ctx))
	if err != nil {
		return 0, err
	}
	by, ended := auth.System("clock"), 0
	var failed []error
	for _, id := range due {
		_, err = s.report(ctx, by, id, Report{ClientID: "expire/" + id}, happening{kind: EventExpire, stop: -1, apply: s.giveBack(by, "no answer"),
			may: func(Trip) bool { return true }})
		switch {
		case err == nil:
			ended++
		case !fault.Is(err, fault.Conflict): // a conflict: somebody said something since the list was read
			failed = append(failed, err)
		}
	}
	return ended, errors.Join(failed...)
}
