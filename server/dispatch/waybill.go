package dispatch

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

// Waybill is the electronic waybill of road freight (网络货运 电子运单) for one vehicle and one segment. Its fields have
// the names and the formats of the ministry's record as uploaders write it; times are local, yyyyMMddHHmmss, weights
// kilograms with three decimals, volumes cubic decimetres with four, money yuan with three.
type Waybill struct {
	XMLName                       xml.Name       `json:"-" xml:"Waybill"`
	OriginalDocumentNumber        string         `json:"OriginalDocumentNumber"`
	ShippingNoteNumber            string         `json:"ShippingNoteNumber"`
	VehicleAmount                 string         `json:"VehicleAmount"`
	SerialNumber                  string         `json:"SerialNumber"` // vehicle of the order, then segment; 0000: one truck, one segment
	TransportTypeCode             string         `json:"TransportTypeCode"`
	SendToProDateTime             string         `json:"SendToProDateTime"`
	Carrier                       string         `json:"Carrier"`
	UnifiedSocialCreditIdentifier string         `json:"UnifiedSocialCreditIdentifier"`
	PermitNumber                  string         `json:"PermitNumber"`
	ConsignmentDateTime           string         `json:"ConsignmentDateTime"`
	BusinessTypeCode              string         `json:"BusinessTypeCode"`
	DespatchActualDateTime        string         `json:"DespatchActualDateTime"`
	GoodsReceiptDateTime          string         `json:"GoodsReceiptDateTime"`
	Consignor                     []WaybillParty `json:"Consignor" xml:"Consignor"`
	Consignee                     []WaybillParty `json:"Consignee" xml:"Consignee"`
	TotalMonetaryAmount           string         `json:"TotalMonetaryAmount"`
	TransportationCost            string         `json:"TransportationCost"`
	TransportationDistance        string         `json:"TransportationDistance"`
	FinishDateTime                string         `json:"FinishDateTime"`
	Vehicle                       WaybillVehicle `json:"Vehicle"`
	ActualCarrier                 WaybillCarrier `json:"ActualCarrier"`
	Insurance                     string         `json:"Insurance"`
	Remark                        string         `json:"Remark"`
}

// WaybillParty is a consignor or a consignee.
type WaybillParty struct {
	Name                   string `json:"Name"`
	ID                     string `json:"ID"`
	Place                  string `json:"Place"`
	CountrySubdivisionCode string `json:"CountrySubdivisionCode"`
}

// WaybillVehicle is the truck with what is on it.
type WaybillVehicle struct {
	PlateColour            string          `json:"PlateColour"`
	PlateNumber            string          `json:"PlateNumber"`
	DespatchActualDateTime string          `json:"DespatchActualDateTime"`
	GoodsReceiptDateTime   string          `json:"GoodsReceiptDateTime"`
	PlaceOfLoading         string          `json:"PlaceOfLoading"`
	GoodsReceiptPlace      string          `json:"GoodsReceiptPlace"`
	Driver                 []WaybillDriver `json:"Driver" xml:"Driver"`
	GoodsInfo              []WaybillGoods  `json:"GoodsInfo" xml:"GoodsInfo"`
}

// WaybillDriver is who drives the segment.
type WaybillDriver struct {
	Name    string `json:"Name"`
	Licence string `json:"Licence"`
}

// WaybillGoods is one kind of goods on board.
type WaybillGoods struct {
	DescriptionOfGoods          string `json:"DescriptionOfGoods"`
	CargoTypeClassificationCode string `json:"CargoTypeClassificationCode"`
	GoodsItemGrossWeight        string `json:"GoodsItemGrossWeight"`
	Cube                        string `json:"Cube"`
	TotalNumberOfPackages       string `json:"TotalNumberOfPackages"`
}

// WaybillCarrier is who really drives.
type WaybillCarrier struct {
	Name    string `json:"Name"`
	Licence string `json:"Licence"`
	ID      string `json:"ID"`
}

// Codes of the record. The cargo code of fresh farm produce is from memory, not checked.
const (
	byRoad       = "1"
	trunkFreight = "1002996"
	freshCargo   = "1700"
	otherCargo   = "9000"
)

// plateColours are the codes of a plate's colour; from memory, not checked.
var plateColours = map[string]string{"blue": "1", "yellow": "2", "green": "5"}

// Waybills writes one waybill for each segment of a trip, for those who have a part in it.
func (s *Service) Waybills(ctx context.Context, by auth.Actor, trip string) ([]Waybill, error) {
	t, err := s.TripByID(ctx, by, trip)
	if err != nil {
		return nil, err
	}
	if _, ok := t.event(EventLoad, -1); !ok {
		return nil, fault.New(fault.Conflict, "nothing_loaded", "There is no waybill before the truck is loaded.")
	}
	q := s.db.Read()
	ids := append([]string{t.Carrier}, t.parties...)
	parties, err := market.PartiesByID(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	v, err := VehicleByID(ctx, q, t.Vehicle)
	if err != nil {
		return nil, err
	}
	number, of, err := ordinal(ctx, q, t)
	if err != nil {
		return nil, err
	}
	w := writer{t: t, v: v, parties: parties, s: s, number: number, of: of, now: s.millis(ctx)}
	out := make([]Waybill, 0, len(t.handOvers)+1)
	for segment := range len(t.handOvers) + 1 {
		out = append(out, w.segment(segment))
	}
	return out, nil
}

// ordinal gives which vehicle of its plan the trip is, counted from 1, and of how many.
func ordinal(ctx context.Context, q store.Querier, t Trip) (number, of int, err error) {
	all, err := tripsOfPlan(ctx, q, t.Plan)
	if err != nil {
		return 0, 0, err
	}
	for i, other := range all {
		if other.ID == t.ID {
			number = i + 1
		}
	}
	return number, len(all), nil
}

// serial gives the number of vehicle and segment: 0000 for one truck that drives through; 0100 for the first of several
// trucks; 0101, 0102 for its two segments.
func serial(number, of, segment, segments int) string {
	if segments == 1 {
		segment = -1
		if of == 1 {
			number = 0
		}
	}
	return fmt.Sprintf("%02d%02d", number, segment+1)
}

type writer struct {
	t          Trip
	v          Vehicle
	parties    map[string]market.Party
	s          *Service
	number, of int
	now        measure.Millis
}

func (w writer) segment(n int) Waybill {
	t := w.t
	carrier := w.parties[t.Carrier]
	out := Waybill{
		OriginalDocumentNumber: t.Number, ShippingNoteNumber: t.Number, VehicleAmount: fmt.Sprint(w.of),
		SerialNumber: serial(w.number, w.of, n, len(t.handOvers)+1), TransportTypeCode: byRoad, SendToProDateTime: local(w.now),
		Carrier: carrier.Name, UnifiedSocialCreditIdentifier: carrier.USCC, PermitNumber: w.paper(CarrierLicence),
		ConsignmentDateTime: local(t.MadeAt), BusinessTypeCode: trunkFreight,
		TotalMonetaryAmount: milliYuan(t.Outline.Haulage), TransportationCost: milliYuan(t.Outline.Haulage),
		TransportationDistance: fmt.Sprint(km(t.Outline.Metres - t.Outline.Empty)), Vehicle: w.vehicle(n),
		ActualCarrier: WaybillCarrier{Name: carrier.Name, Licence: w.paper(CarrierLicence), ID: carrier.USCC}, Insurance: "none",
	}
	if policy := w.paper(Insurance); policy != "" {
		out.Insurance = policy
	}
	out.DespatchActualDateTime, out.GoodsReceiptDateTime = out.Vehicle.DespatchActualDateTime, out.Vehicle.GoodsReceiptDateTime
	out.FinishDateTime = out.GoodsReceiptDateTime
	for i, stop := range t.Outline.Stops {
		p := w.parties[stop.Party]
		party := WaybillParty{Name: p.Name, ID: p.USCC, Place: stop.Place.Name, CountrySubdivisionCode: stop.Place.Adcode}
		switch {
		case stop.Kind == LoadStop:
			out.Consignor = append(out.Consignor, party)
		case len(t.at(i, UnloadStop)) > 0:
			out.Consignee = append(out.Consignee, party)
		}
	}
	return out
}

// vehicle is the truck of one segment: from the hand-over before it, or the first loading, to the one after it, or the
// last receiver.
func (w writer) vehicle(n int) WaybillVehicle {
	t := w.t
	stops := t.Outline.Stops
	out := WaybillVehicle{PlateColour: plateColours[w.v.PlateColour], PlateNumber: w.v.Plate, GoodsInfo: w.goods(),
		PlaceOfLoading: stops[0].Place.Name, GoodsReceiptPlace: stops[len(stops)-1].Place.Name,
		Driver: []WaybillDriver{{Name: w.v.Driver, Licence: w.paper(DriverLicence)}}}
	if e, ok := t.event(EventDepart, -1); ok {
		out.DespatchActualDateTime = local(e.ActedAt)
	}
	if n > 0 {
		h := t.handOvers[n-1]
		out.DespatchActualDateTime, out.PlaceOfLoading = local(h.At), h.Station
		out.Driver = []WaybillDriver{{Name: h.Driver}}
		if h.Plate != "" && h.Plate != w.v.Plate {
			out.PlateNumber, out.PlateColour = h.Plate, ""
		}
	}
	if n < len(t.handOvers) {
		h := t.handOvers[n]
		out.GoodsReceiptDateTime, out.GoodsReceiptPlace = local(h.At), h.Station
	} else if t.served() {
		out.GoodsReceiptDateTime = local(t.lastDelivery())
	}
	return out
}

func (t Trip) lastDelivery() measure.Millis {
	var last measure.Millis
	for _, e := range t.Events {
		if e.Kind == EventDeliver {
			last = max(last, e.ActedAt)
		}
	}
	return last
}

// goods are the kinds of goods as they were weighed.
func (w writer) goods() []WaybillGoods {
	sums := map[string]Goods{}
	var names []string
	for _, c := range w.t.Consignments {
		l, ok := w.t.loaded[c.ID]
		if !ok {
			continue
		}
		p, _ := w.s.rules.Produce(c.Load.Produce)
		if p.DensityGramsPerLitre <= 0 {
			p.DensityGramsPerLitre = 1000
		}
		g := c.Load.Goods.weigh(l.Grams, p)
		if l.Packs > 0 {
			g.Packs = l.Packs
		}
		sum, known := sums[c.Load.Produce]
		if !known {
			names = append(names, c.Load.Produce)
		}
		sum.Gross, sum.Volume, sum.Packs = sum.Gross+g.Gross, sum.Volume+g.Volume, sum.Packs+g.Packs
		sums[c.Load.Produce] = sum
	}
	out := make([]WaybillGoods, 0, len(names))
	for _, id := range names {
		out = append(out, w.item(id, sums[id]))
	}
	return out
}

func (w writer) item(produce string, g Goods) WaybillGoods {
	name, code := produce, otherCargo
	if p, ok := w.s.rules.Produce(produce); ok {
		name = p.Name
		if p.Class != "input" && p.Class != "other" {
			code = freshCargo
		}
	}
	return WaybillGoods{DescriptionOfGoods: name, CargoTypeClassificationCode: code, GoodsItemGrossWeight: kilos(g.Gross),
		Cube: fmt.Sprintf("%d.%03d0", g.Volume/1000, g.Volume%1000), TotalNumberOfPackages: fmt.Sprint(g.Packs)}
}

func (w writer) paper(kind PaperKind) string {
	for _, p := range w.v.Papers {
		if p.Kind == kind {
			return p.Number
		}
	}
	return ""
}

// local writes an instant as the record wants it; no instant is an empty field.
func local(m measure.Millis) string {
	if m == 0 {
		return ""
	}
	return time.UnixMilli(int64(m)).In(china).Format("20060102150405")
}

func milliYuan(f measure.Fen) string { return fmt.Sprintf("%d.%02d0", f/100, f%100) }

// WaybillXML writes waybills as one XML document.
func WaybillXML(list []Waybill) ([]byte, error) {
	type document struct {
		XMLName  xml.Name `xml:"Waybills"`
		Waybills []Waybill
	}
	text, err := xml.MarshalIndent(document{Waybills: list}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("waybill: %w", err)
	}
	return append([]byte(xml.Header), text...), nil
}

// Consigned is what the ledger says of one consignment.
type Consigned struct {
	Consignment
	Weighed  WeighedLine
	OnTruck  measure.Grams
	Accepted measure.Grams
	Rejected measure.Grams
	Lost     measure.Grams
}

// Numbers gives what became of each consignment of a trip, read off the ledger.
func (s *Service) Numbers(ctx context.Context, t Trip) ([]Consigned, error) {
	var names []string
	for _, c := range t.Consignments {
		names = append(names, orders.ConsignOnTruck(c.ID), orders.ConsignAccepted(c.ID), orders.ConsignRejected(c.ID))
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
			Accepted: measure.Grams(have[orders.ConsignAccepted(c.ID)]), Rejected: measure.Grams(have[orders.ConsignRejected(c.ID)])}
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

// LoadedFill is how full the truck is by what was weighed.
func (s *Service) LoadedFill(t Trip) Fill {
	var lines []WeighedLine
	for _, c := range t.Consignments {
		if l, ok := t.loaded[c.ID]; ok {
			lines = append(lines, l)
		}
	}
	return t.fillWith(lines, s.rules)
}
