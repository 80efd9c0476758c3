package orders_test

import (
	"testing"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// Prices far below and far above the band become cases with the band of their day; those that are only outside it do not, and
// the same line becomes one only once.
func TestPricesFarFromTheBandAreLookedAt(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(biaojiao, "biaojiao", "scallion", 102*kg)
		// 65 % of 17,300 is 11,245, 135 % of 23,000 is 31,050: the bounds themselves are not crossed.
		for i, price := range []int64{11_244, 11_245, 16_000, 31_050, 31_051} {
			offer := w.offer(biaojiao, market.OfferInput{Lot: lot.ID, Price: measure.PriceE4(price)})
			o, err := w.orders.Submit(w.ctx, firm, orders.Input{ClientID: "cart-" + offer.ID, Buyer: "firm", Lines: []orders.LineInput{line(offer, 6*kg)}})
			get(t, o, err)
			again, err := w.orders.Submit(w.ctx, firm, orders.Input{ClientID: "cart-" + offer.ID, Buyer: "firm", Lines: []orders.LineInput{line(offer, 6*kg)}})
			if again = get(t, again, err); again.ID != o.ID {
				t.Errorf("price %d was ordered twice", i)
			}
		}
		list, err := w.orders.PriceCases(w.ctx, auditor, orders.PriceFilter{})
		if list = get(t, list, err); len(list) != 2 {
			t.Fatalf("%d cases: %+v", len(list), list)
		}
		above, below := list[0], list[1]
		if above.Side != orders.FarAbove || above.Bound != 31_050 || above.Price != 31_051 || below.Side != orders.FarBelow || below.Bound != 11_245 ||
			below.Price != 11_244 || below.Band.Low != 17_300 || below.Band.Source != "seen on two markets" || below.Band.From != "2018-01-01" ||
			below.Grams != 6*kg || below.Seller != "biaojiao" || below.Buyer != "firm" || below.State() != orders.PriceOpen {
			t.Errorf("%+v\n%+v", above, below)
		}
		only, err := w.orders.PriceCases(w.ctx, operator, orders.PriceFilter{Side: orders.FarAbove, State: orders.PriceOpen})
		if only = get(t, only, err); len(only) != 1 || only[0].ID != above.ID {
			t.Errorf("above: %+v", only)
		}
		_, err = w.orders.PriceCases(w.ctx, biaojiao, orders.PriceFilter{})
		wantFault(t, err, "watchers_only", "")
	})
}

// An offer is looked at when it goes live, by its lowest tier too, and not again when it is resumed.
func TestOffersFarFromTheBandAreLookedAt(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.market.Listed = w.orders.WatchOffer
		lot := w.lot(biaojiao, "biaojiao", "scallion", 102*kg)
		w.offer(biaojiao, market.OfferInput{Lot: lot.ID, Price: 18_000})
		w.offer(biaojiao, market.OfferInput{Lot: lot.ID, Gift: true})
		dear := w.offer(biaojiao, market.OfferInput{Lot: lot.ID, Price: 18_000, Tiers: []market.Tier{{From: 50 * kg, Price: 11_000}}})
		for _, act := range []string{"pause", "resume"} {
			_, _, err := w.market.ActOnOffer(w.ctx, biaojiao, dear.ID, act, "")
			get(t, 0, err)
		}
		list, err := w.orders.PriceCases(w.ctx, operator, orders.PriceFilter{})
		if list = get(t, list, err); len(list) != 1 || list[0].Subject != "offer/"+dear.ID || list[0].Price != 11_000 || list[0].Side != orders.FarBelow {
			t.Errorf("%+v", list)
		}
	})
}

// A case is closed by the operator who looks at it, with a verdict and a reason, once; each act is in the journal.
func TestAPriceCaseIsClosedWithAReason(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.market.Listed = w.orders.WatchOffer
		lot := w.lot(biaojiao, "biaojiao", "scallion", 102*kg)
		w.offer(biaojiao, market.OfferInput{Lot: lot.ID, Price: 50_000})
		list, err := w.orders.PriceCases(w.ctx, operator, orders.PriceFilter{})
		id := get(t, list, err)[0].ID
		other := auth.Actor{User: "op2", Grants: []auth.Grant{{Role: auth.Operator}}}

		_, err = w.orders.ClosePriceCase(w.ctx, operator, id, orders.PriceFair, "organic")
		wantFault(t, err, "case_state", "")
		_, err = w.orders.TakePriceCase(w.ctx, auditor, id)
		wantFault(t, err, "operators_only", "")
		c, err := w.orders.TakePriceCase(w.ctx, operator, id)
		if c = get(t, c, err); c.State() != orders.PriceTaken || c.TakenBy != "op" {
			t.Errorf("%+v", c)
		}
		_, err = w.orders.ClosePriceCase(w.ctx, other, id, orders.PriceFair, "organic")
		wantFault(t, err, "anothers_case", "")
		_, err = w.orders.ClosePriceCase(w.ctx, operator, id, "nice", "organic")
		wantFault(t, err, "bad_verdict", "verdict")
		_, err = w.orders.ClosePriceCase(w.ctx, operator, id, orders.PriceFair, "")
		wantFault(t, err, "reason_needed", "reason")
		c, err = w.orders.ClosePriceCase(w.ctx, operator, id, orders.PriceFair, "organic, by its certificate")
		if c = get(t, c, err); c.State() != orders.PriceClosed || c.Verdict != orders.PriceFair {
			t.Errorf("%+v", c)
		}
		_, err = w.orders.ClosePriceCase(w.ctx, operator, id, orders.PriceReferred, "again")
		wantFault(t, err, "case_state", "")
		_, err = w.orders.TakePriceCase(w.ctx, operator, "nothing")
		wantFault(t, err, "not_found", "")
		events, err := ledger.Events(w.ctx, db.Read(), "price_case/"+id)
		events = get(t, events, err)
		if len(events) != 3 || events[0].Act != "price_case.open" || events[2].Act != "price_case.close" || events[2].Reason != "organic, by its certificate" {
			t.Errorf("the journal has %+v", events)
		}
	})
}
