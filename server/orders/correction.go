package orders

import (
	"slices"

	"jishi/server/market"
	"jishi/server/measure"
)

// Correction is a weight of a settled order that was found wrong: the scale, or a slip of the pen. The settlement stays as it was written;
// what changes is posted anew, and paid or taken with the next payout.
type Correction struct {
	ID          string
	Order       string
	Consignment string
	Line        string        // order line
	Grams       measure.Grams // that were accepted more, below zero: less
	Reason      string
	Photo       string // id, "" none
	At          measure.Millis
	By          string
	Setoffs     []Setoff
}

// Fen is what the buyer pays more for the goods, below zero: less.
func (c Correction) Fen() (sum measure.Fen) {
	for _, l := range c.Setoffs {
		sum += l.Fen
	}
	return sum
}

// CorrectionInput says what should have been accepted.
type CorrectionInput struct {
	ClientID    string // of the device; the same one again has no second effect
	Order       string
	Consignment string
	Accepted    measure.Grams
	Reason      string
	Photo       string
}

func (in CorrectionInput) check() error {
	if in.Accepted < 0 || in.Accepted > market.MaxLot {
		return market.BadWeight("accepted")
	}
	return checkReason(in.Reason)
}

// corrected gives what the accounts get more or less when a line's accepted weight is another by so much: the difference of the two divisions,
// so that several corrections come to what one settlement by the last weight would have given.
func (l weighed) corrected(seller string, by measure.Grams) []Setoff {
	after := l
	after.Accepted += by
	var out []Setoff
	add := func(list []SettlementLine, sign measure.Fen) {
		for _, s := range list {
			if s.Account == "" {
				continue
			}
			i := slices.IndexFunc(out, func(c Setoff) bool { return c.To == s.Account })
			if i < 0 {
				i, out = len(out), append(out, Setoff{Why: ByCorrection, Kind: s.Kind, Party: s.Party, To: s.Account})
			}
			out[i].Fen += sign * s.Fen
		}
	}
	add(l.pays(seller), -1)
	add(after.pays(seller), 1)
	return slices.DeleteFunc(out, func(c Setoff) bool { return c.Fen == 0 })
}
