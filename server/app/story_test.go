//go:build !race

// Planning in these tests is fifteen times slower under the race detector, which its own package has; scripts/test.sh runs
// them without it.

package app

import (
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "modernc.org/sqlite"

	"jishi/server/store/storetest"
)

// told is the demonstration, played once for every test that looks at it.
type told struct {
	code      int
	out, errs string
	file      []byte // the database
}

var tellOnce = sync.OnceValues(func() (told, error) {
	folder, err := os.MkdirTemp("", "jishi-demo-")
	if err != nil {
		return told{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	var d told
	d.code, d.out, d.errs = run(context.Background(), "demo", "--data", folder)
	d.file, err = os.ReadFile(filepath.Join(folder, databaseFile))
	return d, err
})

// demonstration gives what the demo printed and a folder of the test's own with what it left.
func demonstration(t *testing.T) (d told, data string) {
	t.Helper()
	d, err := tellOnce()
	if err != nil {
		t.Fatal(err)
	}
	if d.code != exitOK {
		t.Fatalf("exit %d: %s\n%s", d.code, d.errs, d.out)
	}
	data = t.TempDir()
	if err = os.WriteFile(filepath.Join(data, databaseFile), d.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return d, data
}

func TestTheDemoTellsTheStoryToItsLastFen(t *testing.T) {
	t.Parallel()
	d, data := demonstration(t)
	for _, figure := range []string{"59856.00", "15430.40", "1995.20"} {
		if !strings.Contains(d.out, figure) {
			t.Errorf("the demo does not print %s", figure)
		}
	}
	if !strings.Contains(d.out, "[18/18]") {
		t.Errorf("the demo does not come to its last step:\n%s", d.out)
	}
	t.Run("a used folder is left alone", func(t *testing.T) {
		if code, _, errs := run(t.Context(), "demo", "--data", data); code != exitError || !strings.Contains(errs, "holds data already") {
			t.Errorf("exit %d, %q", code, errs)
		}
	})
	t.Run("the books are right", func(t *testing.T) {
		s, err := open(t.Context(), config{data: data}, quiet())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.close() }()
		checkInvariants(t, s)
	})
	t.Run("the audit accepts it, and names what was changed", func(t *testing.T) { auditFindsOneByte(t, data) })
}

func TestTheStoryIsTheSameOnPostgreSQL(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := open(ctx, config{data: t.TempDir(), dsn: storetest.PostgresDSN(t), demo: true}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close() }()
	if err = s.seed(ctx); err != nil {
		t.Fatal(err)
	}
	text, err := storyNamed(mainStory)
	if err != nil {
		t.Fatal(err)
	}
	if err = s.tell(ctx, Streams{Out: io.Discard}, "zh", mainStory, text, 0); err != nil {
		t.Fatal(err)
	}
	checkInvariants(t, s)
}

// auditFindsOneByte changes one byte of an entry, of a posting and of a balance, each in turn.
func auditFindsOneByte(t *testing.T, data string) {
	if code, out, errs := run(t.Context(), "audit", "verify", "--data", data); code != exitOK {
		t.Fatalf("exit %d before any change: %s%s", code, out, errs)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var entry string
	if err = db.QueryRowContext(t.Context(), `SELECT id FROM ledger_entries WHERE kind = 'received' ORDER BY id LIMIT 1`).Scan(&entry); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, change, back, want string }{
		{
			"a digit of an entry",
			`UPDATE ledger_entries SET body = replace(body, '"amount":5004000', '"amount":5004001') WHERE id = $1`,
			`UPDATE ledger_entries SET body = replace(body, '"amount":5004001', '"amount":5004000') WHERE id = $1`,
			"ledger_entries/" + entry,
		},
		{
			"a posting",
			`UPDATE ledger_postings SET amount = amount + 1 WHERE entry = $1 AND n = 0`,
			`UPDATE ledger_postings SET amount = amount - 1 WHERE entry = $1 AND n = 0`,
			"ledger_entries/" + entry,
		},
		{
			"a balance",
			`UPDATE ledger_balances SET amount = amount + 1 WHERE unit = 'fen' AND account LIKE 'benefit/%' AND $1 <> ''`,
			`UPDATE ledger_balances SET amount = amount - 1 WHERE unit = 'fen' AND account LIKE 'benefit/%' AND $1 <> ''`,
			"account fen benefit/",
		},
		{
			"a seal",
			`UPDATE ledger_seals SET hash = CASE substr(hash, 1, 1) WHEN 'f' THEN '0' ELSE 'f' END || substr(hash, 2) WHERE id = $1`,
			"",
			entry,
		},
	} {
		change(t, db, c.change, entry)
		code, _, errs := run(t.Context(), "audit", "verify", "--data", data)
		if code != exitError || !strings.Contains(errs, c.want) {
			t.Errorf("%s changed: exit %d, %q; want exit 1 and %s", c.name, code, errs, c.want)
		}
		if c.back != "" {
			change(t, db, c.back, entry)
		}
	}
}

// change changes exactly what a test says and fails when that is nothing.
func change(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	res, err := db.ExecContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s changed %d rows, %v", query, n, err)
	}
}

func TestEveryInvariantSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	d, _ := demonstration(t)
	for _, c := range []struct {
		invariant int
		change    string
	}{
		{1, `UPDATE lots SET weighed_grams = weighed_grams - 1000000 WHERE packs = 1672`},
		{1, `UPDATE ledger_postings SET amount = amount + 1 WHERE from_account LIKE 'alloc/%'`},
		{1, `UPDATE ledger_balances SET amount = amount + 1 WHERE account LIKE 'lot/%' AND amount > 0`},
		{2, `UPDATE ledger_postings SET amount = amount - 1 WHERE to_account LIKE '%/accepted'`},
		{2, `UPDATE takings SET loaded_grams = loaded_grams + 1`},
		{3, `UPDATE vehicles SET truck_type = (SELECT truck_type FROM vehicles WHERE plate = '陕C·A1006') WHERE plate = '陕C·A1003'`},
		{4, `UPDATE takings SET demand_id = (SELECT min(demand_id) FROM takings); UPDATE ledger_balances SET amount = amount + 5000 WHERE account LIKE '%/accepted'`},
		{5, `UPDATE ledger_entries SET body = replace(body, '"use":', '"used":') WHERE kind = 'haulage'`},
		{5, `DELETE FROM ledger_restrictions`},
		{6, `UPDATE order_lines SET price_e4 = price_e4 + 1`},
		{6, `UPDATE settlement_lines SET fen = fen + 1 WHERE kind = 'coop'`},
		{7, `INSERT INTO ledger_entries SELECT id || 'x', client_id || 'x', at, actor, kind, subject, body, body_sha256 FROM ledger_entries WHERE kind = 'received'`},
		{8, `DELETE FROM settlement_lines WHERE kind = 'benefit'`},
		{8, `UPDATE ledger_postings SET amount = amount - 1 WHERE to_account LIKE 'benefit/%'`},
	} {
		other := t.TempDir()
		if err := os.WriteFile(filepath.Join(other, databaseFile), d.file, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", "file:"+filepath.Join(other, databaseFile))
		if err != nil {
			t.Fatal(err)
		}
		change(t, db, c.change)
		if err = db.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := open(t.Context(), config{data: other}, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if len(invariants[c.invariant-1](readBooks(t, s))) == 0 {
			t.Errorf("invariant %d does not see: %s", c.invariant, c.change)
		}
		if err = s.close(); err != nil {
			t.Fatal(err)
		}
	}
}
