package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
)

// TodoKind says what waits for a person.
type TodoKind string

// What may wait.
const (
	TodoAnswer   TodoKind = "answer"    // an order for the seller's yes
	TodoQuote    TodoKind = "quote"     // a quotation in which it is one's turn
	TodoApprove  TodoKind = "approve"   // an order for an approver's yes
	TodoUse      TodoKind = "use"       // another use of a gift, for its donor's yes
	TodoDivert   TodoKind = "divert"    // goods on the road that are to go elsewhere, for a yes of who is asked
	TodoAgree    TodoKind = "agree"     // less than ordered, for the buyer's yes
	TodoSend     TodoKind = "send"      // a draft of a standing order, to be sent or dropped
	TodoPay      TodoKind = "pay"       // an order's transfer
	TodoFund     TodoKind = "fund"      // money that a gift's fund lacks for an order
	TodoRotting  TodoKind = "rotting"   // a lot near the end of its shelf life
	TodoTruck    TodoKind = "truck"     // a truck that comes for goods
	TodoIncoming TodoKind = "incoming"  // a truck that brings goods
	TodoNeed     TodoKind = "need"      // a need that is silent for too long
	TodoConfirm  TodoKind = "confirm"   // a need that soon is, for its receiver
	TodoPrice    TodoKind = "price"     // a price far from the market's, for an operator
	TodoTrip     TodoKind = "trip"      // a trip for its carrier's yes
	TodoHaulage  TodoKind = "haulage"   // a trip that is done and whose carriers wait for their money, for finance: its orders are settled after it
	TodoSettle   TodoKind = "settle"    // an order whose money can be divided, for finance
	TodoDeposit  TodoKind = "deposit"   // a deposit to pay in
	TodoRule     TodoKind = "rule"      // a deposit of which nobody says who broke its promise, for an operator
	TodoHeld     TodoKind = "held"      // a payment of another amount than was asked, for finance
	TodoAccept   TodoKind = "accept"    // goods that came, for their receiver's word
	TodoClaim    TodoKind = "claim"     // something that is held against goods, for the seller's word or an operator's
	TodoCheck    TodoKind = "check"     // an offer that asks for the poverty mark, for an operator
	TodoSentBack TodoKind = "sent_back" // an offer whose poverty mark was sent back, for its seller
	TodoMoney    TodoKind = "money"     // a settlement of the last days: nothing to do, good to know
)

// TodoView is one thing that waits.
type TodoView struct {
	Kind  TodoKind `json:"kind" enum:"answer,quote,approve,use,divert,agree,send,pay,fund,rotting,truck,incoming,need,confirm,price,trip,haulage,settle,deposit,rule,held,accept,claim,check,sent_back,money"`
	Path  string   `json:"path" doc:"like orders/<id>, lots/<id>, trips/<id>, demands/<id>, demands/to-confirm, finance/to-settle"`
	More  int      `json:"more,omitempty" doc:"how many others of its kind wait there, of the first page"`
	Who   string   `json:"who,omitempty" doc:"the other party, or the plate of the truck"`
	What  string   `json:"what,omitempty" doc:"the produce"`
	Grams int64    `json:"grams,omitempty"`
	Fen   int64    `json:"fen,omitempty"`
	By    Instant  `json:"by,omitempty" doc:"when it is late, when the truck is there, or when the money came"`
}

const (
	rottingSoon = 3 // days: time to find a buyer and a truck
	moneyNews   = 7 * 24 * time.Hour
)

func registerTodo(api huma.API, s Services) {
	get(api, "/todo", "Lists what waits for whoever asks, the most urgent first", func(ctx context.Context, by auth.Actor, _ *none) ([]TodoView, error) {
		out := []TodoView{}
		for _, part := range []func(context.Context, auth.Actor) ([]TodoView, error){s.toAnswer, s.toQuote, s.toApprove, s.toAllow, s.toBuy, s.toSave, s.toMeet, s.toConfirm, s.toWatch, s.toPutUp, s.toRule, s.toRelease, s.toSettle, s.toAccept, s.toDecide, s.toCheck, s.toMend} {
			list, err := part(ctx, by)
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
		}
		slices.SortStableFunc(out, func(a, b TodoView) int {
			return cmp.Or(compareNews(a, b), cmp.Compare(a.By.Millis(), b.By.Millis()))
		})
		return out, nil
	})
}

// toQuote lists the quotations in which it is one's turn.
func (s Services) toQuote(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Orders.QuotationsToAnswer(ctx, by)
	return s.named(ctx, mapped(list, func(q orders.Quotation) TodoView {
		v := TodoView{Kind: TodoQuote, Path: "quotations/" + q.ID, Who: q.Buyer, What: s.produceName(ctx, q.Produce), Grams: int64(q.Grams), By: Instant(q.ExpiresAt)}
		if q.Act == orders.QuoteOffered {
			v.Who = q.Seller
		}
		return v
	}), err)
}

// toApprove lists the orders of which one is asked in a chain of approval.
func (s Services) toApprove(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Orders.OrdersToApprove(ctx, by)
	return s.named(ctx, mapped(list, func(o orders.Order) TodoView {
		return TodoView{Kind: TodoApprove, Path: "orders/" + o.ID, Who: o.Seller, Fen: int64(o.Invoice), By: Instant(o.AnswerUntil)}
	}), err)
}

// toAllow lists the campaigns of which another use is asked of a donor.
func (s Services) toAllow(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Market.UseChangesToAnswer(ctx, by)
	return mapped(list, func(u market.UseChange) TodoView {
		return TodoView{Kind: TodoUse, Path: "campaigns/" + u.Campaign, What: u.NewUse, By: Instant(u.AnswerUntil)}
	}), err
}

// toRelease lists the payments that finance has to take or to return.
func (s Services) toRelease(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	if !by.Can(auth.Finance, "") {
		return nil, nil
	}
	list, err := s.Orders.HeldPayments(ctx, by)
	out := mapped(list, func(c orders.CheckoutView) TodoView {
		v := TodoView{Kind: TodoHeld, Path: "finance/held", Who: c.Payer}
		if c.GotCurrency == payment.Currency {
			v.Fen = int64(c.Got)
		}
		return v
	})
	return s.named(ctx, out, err)
}

// toSettle names the orders whose money finance can divide. More than one stand together in one line. Where a buyer has to pay the rest first
// it waits for that buyer.
func (s Services) toSettle(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	if !by.Can(auth.Finance, "") {
		return nil, nil
	}
	list, err := s.Orders.ToSettle(ctx, by, "")
	list = slices.DeleteFunc(list, func(o orders.View) bool { return o.Lacks > 0 && !o.ByFund() })
	if err != nil || len(list) == 0 {
		return nil, err
	}
	first := list[0]
	v := TodoView{Kind: TodoSettle, Path: "orders/" + first.ID, Who: first.Seller, What: s.whatOf(ctx, first), Grams: int64(first.Numbers.Accepted), Fen: int64(first.Numbers.Goods), By: Instant(first.Numbers.LastReceived)}
	if len(list) > 1 {
		v.Path, v.More = "finance/to-settle", len(list)-1
	}
	return s.named(ctx, []TodoView{v}, nil)
}

// toAccept lists the orders whose goods came and wait for their receiver's word; each has a page to say it on.
func (s Services) toAccept(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Orders.ToAccept(ctx, by)
	return s.named(ctx, mapped(list, func(u orders.Unanswered) TodoView {
		v := TodoView{Kind: TodoAccept, Path: "orders/" + u.Order + "/claims", Who: u.Seller}
		if !u.Breach {
			v.By = Instant(u.Until)
		}
		return v
	}), err)
}

// toDecide lists the claims that wait for a seller's word or an operator's.
func (s Services) toDecide(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Orders.OpenClaims(ctx, by)
	return mapped(list, func(c orders.Claim) TodoView {
		return TodoView{Kind: TodoClaim, Path: "orders/" + c.Order + "/claims", What: c.Reason, Grams: int64(c.Grams), By: Instant(c.MadeAt)}
	}), err
}

// toCheck lists the offers that ask an operator for the poverty mark.
func (s Services) toCheck(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Market.OffersToCheck(ctx, by)
	return s.marks(ctx, TodoCheck, list), err
}

// toMend lists a seller's offers whose poverty mark was sent back.
func (s Services) toMend(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Market.OffersSentBack(ctx, by)
	return s.marks(ctx, TodoSentBack, list), err
}

// marks are offers that wait for a word about the poverty mark, since they were last moved.
func (s Services) marks(ctx context.Context, kind TodoKind, list []market.Listing) []TodoView {
	return mapped(list, func(l market.Listing) TodoView {
		return TodoView{Kind: kind, Path: "offers/" + l.Offer.ID, Who: l.Seller.Name, What: s.produceName(ctx, l.Lot.Produce), Grams: int64(l.Available), By: Instant(l.Offer.UpdatedAt)}
	})
}

// toPutUp lists the deposits that a party was asked for and has not paid in.
func (s Services) toPutUp(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Orders.LackingDeposits(ctx, by)
	return s.named(ctx, mapped(list, func(d orders.DepositView) TodoView {
		return TodoView{Kind: TodoDeposit, Path: promised(d.Deposit), Who: d.Other, Fen: int64(d.Fen - d.Held), By: Instant(d.Until)}
	}), err)
}

// toRule lists the deposits of which an operator has to say who gets them.
func (s Services) toRule(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Orders.UndecidedDeposits(ctx, by)
	return s.named(ctx, mapped(list, func(d orders.Deposit) TodoView {
		return TodoView{Kind: TodoRule, Path: promised(d), Who: d.Party, Fen: int64(d.Fen), By: Instant(d.OverAt)}
	}), err)
}

// promised is the page of what a deposit was put up for.
func promised(d orders.Deposit) string {
	if d.For == orders.ForCapacity {
		return "trips/" + d.ForID
	}
	return "orders/" + d.ForID
}

// compareNews puts what is only good to know last.
func compareNews(a, b TodoView) int {
	news := func(v TodoView) int {
		if v.Kind == TodoMoney {
			return 1
		}
		return 0
	}
	return news(a) - news(b)
}

func (s Services) toAnswer(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Orders.Orders(ctx, by, "seller", "")
	var out []TodoView
	for _, o := range list {
		v := TodoView{Path: "orders/" + o.ID, Who: o.Buyer, What: s.whatOf(ctx, o)}
		switch {
		case o.State == orders.Submitted:
			v.Kind, v.By, v.Grams = TodoAnswer, Instant(o.AnswerUntil), int64(o.Grams())
		case o.SettledAt > 0 && auth.SystemClock(ctx).Sub(time.UnixMilli(int64(o.SettledAt))) < moneyNews:
			st, err := s.Orders.Settlement(ctx, by, o.ID)
			if err != nil {
				return nil, err
			}
			v.Kind, v.By, v.Grams, v.Fen = TodoMoney, Instant(o.SettledAt), int64(o.Numbers.Accepted), int64(st.To(orders.CoopLine))
		default:
			continue
		}
		out = append(out, v)
	}
	return s.named(ctx, out, err)
}

func (s Services) toBuy(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	if !by.Is(auth.Buyer) && !by.Is(auth.Donor) {
		return nil, nil
	}
	list, err := s.Orders.Orders(ctx, by, "buyer", "")
	var out []TodoView
	for _, o := range list {
		v := TodoView{Path: "orders/" + o.ID, Who: o.Seller, What: s.whatOf(ctx, o), By: Instant(o.AnswerUntil)}
		switch {
		case !by.MayActFor(o.Buyer, auth.ActOrders):
			continue
		case o.State == orders.OfferedLess:
			v.Kind = TodoAgree
		case o.State == orders.Draft:
			v.Kind, v.By = TodoSend, 0
		case o.Lacks > 0 && o.ConfirmedAt > 0 && o.ByFund():
			v.Kind, v.Fen, v.By, v.Path = TodoFund, int64(o.Lacks), 0, "campaigns/"+o.Campaign
		case o.Lacks > 0 && o.ConfirmedAt > 0:
			v.Kind, v.Fen, v.By = TodoPay, int64(o.Lacks), 0
		default:
			continue
		}
		out = append(out, v)
	}
	return s.named(ctx, out, err)
}

func (s Services) whatOf(ctx context.Context, o orders.View) string {
	if len(o.Lines) == 0 {
		return ""
	}
	lots, err := market.LotsByID(ctx, s.DB.Read(), o.Lines[0].Lot)
	if err != nil {
		return ""
	}
	return s.produceName(ctx, lots[o.Lines[0].Lot].Produce)
}

// named puts names in the place of party ids.
func (s Services) named(ctx context.Context, list []TodoView, err error) ([]TodoView, error) {
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, v := range list {
		ids = append(ids, v.Who)
	}
	names, err := s.partyNames(ctx, ids)
	for i, v := range list {
		list[i].Who = names[v.Who]
	}
	return list, err
}

// toSave lists lots that are nearly past their shelf life and still have goods.
func (s Services) toSave(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	var out []TodoView
	for _, party := range by.Parties() {
		if !by.MayActFor(party, auth.ActLots) {
			continue
		}
		list, left, err := s.Market.Lots(ctx, by, party, "")
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			clock, known := s.clock(ctx, l)
			day, soon := clock.Rotting(rottingSoon)
			if !known || !soon || left[l.ID] == 0 {
				continue
			}
			end, err := time.ParseInLocation(time.DateOnly, string(day), china)
			if err != nil {
				return nil, err
			}
			out = append(out, TodoView{Kind: TodoRotting, Path: "lots/" + l.ID, What: s.produceName(ctx, l.Produce), Grams: int64(left[l.ID]), By: Instant(end.UnixMilli())})
		}
	}
	return out, nil
}

// toMeet lists trips that wait for their carrier's yes, for a word on where their goods go or for their haulage to be settled, and trucks that come to a party's ramp and have not been there.
func (s Services) toMeet(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Dispatch.Trips(ctx, by, true, "", 100)
	now := measure.Millis(auth.SystemClock(ctx).UnixMilli())
	var out []TodoView
	for _, t := range list {
		state := s.Dispatch.State(ctx, t)
		if state == dispatch.Reserved && by.Can(auth.Carrier, t.Carrier) {
			out = append(out, TodoView{Kind: TodoTrip, Path: "trips/" + t.ID, Who: t.Outline.Truck.Vehicle.Plate, Fen: int64(t.Outline.Haulage), By: Instant(t.AnswerBy)})
		}
		if ask, waits := t.WaitsFor(by, now); waits {
			out = append(out, TodoView{Kind: TodoDivert, Path: "trips/" + t.ID + "/reports", Who: t.Outline.Truck.Vehicle.Plate, What: ask.Place.Name, By: Instant(ask.AnswerBy)})
		}
		if state == dispatch.Done && by.Is(auth.Finance) {
			out = append(out, TodoView{Kind: TodoHaulage, Path: "trips/" + t.ID + "/haulage", Who: t.Outline.Truck.Vehicle.Plate, Fen: int64(t.Outline.Haulage), By: Instant(t.EndedAt())})
		}
		if !moving[state] {
			continue
		}
		for i, stop := range t.Outline.Stops {
			kind := TodoTruck
			if stop.Kind == dispatch.UnloadStop {
				kind = TodoIncoming
			}
			if stop.Party == "" || !slices.Contains(by.Parties(), stop.Party) || t.Served(i) {
				continue
			}
			out = append(out, TodoView{Kind: kind, Path: "trips/" + t.ID, Who: t.Outline.Truck.Vehicle.Plate, By: Instant(t.ArrivesAt(i))})
		}
	}
	return out, err
}

// moving are the states of a trip in which a truck is still to come somewhere.
var moving = map[dispatch.TripState]bool{
	dispatch.Confirmed: true, dispatch.AtLoading: true, dispatch.Running: true, dispatch.AtHandOver: true, dispatch.HandedOver: true,
	dispatch.BrokenDown: true, dispatch.Held: true, dispatch.Unloading: true,
}

// toConfirm names the needs that nobody has confirmed for too long: to their receivers, and to operators, who call back. A receiver hears of
// its own some hours before that, with the time that is left. More than one of a kind stand together in one line.
func (s Services) toConfirm(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	list, err := s.Market.ToConfirm(ctx, by, "")
	if err != nil {
		return nil, err
	}
	var stale, soon []market.DemandView
	for _, d := range list {
		own := by.MayActFor(d.Party, auth.ActDemands)
		switch over := d.State(d.Numbers, auth.SystemClock(ctx)) == market.DemandStale; {
		case over && (own || by.Can(auth.Operator, "")):
			stale = append(stale, d)
		case !over && own:
			soon = append(soon, d)
		}
	}
	out := s.needs(ctx, TodoNeed, stale, func(d market.DemandView) measure.Millis { return d.ConfirmedAt })
	return append(out, s.needs(ctx, TodoConfirm, soon, func(d market.DemandView) measure.Millis { return d.StaleAt(d.Numbers) })...), nil
}

// needs is the line of needs that wait for a word, by the first of them; none for no needs.
func (s Services) needs(ctx context.Context, kind TodoKind, list []market.DemandView, by func(market.DemandView) measure.Millis) []TodoView {
	if len(list) == 0 {
		return nil
	}
	first := list[0]
	v := TodoView{Kind: kind, Path: "demands/" + first.ID, Who: first.Receiver.Name, What: s.produceName(ctx, first.Produce), By: Instant(by(first))}
	if len(list) > 1 {
		v.Path, v.More = "demands/to-confirm", len(list)-1
	}
	return []TodoView{v}
}
