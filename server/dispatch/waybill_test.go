package dispatch

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"jishi/server/dispatch/mot"
	"jishi/server/measure"
	"jishi/server/store/storetest"
)

// papers gives the truck of a trip and its party every paper that the ministry asks for.
func (w *world) papers(trip Trip) {
	w.t.Helper()
	v, err := VehicleByID(w.t.Context(), w.db.Read(), trip.Vehicle)
	w.want(err, "")
	_, err = w.SetPapers(w.t.Context(), carrier, v.ID, VehicleInput{Driver: "王师傅", Passes: v.Passes, Papers: []Paper{
		{Kind: DriverLicence, Number: "610322198001010011", Until: "2021-01-01"}, {Kind: CarrierLicence, Number: "610300000001", Until: "2021-01-01"},
		{Kind: RoadPermit, Number: "610322000123", Until: "2021-01-01"}, {Kind: Qualification, Number: "6103220000000000AB", Until: "2022-06-30"}}})
	w.want(err, "")
	w.sql(`UPDATE parties SET uscc = '91610300MA6X000001' WHERE id = 'carrier'`)
	w.sql(`UPDATE parties SET uscc = '93610322MA6X000002' WHERE id = 'coop'`)
}

func TestWaybill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ctx := t.Context()
	_, trips := w.accepted()
	w.papers(trips[0])
	_, err := w.Waybills(ctx, carrier, trips[0].ID)
	w.want(err, "nothing_loaded")
	trip := w.onTheRoad(trips[0])
	through, err := w.Waybills(ctx, carrier, trip.ID)
	w.want(err, "")
	equal(t, "one of three trips of its plan, under a number of its own", []any{len(through), through[0].SerialNumber, through[0].VehicleAmount}, []any{1, "0000", "1"})

	w.at("2020-02-04 12:00")
	station := book(t).TransferStations("2020-02-04")[0]
	_, err = w.HandOver(ctx, carrier, trip.ID, Report{}, HandOver{Station: station.Name, Driver: "赵师傅", Licence: "420116198501010013", Plate: "鄂A·H0001", Colour: "yellow", Signature: "photo-1"})
	w.want(err, "")
	w.at("2020-02-04 13:00")
	list, err := w.Waybills(ctx, carrier, trip.ID)
	w.want(err, "")
	equal(t, "segments", []string{list[0].SerialNumber, list[1].SerialNumber}, []string{"0001", "0002"})
	equal(t, "another truck took over", []string{list[0].VehicleAmount, list[1].VehicleAmount}, []string{"2", "2"})

	// Worked out by hand: 5,000 kg of apples and a tenth in cartons are 5,500 kg; 834 begun cartons of 6 kg at 300 g/l take
	// 834 × 20 l = 16,680 l. Loaded and left on 3 February at 14:00, handed over on the 4th at noon.
	want := mot.VehicleInfo{VehiclePlateColorCode: "2", VehicleNumber: "陕C·A1001", DespatchActualDateTime: "20200203140000", GoodsReceiptDateTime: "20200204120000",
		PlaceOfLoading: fengxiang.Name, LoadingCountrySubdivisionCode: "610322", GoodsReceiptPlace: station.Name, ReceiptCountrySubdivisionCode: "420116",
		Driver:    []mot.DriverInfo{{DriverName: "王师傅", DrivingLicense: "610322198001010011"}},
		GoodsInfo: []mot.GoodsInfo{{DescriptionOfGoods: "苹果", CargoTypeClassificationCode: "1700", GoodsItemGrossWeight: "5500.000", Cube: "16680.0000", TotalNumberOfPackages: "834"}}}
	equal(t, "the first segment's truck", list[0].VehicleInfo, want)
	want.VehicleNumber, want.DespatchActualDateTime, want.GoodsReceiptDateTime = "鄂A·H0001", "20200204120000", ""
	want.PlaceOfLoading, want.LoadingCountrySubdivisionCode = station.Name, "420116"
	want.GoodsReceiptPlace, want.ReceiptCountrySubdivisionCode = "协和医院", "420103"
	want.Driver = []mot.DriverInfo{{DriverName: "赵师傅", DrivingLicense: "420116198501010013"}}
	equal(t, "the second segment's truck", list[1].VehicleInfo, want)
	equal(t, "sent now", list[0].SendToProDateTime, "20200204130000")
	equal(t, "consignee", list[0].ConsigneeInfo[0].CountrySubdivisionCode, "420103")
	equal(t, "the legs share the haulage", trip.Outline.Haulage, fen(t, list[0].TotalMonetaryAmount)+fen(t, list[1].TotalMonetaryAmount))

	text, err := WaybillXML(list)
	w.want(err, "")
	var back struct{ Waybill []mot.Waybill }
	if err = xml.Unmarshal(text, &back); err != nil || len(back.Waybill) != 2 || back.Waybill[1].VehicleInfo.VehicleNumber != "鄂A·H0001" ||
		back.Waybill[1].SerialNumber != "0002" || back.Waybill[1].VehicleAmount != "2" {
		t.Errorf("%v in %s", err, text)
	}
}

// fen reads an amount of the forms: "6420.500" is 642,050 fen.
func fen(t *testing.T, yuan string) measure.Fen {
	t.Helper()
	whole, part, _ := strings.Cut(yuan, ".")
	var n measure.Fen
	for _, c := range whole + part[:2] {
		n = n*10 + measure.Fen(c-'0')
	}
	return n
}

func TestPapers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ctx := t.Context()
	_, trips := w.accepted()
	w.papers(trips[0])
	trip := w.onTheRoad(trips[0])
	before, err := w.Papers(ctx, carrier, trip.ID)
	w.want(err, "")
	w.deliverAll(trip, "2020-02-04 16:00")
	_, err = w.Settle(ctx, dispatcher, trip.ID, Report{})
	w.want(err, "")
	p, err := w.Papers(ctx, carrier, trip.ID)
	w.want(err, "")

	// A 6.8 m truck with two axles: 9 t of payload, 18 t gross.
	equal(t, "vehicle sheet", p.Forms.Vehicles, []mot.VehicleSheet{{VehicleNumber: "陕C·A1001", VehiclePlateColorCode: "2", VehicleType: "H11", Owner: "carrier",
		VehicleEnergyType: "B", VehicleTonnage: "9.00", GrossMass: "18.00", RoadTransportCertificateNumber: "610322000123"}})
	equal(t, "driver sheet", p.Forms.Drivers, []mot.DriverSheet{{DriverName: "王师傅", DrivingLicense: "610322198001010011", ValidPeriodTo: "20210101",
		QualificationCertificate: "6103220000000000AB"}})
	flow := p.Forms.CashFlows[0]
	equal(t, "paid", fen(t, flow.FinancialList[0].MonetaryAmount), trip.Outline.Haulage)
	equal(t, "for", flow.ShippingNoteList[0].SerialNumber, "0000")
	equal(t, "by bank", flow.FinancialList[0].PaymentMeansCode, "32")

	// What nobody knows stays empty and is named: the bank's number of the transfer, the driver's telephone.
	var missing []string
	for _, m := range p.Wrong {
		missing = append(missing, m.Field)
	}
	equal(t, "missing", missing, []string{"CashFlows[0].FinancialList[0].ReceiptAccount", "CashFlows[0].FinancialList[0].SequenceCode", "Drivers[0].Telephone"})
	equal(t, "on the road the day of receipt is missing", before.Wrong[0].Field, "Waybills[0].GoodsReceiptDateTime")

	// The code is the same at every printing.
	w.at("2020-02-04 18:00")
	again, err := w.Papers(ctx, carrier, trip.ID)
	w.want(err, "")
	equal(t, "printed later", again.QR, p.QR)
	if !strings.HasPrefix(p.QR[0], "JISHI2|"+trip.Number+"|0000|陕C·A1001|610322|420103|苹果 5500.000kg|") {
		t.Errorf("code %q", p.QR[0])
	}
	if text, err := FormsXML(p.Forms); err != nil || !strings.Contains(string(text), "<VehicleTonnage>9.00</VehicleTonnage>") {
		t.Errorf("%v %s", err, text)
	}
	if text, err := json.Marshal(p.Forms); err != nil || !strings.Contains(string(text), `"cash_flows":[{"DocumentNumber":"`+trip.Number+`-0000"`) {
		t.Errorf("%v %s", err, text)
	}
}

// deliverAll signs for everything at the stops of a trip, at an instant.
func (w *world) deliverAll(trip Trip, when string) Trip {
	w.t.Helper()
	w.at(when)
	for n, stop := range trip.Outline.Stops {
		if stop.Kind != UnloadStop {
			continue
		}
		d := Delivery{Receiver: "李老师"}
		for _, c := range trip.at(n, UnloadStop) {
			d.Lines = append(d.Lines, DeliveredLine{Consignment: c.ID, Received: trip.loaded[c.ID].Grams})
		}
		var err error
		trip, err = w.Deliver(w.t.Context(), dispatcher, trip.ID, n, Report{}, d)
		w.want(err, "")
	}
	return trip
}
