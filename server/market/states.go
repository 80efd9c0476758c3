package market

import "jishi/server/fault"

// Who says whose act a step is.
type Who string

// The ones who move things.
const (
	BySeller   Who = "seller"   // the lot's owner, or an agent with a mandate
	ByReceiver Who = "receiver" // the one in need
	ByDonor    Who = "donor"    // the one who opened the campaign
	ByOperator Who = "operator" // the platform's people
	ByOffice   Who = "office"   // county office: checks the poverty mark; an operator grant on the platform
	ByFinance  Who = "finance"  // the fund holder
	ByAuditor  Who = "auditor"
	ByLedger   Who = "ledger" // nobody: worked out from balances
	ByClock    Who = "clock"  // nobody: worked out from the time
)

// Step is one allowed change of state: From, by Act, to To. From "*" is any state that is not an end.
type Step[S ~string] struct {
	From S
	Act  string
	To   S
	Who  Who
}

// next finds the state that act leads to; steps of ledger and clock are not for people.
func next[S ~string](steps []Step[S], from S, act string, ends map[S]bool) (S, error) {
	for _, st := range steps {
		if st.Act != act || st.Who == ByLedger || st.Who == ByClock {
			continue
		}
		if st.From == from || st.From == "*" && !ends[from] {
			return st.To, nil
		}
	}
	return "", fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while it is %s.", act, string(from))
}
