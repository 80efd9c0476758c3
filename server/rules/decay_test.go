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
	if c, _ := b.Clock(apple, "2020-02-01", nil, "2021-02-01"); c.Left >= 0 || c.Most >= 0 {
		t.Errorf("a year later %+v", c)
	}
	if _, ok = b.Clock(apple, "", nil, "2020-02-03"); ok {
		t.Error("a lot without a harvest has a clock")
	}
}

// The sources give apples two to seven months: harvested on 2019-10-20 all are good until 2019-12-19 (60 days) and some until 2020-05-17
// (210). At 11 °C, 10 °C too warm, both ends are halved.
func TestAShelfLifeHasTwoEnds(t *testing.T) {
	t.Parallel()
	b := book(t)
	apple, _ := b.Produce("apple-fuji")
	warm := apple.TempMax + 100
	for _, row := range []struct {
		stored        *int
		until, latest Day
		left, most    int
	}{
		{nil, "2019-12-19", "2020-05-17", -45, 105},
		{&warm, "2019-11-19", "2020-02-02", -75, 0},
	} {
		c, ok := b.Clock(apple, "2019-10-20", row.stored, "2020-02-02")
		if !ok || c.Until != row.until || c.Latest != row.latest || c.Left != row.left || c.Most != row.most {
			t.Errorf("%v: %+v, want %s to %s, %d and %d days", row.stored, c, row.until, row.latest, row.left, row.most)
		}
	}
	one, _ := b.Produce("carrot")
	if c, _ := b.Clock(one, "2020-01-01", nil, "2020-02-01"); c.Until != c.Latest || c.Left != c.Most {
		t.Errorf("one figure is both ends: %+v", c)
	}
}

// Goods are called rotting before either end and after the longer one, and for a week after the shorter one.
func TestWhatIsRotting(t *testing.T) {
	t.Parallel()
	b := book(t)
	apple, _ := b.Produce("apple-fuji")
	for _, row := range []struct {
		today Day
		by    Day
	}{
		{"2019-12-15", ""}, {"2019-12-16", "2019-12-19"}, {"2019-12-19", "2019-12-19"}, {"2019-12-20", "2020-05-17"}, {"2019-12-25", "2020-05-17"},
		{"2019-12-26", ""}, {"2020-05-13", ""}, {"2020-05-14", "2020-05-17"}, {"2020-06-01", "2020-05-17"},
	} {
		c, _ := b.Clock(apple, "2019-10-20", nil, row.today)
		if by, yes := c.Rotting(3); by != row.by || yes != (row.by != "") {
			t.Errorf("%s: rotting %v by %q, want by %q", row.today, yes, by, row.by)
		}
	}
}
