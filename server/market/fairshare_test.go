package market_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"jishi/server/market"
	"jishi/server/measure"
)

func ask(demand string, g measure.Grams) market.Ask { return market.Ask{Demand: demand, Grams: g} }

func gramsOf(d market.Division) []measure.Grams {
	var out []measure.Grams
	for _, p := range d.Parts {
		out = append(out, d.Grams(p))
	}
	return out
}

func TestFairShare(t *testing.T) {
	t.Parallel()
	const t1, kg = measure.Tonne, measure.Kilogram
	unknown := market.Ask{Demand: "u", Unknown: true}
	for _, c := range []struct {
		name        string
		total       measure.Grams
		asks        []market.Ask
		floor, pack measure.Grams
		method      market.FairMethod
		want        []measure.Grams
		left        measure.Grams
	}{
		{"enough for all", 9 * t1, []market.Ask{ask("a", 5*t1), ask("b", 3*t1)}, t1, 0, market.AllMet, []measure.Grams{5 * t1, 3 * t1}, t1},
		// 6 t for 5 + 4 + 3 without a floor: 2.5, 2, 1.5
		{"in proportion", 6 * t1, []market.Ask{ask("a", 5*t1), ask("b", 4*t1), ask("c", 3*t1)}, 0, 0, market.FloorsThenShares, []measure.Grams{2500 * kg, 2 * t1, 1500 * kg}, 0},
		// floors of 1, 1 and 0.2 take 2.2; 0.8 over 9 and 4 still asked are 553.846... and 246.153...
		{"floors first", 3 * t1, []market.Ask{ask("a", 10*t1), ask("b", 5*t1), ask("c", 200*kg)}, t1, kg, market.FloorsThenShares, []measure.Grams{1554 * kg, 1246 * kg, 200 * kg}, 0},
		{"not even the floors", t1, []market.Ask{ask("a", 10*t1), ask("b", 10*t1), ask("c", 500*kg)}, t1, 0, market.FloorsCut, []measure.Grams{400 * kg, 400 * kg, 200 * kg}, 0},
		// 10 boxes of 6 kg for three who ask the same: 4, 3, 3; the 5 kg that fill no box stay
		{"whole boxes", 65 * kg, []market.Ask{ask("a", 60*kg), ask("b", 60*kg), ask("c", 60*kg)}, 0, 6 * kg, market.FloorsThenShares, []measure.Grams{24 * kg, 18 * kg, 18 * kg}, 5 * kg},
		// the unknown counts as the mean, 2 t: 3 t over 1 + 3 + 2
		{"an unknown amount", 3 * t1, []market.Ask{ask("a", t1), ask("b", 3*t1), unknown}, 0, 0, market.FloorsThenShares, []measure.Grams{500 * kg, 1500 * kg, t1}, 0},
		{"the unknown takes the rest", 9 * t1, []market.Ask{ask("a", t1), ask("b", 3*t1), unknown}, 0, 0, market.FloorsThenShares, []measure.Grams{t1, 3 * t1, 5 * t1}, 0},
		{"nothing asked any more", t1, []market.Ask{ask("a", 0)}, t1, 0, market.AllMet, []measure.Grams{0}, t1},
	} {
		d := market.FairShare(c.total, c.asks, c.floor, c.pack)
		got := gramsOf(d)
		if d.Method != c.method || d.Left != c.left {
			t.Errorf("%s: %s, %s left", c.name, d.Method, d.Left)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

// Whatever is asked: nothing is lost or made, nobody gets more than it asked, parts are whole packs, and who asks more never
// gets less.
func TestFairShareAlwaysAddsUp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		asks := make([]market.Ask, 1+r.IntN(8))
		for i := range asks {
			asks[i] = market.Ask{Grams: measure.Grams(r.Int64N(5_000_000))}
			if r.IntN(6) == 0 {
				asks[i] = market.Ask{Unknown: true}
			}
		}
		pack := measure.Grams(1 + r.IntN(20_000))
		total := measure.Grams(r.Int64N(20_000_000))
		d := market.FairShare(total, asks, measure.Grams(r.Int64N(1_000_000)), pack)
		sum := d.Left
		for i, p := range d.Parts {
			sum += d.Grams(p)
			if p.Packs < 0 || !asks[i].Unknown && d.Grams(p) > asks[i].Grams {
				t.Fatalf("%+v of %+v", p, asks[i])
			}
			for j, o := range d.Parts {
				if !asks[i].Unknown && !asks[j].Unknown && asks[i].Grams > asks[j].Grams && p.Packs+1 < o.Packs {
					t.Fatalf("who asks %s gets %s, who asks %s gets %s", asks[i].Grams, d.Grams(p), asks[j].Grams, d.Grams(o))
				}
			}
		}
		byHand(t, d)
		if sum != total || d.Left < 0 {
			t.Fatalf("%s shared out of %s: %+v", sum, total, d)
		}
	}
}

// byHand works a division out again from its first numbers alone, as somebody with pen and paper would, and checks it against what the
// division says of itself.
func byHand(t *testing.T, d market.Division) {
	t.Helper()
	got := make([]int64, len(d.Parts))
	var floors, known, knows int64
	for i, p := range d.Parts {
		if p.Floor != min(d.Floor, p.Asked) || !p.Guess && p.Asked != int64(p.Wants/d.Pack) {
			t.Fatalf("a floor of %d for %+v", d.Floor, p)
		}
		floors += p.Floor
		if !p.Guess {
			known, knows = known+p.Asked, knows+1
		}
		switch d.Method {
		case market.FloorsThenShares:
			got[i] = p.Floor
		case market.AllMet:
			got[i] = p.Asked
		}
	}
	if floors != d.Floors || known != d.Known || knows != d.Knows || d.Packs != int64(d.Total/d.Pack) ||
		measure.Grams(d.Floor)*d.Pack < d.Least || measure.Grams(d.Floor-1)*d.Pack >= d.Least {
		t.Fatalf("%+v", d)
	}
	left := d.Packs
	if d.Method == market.FloorsThenShares {
		left -= floors
	}
	for _, r := range d.Rounds {
		if r.Packs != left {
			t.Fatalf("a round deals out %d, %d are left", r.Packs, left)
		}
		for i, given := range roundByHand(t, r, d.Parts) {
			got[i] += given
			left -= given
		}
	}
	for i, p := range d.Parts {
		if got[i] != p.Packs {
			t.Fatalf("part %d comes to %d by hand: %+v", i, got[i], d)
		}
	}
}

// roundByHand deals a round out: a long division for each line, the packs over to the largest rests; unless somebody then has more
// than it asks.
func roundByHand(t *testing.T, r market.FairRound, parts []market.FairPart) []int64 {
	t.Helper()
	given, over, full := make([]int64, len(parts)), r.Packs, false
	for i, l := range r.Lines {
		product := new(big.Int).Mul(big.NewInt(r.Packs), big.NewInt(l.Weight))
		whole, rest := product.DivMod(product, big.NewInt(r.Sum), new(big.Int))
		if l.Whole != whole.Int64() || l.Rest != rest.Int64() {
			t.Fatalf("%d x %d : %d is not %d, rest %d", r.Packs, l.Weight, r.Sum, l.Whole, l.Rest)
		}
		given[i] = l.Whole
		over -= l.Whole
	}
	for i, l := range r.Lines {
		before := int64(0)
		for j, o := range r.Lines {
			if o.Rest > l.Rest || o.Rest == l.Rest && j < i {
				before++
			}
		}
		if before < over {
			given[i]++
		}
		if over != r.Over || l.Extra != (before < over) || l.Full != (given[i] > l.Weight && !parts[i].Guess) {
			t.Fatalf("line %d of %+v", i, r)
		}
		full = full || l.Full
	}
	for i, l := range r.Lines {
		if full {
			given[i] = 0
		}
		if l.Full {
			given[i] = l.Weight
		}
	}
	return given
}
