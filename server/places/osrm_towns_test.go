package places_test

import (
	"os"
	"testing"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/places"
	"jishi/server/places/placestest"
)

// The towns of scripts/osrm_towns.py, whose roads run straight from one to the next.
var (
	fengxiang = measure.Point{Lon: 107.40, Lat: 34.52}
	taibai    = measure.Point{Lon: 107.32, Lat: 34.06} // the road there is one-way
	wuhan     = measure.Point{Lon: 114.30, Lat: 30.60}
	island    = measure.Point{Lon: 108.00, Lat: 33.20} // no road leads there
	toWuhan   = []measure.Point{fengxiang, {Lon: 108.94, Lat: 34.34}, {Lon: 110.88, Lat: 33.53}, {Lon: 112.14, Lat: 32.04},
		{Lon: 113.37, Lat: 31.72}, {Lon: 113.92, Lat: 30.93}, wuhan}
)

// towns gives the server with the map of our own towns.
func towns(t *testing.T) *places.OSRM {
	t.Helper()
	url := os.Getenv("JISHI_OSRM_TOWNS")
	if url == "" && os.Getenv("CI") == "true" {
		t.Fatal("JISHI_OSRM_TOWNS is not set, and in CI nothing is skipped")
	}
	if url == "" {
		t.Skip("JISHI_OSRM_TOWNS is not set: JISHI_OSRM_TOWNS=$(JISHI_OSRM_MAP=towns scripts/osrm.sh start)")
	}
	return &places.OSRM{URL: url}
}

func TestTownsKeepTheContract(t *testing.T) {
	t.Parallel()
	towns(t)
	placestest.Run(t, placestest.Ground{Points: []measure.Point{fengxiang, toWuhan[1], wuhan}, Cut: island, Snap: 100, Many: 120},
		func(t *testing.T) places.Router { return towns(t) })
}

// Fengxiang to Wuhan is as long as its six straight roads together, and the detour over Shiyan is not taken.
func TestTownsAreAsFarAsTheirRoads(t *testing.T) {
	t.Parallel()
	var want measure.Metres
	for i, p := range toWuhan[1:] {
		want += places.GreatCircle(toWuhan[i], p)
	}
	got, err := towns(t).Table(t.Context(), []measure.Point{fengxiang}, []measure.Point{wuhan})
	if err != nil {
		t.Fatal(err)
	}
	if off := got.Metres[0][0] - want; off*off > (want/200)*(want/200) {
		t.Errorf("%d m, the roads are %d m", got.Metres[0][0], want)
	}
	if hours := got.Times[0][0] / 3_600_000; hours < 9 || hours > 14 { // 822 km at 60 to 90 km/h
		t.Errorf("%d h", hours)
	}
}

func TestTownsOneWayAndIslands(t *testing.T) {
	t.Parallel()
	all := []measure.Point{fengxiang, taibai, island}
	got, err := towns(t).Table(t.Context(), all, all)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]bool{{true, true, false}, {false, true, false}, {false, false, true}} {
		for j, reached := range row {
			if (got.Metres[i][j] >= 0) != reached || (got.Times[i][j] >= 0) != reached {
				t.Errorf("from %d to %d: %d m, %d ms", i, j, got.Metres[i][j], got.Times[i][j])
			}
		}
	}
	if _, err = towns(t).Route(t.Context(), []measure.Point{fengxiang, island}); fault.Of(err) == nil || fault.Of(err).Code != "no_way" {
		t.Errorf("a way to the island: %v", err)
	}
}

// A farm 1.1 km south of a town is brought to its road; one 11 km away is not, though the server says Ok.
func TestTownsSnapRadius(t *testing.T) {
	t.Parallel()
	near, far := wuhan, wuhan
	near.Lat -= 0.01
	far.Lat -= 0.1
	got, err := towns(t).Table(t.Context(), []measure.Point{fengxiang}, []measure.Point{near, far})
	if err != nil {
		t.Fatal(err)
	}
	if got.Metres[0][0] < 800_000 || got.Metres[0][1] != places.Unreachable {
		t.Errorf("near %d m, far %d m", got.Metres[0][0], got.Metres[0][1])
	}
	wide := towns(t)
	wide.Snap = 20_000
	if got, err = wide.Table(t.Context(), []measure.Point{fengxiang}, []measure.Point{far}); err != nil || got.Metres[0][0] < 800_000 {
		t.Errorf("within 20 km: %v, %v", got, err)
	}
}
