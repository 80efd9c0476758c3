package orders

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/payment"
	"jishi/server/store"
)

// GatewayEvent takes a message of the payment service: checks its signature, keeps it, and works it. It is kept before anything else is
// done, so that nothing is lost when the work fails: the next round of RunGateway works it again. Faults as payment.Gateway.Event.
func (s *Service) GatewayEvent(ctx context.Context, body []byte, signature string) error {
	if s.Gateway == nil {
		return fault.New(fault.NotFound, "no_such_path", "There is nothing under this address.")
	}
	id, err := s.Gateway.KeepEvent(ctx, s.DB, body, signature, time.Now()) // signed by the clock on the wall
	if err != nil {
		return err
	}
	if err = s.workEvent(ctx, id); err != nil {
		return err
	}
	return s.workWaiting(ctx, id)
}

// workEvent does what an event says, in one transaction with its mark. One that was worked, or whose payment is not known yet, is left
// as it is.
func (s *Service) workEvent(ctx context.Context, id string) error {
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		e, ok, err := payment.WaitingEvent(ctx, tx, id)
		if err != nil || !ok {
			return err
		}
		outcome, err := s.event(ctx, tx, e)
		if err != nil || outcome == payment.EventWaits {
			return err
		}
		return payment.WorkedEvent(ctx, tx, id, outcome, s.millis(ctx))
	})
}

// eventsAtOnce is how many waiting events one round works.
const eventsAtOnce = 100

// workWaiting works events that came before what they are about.
func (s *Service) workWaiting(ctx context.Context, but string) error {
	list, err := payment.EventsIn(ctx, s.DB.Read(), payment.EventWaits, eventsAtOnce)
	for _, e := range list {
		if e.ID != but {
			err = errors.Join(err, s.workEvent(ctx, e.ID))
		}
	}
	return err
}

// event does what one event says and gives its outcome, EventWaits when the payment it is about is not known yet.
func (s *Service) event(ctx context.Context, tx store.Tx, e payment.Event) (string, error) {
	switch e.Kind {
	case payment.SessionMoved, payment.PayFailed:
		return s.sessionEvent(ctx, tx, e)
	case payment.RefundMoved:
		r, err := payment.RefundByID(ctx, tx, e.Refund.Ours)
		if errors.Is(err, sql.ErrNoRows) {
			return payment.EventUnknown, nil
		}
		if err != nil {
			return "", err
		}
		return s.refundMoved(ctx, tx, r, e.Refund, e.At)
	case payment.DisputeOpened, payment.DisputeWon, payment.DisputeLost:
		c, err := payment.CheckoutByIntent(ctx, tx, e.Dispute.Intent)
		if errors.Is(err, sql.ErrNoRows) {
			return payment.EventWaits, nil
		}
		if err != nil {
			return "", err
		}
		if c.Act != payment.CheckoutPaid && c.Act != payment.CheckoutHeld { // its money is not in the books yet
			return payment.EventWaits, nil
		}
		return s.disputeMoved(ctx, tx, c, e)
	}
	return payment.EventNothing, nil
}

func (s *Service) sessionEvent(ctx context.Context, tx store.Tx, e payment.Event) (string, error) {
	c, err := payment.CheckoutByID(ctx, tx, e.Session.Checkout)
	if errors.Is(err, sql.ErrNoRows) {
		return payment.EventUnknown, nil
	}
	if err != nil {
		return "", err
	}
	if c.Session != "" && c.Session != e.Session.ID { // a page that carries our number and is not ours
		return payment.EventUnknown, nil
	}
	if e.Kind != payment.PayFailed {
		return s.sessionMoved(ctx, tx, c.ID, e.Session, e.At)
	}
	from := c.Act
	if from != payment.CheckoutMade && from != payment.CheckoutOpen && from != payment.CheckoutOnWay {
		return payment.EventNothing, nil
	}
	c.Act, c.URL = payment.CheckoutFailed, ""
	return payment.EventDone, payment.SetCheckout(ctx, tx, c, from)
}

// Inbox lists what the payment service told and nobody could work: unknown, of another version, held, or waiting. Finance and auditors
// read it.
func (s *Service) Inbox(ctx context.Context, by auth.Actor, outcome string) ([]payment.InboxEvent, error) {
	if err := mustBeFinance(by); err != nil && !by.Can(auth.Auditor, "") {
		return nil, err
	}
	return payment.EventsIn(ctx, s.DB.Read(), outcome, pageSize)
}

// RunGateway is one round of what is done at the payment service outside any transaction: events that waited, refunds that are due, fees, pages
// that nobody needs any more. It may run at any time and as often as one likes; without a gateway it does nothing.
func (s *Service) RunGateway(ctx context.Context) error {
	if s.Gateway == nil {
		return nil
	}
	return errors.Join(s.workWaiting(ctx, ""), s.askRefunds(ctx), s.closePages(ctx), s.askFees(ctx))
}

// closePages looks after pages that are open: one whose order wants another sum by now is closed, one whose time is over is looked up, in
// case its message was lost.
func (s *Service) closePages(ctx context.Context) error {
	list, err := payment.CheckoutsIn(ctx, s.DB.Read(), eventsAtOnce, payment.CheckoutOpen, payment.CheckoutOnWay)
	for _, c := range list {
		over := time.Now().UnixMilli() > int64(c.Until)
		switch {
		case c.Act == payment.CheckoutOpen && !over && c.For == payment.ForOrder:
			err = errors.Join(err, s.closeStale(ctx, c))
		case over:
			err = errors.Join(err, s.look(ctx, c))
		}
	}
	return err
}

func (s *Service) closeStale(ctx context.Context, c payment.Checkout) error {
	o, err := ByID(ctx, s.DB.Read(), c.ForID)
	if err != nil {
		return err
	}
	lacks, err := s.payable(ctx, s.DB.Read(), o)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	if err == nil && lacks == c.Fen {
		return nil
	}
	return s.closePage(ctx, c)
}
