package dispatch

import (
	"slices"
	"strings"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
)

// Each rule that keeps a load back is told with its numbers, and with what would change it.
func TestWhatWouldChangeIt(t *testing.T) {
	t.Parallel()
	late := func(l *orders.ToShip) { l.Unload.To = at(t, "2020-02-03 14:00") }
	for _, row := range []struct {
		name, kind string
		load       orders.ToShip
		change     func(*Truck, *orders.ToShip)
		rule       string
		hints      []string
		said       []string // of the reason and the hints
	}{
		{"meat on a dry truck", "T68", toShip(1, find("猪肉"), 5, xian), nil, "cold", []string{"cold_truck"}, []string{"冷藏车"}},
		{"a window too early", "T68", toShip(1, apple, 5, union), func(_ *Truck, l *orders.ToShip) { late(l) },
			"window", []string{"later"}, []string{"02-03 14:00"}},
		{"after fertiliser, unwashed", "T68", toShip(1, apple, 5, xian), func(tr *Truck, _ *orders.ToShip) { tr.Vehicle.LastCargo = fertiliser },
			"wash", []string{"wash"}, []string{"复合肥"}},
		{"more than one truck holds", "T42", toShip(1, apple, 8, union), nil, "trucks_full", []string{"one_more_truck"}, []string{"6.8"}},
		{"people on a truck", "T68", orders.ToShip{Allocation: "p", From: fengxiang, To: xian}, func(_ *Truck, l *orders.ToShip) { l.Produce = "" }, "people", nil, nil},
	} {
		tr := truck(t, row.kind, "陕C·A1001", relief)
		tr.Capacity.Until = at(t, "2020-02-03 20:00")
		if row.change != nil {
			row.change(&tr, &row.load)
		}
		q := question(t, []Truck{tr}, row.load)
		if row.rule == "people" {
			q.Loads[0].People = 20
		}
		_, a := plan(t, q)
		left := a.LeftOut
		if len(a.Options) > 0 {
			left = append(left, a.Options[0].Unserved...)
		}
		if len(left) != 1 || left[0].Rule != row.rule {
			t.Errorf("%s: %+v", row.name, left)
			continue
		}
		text, have := left[0].Said.In("zh"), []string(nil)
		for _, h := range left[0].Hints {
			if h.Code != "loses_daily" {
				have = append(have, h.Code)
			}
			text += " " + h.Said.In("zh")
		}
		if !slices.Equal(have, row.hints) {
			t.Errorf("%s: hints %v, want %v", row.name, have, row.hints)
		}
		for _, want := range row.said {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", row.name, want, text)
			}
		}
	}
}

// Without a pass a trip is shown and can't be driven; the day on which a pass begins is told.
func TestAPassThatBeginsLater(t *testing.T) {
	t.Parallel()
	for from, hint := range map[string]string{"2020-02-05": "2020-02-05", "": ""} {
		tr := truck(t, "T68", "陕C·A1001", relief)
		tr.Vehicle.Passes = []Pass{{Number: "P1", Area: "420000", From: from, Until: "2020-03-31"}}
		if from == "" {
			tr.Vehicle.Passes = nil
		}
		_, a := plan(t, question(t, []Truck{tr}, toShip(1, apple, 5, union)))
		o := a.Options[0]
		stops := slices.ContainsFunc(o.Warnings, func(c Caution) bool {
			return c.Rule == "pass" && c.Stops && strings.Contains(c.Said.In("zh"), "2020-02-03 没有进协和医院的通行证")
		})
		n := slices.IndexFunc(o.Hints, func(h Hint) bool { return h.Code == "pass_starts" })
		if !stops || (n >= 0) != (hint != "") || n >= 0 && o.Hints[n].Day != hint {
			t.Errorf("pass from %q: %+v %+v", from, o.Warnings, o.Hints)
		}
	}
}

// Goods that need cooling on the way to somebody who can't cool them are told; what keeps at any temperature is not.
func TestAReceiverWithoutAColdStore(t *testing.T) {
	t.Parallel()
	pork := find("猪肉")
	for _, row := range []struct {
		produce, storage string
		told             bool
	}{{pork, "dry", true}, {pork, "cool", false}, {pork, "cold", false}, {pork, "", false}, {apple, "dry", false}} {
		load := toShip(1, row.produce, 5, xian)
		load.Storage = row.storage
		_, a := plan(t, question(t, []Truck{truck(t, "T96-3R", "陕C·R1001", relief)}, load))
		n := slices.IndexFunc(a.Options[0].Warnings, func(c Caution) bool { return c.Code == "storage" })
		if (n >= 0) != row.told || n >= 0 && (a.Options[0].Warnings[n].Stops || !strings.Contains(a.Options[0].Warnings[n].Said.In("zh"), "西安只有阴凉干燥存放条件")) {
			t.Errorf("%s to %q: %+v", row.produce, row.storage, a.Options[0].Warnings)
		}
	}
}

// A trip costs what its carrier asks: for the trip, for each km driven, or for each tonne-km on board.
func TestATripCostsWhatItsCarrierAsks(t *testing.T) {
	t.Parallel()
	usual, _ := book(t).TruckType("T68")
	for _, row := range []struct {
		price Price
		want  func(PlannedTrip) measure.Fen
	}{
		{Price{Kind: PerTrip, Fen: 456_700}, func(PlannedTrip) measure.Fen { return 456_700 }},
		{Price{Kind: PerKm, Fen: 300}, func(trip PlannedTrip) measure.Fen { return (300*measure.Fen(trip.Metres) + 500) / 1000 }},
		{Price{Kind: PerTonneKm, Fen: 40}, func(trip PlannedTrip) measure.Fen {
			return 40 * measure.Fen(trip.Fill.Gross/measure.Kilogram) * measure.Fen(trip.Metres) / 1_000_000
		}},
		{Price{}, func(trip PlannedTrip) measure.Fen { return (usual.PerKm*measure.Fen(trip.Metres) + 500) / 1000 }},
	} {
		tr := truck(t, "T68", "陕C·A1001", relief)
		tr.Capacity.Price = row.price
		_, a := plan(t, question(t, []Truck{tr}, toShip(1, apple, 5, union)))
		trip := a.Options[0].Trips[0]
		if n := trip.Haulage - row.want(trip); n < -1 || n > 1 {
			t.Errorf("%+v: %s yuan, want %s (%d m, %s)", row.price, yuan(trip.Haulage), yuan(row.want(trip)), trip.Metres, trip.Fill.Gross)
		}
		if line := trip.Lines[0]; line.Kind != "freight" || line.Fen != trip.Haulage || line.Source == "" {
			t.Errorf("%+v: the first line is %+v", row.price, line)
		}
	}
}

// Of two loads that want the same truck the one that was left behind longer goes, whichever is listed first.
func TestWhoWaitedLongestGoesFirst(t *testing.T) {
	t.Parallel()
	for waited := range 2 {
		tr := truck(t, "T68", "陕C·A1001", relief)
		q := question(t, []Truck{tr}, toShip(1, apple, 7, union), toShip(2, apple, 7, zhongnan))
		for i := range q.Loads {
			q.Loads[i].Unload.To = at(t, "2020-02-05 12:00")
		}
		q.Loads[waited].Waited = 2
		_, a := plan(t, q)
		on := map[int]bool{}
		for _, part := range a.Options[0].Trips[0].Parts {
			on[part.Load] = true
		}
		if !on[waited] || on[1-waited] {
			t.Errorf("load %d waited two days; the truck carries %v", waited, on)
		}
	}
}

// A driver stays out of a risk that he avoids, on the days that know levels of risk.
func TestAvoidedRiskIsOfTheDay(t *testing.T) {
	t.Parallel()
	tr := truck(t, "T68", "陕C·A1001", relief)
	tr.Capacity.Avoids = "high"
	for day, rule := range map[string]string{"2020-02-20": "zone", "2020-02-03": ""} {
		q := question(t, []Truck{tr}, toShip(1, apple, 5, union))
		q.Day = day
		_, a := plan(t, q)
		if rule == "" {
			equal(t, day, len(a.Options) > 0 && len(a.LeftOut) == 0, true)
			continue
		}
		if len(a.LeftOut) != 1 || a.LeftOut[0].Rule != rule || !strings.Contains(a.LeftOut[0].Said.In("zh"), "高风险，陕C·A1001") {
			t.Errorf("%s: %+v", day, a.LeftOut)
		}
	}
}
