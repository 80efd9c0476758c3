package orders

import (
	"context"

	"jishi/server/store"
)

const priceCaseColumns = `id, side, subject, line_id, seller_id, buyer_id, produce, grams, price_e4, low_e4, high_e4, bound_e4, band_from, band_to, source,
	reserved, opened_at, taken_by, taken_at, verdict, reason, closed_at`

func scanPriceCase(row store.Scanner) (PriceCase, error) {
	var c PriceCase
	err := row.Scan(&c.ID, &c.Side, &c.Subject, &c.Line, &c.Seller, &c.Buyer, &c.Produce, &c.Grams, &c.Price, &c.Band.Low, &c.Band.High, &c.Bound,
		&c.Band.From, &c.Band.To, &c.Band.Source, &c.Reserved, &c.OpenedAt, &c.TakenBy, &c.TakenAt, &c.Verdict, &c.Reason, &c.ClosedAt)
	return c, err
}

// insertPriceCase reports false where the line or offer has an open case already.
func insertPriceCase(ctx context.Context, tx store.Tx, c PriceCase) (bool, error) {
	return changed(ctx, tx, `INSERT INTO price_cases (`+priceCaseColumns+`) VALUES (`+store.Marks(1, 22)+`) ON CONFLICT (subject, line_id) WHERE closed_at = 0 DO NOTHING`,
		c.ID, string(c.Side), c.Subject, c.Line, c.Seller, c.Buyer, c.Produce, int64(c.Grams), int64(c.Price), int64(c.Band.Low), int64(c.Band.High), int64(c.Bound),
		c.Band.From, c.Band.To, c.Band.Source, c.Reserved, int64(c.OpenedAt), c.TakenBy, int64(c.TakenAt), string(c.Verdict), c.Reason, int64(c.ClosedAt))
}

func updatePriceCase(ctx context.Context, tx store.Tx, c PriceCase) error {
	return store.Exec(ctx, tx, `UPDATE price_cases SET taken_by = $1, taken_at = $2, verdict = $3, reason = $4, closed_at = $5 WHERE id = $6`,
		c.TakenBy, int64(c.TakenAt), string(c.Verdict), c.Reason, int64(c.ClosedAt), c.ID)
}

// renewPriceCase writes down another price that an open case is about.
func renewPriceCase(ctx context.Context, tx store.Tx, c PriceCase) error {
	return store.Exec(ctx, tx, `UPDATE price_cases SET side = $1, price_e4 = $2, low_e4 = $3, high_e4 = $4, bound_e4 = $5, band_from = $6, band_to = $7, source = $8 WHERE id = $9`,
		string(c.Side), int64(c.Price), int64(c.Band.Low), int64(c.Band.High), int64(c.Bound), c.Band.From, c.Band.To, c.Band.Source, c.ID)
}

// lastPriceCase gives the newest case of an offer, the zero value when it has none.
func lastPriceCase(ctx context.Context, q store.Querier, subject string) (PriceCase, error) {
	list, err := store.All(ctx, q, scanPriceCase, `SELECT `+priceCaseColumns+` FROM price_cases WHERE subject = $1 AND line_id = '' ORDER BY id DESC LIMIT 1`, subject)
	if err != nil || len(list) == 0 {
		return PriceCase{}, err
	}
	return list[0], nil
}

func priceCaseByID(ctx context.Context, q store.Querier, id string) (PriceCase, error) {
	return scanPriceCase(q.QueryRowContext(ctx, `SELECT `+priceCaseColumns+` FROM price_cases WHERE id = $1`, id))
}

// priceCasePage is the most cases a list gives at once.
const priceCasePage = 100

func priceCases(ctx context.Context, q store.Querier, f PriceFilter) ([]PriceCase, error) {
	where, args := store.Only(`id < $1`, []any{store.Below(f.After), priceCasePage}, "side", string(f.Side))
	where, args = store.Only(where, args, `CASE WHEN closed_at > 0 THEN 'closed' WHEN taken_by <> '' THEN 'taken' ELSE 'open' END`, string(f.State))
	return store.All(ctx, q, scanPriceCase, `SELECT `+priceCaseColumns+` FROM price_cases WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
}
