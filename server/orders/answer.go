package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Confirm is the seller's yes: the goods are reserved, whole or not at all, and never more than is left of a lot.
func (s *Service) Confirm(ctx context.Context, by auth.Actor, id string) (Order, error) {
	return s.move(ctx, by, id, BySeller, "confirm", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		return s.confirmTx(ctx, tx, by, o)
	})
}

func (s *Service) confirmTx(ctx context.Context, tx store.Tx, by auth.Actor, o *Order) error {
	o.Act, o.ConfirmedAt = Confirmed, s.millis(ctx)
	if o.Campaign != "" {
		if err := ledger.Restrict(ctx, tx, Escrow(o.ID), market.Use(o.Campaign)); err != nil {
			return err
		}
	}
	if _, _, err := ledger.Post(ctx, tx, reservation(*o, by)); err != nil {
		return err
	}
	if err := s.askDeposits(ctx, tx, by, *o); err != nil {
		return err
	}
	return fund(ctx, tx, by, *o, o.ConfirmedAt)
}

// reservation moves the goods of every line from the lot to the line, and on to the needs it is for.
func reservation(o Order, by auth.Actor) ledger.Entry {
	e := ledger.Entry{ClientID: "order/" + o.ID + "/confirm", At: o.ConfirmedAt, Actor: by.ID(), Kind: "reserved", Subject: "order/" + o.ID}
	for _, l := range o.Lines {
		e.Postings = append(e.Postings, inGrams(market.LotAvailable(l.Lot), LineReserved(l.ID), l.Grams))
		for _, a := range l.To {
			e.Postings = append(e.Postings, inGrams(LineReserved(l.ID), AllocAllocated(a.ID), a.Grams))
		}
	}
	return e
}

func inGrams(from, to string, g measure.Grams) ledger.Posting {
	return ledger.Posting{Unit: ledger.Grams, From: from, To: to, Amount: int64(g)}
}

func inFen(from, to string, f measure.Fen) ledger.Posting {
	return ledger.Posting{Unit: ledger.Fen, From: from, To: to, Amount: int64(f)}
}

// Decline is the seller's no, with a reason. Money that came in goes back.
func (s *Service) Decline(ctx context.Context, by auth.Actor, id, reason string) (Order, error) {
	if err := checkReason(reason); err != nil {
		return Order{}, err
	}
	return s.move(ctx, by, id, BySeller, "decline", reason, func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, n Numbers) error {
		o.Act, o.Reason, o.EndedAt = Declined, reason, s.millis(ctx)
		return s.giveBack(ctx, tx, by, *o, n, 0)
	})
}

// act is what one step does to an order, in its transaction.
type act func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, n Numbers) error

// move runs one step of the table: it reads the order, checks that this one may do it now, and writes what the step
// changed. who "" is whichever side of the order the actor is on.
func (s *Service) move(ctx context.Context, by auth.Actor, id string, who Who, name, reason string, do act) (Order, error) {
	var o Order
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, acting, n, err := s.enter(ctx, tx, by, id, who, name)
		if err != nil {
			return err
		}
		o = before
		if err = do(ctx, tx, acting, &o, n); err != nil {
			return err
		}
		return s.acted(ctx, tx, acting, name, reason, before, o)
	})
	return o, err
}

// enter reads an order for one step of the table, and tells under which mandate this one may do it now.
func (s *Service) enter(ctx context.Context, tx store.Tx, by auth.Actor, id string, who Who, name string) (o Order, acting auth.Actor, n Numbers, err error) {
	if o, err = ByID(ctx, tx, id); err != nil {
		return o, by, n, found(err, "order")
	}
	side, acting, err := sideOf(by, o, who)
	if err != nil {
		return o, by, n, err
	}
	if n, err = numbersOf(ctx, tx, o); err != nil {
		return o, by, n, err
	}
	return o, acting, n, may(o.State(n, s.Now(ctx)), name, side)
}

// sideOf tells on which side of the order the actor stands, and under which mandate. To others there is no such order, and none to a seller
// that it was never sent to; to the other side the act is not theirs.
func sideOf(by auth.Actor, o Order, want Who) (Who, auth.Actor, error) {
	seller, sellerErr := by.ActFor(o.Seller, auth.ActOffers)
	buyer, buyerErr := by.ActFor(o.Buyer, auth.ActOrders)
	if !o.sent() {
		sellerErr = notFound("order")
	}
	switch {
	case sellerErr == nil && (want == BySeller || want == "" && buyerErr != nil):
		return BySeller, seller, nil
	case buyerErr == nil && want != BySeller:
		return ByBuyer, buyer, nil
	case buyerErr == nil || sellerErr == nil:
		return "", by, fault.New(fault.Forbidden, "not_yours_to_do", "This act belongs to another party of the order.")
	}
	return "", by, notFound("order")
}

// release returns to the lots what is reserved or allocated and on no trip.
func release(ctx context.Context, tx store.Tx, by auth.Actor, o Order, why string, at measure.Millis) error {
	e := ledger.Entry{ClientID: "order/" + o.ID + "/" + why + "/release", At: at, Actor: by.ID(), Kind: "released", Subject: "order/" + o.ID}
	add := func(from, lot string) error {
		g, err := grams(ctx, tx, from)
		if err == nil && g > 0 {
			e.Postings = append(e.Postings, inGrams(from, market.LotAvailable(lot), g))
		}
		return err
	}
	for _, l := range o.Lines {
		if err := add(LineReserved(l.ID), l.Lot); err != nil {
			return err
		}
		for _, a := range l.To {
			if err := add(AllocAllocated(a.ID), l.Lot); err != nil {
				return err
			}
		}
	}
	if len(e.Postings) == 0 {
		return nil
	}
	_, _, err := ledger.Post(ctx, tx, e)
	return err
}

// giveBack returns the money of an order that came to nothing: to the campaign's fund, or to what is owed to the buyer. What the
// rules of cancellation charge goes to the seller.
func (s *Service) giveBack(ctx context.Context, tx store.Tx, by auth.Actor, o Order, n Numbers, charge measure.Fen) error {
	e := ledger.Entry{
		ClientID: "order/" + o.ID + "/give-back", At: o.EndedAt, Actor: by.ID(), Kind: "given_back", Subject: "order/" + o.ID, Use: useOf(o),
	}
	if charge > 0 {
		e.Postings = append(e.Postings, inFen(Escrow(o.ID), Payable(o.Seller), charge))
	}
	if n.Escrow > charge {
		e.Postings = append(e.Postings, inFen(Escrow(o.ID), restTo(o), n.Escrow-charge))
	}
	if n.Overpaid > 0 {
		e.Postings = append(e.Postings, inFen(Overpaid(o.ID), Refund(o.Buyer), n.Overpaid))
	}
	if len(e.Postings) == 0 {
		return nil
	}
	return s.postAndSendBack(ctx, tx, payerOf(o), e)
}

// restTo names where money of the order goes that nobody earned.
func restTo(o Order) string {
	if o.Campaign != "" {
		return market.CampaignFund(o.Campaign)
	}
	return Refund(o.Buyer)
}

// useOf names the use that the order's money is given for, "" for a plain sale.
func useOf(o Order) string {
	if o.Campaign == "" {
		return ""
	}
	return market.Use(o.Campaign)
}

// ExpireDue ends every order that its seller did not answer in time, and gives the money back. It may run at any time and
// as often as one likes; it tells how many it ended.
func (s *Service) ExpireDue(ctx context.Context) (int, error) {
	due, err := overdueOrders(ctx, s.DB.Read(), s.millis(ctx))
	if err != nil {
		return 0, err
	}
	by, ended := auth.System("clock"), 0
	for _, o := range due {
		err = s.DB.InTx(ctx, func(tx store.Tx) error {
			n, err := numbersOf(ctx, tx, o)
			if err != nil {
				return err
			}
			before, o := o, o
			o.Act, o.EndedAt = Expired, s.millis(ctx)
			ok, err := setAct(ctx, tx, o, before.Act)
			if err != nil || !ok {
				return err
			}
			if err = release(ctx, tx, by, o, "expire", o.EndedAt); err != nil {
				return err
			}
			if err = s.giveBack(ctx, tx, by, o, n, 0); err != nil {
				return err
			}
			if err = s.moved(ctx, tx, o); err != nil {
				return err
			}
			return s.recordOf(ctx, tx, by, o, deed{act: "order.expire", at: o.EndedAt})
		})
		if err != nil {
			return ended, err
		}
		ended++
	}
	return ended, nil
}
