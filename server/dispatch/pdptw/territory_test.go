package pdptw

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// inParts solves p with its plan cut into parts, however small it is.
func inParts(t *testing.T, p *Problem, o Options, parts int) *Solution {
	t.Helper()
	r := newRun(context.Background(), compile(p, o.Objective), o, time.Time{}, nil)
	r.construct()
	first := r.best.worth
	r.searchParts(parts)
	if first.better(r.best.worth) {
		t.Errorf("the plan got worse: %+v, %+v before", r.best.worth, first)
	}
	s := r.finish()
	for _, v := range Verify(p, s) {
		t.Errorf("verifier: %s", v)
	}
	return s
}

func TestParts(t *testing.T) {
	t.Parallel()
	t.Run("NeverABrokenRule", func(t *testing.T) {
		t.Parallel()
		for seed := range seeds(40) {
			rng := rand.New(rand.NewPCG(seed, 11))
			p := randomProblem(rng, 10+rng.IntN(40), 3+rng.IntN(8), seed%2 == 0)
			for _, o := range []Objective{Lexicographic, TotalCost} {
				workers := 1 + rng.IntN(3)
				inParts(t, p, Options{Objective: o, Iterations: 200, Seed: seed, Workers: workers}, workers+rng.IntN(2))
			}
		}
	})
	t.Run("SameSeedSamePlan", func(t *testing.T) {
		t.Parallel()
		p := plainProblem(rand.New(rand.NewPCG(8, 1)), 60, 20)
		o := Options{Iterations: 400, Workers: 3, Seed: 5}
		if !reflect.DeepEqual(inParts(t, p, o, 3), inParts(t, p, o, 3)) {
			t.Error("two runs, two plans")
		}
	})
	t.Run("EveryRouteHasOnePart", func(t *testing.T) {
		t.Parallel()
		w := warmWorker(plainProblem(rand.New(rand.NewPCG(3, 1)), 120, 60), TotalCost)
		c := &territories{owner: make([]int32, w.s.m.v), rng: rand.New(rand.NewPCG(1, 0))}
		c.cut(w.s, 4, 2)
		stops := make([]int, 4)
		for _, v := range w.s.used {
			stops[c.owner[v]] += len(w.s.seq[v]) - 2
		}
		for part, n := range stops {
			if n < 240/4-30 || n > 240/4+30 {
				t.Errorf("part %d has %d of 240 stops", part, n)
			}
		}
	})
}
