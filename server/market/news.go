package market

import (
	"context"
	"strings"

	"jishi/server/store"
	"jishi/server/webhooks"
)

// tell hands on what happened to an offer, a need or a campaign to those whom it concerns. What the audit writes of other things is
// nobody's news.
func (s *Service) tell(ctx context.Context, tx store.Tx, act, subject string, after any) error {
	if s.News == nil {
		return nil
	}
	_, id, _ := strings.Cut(subject, "/")
	e := webhooks.Event{Kind: act, ID: id, At: s.millis(ctx)}
	switch v := after.(type) {
	case Offer:
		e.Parties = []string{v.Seller}
	case Demand:
		e.Parties = []string{v.Party}
	case Campaign, Pledge, UseChange:
		c, err := CampaignByID(ctx, tx, id)
		if err != nil {
			return err
		}
		e.Parties = c.Donors
	default:
		return nil
	}
	return s.News.Tell(ctx, tx, e)
}
