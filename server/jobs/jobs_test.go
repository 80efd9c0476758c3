package jobs_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"jishi/server/jobs"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "greet" }

func runner(t *testing.T, db *store.DB) *jobs.Runner {
	t.Helper()
	if err := jobs.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	r, err := jobs.New(db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func start(t *testing.T, r *jobs.Runner) {
	t.Helper()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func insert(t *testing.T, db *store.DB, r *jobs.Runner, name string, after error) error {
	t.Helper()
	return db.InTx(t.Context(), func(tx store.Tx) error {
		if err := r.Insert(t.Context(), tx, greet{name}); err != nil {
			return err
		}
		return after
	})
}

func next(t *testing.T, names <-chan string) string {
	t.Helper()
	select {
	case name := <-names:
		return name
	case <-time.After(time.Minute):
		t.Fatal("no job was worked within a minute")
		return ""
	}
}

func TestAJobLivesAndDiesWithItsTransaction(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		r := runner(t, db)
		names := make(chan string, 10)
		jobs.Register(r, func(_ context.Context, g greet) error { names <- g.Name; return nil })
		start(t, r)
		no := errors.New("the row was refused")
		if err := insert(t, db, r, "rolled back", no); !errors.Is(err, no) {
			t.Fatalf("got %v", err)
		}
		if err := insert(t, db, r, "committed", nil); err != nil {
			t.Fatal(err)
		}
		if got := next(t, names); got != "committed" {
			t.Errorf("worked %q", got)
		}
		if err := insert(t, db, r, "second", nil); err != nil {
			t.Fatal(err)
		}
		if got := next(t, names); got != "second" {
			t.Errorf("worked %q: the job of a rolled back transaction ran", got)
		}
	})
}

func TestAFailingJobIsTriedAgain(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		r := runner(t, db)
		var tries atomic.Int64
		names := make(chan string, 10)
		jobs.Register(r, func(_ context.Context, g greet) error {
			if tries.Add(1) == 1 {
				return errors.New("the search engine is away")
			}
			names <- g.Name
			return nil
		})
		start(t, r)
		if err := insert(t, db, r, "stubborn", nil); err != nil {
			t.Fatal(err)
		}
		if got := next(t, names); got != "stubborn" || tries.Load() != 2 {
			t.Errorf("worked %q after %d tries", got, tries.Load())
		}
	})
}

func TestAJobThatNothingCanHelpIsTriedOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		r := runner(t, db)
		jobs.Register(r, func(context.Context, greet) error { return jobs.Never(errors.New("no such row")) })
		start(t, r)
		if err := insert(t, db, r, "hopeless", nil); err != nil {
			t.Fatal(err)
		}
		state := "available"
		for deadline := time.Now().Add(time.Minute); state == "available" || state == "running"; {
			if time.Now().After(deadline) {
				t.Fatalf("still %s after a minute", state)
			}
			err := db.Read().QueryRowContext(t.Context(), `SELECT state FROM river_job WHERE kind = 'greet'`).Scan(&state)
			if err != nil {
				t.Fatal(err)
			}
		}
		if state != "cancelled" {
			t.Errorf("its state is %q", state)
		}
	})
}

func TestJobsWaitWhileNothingRuns(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		before := runner(t, db)
		if err := insert(t, db, before, "from before the stop", nil); err != nil {
			t.Fatal(err)
		}
		after := runner(t, db)
		names := make(chan string, 10)
		jobs.Register(after, func(_ context.Context, g greet) error { names <- g.Name; return nil })
		start(t, after)
		if got := next(t, names); got != "from before the stop" {
			t.Errorf("worked %q", got)
		}
	})
}

func TestPeriodicJobsRunFromTheStart(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		r := runner(t, db)
		names := make(chan string, 10)
		jobs.Register(r, func(_ context.Context, g greet) error { names <- g.Name; return nil })
		r.Every(time.Hour, greet{"hourly"})
		start(t, r)
		if got := next(t, names); got != "hourly" {
			t.Errorf("worked %q", got)
		}
	})
}

func TestStartWithoutKindsIsAMistakeOfWiring(t *testing.T) {
	t.Parallel()
	if err := runner(t, storetest.SQLite(t)).Start(t.Context()); err == nil {
		t.Error("it started")
	}
}

type look struct {
	Thing string `json:"thing"`
}

func (look) Kind() string  { return "look" }
func (l look) Key() string { return l.Thing }

// Of jobs that look at the same thing one waits; what changes while it is looked at asks for another look.
func TestOneLookAtAThingIsEnough(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		r := runner(t, db)
		looks, on := make(chan string), make(chan bool)
		jobs.Register(r, func(_ context.Context, l look) error { looks <- l.Thing; <-on; return nil })
		change := func(thing string) {
			if err := db.InTx(t.Context(), func(tx store.Tx) error { return r.Insert(t.Context(), tx, look{thing}) }); err != nil {
				t.Fatal(err)
			}
		}
		for range 5 {
			change("a")
		}
		start(t, r)
		if got := next(t, looks); got != "a" {
			t.Fatalf("looked at %q", got)
		}
		change("a") // while it is being looked at
		on <- true
		if got := next(t, looks); got != "a" {
			t.Fatalf("looked at %q", got)
		}
		change("b")
		on <- true
		if got := next(t, looks); got != "b" {
			t.Errorf("a was looked at more often than needed: %q came before b", got)
		}
		on <- true
	})
}
