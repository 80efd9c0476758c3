package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
)

// YesAheadBody says for how long orders are confirmed as they come.
type YesAheadBody struct {
	Days int `json:"days" minimum:"0" maximum:"92" doc:"0 takes the yes back"`
}

// YesAheadView is a seller's yes said beforehand.
type YesAheadView struct {
	ID    string  `json:"id" doc:"of the offer"`
	Until Instant `json:"until,omitempty" doc:"absent: orders wait for the seller's answer"`
}

func yesAheadView(a orders.YesAhead) YesAheadView {
	return YesAheadView{ID: a.Offer, Until: Instant(a.Until)}
}

func registerYesAhead(api huma.API, s Services) {
	post(api, "/offers/{id}/yes-ahead", "The seller's yes beforehand: orders are confirmed as they come", func(ctx context.Context, by auth.Actor, in *idWith[YesAheadBody]) (YesAheadView, error) {
		until := auth.SystemClock(ctx).AddDate(0, 0, in.Body.Days).Add(-time.Millisecond)
		a, err := s.Orders.SayYesAhead(ctx, by, in.ID, measure.Millis(until.UnixMilli()))
		return yesAheadView(a), err
	})
	openGet(api, "/offers/{id}/yes-ahead", "Tells until when orders are confirmed as they come", func(ctx context.Context, _ auth.Actor, in *byID) (YesAheadView, error) {
		a, err := s.Orders.AheadOf(ctx, in.ID)
		return yesAheadView(a), err
	})
}
