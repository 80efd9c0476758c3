package orders

import (
	"context"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Haul is one consignment of a lot with what became of it.
type Haul struct {
	Consignment, Order string
	Seller, Receiver   string // parties
	To                 string // code of the receiver's county
	Numbers            ConsignNumbers
	LoadedAt           measure.Millis
	ReceivedAt         measure.Millis
}

// HaulsOfLot gives the consignments that were taken of a lot and not given back, in the order of their ids.
func HaulsOfLot(ctx context.Context, q store.Querier, lot string) ([]Haul, error) {
	takings, err := store.All(ctx, q, scanTaking, `SELECT `+takingColumns+` FROM takings WHERE lot_id = $1 AND untaken_at = 0 ORDER BY consignment`, lot)
	if err != nil {
		return nil, err
	}
	var out []Haul
	for _, t := range takings {
		o, err := ByID(ctx, q, t.Order)
		if err != nil {
			return nil, err
		}
		d, err := market.DemandByID(ctx, q, t.Demand)
		if err != nil {
			return nil, err
		}
		n, err := consigned(ctx, q, t.Consignment)
		if err != nil {
			return nil, err
		}
		out = append(out, Haul{t.Consignment, t.Order, o.Seller, d.Party, d.Place.Adcode, n, t.LoadedAt, t.ReceivedAt})
	}
	return out, nil
}

// ConsignmentsOf gives the ids of an order's consignments, those that were given back too. Who may see them is the caller's to know.
func (s *Service) ConsignmentsOf(ctx context.Context, order string) ([]string, error) {
	takings, err := takingsOfOrder(ctx, s.DB.Read(), order)
	out := make([]string, len(takings))
	for i, t := range takings {
		out[i] = t.Consignment
	}
	return out, err
}
