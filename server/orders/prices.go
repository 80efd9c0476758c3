package orders

import (
	"context"
	"maps"
	"slices"
	"time"

	"jishi/server/measure"
	"jishi/server/store"
)

// DayPrice is what one produce went for on one day in China.
type DayPrice struct {
	Day    string // 2006-01-02
	Middle measure.PriceE4
	Deals  int
}

// deal is one line of a confirmed order.
type deal struct {
	at    measure.Millis
	price measure.PriceE4
}

// priceDays is how far back a price trend goes.
const priceDays = 90 * 24 * time.Hour

// mostDeals bounds what one trend reads; the newest count.
const mostDeals = 5000

// Prices gives the middle price of each of the last 90 days on which confirmed orders of a produce were made, oldest first.
// Gifts have no price and are left out.
func (s *Service) Prices(ctx context.Context, produce string) ([]DayPrice, error) {
	list, err := store.All(ctx, s.DB.Read(), scanDeal, `SELECT o.confirmed_at, l.price_e4 FROM order_lines l
		JOIN orders o ON o.id = l.order_id JOIN lots t ON t.id = l.lot_id
		WHERE t.produce = $1 AND o.confirmed_at > $2 AND l.price_e4 > 0 AND l.grams > 0 ORDER BY o.confirmed_at DESC, l.id LIMIT $3`,
		produce, s.Now(ctx).Add(-priceDays).UnixMilli(), mostDeals)
	return byDay(list), err
}

func scanDeal(row store.Scanner) (deal, error) {
	var d deal
	err := row.Scan(&d.at, &d.price)
	return d, err
}

// byDay gives each day's middle deal, oldest day first.
func byDay(list []deal) []DayPrice {
	days := map[string][]measure.PriceE4{}
	for _, d := range list {
		day := time.UnixMilli(int64(d.at)).In(china).Format(time.DateOnly)
		days[day] = append(days[day], d.price)
	}
	out := make([]DayPrice, 0, len(days))
	for _, day := range slices.Sorted(maps.Keys(days)) {
		prices := days[day]
		slices.Sort(prices)
		out = append(out, DayPrice{day, prices[len(prices)/2], len(prices)})
	}
	return out
}
