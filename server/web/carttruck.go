package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// TruckPriceBody is what a truck for a cart costs.
type TruckPriceBody struct {
	Amount Money `json:"amount,omitempty" doc:"A carrier's price; left out: by the rates of the day"`
}

// RideView is a part of an order with its way on the truck.
type RideView struct {
	Grams  int64 `json:"grams"`
	Metres int64 `json:"metres" doc:"0: it goes nowhere else, or a place is not known"`
	Work   int64 `json:"work" doc:"Whole kilograms x whole kilometres, one at least"`
}

// TruckPartView is what falls on one order.
type TruckPartView struct {
	Order      string     `json:"order"`
	SellerName string     `json:"seller_name"`
	Grams      int64      `json:"grams"`
	Rides      []RideView `json:"rides"`
	Work       int64      `json:"work"`
	Fen        int64      `json:"fen" doc:"Price of the truck x work / work of all, to the fen"`
	Alone      int64      `json:"alone_fen" doc:"What a truck for this order alone would cost by the rates of the day; 0: a place is not known"`
}

// TollWhyView is the rule by which a truck pays toll or none.
type TollWhyView struct {
	Free   bool   `json:"free"`
	Text   string `json:"text" doc:"In Chinese"`
	TextEn string `json:"text_en"`
	Since  string `json:"since" doc:"First day of the rule"`
	Source string `json:"source"`
	Mark   string `json:"mark" doc:"Of a source that is not certain"`
}

// CartTruckView is what one truck for orders would cost, and how that falls on each.
type CartTruckView struct {
	Fen      int64           `json:"fen" doc:"With the toll; the parts add up to it; 0: no price was given and a place is not known"`
	Toll     int64           `json:"toll_fen" doc:"By the rates of the day, of their price"`
	TollWhy  TollWhyView     `json:"toll_why"`
	Method   string          `json:"method" doc:"How the parts were worked out, as those of real trips are"`
	Work     int64           `json:"work"`
	Metres   int64           `json:"metres" doc:"From the first loading to the last unloading"`
	Vehicle  string          `json:"vehicle_name"`
	Vehicles int64           `json:"vehicles"`
	Alone    int64           `json:"alone_fen" doc:"What a truck for each order would cost together; 0: not known"`
	Shares   []TruckPartView `json:"shares"`
}

// haulageMethod says how a shared truck is paid.
const haulageMethod = "by_weight_and_way_largest_remainder"

func registerCartTrucks(api huma.API, s Services) {
	post(api, "/carts/{id}/haulage", "Reckons one truck for a cart's orders and shares its price by weight and way, as trips are; writes nothing down",
		func(ctx context.Context, by auth.Actor, in *idWith[TruckPriceBody]) (CartTruckView, error) {
			given := in.Body.Amount
			if given.Given && given.Fen <= 0 {
				return CartTruckView{}, fault.At("amount", "bad_money", "The amount lies above zero and at most at a billion yuan.")
			}
			e, err := s.Orders.HaulageEstimate(ctx, by, in.ID, s.rate(auth.SystemClock(ctx)), given.Fen)
			if err != nil {
				return CartTruckView{}, err
			}
			return s.cartTruck(ctx, e), nil
		})
	get(api, "/orders/{id}/haulage-estimate", "Reckons a truck for an order by the rates of the day, before one is planned",
		func(ctx context.Context, by auth.Actor, in *byID) (CartTruckView, error) {
			e, err := s.Orders.OrderHaulage(ctx, by, in.ID, s.rate(auth.SystemClock(ctx)))
			if err != nil {
				return CartTruckView{}, err
			}
			return s.cartTruck(ctx, e), nil
		})
}

// rate is the tariff of a day for a truck of one's own: a trip has a least price, and the green channel's rules decide whether it pays toll, as
// they do of a planned one. Packs are not weighed.
func (s Services) rate(now time.Time) orders.Rate {
	tariff, day := s.Tariff(now), dayOf(now)
	return func(crow measure.Metres, goods []orders.Cargo) orders.Run {
		var g measure.Grams
		for _, c := range goods {
			g += c.Grams
		}
		run := tariff.Price(0, int64(crow), int64(g), false)
		kind, _ := s.Rules.TruckType(run.Vehicle)
		green := s.Rules.GreenChannel(day, s.evenly(goods, kind, run.Vehicles))
		out := orders.Run{Fen: max(measure.PriceE4(run.FreightE4).Times(g), kind.Minimum*measure.Fen(run.Vehicles)), Green: green.Free,
			Metres: measure.Metres(run.Metres), Vehicle: run.Vehicle, Vehicles: run.Vehicles}
		if !s.Rules.Toll(day, rules.TollCase{Green: green}).Free {
			out.Toll = measure.PriceE4(run.TollE4).Times(g)
		}
		out.Fen += out.Toll
		return out
	}
}

// evenly is what each of some trucks carries of goods.
func (s Services) evenly(goods []orders.Cargo, kind rules.TruckType, trucks int64) rules.GreenLoad {
	var items []rules.GreenItem
	for _, c := range goods {
		p, _ := s.Rules.Produce(c.Produce)
		part := c.Grams / measure.Grams(max(trucks, 1))
		items = append(items, rules.GreenItem{Produce: c.Produce, Grams: part, Volume: p.Volume(part)})
	}
	return kind.Loaded(items)
}

// tollWhy is the rule of a day by which a truck pays toll or none.
func (s Services) tollWhy(day rules.Day, green bool, lang string) TollWhyView {
	v := s.Rules.Toll(day, rules.TollCase{Green: rules.GreenVerdict{Free: green}})
	r := s.Rules.RuleOn(v.Why, day)
	return TollWhyView{v.Free, r.Text, r.TextEn, string(r.From), v.Source.In(lang).Text, v.Source.Mark}
}

// dayOf is the day whose rules hold at a time.
func dayOf(t time.Time) rules.Day { return rules.DayOf(measure.Millis(t.UnixMilli())) }

func (s Services) cartTruck(ctx context.Context, e orders.HaulageEstimate) CartTruckView {
	v := CartTruckView{Fen: int64(e.Fen), Toll: int64(e.Toll), TollWhy: s.tollWhy(dayOf(auth.SystemClock(ctx)), e.Green, languageOf(ctx)),
		Method: haulageMethod, Work: e.Work, Metres: int64(e.Metres), Vehicle: s.truckName(e.Vehicle, languageOf(ctx)),
		Vehicles: e.Vehicles, Shares: []TruckPartView{}}
	for _, p := range e.Shares {
		rides := mapped(p.Rides, func(r orders.Ride) RideView { return RideView{int64(r.Grams), int64(r.Way), r.Work} })
		v.Shares = append(v.Shares, TruckPartView{p.Order, s.partyName(ctx, p.Seller), int64(p.Loaded), rides, p.Work, int64(p.Paid), int64(p.Alone)})
		v.Alone += int64(p.Alone)
	}
	if e.Vehicle == "" { // a place is not known
		v.Alone = 0 // of the others only
	}
	return v
}
