package pdptw

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"
)

// TestNothingBeginsAfterTheDeadline lets a clock stand still until it was read so many times, and then jump over the end.
// No worker may look again more often than it takes to leave the rounds, nor do more iterations than lie between two
// looks: what is done after the deadline is bounded by one such stretch, whatever the size of the problem.
func TestNothingBeginsAfterTheDeadline(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name              string
		requests, workers int
		parts             bool
	}{
		{"Whole", 60, 1, false},
		{"Threads", 60, 3, false},
		{"Parts", 520, 1, true},
		{"ThreadsInParts", 120, 2, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			p := plainProblem(rand.New(rand.NewPCG(4, 1)), x.requests, x.requests/3)
			for _, jump := range []int64{1, 20, 300} {
				var reads atomic.Int64
				now := func() time.Time {
					if reads.Add(1) > jump {
						return time.Unix(1000, 0)
					}
					return time.Unix(0, 0)
				}
				o := Options{Time: time.Second, Now: now, Workers: x.workers, Seed: 1, Objective: TotalCost}
				r := newRun(context.Background(), compile(p, o.Objective), o, time.Unix(0, 0), nil)
				if parts := r.parts() > 1; parts != x.parts {
					t.Fatalf("cut into parts: %v", parts)
				}
				s := solve(t, p, o)
				if most := int(jump+1) * glance; s.Iterations > most {
					t.Errorf("over after %d looks: %d iterations, %d at most", jump, s.Iterations, most)
				}
				if more := reads.Load() - jump; more > int64(4+2*x.workers) {
					t.Errorf("over after %d looks: the clock was read %d more times", jump, more)
				}
			}
		})
	}
}

// TestCycles holds how often the annealing cools down: by the iterations of a request, whether they are given or reckoned
// from the time used so far.
func TestCycles(t *testing.T) {
	t.Parallel()
	const requests = 20
	m := compile(plainProblem(rand.New(rand.NewPCG(4, 1)), requests, 5), Lexicographic)
	for _, x := range []struct{ iterations, want int }{{1, 1}, {cycleLength * requests, 1}, {3 * cycleLength * requests, 3}, {1e9, mostCycles}} {
		if got := newRun(context.Background(), m, Options{Iterations: x.iterations}, time.Time{}, nil).cycles(); got != x.want {
			t.Errorf("%d iterations: %d cycles, want %d", x.iterations, got, x.want)
		}
	}
	o := Options{Time: time.Second, Now: func() time.Time { return time.Unix(0, 100_000_000) }}
	r := newRun(context.Background(), m, o, time.Unix(0, 0), nil)
	if r.done = cycleLength * requests / 2; r.cycles() != 4 {
		t.Errorf("half a cycle in a tenth of the time: %d cycles, want 4 and what is kept for writing", r.cycles())
	}
}
