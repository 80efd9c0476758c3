package orders_test

import (
	"testing"
	"time"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

func TestAYesBeforehand(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 120*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		buy := func(g measure.Grams) (orders.Order, error) {
			return w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(offer, g)}})
		}
		_, err := w.orders.SayYesAhead(w.ctx, biaojiao, offer.ID, w.now()+1000)
		wantFault(t, err, "not_found", "")
		_, err = w.orders.SayYesAhead(w.ctx, liulin, offer.ID, w.now()+measure.Millis(100*24*time.Hour/time.Millisecond))
		wantFault(t, err, "too_far_ahead", "until")
		must(t)(w.orders.SayYesAhead(w.ctx, liulin, offer.ID, w.now()+1000))

		o, err := buy(60 * kg)
		o = get(t, o, err)
		if o.Act != orders.Confirmed || w.grams(orders.LineReserved(o.Lines[0].ID)) != 60*kg || w.grams(market.LotAvailable(lot.ID)) != 60*kg {
			t.Errorf("the order is %s, %s reserved", o.Act, w.grams(orders.LineReserved(o.Lines[0].ID)))
		}
		_, err = buy(61 * kg) // more than is left
		wantFault(t, err, "only_left", "lines[0].weight")

		w.at(firstDay.Add(2 * time.Second)) // the yes is over
		o, err = buy(10 * kg)
		if o = get(t, o, err); o.Act != orders.Submitted || w.grams(market.LotAvailable(lot.ID)) != 60*kg {
			t.Errorf("the order is %s", o.Act)
		}
		w.verify()
	})
}

// An order of two offers is confirmed at once only when both have a yes.
func TestAYesBeforehandIsForEveryLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	lot := w.lot(liulin, "liulin", "apple", 120*kg)
	one, two := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000}), w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 50_000})
	must(t)(w.orders.SayYesAhead(w.ctx, liulin, one.ID, w.now()+1000))
	in := orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(one, kg), line(two, kg)}}
	o, err := w.orders.Submit(w.ctx, firm, in)
	if o = get(t, o, err); o.Act != orders.Submitted {
		t.Errorf("with one yes the order is %s", o.Act)
	}
	must(t)(w.orders.SayYesAhead(w.ctx, liulin, two.ID, w.now()+1000))
	o, err = w.orders.Submit(w.ctx, firm, in)
	if o = get(t, o, err); o.Act != orders.Confirmed {
		t.Errorf("with both the order is %s", o.Act)
	}
}
