package pdptw

import (
	"context"
	"math/rand/v2"
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
	r := newRun(ctx, compile(p, o.Objective), o, begin, report)
	r.construct()
	r.shrinkFleet()
	r.improve()
	return r.finish(), nil
}

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
	case o.Time > 0 && o.Now == nil:
		return bad("a time limit needs a clock", "options.now")
	case o.Objective > TotalCost:
		return bad("unknown", "options.objective")
	}
	return nil
}

// run is one call of Solve.
type run struct {
	ctx    context.Context
	m      *model
	o      Options
	begin  time.Time
	report func(Progress)
	s      *state
	rng    *rand.Rand
	best   plan
	done   int
}

func newRun(ctx context.Context, m *model, o Options, begin time.Time, report func(Progress)) *run {
	if o.Time == 0 && o.Iterations == 0 {
		o.Iterations = 1000 + 20*m.n
	}
	return &run{ctx: ctx, m: m, o: o, begin: begin, report: report, s: newState(m), rng: rand.New(rand.NewPCG(o.Seed, 1))}
}

// stretch is the part of the whole budget from what is used now up to share.
func (r *run) stretch(share float64) *budget {
	b := &budget{ctx: r.ctx, now: r.o.Now}
	if r.o.Iterations > 0 {
		b.limit = max(1, int(share*float64(r.o.Iterations))-r.done)
	}
	if r.o.Time > 0 {
		b.begin = r.o.Now()
		b.end = r.begin.Add(time.Duration(share * float64(r.o.Time)))
	}
	return b
}

// construct takes over the plan to start from, as far as it can be kept, and inserts the rest greedily.
func (r *run) construct() {
	calm := standard
	calm.blink = 0
	for len(r.s.absent) > 0 {
		before := len(r.s.absent)
		r.s.bringBack(r.rng, &calm)
		if len(r.s.absent) == before {
			break
		}
	}
	r.s.mark()
	r.s.save(&r.best)
	r.tell()
}

func (r *run) shrinkFleet() {
	if !r.m.lexical {
		return
	}
	b := r.stretch(0.25)
	r.s.shrink(r.rng, &standard, b, &r.best)
	r.done += b.used
	r.s.restore(&r.best)
	r.tell()
}

func (r *run) improve() {
	b := r.stretch(1)
	r.s.anneal(r.rng, &standard, b, &r.best)
	r.done += b.used
	r.tell()
}

func (r *run) finish() *Solution {
	out := r.m.solution(&r.best)
	out.Iterations = r.done
	r.m.explain(&r.best, out)
	return out
}

func (r *run) tell() {
	if r.report == nil {
		return
	}
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
