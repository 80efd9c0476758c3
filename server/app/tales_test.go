//go:build !race

package app

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var (
	taleCount = flag.Int("tales", 0, "how many new stories of money are told on each engine; 0: the same 80 on SQLite and 20 on PostgreSQL each time")
	taleSeed  = flag.Uint64("tale.seed", 0, "tells the story of this seed, or so many from it as -tales says")
)

// TestEveryFenOfRandomStoriesIsAccountedFor tells stories of one order each, from the lot to the last payout, with every way in which money
// comes, goes back or is taken back on the way. After each story its payers have paid for what was accepted and nothing else, its payees
// have their money, and no account but those of the platform holds a fen. A story that fails prints its seed.
func TestEveryFenOfRandomStoriesIsAccountedFor(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		newTeller(t, "").tell(80)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		newTeller(t, storetest.PostgresDSN(t)).tell(20)
	})
}

// teller is a site with a payment service beside it, both without a network, and what came and went outside so far.
type teller struct {
	t      *testing.T
	site   *site
	fake   *fakepay.Server
	now    time.Time
	lines  int            // of the bank
	acts   map[string]int // that were done
	faults map[string]int // and that were refused
	bank   measure.Fen    // came in less went out, by the bank's own count
	told   []string       // of the story that is being told
}

// direct answers requests with a handler.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func newTeller(t *testing.T, dsn string) *teller {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	s, err := open(ctx, config{dsn: dsn, data: t.TempDir(), demo: true}, quiet())
	if err == nil {
		err = s.seed(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	w := &teller{t: t, site: s, now: storyDay, acts: map[string]int{}, faults: map[string]int{}}
	w.connect()
	w.people()
	return w
}

// connect puts the payment service beside the site.
func (w *teller) connect() {
	const secret = "whsec_tales"
	hook := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body := new(strings.Builder)
		_ = r.Write(body) // the body follows the head
		_, text, _ := strings.Cut(body.String(), "\r\n\r\n")
		if err := w.site.orders.GatewayEvent(w.ctx(), []byte(text), r.Header.Get("Stripe-Signature")); err != nil {
			w.t.Errorf("event: %v", err)
			http.Error(rw, err.Error(), http.StatusInternalServerError)
		}
	})
	w.fake = fakepay.New(fakepay.Config{Secret: secret, Hook: "http://market/hook", Site: "http://pay", Client: &http.Client{Transport: direct{hook}}})
	g, err := payment.NewGateway(payment.GatewayConfig{Key: "sk_tales", Secret: secret, URL: "http://pay", Client: &http.Client{Transport: direct{w.fake}}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.site.orders.Gateway, w.site.orders.Site = g, "http://market"
	w.site.orders.PhotoKept = func(string) bool { return true }
}

// people adds three poor households, and says where everybody wants their money.
func (w *teller) people() {
	for i, id := range poor {
		_, err := w.site.market.CreateParty(w.ctx(), auth.System("seed"), market.PartyInput{
			ID: id, Kind: market.HouseholdK, Name: fmt.Sprintf("农户%d", i), Coop: partyID("liulin"), Poor: true, Place: market.Place{Adcode: "610322"},
		})
		w.must(err)
	}
	for i, p := range append([]string{partyID("liulin"), partyID("biaojiao"), partyID("donor"), partyID("firm"), partyID("haulier")}, poor...) {
		w.must(w.site.db.InTx(w.ctx(), func(tx store.Tx) error {
			return payment.SetBankAccount(w.ctx(), tx, payment.BankAccount{Party: p, Holder: "甲(演示)", Bank: "乙(演示)", Number: fmt.Sprintf("622200%010d", i)})
		}))
	}
}

var poor = []string{partyID("p00r1"), partyID("p00r2"), partyID("p00r3")}

func (w *teller) ctx() context.Context {
	return auth.WithTime(context.WithoutCancel(w.t.Context()), w.now)
}

func (w *teller) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// role is a user with one role, of a party or of the platform.
func role(r auth.Role, key string) auth.Actor {
	g := auth.Grant{Role: r}
	if key != "" {
		g.Party = partyID(key)
	}
	return auth.Actor{User: "tale-" + string(r) + key, Grants: []auth.Grant{g}}
}

// tell tells so many stories, or as many as the flags say.
func (w *teller) tell(count int) {
	first := uint64(1)
	if *taleCount > 0 {
		first, count = uint64(time.Now().UnixNano()), *taleCount
	}
	if *taleSeed > 0 {
		first, count = *taleSeed, max(1, *taleCount)
	}
	w.t.Logf("%d stories from seed %d", count, first)
	for n := range count {
		t := tale{teller: w, seed: first + uint64(n), Rand: rand.New(rand.NewPCG(first+uint64(n), 0))}
		t.run()
		if w.t.Failed() {
			w.t.Fatalf("story %d; with those before it: go test ./server/app -run EveryFen -tales %d -tale.seed %d\n%s", t.seed, n+1, first, strings.Join(w.told, "\n"))
		}
		w.now, w.told = w.now.Add(time.Minute), nil
	}
	checkInvariants(w.t, w.site)
	w.t.Log(words(w.acts))
	w.t.Log("refused: " + words(w.faults))
	if count >= 80 {
		w.succeeded(oftenTold)
	}
	if count >= 1000 {
		w.succeeded(seldomTold)
	}
}

// succeeded faults an act that nobody succeeded in.
func (w *teller) succeeded(acts []string) {
	for _, act := range acts {
		if w.acts[act] == 0 {
			w.t.Errorf("nobody succeeded to: %s", act)
		}
	}
}

func words(counts map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(out, ", ")
}

// did counts an act that was done.
func (w *teller) did(name string) {
	w.told = append(w.told, name)
	w.acts[name]++
}

// try does an act that may be refused by a fault, and by nothing else.
func (w *teller) try(name string, err error) bool {
	w.t.Helper()
	switch f := fault.Of(err); {
	case err == nil:
		w.did(name)
		return true
	case f != nil && f.Kind != fault.Unavailable:
		w.told = append(w.told, name+" refused: "+f.Code)
		w.faults[name+" "+f.Code]++
	default:
		w.t.Errorf("%s: %v", name, err)
	}
	return false
}

func (w *teller) fen(account string) measure.Fen {
	w.t.Helper()
	n, err := ledger.Balance(w.ctx(), w.site.db.Read(), ledger.Fen, account)
	w.must(err)
	return measure.Fen(n)
}

// outside holds what the books say of the bank and of the payment service against what those say.
func (w *teller) outside() {
	w.t.Helper()
	if have := -w.fen(market.Bank); have != w.bank {
		w.t.Errorf("the bank holds %s, the books say %s", w.bank, have)
	}
	kept := measure.Fen(w.fake.Fees())
	if have := -w.fen(orders.GatewayFees); have != kept {
		w.t.Errorf("the payment service kept %s, the books say %s", kept, have)
	}
	if have, want := -w.fen(orders.GatewayWorld), measure.Fen(w.fake.Balance())-kept; have != want {
		w.t.Errorf("the payment service holds %s, the books say %s", want, have)
	}
}
