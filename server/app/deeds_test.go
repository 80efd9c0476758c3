package app

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jishi/server/ledger"
	"jishi/server/market/markettest"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/webhooks"
)

// recorders are the packages that write into the audit.
var recorders = []string{"auth", "market", "orders", "dispatch", "webhooks", "payment"}

// notRecorded are names of the same shape that no event of the audit has.
var notRecorded = []string{"webhook.test", "checkout.session"}

func acts[S ~string, T markettest.StepOf[S]](steps []T) (out []string) {
	for _, s := range markettest.Plain[S](steps) {
		out = append(out, s.Act)
	}
	return out
}

// composed are the acts of families whose names are put together where they are recorded.
func composed() map[string][]string {
	out := map[string][]string{
		"standing": acts[orders.StandingState](orders.StandingSteps), "quotation": acts[orders.QuoteState](orders.QuoteSteps),
		"payout": acts[orders.PayoutState](orders.PayoutSteps), "price_case": acts[orders.PriceState](orders.PriceSteps),
		"dispute": {string(payment.DisputeIsWon), string(payment.DisputeIsLost)},
		"plan":    {"move", "lock"}, "webhook": {"change", "rotate", "delete"},
	}
	for _, kind := range webhooks.Kinds() {
		family, act, _ := strings.Cut(kind, ".")
		out[family] = append(out[family], act)
	}
	return out
}

// Whatever the audit can record has words: the names that stand in the code, and those that are put together there.
func TestEveryActOfTheAuditHasWords(t *testing.T) {
	t.Parallel()
	names, families := composed(), map[string]bool{}
	want := map[string]bool{}
	for family, list := range names {
		for _, act := range list {
			want[family+"."+act] = true
		}
	}
	for _, d := range ledger.Deeds {
		family, _, _ := strings.Cut(d.Kind, ".")
		families[family] = true
	}
	whole, begun := regexp.MustCompile(`^([a-z_]+)\.[a-z_]+$`), regexp.MustCompile(`^([a-z_]+)\.$`)
	code := readSources(t, recorders...)
	for _, d := range code.funcs {
		ast.Inspect(d.Body, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			said, _ := strconv.Unquote(lit.Value)
			if m := whole.FindStringSubmatch(said); m != nil && families[m[1]] && !slices.Contains(notRecorded, said) {
				want[said] = true
			}
			if m := begun.FindStringSubmatch(said); m != nil && families[m[1]] && names[m[1]] == nil {
				t.Errorf("acts of %q are put together, and this test knows none of them", said)
			}
			return true
		})
	}
	if len(want) < 100 {
		t.Fatalf("only %d acts were found", len(want))
	}
	for act := range want {
		if d := ledger.DeedOf(act); d.En == act || d.Zh == act {
			t.Errorf("%s has no words in ledger.Deeds", act)
		}
	}
	for i, d := range ledger.Deeds {
		if !want[d.Kind] {
			t.Errorf("nothing records %s", d.Kind)
		}
		if i > 0 && ledger.Deeds[i-1].Kind >= d.Kind {
			t.Errorf("%s does not stand where it is looked for", d.Kind)
		}
		if d.En == "" || d.Zh == "" {
			t.Errorf("%s lacks words", d.Kind)
		}
	}
}
