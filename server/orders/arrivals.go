package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
)

// Arrival is one truckload of an order that was weighed in.
type Arrival struct {
	Consignment string
	Line        string
	Demand      string
	Receiver    string // the need's party
	ReceivedAt  measure.Millis
	AcceptedAt  measure.Millis // its receiver's word that it stands; 0 before
	ConsignNumbers
}

// Arrivals lists the truckloads of an order that arrived, for whoever may read the order.
func (s *Service) Arrivals(ctx context.Context, by auth.Actor, order string) ([]Arrival, error) {
	if _, err := s.Order(ctx, by, order); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	takings, err := takingsOfOrder(ctx, q, order)
	if err != nil {
		return nil, err
	}
	words, err := acceptancesOf(ctx, q, order)
	if err != nil {
		return nil, err
	}
	needs, err := market.DemandsByID(ctx, q, demandsOf(takings)...)
	var out []Arrival
	for _, t := range takings {
		if err != nil || t.ReceivedAt == 0 {
			continue
		}
		a := Arrival{Consignment: t.Consignment, Line: t.Line, Demand: t.Demand, Receiver: needs[t.Demand].Party, ReceivedAt: t.ReceivedAt}
		if at := words[t.Demand]; at >= t.ReceivedAt {
			a.AcceptedAt = at
		}
		a.ConsignNumbers, err = consigned(ctx, q, t.Consignment)
		out = append(out, a)
	}
	return out, err
}

func demandsOf(takings []taking) []string {
	out := make([]string, len(takings))
	for i, t := range takings {
		out[i] = t.Demand
	}
	return out
}
