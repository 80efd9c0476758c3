package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// tally is what one run came to.
type tally struct {
	done    int
	refused int
	took    []time.Duration // of those that were done
	wall    time.Duration
}

// errRefused says that an order was answered no: there was not enough left.
var errRefused = fmt.Errorf("refused")

// load lets clients act at once, each as fast as it is answered, for a while. Any error but errRefused ends it.
func load(ctx context.Context, clients int, length time.Duration, act func(ctx context.Context, client, n int) error) (tally, error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var sum tally
	var failed error
	began := time.Now()
	for client := range clients {
		all.Go(func() {
			t, err := one(ctx, client, began.Add(length), act)
			mu.Lock()
			defer mu.Unlock()
			sum.done += t.done
			sum.refused += t.refused
			sum.took = append(sum.took, t.took...)
			if failed == nil {
				failed = err
			}
		})
	}
	all.Wait()
	sum.wall = time.Since(began)
	slices.Sort(sum.took)
	return sum, failed
}

func one(ctx context.Context, client int, until time.Time, act func(ctx context.Context, client, n int) error) (t tally, err error) {
	for n := 0; ; n++ {
		start := time.Now()
		if start.After(until) {
			return t, nil
		}
		switch err = act(ctx, client, n); {
		case err == nil:
			t.done++
			t.took = append(t.took, time.Since(start))
		case errors.Is(err, errRefused):
			t.refused++
		default:
			return t, err
		}
	}
}

func (t tally) print(what, database string, lots string) {
	fmt.Printf("| %s | %s | %s | %.0f | %s | %s | %s | %d |\n", what, database, lots, float64(t.done)/t.wall.Seconds(),
		t.part(0.50), t.part(0.99), t.part(1), t.refused)
}

// part gives the time within which that part of the acts was answered, in ms.
func (t tally) part(p float64) string {
	if len(t.took) == 0 {
		return "-"
	}
	d := t.took[min(len(t.took)-1, int(p*float64(len(t.took))))]
	return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000)
}
