package payment

import (
	"context"
	"fmt"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"jishi/server/measure"
	"jishi/server/store"
)

// Fee is what the service kept of a payment for its work, by the balance transaction of its charge.
type Fee struct {
	Fen      measure.Fen // in the smallest unit of Currency
	Currency string      // lower case; an account that is paid out in another one is charged in that
	Known    bool        // a wallet's payment has no balance transaction for a while
}

// Fee asks what the service kept of a payment. Errors as Refund.
func (g *Gateway) Fee(ctx context.Context, intent string) (Fee, error) {
	p := &stripe.PaymentIntentParams{}
	p.Context = ctx
	p.AddExpand("latest_charge.balance_transaction")
	i, err := g.api.PaymentIntents.Get(intent, p)
	if err != nil {
		return Fee{}, away("look up a payment", err)
	}
	if i.LatestCharge == nil || i.LatestCharge.BalanceTransaction == nil || i.LatestCharge.BalanceTransaction.Currency == "" {
		return Fee{}, nil
	}
	b := i.LatestCharge.BalanceTransaction
	return Fee{Fen: measure.Fen(b.Fee), Currency: strings.ToLower(string(b.Currency)), Known: true}, nil
}

// FeesDue lists payments whose fee is not known yet, the oldest first, at most n.
func FeesDue(ctx context.Context, q store.Querier, n int) ([]Checkout, error) {
	return store.All(ctx, q, scanCheckout, `SELECT `+checkoutColumns+` FROM checkouts WHERE fee < 0 AND act IN ('paid', 'held') AND intent <> '' ORDER BY id LIMIT $1`, n)
}

// SetFee writes the fee of a payment down, once; ok is false when it was.
func SetFee(ctx context.Context, tx store.Tx, id string, fee measure.Fen) (ok bool, err error) {
	res, err := tx.ExecContext(ctx, `UPDATE checkouts SET fee = $2 WHERE id = $1 AND fee < 0`, id, int64(fee))
	if err != nil {
		return false, fmt.Errorf("set fee: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
