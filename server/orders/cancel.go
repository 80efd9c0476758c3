package orders

import (
	"context"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// CancelRule says what it costs to cancel a confirmed order. The first rule that fits holds.
type CancelRule struct {
	Code       string // by which the pages say it in their reader's language
	Who        Who
	Gift       bool          // of a campaign's order
	Before     time.Duration // at least so long before the seller hands out the goods; 0: at any time
	ChargeMill int           // of the price of the goods, in 1/1000, to the other side
	Text       string
}

// CancelRules are the rules of cancellation, agreed with each order. The shares and times are this market's own: a seller who packs the
// day before pick-up has work that nobody pays otherwise.
var CancelRules = []CancelRule{
	{"gift", ByBuyer, true, 0, 0, "A gift can be called off free of charge: its money has a named use and pays nothing else."},
	{"two_days", ByBuyer, false, 48 * time.Hour, 0, "Free until 48 hours before pick-up."},
	{"one_day", ByBuyer, false, 24 * time.Hour, 50, "From 48 to 24 hours before pick-up 5 % of the price, to the seller."},
	{"same_day", ByBuyer, false, 0, 100, "Within 24 hours of pick-up 10 % of the price, to the seller."},
	{"seller", BySeller, false, 0, 0, "Nothing is paid; it counts in the seller's record as a promise that was not kept."},
	{"seller", BySeller, true, 0, 0, "Nothing is paid; it counts in the seller's record as a promise that was not kept."},
}

// CancelQuote is what cancelling costs now, and why.
type CancelQuote struct {
	Who    Who
	Free   bool
	Charge measure.Fen // out of what is paid for the order; the rest goes back
	Lost   measure.Fen // of the deposit of the side that cancels, to the other side; it counts towards the charge
	Rule   string
	Code   string // of the rule

	forfeits int // of that deposit, in 1/1000
}

// cancelRule finds the rule for a side of an order, so long before pick-up. Without a time of pick-up it is far off.
func cancelRule(who Who, gift bool, ahead time.Duration) CancelRule {
	for _, r := range CancelRules {
		if r.Who == who && r.Gift == gift && (r.Before == 0 || ahead >= r.Before) {
			return r
		}
	}
	return CancelRule{Who: who}
}

// farOff stands for a pick-up without a date.
const farOff = 1000 * time.Hour

// ahead is how long it is until the first goods of an order are handed out.
func (o Order) ahead(now time.Time) time.Duration {
	soonest := farOff
	for _, l := range o.Lines {
		if l.Pickup.From > 0 {
			soonest = min(soonest, time.UnixMilli(int64(l.Pickup.From)).Sub(now))
		}
	}
	return soonest
}

// cancelQuote works out what cancelling costs: nothing before the seller's yes, then by rule; never more than is paid.
func cancelQuote(ctx context.Context, q store.Querier, o Order, who Who, n Numbers, now time.Time) (CancelQuote, error) {
	if o.Act != Confirmed {
		return CancelQuote{Who: who, Free: true, Rule: "Free: the seller has not said yes.", Code: "unanswered"}, nil
	}
	d := o.ahead(now)
	r := cancelRule(who, o.Campaign != "", d)
	var price measure.Fen
	for _, l := range o.Lines {
		price += l.Fen()
	}
	forfeits := DepositRuleFor(d).Forfeits
	lost, err := depositLost(ctx, q, o, who, forfeits)
	if err != nil {
		return CancelQuote{}, err
	}
	charge := min(max(0, measure.Fen(int64(price)*int64(r.ChargeMill)/1000)-lost), n.Escrow)
	return CancelQuote{Who: who, Free: r.ChargeMill == 0 && lost == 0, Charge: charge, Lost: lost, Rule: r.Text, Code: r.Code, forfeits: forfeits}, nil
}

// depositLost is what the side that cancels loses of its deposit, so much of it in 1/1000.
func depositLost(ctx context.Context, q store.Querier, o Order, who Who, mille int) (measure.Fen, error) {
	list, err := openDeposits(ctx, q, o.ID)
	var sum measure.Fen
	for _, d := range list {
		if err != nil || d.Party != sideParty(o, who) {
			continue
		}
		var held measure.Fen
		held, err = fen(ctx, q, Held(d.ID))
		sum += d.lost(held, mille)
	}
	return sum, err
}

// sideParty is who stands on a side of an order.
func sideParty(o Order, who Who) string {
	if who == BySeller {
		return o.Seller
	}
	return o.Buyer
}

// CancelQuote tells the actor what cancelling would cost now.
func (s *Service) CancelQuote(ctx context.Context, by auth.Actor, id string) (CancelQuote, error) {
	q := s.DB.Read()
	o, err := ByID(ctx, q, id)
	if err != nil {
		return CancelQuote{}, found(err, "order")
	}
	side, _, err := sideOf(by, o, "")
	if err != nil {
		return CancelQuote{}, err
	}
	n, err := numbersOf(ctx, q, o)
	if err != nil {
		return CancelQuote{}, err
	}
	if err = may(o.State(n, s.Now(ctx)), "cancel", side); err != nil {
		return CancelQuote{}, err
	}
	return cancelQuote(ctx, q, o, side, n, s.Now(ctx))
}

// Cancel ends an order by its buyer or its seller, before anything is on a trip. After the seller's yes it needs a reason and
// CancelRules say what it costs; the goods return to the lot and the rest of the money goes back.
func (s *Service) Cancel(ctx context.Context, by auth.Actor, id, reason string) (Order, error) {
	return s.move(ctx, by, id, "", "cancel", reason, func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, n Numbers) error {
		if o.Act == Confirmed {
			if err := checkReason(reason); err != nil {
				return err
			}
		}
		if n.Planned > 0 {
			return fault.New(fault.Conflict, "on_a_trip", "%s of this order is planned on a trip; the trip has to be changed first.", n.Planned)
		}
		side, _, err := sideOf(by, *o, "")
		if err != nil {
			return err
		}
		quote, err := cancelQuote(ctx, tx, *o, side, n, s.Now(ctx))
		if err != nil {
			return err
		}
		o.Act, o.Reason, o.EndedAt, o.EndedBy = Cancelled, reason, s.millis(ctx), side
		if err = release(ctx, tx, by, *o, "cancel", o.EndedAt); err != nil {
			return err
		}
		if err = s.giveBack(ctx, tx, by, *o, n, quote.Charge); err != nil {
			return err
		}
		_, err = s.EndDeposits(ctx, tx, by, DepositEnd{ForID: o.ID, Broken: sideParty(*o, side), Mille: quote.forfeits, Why: "cancelled", At: o.EndedAt})
		return err
	})
}
