package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// recordOf writes what happened to an order into the audit and tells both sides; the seller only of an order that it got, before or by the act.
func (s *Service) recordOf(ctx context.Context, tx store.Tx, by auth.Actor, o Order, d deed) error {
	d.subject = "order/" + o.ID
	if err := record(ctx, tx, by, d); err != nil {
		return err
	}
	parties := []string{o.Buyer}
	if o.sent() {
		parties = append(parties, o.Seller)
	}
	return s.News.Tell(ctx, tx, webhooks.Event{Kind: d.act, ID: o.ID, At: d.at, Parties: parties})
}

func (s *Service) tell(ctx context.Context, tx store.Tx, kind string, o Order, at measure.Millis) error {
	return s.News.Tell(ctx, tx, webhooks.Event{Kind: kind, ID: o.ID, At: at, Parties: []string{o.Buyer, o.Seller}})
}

// tellDonors tells all donors of a campaign.
func (s *Service) tellDonors(ctx context.Context, tx store.Tx, kind, campaign string, at measure.Millis) error {
	if s.News == nil {
		return nil
	}
	c, err := market.CampaignByID(ctx, tx, campaign)
	if err != nil {
		return err
	}
	return s.News.Tell(ctx, tx, webhooks.Event{Kind: kind, ID: campaign, At: at, Parties: c.Donors})
}
