package dispatch

import (
	"cmp"
	"slices"

	"jishi/server/measure"
)

// Prices are other prices than those offered: what if diesel is dearer, or tolls are halved? The zero value changes nothing.
type Prices struct {
	Freight int         `json:"freight_per_mille,omitempty"` // of every carrier's price; 0: as it is
	Toll    int         `json:"toll_per_mille,omitempty"`    // of every toll; 0: as it is
	Diesel  measure.Fen `json:"diesel_fen_km,omitempty"`     // more, or less, on every kilometre driven
}

func (p Prices) freight(f measure.Fen) measure.Fen { return scaled(f, p.Freight) }

func (p Prices) toll(f measure.Fen) measure.Fen { return scaled(f, p.Toll) }

func scaled(f measure.Fen, perMille int) measure.Fen {
	if perMille <= 0 {
		return f
	}
	return (f*measure.Fen(perMille) + 500) / 1000
}

// Comparison is two plans side by side: what each costs by cause, and whose truck or hour changes.
type Comparison struct {
	Lines    []ComparedLine    `json:"lines"`
	Promises []ComparedPromise `json:"promises"` // only those that differ
	Before   Totals            `json:"before"`
	After    Totals            `json:"after"`
}

// Totals are the sums of one plan.
type Totals struct {
	Cost    measure.Fen    `json:"cost_fen"`
	Trucks  int            `json:"trucks"`
	Metres  measure.Metres `json:"metres"`
	LeftOut int            `json:"left_out"`
}

// ComparedLine is what one cause costs in each plan.
type ComparedLine struct {
	Kind   string      `json:"kind"`
	Before measure.Fen `json:"before_fen"`
	After  measure.Fen `json:"after_fen"`
}

// ComparedPromise is a load whose truck changes, or whose delivery moves by more than half an hour.
type ComparedPromise struct {
	Allocation string         `json:"allocation"`
	Seller     string         `json:"seller"`
	Receiver   string         `json:"receiver"`
	Produce    string         `json:"produce"`
	From       string         `json:"from"` // plates; "" when it stayed behind
	To         string         `json:"to"`
	Was        measure.Millis `json:"was_at"` // last unloading, 0 for none
	Is         measure.Millis `json:"is_at"`
}

// sameHour is by how much a delivery may move without anybody having to be told.
const sameHour = hour / 2

// Compare puts an option of one plan beside an option of another. Loads are the same when their allocations are.
func Compare(q Question, a Option, r Question, b Option) Comparison {
	out := Comparison{Before: a.totals(), After: b.totals(), Lines: []ComparedLine{}, Promises: []ComparedPromise{}}
	for side, o := range []Option{a, b} {
		for _, l := range o.Lines {
			out.add(l.Kind, l.Fen, side)
		}
	}
	slices.SortFunc(out.Lines, func(x, y ComparedLine) int { return cmp.Compare(x.Kind, y.Kind) })
	was, is := promises(q, a), promises(r, b)
	for _, id := range slices.Sorted(mapsKeys(was, is)) {
		x, y := was[id], is[id]
		if late := y.Was - x.Was; x.From != y.From || late > sameHour || -late > sameHour {
			known := x
			if known.Allocation == "" {
				known = y
			}
			known.From, known.To, known.Was, known.Is = x.From, y.From, x.Was, y.Was
			out.Promises = append(out.Promises, known)
		}
	}
	return out
}

func mapsKeys(a, b map[string]ComparedPromise) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for id := range a {
			if !yield(id) {
				return
			}
		}
		for id := range b {
			if _, twice := a[id]; !twice && !yield(id) {
				return
			}
		}
	}
}

func (c *Comparison) add(kind string, f measure.Fen, side int) {
	n := slices.IndexFunc(c.Lines, func(l ComparedLine) bool { return l.Kind == kind })
	if n < 0 {
		n = len(c.Lines)
		c.Lines = append(c.Lines, ComparedLine{Kind: kind})
	}
	if side == 0 {
		c.Lines[n].Before += f
	} else {
		c.Lines[n].After += f
	}
}

func (o Option) totals() Totals {
	out := Totals{Cost: o.Cost, Trucks: len(o.Trips), LeftOut: len(o.Unserved)}
	for _, t := range o.Trips {
		out.Metres += t.Metres
	}
	return out
}

// promises are, by allocation, the trucks in From and the last unloading in Was.
func promises(q Question, o Option) map[string]ComparedPromise {
	plates := trucksOf(o.Trips)
	out := map[string]ComparedPromise{}
	for i, l := range q.Loads {
		out[l.Allocation] = ComparedPromise{Allocation: l.Allocation, Seller: l.Seller, Receiver: l.Receiver, Produce: l.Produce, From: plates[i]}
	}
	for _, t := range o.Trips {
		for _, part := range t.Parts {
			p := out[q.Loads[part.Load].Allocation]
			p.Was = max(p.Was, t.Stops[part.To].Start)
			out[p.Allocation] = p
		}
	}
	return out
}
