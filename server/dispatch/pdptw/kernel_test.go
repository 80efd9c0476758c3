package pdptw

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// warmWorker is a worker that has searched p for a while.
func warmWorker(p *Problem, o Objective) *worker {
	w := newWorker(compile(p, o), 1, 0)
	w.b, w.until = &budget{ctx: context.Background(), limit: 3000}, 1
	w.construct()
	w.enter(w.b)
	w.anneal()
	return w
}

func TestKernel(t *testing.T) { // not parallel: it counts allocations
	t.Run("IterationsAllocateNothing", func(t *testing.T) {
		for _, o := range []Objective{Lexicographic, TotalCost} {
			w := warmWorker(plainProblem(rand.New(rand.NewPCG(1, 1)), 60, 20), o)
			got := testing.AllocsPerRun(200, func() {
				w.b.limit += 10
				w.anneal()
			})
			if got > 0 {
				t.Errorf("objective %d: ten iterations allocate %v times", o, got)
			}
		}
	})
	t.Run("IterationsUnderCostAllocateNothing", func(t *testing.T) {
		w := warmWorker(randomProblem(rand.New(rand.NewPCG(1, 1)), 60, 20, false), TotalCost)
		if len(w.s.m.entered) == 0 || !w.s.m.mixed {
			t.Fatal("no area has a price, or all vehicles are alike: the test tells nothing")
		}
		w.b.limit += 3000
		w.anneal()
		got := testing.AllocsPerRun(200, func() {
			w.b.limit += 10
			w.anneal()
		})
		if got > 0 {
			t.Errorf("ten iterations allocate %v times", got)
		}
	})
	t.Run("IterationsInAPartAllocateNothing", func(t *testing.T) {
		w := warmWorker(plainProblem(rand.New(rand.NewPCG(1, 1)), 120, 40), Lexicographic)
		c := &territories{owner: make([]int32, w.s.m.v), rng: rand.New(rand.NewPCG(1, 0))}
		w.s.save(&c.now)
		c.cut(w.s, 2, 1)
		w.stay(c)
		if n := len(w.seeds); n == 0 || n == w.s.m.n {
			t.Fatalf("%d of %d requests are in the part: the test tells nothing", n, w.s.m.n)
		}
		w.b.limit += 1000
		w.anneal()
		got := testing.AllocsPerRun(200, func() {
			w.b.limit += 10
			w.anneal()
		})
		if got > 0 {
			t.Errorf("ten iterations in a part allocate %v times", got)
		}
	})
	t.Run("EjectionsAllocateNothing", func(t *testing.T) {
		w := warmWorker(plainProblem(rand.New(rand.NewPCG(2, 1)), 60, 20), Lexicographic)
		w.s.restore(&w.best)
		w.dropRoute()
		w.s.most = len(w.s.used)
		for range 300 {
			step(w)
		}
		if got := testing.AllocsPerRun(200, func() { step(w) }); got > 0 {
			t.Errorf("a step of the ejection search allocates %v times", got)
		}
	})
	t.Run("RoundsDoNotBreakTheFleetPhase", func(t *testing.T) {
		const rounds = 500
		w := warmWorker(plainProblem(rand.New(rand.NewPCG(2, 1)), 60, 20), Lexicographic)
		w.enter(&budget{ctx: context.Background(), limit: 4 * rounds})
		halfway := 0
		for i := 1; i <= rounds; i++ {
			w.until = float64(i) / rounds
			before := w.fleet
			if w.shrink(); len(w.s.absent) > 0 {
				halfway++
			} else if w.fleet == before && !w.idle {
				t.Fatalf("round %d gave up an attempt: %d vehicles are in use again", i, len(w.s.used))
			}
		}
		if halfway < rounds/2 {
			t.Errorf("%d of %d rounds ended in the middle of an attempt: the test tells nothing", halfway, rounds)
		}
	})
	t.Run("TheFleetDoesNotGrowAgain", func(t *testing.T) {
		m := compile(plainProblem(rand.New(rand.NewPCG(2, 1)), 60, 20), Lexicographic)
		m.vehicleW = 1 // as where one more vehicle saves more metres than it is reckoned to cost
		for i := range m.trucks {
			m.trucks[i].fixed = m.vehicleW
		}
		w := newWorker(m, 1, 0)
		w.b, w.until = &budget{ctx: context.Background(), limit: 1e6}, 1
		w.construct()
		w.enter(w.b)
		for i := 1; i <= 300; i++ {
			w.until = float64(i) / 1e5
			if w.anneal(); w.fleet == 0 || len(w.s.used) > w.fleet {
				t.Fatalf("after %d steps %d vehicles are in use where %d do", w.steps, len(w.s.used), w.fleet)
			}
		}
	})
	t.Run("AStepThatStopsEarlyWouldNotHaveBeenKept", func(t *testing.T) {
		stopped, kept := 0, 0
		w := warmWorker(plainProblem(rand.New(rand.NewPCG(1, 1)), 40, 12), Lexicographic)
		for seed := range uint64(200) {
			chance := rand.NewPCG(seed, 9)
			change := func(most int64) int64 {
				*chance = *rand.NewPCG(seed, 9)
				w.rng = rand.New(chance)
				w.s.mark()
				w.s.tearOut(w.rng, int32(seed)%40, w.t)
				w.refill(most)
				defer w.s.rollback()
				return w.s.energy
			}
			most := w.s.energy + w.s.m.distScale
			switch whole, early := change(inf), change(most); {
			case whole == early:
				kept++
			case whole <= most || early <= most:
				t.Errorf("seed %d: a step to %d stopped at %d where up to %d is kept", seed, whole, early, most)
			default:
				stopped++
			}
		}
		if stopped < 20 || kept < 20 {
			t.Errorf("%d steps stopped early and %d did not: the test tells nothing", stopped, kept)
		}
	})
	t.Run("RollbackRestoresThePlan", func(t *testing.T) {
		for seed := range seeds(20) {
			rng := rand.New(rand.NewPCG(seed, 4))
			w := warmWorker(randomProblem(rng, 30, 6, seed%2 == 0), TotalCost)
			var before, after plan
			w.s.mark()
			w.s.save(&before)
			w.s.tearOut(rng, int32(rng.IntN(30)), w.t)
			w.s.bringBack(rng, w.t)
			w.s.rollback()
			w.s.save(&after)
			if !slices.Equal(before.flat, after.flat) || before.energy != after.energy || before.worth != after.worth {
				t.Errorf("seed %d: the plan is another after taking the step back", seed)
			}
		}
	})
	t.Run("ConflictsHoldNoPairOfAGoodRoute", func(t *testing.T) {
		found, shared := 0, 0
		for seed := range uint64(40) {
			p := plainProblem(rand.New(rand.NewPCG(seed, 5)), 6, 1)
			for i := range p.Requests {
				q := &p.Requests[i]
				q.Pickup.Windows[0].Close = q.Pickup.Windows[0].Open + 3_600_000
				q.Delivery.Windows[0] = Window{q.Pickup.Windows[0].Open, q.Pickup.Windows[0].Open + 3*3_600_000}
			}
			m := compile(p, Lexicographic)
			for a := range int32(m.n) {
				for b := range a {
					switch can := someOrder(m, []int32{2 * a, 2*a + 1, 2 * b, 2*b + 1}); {
					case m.conflicts.has(a, b) && can:
						t.Errorf("seed %d: requests %d and %d are said to be in conflict, and share a route", seed, a, b)
					case m.conflicts.has(a, b):
						found++
					case can:
						shared++
					}
				}
			}
		}
		if found == 0 || shared == 0 {
			t.Errorf("%d pairs are in conflict and %d share a route: the test tells nothing", found, shared)
		}
	})
}

// step is one turn of the ejection search, whatever the clock says.
func step(w *worker) {
	if len(w.s.absent) == 0 && !w.dropRoute() {
		return
	}
	w.s.placeLast(w.rng)
	if len(w.s.absent) > 0 {
		w.ruinForFleet()
	}
}

// someOrder tries all orders of four stops on vehicle 0 with the exact simulation.
func someOrder(m *model, stops []int32) bool {
	w := newWalker(m)
	var try func(done, left []int32) bool
	try = func(done, left []int32) bool {
		if len(left) == 0 {
			seq := append(append([]int32{m.trucks[0].start}, done...), m.trucks[0].end)
			_, ok := w.walk(0, seq)
			return ok
		}
		for i, x := range left {
			if x%2 == 1 && slices.Contains(left, x-1) {
				continue
			}
			rest := slices.Delete(slices.Clone(left), i, i+1)
			if try(append(slices.Clone(done), x), rest) {
				return true
			}
		}
		return false
	}
	return try(nil, stops)
}

func TestSameSeedSamePlan(t *testing.T) {
	t.Parallel()
	p := plainProblem(rand.New(rand.NewPCG(8, 1)), 50, 15)
	for _, workers := range []int{1, 3} {
		o := Options{Iterations: 400, Workers: workers, Seed: 5}
		first := solve(t, p, o)
		for range 3 {
			if again := solve(t, p, o); !reflect.DeepEqual(first, again) {
				t.Errorf("%d workers: two runs, two plans: %+v and %+v", workers, first.Cost, again.Cost)
			}
		}
		if o.Seed++; reflect.DeepEqual(first.Routes, solve(t, p, o).Routes) {
			t.Errorf("%d workers: another seed changes nothing", workers)
		}
	}
}
