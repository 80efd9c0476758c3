package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// BuyAndGive is one gift in one act: so much of an offer, for one need.
type BuyAndGive struct {
	ClientID string // of the device; the same one again has no second effect
	Donor    string
	Offer    string
	Version  int64 // of the offer, as it was read; 0: whatever it is now
	Demand   string
	Grams    measure.Grams
	Haulage  measure.Fen // what the donor adds for the way; it stays in the fund until the trip is paid
	Title    string      // "" names the receiver
	NamedUse string      // "" as the title
}

// BoughtAndGiven is what the act made.
type BoughtAndGiven struct {
	Campaign market.Campaign
	Order    Order
}

// BuyAndGive opens a campaign for one need and sends the order for it, in one transaction: both are there or neither.
// Its reference takes the money of both, goods and haulage.
func (s *Service) BuyAndGive(ctx context.Context, by auth.Actor, in BuyAndGive) (BoughtAndGiven, error) {
	if in.Haulage < 0 {
		return BoughtAndGiven{}, fault.At("haulage", "negative_money", "An amount can't be below zero.")
	}
	cart := Input{Buyer: in.Donor, Lines: []LineInput{{Offer: in.Offer, Version: in.Version, Grams: in.Grams, To: []ToInput{{Demand: in.Demand, Grams: in.Grams}}}}}
	acting, err := by.ActFor(in.Donor, auth.ActOrders)
	if err == nil {
		err = cart.check()
	}
	if err != nil {
		return BoughtAndGiven{}, err
	}
	var out BoughtAndGiven
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		id := store.NewID()
		before, err := market.Once(ctx, tx, in.ClientID, id)
		if err != nil {
			return err
		}
		if before != "" {
			out, err = boughtBefore(ctx, tx, before)
			return err
		}
		out, err = s.buyAndGive(ctx, tx, acting, id, in, cart)
		return err
	})
	return out, err
}

func boughtBefore(ctx context.Context, tx store.Tx, order string) (out BoughtAndGiven, err error) {
	if out.Order, err = ByID(ctx, tx, order); err != nil {
		return out, err
	}
	out.Campaign, err = market.CampaignByID(ctx, tx, out.Order.Campaign)
	return out, err
}

func (s *Service) buyAndGive(ctx context.Context, tx store.Tx, by auth.Actor, id string, in BuyAndGive, cart Input) (out BoughtAndGiven, err error) {
	offer, err := market.OfferByID(ctx, tx, in.Offer)
	if err != nil {
		return out, fault.Within(found(err, "offer"), "offer")
	}
	if in.Title == "" {
		if in.Title, err = givenTo(ctx, tx, in.Demand); err != nil {
			return out, err
		}
	}
	if in.NamedUse == "" {
		in.NamedUse = in.Title
	}
	out.Campaign, err = s.Market.OpenCampaignIn(ctx, tx, by, store.NewID(), market.CampaignInput{
		Donor: in.Donor, Title: in.Title, NamedUse: in.NamedUse, Demands: []string{in.Demand},
		GoalGrams: in.Grams, GoalFen: offer.PriceFor(in.Grams).Times(in.Grams) + in.Haulage,
	})
	if err != nil {
		return out, err
	}
	cart.Campaign = out.Campaign.ID
	out.Order, err = s.submitIn(ctx, tx, by, id, cart)
	return out, outOfLine(err)
}

// givenTo is the title of a gift that nobody gave one.
func givenTo(ctx context.Context, tx store.Tx, demand string) (string, error) {
	d, err := market.DemandByID(ctx, tx, demand)
	if err != nil {
		return "", fault.Within(found(err, "need"), "demand")
	}
	receiver, err := market.PartiesByID(ctx, tx, d.Party)
	return "免费送给" + receiver[d.Party].Name, err
}

// outOfLine names the fields of the one line as the act has them.
func outOfLine(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	out := *f
	for long, short := range map[string]string{"lines[0].offer": "offer", "lines[0].weight": "weight", "lines[0].to[0].demand": "demand", "lines[0].to[0].weight": "weight"} {
		if out.Field == long {
			out.Field = short
		}
	}
	return &out
}
