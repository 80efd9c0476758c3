package orders

import (
	"context"
	"maps"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// DonorShare is one donor's part of a gift to which many gave. All of a campaign's money is one fund, so that each donor has a
// part of every lot, truck and loss, in proportion to what it paid; the parts of all donors add up to the whole, to the gram and
// the fen.
type DonorShare struct {
	Donor string
	Paid  measure.Fen
	Money GiftMoney    // adds up to Paid
	Goods GoodsShare   // of all trucks
	Parts []GoodsShare // by row of the report, in its order
}

// GoodsShare is a part of what was loaded. Loaded is the sum of what became of it, so that it adds up for each donor too.
type GoodsShare struct {
	OnTruck, Accepted, Rejected, Returned measure.Grams
	Lost                                  map[LossCause]measure.Grams
}

// Loaded is everything that became of the share.
func (s GoodsShare) Loaded() measure.Grams {
	return s.OnTruck + s.Accepted + s.Rejected + s.Returned + sum(s.Lost)
}

// Plus adds two shares.
func (s GoodsShare) Plus(o GoodsShare) GoodsShare {
	lost := map[LossCause]measure.Grams{}
	for _, cause := range LossCauses {
		if g := s.Lost[cause] + o.Lost[cause]; g > 0 {
			lost[cause] = g
		}
	}
	return GoodsShare{s.OnTruck + o.OnTruck, s.Accepted + o.Accepted, s.Rejected + o.Rejected, s.Returned + o.Returned, lost}
}

// shares divides the report over its donors; none before anything is paid.
func (g *Gift) shares(ctx context.Context, q store.Querier) ([]DonorShare, error) {
	paid, err := givers(ctx, q, g.Campaign.ID, g.Campaign.Donor)
	if err != nil || len(paid) == 0 {
		return nil, err
	}
	out := make([]DonorShare, 0, len(paid))
	weights := make([]int64, 0, len(paid))
	for _, donor := range slices.Sorted(maps.Keys(paid)) {
		out = append(out, DonorShare{Donor: donor, Paid: paid[donor]})
		weights = append(weights, int64(paid[donor]))
	}
	for _, r := range g.Rows {
		for i, part := range splitGoods(r.Numbers, weights) {
			out[i].Parts = append(out[i].Parts, part)
			out[i].Goods = out[i].Goods.Plus(part)
		}
	}
	for i, row := range market.ApportionTable(weights, g.Money.parts()) {
		out[i].Money = moneyOf(row)
		out[i].Money.Paid, out[i].Money.Households = out[i].Paid, g.Money.Households
	}
	return out, nil
}

// splitGoods divides what became of one consignment, each figure by the largest remainder.
func splitGoods(n ConsignNumbers, weights []int64) []GoodsShare {
	out := make([]GoodsShare, len(weights))
	for i := range out {
		out[i].Lost = map[LossCause]measure.Grams{}
	}
	each := func(total measure.Grams, put func(s *GoodsShare, g measure.Grams)) {
		for i, part := range market.Apportion(int64(total), weights) {
			put(&out[i], measure.Grams(part))
		}
	}
	each(n.OnTruck, func(s *GoodsShare, g measure.Grams) { s.OnTruck = g })
	each(n.Accepted, func(s *GoodsShare, g measure.Grams) { s.Accepted = g })
	each(n.Rejected, func(s *GoodsShare, g measure.Grams) { s.Rejected = g })
	each(n.Returned, func(s *GoodsShare, g measure.Grams) { s.Returned = g })
	for _, cause := range LossCauses {
		each(n.Lost[cause], func(s *GoodsShare, g measure.Grams) { s.Lost[cause] = g })
	}
	return out
}

// parts lists the places of the money that add up to Paid; moneyOf reads such a list.
func (m GiftMoney) parts() []int64 {
	return []int64{int64(m.Goods), int64(m.Benefit), int64(m.Haulage), int64(m.Fee), int64(m.Rounding), int64(m.InFund), int64(m.InEscrow),
		int64(m.GivenBack), int64(m.MovedOn)}
}

func moneyOf(parts []int64) GiftMoney {
	f := func(i int) measure.Fen { return measure.Fen(parts[i]) }
	return GiftMoney{Goods: f(0), Benefit: f(1), Haulage: f(2), Fee: f(3), Rounding: f(4), InFund: f(5), InEscrow: f(6), GivenBack: f(7), MovedOn: f(8)}
}

// addDonors names those donors that may be named.
func (g *Gift) addDonors(ctx context.Context, q store.Querier) error {
	silent, err := silentDonors(ctx, q, g.Campaign)
	if err != nil {
		return err
	}
	donors, err := market.PartiesByID(ctx, q, g.Campaign.Donors...)
	for _, id := range slices.Sorted(maps.Keys(donors)) {
		if silent[id] {
			g.Silent++
		} else {
			g.Donors = append(g.Donors, donors[id])
		}
	}
	return err
}

// silentDonors are those who never said that they may be named: neither by opening the campaign or ordering for it, nor in a pledge or
// with a gift by card.
func silentDonors(ctx context.Context, q store.Querier, c market.Campaign) (map[string]bool, error) {
	pledges, err := market.PledgesOf(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	paid, err := cardGifts(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	silent := map[string]bool{}
	for _, d := range c.Donors {
		silent[d] = true
	}
	for _, gift := range paid {
		if gift.Named {
			silent[gift.Payer] = false
		}
	}
	for _, p := range pledges {
		if p.Named {
			silent[p.Donor] = false
		}
	}
	list, err := ordersOfCampaign(ctx, q, c.ID)
	for _, o := range list {
		silent[o.Buyer] = false
	}
	silent[c.Donor] = false
	return silent, err
}

// addUnspent tells what of the fund went back and what went on to other campaigns.
func (g *Gift) addUnspent(ctx context.Context, q store.Querier) error {
	flows, err := ledger.Outflow(ctx, q, ledger.Fen, market.CampaignFund(g.Campaign.ID))
	for to, n := range flows {
		switch {
		case strings.HasPrefix(to, "refund/"):
			g.Money.GivenBack += measure.Fen(n)
		case strings.HasPrefix(to, "campaign/"):
			g.Money.MovedOn += measure.Fen(n)
		}
	}
	return err
}

// haulageGiven keeps the value of a trip that its carrier gives.
func (s *Service) haulageGiven(ctx context.Context, tx store.Tx, by auth.Actor, h Haulage) error {
	err := store.Exec(ctx, tx, `INSERT INTO donated_haulage (client_id, trip_id, campaign_id, order_id, carrier_id, fen, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (client_id) DO NOTHING`,
		h.ClientID, h.Trip, h.Campaign, h.Order, h.Carrier, int64(h.Fen), int64(h.At))
	if err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: "haulage.give", subject: "trip/" + h.Trip, at: h.At, after: h})
}

func haulageGivenFor(ctx context.Context, q store.Querier, campaign string) (measure.Fen, error) {
	var fen measure.Fen
	err := q.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM donated_haulage WHERE campaign_id = $1`, campaign).Scan(&fen)
	return fen, err
}
