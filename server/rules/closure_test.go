package rules

import (
	"testing"

	"jishi/server/measure"
)

func TestClosures(t *testing.T) {
	t.Parallel()
	b := book(t)
	for day, want := range map[Day]int{"2020-02-13": 0, "2020-02-14": 1, "2020-02-16": 1, "2020-02-17": 0, "2026-02-15": 0} {
		if got := b.Closures(day); len(got) != want {
			t.Errorf("%s: %v, want %d", day, got, want)
		}
	}
	c := b.Closures("2020-02-15")[0]
	if c.Area != "610331" || c.Source.Mark != Memory || c.To != "2020-02-16" {
		t.Errorf("%+v", c)
	}
}

func TestColdHoursAndCoachNight(t *testing.T) {
	t.Parallel()
	b := book(t)
	if hours, src := b.ColdHours("2020-02-13"); hours != 8 || src.Text == "" {
		t.Errorf("%d %v", hours, src)
	}
	if hours, _ := b.ColdHours("2019-12-31"); hours != 0 {
		t.Errorf("before the rule: %d", hours)
	}
	from, to, src := b.CoachNight("2020-02-17")
	if from != 120 || to != 300 || src.Text == "" {
		t.Errorf("%d to %d %q", from, to, src)
	}
	if from, to, _ = b.CoachNight("2020-02-06"); from != 0 || to != 0 {
		t.Errorf("before the rule: %d to %d", from, to)
	}
}

// A coach has two drivers beyond 400 km, and one more for every eight hours that are driven within 24; before the rule was told, one.
func TestCoachDrivers(t *testing.T) {
	t.Parallel()
	const hour = measure.Millis(3_600_000)
	for _, tt := range []struct {
		day  Day
		way  measure.Metres
		time measure.Millis
		want int
	}{
		{"2020-01-11", 1_460_000, 20 * hour, 1}, {"2020-01-12", 400_000, 6 * hour, 1}, {"2020-01-12", 400_001, 6 * hour, 2},
		{"2020-02-17", 300_000, 8 * hour, 1}, {"2020-02-17", 300_000, 8*hour + 1, 2}, {"2020-02-17", 1_460_000, 16 * hour, 2},
		{"2020-02-17", 1_460_000, 20 * hour, 3}, {"2020-02-17", 0, 0, 1},
	} {
		if got, src := book(t).CoachDrivers(tt.day, tt.way, tt.time); got != tt.want || (src.Text == "") != (tt.day < "2020-01-12") {
			t.Errorf("%s, %d m, %d ms: %d drivers, want %d (%+v)", tt.day, tt.way, tt.time, got, tt.want, src)
		}
	}
}
