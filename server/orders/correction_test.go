package orders_test

import (
	"context"
	"strings"
	"testing"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// paidOut is an order of 600 kg at 6.00, of which 590 kg were accepted, settled and paid out: 3,540.00 to the seller, 60.00 back to the buyer.
func paidOut(t *testing.T, db *store.DB) (w *world, o orders.Order) {
	t.Helper()
	w, _, o, alloc := shipment(t, db)
	w.pay(o.Reference, 3_600_00)
	w.haul(alloc, "c1", 600*kg, 600*kg, 595*kg, 5*kg)
	_, err := w.orders.Accept(w.ctx, union, o.ID, "")
	get(t, 0, err)
	_, err = w.orders.Settle(w.ctx, finance, o.ID)
	get(t, 0, err)
	w.banked("liulin", "donor", "haulier")
	w.payOut()
	return w, o
}

// banked gives parties an account at a bank, to be paid out to.
func (w *world) banked(parties ...string) {
	for _, p := range parties {
		w.do(func(tx store.Tx) error {
			return payment.SetBankAccount(w.ctx, tx, payment.BankAccount{Party: p, Holder: "Somebody", Bank: "Bank", Number: "6222000012345678"})
		})
	}
}

var financeToo = auth.Actor{User: "fin2", Grants: []auth.Grant{{Role: auth.Finance}}}

// payOut pays everything that is owed, and gives what was paid by account.
func (w *world) payOut() map[string]measure.Fen {
	w.t.Helper()
	run, err := w.orders.ProposePayouts(w.ctx, finance, "", nil)
	run = get(w.t, run, err)
	for _, by := range []auth.Actor{finance, financeToo} {
		_, err = w.orders.ApprovePayouts(w.ctx, by, run.ID)
		get(w.t, 0, err)
	}
	paid := map[string]measure.Fen{}
	for _, p := range run.Payouts {
		_, err = w.orders.ProvePayout(w.ctx, finance, p.ID, "B-"+p.ID, w.now())
		get(w.t, 0, err)
		paid[p.Account] = p.Fen
	}
	return paid
}

func (w *world) correct(o orders.Order, accepted measure.Grams) orders.Correction {
	w.t.Helper()
	c, err := w.orders.Correct(w.ctx, operator, orders.CorrectionInput{Order: o.ID, Consignment: "c1", Accepted: accepted, Reason: "the scale was wrong"})
	return get(w.t, c, err)
}

func (w *world) wantFens(want map[string]measure.Fen) {
	w.t.Helper()
	for account, fen := range want {
		if got := w.fen(account); got != fen {
			w.t.Errorf("%s holds %s, want %s", account, got, fen)
		}
	}
}

// Too much was paid: 580 kg came, not 590. The seller has its money; it owes 60.00 until the next order of it is paid out, and the buyer gets them then.
func TestTooMuchPaidIsTakenFromTheNextPayout(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := paidOut(t, db)
		before, err := w.orders.Settlement(w.ctx, finance, o.ID)
		before = get(t, before, err)
		c := w.correct(o, 580*kg)
		if c.Grams != -10*kg || c.Fen() != -60_00 || len(c.Setoffs) != 1 || c.Setoffs[0].Open != 60_00 {
			t.Fatalf("%+v", c)
		}
		w.wantFens(map[string]measure.Fen{orders.Owed("liulin"): -60_00, orders.Refund("donor"): 0, orders.Payable("liulin"): 0})
		if got := w.grams(orders.ConsignAccepted("c1")); got != 580*kg {
			t.Errorf("%s are accepted", got)
		}
		w.nextOrder()
		paid := w.payOut()
		if paid[orders.Payable("liulin")] != 600_00-60_00 || paid[orders.Refund("donor")] != 60_00 {
			t.Errorf("paid %v after an order of 600.00", paid)
		}
		w.wantFens(map[string]measure.Fen{orders.Owed("liulin"): 0, orders.SetoffAccount(c.Setoffs[0].ID): 0})
		after, err := w.orders.Settlement(w.ctx, finance, o.ID)
		if after = get(t, after, err); after.Total != before.Total || len(after.Lines) != len(before.Lines) {
			t.Error("the settlement was changed")
		}
		list, err := w.orders.Corrections(w.ctx, donor, o.ID)
		if list = get(t, list, err); len(list) != 1 || list[0].Fen() != -60_00 || list[0].Setoffs[0].Open != 0 {
			t.Errorf("%+v", list)
		}
		w.verify()
	})
}

// nextOrder is another one of the seller, of 100 kg at 6.00, settled and not paid out.
func (w *world) nextOrder() orders.Order {
	w.t.Helper()
	lot := w.lot(liulin, "liulin", "apple", 102*kg)
	offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
	d := w.need(union, "union", "apple", 1_000*kg)
	o, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(offer, 100*kg, to(d, 100*kg))}})
	o = get(w.t, o, err)
	_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
	get(w.t, 0, err)
	w.pay(o.Reference, 600_00)
	w.haul(o.Lines[0].To[0].ID, "c2", 100*kg, 100*kg, 100*kg, 0)
	_, err = w.orders.Accept(w.ctx, union, o.ID, d.ID)
	get(w.t, 0, err)
	_, err = w.orders.Settle(w.ctx, finance, o.ID)
	get(w.t, 0, err)
	return o
}

// Too little was paid: 594 kg came. The buyer owes 24.00; its next transfer for the order brings them to the seller, what is more goes back.
func TestTooLittlePaidIsPaidWithTheNextPayout(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := paidOut(t, db)
		w.correct(o, 594*kg)
		w.wantFens(map[string]measure.Fen{orders.Owed("donor"): -24_00, orders.Payable("liulin"): 0})
		if got := w.grams(orders.ConsignRejected("c1")); got != 1*kg {
			t.Errorf("%s stay rejected", got)
		}
		w.pay(o.Reference, 10_00)
		w.wantFens(map[string]measure.Fen{orders.Owed("donor"): -14_00, orders.Payable("liulin"): 10_00, orders.Refund("donor"): 0})
		w.pay(o.Reference, 20_00)
		w.wantFens(map[string]measure.Fen{orders.Owed("donor"): 0, orders.Payable("liulin"): 24_00, orders.Refund("donor"): 6_00})
		if paid := w.payOut(); paid[orders.Payable("liulin")] != 24_00 {
			t.Errorf("paid %v", paid)
		}
		_, err := w.orders.Correct(w.ctx, operator, orders.CorrectionInput{Order: o.ID, Consignment: "c1", Accepted: 594 * kg, Reason: "again"})
		wantFault(t, err, "same_weight", "accepted")
		_, err = w.orders.Correct(w.ctx, operator, orders.CorrectionInput{Order: o.ID, Consignment: "c1", Accepted: 601 * kg, Reason: "again"})
		wantFault(t, err, "accepted_above_loaded", "accepted")
		_, err = w.orders.Correct(w.ctx, liulin, orders.CorrectionInput{Order: o.ID, Consignment: "c1", Accepted: 600 * kg, Reason: "again"})
		wantFault(t, err, "operators_only", "")
		w.correct(o, 590*kg) // the first scale was right after all: now the seller owes
		w.wantFens(map[string]measure.Fen{orders.Owed("liulin"): -24_00, orders.Owed("donor"): 0})
		w.verify()
	})
}

// Three debts out of one account that holds less than their sum, the oldest first: 60.00, 360.00 and 300.00 out of 600.00 leave 120.00 of the
// last one open, and the seller gets nothing.
func TestSeveralDebtsShareWhatAnAccountHolds(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := paidOut(t, db)
		for _, accepted := range []measure.Grams{580 * kg, 520 * kg, 470 * kg} {
			w.correct(o, accepted)
		}
		w.wantFens(map[string]measure.Fen{orders.Owed("liulin"): -720_00})
		w.nextOrder()
		paid := w.payOut()
		if paid[orders.Payable("liulin")] != 0 || paid[orders.Refund("donor")] != 600_00 {
			t.Errorf("paid %v", paid)
		}
		list, err := w.orders.Setoffs(w.ctx, donor, o.ID)
		if list = get(t, list, err); len(list) != 3 {
			t.Fatalf("%+v", list)
		}
		for i, open := range []measure.Fen{0, 0, 120_00} {
			if list[i].Open != open {
				t.Errorf("debt %d: %s is open, want %s", i, list[i].Open, open)
			}
		}
		w.wantFens(map[string]measure.Fen{orders.Owed("liulin"): -120_00})
		w.verify()
	})
}

// Paid by card, 10 kg refused: 60.00 go back to the card. Then 4 kg of them count after all: of the transfers for them nothing goes back to the
// card but what is too much.
func TestWhatASetoffTakesDoesNotGoBackToTheCard(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		c.paid(fakepay.How{})
		c.settleDown()
		c.haul(c.alloc, "c1", 600*kg, 600*kg, 595*kg, 5*kg)
		_, err := c.orders.Accept(c.ctx, union, c.order.ID, "")
		get(t, 0, err)
		_, err = c.orders.Settle(c.ctx, finance, c.order.ID)
		get(t, 0, err)
		c.settleDown()
		c.correct(c.order, 594*kg)
		for _, row := range []struct{ transfer, owed, back measure.Fen }{{20_00, 4_00, 60_00}, {10_00, 0, 66_00}} {
			c.pay(c.order.Reference, row.transfer)
			c.settleDown()
			c.wantFen(orders.Owed("donor"), -row.owed)
			if back := measure.Fen(c.fake.Refunds()); back != row.back {
				t.Errorf("%s went back to the card after another %s, want %s", back, row.transfer, row.back)
			}
		}
		c.wantFen(orders.Payable("liulin"), 3_564_00)
		c.agree()
	})
}

// A gift's corrected weight gives the fund its money again, and the public account says so, to the fen.
func TestACorrectedGiftAddsUpInPublic(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 90_000_00)
		s.hauled()
		s.accepted()
		_, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		get(t, 0, err)
		list, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		before := get(t, list, err)
		row := before.Rows[0]
		c, err := s.orders.Correct(s.ctx, operator, orders.CorrectionInput{
			Order: s.appleOrder.ID, Consignment: row.Consignment, Accepted: row.Numbers.Accepted - 10*kg, Reason: "ten boxes counted twice",
		})
		c = get(t, c, err)
		after, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		after = get(t, after, err)
		if after.Corrected != -10*kg || after.Rows[0].Numbers.Accepted != row.Numbers.Accepted-10*kg {
			t.Errorf("%s corrected, %s accepted", after.Corrected, after.Rows[0].Numbers.Accepted)
		}
		// Nothing was paid out yet, so that all of it is in the fund at once.
		if m := after.Money; m.InFund-before.Money.InFund != -c.Fen() || m.ToCome != 0 {
			t.Errorf("the fund went from %s to %s, corrected were %s", before.Money.InFund, m.InFund, c.Fen())
		}
		m := after.Money
		if m.Goods+m.Benefit+m.Haulage+m.Fee+m.Rounding+m.InFund+m.InEscrow+m.GivenBack+m.MovedOn != m.Paid {
			t.Errorf("%+v does not add up to what was paid", m)
		}
		s.verify()
	})
}

// The carrier answers for 20 kg that are missing: 120.00 at 6.00. They are the seller's with the payout after the carrier earned something.
func TestALossOnTheRoadIsBookedByItsTerms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, alloc := shipment(t, db)
		w.orders.CarrierOf = func(context.Context, store.Querier, string) (string, error) { return "haulier", nil }
		w.pay(o.Reference, 3_600_00)
		w.take(alloc, "c1", 600*kg)
		w.load("c1", 600*kg)
		w.receive("c1", 570*kg, 0, map[orders.LossCause]measure.Grams{orders.Missing: 20 * kg, orders.Moisture: 10 * kg}) // 18 kg may dry out
		_, err := w.orders.Accept(w.ctx, union, o.ID, "")
		get(t, 0, err)
		_, err = w.orders.Settle(w.ctx, finance, o.ID)
		get(t, 0, err)
		w.wantFens(map[string]measure.Fen{orders.Owed("haulier"): -120_00, orders.Payable("liulin"): 3_420_00})
		list, err := w.orders.Setoffs(w.ctx, donor, o.ID)
		if list = get(t, list, err); len(list) != 1 || list[0].Why != orders.ByLoss || list[0].Debtor != "haulier" || list[0].Open != 120_00 {
			t.Fatalf("%+v", list)
		}
		w.nextOrder()
		hauled := w.paidOrder()
		w.do(func(tx store.Tx) error {
			return w.orders.PayHaulage(w.ctx, tx, finance, orders.Haulage{ClientID: "t1", Order: hauled, Carrier: "haulier", Trip: "t1", Fen: 100_00, At: w.now()})
		})
		w.banked("liulin", "donor", "firm", "haulier")
		paid := w.payOut()
		if paid[orders.Payable("haulier")] != 0 || paid[orders.Payable("liulin")] != 3_420_00+600_00+100_00 {
			t.Errorf("paid %v", paid)
		}
		w.wantFens(map[string]measure.Fen{orders.Owed("haulier"): -20_00})
		w.verify()
	})
}

// paidOrder is a confirmed order with 100.00 in its escrow.
func (w *world) paidOrder() string {
	w.t.Helper()
	lot := w.lot(liulin, "liulin", "apple", 102*kg)
	offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
	o, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(offer, 100*kg)}})
	o = get(w.t, o, err)
	_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
	get(w.t, 0, err)
	w.pay(o.Reference, 100_00)
	return o.ID
}

// Where the seller bears the loss, where the carrier is not known, and where it drives for nothing, nobody is charged.
func TestALossIsNotBookedWhereNobodyAgreedToIt(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]struct {
		bearer  market.LossBearer
		carrier string
		free    bool
	}{"seller": {market.SellerBears, "haulier", false}, "unknown": {market.CarrierBears, "", false}, "free": {market.CarrierBears, "haulier", true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, storetest.SQLite(t))
			w.orders.CarrierOf = func(context.Context, store.Querier, string) (string, error) { return given.carrier, nil }
			lot := w.lot(liulin, "liulin", "apple", 700*kg)
			offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000, Loss: &market.LossTerms{Bearer: given.bearer}})
			d := w.need(union, "union", "apple", 1_000*kg)
			o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 600*kg, to(d, 600*kg))}})
			o = get(t, o, err)
			_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
			get(t, 0, err)
			w.pay(o.Reference, 3_600_00)
			w.haul(o.Lines[0].To[0].ID, "c1", 600*kg, 600*kg, 580*kg, 0)
			if given.free {
				w.do(func(tx store.Tx) error {
					return w.orders.PayHaulage(w.ctx, tx, finance, orders.Haulage{ClientID: "t", Order: o.ID, Carrier: "haulier", Trip: "t", Fen: 1_00, Given: true, At: w.now()})
				})
			}
			_, err = w.orders.Accept(w.ctx, union, o.ID, "")
			get(t, 0, err)
			_, err = w.orders.Settle(w.ctx, finance, o.ID)
			get(t, 0, err)
			if list, err := w.orders.Setoffs(w.ctx, donor, o.ID); err != nil || len(list) > 0 {
				t.Errorf("%+v (%v)", list, err)
			}
		})
	}
}

// A weight that is corrected opens no atom: in public the households' part of it stands in the goods, those who don't see households read
// one sum that is open until all of it is taken, and the households give back together or not yet.
func TestACorrectionTellsNoHouseholdsPart(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.buy(w.poor(60_000, "h1", "h2", "h3"), 90*kg)
		w.haul(o.Lines[0].To[0].ID, "c1", 90*kg, 90*kg, 90*kg, 0)
		_, err := w.orders.Accept(w.ctx, union, o.ID, "")
		get(t, 0, err)
		_, err = w.orders.Settle(w.ctx, finance, o.ID)
		get(t, 0, err)
		w.banked("liulin", "h1", "h2", "h3")
		w.payOut()
		w.correct(o, 60*kg) // 180.00 less: 174.00 of the seller's, 2.00 of each household's
		sees := func(open, back measure.Fen) {
			t.Helper()
			list, err := w.orders.Setoffs(w.ctx, firm, o.ID)
			if list = get(t, list, err); len(list) != 1 || list[0].Fen != -180_00 || list[0].Open != open || list[0].Kind != orders.CoopLine {
				t.Errorf("the buyer sees %+v", list)
			}
			if got := w.fen(orders.Refund("firm")); got != back {
				t.Errorf("%s came back", got)
			}
		}
		sees(180_00, 0)
		earn := func(households ...string) {
			t.Helper()
			w.settle(w.buy(w.poor(60_000, households...), 60*kg), 60*kg)
			run, err := w.orders.ProposePayouts(w.ctx, finance, "", []string{"liulin"})
			_, err = w.orders.RefusePayouts(w.ctx, finance, get(t, run, err).ID, "later")
			get(t, 0, err)
		}
		earn("h1", "h2") // the seller's 348.00 pay its part; h3 has nothing yet
		sees(180_00, 174_00)
		earn("h3")
		sees(0, 180_00)
		w.verify()
	})
}

// Operators read in the journal and in the audit what the settlement shows them: nothing of a single household, and of payouts nothing.
func TestTheJournalTellsOperatorsNoHousehold(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.buy(w.poor(60_000, "h1", "h2"), 90*kg)
		w.haul(o.Lines[0].To[0].ID, "c1", 90*kg, 90*kg, 90*kg, 0)
		_, err := w.orders.Accept(w.ctx, union, o.ID, "")
		get(t, 0, err)
		_, err = w.orders.Settle(w.ctx, finance, o.ID)
		get(t, 0, err)
		w.banked("liulin", "h1", "h2")
		w.payOut()
		c := w.correct(o, 60*kg)
		_, err = w.orders.Journal(w.ctx, operator, "", orders.Benefit("h1"), "")
		wantFault(t, err, "household_account", "account")
		_, err = w.orders.Journal(w.ctx, firm, "", orders.Payable("liulin"), "")
		wantFault(t, err, "auditors_only", "")
		kinds := map[string]orders.JournalEntry{}
		for _, account := range []string{orders.Payable("liulin"), orders.SetoffAccount(c.Setoffs[0].ID)} {
			list, err := w.orders.Journal(w.ctx, operator, "", account, "")
			for _, e := range get(t, list, err) {
				kinds[e.Kind] = e
				for _, p := range e.Postings {
					if strings.HasPrefix(p.To, "benefit/") || p.Unit == ledger.Fen && e.Kind != "settled" {
						t.Errorf("%s shows %+v", e.Kind, p)
					}
				}
			}
		}
		if e := kinds["settled"]; len(e.Postings) != 1 || e.Postings[0].Amount != 540_00 || e.Withheld {
			t.Errorf("settled: %+v", e)
		}
		if e := kinds["corrected"]; !e.Withheld || len(e.Postings) != 1 || e.Postings[0].Unit != ledger.Grams || !kinds["payout_begun"].Withheld {
			t.Errorf("corrected: %+v, paid: %+v", e, kinds["payout_begun"])
		}
		own, err := w.orders.Journal(w.ctx, auditor, "", orders.Benefit("h1"), "")
		if own = get(t, own, err); len(own) != 2 || len(own[0].Postings) != 3 || own[1].Withheld {
			t.Errorf("an auditor sees %+v", own)
		}
		events, err := w.orders.Audit(w.ctx, operator, "order/"+o.ID)
		told := map[string]string{}
		for _, e := range get(t, events, err) {
			told[e.Act] = string(e.After)
		}
		if s := told["order.settle"] + told["order.correct"]; strings.Contains(s, `"h1"`) || !strings.Contains(s, `"Fen":54000`) || !strings.Contains(s, `"Fen":-18000`) {
			t.Errorf("the audit tells %s", s)
		}
		events, err = w.orders.Audit(w.ctx, auditor, "order/"+o.ID)
		if e := get(t, events, err); !strings.Contains(string(e[len(e)-1].After), `"h1"`) {
			t.Errorf("an auditor sees %s", e[len(e)-1].After)
		}
	})
}
