package dispatch

import (
	"fmt"
	"strings"
	"testing"

	"jishi/server/measure"
	"jishi/server/store/storetest"
)

// printed gives what stands in the codes of a trip's waybills as they are printed now.
func (w *world) printed(trip Trip) []string {
	w.t.Helper()
	p, err := w.Papers(w.t.Context(), carrier, trip.ID)
	w.want(err, "")
	return p.QR
}

// checked gives what a paper proves, where its trip stands, and the lines that differ as "line goods: paper/recorded".
func (w *world) checked(trip Trip, code string) (Proof, TripState, string) {
	w.t.Helper()
	c, err := w.CheckPaper(w.t.Context(), trip.ID, code)
	w.want(err, "")
	var differ []string
	for _, l := range c.Lines {
		if !l.Agrees {
			differ = append(differ, strings.TrimSpace(fmt.Sprintf("%s %s", l.Line, l.Goods))+": "+l.Paper+"/"+l.Recorded)
		}
	}
	if c.Proof != PrintedHere && (c.Number != "" || len(c.Lines) > 0) {
		w.t.Errorf("without a proof something is told: %+v", c)
	}
	return c.Proof, c.State, strings.Join(differ, "; ")
}

func TestAPrintedWaybillIsComparedWithTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	_, trips := w.accepted()
	w.papers(trips[0])
	trip := w.onTheRoad(trips[0])
	paper := w.printed(trip)[0]
	is := func(what string, code string, proof Proof, state TripState, differs string) {
		t.Helper()
		p, s, d := w.checked(trip, code)
		equal(t, what, []any{p, s, d}, []any{proof, state, differs})
	}
	is("as printed", paper, PrintedHere, Running, "")
	c, err := w.CheckPaper(t.Context(), trip.ID, paper)
	w.want(err, "")
	equal(t, "lines", fmt.Sprint(c.Lines), "[{segment  0000 0000 true} {vehicle  陕C·A1001 陕C·A1001 true} {from  610322 610322 true} {to  420103 420103 true} {goods 苹果 5500.000 5500.000 true}"+
		" {carrier    true} {driver    true} {consignor    true} {consignee    true}]")

	// What was not written here for this trip proves nothing, and is told nothing.
	for what, code := range map[string]string{
		"another weight": strings.Replace(paper, "5500", "5600", 1), "another plate": strings.Replace(paper, "A1001", "A1002", 1),
		"another seal": paper[:len(paper)-1] + "x", "cut off": paper[:len(paper)-17], "nothing": "", "its form alone": "JISHI2", "some text": "https://example.com/",
	} {
		is(what, code, NotOurs, "", "")
	}
	for _, other := range trips[1:] {
		p, _, _ := w.checked(other, paper)
		equal(t, "on the page of another trip", p, NotOurs)
	}
	elsewhere := *w.Service
	elsewhere.sealKey = []byte("another site")
	other, err := elsewhere.Papers(t.Context(), carrier, trip.ID)
	w.want(err, "")
	is("of another site", other.QR[0], NotOurs, "", "")

	// The driver changes, then the truck, and both are found on the paper.
	v, err := VehicleByID(t.Context(), w.db.Read(), trip.Vehicle)
	w.want(err, "")
	_, err = w.SetPapers(t.Context(), carrier, v.ID, VehicleInput{Driver: "李师傅", Passes: v.Passes, Papers: v.Papers})
	w.want(err, "")
	is("another driver", paper, PrintedHere, Running, "driver: /")
	w.at("2020-02-04 12:00")
	station := book(t).TransferStations("2020-02-04")[0]
	_, err = w.HandOver(t.Context(), carrier, trip.ID, Report{}, HandOver{Station: station.Name, Driver: "赵师傅", Licence: "420116198501010013", Plate: "鄂A·H0001", Colour: "yellow", Signature: "photo-1"})
	w.want(err, "")
	is("the first truck's paper after the hand-over", paper, PrintedHere, HandedOver, "segment: 0000/0002; vehicle: 陕C·A1001/鄂A·H0001; from: 610322/420116; driver: /")
	is("the second truck's", w.printed(trip)[1], PrintedHere, HandedOver, "")
	w.deliverAll(trip, "2020-02-04 16:00")
	is("when all is delivered", w.printed(trip)[1], PrintedHere, Done, "")
	_, err = w.CheckPaper(t.Context(), "nowhere", paper)
	w.want(err, "no_such_trip")
}

// Printed at the first ramp, a waybill lacks what is loaded at the second.
func TestAPrintedWaybillLacksWhatWasLoadedSince(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	_, trips := w.accepted()
	trip := w.onTheRoad(trips[0])
	paper := w.printed(trip)[0]
	trip, err := tripByID(t.Context(), w.db.Read(), trip.ID)
	w.want(err, "")
	more, c := trip, trip.Consignments[0]
	more.loaded = map[string]WeighedLine{c.ID: {Consignment: c.ID, Grams: 5_100 * measure.Kilogram}}
	c.ID, c.Load.Produce = "second", "scallion"
	more.Consignments = append(more.Consignments, c)
	more.loaded[c.ID] = WeighedLine{Consignment: c.ID, Grams: measure.Tonne}
	wr, err := w.writerOf(t.Context(), more)
	w.want(err, "")
	var lines []string
	for _, l := range besideRecord(strings.Split(paper, "|"), wr.waybills()[0]) {
		if l.Line == LineGoods {
			lines = append(lines, l.Goods+" "+l.Paper+"/"+l.Recorded)
		}
	}
	// Cartons are a tenth of the goods.
	equal(t, "goods", strings.Join(lines, "; "), "苹果 5500.000/5610.000; 大葱 /1100.000")
}

// Papers printed before there were seals are ours as long as they agree whole.
func TestAnOldPaperProvesItselfWhileItAgrees(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	_, trips := w.accepted()
	trip := w.onTheRoad(trips[0])
	list, err := w.Waybills(t.Context(), carrier, trip.ID)
	w.want(err, "")
	old := digestCode(list[0])
	if !strings.HasPrefix(old, "JISHI1|"+trip.Number+"|0000|陕C·A1001|610322|420103|苹果 5500.000kg|") || len(old) != len("JISHI1|"+trip.Number+"|0000|陕C·A1001|610322|420103|苹果 5500.000kg|")+32 {
		t.Errorf("old form %q", old)
	}
	proof, state, differs := w.checked(trip, old)
	equal(t, "agrees", []any{proof, state, differs}, []any{PrintedHere, Running, ""})
	proof, _, _ = w.checked(trip, strings.Replace(old, "5500", "5600", 1))
	equal(t, "another weight", proof, OldForm)
	w.deliverAll(trip, "2020-02-04 16:00")
	proof, _, _ = w.checked(trip, old)
	equal(t, "when the record went on", proof, OldForm)
}
