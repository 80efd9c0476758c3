package orders

import (
	"cmp"
	"context"
	"slices"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// AllocationsToShip lists what waits for a truck, of the named orders or of all, sorted by allocation: goods that a seller
// has confirmed, for needs that somebody verified and that still want them.
func AllocationsToShip(ctx context.Context, q store.Querier, orders ...string) ([]ToShip, error) {
	list, err := shippable(ctx, q, orders)
	if err != nil {
		return nil, err
	}
	known, err := lookUpShipping(ctx, q, list)
	if err != nil {
		return nil, err
	}
	var out []ToShip
	for _, o := range list {
		lacks, err := depositLacks(ctx, q, o.ID)
		if err != nil {
			return nil, err
		}
		if lacks {
			continue
		}
		for _, l := range o.Lines {
			for _, a := range l.To {
				s, ok, err := known.toShip(ctx, q, o, l, a)
				if err != nil {
					return nil, err
				}
				if ok {
					out = append(out, s)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b ToShip) int { return cmp.Compare(a.Allocation, b.Allocation) })
	return out, nil
}

func shippable(ctx context.Context, q store.Querier, ids []string) ([]Order, error) {
	if len(ids) == 0 {
		return openOrders(ctx, q)
	}
	var out []Order
	for _, id := range ids {
		o, err := ByID(ctx, q, id)
		if err != nil {
			return nil, found(err, "order")
		}
		if o.Act == Confirmed && o.SettledAt == 0 {
			out = append(out, o)
		}
	}
	return out, nil
}

// shippingFacts is what is known about the lots, needs and parties of several orders.
type shippingFacts struct {
	lots    map[string]market.Lot
	demands map[string]market.Demand
	parties map[string]market.Party
}

func lookUpShipping(ctx context.Context, q store.Querier, list []Order) (f shippingFacts, err error) {
	var lots, demands, parties []string
	for _, o := range list {
		demands = append(demands, o.demands()...)
		parties = append(parties, o.Seller, o.Buyer)
		for _, l := range o.Lines {
			lots = append(lots, l.Lot)
		}
	}
	if f.lots, err = market.LotsByID(ctx, q, unique(lots)...); err != nil {
		return f, err
	}
	if f.demands, err = market.DemandsByID(ctx, q, unique(demands)...); err != nil {
		return f, err
	}
	for _, d := range f.demands {
		parties = append(parties, d.Party)
	}
	f.parties, err = market.PartiesByID(ctx, q, unique(parties)...)
	return f, err
}

func unique(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (f shippingFacts) toShip(ctx context.Context, q store.Querier, o Order, l Line, a Allocation) (ToShip, bool, error) {
	left, err := grams(ctx, q, AllocAllocated(a.ID))
	d := f.demands[a.Demand]
	if err != nil || left == 0 || !wanted(d) || left < a.Promised() && leftover(left, a.Promised()) {
		return ToShip{}, false, err
	}
	lot := f.lots[l.Lot]
	return ToShip{
		Allocation: a.ID, Order: o.ID, Line: l.ID, Lot: l.Lot, Offer: l.Offer, Campaign: o.Campaign, Demand: a.Demand,
		Seller: o.Seller, Receiver: d.Party, Produce: lot.Produce, Grade: lot.Grade, Packing: lot.Packing,
		Grams: left, PackGrams: lot.PackGrams, Packed: lot.Packs > 0,
		From: f.stop(lot.Place, o.Seller), To: f.stop(d.Place, d.Party),
		Ready: l.Pickup, Unload: measure.Window{To: d.By}, UnloadFrom: d.UnloadFrom, UnloadTo: d.UnloadTo,
		NoForklift: d.NoForklift, Storage: d.Storage,
	}, true, nil
}

// stop names a place; one without a name of its own is called after its party.
func (f shippingFacts) stop(p market.Place, party string) Stop {
	return Stop{Name: cmp.Or(p.Name, f.parties[party].Name), Adcode: p.Adcode, Point: p.Point}
}
