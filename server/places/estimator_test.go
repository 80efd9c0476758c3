package places_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"jishi/server/measure"
	"jishi/server/places"
	"jishi/server/places/placestest"
)

func TestEstimatorKeepsTheContract(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	placestest.Run(t, placestest.Ground{
		Points: []measure.Point{point(t, "610305"), point(t, "420100"), point(t, "610100"), point(t, "530100"), point(t, "460100")},
		Cut:    point(t, "710000"),
		Many:   120,
	}, func(*testing.T) places.Router { return places.NewEstimator(a) })
}

func point(t *testing.T, code string) measure.Point {
	t.Helper()
	d, ok := atlas(t).Division(code)
	if !ok {
		t.Fatalf("no division %s", code)
	}
	return d.Point
}

func one(t *testing.T, e *places.Estimator, from, to measure.Point) (measure.Metres, measure.Millis) {
	t.Helper()
	got, err := e.Table(t.Context(), []measure.Point{from}, []measure.Point{to})
	if err != nil {
		t.Fatal(err)
	}
	return got.Metres[0][0], got.Times[0][0]
}

func TestEstimatorAgainstPublishedRoads(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	e := places.NewEstimator(a)
	byName := map[string]measure.Point{}
	for _, d := range a.All() {
		byName[d.Name] = d.Point
	}
	file, err := os.Open("testdata/distances_check.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var sum, bias, worst float64
	for _, row := range rows[1:] {
		from, to := byName[row[0]], byName[row[1]]
		road, err := strconv.ParseFloat(row[2], 64)
		if err != nil || from == (measure.Point{}) || to == (measure.Point{}) {
			t.Fatalf("row %v: %v", row, err)
		}
		m, _ := one(t, e, from, to)
		off := float64(m)/1000/road - 1
		sum, bias, worst = sum+math.Abs(off), bias+off, max(worst, math.Abs(off))
		t.Logf("%s - %s: %v, published %v km, %+.1f %%", row[0], row[1], m, row[2], off*100)
	}
	n := float64(len(rows) - 1)
	t.Logf("mean error %.1f %%, mean deviation %+.1f %%, worst %.1f %%", sum/n*100, bias/n*100, worst*100)
	if n != 19 || sum/n > 0.05 || math.Abs(bias/n) > 0.02 || worst > 0.13 {
		t.Errorf("over %v roads: mean error %.1f %%, mean deviation %.1f %%, worst %.1f %%; promised are 5, 2 and 13", n, sum/n*100, bias/n*100, worst*100)
	}
}

func TestFengxiangToWuhanIsAboutNineHundredAndFiftyKilometres(t *testing.T) {
	t.Parallel()
	m, ms := one(t, places.NewEstimator(atlas(t)), point(t, "610322"), point(t, "420100"))
	if m < 930_000 || m > 970_000 {
		t.Errorf("%v", m)
	}
	if hours := float64(ms) / 3_600_000; hours < 13 || hours > 14 { // 950 km at 70 km/h
		t.Errorf("%.1f h", hours)
	}
}

func TestShortWaysAreLongerThanTheyLook(t *testing.T) {
	t.Parallel()
	// 0.1 degree of latitude is 11,120 m; 1.2 times that is 13,344 m; a fifth of the 11,120 m for the ends makes 15,568 m.
	m, _ := one(t, places.NewEstimator(atlas(t)), measure.Point{Lon: 107.4, Lat: 34.5}, measure.Point{Lon: 107.4, Lat: 34.6})
	if m != 15_568 {
		t.Errorf("%d m", m)
	}
}

func TestSpeedIsTheEstimatorsToSet(t *testing.T) {
	t.Parallel()
	e := places.NewEstimator(atlas(t))
	e.SpeedKmh = 50
	m, ms := one(t, e, point(t, "610305"), point(t, "610300"))
	if want := measure.Millis(int64(m) * 3600 / 50); ms != want {
		t.Errorf("%v takes %d ms, want %d", m, ms, want)
	}
	e.SpeedKmh = 0
	if _, ms := one(t, e, point(t, "610305"), point(t, "610300")); ms != measure.Millis((int64(m)*3600+35)/70) {
		t.Errorf("without a speed %d ms", ms)
	}
}

func TestEstimatesAreTheSameThereAndBack(t *testing.T) {
	t.Parallel()
	e := places.NewEstimator(atlas(t))
	rapid.Check(t, func(r *rapid.T) {
		lon, lat := rapid.Float64Range(70, 140), rapid.Float64Range(15, 55)
		p := measure.Point{Lon: lon.Draw(r, "lon"), Lat: lat.Draw(r, "lat")}
		q := measure.Point{Lon: lon.Draw(r, "lon"), Lat: lat.Draw(r, "lat")}
		there, _ := one(t, e, p, q)
		back, _ := one(t, e, q, p)
		if there != back {
			r.Fatalf("%v to %v: %d there, %d back", p, q, there, back)
		}
		if line := places.GreatCircle(p, q); there != places.Unreachable && (there < line || there > line*3/2) {
			r.Fatalf("%v to %v: %d m for %d", p, q, there, line)
		}
	})
}

func TestEveryMainlandCountyIsReachable(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	var list []measure.Point
	for _, d := range a.All() {
		if d.Code[:2] != "71" {
			list = append(list, d.Point)
		}
	}
	got, err := places.NewEstimator(a).Table(t.Context(), []measure.Point{point(t, "420100")}, list)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range got.Metres[0] {
		if m < 0 {
			d, _ := a.Nearest(list[i])
			t.Errorf("no road to %s %s", d.Code, d.Name)
		}
	}
}

func BenchmarkEstimate200x200(b *testing.B) {
	e := places.NewEstimator(atlas(b))
	all := atlas(b).All()[400:600]
	var list []measure.Point
	for _, d := range all {
		list = append(list, d.Point)
	}
	for b.Loop() {
		if _, err := e.Table(b.Context(), list, list); err != nil {
			b.Fatal(err)
		}
	}
}
