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

// A dearer substitute may not lift an order above what its buyer may spend alone: 160 kg at 6.00 are 960.00 of 1,000.00; with 100 kg of them at
// 9.00 it would be 1,260.00.
func TestASubstituteKeepsToTheLimitOfItsBuyer(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.policy()
		dear := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 900*kg).ID, Price: 90_000})
		for _, row := range []struct {
			grams measure.Grams
			code  string
		}{{100 * kg, "over_limit"}, {10 * kg, ""}} {
			o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, 160*kg, to(w.need, 160*kg))}})
			o = get(t, o, err)
			must(t)(w.orders.OfferLess(w.ctx, liulin, o.ID, map[string]measure.Grams{o.Lines[0].ID: 60 * kg}, orders.Substitute{Line: o.Lines[0].ID, Offer: dear.ID, Grams: row.grams}))
			_, err = w.orders.AgreeToLess(w.ctx, employee, o.ID, false)
			v, errV := w.orders.Order(w.ctx, employee, o.ID)
			v = get(t, v, errV)
			if row.code == "" {
				get(t, 0, err)
				continue
			}
			wantFault(t, err, row.code, "")
			if v.State != orders.OfferedLess || v.Invoice != 960_00 {
				t.Errorf("%s of %s after a refused yes", v.State, v.Invoice)
			}
			must(t)(w.orders.Cancel(w.ctx, employee, o.ID, "too dear"))
		}
		w.verify()
	})
}
