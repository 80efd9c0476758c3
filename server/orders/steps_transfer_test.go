package orders_test

import (
	"fmt"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/market/markettest"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// billed is a market in which the donor pays after delivery: each fresh invoice is of one order of 1,000 kg, 6,000.00, due on 16 March.
type billed struct {
	*till
	statements map[string]string // by invoice: the one that brought its money
}

func newBilled(t *testing.T, db *store.DB) *billed {
	w := newWorld(t, db)
	w.terms(measure.MaxMoney, 15)
	return &billed{&till{world: w, fake: connect(t, w)}, map[string]string{}}
}

// invoice is a fresh one, on the first day of March.
func (b *billed) invoice() string {
	b.t.Helper()
	b.at(firstDay)
	b.delivered(1000 * kg)
	b.at(february.Add(2 * time.Hour))
	list, err := b.orders.MakeInvoices(b.ctx, finance, "2020-02")
	if list = get(b.t, list, err); len(list) != 1 {
		b.t.Fatalf("%d invoices", len(list))
	}
	return list[0].ID
}

func (b *billed) read(id string) orders.InvoiceView {
	b.t.Helper()
	v, err := b.orders.Invoice(b.ctx, donor, id)
	return get(b.t, v, err)
}

func (b *billed) state(id string) string { return string(b.read(id).State) }

func (b *billed) order(id string) orders.View {
	b.t.Helper()
	o, err := b.orders.Order(b.ctx, donor, b.read(id).Lines[0].Order)
	return get(b.t, o, err)
}

func (b *billed) after(happens ...func(id string)) func() string {
	return func() string {
		id := b.invoice()
		for _, h := range happens {
			h(id)
		}
		return id
	}
}

// late is the day after the due day.
func (b *billed) late(string) { b.at(february.AddDate(0, 0, 18)) }

func (b *billed) proof(by auth.Actor, id string) error {
	_, err := b.orders.UploadProof(b.ctx, by, orders.TransferProof{For: id, Note: "transferred this morning"})
	return err
}

func (b *billed) slip(id string) { b.done(nil, b.proof(donor, id)) }

// brings lets the bank bring so much of it.
func (b *billed) brings(amount measure.Fen) func(id string) {
	return func(id string) { b.pay(b.read(id).Reference, amount) }
}

func (b *billed) whole(id string) { b.brings(6_000_00)(id) }
func (b *billed) part(id string)  { b.brings(2_000_00)(id) }
func (b *billed) rest(id string)  { b.brings(4_000_00)(id) }

// matched is a line that quotes nothing, of which finance finds out what it is for.
func (b *billed) matched(id string) {
	l := b.pay("nothing known", 6_000_00)
	b.done(b.orders.MatchBank(b.ctx, finance, l.ID, b.read(id).Reference))
}

// onStatement brings it in a statement that can be taken back.
func (b *billed) onStatement(id string) {
	b.t.Helper()
	b.world.bank++
	st, err := b.statement(fmt.Sprintf("s%d.csv", b.world.bank), fmt.Sprintf("日期,附言,金额,流水号\n2020-02-29,%s,6000,T%d\n", b.read(id).Reference, b.world.bank))
	b.statements[id] = get(b.t, st, err).ID
}

func (b *billed) takenBack(id string) {
	b.t.Helper()
	b.done(b.orders.UndoStatement(b.ctx, finance, b.statements[id]))
}

// byOrder is a transfer that quotes the order in place of its invoice; byCard a payment on the order's page.
func (b *billed) byOrder(id string) { b.pay(b.order(id).Reference, 6_000_00) }
func (b *billed) byCard(id string) {
	v, err := b.orders.Checkout(b.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: b.order(id).ID, Lang: "zh"})
	b.payOn(get(b.t, v, err).Session, fakepay.How{})
	b.settleDown()
}

// session is the page on which an invoice's order was paid.
func (b *billed) session(id string) string {
	b.t.Helper()
	list, err := b.orders.Payments(b.ctx, donor, b.order(id).ID)
	return get(b.t, list, err)[0].Session
}

func (b *billed) settled(id string) { b.done(b.orders.Settle(b.ctx, finance, b.order(id).ID)) }

var transferTable = markettest.Plain[orders.TransferState](orders.TransferSteps)

// A buyer's word about its own invoice is all that anybody says of a transfer, until the invoice is paid.
func TestEverySlipOfATransfer(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBilled(t, db)
		machine{
			start: string(orders.AwaitingTransfer), steps: transferTable, ends: markettest.Words(orders.TransferEnds), state: b.state, refuse: []string{"invoice_paid"},
			into: map[string][]func() string{
				"awaiting_transfer": {b.after(), b.after(b.part), b.after(b.onStatement, b.takenBack)},
				"transfer_overdue":  {b.after(b.late), b.after(b.part, b.late), b.after(b.onStatement, b.late, b.takenBack)},
				"proof_uploaded":    {b.after(b.slip), b.after(b.slip, b.part, b.late), b.after(b.slip, b.onStatement, b.takenBack)},
				"transfer_paid": {b.after(b.whole), b.after(b.part, b.slip, b.rest), b.after(b.late, b.matched), b.after(b.onStatement, b.settled), b.after(b.byOrder),
					b.after(b.byCard, b.settled)},
			},
			act: map[string]func(auth.Actor, string) error{"upload_proof": b.proof},
			who: []player{{donor, []market.Who{orders.ByBuyer}}, {firm, nil}, {finance, nil}, {operator, nil}, {auditor, nil}, {dispatcher, nil}, {liulin, nil}, {union, nil}, {driver, nil}},
		}.walk(t)
		b.agree()
	})
}

// What the bank and the clock do, row by row of the table; nothing more moves what is paid, and only a statement taken back takes it back.
func TestEveryMoveOfATransferThatNobodyMakes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBilled(t, db)
		machine{state: b.state, steps: transferTable}.moves(t, map[way][]move{
			{"awaiting_transfer", "fall_due", "transfer_overdue"}: {{b.after(), b.late}, {b.after(b.part), b.late}},
			{"awaiting_transfer", "pay", "transfer_paid"}: {{b.after(), b.whole}, {b.after(b.part), b.rest}, {b.after(), b.matched}, {b.after(), b.onStatement},
				{b.after(b.onStatement, b.takenBack), b.whole}, {b.after(), b.byOrder}, {b.after(), b.byCard}, {b.after(b.part), b.byCard}},
			{"transfer_overdue", "pay", "transfer_paid"}: {{b.after(b.late), b.whole}, {b.after(b.part, b.late), b.rest}, {b.after(b.late), b.matched}, {b.after(b.late), b.byCard}},
			{"proof_uploaded", "pay", "transfer_paid"}:   {{b.after(b.slip), b.whole}, {b.after(b.late, b.slip, b.part), b.rest}, {b.after(b.slip), b.byOrder}},
		}, func(id string) {
			if b.state(id) == string(orders.TransferPaid) {
				b.staysPaid(id)
			}
		})
		b.agree()
	})
}

// staysPaid checks that neither the clock, nor another slip, nor more money, nor the settlement changes an invoice that is paid: what is
// too much is owed back.
func (b *billed) staysPaid(id string) {
	b.t.Helper()
	still := func(what string) {
		b.t.Helper()
		if v := b.read(id); v.State != orders.TransferPaid || v.Paid != v.Fen {
			b.t.Errorf("%s: %s of %s is paid, it is %s", what, v.Paid, v.Fen, v.State)
		}
	}
	b.late(id)
	still("late")
	wantFault(b.t, b.proof(donor, id), "invoice_paid", "")
	for _, what := range []func(string){nil, b.settled} {
		if what != nil {
			what(id)
			still("settled")
		}
		owed, escrow := b.fen(orders.Refund("donor")), b.fen(orders.Escrow(b.order(id).ID))
		b.part(id)
		still("paid twice")
		if more, into := b.fen(orders.Refund("donor"))-owed, b.fen(orders.Escrow(b.order(id).ID))-escrow; more != 2_000_00 || into != 0 {
			b.t.Errorf("of 2,000.00 too much %s is owed back, and %s went into the order", more, into)
		}
	}
}

// A statement taken back takes a payment back, to whatever the invoice was before it; so does the bank of who paid by card.
func TestATransferTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		b := newBilled(t, db)
		for before, fresh := range map[orders.TransferState]func() string{
			orders.AwaitingTransfer: b.after(), orders.TransferOverdue: b.after(b.late), orders.ProofUploaded: b.after(b.slip),
		} {
			id := fresh()
			back := func(id string) {
				t.Helper()
				if v := b.read(id); v.State != before || v.Paid != 0 {
					t.Errorf("it was %s, and is %s with %s paid", before, v.State, v.Paid)
				}
			}
			b.onStatement(id)
			if got := b.state(id); got != string(orders.TransferPaid) {
				t.Errorf("it is %s", got)
			}
			b.takenBack(id)
			back(id)
			b.byCard(id)
			d, err := b.fake.Dispute(b.session(id))
			get(t, d, err)
			b.settleDown()
			back(id)
			b.done(nil, b.fake.Judge(d, false))
			b.settleDown()
			back(id)
			b.onStatement(id)
			b.settled(id)
			_, err = b.orders.UndoStatement(b.ctx, finance, b.statements[id])
			wantFault(t, err, "built_on", "")
			if got := b.state(id); got != string(orders.TransferPaid) {
				t.Errorf("it is %s", got)
			}
		}
		b.agree()
	})
}
