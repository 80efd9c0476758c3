package orders_test

import (
	"testing"
	"time"

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
