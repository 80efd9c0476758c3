package web

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/rules"
)

// ToBody is what of a line goes to one need.
type ToBody struct {
	Demand string `json:"demand" maxLength:"64"`
	Weight Mass   `json:"weight"`
}

// OrderLineBody is what is wanted of one offer.
type OrderLineBody struct {
	Offer   string      `json:"offer" maxLength:"64"`
	Version int64       `json:"version" minimum:"1" doc:"of the offer, as it was read: an order of another is refused"`
	Weight  Mass        `json:"weight"`
	To      []ToBody    `json:"to,omitempty" maxItems:"100"`
	Share   *SharedBody `json:"share,omitempty" doc:"the fair share that the parts come from, to be kept with the order"`
}

// SharedBody is a fair share as it was asked for and seen.
type SharedBody struct {
	Weight  Mass     `json:"weight,omitempty" doc:"this and what follows as /shares was asked"`
	Floor   Mass     `json:"floor,omitempty"`
	Demands []string `json:"demands" minItems:"1" maxItems:"200"`
	Seen    []ToBody `json:"seen" maxItems:"200" doc:"what each need was to get, without those that get nothing; where that is another by now the order is refused"`
}

func (b *SharedBody) shared() *orders.SharedBy {
	if b == nil {
		return nil
	}
	return &orders.SharedBy{ShareInput: market.ShareInput{Grams: b.Weight.Grams, Floor: b.Floor.Grams, Demands: b.Demands}, Seen: mapped(b.Seen, ToBody.input)}
}

func (b ToBody) input() orders.ToInput {
	return orders.ToInput{Demand: b.Demand, Grams: b.Weight.Grams}
}

// OrderBody is a cart.
type OrderBody struct {
	Buyer    string          `json:"buyer" maxLength:"64"`
	Campaign string          `json:"campaign,omitempty" maxLength:"64"`
	Lines    []OrderLineBody `json:"lines" minItems:"1" maxItems:"100"`
}

// AllocationView is the part of a line that one need gets.
type AllocationView struct {
	ID           string `json:"id"`
	Demand       string `json:"demand"`
	Receiver     string `json:"receiver" doc:"the party whose need it is"`
	ReceiverName string `json:"receiver_name"`
	Grams        int64  `json:"grams"`
	Refused      int64  `json:"refused_grams,omitempty" doc:"by the receiver, before it was on a trip"`
}

// OrderLineView is one line of an order.
type OrderLineView struct {
	ID          string            `json:"id"`
	Offer       string            `json:"offer"`
	Lot         string            `json:"lot"`
	Produce     string            `json:"produce"`
	ProduceName string            `json:"produce_name"`
	Grade       string            `json:"grade,omitempty"`
	Grams       int64             `json:"grams"`
	PriceE4     int64             `json:"price_e4"`
	BenefitE4   int64             `json:"benefit_e4"`
	Fen         int64             `json:"fen"`
	Offered     int64             `json:"offered_grams,omitempty" doc:"while the seller can give less"`
	Loss        LossTermsBody     `json:"loss" doc:"as it was agreed, whatever the offer says now; the pick-up too"`
	Pickup      WindowBody        `json:"pickup"`
	InsteadOf   string            `json:"instead_of,omitempty" doc:"the line that this one is offered in place of"`
	To          []AllocationView  `json:"to"`
	Share       market.FairMethod `json:"share,omitempty" doc:"method of the fair share that the parts come from: /orders/{id}/shares"`
}

// OrderNumbersView is what became of an order's goods.
type OrderNumbersView struct {
	Reserved  int64                      `json:"reserved_grams"`
	Allocated int64                      `json:"allocated_grams"`
	Planned   int64                      `json:"planned_grams"`
	Loaded    int64                      `json:"loaded_grams"`
	OnTruck   int64                      `json:"on_truck_grams"`
	Accepted  int64                      `json:"accepted_grams"`
	Rejected  int64                      `json:"rejected_grams"`
	Returned  int64                      `json:"returned_grams"`
	Lost      map[orders.LossCause]int64 `json:"lost_grams"`
}

// InvoiceView says how to pay.
type InvoiceView struct {
	Reference string `json:"reference,omitempty" doc:"what the transfer quotes; absent where a campaign's fund pays: one pays into the campaign"`
	Fen       int64  `json:"fen"`
	Paid      int64  `json:"paid_fen"`
	Lacks     int64  `json:"lacks_fen" doc:"what the settlement needs beyond what is there; until all goods came: the whole sum"`
	Goods     *int64 `json:"goods_fen,omitempty" doc:"the accepted weight at the agreed prices, which the settlement divides; absent until all goods came"`
	Haulage   int64  `json:"haulage_fen,omitempty" doc:"paid to carriers out of what was paid for the order"`
}

// OrderView is an order.
type OrderView struct {
	ID          string           `json:"id"`
	Buyer       string           `json:"buyer"`
	BuyerName   string           `json:"buyer_name"`
	Seller      string           `json:"seller"`
	SellerName  string           `json:"seller_name"`
	Campaign    string           `json:"campaign,omitempty"`
	NamedUse    string           `json:"named_use,omitempty"`
	State       orders.State     `json:"state"`
	Reason      string           `json:"reason,omitempty"`
	Warnings    []orders.Warning `json:"warnings"`
	Invoice     InvoiceView      `json:"invoice"`
	Lines       []OrderLineView  `json:"lines"`
	Numbers     OrderNumbersView `json:"numbers"`
	SubmittedAt Instant          `json:"submitted_at"`
	AnswerUntil Instant          `json:"answer_until"`
	SettledAt   Instant          `json:"settled_at,omitempty"`
	Cart        string           `json:"cart,omitempty"`
	BackorderOf string           `json:"backorder_of,omitempty"`
	Quotation   string           `json:"quotation,omitempty"`
	Standing    string           `json:"standing,omitempty"`
	StoppedAt   Instant          `json:"stopped_at,omitempty"`
}

func (s Services) orderView(ctx context.Context, o orders.View) (OrderView, error) {
	return one(s.orderViews(ctx, []orders.View{o}))
}

// orderViews shows orders, looking up what they name together.
func (s Services) orderViews(ctx context.Context, list []orders.View) ([]OrderView, error) {
	named, err := s.namedIn(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]OrderView, len(list))
	for i, o := range list {
		out[i] = s.oneOrder(ctx, o, named)
	}
	return out, nil
}

// orderNames is what orders name by id.
type orderNames struct {
	parties map[string]market.Party
	lots    map[string]market.Lot
	demands map[string]market.Demand
}

func (s Services) namedIn(ctx context.Context, list []orders.View) (n orderNames, err error) {
	var parties, lots, demands []string
	for _, o := range list {
		parties = append(parties, o.Buyer, o.Seller)
		for _, l := range o.Lines {
			lots = append(lots, l.Lot)
			for _, a := range l.To {
				demands = append(demands, a.Demand)
			}
		}
	}
	q := s.DB.Read()
	if n.demands, err = market.DemandsByID(ctx, q, once(demands)...); err != nil {
		return n, err
	}
	for _, d := range n.demands {
		parties = append(parties, d.Party)
	}
	if n.parties, err = market.PartiesByID(ctx, q, once(parties)...); err != nil {
		return n, err
	}
	n.lots, err = market.LotsByID(ctx, q, once(lots)...)
	return n, err
}

func once(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// warningIn names the source of a warning in a language. What it says, a page words by its code.
func warningIn(lang string) func(orders.Warning) orders.Warning {
	return func(w orders.Warning) orders.Warning {
		w.Source = rules.SourceIn(w.Source, lang)
		return w
	}
}

func (s Services) oneOrder(ctx context.Context, o orders.View, named orderNames) OrderView {
	v := OrderView{ID: o.ID, Buyer: o.Buyer, Seller: o.Seller, Campaign: o.Campaign, NamedUse: o.NamedUse, State: o.State, Reason: o.Reason,
		Warnings: mapped(o.Warnings, warningIn(languageOf(ctx))), Invoice: invoiceOf(o), Numbers: orderNumbers(o.Numbers),
		SubmittedAt: Instant(o.SubmittedAt), AnswerUntil: Instant(o.AnswerUntil), SettledAt: Instant(o.SettledAt),
		Cart: o.Cart, BackorderOf: o.BackorderOf, Quotation: o.Quotation, Standing: o.Standing, StoppedAt: Instant(o.StoppedAt),
		BuyerName: named.parties[o.Buyer].Name, SellerName: named.parties[o.Seller].Name}
	for _, l := range o.Lines {
		v.Lines = append(v.Lines, s.orderLineView(ctx, l, named))
	}
	return v
}

// invoiceOf says how to pay for an order. Nobody transfers for one that its campaign's fund pays.
func invoiceOf(o orders.View) InvoiceView {
	v := InvoiceView{Reference: o.Reference, Fen: int64(o.Invoice), Paid: int64(o.Numbers.Paid), Lacks: int64(o.Lacks), Haulage: int64(o.Haulage)}
	if o.Came {
		goods := int64(o.Numbers.Goods)
		v.Goods = &goods
	}
	if o.ByFund() {
		v.Reference = ""
	}
	return v
}

func (s Services) orderLineView(ctx context.Context, l orders.Line, named orderNames) OrderLineView {
	lot := named.lots[l.Lot]
	v := OrderLineView{ID: l.ID, Offer: l.Offer, Lot: l.Lot, Produce: lot.Produce, ProduceName: s.produceName(ctx, lot.Produce), Grade: lot.Grade,
		Grams: int64(l.Grams), PriceE4: int64(l.Price), BenefitE4: int64(l.Benefit), Fen: int64(l.Fen()), Offered: int64(l.Offered),
		Loss: LossTermsBody{l.Loss.MoisturePerMille, l.Loss.Bearer}, Pickup: windowBody(l.Pickup), InsteadOf: l.InsteadOf, To: []AllocationView{}, Share: l.ShareMethod}
	for _, a := range l.To {
		receiver := named.demands[a.Demand].Party
		v.To = append(v.To, AllocationView{a.ID, a.Demand, receiver, named.parties[receiver].Name, int64(a.Promised()), int64(a.Refused)})
	}
	return v
}

func orderNumbers(n orders.Numbers) OrderNumbersView {
	v := OrderNumbersView{Reserved: int64(n.Reserved), Allocated: int64(n.Allocated), Planned: int64(n.Planned), Loaded: int64(n.Loaded()),
		OnTruck: int64(n.OnTruck), Accepted: int64(n.Accepted), Rejected: int64(n.Rejected), Returned: int64(n.Returned), Lost: map[orders.LossCause]int64{}}
	for cause, g := range n.Lost {
		v.Lost[cause] = int64(g)
	}
	return v
}

// SettlementLineView is one line of a settlement.
type SettlementLineView struct {
	Kind      orders.LineKind `json:"kind"`
	Line      string          `json:"line,omitempty"`
	Party     string          `json:"party,omitempty"`
	PartyName string          `json:"party_name,omitempty"`
	Grams     int64           `json:"grams"`
	PriceE4   int64           `json:"price_e4"`
	Fen       int64           `json:"fen"`
	Account   string          `json:"account,omitempty" doc:"where the money went; empty for a line that only explains"`
	Note      string          `json:"note,omitempty"`
}

// SettlementView is what an order's money was divided into.
type SettlementView struct {
	Order string               `json:"order"`
	Total int64                `json:"total_fen"`
	Lines []SettlementLineView `json:"lines" table:"rows"`
	Sums  map[string]int64     `json:"sums_fen" doc:"by kind of line that pays"`
}

func (s Services) settlementView(ctx context.Context, st orders.Settlement) (SettlementView, error) {
	v := SettlementView{Order: st.Order, Total: int64(st.Total), Sums: map[string]int64{}, Lines: []SettlementLineView{}}
	var ids []string
	for _, l := range st.Lines {
		if l.Party != "" {
			ids = append(ids, l.Party)
		}
	}
	parties, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
	if err != nil {
		return v, err
	}
	for _, l := range st.Lines {
		name := parties[l.Party].Name
		if parties[l.Party].Kind == market.HouseholdK {
			name = market.MaskName(name)
		}
		v.Lines = append(v.Lines, SettlementLineView{l.Kind, l.Line, l.Party, name, int64(l.Grams), int64(l.Price), int64(l.Fen), l.Account, l.Note})
		if l.Account != "" {
			v.Sums[string(l.Kind)] += int64(l.Fen)
		}
	}
	return v, nil
}

type ordersQuery struct {
	Role  string `query:"role" enum:",buyer,seller" doc:"as whom"`
	After string `query:"after" maxLength:"64"`
}

// AcceptBody says for which need the delivery stands; empty: for all that the actor receives for.
type AcceptBody struct {
	Demand string `json:"demand,omitempty" maxLength:"64"`
}

func registerOrders(api huma.API, s Services) {
	post(api, "/orders", "Sends an order to its seller", func(ctx context.Context, by auth.Actor, in *with[OrderBody]) (OrderView, error) {
		o, err := s.Orders.Place(ctx, by, in.Body.input(ctx))
		if err != nil {
			return OrderView{}, err
		}
		return s.orderView(ctx, o)
	})
	get(api, "/orders", "Lists orders, newest first", func(ctx context.Context, by auth.Actor, in *ordersQuery) ([]OrderView, error) {
		list, err := s.Orders.Orders(ctx, by, in.Role, in.After)
		if err != nil {
			return nil, err
		}
		return s.orderViews(ctx, list)
	})
	get(api, "/orders/to-settle", "Lists the orders whose money can be divided, the oldest first", func(ctx context.Context, by auth.Actor, in *afterQuery) ([]OrderView, error) {
		list, err := s.Orders.ToSettle(ctx, by, in.After)
		if err != nil {
			return nil, err
		}
		return s.orderViews(ctx, list)
	})
	get(api, "/orders/{id}", "Shows an order", func(ctx context.Context, by auth.Actor, in *byID) (OrderView, error) {
		return s.showOrder(ctx, by, in.ID, nil)
	})
	post(api, "/orders/{id}/confirm", "The seller's yes: the goods are reserved", func(ctx context.Context, by auth.Actor, in *byID) (OrderView, error) {
		_, err := s.Orders.Confirm(ctx, by, in.ID)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/decline", "The seller's no", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (OrderView, error) {
		_, err := s.Orders.Decline(ctx, by, in.ID, in.Body.Reason)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/cancel", "Ends an order before anything is on a trip", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (OrderView, error) {
		_, err := s.Orders.Cancel(ctx, by, in.ID, in.Body.Reason)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/accept", "A receiver's word that its deliveries stand", func(ctx context.Context, by auth.Actor, in *idWith[AcceptBody]) (OrderView, error) {
		_, err := s.Orders.Accept(ctx, by, in.ID, in.Body.Demand)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/settle", "Divides the money by accepted weight", func(ctx context.Context, by auth.Actor, in *byID) (SettlementView, error) {
		st, err := s.Orders.Settle(ctx, by, in.ID)
		if err != nil {
			return SettlementView{}, err
		}
		return s.settlementView(ctx, st)
	})
	get(api, "/orders/{id}/settlement", "Shows how the money was divided", func(ctx context.Context, by auth.Actor, in *byID) (SettlementView, error) {
		st, err := s.Orders.Settlement(ctx, by, in.ID)
		if err != nil {
			return SettlementView{}, err
		}
		return s.settlementView(ctx, st)
	})
}

func (b OrderBody) input(ctx context.Context) orders.Input {
	in := orders.Input{ClientID: clientID(ctx), Buyer: b.Buyer, Campaign: b.Campaign}
	for _, l := range b.Lines {
		line := orders.LineInput{Offer: l.Offer, Version: l.Version, Grams: l.Weight.Grams}
		for _, t := range l.To {
			line.To = append(line.To, t.input())
		}
		line.Share = l.Share.shared()
		in.Lines = append(in.Lines, line)
	}
	return in
}

func (s Services) showOrder(ctx context.Context, by auth.Actor, id string, err error) (OrderView, error) {
	if err != nil {
		return OrderView{}, err
	}
	o, err := s.Orders.Order(ctx, by, id)
	if err != nil {
		return OrderView{}, err
	}
	return s.orderView(ctx, o)
}

// BankLineBody is one line of a bank statement.
type BankLineBody struct {
	ClientID  string  `json:"client_id" minLength:"1" maxLength:"200" doc:"the bank's own number of the line"`
	Reference string  `json:"reference" maxLength:"500" doc:"what the payer wrote"`
	Amount    Money   `json:"amount"`
	PaidAt    Instant `json:"paid_at"`
	Payer     string  `json:"payer,omitempty" maxLength:"500"`
}

// StatementBody is a bank statement.
type StatementBody struct {
	Lines []BankLineBody `json:"lines" minItems:"1" maxItems:"5000"`
}

// BankLineView is a line and what it was for.
type BankLineView struct {
	ID        string       `json:"id"`
	ClientID  string       `json:"client_id"`
	Reference string       `json:"reference"`
	Fen       int64        `json:"fen"`
	PaidAt    Instant      `json:"paid_at"`
	Payer     string       `json:"payer"`
	State     string       `json:"state" enum:"matched,unmatched,undone"`
	For       payment.Kind `json:"for,omitempty"`
	Matched   string       `json:"matched,omitempty"`
}

func bankLineView(l payment.BankLine) BankLineView {
	v := BankLineView{l.ID, l.ClientID, l.Reference, int64(l.Fen), Instant(l.PaidAt), l.Payer, "unmatched", l.For, l.ForID}
	if l.ForID != "" {
		v.State = "matched"
	}
	if l.UndoneAt > 0 {
		v.State = "undone"
	}
	return v
}

// ReferenceBody names an order or a campaign by what its transfer quotes.
type ReferenceBody struct {
	Reference string `json:"reference" minLength:"1" maxLength:"100"`
}

type afterQuery struct {
	After string `query:"after" maxLength:"64"`
}

type bankQuery struct {
	State string `query:"state" enum:"unmatched" doc:"only those that nobody could place yet, the oldest first"`
	After string `query:"after" maxLength:"64"`
}

func registerBank(api huma.API, s Services) {
	post(api, "/bank-lines", "Takes in a bank statement and matches it", func(ctx context.Context, by auth.Actor, in *with[StatementBody]) ([]BankLineView, error) {
		var lines []payment.BankLine
		for _, l := range in.Body.Lines {
			lines = append(lines, payment.BankLine{ClientID: l.ClientID, Reference: l.Reference, Fen: l.Amount.Fen, PaidAt: l.PaidAt.Millis(), Payer: l.Payer})
		}
		out, err := s.Orders.ImportBank(ctx, by, lines)
		return mapped(out, bankLineView), err
	})
	get(api, "/bank-lines", "Lists statement lines, newest first", func(ctx context.Context, by auth.Actor, in *bankQuery) ([]BankLineView, error) {
		list, err := s.Orders.BankLines(ctx, by, in.After, in.State != "")
		return mapped(list, bankLineView), err
	})
	post(api, "/bank-lines/{id}/match", "Says what a line was for", func(ctx context.Context, by auth.Actor, in *idWith[ReferenceBody]) (BankLineView, error) {
		l, err := s.Orders.MatchBank(ctx, by, in.ID, in.Body.Reference)
		return bankLineView(l), err
	})
}
