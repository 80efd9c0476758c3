package orders_test

import (
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var draftDay = time.Date(2020, 2, 3, 6, 0, 0, 0, firstDay.Location()) // the Monday after firstDay

// standing makes the canteen's standing order for 400 kg of liulin's apples on Mondays, at most at 5.80, and lets its first draft be made.
func (w *trade) standing() (made orders.Standing, draft string) {
	w.t.Helper()
	st, err := w.orders.MakeStanding(w.ctx, employee, orders.StandingInput{Buyer: "canteen", Seller: "liulin", Produce: "苹果", Grams: 400 * kg, Most: 58_000, Weekday: 1})
	st = get(w.t, st, err)
	w.at(draftDay)
	w.done(w.orders.DraftStanding(w.ctx))
	st, err = w.orders.StandingOrder(w.ctx, employee, st.ID)
	if st = get(w.t, st, err); len(st.Runs) != 1 || st.Runs[0].Order == "" {
		w.t.Fatalf("no draft: %+v", st.Runs)
	}
	return st, st.Runs[0].Order
}

// A draft whose offer became dearer than the standing order's highest price isn't sent, and stays as it is; at that price it is.
func TestADraftIsNotSentAboveItsLimit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000})
		_, draft := w.standing()
		_, err := w.change(liulin, offer.ID, market.OfferInput{Price: 58_001})
		get(t, 0, err)
		_, err = w.orders.SubmitDraft(w.ctx, employee, draft)
		wantFault(t, err, "above_standing_limit", "lines[0].price")
		o, err := w.orders.Order(w.ctx, employee, draft)
		if o = get(t, o, err); o.State != orders.Draft || len(o.Lines) != 1 || o.Lines[0].Price != 55_000 {
			t.Errorf("refused, it is %s with %+v", o.State, o.Lines)
		}
		_, err = w.change(liulin, offer.ID, market.OfferInput{Price: 58_000})
		get(t, 0, err)
		sent, err := w.orders.SubmitDraft(w.ctx, employee, draft)
		if sent = get(t, sent, err); sent.Act != orders.Submitted || sent.Invoice != 2_320_00 { // 400 kg at 5.80
			t.Errorf("%s for %s", sent.Act, sent.Invoice)
		}
	})
}

// A draft that was never sent is nothing its seller gets to see, whether it waits or was dropped.
func TestASellerNeverSeesADraftThatWasNotSent(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000})
		_, draft := w.standing()
		seesNothing := func(when string) {
			t.Helper()
			_, err := w.orders.Order(w.ctx, liulin, draft)
			wantFault(t, err, "not_found", "")
			list, err := w.orders.Orders(w.ctx, liulin, "seller", "")
			if list = get(t, list, err); len(list) != 0 {
				t.Errorf("%s, its seller's list has %+v", when, list)
			}
		}
		seesNothing("while it waits")
		_, err := w.orders.Cancel(w.ctx, employee, draft, "the canteen is closed")
		get(t, 0, err)
		seesNothing("dropped")
		mine, err := w.orders.Order(w.ctx, employee, draft)
		if mine = get(t, mine, err); mine.Act != orders.Cancelled {
			t.Errorf("its buyer's is %s", mine.Act)
		}
	})
}

// A seller sees what will draw on its offers and, once sent, the orders of it: neither the buyer's highest price nor a draft nor a day without one.
func TestASellerSeesItsStandingOrders(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000})
		st, draft := w.standing()
		see := func(by auth.Actor, role string, want int) orders.Standing {
			t.Helper()
			list, err := w.orders.Standings(w.ctx, by, role, "")
			if list = get(t, list, err); len(list) != want {
				t.Fatalf("%d as %q, want %d", len(list), role, want)
			}
			if want == 0 {
				return orders.Standing{}
			}
			one, err := w.orders.StandingOrder(w.ctx, by, st.ID)
			if one = get(t, one, err); one.ID != list[0].ID || one.Most != list[0].Most || len(one.Runs) != len(list[0].Runs) {
				t.Errorf("alone %+v, in the list %+v", one, list[0])
			}
			return one
		}
		see(employee, "seller", 0)
		see(liulin, "buyer", 0)
		see(biaojiao, "", 0)
		if own := see(employee, "", 1); own.Most != 58_000 || len(own.Runs) != 1 || see(operator, "", 1).Most != 58_000 {
			t.Errorf("its buyer sees %+v", own)
		}
		if sold := see(liulin, "seller", 1); sold.Most != 0 || len(sold.Runs) != 0 || sold.Buyer != "canteen" || sold.Grams != 400*kg || sold.NextAt != st.NextAt {
			t.Errorf("its seller sees %+v", sold)
		}
		w.done(w.orders.SubmitDraft(w.ctx, employee, draft))
		if sold := see(liulin, "", 1); len(sold.Runs) != 1 || sold.Runs[0].Order != draft || sold.Runs[0].State != orders.Submitted {
			t.Errorf("sent, its seller sees %+v", sold.Runs)
		}
		w.done(w.orders.Confirm(w.ctx, liulin, draft))
		w.at(draftDay.AddDate(0, 0, 7)) // 300 kg are free at 5.50, and 6.00 is too dear: no draft
		w.done(w.orders.DraftStanding(w.ctx))
		if own, sold := see(employee, "buyer", 1), see(liulin, "seller", 1); len(own.Runs) != 2 || len(sold.Runs) != 1 {
			t.Errorf("its buyer sees %+v, its seller %+v", own.Runs, sold.Runs)
		}
		_, err := w.orders.ActOnStanding(w.ctx, liulin, st.ID, "end")
		wantFault(t, err, "not_found", "")
	})
}
