package orders

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// pageTime is how long a payment page waits. The service allows half an hour to a day.
const pageTime = 2 * time.Hour

// CheckoutInput is what somebody wants to pay.
type CheckoutInput struct {
	ClientID string // of the device; the same one again opens no second page
	For      payment.Kind
	ForID    string
	Payer    string      // of a campaign; an order is paid by its buyer
	Fen      measure.Fen // of a campaign; an order and a deposit are paid whole
	Lang     string
	Unspent  market.Unspent // of a gift's part of what a campaign leaves over; market.UnspentBack when it is empty
	Named    bool           // the giver's name is shown to everybody
}

// CheckoutView is a checkout with its state and what went back.
type CheckoutView struct {
	payment.Checkout
	State    PayState
	Returned measure.Fen
	Refunds  []payment.GatewayRefund  // the oldest first
	Disputes []payment.GatewayDispute // the oldest first
}

// Checkout opens a page of the payment service for what an order lacks, or for a gift to a campaign, and gives where to go. While such
// a page is open, it is given again: a second click, another tab or a step back pays once.
func (s *Service) Checkout(ctx context.Context, by auth.Actor, in CheckoutInput) (CheckoutView, error) {
	if s.Gateway == nil {
		return CheckoutView{}, fault.New(fault.Conflict, "no_gateway", "Paying by card or wallet is not set up here; please pay by bank transfer.")
	}
	c, stale, err := s.checkout(ctx, by, in)
	if err != nil {
		return CheckoutView{}, err
	}
	for _, old := range stale {
		if err = s.closePage(ctx, old); err != nil {
			return CheckoutView{}, err
		}
	}
	if len(stale) > 0 { // one of them may have been paid in this moment: look again
		if c, _, err = s.checkout(ctx, by, in); err != nil {
			return CheckoutView{}, err
		}
	}
	if c.Act == payment.CheckoutMade {
		if c, err = s.openPage(ctx, c); err != nil {
			return CheckoutView{}, err
		}
	}
	return s.checkoutView(ctx, s.DB.Read(), c)
}

// checkout finds the checkout to use or writes one down. stale are open ones for another sum, to be closed first; then none is written.
func (s *Service) checkout(ctx context.Context, by auth.Actor, in CheckoutInput) (c payment.Checkout, stale []payment.Checkout, err error) {
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		stale = nil
		if in.ClientID != "" {
			if c, err = payment.CheckoutByClientID(ctx, tx, in.ClientID); !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		c, err = s.asked(ctx, tx, &by, in)
		if err != nil {
			return err
		}
		list, err := payment.CheckoutsFor(ctx, tx, c.ForID)
		if err != nil {
			return err
		}
		for _, old := range list {
			switch {
			case old.Act == payment.CheckoutOnWay && (c.For != payment.ForCampaign || old.Payer == c.Payer):
				return fault.New(fault.Conflict, "pay_on_way", "A payment is on its way already; please wait until it has arrived.")
			case old.Act != payment.CheckoutMade && old.Act != payment.CheckoutOpen || old.Payer != c.Payer:
				continue
			case old.Fen == c.Fen && old.Lang == c.Lang && old.Unspent == c.Unspent && old.Named == c.Named && time.Until(time.UnixMilli(int64(old.Until))) > pageTime/2:
				c = old
				return nil
			}
			stale = append(stale, old)
		}
		if len(stale) > 0 {
			return nil
		}
		if err = payment.InsertCheckout(ctx, tx, c); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "checkout.make", subject: string(c.For) + "/" + c.ForID, at: c.MadeAt, after: c})
	})
	return c, stale, err
}

// asked checks what somebody wants to pay and makes the checkout of it.
func (s *Service) asked(ctx context.Context, q store.Querier, by *auth.Actor, in CheckoutInput) (payment.Checkout, error) {
	c := payment.Checkout{
		ID: store.NewID(), ClientID: in.ClientID, For: in.For, ForID: in.ForID, Payer: in.Payer, Fen: in.Fen, Lang: in.Lang, Act: payment.CheckoutMade,
		// The service's clock is the one on the wall, also while a story is told.
		Until: millis(time.Now().Add(pageTime)), MadeAt: s.millis(ctx),
	}
	if c.ClientID == "" {
		c.ClientID = c.ID
	}
	if in.For == payment.ForDeposit {
		return s.askedDeposit(ctx, q, by, c)
	}
	if in.For == payment.ForOrder {
		o, err := ByID(ctx, q, in.ForID)
		if err != nil {
			return c, found(err, "order")
		}
		c.Payer = o.Buyer
		if c.Fen, err = s.payable(ctx, q, o); err != nil {
			return c, err
		}
	} else if err := s.askedGift(ctx, q, &c, in); err != nil {
		return c, err
	}
	var err error
	if *by, err = by.ActFor(c.Payer, auth.ActOrders); err != nil && in.For == payment.ForOrder {
		err = notFound("order")
	}
	c.MadeBy = by.ID()
	return c, err
}

// askedGift checks a gift to a campaign and takes down what its giver wishes.
func (s *Service) askedGift(ctx context.Context, q store.Querier, c *payment.Checkout, in CheckoutInput) error {
	if c.Fen <= 0 || c.Fen > payment.MaxFen {
		return fault.At("amount", "bad_money", "The amount lies above zero and at most at a billion yuan.")
	}
	c.Unspent, c.Named = string(cmp.Or(in.Unspent, market.UnspentBack)), in.Named
	return market.Takes(ctx, q, Books{}, s.Now(ctx), in.ForID, in.Payer, c.Fen)
}

// askedDeposit is a checkout for what a deposit lacks.
func (s *Service) askedDeposit(ctx context.Context, q store.Querier, by *auth.Actor, c payment.Checkout) (payment.Checkout, error) {
	d, err := DepositByID(ctx, q, c.ForID)
	if err != nil || !standsIn(*by, d.Party) {
		return c, found(errOr(err, notFound("deposit")), "deposit")
	}
	held, err := fen(ctx, q, Held(d.ID))
	if err != nil {
		return c, err
	}
	if d.EndedAt > 0 || held >= d.Fen {
		return c, fault.New(fault.Conflict, "paid_already", "This is paid already; nothing was taken.")
	}
	c.Payer, c.Fen, c.MadeBy = d.Party, d.Fen-held, by.ID()
	return c, nil
}

// payable is what an order lacks. An order of a campaign is paid out of its fund.
func (s *Service) payable(ctx context.Context, q store.Querier, o Order) (measure.Fen, error) {
	if err := o.paidByFund(); err != nil {
		return 0, err
	}
	n, err := numbersOf(ctx, q, o)
	if err != nil {
		return 0, err
	}
	if st := o.State(n, s.Now(ctx)); !o.open() || st == Expired {
		return 0, fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while the order is %s.", "pay", string(st))
	}
	if lacks := o.lacks(n); lacks > 0 {
		return lacks, nil
	}
	return 0, fault.New(fault.Conflict, "paid_already", "This is paid already; nothing was taken.")
}

// openPage asks the service for the page. A crash on the way leaves the checkout made: the next try gets the same page.
func (s *Service) openPage(ctx context.Context, c payment.Checkout) (payment.Checkout, error) {
	title, err := s.payTitle(ctx, c)
	if err != nil {
		return c, err
	}
	back := s.Site + "/pay/" + c.ID
	page, err := s.Gateway.Open(ctx, payment.Ask{
		ID: c.ID, Title: title, Fen: c.Fen, Lang: c.Lang, Return: back, Cancel: back, Until: time.UnixMilli(int64(c.Until)),
	})
	var refused *payment.RefusedError
	if errors.As(err, &refused) {
		c.Act = payment.CheckoutFailed
		err = s.DB.InTx(ctx, func(tx store.Tx) error { return payment.SetCheckout(ctx, tx, c, payment.CheckoutMade) })
		return c, errors.Join(fault.New(fault.Conflict, "gateway_refuses", "The payment service refuses this payment; please pay by bank transfer."), err, refused)
	}
	if err != nil {
		return c, err
	}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		now, err := payment.CheckoutByID(ctx, tx, c.ID)
		if err != nil || now.Act != payment.CheckoutMade { // another click, or the service's own news, was faster
			c = now
			return err
		}
		c.Act, c.Session, c.URL = payment.CheckoutOpen, page.ID, page.URL
		return payment.SetCheckout(ctx, tx, c, payment.CheckoutMade)
	})
	return c, err
}

// payTitle is what the payer reads on the service's page.
func (s *Service) payTitle(ctx context.Context, c payment.Checkout) (string, error) {
	if c.For == payment.ForOrder {
		o, err := ByID(ctx, s.DB.Read(), c.ForID)
		return map[bool]string{true: "订单 ", false: "Order "}[c.Lang == "zh"] + o.Reference, err
	}
	if c.For == payment.ForDeposit {
		d, err := DepositByID(ctx, s.DB.Read(), c.ForID)
		return map[bool]string{true: "保证金 ", false: "Deposit "}[c.Lang == "zh"] + d.Reference, err
	}
	g, err := market.CampaignByID(ctx, s.DB.Read(), c.ForID)
	return g.Title, err
}

// closePage closes a page for a sum that nobody has to pay any more. If it was paid in this moment, that counts.
func (s *Service) closePage(ctx context.Context, c payment.Checkout) error {
	page := payment.Session{State: payment.SessionExpired}
	if c.Session != "" {
		var err error
		if page, err = s.Gateway.Close(ctx, c.Session); err != nil && !gone(err) {
			return err
		}
		if gone(err) {
			page = payment.Session{State: payment.SessionExpired}
		}
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		_, err := s.sessionMoved(ctx, tx, c.ID, page, s.millis(ctx))
		return err
	})
}

// gone reports whether the service knows nothing of what was asked for.
func gone(err error) bool {
	var refused *payment.RefusedError
	return errors.As(err, &refused)
}

// LookAt asks the service how a checkout stands, and books what it says: the payer is back before the service's own message is, or that
// one was lost. The one who pays may, and finance.
func (s *Service) LookAt(ctx context.Context, by auth.Actor, id string) (CheckoutView, error) {
	c, err := payment.CheckoutByID(ctx, s.DB.Read(), id)
	if err != nil {
		return CheckoutView{}, found(err, "payment")
	}
	if !standsIn(by, c.Payer) && mustBeFinance(by) != nil {
		return CheckoutView{}, notFound("payment")
	}
	if s.Gateway != nil && c.Session != "" && (c.Act == payment.CheckoutOpen || c.Act == payment.CheckoutOnWay) {
		if err = s.look(ctx, c); err != nil {
			return CheckoutView{}, err
		}
	}
	if c, err = payment.CheckoutByID(ctx, s.DB.Read(), id); err != nil {
		return CheckoutView{}, err
	}
	return s.checkoutView(ctx, s.DB.Read(), c)
}

func (s *Service) look(ctx context.Context, c payment.Checkout) error {
	page, err := s.Gateway.Find(ctx, c.Session)
	if gone(err) {
		page, err = payment.Session{State: payment.SessionExpired}, nil
	}
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		_, err := s.sessionMoved(ctx, tx, c.ID, page, s.millis(ctx))
		return err
	})
}

// Payments lists the checkouts of an order to those who may read it.
func (s *Service) Payments(ctx context.Context, by auth.Actor, order string) ([]CheckoutView, error) {
	if _, err := s.Order(ctx, by, order); err != nil {
		return nil, err
	}
	list, err := payment.CheckoutsFor(ctx, s.DB.Read(), order)
	return s.checkoutViews(ctx, list, err)
}

// HeldPayments lists what finance has to decide, the oldest first: what its payer's bank took back is not among them.
func (s *Service) HeldPayments(ctx context.Context, by auth.Actor) ([]CheckoutView, error) {
	if err := mustBeFinance(by); err != nil && !by.Can(auth.Auditor, "") {
		return nil, err
	}
	list, err := payment.HeldCheckouts(ctx, s.DB.Read(), pageSize)
	return s.checkoutViews(ctx, list, err)
}

func (s *Service) checkoutViews(ctx context.Context, list []payment.Checkout, err error) ([]CheckoutView, error) {
	out := make([]CheckoutView, len(list))
	for i, c := range list {
		if err == nil {
			out[i], err = s.checkoutView(ctx, s.DB.Read(), c)
		}
	}
	return out, err
}

func (s *Service) checkoutView(ctx context.Context, q store.Querier, c payment.Checkout) (CheckoutView, error) {
	refunds, err := payment.RefundsOf(ctx, q, c.ID)
	if err != nil {
		return CheckoutView{}, err
	}
	disputes, err := payment.DisputesOf(ctx, q, c.ID)
	return CheckoutView{c, payState(c, refunds, disputes), returned(refunds), refunds, disputes}, err
}

// Release ends a held payment by finance: take counts what came for what it was for, else it goes back the way it came.
func (s *Service) Release(ctx context.Context, by auth.Actor, id string, take bool, reason string) (CheckoutView, error) {
	var v CheckoutView
	err := s.byFinance(ctx, by, func(tx store.Tx) (*deed, error) {
		if err := checkReason(reason); err != nil {
			return nil, err
		}
		c, err := payment.CheckoutByID(ctx, tx, id)
		if err != nil {
			return nil, found(err, "payment")
		}
		if v, err = s.checkoutView(ctx, tx, c); err != nil {
			return nil, err
		}
		if v.State != PayHeld {
			return nil, fault.New(fault.Conflict, "not_held", "This payment is not held, or no longer.")
		}
		if c.GotCurrency != payment.Currency {
			return nil, fault.New(fault.Conflict, "other_currency", "The books keep yuan alone: what came in another currency is returned at the payment service's own desk.")
		}
		before := c
		c.Act = payment.CheckoutPaid
		if err = payment.SetCheckout(ctx, tx, c, payment.CheckoutHeld); err != nil {
			return nil, err
		}
		if take {
			err = s.bookCheckout(ctx, tx, by, c, Unmatched(c.ID), s.millis(ctx))
		} else {
			err = s.returnPart(ctx, tx, c, Unmatched(c.ID), came(c), s.millis(ctx))
		}
		if err != nil {
			return nil, err
		}
		v, err = s.checkoutView(ctx, tx, c)
		return &deed{act: "checkout.release", subject: "checkout/" + id, reason: reason, before: before, after: c}, err
	})
	return v, err
}

// sessionMoved books what the service says of a page, once, whoever asked and in whatever order it comes. It gives the outcome for the
// inbox.
func (s *Service) sessionMoved(ctx context.Context, tx store.Tx, id string, page payment.Session, at measure.Millis) (string, error) {
	c, err := payment.CheckoutByID(ctx, tx, id)
	if err != nil {
		return "", err
	}
	from := c.Act
	if page.ID != "" {
		c.Session = page.ID
	}
	waits := from == payment.CheckoutMade || from == payment.CheckoutOpen
	switch {
	case page.State == payment.SessionPaid && from != payment.CheckoutPaid && from != payment.CheckoutHeld:
		c.Intent, c.URL = page.Intent, ""
		return s.captured(ctx, tx, c, from, page, at)
	case page.State == payment.SessionProcessing && waits:
		c.Act, c.Intent, c.URL = payment.CheckoutOnWay, page.Intent, ""
	case page.State == payment.SessionExpired && waits:
		c.Act, c.URL = payment.CheckoutClosed, ""
	default:
		return payment.EventNothing, nil
	}
	return payment.EventDone, payment.SetCheckout(ctx, tx, c, from)
}

// captured books a payment. Another amount or currency than was asked is kept aside and never counts for the order by itself.
func (s *Service) captured(ctx context.Context, tx store.Tx, c payment.Checkout, from payment.CheckoutAct, page payment.Session, at measure.Millis) (string, error) {
	if page.Fen == c.Fen && page.Currency == payment.Currency {
		c.Act = payment.CheckoutPaid
		if err := payment.SetCheckout(ctx, tx, c, from); err != nil {
			return "", err
		}
		return payment.EventDone, s.bookCheckout(ctx, tx, auth.System("gateway"), c, GatewayWorld, at)
	}
	c.Act, c.Got, c.GotCurrency = payment.CheckoutHeld, page.Fen, page.Currency
	if err := payment.SetCheckout(ctx, tx, c, from); err != nil {
		return "", err
	}
	if page.Currency != payment.Currency || page.Fen <= 0 { // no fen came
		return payment.EventHeld, record(ctx, tx, auth.System("gateway"), deed{act: "checkout.hold", subject: "checkout/" + c.ID, at: at, after: c})
	}
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "checkout/" + c.ID + "/held", At: at, Actor: auth.System("gateway").ID(), Kind: "paid", Subject: "checkout/" + c.ID,
		Postings: []ledger.Posting{inFen(GatewayWorld, Unmatched(c.ID), page.Fen)},
	})
	if err != nil {
		return "", err
	}
	return payment.EventHeld, record(ctx, tx, auth.System("gateway"), deed{act: "checkout.hold", subject: "checkout/" + c.ID, at: at, after: c})
}

// bookCheckout moves a payment's money to what it is for.
func (s *Service) bookCheckout(ctx context.Context, tx store.Tx, by auth.Actor, c payment.Checkout, from string, at measure.Millis) error {
	e := ledger.Entry{ClientID: "checkout/" + c.ID + "/paid", At: at, Actor: by.ID(), Kind: "paid", Subject: "checkout/" + c.ID}
	if c.For == payment.ForCampaign {
		e.Note = givenBy(c.Payer)
	}
	err := s.bookFor(ctx, tx, by, incoming{entry: e, kind: c.For, id: c.ForID, fen: came(c), from: from})
	if err != nil {
		return err
	}
	if c.For == payment.ForCampaign {
		if err = market.AddDonor(ctx, tx, c.ForID, c.Payer, at); err != nil {
			return err
		}
	}
	return record(ctx, tx, by, deed{act: "checkout.capture", subject: "checkout/" + c.ID, at: at, after: c})
}
