package orders

import (
	"slices"
	"time"

	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
)

// QuoteState is where a quotation stands.
type QuoteState string

// The states of a quotation.
const (
	QuoteAsked     QuoteState = "asked"     // the seller has to name a price
	QuoteOffered   QuoteState = "offered"   // the seller named one; the buyer has to answer
	QuoteCountered QuoteState = "countered" // the buyer named another; the seller has to answer
	QuoteAccepted  QuoteState = "accepted"  // it became an order
	QuoteDeclined  QuoteState = "declined"  // whoever had to answer said no
	QuoteExpired   QuoteState = "expired"   // nobody answered in time
	QuoteWithdrawn QuoteState = "withdrawn" // whoever spoke last took it back
)

// QuoteStep is one allowed change of a quotation's state.
type QuoteStep market.Step[QuoteState]

// QuoteSteps are all changes of a quotation's state.
var QuoteSteps = []QuoteStep{
	{QuoteAsked, "offer", QuoteOffered, BySeller, "one of its offers, a price, a weight, a last moment"},
	{QuoteAsked, "decline", QuoteDeclined, BySeller, ""},
	{QuoteAsked, "withdraw", QuoteWithdrawn, ByBuyer, ""},
	{QuoteAsked, "expire", QuoteExpired, ByClock, "the last moment is over"},
	{QuoteOffered, "counter", QuoteCountered, ByBuyer, "another price or weight"},
	{QuoteOffered, "accept", QuoteAccepted, ByBuyer, "becomes an order, confirmed at once unless the buyer's approvers have to say yes"},
	{QuoteOffered, "decline", QuoteDeclined, ByBuyer, ""},
	{QuoteOffered, "withdraw", QuoteWithdrawn, BySeller, ""},
	{QuoteOffered, "expire", QuoteExpired, ByClock, "the last moment is over"},
	{QuoteCountered, "offer", QuoteOffered, BySeller, "another price or weight"},
	{QuoteCountered, "accept", QuoteAccepted, BySeller, "becomes an order, as above"},
	{QuoteCountered, "decline", QuoteDeclined, BySeller, ""},
	{QuoteCountered, "withdraw", QuoteWithdrawn, ByBuyer, ""},
	{QuoteCountered, "expire", QuoteExpired, ByClock, "the last moment is over"},
}

// QuoteEnds are the states nothing leads out of.
var QuoteEnds = []QuoteState{QuoteAccepted, QuoteDeclined, QuoteExpired, QuoteWithdrawn}

// Quotation is one buyer's question to one seller, and what they named since. An RFQ to many sellers is many of them under one RFQ id.
type Quotation struct {
	ID        string
	RFQ       string
	Buyer     string
	Seller    string
	Produce   string
	Grams     measure.Grams // asked
	Demand    string        // where the goods are to go, "": the buyer says later
	NeedBy    measure.Millis
	Why       string
	Act       QuoteState // what people last did, or expired
	ExpiresAt measure.Millis
	Order     string // what it became
	Reason    string
	AskedAt   measure.Millis
	AskedBy   string // user
	Version   int64
	Terms     []Terms // every price that was named, oldest first
}

// Terms are one price that was named.
type Terms struct {
	Side    Who
	Offer   string // of the seller; a counter-offer keeps the last one
	Price   measure.PriceE4
	Grams   measure.Grams
	Benefit measure.PriceE4 // this and what follows are the offer's, as they were when the seller named a price
	Loss    market.LossTerms
	Pickup  measure.Window
	Note    string
	At      measure.Millis
	ByUser  string
	Warning *Warning // of the price watch
}

// on gives an offer under agreed terms: its own price, smallest order and order window don't bind.
func (t Terms) on(o market.Offer) market.Offer {
	o.Price, o.Tiers, o.Min, o.Orders = t.Price, nil, 0, measure.Window{}
	o.Benefit, o.Loss, o.Pickup = t.Benefit, t.Loss, t.Pickup
	return o
}

// State is the quotation's state at a time.
func (q Quotation) State(now time.Time) QuoteState {
	if !slices.Contains(QuoteEnds, q.Act) && now.UnixMilli() > int64(q.ExpiresAt) {
		return QuoteExpired
	}
	return q.Act
}

// last gives the terms on the table.
func (q Quotation) last() Terms {
	if len(q.Terms) == 0 {
		return Terms{}
	}
	return q.Terms[len(q.Terms)-1]
}

// turn gives the state an act leads to, or the fault that says why it can't be done.
func turn(from QuoteState, act string, who Who) (QuoteState, error) {
	known := false
	for _, s := range QuoteSteps {
		if s.From == from && s.Act == act && s.Who == who {
			return s.To, nil
		}
		known = known || s.From == from && s.Act == act
	}
	if known {
		return "", fault.New(fault.Forbidden, "not_yours_to_do", "This act belongs to another party of the order.")
	}
	return "", fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while the order is %s.", act, string(from))
}

// AskInput is a request for quotation.
type AskInput struct {
	ClientID string
	Buyer    string
	Sellers  []string
	Produce  string
	Grams    measure.Grams
	Demand   string
	NeedBy   measure.Millis
	Until    measure.Millis // the sellers' last moment; 0: in 48 hours
	Why      string
}

// longestQuote is how long a quotation may stay open.
const longestQuote = 90 * 24 * time.Hour

func (in AskInput) check(now time.Time) error {
	if len(in.Sellers) == 0 || len(in.Sellers) > 50 {
		return fault.At("sellers", "sellers_named", "Name between 1 and 50 sellers.")
	}
	for i, s := range in.Sellers {
		if slices.Contains(in.Sellers[:i], s) || s == in.Buyer {
			return fault.At(index("sellers", i), "named_twice", "Each seller is named once, and never the buyer.")
		}
	}
	if in.Grams <= 0 || in.Grams > market.MaxLot {
		return market.BadWeight("weight")
	}
	if in.NeedBy != 0 && int64(in.NeedBy) < now.UnixMilli() {
		return fault.At("need_by", "date_past", "The day it is needed by has passed.")
	}
	if len(in.Why) > 2000 {
		return fault.At("why", "too_long", "At most %d characters, please.", 2000)
	}
	return checkUntil(in.Until, now)
}

func checkUntil(until measure.Millis, now time.Time) error {
	if until != 0 && (int64(until) <= now.UnixMilli() || int64(until) > now.Add(longestQuote).UnixMilli()) {
		return fault.At("until", "bad_until", "The last moment lies ahead, and at most %d days.", 90)
	}
	return nil
}

// TermsInput is a price being named.
type TermsInput struct {
	Offer string // a seller names one of its offers; a buyer leaves it out
	Price measure.PriceE4
	Grams measure.Grams
	Until measure.Millis // the other side's last moment; 0: in 48 hours
	Note  string
}

func (in TermsInput) check(now time.Time) error {
	if in.Price <= 0 || in.Price > market.MaxPrice {
		return fault.At("price", "bad_price", "A price lies above zero and at most at 1,000 yuan per kilogram.")
	}
	if in.Grams <= 0 || in.Grams > market.MaxLot {
		return market.BadWeight("weight")
	}
	if len(in.Note) > 2000 {
		return fault.At("note", "too_long", "At most %d characters, please.", 2000)
	}
	return checkUntil(in.Until, now)
}
