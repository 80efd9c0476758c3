package dispatch

import (
	"context"
	"fmt"

	"jishi/server/auth"
	"jishi/server/dispatch/mot"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
)

// Waybills writes one electronic waybill for each segment of a trip, for those who have a part in it.
func (s *Service) Waybills(ctx context.Context, by auth.Actor, trip string) ([]mot.Waybill, error) {
	w, err := s.writer(ctx, by, trip)
	if err != nil {
		return nil, err
	}
	return w.waybills(), nil
}

// writer fills the forms of one trip.
type writer struct {
	t       Trip
	v       Vehicle
	legs    []Leg
	parties map[string]market.Party
	s       *Service
	now     measure.Millis
}

func (s *Service) writer(ctx context.Context, by auth.Actor, trip string) (writer, error) {
	t, err := s.TripByID(ctx, by, trip)
	if err != nil {
		return writer{}, err
	}
	if len(t.loaded) == 0 {
		return writer{}, fault.New(fault.Conflict, "nothing_loaded", "There is no waybill before the truck is loaded.")
	}
	return s.writerOf(ctx, t)
}

func (s *Service) writerOf(ctx context.Context, t Trip) (w writer, err error) {
	q := s.db.Read()
	w = writer{t: t, legs: t.legs(), s: s, now: s.millis(ctx)}
	if w.parties, err = market.PartiesByID(ctx, q, append([]string{t.Carrier}, t.parties...)...); err != nil {
		return w, err
	}
	w.v, err = VehicleByID(ctx, q, t.Vehicle)
	return w, err
}

func (w writer) waybills() []mot.Waybill {
	out := make([]mot.Waybill, 0, len(w.legs))
	for n := range w.legs {
		out = append(out, w.waybill(n))
	}
	return out
}

func (w writer) serial(segment int) string { return mot.Serial(segment+1, len(w.legs)) }

// trucks counts the trucks that drive the trip.
func (w writer) trucks() int {
	plates := map[string]bool{}
	for _, leg := range w.legs {
		plates[leg.Plate] = true
	}
	return len(plates)
}

func (w writer) waybill(n int) mot.Waybill {
	t, leg := w.t, w.legs[n]
	carrier, drives := w.parties[t.Carrier], w.parties[leg.Carrier]
	out := mot.Waybill{
		OriginalDocumentNumber: t.Number, ShippingNoteNumber: t.Number, SerialNumber: w.serial(n), VehicleAmount: fmt.Sprint(w.trucks()),
		TransportTypeCode: mot.ByRoad, SendToProDateTime: mot.Moment(w.now), Carrier: carrier.Name, UnifiedSocialCreditIdentifier: carrier.USCC,
		PermitNumber: w.paper(CarrierLicence), ConsignmentDateTime: mot.Moment(t.MadeAt), BusinessTypeCode: mot.TrunkFreight,
		TotalMonetaryAmount: mot.Yuan(leg.Fen), TransportationCost: mot.Yuan(leg.Fen), TransportationDistance: fmt.Sprint(km(leg.Metres)),
		VehicleInfo:          w.vehicle(n),
		ActualCarrierInfo:    mot.ActualCarrierInfo{ActualCarrierName: drives.Name, ActualCarrierID: drives.USCC},
		InsuranceInformation: mot.InsuranceInformation{PolicyNumber: "none", InsuranceCompany: "无"},
	}
	if leg.Carrier == t.Carrier {
		out.ActualCarrierInfo.ActualCarrierBusinessLicense = out.PermitNumber
	}
	if policy := w.paper(Insurance); policy != "" {
		out.InsuranceInformation = mot.InsuranceInformation{PolicyNumber: policy}
	}
	out.DespatchActualDateTime, out.GoodsReceiptDateTime = out.VehicleInfo.DespatchActualDateTime, out.VehicleInfo.GoodsReceiptDateTime
	out.FinishDateTime = out.GoodsReceiptDateTime
	w.ends(&out)
	return out
}

// ends names who handed goods to the truck and who takes them off.
func (w writer) ends(out *mot.Waybill) {
	for i, stop := range w.t.Outline.Stops {
		p := w.parties[stop.Party]
		switch {
		case stop.Kind == LoadStop:
			out.ConsignorInfo = append(out.ConsignorInfo, mot.ConsignorInfo{Consignor: p.Name, ConsignorID: p.USCC, PlaceOfLoading: stop.Place.Name,
				CountrySubdivisionCode: stop.Place.Adcode})
		case len(w.t.at(i, UnloadStop)) > 0:
			out.ConsigneeInfo = append(out.ConsigneeInfo, mot.ConsigneeInfo{Consignee: p.Name, ConsigneeID: p.USCC, GoodsReceiptPlace: stop.Place.Name,
				CountrySubdivisionCode: stop.Place.Adcode})
		}
	}
}

// vehicle is the truck of one segment: from the hand-over before it, or the first loading, to the one after it, or the
// last receiver.
func (w writer) vehicle(n int) mot.VehicleInfo {
	t := w.t
	first, last := t.Outline.Stops[0].Place, t.Outline.Stops[len(t.Outline.Stops)-1].Place
	out := mot.VehicleInfo{VehiclePlateColorCode: mot.PlateColour(w.v.PlateColour), VehicleNumber: w.legs[n].Plate, GoodsInfo: w.goods(),
		PlaceOfLoading: first.Name, LoadingCountrySubdivisionCode: first.Adcode, GoodsReceiptPlace: last.Name, ReceiptCountrySubdivisionCode: last.Adcode,
		Driver: []mot.DriverInfo{{DriverName: w.v.Driver, DrivingLicense: w.paper(DriverLicence)}}}
	if e, ok := t.event(EventDepart, -1); ok {
		out.DespatchActualDateTime = mot.Moment(e.At())
	}
	if n > 0 {
		h := t.handOvers[n-1]
		out.DespatchActualDateTime, out.PlaceOfLoading, out.LoadingCountrySubdivisionCode = mot.Moment(h.TakenAt), h.Station, h.Adcode
		out.Driver = []mot.DriverInfo{{DriverName: h.Driver, DrivingLicense: h.Licence}}
		if h.Plate != "" && h.Plate != w.v.Plate {
			out.VehiclePlateColorCode = mot.PlateColour(h.Colour)
		}
	}
	if n < len(t.handOvers) {
		h := t.handOvers[n]
		out.GoodsReceiptDateTime, out.GoodsReceiptPlace, out.ReceiptCountrySubdivisionCode = mot.Moment(h.TakenAt), h.Station, h.Adcode
	} else if t.served() {
		out.GoodsReceiptDateTime = mot.Moment(t.lastDelivery())
	}
	return out
}

func (t Trip) lastDelivery() measure.Millis {
	var last measure.Millis
	for _, e := range t.Events {
		if e.Kind == EventDeliver || e.Kind == EventReturn {
			last = max(last, e.At())
		}
	}
	return last
}

// goods are the kinds of goods as they were weighed.
func (w writer) goods() []mot.GoodsInfo {
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
	out := make([]mot.GoodsInfo, 0, len(names))
	for _, id := range names {
		out = append(out, w.item(id, sums[id]))
	}
	return out
}

func (w writer) item(produce string, g Goods) mot.GoodsInfo {
	name, code := produce, mot.OtherCargo
	if p, ok := w.s.rules.Produce(produce); ok {
		name = p.Name
		if p.Class != "input" && p.Class != "other" {
			code = mot.FreshCargo
		}
	}
	return mot.GoodsInfo{DescriptionOfGoods: name, CargoTypeClassificationCode: code, GoodsItemGrossWeight: mot.Kilograms(g.Gross),
		Cube: mot.Litres(g.Volume), TotalNumberOfPackages: fmt.Sprint(g.Packs)}
}

func (w writer) paper(kind PaperKind) string { return w.find(kind).Number }

func (w writer) find(kind PaperKind) Paper {
	for _, p := range w.v.Papers {
		if p.Kind == kind {
			return p
		}
	}
	return Paper{}
}
