package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// on tells which truck carries a load.
func (o Option) on(load int) string {
	for _, t := range o.Trips {
		for _, part := range t.Parts {
			if part.Load == load {
				return t.Truck.Vehicle.Plate
			}
		}
	}
	return ""
}

// Of two equal trucks a load takes the one that the dispatcher names, and not the one that he keeps it off, whichever comes first.
func TestALoadGoesWithTheTruckThatIsNamed(t *testing.T) {
	t.Parallel()
	trucks := []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)}
	ships := []orders.ToShip{toShip(1, apple, 5, union), toShip(2, apple, 5, zhongnan)}
	for _, row := range []struct{ named, other string }{{"陕C·A1001", "陕C·A1002"}, {"陕C·A1002", "陕C·A1001"}} {
		for _, pins := range [][]Pin{
			{{Load: "alloc1", Vehicle: "v-" + row.named, Plate: row.named, Reason: "熟门熟路"}},
			{{Load: "alloc1", Vehicle: "v-" + row.other, Plate: row.other, Never: true, Reason: "没洗过车"}},
		} {
			q := question(t, trucks, ships...)
			q.Pins = pins
			_, a := plan(t, q)
			equal(t, "truck", a.Options[0].on(0), row.named)
			equal(t, "left", len(a.Options[0].Unserved), 0)
		}
	}
}

// A load whose truck is not there stays, and the plan says why in the dispatcher's own words; where its truck lacks something, that is
// what is said.
func TestALoadWaitsForItsTruck(t *testing.T) {
	t.Parallel()
	trucks := []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)}
	trucks[1].Vehicle.LastCargo = fertiliser
	for _, row := range []struct{ vehicle, plate, rule, said string }{
		{"v-gone", "陕C·B0001", "pinned", "陕C·B0001，这辆车没有报空车"}, {"v-陕C·A1002", "陕C·A1002", "wash", "陕C·A1002"},
	} {
		q := question(t, trucks, toShip(1, apple, 5, union), toShip(2, apple, 2, zhongnan))
		q.Pins = []Pin{{Load: "alloc1", Vehicle: row.vehicle, Plate: row.plate, Reason: "货主要求"}}
		_, a := plan(t, q)
		o := a.Options[0]
		if len(o.Unserved) != 1 {
			t.Fatalf("%s: left %+v, %+v, trips %+v", row.rule, o.Unserved, a.LeftOut, o.Summary)
		}
		equal(t, "why", o.Unserved[0].Rule, row.rule)
		if said := o.Unserved[0].Said.In("zh"); !strings.Contains(said, row.said) || row.rule == "pinned" && !strings.Contains(said, "货主要求") {
			t.Errorf("said: %s", said)
		}
	}
}

// A closed road holds on its days alone, and is named with its reason; so is the road that keeps every truck from the goods.
func TestAClosedRoadIsNamed(t *testing.T) {
	t.Parallel()
	here, away := truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1001", relief)
	away.Capacity.Place = xian
	for _, row := range []struct {
		name   string
		truck  Truck
		closed Closure
		rule   string
	}{
		{"the way", here, Closure{ID: "1", From: "610322", To: "420100", Since: "2020-02-03", Until: "2020-02-04", Why: "大雪"}, "closed_road"},
		{"the way, by the county's later code", here, Closure{ID: "1", From: "610305", To: "420100", Since: "2020-02-03", Until: "2020-02-04", Why: "大雪"}, "closed_road"},
		{"the receiver's county", here, Closure{ID: "1", From: "420103", Since: "2020-02-01", Until: "2020-02-03", Why: "大雪"}, "closed_road"},
		{"the way to the goods", away, Closure{ID: "1", From: "610322", To: "610100", Since: "2020-02-03", Until: "2020-02-04", Why: "大雪"}, "closed_road"},
		{"tomorrow", here, Closure{ID: "1", From: "610322", To: "420100", Since: "2020-02-04", Until: "2020-02-05", Why: "大雪"}, ""},
		{"yesterday", here, Closure{ID: "1", From: "610322", To: "420100", Since: "2020-02-01", Until: "2020-02-02", Why: "大雪"}, ""},
		{"elsewhere", here, Closure{ID: "1", From: "610331", To: "420100", Since: "2020-02-03", Until: "2020-02-05", Why: "大雪"}, ""},
	} {
		q := question(t, []Truck{row.truck}, toShip(1, apple, 5, union))
		q.Closed = []Closure{row.closed}
		_, a := plan(t, q)
		left := a.LeftOut
		if len(a.Options) > 0 {
			left = append(left, a.Options[0].Unserved...)
		}
		switch {
		case row.rule == "" && len(left) == 0 && len(a.Options) > 0:
		case row.rule != "" && len(left) == 1 && left[0].Rule == row.rule && strings.Contains(left[0].Said.In("zh"), "大雪"):
		default:
			t.Errorf("%s: %+v", row.name, left)
		}
	}
}

// oneOfTwo is a world in which either of two trucks may bring one load, on the morning before.
func oneOfTwo(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := newWorldOf(t, db, []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief))
	w.at("2020-02-03 08:00")
	return w
}

// What a dispatcher says is obeyed by the plans made later and by those made before, is listed with its reason, and can be taken back.
func TestWhatADispatcherSaysIsObeyed(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := oneOfTwo(t, db)
		made := func() Plan {
			p, err := w.MakePlan(ctx, dispatcher, PlanInput{})
			w.want(err, "")
			return p
		}
		before := made()
		was := before.Answer.Options[0].Trips[0].Truck.Vehicle
		pin, err := w.PinLoad(ctx, dispatcher, PinInput{Load: "alloc1", Vehicle: was.ID, Never: true, Reason: "没洗过车"})
		w.want(err, "")
		if after := made().Answer.Options[0].Trips[0].Truck.Vehicle; after.ID == was.ID {
			t.Errorf("%s takes it all the same", after.Plate)
		}
		_, err = w.Accept(ctx, dispatcher, before.ID, "a")
		w.want(err, "ordered_otherwise")
		_, err = w.Unpin(ctx, dispatcher, pin.ID)
		w.want(err, "")
		_, err = w.Unpin(ctx, dispatcher, pin.ID)
		w.want(err, "")

		closure, err := w.CloseRoad(ctx, dispatcher, ClosureInput{From: "610322", To: "420100", Since: "2020-02-03", Until: "2020-02-05", Reason: "秦岭大雪"})
		w.want(err, "")
		p := made()
		if len(p.Answer.Options) > 0 || len(p.Answer.LeftOut) != 1 || p.Answer.LeftOut[0].Rule != "closed_road" {
			t.Errorf("over the closed road: %+v", p.Answer)
		}
		_, err = w.Accept(ctx, dispatcher, before.ID, "a")
		w.want(err, "ordered_otherwise")
		_, err = w.OpenRoad(ctx, dispatcher, closure.ID)
		w.want(err, "")
		trips, err := w.Accept(ctx, dispatcher, before.ID, "a")
		w.want(err, "")

		list, err := w.RoadClosures(ctx, dispatcher, false, "", 0)
		w.want(err, "")
		equal(t, "closures", len(list) == 1 && list[0].WithdrawnAt > 0 && list[0].Why == "秦岭大雪", true)
		pins, err := w.Pins(ctx, dispatcher, false, "", 0)
		w.want(err, "")
		equal(t, "pins", len(pins) == 1 && pins[0].WithdrawnAt > 0 && pins[0].Plate == was.Plate, true)

		_, err = w.Confirm(ctx, carrier, trips[0].ID, Report{})
		w.want(err, "")
		closure, err = w.CloseRoad(ctx, dispatcher, ClosureInput{From: "420100", Since: "2020-02-04", Until: "2020-02-05", Reason: "封城"})
		w.want(err, "")
		equal(t, "trips that meet it", len(closure.Trips), 1)
		list, err = w.RoadClosures(ctx, dispatcher, true, "", 0)
		w.want(err, "")
		equal(t, "standing", len(list) == 1 && list[0].ID == closure.ID, true)
		w.at("2020-02-06 08:00")
		list, err = w.RoadClosures(ctx, dispatcher, true, "", 0)
		w.want(err, "")
		equal(t, "standing when it is over", len(list), 0)
	})
}

// No truck is let onto a road that was closed after it was planned.
func TestNoTruckLeavesOntoAClosedRoad(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := newWorldOf(t, db, []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief))
		w.at("2020-02-03 08:00")
		p, err := w.MakePlan(ctx, dispatcher, PlanInput{})
		w.want(err, "")
		trips, err := w.Accept(ctx, dispatcher, p.ID, "a")
		w.want(err, "")
		_, err = w.Confirm(ctx, carrier, trips[0].ID, Report{})
		w.want(err, "")
		w.at("2020-02-03 14:00")
		c := trips[0].Consignments[0]
		_, err = w.Load(ctx, carrier, trips[0].ID, 0, Report{}, Weighing{Tare: 9 * measure.Tonne, Gross: 9*measure.Tonne + c.Load.Goods.Net,
			Lines: []WeighedLine{{Consignment: c.ID, Grams: c.Load.Goods.Net}}})
		w.want(err, "")
		closure, err := w.CloseRoad(ctx, dispatcher, ClosureInput{From: "420100", Since: "2020-02-03", Until: "2020-02-03", Reason: "封城"})
		w.want(err, "")
		_, err = w.Depart(ctx, carrier, trips[0].ID, 0, Report{})
		w.want(err, "not_let_through")
		_, err = w.OpenRoad(ctx, dispatcher, closure.ID)
		w.want(err, "")
		_, err = w.Depart(ctx, carrier, trips[0].ID, 0, Report{})
		w.want(err, "")
	})
}

// Each wrong word is refused at its field, and nothing of it is kept.
func TestWrongWordsAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := newWorldOf(t, db, []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief))
		w.at("2020-02-03 08:00")
		good := ClosureInput{From: "610322", To: "420100", Since: "2020-02-03", Until: "2020-02-05", Reason: "雪"}
		for _, row := range []struct {
			change func(*ClosureInput)
			code   string
		}{
			{func(c *ClosureInput) { c.From = "" }, "unknown_area"}, {func(c *ClosureInput) { c.From = "000000" }, "unknown_area"},
			{func(c *ClosureInput) { c.To = "999999" }, "unknown_area"}, {func(c *ClosureInput) { c.To = "610322" }, "same_area"},
			{func(c *ClosureInput) { c.To = "610300" }, "same_area"}, {func(c *ClosureInput) { c.Since = "3 Feb" }, "bad_day"},
			{func(c *ClosureInput) { c.Until = "" }, "bad_day"}, {func(c *ClosureInput) { c.Until = "2020-02-02" }, "closure_over"},
			{func(c *ClosureInput) { c.Since, c.Until = "2020-01-01", "2020-01-05" }, "closure_over"},
			{func(c *ClosureInput) { c.Until = "2020-12-31" }, "closure_too_long"}, {func(c *ClosureInput) { c.Reason = "" }, "why_required"},
			{func(c *ClosureInput) { c.Reason = strings.Repeat("雪", 301) }, "too_long"},
		} {
			in := good
			row.change(&in)
			_, err := w.CloseRoad(ctx, dispatcher, in)
			w.want(err, row.code)
		}
		pin := PinInput{Load: "alloc1", Vehicle: "v-陕C·A1001", Reason: "熟"}
		for _, row := range []struct {
			change func(*PinInput)
			code   string
		}{
			{func(p *PinInput) { p.Load = "alloc9" }, "no_such_load"}, {func(p *PinInput) { p.Vehicle = "none" }, "no_such_vehicle"},
			{func(p *PinInput) { p.Reason = "" }, "why_required"},
		} {
			in := pin
			row.change(&in)
			_, err := w.PinLoad(ctx, dispatcher, in)
			w.want(err, row.code)
		}
		_, err := w.CloseRoad(ctx, carrier, good)
		w.want(err, "dispatchers_only")
		_, err = w.PinLoad(ctx, carrier, pin)
		w.want(err, "dispatchers_only")
		closures, err := w.RoadClosures(ctx, dispatcher, false, "", 0)
		w.want(err, "")
		pins, err := w.Pins(ctx, dispatcher, false, "", 0)
		w.want(err, "")
		equal(t, "kept", len(closures)+len(pins), 0)
		_, err = w.PinLoad(ctx, dispatcher, pin)
		w.want(err, "")
		pin.Never = true
		_, err = w.PinLoad(ctx, dispatcher, pin)
		w.want(err, "pinned_already")
	})
}

// rest plans what is left of a plan again, and keeps it.
func (w *world) rest(p Plan) Plan {
	w.t.Helper()
	ctx := w.t.Context()
	job, err := w.jobAfter(ctx, dispatcher, RunInput{After: p.ID})
	w.want(err, "")
	next := Plan{ID: store.NewID(), MadeAt: w.millis(ctx)}
	next.Question, next.Answer, err = job.work(ctx, Effort{Iterations: 100}, func(Progress) {})
	w.want(err, "")
	w.want(w.db.InTx(ctx, func(tx store.Tx) error { return w.keepPlan(ctx, tx, dispatcher, next) }), "")
	return next
}

// The rest of a plan obeys what was said since; what was said before and taken back binds it no longer, and what is on a truck stays there.
func TestTheRestObeysWhatWasSaidSince(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := oneOfTwo(t, db)
		first, err := w.PinLoad(ctx, dispatcher, PinInput{Load: "alloc1", Vehicle: "v-陕C·A1002", Reason: "熟门熟路"})
		w.want(err, "")
		p, err := w.MakePlan(ctx, dispatcher, PlanInput{})
		w.want(err, "")
		equal(t, "planned on", p.Answer.Options[0].on(0), "陕C·A1002")
		trips, err := w.Accept(ctx, dispatcher, p.ID, "a")
		w.want(err, "")

		_, err = w.Unpin(ctx, dispatcher, first.ID)
		w.want(err, "")
		_, err = w.PinLoad(ctx, dispatcher, PinInput{Load: "alloc1", Vehicle: "v-陕C·A1001", Reason: "货主要求"})
		w.want(err, "")
		equal(t, "goes over to", w.rest(p).Answer.Options[0].on(0), "陕C·A1001")
		closure, err := w.CloseRoad(ctx, dispatcher, ClosureInput{From: "610322", To: "420100", Since: "2020-02-03", Until: "2020-02-05", Reason: "秦岭大雪"})
		w.want(err, "")
		left := w.rest(p).Answer.LeftOut
		equal(t, "stays", len(left) == 1 && left[0].Rule == "closed_road", true)
		_, err = w.OpenRoad(ctx, dispatcher, closure.ID)
		w.want(err, "")

		standing := func() int {
			list, err := w.Pins(ctx, dispatcher, true, "", 0)
			w.want(err, "")
			return len(list)
		}
		equal(t, "words that stand while it waits", standing(), 1)
		w.onTheRoad(trips[0])
		equal(t, "words that stand when it is on the truck", standing(), 0)
		next := w.rest(p)
		equal(t, "on the truck stays", next.Answer.Options[0].on(0), "陕C·A1002")
		_, err = w.Accept(ctx, dispatcher, next.ID, "a")
		w.want(err, "")
	})
}

// A word about a load binds what is left of it when its first truck is loaded, and nothing when nobody wants it any more.
func TestAWordHoldsForWhatWaits(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := newWorldOf(t, db, []orders.ToShip{toShip(1, apple, 12, union)},
			truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief), truck(t, "T68", "陕C·A1003", relief))
		w.at("2020-02-03 08:00")
		p, err := w.MakePlan(ctx, dispatcher, PlanInput{})
		w.want(err, "")
		trips, err := w.Accept(ctx, dispatcher, p.ID, "a")
		w.want(err, "")
		equal(t, "trucks", len(trips), 2)
		loaded := w.onTheRoad(trips[0])

		never, err := w.PinLoad(ctx, dispatcher, PinInput{Load: "alloc1", Vehicle: trips[1].Vehicle, Never: true, Reason: "冷机坏了"})
		w.want(err, "")
		next := w.rest(p)
		on := []string{}
		for _, trip := range next.Answer.Options[0].Trips {
			on = append(on, trip.Truck.Vehicle.ID)
		}
		equal(t, "the loaded truck goes on", slices.Contains(on, loaded.Vehicle), true)
		equal(t, "the rest goes with the third", len(on) == 2 && !slices.Contains(on, trips[1].Vehicle), true)
		_, err = w.Accept(ctx, dispatcher, p.ID, "a")
		w.want(err, "ordered_otherwise")
		_, err = w.Unpin(ctx, dispatcher, never.ID)
		w.want(err, "")

		_, err = w.PinLoad(ctx, dispatcher, PinInput{Load: "alloc1", Vehicle: loaded.Vehicle, Reason: "同一家的货"})
		w.want(err, "")
		left := w.rest(p).Answer
		equal(t, "nothing goes beside it", len(left.Options[0].Trips), 1)
		equal(t, "the rest waits for the loaded truck", len(left.Options[0].Unserved) == 1 && left.Options[0].Unserved[0].Rule == "pinned", true)
		list, err := w.Pins(ctx, dispatcher, true, "", 0)
		w.want(err, "")
		equal(t, "words that stand", len(list), 1)
		w.onTheRoadAt(trips[1], "2020-02-03 14:30")
		list, err = w.Pins(ctx, dispatcher, true, "", 0)
		w.want(err, "")
		equal(t, "words that stand when all is loaded", len(list), 0)
	})
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := oneOfTwo(t, db)
		_, err := w.PinLoad(ctx, dispatcher, PinInput{Load: "alloc1", Vehicle: "v-陕C·A1002", Reason: "熟门熟路"})
		w.want(err, "")
		w.harvest("alloc1", -5*measure.Tonne)
		list, err := w.Pins(ctx, dispatcher, true, "", 0)
		w.want(err, "")
		equal(t, "words for what was called off", len(list), 0)
		all, err := w.Pins(ctx, dispatcher, false, "", 0)
		w.want(err, "")
		equal(t, "words that were said", len(all), 1)
		_, err = w.PinLoad(ctx, dispatcher, PinInput{Load: "alloc1", Vehicle: "v-陕C·A1001", Reason: "熟门熟路"})
		w.want(err, "no_such_load")
	})
}

// Nobody waits longer for the rest of a plan than for an answer, unless told to; a dispatcher may ask for up to a minute.
func TestHowLongARunSearches(t *testing.T) {
	t.Parallel()
	w := oneOfTwo(t, storetest.SQLite(t))
	p, err := w.MakePlan(t.Context(), dispatcher, PlanInput{})
	w.want(err, "")
	for _, row := range []struct {
		in    RunInput
		limit time.Duration
		code  string
	}{
		{RunInput{}, 5 * time.Second, ""}, {RunInput{Seconds: 60}, time.Minute, ""},
		{RunInput{After: p.ID}, 1500 * time.Millisecond, ""}, {RunInput{After: p.ID, Seconds: 7}, 7 * time.Second, ""},
		{RunInput{Seconds: 61}, 0, "bad_run_time"}, {RunInput{After: p.ID, Seconds: -1}, 0, "bad_run_time"},
	} {
		job, err := w.jobFor(t.Context(), dispatcher, row.in)
		w.want(err, row.code)
		equal(t, fmt.Sprint(row.in.After != "", row.in.Seconds), job.limit, row.limit)
	}
}

// Where no truck carries anything, each load says by which rule, with all of its goods; so it does where there is no truck at all.
func TestNothingGoes(t *testing.T) {
	t.Parallel()
	q := question(t, []Truck{truck(t, "T68", "陕C·A1001", relief)}, toShip(1, apple, 5, union), toShip(2, apple, 2, zhongnan))
	q.Pins = []Pin{{Load: "alloc1", Vehicle: "v-gone", Plate: "陕C·B0001", Reason: "货主要求"}}
	q.Trucks[0].Vehicle.LastCargo = fertiliser
	for _, row := range []struct {
		trucks []Truck
		rules  []string
	}{{q.Trucks, []string{"pinned", "wash"}}, {nil, []string{"no_truck", "no_truck"}}} {
		q.Trucks = row.trucks
		_, a := plan(t, q)
		equal(t, "options", len(a.Options), 0)
		var rules []string
		for i, l := range a.LeftOut {
			rules = append(rules, l.Rule)
			equal(t, "all of it", []any{l.Load, l.Grams, l.Said.In("zh") != ""}, []any{i, q.Loads[i].Grams, true})
		}
		equal(t, "rules", rules, row.rules)
	}
}
