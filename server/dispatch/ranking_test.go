package dispatch

import (
	"testing"

	"jishi/server/dispatch/wording"
)

// A day may leave a hundred loads behind: the ranking counts them, each is told where it is shown.
func TestTheRankingCountsWhatStays(t *testing.T) {
	t.Parallel()
	o := Option{ID: "a", Warnings: []Caution{
		{Code: leftBehind, Trip: -1, Said: wording.Just("trucks_full")},
		{Code: "wash", Trip: 0, Said: wording.Just("cold_truck")},
		{Code: leftBehind, Trip: -1, Said: wording.Just("trucks_full")},
	}}
	got := ranking([]Option{o})[0].Said
	want := wording.Just("first_warned").And("cold_truck").And("loads_stay", wording.Count(2))
	if got.String() != want.String() {
		t.Errorf("the ranking says %q, wanted %q", got, want)
	}
}
