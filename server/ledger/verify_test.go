package ledger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/server/ledger"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// books writes a few entries and events and seals them.
func books(t *testing.T, db *store.DB) {
	t.Helper()
	must(t, db, entry("a", grams("world/harvest", "lot/1/available", 10_000)))
	must(t, db, entry("b", grams("lot/1/available", "line/1/reserved", 4_000), fen("world/bank", "order/1/escrow", 700)))
	err := db.InTx(t.Context(), func(tx store.Tx) error {
		return ledger.Record(t.Context(), tx, ledger.Event{At: 5, Actor: "coop", Act: "lot.weighed", Subject: "lot/1", Reason: "farm scale"}, nil, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := ledger.Seal(t.Context(), db); err != nil || n != 3 {
		t.Fatalf("sealed %d, %v; want 3", n, err)
	}
}

func TestVerifyAcceptsWhatWasWritten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		books(t, db)
		must(t, db, entry("later", grams("world/harvest", "lot/2/available", 1)))
		report, err := ledger.Verify(t.Context(), db)
		if err != nil || !report.OK() {
			t.Fatalf("%+v %v", report, err)
		}
		if report.Entries != 3 || report.Events != 1 || report.Seals != 3 || report.Unsealed != 1 {
			t.Errorf("%+v", report)
		}
		if n, err := ledger.Seal(t.Context(), db); err != nil || n != 1 {
			t.Errorf("sealed %d more, %v; want 1", n, err)
		}
	})
}

// What a subject was before and after stands in its event as JSON, and reads back as it was said; of nothing, nothing is written.
func TestAnEventHasBothSides(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	type lot struct {
		Grams int64 `json:"grams"`
		Note  string
	}
	sides := [][2]any{{nil, nil}, {nil, lot{5, "<a> & \u00e9"}}, {lot{5, ""}, lot{4, "dried"}}, {map[string]int{"b": 1, "a": 2}, nil}}
	err := db.InTx(t.Context(), func(tx store.Tx) error {
		for i, s := range sides {
			ev := ledger.Event{At: 5, Actor: "coop", Act: "lot.weighed", Subject: fmt.Sprint("lot/", i)}
			if err := ledger.Record(t.Context(), tx, ev, s[0], s[1]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text := func(v any) string {
		if v == nil {
			return ""
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for i, s := range sides {
		list, err := ledger.Events(t.Context(), db.Read(), fmt.Sprint("lot/", i))
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if ev := list[0]; string(ev.Before) != text(s[0]) || string(ev.After) != text(s[1]) || ev.Actor != "coop" {
			t.Errorf("%d: %+v", i, ev)
		}
	}
}

// Every way to change one thing behind the ledger's back is found, and the thing is named.
func TestVerifyFindsEveryChange(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ change, where string }{
		"body":           {`UPDATE ledger_entries SET body = replace(body, '4000', '4001') WHERE client_id = 'b'`, "ledger_entries/"},
		"body and hash":  {`UPDATE ledger_entries SET body_sha256 = 'x' WHERE client_id = 'b'`, "ledger_entries/"},
		"actor":          {`UPDATE ledger_entries SET actor = 'nobody' WHERE client_id = 'b'`, "ledger_entries/"},
		"posting":        {`UPDATE ledger_postings SET amount = 4001 WHERE unit = 'g' AND to_account = 'line/1/reserved'`, "ledger_entries/"},
		"posting gone":   {`DELETE FROM ledger_postings WHERE unit = 'fen'`, "ledger_entries/"},
		"balance":        {`UPDATE ledger_balances SET amount = 6001 WHERE account = 'lot/1/available'`, "account g lot/1/available"},
		"balance gone":   {`DELETE FROM ledger_balances WHERE unit = 'fen'`, "account fen order/1/escrow"},
		"event":          {`UPDATE audit_events SET body = replace(body, 'farm', 'fake')`, "audit_events/"},
		"event gone":     {`DELETE FROM audit_events`, "audit_events/"},
		"seal gone":      {`DELETE FROM ledger_seals WHERE n = 2`, "ledger_seals/2"},
		"seal rewritten": {`UPDATE ledger_seals SET hash = 'x' WHERE n = 2`, "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.SQLite(t)
			books(t, db)
			if _, err := db.Writer().ExecContext(context.Background(), row.change); err != nil {
				t.Fatal(err)
			}
			report, err := ledger.Verify(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			if report.OK() || !strings.Contains(fmt.Sprint(report.Wrong), row.where) {
				t.Errorf("found %v, want something about %s", report.Wrong, row.where)
			}
		})
	}
}

// A long transaction, or a server whose clock is behind, commits what has an older id than the newest seal. Up to a day it is sealed with the
// next round; what would be older still is not looked for among all that ever was, and Verify counts it.
func TestWhatCommitsLateIsSealed(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		books(t, db)
		late := func(by time.Duration, lot string) {
			t.Helper()
			err := db.InTx(t.Context(), func(tx store.Tx) error {
				if err := ledger.Record(t.Context(), tx, ledger.Event{At: 5, Actor: "coop", Act: "lot.weighed", Subject: lot}, nil, nil); err != nil {
					return err
				}
				return store.Exec(t.Context(), tx, `UPDATE audit_events SET id = $1 WHERE subject = $2`, store.IDFrom(time.Now().Add(-by)), lot)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		seal := func(want, left int) {
			t.Helper()
			if n, err := ledger.Seal(t.Context(), db); err != nil || n != want {
				t.Errorf("sealed %d, %v; want %d", n, err, want)
			}
			report, err := ledger.Verify(t.Context(), db)
			if err != nil || !report.OK() || report.Unsealed != left {
				t.Errorf("%+v %v; want %d without a seal", report, err, left)
			}
		}
		late(time.Hour, "lot/2")
		late(23*time.Hour, "lot/3")
		seal(2, 0)
		late(25*time.Hour, "lot/4")
		seal(0, 1)
	})
}
