package orders

import (
	"jishi/server/market"
	"jishi/server/measure"
)

// LineKind says what a line of a settlement explains or pays.
type LineKind string

// The kinds of settlement line. Those marked "pays" name an account; the others explain and move nothing.
const (
	GoodsLine       LineKind = "goods"        // accepted weight x agreed price: the sum to divide
	CoopLine        LineKind = "coop"         // pays the seller
	BenefitLine     LineKind = "benefit"      // pays one poor household
	HaulageLine     LineKind = "haulage"      // paid to a carrier out of the escrow, before
	FeeLine         LineKind = "fee"          // pays the platform
	RoundingLine    LineKind = "rounding"     // pays the rounding account
	RejectedLine    LineKind = "rejected"     // refused at the door, not paid for
	LossAllowedLine LineKind = "loss_allowed" // moisture that nobody answers for
	LossChargeLine  LineKind = "loss_charge"  // loss that somebody answers for, at the agreed price
)

// SettlementLine is one line of a settlement.
type SettlementLine struct {
	Kind    LineKind
	Line    string // order line
	Party   string // who gets it or answers for it
	Grams   measure.Grams
	Price   measure.PriceE4
	Fen     measure.Fen
	Account string // where Fen goes, "" for a line that explains
	Note    string // stable word for the reason: "moisture_within_agreed", "moisture_beyond_agreed", ...
}

// Settlement divides the money of one order.
type Settlement struct {
	Order string
	Total measure.Fen // sum of the goods lines
	Lines []SettlementLine
}

// Paid sums the lines that pay; it equals Total.
func (s Settlement) Paid() measure.Fen {
	var sum measure.Fen
	for _, l := range s.Lines {
		if l.Account != "" {
			sum += l.Fen
		}
	}
	return sum
}

// weighed is an order line with what became of its goods.
type weighed struct {
	Line
	Loaded   measure.Grams
	Accepted measure.Grams
	Rejected measure.Grams
	Lost     map[LossCause]measure.Grams
	Poor     []market.Share // the poor households of the lot and what they brought
}

// allowedMoisture is the part of the loaded weight, in 1/1000, that may dry out at nobody's cost where no rule is wired: 3 %.
const allowedMoisture = 30

// lossTerms fixes an offer's terms for an order: what is left to the rule becomes the rule of the day.
func (s *Service) lossTerms(t market.LossTerms, produce string) market.LossTerms {
	if t.MoisturePerMille == market.ByRule {
		t.MoisturePerMille = allowedMoisture
		if s.Moisture != nil {
			t.MoisturePerMille = s.Moisture(produce)
		}
	}
	return t
}

// feePermille is the platform's share of the settlement in 1/1000. Platform 832 charges sellers no commission, nor do we.
const feePermille = 0

// settle divides an order's money by accepted weight.
func settle(order, seller string, lines []weighed) Settlement {
	s := Settlement{Order: order}
	for _, l := range lines {
		s.Total += l.Price.Times(l.Accepted)
		s.Lines = append(s.Lines, l.pays(seller)...)
		s.Lines = append(s.Lines, l.explains()...)
	}
	return s
}

// pays gives the goods line and the lines that divide it. The benefit is rounded half up and the seller's part down, so
// that what is left by rounding is never below zero; it goes to its own account.
func (l weighed) pays(seller string) []SettlementLine {
	total := l.Price.Times(l.Accepted)
	goods := SettlementLine{Kind: GoodsLine, Line: l.ID, Party: seller, Grams: l.Accepted, Price: l.Price, Fen: total}
	benefits := l.benefits()
	own := l.Price
	if len(benefits) > 0 {
		own -= l.Benefit
	}
	fee := total * feePermille / 1000
	coop := max(0, floorTimes(own, l.Accepted)-fee)
	out := append([]SettlementLine{goods}, SettlementLine{
		Kind: CoopLine, Line: l.ID, Party: seller, Grams: l.Accepted, Price: own, Fen: coop, Account: Payable(seller),
	})
	out = append(out, benefits...)
	rest := total - coop - fee
	for _, b := range benefits {
		rest -= b.Fen
	}
	if fee > 0 {
		out = append(out, SettlementLine{Kind: FeeLine, Line: l.ID, Fen: fee, Account: Fee})
	}
	if rest > 0 {
		out = append(out, SettlementLine{Kind: RoundingLine, Line: l.ID, Fen: rest, Account: Rounding, Note: "rounded_down"})
	}
	return out
}

// benefits splits the benefit among the poor households by what they brought; none without them, the money then stays
// with the seller.
func (l weighed) benefits() []SettlementLine {
	pot := l.Benefit.Times(l.Accepted)
	if pot == 0 || len(l.Poor) == 0 {
		return nil
	}
	var out []SettlementLine
	for i, n := range market.Split(int64(pot), l.Poor) {
		if fen := measure.Fen(n); fen > 0 {
			h := l.Poor[i]
			out = append(out, SettlementLine{
				Kind: BenefitLine, Line: l.ID, Party: h.Household, Grams: h.Grams, Price: l.Benefit, Fen: fen, Account: Benefit(h.Household),
			})
		}
	}
	return out
}

// explains gives the lines about goods that were not accepted. Nothing is netted: whoever answers for a loss sees it.
func (l weighed) explains() []SettlementLine {
	var out []SettlementLine
	add := func(kind LineKind, g measure.Grams, fen measure.Fen, note string) {
		if g > 0 {
			out = append(out, SettlementLine{Kind: kind, Line: l.ID, Grams: g, Price: l.Price, Fen: fen, Note: note})
		}
	}
	add(RejectedLine, l.Rejected, 0, "rejected_at_the_door")
	allowed, beyond := l.moisture()
	add(LossAllowedLine, allowed, 0, "moisture_within_agreed")
	add(LossChargeLine, beyond, l.Price.Times(beyond), "moisture_beyond_agreed")
	for _, cause := range []LossCause{Rot, Missing, Theft} {
		add(LossChargeLine, l.Lost[cause], l.Price.Times(l.Lost[cause]), string(cause))
	}
	return out
}

// moisture divides what dried out into the part that was agreed to be nobody's fault and the part beyond.
func (l weighed) moisture() (allowed, beyond measure.Grams) {
	allowed = min(l.Lost[Moisture], l.Loaded*measure.Grams(l.Loss.MoisturePerMille)/1000)
	return allowed, l.Lost[Moisture] - allowed
}

// floorTimes is p x g rounded down to the fen.
func floorTimes(p measure.PriceE4, g measure.Grams) measure.Fen {
	return measure.Fen(int64(p) * int64(g) / 100_000)
}
