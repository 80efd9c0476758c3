package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
)

// ReliefRowView is what one enterprise bought from one county.
type ReliefRowView struct {
	Buyer      string `json:"buyer"`
	BuyerName  string `json:"buyer_name"`
	County     string `json:"county" doc:"six digits"`
	CountyName string `json:"county_name"`
	Orders     int    `json:"orders"`
	Grams      int64  `json:"accepted_grams"`
	Fen        int64  `json:"fen"`
	Households int    `json:"households" doc:"registered ones that got a part, in months in which they were three or more"`
	Benefit    int64  `json:"benefit_fen" doc:"their sum"`
	Few        bool   `json:"few" doc:"in some month one or two households got something: it is not shown, and in no sum"`
}

// ReliefPostingView is one movement of money.
type ReliefPostingView struct {
	From string `json:"from"`
	To   string `json:"to"`
	Fen  int64  `json:"fen"`
}

// ReliefLineView is one settled order line behind a figure.
type ReliefLineView struct {
	Order       string              `json:"order"`
	SellerName  string              `json:"seller_name"`
	ProduceName string              `json:"produce_name"`
	CountyName  string              `json:"county_name"`
	SettledAt   Instant             `json:"settled_at"`
	Grams       int64               `json:"accepted_grams"`
	PriceE4     int64               `json:"price_e4"`
	Fen         int64               `json:"fen"`
	Entry       string              `json:"entry" doc:"of the ledger"`
	Postings    []ReliefPostingView `json:"postings" doc:"of the entry, to the seller; those to single households are not shown"`
}

type reliefQuery struct {
	Buyer  string `query:"buyer" maxLength:"64" doc:"absent: all, for the platform's people"`
	County string `query:"county" maxLength:"6"`
	From   Day    `query:"from" doc:"first day of settlement: that of a month"`
	To     Day    `query:"to" doc:"last day of settlement: that of a month"`
}

func (q reliefQuery) filter() orders.ReliefFilter {
	f := orders.ReliefFilter{Buyer: q.Buyer, County: q.County, From: q.From.Start()}
	if q.To != "" {
		f.To = q.To.Start() + dayLength
	}
	return f
}

const dayLength = 24 * 60 * 60 * 1000

func registerRelief(api huma.API, s Services) {
	get(api, "/relief-report", "Reports what enterprises bought from which counties, and what registered households got", func(ctx context.Context, by auth.Actor, in *reliefQuery) ([]ReliefRowView, error) {
		list, err := s.Orders.Relief(ctx, by, in.filter())
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, r := range list {
			ids = append(ids, r.Buyer)
		}
		parties, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
		return mapped(list, func(r orders.ReliefRow) ReliefRowView {
			return ReliefRowView{r.Buyer, parties[r.Buyer].Name, r.County, s.countyName(r.County), r.Orders, int64(r.Grams), int64(r.Fen), r.Households, int64(r.Benefit), r.Few}
		}), err
	})
	get(api, "/relief-report/lines", "Lists the settled order lines behind the report, with the postings that paid for them", func(ctx context.Context, by auth.Actor, in *reliefQuery) ([]ReliefLineView, error) {
		list, err := s.Orders.ReliefLines(ctx, by, in.filter())
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, l := range list {
			ids = append(ids, l.Seller)
		}
		parties, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
		return mapped(list, func(l orders.ReliefLine) ReliefLineView {
			v := ReliefLineView{l.Order, partyName(parties[l.Seller]), s.produceName(ctx, l.Produce), s.countyName(l.County), Instant(l.SettledAt), int64(l.Grams),
				int64(l.Price), int64(l.Fen), l.Entry, []ReliefPostingView{}}
			for _, p := range l.Postings {
				v.Postings = append(v.Postings, ReliefPostingView{p.From, p.To, p.Amount})
			}
			return v
		}), err
	})
}
