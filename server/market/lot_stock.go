package market

import (
	"context"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/store"
)

// LotStock is a lot as its county sees it.
type LotStock struct {
	Lot
	Left    measure.Grams // nobody has taken it yet
	Brought measure.Grams // its weight without what was joined to it from other lots, which brought that in
}

// stockPage is how many lots are read at once.
const stockPage = 500

// EachLot gives every lot to visit, newest first. Only an operator may see them all; others get a fault that hides them.
func (s *Service) EachLot(ctx context.Context, by auth.Actor, visit func(LotStock)) error {
	if !by.Can(auth.Operator, "") {
		return notFound("party")
	}
	q := s.DB.Read()
	for after := ""; ; {
		lots, err := lotsOfParty(ctx, q, "", after, stockPage)
		if err != nil || len(lots) == 0 {
			return err
		}
		if err = visitLots(ctx, q, lots, visit); err != nil {
			return err
		}
		after = lots[len(lots)-1].ID
	}
}

func visitLots(ctx context.Context, q store.Querier, lots []Lot, visit func(LotStock)) error {
	ids := make([]string, len(lots))
	for i, l := range lots {
		ids[i] = l.ID
	}
	left, err := available(ctx, q, ids...)
	if err != nil {
		return err
	}
	joined, err := joinedTo(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, l := range lots {
		visit(LotStock{l, left[l.ID], max(0, l.Weighed-joined[l.ID])})
	}
	return nil
}

// joinedTo gives by lot what other lots were joined to it, in grams.
func joinedTo(ctx context.Context, q store.Querier, lots []string) (map[string]measure.Grams, error) {
	type sum struct {
		lot   string
		grams measure.Grams
	}
	list, err := store.All(ctx, q, func(row store.Scanner) (sum, error) {
		var s sum
		return s, row.Scan(&s.lot, &s.grams)
	}, `SELECT lot_id, CAST(SUM(grams) AS BIGINT) FROM lot_joins WHERE lot_id IN (`+store.Marks(1, len(lots))+`) GROUP BY lot_id ORDER BY lot_id`, store.Args(lots)...)
	out := map[string]measure.Grams{}
	for _, s := range list {
		out[s.lot] = s.grams
	}
	return out, err
}
