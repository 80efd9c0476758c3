package orders

import (
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/payment"
)

// PayoutState is where a payment to a party stands.
type PayoutState string

// The states of a payout.
const (
	PayoutProposed  PayoutState = "proposed"   // in a run; the money is still owed
	PayoutApproved  PayoutState = "approved"   // one person said yes, the money is still owed
	PayoutInTransit PayoutState = "in_transit" // two said yes: on its way, in an account of its own
	PayoutPaid      PayoutState = "paid"       // the bank's number proves it
	PayoutFailed    PayoutState = "failed"     // it came back and is owed again
	PayoutRefused   PayoutState = "refused"    // it never left
)

// PayoutStep is one allowed change of a payout's state.
type PayoutStep market.Step[PayoutState]

// PayoutSteps are all changes of a payout's state. Two approve a whole run; what becomes of it is told payment by payment.
var PayoutSteps = []PayoutStep{
	{PayoutProposed, "approve", PayoutApproved, ByFinance, "nobody who belongs to a payee of the run"},
	{PayoutApproved, "approve", PayoutInTransit, ByFinance, "as above, and another person than the first: the money leaves the payee's account for that of the payment"},
	{PayoutProposed, "refuse", PayoutRefused, ByFinance, "with a reason; the whole run"},
	{PayoutApproved, "refuse", PayoutRefused, ByFinance, "as above"},
	{PayoutInTransit, "prove", PayoutPaid, ByFinance, "with the bank's own number of the payment, which proves no other"},
	{PayoutInTransit, "fail", PayoutFailed, ByFinance, "with a reason: the money is owed to the payee again"},
	{PayoutPaid, "fail", PayoutFailed, ByFinance, "the bank sent it back later"},
}

// PayoutEnds are the states nothing leads out of.
var PayoutEnds = []PayoutState{PayoutFailed, PayoutRefused}

// payoutState works the state out from what was said of a run and of a payment.
func payoutState(r payment.PayoutRun, p payment.Payout) PayoutState {
	switch {
	case r.RefusedAt > 0:
		return PayoutRefused
	case p.FailedAt > 0:
		return PayoutFailed
	case p.PaidAt > 0:
		return PayoutPaid
	case r.SecondAt > 0:
		return PayoutInTransit
	case r.FirstAt > 0:
		return PayoutApproved
	}
	return PayoutProposed
}

// mayPayout faults an act that the table doesn't allow.
func mayPayout(from PayoutState, act string) error {
	for _, s := range PayoutSteps {
		if s.From == from && s.Act == act {
			return nil
		}
	}
	return payoutFault(from, act)
}

func payoutFault(from PayoutState, act string) error {
	return fault.New(fault.Conflict, "payout_state", "This can't be done (%s) while the payment is %s.", act, string(from))
}
