package pdptw

import (
	"math"
	"math/rand/v2"
)

// glance is how many iterations pass between two looks at the clock. What was tried: docs/solver.md.
const glance = 4

// worker is one thread of the search: a plan that changes, the best it has seen, and chance of its own.
type worker struct {
	s    *state
	rng  *rand.Rand
	t    *tuning
	best plan
	pool *pool
	set  *cover

	b      *budget
	steps  int     // iterations in this stretch
	look   int     // the iteration that looks at the clock next
	share  float64 // of the stretch, as of the last look
	until  float64 // where the round ends
	idle   bool    // nothing is left to do in this stretch
	joined int     // the iteration of the last set cover
	id     int     // from 0
	crew   int     // workers that change the same plan
	seeds  []int32 // requests that removals begin at, all where it is empty
	fleet  int     // vehicles of the best plan that leaves nothing out; 0 before there is one
	hot    float64 // first temperature of the annealing, kernel cost
}

func newWorker(m *model, seed uint64, id int) *worker {
	return &worker{id: id, crew: 1, s: newState(m), pool: newPool(m), rng: rand.New(rand.NewPCG(seed, uint64(id)+1)), t: &standard}
}

// enter begins a stretch from the worker's best plan.
func (w *worker) enter(b *budget) {
	w.s.restore(&w.best)
	w.know(&w.best)
	w.b, w.steps, w.look, w.share, w.idle, w.joined = b, 0, 0, 0, false, 0
	if w.hot == 0 || b.limit > 0 {
		w.calibrate()
	}
}

// calibrate sets how hot the annealing begins, by the iterations that a request can hope for: what is stirred up in a
// short run has no time to settle. Without a limit on iterations they are reckoned from those done so far.
func (w *worker) calibrate() {
	expected := float64(w.b.limit)
	if w.b.limit == 0 && w.share > 0 {
		expected = float64(w.steps) / w.share
	}
	decades := math.Log10(max(10, expected*float64(w.crew)/float64(max(1, w.s.m.n))))
	w.hot = w.t.hotDecade * decades * float64(w.s.m.distScale)
}

// turn tells whether the round has room for one more iteration.
func (w *worker) turn() bool {
	if w.steps >= w.look {
		w.share = w.b.spent(w.steps)
		if w.look = w.steps + glance; w.b.limit > 0 {
			w.look = min(w.look, w.b.limit)
		}
	}
	if w.share >= w.until {
		return false
	}
	w.steps++
	return true
}

// know notes how many vehicles are needed at most (lexicographic objective).
func (w *worker) know(p *plan) {
	if w.s.m.lexical && p.whole() {
		w.fleet = int(p.worth.vehicles)
	}
}

// remember keeps the plan when it is the best so far.
func (w *worker) remember() {
	if w.s.worth().better(w.best.worth) {
		w.s.save(&w.best)
		w.know(&w.best)
	}
}

// adopt goes on from p.
func (w *worker) adopt(p *plan) {
	w.best.copyFrom(p)
	w.know(p)
	w.s.restore(&w.best)
}
