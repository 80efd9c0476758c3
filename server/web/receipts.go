package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/orders"
	"jishi/server/paper"
)

// ReceiptView is the receipt of one sum.
type ReceiptView struct {
	Number   string  `json:"number"`
	Campaign string  `json:"campaign"`
	Title    string  `json:"title"`
	NamedUse string  `json:"named_use"`
	Donor    string  `json:"donor"`
	Name     string  `json:"donor_name"`
	Fen      int64   `json:"fen"`
	Capitals string  `json:"capitals" doc:"the amount in Chinese capitals"`
	PaidAt   Instant `json:"paid_at"`
	IssuedAt Instant `json:"issued_at"`

	TakenBack int64 `json:"taken_back_fen,omitempty" doc:"of it, since: by the payer's bank or by finance; the receipt holds no more"`
}

func receiptView(r orders.GiftReceipt) ReceiptView {
	return ReceiptView{r.Number(), r.Campaign, r.Title, r.NamedUse, r.Donor, r.DonorName, int64(r.Fen), r.Fen.Capitals(), Instant(r.PaidAt), Instant(r.IssuedAt), int64(r.TakenBack)}
}

// ReceiptsBody says whose receipts are wanted.
type ReceiptsBody struct {
	Donor string `json:"donor" maxLength:"64"`
}

type byNumber struct {
	Number string `path:"number" maxLength:"20"`
}

// file is an answer that is no JSON.
type file struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func registerReceipts(api huma.API, s Services) {
	post(api, "/campaigns/{id}/receipts", "Gives a donor a receipt for every sum it paid; those that are missing are issued", func(ctx context.Context, by auth.Actor, in *idWith[ReceiptsBody]) ([]ReceiptView, error) {
		list, err := s.Orders.IssueReceipts(ctx, by, in.ID, in.Body.Donor)
		return mapped(list, receiptView), err
	})
	get(api, "/receipts/{number}", "Shows a receipt", func(ctx context.Context, by auth.Actor, in *byNumber) (ReceiptView, error) {
		r, err := s.Orders.ReceiptByNumber(ctx, by, in.Number)
		return receiptView(r), err
	})
	document(api, "/receipts/{number}/pdf", "A receipt to print", "application/pdf", actor, func(ctx context.Context, by auth.Actor, in *byNumber) (file, error) {
		r, err := s.Orders.ReceiptByNumber(ctx, by, in.Number)
		if err != nil {
			return file{}, err
		}
		if r.TakenBack > 0 {
			return file{}, fault.New(fault.Conflict, "receipt_void", "The payer's bank took this money back: the receipt holds no more.")
		}
		body, err := paper.Receipt{Number: r.Number(), Donor: r.DonorName, Fen: r.Fen, Campaign: r.Title, NamedUse: r.NamedUse, Entry: r.Entry, PaidAt: r.PaidAt, IssuedAt: r.IssuedAt}.PDF()
		return file{Disposition: `inline; filename="jishi-` + r.Number() + `.pdf"`, Body: body}, err
	})
}

// document adds a route whose answer is a file of one kind.
func document[I any](api huma.API, path, summary, kind string, who func(context.Context) (auth.Actor, error), h handler[I, file], changes ...func(*huma.Operation)) {
	o := operation(http.MethodGet, path, summary)
	for _, change := range changes {
		change(&o)
	}
	o.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	huma.Register(api, o, func(ctx context.Context, in *I) (*file, error) {
		by, err := who(ctx)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		out, err := h(ctx, by, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		out.ContentType = kind
		return &out, nil
	})
}
