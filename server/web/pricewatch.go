package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/rules"
)

// PriceCaseView is a price so far from the band of its day that an operator looks at it.
type PriceCaseView struct {
	ID          string              `json:"id"`
	Side        orders.PriceSide    `json:"side" enum:"below,above" doc:"below: growers are pressed; above: need or a quota is made use of"`
	State       orders.PriceState   `json:"state" enum:"open,taken,closed"`
	Subject     string              `json:"subject" doc:"order/<id> or offer/<id>"`
	SellerName  string              `json:"seller_name"`
	BuyerName   string              `json:"buyer_name,omitempty"`
	Produce     string              `json:"produce"`
	ProduceName string              `json:"produce_name"`
	Grams       int64               `json:"grams,omitempty" doc:"of an order"`
	PriceE4     int64               `json:"price_e4"`
	LowE4       int64               `json:"low_e4" doc:"the band's lower end on that day"`
	HighE4      int64               `json:"high_e4" doc:"its upper end"`
	BoundE4     int64               `json:"bound_e4" doc:"what the price crossed"`
	BandFrom    string              `json:"band_from"`
	BandTo      string              `json:"band_to,omitempty"`
	Source      string              `json:"source" doc:"where the band is from; ° marks a value from memory"`
	Reserved    bool                `json:"reserved" doc:"the buyer has a reserved share to fill"`
	OpenedAt    Instant             `json:"opened_at"`
	TakenByName string              `json:"taken_by_name,omitempty"`
	Mine        bool                `json:"mine" doc:"whoever asks looks at it"`
	Verdict     orders.PriceVerdict `json:"verdict,omitempty" enum:"fair,mended,referred"`
	Reason      string              `json:"reason,omitempty"`
	ClosedAt    Instant             `json:"closed_at,omitempty"`
}

type priceCasesQuery struct {
	State string `query:"state" enum:",open,taken,closed"`
	Side  string `query:"side" enum:",below,above"`
	After string `query:"after" maxLength:"64"`
}

// VerdictBody closes a case.
type VerdictBody struct {
	Verdict string `json:"verdict" enum:"fair,mended,referred"`
	Reason  string `json:"reason" minLength:"1" maxLength:"1000"`
}

func registerPriceWatch(api huma.API, s Services) {
	get(api, "/price-cases", "Lists prices far from what markets pay, newest first", func(ctx context.Context, by auth.Actor, in *priceCasesQuery) ([]PriceCaseView, error) {
		list, err := s.Orders.PriceCases(ctx, by, orders.PriceFilter{State: orders.PriceState(in.State), Side: orders.PriceSide(in.Side), After: in.After})
		if err != nil {
			return nil, err
		}
		return s.priceCaseViews(ctx, by, list)
	})
	post(api, "/price-cases/{id}/take", "An operator looks at a case from now on", func(ctx context.Context, by auth.Actor, in *byID) (PriceCaseView, error) {
		c, err := s.Orders.TakePriceCase(ctx, by, in.ID)
		return s.priceCaseView(ctx, by, c, err)
	})
	post(api, "/price-cases/{id}/close", "Ends a case with a verdict and a reason", func(ctx context.Context, by auth.Actor, in *idWith[VerdictBody]) (PriceCaseView, error) {
		c, err := s.Orders.ClosePriceCase(ctx, by, in.ID, orders.PriceVerdict(in.Body.Verdict), in.Body.Reason)
		return s.priceCaseView(ctx, by, c, err)
	})
}

func (s Services) priceCaseView(ctx context.Context, by auth.Actor, c orders.PriceCase, err error) (PriceCaseView, error) {
	if err != nil {
		return PriceCaseView{}, err
	}
	return one(s.priceCaseViews(ctx, by, []orders.PriceCase{c}))
}

func (s Services) priceCaseViews(ctx context.Context, by auth.Actor, list []orders.PriceCase) ([]PriceCaseView, error) {
	var ids []string
	for _, c := range list {
		ids = append(ids, c.Seller, c.Buyer)
	}
	parties, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
	return mapped(list, func(c orders.PriceCase) PriceCaseView {
		v := PriceCaseView{ID: c.ID, Side: c.Side, State: c.State(), Subject: c.Subject, SellerName: partyName(parties[c.Seller]), BuyerName: partyName(parties[c.Buyer]),
			Produce: c.Produce, ProduceName: s.produceName(ctx, c.Produce), Grams: int64(c.Grams), PriceE4: int64(c.Price), LowE4: int64(c.Band.Low),
			HighE4: int64(c.Band.High), BoundE4: int64(c.Bound), BandFrom: c.Band.From, BandTo: c.Band.To, Source: rules.SourceIn(c.Band.Source, languageOf(ctx)), Reserved: c.Reserved,
			OpenedAt: Instant(c.OpenedAt), Mine: c.TakenBy != "" && c.TakenBy == by.User, Verdict: c.Verdict, Reason: c.Reason, ClosedAt: Instant(c.ClosedAt)}
		if c.TakenBy != "" {
			v.TakenByName = s.userName(ctx, c.TakenBy)
		}
		return v
	}), err
}

// partyName says who a party is; a household is masked.
func partyName(p market.Party) string {
	if p.Kind == market.HouseholdK {
		return market.MaskName(p.Name)
	}
	return p.Name
}

// toWatch lists the price cases that nobody looks at, and the operator's own.
func (s Services) toWatch(ctx context.Context, by auth.Actor) ([]TodoView, error) {
	if !by.Can(auth.Operator, "") {
		return nil, nil
	}
	var out []TodoView
	for _, state := range []orders.PriceState{orders.PriceOpen, orders.PriceTaken} {
		list, err := s.Orders.PriceCases(ctx, by, orders.PriceFilter{State: state})
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if state == orders.PriceTaken && c.TakenBy != by.User {
				continue
			}
			out = append(out, TodoView{Kind: TodoPrice, Path: "price-watch?case=" + c.ID, Who: c.Seller, What: s.produceName(ctx, c.Produce), Grams: int64(c.Grams), By: Instant(c.OpenedAt) + Instant(priceAnswer/time.Millisecond)})
		}
	}
	return s.named(ctx, out, nil)
}

// priceAnswer is how soon a price case should be looked at.
const priceAnswer = 48 * time.Hour
