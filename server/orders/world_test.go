package orders_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/store"
)

// kg is a kilogram.
const kg = measure.Kilogram

// world is a market with the people of the story: two cooperatives, three poor households, two donors, two hospitals.
type world struct {
	t      testing.TB
	ctx    context.Context
	db     *store.DB
	market *market.Service
	orders *orders.Service
	bank   int
}

// The day most tests happen on.
var firstDay = time.Date(2020, 2, 1, 9, 0, 0, 0, time.FixedZone("+08", 8*3600))

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	m := market.NewService(market.Deps{
		DB: db, Books: orders.Books{}, NewRef: payment.NewReference, IDKey: []byte("key"),
		Produce: func(word string) (string, bool) {
			id, ok := map[string]string{"苹果": "apple", "apple": "apple", "大葱": "scallion", "scallion": "scallion"}[word]
			return id, ok
		},
		County: func(code string) (market.Place, bool) {
			return market.Place{Name: "county " + code, Adcode: code, Point: measure.Point{Lon: 107.4, Lat: 34.5}}, code != ""
		},
	})
	o := orders.NewService(orders.Deps{DB: db, Market: m, Band: func(produce, _ string) (orders.Band, bool) {
		return orders.Band{Low: 17_300, High: 23_000, Least: 11_245, Most: 31_050, From: "2018-01-01", Source: "seen on two markets"}, produce == "scallion"
	}})
	w := &world{t: t, db: db, market: m, orders: o}
	w.at(firstDay)
	root := auth.System("seed")
	for _, p := range []market.PartyInput{
		{ID: "liulin", Kind: market.Coop, Name: "Liulin"}, {ID: "biaojiao", Kind: market.Coop, Name: "Biaojiao"},
		{ID: "h1", Kind: market.HouseholdK, Name: "Wang", Coop: "liulin", Poor: true},
		{ID: "h2", Kind: market.HouseholdK, Name: "Li", Coop: "liulin", Poor: true},
		{ID: "h3", Kind: market.HouseholdK, Name: "Zhao", Coop: "liulin", Poor: true},
		{ID: "donor", Kind: market.Donor, Name: "Donor A"}, {ID: "firm", Kind: market.Donor, Name: "Firm B"}, {ID: "giver", Kind: market.Donor, Name: "Giver C"},
		{ID: "union", Kind: market.Hospital, Name: "Union"}, {ID: "zhongnan", Kind: market.Hospital, Name: "Zhongnan"},
		{ID: "haulier", Kind: market.Carrier, Name: "Hauliers"},
	} {
		p.Place = market.Place{Adcode: "610322"}
		must(t)(m.CreateParty(w.ctx, root, p))
	}
	return w
}

// at sets the clock of the story.
func (w *world) at(t time.Time) { w.ctx = auth.WithTime(context.Background(), t) }

func (w *world) now() measure.Millis { return measure.Millis(auth.SystemClock(w.ctx).UnixMilli()) }

func actor(party string, roles ...auth.Role) auth.Actor {
	a := auth.Actor{User: "u-" + party}
	for _, r := range roles {
		a.Grants = append(a.Grants, auth.Grant{Role: r, Party: party})
	}
	return a
}

var (
	liulin   = actor("liulin", auth.Coop)
	biaojiao = actor("biaojiao", auth.Coop)
	donor    = actor("donor", auth.Donor, auth.Buyer)
	// coopThatBuys sells and buys for the same party.
	coopThatBuys = actor("liulin", auth.Coop, auth.Buyer)
	firm         = actor("firm", auth.Donor, auth.Buyer)
	giver        = actor("giver", auth.Donor) // gives, and buys nothing
	union        = actor("union", auth.Receiver)
	zhongnan     = actor("zhongnan", auth.Receiver)
	driver       = actor("haulier", auth.Driver)
	operator     = auth.Actor{User: "op", Grants: []auth.Grant{{Role: auth.Operator}}}
	finance      = auth.Actor{User: "fin", Grants: []auth.Grant{{Role: auth.Finance}}}
	dispatcher   = auth.Actor{User: "disp", Grants: []auth.Grant{{Role: auth.Dispatcher}}}
	auditor      = auth.Actor{User: "aud", Grants: []auth.Grant{{Role: auth.Auditor}}}
)

// must gives a value or ends the test: must(t)(f()).
func must(t testing.TB) func(any, error) any {
	return func(v any, err error) any {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func get[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// wantFault checks the code, and where it is not "", the field of an error.
func wantFault(t testing.TB, err error, code, field string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Code != code || field != "" && f.Field != field {
		t.Errorf("got %v, want fault %s at %q", describe(err), code, field)
	}
}

func describe(err error) string {
	if f := fault.Of(err); f != nil {
		return fmt.Sprintf("fault %s at %q: %s", f.Code, f.Field, f.Text)
	}
	return fmt.Sprint(err)
}

// tx runs one act of dispatch in its transaction.
func (w *world) tx(act func(tx store.Tx) error) error { return w.db.InTx(w.ctx, act) }

func (w *world) lot(by auth.Actor, party, produce string, g measure.Grams, shares ...market.Share) market.Lot {
	w.t.Helper()
	l, err := w.market.CreateLot(w.ctx, by, market.LotInput{
		Party: party, Produce: produce, Weight: g, Place: market.Place{Adcode: "610322"}, Shares: shares, Packs: int64(g / (6 * kg)), PackGrams: 6 * kg,
	})
	return get(w.t, l, err)
}

func (w *world) offer(by auth.Actor, in market.OfferInput) market.Offer {
	w.t.Helper()
	o, err := w.market.CreateOffer(w.ctx, by, "", in)
	o = get(w.t, o, err)
	_, _, err = w.market.ActOnOffer(w.ctx, by, o.ID, "publish", "")
	return get(w.t, o, err)
}

// need is a verified demand of up to g.
func (w *world) need(by auth.Actor, party, produce string, g measure.Grams) market.Demand {
	w.t.Helper()
	d, err := w.market.CreateDemand(w.ctx, by, "", market.DemandInput{Party: party, Produce: produce, Kind: market.Unknown, Relief: true})
	d = get(w.t, d, err)
	v, err := w.market.VerifyDemand(w.ctx, operator, d.ID, market.Call{How: "called back", Kind: market.UpTo, Grams: g})
	return get(w.t, v, err).Demand
}

func to(d market.Demand, g measure.Grams) orders.ToInput {
	return orders.ToInput{Demand: d.ID, Grams: g}
}

func line(o market.Offer, g measure.Grams, dest ...orders.ToInput) orders.LineInput {
	return orders.LineInput{Offer: o.ID, Grams: g, To: dest}
}

// pay brings a bank line.
func (w *world) pay(reference string, amount measure.Fen) payment.BankLine {
	w.t.Helper()
	w.bank++
	l, err := w.orders.ImportBank(w.ctx, finance, []payment.BankLine{{
		ClientID: fmt.Sprintf("bank-%d", w.bank), Reference: "货款 " + reference, Fen: amount, PaidAt: w.now(), Payer: "somebody",
	}})
	return get(w.t, l, err)[0]
}

func (w *world) fen(account string) measure.Fen {
	w.t.Helper()
	n, err := ledger.Balance(w.ctx, w.db.Read(), ledger.Fen, account)
	return measure.Fen(get(w.t, n, err))
}

func (w *world) grams(account string) measure.Grams {
	w.t.Helper()
	n, err := ledger.Balance(w.ctx, w.db.Read(), ledger.Grams, account)
	return measure.Grams(get(w.t, n, err))
}

// haul takes, loads and delivers one consignment.
func (w *world) haul(alloc, consignment string, planned, loaded, received, rejected measure.Grams) {
	w.t.Helper()
	w.take(alloc, consignment, planned)
	w.load(consignment, loaded)
	w.receive(consignment, received, rejected, map[orders.LossCause]measure.Grams{orders.Moisture: loaded - received})
}

func (w *world) take(alloc, consignment string, g measure.Grams) {
	w.t.Helper()
	w.do(func(tx store.Tx) error {
		return w.orders.Take(w.ctx, tx, driver, orders.Taking{Allocation: alloc, Consignment: consignment, Grams: g, At: w.now()})
	})
}

func (w *world) load(consignment string, g measure.Grams) {
	w.t.Helper()
	w.do(func(tx store.Tx) error {
		return w.orders.Loaded(w.ctx, tx, driver, orders.Loading{ClientID: "load-" + consignment, Consignment: consignment, Grams: g, At: w.now()})
	})
}

func (w *world) receive(consignment string, received, rejected measure.Grams, lost map[orders.LossCause]measure.Grams) {
	w.t.Helper()
	reason := ""
	if rejected > 0 {
		reason = "bruised"
	}
	w.do(func(tx store.Tx) error {
		return w.orders.Received(w.ctx, tx, driver, orders.Receipt{
			ClientID: "pod-" + consignment, Consignment: consignment, Received: received, Rejected: rejected, RejectReason: reason, Lost: lost, At: w.now(),
		})
	})
}

func (w *world) do(act func(tx store.Tx) error) {
	w.t.Helper()
	if err := w.tx(act); err != nil {
		w.t.Fatal(describe(err))
	}
}

// verify checks the books: zero sums, balances, and the sealed chain.
func (w *world) verify() {
	w.t.Helper()
	_, err := ledger.Seal(w.ctx, w.db)
	if err != nil {
		w.t.Fatal(err)
	}
	report, err := ledger.Verify(w.ctx, w.db)
	if err != nil {
		w.t.Fatal(err)
	}
	if !report.OK() {
		w.t.Errorf("the books don't add up: %+v", report)
	}
}
