package pdptw

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// bestOfPool is the least cost of covering every request once by at most so many columns, or leaving it out, by trying
// all sets of requests.
func bestOfPool(c *cover, requests, most int) int64 {
	full := 1<<requests - 1
	least := make([][]int64, most+1) // by columns used and requests covered
	for k := range least {
		least[k] = make([]int64, full+1)
		for set := range least[k] {
			least[k][set] = inf
		}
	}
	least[0][0] = 0
	for k := range most {
		for set, cost := range least[k] {
			for i := range c.cols {
				if bits := int(c.bits[i*c.m.words]); cost < inf && set&bits == 0 {
					least[k+1][set|bits] = min(least[k+1][set|bits], cost+c.cols[i].cost)
				}
			}
		}
	}
	best := inf
	for k := range least {
		for set, cost := range least[k] {
			for r := range requests {
				if set>>r&1 == 0 {
					cost += c.m.penalty[r]
				}
			}
			best = min(best, cost)
		}
	}
	return best
}

func TestCover(t *testing.T) {
	t.Parallel()
	t.Run("FindsTheBestPlanOfThePool", func(t *testing.T) {
		t.Parallel()
		gains := 0
		for seed := range uint64(60) {
			p := plainProblem(rand.New(rand.NewPCG(seed, 6)), 8, 5)
			o := []Objective{Lexicographic, TotalCost}[seed%2]
			w := newWorker(compile(p, o), seed, 0)
			for range 4 { // plans of chance
				w.s.restore(&plan{})
				w.s.bringBack(w.rng, &tuning{blink: 500})
				w.pool.addAll(w.s)
			}
			w.s.save(&w.best)
			c := newCover(w.s.m)
			c.load(w.pool, &w.best)
			c.ascend(w.best.energy)
			most := len(p.Vehicles)
			if o == Lexicographic {
				most = c.most
			}
			before := w.best.energy - w.s.m.vehicleW*int64(c.most)
			want, got := bestOfPool(c, 8, most), before
			if c.search() {
				c.write(&w.best)
				w.s.restore(&c.out)
				if got = w.s.energy - w.s.m.vehicleW*int64(len(w.s.used)); got < before {
					gains++
				}
			}
			if got != want {
				t.Errorf("seed %d: %d, the best of the pool is %d, the plan before %d", seed, got, want, before)
			}
		}
		if gains < 5 {
			t.Errorf("%d gains: the test tells little", gains)
		}
	})
	t.Run("EndsWithTheTime", func(t *testing.T) {
		t.Parallel()
		w := newWorker(compile(plainProblem(rand.New(rand.NewPCG(3, 6)), 60, 20), Lexicographic), 1, 0)
		for range 40 { // plans of chance, with many ways to put their routes together
			w.s.restore(&plan{})
			w.s.bringBack(w.rng, &tuning{blink: 300})
			w.pool.addAll(w.s)
		}
		w.s.save(&w.best)
		looks := func(jump int) (before, after int) { // at the clock, before and after it jumps over the end
			now := func() time.Time {
				if before < jump {
					before++
					return time.Unix(0, 0)
				}
				after++
				return time.Unix(1000, 0)
			}
			w.b = &budget{ctx: context.Background(), now: now, last: time.Unix(1, 0)}
			w.s.restore(&w.best)
			w.joined = -coverEvery
			kept := w.best
			defer func() { w.best = kept }()
			w.join()
			return before, after
		}
		whole, _ := looks(math.MaxInt)
		if whole <= ascents {
			t.Fatalf("%d looks at the clock: the search that follows on %d ascents is never long: the test tells nothing", whole, ascents)
		}
		for jump := range whole {
			if before, after := looks(jump); before != jump || after != 1 {
				t.Errorf("over after %d looks of %d: %d before, and %d more", jump, whole, before, after)
			}
		}
	})
	t.Run("PoolForgetsTheOldest", func(t *testing.T) {
		t.Parallel()
		p := newPool(compile(plainProblem(rand.New(rand.NewPCG(1, 6)), 8, 5), TotalCost))
		stops := make([]int32, 3000)
		for i := range int32(500) {
			stops[0] = 100_000 + i
			p.add(0, stops[:1000+i*7%2000], int64(i))
			held := int32(0)
			for k := range p.count {
				r := &p.routes[(p.oldest+k)%len(p.routes)]
				held += r.end - r.from
				if want := 100_000 + int32(r.cost); p.nodes[r.from] != want || int32(r.cost) != i-int32(p.count)+1+int32(k) {
					t.Fatalf("route %d: place %d of %d holds route %d with the stops of %d", i, k, p.count, r.cost, p.nodes[r.from]-100_000)
				}
			}
			if held > pooledRoom || i > 400 && held < pooledRoom/2 {
				t.Fatalf("route %d: %d stops are held", i, held)
			}
		}
	})
}
