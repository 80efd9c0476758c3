package orders_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"jishi/server/measure"
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

// After the goods came an order lacks what its settlement needs, by accepted weight and with the haulage that its money paid: paid in, the settlement
// finds it, and nothing of it goes back.
func TestAnOrderLacksWhatItsSettlementNeeds(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for _, c := range []struct {
			what             string
			loaded, rejected measure.Grams
			paid             measure.Fen // before the truck; the order is 6,000.00
			lacks            measure.Fen // after it: accepted x 6.00 and 500.00 of haulage, less what was paid
		}{
			{"less was accepted", 1000 * kg, 20 * kg, 6_000_00, 380_00},
			{"more was accepted", 1005 * kg, 0, 6_000_00, 530_00},
			{"haulage was paid on top", 1000 * kg, 20 * kg, 6_600_00, 0},
			{"a part was paid on top", 1000 * kg, 0, 6_200_00, 300_00},
		} {
			o := w.saleOf(w.lot(liulin, "liulin", "apple", 1100*kg))
			w.pay(o.Reference, c.paid)
			w.haul(o.Lines[0].To[0].ID, "c-"+o.ID, 1000*kg, c.loaded, c.loaded, c.rejected)
			w.do(func(tx store.Tx) error {
				return w.orders.PayHaulage(w.ctx, tx, finance, orders.Haulage{ClientID: "t-" + o.ID, Order: o.ID, Carrier: "haulier", Trip: "t1", Fen: 500_00, At: w.now()})
			})
			w.done(w.orders.Accept(w.ctx, union, o.ID, ""))
			v, err := w.orders.Order(w.ctx, donor, o.ID)
			if v = get(t, v, err); v.Lacks != c.lacks {
				t.Errorf("%s: %s lacks, want %s", c.what, v.Lacks, c.lacks)
			}
			back := w.fen(orders.Refund("donor"))
			if c.lacks > 0 {
				_, err = w.orders.Settle(w.ctx, finance, o.ID)
				wantFault(t, err, "not_paid", "")
				w.pay(o.Reference, c.lacks)
				back = w.fen(orders.Refund("donor"))
			}
			st, err := w.orders.Settle(w.ctx, finance, o.ID)
			if st = get(t, st, err); st.Total != measure.Fen((c.loaded-c.rejected)/kg)*600+500_00 {
				t.Errorf("%s: %s divided", c.what, st.Total)
			}
			if got := w.fen(orders.Refund("donor")) - back; c.lacks > 0 && got != 0 || w.fen(orders.Escrow(o.ID))+w.fen(orders.Overpaid(o.ID)) != 0 {
				t.Errorf("%s: %s went back", c.what, got)
			}
		}
		w.verify()
	})
}
