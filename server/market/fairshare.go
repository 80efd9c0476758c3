package market

import (
	"slices"
	"time"

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
	Wants  measure.Grams // what it still asks; 0 with Guess
	Guess  bool          // nobody knows what it wants: Asked is the mean of the others
	Asked  int64         // packs that Wants fills, as it was counted
	Floor  int64         // packs
	Packs  int64         // its share
}

// FairRound is one dealing out in proportion.
type FairRound struct {
	Packs int64      // dealt out
	Sum   int64      // of the weights
	Over  int64      // left by the whole packs: one each to the largest rests
	Lines []FairLine // in the order of the parts
}

// FairLine is what one need gets in a round: a portion of its packs by the weight of what the need still asks, in packs. Nobody
// gets more than it asks: where somebody would, those get what they ask, and the others share anew in the next round.
type FairLine struct {
	Portion
	Full  bool // it gets all that it asks, and is out of the next round
	Given int64
}

// Division is how goods were shared out, with all that is needed to work it out again by hand.
type Division struct {
	Method FairMethod
	Total  measure.Grams
	Pack   measure.Grams // parts are whole packs of so much; 1 g for loose goods
	Packs  int64         // whole ones in Total
	Least  measure.Grams // what was asked for as the floor
	Floor  int64         // Least in whole packs, rounded up: everybody gets them first, if it asks as much
	Floors int64         // all of these
	Known  int64         // packs asked by those who know how many
	Knows  int64         // how many know
	Rounds []FairRound   // none where there is enough for everybody
	Parts  []FairPart    // in the order of the asks
	Aside  []FairAside   // needs of the same produce that are not in it, newest first; nil in shares kept before these were
	Left   measure.Grams // nobody asked for it, or less than a pack
}

// WhyAside says why a need is not in a fair share.
type WhyAside string

// The reasons, the first that holds.
const (
	AsideRefused   WhyAside = "refused_more"    // the receiver wants no more
	AsideMet       WhyAside = "met"             // as much was accepted as it asked
	AsideStale     WhyAside = "stale"           // nobody said in time that it still stands
	AsideFull      WhyAside = "all_coming"      // all that it still asks is ordered or on its way
	AsideLate      WhyAside = "too_late"        // the day it was needed by has passed
	AsideUncalled  WhyAside = "not_called_back" // no operator called the receiver back
	AsideLeftAside WhyAside = "not_chosen"      // it could be in it: whoever shared the goods out did not name it
)

// FairAside is a need that is not in a fair share, as its numbers were when the share was worked out.
type FairAside struct {
	Demand  string
	Why     WhyAside
	Asked   measure.Grams // all that it asks; 0 with Unknown
	Unknown bool          // nobody knows how much, or any amount will do
	Got     measure.Grams // accepted
	Coming  measure.Grams // ordered, promised or on the road
}

// Open is what it still asks; 0 with Unknown.
func (a FairAside) Open() measure.Grams { return max(0, a.Asked-a.Got-a.Coming) }

// aside says why a need is not in a fair share in which nobody named it; "" of one that was cancelled or closed.
func (d Demand) aside(n DemandNumbers, now time.Time) WhyAside {
	open, limited := d.Open(n)
	switch state := d.State(n, now); {
	case state == DemandRefusedMore:
		return AsideRefused
	case state == DemandMet:
		return AsideMet
	case state == DemandStale:
		return AsideStale
	case state != DemandPosted && state != DemandVerified && state != DemandPartMet:
		return ""
	case limited && open == 0:
		return AsideFull
	case d.By != 0 && int64(d.By) < now.UnixMilli():
		return AsideLate
	case state == DemandPosted:
		return AsideUncalled
	}
	return AsideLeftAside
}

// Grams is what a part of the division weighs.
func (d Division) Grams(p FairPart) measure.Grams { return measure.Grams(p.Packs) * d.Pack }

// Needs are those that are in the division, and then those that are not.
func (d Division) Needs() []string {
	var out []string
	for _, p := range d.Parts {
		out = append(out, p.Demand)
	}
	for _, a := range d.Aside {
		out = append(out, a.Demand)
	}
	return out
}

// FairShare shares out total. Nobody gets more than it asked. When there is too little, each first gets the floor (or what it
// asked, if that is less), and the rest is shared in proportion to what is still asked; an unknown amount counts as the mean
// of the known ones and has no limit. Parts are whole packs by the method of the largest remainder (Hamilton), the
// earlier ask first among equals.
func FairShare(total measure.Grams, asks []Ask, floor, pack measure.Grams) Division {
	pack = max(pack, 1)
	floor = max(floor, 0)
	d := Division{Total: total, Pack: pack, Packs: int64(total / pack), Least: floor, Floor: int64((floor + pack - 1) / pack)}
	var all int64
	for i, asked := range inPacks(asks, pack) {
		p := FairPart{Demand: asks[i].Demand, Wants: asks[i].Grams, Guess: asks[i].Unknown, Asked: asked, Floor: min(d.Floor, asked)}
		d.Parts = append(d.Parts, p)
		d.Floors += p.Floor
		if all += asked; !p.Guess {
			d.Known, d.Knows = d.Known+asked, d.Knows+1
		}
	}
	switch {
	case d.Packs < d.Floors:
		d.Method = FloorsCut
		d.deal(d.Packs, func(p FairPart) int64 { return p.Floor })
	case d.Packs >= all && !slices.ContainsFunc(asks, func(a Ask) bool { return a.Unknown }):
		d.Method = AllMet
		for i := range d.Parts {
			d.Parts[i].Packs = d.Parts[i].Asked
		}
	default:
		d.Method = FloorsThenShares
		d.fill()
	}
	d.Left = total
	for _, p := range d.Parts {
		d.Left -= d.Grams(p)
	}
	return d
}

// Again works the division out anew, from what it was worked out from.
func (d Division) Again() Division {
	asks := make([]Ask, len(d.Parts))
	for i, p := range d.Parts {
		asks[i] = Ask{p.Demand, p.Wants, p.Guess}
	}
	again := FairShare(d.Total, asks, d.Least, d.Pack)
	again.Aside = d.Aside // nothing is worked out from it
	return again
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

// fill gives the floors and shares the rest in proportion to what is still asked. Who would get more than that is given it
// whole, and the others share anew; unknown amounts take what is left.
func (d *Division) fill() {
	rest := d.Packs - d.Floors
	for i := range d.Parts {
		d.Parts[i].Packs = d.Parts[i].Floor
	}
	for rest > 0 {
		dealt := d.deal(rest, FairPart.open)
		if dealt == 0 {
			break
		}
		rest -= dealt
	}
}

// open is what a part still asks, in packs. An unknown amount never has enough.
func (p FairPart) open() int64 {
	if p.Guess {
		return max(p.Asked-p.Floor, 1)
	}
	return p.Asked - p.Packs
}

// deal adds a round of packs by weights, and gives how many of them were dealt out: none when nothing weighs anything.
func (d *Division) deal(packs int64, weight func(FairPart) int64) (dealt int64) {
	weights := make([]int64, len(d.Parts))
	for i, p := range d.Parts {
		weights[i] = weight(p)
	}
	round := FairRound{Packs: packs}
	for _, w := range weights {
		round.Sum += w
	}
	if round.Sum == 0 {
		return 0
	}
	full := false
	round.Over = packs
	for i, p := range portions(packs, weights) {
		line := FairLine{Portion: p, Full: !d.Parts[i].Guess && p.Units() > p.Weight}
		full = full || line.Full
		round.Over -= p.Whole
		round.Lines = append(round.Lines, line)
	}
	for i := range round.Lines {
		l := &round.Lines[i]
		switch {
		case l.Full:
			l.Given = l.Weight
		case !full:
			l.Given = l.Units()
		}
		d.Parts[i].Packs += l.Given
		dealt += l.Given
	}
	d.Rounds = append(d.Rounds, round)
	return dealt
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
