package web

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
)

// OfferChangeBody is how an offer is to be from now on.
type OfferChangeBody struct {
	Version int64 `json:"version" minimum:"1" doc:"of the offer that was read: a change of another is refused"`
	OfferTermsBody
}

// OfferTermsView is under which terms a lot was on offer.
type OfferTermsView struct {
	PriceE4   int64             `json:"price_e4"`
	Gift      bool              `json:"gift"`
	BenefitE4 int64             `json:"benefit_e4"`
	Min       int64             `json:"min_grams"`
	Pickup    WindowBody        `json:"pickup"`
	Orders    WindowBody        `json:"orders"`
	Tiers     []market.Tier     `json:"tiers"`
	Until     Instant           `json:"until,omitempty"`
	Loss      LossTermsBody     `json:"loss"`
	Poverty   bool              `json:"poverty"`
	Act       market.OfferState `json:"act" doc:"what people had last done"`
}

func offerTermsView(o market.Offer) OfferTermsView {
	return OfferTermsView{int64(o.Price), o.Gift, int64(o.Benefit), int64(o.Min), windowBody(o.Pickup), windowBody(o.Orders), append([]market.Tier{}, o.Tiers...),
		Instant(o.ExpiresAt), LossTermsBody{o.Loss.MoisturePerMille, o.Loss.Bearer}, o.Poverty, o.Act}
}

// OfferChangeView is one change of an offer's terms.
type OfferChangeView struct {
	At      Instant        `json:"at"`
	By      string         `json:"by,omitempty" doc:"to its seller's people and the platform's"`
	Version int64          `json:"version" doc:"that it made"`
	Before  OfferTermsView `json:"before"`
	After   OfferTermsView `json:"after"`
}

func registerOfferChanges(api huma.API, s Services) {
	post(api, "/offers/{id}/change", "Writes the terms of an offer anew; what was ordered or quoted keeps its own", func(ctx context.Context, by auth.Actor, in *idWith[OfferChangeBody]) (OfferView, error) {
		if _, err := s.Market.ChangeOffer(ctx, by, in.ID, in.Body.Version, in.Body.input()); err != nil {
			return OfferView{}, err
		}
		return s.showOffer(ctx, by, in.ID)
	})
	openGet(api, "/offers/{id}/changes", "Lists how an offer's terms changed, newest first", func(ctx context.Context, by auth.Actor, in *byID) ([]OfferChangeView, error) {
		list, err := s.Market.OfferChanges(ctx, by, in.ID)
		return mapped(list, func(c market.OfferChange) OfferChangeView {
			return OfferChangeView{Instant(c.At), s.actorName(ctx, c.By), c.After.Version, offerTermsView(c.Before), offerTermsView(c.After)}
		}), err
	})
}

// actorName says who did something, by the actor of the audit; "" of nobody.
func (s Services) actorName(ctx context.Context, actor string) string {
	user, _, _ := strings.Cut(actor, " ")
	if id, isUser := strings.CutPrefix(user, "user/"); isUser {
		return s.userName(ctx, id)
	}
	return actor
}
