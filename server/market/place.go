package market

import (
	"fmt"
	"math"

	"jishi/server/measure"
)

// Place is a spot with a name. Its county code is the one valid on the day it was written down.
type Place struct {
	Name   string
	Adcode string        // six digits, "" unknown
	Point  measure.Point // WGS-84; both zero: unknown
}

// located reports whether the point is known.
func (p Place) located() bool { return p.Point.Lon != 0 || p.Point.Lat != 0 }

// orElse fills what p leaves out from q.
func (p Place) orElse(q Place) Place {
	if p.Name == "" && p.Adcode == "" && !p.located() {
		return q
	}
	return p
}

func toE6(deg float64) int64 { return int64(math.Round(deg * 1e6)) }
func fromE6(n int64) float64 { return float64(n) / 1e6 }
func pointE6(lon, lat int64) measure.Point {
	return measure.Point{Lon: fromE6(lon), Lat: fromE6(lat)}
}

// indexed names one element of a list in the input: demands[2].
func indexed(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
