package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/rules"
)

// ReserveBody is a budget unit's plan of a year.
type ReserveBody struct {
	Year     int   `json:"year" minimum:"2019" maximum:"2100"`
	Budget   Money `json:"budget" doc:"for food, the whole year"`
	PerMille int   `json:"share_per_mille" minimum:"1" maximum:"1000"`
	Until    int   `json:"until_month,omitempty" minimum:"0" maximum:"12" doc:"the last month in which it buys; absent: December"`
}

// CoachView is one sentence of advice, as a code with its numbers.
type CoachView struct {
	Code  orders.CoachCode `json:"code" enum:"no_plan,done,covered,on_track,behind,late"`
	Fen   int64            `json:"fen" doc:"above the promise or the target, on the way, or missing, as the code says"`
	Month int              `json:"month,omitempty"`
}

// ReserveMonthView is one month of a plan.
type ReserveMonthView struct {
	Month  int   `json:"month"`
	Target int64 `json:"target_fen" doc:"to be bought by its end, from January on"`
	Used   int64 `json:"used_fen" doc:"settled in it"`
}

// ReservedOrderView is one purchase that counts.
type ReservedOrderView struct {
	Order      string  `json:"order"`
	SellerName string  `json:"seller_name"`
	Fen        int64   `json:"fen"`
	SettledAt  Instant `json:"settled_at,omitempty" doc:"empty: on the way"`
}

// ReservedOfferView is an offer that would fill what is missing.
type ReservedOfferView struct {
	Offer       string `json:"offer"`
	ProduceName string `json:"produce_name"`
	SellerName  string `json:"seller_name"`
	County      string `json:"county"`
	PriceE4     int64  `json:"price_e4"`
	Available   int64  `json:"available_grams"`
	Grams       int64  `json:"grams" doc:"that would fill the gap, at most what is left"`
	Fen         int64  `json:"fen"`
}

// ReserveView is how a budget unit's reserved share stands.
type ReserveView struct {
	Party    string              `json:"party"`
	Year     int                 `json:"year"`
	Budget   int64               `json:"budget_fen" doc:"0: no plan was made"`
	PerMille int                 `json:"share_per_mille"`
	Until    int                 `json:"until_month"`
	Reserved int64               `json:"reserved_fen"`
	Used     int64               `json:"used_fen" doc:"goods with the poverty mark, accepted and settled in the year"`
	Coming   int64               `json:"coming_fen" doc:"confirmed and not settled"`
	ToBuy    int64               `json:"to_buy_fen"`
	Months   []ReserveMonthView  `json:"months" table:"rows"`
	Orders   []ReservedOrderView `json:"orders"`
	Coach    CoachView           `json:"coach"`
	Offers   []ReservedOfferView `json:"offers"`
	Rule     rules.RuleText      `json:"rule"`
}

type reserveQuery struct {
	ID   string `path:"id" maxLength:"64"`
	Year int    `query:"year" minimum:"2019" maximum:"2100" doc:"absent: this one"`
}

func registerReserve(api huma.API, s Services) {
	put(api, "/parties/{id}/reserved-share", "Promises a share of a year's food to poor counties", func(ctx context.Context, by auth.Actor, in *idWith[ReserveBody]) (ReserveView, error) {
		b := in.Body
		if b.Until == 0 {
			b.Until = 12
		}
		least, _ := s.Rules.ReservedShare()
		_, err := s.Orders.SetReserve(ctx, by, orders.ReservePlan{Party: in.ID, Year: b.Year, Budget: b.Budget.Fen, PerMille: b.PerMille, Until: time.Month(b.Until)}, least)
		if err != nil {
			return ReserveView{}, err
		}
		return s.reserveView(ctx, by, in.ID, b.Year)
	})
	get(api, "/parties/{id}/reserved-share", "Tells how a reserved share stands, what to do next, and which offers fit", func(ctx context.Context, by auth.Actor, in *reserveQuery) (ReserveView, error) {
		if in.Year == 0 {
			in.Year = auth.SystemClock(ctx).In(china).Year()
		}
		return s.reserveView(ctx, by, in.ID, in.Year)
	})
}

func (s Services) reserveView(ctx context.Context, by auth.Actor, party string, year int) (ReserveView, error) {
	r, err := s.Orders.Reserve(ctx, by, party, year)
	if err != nil {
		return ReserveView{}, err
	}
	_, rule := s.Rules.ReservedShare()
	rule.Source = rules.SourceIn(rule.Source, languageOf(ctx))
	p := r.Plan
	v := ReserveView{Party: party, Year: year, Budget: int64(p.Budget), PerMille: p.PerMille, Until: int(p.Until), Reserved: int64(p.Reserved()), Used: int64(r.Used),
		Coming: int64(r.Coming), ToBuy: int64(r.ToBuy()), Months: []ReserveMonthView{}, Coach: CoachView{r.Coach.Code, int64(r.Coach.Fen), int(r.Coach.Month)}, Rule: rule}
	for i, used := range r.ByMonth {
		m := ReserveMonthView{Month: i + 1, Used: int64(used)}
		if p.Budget > 0 {
			m.Target = int64(p.Target(time.Month(i + 1)))
		}
		v.Months = append(v.Months, m)
	}
	v.Offers = mapped(r.Offers, func(o orders.ReservedOffer) ReservedOfferView {
		return ReservedOfferView{o.Offer.ID, s.produceName(ctx, o.Lot.Produce), partyName(o.Seller), s.countyName(o.Lot.Place.Adcode), int64(o.Offer.PriceFor(o.Grams)),
			int64(o.Available), int64(o.Grams), int64(o.Fen)}
	})
	var sellers []string
	for _, o := range r.Orders {
		sellers = append(sellers, o.Seller)
	}
	parties, err := market.PartiesByID(ctx, s.DB.Read(), sellers...)
	v.Orders = mapped(r.Orders, func(o orders.ReservedOrder) ReservedOrderView {
		return ReservedOrderView{o.Order, partyName(parties[o.Seller]), int64(o.Fen), Instant(o.SettledAt)}
	})
	return v, err
}

// countyName names a county by its code of any time; an unknown code stays as it is.
func (s Services) countyName(adcode string) string {
	if d, ok := s.Places.Division(adcode[:min(6, len(adcode))]); ok {
		return d.Name
	}
	return adcode
}
