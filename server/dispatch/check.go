package dispatch

import (
	"context"
	"fmt"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// Check is the second check (复检) of goods that were held.
type Check struct {
	Inspector string        `json:"inspector"` // who looked at the goods
	Photo     string        `json:"photo"`
	Lines     []CheckedLine `json:"lines"`
}

// CheckedLine says what of one consignment is no longer what was ordered. The rest may be delivered.
type CheckedLine struct {
	Consignment string        `json:"consignment"`
	Downgraded  measure.Grams `json:"downgraded_grams"` // fit for a lower grade
	Condemned   measure.Grams `json:"condemned_grams"`  // to be destroyed
	Tenths      *int          `json:"temperature_tenths"`
	Reason      string        `json:"reason"`
}

// Bad is what the receiver has to reject.
func (l CheckedLine) Bad() measure.Grams { return l.Downgraded + l.Condemned }

// checked ends the hold and remembers what was found bad.
func (t *Trip) checked(c Check) {
	t.hold = nil
	for _, l := range c.Lines {
		t.cold.bad[l.Consignment] = l
	}
}

// settle faults a check that leaves out goods of the hold, or finds more bad than there is.
func (c Check) settle(t Trip, board map[string]measure.Grams) error {
	if c.Inspector == "" || utf8.RuneCountInString(c.Inspector) > 60 || len(c.Photo) > 100 {
		return fault.At("inspector", "required", "Say who looked at the goods.")
	}
	seen := map[string]bool{}
	for i, l := range c.Lines {
		if f := l.fault(board, seen); f != nil {
			return f.In(fmt.Sprintf("lines[%d]", i))
		}
		seen[l.Consignment] = true
	}
	for _, b := range t.hold.Breaches {
		if board[b.Consignment] > 0 && !seen[b.Consignment] {
			return fault.At("lines", "every_held", "Each consignment that was held has to be checked.")
		}
	}
	return nil
}

func (l CheckedLine) fault(board map[string]measure.Grams, seen map[string]bool) *fault.Fault {
	switch {
	case board[l.Consignment] == 0 || seen[l.Consignment]:
		return fault.At("consignment", "not_on_board", "This consignment is not on board, or is named twice.")
	case l.Downgraded < 0 || l.Condemned < 0:
		return fault.At("downgraded", "bad_weight", "Weight can't be below zero.")
	case l.Bad() > board[l.Consignment]:
		return fault.At("downgraded", "more_than_on_board", "%s is on board, %s can't be bad.", board[l.Consignment], l.Bad())
	case l.Bad() > 0 && l.Reason == "":
		return fault.At("reason", "required", "Say what is wrong with the goods.")
	case utf8.RuneCountInString(l.Reason) > 300:
		return fault.At("reason", "too_long", "A reason has at most %d characters.", 300)
	case l.Tenths != nil && (*l.Tenths < coldest || *l.Tenths > hottest):
		return fault.At("temperature", "bad_temperature", "A temperature is between -60 and 80 °C.")
	}
	return nil
}

// Check ends a hold: it says what of the goods is still what was ordered. The carrier can't check himself.
func (s *Service) Check(ctx context.Context, by auth.Actor, trip string, r Report, c Check) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventCheck, stop: -1, sent: c,
		may: func(t Trip) bool { return plans(by) || receives(by, t) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, _ Event) (any, error) {
			board, err := onBoard(ctx, tx, t)
			if err != nil {
				return nil, err
			}
			return c, c.settle(t, board)
		}})
}

// receives reports whether the actor receives something of the trip.
func receives(by auth.Actor, t Trip) bool {
	for _, stop := range t.Outline.Stops {
		if stop.Kind == UnloadStop && by.MayActFor(stop.Party, auth.ActReceive) {
			return true
		}
	}
	return false
}
