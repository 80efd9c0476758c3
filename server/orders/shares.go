package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// SharedBy says from which fair share the receivers of a line got their parts.
type SharedBy struct {
	market.ShareInput           // its Offer is not read: the line's is shared
	Seen              []ToInput // what each need was to get, without those that get nothing
}

// saw reports whether a share is the one that was seen.
func (b SharedBy) saw(d market.Division) bool {
	given := 0
	for _, p := range d.Parts {
		if p.Packs == 0 {
			continue
		}
		if given++; !slices.Contains(b.Seen, ToInput{Demand: p.Demand, Grams: d.Grams(p)}) {
			return false
		}
	}
	return given == len(b.Seen)
}

// LineShare is the fair share that a line was worked out from, as it was when the order was sent.
type LineShare struct {
	Line    string
	Order   string
	At      measure.Millis
	Working market.Division // with all that it was worked out from
}

// Proven reports whether the inputs that are kept give the shares that are kept, worked out anew.
func (s LineShare) Proven() bool {
	again, err := json.Marshal(s.Working.Again())
	kept, kerr := json.Marshal(s.Working)
	return err == nil && kerr == nil && slices.Equal(again, kept)
}

// share works the share of a line out anew, in the order's transaction, so that what is kept is the server's own. Where it is not what the
// buyer saw the order is refused. The parts of the line may differ from it: both are kept.
func (d *draft) share(ctx context.Context, l *Line, in SharedBy) error {
	in.Offer = l.Offer
	working, err := d.service.Market.ShareIn(ctx, d.tx, in.ShareInput)
	if err != nil {
		return err
	}
	if !in.saw(working) {
		return fault.New(fault.Conflict, "share_changed", "What is there to share, or who asks for it, changed since: work it out once more.")
	}
	l.ShareMethod, l.Share = working.Method, &LineShare{Line: l.ID, At: millis(d.now), Working: working}
	return nil
}

// OrderShares gives the shares that the lines of an order were worked out from, to whoever may see the order.
func (s *Service) OrderShares(ctx context.Context, by auth.Actor, id string) ([]LineShare, Order, error) {
	o, err := s.Order(ctx, by, id)
	if err != nil {
		return nil, Order{}, err
	}
	list, err := lineShares(ctx, s.DB.Read(), `order_id = $1 ORDER BY line_id`, id)
	return list, o.Order, err
}

// OrderShare gives the share that one line was worked out from, to whoever may see its order.
func (s *Service) OrderShare(ctx context.Context, by auth.Actor, id, line string) (LineShare, error) {
	list, _, err := s.OrderShares(ctx, by, id)
	i := slices.IndexFunc(list, func(sh LineShare) bool { return sh.Line == line })
	if err != nil || i < 0 {
		return LineShare{}, orNotFound(err)
	}
	return list[i], nil
}

// SharesOfDemand lists the shares that a need was in or set aside from, newest first, after a line, with their orders: to the need's own people and to the
// platform's.
func (s *Service) SharesOfDemand(ctx context.Context, by auth.Actor, demand, after string) ([]LineShare, map[string]Order, error) {
	q := s.DB.Read()
	need, err := market.DemandByID(ctx, q, demand)
	if err != nil {
		return nil, nil, found(err, "need")
	}
	if !reads(by) && !by.MayActFor(need.Party, auth.ActDemands) {
		return nil, nil, notFound("need")
	}
	list, err := lineShares(ctx, q, `line_id < $1 AND line_id IN (SELECT line_id FROM order_share_needs WHERE demand_id = $2) ORDER BY line_id DESC LIMIT $3`,
		store.Below(after), demand, pageSize)
	of := map[string]Order{}
	for _, sh := range list {
		if err == nil {
			of[sh.Order], err = ByID(ctx, q, sh.Order)
		}
	}
	return list, of, err
}

func lineShares(ctx context.Context, q store.Querier, where string, args ...any) ([]LineShare, error) {
	return store.All(ctx, q, func(row store.Scanner) (LineShare, error) {
		var s LineShare
		var working string
		if err := row.Scan(&s.Line, &s.Order, &s.At, &working); err != nil {
			return s, err
		}
		return s, fromJSON(working, &s.Working)
	}, `SELECT line_id, order_id, at, working FROM order_shares WHERE `+where, args...)
}

func insertShare(ctx context.Context, tx store.Tx, order string, s LineShare) error {
	working, err := json.Marshal(s.Working)
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	if err = store.Exec(ctx, tx, `INSERT INTO order_shares (line_id, order_id, at, working) VALUES ($1, $2, $3, $4)`, s.Line, order, int64(s.At), string(working)); err != nil {
		return err
	}
	for some := range slices.Chunk(s.Working.Needs(), rowsAtOnce) {
		var args []any
		for _, need := range some {
			args = append(args, need, s.Line)
		}
		if err = store.Exec(ctx, tx, `INSERT INTO order_share_needs (demand_id, line_id) VALUES `+store.Rows(len(some), 2), args...); err != nil {
			return err
		}
	}
	return nil
}
