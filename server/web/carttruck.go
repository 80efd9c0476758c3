package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
)

// TruckPriceBody is what a truck for a cart costs.
type TruckPriceBody struct {
	Amount Money `json:"amount,omitempty" doc:"A carrier's price; left out: by the rates of the day"`
}

// RideView is a part of an order with its way on the truck.
type RideView struct {
	Grams  int64 `json:"grams"`
	Metres int64 `json:"metres" doc:"0: a place is not known"`
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

// CartTruckView is what one truck for the orders of a cart would cost, and how that falls on each.
type CartTruckView struct {
	Fen      int64           `json:"fen" doc:"The parts add up to it; 0: no price was given and a place is not known"`
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
}

// rate is the tariff of a day.
func (s Services) rate(now time.Time) orders.Rate {
	tariff := s.Tariff(now)
	return func(crow measure.Metres, g measure.Grams) orders.Run {
		run := tariff.Price(0, int64(crow), int64(g), false)
		return orders.Run{Fen: measure.PriceE4(run.TotalE4).Times(g), Metres: measure.Metres(run.Metres), Vehicle: run.Vehicle, Vehicles: run.Vehicles}
	}
}

func (s Services) cartTruck(ctx context.Context, e orders.HaulageEstimate) CartTruckView {
	v := CartTruckView{Fen: int64(e.Fen), Method: haulageMethod, Work: e.Work, Metres: int64(e.Metres), Vehicle: s.truckName(e.Vehicle, languageOf(ctx)),
		Vehicles: e.Vehicles, Shares: []TruckPartView{}}
	for _, p := range e.Shares {
		rides := mapped(p.Rides, func(r orders.Ride) RideView { return RideView{int64(r.Grams), int64(r.Way), r.Work} })
		v.Shares = append(v.Shares, TruckPartView{p.Order, s.partyName(ctx, p.Seller), int64(p.Loaded), rides, p.Work, int64(p.Paid), int64(p.Alone)})
		v.Alone += int64(p.Alone)
	}
	if e.Metres == 0 {
		v.Alone = 0 // of some places only
	}
	return v
}
