package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/rules"
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
	offer := OfferTermsBody{Price: b.Price, Gift: b.Gift, Benefit: b.Benefit, MinWeight: b.MinWeight, Pickup: b.Pickup}.input()
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

// ClockView says how long a lot still keeps.
type ClockView struct {
	Until    string `json:"until" doc:"the last day on which all of it is good: the shorter end of what the sources give"`
	DaysLeft int    `json:"days_left" doc:"until then; below zero: so long over"`
	Latest   string `json:"latest" doc:"the last day on which some of it is: the longer end"`
	DaysMost int    `json:"days_most" doc:"until then, likewise"`
	Tenths   int    `json:"tenths" doc:"of °C, what it was reckoned with"`
	Assumed  bool   `json:"assumed" doc:"nobody said how warm it is kept: at the best temperature"`
	Source   string `json:"source" doc:"of the shelf life and of the rule; ° marks a value from memory"`
}

// clock gives a lot's decay clock today.
func (s Services) clock(ctx context.Context, l market.Lot) (rules.Clock, bool) {
	p, ok := s.Rules.Produce(l.Produce)
	if !ok {
		return rules.Clock{}, false
	}
	return s.Rules.Clock(p, rules.Day(l.HarvestedOn), l.Stored(), dayOf(auth.SystemClock(ctx)))
}

func (s Services) clockView(ctx context.Context, l market.Lot) *ClockView {
	c, ok := s.clock(ctx, l)
	if !ok {
		return nil
	}
	return &ClockView{string(c.Until), c.Left, string(c.Latest), c.Most, c.Tenths, c.Assumed, rules.SourceIn(rules.Joined(c.Source, c.Rule), languageOf(ctx))}
}

// goodUntil is the day a lot's shelf life ends, "" when the harvest or the produce is not known.
func (s Services) goodUntil(ctx context.Context, l market.Lot) string {
	c, _ := s.clock(ctx, l)
	return string(c.Until)
}
