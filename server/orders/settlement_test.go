package orders

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"jishi/server/market"
	"jishi/server/measure"
)

// Whatever was loaded, lost and accepted, the parts of a settlement sum to its total to the fen, and nobody gets less than
// nothing (invariant 8).
func TestSettlementAlwaysAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines []weighed
		var want measure.Fen
		for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
			price := measure.PriceE4(rapid.Int64Range(0, 500_000).Draw(t, "price"))
			l := weighed{Line: Line{ID: fmt.Sprint(i), Price: price, Benefit: measure.PriceE4(rapid.Int64Range(0, int64(price)).Draw(t, "benefit"))}}
			l.Accepted = measure.Grams(rapid.Int64Range(0, 50_000_000).Draw(t, "accepted"))
			l.Lost = map[LossCause]measure.Grams{Moisture: measure.Grams(rapid.Int64Range(0, 1_000_000).Draw(t, "lost"))}
			l.Loaded = l.Accepted + l.Lost[Moisture]
			for j := range rapid.IntRange(0, 5).Draw(t, "households") {
				l.Poor = append(l.Poor, market.Share{Household: fmt.Sprint(j), Grams: measure.Grams(rapid.Int64Range(1, 9_000_000).Draw(t, "share"))})
			}
			lines, want = append(lines, l), want+price.Times(l.Accepted)
		}
		st := settle("o", "seller", lines)
		if st.Total != want || st.Paid() != want {
			t.Fatalf("total %d, divided %d, want %d", st.Total, st.Paid(), want)
		}
		for _, l := range st.Lines {
			if l.Fen < 0 || l.Kind == RoundingLine && l.Fen > 1 {
				t.Fatalf("%+v", l)
			}
		}
	})
}

func TestMoistureWithinThreePercentIsNobodysCost(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ loaded, lost, allowed, beyond measure.Grams }{
		{10_080_000, 318_000, 302_400, 15_600}, // the scallions of the story
		{5_016_000, 12_000, 12_000, 0},         // the apples: 0.24 %
		{1_000, 30, 30, 0},
		{1_000, 31, 30, 1},
		{0, 0, 0, 0},
	} {
		l := weighed{Line: Line{Loss: market.LossTerms{MoisturePerMille: 30}}, Loaded: row.loaded, Lost: map[LossCause]measure.Grams{Moisture: row.lost}}
		if allowed, beyond := l.moisture(); allowed != row.allowed || beyond != row.beyond {
			t.Errorf("%v: allowed %d, beyond %d", row, allowed, beyond)
		}
	}
}
