package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
)

// AskBody is a request for quotation.
type AskBody struct {
	Buyer   string   `json:"buyer" maxLength:"64"`
	Sellers []string `json:"sellers" minItems:"1" maxItems:"50"`
	Produce string   `json:"produce" maxLength:"60"`
	Weight  Mass     `json:"weight"`
	Demand  string   `json:"demand,omitempty" maxLength:"64" doc:"where the goods are to go"`
	NeedBy  Instant  `json:"need_by,omitempty"`
	Until   Instant  `json:"until,omitempty" doc:"the sellers' last moment; absent: in 48 hours"`
	Why     string   `json:"why,omitempty" maxLength:"2000"`
}

// TermsBody is a price being named.
type TermsBody struct {
	Offer  string  `json:"offer,omitempty" maxLength:"64" doc:"a seller's; later ones may leave it out"`
	Price  Price   `json:"price"`
	Weight Mass    `json:"weight"`
	Until  Instant `json:"until,omitempty" doc:"the other side's last moment; absent: in 48 hours"`
	Note   string  `json:"note,omitempty" maxLength:"2000"`
}

func (b TermsBody) input() orders.TermsInput {
	return orders.TermsInput{Offer: b.Offer, Price: b.Price.E4, Grams: b.Weight.Grams, Until: b.Until.Millis(), Note: b.Note}
}

// TermsView is a price that was named.
type TermsView struct {
	Side    orders.Who      `json:"side"`
	Offer   string          `json:"offer"`
	PriceE4 int64           `json:"price_e4"`
	Grams   int64           `json:"grams"`
	Fen     int64           `json:"fen"`
	Loss    LossTermsBody   `json:"loss" doc:"as the offer had it when the seller named a price; the pick-up too"`
	Pickup  WindowBody      `json:"pickup"`
	Note    string          `json:"note,omitempty"`
	At      Instant         `json:"at"`
	Warning *orders.Warning `json:"warning,omitempty"`
}

// QuotationView is a quotation.
type QuotationView struct {
	ID          string            `json:"id"`
	RFQ         string            `json:"rfq"`
	Buyer       string            `json:"buyer"`
	BuyerName   string            `json:"buyer_name"`
	Seller      string            `json:"seller"`
	SellerName  string            `json:"seller_name"`
	Produce     string            `json:"produce"`
	ProduceName string            `json:"produce_name"`
	Grams       int64             `json:"grams"`
	Demand      string            `json:"demand,omitempty"`
	NeedBy      Instant           `json:"need_by,omitempty"`
	Why         string            `json:"why,omitempty"`
	State       orders.QuoteState `json:"state"`
	ExpiresAt   Instant           `json:"expires_at"`
	Order       string            `json:"order,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	AskedAt     Instant           `json:"asked_at"`
	Terms       []TermsView       `json:"terms"`
}

func termsView(t orders.Terms, lang string) TermsView {
	v := TermsView{t.Side, t.Offer, int64(t.Price), int64(t.Grams), int64(t.Price.Times(t.Grams)),
		LossTermsBody{t.Loss.MoisturePerMille, t.Loss.Bearer}, windowBody(t.Pickup), t.Note, Instant(t.At), nil}
	if t.Warning != nil {
		w := warningIn(lang)(*t.Warning)
		v.Warning = &w
	}
	return v
}

func (s Services) quotationViews(ctx context.Context, list []orders.Quotation, err error) ([]QuotationView, error) {
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, q := range list {
		ids = append(ids, q.Buyer, q.Seller)
	}
	parties, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
	return mapped(list, func(q orders.Quotation) QuotationView {
		return QuotationView{q.ID, q.RFQ, q.Buyer, parties[q.Buyer].Name, q.Seller, parties[q.Seller].Name, q.Produce, s.produceName(ctx, q.Produce),
			int64(q.Grams), q.Demand, Instant(q.NeedBy), q.Why, q.State(auth.SystemClock(ctx)), Instant(q.ExpiresAt), q.Order, q.Reason,
			Instant(q.AskedAt), mapped(q.Terms, func(t orders.Terms) TermsView { return termsView(t, languageOf(ctx)) })}
	}), err
}

func (s Services) quotationView(ctx context.Context, q orders.Quotation, err error) (QuotationView, error) {
	return one(s.quotationViews(ctx, []orders.Quotation{q}, err))
}

func registerQuotations(api huma.API, s Services) {
	post(api, "/quotations", "Asks some sellers for a price", func(ctx context.Context, by auth.Actor, in *with[AskBody]) ([]QuotationView, error) {
		b := in.Body
		list, err := s.Orders.Ask(ctx, by, orders.AskInput{ClientID: clientID(ctx), Buyer: b.Buyer, Sellers: b.Sellers, Produce: b.Produce, Grams: b.Weight.Grams,
			Demand: b.Demand, NeedBy: b.NeedBy.Millis(), Until: b.Until.Millis(), Why: b.Why})
		return s.quotationViews(ctx, list, err)
	})
	get(api, "/quotations", "Lists quotations, newest first", func(ctx context.Context, by auth.Actor, in *ordersQuery) ([]QuotationView, error) {
		list, err := s.Orders.Quotations(ctx, by, in.Role, in.After)
		return s.quotationViews(ctx, list, err)
	})
	get(api, "/quotations/{id}", "Shows a quotation", func(ctx context.Context, by auth.Actor, in *byID) (QuotationView, error) {
		q, err := s.Orders.Quotation(ctx, by, in.ID)
		return s.quotationView(ctx, q, err)
	})
	post(api, "/quotations/{id}/offer", "Names the seller's price", func(ctx context.Context, by auth.Actor, in *idWith[TermsBody]) (QuotationView, error) {
		q, err := s.Orders.Quote(ctx, by, in.ID, in.Body.input())
		return s.quotationView(ctx, q, err)
	})
	post(api, "/quotations/{id}/counter", "Names the buyer's price", func(ctx context.Context, by auth.Actor, in *idWith[TermsBody]) (QuotationView, error) {
		q, err := s.Orders.Counter(ctx, by, in.ID, in.Body.input())
		return s.quotationView(ctx, q, err)
	})
	post(api, "/quotations/{id}/accept", "Says yes to the price on the table: it becomes an order", func(ctx context.Context, by auth.Actor, in *byID) (QuotationView, error) {
		q, err := s.Orders.AcceptQuote(ctx, by, in.ID)
		return s.quotationView(ctx, q, err)
	})
	post(api, "/quotations/{id}/decline", "Says no to the price on the table", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (QuotationView, error) {
		q, err := s.Orders.DeclineQuote(ctx, by, in.ID, in.Body.Reason)
		return s.quotationView(ctx, q, err)
	})
	post(api, "/quotations/{id}/withdraw", "Takes back what one's own side said last", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (QuotationView, error) {
		q, err := s.Orders.WithdrawQuote(ctx, by, in.ID, in.Body.Reason)
		return s.quotationView(ctx, q, err)
	})
}
