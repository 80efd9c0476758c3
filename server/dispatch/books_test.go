package dispatch

import (
	"context"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

func (books) TakeBack(ctx context.Context, tx store.Tx, by auth.Actor, b orders.TakingBack) (string, error) {
	return "lot-" + b.ClientID, post(ctx, tx, by, b.ClientID+"/b", orders.ConsignRejected(b.Consignment), orders.ConsignReturned(b.Consignment), b.Grams)
}

// Divert moves no goods: the accounts of a consignment stay, only whose need they count for changes.
func (b books) Divert(_ context.Context, _ store.Tx, _ auth.Actor, consignment, demand string, _ measure.Millis) error {
	b.demands[consignment] = demand
	return nil
}

// AskDeposit and EndDeposits write down what they were told.
func (b books) AskDeposit(_ context.Context, _ store.Tx, _ auth.Actor, d orders.Deposit) (orders.Deposit, error) {
	b.asked = append(b.asked, d)
	return d, nil
}

func (b books) EndDeposits(_ context.Context, _ store.Tx, _ auth.Actor, end orders.DepositEnd) (map[string]measure.Fen, error) {
	b.ended = append(b.ended, end)
	return nil, nil
}
