package dispatch

import (
	"context"
	"encoding/json"

	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/orders"
)

// Consigned is what the ledger says of one consignment.
type Consigned struct {
	Consignment
	Weighed  WeighedLine
	OnTruck  measure.Grams
	Accepted measure.Grams
	Rejected measure.Grams
	Lost     measure.Grams
	Returned measure.Grams
	Boarded  int // people
	Alighted int
}

// Numbers gives what became of each consignment of a trip, read off the ledger.
func (s *Service) Numbers(ctx context.Context, t Trip) ([]Consigned, error) {
	var names []string
	for _, c := range t.Consignments {
		names = append(names, orders.ConsignOnTruck(c.ID), orders.ConsignAccepted(c.ID), orders.ConsignHandedOut(c.ID), orders.ConsignRejected(c.ID), orders.ConsignReturned(c.ID))
		for _, cause := range orders.LossCauses {
			names = append(names, orders.ConsignLost(c.ID, cause))
		}
	}
	have, err := ledger.Balances(ctx, s.db.Read(), ledger.Grams, names...)
	if err != nil {
		return nil, err
	}
	out := make([]Consigned, 0, len(t.Consignments))
	for _, c := range t.Consignments {
		n := Consigned{Consignment: c, Weighed: t.loaded[c.ID], OnTruck: measure.Grams(have[orders.ConsignOnTruck(c.ID)]),
			Accepted: measure.Grams(have[orders.ConsignAccepted(c.ID)] + have[orders.ConsignHandedOut(c.ID)]), Rejected: measure.Grams(have[orders.ConsignRejected(c.ID)]), Returned: measure.Grams(have[orders.ConsignReturned(c.ID)]),
			Boarded: t.boarded[c.ID], Alighted: t.alighted[c.ID]}
		for _, cause := range orders.LossCauses {
			n.Lost += measure.Grams(have[orders.ConsignLost(c.ID, cause)])
		}
		out = append(out, n)
	}
	return out, nil
}

// Delivery gives what was reported at a stop, or false.
func (t Trip) Delivery(stop int) (Delivery, Event, bool) {
	e, ok := t.event(EventDeliver, stop)
	if !ok {
		return Delivery{}, e, false
	}
	var d Delivery
	if json.Unmarshal(e.Body, &d) != nil {
		return Delivery{}, e, false
	}
	return d, e, true
}

// LoadedFill is how full the truck is, by what was weighed, where most is on it.
func (s *Service) LoadedFill(t Trip) Fill {
	var most Fill
	for n := range t.Outline.Stops {
		if f := t.fillWith(t.onBoard(n, t.loaded), s.rules); f.more(most) {
			most = f
		}
	}
	return most
}

// Hold says why nothing of the trip may be delivered, nil when it may.
func (t Trip) Hold() *Hold { return t.hold }

// Breaches are the times in which goods of the trip were too warm.
func (t Trip) Breaches() []Breach { return t.cold.breaches }

// Legs are the trip's legs as they were driven or, as far as it has not been, will be.
func (t Trip) Legs() []Leg { return t.legs() }

// Content is what is kept of a report, without what the device sent.
func (e Event) Content() json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(e.Body, &fields) != nil {
		return nil
	}
	delete(fields, "sent")
	text, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	return text
}

// Millis is the instant of a request.
func (s *Service) Millis(ctx context.Context) measure.Millis { return s.millis(ctx) }
