package orders_test

import (
	"slices"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// canteen is a buyer with people who order and people who approve.
var (
	employee = auth.Actor{User: "employee", Grants: []auth.Grant{{Role: auth.Buyer, Party: "canteen"}}}
	head     = auth.Actor{User: "head", Grants: []auth.Grant{{Role: auth.Buyer, Party: "canteen"}}}
	boss     = auth.Actor{User: "boss", Grants: []auth.Grant{{Role: auth.Buyer, Party: "canteen"}}}
)

// trade is a world with a canteen, and with apples at 6.00 and scallions at 2.00 yuan/kg on offer.
type trade struct {
	*world
	apples, scallions market.Offer
	need              market.Demand // of the canteen, for apples
}

func newTrade(t testing.TB, db *store.DB) *trade {
	t.Helper()
	w := newWorld(t, db)
	must(t)(w.market.CreateParty(w.ctx, auth.System("seed"), market.PartyInput{ID: "canteen", Kind: market.Enterprise, Name: "Canteen", Place: market.Place{Adcode: "420103"}}))
	lot := w.lot(liulin, "liulin", "apple", 10_000*kg)
	green := w.lot(biaojiao, "biaojiao", "scallion", 5_000*kg)
	return &trade{
		world: w, apples: w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000, Min: 100 * kg}),
		scallions: w.offer(biaojiao, market.OfferInput{Lot: green.ID, Price: 20_000}), need: w.need(employee, "canteen", "apple", 3000*kg),
	}
}

func (w *trade) ask(sellers ...string) []orders.Quotation {
	w.t.Helper()
	list, err := w.orders.Ask(w.ctx, employee, orders.AskInput{ClientID: "ask", Buyer: "canteen", Sellers: sellers, Produce: "苹果", Grams: 1000 * kg, Demand: w.need.ID})
	return get(w.t, list, err)
}

func terms(offer string, price measure.PriceE4, g measure.Grams) orders.TermsInput {
	return orders.TermsInput{Offer: offer, Price: price, Grams: g}
}

// The buyer asks two sellers, haggles with one, and what both said yes to is a confirmed order at that price.
func TestQuotationBecomesAConfirmedOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		list := w.ask("liulin", "biaojiao")
		if again := w.ask("liulin", "biaojiao"); len(list) != 2 || again[0].ID != list[0].ID || list[0].RFQ != list[1].RFQ {
			t.Fatalf("asked %+v, then %+v", list, again)
		}
		id := list[0].ID
		_, err := w.orders.Counter(w.ctx, employee, id, terms("", 50_000, 1000*kg))
		wantFault(t, err, "wrong_state", "")
		_, err = w.orders.Quote(w.ctx, biaojiao, id, terms(w.scallions.ID, 50_000, 1000*kg))
		wantFault(t, err, "not_found", "")
		_, err = w.orders.Quote(w.ctx, liulin, id, terms(w.scallions.ID, 50_000, 1000*kg))
		wantFault(t, err, "not_found", "offer")
		_, err = w.orders.Quote(w.ctx, biaojiao, list[1].ID, terms(w.scallions.ID, 50_000, 1000*kg))
		wantFault(t, err, "other_produce", "offer")
		q, err := w.orders.Quote(w.ctx, liulin, id, terms(w.apples.ID, 58_000, 1000*kg))
		get(t, q, err)
		_, err = w.orders.AcceptQuote(w.ctx, liulin, id)
		wantFault(t, err, "not_yours_to_do", "")
		q, err = w.orders.Counter(w.ctx, employee, id, terms("", 55_000, 50*kg)) // below the offer's smallest order: both agree to it
		if q = get(t, q, err); q.State(firstDay) != orders.QuoteCountered || len(q.Terms) != 2 {
			t.Fatalf("%+v", q)
		}
		q, err = w.orders.AcceptQuote(w.ctx, liulin, id)
		q = get(t, q, err)
		o, err := w.orders.Order(w.ctx, employee, q.Order)
		if o = get(t, o, err); o.State != orders.Allocated || o.Invoice != 275_00 || o.OrderedBy != "employee" { // 50 kg x 5.50
			t.Errorf("%s, invoice %s, ordered by %s", o.State, o.Invoice, o.OrderedBy)
		}
		_, err = w.orders.AcceptQuote(w.ctx, liulin, id)
		wantFault(t, err, "wrong_state", "")
		w.verify()
	})
}

func TestQuotationEndsByTheClock(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		id := w.ask("liulin")[0].ID
		w.at(firstDay.Add(48*time.Hour + time.Second))
		_, err := w.orders.Quote(w.ctx, liulin, id, terms(w.apples.ID, 58_000, 1000*kg))
		wantFault(t, err, "wrong_state", "")
		due, err := w.orders.RunDue(w.ctx)
		if due = get(t, due, err); due.Quotations != 1 {
			t.Errorf("%+v", due)
		}
		due, err = w.orders.RunDue(w.ctx)
		if due = get(t, due, err); due.Quotations != 0 {
			t.Errorf("ended twice: %+v", due)
		}
		w.at(firstDay) // whatever the clock says later, it stays ended
		q, err := w.orders.Quotation(w.ctx, liulin, id)
		if q = get(t, q, err); q.State(firstDay) != orders.QuoteExpired {
			t.Error(q.State(firstDay))
		}
	})
}

func TestQuotationNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		ask := func(change func(*orders.AskInput)) error {
			in := orders.AskInput{Buyer: "canteen", Sellers: []string{"liulin"}, Produce: "apple", Grams: kg}
			change(&in)
			_, err := w.orders.Ask(w.ctx, employee, in)
			return err
		}
		wantFault(t, ask(func(in *orders.AskInput) { in.Sellers = nil }), "sellers_named", "sellers")
		wantFault(t, ask(func(in *orders.AskInput) { in.Sellers = []string{"liulin", "liulin"} }), "named_twice", "sellers[1]")
		wantFault(t, ask(func(in *orders.AskInput) { in.Sellers = []string{"union"} }), "no_such_seller", "sellers[0]")
		wantFault(t, ask(func(in *orders.AskInput) { in.Grams = 0 }), "bad_weight", "weight")
		wantFault(t, ask(func(in *orders.AskInput) { in.Produce = "plastic" }), "unknown_produce", "produce")
		wantFault(t, ask(func(in *orders.AskInput) { in.Until = 1 }), "bad_until", "until")
		wantFault(t, ask(func(in *orders.AskInput) { in.Demand = "x" }), "not_found", "demand")
		wantFault(t, ask(func(in *orders.AskInput) { in.Produce, in.Demand = "scallion", w.need.ID }), "other_produce", "demand")
		wantFault(t, ask(func(in *orders.AskInput) { in.Buyer = "donor" }), "no_such_party", "")
		id := w.ask("liulin")[0].ID
		_, err := w.orders.Quote(w.ctx, liulin, id, terms(w.apples.ID, 0, kg))
		wantFault(t, err, "bad_price", "price")
		_, err = w.orders.Quote(w.ctx, liulin, id, terms(w.apples.ID, 60_000, 11_000*kg))
		wantFault(t, err, "only_left", "weight")
	})
}

func (w *trade) policy() {
	w.t.Helper()
	if err := w.orders.SetPolicy(w.ctx, operator, orders.Policy{
		Party: "canteen", Limits: []orders.Limit{{User: "employee", PerOrder: 1_000_00, PerMonth: 1_500_00}},
		Approvers: []orders.Approver{{User: "employee", UpTo: 0}, {User: "head", UpTo: 5_000_00}, {User: "boss"}},
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *trade) send(by auth.Actor, g measure.Grams) orders.Order {
	w.t.Helper()
	o, err := w.orders.Submit(w.ctx, by, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, g)}})
	return get(w.t, o, err)
}

// Above the limit the chain is asked in its order, never the one who ordered, and the seller sees nothing before the last yes.
func TestApprovalChain(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.policy()
		if o := w.send(employee, 100*kg); o.Act != orders.Submitted { // 600 of 1,000
			t.Errorf("%s below the limit", o.Act)
		}
		if o := w.send(employee, 160*kg); o.Act != orders.AwaitingApproval { // 600 + 960 are above 1,500 a month
			t.Errorf("%s above the month's limit", o.Act)
		}
		if o := w.send(boss, 100*kg); o.Act != orders.AwaitingApproval { // not named: may order nothing alone
			t.Errorf("%s without a limit", o.Act)
		}
		o := w.send(employee, 1000*kg) // 6,000: the head's yes is not enough
		waits := func(want string) {
			t.Helper()
			got := ""
			for _, who := range []auth.Actor{employee, head, boss, liulin, donor, operator} {
				list, err := w.orders.OrdersToApprove(w.ctx, who)
				if slices.ContainsFunc(get(t, list, err), func(other orders.Order) bool { return other.ID == o.ID }) {
					got += who.User + " "
				}
			}
			if got != want {
				t.Errorf("it waits for %q, not %q", got, want)
			}
		}
		waits(head.User + " ")
		seen, err := w.orders.Orders(w.ctx, liulin, "seller", "")
		if seen = get(t, seen, err); len(seen) != 1 {
			t.Errorf("the seller sees %d orders", len(seen))
		}
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		wantFault(t, err, "not_found", "")
		_, err = w.orders.Approve(w.ctx, employee, o.ID, true, "")
		wantFault(t, err, "own_order", "")
		_, err = w.orders.Approve(w.ctx, boss, o.ID, true, "")
		wantFault(t, err, "not_your_turn", "")
		_, err = w.orders.Approve(w.ctx, donor, o.ID, true, "")
		wantFault(t, err, "not_found", "")
		o, err = w.orders.Approve(w.ctx, head, o.ID, true, "")
		if o = get(t, o, err); o.Act != orders.AwaitingApproval {
			t.Errorf("%s after the head's yes", o.Act)
		}
		waits(boss.User + " ")
		o, err = w.orders.Approve(w.ctx, boss, o.ID, true, "")
		if o = get(t, o, err); o.Act != orders.Submitted {
			t.Errorf("%s after the last yes", o.Act)
		}
		waits("")
		given, next, err := w.orders.Approvals(w.ctx, employee, o.ID)
		if given = get(t, given, err); len(given) != 2 || next != "" {
			t.Errorf("%+v, next %s", given, next)
		}
		o, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, o, err)
	})
}

func TestApproverSaysNo(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.policy()
		o := w.send(employee, 500*kg)
		_, err := w.orders.Approve(w.ctx, head, o.ID, false, "")
		wantFault(t, err, "reason_needed", "reason")
		o, err = w.orders.Approve(w.ctx, head, o.ID, false, "too many apples")
		if o = get(t, o, err); o.Act != orders.Refused {
			t.Error(o.Act)
		}
		_, err = w.orders.Approve(w.ctx, head, o.ID, true, "")
		wantFault(t, err, "wrong_state", "")
		// Only an operator or the end of the chain changes the policy; nobody may approve what the chain can't allow.
		err = w.orders.SetPolicy(w.ctx, employee, orders.Policy{Party: "canteen"})
		wantFault(t, err, "not_yours_to_do", "")
		if err = w.orders.SetPolicy(w.ctx, boss, orders.Policy{Party: "canteen", Approvers: []orders.Approver{{User: "head", UpTo: 100_00}}}); err != nil {
			t.Fatal(err)
		}
		_, err = w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, 500*kg)}})
		wantFault(t, err, "nobody_may_approve", "")
		err = w.orders.SetPolicy(w.ctx, operator, orders.Policy{Party: "canteen", Limits: []orders.Limit{{User: "a"}, {User: "a"}}})
		wantFault(t, err, "named_once", "limits[1].user")
	})
}

// A quotation that is accepted above the limit waits for the approvers instead of being confirmed.
func TestQuotationAboveTheLimitWaits(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.policy()
		id := w.ask("liulin")[0].ID
		_, err := w.orders.Quote(w.ctx, liulin, id, terms(w.apples.ID, 58_000, 1000*kg))
		get(t, 0, err)
		q, err := w.orders.AcceptQuote(w.ctx, employee, id)
		q = get(t, q, err)
		o, err := w.orders.Order(w.ctx, employee, q.Order)
		if o = get(t, o, err); o.State != orders.AwaitingApproval || w.grams(market.LotAvailable(w.apples.Lot)) != 10_000*kg {
			t.Errorf("%s", o.State)
		}
		named := func(by auth.Actor) [2]string {
			one, err := w.orders.Quotation(w.ctx, by, id)
			one = get(t, one, err)
			all, err := w.orders.Quotations(w.ctx, by, "", "")
			return [2]string{one.Order, get(t, all, err)[0].Order}
		}
		if of := named(liulin); of != [2]string{} {
			t.Errorf("nobody approved the order, and its seller is sent to %v", of)
		}
		for _, by := range []auth.Actor{employee, operator} {
			if of := named(by); of != [2]string{o.ID, o.ID} {
				t.Errorf("%s is sent to %v", by.User, of)
			}
		}
		for _, by := range []auth.Actor{head, boss} { // 5,800 yuan are more than the head may allow alone
			w.done(w.orders.Approve(w.ctx, by, o.ID, true, ""))
		}
		if of := named(liulin); of != [2]string{o.ID, o.ID} {
			t.Errorf("it was approved, and its seller is sent to %v", of)
		}
	})
}

// A seller that takes the buyer's price is not sent to an order that waits for the buyer's own approvers.
func TestASellerTakesAPriceThatHasToBeApproved(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.policy()
		id := w.ask("liulin")[0].ID
		_, err := w.orders.Quote(w.ctx, liulin, id, terms(w.apples.ID, 58_000, 1000*kg))
		get(t, 0, err)
		_, err = w.orders.Counter(w.ctx, employee, id, terms("", 55_000, 1000*kg))
		get(t, 0, err)
		q, err := w.orders.AcceptQuote(w.ctx, liulin, id)
		if q = get(t, q, err); q.Act != orders.QuoteAccepted || q.Order != "" {
			t.Errorf("%s, order %s", q.Act, q.Order)
		}
	})
}
