package orders

import (
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
)

// ByGateway says that the payment service tells it.
const ByGateway Who = "gateway"

// PayState is where a checkout stands.
type PayState string

// The states of a checkout.
const (
	PayCreated      PayState = "created"         // written down; its page is being opened
	PayNeedsAction  PayState = "needs_action"    // the page waits for the payer
	PayAuthorised   PayState = "authorised"      // the payer said yes, the money is on its way
	PayCaptured     PayState = "captured"        // the money is held for the order, or in the campaign's fund
	PayHeld         PayState = "held"            // another amount or currency came than was asked: finance decides
	PayFailed       PayState = "failed"          // the money on its way did not arrive
	PayCancelled    PayState = "cancelled"       // the page closed, and nobody paid
	PayPartRefunded PayState = "part_refunded"   // a part went back, or is on its way back
	PayRefunded     PayState = "refunded"        // all of it
	PayDisputed     PayState = "chargeback_open" // the payer's bank took it back until it is decided
	PayLost         PayState = "chargeback_lost" // and keeps it
)

// PayStep is one allowed change of a checkout's state.
type PayStep market.Step[PayState]

// PaySteps are all changes of a checkout's state. WeChat Pay and Alipay can't hold money and a card for a few days only, so what is
// captured is held by the ledger, in the escrow of its order, until the goods are accepted.
var PaySteps = []PayStep{
	{PayCreated, "open", PayNeedsAction, ByGateway, "the page is there; one for one sum of one order at a time"},
	{PayCreated, "fail", PayFailed, ByGateway, "the service refuses to open a page"},
	{PayCreated, "authorise", PayAuthorised, ByGateway, "the service's answer with the page was lost; what it says of the page counts all the same"},
	{PayCreated, "capture", PayCaptured, ByGateway, "as above"},
	{PayCreated, "hold", PayHeld, ByGateway, "as above"},
	{PayCreated, "close", PayCancelled, ByGateway, "as above; or the order wants another sum now"},
	{PayNeedsAction, "authorise", PayAuthorised, ByGateway, "the payer said yes; a wallet or bank sends the money later"},
	{PayNeedsAction, "capture", PayCaptured, ByGateway, "the amount and the currency that were asked: posted from the service to the order's escrow"},
	{PayNeedsAction, "hold", PayHeld, ByGateway, "another amount or currency: kept aside, never posted to the order"},
	{PayNeedsAction, "close", PayCancelled, ByGateway, "two hours without a payment, or the order wants another sum now"},
	{PayNeedsAction, "fail", PayFailed, ByGateway, "nothing came, and the word of it was faster than the one of the payer's yes"},
	{PayAuthorised, "capture", PayCaptured, ByGateway, "the amount and the currency that were asked"},
	{PayAuthorised, "hold", PayHeld, ByGateway, "another amount or currency"},
	{PayAuthorised, "fail", PayFailed, ByGateway, "nothing came; another page can be opened"},
	{PayFailed, "capture", PayCaptured, ByGateway, "it came after all, late"},
	{PayFailed, "hold", PayHeld, ByGateway, "as above, another amount or currency"},
	{PayCancelled, "capture", PayCaptured, ByGateway, "paid in the moment of closing"},
	{PayCancelled, "hold", PayHeld, ByGateway, "as above, another amount or currency"},
	{PayHeld, "take", PayCaptured, ByFinance, "yuan: what came counts for the order after all"},
	{PayHeld, "return", PayRefunded, ByFinance, "yuan: goes back the way it came"},
	{PayCaptured, "give_back", PayPartRefunded, ByLedger, "less was accepted, a claim was granted, too much was paid"},
	{PayCaptured, "give_back", PayRefunded, ByLedger, "cancelled, declined or expired; at once, if the order was over when it was paid or taken"},
	{PayPartRefunded, "give_back", PayPartRefunded, ByLedger, "another part"},
	{PayPartRefunded, "give_back", PayRefunded, ByLedger, "the last part"},
	{PayPartRefunded, "bounce", PayCaptured, ByGateway, "the payer's bank does not take it: owed by bank transfer from now on"},
	{PayPartRefunded, "bounce", PayPartRefunded, ByGateway, "as above, one part of several"},
	{PayRefunded, "bounce", PayPartRefunded, ByGateway, "as above"},
	{PayRefunded, "bounce", PayCaptured, ByGateway, "as above"},
	{PayCaptured, "dispute", PayDisputed, ByGateway, "frozen out of the escrow; what is spent already is owed by the payer"},
	{PayPartRefunded, "dispute", PayDisputed, ByGateway, "as above, the rest"},
	{PayRefunded, "dispute", PayDisputed, ByGateway, "as above; what was not asked back of the service yet is owed by bank transfer"},
	{PayHeld, "dispute", PayDisputed, ByGateway, "frozen; there is nothing for finance to decide"},
	{PayDisputed, "win", PayCaptured, ByGateway, "back to where it was"},
	{PayDisputed, "win", PayPartRefunded, ByGateway, "as above"},
	{PayDisputed, "win", PayHeld, ByGateway, "as above: finance decides"},
	{PayDisputed, "win", PayRefunded, ByGateway, "the order ended meanwhile: to the payer"},
	{PayDisputed, "lose", PayLost, ByGateway, "gone to the payer; the order lacks it again"},
}

// PayEnds are the states nothing leads out of.
var PayEnds = []PayState{PayLost}

// payState works the state out from what was said and what went back.
func payState(c payment.Checkout, refunds []payment.GatewayRefund, disputes []payment.GatewayDispute) PayState {
	for _, d := range disputes {
		switch d.Act {
		case payment.DisputeIsOpen:
			return PayDisputed
		case payment.DisputeIsLost:
			return PayLost
		}
	}
	if c.Act != payment.CheckoutPaid {
		return map[payment.CheckoutAct]PayState{
			payment.CheckoutMade: PayCreated, payment.CheckoutOpen: PayNeedsAction, payment.CheckoutOnWay: PayAuthorised, payment.CheckoutHeld: PayHeld,
			payment.CheckoutFailed: PayFailed, payment.CheckoutClosed: PayCancelled,
		}[c.Act]
	}
	switch back := returned(refunds); {
	case back == 0:
		return PayCaptured
	case back < came(c):
		return PayPartRefunded
	}
	return PayRefunded
}

// returned sums what went back or is on its way back.
func returned(refunds []payment.GatewayRefund) (sum measure.Fen) {
	for _, r := range refunds {
		if r.Act != payment.RefundBack {
			sum += r.Fen
		}
	}
	return sum
}

// came is what a payment brought.
func came(c payment.Checkout) measure.Fen {
	if c.Got > 0 {
		return c.Got
	}
	return c.Fen
}
