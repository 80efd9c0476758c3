package orders_test

import (
	"testing"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var finance2 = auth.Actor{User: "fin2", Grants: []auth.Grant{{Role: auth.Finance}}}

// owedToLiulin delivers, accepts and settles a sale of 1,000 kg at 6 yuan/kg: 6,000.00 yuan are owed to the cooperative.
func (w *world) owedToLiulin() {
	w.t.Helper()
	o := w.sale()
	w.pay(o.Reference, 6_000_00)
	w.haul(o.Lines[0].To[0].ID, "c-"+o.ID, 1000*kg, 1000*kg, 1000*kg, 0)
	must(w.t)(w.orders.Accept(w.ctx, union, o.ID, ""))
	must(w.t)(w.orders.Settle(w.ctx, finance, o.ID))
}

func (w *world) account(by auth.Actor, party, number string) {
	w.t.Helper()
	if err := w.orders.SetBankAccount(w.ctx, by, payment.BankAccount{Party: party, Holder: party, Bank: "Bank of Fengxiang", Number: number}); err != nil {
		w.t.Fatal(describe(err))
	}
}

// wantOwed checks what is owed to the cooperative and what is on its way.
func (w *world) wantOwed(owed, transit measure.Fen, payout string) {
	w.t.Helper()
	if a, b := w.fen(orders.Payable("liulin")), w.fen(orders.Transit(payout)); a != owed || b != transit {
		w.t.Errorf("owed %s, in transit %s; want %s and %s", a, b, owed, transit)
	}
}

func (w *world) run(by auth.Actor) orders.PayoutRunView {
	w.t.Helper()
	r, err := w.orders.ProposePayouts(w.ctx, by, "", nil)
	return get(w.t, r, err)
}

func TestPayoutLeavesAfterTwoApprovalsAndIsProved(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.owedToLiulin()
		_, err := w.orders.ProposePayouts(w.ctx, finance, "", []string{"liulin"})
		wantFault(t, err, "no_bank_account", "parties")
		w.account(liulin, "liulin", "6222 0000 1234 5678")
		r := w.run(finance)
		p := r.Payouts[0]
		if r.State() != orders.PayoutProposed || p.Fen != 6_000_00 || p.To.Number != "6222000012345678" {
			t.Fatalf("run %+v", r)
		}
		// What is proposed is not proposed again.
		_, err = w.orders.ProposePayouts(w.ctx, finance, "", nil)
		wantFault(t, err, "nothing_owed", "")
		_, err = w.orders.PayoutFile(w.ctx, finance, r.ID)
		wantFault(t, err, "payout_state", "")
		r, err = w.orders.ApprovePayouts(w.ctx, finance, r.ID)
		if r = get(t, r, err); r.State() != orders.PayoutApproved {
			t.Errorf("state %s after the first yes", r.State())
		}
		w.wantOwed(6_000_00, 0, p.ID)
		_, err = w.orders.ApprovePayouts(w.ctx, finance, r.ID)
		wantFault(t, err, "second_pair_of_eyes", "")
		r, err = w.orders.ApprovePayouts(w.ctx, finance2, r.ID)
		if r = get(t, r, err); r.State() != orders.PayoutInTransit {
			t.Errorf("state %s after the second yes", r.State())
		}
		w.wantOwed(0, 6_000_00, p.ID)
		file, err := w.orders.PayoutFile(w.ctx, finance, r.ID)
		if file = get(t, file, err); len(file) != 1 || file[0].Reference != p.Reference {
			t.Errorf("file %+v", file)
		}
		bank := w.fen(market.Bank)
		for range 2 { // a second click proves nothing twice
			must(t)(w.orders.ProvePayout(w.ctx, finance, p.ID, "B-77", w.now()))
		}
		w.wantOwed(0, 0, p.ID)
		if out := w.fen(market.Bank) - bank; out != 6_000_00 {
			t.Errorf("%s left", out)
		}
		_, err = w.orders.ProvePayout(w.ctx, finance, p.ID, "B-78", w.now())
		wantFault(t, err, "payout_state", "")
		seen, err := w.orders.PayoutsTo(w.ctx, liulin, "liulin", "")
		if seen = get(t, seen, err); len(seen) != 1 || seen[0].State != orders.PayoutPaid {
			t.Errorf("the payee sees %+v", seen)
		}
		w.verify()
	})
}

func TestNobodyApprovesTheirOwnPayout(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.owedToLiulin()
		w.account(liulin, "liulin", "6222000012345678")
		r := w.run(finance)
		insider := auth.Actor{User: "insider", Grants: []auth.Grant{{Role: auth.Finance}, {Role: auth.Coop, Party: "liulin"}}}
		agent := auth.Actor{User: "agent", Grants: []auth.Grant{{Role: auth.Finance}}, Mandates: []auth.Mandate{{Principal: "liulin", Acts: []auth.Act{auth.ActOffers}}}}
		for _, by := range []auth.Actor{insider, agent} {
			_, err := w.orders.ApprovePayouts(w.ctx, by, r.ID)
			wantFault(t, err, "own_money", "")
		}
		must(t)(w.orders.ApprovePayouts(w.ctx, finance, r.ID))
		_, err := w.orders.ApprovePayouts(w.ctx, insider, r.ID)
		wantFault(t, err, "own_money", "")
		_, err = w.orders.ApprovePayouts(w.ctx, liulin, r.ID)
		wantFault(t, err, "finance_only", "")
		// Who pays does not say where to, nor does a driver or an agent.
		for _, by := range []auth.Actor{finance, agent, biaojiao} {
			err = w.orders.SetBankAccount(w.ctx, by, payment.BankAccount{Party: "liulin", Holder: "X", Bank: "X", Number: "99990000111"})
			wantFault(t, err, "no_such_party", "")
		}
		err = w.orders.SetBankAccount(w.ctx, driver, payment.BankAccount{Party: "haulier", Holder: "X", Bank: "X", Number: "99990000111"})
		wantFault(t, err, "no_such_party", "")
		// An account changed after the run was made changes nothing in it.
		w.account(liulin, "liulin", "6222000099999999")
		r, err = w.orders.ApprovePayouts(w.ctx, finance2, r.ID)
		if r = get(t, r, err); r.Payouts[0].To.Number != "6222000012345678" {
			t.Errorf("paid to %s", r.Payouts[0].To.Number)
		}
		w.verify()
	})
}

func TestFailedPayoutIsOwedAgain(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.owedToLiulin()
		w.account(liulin, "liulin", "6222000012345678")
		approved := func() orders.PayoutView {
			r := w.run(finance)
			must(t)(w.orders.ApprovePayouts(w.ctx, finance, r.ID))
			r, err := w.orders.ApprovePayouts(w.ctx, finance2, r.ID)
			return get(t, r, err).Payouts[0]
		}
		p := approved()
		_, err := w.orders.FailPayout(w.ctx, finance, p.ID, "")
		wantFault(t, err, "reason_needed", "reason")
		must(t)(w.orders.FailPayout(w.ctx, finance, p.ID, "no such account"))
		w.wantOwed(6_000_00, 0, p.ID)
		_, err = w.orders.ProvePayout(w.ctx, finance, p.ID, "B-1", w.now())
		wantFault(t, err, "payout_state", "")
		// The next one is paid, and the bank sends it back a week later.
		second := approved()
		must(t)(w.orders.ProvePayout(w.ctx, finance, second.ID, "B-2", w.now()))
		must(t)(w.orders.FailPayout(w.ctx, finance, second.ID, "account closed"))
		w.wantOwed(6_000_00, 0, second.ID)
		// A number proves one payment, also one that failed.
		third := approved()
		_, err = w.orders.ProvePayout(w.ctx, finance, third.ID, "B-2", w.now())
		wantFault(t, err, "proof_used", "proof")
		must(t)(w.orders.ProvePayout(w.ctx, finance, third.ID, "B-3", w.now()))
		w.wantOwed(0, 0, third.ID)
		w.verify()
	})
}

func TestRefusedRunLeavesTheMoneyWhereItIs(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.owedToLiulin()
		w.account(liulin, "liulin", "6222000012345678")
		r := w.run(finance)
		must(t)(w.orders.ApprovePayouts(w.ctx, finance, r.ID))
		r, err := w.orders.RefusePayouts(w.ctx, finance2, r.ID, "call the cooperative first")
		if r = get(t, r, err); r.State() != orders.PayoutRefused {
			t.Errorf("state %s", r.State())
		}
		_, err = w.orders.ApprovePayouts(w.ctx, finance2, r.ID)
		wantFault(t, err, "payout_state", "")
		w.wantOwed(6_000_00, 0, r.Payouts[0].ID)
		if again := w.run(finance); again.Payouts[0].Fen != 6_000_00 {
			t.Errorf("proposed again: %s", again.Payouts[0].Fen)
		}
		w.verify()
	})
}
