package orders_test

import (
	"testing"
	"time"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var february = time.Date(2020, 2, 29, 23, 0, 0, 0, time.FixedZone("+08", 8*3600))

// delivered is a sale that was accepted at g and is not paid.
func (w *world) delivered(g measure.Grams) orders.Order {
	w.t.Helper()
	o := w.sale()
	w.haul(o.Lines[0].To[0].ID, "c-"+o.ID, 1000*kg, 1000*kg, 1000*kg, 1000*kg-g)
	must(w.t)(w.orders.Accept(w.ctx, union, o.ID, ""))
	return o
}

func (w *world) terms(limit measure.Fen, days int) {
	w.t.Helper()
	if err := w.orders.SetCreditTerms(w.ctx, finance, orders.CreditTerms{Party: "donor", Limit: limit, Days: days}); err != nil {
		w.t.Fatal(describe(err))
	}
}

func TestMonthlyInvoiceIsPaidByTransfer(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.terms(20_000_00, 15)
		a, b := w.delivered(1000*kg), w.delivered(990*kg)
		open := w.sale() // not delivered: on no invoice
		_, err := w.orders.MakeInvoices(w.ctx, finance, "2020-02")
		wantFault(t, err, "month_not_over", "month")
		w.at(february.Add(2 * time.Hour))
		list, err := w.orders.MakeInvoices(w.ctx, finance, "2020-02")
		// 1,000 kg and 990 kg at 6.00: 6,000.00 + 5,940.00.
		if list = get(t, list, err); len(list) != 1 || list[0].Fen != 11_940_00 || len(list[0].Lines) != 2 || list[0].State != orders.AwaitingTransfer {
			t.Fatalf("invoices %+v", list)
		}
		again, err := w.orders.MakeInvoices(w.ctx, finance, "2020-02")
		if again = get(t, again, err); len(again) != 0 {
			t.Errorf("a second time: %+v", again)
		}
		i := list[0]
		if due := time.UnixMilli(int64(i.DueAt)).In(february.Location()).Format(time.DateTime); due != "2020-03-16 00:00:00" {
			t.Errorf("due %s", due)
		}
		state := func(want orders.TransferState) {
			t.Helper()
			v, err := w.orders.Invoice(w.ctx, donor, i.ID)
			if v = get(t, v, err); v.State != want {
				t.Errorf("state %s, want %s", v.State, want)
			}
		}
		w.at(february.AddDate(0, 0, 20))
		state(orders.TransferOverdue)
		_, err = w.orders.UploadProof(w.ctx, donor, orders.TransferProof{For: i.ID})
		wantFault(t, err, "proof_needed", "note")
		must(t)(w.orders.UploadProof(w.ctx, donor, orders.TransferProof{For: i.ID, Note: "transferred this morning"}))
		state(orders.ProofUploaded)
		_, err = w.orders.UploadProof(w.ctx, firm, orders.TransferProof{For: i.ID, Note: "x"})
		wantFault(t, err, "not_found", "")
		// A proof moves nothing. The bank brings it in two parts, and 0.60 too much.
		if got := w.fen(orders.Escrow(a.ID)); got != 0 {
			t.Errorf("a proof put %s into escrow", got)
		}
		w.pay(i.Reference, 7_000_00)
		state(orders.ProofUploaded)
		w.pay(i.Reference, 4_940_60)
		state(orders.TransferPaid)
		for account, want := range map[string]measure.Fen{
			orders.Escrow(a.ID): 6_000_00, orders.Escrow(b.ID): 5_940_00, orders.Escrow(open.ID): 0, orders.Refund("donor"): 60,
		} {
			if got := w.fen(account); got != want {
				t.Errorf("%s holds %s, want %s", account, got, want)
			}
		}
		for _, o := range []orders.Order{a, b} {
			must(t)(w.orders.Settle(w.ctx, finance, o.ID))
		}
		if got := w.fen(orders.Payable("liulin")); got != 11_940_00 {
			t.Errorf("owed to the cooperative: %s", got)
		}
		w.verify()
	})
}

func TestCreditLimit(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.terms(12_000_00, 15)
		a := w.sale()
		w.sale() // exactly up to the limit
		buy := func() error {
			l := w.lot(liulin, "liulin", "apple", 12*kg)
			o := w.offer(liulin, market.OfferInput{Lot: l.ID, Price: 60_000})
			d := w.need(union, "union", "apple", 12*kg)
			_, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(o, 12*kg, to(d, 12*kg))}})
			return err
		}
		wantFault(t, buy(), "over_credit", "lines")
		w.pay(a.Reference, 72_00) // 12 kg at 6.00
		if err := buy(); err != nil {
			t.Error(describe(err))
		}
		err := w.orders.SetCreditTerms(w.ctx, donor, orders.CreditTerms{Party: "donor", Limit: 1})
		wantFault(t, err, "finance_only", "")
		// A buyer without terms has no limit: it pays before it gets anything settled.
		w.terms(0, 15)
		if err := buy(); err != nil {
			t.Error(describe(err))
		}
	})
}

// A statement with a transfer of an invoice can be taken back until an order was settled with it.
func TestUndoneTransferOfAnInvoice(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.terms(20_000_00, 15)
		a := w.delivered(1000 * kg)
		w.at(february.Add(2 * time.Hour))
		list, err := w.orders.MakeInvoices(w.ctx, finance, "2020-02")
		i := get(t, list, err)[0]
		table := "日期,附言,金额,流水号\n2020-03-01," + i.Reference + ",6000,S1\n"
		st, err := w.statement("s.csv", table)
		st = get(t, st, err)
		must(t)(w.orders.UndoStatement(w.ctx, finance, st.ID))
		v, err := w.orders.Invoice(w.ctx, donor, i.ID)
		if v = get(t, v, err); v.State != orders.AwaitingTransfer || w.fen(orders.Escrow(a.ID)) != 0 {
			t.Errorf("state %s, escrow %s", v.State, w.fen(orders.Escrow(a.ID)))
		}
		st, err = w.statement("s2.csv", table)
		st = get(t, st, err)
		must(t)(w.orders.Settle(w.ctx, finance, a.ID))
		_, err = w.orders.UndoStatement(w.ctx, finance, st.ID)
		wantFault(t, err, "built_on", "")
		w.verify()
	})
}

// A price that was agreed in a quotation makes an order like any other: within what the buyer may owe.
func TestCreditHoldsForQuotationsToo(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 700*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		if err := w.orders.SetCreditTerms(w.ctx, finance, orders.CreditTerms{Party: "donor", Limit: 1_000_00, Days: 30}); err != nil {
			t.Fatal(err)
		}
		list, err := w.orders.Ask(w.ctx, donor, orders.AskInput{Buyer: "donor", Sellers: []string{"liulin"}, Produce: "apple", Grams: 600 * kg})
		q := get(t, list, err)[0]
		_, err = w.orders.Quote(w.ctx, liulin, q.ID, orders.TermsInput{Offer: offer.ID, Price: 50_000, Grams: 600 * kg})
		get(t, 0, err)
		_, err = w.orders.AcceptQuote(w.ctx, donor, q.ID)
		wantFault(t, err, "over_credit", "lines")
	})
}
