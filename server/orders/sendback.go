package orders

import (
	"context"
	"errors"
	"slices"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// Money that is owed back to a buyer goes back the way it came: to the card or wallet first, as far as that brought it for this order,
// the rest by bank transfer:
//
//	refund/<party> -> refunding/<refund> -> world/stripe       or back to refund/<party> when the payer's bank does not take it

// payer is who paid for what: the buyer for an order, who put it up for a deposit.
type payer struct{ party, forID string }

func payerOf(o Order) payer { return payer{o.Buyer, o.ID} }

// sendBack begins to return what an entry just put into a payer's refund account.
func (s *Service) sendBack(ctx context.Context, tx store.Tx, who payer, e ledger.Entry) error {
	var owed measure.Fen
	for _, p := range e.Postings {
		if p.To == Refund(who.party) {
			owed += measure.Fen(p.Amount)
		}
	}
	if owed == 0 {
		return nil
	}
	left, err := fen(ctx, tx, Refund(who.party)) // setoffs may have taken a part
	if err != nil {
		return err
	}
	owed = min(owed, left)
	list, err := payment.CheckoutsFor(ctx, tx, who.forID)
	if err != nil {
		return err
	}
	for _, c := range slices.Backward(list) {
		free, err := returnable(ctx, tx, c)
		if err != nil {
			return err
		}
		if part := min(free, owed); part > 0 {
			owed -= part
			if err = s.returnPart(ctx, tx, c, Refund(who.party), part, e.At); err != nil {
				return err
			}
		}
	}
	return nil
}

// returnable is what of a payment can still go back the way it came: nothing once its payer's bank took it.
func returnable(ctx context.Context, q store.Querier, c payment.Checkout) (measure.Fen, error) {
	if c.Act != payment.CheckoutPaid {
		return 0, nil
	}
	disputes, err := payment.DisputesOf(ctx, q, c.ID)
	if err != nil {
		return 0, err
	}
	for _, d := range disputes {
		if d.Act != payment.DisputeIsWon {
			return 0, nil
		}
	}
	refunds, err := payment.RefundsOf(ctx, q, c.ID)
	for _, r := range refunds {
		if r.Act == payment.RefundBack { // this way is closed
			return 0, err
		}
	}
	return came(c) - returned(refunds), err
}

// returnPart writes a refund down and sets its money aside; the service is asked after the transaction.
func (s *Service) returnPart(ctx context.Context, tx store.Tx, c payment.Checkout, from string, part measure.Fen, at measure.Millis) error {
	r := payment.GatewayRefund{ID: store.NewID(), Checkout: c.ID, Party: c.Payer, Fen: part, Act: payment.RefundDue, AskedAt: at}
	if err := payment.InsertRefund(ctx, tx, r); err != nil {
		return err
	}
	if err := postRefund(ctx, tx, r, "begun", at, inFen(from, Refunding(r.ID), part)); err != nil {
		return err
	}
	if s.GatewayDue == nil {
		return nil
	}
	return s.GatewayDue(ctx, tx)
}

func postRefund(ctx context.Context, tx store.Tx, r payment.GatewayRefund, what string, at measure.Millis, p ledger.Posting) error {
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "refund/" + r.ID + "/" + what, At: at, Actor: auth.System("gateway").ID(), Kind: "refund_" + what, Subject: "checkout/" + r.Checkout,
		Postings: []ledger.Posting{p},
	})
	return err
}

// askRefunds asks the service for every refund that is due. One that it refuses is owed by bank from then on; one that it could not be
// asked for waits for the next round, under the same key.
func (s *Service) askRefunds(ctx context.Context) error {
	due, err := payment.RefundsDue(ctx, s.DB.Read(), eventsAtOnce)
	for _, r := range due {
		err = errors.Join(err, s.askRefund(ctx, r))
	}
	return err
}

func (s *Service) askRefund(ctx context.Context, r payment.GatewayRefund) error {
	c, err := payment.CheckoutByID(ctx, s.DB.Read(), r.Checkout)
	if err != nil {
		return err
	}
	said, err := s.Gateway.Refund(ctx, payment.GiveBack{ID: r.ID, Intent: c.Intent, Fen: r.Fen})
	if gone(err) {
		said, err = payment.Refund{Ours: r.ID, State: payment.RefundFailed}, nil
	}
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		r, err := payment.RefundByID(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		_, err = s.refundMoved(ctx, tx, r, said, s.millis(ctx))
		return err
	})
}

// refundMoved books what the service says of a refund, once. One that ended may still bounce, weeks later.
func (s *Service) refundMoved(ctx context.Context, tx store.Tx, r payment.GatewayRefund, said payment.Refund, at measure.Millis) (string, error) {
	from := r.Act
	if said.ID != "" {
		r.Theirs = said.ID
	}
	var posting ledger.Posting
	what := ""
	switch open := from == payment.RefundDue || from == payment.RefundAsked; {
	case said.State == payment.RefundPending && from == payment.RefundDue:
		r.Act = payment.RefundAsked
	case said.State == payment.RefundDone && open:
		r.Act, r.EndedAt = payment.RefundEnded, at
		what, posting = "done", inFen(Refunding(r.ID), GatewayWorld, r.Fen)
	case said.State == payment.RefundFailed && open:
		r.Act, r.EndedAt = payment.RefundBack, at
		what, posting = "failed", inFen(Refunding(r.ID), Refund(r.Party), r.Fen)
	case said.State == payment.RefundFailed && from == payment.RefundEnded:
		r.Act, r.EndedAt = payment.RefundBack, at
		what, posting = "failed", inFen(GatewayWorld, Refund(r.Party), r.Fen)
	default:
		return payment.EventNothing, nil
	}
	if ok, err := payment.SetRefund(ctx, tx, r, from); err != nil || !ok {
		return payment.EventNothing, err
	}
	if what == "" {
		return payment.EventDone, nil
	}
	return payment.EventDone, postRefund(ctx, tx, r, what, at, posting)
}
