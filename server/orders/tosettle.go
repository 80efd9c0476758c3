package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/store"
)

// ToSettle lists the orders that finance can divide the money of, the oldest first, after an id: all that was loaded came, every receiver accepted it or
// was silent until claims had ended, and the haulage of its trips is settled.
func (s *Service) ToSettle(ctx context.Context, by auth.Actor, after string) ([]View, error) {
	if !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return nil, mustBeFinance(by)
	}
	q := s.DB.Read()
	ready := []View{}
	for {
		some, err := receivedOrders(ctx, q, after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, o := range some {
			after = o.ID
			v, yes, err := s.settleable(ctx, q, o)
			if err != nil {
				return nil, err
			}
			if !yes {
				continue
			}
			if ready = append(ready, v); len(ready) == pageSize {
				return ready, nil
			}
		}
		if len(some) < pageSize {
			return ready, nil
		}
	}
}

// settleable shows an order and tells whether its money can be divided now; who lacks to pay for it is seen only by trying.
func (s *Service) settleable(ctx context.Context, q store.Querier, o Order) (View, bool, error) {
	v, err := s.view(ctx, q, o)
	if err != nil || v.State != Accepted {
		return v, false, err
	}
	trip, err := s.unpaidTrip(ctx, q, o)
	return v, err == nil && trip == "", err
}

// receivedOrders lists orders that are not settled and of which something came, the oldest first, after an id.
func receivedOrders(ctx context.Context, q store.Querier, after string, n int) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders o WHERE act = 'confirmed' AND settled_at = 0 AND id > $1
		AND EXISTS (SELECT 1 FROM takings t WHERE t.order_id = o.id AND t.received_at > 0)
		AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.order_id = o.id AND c.act = 'open') ORDER BY id LIMIT $2`, after, n)
	return filled(ctx, q, list, err)
}
