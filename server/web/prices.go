package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/orders"
	"jishi/server/rules"
)

// DayPriceView is one day's middle price.
type DayPriceView struct {
	Day     string `json:"day"`
	PriceE4 int64  `json:"price_e4"`
	Deals   int    `json:"deals"`
}

// PricesView is what a produce went for, with the band in which a price is fair today.
type PricesView struct {
	Produce     string         `json:"produce"`
	ProduceName string         `json:"produce_name"`
	Days        []DayPriceView `json:"days"`
	LowE4       int64          `json:"low_e4,omitempty"`
	HighE4      int64          `json:"high_e4,omitempty"`
	Source      string         `json:"source,omitempty"`
}

type pricesQuery struct {
	Produce string `query:"produce" maxLength:"60" required:"true" doc:"its id, such as apple-fuji"`
}

func registerPrices(api huma.API, s Services) {
	openGet(api, "/prices", "Shows what a produce went for in the last 90 days, from confirmed orders", func(ctx context.Context, _ auth.Actor, in *pricesQuery) (PricesView, error) {
		if _, ok := s.Rules.Produce(in.Produce); !ok {
			return PricesView{}, fault.At("produce", "unknown_produce", "We know no produce called %q.", in.Produce)
		}
		days, err := s.Orders.Prices(ctx, in.Produce)
		v := PricesView{Produce: in.Produce, ProduceName: s.produceName(ctx, in.Produce), Days: mapped(days, func(d orders.DayPrice) DayPriceView {
			return DayPriceView{d.Day, int64(d.Middle), d.Deals}
		})}
		if band, ok := s.Rules.PriceBand(in.Produce, dayOf(auth.SystemClock(ctx))); ok {
			v.LowE4, v.HighE4 = int64(band.Low), int64(band.High)
			v.Source = rules.SourceIn(rules.Joined(band.Sources...), languageOf(ctx))
		}
		return v, err
	})
}
