package web

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
)

// PledgeBody is a donor's promise.
type PledgeBody struct {
	Donor   string         `json:"donor" maxLength:"64"`
	Amount  Money          `json:"amount"`
	Unspent market.Unspent `json:"unspent,omitempty" enum:"back,next" doc:"what becomes of the donor's part of what is left over; back when it is left out"`
	Named   bool           `json:"named,omitempty" doc:"the donor's name is shown on the public page"`
}

// PledgeView is a pledge with what came in for it.
type PledgeView struct {
	ID        string             `json:"id"`
	Campaign  string             `json:"campaign"`
	Donor     string             `json:"donor"`
	Fen       int64              `json:"fen"`
	Paid      int64              `json:"paid_fen"`
	State     market.PledgeState `json:"state"`
	Unspent   market.Unspent     `json:"unspent"`
	Named     bool               `json:"named"`
	Reference string             `json:"reference" doc:"what the transfer quotes"`
	MadeAt    Instant            `json:"made_at"`
	PayUntil  Instant            `json:"pay_until"`
}

func pledgeView(p market.PledgeView) PledgeView {
	return PledgeView{p.ID, p.Campaign, p.Donor, int64(p.Fen), int64(p.Paid), p.State, p.Unspent, p.Named, p.Reference, Instant(p.MadeAt), Instant(p.PayUntil)}
}

// BuyAndGiveBody is a gift in one act.
type BuyAndGiveBody struct {
	Donor    string `json:"donor" maxLength:"64"`
	Offer    string `json:"offer" maxLength:"64"`
	Version  int64  `json:"version" minimum:"1" doc:"of the offer, as it was read: an order of another is refused"`
	Demand   string `json:"demand" maxLength:"64"`
	Weight   Mass   `json:"weight"`
	Haulage  Money  `json:"haulage,omitempty" doc:"what the donor adds for the way"`
	Title    string `json:"title,omitempty" maxLength:"200"`
	NamedUse string `json:"named_use,omitempty" maxLength:"500"`
}

// BoughtView is what the act made.
type BoughtView struct {
	Campaign CampaignView `json:"campaign"`
	Order    string       `json:"order" doc:"id"`
	Invoice  int64        `json:"invoice_fen"`
}

// UnspentBody says where money goes on to that donors let go on.
type UnspentBody struct {
	Next string `json:"next,omitempty" maxLength:"64" doc:"an open campaign; without one everything goes back"`
}

// UnspentView is one donor's part of what was left over.
type UnspentView struct {
	Donor     string         `json:"donor"`
	DonorName string         `json:"donor_name,omitempty"`
	Fen       int64          `json:"fen"`
	To        market.Unspent `json:"to"`
}

// ShareTrip is a donor's part of what one truck carried. Loaded = on the truck + accepted + rejected + returned + lost.
type ShareTrip struct {
	Trip     string     `json:"trip"`
	Plate    string     `json:"plate"`
	Loaded   int64      `json:"loaded_grams"`
	OnTruck  int64      `json:"on_truck_grams"`
	Accepted int64      `json:"accepted_grams"`
	Rejected int64      `json:"rejected_grams"`
	Returned int64      `json:"returned_grams"`
	Losses   []GiftLoss `json:"losses"`
}

// DonorShareView is one donor's part of a gift, to the gram and the fen. The parts of all donors add up to the whole.
type DonorShareView struct {
	Donor     string      `json:"donor"`
	DonorName string      `json:"donor_name"`
	Paid      int64       `json:"paid_fen"`
	Split     []GiftPart  `json:"split" doc:"adds up to paid_fen"`
	Trips     []ShareTrip `json:"trips"`
}

type pledgesQuery struct {
	Donor string `query:"donor" maxLength:"64" required:"true"`
	After string `query:"after" maxLength:"64"`
}

func registerGiving(api huma.API, s Services) {
	post(api, "/campaigns/{id}/pledges", "Promises money to a campaign, at most what its goal still asks for", func(ctx context.Context, by auth.Actor, in *idWith[PledgeBody]) (PledgeView, error) {
		b := in.Body
		p, err := s.Market.Pledge(ctx, by, clientID(ctx), market.PledgeInput{Campaign: in.ID, Donor: b.Donor, Fen: b.Amount.Fen, Unspent: b.Unspent, Named: b.Named})
		return pledgeView(p), err
	})
	get(api, "/pledges", "Lists a donor's pledges, newest first", func(ctx context.Context, by auth.Actor, in *pledgesQuery) ([]PledgeView, error) {
		list, err := s.Market.Pledges(ctx, by, in.Donor, in.After)
		return mapped(list, pledgeView), err
	})
	post(api, "/pledges/{id}/withdraw", "Takes back a pledge that nothing was paid for", func(ctx context.Context, by auth.Actor, in *byID) (PledgeView, error) {
		p, err := s.Market.WithdrawPledge(ctx, by, in.ID)
		return pledgeView(p), err
	})
	post(api, "/gifts", "Buys and gives in one act: a campaign for one need and the order for it", func(ctx context.Context, by auth.Actor, in *with[BuyAndGiveBody]) (BoughtView, error) {
		b := in.Body
		out, err := s.Orders.BuyAndGive(ctx, by, orders.BuyAndGive{ClientID: clientID(ctx), Donor: b.Donor, Offer: b.Offer, Version: b.Version, Demand: b.Demand, Grams: b.Weight.Grams,
			Haulage: b.Haulage.Fen, Title: b.Title, NamedUse: b.NamedUse})
		if err != nil {
			return BoughtView{}, err
		}
		c, err := s.showCampaign(ctx, by, out.Campaign.ID)
		return BoughtView{c, out.Order.ID, int64(out.Order.Invoice)}, err
	})
	post(api, "/campaigns/{id}/unspent", "Gives what a campaign left over to its donors, back or on to the next", func(ctx context.Context, by auth.Actor, in *idWith[UnspentBody]) ([]UnspentView, error) {
		list, err := s.Orders.ReturnUnspent(ctx, by, in.ID, in.Body.Next)
		return mapped(list, func(u orders.UnspentShare) UnspentView {
			return UnspentView{u.Donor, s.partyName(ctx, u.Donor), int64(u.Fen), u.To}
		}), err
	})
	get(api, "/campaigns/{id}/shares", "A donor's own part of every truck, loss and fen; those who check the books see all", func(ctx context.Context, by auth.Actor, in *byID) ([]DonorShareView, error) {
		g, err := s.Orders.GiftReport(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return s.donorShares(ctx, by, g)
	})
}

func (s Services) donorShares(ctx context.Context, by auth.Actor, g orders.Gift) ([]DonorShareView, error) {
	checks := by.Is(auth.Auditor) || by.Is(auth.Finance) || by.Is(auth.Operator)
	trips, err := s.tripsOf(ctx, g.Rows)
	if err != nil {
		return nil, err
	}
	names, err := s.partyNames(ctx, mapped(g.Shares, func(d orders.DonorShare) string { return d.Donor }))
	out := []DonorShareView{}
	for _, d := range g.Shares {
		if checks || by.MayActFor(d.Donor, auth.ActCampaigns) {
			out = append(out, DonorShareView{d.Donor, names[d.Donor], int64(d.Paid), giftSplit(d.Money), shareTrips(g.Rows, d.Parts, trips)})
		}
	}
	return out, err
}

// carried is the truck of a consignment.
type carried struct{ trip, plate string }

func (s Services) tripsOf(ctx context.Context, rows []orders.GiftRow) (map[string]carried, error) {
	list, err := s.Dispatch.TripsWith(ctx, mapped(rows, func(r orders.GiftRow) string { return r.Consignment })...)
	out := map[string]carried{}
	for _, t := range list {
		for _, c := range t.Consignments {
			out[c.ID] = carried{t.ID, t.Outline.Truck.Vehicle.Plate}
		}
	}
	return out, err
}

// shareTrips adds the parts of the rows up by truck.
func shareTrips(rows []orders.GiftRow, parts []orders.GoodsShare, trips map[string]carried) []ShareTrip {
	out, sums := []ShareTrip{}, []orders.GoodsShare{}
	for n, r := range rows {
		on := trips[r.Consignment]
		i := slices.IndexFunc(out, func(t ShareTrip) bool { return t.Trip == on.trip })
		if i < 0 {
			i = len(out)
			out, sums = append(out, ShareTrip{Trip: on.trip, Plate: on.plate, Losses: []GiftLoss{}}), append(sums, orders.GoodsShare{})
		}
		sums[i] = sums[i].Plus(parts[n])
	}
	for i, g := range sums {
		t := &out[i]
		t.Loaded, t.OnTruck, t.Accepted, t.Rejected, t.Returned = int64(g.Loaded()), int64(g.OnTruck), int64(g.Accepted), int64(g.Rejected), int64(g.Returned)
		for _, cause := range orders.LossCauses {
			if lost := g.Lost[cause]; lost > 0 {
				t.Losses = append(t.Losses, GiftLoss{string(cause), int64(lost)})
			}
		}
	}
	return out
}
