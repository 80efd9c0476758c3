package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/measure"
)

// Arrival is one truckload of an order that was weighed in.
type Arrival struct {
	Consignment string
	Line        string
	Demand      string
	ReceivedAt  measure.Millis
	ConsignNumbers
}

// Arrivals lists the truckloads of an order that arrived, for whoever may read the order.
func (s *Service) Arrivals(ctx context.Context, by auth.Actor, order string) ([]Arrival, error) {
	if _, err := s.Order(ctx, by, order); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	takings, err := takingsOfOrder(ctx, q, order)
	var out []Arrival
	for _, t := range takings {
		if err != nil || t.ReceivedAt == 0 {
			continue
		}
		a := Arrival{Consignment: t.Consignment, Line: t.Line, Demand: t.Demand, ReceivedAt: t.ReceivedAt}
		a.ConsignNumbers, err = consigned(ctx, q, t.Consignment)
		out = append(out, a)
	}
	return out, err
}
