package orders_test

import (
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// bulk is an order of 600 kg at 6.00 whose two sides agreed to put up 10 % and 5 % of 3,600.00; the goods are handed out in 60 hours.
type bulk struct {
	*till
	buyers, sellers orders.DepositView
}

func newBulk(t *testing.T, db *store.DB) *bulk {
	t.Helper()
	w := newWorld(t, db)
	lot := w.lot(liulin, "liulin", "apple", 700*kg)
	from := w.now() + measure.Millis((60 * time.Hour).Milliseconds())
	o, err := w.market.CreateOffer(w.ctx, liulin, "", market.OfferInput{Lot: lot.ID, Price: 60_000, Pickup: measure.Window{From: from, To: from + 3_600_000}})
	o = get(t, o, err)
	terms := orders.DepositTerms{Offer: o.ID, Buyer: 100, Seller: 50, From: 500 * kg}
	_, err = w.orders.SetDepositTerms(w.ctx, donor, terms)
	wantFault(t, err, "not_found", "")
	_, err = w.orders.SetDepositTerms(w.ctx, liulin, orders.DepositTerms{Offer: o.ID, Buyer: 201})
	wantFault(t, err, "bad_deposit", "buyer_permille")
	terms, err = w.orders.SetDepositTerms(w.ctx, liulin, terms)
	get(t, terms, err)
	_, _, err = w.market.ActOnOffer(w.ctx, liulin, o.ID, "publish", "")
	get(t, 0, err)
	_, err = w.orders.SayYesAhead(w.ctx, liulin, o.ID, from)
	wantFault(t, err, "deposit_no_ahead", "")
	_, err = w.orders.SetDepositTerms(w.ctx, liulin, terms) // the same again: a second click
	get(t, 0, err)
	_, err = w.orders.SetDepositTerms(w.ctx, liulin, orders.DepositTerms{Offer: o.ID})
	wantFault(t, err, "deposit_fixed", "")
	d := w.need(union, "union", "apple", 1_000*kg)
	b := &bulk{till: &till{world: w}}
	b.fake = connect(t, w)
	order, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(o, 600*kg, to(d, 600*kg))}})
	b.order = get(t, order, err)
	order, err = w.orders.Confirm(w.ctx, liulin, b.order.ID)
	b.order = get(t, order, err)
	b.alloc = b.order.Lines[0].To[0].ID
	b.look()
	return b
}

// look reads the deposits anew.
func (b *bulk) look() {
	b.t.Helper()
	list, err := b.orders.DepositsOf(b.ctx, donor, b.order.ID)
	if list = get(b.t, list, err); len(list) != 2 {
		b.t.Fatalf("%d deposits", len(list))
	}
	b.buyers, b.sellers = list[0], list[1]
}

func (b *bulk) wantStates(buyers, sellers orders.DepositState) {
	b.t.Helper()
	if b.look(); b.buyers.State != buyers || b.sellers.State != sellers {
		b.t.Errorf("the buyer's deposit is %s and the seller's %s, want %s and %s", b.buyers.State, b.sellers.State, buyers, sellers)
	}
}

func TestDepositsAreHeldAndGoBackAfterTheSettlement(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBulk(t, db)
		if b.buyers.Fen != 360_00 || b.sellers.Fen != 180_00 {
			t.Fatalf("%s and %s are asked for", b.buyers.Fen, b.sellers.Fen)
		}
		b.wantStates(orders.DepositAsked, orders.DepositAsked)
		take := func() error {
			return b.tx(func(tx store.Tx) error {
				return b.orders.Take(b.ctx, tx, driver, orders.Taking{Allocation: b.alloc, Consignment: "c1", Grams: 600 * kg, At: b.now()})
			})
		}
		wantFault(t, take(), "deposit_lacks", "")
		v, err := b.orders.Checkout(b.ctx, donor, orders.CheckoutInput{For: payment.ForDeposit, ForID: b.buyers.ID, Lang: "zh"})
		b.payOn(get(t, v, err).Session, fakepay.How{})
		b.settleDown()
		b.pay(b.sellers.Reference, 100_00)
		b.wantStates(orders.DepositHeld, orders.DepositAsked)
		wantFault(t, take(), "deposit_lacks", "")
		b.pay(b.sellers.Reference, 100_00)
		b.wantStates(orders.DepositHeld, orders.DepositHeld)
		b.wantFen(orders.Refund("liulin"), 20_00)
		b.pay(b.order.Reference, 3_600_00)
		b.haul(b.alloc, "c1", 600*kg, 600*kg, 600*kg, 0)
		_, err = b.orders.Accept(b.ctx, union, b.order.ID, "")
		get(t, 0, err)
		_, err = b.orders.Settle(b.ctx, finance, b.order.ID)
		get(t, 0, err)
		b.settleDown()
		b.wantStates(orders.DepositReleased, orders.DepositReleased)
		b.wantFen(orders.Refund("liulin"), 200_00)
		b.wantFen(orders.Refund("donor"), 0)
		if back := b.fake.Refunds(); back != 360_00 {
			t.Errorf("%d fen went back to the card", back)
		}
		b.agree()
	})
}

// Called off 30 hours before: half of the buyer's 360.00 is lost. It counts towards the charge of 5 % of 3,600.00, which is 180.00 as well.
func TestABuyerWhoCancelsLateLosesAPartOfItsDeposit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBulk(t, db)
		b.pay(b.buyers.Reference, 360_00)
		b.pay(b.sellers.Reference, 180_00)
		b.pay(b.order.Reference, 1_000_00)
		b.at(firstDay.Add(30 * time.Hour))
		q, err := b.orders.CancelQuote(b.ctx, donor, b.order.ID)
		if q = get(t, q, err); q.Free || q.Lost != 180_00 || q.Charge != 0 {
			t.Errorf("%+v", q)
		}
		_, err = b.orders.Cancel(b.ctx, donor, b.order.ID, "no room")
		get(t, 0, err)
		b.wantStates(orders.DepositSplit, orders.DepositReleased)
		b.wantFen(orders.Payable("liulin"), 180_00)
		b.wantFen(orders.Refund("liulin"), 180_00)
		b.wantFen(orders.Refund("donor"), 1_180_00)
		b.verify()
	})
}

func TestASellerWhoCancelsAtTheLastMomentLosesItsDeposit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBulk(t, db)
		b.pay(b.buyers.Reference, 360_00)
		b.pay(b.sellers.Reference, 180_00)
		b.at(firstDay.Add(47 * time.Hour))
		_, err := b.orders.Cancel(b.ctx, liulin, b.order.ID, "sold elsewhere")
		get(t, 0, err)
		b.wantStates(orders.DepositReleased, orders.DepositForfeited)
		b.wantFen(orders.Refund("donor"), 540_00)
		b.verify()
	})
}

func TestAnOrderWhoseDepositDoesNotComeLapses(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBulk(t, db)
		b.pay(b.sellers.Reference, 180_00)
		b.at(firstDay.Add(48*time.Hour - time.Minute))
		due, err := b.orders.RunDue(b.ctx)
		if due = get(t, due, err); due.Orders != 0 {
			t.Error("it lapsed too early")
		}
		b.at(firstDay.Add(48*time.Hour + time.Minute))
		due, err = b.orders.RunDue(b.ctx)
		if due = get(t, due, err); due.Orders != 1 {
			t.Errorf("%+v", due)
		}
		b.wantStates(orders.DepositDropped, orders.DepositReleased)
		v, err := b.orders.Order(b.ctx, donor, b.order.ID)
		if v = get(t, v, err); v.State != orders.Cancelled || v.EndedBy != orders.ByClock {
			t.Errorf("%s by %s", v.State, v.EndedBy)
		}
		b.pay(b.buyers.Reference, 360_00) // too late: it is owed back
		b.wantFen(orders.Refund("donor"), 360_00)
		b.verify()
	})
}

func TestAnOperatorRulesOnADeposit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBulk(t, db)
		_, err := b.orders.RuleDeposit(b.ctx, operator, b.sellers.ID, 300, "no goods at the gate")
		wantFault(t, err, "deposit_state", "")
		b.pay(b.sellers.Reference, 180_00)
		_, err = b.orders.RuleDeposit(b.ctx, finance, b.sellers.ID, 300, "no goods at the gate")
		wantFault(t, err, "operators_only", "")
		v, err := b.orders.RuleDeposit(b.ctx, operator, b.sellers.ID, 300, "no goods at the gate")
		if v = get(t, v, err); v.State != orders.DepositSplit || v.Forfeited != 54_00 || v.Released != 126_00 {
			t.Errorf("%+v", v)
		}
		b.verify()
	})
}

// A deposit in dispute is not held: no goods set out. Won, it is there again.
func TestADisputedDepositHoldsNothing(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBulk(t, db)
		v, err := b.orders.Checkout(b.ctx, donor, orders.CheckoutInput{For: payment.ForDeposit, ForID: b.buyers.ID, Lang: "zh"})
		v = get(t, v, err)
		b.payOn(v.Session, fakepay.How{})
		b.settleDown()
		d, err := b.fake.Dispute(v.Session)
		get(t, d, err)
		b.settleDown()
		b.wantStates(orders.DepositAsked, orders.DepositAsked)
		if err = b.fake.Judge(d, true); err != nil {
			t.Fatal(err)
		}
		b.settleDown()
		b.wantStates(orders.DepositHeld, orders.DepositAsked)
		b.agree()
	})
}

// The deposits of a truck use the same part: another kind of promise, other parties.
func TestATruckThatDoesNotComeForfeitsItsDeposit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var d orders.Deposit
		w.do(func(tx store.Tx) (err error) {
			d, err = w.orders.AskDeposit(w.ctx, tx, auth.System("dispatch"), orders.Deposit{
				For: orders.ForCapacity, ForID: "truck", Party: "haulier", Other: "donor", OtherAccount: orders.Refund("donor"), Fen: 500_00, Until: w.now(),
			})
			return err
		})
		w.pay(d.Reference, 500_00)
		end := orders.DepositEnd{ForID: "truck", Broken: "haulier", Mille: orders.DepositRuleFor(0).Forfeits, Why: "no_show", At: w.now()}
		for range 2 { // the second time does nothing
			w.do(func(tx store.Tx) error {
				_, err := w.orders.EndDeposits(w.ctx, tx, auth.System("dispatch"), end)
				return err
			})
		}
		list, err := w.orders.DepositsOf(w.ctx, actor("haulier", auth.Carrier), "truck")
		if list = get(t, list, err); len(list) != 1 || list[0].State != orders.DepositForfeited || w.fen(orders.Refund("donor")) != 500_00 {
			t.Errorf("%+v", list)
		}
		list, err = w.orders.DepositsOf(w.ctx, firm, "truck")
		if list = get(t, list, err); len(list) != 0 {
			t.Error("a stranger sees it")
		}
		w.verify()
	})
}

func TestDepositsAreListedForTheirTwoSides(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBulk(t, db)
		want := func(open bool, n int, by ...auth.Actor) {
			t.Helper()
			for _, who := range by {
				list, err := b.orders.Deposits(b.ctx, who, open, "")
				if list = get(t, list, err); len(list) != n {
					t.Errorf("%s finds %d deposits, not %d", who.ID(), len(list), n)
				}
			}
		}
		sides := []auth.Actor{donor, liulin, finance, operator}
		want(true, 2, sides...)
		want(true, 0, firm, union, biaojiao, auth.Actor{})
		list, err := b.orders.Deposits(b.ctx, donor, false, b.sellers.ID)
		if list = get(t, list, err); len(list) != 1 || list[0].ID != b.buyers.ID {
			t.Errorf("behind the seller's: %v", list)
		}
		_, err = b.orders.Cancel(b.ctx, donor, b.order.ID, "too early")
		get(t, 0, err)
		want(true, 0, sides...)
		want(false, 2, sides...)
		want(false, 0, firm)
	})
}
