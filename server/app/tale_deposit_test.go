//go:build !race

package app

import (
	"fmt"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/store"
)

// hold is a truck that is held for the story's buyer, who puts up a deposit for it.
type hold struct {
	trip    string
	deposit orders.Deposit
	over    bool // the promise, not always the deposit
}

// holdTruck is the carrier's yes to a trip: it asks its shipper for a deposit. A gift's part is asked of nobody.
func (t *tale) holdTruck() {
	if len(t.holds) == 2 {
		return
	}
	h := hold{trip: fmt.Sprintf("trip-%d-%d", t.seed, len(t.holds))}
	haulier := partyID("haulier")
	if t.inTx("hold truck", func(tx store.Tx) (err error) {
		h.deposit, err = t.site.orders.AskDeposit(t.ctx(), tx, carrier, orders.Deposit{
			For: orders.ForCapacity, ForID: h.trip, Party: partyID(t.buyer), Other: haulier, OtherAccount: orders.Payable(haulier),
			Fen: measure.Fen(t.upTo(90_000)), Until: t.millis() + measure.Millis(48*time.Hour/time.Millisecond),
		})
		return err
	}) {
		t.holds = append(t.holds, h)
	}
}

// aHold gives one of the trucks that are where want says, nil for none.
func (t *tale) aHold(want func(hold) bool) *hold {
	from := t.IntN(len(t.holds) + 1)
	for i := range t.holds {
		if h := &t.holds[(from+i)%len(t.holds)]; want(*h) {
			return h
		}
	}
	return nil
}

// payDeposit pays one in, whole, in part, too much or too late, by bank or on a page.
func (t *tale) payDeposit() {
	h := t.aHold(func(hold) bool { return true })
	if h == nil {
		return
	}
	if t.chance(2) {
		t.payPage(orders.CheckoutInput{For: payment.ForDeposit, ForID: h.deposit.ID, Lang: "zh"})
		return
	}
	amount := h.deposit.Fen
	if t.chance(3) {
		amount = measure.Fen(t.upTo(int64(amount) * 3 / 2))
	}
	t.transfer(amount, h.deposit.Reference)
}

// endHold ends a promise as trips do: kept, called off in time or late, without truck or without goods.
func (t *tale) endHold() {
	if h := t.aHold(func(h hold) bool { return !h.over }); h != nil && t.chance(2) {
		t.endHoldAs(h, t.oneOf("settled", "cancelled", "no_show", "no_goods", "cancelled late"))
	}
}

func (t *tale) endHoldAs(h *hold, why string) {
	end := orders.DepositEnd{ForID: h.trip, Unsettled: slices.Contains([]string{"no_goods", "cancelled late"}, why), Why: why, At: t.millis()}
	whole := t.fen(orders.Held(h.deposit.ID)) == h.deposit.Fen
	if h.over = t.inTx("end hold", func(tx store.Tx) error {
		_, err := t.site.orders.EndDeposits(t.ctx(), tx, carrier, end)
		return err
	}); h.over {
		t.did(map[bool]string{true: "leave deposit", false: "give deposit back"}[whole && end.Unsettled])
	}
}

// ruleDeposit is an operator's word on one that is held, or left undecided: how much of it the carrier keeps.
func (t *tale) ruleDeposit() {
	if h := t.aHold(func(h hold) bool { return h.over || t.chance(3) }); h != nil {
		t.rule(h, t.IntN(1001))
	}
}

func (t *tale) rule(h *hold, mille int) {
	held := t.fen(orders.Held(h.deposit.ID))
	_, err := t.site.orders.RuleDeposit(t.ctx(), role(auth.Operator, ""), h.deposit.ID, mille, "问过两边")
	if !t.try("rule deposit", err) {
		return
	}
	if lost := min(held, h.deposit.Fen*measure.Fen(mille)/1000); lost > 0 {
		t.forfeited += lost
		t.did("forfeit deposit")
	}
}

// endHolds ends the promises that are still open, and decides what is left undecided.
func (t *tale) endHolds() {
	for i := range t.holds {
		h := &t.holds[i]
		if !h.over {
			t.endHoldAs(h, "settled")
		}
		if t.fen(orders.Held(h.deposit.ID)) > 0 {
			t.rule(h, 500)
		}
	}
}
