package market

import (
	"slices"

	"jishi/server/fault"
)

// Who says whose act a step is.
type Who string

// The ones who move things.
const (
	ByBuyer    Who = "buyer"    // the one who orders, or an agent with a mandate
	ByApprover Who = "approver" // of the buyer; never the one who ordered
	BySeller   Who = "seller"   // the lot's owner, or an agent with a mandate
	ByReceiver Who = "receiver" // the one in need
	ByDonor    Who = "donor"    // the one who opened the campaign
	ByOperator Who = "operator" // the platform's people
	ByOffice   Who = "office"   // county office: checks the poverty mark; an operator grant on the platform
	ByFinance  Who = "finance"  // the fund holder, and whoever settles
	ByAuditor  Who = "auditor"

	ByDispatcher Who = "dispatcher" // has a truck to divert
	ByLedger     Who = "ledger"     // nobody: worked out from balances
	ByClock      Who = "clock"      // nobody: worked out from the time
)

// Step is one allowed change of state: From, by Act, to To. From "*" is any state that is not an end. Guard says in words
// what has to hold and what happens; docs/states.md is drawn from these tables.
type Step[S ~string] struct {
	From  S
	Act   string
	To    S
	Who   Who
	Guard string
}

// next finds the state that act leads to; steps of ledger and clock are not for people.
func next[S ~string](steps []Step[S], from S, act string, ends []S) (S, error) {
	for _, st := range steps {
		if st.Act != act || st.Who == ByLedger || st.Who == ByClock {
			continue
		}
		if st.From == from || st.From == "*" && !slices.Contains(ends, from) {
			return st.To, nil
		}
	}
	return "", fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while it is %s.", act, string(from))
}
