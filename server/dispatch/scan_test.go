package dispatch

import (
	"strings"
	"testing"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store/storetest"
)

// atRamp is a world with one confirmed trip: 5 t in boxes of 6 kg.
func atRamp(t *testing.T) (*world, Trip) {
	t.Helper()
	w := newWorldOf(t, storetest.SQLite(t), []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief))
	_, trips := w.accepted()
	_, err := w.Confirm(t.Context(), carrier, trips[0].ID, Report{})
	w.want(err, "")
	w.at("2020-02-03 14:00")
	return w, trips[0]
}

// counted is what one side scanned or weighed: codes, or a number of packs.
type counted struct {
	codes string
	packs int64
}

func (c counted) list() []string {
	if c.codes == "" {
		return nil
	}
	return strings.Split(c.codes, " ")
}

func (w *world) scan(by auth.Actor, trip Trip, lines ...ScannedLine) error {
	_, err := w.Scan(w.t.Context(), by, trip.ID, 0, Report{}, Scan{Lines: lines})
	return err
}

func (w *world) weigh(by auth.Actor, trip Trip, c counted) error {
	net := trip.Consignments[0].Load.Goods.Net
	_, err := w.Load(w.t.Context(), by, trip.ID, 0, Report{}, Weighing{Tare: 9 * measure.Tonne, Gross: 9*measure.Tonne + net,
		Lines: []WeighedLine{{Consignment: trip.Consignments[0].ID, Grams: net, Codes: c.list(), Packs: c.packs}}})
	return err
}

// Each wrong scan is refused at its field, and is not kept.
func TestWrongScansAreRefused(t *testing.T) {
	t.Parallel()
	w, trip := atRamp(t)
	c := trip.Consignments[0].ID
	many := strings.Fields(strings.Repeat("x ", maxCodes+1))
	for _, row := range []struct {
		lines       []ScannedLine
		code, field string
	}{
		{nil, "every_consignment", "lines"},
		{[]ScannedLine{{Consignment: c, Packs: 1}, {Consignment: c, Packs: 1}}, "every_consignment", "lines"},
		{[]ScannedLine{{Consignment: "another", Packs: 1}}, "not_loaded_here", "lines[0].consignment"},
		{[]ScannedLine{{Consignment: c}}, "required", "lines[0].packs"},
		{[]ScannedLine{{Consignment: c, Packs: -1}}, "required", "lines[0].packs"},
		{[]ScannedLine{{Consignment: c, Codes: []string{"a", "b", "a"}}}, "scanned_twice", "lines[0].codes[2]"},
		{[]ScannedLine{{Consignment: c, Codes: []string{"a", ""}}}, "bad_code", "lines[0].codes[1]"},
		{[]ScannedLine{{Consignment: c, Codes: []string{strings.Repeat("a", 61)}}}, "bad_code", "lines[0].codes[0]"},
		{[]ScannedLine{{Consignment: c, Codes: many}}, "too_many", "lines[0].codes"},
	} {
		f := fault.Of(w.scan(coop, trip, row.lines...))
		if f == nil || f.Code != row.code || f.Field != row.field {
			t.Errorf("%s at %s: %v", row.code, row.field, f)
		}
	}
	now, err := tripByID(t.Context(), w.db.Read(), trip.ID)
	w.want(err, "")
	equal(t, "scans that were kept", len(now.scanned), 0)

	w.want(w.weigh(coop, trip, counted{packs: 834}), "")
	w.want(w.scan(coop, trip, ScannedLine{Consignment: c, Packs: 834}), "counted_both")
	w.want(w.scan(carrier, trip, ScannedLine{Consignment: c, Packs: 834}), "")
}
