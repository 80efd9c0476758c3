package orders

import (
	"context"

	"jishi/server/measure"
	"jishi/server/store"
)

const quotationColumns = `id, rfq_id, buyer_id, seller_id, produce, grams, demand_id, need_by, why, act, expires_at, order_id, reason, asked_at, asked_by, version`

func scanQuotation(row store.Scanner) (q Quotation, err error) {
	return q, row.Scan(&q.ID, &q.RFQ, &q.Buyer, &q.Seller, &q.Produce, &q.Grams, &q.Demand, &q.NeedBy, &q.Why, &q.Act, &q.ExpiresAt, &q.Order,
		&q.Reason, &q.AskedAt, &q.AskedBy, &q.Version)
}

func insertQuotation(ctx context.Context, tx store.Tx, q Quotation) error {
	return store.Exec(ctx, tx, `INSERT INTO quotations (`+quotationColumns+`) VALUES (`+store.Marks(1, 16)+`)`,
		q.ID, q.RFQ, q.Buyer, q.Seller, q.Produce, int64(q.Grams), q.Demand, int64(q.NeedBy), q.Why, string(q.Act), int64(q.ExpiresAt), q.Order,
		q.Reason, int64(q.AskedAt), q.AskedBy, q.Version)
}

// updateQuotation writes what acts change, if nobody else did in between.
func updateQuotation(ctx context.Context, tx store.Tx, q Quotation) (bool, error) {
	return changed(ctx, tx, `UPDATE quotations SET act = $1, expires_at = $2, order_id = $3, reason = $4, version = version + 1 WHERE id = $5 AND version = $6`,
		string(q.Act), int64(q.ExpiresAt), q.Order, q.Reason, q.ID, q.Version)
}

func insertTerms(ctx context.Context, tx store.Tx, quotation string, n int, t Terms) error {
	warning, err := asJSON(t.Warning)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `INSERT INTO quotation_terms (quotation_id, n, side, offer_id, price_e4, grams, note, warning, at, by_user,
			benefit_e4, moisture_per_mille, loss_bearer, pickup_from, pickup_to) VALUES (`+store.Marks(1, 15)+`)`,
		quotation, n, string(t.Side), t.Offer, int64(t.Price), int64(t.Grams), t.Note, string(warning), int64(t.At), t.ByUser,
		int64(t.Benefit), t.Loss.MoisturePerMille, string(t.Loss.Bearer), int64(t.Pickup.From), int64(t.Pickup.To))
}

func scanTerms(row store.Scanner) (t Terms, err error) {
	var warning string
	if err = row.Scan(&t.Side, &t.Offer, &t.Price, &t.Grams, &t.Note, &warning, &t.At, &t.ByUser,
		&t.Benefit, &t.Loss.MoisturePerMille, &t.Loss.Bearer, &t.Pickup.From, &t.Pickup.To); err != nil {
		return t, err
	}
	return t, fromJSON(warning, &t.Warning)
}

func withTerms(ctx context.Context, q store.Querier, list []Quotation, err error) ([]Quotation, error) {
	for i := range list {
		if err == nil {
			list[i].Terms, err = store.All(ctx, q, scanTerms, `SELECT side, offer_id, price_e4, grams, note, warning, at, by_user,
				benefit_e4, moisture_per_mille, loss_bearer, pickup_from, pickup_to
				FROM quotation_terms WHERE quotation_id = $1 ORDER BY n`, list[i].ID)
		}
	}
	return list, err
}

func quotationByID(ctx context.Context, q store.Querier, id string) (Quotation, error) {
	one, err := scanQuotation(q.QueryRowContext(ctx, `SELECT `+quotationColumns+` FROM quotations WHERE id = $1`, id))
	if err != nil {
		return one, err
	}
	list, err := withTerms(ctx, q, []Quotation{one}, nil)
	return list[0], err
}

func quotationsOfRFQ(ctx context.Context, q store.Querier, rfq string) ([]Quotation, error) {
	list, err := store.All(ctx, q, scanQuotation, `SELECT `+quotationColumns+` FROM quotations WHERE rfq_id = $1 ORDER BY id`, rfq)
	return withTerms(ctx, q, list, err)
}

func quotationsPage(ctx context.Context, q store.Querier, of trades, after string, n int) ([]Quotation, error) {
	where, args := of.where([]any{store.Below(after), n}, "", "")
	list, err := store.All(ctx, q, scanQuotation, `SELECT `+quotationColumns+` FROM quotations
		WHERE id < $1 AND `+where+` ORDER BY id DESC LIMIT $2`, args...)
	return withTerms(ctx, q, list, err)
}

// quotationsToAnswer lists those that wait for one of the sides, the soonest to expire first.
func quotationsToAnswer(ctx context.Context, q store.Querier, of trades, now measure.Millis) ([]Quotation, error) {
	where, args := of.where([]any{int64(now)}, ` AND act = 'offered'`, ` AND act IN ('asked', 'countered')`)
	list, err := store.All(ctx, q, scanQuotation, `SELECT `+quotationColumns+` FROM quotations WHERE expires_at >= $1 AND `+where+` ORDER BY expires_at, id`, args...)
	return withTerms(ctx, q, list, err)
}

func overdueQuotations(ctx context.Context, q store.Querier, now measure.Millis) ([]Quotation, error) {
	return store.All(ctx, q, scanQuotation, `SELECT `+quotationColumns+` FROM quotations
		WHERE act IN ('asked', 'offered', 'countered') AND expires_at < $1 ORDER BY id`, int64(now))
}
