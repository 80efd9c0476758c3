package dispatch

import (
	"testing"

	"jishi/server/dispatch/pdptw"
	"jishi/server/measure"
	"jishi/server/orders"
)

// searched is what the search counts for a trip as it stands.
func searched(t *testing.T, p *planner, trip PlannedTrip) pdptw.Cost {
	t.Helper()
	m := mode{passes: true, mix: true, trucks: []int{p.truckNamed(trip.Truck.Capacity.ID)}}
	var pieces []piece
	for _, part := range trip.Parts {
		pieces = append(pieces, piece{load: part.Load, goods: part.Goods, people: part.People, only: -1})
	}
	problem := p.problem(m, pieces)
	route := pdptw.Initial{}
	for s := range trip.Stops {
		route.Visits = append(route.Visits, trip.calls(s, 0)...)
	}
	route.Frozen = len(route.Visits)
	problem.Initial = []pdptw.Initial{route}
	r, err := theRoute(t.Context(), problem)
	if err != nil {
		t.Fatal(err)
	}
	return r.Cost
}

// sumOf adds up a trip's lines of some kinds.
func sumOf(trip PlannedTrip, kinds ...string) (sum int64) {
	for _, kind := range kinds {
		for _, l := range linesOf(trip, kind) {
			sum += int64(l.Fen)
		}
	}
	return sum
}

// withinCities is how far a trip drives between the receivers of one city.
func withinCities(trip PlannedTrip) (sum measure.Metres) {
	for s := 1; s < len(trip.Stops); s++ {
		if here, before := trip.Stops[s], trip.Stops[s-1]; before.Kind == UnloadStop && cityOf(here.Place.Adcode) == cityOf(before.Place.Adcode) {
			sum += here.Metres - before.Metres
		}
	}
	return sum
}

// The stories with trucks that come from elsewhere, on a day on which toll is due: line by line a trip costs what the search counted, the
// way to the first loading too. (The search takes each leg by itself, so that of a haul that is toll-free it may count the last ways within
// a city, where less is on board.)
func TestTheLinesAddUpToWhatTheSearchCounted(t *testing.T) {
	t.Parallel()
	xian := orders.Stop{Name: "西安", Adcode: "610112", Point: measure.Point{Lon: 108.9, Lat: 34.36}}
	jingmen := orders.Stop{Name: "荆门", Adcode: "420804", Point: measure.Point{Lon: 112.2079, Lat: 30.973397}}
	meat := toShip(1, find("猪肉"), 1, xian)
	meat.Grams, meat.Packed = 8_712*measure.Kilogram, false
	out, back := toShip(1, scallion, 10, union), toShip(2, fertiliser, 10, fengxiang)
	back.From, back.Packing, back.PackGrams = jingmen, "袋", 40*measure.Kilogram
	from := func(at orders.Stop, trucks ...Truck) []Truck {
		for v := range trucks {
			trucks[v].Capacity.Place = at
		}
		return trucks
	}
	stories := map[string]Question{
		"apples and scallions, from Xi'an": question(t, from(xian, truck(t, "T68", "陕C·A1001"), truck(t, "T68", "陕C·A1002"), truck(t, "T96-3", "陕C·A1003")), storyShips()...),
		"the same, from the door":          question(t, []Truck{truck(t, "T68", "陕C·A1001"), truck(t, "T68", "陕C·A1002"), truck(t, "T96-3", "陕C·A1003")}, storyShips()...),
		"pigs, two runs, from Xi'an":       question(t, from(xian, truck(t, "T96-3R", "陕C·R1001")), meat),
		"fertiliser on the way back":       question(t, from(xian, truck(t, "T96-3", "陕C·A1003")), out, back),
		"half a load":                      question(t, from(xian, truck(t, "T130", "陕C·A1005")), toShip(1, apple, 5, union)),
	}
	coach := byNight(t, "C45")
	coach.Trucks[0].Capacity.Place = xian
	stories["people, from Xi'an"] = coach
	for name, q := range stories {
		empty, tolled := measure.Metres(0), int64(0)
		q.Day = "2020-01-20"
		p, a := plan(t, q)
		for _, o := range a.Options {
			var trips measure.Fen
			for _, trip := range o.Trips {
				trips += trip.Cost
				all := int64(0)
				for _, l := range trip.Lines {
					all += int64(l.Fen)
				}
				equal(t, name+": the lines", all, int64(trip.Cost))
				c := searched(t, p, trip)
				for what, x := range map[string][2]int64{
					"freight": {sumOf(trip, "freight", "approach", "minimum", "diesel"), c.Fixed + c.Distance + c.Minimum},
					"toll":    {sumOf(trip, "toll"), c.Surcharge},
					"home":    {sumOf(trip, "way_home"), c.Home},
					"entries": {sumOf(trip, "quarantine"), c.Entries},
				} {
					most := int64(3) // each line and each leg is rounded by itself
					if what == "toll" {
						most += int64(perKm(p.tollPerKm(trip.Truck.Type), withinCities(trip)))
					}
					if d := x[1] - x[0]; d < -3 || d > most {
						t.Errorf("%s: %s of %s: the lines say %d fen, the search counted %d", name, what, trip.Truck.Vehicle.Plate, x[0], x[1])
					}
				}
				metres := trip.Empty
				for _, h := range trip.hauls() {
					metres += h.metres
				}
				equal(t, name+": every metre is in one line of the toll", metres, trip.Metres)
				empty, tolled = empty+trip.Empty, tolled+sumOf(trip, "toll")
			}
			equal(t, name+": the option", o.Cost, trips)
		}
		if tolled == 0 && name != "the same, from the door" || (empty == 0) != (name == "the same, from the door") {
			t.Errorf("%s: %d m empty, toll %d: the story tells nothing", name, empty, tolled)
		}
	}
}

// With the relief pass the way to the load is free as the rest; where it is not, the line says how far and at what price.
func TestTheTollOfTheWayToTheLoad(t *testing.T) {
	t.Parallel()
	far := truck(t, "T68", "陕C·A1001", relief)
	far.Capacity.Place = xianCity
	for day, free := range map[string]bool{"2020-01-20": false, "2020-02-03": true} {
		q := question(t, []Truck{far}, toShip(1, apple, 5, union))
		q.Day = day
		_, a := plan(t, q)
		trip := a.Options[0].Trips[0]
		first := linesOf(trip, "toll")[0]
		if free {
			equal(t, day, []any{first.Fen, first.Rule}, []any{measure.Fen(0), "emergency_pass"})
			continue
		}
		equal(t, day, []any{first.Fen, first.Said[0].Code, first.Mark}, []any{perKm(far.Type.TollPerKm, trip.Empty), "toll_empty", "°"})
	}
}

// A coach that the government hired for workers is free on the way to them too, as the search counts it.
func TestTheCoachOnItsWayToThePeople(t *testing.T) {
	t.Parallel()
	q := awake(t, byNight(t, "C45"), 7)
	q.Trucks[0].Capacity.Place = xianCity
	trip := onlyTrip(t, q)
	for _, l := range linesOf(trip, "toll") {
		equal(t, q.Day, []any{l.Fen, l.Rule}, []any{measure.Fen(0), "worker_coach"})
	}
	equal(t, "lines", len(linesOf(trip, "toll")), 2)
}
