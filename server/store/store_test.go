package store_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jishi/server/store"
	"jishi/server/store/storetest"
)

func TestOpenRefusesUnknownAddresses(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"", "mysql://x", "jishi.db"} {
		if db, err := store.Open(t.Context(), dsn); err == nil {
			_ = db.Close()
			t.Errorf("opened %q", dsn)
		}
	}
}

func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func table(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.InTx(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `CREATE TABLE boxes (id TEXT PRIMARY KEY, n BIGINT NOT NULL)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM boxes`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func insert(t *testing.T, tx store.Tx, id string) error {
	t.Helper()
	_, err := tx.ExecContext(t.Context(), `INSERT INTO boxes (id, n) VALUES ($1, 0)`, id)
	return err
}

func TestInTx(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		table(t, db)
		boom := errors.New("boom")
		err := db.InTx(t.Context(), func(tx store.Tx) error { return errors.Join(insert(t, tx, "a"), boom) })
		if !errors.Is(err, boom) || count(t, db) != 0 {
			t.Errorf("an error left %d rows, %v", count(t, db), err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = db.InTx(t.Context(), func(tx store.Tx) error { _ = insert(t, tx, "b"); panic("boom") })
		}()
		if count(t, db) != 0 {
			t.Error("a panic left a row")
		}
		if err = db.InTx(t.Context(), func(tx store.Tx) error { return insert(t, tx, "c") }); err != nil || count(t, db) != 1 {
			t.Errorf("%d rows, %v", count(t, db), err)
		}
		err = db.InTx(t.Context(), func(tx store.Tx) error { return insert(t, tx, "c") })
		if !store.IsUnique(err) {
			t.Errorf("a second row of the same key: %v", err)
		}
	})
}

// Eight writers read a number and write it back one higher: none of the steps is lost on either engine.
func TestInTxSerializable(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		table(t, db)
		if err := db.InTx(t.Context(), func(tx store.Tx) error { return insert(t, tx, "x") }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					if err := db.InTx(t.Context(), func(tx store.Tx) error { return raise(t, tx) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int
		if err := db.Read().QueryRowContext(t.Context(), `SELECT n FROM boxes`).Scan(&n); err != nil || n != 80 {
			t.Errorf("n is %d, %v; want 80", n, err)
		}
	})
}

func raise(t *testing.T, tx store.Tx) error {
	t.Helper()
	var n int
	if err := tx.QueryRowContext(t.Context(), `SELECT n FROM boxes WHERE id = 'x'`).Scan(&n); err != nil {
		return err
	}
	_, err := tx.ExecContext(t.Context(), `UPDATE boxes SET n = $1 WHERE id = 'x'`, n+1)
	return err
}

func TestReadCannotWriteOnSQLite(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	table(t, db)
	if _, err := db.Read().ExecContext(t.Context(), `INSERT INTO boxes (id, n) VALUES ('a', 1)`); err == nil {
		t.Error("the read pool wrote")
	}
}

func TestDataSurvivesClosing(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "a b?.db")
	for want := range 2 {
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		if want == 0 {
			table(t, db)
		}
		if got := count(t, db); got != want {
			t.Errorf("%d rows at start %d", got, want)
		}
		if err = db.InTx(t.Context(), func(tx store.Tx) error { return insert(t, tx, store.NewID()) }); err != nil {
			t.Fatal(err)
		}
		if err = db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNewID(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 10_000 {
		id := store.NewID()
		if !store.IsID(id) || seen[id] {
			t.Fatalf("id %q", id)
		}
		seen[id] = true
	}
	now := time.Now()
	before, after := store.IDFrom(now.Add(-time.Millisecond)), store.IDFrom(now.Add(time.Minute))
	if id := store.NewID(); id < before || id > after {
		t.Errorf("%s does not lie between %s and %s", id, before, after)
	}
	if at, ok := store.IDTime(store.IDFrom(now)); !ok || at.UnixMilli() != now.UnixMilli() {
		t.Errorf("%s came back as %s", now, at)
	}
	if _, ok := store.IDTime("x"); ok {
		t.Error("x has a time")
	}
	for _, bad := range []string{"", "x", "0123456789ABCDEFGHJKMNPQRS", "0123456789abcdefghjkmnpqr/"} {
		if store.IsID(bad) {
			t.Errorf("%q passes for an id", bad)
		}
	}
}
