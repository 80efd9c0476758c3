package web

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
)

// GivenView is one gift as its donor sees it: the donor's own part of every truck, and the receivers' wards.
type GivenView struct {
	ID       string               `json:"id" doc:"of the campaign"`
	Title    string               `json:"title"`
	NamedUse string               `json:"named_use"`
	State    market.CampaignState `json:"state"`
	Opened   bool                 `json:"opened" doc:"by this donor"`
	Pledges  []PledgeView         `json:"pledges" doc:"of this donor"`
	Paid     int64                `json:"paid_fen"`
	Split    []GiftPart           `json:"split" doc:"adds up to paid_fen"`
	Trips    []ShareTrip          `json:"trips"`
	Wards    []GiftWard           `json:"wards" doc:"of the whole gift"`
}

type givenQuery struct {
	Donor string `query:"donor" maxLength:"64" required:"true"`
	After string `query:"after" maxLength:"64"`
}

func registerGiven(api huma.API, s Services) {
	get(api, "/given", "Lists what a donor gave, newest first: the way of each gift, and the donor's own part of it", func(ctx context.Context, by auth.Actor, in *givenQuery) ([]GivenView, error) {
		list, err := s.Market.CampaignsGiven(ctx, by, in.Donor, in.After)
		if err != nil {
			return nil, err
		}
		out := make([]GivenView, len(list))
		for i, c := range list {
			if out[i], err = s.givenView(ctx, by, c.Campaign, in.Donor); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

func (s Services) givenView(ctx context.Context, by auth.Actor, c market.Campaign, donor string) (GivenView, error) {
	v := GivenView{ID: c.ID, Title: c.Title, NamedUse: c.NamedUse, State: c.Act, Opened: c.Donor == donor, Pledges: []PledgeView{}, Split: []GiftPart{}, Trips: []ShareTrip{}, Wards: []GiftWard{}}
	g, err := s.Orders.GiftReport(ctx, c.ID)
	if err != nil {
		return v, err
	}
	v.State, v.Wards = g.State, s.giftWards(ctx, g)
	pledges, err := s.Market.PledgesTo(ctx, by, c.ID, donor)
	if err != nil {
		return v, err
	}
	v.Pledges = mapped(pledges, pledgeView)
	trips, err := s.tripsOf(ctx, g.Rows)
	if i := slices.IndexFunc(g.Shares, func(d orders.DonorShare) bool { return d.Donor == donor }); i >= 0 {
		d := g.Shares[i]
		v.Paid, v.Split, v.Trips = int64(d.Paid), giftSplit(d.Money), shareTrips(g.Rows, d.Parts, trips)
	}
	return v, err
}
