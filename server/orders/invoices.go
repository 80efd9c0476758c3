package orders

import (
	"context"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// InvoiceView is an invoice with what is paid of it, and its state.
type InvoiceView struct {
	Invoice
	Paid   measure.Fen // also what came for one of its orders by another way: by its own reference, or online
	State  TransferState
	Proofs []TransferProof
}

// SetCreditTerms lets a buyer pay after delivery, up to a limit; a limit of 0 ends it for new orders.
func (s *Service) SetCreditTerms(ctx context.Context, by auth.Actor, t CreditTerms) error {
	if err := mustBeFinance(by); err != nil {
		return err
	}
	if t.Limit < 0 || t.Limit > measure.MaxMoney {
		return fault.At("limit", "bad_money", "The amount lies above zero and at most at a billion yuan.")
	}
	if t.Days < 0 || t.Days > 180 {
		return fault.At("days", "bad_days", "Between 0 and %d days.", 180)
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		if _, err := market.PartyByID(ctx, tx, t.Party); err != nil {
			return found(err, "party")
		}
		before, err := creditTermsOf(ctx, tx, t.Party)
		if ignoreNoRows(err) != nil {
			return err
		}
		now := s.millis(ctx)
		if err = setCreditTerms(ctx, tx, t, now, by.User); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "credit_terms.set", subject: "party/" + t.Party, at: now, before: before, after: t})
	})
}

// CreditTermsOf gives a buyer's terms and what its open orders lack by now, for its own people and finance.
func (s *Service) CreditTermsOf(ctx context.Context, by auth.Actor, party string) (CreditTerms, measure.Fen, error) {
	if !by.MayActFor(party, auth.ActOrders) && !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return CreditTerms{}, 0, notFound("party")
	}
	t, err := creditTermsOf(ctx, s.DB.Read(), party)
	if err != nil {
		return t, 0, found(err, "credit terms")
	}
	used, err := s.owedByOrders(ctx, s.DB.Read(), party)
	return t, used, err
}

// withinCredit faults an order that a buyer with credit terms may not place before it has paid for others. Gifts are paid by their fund.
func (s *Service) withinCredit(ctx context.Context, q store.Querier, o Order, t CreditTerms) error {
	if o.Campaign != "" || t.Limit == 0 {
		return nil
	}
	used, err := s.owedByOrders(ctx, q, o.Buyer)
	if err == nil && used+o.Invoice > t.Limit {
		err = fault.At("lines", "over_credit", "You may owe %s yuan; %s yuan are open, and this order is %s yuan: please pay some first.", t.Limit, used, o.Invoice)
	}
	return err
}

// owedByOrders sums what a buyer's open sales lack.
func (s *Service) owedByOrders(ctx context.Context, q store.Querier, buyer string) (measure.Fen, error) {
	list, err := openSales(ctx, q, buyer)
	var sum measure.Fen
	for _, o := range list {
		if err != nil {
			break
		}
		var lacks measure.Fen
		lacks, err = lacking(ctx, q, o)
		sum += lacks
	}
	return sum, err
}

// MakeInvoices writes a month's invoices: one for each buyer with credit terms, of its sales that were accepted by the month's end and stand
// on no invoice yet. A month that is not over, and one made already, makes none.
func (s *Service) MakeInvoices(ctx context.Context, by auth.Actor, month string) ([]InvoiceView, error) {
	if err := mustBeFinance(by); err != nil {
		return nil, err
	}
	first, err := time.ParseInLocation("2006-01", month, china)
	if err != nil {
		return nil, fault.At("month", "bad_invoice_month", "%q is no month; write it as 2020-02.", month)
	}
	end := first.AddDate(0, 1, 0)
	if s.Now(ctx).Before(end) {
		return nil, fault.At("month", "month_not_over", "This month is not over yet.")
	}
	var out []InvoiceView
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		out = nil
		terms, err := allCreditTerms(ctx, tx)
		for _, t := range terms {
			if err != nil {
				break
			}
			var i *InvoiceView
			if i, err = s.makeInvoice(ctx, tx, by, t, month, end); i != nil {
				out = append(out, *i)
			}
		}
		return err
	})
	return out, err
}

// makeInvoice writes one buyer's; nil when nothing is due.
func (s *Service) makeInvoice(ctx context.Context, tx store.Tx, by auth.Actor, t CreditTerms, month string, end time.Time) (*InvoiceView, error) {
	i := Invoice{ID: store.NewID(), Buyer: t.Party, Month: month, Reference: payment.NewReference(), DueAt: millis(end.AddDate(0, 0, t.Days)),
		MadeAt: s.millis(ctx), MadeBy: by.User}
	list, err := openSales(ctx, tx, t.Party)
	for _, o := range list {
		if err != nil {
			return nil, err
		}
		var l InvoiceLine
		if l, err = s.dueOf(ctx, tx, o, millis(end)); l.Fen > 0 {
			i.Fen += l.Fen
			i.Lines = append(i.Lines, l)
		}
	}
	if err != nil || len(i.Lines) == 0 {
		return nil, err
	}
	if err = insertInvoice(ctx, tx, i); err != nil {
		return nil, err
	}
	if err = record(ctx, tx, by, deed{act: "invoice.make", subject: "invoice/" + i.ID, at: i.MadeAt, after: i}); err != nil {
		return nil, err
	}
	v, err := s.invoiceView(ctx, tx, i)
	return &v, err
}

// dueOf is what an order owes by accepted weight; nothing before it is accepted, or when it stands on an invoice already.
func (s *Service) dueOf(ctx context.Context, q store.Querier, o Order, end measure.Millis) (InvoiceLine, error) {
	n, err := numbersOf(ctx, q, o)
	if err != nil || o.State(n, s.Now(ctx)) != Accepted || n.LastReceived >= end {
		return InvoiceLine{}, err
	}
	on, err := invoiced(ctx, q, o.ID)
	if err != nil || on {
		return InvoiceLine{}, err
	}
	return InvoiceLine{Order: o.ID, Grams: n.Accepted, Fen: o.lacks(n)}, err
}

// openOf is what a line of an invoice still wants: less what came for it, and no more than its order lacks by now. Haulage that was paid
// out of the escrow does not have to be paid in again.
func openOf(ctx context.Context, q store.Querier, invoice string, l InvoiceLine) (measure.Fen, error) {
	got, err := paidToOrder(ctx, q, invoice, l.Order)
	if err != nil || got >= l.Fen {
		return 0, err
	}
	o, err := ByID(ctx, q, l.Order)
	if err != nil {
		return 0, err
	}
	lacks, err := lacking(ctx, q, o)
	return min(l.Fen-got, lacks), err
}

// intoInvoice puts what came for an invoice into the escrows of its orders, in the order of its lines. What is beyond it is owed back, and
// so is what came for an order that is paid by another way.
func (s *Service) intoInvoice(ctx context.Context, tx store.Tx, in incoming) error {
	i, err := invoiceByID(ctx, tx, in.id)
	if err != nil {
		return err
	}
	in.entry.Subject = "invoice/" + i.ID
	left := in.fen
	for _, l := range i.Lines {
		wants, err := openOf(ctx, tx, i.ID, l)
		if err != nil {
			return err
		}
		if part := min(left, wants); part > 0 {
			left -= part
			in.entry.Postings = append(in.entry.Postings, inFen(in.from, Escrow(l.Order), part))
		}
	}
	if left > 0 {
		in.entry.Postings = append(in.entry.Postings, inFen(in.from, Refund(i.Buyer), left))
	}
	_, _, err = ledger.Post(ctx, tx, in.entry)
	return err
}

// paidToOrder is what an invoice's payments put into one order's escrow, less what was taken back.
func paidToOrder(ctx context.Context, q store.Querier, invoice, order string) (measure.Fen, error) {
	entries, err := ledger.Entries(ctx, q, "invoice/"+invoice)
	var sum measure.Fen
	for _, e := range entries {
		for _, p := range e.Postings {
			switch {
			case p.To == Escrow(order):
				sum += measure.Fen(p.Amount)
			case p.From == Escrow(order):
				sum -= measure.Fen(p.Amount)
			}
		}
	}
	return sum, err
}

// Invoices lists a buyer's invoices, or all of them for finance and auditors, newest first.
func (s *Service) Invoices(ctx context.Context, by auth.Actor, party, after string) ([]InvoiceView, error) {
	platform := by.Can(auth.Finance, "") || by.Can(auth.Auditor, "")
	if !platform && (party == "" || !by.MayActFor(party, auth.ActOrders)) {
		return nil, notFound("party")
	}
	list, err := invoices(ctx, s.DB.Read(), party, after, pageSize)
	out := make([]InvoiceView, 0, len(list))
	for _, i := range list {
		var v InvoiceView
		if err == nil {
			v, err = s.invoiceView(ctx, s.DB.Read(), i)
			out = append(out, v)
		}
	}
	return out, err
}

// Invoice shows one to its buyer, finance and auditors.
func (s *Service) Invoice(ctx context.Context, by auth.Actor, id string) (InvoiceView, error) {
	i, err := invoiceByID(ctx, s.DB.Read(), id)
	if err != nil {
		return InvoiceView{}, found(err, "invoice")
	}
	if !by.MayActFor(i.Buyer, auth.ActOrders) && !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return InvoiceView{}, notFound("invoice")
	}
	return s.invoiceView(ctx, s.DB.Read(), i)
}

func (s *Service) invoiceView(ctx context.Context, q store.Querier, i Invoice) (InvoiceView, error) {
	v := InvoiceView{Invoice: i, Paid: i.Fen}
	for _, l := range i.Lines {
		wants, err := openOf(ctx, q, i.ID, l)
		if err != nil {
			return v, err
		}
		v.Paid -= wants
	}
	var err error
	v.Proofs, err = proofsOf(ctx, q, i.ID)
	v.State = transferState(i.Fen-v.Paid, len(v.Proofs), i.DueAt, s.millis(ctx))
	return v, err
}

// UploadProof keeps a payer's word that it has transferred, for an invoice. It moves no money; finance looks for it in the statement.
func (s *Service) UploadProof(ctx context.Context, by auth.Actor, p TransferProof) (InvoiceView, error) {
	if err := s.checkSlip(p); err != nil {
		return InvoiceView{}, err
	}
	var v InvoiceView
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		i, err := invoiceByID(ctx, tx, p.For)
		if err != nil || !by.MayActFor(i.Buyer, auth.ActOrders) {
			return found(orNoRows(err), "invoice")
		}
		if v, err = s.invoiceView(ctx, tx, i); err != nil {
			return err
		}
		if v.State == TransferPaid {
			return fault.New(fault.Conflict, "invoice_paid", "This invoice is paid.")
		}
		p.ID, p.At, p.By = store.NewID(), s.millis(ctx), by.ID()
		if err = insertProof(ctx, tx, "invoice", p); err != nil {
			return err
		}
		if err = record(ctx, tx, by, deed{act: "invoice.proof", subject: "invoice/" + i.ID, at: p.At, after: p}); err != nil {
			return err
		}
		v, err = s.invoiceView(ctx, tx, i)
		return err
	})
	return v, err
}
