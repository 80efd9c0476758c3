package ledger_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"unicode"

	"jishi/server/ledger"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var update = flag.Bool("update", false, "print docs/accounts.md anew")

func TestChartIsWhatTheDocumentShows(t *testing.T) {
	t.Parallel()
	const path = "../../docs/accounts.md"
	if *update {
		if err := os.WriteFile(path, []byte(ledger.ChartDocument()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != ledger.ChartDocument() {
		t.Errorf("docs/accounts.md is not the chart (%v): go test ./server/ledger -run Chart -update", err)
	}
}

func TestChartKnowsWhatItKnows(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		unit ledger.Unit
		name string
		want string
	}{
		{ledger.Fen, "order/1/escrow", "order/<order>/escrow"},
		{ledger.Grams, "order/1/escrow", ""},
		{ledger.Fen, "order//escrow", ""},
		{ledger.Fen, "order/1/escrow/2", ""},
		{ledger.Fen, "order/1", ""},
		{ledger.Fen, "payable/a/b", ""},
		{ledger.Grams, "consign/c/lost/rot", "consign/<consignment>/lost/<cause>"},
		{ledger.Fen, "", ""},
	} {
		if a, ok := ledger.FindAccount(row.unit, row.name); ok != (row.want != "") || a.Pattern != row.want {
			t.Errorf("%s %s is taken as %q, want %q", row.unit, row.name, a.Pattern, row.want)
		}
	}
}

// Each account belongs to one line, and what is not said of it is said in both languages.
func TestChartIsWholeAndUnambiguous(t *testing.T) {
	t.Parallel()
	for _, a := range ledger.Chart {
		if a.Holds == "" || a.Zh == "" {
			t.Errorf("%s is not explained", a.Pattern)
		}
		sample := strings.NewReplacer("<", "", ">", "").Replace(a.Pattern)
		if found, _ := ledger.FindAccount(a.Unit, sample); found.Pattern != a.Pattern {
			t.Errorf("%s is taken as %s", sample, found.Pattern)
		}
	}
}

// Each act has words of its own in both languages, and the chart names no other and none too few.
func TestActsAreSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	said, moved := map[string]string{}, map[string]bool{}
	for _, account := range ledger.Chart {
		for _, kind := range account.By {
			moved[kind] = true
			if a := ledger.ActOf(kind); a.Zh == kind {
				t.Errorf("%s is moved by %q, which has no words", account.Pattern, kind)
			}
		}
	}
	for _, a := range ledger.Acts {
		if !moved[a.Kind] {
			t.Errorf("%q moves no account of the chart", a.Kind)
		}
		if !strings.ContainsFunc(a.Zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || a.En == "" || strings.Contains(a.En, "_") {
			t.Errorf("%q is said %q and %q", a.Kind, a.En, a.Zh)
		}
		for _, word := range []string{a.En, a.Zh} {
			if said[word] != "" {
				t.Errorf("%q and %q are both said %q", said[word], a.Kind, word)
			}
			said[word] = a.Kind
		}
	}
}

func TestPostRefusesAnActWithoutWords(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		e := entry("a", fen("world/bank", "platform/fee", 1))
		e.Kind = "pocketed"
		if _, err := post(t, db, e); err == nil || !strings.Contains(err.Error(), "pocketed") {
			t.Errorf("got %v", err)
		}
		if got := balance(t, db, ledger.Fen, "platform/fee"); got != 0 {
			t.Errorf("%d fen were posted", got)
		}
	})
}

func TestPostRefusesAnAccountOutsideTheChart(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		_, err := post(t, db, entry("a", fen("world/bank", "pocket/mine", 1)))
		if err == nil || !strings.Contains(err.Error(), "pocket/mine") {
			t.Errorf("got %v", err)
		}
		if got := balance(t, db, ledger.Fen, "pocket/mine"); got != 0 {
			t.Errorf("%d fen were posted", got)
		}
	})
}
