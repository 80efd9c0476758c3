package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
)

// Weighing is an order line on its three scales: the farm's, the one at the ramp, the receiver's; with what was lost between the
// last two, and what of it is charged by the terms agreed beforehand. Goods on the road are in OnTruck, and no loss yet.
type Weighing struct {
	Line     string
	Lot      string
	Farm     measure.Grams // as ordered, by the farm's scale
	Loaded   measure.Grams // weighed onto trucks
	OnTruck  measure.Grams
	Received measure.Grams // weighed in: accepted, rejected, returned
	Accepted measure.Grams
	Rejected measure.Grams
	Within   measure.Grams // dried out, within what was agreed
	Beyond   measure.Grams // dried out beyond it
	Rot      measure.Grams
	Missing  measure.Grams // stolen goods too
	Terms    market.LossTerms
	Charged  measure.Fen // Beyond, Rot and Missing at the agreed price: what Terms.Bearer answers for
}

// Weighings gives the three weighings of each line of an order, for whoever may read the order.
func (s *Service) Weighings(ctx context.Context, by auth.Actor, id string) ([]Weighing, error) {
	v, err := s.Order(ctx, by, id)
	if err != nil {
		return nil, err
	}
	lines, err := weighedLines(ctx, s.DB.Read(), v.Order)
	out := make([]Weighing, len(lines))
	for i, l := range lines {
		out[i] = l.weighing()
	}
	return out, err
}

func (l weighed) weighing() Weighing {
	w := Weighing{Line: l.ID, Lot: l.Lot, Farm: l.Grams, Loaded: l.Loaded, Received: l.Accepted + l.Rejected, Accepted: l.Accepted, Rejected: l.Rejected,
		Rot: l.Lost[Rot], Missing: l.Lost[Missing] + l.Lost[Theft], Terms: l.Loss}
	w.Within, w.Beyond = l.moisture()
	w.OnTruck = w.Loaded - w.Received - w.Within - w.Beyond - w.Rot - w.Missing
	w.Charged = l.charge()
	return w
}
