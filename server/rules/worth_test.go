package rules

import (
	"testing"

	"jishi/server/measure"
)

// 1 t of oyster mushrooms at 5.00 yuan/kg is worth 5,000 yuan and keeps 7 days: it loses 714.29 yuan a day, all of it in the end, and no
// more. Apples keep 60 days: 4,000 yuan a tonne lose 66.67 yuan a day.
func TestGoodsLoseTheirValueOverTheirLife(t *testing.T) {
	t.Parallel()
	b := book(t)
	const day = measure.Millis(24 * 3_600_000)
	for _, row := range []struct {
		produce string
		span    measure.Millis
		lost    measure.Fen
		urgent  bool
	}{
		{"oyster-mushroom", day, 71_429, true}, {"oyster-mushroom", 7 * day, 500_000, true}, {"oyster-mushroom", 30 * day, 500_000, true},
		{"oyster-mushroom", -day, 0, true}, {"apple-fuji", day, 6_667, false},
	} {
		w, ok := b.Worth(row.produce, "2020-02-03")
		if !ok || w.Lost(measure.Tonne, row.span) != row.lost || w.Urgent != row.urgent || w.Source.Mark != Memory || len(w.Source.Text) < 40 {
			t.Errorf("%s in %d h: %s, %+v", row.produce, row.span/3_600_000, w.Lost(measure.Tonne, row.span), w)
		}
	}
	for produce, on := range map[string]Day{"fertiliser": "2020-02-03", "moonstone": "2020-02-03", "apple-fuji": "2017-01-01"} {
		if _, ok := b.Worth(produce, on); ok {
			t.Errorf("%s has a worth on %s", produce, on)
		}
	}
	if lost := (Worth{}).Lost(measure.Tonne, day); lost != 0 {
		t.Errorf("what is worth nothing loses %s", lost)
	}
}
