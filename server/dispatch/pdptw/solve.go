package pdptw

import (
	"context"
	"sync"
	"time"
)

// Solve looks for a good plan for p until Options end it, and gives the best it found, with a reason for everything
// left out. It calls report, if not nil, from its own goroutine. The error is an *InputError; a context that ends early
// is no error: what was found so far is the answer.
func Solve(ctx context.Context, p *Problem, o Options, report func(Progress)) (*Solution, error) {
	begin := o.start()
	if err := p.Check(); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	m := compile(p, o.Objective)
	if err := m.checkFrozen(); err != nil {
		return nil, err
	}
	r := newRun(ctx, m, o, begin, report)
	r.construct()
	parts := r.parts()
	if r.m.lexical {
		r.search(fleetShare, fleetRounds, (*worker).shrink, func() bool { return parts == 1 && r.used() >= fleetFirst && r.cycles() > 1 })
	}
	if parts > 1 {
		r.searchParts(parts)
	} else {
		r.searchWhole()
	}
	return r.finish(), nil
}

// The first fleet phase may use fleetShare of the budget, or fleetFirst where the annealing cools down several times and
// a fleetAgain of each such cycle looks for a vehicle less again. Each phase is cut into rounds; between two of them the
// workers exchange plans and a better one is reported. What was tried: docs/solver.md.
const (
	fleetShare   = 0.25
	fleetFirst   = 0.1
	fleetAgain   = 0.15
	fleetRounds  = 10
	annealRounds = 40
	fewestRounds = 5 // of one cycle
)

func (o *Options) start() time.Time {
	if o.Now == nil {
		return time.Time{}
	}
	return o.Now()
}

func (o *Options) check() error {
	switch {
	case o.Time < 0 || o.Iterations < 0 || o.Workers < 0:
		return bad("time, iterations and workers must not be negative", "options")
	case o.Workers > maxWorkers:
		return bad("must be 0 to 64", "options.workers")
	case o.Time > 0 && o.Now == nil:
		return bad("a time limit needs a clock", "options.now")
	case o.Objective > TotalCost:
		return bad("unknown", "options.objective")
	}
	return nil
}

const maxWorkers = 64

// run is one call of Solve.
type run struct {
	ctx     context.Context
	m       *model
	o       Options
	begin   time.Time
	report  func(Progress)
	workers []*worker
	best    plan
	told    plan // the plan that was reported last
	done    int  // iterations of each worker
}

func newRun(ctx context.Context, m *model, o Options, begin time.Time, report func(Progress)) *run {
	if o.Time == 0 && o.Iterations == 0 {
		o.Iterations = 1000 + 20*m.n
	}
	r := &run{ctx: ctx, m: m, o: o, begin: begin, report: report}
	for i := range max(1, o.Workers) {
		r.workers = append(r.workers, newWorker(m, o.Seed, i))
	}
	return r
}

// construct builds the first plan, the same for all workers: it keeps what it can of the plan to start from and inserts
// the rest greedily.
func (r *run) construct() {
	w := r.workers[0]
	w.b, w.until = r.stretch(1), 1
	w.construct()
	r.best.copyFrom(&w.best)
	for _, w := range r.workers {
		w.best.copyFrom(&r.best)
	}
	r.tell()
}

// searchWhole anneals the plan to the end of the budget, from its best again and again where there is time for that.
func (r *run) searchWhole() {
	cycles := r.cycles()
	if cycles == 1 {
		r.search(1, annealRounds, (*worker).anneal, nil)
		return
	}
	from := r.used()
	length := (1 - from) / float64(cycles)
	for i := 0; i < cycles && r.used() < 1; i, from = i+1, from+length {
		if i > 0 {
			r.search(from+fleetAgain*length, fleetRounds, (*worker).shrink, nil)
		}
		r.search(from+length, max(annealRounds/cycles, fewestRounds), (*worker).anneal, nil)
	}
}

// cycleLength is how many iterations each request gets until the plan is cold. A cold plan stays where it is: what is left of
// a long run is better spent on heating it again. mostCycles bounds how often. What was tried: docs/solver.md.
const (
	cycleLength = 1200
	mostCycles  = 30
)

// cycles is how often the annealing cools down, by the iterations that a request can hope for (lexicographic objective).
func (r *run) cycles() int {
	if !r.m.lexical {
		return 1
	}
	expected := float64(r.o.Iterations)
	if used := r.used(); expected == 0 && used > 0 {
		expected = float64(r.iterations()) / used
	}
	return min(max(1, int(expected/float64(max(1, r.m.n)*cycleLength))), mostCycles)
}

// used is the share of the whole budget that is spent.
func (r *run) used() float64 {
	if r.o.Iterations > 0 {
		return float64(r.iterations()) / float64(r.o.Iterations)
	}
	b := r.stretch(1)
	b.begin = r.begin
	return b.spent(0)
}

// iterations are those of each worker so far.
func (r *run) iterations() int { return r.done + r.workers[0].steps }

// search runs step on all workers, from the best plan there is, until share of the whole budget is used or enough says so
// between two rounds.
func (r *run) search(share float64, rounds int, step func(*worker), enough func() bool) {
	b := r.stretch(share)
	for _, w := range r.workers {
		w.best.copyFrom(&r.best)
		w.enter(b)
	}
	for i := 1; i <= rounds && b.spent(r.workers[0].steps) < 1; i++ {
		r.each(func(w *worker) {
			if i == 2 {
				w.calibrate()
			}
			w.until = float64(i) / float64(rounds)
			step(w)
		})
		if r.exchange(); r.allIdle() || enough != nil && enough() {
			break
		}
		r.tell()
	}
	r.done, r.workers[0].steps = r.iterations(), 0
	r.tell()
}

// stretch is the part of the whole budget from what is used now up to share.
func (r *run) stretch(share float64) *budget {
	b := &budget{ctx: r.ctx, now: r.o.Now}
	if r.o.Iterations > 0 {
		b.limit = max(1, int(share*float64(r.o.Iterations))-r.done)
	}
	if r.o.Time > 0 {
		b.begin = r.o.Now()
		b.end = r.begin.Add(time.Duration(share * float64(r.o.Time-r.o.Time/reserve)))
		b.last = r.begin.Add(r.o.Time - r.o.Time/(2*reserve))
	}
	return b
}

// reserve is the part of the time that is kept for writing the plan out, as a divisor. The last set cover may use half of it. What was tried: docs/solver.md.
const reserve = 200

// each runs do for every worker at once and waits for all.
func (r *run) each(do func(*worker)) {
	if len(r.workers) == 1 {
		do(r.workers[0])
		return
	}
	var all sync.WaitGroup
	for _, w := range r.workers {
		all.Go(func() { do(w) })
	}
	all.Wait()
}

// exchange takes over the best plan of all workers, the first of equals. The worker whose best is the worst goes on from
// it. All this is done in the order of the workers, so that threads that run faster change nothing.
func (r *run) exchange() {
	worst := r.workers[0]
	for _, w := range r.workers {
		if w.best.worth.better(r.best.worth) {
			r.best.copyFrom(&w.best)
		}
		if worst.best.worth.better(w.best.worth) {
			worst = w
		}
	}
	if r.best.worth.better(worst.best.worth) {
		worst.adopt(&r.best)
	}
}

func (r *run) allIdle() bool {
	for _, w := range r.workers {
		if !w.idle {
			return false
		}
	}
	return true
}

func (r *run) finish() *Solution {
	out := r.m.solution(&r.best)
	out.Iterations = r.done
	r.m.explain(&r.best, out)
	return out
}

// tell reports the best plan if it is better than the one reported last.
func (r *run) tell() {
	if r.report == nil || len(r.told.flat) > 0 && !r.best.worth.better(r.told.worth) {
		return
	}
	r.told.copyFrom(&r.best)
	x := r.m.solution(&r.best)
	p := Progress{Iteration: r.done, Unserved: len(x.Unserved), Vehicles: len(x.Routes), Cost: x.Cost.Total, Plan: func() *Solution { return x }}
	if r.o.Now != nil {
		p.Elapsed = r.o.Now().Sub(r.begin)
	}
	for _, q := range x.Routes {
		p.Distance += q.Distance
	}
	r.report(p)
}
