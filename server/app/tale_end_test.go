//go:build !race

package app

import (
	"fmt"
	"strings"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/orders"
)

// payOut proposes a run, approves it twice or refuses it, and tells what became of its payments.
func (t *tale) payOut() {
	run, err := t.site.orders.ProposePayouts(t.ctx(), role(auth.Finance, ""), "", nil)
	if !t.try("propose run", err) {
		return
	}
	second := auth.Actor{User: "tale-second", Grants: []auth.Grant{{Role: auth.Finance}}}
	if t.chance(6) {
		_, err = t.site.orders.RefusePayouts(t.ctx(), second, run.ID, "先问一下")
		t.try("refuse run", err)
		return
	}
	for _, by := range []auth.Actor{role(auth.Finance, ""), second} {
		run, err = t.site.orders.ApprovePayouts(t.ctx(), by, run.ID)
		if !t.try("approve run", err) { // a dispute took the money meanwhile
			_, err = t.site.orders.RefusePayouts(t.ctx(), second, run.ID, "钱不够了")
			t.must(err)
			return
		}
	}
	for _, p := range run.Payouts {
		t.bankSays(p)
	}
}

func (t *tale) bankSays(p orders.PayoutView) {
	finance := role(auth.Finance, "")
	how := t.IntN(8)
	if how > 0 {
		t.lines++
		_, err := t.site.orders.ProvePayout(t.ctx(), finance, p.ID, fmt.Sprintf("B-%d", t.lines), t.millis())
		t.must(err)
		t.did("prove payout")
	}
	if how < 2 { // it never left, or came back
		_, err := t.site.orders.FailPayout(t.ctx(), finance, p.ID, "户名不符")
		t.must(err)
		t.did("fail payout")
		return
	}
	t.bank -= p.Fen
	if p.Account == orders.Refund(partyID(t.buyer)) {
		t.paid -= p.Fen
	}
}

// end brings everything to its end: the messages, the disputes, the goods, the settlement, the gift and the payouts.
func (t *tale) end() {
	t.quiet()
	t.judge()
	t.quiet()
	t.heldPayment()
	_, err := t.site.orders.ExpireDue(t.ctx())
	t.must(err)
	t.bringHome()
	t.endHolds()
	t.quiet()
	t.payLacking()
	t.quiet()
	if t.campaign != "" {
		t.endGift()
	}
	t.quiet()
	for range 50 {
		list, err := t.site.orders.Debts(t.ctx(), role(auth.Finance, ""))
		if t.must(err); len(list) == 0 {
			break
		}
		t.payOut()
	}
}

// payLacking settles an accepted order; what a payer's bank took back or more weight than ordered costs is paid first.
func (t *tale) payLacking() {
	v := t.view()
	if v.State != orders.Accepted {
		return
	}
	var due measure.Fen
	for _, l := range v.Lines {
		due += l.Price.Times(t.accepted(l.ID))
	}
	have := t.fen(orders.Escrow(t.order)) + t.fen(orders.Overpaid(t.order))
	if t.campaign != "" {
		have += t.fen("campaign/" + t.campaign + "/fund")
	}
	if due > have {
		t.transfer(due-have, v.Reference)
	}
	_, err := t.site.orders.Settle(t.ctx(), role(auth.Finance, ""), t.order)
	t.must(err)
	t.did("settle")
}

func (t *tale) accepted(line string) (sum measure.Grams) {
	for _, c := range t.trucks {
		if c.line == line && c.received {
			sum += c.accepted
		}
	}
	return sum
}

// endGift reports the campaign, or fails it when nothing came, and returns what is left over.
func (t *tale) endGift() {
	_, err := t.site.market.Report(t.ctx(), t.giver(), t.campaign)
	if !t.try("report", err) {
		_, err = t.site.market.FailCampaign(t.ctx(), role(auth.Operator, ""), t.campaign)
		t.try("fail campaign", err)
	}
	_, err = t.site.orders.ReturnUnspent(t.ctx(), role(auth.Finance, ""), t.campaign, "")
	t.try("return unspent", err)
}

// check is the end of a story: every fen is with whom it belongs.
func (t *tale) check() {
	t.outside()
	t.emptied()
	t.fair()
}

// fair compares what the payer paid, and what is still owed by it, with what the story cost by the test's own arithmetic.
func (t *tale) fair() {
	cost := t.charge + t.haulage + t.forfeited
	for _, l := range t.view().Lines {
		cost += l.Price.Times(t.accepted(l.ID))
	}
	gateway := measure.Fen(t.fake.Balance())
	came := t.paid + gateway - t.before.gateway
	owed := -t.fen(orders.Owed(partyID(t.buyer))) - t.before.owed
	if came+owed != cost {
		t.postings()
		t.t.Errorf("the goods, the haulage and the charges of the story cost %s; its payer paid %s and owes %s", cost, came, owed)
	}
}

// emptied faults any account that still holds money, but the platform's own.
func (t *tale) emptied() {
	all, err := ledger.BalancesPrefix(t.ctx(), t.site.db.Read(), ledger.Fen, "")
	t.must(err)
	for account, n := range all {
		if n != 0 && !strings.HasPrefix(account, "platform/") {
			t.t.Errorf("%s still holds %s", account, measure.Fen(n))
		}
	}
}

// postings adds the story's movements of money to what is told of it.
func (t *tale) postings() {
	b := readBooks(t.t, t.site)
	kinds := map[string]string{}
	for _, e := range b.entries {
		kinds[e.text("id")] = e.text("kind")
	}
	for _, p := range b.postings {
		if p.text("unit") == "fen" && p.text("entry") > t.before.entry {
			t.told = append(t.told, fmt.Sprintf("%s %d %s -> %s", kinds[p.text("entry")], p.number("amount"), p.text("from_account"), p.text("to_account")))
		}
	}
}
