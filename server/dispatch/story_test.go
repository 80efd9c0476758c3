package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
)

// The story of Fengxiang: 10 t of apples and 10 t of scallions for two hospitals in Wuhan, February 2020.
var (
	fengxiang = orders.Stop{Name: "凤翔", Adcode: "610322", Point: measure.Point{Lon: 107.401029, Lat: 34.522167}}
	union     = orders.Stop{Name: "协和医院", Adcode: "420103", Point: measure.Point{Lon: 114.272, Lat: 30.585}}
	zhongnan  = orders.Stop{Name: "中南医院", Adcode: "420106", Point: measure.Point{Lon: 114.353, Lat: 30.556}}
)

func at(t testing.TB, s string) measure.Millis {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, china)
	if err != nil {
		t.Fatal(err)
	}
	return measure.Millis(when.UnixMilli())
}

func book(t testing.TB) *rules.Book {
	t.Helper()
	b, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The produce of the story, by what people call it.
var (
	apple      = find("苹果")
	scallion   = find("大葱")
	fertiliser = find("复合肥")
)

func find(word string) string {
	b, err := rules.Load()
	if err != nil {
		panic(err)
	}
	p, ok := b.FindProduce(word)
	if !ok {
		panic("the rules know no " + word)
	}
	return p.ID
}

func toShip(n int, produce string, tonnes measure.Grams, to orders.Stop) orders.ToShip {
	s := orders.ToShip{
		Allocation: fmt.Sprintf("alloc%d", n), Order: "order-" + produce, Lot: "lot-" + produce, Campaign: "gift", Seller: "coop", Receiver: to.Name,
		Produce: produce, Grams: tonnes * measure.Tonne, Packed: true, Packing: "纸箱", PackGrams: 6 * measure.Kilogram,
		From: fengxiang, To: to, UnloadFrom: 8 * 60, UnloadTo: 18 * 60, NoForklift: to == zhongnan,
	}
	if produce == scallion {
		s.Packing, s.PackGrams = "捆", 10*measure.Kilogram
	}
	return s
}

// storyShips are the allocations of the Fengxiang story (app/testdata/fengxiang.txtar) after its third step.
func storyShips() []orders.ToShip {
	return []orders.ToShip{
		toShip(1, apple, 6, union), toShip(2, apple, 4, zhongnan),
		toShip(3, scallion, 5, union), toShip(4, scallion, 5, zhongnan),
	}
}

func truck(t testing.TB, kind, plate string, passes ...Pass) Truck {
	t.Helper()
	tt, ok := book(t).TruckType(kind)
	if !ok {
		t.Fatalf("the rules know no truck type %s", kind)
	}
	return Truck{
		Vehicle:  Vehicle{ID: "v-" + plate, Carrier: "carrier", Type: kind, Plate: plate, PlateColour: "yellow", Passes: passes},
		Capacity: Capacity{ID: "c-" + plate, Vehicle: "v-" + plate, Carrier: "carrier", Place: fengxiang, From: at(t, "2020-02-03 08:00"), Until: at(t, "2020-02-06 20:00")},
		Type:     tt,
	}
}

// relief is the pass of the relief trucks, from the first day of the rule on.
var relief = Pass{Number: "P1", Area: "420000", From: "2020-01-24", Until: "2020-03-31"}

func storyTrucks(t testing.TB) []Truck {
	later := Pass{Number: "P2", Area: "420000", From: "2020-02-05", Until: "2020-03-31"}
	return []Truck{
		truck(t, "T42", "陕C·A1000", relief), truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief),
		truck(t, "T96-3", "陕C·A1003", relief), truck(t, "T96-3", "陕C·A1004", later), truck(t, "T130", "陕C·A1005", relief),
		truck(t, "T68", "鄂A·B2001", relief),
	}
}

func question(t testing.TB, trucks []Truck, ships ...orders.ToShip) Question {
	q := Question{Day: "2020-02-03", Now: at(t, "2020-02-03 10:00"), Trucks: trucks}
	for _, s := range ships {
		q.Loads = append(q.Loads, loadOf(s, book(t)))
	}
	return q
}

func plan(t testing.TB, q Question) (*planner, Answer) {
	t.Helper()
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlanner(t.Context(), book(t), atlas, places.NewEstimator(atlas), q)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.answer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p, a
}

// byTypes finds the option whose trips use these truck types, in any order.
func byTypes(t testing.TB, a Answer, want ...string) Option {
	t.Helper()
	slices.Sort(want)
	for _, o := range a.Options {
		var have []string
		for _, trip := range o.Trips {
			have = append(have, trip.Truck.Type.ID)
		}
		slices.Sort(have)
		if slices.Equal(have, want) {
			return o
		}
	}
	t.Fatalf("no option uses %v", want)
	return Option{}
}

func codes(list []Caution) []string {
	var out []string
	for _, w := range list {
		if !slices.Contains(out, w.Code) {
			out = append(out, w.Code)
		}
	}
	slices.Sort(out)
	return out
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func stopNames(t PlannedTrip) string {
	var out []string
	for _, s := range t.Stops {
		out = append(out, s.Place.Name)
	}
	return strings.Join(out, " ")
}

func refusedOf(t testing.TB, a Answer, plate string) Refusal {
	t.Helper()
	for _, r := range a.Refused {
		if r.Plate == plate {
			return r
		}
	}
	t.Fatalf("%s is not refused", plate)
	return Refusal{}
}

func TestLeftOut(t *testing.T) {
	t.Parallel()
	lost := toShip(5, apple, 1, orders.Stop{Name: "nowhere"})
	late := toShip(6, apple, 1, union)
	late.Unload = measure.Window{From: at(t, "2020-01-30 08:00"), To: at(t, "2020-02-01 18:00")}
	big := toShip(7, apple, 60, union)
	trucks := []Truck{truck(t, "T68", "陕C·A1001", relief)}
	old := truck(t, "T68", "陕C·A1002", relief)
	old.Vehicle.Papers = []Paper{{Kind: Inspection, Number: "N1", Until: "2020-01-31"}}
	_, a := plan(t, question(t, append(trucks, old), lost, late, big))

	rulesOf := map[int]string{}
	for _, l := range a.LeftOut {
		rulesOf[l.Load] = l.Rule
	}
	equal(t, "left out", rulesOf, map[int]string{0: "unknown_place", 1: "window_over"})
	o := a.Options[0]
	equal(t, "unserved", []any{len(o.Unserved), o.Unserved[0].Rule}, []any{1, "trucks_full"})
	if o.Unserved[0].Grams < 51*measure.Tonne || o.Trips[0].Fill.Net < 6*measure.Tonne {
		t.Errorf("a 60 t load on one 9 t truck: %d kg ride, %d kg stay", o.Trips[0].Fill.Net/1000, o.Unserved[0].Grams/1000)
	}
	equal(t, "papers", refusedOf(t, a, "陕C·A1002").Rule, "papers")
}

// Chilled meat goes no farther than eight hours; the same road is open to apples.
func TestMeatGoesNoFartherThanEightHours(t *testing.T) {
	t.Parallel()
	_, a := plan(t, question(t, []Truck{truck(t, "T96-3R", "陕C·R1001", relief)}, toShip(1, find("猪肉"), 7, union), toShip(2, apple, 5, union)))
	equal(t, "left out", len(a.LeftOut), 1)
	equal(t, "rule", a.LeftOut[0].Rule, "cold_hours")
	equal(t, "apples go", len(a.Options[0].Unserved), 0)
}

// What one truck does not hold at once it carries in two runs: 110 carcasses are 108.9 % of a 9.6 m refrigerated truck.
func TestOneTruckDrivesTwice(t *testing.T) {
	t.Parallel()
	near := orders.Stop{Name: "西安", Adcode: "610112", Point: measure.Point{Lon: 108.9, Lat: 34.36}}
	meat := toShip(1, find("猪肉"), 1, near)
	meat.Grams, meat.Packed = 8_712*measure.Kilogram, false
	_, a := plan(t, question(t, []Truck{truck(t, "T96-3R", "陕C·R1001", relief)}, meat))
	equal(t, "options", len(a.Options), 1)
	trip := a.Options[0].Trips[0]
	equal(t, "stops", stopNames(trip), "凤翔 西安 凤翔 西安")
	equal(t, "unserved", len(a.Options[0].Unserved), 0)
	if trip.Fill.Cube > 1000 || trip.Fill.Cube < 500 {
		t.Errorf("the fuller run fills %d per mille", trip.Fill.Cube)
	}
}

func TestNoTrucks(t *testing.T) {
	t.Parallel()
	_, a := plan(t, question(t, nil, storyShips()...))
	equal(t, "options", len(a.Options), 0)
}

// However the goods are listed, what comes off last goes in first, also with loading at two places.
func TestLastInFirstOut(t *testing.T) {
	t.Parallel()
	xian := orders.Stop{Name: "西安", Adcode: "610112", Point: measure.Point{Lon: 108.9, Lat: 34.36}}
	meixian := orders.Stop{Name: "眉县", Adcode: "610326", Point: measure.Point{Lon: 107.750039, Lat: 34.274774}}
	ships := []orders.ToShip{toShip(1, apple, 1, xian), toShip(2, apple, 2, union), toShip(3, apple, 1, zhongnan), toShip(4, apple, 2, xian), toShip(5, apple, 2, union)}
	ships[3].From, ships[4].From = meixian, meixian
	_, a := plan(t, question(t, []Truck{truck(t, "T130", "陕C·A1005", relief)}, ships...))
	trip := a.Options[0].Trips[0]
	if len(trip.Parts) != 5 || len(trip.Stops) < 5 {
		t.Fatalf("five loads on one truck: %d parts, stops %s", len(trip.Parts), stopNames(trip))
	}
	for i, outer := range trip.Parts {
		for _, inner := range trip.Parts[:i] { // loaded before, stands further in
			if outer.From < inner.To && inner.To < outer.To {
				t.Errorf("what goes to %s stands in front of what goes to %s", trip.Stops[outer.To].Place.Name, trip.Stops[inner.To].Place.Name)
			}
		}
	}
}

// The truck that carries food to Wuhan brings fertiliser back: food first, and nothing of both on board at once.
func TestWayBack(t *testing.T) {
	t.Parallel()
	jingmen := orders.Stop{Name: "荆门", Adcode: "420804", Point: measure.Point{Lon: 112.2079, Lat: 30.973397}}
	anywhere := Pass{Number: "P3", From: "2020-01-24", Until: "2020-03-31"}
	out, back := toShip(1, scallion, 10, union), toShip(2, fertiliser, 10, fengxiang)
	back.From, back.Packing, back.PackGrams = jingmen, "袋", 40*measure.Kilogram
	p, a := plan(t, question(t, []Truck{truck(t, "T96-3", "陕C·A1003", anywhere), truck(t, "T96-3", "陕C·A1004", anywhere)}, back, out))
	trip := a.Options[0].Trips[0]
	equal(t, "trucks", len(a.Options[0].Trips), 1)
	equal(t, "stops", stopNames(trip), "凤翔 协和医院 荆门 凤翔")
	equal(t, "warnings", codes(a.Options[0].Warnings), []string(nil))
	// Out: scallions at 89.3 % of the room are green. Back: fertiliser is not in the catalogue and pays, scallions or not.
	before := p.whatIf("2020-01-20", a).Options[0].Trips[0]
	var tolls []string
	for _, l := range before.Lines {
		if l.Kind == "toll" {
			tolls = append(tolls, fmt.Sprint(l.Fen > 0))
		}
	}
	equal(t, "toll out, empty, back", tolls, []string{"false", "true", "true"})
	equal(t, "fullest", []int{trip.Fill.Weight, trip.Fill.Cube}, []int{703, 893})
}
