package market

import (
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Unspent is a donor's word on its part of what a campaign leaves over, given with the pledge.
type Unspent string

// What becomes of money that was not spent.
const (
	UnspentBack Unspent = "back" // it is owed back to the donor
	UnspentNext Unspent = "next" // it goes on to the next campaign, whose named use then holds
)

// PledgeState is where a pledge stands.
type PledgeState string

// The states of a pledge. All but withdrawn are worked out from what came in and the clock.
const (
	PledgeOpen      PledgeState = "open"      // the money is awaited
	PledgePart      PledgeState = "part"      // some of it came
	PledgePaid      PledgeState = "paid"      // all of it came
	PledgeLapsed    PledgeState = "lapsed"    // nothing came in time; it holds no room in the goal any more
	PledgeWithdrawn PledgeState = "withdrawn" // the donor took it back before paying
)

// Pledge (认捐) is a donor's promise of money for a campaign.
type Pledge struct {
	ID        string
	Campaign  string
	Donor     string
	Fen       measure.Fen
	Unspent   Unspent
	Named     bool           // the donor's name is shown to everybody
	Reference string         // what its transfer quotes
	MadeAt    measure.Millis // promised
	PayUntil  measure.Millis
	EndedAt   measure.Millis // taken back
}

// payTime is how long a pledge holds its room in the goal without money.
const payTime = 7 * 24 * time.Hour

// State tells where a pledge stands when so much of it came in. Money counts whenever it comes.
func (p Pledge) State(paid measure.Fen, now time.Time) PledgeState {
	switch {
	case paid >= p.Fen:
		return PledgePaid
	case paid > 0:
		return PledgePart
	case p.EndedAt > 0:
		return PledgeWithdrawn
	case now.UnixMilli() > int64(p.PayUntil):
		return PledgeLapsed
	}
	return PledgeOpen
}

// awaited is what may still come in for a pledge.
func (p Pledge) awaited(paid measure.Fen, now time.Time) measure.Fen {
	if s := p.State(paid, now); s == PledgeOpen || s == PledgePart {
		return p.Fen - paid
	}
	return 0
}

// PledgeInput is what a donor says.
type PledgeInput struct {
	Campaign string
	Donor    string
	Fen      measure.Fen
	Unspent  Unspent // "" is back
	Named    bool
}

func (in PledgeInput) check() error {
	if in.Fen <= 0 || in.Fen > maxMoney {
		return fault.At("amount", "bad_money", "The amount lies above zero and at most at a billion yuan.")
	}
	if in.Unspent != UnspentBack && in.Unspent != UnspentNext {
		return fault.At("unspent", "unknown_unspent", "Money that is left over goes back or to the next campaign.")
	}
	return nil
}

// Room is how much more a campaign asks for: its goal less what came in and what is promised. limited is false for a
// campaign without a goal in money.
func (c Campaign) Room(paid, awaited measure.Fen) (room measure.Fen, limited bool) {
	return max(0, c.GoalFen-paid-awaited), c.GoalFen > 0
}
