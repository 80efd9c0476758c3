package days

import (
	"fmt"
	"math"
	"math/rand/v2"

	"jishi/server/dispatch"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
)

func cos(a float64) float64    { return math.Cos(a) }
func sin(a float64) float64    { return math.Sin(a) }
func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// Nation makes a day of n loads and trucks all over the country: loads of 1 to 8 t from farms of some hundred counties to a
// market of a city 60 to 500 km away, trucks of all lengths in the counties of the farms.
func Nation(n, trucks int, seed uint64) (dispatch.Question, error) {
	m, err := newMaker()
	if err != nil {
		return dispatch.Question{}, err
	}
	rng := rand.New(rand.NewPCG(seed, 7))
	q := dispatch.Question{Day: Day, Now: at(Day, 4)}
	counties, cities := m.lands()
	farms := make([]places.Division, max(1, n/25))
	for i := range farms {
		farms[i] = counties[rng.IntN(len(counties))]
	}
	for i := range n {
		from := farms[rng.IntN(len(farms))]
		to := near(cities, from.Point, rng)
		l, err := m.base(i, from.Code, measure.Grams(1000+rng.IntN(7000))*measure.Kilogram)
		if err != nil {
			return q, err
		}
		name := fmt.Sprintf("%s农场%d", from.Name, i)
		l.Allocation, l.Order, l.Seller, l.Receiver = fmt.Sprintf("load-%05d", i), fmt.Sprintf("order-%05d", i), name, to.Name
		l.From = orders.Stop{Name: name, Adcode: from.Code, Point: around(from.Point, rng.IntN(1000))}
		l.To = orders.Stop{Name: to.Name, Adcode: to.Code, Point: to.Point}
		q.Loads = append(q.Loads, l)
	}
	pool := m.fleet()
	for i := range trucks {
		t := pool[(i*7)%len(pool)]
		home := farms[rng.IntN(len(farms))]
		t.Vehicle.ID = fmt.Sprintf("truck-%05d", i)
		t.Vehicle.Plate, t.Vehicle.Passes = fmt.Sprintf("陕N·%05d", i), []dispatch.Pass{{Number: "P", From: "2020-01-24", Until: "2020-04-07"}}
		t.Capacity.ID, t.Capacity.Vehicle = t.Vehicle.ID, t.Vehicle.ID
		t.Capacity.Place = orders.Stop{Name: home.Name, Adcode: home.Code, Point: home.Point}
		q.Trucks = append(q.Trucks, t)
	}
	return q, nil
}

// lands gives the counties of the mainland's east and middle, and the cities with a market.
func (m *maker) lands() (counties, cities []places.Division) {
	for _, d := range m.atlas.All() {
		if d.Point == (measure.Point{}) || d.Point.Lon < 102 || d.Point.Lat < 22 || d.Code[:2] >= "71" || d.Code[:2] == "46" {
			continue
		}
		switch {
		case d.Code[4:] != "00":
			counties = append(counties, d)
		case d.Code[2:] != "0000":
			cities = append(cities, d)
		}
	}
	return counties, cities
}

func near(cities []places.Division, p measure.Point, rng *rand.Rand) places.Division {
	var ring []places.Division
	for _, c := range cities {
		if d := places.GreatCircle(p, c.Point); d > 60_000 && d < 400_000 {
			ring = append(ring, c)
		}
	}
	if len(ring) == 0 {
		return cities[rng.IntN(len(cities))]
	}
	return ring[rng.IntN(len(ring))]
}
