package epcis

import (
	"cmp"
	"slices"

	"jishi/server/market"
	"jishi/server/measure"
)

// LotTrace is what the market knows of a lot's way.
type LotTrace struct {
	Lot     market.Lot
	Parents []market.Part // the lots that were joined into it
	Hauls   []Haul
}

// Haul is one consignment of a lot. An instant of 0: it has not happened.
type Haul struct {
	Consignment, Order, Trip string
	Seller, Receiver         string // parties
	From, To                 string // codes of counties
	Loaded, Received         measure.Grams
	Rejected                 measure.Grams // of what was received
	LoadedAt, DepartedAt     Instant
	ReceivedAt               Instant
}

// Instant is when something happened, and when we heard of it.
type Instant struct {
	At, Recorded measure.Millis
}

// Document writes the events of a lot in the order in which they happened; what happened at the same instant stands in the order of
// the work: commissioned, packed, loaded, departed, received, inspected.
func (t LotTrace) Document(now measure.Millis) Document {
	events := []Event{t.commissioned()}
	for _, h := range t.Hauls {
		events = append(events, h.events(t.Lot.ID)...)
	}
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.at, b.at) })
	return Document{
		Context: Context, ID: "urn:jishi:obj:epcis:" + t.Lot.ID, Type: "EPCISDocument", SchemaVersion: "2.0", CreationDate: moment(now),
		Body: Body{events},
	}
}

// commissioned is the lot on the farm's scale, or the joining of other lots to it.
func (t LotTrace) commissioned() Event {
	l := t.Lot
	e := event("ObjectEvent", l.ID+":commissioning", "commissioning", Instant{At: l.CreatedAt, Recorded: l.CreatedAt})
	e.Action, e.Disposition, e.QuantityList = "ADD", "active", []Quantity{kg(l.ID, l.Weighed)}
	e.ReadPoint, e.BizLocation = at(l.Place.Adcode), at(l.Place.Adcode)
	e.ILMD = map[string]string{}
	for name, value := range map[string]string{"produce": l.Produce, "grade": l.Grade, "harvestedOn": l.HarvestedOn, "certificate": l.Certificate} {
		if value != "" {
			e.ILMD["jishi:"+name] = value
		}
	}
	if len(t.Parents) == 0 {
		return e
	}
	e.Type, e.Action, e.QuantityList, e.Outputs = "TransformationEvent", "", nil, e.QuantityList
	for _, p := range t.Parents {
		e.Inputs = append(e.Inputs, kg(p.Lot, p.Grams))
	}
	return e
}

func (h Haul) events(lot string) []Event {
	var out []Event
	if h.LoadedAt.At > 0 {
		out = append(out, h.packed(lot), h.put())
	}
	if h.DepartedAt.At > 0 {
		out = append(out, h.departed(lot))
	}
	if h.ReceivedAt.At > 0 && h.Received > 0 {
		out = append(out, h.received(lot))
	}
	if h.Rejected > 0 {
		out = append(out, h.rejected(lot))
	}
	return out
}

// packed is the lot's part becoming a consignment of an order, as weighed.
func (h Haul) packed(lot string) Event {
	e := h.event("AggregationEvent", "packing", h.LoadedAt)
	e.Action, e.Disposition, e.ParentID, e.ChildQuantities = "ADD", "in_progress", ConsignmentURN(h.Consignment), []Quantity{kg(lot, h.Loaded)}
	e.ReadPoint = at(h.From)
	return e
}

// put is the consignment on the truck.
func (h Haul) put() Event {
	e := h.event("AggregationEvent", "loading", h.LoadedAt)
	e.Action, e.Disposition, e.ParentID, e.ChildEPCs = "ADD", "in_progress", TripURN(h.Trip), []string{ConsignmentURN(h.Consignment)}
	e.ReadPoint = at(h.From)
	return e
}

func (h Haul) departed(lot string) Event {
	e := h.event("ObjectEvent", "departing", h.DepartedAt)
	e.Action, e.Disposition = "OBSERVE", "in_transit"
	e.EPCList, e.QuantityList = []string{ConsignmentURN(h.Consignment)}, []Quantity{kg(lot, h.Loaded)}
	e.ReadPoint = at(h.From)
	e.Sources = []Source{{"owning_party", PartyURN(h.Seller)}}
	e.Destinations = []Destination{{"owning_party", PartyURN(h.Receiver)}}
	return e
}

// received is the proof of delivery: what was weighed in, rejected goods included.
func (h Haul) received(lot string) Event {
	e := h.event("ObjectEvent", "receiving", h.ReceivedAt)
	e.Action, e.Disposition = "OBSERVE", "in_progress"
	e.EPCList, e.QuantityList = []string{ConsignmentURN(h.Consignment)}, []Quantity{kg(lot, h.Received)}
	e.ReadPoint, e.BizLocation = at(h.To), at(h.To)
	return e
}

func (h Haul) rejected(lot string) Event {
	e := h.event("ObjectEvent", "inspecting", h.ReceivedAt)
	e.Action, e.Disposition, e.QuantityList = "OBSERVE", "non_conformant", []Quantity{kg(lot, h.Rejected)}
	e.ReadPoint = at(h.To)
	return e
}

func (h Haul) event(kind, step string, when Instant) Event {
	e := event(kind, h.Consignment+":"+step, step, when)
	e.BizTransactions = []BizTransaction{{"po", OrderURN(h.Order)}}
	return e
}

func event(kind, id, step string, when Instant) Event {
	e := Event{EventID: "urn:jishi:obj:event:" + id, Type: kind, EventTime: moment(when.At), Offset: "+08:00", BizStep: step, at: when.At}
	if when.Recorded > 0 {
		e.RecordTime = moment(when.Recorded)
	}
	return e
}

func at(adcode string) *ID {
	if adcode == "" {
		return nil
	}
	return &ID{PlaceURN(adcode)}
}
