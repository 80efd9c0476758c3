package orders

import (
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
)

// State is where an order stands.
type State string

// The states of an order.
const (
	Draft            State = "draft"             // made by a standing order, not yet sent
	AwaitingApproval State = "awaiting_approval" // above the limit of the one who ordered; an approver has to answer
	Refused          State = "refused"           // an approver said no
	Submitted        State = "submitted"         // the seller has to answer
	OfferedLess      State = "offered_less"      // the seller can give less; the buyer has to answer
	Declined         State = "declined"          // the seller said no
	Expired          State = "expired"           // the seller did not answer in time
	Confirmed        State = "confirmed"         // goods are reserved
	PartAllocated    State = "part_allocated"    // some of them have a destination
	Allocated        State = "allocated"         // all of them have
	InFulfilment     State = "in_fulfilment"     // the first goods were loaded
	Delivered        State = "delivered"         // the last proof of delivery is in
	PartCancelled    State = "part_cancelled"    // as delivered, but the rest was stopped
	Disputed         State = "disputed"          // a receiver holds something against the goods
	Accepted         State = "accepted"          // every receiver said it stands, or was silent for 72 hours
	Settled          State = "settled"           // the money is divided
	Closed           State = "closed"            // and paid out
	Cancelled        State = "cancelled"
)

// Who says whose act a step is.
type Who = market.Who

// The ones who move an order.
const (
	ByBuyer    = market.ByBuyer
	ByApprover = market.ByApprover
	BySeller   = market.BySeller
	ByReceiver = market.ByReceiver
	ByOperator = market.ByOperator
	ByFinance  = market.ByFinance
	ByLedger   = market.ByLedger // nobody: worked out from balances
	ByClock    = market.ByClock  // nobody: worked out from the time
)

// Step is one allowed change of an order's state.
type Step market.Step[State]

// Steps are all changes of an order's state.
var Steps = []Step{
	{Draft, "submit", Submitted, ByBuyer, "lines of one seller, each with a weight; destinations are open needs"},
	{Draft, "submit", AwaitingApproval, ByBuyer, "above the limit of the one who orders"},
	{Draft, "change", Draft, ByBuyer, "its weight, at what the offer asks for so much now; within the highest price"},
	{Draft, "cancel", Cancelled, ByBuyer, "free"},
	{AwaitingApproval, "approve", AwaitingApproval, ByApprover, "the sum is above what this one may allow: the next of the chain is asked"},
	{AwaitingApproval, "approve", Submitted, ByApprover, "the last of the chain; never the one who ordered"},
	{AwaitingApproval, "refuse", Refused, ByApprover, "with a reason; money paid goes back"},
	{AwaitingApproval, "cancel", Cancelled, ByBuyer, "free"},
	{AwaitingApproval, "time_out", Expired, ByClock, "no answer within 48 hours; money paid goes back"},
	{Draft, "submit", Confirmed, ByBuyer, "as above, when the seller said yes beforehand: reserves the goods"},
	{Submitted, "confirm", Confirmed, BySeller, "reserves the goods; never more than is left of the lot"},
	{Submitted, "decline", Declined, BySeller, "money paid goes back"},
	{Submitted, "time_out", Expired, ByClock, "no answer within 48 hours (a backorder: 14 days); money paid goes back"},
	{Submitted, "cancel", Cancelled, ByBuyer, "free"},
	{Submitted, "add", Submitted, ByBuyer, "more lines of the same seller; the 48 hours begin anew"},
	{Submitted, "add", AwaitingApproval, ByBuyer, "with them it is above the limit of the one who adds"},
	{Submitted, "offer_less", OfferedLess, BySeller, "lower weights, substitutes; reserves them until the buyer answers"},
	{OfferedLess, "agree", Confirmed, ByBuyer, "what was offered holds; needs get their part of it; the rest may become a backorder"},
	{OfferedLess, "cancel", Cancelled, ByBuyer, "free; the goods return to the lot"},
	{OfferedLess, "time_out", Expired, ByClock, "no answer within 48 hours; goods and money go back"},
	{Confirmed, "allocate", PartAllocated, ByLedger, "some goods have a destination"},
	{Confirmed, "allocate", Allocated, ByLedger, "all goods have a destination"},
	{PartAllocated, "allocate", Allocated, ByLedger, "all goods have a destination"},
	{Confirmed, "assign", PartAllocated, ByBuyer, "goods without a destination go to an open need"},
	{Confirmed, "assign", Allocated, ByBuyer, "as above, all of them"},
	{PartAllocated, "assign", PartAllocated, ByBuyer, "as above"},
	{PartAllocated, "assign", Allocated, ByBuyer, "as above, the last of them"},
	{InFulfilment, "assign", InFulfilment, ByBuyer, "as above, what is left"},
	{PartAllocated, "refuse_part", Confirmed, ByReceiver, "what is on no trip; without penalty"},
	{PartAllocated, "refuse_part", PartAllocated, ByReceiver, "as above"},
	{Allocated, "refuse_part", Confirmed, ByReceiver, "as above"},
	{Allocated, "refuse_part", PartAllocated, ByReceiver, "as above"},
	{InFulfilment, "refuse_part", InFulfilment, ByReceiver, "as above"},
	{Confirmed, "cancel", Cancelled, ByBuyer, "with a reason, by the rules of cancellation; goods return to the lot, money goes back"},
	{Confirmed, "cancel", Cancelled, BySeller, "with a reason; stands in the seller's record; goods return to the lot, money goes back"},
	{PartAllocated, "cancel", Cancelled, ByBuyer, "as above, while nothing is on a trip"},
	{PartAllocated, "cancel", Cancelled, BySeller, "as above, while nothing is on a trip"},
	{Allocated, "cancel", Cancelled, ByBuyer, "as above, while nothing is on a trip"},
	{Allocated, "cancel", Cancelled, BySeller, "as above, while nothing is on a trip"},
	{Confirmed, "lapse", Cancelled, ByClock, "a deposit that was agreed did not come within 48 hours: goods and money go back"},
	{PartAllocated, "lapse", Cancelled, ByClock, "as above, while nothing is on a trip"},
	{Allocated, "lapse", Cancelled, ByClock, "as above, while nothing is on a trip"},
	{Allocated, "ship", InFulfilment, ByLedger, "the first goods are loaded"},
	{PartAllocated, "ship", InFulfilment, ByLedger, "the first goods are loaded"},
	{InFulfilment, "deliver", Delivered, ByLedger, "nothing to load is left but a weighing difference, nothing is on the road"},
	{InFulfilment, "deliver", PartCancelled, ByLedger, "the same, after the rest was stopped"},
	{InFulfilment, "stop", InFulfilment, ByOperator, "with a reason; what is on no trip returns to the lot; goods are on the road"},
	{InFulfilment, "stop", PartCancelled, ByOperator, "as above; nothing is on the road"},
	{InFulfilment, "accept", InFulfilment, ByReceiver, "each receiver for its own part, once that has arrived"},
	{InFulfilment, "claim", InFulfilment, ByReceiver, "of what has arrived, within 72 hours"},
	{Delivered, "accept", Delivered, ByReceiver, "while another receiver has not answered"},
	{Delivered, "accept", Accepted, ByReceiver, "the last receiver"},
	{Delivered, "silence", Accepted, ByClock, "72 hours; never after a broken cold chain"},
	{Delivered, "claim", Disputed, ByReceiver, "weight, reason and photo, within 72 hours"},
	{PartCancelled, "accept", PartCancelled, ByReceiver, "while another receiver has not answered"},
	{PartCancelled, "accept", Accepted, ByReceiver, "the last receiver"},
	{PartCancelled, "silence", Accepted, ByClock, "72 hours; never after a broken cold chain"},
	{PartCancelled, "claim", Disputed, ByReceiver, "weight, reason and photo, within 72 hours"},
	{Disputed, "claim", Disputed, ByReceiver, "another one"},
	{Disputed, "agree_claim", Disputed, BySeller, "what is granted counts as rejected; other claims are open"},
	{Disputed, "agree_claim", Delivered, BySeller, "the last claim; another receiver has not answered"},
	{Disputed, "agree_claim", PartCancelled, BySeller, "as above, where the rest was stopped"},
	{Disputed, "agree_claim", Accepted, BySeller, "the last claim"},
	{Disputed, "rule_claim", Disputed, ByOperator, "as above, with a reason"},
	{Disputed, "rule_claim", Delivered, ByOperator, "as above, with a reason"},
	{Disputed, "rule_claim", PartCancelled, ByOperator, "as above, with a reason"},
	{Disputed, "rule_claim", Accepted, ByOperator, "as above, with a reason"},
	{Accepted, "settle", Settled, ByFinance, "by accepted weight"},
	{Settled, "pay_out", Closed, ByLedger, "nothing is owed any more"},
}

// Ends are the states nothing leads out of.
var Ends = []State{Declined, Refused, Expired, Closed, Cancelled}

// Order is a commercial agreement between one buyer and one seller.
type Order struct {
	ID          string
	Buyer       string
	Seller      string
	Campaign    string // "" for a plain sale
	NamedUse    string // of the campaign, as it was when the order was sent
	Act         State  // what people last did: any of draft to confirmed, declined, refused, expired or cancelled
	Reason      string // why it was declined or cancelled
	Warnings    []Warning
	Reference   string // what the bank transfer quotes
	Invoice     measure.Fen
	Mandate     string
	SubmittedAt measure.Millis
	AnswerUntil measure.Millis
	ConfirmedAt measure.Millis
	EndedAt     measure.Millis
	SettledAt   measure.Millis
	Cart        string         // what was sent in one go to several sellers
	BackorderOf string         // the order whose missing goods this one is for
	Quotation   string         // that it was agreed in
	Standing    string         // that drafted it
	OrderedBy   string         // user who sent it; never approves it
	EndedBy     Who            // who cancelled it
	StoppedAt   measure.Millis // the rest was called off half-way
	Reached     bool           // its seller got it once
	Lines       []Line

	watched []PriceCase // of a new order: prices that somebody has to look at
}

// sentBy notes who sends the order.
func (o *Order) sentBy(by auth.Actor) {
	o.OrderedBy = by.User
	if by.Mandate != nil {
		o.Mandate = by.Mandate.ID
	}
}

// Line is one lot of an order at one price.
type Line struct {
	ID        string
	N         int
	Offer     string
	Lot       string
	Grams     measure.Grams
	Offered   measure.Grams // what the seller can give instead, while the order is offered_less
	Price     measure.PriceE4
	Benefit   measure.PriceE4 // part of Price for the poor households
	Loss      market.LossTerms
	Pickup    measure.Window // when the goods can be fetched, as the offer said
	Poverty   bool           // the offer had the poverty mark
	InsteadOf string         // the line that this one is offered in place of
	To        []Allocation

	ShareMethod market.FairMethod // of the fair share that To comes from; "" for none
	Share       *LineShare        `json:",omitempty"` // of a new order; of another OrderShares reads it
}

// Fen is what the line costs by the ordered weight.
func (l Line) Fen() measure.Fen { return l.Price.Times(l.Grams) }

// Allocation is the part of a line that one demand gets.
type Allocation struct {
	ID      string
	Demand  string
	Grams   measure.Grams
	Refused measure.Grams // of them, by the receiver before they were on a trip
}

// Promised is what the receiver did not refuse.
func (a Allocation) Promised() measure.Grams { return a.Grams - a.Refused }

// Numbers are an order's grams and fen as the ledger has them.
type Numbers struct {
	Reserved  measure.Grams // promised without a destination
	Allocated measure.Grams // with a destination, on no plan
	Planned   measure.Grams // on a plan, not loaded
	OnTruck   measure.Grams
	Accepted  measure.Grams
	Rejected  measure.Grams
	Returned  measure.Grams
	Lost      map[LossCause]measure.Grams

	LastReceived measure.Millis // 0: nothing yet
	AllAccepted  bool           // every receiver that got something said it stands
	Breach       bool           // a cold chain was broken
	OpenClaims   int            // not agreed on yet

	Goods measure.Fen // what was accepted, at the agreed prices: the sum that the settlement divides

	Escrow   measure.Fen
	Overpaid measure.Fen
	Paid     measure.Fen // all that bank lines and checkouts brought; of a gift: that its fund gave
}

// Loaded is what was ever weighed onto a truck.
func (n Numbers) Loaded() measure.Grams {
	return n.OnTruck + n.Received() + n.LostAll()
}

// Received is what was weighed in at the receivers.
func (n Numbers) Received() measure.Grams { return n.Accepted + n.Rejected + n.Returned }

// LostAll is what was loaded and not received, whatever the cause.
func (n Numbers) LostAll() measure.Grams {
	var sum measure.Grams
	for _, g := range n.Lost {
		sum += g
	}
	return sum
}

// Limits of time.
const (
	answerTime  = 48 * time.Hour // for the seller
	silenceTime = 72 * time.Hour // after which a receiver's silence is a yes
)

// shortPart is the share of the ordered weight, in 1/100, by which the scale at the ramp may stay below it: what is then
// left over is no second delivery.
const shortPart = 2

// Grams is the ordered weight.
func (o Order) Grams() measure.Grams {
	var sum measure.Grams
	for _, l := range o.Lines {
		sum += l.Grams
	}
	return sum
}

// State is the order's state.
func (o Order) State(n Numbers, now time.Time) State {
	switch {
	case o.waits() && now.UnixMilli() > int64(o.AnswerUntil):
		return Expired
	case o.Act != Confirmed:
		return o.Act
	case o.SettledAt > 0:
		return Settled
	case n.Loaded() > 0:
		return o.fulfilment(n, now)
	case n.Reserved == 0:
		return Allocated
	case n.Allocated+n.Planned > 0:
		return PartAllocated
	}
	return Confirmed
}

// waits reports whether somebody has to answer before the clock ends the order.
func (o Order) waits() bool {
	return o.Act == Submitted || o.Act == OfferedLess || o.Act == AwaitingApproval
}

// fulfilment is the state from the first loading to the settlement.
func (o Order) fulfilment(n Numbers, now time.Time) State {
	if !o.allCame(n) {
		return InFulfilment
	}
	if n.OpenClaims > 0 {
		return Disputed
	}
	silent := !n.Breach && now.UnixMilli()-int64(n.LastReceived) > silenceTime.Milliseconds()
	if n.AllAccepted || silent {
		return Accepted
	}
	if o.StoppedAt > 0 {
		return PartCancelled
	}
	return Delivered
}

// allCame reports whether goods came and no more will: nothing is on a plan or on the road, and nothing to load is left but a weighing difference.
func (o Order) allCame(n Numbers) bool {
	return n.Loaded() > 0 && n.OnTruck == 0 && n.Planned == 0 && leftover(n.Reserved+n.Allocated, o.Grams())
}

// lacks is the money still to be paid in for an order, 0 once it takes none any more: what its settlement needs beyond what is there. That is
// its invoice until all of its goods came, and then what was accepted of them. Haulage paid out of its money has to be made up for.
func (o Order) lacks(n Numbers) measure.Fen {
	if !o.open() {
		return 0
	}
	needs := o.Invoice
	if o.allCame(n) {
		needs = n.Goods
	}
	return max(0, needs-n.Escrow-n.Overpaid)
}

// leftover reports whether what is left of a promise is but the difference of two scales.
func leftover(left, whole measure.Grams) bool { return left*100 <= whole*shortPart }

// may faults an act that the table does not allow for this one in this state.
func may(from State, act string, who Who) error {
	known := false
	for _, s := range Steps {
		if s.From == from && s.Act == act {
			known = true
			if s.Who == who {
				return nil
			}
		}
	}
	if known {
		return fault.New(fault.Forbidden, "not_yours_to_do", "This act belongs to another party of the order.")
	}
	return fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while the order is %s.", act, string(from))
}

// LineInput is what a buyer wants of one offer.
type LineInput struct {
	Offer   string
	Version int64 // of the offer, as it was read; 0: whatever it is now
	Grams   measure.Grams
	To      []ToInput
	Share   *SharedBy // nil: by nobody's share
}

// ToInput is what of a line goes to one demand.
type ToInput struct {
	Demand string
	Grams  measure.Grams
}

// Input is a cart.
type Input struct {
	ClientID string // of the device; the same one again has no second effect
	Buyer    string
	Campaign string
	Lines    []LineInput
}

// maxLines is the most lines one order or cart may have.
const maxLines = 100

// check faults what can be seen without looking anything up.
func (in Input) check() error {
	if len(in.Lines) == 0 || len(in.Lines) > maxLines {
		return fault.At("lines", "order_lines", "An order has between 1 and 100 lines.")
	}
	for i, l := range in.Lines {
		if f := l.check(); f != nil {
			return f.In(index("lines", i))
		}
	}
	return nil
}

func (l LineInput) check() *fault.Fault {
	if l.Grams <= 0 || l.Grams > market.MaxLot {
		return market.BadWeight("weight")
	}
	var sum measure.Grams
	seen := map[string]bool{}
	for i, t := range l.To {
		if t.Grams <= 0 || t.Grams > l.Grams {
			return fault.At(index("to", i)+".weight", "bad_weight", "A part must weigh more than nothing and at most as much as the line.")
		}
		if seen[t.Demand] {
			return fault.At(index("to", i)+".demand", "named_twice", "Each need is named once in a line.")
		}
		seen[t.Demand] = true
		sum += t.Grams
	}
	if sum > l.Grams {
		return fault.At("to", "more_than_line", "The parts weigh %s together, more than the %s of the line.", sum, l.Grams)
	}
	return nil
}
