package orders

import (
	"context"

	"jishi/server/store"
)

const setoffColumns = "s.id, s.order_id, s.why, s.ref, s.kind, s.party_id, s.fen, s.debtor, s.from_account, s.to_account"

// openSetoff joins those that are not taken yet.
const openSetoff = ` JOIN ledger_balances b ON b.unit = 'fen' AND b.account = 'setoff/' || s.id AND b.amount > 0 `

func scanSetoff(row store.Scanner) (Setoff, error) {
	var o Setoff
	err := row.Scan(&o.ID, &o.Order, &o.Why, &o.Ref, &o.Kind, &o.Party, &o.Fen, &o.Debtor, &o.From, &o.To)
	return o, err
}

func insertSetoff(ctx context.Context, tx store.Tx, o Setoff) error {
	return store.Exec(ctx, tx, `INSERT INTO setoffs (id, order_id, why, ref, kind, party_id, fen, debtor, from_account, to_account) VALUES (`+store.Marks(1, 10)+`)`,
		o.ID, o.Order, string(o.Why), o.Ref, string(o.Kind), o.Party, int64(o.Fen), o.Debtor, o.From, o.To)
}

// setoffsOf lists those of an order, the oldest first.
func setoffsOf(ctx context.Context, q store.Querier, order string) ([]Setoff, error) {
	list, err := store.All(ctx, q, scanSetoff, `SELECT `+setoffColumns+` FROM setoffs s WHERE s.order_id = $1 ORDER BY s.id`, order)
	return withOpen(ctx, q, list, err)
}

// setoffsFrom lists those that are to be taken out of an account and are not yet, the oldest first.
func setoffsFrom(ctx context.Context, q store.Querier, account string) ([]Setoff, error) {
	list, err := store.All(ctx, q, scanSetoff, `SELECT `+setoffColumns+` FROM setoffs s`+openSetoff+`WHERE s.from_account = $1 ORDER BY s.id`, account)
	return withOpen(ctx, q, list, err)
}

// withOpen reads off the ledger what of each is not taken yet.
func withOpen(ctx context.Context, q store.Querier, list []Setoff, err error) ([]Setoff, error) {
	for i := range list {
		if err == nil {
			list[i].Open, err = fen(ctx, q, SetoffAccount(list[i].ID))
		}
	}
	return list, err
}

// accountsToTake lists the accounts that something is still to be taken out of.
func accountsToTake(ctx context.Context, q store.Querier) ([]string, error) {
	return store.All(ctx, q, func(row store.Scanner) (account string, err error) {
		err = row.Scan(&account)
		return account, err
	}, `SELECT DISTINCT s.from_account FROM setoffs s`+openSetoff+`ORDER BY s.from_account`)
}
