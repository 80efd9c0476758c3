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
	Households int    `json:"households" doc:"registered ones that got a part of what is told"`
	Benefit    int64  `json:"benefit_fen" doc:"their sum"`
	Few        bool   `json:"few" doc:"some got more that is in no sum: of order lines with one or two households, whose month is not over or has fewer than three of them"`
}

// ReliefPostingView is one row of the journal, or several summed up of which no single one is told.
type ReliefPostingView struct {
	Kind  string  `json:"kind" doc:"coop, benefit, fee, rounding; for goods that of the entry: received, corrected"`
	From  string  `json:"from"`
	To    string  `json:"to"`
	Grams int64   `json:"grams,omitempty" doc:"below zero: taken off what was accepted"`
	Fen   int64   `json:"fen,omitempty"`
	Few   bool    `json:"few,omitempty" doc:"what fewer than three households got is in it"`
	Entry string  `json:"entry,omitempty" doc:"of the ledger; absent where several are summed up"`
	At    Instant `json:"at,omitempty"`
}

// ReliefLineView is one settled order line behind a figure, or several of a month whose benefits are told together.
type ReliefLineView struct {
	ID          string              `json:"id" doc:"behind it the list goes on"`
	Order       string              `json:"order,omitempty" doc:"absent: several of a month, whose households are too few to be told line by line"`
	Buyer       string              `json:"buyer"`
	BuyerName   string              `json:"buyer_name"`
	SellerName  string              `json:"seller_name,omitempty"`
	ProduceName string              `json:"produce_name,omitempty"`
	County      string              `json:"county" doc:"six digits"`
	CountyName  string              `json:"county_name"`
	SettledAt   Instant             `json:"settled_at" doc:"or the first moment of the month"`
	Grams       int64               `json:"accepted_grams,omitempty"`
	PriceE4     int64               `json:"price_e4,omitempty"`
	Fen         int64               `json:"fen,omitempty"`
	Benefit     int64               `json:"benefit_fen,omitempty"`
	Households  int                 `json:"households,omitempty" doc:"that the benefit is of, where they are summed up"`
	Postings    []ReliefPostingView `json:"postings" doc:"they sum to the line's part of the figure"`
}

// ReliefQuery says which purchases the report is about.
type ReliefQuery struct {
	Buyer  string `query:"buyer" maxLength:"64" doc:"absent: all, for the platform's people"`
	County string `query:"county" maxLength:"6"`
	From   Day    `query:"from" doc:"first day of settlement: that of a month"`
	To     Day    `query:"to" doc:"last day of settlement: that of a month"`
}

type reliefLinesQuery struct {
	ReliefQuery
	Figure string `query:"figure" enum:"accepted_grams,fen,benefit_fen" default:"fen" doc:"of the report's row"`
	After  string `query:"after" maxLength:"100"`
}

func (q ReliefQuery) filter() orders.ReliefFilter {
	f := orders.ReliefFilter{Buyer: q.Buyer, County: q.County, From: q.From.Start()}
	if q.To != "" {
		f.To = q.To.Start() + dayLength
	}
	return f
}

const dayLength = 24 * 60 * 60 * 1000

func registerRelief(api huma.API, s Services) {
	get(api, "/relief-report", "Reports what enterprises bought from which counties, and what registered households got", func(ctx context.Context, by auth.Actor, in *ReliefQuery) ([]ReliefRowView, error) {
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
	get(api, "/relief-report/lines", "Lists what makes up a figure of the report: order lines with the rows of the journal that moved it, newest first, 100 at a time", func(ctx context.Context, by auth.Actor, in *reliefLinesQuery) ([]ReliefLineView, error) {
		list, err := s.Orders.ReliefLines(ctx, by, in.filter(), orders.ReliefFigure(in.Figure), in.After)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, l := range list {
			ids = append(ids, l.Buyer, l.Seller)
		}
		parties, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
		return mapped(list, func(l orders.ReliefLine) ReliefLineView { return s.reliefLineView(ctx, l, parties) }), err
	})
}

func (s Services) reliefLineView(ctx context.Context, l orders.ReliefLine, parties map[string]market.Party) ReliefLineView {
	v := ReliefLineView{
		ID: l.ID, Order: l.Order, Buyer: l.Buyer, BuyerName: parties[l.Buyer].Name, County: l.County, CountyName: s.countyName(l.County), SettledAt: Instant(l.SettledAt),
		Grams: int64(l.Grams), PriceE4: int64(l.Price), Fen: int64(l.Fen), Benefit: int64(l.Benefit), Households: l.Households, Postings: []ReliefPostingView{},
	}
	if l.Order != "" {
		v.SellerName, v.ProduceName = partyName(parties[l.Seller]), s.produceName(ctx, l.Produce)
	}
	for _, p := range l.Postings {
		v.Postings = append(v.Postings, ReliefPostingView{p.Kind, p.From, p.To, int64(p.Grams), int64(p.Fen), p.Few, p.Entry, Instant(p.At)})
	}
	return v
}
