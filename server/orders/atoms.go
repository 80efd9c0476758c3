package orders

import (
	"maps"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/measure"
)

// What registered households got is told as sums over three of them at least, and no two figures may be subtracted down to fewer. So every
// figure is a sum of whole atoms, which have no money in common:
//
//   - what an order line gave to three households or more is an atom, told once it is settled;
//   - what all other lines of one buyer, county and month gave is one atom, told when that month is over, and if it is of three or more.
//
// What is in no told atom stands in the cooperative's part. Weights that are corrected later open none: they stand there too.
// The source is the Handbook on Statistical Disclosure Control, second edition, 4.2: a least number of three, and a look at what margins
// and cells give away together (sdctools.github.io/HandbookSDC/04-magnitude-tabular-data.html).

// leastHouseholds is how many households a told sum is of.
const leastHouseholds = 3

// households are some of them, each once.
type households map[string]bool

func (h households) enough() bool { return len(h) >= leastHouseholds }

// SeesHouseholds reports whether the actor may see what single households of a seller get.
func SeesHouseholds(by auth.Actor, seller string) bool {
	return by.Can(auth.Finance, "") || by.Can(auth.Auditor, "") || by.MayActFor(seller, auth.ActOffers)
}

// cell is what one buyer bought from one county in one month of China.
type cell struct {
	buyer, county string
	month         time.Time
}

// over reports whether nothing more can be settled in the month.
func (c cell) over(now time.Time) bool { return !now.Before(c.month.AddDate(0, 1, 0)) }

// benefitPaid is one household's part of one settled line.
type benefitPaid struct {
	ReliefLine // Benefit is the part
	household  string
}

func (b benefitPaid) cell() cell { return cell{b.Buyer, b.County, monthOf(b.SettledAt)} }

// atom is the least that is told of what households got.
type atom struct {
	cell
	line  string // of an order; "": the lines of the cell that are too small to be told alone
	parts []benefitPaid
}

// atomsOf makes atoms of the parts of whole months, in the parts' order.
func atomsOf(parts []benefitPaid) []atom {
	of := map[string]households{} // by order line
	for _, b := range parts {
		of[b.Line] = of[b.Line].with(b.household)
	}
	type key struct {
		cell
		line string
	}
	at := map[key]int{}
	var out []atom
	for _, b := range parts {
		k := key{cell: b.cell()}
		if of[b.Line].enough() {
			k.line = b.Line
		}
		i, ok := at[k]
		if !ok {
			i, out = len(out), append(out, atom{cell: k.cell, line: k.line})
			at[k] = i
		}
		out[i].parts = append(out[i].parts, b)
	}
	return out
}

func (h households) with(id string) households {
	if h == nil {
		h = households{}
	}
	h[id] = true
	return h
}

func (a atom) households() households {
	var h households
	for _, b := range a.parts {
		h = h.with(b.household)
	}
	return h
}

func (a atom) sum() (sum measure.Fen) {
	for _, b := range a.parts {
		sum += b.Benefit
	}
	return sum
}

// told reports whether the atom may be shown by now.
func (a atom) told(now time.Time) bool {
	return a.households().enough() && (a.line != "" || a.over(now))
}

// householdsByLine gives those that a settlement pays, by order line.
func householdsByLine(lines []SettlementLine) map[string]households {
	of := map[string]households{}
	for _, l := range lines {
		if l.Kind == BenefitLine {
			of[l.Line] = of[l.Line].with(l.Party)
		}
	}
	return of
}

// The notes of lines that stand for several households.
const (
	sumOfHouseholds = "sum_of_households"
	withFew         = "with_benefit_of_few_households"
)

// summed replaces the lines of single households by one for each order line that is an atom; what one or two got of a line stands in what
// the cooperative gets.
func summed(lines []SettlementLine) []SettlementLine {
	of := householdsByLine(lines)
	out := slices.DeleteFunc(slices.Clone(lines), func(l SettlementLine) bool { return l.Kind == BenefitLine })
	for _, line := range slices.Sorted(maps.Keys(of)) {
		sum := SettlementLine{Kind: BenefitLine, Line: line, Account: Benefit(""), Note: sumOfHouseholds}
		for _, l := range lines {
			if l.Kind == BenefitLine && l.Line == line {
				sum.Price, sum.Grams, sum.Fen = l.Price, sum.Grams+l.Grams, sum.Fen+l.Fen
			}
		}
		if of[line].enough() {
			out = append(out, sum)
			continue
		}
		i := slices.IndexFunc(out, func(l SettlementLine) bool { return l.Kind == CoopLine && l.Line == line })
		out[i].Fen, out[i].Price, out[i].Note = out[i].Fen+sum.Fen, out[i].Price+sum.Price, withFew
	}
	return out
}
