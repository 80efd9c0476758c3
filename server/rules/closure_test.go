package rules

import "testing"

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
