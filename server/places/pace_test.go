package places

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"jishi/server/measure"
)

// An estimate is for any speed; times that roads give bound every truck from below, and its own speed does too.
func TestPace(t *testing.T) {
	t.Parallel()
	const hour = measure.Millis(3_600_000)
	for _, tt := range []struct {
		name     string
		reckoned int // at which the times of the table were
		km       measure.Metres
		time     measure.Millis
		kmh      int
		want     measure.Millis
	}{
		{"an estimate, slower", 70, 140, 2 * hour, 35, 4 * hour},
		{"an estimate, faster", 70, 140, 2 * hour, 140, hour},
		{"an estimate, of no speed", 70, 140, 2 * hour, 0, 2 * hour},
		{"a motorway, usual: not faster than 70", 0, 140, hour, 70, 2 * hour},
		{"a motorway, of no speed", 0, 140, hour, 0, 2 * hour},
		{"a motorway, slow", 0, 140, hour, 35, 4 * hour},
		{"a motorway, fast", 0, 140, hour, 140, hour},
		{"a mountain road, usual", 0, 70, 2 * hour, 70, 2 * hour},
		{"a mountain road, slow: in proportion", 0, 70, 2 * hour, 35, 4 * hour},
		{"a mountain road, fast: the road binds", 0, 70, 2 * hour, 140, 2 * hour},
		{"no road", 0, 70, Unreachable, 70, Unreachable},
		{"no way", 70, Unreachable, Unreachable, 35, Unreachable},
	} {
		m := tt.km * 1000
		if tt.km < 0 {
			m = Unreachable
		}
		if got := (Table{SpeedKmh: tt.reckoned}).Pace(m, tt.time, tt.kmh); got != tt.want {
			t.Errorf("%s: %d ms, want %d", tt.name, got, tt.want)
		}
	}
}

// No speed of a truck makes a way of the roads quicker than the roads do, or quicker than that speed makes its metres; none is driven in no
// time, and a slower truck is never the first there. A router's server may say 0 s of less than 100 m.
func TestNoTruckIsFasterThanItsRoad(t *testing.T) {
	t.Parallel()
	roads := Table{}
	for _, m := range []measure.Metres{0, 1, 40, 99, 5_000, 949_800, 4_000_000} {
		for _, time := range []measure.Millis{0, 1, 3_000, 257_000, 26_000_000, 205_000_000} {
			last := measure.Millis(-1)
			for kmh := 200; kmh >= 5; kmh-- {
				got := roads.Pace(m, time, kmh)
				if got < time || got < atSpeed(m, kmh) || m > 0 && got == 0 || got < last {
					t.Fatalf("%d m, %d ms by road, at %d km/h: %d ms, and %d at the next higher speed", m, time, kmh, got, last)
				}
				last = got
			}
			if got := roads.Pace(m, time, 0); got != roads.Pace(m, time, DefaultSpeedKmh) {
				t.Errorf("%d m, %d ms by road, no speed: %d ms", m, time, got)
			}
		}
	}
}

// A server whose profile is a car's, and which nobody told by how much trucks are slower: a truck of any speed takes as long as the car at
// least, and longer where its own speed asks for it.
func TestACarsTimesBindATruck(t *testing.T) {
	t.Parallel()
	// 140 km in an hour, and 40 m in no time.
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"code":"Ok","durations":[[0,3600],[3600,0]],"distances":[[40,140000],[140000,0]],
			"sources":[{"location":[107,34]},{"location":[108,34]}],"destinations":[{"location":[107,34]},{"location":[108,34]}]}`)
	}))
	defer s.Close()
	at := []measure.Point{{Lon: 107, Lat: 34}, {Lon: 108, Lat: 34}}
	table, err := (&OSRM{URL: s.URL}).Table(t.Context(), at, at)
	if err != nil || table.SpeedKmh != 0 {
		t.Fatalf("%d km/h: %v", table.SpeedKmh, err)
	}
	for kmh, want := range map[int]measure.Millis{0: 7_200_000, 70: 7_200_000, 35: 14_400_000, 90: 5_600_000, 140: 3_600_000, 300: 3_600_000} {
		if got := table.Pace(table.Metres[0][1], table.Times[0][1], kmh); got != want {
			t.Errorf("at %d km/h it takes %d ms, want %d", kmh, got, want)
		}
		if got := table.Pace(table.Metres[0][0], table.Times[0][0], kmh); got <= 0 {
			t.Errorf("at %d km/h 40 m take %d ms", kmh, got)
		}
	}
}
