package dispatch

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
)

// TripHaulage is what hauling a trip costs, who earns it and who gives it.
type TripHaulage struct {
	Fen       measure.Fen // of the whole trip
	Carriers  []CarrierPart
	Shares    []orders.Haulage // out of whose money; of those that are given, nobody's
	Gives     string           // the carrier that whoever asks may still give for, "" for none
	MaySettle bool             // whoever asks may, now
	SettledAt measure.Millis
}

// CarrierPart is what one carrier earns of a trip, or gives.
type CarrierPart struct {
	Carrier string
	Metres  measure.Metres // with goods on board
	Fen     measure.Fen
	Given   bool
}

// HaulageOf tells what hauling a trip costs. Who pays which part is told to those who earn it and to those who keep the books.
func (s *Service) HaulageOf(ctx context.Context, by auth.Actor, trip string) (TripHaulage, error) {
	t, err := s.TripByID(ctx, by, trip)
	if err != nil {
		return TripHaulage{}, err
	}
	h := TripHaulage{Fen: t.Outline.Haulage, Carriers: t.carrierParts()}
	own, state := t.carrierOf(by), t.State(s.millis(ctx))
	keeps := plans(by) || by.Is(auth.Finance)
	e, settled := t.event(EventSettle, -1)
	if settled {
		h.SettledAt = e.At()
	}
	if own != "" && !settled && !slices.Contains(t.given, own) && slices.Contains(steps[EventGive], state) {
		h.Gives = own
	}
	h.MaySettle = keeps && !settled && state == Done
	if keeps || own != "" || by.Is(auth.Auditor) {
		h.Shares, err = t.Haulage()
	}
	return h, err
}

func (t Trip) carrierParts() []CarrierPart {
	var out []CarrierPart
	for _, l := range t.legs() {
		i := slices.IndexFunc(out, func(p CarrierPart) bool { return p.Carrier == l.Carrier })
		if i < 0 {
			i = len(out)
			out = append(out, CarrierPart{Carrier: l.Carrier, Given: slices.Contains(t.given, l.Carrier)})
		}
		out[i].Fen += l.Fen
		out[i].Metres += l.Metres
	}
	return out
}

// Haulage is what each carrier earns of each payer, or gives to it: as it was settled, or as it will be. It is empty while something is
// still to be loaded: nobody knows yet what it weighs.
func (t Trip) Haulage() ([]orders.Haulage, error) {
	if e, settled := t.event(EventSettle, -1); settled {
		var paid Paid
		if err := json.Unmarshal(e.Body, &paid); err != nil {
			return nil, fmt.Errorf("trip %s: settlement: %w", t.ID, err)
		}
		return paid.Shares, nil
	}
	if slices.ContainsFunc(t.Consignments, func(c Consignment) bool { return t.loaded[c.ID].Grams == 0 && t.boarded[c.ID] == 0 }) {
		return nil, nil
	}
	return t.haulage(), nil
}
