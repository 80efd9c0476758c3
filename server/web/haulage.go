package web

import (
	"context"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/fault"
	"jishi/server/market"
)

// CarrierPartView is what one carrier earns of a trip, or gives.
type CarrierPartView struct {
	Carrier string `json:"carrier"`
	Name    string `json:"carrier_name"`
	Metres  int64  `json:"metres" doc:"with goods on board"`
	Fen     int64  `json:"fen"`
	Given   bool   `json:"given" doc:"nobody pays it"`
}

// HaulagePartView is what one payer has of one carrier's haulage.
type HaulagePartView struct {
	Campaign string `json:"campaign,omitempty" doc:"its fund pays"`
	Title    string `json:"campaign_title,omitempty"`
	Order    string `json:"order,omitempty" doc:"without a campaign its escrow pays"`
	Buyer    string `json:"buyer_name,omitempty" doc:"of the order; absent for whoever may not read it"`
	Seller   string `json:"seller_name,omitempty" doc:"as above"`
	Load     string `json:"load,omitempty" doc:"a haulage need outside the market: its own escrow pays"`
	Carrier  string `json:"carrier"`
	Name     string `json:"carrier_name"`
	Fen      int64  `json:"fen"`
	Given    bool   `json:"given" doc:"worth so much, and paid by nobody"`
}

// TripHaulageView is what hauling a trip costs, who earns it and who pays it.
type TripHaulageView struct {
	Fen       int64             `json:"fen" doc:"of the whole trip; what the carriers earn or give adds up to it"`
	Carriers  []CarrierPartView `json:"carriers"`
	Shares    []HaulagePartView `json:"shares" table:"rows" doc:"by what each had on board and how far; adds up to the whole. Empty while something is still to be loaded, and for whoever has no part in the money"`
	Gives     string            `json:"gives,omitempty" doc:"the carrier for which whoever asks may make its part a gift"`
	MaySettle bool              `json:"may_settle" doc:"whoever asks may settle the trip now"`
	SettledAt Instant           `json:"settled_at,omitempty"`
}

func registerHaulage(api huma.API, s Services) {
	get(api, "/trips/{id}/haulage", "Shows what hauling a trip costs, who earns or gives it, and who pays", func(ctx context.Context, by auth.Actor, in *byID) (TripHaulageView, error) {
		h, err := s.Dispatch.HaulageOf(ctx, by, in.ID)
		if err != nil {
			return TripHaulageView{}, err
		}
		return s.haulageView(ctx, by, h)
	})
}

func (s Services) haulageView(ctx context.Context, by auth.Actor, h dispatch.TripHaulage) (TripHaulageView, error) {
	v := TripHaulageView{Fen: int64(h.Fen), Gives: h.Gives, MaySettle: h.MaySettle, SettledAt: Instant(h.SettledAt), Shares: []HaulagePartView{},
		Carriers: mapped(h.Carriers, func(p dispatch.CarrierPart) CarrierPartView {
			return CarrierPartView{p.Carrier, s.partyName(ctx, p.Carrier), int64(p.Metres), int64(p.Fen), p.Given}
		})}
	for _, p := range h.Shares {
		part := HaulagePartView{Campaign: p.Campaign, Order: p.Order, Load: p.Load, Carrier: p.Carrier, Name: s.partyName(ctx, p.Carrier), Fen: int64(p.Fen), Given: p.Given}
		if p.Campaign != "" {
			c, err := market.CampaignByID(ctx, s.DB.Read(), p.Campaign)
			if err != nil {
				return v, err
			}
			part.Title = c.Title
		} else if p.Order != "" {
			o, err := s.Orders.Order(ctx, by, p.Order)
			if f := fault.Of(err); err != nil && (f == nil || f.Kind != fault.NotFound) {
				return v, err
			}
			part.Buyer, part.Seller = s.partyName(ctx, o.Buyer), s.partyName(ctx, o.Seller)
		}
		v.Shares = append(v.Shares, part)
	}
	return v, nil
}

// GivenHaulage is a carrier's part of a trip for a gift, driven for nothing.
type GivenHaulage struct {
	Carrier string `json:"carrier_name"`
	Fen     int64  `json:"fen" doc:"its price; nobody pays it"`
}

// givenFor gives what carriers gave a campaign on one trip.
func (s Services) givenFor(ctx context.Context, campaign string, t dispatch.Trip) ([]GivenHaulage, error) {
	shares, err := t.Haulage()
	sums := map[string]int64{}
	for _, h := range shares {
		if h.Given && h.Campaign == campaign {
			sums[h.Carrier] += int64(h.Fen)
		}
	}
	return mapped(slices.Sorted(maps.Keys(sums)), func(carrier string) GivenHaulage {
		return GivenHaulage{s.partyName(ctx, carrier), sums[carrier]}
	}), err
}
