package places

import (
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
