package orders

import (
	"time"

	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
)

// DepositFor says for what kind of promise a deposit is put up.
type DepositFor string

// The kinds of promise.
const (
	ForOrder    DepositFor = "order"    // goods at a price
	ForCapacity DepositFor = "capacity" // a truck, or room on one
)

// DepositState is where a deposit stands.
type DepositState string

// The states of a deposit.
const (
	DepositAsked     DepositState = "asked"     // not paid in yet, or only a part
	DepositHeld      DepositState = "held"      // in an account of its own
	DepositUndecided DepositState = "undecided" // the promise is over, and who broke it is an operator's to say
	DepositReleased  DepositState = "released"  // back to who put it up
	DepositForfeited DepositState = "forfeited" // all of it went to the other side
	DepositSplit     DepositState = "split"     // a part of it did
	DepositDropped   DepositState = "dropped"   // the promise was over before anything was paid in
)

// DepositStep is one allowed change of a deposit's state.
type DepositStep market.Step[DepositState]

// DepositSteps are all changes of a deposit's state.
var DepositSteps = []DepositStep{
	{DepositAsked, "pay", DepositHeld, ByLedger, "all of it came, by bank or through the payment service; what is too much goes back"},
	{DepositHeld, "dispute", DepositAsked, ByGateway, "its payer's bank took it back until it is decided"},
	{DepositAsked, "dispute", DepositHeld, ByGateway, "it was decided that the payment holds"},
	{DepositAsked, "end", DepositDropped, ByLedger, "the promise is over and nothing was paid in"},
	{DepositAsked, "end", DepositReleased, ByLedger, "as above: the part that was paid goes back"},
	{DepositAsked, "end", DepositSplit, ByLedger, "broken by who put it up: by DepositRules, out of what was paid"},
	{DepositAsked, "end", DepositForfeited, ByLedger, "as above"},
	{DepositHeld, "end", DepositReleased, ByLedger, "the promise was kept, or it was the other side that broke it"},
	{DepositHeld, "end", DepositSplit, ByLedger, "broken by who put it up: by DepositRules a part goes to the other side"},
	{DepositHeld, "end", DepositForfeited, ByLedger, "as above, all of it"},
	{DepositHeld, "end", DepositUndecided, ByLedger, "it is not settled who broke it: a truck called off late, goods that were not at its ramp"},
	{DepositHeld, "rule", DepositReleased, ByOperator, "with a reason, before the promise is over"},
	{DepositHeld, "rule", DepositSplit, ByOperator, "as above"},
	{DepositHeld, "rule", DepositForfeited, ByOperator, "as above"},
	{DepositUndecided, "rule", DepositReleased, ByOperator, "with a reason; of what is held: its payer's bank may have taken it back meanwhile"},
	{DepositUndecided, "rule", DepositSplit, ByOperator, "as above"},
	{DepositUndecided, "rule", DepositForfeited, ByOperator, "as above"},
	{DepositUndecided, "rule", DepositDropped, ByOperator, "as above: nothing is held"},
}

// DepositEnds are the states nothing leads out of.
var DepositEnds = []DepositState{DepositReleased, DepositForfeited, DepositSplit, DepositDropped}

// Deposit (保证金) is what one side puts up for its promise. The amount is agreed with the promise.
type Deposit struct {
	ID           string
	For          DepositFor
	ForID        string
	Party        string // who puts it up
	Other        string // who gets it when the promise is broken
	OtherAccount string // and where: payable/<party> or refund/<party>
	Reference    string // what the transfer quotes
	Fen          measure.Fen
	AskedAt      measure.Millis
	Until        measure.Millis // it should be paid in by then
	OverAt       measure.Millis // the promise is over, and who broke it is not settled; 0: it is
	EndedAt      measure.Millis
	EndedFor     string // why the promise is over: a stable word ("settled", "cancelled", ...) or an operator's reason
}

// lost is what goes to the other side of what is held, when the one who put it up loses so much of the deposit, in 1/1000.
func (d Deposit) lost(held measure.Fen, mille int) measure.Fen {
	return min(held, measure.Fen(int64(d.Fen)*int64(mille)/1000))
}

// DepositNumbers is what the ledger says of a deposit.
type DepositNumbers struct {
	Held      measure.Fen
	Released  measure.Fen // back to who put it up
	Forfeited measure.Fen // to the other side
}

// State works the state out from what was paid in and what went where.
func (d Deposit) State(n DepositNumbers) DepositState {
	switch {
	case d.EndedAt == 0 && d.OverAt > 0:
		return DepositUndecided
	case d.EndedAt == 0 && n.Held >= d.Fen:
		return DepositHeld
	case d.EndedAt == 0:
		return DepositAsked
	case n.Forfeited > 0 && n.Released > 0:
		return DepositSplit
	case n.Forfeited > 0:
		return DepositForfeited
	case n.Released > 0:
		return DepositReleased
	}
	return DepositDropped
}

// DepositRule says how much of a deposit goes to the other side when the one who put it up calls the promise off. The first that fits
// holds.
type DepositRule struct {
	Before   time.Duration // at least so long before the goods are handed out or the truck is to be there; 0: at any time
	Forfeits int           // in 1/1000
	Text     string
}

// DepositRules are agreed with each deposit. The shares and times are this market's own, in step with CancelRules.
var DepositRules = []DepositRule{
	{48 * time.Hour, 0, "Called off at least 48 hours before: the deposit goes back."},
	{24 * time.Hour, 500, "Called off 48 to 24 hours before: half of the deposit goes to the other side."},
	{0, 1000, "Called off within 24 hours, or not kept at all: the deposit goes to the other side."},
}

// DepositRuleFor gives the rule for so long before.
func DepositRuleFor(ahead time.Duration) DepositRule {
	for _, r := range DepositRules {
		if ahead >= r.Before {
			return r
		}
	}
	return DepositRules[len(DepositRules)-1]
}

// DepositTerms are what the two sides of an order put up, agreed with the offer: in 1/1000 of the price, for orders of at least so much.
type DepositTerms struct {
	Offer  string
	Buyer  int // of orders that are no gifts: a gift's money has a named use
	Seller int
	From   measure.Grams // lighter orders need none
}

// mostDeposit is the most either side may be asked for, in 1/1000 of the price. The law on earnest money (民法典 586 条, before 2021 担保法
// 91 条) allows 20 %.
const mostDeposit = 200

func (t DepositTerms) check() error {
	for field, n := range map[string]int{"buyer_permille": t.Buyer, "seller_permille": t.Seller} {
		if n < 0 || n > mostDeposit {
			return fault.At(field, "bad_deposit", "A deposit is between nothing and 20 %% of the price.")
		}
	}
	if t.From < 0 || t.From > market.MaxLot {
		return market.BadWeight("from_weight")
	}
	return nil
}

// asked reports whether anybody has to put up anything.
func (t DepositTerms) asked() bool { return t.Buyer+t.Seller > 0 }

// of gives what a side puts up for a line.
func (t DepositTerms) of(l Line, permille int) measure.Fen {
	if l.Grams < t.From {
		return 0
	}
	return measure.Fen(int64(l.Fen()) * int64(permille) / 1000)
}
