package dispatch

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"

	"jishi/server/auth"
	"jishi/server/dispatch/mot"
	"jishi/server/measure"
)

// Qualification is the driver's certificate of his trade (从业资格证).
const Qualification PaperKind = "qualification"

// Papers are the ministry's four forms of a trip, what its system would not take of them, and what stands in the QR code
// of each printed waybill.
type Papers struct {
	Forms mot.Forms
	Wrong []mot.FormError
	QR    []string // one for each waybill
}

// Papers writes the four forms of a trip for those who have a part in it. What is not known stays empty and is named.
func (s *Service) Papers(ctx context.Context, by auth.Actor, trip string) (Papers, error) {
	w, err := s.writer(ctx, by, trip)
	if err != nil {
		return Papers{}, err
	}
	f := mot.Forms{Waybills: w.waybills(), Vehicles: w.vehicles(), Drivers: w.drivers()}
	if f.CashFlows, err = w.cashFlows(); err != nil {
		return Papers{}, err
	}
	p := Papers{Forms: f, Wrong: f.Check()}
	for _, b := range f.Waybills {
		p.QR = append(p.QR, w.code(b))
	}
	return p, nil
}

// cashFlows are the sheets of a settled trip, one for each carrier and vehicle. They name what was paid; the bank's number
// of the transfer is known only once the money left.
func (w writer) cashFlows() ([]mot.CashFlow, error) {
	e, settled := w.t.event(EventSettle, -1)
	if !settled {
		return []mot.CashFlow{}, nil
	}
	var paid Paid
	if err := json.Unmarshal(e.Body, &paid); err != nil {
		return nil, fmt.Errorf("trip %s: settlement: %w", w.t.ID, err)
	}
	out := []mot.CashFlow{}
	for n, leg := range paid.Legs {
		if slices.Contains(w.t.given, leg.Carrier) {
			continue // nothing is paid for it
		}
		i := slices.IndexFunc(out, func(c mot.CashFlow) bool {
			return c.ActualCarrierID == w.parties[leg.Carrier].USCC && c.VehicleNumber == leg.Plate
		})
		if i < 0 {
			i = len(out)
			out = append(out, w.cashFlow(n, leg))
		}
		out[i].ShippingNoteList = append(out[i].ShippingNoteList, mot.ShippingNote{ShippingNoteNumber: w.t.Number, SerialNumber: w.serial(n), TotalMonetaryAmount: mot.Yuan(leg.Fen)})
		out[i].FinancialList = append(out[i].FinancialList, mot.FinancialItem{PaymentMeansCode: mot.BankTransfer, Recipient: w.parties[leg.Carrier].Name,
			MonetaryAmount: mot.Yuan(leg.Fen), DateTime: mot.Moment(e.At())})
	}
	return out, nil
}

func (w writer) cashFlow(n int, leg Leg) mot.CashFlow {
	return mot.CashFlow{DocumentNumber: w.t.Number + "-" + w.serial(n), SendToProDateTime: mot.Moment(w.now), Carrier: w.parties[leg.Carrier].Name,
		ActualCarrierID: w.parties[leg.Carrier].USCC, VehicleNumber: leg.Plate, VehiclePlateColorCode: w.vehicle(n).VehiclePlateColorCode}
}

// vehicles are the sheets of the trucks that drove, each once. Of a truck that took over on the road only the plate is
// known.
func (w writer) vehicles() []mot.VehicleSheet {
	kind := w.t.Outline.Truck.Type
	out := []mot.VehicleSheet{{VehicleNumber: w.v.Plate, VehiclePlateColorCode: mot.PlateColour(w.v.PlateColour), VehicleType: vehicleType(kind.GrossMax, kind.Axles),
		Owner: w.parties[w.t.Carrier].Name, VehicleEnergyType: mot.Diesel, VehicleTonnage: mot.Tonnes(kind.Payload), GrossMass: mot.Tonnes(kind.GrossMax),
		RoadTransportCertificateNumber: w.paper(RoadPermit)}}
	for _, h := range w.t.handOvers {
		if h.Plate != "" && !slices.ContainsFunc(out, func(v mot.VehicleSheet) bool { return v.VehicleNumber == h.Plate }) {
			out = append(out, mot.VehicleSheet{VehicleNumber: h.Plate, VehiclePlateColorCode: mot.PlateColour(h.Colour)})
		}
	}
	return out
}

// vehicleType is the code of the kind of vehicle as its licence has it: light (H31), medium (H21) and heavy (H11) trucks,
// heavy tractors (Q11). From memory of GA 24.4, not checked.
func vehicleType(gross measure.Grams, axles int) string {
	switch {
	case axles >= 6:
		return "Q11"
	case gross <= 4_500*measure.Kilogram:
		return "H31"
	case gross <= 12*measure.Tonne:
		return "H21"
	}
	return "H11"
}

// drivers are the sheets of who drove, each once. A telephone number is personal and not kept: the field stays empty.
func (w writer) drivers() []mot.DriverSheet {
	licence := w.find(DriverLicence)
	out := []mot.DriverSheet{{DriverName: w.v.Driver, DrivingLicense: licence.Number, ValidPeriodTo: mot.Day(licence.Until), QualificationCertificate: w.paper(Qualification)}}
	for _, h := range w.t.handOvers {
		if !slices.ContainsFunc(out, func(d mot.DriverSheet) bool { return d.DriverName == h.Driver }) {
			out = append(out, mot.DriverSheet{DriverName: h.Driver, DrivingLicense: h.Licence})
		}
	}
	return out
}

// WaybillXML writes waybills as one XML document.
func WaybillXML(list []mot.Waybill) ([]byte, error) {
	type document struct {
		XMLName  xml.Name `xml:"Waybills"`
		Waybills []mot.Waybill
	}
	return toXML(document{Waybills: list})
}

// FormsXML writes all four forms as one XML document.
func FormsXML(f mot.Forms) ([]byte, error) { return toXML(f) }

func toXML(v any) ([]byte, error) {
	text, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("waybill: %w", err)
	}
	return append([]byte(xml.Header), text...), nil
}
