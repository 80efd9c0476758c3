package orders

import (
	"context"

	"jishi/server/measure"
	"jishi/server/store"
)

const standingColumns = `id, buyer_id, seller_id, produce, grams, most_e4, every, weekday, month_day, first_day, last_day, demand_id, act, next_at, made_by, made_at`

func scanStanding(row store.Scanner) (st Standing, err error) {
	return st, row.Scan(&st.ID, &st.Buyer, &st.Seller, &st.Produce, &st.Grams, &st.Most, &st.Every, &st.Weekday, &st.MonthDay, &st.From, &st.Until, &st.Demand,
		&st.Act, &st.NextAt, &st.MadeBy, &st.MadeAt)
}

func insertStanding(ctx context.Context, tx store.Tx, st Standing) error {
	return store.Exec(ctx, tx, `INSERT INTO standing_orders (`+standingColumns+`) VALUES (`+store.Marks(1, 16)+`)`,
		st.ID, st.Buyer, st.Seller, st.Produce, int64(st.Grams), int64(st.Most), string(st.Every), int(st.Weekday), st.MonthDay, st.From, st.Until, st.Demand,
		string(st.Act), int64(st.NextAt), st.MadeBy, int64(st.MadeAt))
}

func standingByID(ctx context.Context, q store.Querier, id string) (Standing, error) {
	return scanStanding(q.QueryRowContext(ctx, `SELECT `+standingColumns+` FROM standing_orders WHERE id = $1`, id))
}

// standingsPage lists standing orders, newest first, after an id.
func standingsPage(ctx context.Context, q store.Querier, of trades, after string, n int) ([]Standing, error) {
	where, args := of.where([]any{store.Below(after), n}, "", "")
	return store.All(ctx, q, scanStanding, `SELECT `+standingColumns+` FROM standing_orders WHERE id < $1 AND `+where+` ORDER BY id DESC LIMIT $2`, args...)
}

func dueStanding(ctx context.Context, q store.Querier, now measure.Millis) ([]Standing, error) {
	return store.All(ctx, q, scanStanding, `SELECT `+standingColumns+` FROM standing_orders WHERE act = 'active' AND next_at <= $1 ORDER BY id`, int64(now))
}

func setStanding(ctx context.Context, tx store.Tx, st Standing) error {
	return store.Exec(ctx, tx, `UPDATE standing_orders SET act = $1, next_at = $2, grams = $3, most_e4 = $4, last_day = $5 WHERE id = $6`,
		string(st.Act), int64(st.NextAt), int64(st.Grams), int64(st.Most), st.Until, st.ID)
}

func insertRun(ctx context.Context, tx store.Tx, standing string, r StandingRun) error {
	return store.Exec(ctx, tx, `INSERT INTO standing_runs (standing_id, day, order_id, note) VALUES ($1, $2, $3, $4)`, standing, r.Day, r.Order, r.Note)
}

// runsOf gives what became of the last days, newest first; for the seller of those alone whose order was sent.
func runsOf(ctx context.Context, q store.Querier, standing string, sent bool) ([]StandingRun, error) {
	of := ""
	if sent {
		of = ` AND EXISTS (SELECT 1 FROM orders o WHERE o.id = r.order_id` + sentToSeller + `)`
	}
	return store.All(ctx, q, func(row store.Scanner) (r StandingRun, err error) {
		return r, row.Scan(&r.Day, &r.Order, &r.Note)
	}, `SELECT day, order_id, note FROM standing_runs r WHERE standing_id = $1`+of+` ORDER BY day DESC LIMIT 60`, standing)
}
