package rules

import (
	"slices"
	"testing"
)

func kinds(v MixVerdict, least MixLevel) []MixKind {
	var out []MixKind
	for _, r := range v.Reasons {
		if badness[r.Level] >= badness[least] {
			out = append(out, r.Kind)
		}
	}
	slices.Sort(out)
	return out
}

func TestMix(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		a, o  string
		hours int
		level MixLevel
		cause []MixKind // of that level
	}{
		{"apple-fuji", "scallion", 24, RideWithLimit, []MixKind{Ethylene, Odour}},
		{"apple-fuji", "scallion", 100, Never, []MixKind{Ethylene, Odour}}, // winter, a short trip: not four days
		{"apple-fuji", "apple-fuji", 500, Ride, nil},
		{"apple-fuji", "pork", 2, Never, []MixKind{Hygiene}},
		{"pork", "live-fish", 2, Never, []MixKind{Hygiene}},
		{"apple-fuji", "onion", 5, Never, []MixKind{Odour}},
		{"pear", "onion", 5, Never, []MixKind{Odour}},
		{"celery", "onion", 5, Never, []MixKind{Odour}},
		{"apple-fuji", "cabbage", 5, Never, []MixKind{Ethylene}},
		{"scallion", "oyster-mushroom", 5, Never, []MixKind{Odour}},
		{"scallion", "shiitake", 5, Never, []MixKind{Odour}},
		{"scallion", "grape", 5, Never, []MixKind{Odour}},
		{"scallion", "fig", 5, Never, []MixKind{Odour}},
		{"scallion", "sweet-corn", 5, Never, []MixKind{Odour}},
		{"scallion", "rhubarb", 5, Never, []MixKind{Odour}},
		{"apple-fuji", "broccoli", 20, RideWithLimit, []MixKind{Ethylene}},
		{"apple-fuji", "potato", 5, Never, []MixKind{Temperature}},                // 1 °C and 7 °C
		{"apple-fuji", "fresh-peanut", 48, RideWithLimit, []MixKind{Temperature}}, // 1 °C and 2 °C: both bear 2 to 4 °C for some days
		{"spinach", "potato", 20, RideWithLimit, []MixKind{Temperature}},          // 1 °C and 7 °C, not far enough to forbid it
		{"fertiliser", "apple-fuji", 1, Never, []MixKind{Hygiene}},
		{"fertiliser", "rice", 1, Never, []MixKind{Hygiene}},
		{"fertiliser", "urea", 99, Ride, nil},
		{"oyster-mushroom", "cabbage", 24, Ride, nil},
		{"cabbage", "spinach", 24, Ride, nil},
		{"apple-fuji", "no-such-thing", 5, RideWithLimit, []MixKind{Unknown}},
	} {
		v := b.Mix("2020-02-03", c.a, c.o, c.hours)
		if v.Level != c.level || c.cause != nil && !slices.Equal(kinds(v, c.level), c.cause) {
			t.Errorf("%s and %s for %d h: %s by %+v, want %s by %v", c.a, c.o, c.hours, v.Level, v.Reasons, c.level, c.cause)
		}
	}
	if v := b.Mix("2020-02-03", "pork", "apple-fuji", 2); slices.Contains(kinds(v, RideWithLimit), Temperature) {
		t.Error("pork and apples like the same temperature")
	}
	if v := b.Mix("2020-02-03", "onion", "spinach", 5); !slices.Contains(kinds(v, RideWithLimit), Humidity) {
		t.Errorf("dry onions beside spinach: %+v", v)
	}
}

func TestMixScallionsIsMarkedAsDisputed(t *testing.T) {
	t.Parallel()
	v := book(t).Mix("2020-02-03", "apple-fuji", "scallion", 24)
	i := slices.IndexFunc(v.Reasons, func(r Reason) bool { return r.Kind == Ethylene })
	if i < 0 || v.Reasons[i].Source.Mark != Disputed || v.Hours != 72 {
		t.Errorf("%+v", v)
	}
}

// The verdict is the worst reason, is the same both ways round, and never gets better with time.
func TestMixOfEveryPair(t *testing.T) {
	t.Parallel()
	b := book(t)
	all := b.AllProduce()
	for _, x := range all {
		for _, y := range all {
			v, w := b.Mix("2020-02-03", x.ID, y.ID, 24), b.Mix("2020-02-03", y.ID, x.ID, 24)
			if v.Level != w.Level || !slices.Equal(v.Reasons, w.Reasons) {
				t.Fatalf("%s and %s: %+v one way, %+v the other", x.ID, y.ID, v, w)
			}
			if long := b.Mix("2020-02-03", x.ID, y.ID, 500); badness[long.Level] < badness[v.Level] || long.Level == RideWithLimit {
				t.Fatalf("%s and %s: %s for a day, %s for three weeks", x.ID, y.ID, v.Level, long.Level)
			}
			worst := Ride
			for _, r := range v.Reasons {
				if r.Text == "" || r.TextZh == "" || r.Source.Text == "" || r.Level == Ride {
					t.Fatalf("%s and %s: %+v", x.ID, y.ID, r)
				}
				if badness[r.Level] > badness[worst] {
					worst = r.Level
				}
			}
			if v.Level != worst || len(v.Reasons) > 0 && v.Reasons[0].Level != worst {
				t.Fatalf("%s and %s: %s, but the worst is %s", x.ID, y.ID, v.Level, worst)
			}
		}
	}
}
