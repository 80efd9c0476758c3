package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/orders"
	"jishi/server/payment"
)

// DepositTermsBody says what the two sides of an offer's orders put up.
type DepositTermsBody struct {
	Buyer  int  `json:"buyer_permille" minimum:"0" maximum:"200" doc:"of the price, from the buyer; gifts need none"`
	Seller int  `json:"seller_permille" minimum:"0" maximum:"200" doc:"of the price, from the seller"`
	From   Mass `json:"from_weight,omitempty" doc:"lighter lines need none"`
}

// DepositTermsView is what the two sides of an offer's orders put up.
type DepositTermsView struct {
	Buyer  int   `json:"buyer_permille" doc:"of the price; 0: none"`
	Seller int   `json:"seller_permille" doc:"of the price; 0: none"`
	From   int64 `json:"from_grams" doc:"lighter lines need none"`
}

// DepositView is what one side put up for its promise, and what became of it.
type DepositView struct {
	ID        string              `json:"id"`
	For       orders.DepositFor   `json:"for" enum:"order,capacity"`
	ForID     string              `json:"for_id"`
	Party     string              `json:"party" doc:"who puts it up"`
	Name      string              `json:"party_name"`
	Other     string              `json:"other" doc:"who gets it when the promise is broken"`
	Fen       int64               `json:"fen"`
	Reference string              `json:"reference" doc:"what the transfer quotes"`
	Until     Instant             `json:"until" doc:"it should be paid in by then"`
	State     orders.DepositState `json:"state" enum:"asked,held,undecided,released,forfeited,split,dropped"`
	Held      int64               `json:"held_fen"`
	Released  int64               `json:"released_fen" doc:"back to who put it up"`
	Forfeited int64               `json:"forfeited_fen" doc:"to the other side"`
	Why       string              `json:"ended_for,omitempty" doc:"why the promise is over: settled, cancelled, not_paid_in_time, no_show, no_goods, planned_again, or an operator's reason"`
}

// DepositRuleView is one rule of deposits.
type DepositRuleView struct {
	HoursBefore int    `json:"hours_before" doc:"called off at least so long before; 0 at any time"`
	Forfeits    int    `json:"forfeits_permille" doc:"of the deposit, to the other side"`
	Text        string `json:"text"`
}

// RuleDepositBody is an operator's word on a deposit.
type RuleDepositBody struct {
	Forfeit int    `json:"forfeit_permille" minimum:"0" maximum:"1000" doc:"of the deposit, to the other side; the rest goes back"`
	Reason  string `json:"reason" minLength:"1" maxLength:"1000"`
}

func depositTermsView(t orders.DepositTerms) DepositTermsView {
	return DepositTermsView{t.Buyer, t.Seller, int64(t.From)}
}

func (s Services) deposit(ctx context.Context, d orders.DepositView) DepositView {
	return DepositView{d.ID, d.For, d.ForID, d.Party, s.partyName(ctx, d.Party), d.Other, int64(d.Fen), d.Reference, Instant(d.Until), d.State,
		int64(d.Held), int64(d.Released), int64(d.Forfeited), d.EndedFor}
}

func registerDeposits(api huma.API, s Services) {
	put(api, "/offers/{id}/deposit", "Says what the two sides of an offer's orders put up, before it is on sale", func(ctx context.Context, by auth.Actor, in *idWith[DepositTermsBody]) (DepositTermsView, error) {
		t, err := s.Orders.SetDepositTerms(ctx, by, orders.DepositTerms{Offer: in.ID, Buyer: in.Body.Buyer, Seller: in.Body.Seller, From: in.Body.From.Grams})
		return depositTermsView(t), err
	})
	openGet(api, "/offers/{id}/deposit", "Shows what the two sides of an offer's orders put up", func(ctx context.Context, _ auth.Actor, in *byID) (DepositTermsView, error) {
		t, err := s.Orders.DepositTermsOf(ctx, in.ID)
		return depositTermsView(t), err
	})
	openGet(api, "/deposit-rules", "The rules of deposits", func(context.Context, auth.Actor, *none) ([]DepositRuleView, error) {
		return mapped(orders.DepositRules, func(r orders.DepositRule) DepositRuleView {
			return DepositRuleView{int(r.Before.Hours()), r.Forfeits, r.Text}
		}), nil
	})
	list := func(ctx context.Context, by auth.Actor, promises ...string) ([]DepositView, error) {
		list, err := s.Orders.DepositsOf(ctx, by, promises...)
		return mapped(list, func(d orders.DepositView) DepositView { return s.deposit(ctx, d) }), err
	}
	get(api, "/orders/{id}/deposits", "Lists the deposits of an order and of the trucks that carry it", func(ctx context.Context, by auth.Actor, in *byID) ([]DepositView, error) {
		trips, err := s.tripsOfOrder(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return list(ctx, by, append([]string{in.ID}, trips...)...)
	})
	get(api, "/trips/{id}/deposits", "Lists what the shippers of a trip put up for its trucks", func(ctx context.Context, by auth.Actor, in *byID) ([]DepositView, error) {
		return list(ctx, by, in.ID)
	})
	get(api, "/capacity-offers/{id}/deposits", "Lists what shippers put up for a promised truck, for all its trips", func(ctx context.Context, by auth.Actor, in *byID) ([]DepositView, error) {
		trips, err := s.Dispatch.TripsOfCapacity(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return list(ctx, by, trips...)
	})
	get(api, "/deposits", "Lists deposits, newest first: one's own, the platform's people all", func(ctx context.Context, by auth.Actor, in *struct {
		Open  bool   `query:"open" doc:"only those that are not over"`
		After string `query:"after" maxLength:"64"`
	}) ([]DepositView, error) {
		list, err := s.Orders.Deposits(ctx, by, in.Open, in.After)
		return mapped(list, func(d orders.DepositView) DepositView { return s.deposit(ctx, d) }), err
	})
	post(api, "/deposits/{id}/checkout", "Opens a page to pay a deposit in by card or wallet", func(ctx context.Context, by auth.Actor, in *idWith[CheckoutBody]) (CheckoutView, error) {
		c, err := s.Orders.Checkout(ctx, by, orders.CheckoutInput{ClientID: clientID(ctx), For: payment.ForDeposit, ForID: in.ID, Lang: payLang(ctx, in.Body.Lang)})
		return checkoutView(c), err
	})
	post(api, "/deposits/{id}/rule", "An operator decides about a deposit whose sides don't agree", func(ctx context.Context, by auth.Actor, in *idWith[RuleDepositBody]) (DepositView, error) {
		d, err := s.Orders.RuleDeposit(ctx, by, in.ID, in.Body.Forfeit, in.Body.Reason)
		if err != nil {
			return DepositView{}, err
		}
		return s.deposit(ctx, d), nil
	})
}

// tripsOfOrder gives the ids of the trips that carry an order, or were to.
func (s Services) tripsOfOrder(ctx context.Context, order string) ([]string, error) {
	consignments, err := s.Orders.ConsignmentsOf(ctx, order)
	if err != nil {
		return nil, err
	}
	return s.Dispatch.TripsThatCarry(ctx, consignments)
}
