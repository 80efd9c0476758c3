package payment

import (
	"context"
	"errors"
	"fmt"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// CheckoutAct is what was last said of a checkout.
type CheckoutAct string

// The acts on a checkout.
const (
	CheckoutMade   CheckoutAct = "made"   // written down; the service has not answered yet
	CheckoutOpen   CheckoutAct = "open"   // its page waits for the payer
	CheckoutOnWay  CheckoutAct = "on_way" // the payer said yes, the money is on its way
	CheckoutPaid   CheckoutAct = "paid"   // posted to what it is for
	CheckoutHeld   CheckoutAct = "held"   // another amount or currency came than was asked: finance decides
	CheckoutFailed CheckoutAct = "failed"
	CheckoutClosed CheckoutAct = "closed" // its page closed, and nobody paid
)

// Checkout is one page on which somebody may pay one sum, once.
type Checkout struct {
	ID          string
	ClientID    string // of the device; the same one again is the same checkout
	For         Kind
	ForID       string
	Payer       string // party
	Fen         measure.Fen
	Lang        string
	Until       measure.Millis // by the clock on the wall, as the service's is
	Act         CheckoutAct
	Session     string      // the service's id of the page
	URL         string      // where the payer goes
	Intent      string      // the service's id of the payment
	Got         measure.Fen // what came, where it differs from Fen in amount or currency: in units of GotCurrency
	GotCurrency string
	Unspent     string // of a gift: what becomes of its part of what is left over, like market.Unspent
	Named       bool   // of a gift: the payer's name is shown to everybody
	MadeAt      measure.Millis
	MadeBy      string
}

const checkoutColumns = "id, client_id, for_kind, for_id, payer, fen, lang, until, act, session, url, intent, got, got_currency, unspent, named, made_at, made_by"

func scanCheckout(row store.Scanner) (Checkout, error) {
	var c Checkout
	err := row.Scan(&c.ID, &c.ClientID, &c.For, &c.ForID, &c.Payer, &c.Fen, &c.Lang, &c.Until, &c.Act, &c.Session, &c.URL, &c.Intent, &c.Got,
		&c.GotCurrency, &c.Unspent, &c.Named, &c.MadeAt, &c.MadeBy)
	return c, err
}

// InsertCheckout writes a new one down.
func InsertCheckout(ctx context.Context, tx store.Tx, c Checkout) error {
	return store.Exec(ctx, tx, `INSERT INTO checkouts (`+checkoutColumns+`) VALUES (`+store.Marks(1, 18)+`)`,
		c.ID, c.ClientID, string(c.For), c.ForID, c.Payer, int64(c.Fen), c.Lang, int64(c.Until), string(c.Act), c.Session, c.URL, c.Intent,
		int64(c.Got), c.GotCurrency, c.Unspent, c.Named, int64(c.MadeAt), c.MadeBy)
}

// SetCheckout writes down what was said of it since. It is a conflict when somebody else did meanwhile: from is the act it had.
func SetCheckout(ctx context.Context, tx store.Tx, c Checkout, from CheckoutAct) error {
	res, err := tx.ExecContext(ctx, `UPDATE checkouts SET act = $2, session = $3, url = $4, intent = $5, got = $6, got_currency = $7 WHERE id = $1 AND act = $8`,
		c.ID, string(c.Act), c.Session, c.URL, c.Intent, int64(c.Got), c.GotCurrency, string(from))
	if err != nil {
		return fmt.Errorf("set checkout: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fault.New(fault.Conflict, "changed_meanwhile", "Somebody else changed this a moment ago; please look again."))
	}
	return nil
}

// CheckoutByID gives one; sql.ErrNoRows when there is none. So do CheckoutByClientID and CheckoutByIntent.
func CheckoutByID(ctx context.Context, q store.Querier, id string) (Checkout, error) {
	return scanCheckout(q.QueryRowContext(ctx, `SELECT `+checkoutColumns+` FROM checkouts WHERE id = $1`, id))
}

// CheckoutByClientID finds the one that a device asked for.
func CheckoutByClientID(ctx context.Context, q store.Querier, id string) (Checkout, error) {
	return scanCheckout(q.QueryRowContext(ctx, `SELECT `+checkoutColumns+` FROM checkouts WHERE client_id = $1`, id))
}

// CheckoutByIntent finds the one that a payment came through.
func CheckoutByIntent(ctx context.Context, q store.Querier, intent string) (Checkout, error) {
	return scanCheckout(q.QueryRowContext(ctx, `SELECT `+checkoutColumns+` FROM checkouts WHERE intent = $1 AND intent <> '' ORDER BY id LIMIT 1`, intent))
}

// CheckoutsFor lists those for one thing, the oldest first.
func CheckoutsFor(ctx context.Context, q store.Querier, forID string) ([]Checkout, error) {
	return store.All(ctx, q, scanCheckout, `SELECT `+checkoutColumns+` FROM checkouts WHERE for_id = $1 ORDER BY id`, forID)
}

// CheckoutsIn lists those whose last act is one of these, the oldest first, at most n.
func CheckoutsIn(ctx context.Context, q store.Querier, n int, acts ...CheckoutAct) ([]Checkout, error) {
	args := []any{n}
	for _, a := range acts {
		args = append(args, string(a))
	}
	return store.All(ctx, q, scanCheckout, `SELECT `+checkoutColumns+` FROM checkouts WHERE act IN (`+store.Marks(2, len(acts))+`) ORDER BY id LIMIT $1`, args...)
}

// HeldCheckouts lists the held ones that no dispute took away, the oldest first, at most n.
func HeldCheckouts(ctx context.Context, q store.Querier, n int) ([]Checkout, error) {
	return store.All(ctx, q, scanCheckout, `SELECT `+checkoutColumns+` FROM checkouts WHERE act = 'held'
		AND NOT EXISTS (SELECT 1 FROM gateway_disputes d WHERE d.checkout_id = checkouts.id AND d.act <> 'won') ORDER BY id LIMIT $1`, n)
}
