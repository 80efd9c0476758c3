package orders

import (
	"context"
	"maps"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Accept is a receiver's word that its part of an order stands: of one demand, or of all its demands in the order when
// demand is "". It counts for what has arrived; goods on the road have to arrive first.
func (s *Service) Accept(ctx context.Context, by auth.Actor, id, demand string) (Order, error) {
	var o Order
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if o, err = ByID(ctx, tx, id); err != nil {
			return found(err, "order")
		}
		n, err := numbersOf(ctx, tx, o)
		if err != nil {
			return err
		}
		own, acting, err := ownDemands(ctx, tx, by, o, demand)
		if err != nil {
			return err
		}
		if err = may(o.State(n, s.Now(ctx)), "accept", ByReceiver); err != nil {
			return err
		}
		came, err := arrived(ctx, tx, id, own)
		if err != nil {
			return err
		}
		at := s.millis(ctx)
		for _, d := range own {
			if err = setAcceptance(ctx, tx, id, d, max(at, came[d]), acting.ID()); err != nil {
				return err
			}
		}
		return s.recordOf(ctx, tx, acting, o, deed{act: "order.accept", at: at, after: own})
	})
	return o, err
}

// ownDemands gives those demands of an order that the actor may sign for.
func ownDemands(ctx context.Context, q store.Querier, by auth.Actor, o Order, demand string) ([]string, auth.Actor, error) {
	ids, err := servedDemands(ctx, q, o)
	if err != nil {
		return nil, by, err
	}
	needs, err := market.DemandsByID(ctx, q, ids...)
	if err != nil {
		return nil, by, err
	}
	var own []string
	acting := by
	for _, id := range slices.Sorted(maps.Keys(needs)) {
		if a, err := by.ActFor(needs[id].Party, auth.ActReceive); err == nil && (demand == "" || demand == id) {
			own, acting = append(own, id), a
		}
	}
	if len(own) == 0 {
		return nil, by, notFound("order")
	}
	return own, acting, nil
}

// servedDemands lists the demands that get goods of an order: those it was made for, and those its goods were diverted to.
func servedDemands(ctx context.Context, q store.Querier, o Order) ([]string, error) {
	takings, err := takingsOfOrder(ctx, q, o.ID)
	set := map[string]bool{}
	for _, d := range o.demands() {
		set[d] = true
	}
	for _, t := range takings {
		set[t.Demand] = true
	}
	return slices.Sorted(maps.Keys(set)), err
}

// demands lists the demands of an order, each once.
func (o Order) demands() []string {
	set := map[string]bool{}
	for _, l := range o.Lines {
		for _, a := range l.To {
			set[a.Demand] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// arrived tells when the last goods for each demand came; it faults demands for which nothing came yet, or something is on the road. By
// the phone that signed for them, whose clock may be some minutes ahead, they may have come later than now.
func arrived(ctx context.Context, q store.Querier, order string, demands []string) (map[string]measure.Millis, error) {
	takings, err := takingsOfOrder(ctx, q, order)
	if err != nil {
		return nil, err
	}
	came := map[string]measure.Millis{}
	for _, t := range takings {
		if t.LoadedAt > 0 && t.ReceivedAt == 0 {
			came[t.Demand] = -1
		} else if came[t.Demand] >= 0 {
			came[t.Demand] = max(came[t.Demand], t.ReceivedAt)
		}
	}
	for _, d := range demands {
		if came[d] <= 0 {
			return nil, fault.New(fault.Conflict, "not_arrived", "Goods have to arrive before their delivery can be accepted.")
		}
	}
	return came, nil
}
