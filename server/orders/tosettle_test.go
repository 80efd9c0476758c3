package orders_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// Finance can settle what is accepted, or was silent until claims had ended, and whose haulage is settled: neither what is on the road, nor what is claimed.
func TestOrdersToSettle(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		need := w.world.need(union, "union", "apple", 3000*kg)
		sent := func(consignment string) orders.Order {
			o, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{line(w.apples, 200*kg, to(need, 200*kg))}})
			o = get(t, o, err)
			w.done(w.orders.Confirm(w.ctx, liulin, o.ID))
			w.take(o.Lines[0].To[0].ID, consignment, 200*kg)
			w.load(consignment, 200*kg)
			return o
		}
		unpaid := ""
		w.orders.UnpaidTrip = func(_ context.Context, _ store.Querier, carried []string) (string, error) {
			if slices.Contains(carried, unpaid) {
				return "JS1", nil
			}
			return "", nil
		}
		ready := func(when string, want ...orders.Order) {
			t.Helper()
			list, err := w.orders.ToSettle(w.ctx, finance, "")
			same := slices.EqualFunc(get(t, list, err), want, func(v orders.View, o orders.Order) bool { return v.ID == o.ID && v.State == orders.Accepted })
			if !same {
				t.Errorf("%s, there are %+v", when, list)
			}
		}
		first, second := sent("c1"), sent("c2")
		ready("on the road")
		w.receive("c1", 200*kg, 0, nil)
		w.receive("c2", 200*kg, 0, nil)
		ready("not accepted")
		w.done(w.orders.Accept(w.ctx, union, second.ID, need.ID))
		unpaid = "c2"
		ready("its haulage is not settled")
		unpaid = ""
		ready("accepted", second)
		c, err := w.orders.MakeClaim(w.ctx, union, orders.ClaimInput{Order: first.ID, Consignment: "c1", Grams: kg, Reason: "soft", Photo: "p"})
		c = get(t, c, err)
		w.at(firstDay.Add(73 * time.Hour))
		ready("the other one is claimed", second)
		w.done(w.orders.AgreeClaim(w.ctx, liulin, c.ID, kg))
		ready("silent for 73 hours", first, second)
		w.pay(second.Reference, second.Invoice)
		w.done(w.orders.Settle(w.ctx, finance, second.ID))
		ready("one is settled", first)
		_, err = w.orders.ToSettle(w.ctx, operator, "")
		wantFault(t, err, "finance_only", "")
	})
}
