package orders_test

import (
	"strings"
	"sync"
	"testing"

	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// 600 kg were accepted. What the wards get of it is never more, stays accepted, and stands on the gift's page.
func TestAReceiverHandsOutToItsWards(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := delivered(t, db)
		need := o.Lines[0].To[0].Demand
		h, err := w.orders.HandOut(w.ctx, union, "phone-1", need, " 呼吸科 ", 200*kg)
		h = get(t, h, err)
		again, err := w.orders.HandOut(w.ctx, union, "phone-1", need, "呼吸科", 200*kg)
		if again = get(t, again, err); again.ID != h.ID || h.Ward != "呼吸科" {
			t.Errorf("sent twice: %+v and %+v", h, again)
		}
		_, err = w.orders.HandOut(w.ctx, union, "", need, "食堂", 401*kg)
		wantFault(t, err, "not_in_store", "weight")
		_, err = w.orders.HandOut(w.ctx, zhongnan, "", need, "食堂", kg)
		wantFault(t, err, "not_found", "")
		_, err = w.orders.HandOut(w.ctx, union, "", need, " ", kg)
		wantFault(t, err, "required", "ward")
		_, err = w.orders.HandOut(w.ctx, union, "", need, strings.Repeat("科", 61), kg)
		wantFault(t, err, "too_long", "ward")
		_, err = w.orders.HandOut(w.ctx, union, "", need, "食堂", 0)
		wantFault(t, err, "required", "weight")
		n, err := orders.Books{}.OfDemands(w.ctx, db.Read(), need)
		if n = get(t, n, err); n[need].Accepted != 600*kg || n[need].HandedOut != 200*kg {
			t.Errorf("the need shows %+v", n[need])
		}
		if _, err = w.orders.Handouts(w.ctx, zhongnan, need); err == nil {
			t.Error("another hospital sees the wards")
		}
		back, err := w.orders.UndoHandout(w.ctx, union, need, h.ID)
		if back = get(t, back, err); back.UndoneAt == 0 || w.grams(orders.ConsignAccepted("c1")) != 600*kg {
			t.Errorf("undone: %+v", back)
		}
		_, err = w.orders.UndoHandout(w.ctx, union, need, h.ID) // once more: no second effect
		get(t, 0, err)
		if w.grams(orders.ConsignAccepted("c1")) != 600*kg {
			t.Error("undone twice")
		}
		w.verify()
	})
}

// What is found bad in a ward can be claimed after it was handed out; it is taken from the store first.
func TestAClaimReachesIntoTheWards(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := delivered(t, db)
		need := o.Lines[0].To[0].Demand
		h, err := w.orders.HandOut(w.ctx, union, "", need, "呼吸科", 580*kg)
		h = get(t, h, err)
		c, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
		c = get(t, c, err)
		_, err = w.orders.AgreeClaim(w.ctx, liulin, c.ID, 50*kg)
		get(t, 0, err)
		if w.grams(orders.ConsignAccepted("c1")) != 0 || w.grams(orders.ConsignHandedOut("c1")) != 550*kg || w.grams(orders.ConsignRejected("c1")) != 50*kg {
			t.Errorf("store %s, wards %s", w.grams(orders.ConsignAccepted("c1")), w.grams(orders.ConsignHandedOut("c1")))
		}
		_, err = w.orders.UndoHandout(w.ctx, union, need, h.ID)
		wantFault(t, err, "handout_claimed", "")
		st, err := w.orders.Settle(w.ctx, finance, o.ID)
		if st = get(t, st, err); st.Total != 3_300_00 { // 550 kg x 6.00
			t.Errorf("settled %s", st.Total)
		}
	})
}

func TestManyHandsCantHandOutMoreThanIsThere(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := delivered(t, db)
		need := o.Lines[0].To[0].Demand
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { _, _ = w.orders.HandOut(w.ctx, union, "", need, "急诊", 100*kg) })
		}
		all.Wait()
		list, err := w.orders.Handouts(w.ctx, union, need)
		if list = get(t, list, err); len(list) != 6 || w.grams(orders.ConsignAccepted("c1")) != 0 {
			t.Errorf("%d of 8 got 100 kg out of 600, %s is left", len(list), w.grams(orders.ConsignAccepted("c1")))
		}
	})
}

// The gift's page follows its own goods into the wards, and no others that met the same need.
func TestAGiftIsFollowedIntoTheWards(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 80_000_00)
		s.hauled()
		g, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		g = get(t, g, err)
		needs, err := s.market.Demands(s.ctx, market.NeedsWanted{Party: "union"})
		for _, d := range get(t, needs, err) {
			if d.Numbers.Accepted > 0 {
				_, err = s.orders.HandOut(s.ctx, union, "", d.ID, "呼吸科", 300*kg)
				get(t, 0, err)
				h, err := s.orders.HandOut(s.ctx, union, "", d.ID, "食堂", 100*kg)
				h = get(t, h, err)
				_, err = s.orders.UndoHandout(s.ctx, union, d.ID, h.ID)
				get(t, 0, err)
			}
		}
		after, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		after = get(t, after, err)
		sums := map[string]int64{}
		for _, p := range after.Wards {
			sums[p.Ward] += int64(p.Grams)
		}
		if sums["呼吸科"] < 300_000 || sums["呼吸科"]%300_000 != 0 || len(sums) != 1 {
			t.Errorf("the page shows %v", sums)
		}
		for i, r := range after.Rows {
			if r.Numbers.Accepted != g.Rows[i].Numbers.Accepted {
				t.Errorf("row %s shows %s accepted, before it was %s", r.Consignment, r.Numbers.Accepted, g.Rows[i].Numbers.Accepted)
			}
		}
	})
}
