package market

import (
	"slices"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Ask is what one need still wants.
type Ask struct {
	Demand  string
	Grams   measure.Grams // 0 with Unknown
	Unknown bool          // nobody knows how much, or any amount will do
}

// FairMethod names how goods were shared out.
type FairMethod string

// The methods.
const (
	AllMet           FairMethod = "all_met"           // there is enough for everybody
	FloorsThenShares FairMethod = "floors_then_share" // first the floor of each, the rest in proportion to what is still asked
	FloorsCut        FairMethod = "floors_cut"        // not even the floors: in proportion to them
)

// FairPart is what one need gets.
type FairPart struct {
	Demand string
	Asked  measure.Grams // as it was counted: for an unknown amount the mean of the known ones
	Guess  bool          // Asked is that mean
	Floor  measure.Grams
	Grams  measure.Grams
}

// Division is how goods were shared out, with all that is needed to work it out again by hand.
type Division struct {
	Method FairMethod
	Total  measure.Grams
	Pack   measure.Grams // parts are whole packs of so much; 1 g for loose goods
	Parts  []FairPart    // in the order of the asks
	Left   measure.Grams // nobody asked for it, or less than a pack
}

// FairShare shares out total. Nobody gets more than it asked. When there is too little, each first gets the floor (or what it
// asked, if that is less), and the rest is shared in proportion to what is still asked; an unknown amount counts as the mean
// of the known ones and has no limit. Parts are whole packs by the method of the largest remainder (Hamilton), the
// earlier ask first among equals.
func FairShare(total measure.Grams, asks []Ask, floor, pack measure.Grams) Division {
	pack = max(pack, 1)
	d := Division{Method: FloorsThenShares, Total: total, Pack: pack}
	units := int64(total / pack)
	asked := inPacks(asks, pack)
	floors := make([]int64, len(asks))
	for i := range asks {
		floors[i] = min(int64((max(floor, 0)+pack-1)/pack), asked[i])
		d.Parts = append(d.Parts, FairPart{Demand: asks[i].Demand, Asked: measure.Grams(asked[i]) * pack, Guess: asks[i].Unknown, Floor: measure.Grams(floors[i]) * pack})
	}
	var parts []int64
	switch all := sum64(asked); {
	case units < sum64(floors):
		d.Method = FloorsCut
		parts = proportion(units, floors)
	case units >= all && !slices.ContainsFunc(asks, func(a Ask) bool { return a.Unknown }):
		d.Method = AllMet
		parts = asked
	default:
		parts = fill(units-sum64(floors), floors, asked, asks)
	}
	d.Left = total
	for i, n := range parts {
		d.Parts[i].Grams = measure.Grams(n) * pack
		d.Left -= d.Parts[i].Grams
	}
	return d
}

// inPacks counts the asks in whole packs, rounded down; unknown ones as the mean of the known.
func inPacks(asks []Ask, pack measure.Grams) []int64 {
	out := make([]int64, len(asks))
	var sum, known int64
	for i, a := range asks {
		if !a.Unknown {
			out[i] = int64(a.Grams / pack)
			sum += out[i]
			known++
		}
	}
	for i, a := range asks {
		if a.Unknown {
			out[i] = max(1, sum/max(known, 1))
		}
	}
	return out
}

// fill shares the rest above the floors in proportion to what is still asked. Who would get more than that is given it whole,
// and the others share anew; unknown amounts take what is left.
func fill(rest int64, floors, asked []int64, asks []Ask) []int64 {
	out := slices.Clone(floors)
	open := make([]int64, len(asks))
	for i := range asks {
		if open[i] = asked[i] - floors[i]; asks[i].Unknown {
			open[i] = max(open[i], 1)
		}
	}
	for rest > 0 && sum64(open) > 0 {
		parts := proportion(rest, open)
		full := false
		for i, n := range parts {
			if !asks[i].Unknown && open[i] > 0 && n >= open[i] {
				out[i] += open[i]
				rest -= open[i]
				open[i], full = 0, true
			}
		}
		if full {
			continue
		}
		for i, n := range parts {
			out[i] += n
			rest -= n
		}
		break
	}
	return out
}

// proportion is Split over plain numbers; nothing weighs nothing.
func proportion(total int64, weights []int64) []int64 {
	if sum64(weights) == 0 {
		return make([]int64, len(weights))
	}
	shares := make([]Share, len(weights))
	for i, w := range weights {
		shares[i].Grams = measure.Grams(w)
	}
	return Split(total, shares)
}

func sum64(list []int64) (sum int64) {
	for _, n := range list {
		sum += n
	}
	return sum
}

// ShareInput asks how goods should be shared out over needs.
type ShareInput struct {
	Offer   string        // what is left of it is shared, in its lot's packs; "": Grams and Pack say
	Grams   measure.Grams // 0 with an offer: all that is left
	Pack    measure.Grams
	Floor   measure.Grams // nobody gets less, if it asked as much
	Demands []string
}

func (in ShareInput) check() error {
	if len(in.Demands) == 0 || len(in.Demands) > 200 {
		return fault.At("demands", "required", "Name the needs the gift is for, at most 200.")
	}
	for i, d := range in.Demands {
		if slices.Contains(in.Demands[:i], d) {
			return fault.At(indexed("demands", i), "named_twice", "Each need is named once in a line.")
		}
	}
	if in.Grams < 0 || in.Grams > MaxDemand || in.Offer == "" && in.Grams == 0 {
		return BadWeight("weight")
	}
	if in.Pack < 0 || in.Floor < 0 || in.Floor > MaxDemand || in.Pack > MaxLot {
		return BadWeight("floor")
	}
	return nil
}
