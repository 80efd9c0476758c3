package dispatch

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// books posts what orders would post, for goods alone: the accounts and the refusals are the ledger's own.
type books struct{ *world }

func post(ctx context.Context, tx store.Tx, by auth.Actor, client, from, to string, g measure.Grams) error {
	if g == 0 {
		return nil
	}
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{ClientID: client, At: 1, Actor: by.ID(), Kind: "weighed", Subject: "test",
		Postings: []ledger.Posting{{Unit: ledger.Grams, From: from, To: to, Amount: int64(g)}}})
	return err
}

func (books) Take(ctx context.Context, tx store.Tx, by auth.Actor, t orders.Taking) error {
	return post(ctx, tx, by, "take/"+t.Consignment, orders.AllocAllocated(t.Allocation), orders.ConsignAllocated(t.Consignment), t.Grams)
}

func (books) Untake(ctx context.Context, tx store.Tx, by auth.Actor, c string, _ measure.Millis) error {
	left, err := ledger.Balance(ctx, tx, ledger.Grams, orders.ConsignAllocated(c))
	if err != nil {
		return err
	}
	var alloc string
	if err = tx.QueryRowContext(ctx, `SELECT allocation_id FROM consignments WHERE id = $1`, c).Scan(&alloc); err != nil {
		return err
	}
	return post(ctx, tx, by, "untake/"+c, orders.ConsignAllocated(c), orders.AllocAllocated(alloc), measure.Grams(left))
}

func (books) Loaded(ctx context.Context, tx store.Tx, by auth.Actor, l orders.Loading) error {
	return post(ctx, tx, by, l.ClientID, "world/harvest", orders.ConsignOnTruck(l.Consignment), l.Grams)
}

func (b books) Received(ctx context.Context, tx store.Tx, by auth.Actor, r orders.Receipt) error {
	c := r.Consignment
	b.noSilence[c] = r.Breach
	if err := post(ctx, tx, by, r.ClientID+"/b", orders.ConsignOnTruck(c), orders.ConsignReturned(c), r.Returned); err != nil {
		return err
	}
	if err := post(ctx, tx, by, r.ClientID+"/a", orders.ConsignOnTruck(c), orders.ConsignAccepted(c), r.Received-r.Rejected); err != nil {
		return err
	}
	if err := post(ctx, tx, by, r.ClientID+"/r", orders.ConsignOnTruck(c), orders.ConsignRejected(c), r.Rejected); err != nil {
		return err
	}
	for cause, g := range r.Lost {
		if err := post(ctx, tx, by, r.ClientID+"/l", orders.ConsignOnTruck(c), orders.ConsignLost(c, cause), g); err != nil {
			return err
		}
	}
	return nil
}

func (books) PayHaulage(ctx context.Context, tx store.Tx, by auth.Actor, h orders.Haulage) error {
	if h.Given {
		return nil
	}
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{ClientID: h.ClientID, At: h.At, Actor: by.ID(), Kind: "haulage", Subject: "trip/" + h.Trip,
		Postings: []ledger.Posting{{Unit: ledger.Fen, From: "world/bank", To: orders.Payable(h.Carrier), Amount: int64(h.Fen)}}})
	return err
}

// world is the story in a database: trucks on offer, goods allocated, and a clock.
type world struct {
	*Service
	t    *testing.T
	db   *store.DB
	when time.Time

	noSilence map[string]bool   // consignments that nobody's silence accepts
	demands   map[string]string // needs that consignments count for after a diversion
	asked     []orders.Deposit
	ended     []orders.DepositEnd
}

var (
	dispatcher = auth.Actor{User: "dispatcher", Grants: []auth.Grant{{Role: auth.Dispatcher}}}
	carrier    = auth.Actor{User: "carrier", Grants: []auth.Grant{{Role: auth.Carrier, Party: "carrier"}}}
	unionHosp  = auth.Actor{User: "union", Grants: []auth.Grant{{Role: auth.Receiver, Party: "协和医院"}}}
	stranger   = auth.Actor{User: "stranger", Grants: []auth.Grant{{Role: auth.Carrier, Party: "other"}}}
)

// newWorld puts the three trucks of the story on offer; more come after them.
func newWorld(t *testing.T, db *store.DB, more ...Truck) *world {
	t.Helper()
	return newWorldOf(t, db, storyShips(), append(storyTrucks(t)[1:4], more...)...)
}

// newWorldOf has other goods to ship, and other trucks.
func newWorldOf(t *testing.T, db *store.DB, ships []orders.ToShip, trucks ...Truck) *world {
	t.Helper()
	w := &world{t: t, db: db, noSilence: map[string]bool{}, demands: map[string]string{}}
	w.at("2020-02-02 18:00")
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	w.Service = NewService(Deps{DB: db, Books: books{w}, Rules: book(t), Places: atlas, Router: places.NewEstimator(atlas),
		Now:    func(context.Context) time.Time { return w.when },
		ToShip: shipping(ships)})
	err = db.InTx(t.Context(), func(tx store.Tx) error {
		for _, id := range []string{"carrier", "other", "coop", "协和医院", "中南医院"} {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO parties (id, kind, name, name_en, uscc, place_name, adcode, lon_e6, lat_e6, created_at, created_by)
				VALUES ($1, 'carrier', $1, '', '', '', '610322', 0, 0, 1, 'test')`, id)
			if err != nil {
				return err
			}
		}
		for _, s := range ships {
			if err := post(t.Context(), tx, dispatcher, "alloc/"+s.Allocation, "world/harvest", orders.AllocAllocated(s.Allocation), s.Grams); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range trucks {
		w.onOffer(tr)
	}
	return w
}

// onOffer puts a truck of its carrier on offer.
func (w *world) onOffer(tr Truck) {
	w.t.Helper()
	ctx, owner := w.t.Context(), tr.Vehicle.Carrier
	by := auth.Actor{User: owner, Grants: []auth.Grant{{Role: auth.Carrier, Party: owner}}}
	v, err := w.AddVehicle(ctx, by, VehicleInput{ID: tr.Vehicle.ID, Carrier: owner, Type: tr.Type.ID, Plate: tr.Vehicle.Plate, PlateColour: "yellow", Driver: "王师傅",
		Passes: tr.Vehicle.Passes, Papers: []Paper{{Kind: DriverLicence, Number: "D1", Until: "2021-01-01"}}})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.OfferCapacity(ctx, by, CapacityInput{ID: tr.Capacity.ID, Vehicle: v.ID, Place: tr.Capacity.Place, From: tr.Capacity.From, Until: tr.Capacity.Until,
		ReturnTo: tr.Capacity.ReturnTo})
	if err != nil {
		w.t.Fatal(err)
	}
}

// shipping is what waits for a truck, whichever orders are asked for.
// shipping gives what is left of some goods when trips took theirs.
func shipping(ships []orders.ToShip) func(context.Context, store.Querier, ...string) ([]orders.ToShip, error) {
	return func(ctx context.Context, q store.Querier, _ ...string) (out []orders.ToShip, err error) {
		for _, s := range ships {
			left, err := ledger.Balance(ctx, q, ledger.Grams, orders.AllocAllocated(s.Allocation))
			if err != nil {
				return nil, err
			}
			if s.Grams = measure.Grams(left); left > 0 {
				out = append(out, s)
			}
		}
		return out, nil
	}
}

func (w *world) at(s string) {
	when, err := time.ParseInLocation("2006-01-02 15:04", s, china)
	if err != nil {
		w.t.Fatal(err)
	}
	w.when = when
}

// accepted plans under the rules of 3 February and accepts the first option.
func (w *world) accepted() (Plan, []Trip) {
	w.t.Helper()
	p := w.planned()
	trips, err := w.Accept(w.t.Context(), dispatcher, p.ID, "a")
	if err != nil {
		w.t.Fatal(err)
	}
	return p, trips
}

// worked are the answers of questions asked before: many tests begin with the same plan.
var worked sync.Map // of the question as JSON to func() (Answer, error)

// planned keeps a plan as MakePlan does. The same question is worked out once for all tests.
func (w *world) planned() Plan {
	w.t.Helper()
	q, _, err := w.question(w.t.Context(), dispatcher, PlanInput{Day: "2020-02-03"})
	if err != nil {
		w.t.Fatal(err)
	}
	key, err := toJSON(q)
	if err != nil {
		w.t.Fatal(err)
	}
	once, _ := worked.LoadOrStore(key, sync.OnceValues(func() (Answer, error) { return w.answer(context.Background(), q) }))
	p := Plan{ID: store.NewID(), MadeAt: q.Now, Question: q}
	if p.Answer, err = once.(func() (Answer, error))(); err == nil {
		err = w.db.InTx(w.t.Context(), func(tx store.Tx) error { return w.keepPlan(w.t.Context(), tx, dispatcher, p) })
	}
	if err == nil {
		p, err = w.PlanByID(w.t.Context(), dispatcher, p.ID)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) want(err error, code string) {
	w.t.Helper()
	if f := fault.Of(err); code == "" && err != nil || code != "" && (f == nil || f.Code != code) {
		w.t.Fatalf("got %v, want %q", err, code)
	}
}

// harvest lets more of an allocation wait, and calls it off with a negative weight.
func (w *world) harvest(alloc string, more measure.Grams) {
	w.t.Helper()
	from, to := "world/harvest", orders.AllocAllocated(alloc)
	if more < 0 {
		from, to, more = to, from, -more
	}
	w.want(w.db.InTx(w.t.Context(), func(tx store.Tx) error {
		return post(w.t.Context(), tx, dispatcher, store.NewID(), from, to, more)
	}), "")
}

func (w *world) balance(account string) measure.Grams {
	w.t.Helper()
	n, err := ledger.Balance(w.t.Context(), w.db.Read(), ledger.Grams, account)
	if err != nil {
		w.t.Fatal(err)
	}
	return measure.Grams(n)
}

func TestAccept(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p, trips := w.accepted()
		equal(t, "trips", len(trips), 3)
		equal(t, "state", trips[0].State(w.millis(t.Context())), Reserved)
		equal(t, "left of the first allocation", w.balance(orders.AllocAllocated("alloc1")), measure.Grams(0))

		_, err := w.Accept(t.Context(), dispatcher, p.ID, "a")
		w.want(err, "plan_accepted")
		_, err = w.Accept(t.Context(), carrier, p.ID, "a")
		w.want(err, "dispatchers_only")

		w.harvest("alloc1", measure.Tonne)
		again, err := w.MakePlan(t.Context(), dispatcher, PlanInput{Day: "2020-02-03"})
		w.want(err, "")
		for _, r := range again.Question.Trucks {
			if r.Vehicle.ID == trips[0].Vehicle {
				t.Error("a truck on a trip is planned with again")
			}
		}
		// A carrier who does not answer loses the trip; the dispatcher frees its goods.
		w.at("2020-02-03 07:00")
		equal(t, "unanswered", w.State(t.Context(), trips[0]), Lapsed)
		_, err = w.Confirm(t.Context(), carrier, trips[0].ID, Report{})
		w.want(err, "not_in_this_state")
		_, err = w.Cancel(t.Context(), dispatcher, trips[0].ID, "no answer", Report{})
		w.want(err, "")
		equal(t, "freed", w.balance(orders.ConsignAllocated(trips[0].Consignments[0].ID)), measure.Grams(0))
	})
}

func TestForbiddenOption(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t), storyTrucks(t)[4])
	p, err := w.MakePlan(t.Context(), dispatcher, PlanInput{Day: "2020-02-03"})
	w.want(err, "")
	two := byTypes(t, p.Answer, "T96-3", "T96-3")
	_, err = w.Accept(t.Context(), dispatcher, p.ID, two.ID)
	w.want(err, "option_forbidden")
	equal(t, "nothing was taken", w.balance(orders.AllocAllocated("alloc1")), 6*measure.Tonne)
}

func TestTruckOne(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		_, trips := w.accepted()
		trip := trips[0]
		c := trip.Consignments[0].ID

		_, err := w.TripByID(ctx, stranger, trip.ID)
		w.want(err, "no_such_trip")
		_, err = w.Confirm(ctx, unionHosp, trip.ID, Report{})
		w.want(err, "not_yours_to_report")
		_, err = w.Confirm(ctx, carrier, trip.ID, Report{})
		w.want(err, "")

		w.at("2020-02-03 14:00")
		_, err = w.Depart(ctx, carrier, trip.ID, 0, Report{})
		w.want(err, "not_in_this_state")
		_, err = w.Arrive(ctx, carrier, trip.ID, 0, Report{})
		w.want(err, "")
		_, err = w.Depart(ctx, carrier, trip.ID, 0, Report{})
		w.want(err, "stop_open")

		over := Weighing{Gross: 21 * measure.Tonne, Tare: 9 * measure.Tonne, Lines: []WeighedLine{{Consignment: c}}}
		_, err = w.Load(ctx, carrier, trip.ID, 0, Report{}, over)
		w.want(err, "over_gross")
		weighed := Weighing{Gross: 14_216_000, Tare: 9_200_000, Lines: []WeighedLine{{Consignment: c, Packs: 836}}}
		off := weighed
		off.Lines = []WeighedLine{{Consignment: c, Grams: 4_900_000}}
		_, err = w.Load(ctx, carrier, trip.ID, 0, Report{}, off)
		w.want(err, "lines_not_net")
		for range 2 { // the phone sends it twice
			trip, err = w.Load(ctx, carrier, trip.ID, 0, Report{ClientID: "scan-1"}, weighed)
			w.want(err, "")
		}
		equal(t, "836 boxes of 6 kg", w.balance(orders.ConsignOnTruck(c)), measure.Grams(5_016_000))
		equal(t, "room", w.LoadedFill(trip).Cube, 440) // 836 × 20 l in 38 m³

		w.at("2020-02-03 16:00")
		trip, err = w.Depart(ctx, carrier, trip.ID, 0, Report{})
		w.want(err, "")
		equal(t, "state", w.State(ctx, trip), Running)
		_, err = w.Cancel(ctx, dispatcher, trip.ID, "too late", Report{})
		w.want(err, "not_in_this_state")

		w.at("2020-02-04 18:00")
		_, err = w.Arrive(ctx, carrier, trip.ID, 1, Report{ActedAt: at(t, "2020-02-04 16:00")})
		w.want(err, "")
		pod := func(received measure.Grams) Delivery {
			return Delivery{Receiver: "李老师", Lines: []DeliveredLine{{Consignment: c, Received: received}}}
		}
		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{}, pod(5_004)) // "5.004 kg"
		w.want(err, "far_below_loaded")
		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{}, pod(5_020_000))
		w.want(err, "more_than_loaded")
		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{}, pod(4_700_000))
		w.want(err, "cause_needed")
		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{ActedAt: at(t, "2020-02-05 16:10")}, pod(5_004_000))
		w.want(err, "in_the_future")
		acted := at(t, "2020-02-04 16:10")
		for range 2 {
			trip, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{ClientID: "pod-1", ActedAt: acted}, pod(5_004_000))
			w.want(err, "")
		}
		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{ClientID: "pod-1", ActedAt: acted}, pod(5_003_000))
		w.want(err, "client_id_reused")
		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{ClientID: "pod-2", ActedAt: acted}, pod(5_004_000))
		w.want(err, "not_in_this_state")

		equal(t, "state", w.State(ctx, trip), Done)
		equal(t, "accepted", w.balance(orders.ConsignAccepted(c)), measure.Grams(5_004_000))
		equal(t, "dried out", w.balance(orders.ConsignLost(c, orders.Moisture)), measure.Grams(12_000))
		_, e, _ := trip.Delivery(1)
		equal(t, "acted", clockAt(e.ActedAt), "02-04 16:10")
		equal(t, "synced", clockAt(e.SyncedAt), "02-04 18:00")

		_, err = w.Settle(ctx, dispatcher, trip.ID, Report{ClientID: "settle"})
		w.want(err, "")
		paid, err := ledger.Balance(ctx, db.Read(), ledger.Fen, orders.Payable("carrier"))
		w.want(err, "")
		equal(t, "carrier", measure.Fen(paid), trip.Outline.Haulage)
		last := w.ended[len(w.ended)-1]
		equal(t, "deposits", last, orders.DepositEnd{ForID: trip.ID, Why: "settled", At: last.At})
	})
}

// onTheRoad brings a trip to the point where it has left the packhouse with what was planned.
func (w *world) onTheRoad(trip Trip) Trip { return w.onTheRoadAt(trip, "2020-02-03 14:00") }

func (w *world) onTheRoadAt(trip Trip, when string) Trip {
	w.t.Helper()
	ctx := w.t.Context()
	_, err := w.Confirm(ctx, carrier, trip.ID, Report{})
	w.want(err, "")
	w.at(when)
	w.loadAllOf(trip)
	trip, err = w.Depart(ctx, carrier, trip.ID, 0, Report{})
	w.want(err, "")
	return trip
}

// loadAllOf loads all that a trip is to carry.
func (w *world) loadAllOf(trip Trip) {
	w.t.Helper()
	load := Weighing{Tare: 9 * measure.Tonne, Gross: 9 * measure.Tonne}
	for _, c := range trip.Consignments {
		load.Lines = append(load.Lines, WeighedLine{Consignment: c.ID, Grams: c.Load.Goods.Net})
		load.Gross += c.Load.Goods.Net
	}
	_, err := w.Load(w.t.Context(), carrier, trip.ID, 0, Report{}, load)
	w.want(err, "")
}

func (w *world) sql(query string) {
	w.t.Helper()
	err := w.db.InTx(w.t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(w.t.Context(), query)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// The driver's phone and the carrier's both say that the truck came and left: it is written down once, and what comes late turns
// nothing back.
func TestWhatIsSaidTwiceOfAStopIsWrittenOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		_, trips := w.accepted()
		id := trips[0].ID
		trip, err := w.Confirm(ctx, carrier, id, Report{})
		w.want(err, "")
		do := func(by auth.Actor, act func(context.Context, auth.Actor, string, int, Report) (Trip, error), stop int, code string, state TripState) {
			t.Helper()
			trip, err = act(ctx, by, id, stop, Report{})
			w.want(err, code)
			equal(t, "state", w.State(ctx, trip), state)
		}
		w.at("2020-02-03 14:00")
		do(carrier, w.Arrive, 0, "", AtLoading)
		do(dispatcher, w.Arrive, 0, "", AtLoading)
		w.loadAllOf(trip)
		do(carrier, w.Depart, 0, "", Running)
		do(dispatcher, w.Depart, 0, "not_in_this_state", Running)
		do(dispatcher, w.Arrive, 0, "", Running)
		do(carrier, w.Arrive, 1, "", Unloading)
		do(dispatcher, w.Depart, 0, "", Unloading)
		told := map[EventKind]int{}
		for _, e := range trip.Events {
			told[e.Kind]++
		}
		equal(t, "arrived and left", []int{told[EventArrive], told[EventDepart]}, []int{2, 1})
	})
}

// Goods that went elsewhere are at another place, to which the truck has yet to come.
func TestATruckComesToTheNewPlaceToo(t *testing.T) {
	t.Parallel()
	came := Event{Kind: EventArrive, Stop: 1}
	turned := Event{Kind: EventDivert, Stop: 1}
	equal(t, "told", []bool{Trip{Events: []Event{came}}.told(EventArrive, 1), Trip{Events: []Event{came, turned}}.told(EventArrive, 1),
		Trip{Events: []Event{came, turned, came}}.told(EventArrive, 1), Trip{Events: []Event{came}}.told(EventDepart, 1)}, []bool{true, false, true, false})
}

func TestPassAtDeparture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ctx := t.Context()
	_, trips := w.accepted()
	trip := trips[0]
	v, err := VehicleByID(ctx, w.db.Read(), trip.Vehicle)
	w.want(err, "")
	_, err = w.SetPapers(ctx, carrier, v.ID, VehicleInput{Driver: v.Driver}) // the pass is revoked
	w.want(err, "")
	_, err = w.Confirm(ctx, carrier, trip.ID, Report{})
	w.want(err, "")
	w.at("2020-02-03 14:00")
	c := trip.Consignments[0]
	_, err = w.Load(ctx, carrier, trip.ID, 0, Report{}, Weighing{Gross: 14 * measure.Tonne, Tare: 9 * measure.Tonne, Lines: []WeighedLine{{Consignment: c.ID}}})
	w.want(err, "")
	_, err = w.Depart(ctx, carrier, trip.ID, 0, Report{})
	w.want(err, "not_let_through")
	_, err = w.SetPapers(ctx, carrier, v.ID, VehicleInput{Driver: v.Driver, Passes: []Pass{relief}})
	w.want(err, "")
	_, err = w.Depart(ctx, carrier, trip.ID, 0, Report{})
	w.want(err, "")
}

func TestVehicleInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	good := VehicleInput{Carrier: "carrier", Type: "T68", Plate: "陕C·Z0001", PlateColour: "yellow"}
	for _, c := range []struct {
		change func(in *VehicleInput)
		code   string
	}{
		{func(in *VehicleInput) { in.Plate = "" }, "bad_plate"},
		{func(in *VehicleInput) { in.Plate = "<b>A1001</b>" }, "bad_plate"},
		{func(in *VehicleInput) { in.PlateColour = "pink" }, "bad_plate_colour"},
		{func(in *VehicleInput) { in.Type = "T999" }, "unknown_truck_type"},
		{func(in *VehicleInput) { in.Driver = strings.Repeat("x", 61) }, "too_long"},
		{func(in *VehicleInput) { in.Papers = []Paper{{Kind: Insurance, Until: "2020-02-30"}} }, "bad_paper"},
		{func(in *VehicleInput) { in.Passes = []Pass{{From: "2020-02-05", Until: "2020-02-04"}} }, "bad_pass"},
		{func(in *VehicleInput) { in.Limits.Body = "boat" }, "bad_body_kind"},
		{func(in *VehicleInput) { in.Limits.Payload = 60*measure.Tonne + 1 }, "bad_payload"},
		{func(in *VehicleInput) { in.Limits.Payload = -1 }, "bad_payload"},
		{func(in *VehicleInput) { in.Limits.Cube = 200_000_001 }, "bad_cube"},
		{func(in *VehicleInput) { in.Limits.Axles = 11 }, "bad_axles"},
		{func(in *VehicleInput) { in.Limits.Seats = 81 }, "bad_seats"},
		{func(in *VehicleInput) { in.Limits.Cold = &Band{Min: 40, Max: 0} }, "bad_cold"},
		{func(in *VehicleInput) { in.Limits.Cold = &Band{Min: -401, Max: 0} }, "bad_cold"},
		{func(in *VehicleInput) { in.Plate = "陕C·A1001" }, "plate_known"},
		{func(*VehicleInput) {}, ""},
	} {
		in := good
		c.change(&in)
		_, err := w.AddVehicle(t.Context(), carrier, in)
		w.want(err, c.code)
	}
	_, err := w.AddVehicle(t.Context(), stranger, good)
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger registers a truck: %v", err)
	}
	_, err = w.OfferCapacity(t.Context(), carrier, CapacityInput{Vehicle: "none", Place: fengxiang, From: 1, Until: w.millis(t.Context()) + 1})
	w.want(err, "window_too_long")
	_, err = w.Vehicles(t.Context(), stranger, "carrier", "", 0)
	w.want(err, "no_such_party")
	list, err := w.Vehicles(t.Context(), carrier, "carrier", "", 0)
	w.want(err, "")
	equal(t, "vehicles", fmt.Sprint(len(list)), "4")
}
