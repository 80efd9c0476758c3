package dispatch

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// everyField compares what is not exported too.
var everyField = cmp.Exporter(func(reflect.Type) bool { return true })

var jingmenTown = measure.Point{Lon: 112.2079, Lat: 30.973397}

// turning is a truck on the road to Union hospital whose goods may go to a need in Jingmen instead.
type turning struct {
	*world
	trip Trip
	was  PlannedTrip
	last int
}

func newTurning(t *testing.T, db *store.DB, ships ...orders.ToShip) *turning {
	t.Helper()
	w := newWorldOf(t, db, ships, truck(t, "T68", "陕C·A1001", relief))
	w.at("2020-02-03 08:00")
	w.needs()
	w.sql(`UPDATE demands SET adcode = '420804', lon_e6 = 112207900, lat_e6 = 30973397 WHERE id = 'need'`)
	p, err := w.MakePlan(t.Context(), dispatcher, PlanInput{})
	w.want(err, "")
	trips, err := w.Accept(t.Context(), dispatcher, p.ID, "a")
	w.want(err, "")
	trip := w.onTheRoad(trips[0])
	return &turning{world: w, trip: trip, was: trip.Outline, last: len(trip.Outline.Stops) - 1}
}

func (w *turning) ask(stop int) *Detour {
	w.t.Helper()
	trip, err := w.AskDivert(w.t.Context(), dispatcher, w.trip.ID, stop, "need", "协和的冷库满了", Report{})
	w.want(err, "")
	w.trip = trip
	a, _ := trip.Diversion()
	return a.Way
}

func (w *turning) yes(who ...auth.Actor) Trip {
	w.t.Helper()
	for _, by := range who {
		trip, err := w.SayDivert(w.t.Context(), by, w.trip.ID, true, Report{})
		w.want(err, "")
		w.trip = trip
	}
	return w.trip
}

// way is the road between two points and how long the truck takes for it, one rest after each four hours.
func (w *turning) way(from, to measure.Point) (measure.Metres, measure.Millis) {
	w.t.Helper()
	road, err := places.NewEstimator(w.places).Table(w.t.Context(), []measure.Point{from}, []measure.Point{to})
	w.want(err, "")
	m := road.Metres[0][0]
	drive := road.Pace(m, road.Times[0][0], w.was.Truck.Type.SpeedKmh)
	return m, drive + (drive-1)/(4*hour)*20*minute
}

// A truck that stands at the hospital and is sent on drives there and from there to the other one; who is asked sees how far and until when
// before saying yes. The carrier is paid by the kilometre, the way there and back on the road is in the plan, the waybill and the settlement.
func TestTheWayOfADiversion(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTurning(t, db, toShip(1, apple, 2, union), toShip(2, apple, 2, union))
		ctx := t.Context()
		w.at("2020-02-04 09:00")
		_, err := w.Arrive(ctx, carrier, w.trip.ID, w.last, Report{})
		w.want(err, "")
		d := w.ask(w.last)
		more, drive := w.way(union.Point, jingmenTown)
		now := w.millis(ctx)
		equal(t, "asked: km, arrival, guess", []any{d.Metres, d.Arrive(), d.Guess}, []any{w.was.Metres + more, now + drive, ""})
		equal(t, "asked: as it was", d.Was, WayThen{w.was.Metres, w.was.Stops[w.last].Arrive, w.was.Haulage})
		loaded := d.Metres - w.was.Empty
		equal(t, "asked: haulage", []any{d.Haulage, d.More()}, []any{perKm(w.was.Truck.Type.PerKm, loaded), d.Haulage - w.was.Haulage})
		if more < 200_000 || d.More() < 3*perKm(100, 200_000) {
			t.Errorf("%d m more for %s yuan", more, d.More())
		}
		if diff := cmp.Diff(w.trip.Outline, w.was, everyField); diff != "" {
			t.Errorf("nobody said yes, and the way is another: %s", diff)
		}

		w.yes(giver)
		w.when = w.when.Add(time.Hour)
		got := w.yes(zhongnanHosp).Outline
		end := got.Stops[w.last]
		equal(t, "an hour later", []any{end.Arrive, end.Metres, got.Metres}, []any{now + drive + hour, d.Metres, d.Metres})
		equal(t, "unloading", end.Leave-end.Start, w.was.Stops[w.last].Leave-w.was.Stops[w.last].Start)
		equal(t, "done", got.Done, end.Leave)
		equal(t, "on the road", w.State(ctx, w.trip), Running)
		kept, err := w.TripByID(ctx, dispatcher, w.trip.ID)
		w.want(err, "")
		if diff := cmp.Diff(kept.Outline, got, everyField); diff != "" {
			t.Errorf("kept (-), told (+):\n%s", diff)
		}
		sum := measure.Fen(0)
		for _, l := range got.Lines {
			sum += l.Fen
		}
		equal(t, "lines", []any{got.Cost, linesOf(got, "freight")[0].Fen}, []any{sum, got.Haulage})
		equal(t, "legs", []any{w.trip.Legs()[0].Metres, w.trip.Legs()[0].Fen}, []any{loaded, got.Haulage})

		pod := Delivery{Receiver: "陈老师"}
		for _, c := range w.trip.Consignments {
			pod.Lines = append(pod.Lines, DeliveredLine{Consignment: c.ID, Received: c.Load.Goods.Net})
		}
		_, err = w.Deliver(ctx, zhongnanHosp, w.trip.ID, w.last, Report{}, pod)
		w.want(err, "")
		done, err := w.Settle(ctx, dispatcher, w.trip.ID, Report{})
		w.want(err, "")
		e, _ := done.event(EventSettle, -1)
		var paid Paid
		w.want(json.Unmarshal(e.Body, &paid), "")
		have, err := ledger.Balance(ctx, db.Read(), ledger.Fen, orders.Payable("carrier"))
		w.want(err, "")
		equal(t, "paid", []measure.Fen{paid.Fen, measure.Fen(have)}, []measure.Fen{d.Haulage, d.Haulage})
	})
}

// Where the truck is decides: at the ramp before, half way by the clock, or past its time.
func TestWhenceATruckTurns(t *testing.T) {
	t.Parallel()
	w := newTurning(t, storetest.SQLite(t), toShip(1, apple, 2, union), toShip(2, apple, 2, zhongnan))
	stops := w.was.Stops
	first := func(s orders.Stop) (measure.Point, bool) { return w.places.PointOf(s.Point, s.Adcode) }
	left, _ := w.trip.event(EventDepart, 0)
	span := stops[1].Arrive - stops[0].Leave

	next := w.trip.whence(2, left.At()+hour, first) // the second hospital, before the first is served
	equal(t, "before the first hospital", []any{next.at.Name, next.metres, next.leaves, next.underWay, next.guess},
		[]any{stops[1].Place.Name, stops[1].Metres, stops[1].Leave, false, ""})
	equal(t, "late", w.trip.whence(2, stops[1].Leave+hour, first).leaves, stops[1].Leave+hour)

	half := w.trip.whence(1, left.At()+span/2, first)
	a, b := fengxiang.Point, stops[1].Place.Point
	if d := half.at.Point.Lon - (a.Lon+b.Lon)/2; d > 0.001 || d < -0.001 {
		t.Errorf("half way is %v, between %v and %v", half.at.Point, a, b)
	}
	if d := half.metres - (stops[0].Metres+stops[1].Metres)/2; d > 2 || d < -2 || half.guess != GuessPlace || !half.underWay {
		t.Errorf("half way: %+v of %d m", half, stops[1].Metres)
	}
	equal(t, "it should be there", []any{w.trip.whence(1, left.At()+2*span, first).metres}, []any{stops[1].Metres})
	d := w.ask(1) // at the ramp still
	first1, drive1 := w.way(a, jingmenTown)
	second2, _ := w.way(jingmenTown, stops[2].Place.Point)
	equal(t, "km of both stops", []measure.Metres{d.Stops[0].Metres, d.Stops[1].Metres}, []measure.Metres{stops[0].Metres + first1, stops[0].Metres + first1 + second2})
	equal(t, "the first, and after its gate opened the other", []any{d.Guess, d.Stops[0].Arrive, len(d.Stops), d.Stops[1].Arrive > d.Stops[0].Leave && d.Stops[0].Start > d.Stops[0].Arrive},
		[]any{"", left.At() + drive1, 2, true})
}

// Goods that were sent on once are sent on again from where they were sent, and not from where they never came.
func TestTurningTwice(t *testing.T) {
	t.Parallel()
	w := newTurning(t, storetest.SQLite(t), toShip(1, apple, 2, union), toShip(2, apple, 2, union))
	w.at("2020-02-04 09:00")
	_, err := w.Arrive(t.Context(), carrier, w.trip.ID, w.last, Report{})
	w.want(err, "")
	w.ask(w.last)
	w.yes(giver, zhongnanHosp)
	equal(t, "there", w.trip.there(w.last), false)
	_, err = w.Arrive(t.Context(), carrier, w.trip.ID, w.last, Report{})
	w.want(err, "")
	way := w.trip.Outline.Metres
	trip, err := w.TripByID(t.Context(), dispatcher, w.trip.ID)
	w.want(err, "")
	from := trip.whence(w.last, w.millis(t.Context()), func(s orders.Stop) (measure.Point, bool) { return s.Point, true })
	equal(t, "from", []any{from.at.Point, from.metres}, []any{jingmenTown, way})
}

type routerAway struct{}

func (routerAway) Table(context.Context, []measure.Point, []measure.Point) (places.Table, error) {
	return places.Table{}, fault.New(fault.Unavailable, "router_away", "The routing server can't be reached.")
}

// nowhere is a router whose map ends: no way leads anywhere.
type nowhere struct{}

func (nowhere) Table(_ context.Context, from, to []measure.Point) (places.Table, error) {
	out := places.Table{}
	for range from {
		out.Metres, out.Times = append(out.Metres, slices.Repeat([]measure.Metres{places.Unreachable}, len(to))), append(out.Times, slices.Repeat([]measure.Millis{places.Unreachable}, len(to)))
	}
	return out, nil
}

// A router that is down, or whose map ends, holds nobody up: the way is estimated, and says so. A place that nobody knows leaves the way as it was.
func TestTheRouterIsDownWhenATruckTurns(t *testing.T) {
	t.Parallel()
	for guess, router := range map[string]places.Router{GuessRouter: routerAway{}, GuessWay: nowhere{}} {
		w := newTurning(t, storetest.SQLite(t), toShip(1, apple, 4, union))
		w.router = router
		w.at("2020-02-04 09:00")
		_, err := w.Arrive(t.Context(), carrier, w.trip.ID, w.last, Report{})
		w.want(err, "")
		d := w.ask(w.last)
		more, _ := w.way(union.Point, jingmenTown)
		equal(t, guess, []any{d.Guess, d.Metres}, []any{guess, w.was.Metres + more})
		w.yes(giver, zhongnanHosp)
		equal(t, "turned", w.trip.Outline.Metres, d.Metres)
	}
	w := newTurning(t, storetest.SQLite(t), toShip(1, apple, 4, union))
	w.sql(`UPDATE demands SET adcode = '999999', lon_e6 = 0, lat_e6 = 0 WHERE id = 'need'`)
	equal(t, "nobody knows the place", w.ask(w.last) == nil, true)
	w.yes(giver, zhongnanHosp)
	equal(t, "turned", []any{w.trip.Outline.Metres, w.trip.Outline.Stops[w.last].Party}, []any{w.was.Metres, "中南医院"})
}

// Whoever pays the haulage of the goods that were sent elsewhere pays what that makes it more; the others pay as if nobody had turned.
func TestWhoPaysTheDetour(t *testing.T) {
	t.Parallel()
	stops := []PlannedStop{{}, {Metres: 100_000}, {Metres: 110_000}}
	trip := Trip{ID: "t", Carrier: "first", loaded: map[string]WeighedLine{}}
	trip.Outline = PlannedTrip{Metres: 110_000, Haulage: 50_000, Stops: stops}
	for n, id := range []string{"near", "far", "far2"} {
		trip.Consignments = append(trip.Consignments, Consignment{ID: id, UnloadStop: min(n+1, 2), Load: Load{ToShip: orders.ToShip{Order: id}}})
		trip.loaded[id] = WeighedLine{Consignment: id, Grams: 2 * measure.Tonne}
	}
	pays := func() map[string]measure.Fen {
		out, sum := map[string]measure.Fen{}, measure.Fen(0)
		for _, h := range trip.haulage() {
			out[h.Order] += h.Fen
			sum += h.Fen
		}
		equal(t, "all of it", sum, trip.Outline.Haulage)
		return out
	}
	before := pays()
	for _, more := range []measure.Fen{30_000, -9_000} {
		turned := trip
		trip.turn(1, Diversion{Demand: "need", Party: "中南医院", Way: &Detour{
			Stops: []PlannedStop{{Metres: 180_000}, {Metres: 240_000}}, Metres: 240_000, Haulage: 50_000 + more, Was: WayThen{Haulage: 50_000}}}, 0)
		after := pays()
		equal(t, "the others", []measure.Fen{after["far"], after["far2"]}, []measure.Fen{before["far"], before["far2"]})
		equal(t, "who was sent elsewhere", after["near"], before["near"]+more)
		trip = turned
	}
}
