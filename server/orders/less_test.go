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

// offeredLess is an order of 600 kg for two needs, 400 and 200 kg, of which the seller can give 450 kg.
func offeredLess(t testing.TB, db *store.DB) (*world, market.Lot, orders.Order) {
	t.Helper()
	w := newWorld(t, db)
	lot := w.lot(liulin, "liulin", "apple", 600*kg)
	offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
	u, z := w.need(union, "union", "apple", 400*kg), w.need(zhongnan, "zhongnan", "apple", 200*kg)
	o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 600*kg, to(u, 400*kg), to(z, 200*kg))}})
	o = get(t, o, err)
	w.pay(o.Reference, 3_600_00)
	o, err = w.orders.OfferLess(w.ctx, liulin, o.ID, map[string]measure.Grams{o.Lines[0].ID: 450 * kg})
	return w, lot, get(t, o, err)
}

// A lower amount needs the buyer's yes; then it is the order, and the needs get their part in proportion.
func TestLessNeedsTheBuyersYes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, lot, o := offeredLess(t, db)
		v, err := w.orders.Order(w.ctx, donor, o.ID)
		if v = get(t, v, err); v.State != orders.OfferedLess || w.grams(market.LotAvailable(lot.ID)) != 150*kg || v.Numbers.Reserved != 450*kg {
			t.Errorf("%s, %+v", v.State, v.Numbers)
		}
		_, err = w.orders.AgreeToLess(w.ctx, liulin, o.ID, false)
		wantFault(t, err, "not_yours_to_do", "")
		_, err = w.orders.AgreeToLess(w.ctx, donor, o.ID, false)
		get(t, 0, err)
		v, err = w.orders.Order(w.ctx, donor, o.ID)
		v = get(t, v, err)
		if v.State != orders.Allocated || v.Invoice != 2_700_00 || v.Grams() != 450*kg || v.Lines[0].To[0].Grams != 300*kg || v.Lines[0].To[1].Grams != 150*kg {
			t.Errorf("%s, invoice %s, %+v", v.State, v.Invoice, v.Lines)
		}
		_, err = w.orders.AgreeToLess(w.ctx, donor, o.ID, false)
		wantFault(t, err, "wrong_state", "")
		w.verify()
	})
}

func TestLessRefusedOrUnansweredReturnsTheGoods(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, lot, o := offeredLess(t, db)
		_, err := w.orders.Cancel(w.ctx, donor, o.ID, "too little")
		get(t, 0, err)
		if w.grams(market.LotAvailable(lot.ID)) != 600*kg || w.fen(orders.Refund("donor")) != 3_600_00 {
			t.Errorf("%s in the lot, %s owed back", w.grams(market.LotAvailable(lot.ID)), w.fen(orders.Refund("donor")))
		}
	})
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, lot, o := offeredLess(t, db)
		w.at(firstDay.Add(48*time.Hour + time.Second))
		_, err := w.orders.AgreeToLess(w.ctx, donor, o.ID, false)
		wantFault(t, err, "wrong_state", "")
		if n, err := w.orders.ExpireDue(w.ctx); n != 1 || err != nil {
			t.Errorf("%d expired, %v", n, err)
		}
		if w.grams(market.LotAvailable(lot.ID)) != 600*kg {
			t.Errorf("%s in the lot", w.grams(market.LotAvailable(lot.ID)))
		}
	})
}

func TestLessIsLess(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 600*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 300*kg), line(offer, 200*kg)}})
		o = get(t, o, err)
		for _, weights := range []map[string]measure.Grams{
			nil, {"x": kg}, {o.Lines[0].ID: 301 * kg}, {o.Lines[0].ID: -1}, {o.Lines[0].ID: 300 * kg}, {o.Lines[0].ID: 0, o.Lines[1].ID: 0},
		} {
			if _, err := w.orders.OfferLess(w.ctx, liulin, o.ID, weights); err == nil {
				t.Errorf("%v was taken", weights)
			}
		}
		_, err = w.orders.OfferLess(w.ctx, liulin, o.ID, map[string]measure.Grams{o.Lines[1].ID: 0}) // leaves a line out
		get(t, 0, err)
		_, err = w.orders.AgreeToLess(w.ctx, donor, o.ID, false)
		get(t, 0, err)
		v, err := w.orders.Order(w.ctx, donor, o.ID)
		if v = get(t, v, err); len(v.Lines) != 1 || v.Grams() != 300*kg || v.Invoice != 1_800_00 {
			t.Errorf("%+v", v.Order)
		}
	})
}
