package app

import (
	"fmt"
	"net/http"
	"time"
)

// payees are those whom the walk's trade owes money.
var payees = []string{"liulin", "biaojiao", "haulier", "donor", "firm"}

// openAccounts lets the payees say where they want their money.
func (w *walk) openAccounts() {
	w.t.Helper()
	for i, p := range payees {
		w.must(request{as: p, method: http.MethodPut, path: "/api/parties/" + partyID(p) + "/bank-account", at: w.now, body: object{
			"holder": p, "bank": "凤翔农商行(演示)", "number": fmt.Sprintf("62220000%08d", i),
		}})
	}
}

// payOut proposes a run, says a yes or a no, proves a payment or tells that it failed; at times the wrong person tries.
func (s step) payOut() {
	run := s.one(&s.runs)
	switch what := s.IntN(12); {
	case what < 3 || run == "":
		a, ok := s.try("propose payouts", request{as: s.oneOf("finance", "finance2", "finance", "liulin"), path: "/api/payout-runs", body: object{}})
		if ok {
			s.keep(&s.runs, a.text("id"))
		}
	case what < 7:
		s.try("approve payouts", request{as: s.oneOf("finance", "finance2", "finance", "finance2", "liulin"), path: "/api/payout-runs/" + run + "/approve"})
	case what < 8:
		if s.chance(3) {
			s.try("refuse payouts", request{as: "finance2", path: "/api/payout-runs/" + run + "/refuse", body: object{"reason": "先问一下"}})
		}
	default:
		s.tellOfPayout(run)
	}
}

// tellOfPayout says of one payment of a run what became of it; a number may be said twice.
func (s step) tellOfPayout(run string) {
	a, ok := s.try("look at payouts", request{as: "finance", method: http.MethodGet, path: "/api/payout-runs/" + run})
	list, _ := a.json["payouts"].([]any)
	if !ok || len(list) == 0 {
		return
	}
	p, _ := list[s.IntN(len(list))].(map[string]any)
	path := fmt.Sprintf("/api/payouts/%v", p["id"])
	if s.chance(4) {
		s.try("fail payout", request{as: "finance", path: path + "/fail", body: object{"reason": "户名不符"}})
		return
	}
	s.try("prove payout", request{as: "finance", path: path + "/prove", body: object{"proof": fmt.Sprintf("B-%d", s.IntN(5_000)), "paid_at": s.now.Format(time.RFC3339)}})
}

// bankWrong holds the bank's account and what is on its way against the lines and the payments that were written down: every fen that came
// in or went out by bank is a line or a payment.
func (b *books) bankWrong() (wrong []string) {
	var came, left int64
	for _, l := range b.rows(`SELECT fen FROM bank_lines WHERE undone_at = 0`) {
		came += l.number("fen")
	}
	for _, p := range b.rows(`SELECT p.id, p.fen, p.paid_at, p.failed_at, r.second_at FROM payouts p JOIN payout_runs r ON r.id = p.run_id`) {
		paid, failed := p.number("paid_at") > 0, p.number("failed_at") > 0
		if paid && !failed {
			left += p.number("fen")
		}
		transit := int64(0)
		if p.number("second_at") > 0 && !paid && !failed {
			transit = p.number("fen")
		}
		if have := b.fen["payout/"+p.text("id")+"/transit"]; have != transit {
			wrong = append(wrong, fmt.Sprintf("payment %s: %d fen on its way, want %d", p.text("id"), have, transit))
		}
	}
	if have := -b.fen["world/bank"]; have != came-left {
		wrong = append(wrong, fmt.Sprintf("the bank brought %d fen by the ledger, %d by its lines and payments", have, came-left))
	}
	return wrong
}
