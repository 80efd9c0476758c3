package dispatch

import (
	"fmt"
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

// Packhouse and driver count the same goods, whoever weighs and whoever is first; where they differ the second is refused and told what.
func TestTwoScansAgree(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		scanned, weighed counted
		code, said       string
	}{
		{counted{packs: 834}, counted{packs: 834}, "", ""},
		{counted{codes: "a b c"}, counted{codes: "c b a"}, "", ""},
		{counted{codes: "a b c"}, counted{packs: 3}, "", ""},
		{counted{packs: 834}, counted{}, "", ""}, // weighed as a whole, nobody counted
		{counted{packs: 834}, counted{packs: 833}, "counts_differ", "834"},
		{counted{codes: "a b c"}, counted{packs: 4}, "counts_differ", "4"},
		{counted{codes: "a b c"}, counted{codes: "a b"}, "scans_differ", "c was scanned by one side only"},
		{counted{codes: "a b"}, counted{codes: "a b c"}, "scans_differ", "c was scanned by one side only"},
		{counted{codes: "a b c"}, counted{codes: "a b d"}, "scans_differ", " was scanned by one side only"},
	} {
		for _, scanFirst := range []bool{true, false} {
			w, trip := atRamp(t)
			line := ScannedLine{Consignment: trip.Consignments[0].ID, Codes: row.scanned.list(), Packs: row.scanned.packs}
			var err error
			if scanFirst {
				w.want(w.scan(coop, trip, line), "")
				err = w.weigh(carrier, trip, row.weighed)
			} else {
				w.want(w.weigh(carrier, trip, row.weighed), "")
				err = w.scan(coop, trip, line)
			}
			name := fmt.Sprint(row.scanned, row.weighed, scanFirst)
			f := fault.Of(err)
			if (f == nil) != (row.code == "") || f != nil && (f.Code != row.code || f.Field != "lines[0]" || !strings.Contains(f.Error(), row.said)) {
				t.Errorf("%s: %v, want %s", name, err, row.code)
			}
			now, err := tripByID(t.Context(), w.db.Read(), trip.ID)
			w.want(err, "")
			equal(t, name+" counted by both", now.BothScanned(), row.code == "")
		}
	}
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
