package places

import (
	"context"
	"math"
	"sync"

	"jishi/server/measure"
)

// Estimator guesses road distances from the great circle, for all of China and without a map. Against 19 road distances
// from public texts, the same that its one factor was fitted to, the mean error is 5 % and the worst 13 % (a test pins both).
type Estimator struct {
	SpeedKmh int // average of a loaded truck with its stops at tolls and lights, without rests; 0 or less: DefaultSpeedKmh

	atlas *Atlas
	cells []string // the province of each square degree, see cellOf
	once  sync.Once
}

// DefaultSpeedKmh is the average of a truck on a motorway; from memory, not checked. Route planners give cars 75 to 100.
const DefaultSpeedKmh = 70

// NewEstimator makes an Estimator; speed may be set before its first use.
func NewEstimator(a *Atlas) *Estimator {
	return &Estimator{SpeedKmh: DefaultSpeedKmh, atlas: a}
}

// How much longer the road is than the great circle, per mille. Fitted to testdata/distances_check.csv: finer bands for plains
// and hills did not make the error smaller, as motorways there are as straight as elsewhere; the gorges of Yunnan and Tibet
// do (1.41 from Jinghong to Kunming, one measurement).
const (
	detour      = 1200
	detourGorge = 1300
	slip        = 4_000 // metres: the most that country roads at both ends add; from memory, not checked
	slipShare   = 200   // per mille of the great circle, so that a short way is 1.4 times as long
)

var gorges = map[string]bool{"53": true, "54": true}

// island can't be reached by road from elsewhere. (The ferry to Hainan takes trucks.)
const island = "71"

// Table estimates every way. It fails only for points that are none and for an ended context.
func (e *Estimator) Table(ctx context.Context, from, to []measure.Point) (Table, error) {
	if err := checkPoints(from, to); err != nil {
		return Table{}, err
	}
	t := newTable(len(from), len(to))
	if t.SpeedKmh = e.SpeedKmh; t.SpeedKmh <= 0 {
		t.SpeedKmh = DefaultSpeedKmh
	}
	for i, p := range from {
		if err := ctx.Err(); err != nil {
			return Table{}, err
		}
		for j, q := range to {
			t.Metres[i][j] = e.metres(p, q)
			t.Times[i][j] = Unreachable
			if t.Metres[i][j] >= 0 {
				t.Times[i][j] = atSpeed(t.Metres[i][j], t.SpeedKmh)
			}
		}
	}
	return t, ctx.Err()
}

// metres is the same there and back.
func (e *Estimator) metres(p, q measure.Point) measure.Metres {
	if (e.province(p) == island) != (e.province(q) == island) {
		return Unreachable
	}
	crow := GreatCircle(p, q)
	ends := min(crow*slipShare/1000, slip)
	return crow*e.detour(p, q)/1000 + ends
}

// detour averages the terrain at nine places along the way.
func (e *Estimator) detour(p, q measure.Point) measure.Metres {
	const places = 9
	sum := 0
	for i := range places {
		at := (float64(i) + 0.5) / places
		on := measure.Point{Lon: p.Lon*(1-at) + q.Lon*at, Lat: p.Lat*(1-at) + q.Lat*at}
		if gorges[e.province(on)] {
			sum += detourGorge
		} else {
			sum += detour
		}
	}
	return measure.Metres(sum / places)
}

// The raster of provinces: one cell for each half of a degree over China.
const (
	west, east   = 73, 136
	south, north = 17, 54
	perDegree    = 2
	columns      = (east - west) * perDegree
	cells        = columns * (north - south) * perDegree
	farAway      = measure.Metres(300_000) // from the nearest county: not in China
)

// province gives the first two digits of the province in which p lies, about; "" outside China.
func (e *Estimator) province(p measure.Point) string {
	e.once.Do(e.fill)
	x, y := math.Floor((p.Lon-west)*perDegree), math.Floor((p.Lat-south)*perDegree)
	if x < 0 || x >= columns || y < 0 || y >= cells/columns {
		return ""
	}
	return e.cells[int(y)*columns+int(x)]
}

func (e *Estimator) fill() {
	e.cells = make([]string, cells)
	for i := range e.cells {
		middle := measure.Point{
			Lon: west + (float64(i%columns)+0.5)/perDegree,
			Lat: south + (float64(i/columns)+0.5)/perDegree,
		}
		if d, off := e.atlas.Nearest(middle); off < farAway {
			e.cells[i] = d.Code[:2]
		}
	}
}
