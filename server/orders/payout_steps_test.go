package orders_test

import (
	"fmt"
	"testing"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// payoutIn brings a fresh payment of 6,000.00 into a state, by acts of the table.
func (w *world) payoutIn(state orders.PayoutState) orders.PayoutView {
	w.t.Helper()
	w.owedToLiulin()
	p := w.run(finance).Payouts[0]
	ways := map[orders.PayoutState][]string{
		orders.PayoutApproved: {"approve"}, orders.PayoutInTransit: {"approve", "approve"}, orders.PayoutPaid: {"approve", "approve", "prove"},
		orders.PayoutFailed: {"approve", "approve", "fail"}, orders.PayoutRefused: {"refuse"},
	}
	for _, act := range ways[state] {
		if err := w.actOnPayout(p, act); err != nil {
			w.t.Fatalf("%s: %s", act, describe(err))
		}
	}
	if got := w.payoutState(p); got != state {
		w.t.Fatalf("it is %s, want %s", got, state)
	}
	return p
}

func (w *world) payoutState(p orders.PayoutView) orders.PayoutState {
	w.t.Helper()
	r, err := w.orders.PayoutRun(w.ctx, auditor, p.Run)
	return get(w.t, r, err).Payouts[0].State
}

// actOnPayout does one act as somebody who may, the second yes by another person.
func (w *world) actOnPayout(p orders.PayoutView, act string) error {
	if act == "approve" && w.payoutState(p) != orders.PayoutProposed {
		return w.payoutAct(finance2, p, act)
	}
	return w.payoutAct(finance, p, act)
}

func (w *world) payoutAct(by auth.Actor, p orders.PayoutView, act string) error {
	w.bank++
	var err error
	switch act {
	case "approve":
		_, err = w.orders.ApprovePayouts(w.ctx, by, p.Run)
	case "refuse":
		_, err = w.orders.RefusePayouts(w.ctx, by, p.Run, "a reason")
	case "prove":
		_, err = w.orders.ProvePayout(w.ctx, by, p.ID, fmt.Sprintf("B-%d", w.bank), w.now())
	case "fail":
		_, err = w.orders.FailPayout(w.ctx, by, p.ID, "a reason")
	}
	return err
}

// nobodyElse tries an act as everybody whose it is not.
func (w *world) nobodyElse(p orders.PayoutView, act string) {
	w.t.Helper()
	before := w.payoutState(p)
	for _, by := range []auth.Actor{liulin, biaojiao, donor, union, driver, operator, dispatcher, auditor} {
		err := w.payoutAct(by, p, act)
		if f := fault.Of(err); f == nil || f.Kind != fault.Forbidden && f.Kind != fault.NotFound || w.payoutState(p) != before {
			w.t.Errorf("%s %s by %s: %s, it is %s", before, act, by.User, describe(err), w.payoutState(p))
		}
	}
}

// Every row of the table can be walked, and whatever the table does not have, and what somebody else tries, is refused and changes nothing.
func TestEveryStepOfAPayout(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account(liulin, "liulin", "6222000012345678")
		states := []orders.PayoutState{orders.PayoutProposed, orders.PayoutApproved, orders.PayoutInTransit, orders.PayoutPaid, orders.PayoutFailed, orders.PayoutRefused}
		walked := 0
		for _, from := range states {
			for _, act := range []string{"approve", "refuse", "prove", "fail"} {
				want := from
				for _, s := range orders.PayoutSteps {
					if s.From == from && s.Act == act {
						want = s.To
						walked++
					}
				}
				p := w.payoutIn(from)
				w.nobodyElse(p, act)
				err := w.actOnPayout(p, act)
				if got := w.payoutState(p); got != want {
					t.Errorf("%s %s: it is %s, want %s (%v)", from, act, got, want, err)
				}
				if want == from {
					wantFault(t, err, "payout_state", "")
				}
				w.actOnPayout(p, "refuse") // nothing of it waits when the next one is proposed
				w.actOnPayout(p, "prove")
				w.emptied()
			}
		}
		if walked != len(orders.PayoutSteps) {
			t.Errorf("%d of %d steps were walked", walked, len(orders.PayoutSteps))
		}
		w.verify()
	})
}

// emptied pays whatever is still owed, so that the next payment is of one sale alone.
func (w *world) emptied() {
	w.t.Helper()
	for {
		r, err := w.orders.ProposePayouts(w.ctx, finance, "", nil)
		if err != nil {
			wantFault(w.t, err, "nothing_owed", "")
			return
		}
		for _, act := range []string{"approve", "approve", "prove"} {
			if err = w.actOnPayout(r.Payouts[0], act); err != nil {
				w.t.Fatal(describe(err))
			}
		}
	}
}
