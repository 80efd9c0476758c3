package rules

import "testing"

// Apples keep as long as the table says at their best temperature or an unknown one; 10 °C warmer halves it, 20 °C quarters it, and
// colder does not prolong it.
func TestTheDecayClock(t *testing.T) {
	t.Parallel()
	b := book(t)
	apple, ok := b.Produce("apple-fuji")
	if !ok || apple.LifeDays < 4 {
		t.Fatalf("%+v", apple)
	}
	tenths := func(n int) *int { return &n }
	for _, row := range []struct {
		stored *int
		days   int
	}{
		{nil, apple.LifeDays}, {tenths(apple.TempMax), apple.LifeDays}, {tenths(apple.TempMax - 50), apple.LifeDays},
		{tenths(apple.TempMax + 100), apple.LifeDays / 2}, {tenths(apple.TempMax + 200), apple.LifeDays / 4},
	} {
		c, ok := b.Clock(apple, "2020-02-01", row.stored, "2020-02-03")
		if !ok || c.Left != row.days-2 || c.Assumed != (row.stored == nil) || c.Source.Text == "" || c.Rule.Mark != Memory {
			t.Errorf("%v: %+v, want %d days less 2", row.stored, c, row.days)
		}
	}
	if c, _ := b.Clock(apple, "2020-02-01", nil, "2021-02-01"); c.Left >= 0 {
		t.Errorf("a year later %+v", c)
	}
	if _, ok = b.Clock(apple, "", nil, "2020-02-03"); ok {
		t.Error("a lot without a harvest has a clock")
	}
}
