package market_test

import (
	"slices"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// Three tonnes in boxes of 6 kg over needs of 4 t and of nobody knows how much: what a donor sees before ordering.
func TestShareOut(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		lot, err := s.CreateLot(s.ctx, liulin, market.LotInput{Party: "liulin", Produce: "苹果", Weight: 3000 * kg, Packs: 500, PackGrams: 6 * kg, Place: market.Place{Adcode: "610322"}})
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.CreateOffer(s.ctx, liulin, "", market.OfferInput{Lot: lot.ID, Price: 60_000})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = s.ShareOut(s.ctx, market.ShareInput{Offer: o.ID, Demands: []string{"x"}}); err == nil {
			t.Error("a draft was shared out")
		}
		if _, _, err = s.ActOnOffer(s.ctx, liulin, o.ID, "publish", ""); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, in := range []market.DemandInput{{Kind: market.UpTo, Grams: 4000 * kg}, {Kind: market.Unknown}} {
			in.Party, in.Produce = "union", "苹果"
			d, err := s.CreateDemand(s.ctx, union, "", in)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, d.ID)
		}
		d, err := s.ShareOut(s.ctx, market.ShareInput{Offer: o.ID, Demands: ids, Floor: 600 * kg})
		if err != nil {
			t.Fatal(err)
		}
		// 4,000 kg are 666 boxes, and so counts the unknown: 500 boxes over two, 250 each.
		if d.Pack != 6*kg || d.Grams(d.Parts[0]) != 1500*kg || d.Grams(d.Parts[1]) != 1500*kg || !d.Parts[1].Guess || d.Left != 0 {
			t.Errorf("%+v", d)
		}
		_, err = s.ShareOut(s.ctx, market.ShareInput{Offer: o.ID, Grams: 3001 * kg, Demands: ids})
		wantFault(t, err, "only_left", "weight")
		_, err = s.ShareOut(s.ctx, market.ShareInput{Grams: kg, Demands: []string{ids[0], ids[0]}})
		wantFault(t, err, "named_twice", "demands[1]")
		_, err = s.ShareOut(s.ctx, market.ShareInput{Grams: kg, Demands: []string{ids[0], "x"}})
		wantFault(t, err, "not_found", "demands[1]")
		if _, err = s.ActOnDemand(s.ctx, union, ids[0], "refuse_more", "full"); err != nil {
			t.Fatal(err)
		}
		_, err = s.ShareOut(s.ctx, market.ShareInput{Grams: kg, Demands: ids})
		wantFault(t, err, "need_not_open", "demands[0]")
	})
}

// Needs are on the list of whom to call from twelve hours before they go stale, the longest silent first.
func TestNeedsToConfirm(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		make := func(relief bool) string {
			d, err := s.CreateDemand(s.ctx, union, "", market.DemandInput{Party: "union", Produce: "苹果", Kind: market.Unknown, Relief: relief})
			if err != nil {
				t.Fatal(err)
			}
			return d.ID
		}
		trade, first := make(false), make(true)
		s.at(firstDay.Add(10 * time.Hour))
		second := make(true)
		due := func(at time.Time, by auth.Actor, want ...string) {
			t.Helper()
			s.at(at)
			list, err := s.ToConfirm(s.ctx, by, "")
			if err != nil || len(list) != len(want) {
				t.Fatalf("%s: %d, %v", at, len(list), err)
			}
			for i, id := range want {
				if list[i].ID != id {
					t.Errorf("%s: %d is %s", at, i, list[i].ID)
				}
			}
		}
		due(firstDay.Add(36*time.Hour-time.Second), operator)
		due(firstDay.Add(36*time.Hour), operator, first)
		due(firstDay.Add(60*time.Hour), operator, first, second)
		due(firstDay.Add(60*time.Hour), liulin)
		due(firstDay.Add(14*24*time.Hour), union, trade, first, second)
		if _, err := s.ActOnDemand(s.ctx, union, first, "confirm", ""); err != nil {
			t.Fatal(err)
		}
		due(firstDay.Add(14*24*time.Hour), union, trade, second)
	})
}

// The list of whom to call goes on page after page and leaves nobody out, not even when the last one of a page was called in between.
func TestNeedsToConfirmGoOnPageByPage(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		var want []string
		for range 120 {
			d, err := s.CreateDemand(s.ctx, union, "", market.DemandInput{Party: "union", Produce: "苹果", Kind: market.Unknown, Relief: true})
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, d.ID)
		}
		s.at(firstDay.Add(50 * time.Hour))
		page := func(by auth.Actor, after string) []string {
			t.Helper()
			list, err := s.ToConfirm(s.ctx, by, after)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, d := range list {
				ids = append(ids, d.ID)
			}
			return ids
		}
		for _, by := range []auth.Actor{operator, union} {
			var got []string
			for next := page(by, ""); len(next) > 0; next = page(by, got[len(got)-1]) {
				got = append(got, next...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d of %d needs, or in another order", by.User, len(got), len(want))
			}
		}
		first := page(operator, "")
		last := first[len(first)-1]
		if _, err := s.ActOnDemand(s.ctx, union, last, "confirm", ""); err != nil {
			t.Fatal(err)
		}
		if got := page(operator, last); len(got) == 0 || got[0] != want[0] {
			t.Errorf("after one that was confirmed since the list is %v", got)
		}
		if got := page(liulin, ""); len(got) > 0 {
			t.Errorf("another party sees %d", len(got))
		}
	})
}
