package places

import (
	"context"
	"math"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Router gives road distances and driving times. placestest holds what every Router keeps to.
type Router interface {
	// Table gives the way from each point of from to each point of to. A point that is none is a fault.Invalid; a router
	// that can't answer says why in a fault.Unavailable and never makes numbers up.
	Table(ctx context.Context, from, to []measure.Point) (Table, error)
}

// Table holds one row for each start and one column for each end. Times are driving times without rests.
type Table struct {
	Metres   [][]measure.Metres
	Times    [][]measure.Millis
	SpeedKmh int // by which all times were reckoned from the metres; 0 where the roads say how fast one gets on
}

// Unreachable stands in both halves of a Table where no road leads.
const Unreachable = -1

// Pace is how long a vehicle of a speed takes for a way of the table of metres and time. Where the times were reckoned from the metres
// its own speed takes the place of the table's. Times that come from the roads are those of a truck of DefaultSpeedKmh, and nobody
// gets on faster than the roads allow: a slower truck takes longer in proportion on every road, a faster one as long, and each at
// least as long as the metres take at its own speed. A speed of 0 is DefaultSpeedKmh, or the table's own.
func (t Table) Pace(m measure.Metres, time measure.Millis, kmh int) measure.Millis {
	switch {
	case m < 0 || time < 0:
		return Unreachable
	case t.SpeedKmh > 0 && kmh <= 0:
		return time
	case t.SpeedKmh > 0:
		return atSpeed(m, kmh)
	case kmh <= 0:
		kmh = DefaultSpeedKmh
	}
	slower := (time*DefaultSpeedKmh + measure.Millis(kmh)/2) / measure.Millis(kmh)
	return max(time, slower, atSpeed(m, kmh))
}

// atSpeed is the time for so many metres at one speed.
func atSpeed(m measure.Metres, kmh int) measure.Millis {
	return measure.Millis((int64(m)*3_600 + int64(kmh)/2) / int64(kmh))
}

// newTable makes a table of zeros.
func newTable(rows, columns int) Table {
	t := Table{Metres: make([][]measure.Metres, rows), Times: make([][]measure.Millis, rows)}
	for i := range rows {
		t.Metres[i] = make([]measure.Metres, columns)
		t.Times[i] = make([]measure.Millis, columns)
	}
	return t
}

// earthRadius is the mean radius of the earth in metres (IUGG R1).
const earthRadius = 6_371_008.8

// GreatCircle gives the distance as the crow flies.
func GreatCircle(p, q measure.Point) measure.Metres {
	const rad = math.Pi / 180
	sinLat, sinLon := math.Sin((p.Lat-q.Lat)*rad/2), math.Sin((p.Lon-q.Lon)*rad/2)
	h := sinLat*sinLat + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*sinLon*sinLon
	return measure.Metres(math.Round(2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))))
}

// checkPoints faults what is no position on earth, and 0,0, which is how an unknown one is written.
func checkPoints(lists ...[]measure.Point) error {
	for _, list := range lists {
		for i, p := range list {
			inside := math.Abs(p.Lon) <= 180 && math.Abs(p.Lat) <= 90 // false for NaN
			if !inside || p == (measure.Point{}) {
				return fault.New(fault.Invalid, "no_point", "Point %d has no position (longitude %g, latitude %g).", i+1, p.Lon, p.Lat)
			}
		}
	}
	return nil
}
