package dispatch

import (
	"slices"
	"testing"

	"jishi/server/measure"
)

// pinnedDay is two loads, the first one bound to a truck that stands far away, and another truck near by.
func pinnedDay(t *testing.T) (*session, spots) {
	q := question(t, []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)}, toShip(1, apple, 5, union), toShip(2, apple, 5, zhongnan))
	q.Pins = []Pin{{Load: "alloc1", Vehicle: q.Trucks[1].Vehicle.ID}}
	s := &session{q: q, bonds: bondsOf(q.Loads, q.Pins)}
	at := measure.Point{Lon: 107.4, Lat: 34.5}
	return s, spots{loads: []measure.Point{at, at}, ends: []measure.Point{at, at}, trucks: []measure.Point{at, {Lon: 120, Lat: 40}}}
}

// A truck that a load is bound to goes into the load's region while it is idle, and is not lent to another one.
func TestAnIdleTruckGoesWithItsLoad(t *testing.T) {
	t.Parallel()
	s, at := pinnedDay(t)
	for _, l := range s.lumps(at, nil) {
		equal(t, "the truck is where its load is", slices.Contains(l.idle, 1), slices.Contains(l.loads, 0))
	}
	cut := []region{{loads: []int{0}, parts: []int64{1}, trucks: []int{0, 1}}, {loads: []int{1}, parts: []int64{int64(5 * measure.Tonne)}}}
	s.share(cut, spots{loads: at.loads, trucks: []measure.Point{{Lon: 120, Lat: 40}, at.loads[1]}}) // its own is the nearer one
	equal(t, "lent", cut[1].trucks, []int{0})
	equal(t, "kept", cut[0].trucks, []int{1})
}
