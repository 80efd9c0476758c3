package orders_test

import (
	"slices"
	"testing"
	"time"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// An order that comes from a fair share keeps it: method, asked, floor, share and all that they were worked out from, so that it can be worked out
// again when offer and needs are others. What the buyer did differently stands beside it.
func TestAnOrderKeepsTheFairShareItComesFrom(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 600*kg).ID, Price: 60_000})
		a, b := w.need(union, "union", "apple", 900*kg), w.need(zhongnan, "zhongnan", "apple", 300*kg)
		less := w.need(zhongnan, "zhongnan", "apple", 5*kg) // than a pack: it gets nothing, and nothing is not among what was seen
		in := market.ShareInput{Floor: 60 * kg, Demands: []string{a.ID, b.ID, less.ID}}
		// 100 packs of 6 kg for 150 and 50: each first its floor of 10, of the other 80 by 140 and 40: 62 2/9 and 17 7/9, so 62 and 18.
		seen := []orders.ToInput{to(a, 432*kg), to(b, 168*kg)}
		place := func(seen []orders.ToInput, parts ...orders.ToInput) (orders.Order, error) {
			l := line(offer, 600*kg, parts...)
			l.Share = &orders.SharedBy{ShareInput: in, Seen: seen}
			return w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{l}})
		}
		_, err := place([]orders.ToInput{to(a, 438*kg), to(b, 162*kg)}, seen...)
		wantFault(t, err, "share_changed", "lines[0].share")
		_, err = place(append(seen[:2:2], to(less, 5*kg)), seen...)
		wantFault(t, err, "share_changed", "lines[0].share")
		_, err = place(seen[:1], seen...)
		wantFault(t, err, "share_changed", "lines[0].share")
		o, err := place(seen, to(a, 420*kg), to(b, 180*kg)) // 12 kg otherwise than worked out
		o = get(t, o, err)
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)

		list, order, err := w.orders.OrderShares(w.ctx, union, o.ID)
		if list = get(t, list, err); len(list) != 1 || list[0].Line != o.Lines[0].ID || list[0].At != w.now() || order.Lines[0].ShareMethod != market.FloorsThenShares {
			t.Fatalf("%+v", list)
		}
		d := list[0].Working
		if d.Method != market.FloorsThenShares || d.Total != 600*kg || d.Least != 60*kg || d.Pack != 6*kg || len(d.Rounds) == 0 || !list[0].Proven() {
			t.Errorf("%+v", d)
		}
		for i, want := range []struct{ wants, floor, share, ordered measure.Grams }{{900 * kg, 60 * kg, 432 * kg, 420 * kg}, {300 * kg, 60 * kg, 168 * kg, 180 * kg}, {wants: 5 * kg}} {
			p, ordered := d.Parts[i], measure.Grams(0)
			if i < len(order.Lines[0].To) {
				ordered = order.Lines[0].To[i].Grams
			}
			if p.Wants != want.wants || measure.Grams(p.Floor)*d.Pack != want.floor || d.Grams(p) != want.share || ordered != want.ordered {
				t.Errorf("%+v, ordered %s", p, ordered)
			}
		}
		d.Parts[0].Packs++
		if (orders.LineShare{Working: d}).Proven() {
			t.Error("a share that was changed is proven")
		}

		for _, by := range []struct {
			who   string
			found bool
		}{{"union", true}, {"zhongnan", false}} {
			list, of, err := w.orders.SharesOfDemand(w.ctx, actor(by.who, "receiver"), a.ID, "")
			if by.found {
				if list = get(t, list, err); len(list) != 1 || of[list[0].Order].Buyer != "firm" {
					t.Errorf("%s finds %+v", by.who, list)
				}
			} else {
				wantFault(t, err, "not_found", "")
			}
		}
		_, err = w.orders.OrderShare(w.ctx, giver, o.ID, o.Lines[0].ID)
		wantFault(t, err, "not_found", "")
		_, err = w.orders.OrderShare(w.ctx, firm, o.ID, "nothing")
		wantFault(t, err, "not_found", "")
		one, err := w.orders.OrderShare(w.ctx, auditor, o.ID, o.Lines[0].ID)
		if one = get(t, one, err); !one.Proven() {
			t.Errorf("%+v", one)
		}
	})
}

// Whoever needs the same goods and is not in a share stands beside it, with the reason and what it asked, got and was to get, then and later:
// what the order keeps doesn't change with the needs. The needs' own people find the share too.
func TestAShareSaysWhoIsNotInItAndWhy(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		met := w.need(union, "union", "apple", 600*kg)
		first := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 600*kg).ID, Price: 60_000})
		o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(first, 600*kg, to(met, 600*kg))}})
		o = get(t, o, err)
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		w.haul(o.Lines[0].To[0].ID, "c1", 600*kg, 600*kg, 600*kg, 0)
		silent := w.need(zhongnan, "zhongnan", "apple", 70*kg)
		w.at(firstDay.AddDate(0, 0, 3)) // relief that nobody confirms is stale after 48 h
		offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 600*kg).ID, Price: 60_000})
		in, other := w.need(union, "union", "apple", 900*kg), w.need(zhongnan, "zhongnan", "apple", 300*kg)
		full, refused := w.need(zhongnan, "zhongnan", "apple", 60*kg), w.need(zhongnan, "zhongnan", "apple", 80*kg)
		post := func(in market.DemandInput) market.Demand {
			in.Party, in.Produce, in.Relief = "zhongnan", "apple", true
			d, err := w.market.CreateDemand(w.ctx, zhongnan, "", in)
			return get(t, d, err)
		}
		uncalled := post(market.DemandInput{Kind: market.Unknown})
		late := post(market.DemandInput{Kind: market.Known, Grams: 40 * kg, By: w.now() + 60_000})
		gone := post(market.DemandInput{Kind: market.Known, Grams: 40 * kg})
		w.need(zhongnan, "zhongnan", "scallion", 90*kg)
		_, err = w.market.ActOnDemand(w.ctx, zhongnan, refused.ID, "refuse_more", "")
		get(t, 0, err)
		_, err = w.market.ActOnDemand(w.ctx, zhongnan, gone.ID, "cancel", "")
		get(t, 0, err)
		_, err = w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(offer, 60*kg, to(full, 60*kg))}})
		get(t, 0, err)
		w.at(firstDay.AddDate(0, 0, 3).Add(2 * time.Minute))

		l := line(offer, 540*kg, to(in, 540*kg))
		l.Share = &orders.SharedBy{ShareInput: market.ShareInput{Grams: 540 * kg, Demands: []string{in.ID}}, Seen: []orders.ToInput{to(in, 540*kg)}}
		sent, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{l}})
		sent = get(t, sent, err)
		_, err = w.market.ActOnDemand(w.ctx, zhongnan, other.ID, "refuse_more", "")
		get(t, 0, err)
		kept, err := w.orders.OrderShare(w.ctx, firm, sent.ID, sent.Lines[0].ID)
		kept = get(t, kept, err)
		want := []market.FairAside{
			{Demand: late.ID, Why: market.AsideLate, Asked: 40 * kg},
			{Demand: uncalled.ID, Why: market.AsideUncalled, Unknown: true},
			{Demand: refused.ID, Why: market.AsideRefused, Asked: 80 * kg},
			{Demand: full.ID, Why: market.AsideFull, Asked: 60 * kg, Coming: 60 * kg},
			{Demand: other.ID, Why: market.AsideLeftAside, Asked: 300 * kg},
			{Demand: silent.ID, Why: market.AsideStale, Asked: 70 * kg},
			{Demand: met.ID, Why: market.AsideMet, Asked: 600 * kg, Got: 600 * kg},
		}
		if got := kept.Working.Aside; !slices.Equal(got, want) || !kept.Proven() {
			t.Errorf("%+v\nwant %+v", got, want)
		}
		list, of, err := w.orders.SharesOfDemand(w.ctx, zhongnan, refused.ID, "")
		if list = get(t, list, err); len(list) != 1 || of[sent.ID].ID != sent.ID {
			t.Errorf("whoever wants no more finds %+v", list)
		}
		w.at(firstDay.AddDate(0, 2, 0)) // what is over for a month is no news
		d, err := w.market.ShareOut(w.ctx, market.ShareInput{Grams: kg, Demands: []string{w.need(union, "union", "apple", kg).ID}})
		if d = get(t, d, err); len(d.Aside) != 0 {
			t.Errorf("two months later: %+v", d.Aside)
		}
	})
}
