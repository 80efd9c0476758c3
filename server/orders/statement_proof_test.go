package orders_test

import (
	"fmt"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// A row that went out and quotes a payment on its way proves it, when the sum is the same; again, and for another sum, it proves nothing.
func TestStatementProvesPayouts(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, alloc := shipment(t, db)
		w.pay(o.Reference, 3_700_00) // 100.00 too much
		w.haul(alloc, "c1", 600*kg, 600*kg, 600*kg, 0)
		must(t)(w.orders.Accept(w.ctx, union, o.ID, ""))
		must(t)(w.orders.Settle(w.ctx, finance, o.ID))
		w.banked("liulin", "donor")
		run, err := w.orders.ProposePayouts(w.ctx, finance, "", nil)
		run = get(t, run, err)
		must(t)(w.orders.ApprovePayouts(w.ctx, finance, run.ID))
		must(t)(w.orders.ApprovePayouts(w.ctx, financeToo, run.ID))
		table := bankHead
		for i, p := range run.Payouts {
			sum := p.Fen
			if p.Account == orders.Refund("donor") {
				sum -= measure.Fen(1) // the bank kept a fen: a person has to look
			}
			table += fmt.Sprintf("2020-02-01,08:3%d:00,%s,,9000.00,Somebody,转账,%s,OUT%d\n", i, sum, p.Reference, i)
		}
		st, err := w.orders.ReadStatement(w.ctx, finance, orders.StatementInput{Name: "out.csv", Data: []byte(table)})
		if st = get(t, st, err); st.Passed != 2 || len(st.Proofs) != 2 {
			t.Fatalf("%+v", st)
		}
		_, err = w.orders.ProveByStatement(w.ctx, donor, st.ID)
		wantFault(t, err, "finance_only", "")
		for range 2 {
			must(t)(w.orders.ProveByStatement(w.ctx, finance, st.ID))
		}
		run, err = w.orders.PayoutRun(w.ctx, finance, run.ID)
		for _, p := range get(t, run, err).Payouts {
			want := orders.PayoutPaid
			if p.Account == orders.Refund("donor") {
				want = orders.PayoutInTransit
			}
			if p.State != want || want == orders.PayoutPaid && p.Proof == "" {
				t.Errorf("the payment out of %s is %s by %q", p.Account, p.State, p.Proof)
			}
		}
		w.verify()
	})
}
