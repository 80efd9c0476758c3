package dispatch

import (
	"math"
	"strings"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
)

var xianCity = orders.Stop{Name: "西安", Adcode: "610100"}

// priced prices a trip of a three-axle truck of 14.5 t under the rules of a day without passes.
func priced(t *testing.T, q Question, trip PlannedTrip) PlannedTrip {
	t.Helper()
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := rulesOnly(book(t), atlas, q)
	trip.Truck = q.Trucks[0]
	for n := range trip.Parts {
		trip.Parts[n].Goods = q.Loads[trip.Parts[n].Load].Goods
	}
	trip.Fill = p.fullest(trip.Truck, trip)
	trip.Metres = trip.Stops[len(trip.Stops)-1].Metres
	return p.price(rules.Day(q.Day), trip, 0)
}

func tolls(t PlannedTrip) []CostLine {
	var out []CostLine
	for _, l := range t.Lines {
		if l.Kind == "toll" {
			out = append(out, l)
		}
	}
	return out
}

func stopAt(kind StopKind, at orders.Stop, km measure.Metres) PlannedStop {
	return PlannedStop{Kind: kind, Place: at, Metres: km * 1000}
}

// 7 t for Xi'an and 5 t for Wuhan with a tenth in cartons are 13.2 of 14.5 t (91 %): toll-free for 200 km. Then 5.5 t are left (38 %, 30 %
// of the room), and 800 km cost 1.40 yuan each.
func TestTollOfWhatIsStillOnBoard(t *testing.T) {
	t.Parallel()
	q := question(t, []Truck{truck(t, "T96-3", "陕C·A1003")}, toShip(1, apple, 5, union), toShip(2, apple, 7, xianCity))
	q.Day = "2020-01-20"
	trip := priced(t, q, PlannedTrip{
		Stops: []PlannedStop{stopAt(LoadStop, fengxiang, 0), stopAt(LoadStop, fengxiang, 0), stopAt(UnloadStop, xianCity, 200), stopAt(UnloadStop, union, 1000)},
		Parts: []Part{{Load: 0, From: 0, To: 3, Layer: 1}, {Load: 1, From: 1, To: 2, Layer: 2}},
	})
	have := tolls(trip)
	if len(have) != 2 || have[0].Rule != "green_channel" || have[0].Fen != 0 || have[1].Rule != "toll" || have[1].Fen != 800*140 {
		t.Fatalf("tolls: %+v", have)
	}
	equal(t, "toll-free as a whole", trip.TollFree, "")
	if said := have[1].Said.String(); !strings.Contains(said, "37.9 %") || !strings.Contains(said, "29.8 %") {
		t.Errorf("the second part says %q", said)
	}
	for _, h := range trip.Hints {
		if h.Code == "more_is_toll_free" {
			t.Errorf("nothing more can be loaded on the way, but: %s", h.Said)
		}
	}
}

// Two hospitals of one city are one haul, whatever is left for the second: there's no toll gate between them.
func TestTollWithinACity(t *testing.T) {
	t.Parallel()
	q := question(t, []Truck{truck(t, "T96-3", "陕C·A1003")}, toShip(1, apple, 2, zhongnan), toShip(2, apple, 10, union))
	q.Day = "2020-01-20"
	trip := priced(t, q, PlannedTrip{
		Stops: []PlannedStop{stopAt(LoadStop, fengxiang, 0), stopAt(LoadStop, fengxiang, 0), stopAt(UnloadStop, union, 950), stopAt(UnloadStop, zhongnan, 962)},
		Parts: []Part{{Load: 0, From: 0, To: 3, Layer: 1}, {Load: 1, From: 1, To: 2, Layer: 2}},
	})
	if have := tolls(trip); len(have) != 1 || have[0].Fen != 0 || trip.TollFree != "green_channel" {
		t.Fatalf("tolls: %+v, free by %q", have, trip.TollFree)
	}
}

// A truck that drives back for more with goods on board isn't empty; one that drives back without is.
func TestTollOnTheWayBackForMore(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		stays  bool // a second load is on board all along
		tonnes measure.Grams
		empty  bool
	}{{"with goods", true, 5, false}, {"empty", false, 5, true}} {
		ships := []orders.ToShip{toShip(1, apple, row.tonnes, xianCity), toShip(2, apple, row.tonnes, xianCity), toShip(3, apple, row.tonnes, xianCity)}
		q := question(t, []Truck{truck(t, "T96-3", "陕C·A1003")}, ships...)
		q.Day = "2020-01-20"
		parts := []Part{{Load: 0, From: 0, To: 1}, {Load: 1, From: 2, To: 3}}
		if row.stays {
			parts = append(parts, Part{Load: 2, From: 0, To: 3})
		}
		trip := priced(t, q, PlannedTrip{Parts: parts,
			Stops: []PlannedStop{stopAt(LoadStop, fengxiang, 0), stopAt(UnloadStop, xianCity, 200), stopAt(LoadStop, fengxiang, 400), stopAt(UnloadStop, xianCity, 600)}})
		empty := false
		for _, l := range tolls(trip) {
			for _, s := range l.Said {
				empty = empty || s.Code == "toll_empty"
			}
		}
		equal(t, row.name, empty, row.empty)
	}
}

// The lines of a trip add up to its cost, and each names its rule, its source, whether that is sure, and since when it holds.
func TestEveryLineNamesItsRule(t *testing.T) {
	t.Parallel()
	q := question(t, []Truck{truck(t, "T68", "陕C·A1001")}, toShip(1, apple, 5, union))
	q.Day, q.Trucks[0].Capacity.ReturnTo = "2020-01-20", "610322"
	trip := priced(t, q, PlannedTrip{Waiting: 12 * hour,
		Stops: []PlannedStop{stopAt(LoadStop, fengxiang, 0), stopAt(UnloadStop, union, 950)}, Parts: []Part{{Load: 0, From: 0, To: 1, Layer: 1}}})
	sum := measure.Fen(0)
	for _, l := range trip.Lines {
		sum += l.Fen
		if l.Rule == "" || l.Source == "" || l.Since == "" {
			t.Errorf("%s: rule %q, source %q, since %q", l.Kind, l.Rule, l.Source, l.Since)
		}
	}
	equal(t, "sum", sum, trip.Cost)
	have := map[string]CostLine{}
	for _, l := range trip.Lines {
		have[l.Kind] = l
	}
	equal(t, "freight, 950 km at 3.20", have["freight"].Fen, 304_000)
	equal(t, "toll, 950 km at 0.90", have["toll"].Fen, 85_500)
	equal(t, "half a day of waiting", have["waiting"].Fen, 15_000)
	if l := have["toll"]; l.Mark != rules.Memory || !strings.Contains(l.Source, q.Trucks[0].Type.Source.Text) {
		t.Errorf("the price of a kilometre of toll road is from memory, but: %q %q", l.Source, l.Mark)
	}
}

// What one file says wrongly must not keep the rest from being planned.
func TestPlaceThatIsNowhere(t *testing.T) {
	t.Parallel()
	for _, nowhere := range []measure.Point{{Lon: 999, Lat: -99}, {Lon: 34.5, Lat: 107.4}, {Lon: math.NaN(), Lat: 1}} {
		wrong := toShip(2, apple, 1, union)
		wrong.From.Point = nowhere
		_, a := plan(t, question(t, []Truck{truck(t, "T68", "陕C·A1001", relief)}, toShip(1, apple, 5, union), wrong))
		if len(a.Options) == 0 || len(a.LeftOut) != 1 || a.LeftOut[0].Rule != "unknown_place" || a.LeftOut[0].Load != 1 {
			t.Fatalf("%v: %d options, left out %+v", nowhere, len(a.Options), a.LeftOut)
		}
	}
}

// A truck whose offer ended before the plan begins is no truck; its option could never be accepted.
func TestOfferThatIsOver(t *testing.T) {
	t.Parallel()
	over, open := truck(t, "T130", "陕C·A1005", relief), truck(t, "T68", "陕C·A1001", relief)
	over.Capacity.Until = at(t, "2020-02-03 09:00")
	_, a := plan(t, question(t, []Truck{over, open}, toShip(1, apple, 5, union)))
	equal(t, "refused", refusedOf(t, a, "陕C·A1005").Rule, "capacity_over")
	if len(a.Options) == 0 || a.Options[0].merit().stopped {
		t.Errorf("the first option: %+v", a.Options)
	}
}

// What no truck may carry is left out with the rule's own source.
func TestLeftOutWithItsSource(t *testing.T) {
	t.Parallel()
	leaf := toShip(1, find("菠菜"), 5, union)
	leaf.Packed, leaf.Packing, leaf.PackGrams = false, "", 0
	_, a := plan(t, question(t, []Truck{truck(t, "T68", "陕C·A1001", relief)}, leaf, toShip(2, find("猪肉"), 5, union)))
	if len(a.LeftOut) != 2 {
		t.Fatalf("left out: %+v", a.LeftOut)
	}
	for n, rule := range []string{"loose_leafy", "cold"} {
		want := book(t).Rule(rule)
		equal(t, rule, []string{a.LeftOut[n].Source, a.LeftOut[n].Mark}, []string{want.Source, want.Mark})
	}
}
