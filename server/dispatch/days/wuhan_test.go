//go:build !race

package days_test

import (
	"testing"

	"jishi/server/dispatch"
)

// A driver's days at home after Wuhan are paid for each truck, however much it brings. Sixty tonnes fit on three: a search that does not
// see the price, or fills the truck that is cheapest for one load alone, sends five or more.
func TestFewTrucksGoToWuhan(t *testing.T) {
	t.Parallel()
	q := county(t)
	a, err := desk(t).Day(t.Context(), q, dispatch.Effort{Iterations: 30_000, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, q, a)
	entered := 0
	for _, trip := range a.Options[0].Trips {
		for _, stop := range trip.Stops {
			if stop.Kind == dispatch.UnloadStop && stop.Place.Adcode == "420111" {
				entered++
				break
			}
		}
	}
	if entered > 3 {
		t.Errorf("%d trucks go to Wuhan", entered)
	}
}
