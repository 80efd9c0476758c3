package rules

import (
	"testing"

	"jishi/server/measure"
)

func TestLevel(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		day    Day
		adcode string
		want   ZoneLevel
	}{
		{"2020-02-18", "610302", ""}, // no levels yet
		{"2020-02-18", "420103", ""},
		{"2020-02-20", "610302", MediumRisk},
		{"2020-02-20", "610323", MediumRisk},
		{"2020-02-20", "610324", MediumRisk},
		{"2020-02-20", "610322", LowRisk}, // Fengxiang by its old code
		{"2020-02-20", "610305", LowRisk}, // and by the new one
		{"2020-02-20", "610331103", LowRisk},
		{"2020-02-20", "610112", ""}, // Xi'an had medium counties, which ones isn't known
		{"2020-03-05", "610302", MediumRisk},
		{"2020-03-06", "610302", LowRisk},
		{"2020-03-07", "610112", LowRisk},
		{"2020-03-07", "420103", HighRisk},
		{"2020-03-07", "420804", HighRisk},
		{"2020-03-20", "420103", HighRisk},
		{"2020-03-20", "420804", ""},
		{"2020-03-07", "510100", ""},
		{"2020-03-07", "", ""},
		{"2026-01-01", "420103", ""},
	} {
		got, src := b.Level(c.day, c.adcode)
		if got != c.want || (got != "") != (src.Text != "") {
			t.Errorf("%s %s: %q (%+v), want %q", c.day, c.adcode, got, src, c.want)
		}
	}
}

func TestPassRule(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		day      Day
		from, to string
		want     bool
	}{
		{"2020-01-23", "610305", "420103", false},
		{"2020-01-24", "610305", "420103", true},
		{"2020-02-03", "610322", "420103", true},
		{"2020-02-03", "420804", "610322", true},
		{"2020-02-03", "610322", "610112", false},
		{"2026-01-01", "610305", "420103", false},
	} {
		if got, text, src := b.PassRule(c.day, c.from, c.to); got != c.want || got != (text != "" && src.Text != "") {
			t.Errorf("%s %s to %s: %v %q", c.day, c.from, c.to, got, text)
		}
	}
}

func TestPlateRefused(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		day           Day
		plate, adcode string
		want          bool
	}{
		{"2020-02-03", "鄂A·B2001", "610322", true},
		{"2020-02-03", "鄂a12345", "610322", true},
		{"2020-02-03", "鄂A·B2001", "420103", false}, // at home
		{"2020-02-03", "鄂B12345", "610322", false},
		{"2020-02-03", "陕C·A1001", "610322", false},
		{"2020-01-20", "鄂A·B2001", "610322", false},
		{"2026-01-01", "鄂A·B2001", "610322", false},
	} {
		if got, _, _ := b.PlateRefused(c.day, c.plate, c.adcode); got != c.want {
			t.Errorf("%s %s at %s: %v", c.day, c.plate, c.adcode, got)
		}
	}
}

func TestQuarantine(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		day             Day
		entered, handed bool
		days            int
		shadow          measure.Fen
	}{
		{"2020-02-03", true, false, 14, 700_000},
		{"2020-02-03", true, true, 0, 0},
		{"2020-02-03", false, false, 0, 0},
		{"2020-01-20", true, false, 0, 0},
	} {
		if days, shadow, _ := b.Quarantine(c.day, c.entered, c.handed); days != c.days || shadow != c.shadow {
			t.Errorf("%+v: %d days, %s yuan", c, days, shadow)
		}
	}
}

// 176 workers in coaches at half their seats: 11 of 33, 8 of 45, 8 of 49, 7 of 53; 62 workers: 4, 3, 3, 3.
func TestSeatCap(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct{ seats, cap, for176, for62 int }{{33, 16, 11, 4}, {45, 22, 8, 3}, {49, 24, 8, 3}, {53, 26, 7, 3}} {
		got, src := b.SeatCap("2020-02-17", c.seats)
		if got != c.cap || src.Text == "" {
			t.Errorf("%d seats: %d people, want %d", c.seats, got, c.cap)
		}
		if n := (176 + got - 1) / got; n != c.for176 {
			t.Errorf("176 people need %d coaches of %d, want %d", n, c.seats, c.for176)
		}
		if n := (62 + got - 1) / got; n != c.for62 {
			t.Errorf("62 people need %d coaches of %d, want %d", n, c.seats, c.for62)
		}
	}
	if got, _ := b.SeatCap("2020-02-10", 45); got != 45 {
		t.Errorf("%d people in 45 seats before the rule", got)
	}
	if got, _ := b.SeatCap("2020-02-17", -3); got != 0 {
		t.Errorf("%d people in -3 seats", got)
	}
}

func TestTransferStations(t *testing.T) {
	t.Parallel()
	b := book(t)
	if n := len(b.TransferStations("2020-02-03")); n != 0 {
		t.Errorf("%d stations before they opened", n)
	}
	open := b.TransferStations("2020-02-04")
	if len(open) != 5 || open[0].Adcode != "420116" {
		t.Fatalf("%+v", open)
	}
	for _, s := range open {
		if !b.within(s.Adcode, "420000") || s.Point.Lat < 30 || s.Point.Lat > 33 || s.Point.Lon < 112 || s.Point.Lon > 115 {
			t.Errorf("%s isn't in Hubei: %+v", s.Name, s)
		}
	}
}

func TestWash(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, c := range []struct {
		before, after string
		want          bool
	}{
		{"fertiliser", "apple-fuji", true}, {"urea", "rice", true}, {"fertiliser", "unknown", true},
		{"fertiliser", "urea", false}, {"scallion", "fertiliser", false}, {"apple-fuji", "scallion", false},
	} {
		if got, text, _ := b.Wash("2020-02-10", c.before, c.after); got != c.want || got != (text != "") {
			t.Errorf("%s after %s: %v", c.after, c.before, got)
		}
	}
}

func TestDrivingHours(t *testing.T) {
	t.Parallel()
	if every, rest := book(t).DrivingHours(); every != 4*3600*1000 || rest != 20*60*1000 {
		t.Errorf("%d ms after %d ms", rest, every)
	}
}
