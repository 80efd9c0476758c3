package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/store"
)

// Unanswered is an order with goods that came and whose receiver has neither accepted them nor held anything against them.
type Unanswered struct {
	Order  string
	Demand string
	Seller string
	Until  measure.Millis // silence accepts then, and claims end; of the truckload that came first
	Breach bool           // the cold chain was broken: silence never accepts
}

// ToAccept lists what came for the actor's needs and waits for its word, the longest waiting first.
func (s *Service) ToAccept(ctx context.Context, by auth.Actor) ([]Unanswered, error) {
	parties := by.PartiesFor(auth.ActReceive)
	if len(parties) == 0 {
		return nil, nil
	}
	since := s.millis(ctx) - measure.Millis(silenceTime.Milliseconds())
	return unansweredOf(ctx, s.DB.Read(), parties, since)
}

// OpenClaims lists the claims that wait for the actor's word, oldest first: those against goods it sold, and all of them for an operator.
func (s *Service) OpenClaims(ctx context.Context, by auth.Actor) ([]Claim, error) {
	if by.Can(auth.Operator, "") {
		return openClaims(ctx, s.DB.Read(), nil)
	}
	sellers := by.PartiesFor(auth.ActOffers)
	if len(sellers) == 0 {
		return nil, nil
	}
	return openClaims(ctx, s.DB.Read(), sellers)
}

func unansweredOf(ctx context.Context, q store.Querier, parties []string, since measure.Millis) ([]Unanswered, error) {
	n := len(parties)
	return store.All(ctx, q, func(row store.Scanner) (Unanswered, error) {
		var u Unanswered
		err := row.Scan(&u.Order, &u.Demand, &u.Seller, &u.Until, &u.Breach)
		u.Until += measure.Millis(silenceTime.Milliseconds())
		return u, err
	}, `SELECT t.order_id, t.demand_id, o.seller_id, MIN(t.received_at), t.breach FROM takings t
		JOIN demands d ON d.id = t.demand_id JOIN orders o ON o.id = t.order_id
		WHERE d.party_id IN (`+store.Marks(1, n)+`) AND t.received_at > 0 AND (t.breach OR t.received_at >= `+store.Marks(n+1, 1)+`)
		AND o.settled_at = 0
		AND NOT EXISTS (SELECT 1 FROM acceptances a WHERE a.order_id = t.order_id AND a.demand_id = t.demand_id AND a.at >= t.received_at)
		AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.order_id = t.order_id AND c.demand_id = t.demand_id AND c.act = 'open')
		GROUP BY t.order_id, t.demand_id, o.seller_id, t.breach ORDER BY 4, t.order_id, t.demand_id, t.breach`,
		append(store.Args(parties), int64(since))...)
}

// openClaims lists the claims that nobody decided, of the orders of these sellers or of all.
func openClaims(ctx context.Context, q store.Querier, sellers []string) ([]Claim, error) {
	of := ""
	if len(sellers) > 0 {
		of = ` AND order_id IN (SELECT id FROM orders WHERE seller_id IN (` + store.Marks(1, len(sellers)) + `))`
	}
	return store.All(ctx, q, scanClaim, `SELECT `+claimColumns+` FROM claims WHERE act = 'open'`+of+` ORDER BY id`, store.Args(sellers)...)
}
