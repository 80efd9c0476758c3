package market_test

import (
	"math/rand/v2"
	"testing"

	"jishi/server/market"
	"jishi/server/measure"
)

func ask(demand string, g measure.Grams) market.Ask { return market.Ask{Demand: demand, Grams: g} }

func gramsOf(d market.Division) []measure.Grams {
	var out []measure.Grams
	for _, p := range d.Parts {
		out = append(out, p.Grams)
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
			sum += p.Grams
			if p.Grams < 0 || p.Grams%pack != 0 || !asks[i].Unknown && p.Grams > asks[i].Grams {
				t.Fatalf("%+v of %+v", p, asks[i])
			}
			for j, o := range d.Parts {
				if !asks[i].Unknown && !asks[j].Unknown && asks[i].Grams > asks[j].Grams && p.Grams+pack < o.Grams {
					t.Fatalf("who asks %s gets %s, who asks %s gets %s", asks[i].Grams, p.Grams, asks[j].Grams, o.Grams)
				}
			}
		}
		if sum != total || d.Left < 0 {
			t.Fatalf("%s shared out of %s: %+v", sum, total, d)
		}
	}
}
