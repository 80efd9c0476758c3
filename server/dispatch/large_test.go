package dispatch

import (
	"context"
	"fmt"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// An order with more stops than a plan takes is named, and what else waits is planned; asked for alone, the fault names it.
func TestOrderWithTenThousandStops(t *testing.T) {
	t.Parallel()
	ships := []orders.ToShip{toShip(1, apple, 5, union)}
	for i := range 10_000 {
		s := toShip(2+i, apple, 1, union)
		s.Order, s.Grams = "large", 6*measure.Kilogram
		ships = append(ships, s)
	}
	w := newWorldOf(t, storetest.SQLite(t), ships[:1], storyTrucks(t)[1:3]...)
	waiting := ships
	w.toShip = func(context.Context, store.Querier, ...string) ([]orders.ToShip, error) { return waiting, nil }
	p, err := w.MakePlan(t.Context(), dispatcher, PlanInput{Day: "2020-02-03"})
	w.want(err, "")
	equal(t, "loads", len(p.Question.Loads), 1)
	equal(t, "notes", fmt.Sprint(p.Answer.Notes[0].Item, p.Answer.In("en").Notes[0].Text), "large"+
		"The order has 10000 stops, one plan takes 400 at most: split it, or plan it as a file.")
	equal(t, "trips", len(p.Answer.Options[0].Trips), 1)
	waiting = ships[1:]
	_, err = w.MakePlan(t.Context(), dispatcher, PlanInput{Day: "2020-02-03"})
	w.want(err, "order_too_large")
}
