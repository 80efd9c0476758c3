package dispatch

import (
	"context"
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
