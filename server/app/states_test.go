package app

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jishi/server/market"
	"jishi/server/market/markettest"
	"jishi/server/orders"
)

var updateStates = flag.Bool("update", false, "write docs/states.md anew from the tables")

const statesFile = "../../docs/states.md"

// machine is one table of steps with words for its drawing.
type machine struct {
	title, what, start string
	ends               []string // states without a way on
	rows               []market.Step[string]
}

func machineOf[S ~string, T markettest.StepOf[S]](title, what string, start S, ends []S, steps []T) machine {
	return machine{title: title, what: what, start: string(start), ends: markettest.Words(ends), rows: markettest.Plain[S](steps)}
}

func machines() []machine {
	return []machine{
		machineOf("Offer · 供应", "A lot on sale or for a gift. sold_out and expired are worked out from the lot's balance and the clock.",
			market.OfferDraft, market.OfferEnds, market.OfferSteps),
		machineOf("Demand · 需求", "Who needs what. part_met and met are worked out from what was accepted; goods on the road never count.",
			market.DemandDraft, market.DemandEnds, market.DemandSteps),
		machineOf("Order · 订单", "What one buyer and one seller agreed. From confirmed to accepted the state is worked out from the ledger.",
			orders.Draft, orders.Ends, orders.Steps),
		machineOf("Payment in · 付款", "One page of the payment service for one sum. What came is held in the order's escrow until the goods are accepted. Who `gateway`: the service tells it.",
			orders.PayCreated, orders.PayEnds, orders.PaySteps),
		machineOf("Deposit · 保证金", "What one side of an order, or of a truck that was promised, puts up for its promise. An order's goods set out once it is held; a truck is loaded all the same.",
			orders.DepositAsked, orders.DepositEnds, orders.DepositSteps),
		machineOf("Price case · 价格核查", "A price of an order or an offer far from the market's band (rule price_watch), looked at by an operator.",
			orders.PriceOpen, []orders.PriceState{orders.PriceClosed}, orders.PriceSteps),
		machineOf("Bank transfer · 银行转账", "What a buyer that pays after delivery owes for a month. Paid is what the bank's statement says.",
			orders.AwaitingTransfer, orders.TransferEnds, orders.TransferSteps),
		machineOf("Payout · 打款", "One payment to one party, in a run that two people approve. What is on its way is in an account of its own.",
			orders.PayoutProposed, orders.PayoutEnds, orders.PayoutSteps),
		machineOf("Quotation · 报价", "A buyer's question to one seller, and the prices they named since.",
			orders.QuoteAsked, orders.QuoteEnds, orders.QuoteSteps),
		machineOf("Standing order · 定期订单", "A purchase made again every week: each week a draft, which a person sends.",
			orders.StandingActive, orders.StandingEnds, orders.StandingSteps),
		machineOf("Campaign · 募捐项目", "A gift plan with a locked named use. From funded to delivered the state is worked out from the ledger.",
			market.CampaignOpen, market.CampaignEnds, market.CampaignSteps),
	}
}

// draw writes a diagram and the table under it.
func (m machine) draw(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n```mermaid\nstateDiagram-v2\n    [*] --> %s\n", m.title, m.what, m.start)
	type arrow struct{ from, to string }
	labels := map[arrow][]string{}
	var order []arrow
	for _, s := range m.rows {
		from := strings.ReplaceAll(s.From, "*", "any")
		a := arrow{from, s.To}
		if labels[a] == nil {
			order = append(order, a)
		}
		if label := fmt.Sprintf("%s (%s)", s.Act, s.Who); !slices.Contains(labels[a], label) {
			labels[a] = append(labels[a], label)
		}
	}
	for _, a := range order {
		fmt.Fprintf(b, "    %s --> %s: %s\n", a.from, a.to, strings.Join(labels[a], ", "))
	}
	for _, e := range m.ends {
		fmt.Fprintf(b, "    %s --> [*]\n", e)
	}
	b.WriteString("```\n\n| from | act | to | who | what has to hold, what happens |\n|---|---|---|---|---|\n")
	for _, s := range m.rows {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", s.From, s.Act, s.To, s.Who, s.Guard)
	}
}

// The drawing in docs/ is what the tables in the code say. `go test ./server/app -run TestStates -update` draws it anew.
func TestStatesAreDrawnFromTheTables(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# States\n\nDrawn from the tables in the code by `go test ./server/app -run TestStates -update`; do not edit.\n" +
		"Who `ledger` and `clock`: nobody does it, the state is worked out from balances and the time.\n")
	for _, m := range machines() {
		m.draw(&b)
	}
	if *updateStates {
		if err := os.WriteFile(statesFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(statesFile)
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/states.md is not what the tables say (%v): run this test with -update", err)
	}
}

// Every state can be reached from the first one, every state that is no end leads to one, and an end leads nowhere.
func TestEveryStateHasAWayInAndAWayOut(t *testing.T) {
	t.Parallel()
	for _, m := range machines() {
		forward, backward := map[string]bool{m.start: true}, map[string]bool{}
		for _, e := range m.ends {
			backward[e] = true
		}
		for range m.rows { // as often as there are rows is often enough
			for _, s := range m.rows {
				forward[s.To] = forward[s.To] || forward[s.From] || s.From == "*"
				backward[s.From] = backward[s.From] || backward[s.To]
			}
		}
		for _, state := range markettest.States(m.start, m.rows) {
			if !forward[state] {
				t.Errorf("%s: nothing leads to %s", m.title, state)
			}
			if !backward[state] && !backward["*"] {
				t.Errorf("%s: no way out of %s", m.title, state)
			}
		}
		for _, s := range m.rows {
			if slices.Contains(m.ends, s.From) {
				t.Errorf("%s: the end %s has a way on: %s", m.title, s.From, s.Act)
			}
		}
	}
}

// TestEveryStateThatIsShownHasAWord reads the states out of the code that declares them, and the pages' words in both languages.
func TestEveryStateThatIsShownHasAWord(t *testing.T) {
	t.Parallel()
	words := map[string]string{}
	for _, lang := range []string{"zh", "en"} {
		text, err := os.ReadFile("../../frontend/src/messages/pages/" + lang + ".ts")
		if err != nil {
			t.Fatal(err)
		}
		words[lang] = string(text)
	}
	for _, of := range []struct{ folder, kind string }{
		{"market", "OfferState"}, {"market", "DemandState"}, {"market", "CampaignState"}, {"auth", "MandateState"}, {"orders", "State"}, {"orders", "PriceState"},
		{"dispatch", "TripState"}, {"dispatch", "CapacityState"},
	} {
		states := declared(t, "../"+of.folder, of.kind)
		if len(states) < 3 {
			t.Errorf("%s.%s: only %q found", of.folder, of.kind, states)
		}
		for _, state := range states {
			for lang, text := range words {
				if !strings.Contains(text, "'state."+state+"': ") {
					t.Errorf("%s.%s: %q has no word in %s", of.folder, of.kind, state, lang)
				}
			}
		}
	}
}

// declared gives the values of all constants of a string type in a folder of Go files.
func declared(t *testing.T, folder, kind string) []string {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	constant := regexp.MustCompile(`(?m)^\s+\w+\s+` + kind + `\s+= "(\w+)"`)
	var out []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range constant.FindAllSubmatch(text, -1) {
			out = append(out, string(found[1]))
		}
	}
	return out
}
