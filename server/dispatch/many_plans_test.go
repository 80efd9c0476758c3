//go:build !race

package dispatch

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
)

// The tests here plan many times, in one goroutine each: under the race detector, which they need least, they took ten minutes.

// Packhouse and driver count the same goods, whoever weighs and whoever is first; where they differ the second is refused and told what.
func TestTwoScansAgree(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		scanned, weighed counted
		code, said       string
	}{
		{counted{packs: 834}, counted{packs: 834}, "", ""},
		{counted{codes: "a b c"}, counted{codes: "c b a"}, "", ""},
		{counted{codes: "a b c"}, counted{packs: 3}, "", ""},
		{counted{packs: 834}, counted{}, "", ""}, // weighed as a whole, nobody counted
		{counted{packs: 834}, counted{packs: 833}, "counts_differ", "834"},
		{counted{codes: "a b c"}, counted{packs: 4}, "counts_differ", "4"},
		{counted{codes: "a b c"}, counted{codes: "a b"}, "scans_differ", "c was scanned by one side only"},
		{counted{codes: "a b"}, counted{codes: "a b c"}, "scans_differ", "c was scanned by one side only"},
		{counted{codes: "a b c"}, counted{codes: "a b d"}, "scans_differ", " was scanned by one side only"},
	} {
		for _, scanFirst := range []bool{true, false} {
			w, trip := atRamp(t)
			line := ScannedLine{Consignment: trip.Consignments[0].ID, Codes: row.scanned.list(), Packs: row.scanned.packs}
			var err error
			if scanFirst {
				w.want(w.scan(coop, trip, line), "")
				err = w.weigh(carrier, trip, row.weighed)
			} else {
				w.want(w.weigh(carrier, trip, row.weighed), "")
				err = w.scan(coop, trip, line)
			}
			name := fmt.Sprint(row.scanned, row.weighed, scanFirst)
			f := fault.Of(err)
			if (f == nil) != (row.code == "") || f != nil && (f.Code != row.code || f.Field != "lines[0]" || !strings.Contains(f.Error(), row.said)) {
				t.Errorf("%s: %v, want %s", name, err, row.code)
			}
			now, err := tripByID(t.Context(), w.db.Read(), trip.ID)
			w.want(err, "")
			equal(t, name+" counted by both", now.BothScanned(), row.code == "")
		}
	}
}

// 176 people, at most half of 45 seats each: eight coaches with 22 each.
func TestPeopleRideBySeats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  string
		need  int
		first int
	}{{"C33", 11, 16}, {"C45", 8, 22}, {"C53", 7, 26}} {
		_, a := plan(t, coachesOf(t, c.kind, 12, 176))
		best := a.Options[0]
		if len(best.Trips) != c.need || len(best.Unserved) > 0 {
			t.Errorf("%s: %d coaches, %v left behind; want %d", c.kind, len(best.Trips), best.Unserved, c.need)
		}
		for _, trip := range best.Trips {
			if trip.Fill.People > c.first {
				t.Errorf("%s: %d people in one coach, %d are allowed", c.kind, trip.Fill.People, c.first)
			}
		}
	}
}

// Where there are too few coaches, those there are go full: they had taken the few that were left when the people were cut into groups.
func TestTooFewCoachesGoFull(t *testing.T) {
	t.Parallel()
	for coaches := range 4 {
		_, a := plan(t, coachesOf(t, "C45", coaches, 82)) // 22, 22, 22 and 16
		carried := 0
		for _, o := range a.Options[:min(1, len(a.Options))] {
			for _, trip := range o.Trips {
				carried += trip.Fill.People
			}
		}
		equal(t, fmt.Sprint("people in ", coaches, " coaches"), carried, 22*coaches)
	}
}

// Dearer diesel is a part of the price of a kilometre: it counts towards the least price of a short trip, in the search and in the lines.
func TestDieselCountsOnce(t *testing.T) {
	t.Parallel()
	baoji := orders.Stop{Name: "宝鸡", Adcode: "610302", Point: measure.Point{Lon: 107.15, Lat: 34.36}}
	for name, price := range map[string]Price{"usual": {}, "per km": {PerKm, 500}, "per trip": {PerTrip, 30_000}, "per tonne-km": {PerTonneKm, 50}} {
		for _, diesel := range []measure.Fen{0, 150, 2_000, -100, -1_000} {
			tr := truck(t, "T68", "陕C·A1001")
			tr.Capacity.Price, tr.Capacity.Place = price, xianCity
			for where, to := range map[string]orders.Stop{"near": baoji, "far": union} {
				q := question(t, []Truck{tr}, toShip(1, apple, 5, to))
				q.Day, q.Prices.Diesel = "2020-01-20", diesel
				if where == "near" {
					q.Trucks[0].Capacity.Place = fengxiang
				}
				p, a := plan(t, q)
				if len(a.Options) == 0 {
					t.Fatalf("%s, %s, diesel %d: %+v", name, where, diesel, a.LeftOut)
				}
				trip := a.Options[0].Trips[0]
				c := searched(t, p, trip)
				kinds := []string{"approach", "minimum", "diesel"}
				if price.Kind != PerTonneKm { // which the search counts by the load
					kinds = append(kinds, "freight")
				}
				if told, found := sumOf(trip, kinds...), c.Fixed+c.Distance+c.Minimum; told-found > 3 || found-told > 3 {
					t.Errorf("%s, %s, diesel %d: the lines say %d fen, the search counted %d", name, where, diesel, told, found)
				}
				if where == "near" && name == "usual" && diesel == 150 {
					equal(t, "a short trip costs the least price", sumOf(trip, kinds...), int64(tr.Type.Minimum))
				}
			}
		}
	}
}

// On small cases the plan costs what the best of all ways costs, tried one by one. 18 February is free of toll, and fertiliser keeps.
func TestRelaysAreAsCheapAsTheBestOfAll(t *testing.T) {
	t.Parallel()
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	router := places.NewEstimator(atlas)
	way := func(a, b orders.Stop) measure.Metres {
		table, err := router.Table(t.Context(), []measure.Point{a.Point}, []measure.Point{b.Point})
		if err != nil {
			t.Fatal(err)
		}
		return table.Metres[0][0]
	}
	rng := rand.New(rand.NewPCG(7, 7))
	relayed, none := 0, 0
	for n := range 30 {
		c := relayCase{way: way, at: book(t).TransferStations("2020-02-18"), ship: toShip(1, fertiliser, 5, union)}
		c.ship.UnloadFrom, c.ship.UnloadTo = 0, 0
		for k := range 3 + rng.IntN(2) {
			v := truck(t, "T68", fmt.Sprintf("%s%d", []string{"陕C·A100", "鄂A·H000"}[rng.IntN(2)], k))
			v.Capacity.Place = []orders.Stop{fengxiang, xian, wuhanPark, xiangyang}[rng.IntN(4)]
			v.Capacity.From, v.Capacity.Until = at(t, "2020-02-18 00:00"), at(t, "2020-02-28 00:00")
			v.Capacity.Price = Price{PerKm, measure.Fen(200 + rng.IntN(400))}
			v.Capacity.Quarantine = measure.Fen(50_000 + rng.IntN(800_000))
			if area := []string{"", "420000", "420000", "420600"}[rng.IntN(4)]; area != "" {
				v.Vehicle.Passes = []Pass{{Number: "P", Area: area, From: "2020-01-24", Until: "2020-03-31"}}
			}
			c.trucks = append(c.trucks, v)
		}
		q := question(t, c.trucks, c.ship)
		q.Day, q.Now = "2020-02-18", at(t, "2020-02-18 00:00")
		_, a := plan(t, q)
		got := measure.Fen(-1)
		if len(a.Options) > 0 && !a.Options[0].merit().stopped && len(a.Options[0].Unserved) == 0 {
			got = a.Options[0].Cost
			if a.Options[0].Trips[0].Relay != nil {
				relayed++
				follows(t, a.Options[0].Trips[0])
			}
		}
		want := c.best()
		if want < 0 {
			none++
		}
		if diff := got - want; diff < -1 || diff > 3 || (got < 0) != (want < 0) { // each line is rounded to the fen
			t.Errorf("case %d: the plan costs %s, the best of all ways %s: %+v", n, got, want, a.Options)
		}
	}
	if relayed < 5 || none < 1 {
		t.Errorf("%d cases were relayed, %d had no way: too few to tell", relayed, none)
	}
}
