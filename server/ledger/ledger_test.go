package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

func grams(from, to string, n int64) ledger.Posting {
	return ledger.Posting{Unit: ledger.Grams, From: from, To: to, Amount: n}
}

func fen(from, to string, n int64) ledger.Posting {
	return ledger.Posting{Unit: ledger.Fen, From: from, To: to, Amount: n}
}

func entry(client string, postings ...ledger.Posting) ledger.Entry {
	return ledger.Entry{ClientID: client, At: 1, Actor: "tester", Kind: "weighed", Subject: "lot/1", Postings: postings}
}

func post(t testing.TB, db *store.DB, e ledger.Entry) (repeated bool, err error) {
	t.Helper()
	err = db.InTx(context.Background(), func(tx store.Tx) error {
		_, repeated, err = ledger.Post(context.Background(), tx, e)
		return err
	})
	return repeated, err
}

func must(t testing.TB, db *store.DB, e ledger.Entry) {
	t.Helper()
	if _, err := post(t, db, e); err != nil {
		t.Fatal(err)
	}
}

func balance(t testing.TB, db *store.DB, unit ledger.Unit, name string) int64 {
	t.Helper()
	n, err := ledger.Balance(context.Background(), db.Read(), unit, name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPost(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		must(t, db, entry("a", grams("world/harvest", "lot/1/available", 10_000)))
		must(t, db, entry("b", grams("lot/1/available", "line/1/reserved", 4_000)))
		if got := balance(t, db, ledger.Grams, "lot/1/available"); got != 6_000 {
			t.Errorf("available %d, want 6000", got)
		}
		if got := balance(t, db, ledger.Grams, "world/harvest"); got != -10_000 {
			t.Errorf("harvest %d, want -10000", got)
		}
		if got := balance(t, db, ledger.Fen, "lot/1/available"); got != 0 {
			t.Errorf("grams and fen share an account: %d", got)
		}
	})
}

func TestPostNeverBelowZero(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		must(t, db, entry("a", grams("world/harvest", "lot/1/available", 100)))
		_, err := post(t, db, entry("b", grams("lot/1/available", "line/x/reserved", 60), grams("lot/1/available", "line/y/reserved", 60)))
		var short *ledger.InsufficientError
		if !errors.As(err, &short) || short.Have != 100 || short.Want != 120 {
			t.Fatalf("got %v, want an InsufficientError of 100 for 120", err)
		}
		if !fault.Is(err, fault.Conflict) {
			t.Error("not a conflict to the caller")
		}
		if got := balance(t, db, ledger.Grams, "line/x/reserved"); got != 0 {
			t.Errorf("half of the entry was posted: %d", got)
		}
	})
}

func TestPostRepeat(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		must(t, db, entry("a", grams("world/harvest", "lot/1/available", 100)))
		again := entry("a", grams("world/harvest", "lot/1/available", 100))
		again.At = 99 // a device that sends again may say another time
		if repeated, err := post(t, db, again); err != nil || !repeated {
			t.Fatalf("repeated %v, %v", repeated, err)
		}
		if got := balance(t, db, ledger.Grams, "lot/1/available"); got != 100 {
			t.Errorf("a repeat had an effect: %d", got)
		}
		_, err := post(t, db, entry("a", grams("world/harvest", "lot/1/available", 101)))
		if f := fault.Of(err); f == nil || f.Code != "client_id_reused" {
			t.Errorf("other content under the same id: %v", err)
		}
	})
}

func TestPostRefusesNonsense(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	for name, e := range map[string]ledger.Entry{
		"no postings": entry("n1"),
		"zero":        entry("n2", grams("world/harvest", "lot/b/available", 0)),
		"negative":    entry("n3", grams("world/harvest", "lot/b/available", -1)),
		"to itself":   entry("n4", grams("world/harvest", "world/harvest", 1)),
		"no account":  entry("n5", grams("", "lot/b/available", 1)),
		"no id":       entry("", grams("world/harvest", "lot/b/available", 1)),
		"bad unit":    entry("n6", ledger.Posting{Unit: "kg", From: "world/harvest", To: "lot/b/available", Amount: 1}),
	} {
		if _, err := post(t, db, e); err == nil {
			t.Errorf("%s was posted", name)
		}
	}
}

func TestRestrictedMoney(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		const fund, escrow, use = "campaign/1/fund", "order/1/escrow", "free to the two hospitals"
		err := db.InTx(t.Context(), func(tx store.Tx) error {
			if err := ledger.Restrict(t.Context(), tx, fund, use); err != nil {
				return err
			}
			return ledger.Restrict(t.Context(), tx, escrow, use)
		})
		if err != nil {
			t.Fatal(err)
		}
		must(t, db, entry("in", fen("world/bank", fund, 500)))
		must(t, db, entry("same use", fen(fund, escrow, 200)))
		_, err = post(t, db, entry("market", fen(fund, "order/2/escrow", 100)))
		if f := fault.Of(err); f == nil || f.Code != "restricted_use" {
			t.Fatalf("money for the hospitals went to a market: %v", err)
		}
		named := entry("named", fen(escrow, "payable/coop", 200))
		named.Use = use
		must(t, db, named)
		if got := balance(t, db, ledger.Fen, fund); got != 300 {
			t.Errorf("fund %d, want 300", got)
		}
	})
}

// Sixty-four clients want the last hundred units one by one, and then ten more each: exactly a hundred are sold.
func TestPostUnderContention(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		must(t, db, entry("stock", grams("world/harvest", "lot/1/available", 100)))
		var sold, refused atomic.Int64
		var wg sync.WaitGroup
		for client := range 64 {
			wg.Go(func() {
				for n := range 3 {
					_, err := post(t, db, entry(fmt.Sprintf("c%d-%d", client, n), grams("lot/1/available", fmt.Sprintf("line/%d/reserved", client), 1)))
					switch {
					case err == nil:
						sold.Add(1)
					case fault.Is(err, fault.Conflict):
						refused.Add(1)
					default:
						t.Errorf("client %d: %v", client, err)
					}
				}
			})
		}
		wg.Wait()
		if sold.Load() != 100 || refused.Load() != 92 || balance(t, db, ledger.Grams, "lot/1/available") != 0 {
			t.Errorf("sold %d, refused %d of 192 for a stock of 100", sold.Load(), refused.Load())
		}
	})
}

// Random entries against plain arithmetic: the same ones succeed, and every balance is the same.
func TestPostAgainstModel(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		name := func(n int) string {
			if n == 0 {
				return "world/harvest"
			}
			return fmt.Sprintf("line/%d-%d/reserved", run, n)
		}
		model := map[string]int64{"world/harvest": balance(t, db, ledger.Grams, "world/harvest")}
		for i := range rapid.IntRange(1, 12).Draw(r, "entries") {
			e, ok := drawEntry(r, fmt.Sprintf("r%d-%d", run, i), name, model)
			_, err := post(t, db, e)
			if ok != (err == nil) {
				r.Fatalf("%+v: model says %v, ledger %v", e.Postings, ok, err)
			}
		}
		for account, want := range model {
			if got := balance(t, db, ledger.Grams, account); got != want {
				r.Fatalf("%s holds %d, want %d", account, got, want)
			}
		}
	})
	if report, err := ledger.Verify(t.Context(), db); err != nil || !report.OK() {
		t.Errorf("%v %v", report.Wrong, err)
	}
}

func drawEntry(r *rapid.T, id string, name func(int) string, model map[string]int64) (ledger.Entry, bool) {
	next := map[string]int64{}
	var postings []ledger.Posting
	for range rapid.IntRange(1, 4).Draw(r, "postings") {
		from := rapid.IntRange(0, 3).Draw(r, "from")
		to := (from + rapid.IntRange(1, 3).Draw(r, "step")) % 4
		n := rapid.Int64Range(1, 50).Draw(r, "amount")
		postings = append(postings, grams(name(from), name(to), n))
		next[name(from)] -= n
		next[name(to)] += n
	}
	for account, by := range next {
		if !strings.HasPrefix(account, ledger.World) && model[account]+by < 0 {
			return entry(id, postings...), false
		}
	}
	for account, by := range next {
		model[account] += by
	}
	return entry(id, postings...), true
}
