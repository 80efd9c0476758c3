package orders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
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
		_, err = w.orders.SubmitDraft(w.ctx, employee, draft, 0)
		wantFault(t, err, "above_standing_limit", "lines[0].price")
		o, err := w.orders.Order(w.ctx, employee, draft)
		if o = get(t, o, err); o.State != orders.Draft || len(o.Lines) != 1 || o.Lines[0].Price != 55_000 {
			t.Errorf("refused, it is %s with %+v", o.State, o.Lines)
		}
		_, err = w.change(liulin, offer.ID, market.OfferInput{Price: 58_000})
		get(t, 0, err)
		sent, err := w.orders.SubmitDraft(w.ctx, employee, draft, 0)
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
		_, err := w.orders.ChangeDraft(w.ctx, liulin, draft, kg, 0)
		wantFault(t, err, "not_found", "")
		_, err = w.orders.SubmitDraft(w.ctx, liulin, draft, 0)
		wantFault(t, err, "not_found", "")
		_, err = w.orders.Cancel(w.ctx, liulin, draft, "")
		wantFault(t, err, "not_found", "")
		_, err = w.orders.Cancel(w.ctx, employee, draft, "the canteen is closed")
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
		w.done(w.orders.SubmitDraft(w.ctx, employee, draft, 0))
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

// Its buyer writes another weight into a draft, at the price that the offer asks for so much; all of it goes to the need of the standing order, which
// keeps its own weight. What can't be names its field.
func TestADraftsWeightIsChanged(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000, Min: 50 * kg, Tiers: []market.Tier{{From: 500 * kg, Price: 54_000}}})
		st, err := w.orders.MakeStanding(w.ctx, employee, orders.StandingInput{Buyer: "canteen", Seller: "liulin", Produce: "苹果", Grams: 400 * kg, Most: 58_000, Weekday: 1, Demand: w.need.ID})
		st = get(t, st, err)
		w.at(draftDay)
		w.done(w.orders.DraftStanding(w.ctx))
		st, err = w.orders.StandingOrder(w.ctx, employee, st.ID)
		draft := get(t, st, err).Runs[0].Order
		change := func(by auth.Actor, g measure.Grams) error {
			_, err := w.orders.ChangeDraft(w.ctx, by, draft, g, 0)
			return err
		}
		wantFault(t, change(employee, 0), "bad_weight", "weight")
		wantFault(t, change(employee, market.MaxLot+1), "bad_weight", "weight")
		wantFault(t, change(employee, 49*kg), "below_minimum", "weight")
		wantFault(t, change(employee, 701*kg), "only_left", "weight")
		wantFault(t, change(liulin, 500*kg), "not_found", "")
		wantFault(t, change(donor, 500*kg), "not_found", "")
		w.done(nil, change(employee, 500*kg))
		is := func(state orders.State, price measure.PriceE4, fen measure.Fen) {
			t.Helper()
			v, err := w.orders.Order(w.ctx, employee, draft)
			if v = get(t, v, err); v.State != state || v.Invoice != fen || len(v.Lines) != 1 || v.Lines[0].Grams != 500*kg || v.Lines[0].Price != price ||
				len(v.Lines[0].To) != 1 || v.Lines[0].To[0].Grams != 500*kg {
				t.Errorf("%s for %s: %+v", v.State, v.Invoice, v.Lines)
			}
		}
		is(orders.Draft, 54_000, 2_700_00) // 500 kg at 5.40
		if now, err := w.orders.StandingOrder(w.ctx, employee, st.ID); get(t, now, err).Grams != 400*kg {
			t.Errorf("the standing order is for %s now", now.Grams)
		}
		_, err = w.change(liulin, offer.ID, market.OfferInput{Price: 58_001})
		get(t, 0, err)
		wantFault(t, change(employee, 300*kg), "above_standing_limit", "price")
		_, err = w.change(liulin, offer.ID, market.OfferInput{Price: 56_000})
		get(t, 0, err)
		w.done(w.orders.SubmitDraft(w.ctx, employee, draft, 0))
		is(orders.Submitted, 56_000, 2_800_00)
		wantFault(t, change(employee, 300*kg), "wrong_state", "")
		events, err := ledger.Events(w.ctx, db.Read(), "order/"+draft)
		if i := slices.IndexFunc(get(t, events, err), func(e ledger.Event) bool { return e.Act == "order.change" }); i < 0 ||
			string(events[i].Before) != `{"Grams":400000,"Invoice":220000}` || string(events[i].After) != `{"Grams":500000,"Invoice":270000}` {
			t.Errorf("the audit has %+v", events)
		}
	})
}

// A draft is sent, and its weight changed, at the terms of the offer that its buyer read: a change that the buyer did not see is refused with the
// price then and now.
func TestADraftIsSentAtTheTermsThatWereRead(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000})
		_, draft := w.standing()
		refused := func(code, text string, version int64) {
			t.Helper()
			_, err := w.orders.SubmitDraft(w.ctx, employee, draft, version)
			wantFault(t, err, code, "lines[0].offer")
			if f := fault.Of(err); f == nil || !strings.Contains(f.Error(), text) {
				t.Errorf("%v doesn't say %q", err, text)
			}
			_, err = w.orders.ChangeDraft(w.ctx, employee, draft, 300*kg, version)
			wantFault(t, err, code, "offer")
			if o, err := w.orders.Order(w.ctx, employee, draft); get(t, o, err).State != orders.Draft || o.Grams() != 400*kg {
				t.Errorf("refused, it is %s of %s", o.State, o.Grams())
			}
		}
		dearer, err := w.change(liulin, offer.ID, market.OfferInput{Price: 56_000})
		dearer = get(t, dearer, err)
		refused("offer_repriced", fmt.Sprintf("cost %s then, and %s now", measure.PriceE4(55_000), measure.PriceE4(56_000)), offer.Version)
		refused("offer_changed", "changed this offer", dearer.Version+7) // never was
		other, err := w.change(liulin, offer.ID, market.OfferInput{Price: 56_000, Loss: &market.LossTerms{Bearer: market.SellerBears, MoisturePerMille: 10}})
		other = get(t, other, err)
		refused("offer_changed", "changed this offer", dearer.Version) // at the same price
		w.done(w.orders.ChangeDraft(w.ctx, employee, draft, 300*kg, other.Version))
		w.done(w.orders.SubmitDraft(w.ctx, employee, draft, other.Version))
	})
}

// Its buyer changes weight, highest price and end of a standing order that runs: drafts to come have them, the one of a day that has come and has none yet
// too; a draft that was made keeps its own.
func TestAStandingOrderIsChanged(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000})
		st, first := w.standing()
		change := func(by auth.Actor, g measure.Grams, most measure.PriceE4, until string) error {
			_, err := w.orders.ChangeStanding(w.ctx, by, st.ID, orders.StandingTerms{Grams: g, Most: most, Until: until})
			return err
		}
		act := func(act string) error { _, err := w.orders.ActOnStanding(w.ctx, employee, st.ID, act); return err }
		wantFault(t, change(employee, 0, 0, ""), "bad_weight", "weight")
		wantFault(t, change(employee, kg, -1, ""), "bad_price", "most")
		wantFault(t, change(employee, kg, 0, "2020-02-09"), "no_day_left", "until") // the next is on the 10th
		wantFault(t, change(liulin, kg, 0, ""), "not_found", "")
		w.done(nil, change(employee, 300*kg, 56_000, "2020-02-17"))
		w.done(nil, act("pause"))
		wantFault(t, change(employee, kg, 0, "2020-02-09"), "no_day_left", "until")
		w.done(nil, change(employee, 250*kg, 56_000, "2020-02-17"))
		w.done(nil, act("resume"))
		w.at(draftDay.AddDate(0, 0, 7).Add(time.Hour)) // the day has come, and no draft yet
		w.done(nil, change(employee, 200*kg, 55_000, "2020-02-10"))
		w.done(w.orders.DraftStanding(w.ctx))
		now, err := w.orders.StandingOrder(w.ctx, employee, st.ID)
		if now = get(t, now, err); now.Grams != 200*kg || now.Most != 55_000 || now.Until != "2020-02-10" || now.Act != orders.StandingEnded || len(now.Runs) != 2 || now.Runs[0].Day != "2020-02-10" {
			t.Fatalf("%+v", now)
		}
		for order, want := range map[string]measure.Grams{first: 400 * kg, now.Runs[0].Order: 200 * kg} {
			if o, err := w.orders.Order(w.ctx, employee, order); get(t, o, err).Grams() != want {
				t.Errorf("a draft of %s, want %s", o.Grams(), want)
			}
		}
		wantFault(t, change(employee, kg, 0, ""), "wrong_state", "")
		events, err := ledger.Events(w.ctx, db.Read(), "standing/"+st.ID)
		for name, want := range map[string][2]string{
			"standing.pause":  {`{"act":"active","next":"2020-02-10"}`, `{"act":"paused"}`},
			"standing.resume": {`{"act":"paused"}`, `{"act":"active","next":"2020-02-10"}`},
		} {
			if i := slices.IndexFunc(get(t, events, err), func(e ledger.Event) bool { return e.Act == name }); i < 0 || string(events[i].Before) != want[0] || string(events[i].After) != want[1] {
				t.Errorf("the audit has no %s %v in %+v", name, want, events)
			}
		}
		events = slices.DeleteFunc(events, func(e ledger.Event) bool { return e.Act != "standing.change" })
		if len(events) != 3 || string(events[0].Before) != `{"Grams":400000,"Most":58000,"Until":""}` || string(events[0].After) != `{"Grams":300000,"Most":56000,"Until":"2020-02-17"}` {
			t.Errorf("the audit has %+v", events)
		}
	})
}
