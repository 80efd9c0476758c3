// Package placestest holds what every places.Router keeps to.
package placestest

import (
	"context"
	"errors"
	"math"
	"testing"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/places"
)

// Ground says where a router may be tested.
type Ground struct {
	// Points are at least three places with roads between them, in a region that the router knows.
	Points []measure.Point
	// Cut has no road to Points.
	Cut measure.Point
	// Snap is how far in metres a router may move a point to the next road.
	Snap measure.Metres
	// Many is how many points a large table has; more than the router asks for at once.
	Many int
}

// Run runs the suite; each case gets a router of its own.
func Run(t *testing.T, ground Ground, open func(*testing.T) places.Router) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Ground, places.Router)
	}{
		{"a table has a row for each start and a column for each end", shape},
		{"nothing asked, nothing answered", empty},
		{"no road is shorter than the crow flies", crow},
		{"a place is where it is", still},
		{"a part of a table equals the table's part", parts},
		{"a large table equals its small parts", large},
		{"what can't be reached is -1 in both halves and spoils nothing else", cut},
		{"a point that is none is refused by its number", noPoint},
		{"an ended context ends it", ended},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, ground, open(t))
		})
	}
}

func table(t *testing.T, r places.Router, from, to []measure.Point) places.Table {
	t.Helper()
	got, err := r.Table(t.Context(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Metres) != len(from) || len(got.Times) != len(from) {
		t.Fatalf("%d and %d rows for %d starts", len(got.Metres), len(got.Times), len(from))
	}
	for i := range from {
		if len(got.Metres[i]) != len(to) || len(got.Times[i]) != len(to) {
			t.Fatalf("row %d has %d and %d columns for %d ends", i, len(got.Metres[i]), len(got.Times[i]), len(to))
		}
	}
	return got
}

func shape(t *testing.T, g Ground, r places.Router) {
	table(t, r, g.Points, g.Points)
	table(t, r, g.Points[:1], g.Points)
	table(t, r, g.Points, g.Points[1:2])
}

func empty(t *testing.T, g Ground, r places.Router) {
	table(t, r, nil, g.Points)
	table(t, r, g.Points, nil)
	table(t, r, nil, nil)
}

func crow(t *testing.T, g Ground, r places.Router) {
	got := table(t, r, g.Points, g.Points)
	for i, p := range g.Points {
		for j, q := range g.Points {
			line := places.GreatCircle(p, q)
			if got.Metres[i][j] < line-2*g.Snap-line/200 {
				t.Errorf("%v to %v: %v by road, %v as the crow flies", p, q, got.Metres[i][j], line)
			}
			if speed := float64(got.Metres[i][j]) / float64(got.Times[i][j]) * 3600; i != j && (speed < 3 || speed > 130) {
				t.Errorf("%v to %v: %v in %d ms is %.0f km/h", p, q, got.Metres[i][j], got.Times[i][j], speed)
			}
		}
	}
}

func still(t *testing.T, g Ground, r places.Router) {
	got := table(t, r, g.Points, g.Points)
	for i := range g.Points {
		if got.Metres[i][i] != 0 || got.Times[i][i] != 0 {
			t.Errorf("point %d is %v and %d ms from itself", i, got.Metres[i][i], got.Times[i][i])
		}
	}
}

func parts(t *testing.T, g Ground, r places.Router) {
	whole := table(t, r, g.Points, g.Points)
	for i := range g.Points {
		for j := range g.Points {
			sameCell(t, whole, i, j, table(t, r, g.Points[i:i+1], g.Points[j:j+1]), 0, 0)
		}
	}
}

func large(t *testing.T, g Ground, r places.Router) {
	var many []measure.Point
	for i := range g.Many {
		many = append(many, g.Points[i%len(g.Points)])
	}
	whole, small := table(t, r, many, many), table(t, r, g.Points, g.Points)
	for i := range many {
		for j := range many {
			sameCell(t, whole, i, j, small, i%len(g.Points), j%len(g.Points))
		}
	}
}

func sameCell(t *testing.T, a places.Table, i, j int, b places.Table, k, l int) {
	t.Helper()
	if a.Metres[i][j] != b.Metres[k][l] || a.Times[i][j] != b.Times[k][l] {
		t.Errorf("%d to %d: %v in %d ms; alone %v in %d ms", i, j, a.Metres[i][j], a.Times[i][j], b.Metres[k][l], b.Times[k][l])
	}
}

func cut(t *testing.T, g Ground, r places.Router) {
	n := len(g.Points)
	all := append(append([]measure.Point(nil), g.Points...), g.Cut)
	got, whole := table(t, r, all, all), table(t, r, g.Points, g.Points)
	for i := range n {
		for _, cell := range [][2]int{{i, n}, {n, i}} {
			if m, ms := got.Metres[cell[0]][cell[1]], got.Times[cell[0]][cell[1]]; m != places.Unreachable || ms != places.Unreachable {
				t.Errorf("%v: %d m, %d ms where no road leads", cell, m, ms)
			}
		}
		for j := range n {
			sameCell(t, got, i, j, whole, i, j)
		}
	}
}

func noPoint(t *testing.T, g Ground, r places.Router) {
	for _, bad := range []measure.Point{{}, {Lon: 181, Lat: 30}, {Lon: 100, Lat: -91}, {Lon: math.NaN(), Lat: 30}, {Lon: 100, Lat: math.Inf(1)}} {
		list := []measure.Point{g.Points[0], bad}
		for _, err := range []error{second(r.Table(t.Context(), list, g.Points)), second(r.Table(t.Context(), g.Points, list))} {
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Code != "no_point" || f.Args[0] != 2 {
				t.Errorf("%v: %v; want the fault no_point about point 2", bad, err)
			}
		}
	}
}

func second(_ places.Table, err error) error { return err }

func ended(t *testing.T, g Ground, r places.Router) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Table(ctx, g.Points, g.Points); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}
