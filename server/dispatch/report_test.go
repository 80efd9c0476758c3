package dispatch

import (
	"testing"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
)

// A truck takes 5 t at the first stop, more at the second, and leaves the first 5 t at the third: what is weighed counts together with what
// is on it then, and no longer with what has left it.
func TestWhatIsWeighedCountsWithWhatIsOnTheTruck(t *testing.T) {
	t.Parallel()
	rules := book(t)
	kind, ok := rules.TruckType("T68")
	if !ok || kind.Payload < 9*measure.Tonne || kind.Payload >= 10*measure.Tonne {
		t.Fatalf("T68 carries %d g", kind.Payload)
	}
	dense := Load{ToShip: orders.ToShip{Produce: "as dense as water"}}
	trip := Trip{
		Outline: PlannedTrip{Truck: Truck{Type: kind}, Stops: make([]PlannedStop, 5)},
		Consignments: []Consignment{
			{ID: "first", LoadStop: 0, UnloadStop: 2, Load: dense},
			{ID: "second", LoadStop: 1, UnloadStop: 4, Load: dense},
			{ID: "third", LoadStop: 3, UnloadStop: 4, Load: dense},
		},
		loaded: map[string]WeighedLine{"first": {Consignment: "first", Grams: 5 * measure.Tonne}},
	}
	weigh := func(stop int, of string, g measure.Grams) string {
		err := trip.carries(stop, Weighing{Lines: []WeighedLine{{Consignment: of, Grams: g}}}, rules)
		if f := fault.Of(err); f != nil {
			return f.Code
		}
		return ""
	}
	equal(t, "4 t beside 5 t", weigh(1, "second", 4*measure.Tonne), "")
	equal(t, "6 t beside 5 t", weigh(1, "second", 6*measure.Tonne), "overloaded")
	trip.loaded["second"] = WeighedLine{Consignment: "second", Grams: 4 * measure.Tonne}
	equal(t, "5 t where 5 t have left", weigh(3, "third", 5*measure.Tonne), "")
	equal(t, "6 t where 5 t have left", weigh(3, "third", 6*measure.Tonne), "overloaded")
	trip.loaded["third"] = WeighedLine{Consignment: "third", Grams: 5 * measure.Tonne}
	delete(trip.loaded, "second")
	equal(t, "5 t told late", weigh(1, "second", 5*measure.Tonne), "overloaded")
}
