package dispatch

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// statements are what the database is asked in an act.
func statements(ctx context.Context, act func(context.Context) error) ([]string, error) {
	var asked []string
	err := act(store.Watching(ctx, func(statement string) { asked = append(asked, strings.Join(strings.Fields(statement), " ")) }))
	return asked, err
}

// Nobody takes words back when loads are gone: words about nine loads on the road and one that was called off cost neither a plan nor
// the list a statement, nor a row.
func TestWordsAboutEndedLoadsAreNotRead(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var ships []orders.ToShip
		for n := range 11 {
			s := toShip(n, apple, 1, union)
			s.Grams /= 4
			ships = append(ships, s)
		}
		w := newWorldOf(t, db, ships, truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief))
		w.at("2020-02-03 08:00")
		var words []Pin
		for n, s := range ships {
			vehicle := "v-陕C·A1001"
			if n == 10 {
				vehicle = "v-陕C·A1002"
			}
			pin, err := w.PinLoad(ctx, dispatcher, PinInput{Load: s.Allocation, Vehicle: vehicle, Reason: "熟门熟路"})
			w.want(err, "")
			words = append(words, pin)
		}
		w.harvest(ships[9].Allocation, -ships[9].Grams)
		p, err := w.MakePlan(ctx, dispatcher, PlanInput{})
		w.want(err, "")
		trips, err := w.Accept(ctx, dispatcher, p.ID, "a")
		w.want(err, "")
		equal(t, "trips to load", len(trips), 2)
		for _, trip := range trips {
			if trip.Vehicle == "v-陕C·A1001" {
				equal(t, "loads of the first truck", len(trip.Consignments), 9)
				w.onTheRoad(trip)
			}
		}
		w.harvest(ships[10].Allocation, measure.Tonne)

		read := func() map[string][]string {
			list, err := statements(ctx, func(ctx context.Context) error {
				pins, err := w.Pins(ctx, dispatcher, true, "", 0)
				equal(t, "words of the list", len(pins) == 1 && pins[0].Load == ships[10].Allocation, true)
				return err
			})
			w.want(err, "")
			plan, err := statements(ctx, func(ctx context.Context) error {
				q, _, err := w.question(ctx, dispatcher, PlanInput{})
				equal(t, "words of the plan", len(q.Pins), 1)
				return err
			})
			w.want(err, "")
			return map[string][]string{"list": list, "plan": plan}
		}
		with := read()
		waits, err := tripsToLoad(ctx, db.Read())
		w.want(err, "")
		equal(t, "trips that are looked through", len(waits), 1)
		for _, pin := range words[:10] {
			_, err = w.Unpin(ctx, dispatcher, pin.ID)
			w.want(err, "")
		}
		if diff := cmp.Diff(read(), with); diff != "" {
			t.Errorf("without words about ended loads (-), with them (+):\n%s", diff)
		}
	})
}

// Several trips are read in as many statements as one, each with what is its own.
func TestTripsAreReadAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ctx := t.Context()
	p, trips := w.accepted()
	if len(trips) < 2 {
		t.Fatalf("%d trips", len(trips))
	}
	for _, trip := range trips[1:] {
		_, err := w.Confirm(ctx, carrier, trip.ID, Report{})
		w.want(err, "")
	}
	var list []Trip
	asked, err := statements(ctx, func(ctx context.Context) (err error) {
		list, err = tripsOfPlan(ctx, w.db.Read(), p.ID)
		return err
	})
	w.want(err, "")
	equal(t, "statements", len(asked), 4)
	for _, got := range list {
		one, err := w.TripByID(ctx, dispatcher, got.ID)
		w.want(err, "")
		if diff := cmp.Diff(one, got, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Errorf("read by itself (-), with others (+):\n%s", diff)
		}
		equal(t, "goods", len(got.Consignments) > 0 && len(got.parties) > 0, true)
	}
}

// Posted loads that were carried are not looked at any more when a plan asks what waits; one of which a part is on its way, or whose trip
// was called off, is.
func TestCarriedLoadsAreNotRead(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := newWorldOf(t, db, nil, truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief),
			truck(t, "T68", "陕C·A1003", relief))
		w.at("2020-02-03 09:00")
		waits := func(want ...string) []string {
			t.Helper()
			asked, err := statements(ctx, func(ctx context.Context) error {
				loads, err := w.Loads(ctx, dispatcher)
				var got []string
				for _, l := range loads {
					got = append(got, fmt.Sprint(l.Posted == want[0], l.Grams))
				}
				equal(t, "waits", got, want[1:])
				return err
			})
			w.want(err, "")
			return asked
		}
		open := func(n int) {
			t.Helper()
			list, err := openPosted(ctx, db.Read(), "", 10)
			w.want(err, "")
			equal(t, "loads that are looked at", len(list), n)
		}
		on := func(load PostedLoad, offers ...string) []Trip {
			t.Helper()
			p, err := w.MakePlan(ctx, dispatcher, PlanInput{Day: "2020-02-03", Loads: []string{load.ID}, Trucks: offers})
			w.want(err, "")
			trips, err := w.Accept(ctx, dispatcher, p.ID, p.Answer.Options[0].ID)
			w.want(err, "")
			return trips
		}
		apples := PostedInput{Produce: "苹果", Grams: 2 * measure.Tonne, Packed: true, Packing: "纸箱", Pack: 10 * measure.Kilogram, From: fengxiang, To: union}
		first := w.post(apples)
		none := waits(first.ID, "true 2,000 kg")
		trips := on(first, "c-陕C·A1001")
		held := waits(first.ID)
		w.deliverAll(w.onTheRoad(trips[0]), "2020-02-04 14:00")
		open(0)
		gone := waits(first.ID)
		equal(t, "a statement for the trip while it is on its way, none afterwards", len(held) > len(none) && len(gone) < len(none), true)

		apples.Grams = 12 * measure.Tonne
		second := w.post(apples)
		equal(t, "statements beside one that was carried", waits(second.ID, "true 12,000 kg"), none)
		trips = on(second, "c-陕C·A1002", "c-陕C·A1003")
		equal(t, "trips of the second", len(trips), 2)
		_, err := w.Confirm(ctx, carrier, trips[1].ID, Report{})
		w.want(err, "")
		w.deliverAll(w.onTheRoadAt(trips[0], "2020-02-04 15:00"), "2020-02-05 14:00")
		open(1)
		waits(second.ID)
		_, err = w.Cancel(ctx, dispatcher, trips[1].ID, "不去了", Report{})
		w.want(err, "")
		open(1)
		waits(second.ID, fmt.Sprint("true ", trips[1].Consignments[0].Load.Goods.Net))
	})
}

// Loads of which nothing waits take no place from those of which something does.
func TestLoadsBehindManyOthers(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, storetest.SQLite(t), nil)
	w.sql(`INSERT INTO posted_loads (id, shipper_id, load, withdrawn, created_at, reference, created_by)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT '0' || i, 'coop', '{}', FALSE, 1, 'r' || i, 'test' FROM n`)
	load := w.post(PostedInput{Produce: "苹果", Grams: 2 * measure.Tonne, From: fengxiang, To: union})
	loads, err := w.Loads(t.Context(), dispatcher)
	w.want(err, "")
	equal(t, "waits", len(loads) == 1 && loads[0].Posted == load.ID, true)
}
