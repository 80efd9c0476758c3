package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/orders"
)

// CreditTermsBody lets a buyer pay after delivery.
type CreditTermsBody struct {
	Limit Money `json:"limit" doc:"that its open orders may lack together; 0 ends it for new orders"`
	Days  int   `json:"days" minimum:"0" maximum:"180" doc:"after the month's end"`
}

// CreditTermsView is how much a buyer may owe, and owes.
type CreditTermsView struct {
	Party string `json:"party"`
	Limit int64  `json:"limit_fen"`
	Days  int    `json:"days"`
	Used  int64  `json:"used_fen" doc:"that its open orders lack"`
}

// MonthlyInvoiceView is what a buyer owes for a month's accepted deliveries.
type MonthlyInvoiceView struct {
	ID        string               `json:"id"`
	Buyer     string               `json:"buyer"`
	Name      string               `json:"name"`
	Month     string               `json:"month"`
	State     orders.TransferState `json:"state" enum:"awaiting_transfer,proof_uploaded,transfer_overdue,transfer_paid"`
	Reference string               `json:"reference" doc:"what the transfer quotes"`
	Fen       int64                `json:"fen"`
	Paid      int64                `json:"paid_fen"`
	DueAt     Instant              `json:"due_at"`
	Lines     []InvoiceLineView    `json:"lines" table:"rows"`
	Proofs    []TransferProofView  `json:"proofs"`
	PayTo     *BankAccountView     `json:"pay_to,omitempty" doc:"the account to transfer to, where one is set up"`
}

// InvoiceLineView is one order on an invoice.
type InvoiceLineView struct {
	Order string `json:"order"`
	Grams int64  `json:"accepted_grams"`
	Fen   int64  `json:"fen"`
}

// TransferProofView is a payer's word that it has transferred.
type TransferProofView struct {
	ID    string  `json:"id"`
	Photo string  `json:"photo,omitempty"`
	Note  string  `json:"note,omitempty"`
	At    Instant `json:"at"`
}

// TransferProofBody is a photo of the slip, or a note.
type TransferProofBody struct {
	Photo string `json:"photo,omitempty" maxLength:"64" doc:"id of an uploaded photo"`
	Note  string `json:"note,omitempty" maxLength:"500"`
}

// MonthBody names a month.
type MonthBody struct {
	Month string `json:"month" pattern:"^\\d{4}-\\d{2}$" doc:"2020-02"`
}

type invoicesQuery struct {
	Party string `query:"party" maxLength:"64" doc:"the buyer; finance may leave it out"`
	After string `query:"after" maxLength:"64"`
}

func (s Services) monthlyInvoice(ctx context.Context, i orders.InvoiceView) MonthlyInvoiceView {
	v := MonthlyInvoiceView{ID: i.ID, Buyer: i.Buyer, Name: s.partyName(ctx, i.Buyer), Month: i.Month, State: i.State, Reference: i.Reference, Fen: int64(i.Fen),
		Paid: int64(i.Paid), DueAt: Instant(i.DueAt),
		Lines: mapped(i.Lines, func(l orders.InvoiceLine) InvoiceLineView {
			return InvoiceLineView{l.Order, int64(l.Grams), int64(l.Fen)}
		}),
		Proofs: mapped(i.Proofs, func(p orders.TransferProof) TransferProofView {
			return TransferProofView{p.ID, p.Photo, p.Note, Instant(p.At)}
		})}
	if to := s.Orders.PayTo; to.Number != "" {
		v.PayTo = &BankAccountView{Holder: to.Holder, Bank: to.Bank, Number: to.Number}
	}
	return v
}

func registerInvoices(api huma.API, s Services) {
	put(api, "/parties/{id}/credit-terms", "Lets a buyer pay after delivery, against one invoice a month", func(ctx context.Context, by auth.Actor, in *idWith[CreditTermsBody]) (CreditTermsView, error) {
		t := orders.CreditTerms{Party: in.ID, Limit: in.Body.Limit.Fen, Days: in.Body.Days}
		if err := s.Orders.SetCreditTerms(ctx, by, t); err != nil {
			return CreditTermsView{}, err
		}
		t, used, err := s.Orders.CreditTermsOf(ctx, by, in.ID)
		return CreditTermsView{t.Party, int64(t.Limit), t.Days, int64(used)}, err
	})
	get(api, "/parties/{id}/credit-terms", "Shows how much a buyer may owe, and owes", func(ctx context.Context, by auth.Actor, in *byID) (CreditTermsView, error) {
		t, used, err := s.Orders.CreditTermsOf(ctx, by, in.ID)
		return CreditTermsView{t.Party, int64(t.Limit), t.Days, int64(used)}, err
	})
	post(api, "/invoices", "Writes a month's invoices: one for each buyer that pays after delivery", func(ctx context.Context, by auth.Actor, in *with[MonthBody]) ([]MonthlyInvoiceView, error) {
		list, err := s.Orders.MakeInvoices(ctx, by, in.Body.Month)
		return mapped(list, func(i orders.InvoiceView) MonthlyInvoiceView { return s.monthlyInvoice(ctx, i) }), err
	})
	get(api, "/invoices", "Lists invoices, newest first", func(ctx context.Context, by auth.Actor, in *invoicesQuery) ([]MonthlyInvoiceView, error) {
		list, err := s.Orders.Invoices(ctx, by, in.Party, in.After)
		return mapped(list, func(i orders.InvoiceView) MonthlyInvoiceView { return s.monthlyInvoice(ctx, i) }), err
	})
	get(api, "/invoices/{id}", "Shows an invoice and where to transfer", func(ctx context.Context, by auth.Actor, in *byID) (MonthlyInvoiceView, error) {
		i, err := s.Orders.Invoice(ctx, by, in.ID)
		return s.monthlyInvoice(ctx, i), err
	})
	post(api, "/invoices/{id}/proofs", "Keeps a payer's word that it has transferred; moves no money", func(ctx context.Context, by auth.Actor, in *idWith[TransferProofBody]) (MonthlyInvoiceView, error) {
		i, err := s.Orders.UploadProof(ctx, by, orders.TransferProof{For: in.ID, Photo: in.Body.Photo, Note: in.Body.Note})
		return s.monthlyInvoice(ctx, i), err
	})
}
