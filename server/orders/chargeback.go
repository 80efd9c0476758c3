package orders

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// A payer's bank may take a payment back until it is decided who is right. The money is frozen out of where it is now; what was spent
// already, its payer owes from that moment:
//
//	escrow, overpaid, refund or fund, else world/owed/<payer> -> disputed/<dispute> -> world/stripe (lost) or back (won)

// disputeMoved books the opening and the end of a dispute, each once. An end that comes first opens it.
func (s *Service) disputeMoved(ctx context.Context, tx store.Tx, c payment.Checkout, e payment.Event) (string, error) {
	if e.Dispute.Currency != payment.Currency {
		return payment.EventHeld, nil
	}
	moved := payment.EventNothing
	d, err := payment.DisputeByID(ctx, tx, e.Dispute.ID)
	if errors.Is(err, sql.ErrNoRows) {
		moved = payment.EventDone
		d, err = s.openDispute(ctx, tx, c, e)
	}
	if err != nil || d.Act != payment.DisputeIsOpen {
		return moved, err
	}
	if err = disputeFee(ctx, tx, d, e); err != nil || e.Kind == payment.DisputeOpened {
		return moved, err
	}
	act := payment.DisputeIsLost
	if e.Kind == payment.DisputeWon {
		act = payment.DisputeIsWon
	}
	if ok, err := payment.CloseDispute(ctx, tx, d.ID, act, e.At); err != nil || !ok {
		return payment.EventNothing, err
	}
	if err = record(ctx, tx, auth.System("gateway"), deed{act: "dispute." + string(act), subject: "checkout/" + c.ID, at: e.At, after: d}); err != nil {
		return "", err
	}
	if act == payment.DisputeIsWon {
		return payment.EventDone, s.thaw(ctx, tx, c, d, e.At)
	}
	return payment.EventDone, postDispute(ctx, tx, c, d, "lost", e.At, inFen(Frozen(d.ID), GatewayWorld, d.Fen))
}

func (s *Service) openDispute(ctx context.Context, tx store.Tx, c payment.Checkout, e payment.Event) (payment.GatewayDispute, error) {
	d := payment.GatewayDispute{
		ID: e.Dispute.ID, Checkout: c.ID, Fen: e.Dispute.Fen, Act: payment.DisputeIsOpen, Reason: e.Dispute.Reason, OpenedAt: e.At,
	}
	if err := payment.InsertDispute(ctx, tx, d); err != nil {
		return d, err
	}
	if err := s.stopRefunds(ctx, tx, c, e.At); err != nil {
		return d, err
	}
	from, err := s.whereItIs(ctx, tx, c)
	if err != nil {
		return d, err
	}
	var postings []ledger.Posting
	left := d.Fen
	for _, account := range from {
		have, err := fen(ctx, tx, account)
		if err != nil {
			return d, err
		}
		if part := min(have, left); part > 0 {
			left -= part
			postings = append(postings, inFen(account, Frozen(d.ID), part))
		}
	}
	if left > 0 {
		postings = append(postings, inFen(Owed(c.Payer), Frozen(d.ID), left))
	}
	if err = postDispute(ctx, tx, c, d, "opened", e.At, postings...); err != nil {
		return d, err
	}
	return d, record(ctx, tx, auth.System("gateway"), deed{act: "dispute.opened", subject: "checkout/" + c.ID, reason: d.Reason, at: e.At, after: d})
}

// disputeFee books what the service keeps for a dispute by now: with its opening, and less again where it gives the fee back to whoever
// wins. What an event tells that comes after the end is old.
func disputeFee(ctx context.Context, tx store.Tx, d payment.GatewayDispute, e payment.Event) error {
	more := e.Dispute.Fee - d.Fee
	if more == 0 {
		return nil
	}
	if err := payment.SetDisputeFee(ctx, tx, d.ID, e.Dispute.Fee); err != nil {
		return err
	}
	p := inFen(GatewayFees, GatewayWorld, more)
	if more < 0 {
		p = inFen(GatewayWorld, GatewayFees, -more)
	}
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "dispute/" + d.ID + "/fee/" + e.ID, At: e.At, Actor: auth.System("gateway").ID(), Kind: "dispute_fee", Subject: "dispute/" + d.ID,
		Note: map[string]string{"checkout": d.Checkout}, Postings: []ledger.Posting{p},
	})
	return err
}

// stopRefunds calls off what the service was not asked for yet: it would refuse, and the money went back another way.
func (s *Service) stopRefunds(ctx context.Context, tx store.Tx, c payment.Checkout, at measure.Millis) error {
	refunds, err := payment.RefundsOf(ctx, tx, c.ID)
	for _, r := range refunds {
		if r.Act == payment.RefundDue && err == nil {
			_, err = s.refundMoved(ctx, tx, r, payment.Refund{State: payment.RefundFailed}, at)
		}
	}
	return err
}

// whereItIs lists the accounts that a payment's money may be in, in the order in which it is frozen.
func (s *Service) whereItIs(ctx context.Context, q store.Querier, c payment.Checkout) ([]string, error) {
	if c.For == payment.ForCampaign {
		return []string{Unmatched(c.ID), market.CampaignFund(c.ForID)}, nil
	}
	if c.For == payment.ForDeposit {
		d, err := DepositByID(ctx, q, c.ForID)
		return []string{Unmatched(c.ID), Held(d.ID), Refund(d.Party)}, err
	}
	o, err := ByID(ctx, q, c.ForID)
	return []string{Unmatched(c.ID), Overpaid(o.ID), Escrow(o.ID), Refund(o.Buyer)}, err
}

func postDispute(ctx context.Context, tx store.Tx, c payment.Checkout, d payment.GatewayDispute, what string, at measure.Millis, postings ...ledger.Posting) error {
	e := ledger.Entry{
		ClientID: "dispute/" + d.ID + "/" + what, At: at, Actor: auth.System("gateway").ID(), Kind: "dispute_" + strings.SplitN(what, "/", 2)[0], Subject: "dispute/" + d.ID,
		Note: map[string]string{"checkout": c.ID}, Postings: postings,
	}
	if c.For == payment.ForCampaign {
		e.Use = market.Use(c.ForID)
	}
	_, _, err := ledger.Post(ctx, tx, e)
	return err
}

// thaw puts the money of a dispute that was won back: what its payer came to owe is owed no more, what was kept aside or owed back to
// the payer is so again, the rest is for the order or the campaign again, or for its payer when the order ended meanwhile.
func (s *Service) thaw(ctx context.Context, tx store.Tx, c payment.Checkout, d payment.GatewayDispute, at measure.Millis) error {
	entries, err := ledger.Entries(ctx, tx, "dispute/"+d.ID)
	if err != nil {
		return err
	}
	var rest measure.Fen
	back := map[string]measure.Fen{Owed(c.Payer): 0, Unmatched(c.ID): 0, Refund(c.Payer): 0}
	for _, e := range entries {
		for _, p := range e.Postings {
			if p.To != Frozen(d.ID) {
				continue
			}
			if _, straight := back[p.From]; straight {
				back[p.From] += measure.Fen(p.Amount)
			} else {
				rest += measure.Fen(p.Amount)
			}
		}
	}
	for account, part := range back {
		if part > 0 {
			if err = postDispute(ctx, tx, c, d, "won/"+strings.SplitN(account, "/", 2)[0], at, inFen(Frozen(d.ID), account, part)); err != nil {
				return err
			}
		}
	}
	if rest == 0 {
		return nil
	}
	return s.bookFor(ctx, tx, auth.System("gateway"), incoming{
		entry: ledger.Entry{ClientID: "dispute/" + d.ID + "/back", At: at, Actor: auth.System("gateway").ID(), Kind: "dispute_won", Subject: "dispute/" + d.ID},
		kind:  c.For, id: c.ForID, fen: rest, from: Frozen(d.ID),
	})
}
