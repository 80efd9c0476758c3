package payment

import (
	"context"
	"fmt"

	"jishi/server/measure"
	"jishi/server/store"
)

// RefundAct is what was last said of a refund.
type RefundAct string

// The acts on a refund.
const (
	RefundDue   RefundAct = "due"   // the service is to be asked
	RefundAsked RefundAct = "asked" // it was; the payer's bank or wallet has to answer
	RefundEnded RefundAct = "done"
	RefundBack  RefundAct = "failed" // the money is with us, and owed by bank now
)

// GatewayRefund is money of a checkout on its way back to its payer.
type GatewayRefund struct {
	ID       string // also the key under which the service is asked
	Checkout string
	Party    string // who gets it
	Fen      measure.Fen
	Act      RefundAct
	Theirs   string // the service's id
	AskedAt  measure.Millis
	EndedAt  measure.Millis
}

const refundColumns = "id, checkout_id, party, fen, act, theirs, asked_at, ended_at"

func scanRefund(row store.Scanner) (GatewayRefund, error) {
	var r GatewayRefund
	err := row.Scan(&r.ID, &r.Checkout, &r.Party, &r.Fen, &r.Act, &r.Theirs, &r.AskedAt, &r.EndedAt)
	return r, err
}

// InsertRefund writes a new one down.
func InsertRefund(ctx context.Context, tx store.Tx, r GatewayRefund) error {
	return store.Exec(ctx, tx, `INSERT INTO gateway_refunds (`+refundColumns+`) VALUES (`+store.Marks(1, 8)+`)`,
		r.ID, r.Checkout, r.Party, int64(r.Fen), string(r.Act), r.Theirs, int64(r.AskedAt), int64(r.EndedAt))
}

// SetRefund writes down what was said of it since; ok is false when it has not the act from any more.
func SetRefund(ctx context.Context, tx store.Tx, r GatewayRefund, from RefundAct) (ok bool, err error) {
	res, err := tx.ExecContext(ctx, `UPDATE gateway_refunds SET act = $2, theirs = $3, ended_at = $4 WHERE id = $1 AND act = $5`,
		r.ID, string(r.Act), r.Theirs, int64(r.EndedAt), string(from))
	if err != nil {
		return false, fmt.Errorf("set refund: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// RefundByID gives one; sql.ErrNoRows when there is none.
func RefundByID(ctx context.Context, q store.Querier, id string) (GatewayRefund, error) {
	return scanRefund(q.QueryRowContext(ctx, `SELECT `+refundColumns+` FROM gateway_refunds WHERE id = $1`, id))
}

// RefundsOf lists those of a checkout, the oldest first.
func RefundsOf(ctx context.Context, q store.Querier, checkout string) ([]GatewayRefund, error) {
	return store.All(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM gateway_refunds WHERE checkout_id = $1 ORDER BY id`, checkout)
}

// RefundsDue lists those that the service is to be asked for, the oldest first, at most n.
func RefundsDue(ctx context.Context, q store.Querier, n int) ([]GatewayRefund, error) {
	return store.All(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM gateway_refunds WHERE act = 'due' ORDER BY id LIMIT $1`, n)
}

// DisputeAct is how a dispute stands.
type DisputeAct string

// The acts on a dispute.
const (
	DisputeIsOpen DisputeAct = "open"
	DisputeIsWon  DisputeAct = "won"
	DisputeIsLost DisputeAct = "lost"
)

// GatewayDispute is money of a checkout that its payer's bank took back.
type GatewayDispute struct {
	ID       string // the service's
	Checkout string
	Fen      measure.Fen
	Act      DisputeAct
	Reason   string
	OpenedAt measure.Millis
	ClosedAt measure.Millis
	Fee      measure.Fen // that the service kept for it, as booked
}

const disputeColumns = "id, checkout_id, fen, act, reason, opened_at, closed_at, fee"

func scanDispute(row store.Scanner) (GatewayDispute, error) {
	var d GatewayDispute
	err := row.Scan(&d.ID, &d.Checkout, &d.Fen, &d.Act, &d.Reason, &d.OpenedAt, &d.ClosedAt, &d.Fee)
	return d, err
}

// InsertDispute writes a new one down.
func InsertDispute(ctx context.Context, tx store.Tx, d GatewayDispute) error {
	return store.Exec(ctx, tx, `INSERT INTO gateway_disputes (`+disputeColumns+`) VALUES (`+store.Marks(1, 8)+`)`,
		d.ID, d.Checkout, int64(d.Fen), string(d.Act), d.Reason, int64(d.OpenedAt), int64(d.ClosedAt), int64(d.Fee))
}

// SetDisputeFee writes down what the service keeps for a dispute.
func SetDisputeFee(ctx context.Context, tx store.Tx, id string, fee measure.Fen) error {
	return store.Exec(ctx, tx, `UPDATE gateway_disputes SET fee = $2 WHERE id = $1`, id, int64(fee))
}

// CloseDispute writes down how it ended, once; ok is false when it had.
func CloseDispute(ctx context.Context, tx store.Tx, id string, act DisputeAct, at measure.Millis) (ok bool, err error) {
	res, err := tx.ExecContext(ctx, `UPDATE gateway_disputes SET act = $2, closed_at = $3 WHERE id = $1 AND act = 'open'`, id, string(act), int64(at))
	if err != nil {
		return false, fmt.Errorf("close dispute: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// DisputeByID gives one; sql.ErrNoRows when there is none.
func DisputeByID(ctx context.Context, q store.Querier, id string) (GatewayDispute, error) {
	return scanDispute(q.QueryRowContext(ctx, `SELECT `+disputeColumns+` FROM gateway_disputes WHERE id = $1`, id))
}

// DisputesOf lists those of a checkout, the oldest first.
func DisputesOf(ctx context.Context, q store.Querier, checkout string) ([]GatewayDispute, error) {
	return store.All(ctx, q, scanDispute, `SELECT `+disputeColumns+` FROM gateway_disputes WHERE checkout_id = $1 ORDER BY id`, checkout)
}

// DisputesFor lists those of the payments for one thing, with who paid, the oldest first; what was won came again and doesn't count.
func DisputesFor(ctx context.Context, q store.Querier, forID string) ([]DisputeOf, error) {
	return store.All(ctx, q, func(row store.Scanner) (DisputeOf, error) {
		var d DisputeOf
		err := row.Scan(&d.Payer, &d.Dispute, &d.Checkout, &d.Act)
		return d, err
	}, `SELECT c.payer, d.id, c.id, d.act FROM gateway_disputes d JOIN checkouts c ON c.id = d.checkout_id WHERE c.for_id = $1 AND d.act <> 'won' ORDER BY d.id`, forID)
}

// DisputeOf is a dispute and whose payment it is about.
type DisputeOf struct {
	Payer, Dispute, Checkout string
	Act                      DisputeAct
}
