package dispatch

import (
	"slices"
	"strings"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
)

var (
	oyster = find("平菇")
	potato = find("马铃薯")
	xian   = orders.Stop{Name: "西安", Adcode: "610112", Point: measure.Point{Lon: 108.9, Lat: 34.36}}
)

// A truck that drives twice to the same town brings the mushrooms before the potatoes, in whichever order they are listed.
func TestWhatDoesNotKeepRidesFirst(t *testing.T) {
	t.Parallel()
	ships := []orders.ToShip{toShip(1, potato, 8, xian), toShip(2, oyster, 5, xian)}
	for range 2 {
		_, a := plan(t, question(t, []Truck{truck(t, "T68", "陕C·A1001")}, ships...))
		trip := a.Options[0].Trips[0]
		equal(t, "stops", stopNames(trip), "凤翔 西安 凤翔 西安")
		var order []string
		for _, part := range trip.Parts {
			if n := len(order); n == 0 || order[n-1] != part.Goods.Produce {
				order = append(order, part.Goods.Produce)
			}
		}
		equal(t, "order", order, []string{oyster, potato})
		slices.Reverse(ships)
	}
}

// Of two trucks, one of which is free a day later, the mushrooms take the one of today.
func TestWhatDoesNotKeepTakesTheEarlierTruck(t *testing.T) {
	t.Parallel()
	today, tomorrow := truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)
	tomorrow.Capacity.From += day
	for _, trucks := range [][]Truck{{today, tomorrow}, {tomorrow, today}} {
		for _, ships := range [][]orders.ToShip{{toShip(1, potato, 8, union), toShip(2, oyster, 5, union)}, {toShip(1, oyster, 5, union), toShip(2, potato, 8, union)}} {
			_, a := plan(t, question(t, trucks, ships...))
			equal(t, "trips", len(a.Options[0].Trips), 2)
			for _, trip := range a.Options[0].Trips {
				want := map[string]string{"陕C·A1001": oyster, "陕C·A1002": potato}[trip.Truck.Vehicle.Plate]
				equal(t, trip.Truck.Vehicle.Plate, trip.Parts[0].Goods.Produce, want)
			}
		}
	}
}

// With one truck for two loads the potatoes stay, and the plan says what a day costs them: 8 t at 1.20 yuan/kg keep 90 days.
func TestWhatKeepsStaysBehind(t *testing.T) {
	t.Parallel()
	only := truck(t, "T68", "陕C·A1001", relief)
	for _, ships := range [][]orders.ToShip{{toShip(1, potato, 8, union), toShip(2, oyster, 5, union)}, {toShip(1, oyster, 5, union), toShip(2, potato, 8, union)}} {
		for i := range ships {
			ships[i].Unload = measure.Window{To: at(t, "2020-02-05 18:00")}
		}
		p, a := plan(t, question(t, []Truck{only}, ships...))
		o := a.Options[0]
		if len(o.Unserved) != 1 || p.q.Loads[o.Unserved[0].Load].Produce != potato {
			t.Fatalf("left behind: %+v", o.Unserved)
		}
		h := o.Unserved[0].Hints
		if len(h) != 2 || h[0].Code != "one_more_truck" || h[1].Fen != 10_667 || h[1].Said.String() != "Each day it stays it loses 106.67 yuan." {
			t.Errorf("hints: %+v", h)
		}
	}
}

// 5 t of oyster mushrooms at 5.00 yuan/kg are worth 25,000 yuan and keep 7 days: each hour until they are unloaded costs 148.81 yuan.
func TestDecayIsALineOfTheCost(t *testing.T) {
	t.Parallel()
	q := question(t, []Truck{truck(t, "T68", "陕C·A1001", relief)}, toShip(1, oyster, 5, union))
	_, a := plan(t, q)
	trip := a.Options[0].Trips[0]
	n := slices.IndexFunc(trip.Lines, func(l CostLine) bool { return l.Kind == "decay" })
	if n < 0 {
		t.Fatalf("no line of decay: %+v", trip.Lines)
	}
	line, minutes := trip.Lines[n], int64(trip.Stops[1].Start-q.Now)/60_000
	equal(t, "fen", int64(line.Fen), (2_500_000*minutes+5040)/10_080)
	if line.Rule != "decay_price" || line.Mark == "" || !strings.Contains(line.Source, "reckoning") || !strings.Contains(line.Said.In("zh"), "能放 7 天，按每公斤 5.00 元") {
		t.Errorf("%+v: %s", line, line.Said.In("zh"))
	}
	if trip.Haulage >= trip.Cost || trip.Cost < line.Fen {
		t.Errorf("costs %s, the carrier gets %s", trip.Cost, trip.Haulage)
	}
}
