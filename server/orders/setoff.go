package orders

import "jishi/server/measure"

// SetoffWhy says where a debt between two parties comes from.
type SetoffWhy string

// The reasons of a setoff.
const (
	ByCorrection SetoffWhy = "correction" // a weight was found wrong after the settlement
	ByLoss       SetoffWhy = "loss"       // goods were lost on the road, and the carrier answers for them by the terms of the order
)

// Setoff (抵扣) is what one party owes another through us. It is taken out of what we owe the debtor, now or with the next payout, and is the
// other's from then on. Nobody pays it in advance.
type Setoff struct {
	ID     string
	Order  string
	Why    SetoffWhy
	Ref    string // id of the correction, or of the order line
	Kind   LineKind
	Party  string      // whose account changes: who gets Fen more, or got it too much
	Fen    measure.Fen // that it gets more, below zero: got too much
	Debtor string      // party, or "platform"
	From   string      // account
	To     string      // account
	Open   measure.Fen // not taken yet
}

// platform stands for the platform itself where parties are named.
const platform = "platform"

// amount is its fen without the sign.
func (s Setoff) amount() measure.Fen { return max(s.Fen, -s.Fen) }

// Moved is what of the change is done, with its sign.
func (s Setoff) Moved() measure.Fen {
	if s.Fen < 0 {
		return s.Fen + s.Open
	}
	return s.Fen - s.Open
}

// byHousehold reports whether a household gives back what it got too much.
func (s Setoff) byHousehold() bool { return s.Kind == BenefitLine && s.Fen < 0 }
