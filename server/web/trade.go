package web

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
)

// CartView is what was sent in one go to several sellers.
type CartView struct {
	ID      string             `json:"id"`
	Orders  []OrderView        `json:"orders"`
	Haulage []HaulageShareView `json:"haulage" doc:"paid to carriers so far, by order"`
}

// HaulageShareView is one order's part of a truck's price.
type HaulageShareView struct {
	Order string `json:"order"`
	Grams int64  `json:"grams"`
	Fen   int64  `json:"fen"`
}

func haulageShares(list []orders.HaulageShare) []HaulageShareView {
	return mapped(list, func(h orders.HaulageShare) HaulageShareView {
		return HaulageShareView{h.Order, int64(h.Loaded), int64(h.Paid)}
	})
}

func (s Services) cartView(ctx context.Context, by auth.Actor, id string) (CartView, error) {
	c, err := s.Orders.Cart(ctx, by, id)
	v := CartView{ID: id, Haulage: haulageShares(c.Haulage), Orders: []OrderView{}}
	for _, o := range c.Orders {
		if err == nil {
			var view OrderView
			view, err = s.orderView(ctx, o)
			v.Orders = append(v.Orders, view)
		}
	}
	return v, err
}

func registerCarts(api huma.API, s Services) {
	post(api, "/carts", "Sends a cart of many sellers: an order for each, all or none", func(ctx context.Context, by auth.Actor, in *with[OrderBody]) (CartView, error) {
		c, err := s.Orders.SubmitCart(ctx, by, in.Body.input(ctx))
		if err != nil {
			return CartView{}, err
		}
		return s.cartView(ctx, by, c.ID)
	})
	get(api, "/carts/{id}", "Shows a cart's orders and what hauling them cost", func(ctx context.Context, by auth.Actor, in *byID) (CartView, error) {
		return s.cartView(ctx, by, in.ID)
	})
}

// AddBody is more lines for an open order.
type AddBody struct {
	Lines []OrderLineBody `json:"lines" minItems:"1" maxItems:"100"`
}

// DraftBody is how much a draft is to be for.
type DraftBody struct {
	Weight  Mass  `json:"weight"`
	Version int64 `json:"version" minimum:"1" doc:"of the offer, as it was read: what changed since is refused"`
}

// SendDraftBody says at which terms a draft is sent.
type SendDraftBody struct {
	Version int64 `json:"version" minimum:"1" doc:"of the offer, as it was read: what changed since is refused"`
}

// LessLineBody is a lower weight of one line.
type LessLineBody struct {
	Line   string `json:"line" maxLength:"64"`
	Weight Mass   `json:"weight,omitempty" doc:"absent: nothing of it"`
}

// SubstituteBody is other goods in place of what is missing.
type SubstituteBody struct {
	Line   string `json:"line" maxLength:"64"`
	Offer  string `json:"offer" maxLength:"64"`
	Weight Mass   `json:"weight"`
	Price  Price  `json:"price,omitempty" doc:"lower than the offer's; absent: the offer's"`
}

// LessBody is what a seller can give.
type LessBody struct {
	Lines       []LessLineBody   `json:"lines" minItems:"1" maxItems:"100"`
	Substitutes []SubstituteBody `json:"substitutes,omitempty" maxItems:"100"`
}

// AgreeBody is the buyer's yes to less.
type AgreeBody struct {
	Backorder bool `json:"backorder,omitempty" doc:"keep what is missing as an order of its own for 14 days"`
}

// AssignBody sends goods of a line to a need.
type AssignBody struct {
	Line   string `json:"line" maxLength:"64"`
	Demand string `json:"demand" maxLength:"64"`
	Weight Mass   `json:"weight"`
}

// RefusePartBody is a receiver's "not for us".
type RefusePartBody struct {
	Demand string `json:"demand,omitempty" maxLength:"64" doc:"absent: all needs of the actor"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000"`
}

// CancelQuoteView is what cancelling costs now.
type CancelQuoteView struct {
	Who       orders.Who `json:"who"`
	Free      bool       `json:"free"`
	ChargeFen int64      `json:"charge_fen"`
	LostFen   int64      `json:"deposit_lost_fen" doc:"of the deposit of the side that cancels, to the other side"`
	Rule      string     `json:"rule"`
	Code      string     `json:"rule_code" enum:"unanswered,gift,two_days,one_day,same_day,seller"`
}

// CancelRuleView is one rule of cancellation.
type CancelRuleView struct {
	Who         orders.Who `json:"who"`
	Gift        bool       `json:"gift"`
	HoursBefore int        `json:"hours_before" doc:"at least so long before pick-up; 0 at any time"`
	ChargeMill  int        `json:"charge_per_mille" doc:"of the price of the goods"`
	Text        string     `json:"text"`
}

func registerOpenOrders(api huma.API, s Services) {
	post(api, "/orders/{id}/change", "Writes the weight of a draft of a standing order, at today's price", func(ctx context.Context, by auth.Actor, in *idWith[DraftBody]) (OrderView, error) {
		_, err := s.Orders.ChangeDraft(ctx, by, in.ID, in.Body.Weight.Grams, in.Body.Version)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/submit", "Sends a draft of a standing order, at today's prices", func(ctx context.Context, by auth.Actor, in *idWith[SendDraftBody]) (OrderView, error) {
		_, err := s.Orders.SubmitDraft(ctx, by, in.ID, in.Body.Version)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/add", "Adds lines to an order that is not answered", func(ctx context.Context, by auth.Actor, in *idWith[AddBody]) (OrderView, error) {
		_, err := s.Orders.Add(ctx, by, in.ID, OrderBody{Lines: in.Body.Lines}.input(ctx).Lines)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/offer-less", "The seller's lower weights and substitutes", func(ctx context.Context, by auth.Actor, in *idWith[LessBody]) (OrderView, error) {
		weights := map[string]measure.Grams{}
		for _, l := range in.Body.Lines {
			weights[l.Line] = l.Weight.Grams
		}
		subs := mapped(in.Body.Substitutes, func(b SubstituteBody) orders.Substitute {
			return orders.Substitute{Line: b.Line, Offer: b.Offer, Grams: b.Weight.Grams, Price: b.Price.E4}
		})
		_, err := s.Orders.OfferLess(ctx, by, in.ID, weights, subs...)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/agree", "The buyer's yes to less and to substitutes", func(ctx context.Context, by auth.Actor, in *idWith[AgreeBody]) (OrderView, error) {
		_, err := s.Orders.AgreeToLess(ctx, by, in.ID, in.Body.Backorder)
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/assign", "Sends goods without a destination to a need", func(ctx context.Context, by auth.Actor, in *idWith[AssignBody]) (OrderView, error) {
		_, err := s.Orders.Assign(ctx, by, in.ID, in.Body.Line, orders.ToInput{Demand: in.Body.Demand, Grams: in.Body.Weight.Grams})
		return s.showOrder(ctx, by, in.ID, err)
	})
	post(api, "/orders/{id}/refuse-part", "A receiver's no to what is promised and on no trip; free of penalty",
		func(ctx context.Context, by auth.Actor, in *idWith[RefusePartBody]) (OrderView, error) {
			_, err := s.Orders.RefusePart(ctx, by, in.ID, in.Body.Demand, in.Body.Reason)
			return s.showOrder(ctx, by, in.ID, err)
		})
	post(api, "/orders/{id}/stop", "Ends an order half-way: what is on no trip goes back", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (OrderView, error) {
		_, err := s.Orders.Stop(ctx, by, in.ID, in.Body.Reason)
		return s.showOrder(ctx, by, in.ID, err)
	})
	get(api, "/orders/{id}/cancellation", "What cancelling would cost now", func(ctx context.Context, by auth.Actor, in *byID) (CancelQuoteView, error) {
		q, err := s.Orders.CancelQuote(ctx, by, in.ID)
		return CancelQuoteView{q.Who, q.Free, int64(q.Charge), int64(q.Lost), q.Rule, q.Code}, err
	})
	openGet(api, "/cancellation-rules", "The rules of cancellation", func(context.Context, auth.Actor, *none) ([]CancelRuleView, error) {
		return mapped(orders.CancelRules, func(r orders.CancelRule) CancelRuleView {
			return CancelRuleView{r.Who, r.Gift, int(r.Before.Hours()), r.ChargeMill, r.Text}
		}), nil
	})
}

// ClaimBody is what a receiver holds against goods.
type ClaimBody struct {
	Consignment string `json:"consignment" maxLength:"64"`
	Weight      Mass   `json:"weight"`
	Reason      string `json:"reason" minLength:"1" maxLength:"1000"`
	Photo       string `json:"photo" maxLength:"200" doc:"id of an uploaded photo"`
}

// GrantBody is how much of a claim is granted.
type GrantBody struct {
	Granted Mass   `json:"granted,omitempty" doc:"absent: nothing"`
	Reason  string `json:"reason,omitempty" maxLength:"1000" doc:"an operator gives one"`
}

// ClaimView is a claim.
type ClaimView struct {
	ID          string          `json:"id"`
	Order       string          `json:"order"`
	Consignment string          `json:"consignment"`
	Demand      string          `json:"demand"`
	Grams       int64           `json:"grams"`
	Granted     int64           `json:"granted_grams"`
	Reason      string          `json:"reason"`
	Photo       string          `json:"photo"`
	State       orders.ClaimAct `json:"state"`
	Decision    string          `json:"decision,omitempty"`
	MadeAt      Instant         `json:"made_at"`
	DecidedAt   Instant         `json:"decided_at,omitempty"`
}

func claimView(c orders.Claim) ClaimView {
	return ClaimView{c.ID, c.Order, c.Consignment, c.Demand, int64(c.Grams), int64(c.Granted), c.Reason, c.Photo, c.Act, c.Decision, Instant(c.MadeAt), Instant(c.DecidedAt)}
}

func registerClaims(api huma.API, s Services) {
	post(api, "/orders/{id}/claims", "Holds something against goods that arrived, within 72 hours", func(ctx context.Context, by auth.Actor, in *idWith[ClaimBody]) (ClaimView, error) {
		b := in.Body
		c, err := s.Orders.MakeClaim(ctx, by, orders.ClaimInput{ClientID: clientID(ctx), Order: in.ID, Consignment: b.Consignment, Grams: b.Weight.Grams, Reason: b.Reason, Photo: b.Photo})
		return claimView(c), err
	})
	get(api, "/orders/{id}/claims", "Lists an order's claims, oldest first", func(ctx context.Context, by auth.Actor, in *byID) ([]ClaimView, error) {
		list, err := s.Orders.Claims(ctx, by, in.ID)
		return mapped(list, claimView), err
	})
	post(api, "/claims/{id}/agree", "The seller's word on a claim", func(ctx context.Context, by auth.Actor, in *idWith[GrantBody]) (ClaimView, error) {
		c, err := s.Orders.AgreeClaim(ctx, by, in.ID, in.Body.Granted.Grams)
		return claimView(c), err
	})
	post(api, "/claims/{id}/rule", "An operator's word on a claim", func(ctx context.Context, by auth.Actor, in *idWith[GrantBody]) (ClaimView, error) {
		c, err := s.Orders.RuleClaim(ctx, by, in.ID, in.Body.Granted.Grams, in.Body.Reason)
		return claimView(c), err
	})
}

// PersonBody names somebody who signs in.
type PersonBody struct {
	User  string `json:"user,omitempty" maxLength:"64" doc:"id, as the policy shows it; for who is not in it yet, login"`
	Login string `json:"login,omitempty" maxLength:"100" doc:"what they sign in with"`
}

// LimitBody is what one person may order alone.
type LimitBody struct {
	PersonBody
	PerOrder Money `json:"per_order"`
	PerMonth Money `json:"per_month,omitempty" doc:"absent: no bound"`
}

// ApproverBody is one link of the chain of approval.
type ApproverBody struct {
	PersonBody
	UpTo Money `json:"up_to,omitempty" doc:"absent: any sum"`
}

// PolicyBody is a buyer's limits and chain of approval.
type PolicyBody struct {
	Limits    []LimitBody    `json:"limits" maxItems:"200"`
	Approvers []ApproverBody `json:"approvers" maxItems:"20"`
}

// LimitView is a person's limit.
type LimitView struct {
	User     string `json:"user"`
	Name     string `json:"name"`
	PerOrder int64  `json:"per_order_fen"`
	PerMonth int64  `json:"per_month_fen,omitempty"`
}

// ApproverView is one link of the chain.
type ApproverView struct {
	User string `json:"user"`
	Name string `json:"name"`
	UpTo int64  `json:"up_to_fen,omitempty"`
}

// PolicyView is a buyer's policy.
type PolicyView struct {
	Party     string         `json:"party"`
	Limits    []LimitView    `json:"limits"`
	Approvers []ApproverView `json:"approvers"`
}

// ApprovalView is one answer.
type ApprovalView struct {
	User   string  `json:"user"`
	Name   string  `json:"name"`
	Yes    bool    `json:"yes"`
	Reason string  `json:"reason,omitempty"`
	At     Instant `json:"at"`
}

// ApprovalsView is who said what, and who is asked now.
type ApprovalsView struct {
	Given []ApprovalView `json:"given"`
	Next  string         `json:"next,omitempty"`
	Name  string         `json:"next_name,omitempty"`
}

// ApproveBody is an approver's answer.
type ApproveBody struct {
	Yes    bool   `json:"yes"`
	Reason string `json:"reason,omitempty" maxLength:"1000" doc:"a no needs one"`
}

// person finds who is named, or faults the field.
func (s Services) person(ctx context.Context, p PersonBody, field string) (string, error) {
	id, how, err := p.User, ".user", error(nil)
	if id != "" {
		_, err = s.Auth.ActorOf(ctx, id)
	} else {
		var u auth.User
		u, err = s.Auth.UserByLogin(ctx, p.Login)
		id, how = u.ID, ".login"
	}
	if f := fault.Of(err); f != nil {
		return "", fault.At(field+how, "no_such_user", "There is no such user.")
	}
	return id, err
}

// userName says who a user is; unknown ones keep their id.
func (s Services) userName(ctx context.Context, user string) string {
	if user == "" {
		return ""
	}
	a, err := s.Auth.ActorOf(ctx, user)
	if err != nil || a.Name == "" {
		return user
	}
	return a.Name
}

func (s Services) policy(ctx context.Context, party string, b PolicyBody) (orders.Policy, error) {
	p := orders.Policy{Party: party}
	for i, l := range b.Limits {
		user, err := s.person(ctx, l.PersonBody, fmt.Sprintf("limits[%d]", i))
		if err != nil {
			return p, err
		}
		p.Limits = append(p.Limits, orders.Limit{User: user, PerOrder: l.PerOrder.Fen, PerMonth: l.PerMonth.Fen})
	}
	for i, a := range b.Approvers {
		user, err := s.person(ctx, a.PersonBody, fmt.Sprintf("approvers[%d]", i))
		if err != nil {
			return p, err
		}
		p.Approvers = append(p.Approvers, orders.Approver{User: user, UpTo: a.UpTo.Fen})
	}
	return p, nil
}

func (s Services) policyView(ctx context.Context, p orders.Policy) PolicyView {
	return PolicyView{
		Party: p.Party,
		Limits: mapped(p.Limits, func(l orders.Limit) LimitView {
			return LimitView{l.User, s.userName(ctx, l.User), int64(l.PerOrder), int64(l.PerMonth)}
		}),
		Approvers: mapped(p.Approvers, func(a orders.Approver) ApproverView {
			return ApproverView{a.User, s.userName(ctx, a.User), int64(a.UpTo)}
		}),
	}
}

func registerApproval(api huma.API, s Services) {
	put(api, "/parties/{id}/policy", "Sets what a buyer's people may order alone and who approves more", func(ctx context.Context, by auth.Actor, in *idWith[PolicyBody]) (PolicyView, error) {
		p, err := s.policy(ctx, in.ID, in.Body)
		if err == nil {
			err = s.Orders.SetPolicy(ctx, by, p)
		}
		return s.policyView(ctx, p), err
	})
	get(api, "/parties/{id}/policy", "Shows a buyer's limits and chain of approval", func(ctx context.Context, by auth.Actor, in *byID) (PolicyView, error) {
		p, err := s.Orders.PolicyOf(ctx, by, in.ID)
		return s.policyView(ctx, p), err
	})
	post(api, "/orders/{id}/approve", "An approver's yes or no", func(ctx context.Context, by auth.Actor, in *idWith[ApproveBody]) (OrderView, error) {
		_, err := s.Orders.Approve(ctx, by, in.ID, in.Body.Yes, in.Body.Reason)
		return s.showOrder(ctx, by, in.ID, err)
	})
	get(api, "/orders/{id}/approvals", "Who approved, and who is asked now", func(ctx context.Context, by auth.Actor, in *byID) (ApprovalsView, error) {
		given, next, err := s.Orders.Approvals(ctx, by, in.ID)
		v := ApprovalsView{Next: next, Given: mapped(given, func(a orders.Approval) ApprovalView {
			return ApprovalView{a.User, s.userName(ctx, a.User), a.Yes, a.Reason, Instant(a.At)}
		})}
		if next != "" {
			v.Name = s.userName(ctx, next)
		}
		return v, err
	})
}

// RecordView is a seller's record: facts of the last year, never typed in.
type RecordView struct {
	Orders       int   `json:"orders" doc:"answered, one way or the other"`
	Confirmed    int   `json:"confirmed"`
	Declined     int   `json:"declined"`
	TimedOut     int   `json:"timed_out"`
	CalledOff    int   `json:"called_off" doc:"by the seller after its yes"`
	Deliveries   int   `json:"deliveries" doc:"that had a day they were needed by"`
	OnTime       int   `json:"on_time"`
	OnTimeMill   *int  `json:"on_time_per_mille,omitempty"`
	Promised     int64 `json:"promised_grams"`
	Accepted     int64 `json:"accepted_grams"`
	WeightKept   *int  `json:"weight_kept_per_mille,omitempty"`
	Claims       int   `json:"claims"`
	ClaimedGrams int64 `json:"claimed_grams" doc:"granted by the seller or ruled"`
}

func known(mill int) *int {
	if mill < 0 {
		return nil
	}
	return &mill
}

func registerRecords(api huma.API, s Services) {
	get(api, "/parties/{id}/record", "A seller's record of the last year, worked out from the ledger and the clock", func(ctx context.Context, by auth.Actor, in *byID) (RecordView, error) {
		r, err := s.Orders.RecordOf(ctx, by, in.ID)
		return RecordView{r.Orders, r.Confirmed, r.Declined, r.TimedOut, r.CalledOff, r.Deliveries, r.OnTime, known(r.OnTimeMill()),
			int64(r.Promised), int64(r.Accepted), known(r.WeightKeptMill()), r.Claims, int64(r.ClaimedAway)}, err
	})
	post(api, "/due", "Does at once what the clock would do in its next round", func(ctx context.Context, by auth.Actor, _ *none) (orders.Due, error) {
		if !by.Can(auth.Operator, "") {
			return orders.Due{}, fault.New(fault.Forbidden, "operators_only", "Only the platform's operators can do this.")
		}
		due, err := s.Orders.RunDue(ctx)
		if err != nil {
			return due, err
		}
		_, err = s.Dispatch.ExpireDue(ctx)
		return due, err
	})
}
