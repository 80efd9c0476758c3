package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"jishi/server/store"
	"jishi/server/store/storetest"
)

// many runs do 64 times at once.
func many(do func(n int)) {
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() { do(n) })
	}
	all.Wait()
}

// Of transactions that share a commit, one that fails, panics or ends its goroutine takes back only what it did itself.
func TestAFailingTransactionTakesBackOnlyItself(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		table(t, db)
		boom := errors.New("boom")
		for round := range 5 {
			many(func(n int) {
				defer func() { _ = recover() }()
				err := db.InTx(context.Background(), func(tx store.Tx) error {
					if err := insert(t, tx, fmt.Sprintf("%d-%d", round, n)); err != nil {
						return err
					}
					switch n % 4 {
					case 1:
						return boom
					case 2:
						panic("boom")
					case 3:
						runtime.Goexit()
					}
					return nil
				})
				if want := map[int]error{0: nil, 1: boom}[n%4]; !errors.Is(err, want) {
					t.Errorf("%d: %v, want %v", n, err, want)
				}
			})
		}
		if n := count(t, db); n != 5*16 {
			t.Errorf("%d rows, want %d", n, 5*16)
		}
	})
}

// When the database rolls back a whole group, as SQLite does when the disk is full, the others of it run again.
func TestALostGroupRunsAgain(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	table(t, db)
	var ran atomic.Int64
	broken := errors.New("broken")
	const rounds = 20
	for round := range rounds {
		many(func(n int) {
			err := db.InTx(context.Background(), func(tx store.Tx) error {
				ran.Add(1)
				if n%16 == 5 {
					_, _ = tx.Exec("ROLLBACK")
					return broken
				}
				return insert(t, tx, fmt.Sprintf("%d-%d", round, n))
			})
			if want := map[bool]error{true: broken}[n%16 == 5]; !errors.Is(err, want) {
				t.Errorf("%d: %v, want %v", n, err, want)
			}
		})
	}
	if n := count(t, db); n != rounds*60 {
		t.Errorf("%d rows, want %d", n, rounds*60)
	}
	if ran.Load() <= rounds*64 {
		t.Error("no group was lost: the test shows nothing")
	}
}

// A caller that goes away gets an error, before or in its transaction, and harms nobody else.
func TestACallerThatGoesAwayHarmsNobody(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		table(t, db)
		gone, leave := context.WithCancel(t.Context())
		leave()
		many(func(n int) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if n%4 == 1 {
				ctx = gone
			}
			err := db.InTx(ctx, func(tx store.Tx) error {
				if n%4 == 2 {
					cancel()
				}
				_, err := tx.ExecContext(ctx, `INSERT INTO boxes (id, n) VALUES ($1, 0)`, fmt.Sprint(n))
				return err
			})
			if away := n%4 == 1 || n%4 == 2; away != errors.Is(err, context.Canceled) {
				t.Errorf("%d: %v", n, err)
			}
		})
		if n := count(t, db); n != 32 {
			t.Errorf("%d rows, want 32", n)
		}
	})
}

func TestAClosedDatabaseTakesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	if err := errors.Join(db.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	if err := db.InTx(t.Context(), func(store.Tx) error { return nil }); err == nil {
		t.Error("it ran")
	}
}

// Two queries of one text may be read at once, and a statement that failed may be used again.
func TestKeptStatements(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		table(t, db)
		err := db.InTx(t.Context(), func(tx store.Tx) error {
			if err := errors.Join(insert(t, tx, "a"), insert(t, tx, "b")); err != nil {
				return err
			}
			if db.Engine() == store.SQLite { // PostgreSQL ends a transaction in which a statement failed
				if err := insert(t, tx, "a"); !store.IsUnique(err) {
					t.Errorf("a second a: %v", err)
				}
			}
			return insert(t, tx, "c")
		})
		if err != nil {
			t.Fatal(err)
		}
		if db.Engine() == store.Postgres {
			nested(t, db.Read()) // one connection of PostgreSQL reads one result at a time
			return
		}
		if err = db.InTx(t.Context(), func(tx store.Tx) error { nested(t, tx); return nil }); err != nil {
			t.Fatal(err)
		}
	})
}

func nested(t *testing.T, q store.Querier) {
	t.Helper()
	const query = `SELECT id FROM boxes WHERE id >= $1 ORDER BY id`
	outer, err := q.QueryContext(t.Context(), query, "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = outer.Close() }()
	seen := ""
	for outer.Next() {
		var id, first string
		if err = outer.Scan(&id); err != nil {
			t.Fatal(err)
		}
		if err = q.QueryRowContext(t.Context(), query, id).Scan(&first); err != nil {
			t.Fatal(err)
		}
		seen += id + first
	}
	if err = outer.Err(); err != nil || seen != "aabbcc" {
		t.Errorf("read %q, %v", seen, err)
	}
}

// Two processes on one PostgreSQL database raise a number that both have read: the one that comes second runs again.
func TestTwoProcessesLoseNoStep(t *testing.T) {
	t.Parallel()
	dsn := storetest.PostgresDSN(t)
	var process [2]*store.DB
	for i := range process {
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		process[i] = db
	}
	table(t, process[0])
	if err := process[0].InTx(t.Context(), func(tx store.Tx) error { return insert(t, tx, "x") }); err != nil {
		t.Fatal(err)
	}
	var read, all sync.WaitGroup
	read.Add(len(process))
	var runs [len(process)]int
	for i, db := range process {
		all.Go(func() {
			err := db.InTx(t.Context(), func(tx store.Tx) error {
				var n int
				if err := tx.QueryRowContext(t.Context(), `SELECT n FROM boxes WHERE id = 'x'`).Scan(&n); err != nil {
					return err
				}
				if runs[i]++; runs[i] == 1 {
					read.Done()
					read.Wait()
				}
				_, err := tx.ExecContext(t.Context(), `UPDATE boxes SET n = $1 WHERE id = 'x'`, n+1)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n int
	if err := process[1].Read().QueryRowContext(t.Context(), `SELECT n FROM boxes`).Scan(&n); err != nil || n != 2 {
		t.Errorf("n is %d, %v; want 2", n, err)
	}
	if runs[0]+runs[1] != 3 {
		t.Errorf("they ran %v times, want 3 in all", runs)
	}
}
