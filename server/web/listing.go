package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
)

// ListingBody is a lot with the price it goes out under. A line may say the price too; what the parts say wins.
type ListingBody struct {
	LotBody
	Price     Price      `json:"price,omitempty"`
	Gift      bool       `json:"gift,omitempty"`
	Benefit   Price      `json:"benefit,omitempty" doc:"part of the price for the poor households of the lot"`
	MinWeight Mass       `json:"min_weight,omitempty"`
	Pickup    WindowBody `json:"pickup,omitempty" required:"false"`
	ClientID  string     `json:"client_id,omitempty" maxLength:"100" doc:"Made on the device; the same one again has no second effect"`
	ActedAt   Instant    `json:"acted_at,omitempty" doc:"When it was listed by the device's clock; left out: now"`
}

func (b ListingBody) listing(ctx context.Context, by auth.Actor, s Services) (market.ListInput, error) {
	lot, err := b.input(ctx, s)
	if err != nil {
		return market.ListInput{}, err
	}
	lot.ActedAt = b.ActedAt.Millis()
	if b.ClientID != "" {
		lot.ClientID = keyOf(by, b.ClientID)
	}
	offer := OfferBody{Price: b.Price, Gift: b.Gift, Benefit: b.Benefit, MinWeight: b.MinWeight, Pickup: b.Pickup}.input()
	if b.Line != "" && !b.Price.Given && !b.Gift {
		said, err := s.Market.Read(b.Line)
		if err != nil {
			return market.ListInput{}, err
		}
		offer.Price = max(said.Price, 0)
	}
	return market.ListInput{Lot: lot, Offer: offer}, nil
}

// ListingView is what came of it.
type ListingView struct {
	Lot   LotView   `json:"lot"`
	Offer OfferView `json:"offer"`
}

func registerListing(api huma.API, s Services) {
	post(api, "/listings", "Lists a lot and publishes its offer, both or neither", func(ctx context.Context, by auth.Actor, in *with[ListingBody]) (ListingView, error) {
		input, err := in.Body.listing(ctx, by, s)
		if err != nil {
			return ListingView{}, err
		}
		l, o, err := s.Market.List(ctx, by, input)
		if err != nil {
			return ListingView{}, err
		}
		offer, err := s.showOffer(ctx, by, o.ID)
		return ListingView{s.lotView(ctx, l, measure.Grams(offer.Available)), offer}, err
	})
}

// goodUntil is the day a lot's shelf life ends at the produce's best temperature, "" when the harvest or the produce is not known.
func (s Services) goodUntil(l market.Lot) string {
	p, ok := s.Rules.Produce(l.Produce)
	day, err := time.Parse(time.DateOnly, l.HarvestedOn)
	if !ok || err != nil || p.LifeDays <= 0 {
		return ""
	}
	return day.AddDate(0, 0, p.LifeDays).Format(time.DateOnly)
}
