package dispatch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

// rowsOf reads all rows of a query; where there is none the list is empty and not nil, as the interface gives it.
func rowsOf[T any](ctx context.Context, q store.Querier, scan func(store.Scanner) (T, error), query string, args ...any) ([]T, error) {
	out, err := store.All(ctx, q, scan, query, args...)
	if err == nil && out == nil {
		out = []T{}
	}
	return out, err
}

// found turns the lack of a row into the fault that names what is missing.
func found(err error, code, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, code, "There is no such %s.", what)
	}
	return err
}

func toE6(deg float64) int64 { return int64(math.Round(deg * 1e6)) }

func pointE6(lon, lat int64) measure.Point {
	return measure.Point{Lon: float64(lon) / 1e6, Lat: float64(lat) / 1e6}
}

func toJSON(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("dispatch: %w", err)
	}
	return string(text), nil
}

const vehicleColumns = `id, carrier_id, truck_type, plate, plate_colour, driver, papers, passes, limits, last_cargo, washed_on, created_at`

func scanVehicle(row store.Scanner) (Vehicle, error) {
	var v Vehicle
	var papers, passes, limits string
	err := row.Scan(&v.ID, &v.Carrier, &v.Type, &v.Plate, &v.PlateColour, &v.Driver, &papers, &passes, &limits, &v.LastCargo, &v.WashedOn, &v.CreatedAt)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(papers), &v.Papers), json.Unmarshal([]byte(passes), &v.Passes), json.Unmarshal([]byte(limits), &v.Limits))
	}
	return v, err
}

func insertVehicle(ctx context.Context, tx store.Tx, v Vehicle, by string) error {
	papers, err := papersOf(v)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `INSERT INTO vehicles (`+vehicleColumns+`, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		v.ID, v.Carrier, v.Type, v.Plate, v.PlateColour, v.Driver, papers[0], papers[1], papers[2], v.LastCargo, v.WashedOn, int64(v.CreatedAt), by)
}

// papersOf writes papers, passes and limits as JSON.
func papersOf(v Vehicle) (out [3]string, err error) {
	for i, part := range []any{v.Papers, v.Passes, v.Limits} {
		if out[i], err = toJSON(part); err != nil {
			return out, err
		}
	}
	return out, nil
}

func setPapers(ctx context.Context, tx store.Tx, v Vehicle) error {
	papers, err := papersOf(v)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `UPDATE vehicles SET driver = $1, papers = $2, passes = $3, limits = $4, last_cargo = $5, washed_on = $6 WHERE id = $7`,
		v.Driver, papers[0], papers[1], papers[2], v.LastCargo, v.WashedOn, v.ID)
}

// VehicleByID gives a vehicle; sql.ErrNoRows when there is none.
func VehicleByID(ctx context.Context, q store.Querier, id string) (Vehicle, error) {
	return scanVehicle(q.QueryRowContext(ctx, `SELECT `+vehicleColumns+` FROM vehicles WHERE id = $1`, id))
}

func vehiclesPage(ctx context.Context, q store.Querier, carrier, after string, n int) ([]Vehicle, error) {
	return rowsOf(ctx, q, scanVehicle, `SELECT `+vehicleColumns+` FROM vehicles
		WHERE ($1 = '' OR carrier_id = $1) AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, carrier, after, n)
}

const capacityColumns = `id, vehicle_id, carrier_id, place_name, adcode, lon_e6, lat_e6, from_at, until_at, price_kind, price_fen,
	room_grams, room_ml, room_seats, shared, return_to, quarantine_fen, avoids, deposit_fen, draft, withdrawn, created_at`

func scanCapacity(row store.Scanner) (Capacity, error) {
	var c Capacity
	var lon, lat int64
	err := row.Scan(&c.ID, &c.Vehicle, &c.Carrier, &c.Place.Name, &c.Place.Adcode, &lon, &lat, &c.From, &c.Until,
		&c.Price.Kind, &c.Price.Fen, &c.Room.Grams, &c.Room.Volume, &c.Room.Seats, &c.Shared, &c.ReturnTo, &c.Quarantine, &c.Avoids, &c.Deposit,
		&c.Draft, &c.Withdrawn, &c.CreatedAt)
	c.Place.Point = pointE6(lon, lat)
	return c, err
}

func insertCapacity(ctx context.Context, tx store.Tx, c Capacity, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO capacity_offers (`+capacityColumns+`, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		c.ID, c.Vehicle, c.Carrier, c.Place.Name, c.Place.Adcode, toE6(c.Place.Point.Lon), toE6(c.Place.Point.Lat), int64(c.From), int64(c.Until),
		string(c.Price.Kind), int64(c.Price.Fen), int64(c.Room.Grams), int64(c.Room.Volume), c.Room.Seats, c.Shared, c.ReturnTo, int64(c.Quarantine),
		string(c.Avoids), int64(c.Deposit), c.Draft, c.Withdrawn, int64(c.CreatedAt), by)
}

func withdrawCapacity(ctx context.Context, tx store.Tx, id string) error {
	return store.Exec(ctx, tx, `UPDATE capacity_offers SET withdrawn = $1 WHERE id = $2`, true, id)
}

func publishCapacity(ctx context.Context, tx store.Tx, id string) error {
	return store.Exec(ctx, tx, `UPDATE capacity_offers SET draft = $1 WHERE id = $2`, false, id)
}

func capacityByID(ctx context.Context, q store.Querier, id string) (Capacity, error) {
	return scanCapacity(q.QueryRowContext(ctx, `SELECT `+capacityColumns+` FROM capacity_offers WHERE id = $1`, id))
}

// capacitiesPage lists a carrier's offers, or without one those of all that are no drafts, newest first; standing: without those that
// are withdrawn or over now.
func capacitiesPage(ctx context.Context, q store.Querier, carrier string, standing bool, now measure.Millis, after string, n int) ([]Capacity, error) {
	return rowsOf(ctx, q, scanCapacity, `SELECT `+capacityColumns+` FROM capacity_offers
		WHERE (carrier_id = $1 OR $1 = '' AND draft = $4) AND id < $2 AND (NOT $5 OR withdrawn = $4 AND until_at >= $6) ORDER BY id DESC LIMIT $3`,
		carrier, store.Below(after), n, false, standing, int64(now))
}

// openCapacities are the offers that are neither withdrawn nor over.
func openCapacities(ctx context.Context, q store.Querier, now measure.Millis, n int) ([]Capacity, error) {
	return rowsOf(ctx, q, scanCapacity, `SELECT `+capacityColumns+` FROM capacity_offers
		WHERE withdrawn = $1 AND draft = $1 AND until_at >= $2 ORDER BY until_at, id LIMIT $3`, false, int64(now), n)
}

// Plan is a question with its answer, as it was given.
type Plan struct {
	ID         string         `json:"id"`
	Question   Question       `json:"question"`
	Answer     Answer         `json:"answer"`
	Accepted   string         `json:"accepted"` // option, "" for none yet
	AcceptedAt measure.Millis `json:"accepted_at"`
	MadeAt     measure.Millis `json:"made_at"`
}

func insertPlan(ctx context.Context, tx store.Tx, p Plan, by string) error {
	question, err := toJSON(p.Question)
	if err != nil {
		return err
	}
	answer, err := toJSON(p.Answer)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `INSERT INTO plans (id, day, question, answer, accepted, accepted_at, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, p.ID, p.Question.Day, question, answer, "", 0, int64(p.MadeAt), by)
}

func planByID(ctx context.Context, q store.Querier, id string) (Plan, error) {
	p := Plan{ID: id}
	var question, answer string
	err := q.QueryRowContext(ctx, `SELECT question, answer, accepted, accepted_at, made_at FROM plans WHERE id = $1`, id).
		Scan(&question, &answer, &p.Accepted, &p.AcceptedAt, &p.MadeAt)
	if err != nil {
		return p, found(err, "no_such_plan", "plan")
	}
	return p, errors.Join(json.Unmarshal([]byte(question), &p.Question), json.Unmarshal([]byte(answer), &p.Answer))
}

// acceptPlan marks the option; false when one was accepted before.
func acceptPlan(ctx context.Context, tx store.Tx, id, option string, at measure.Millis) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE plans SET accepted = $1, accepted_at = $2 WHERE id = $3 AND accepted = ''`, option, int64(at), id)
	if err != nil {
		return false, fmt.Errorf("dispatch: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

const tripColumns = `id, plan_id, vehicle_id, capacity_id, carrier_id, number, outline, answer_by, made_at`

func scanTrip(row store.Scanner) (Trip, error) {
	var t Trip
	var outline string
	err := row.Scan(&t.ID, &t.Plan, &t.Vehicle, &t.Capacity, &t.Carrier, &t.Number, &outline, &t.AnswerBy, &t.MadeAt)
	if err == nil {
		err = json.Unmarshal([]byte(outline), &t.Outline)
	}
	return t, err
}

func insertTrip(ctx context.Context, tx store.Tx, t Trip, parties []string, by string) error {
	outline, err := toJSON(t.Outline)
	if err != nil {
		return err
	}
	err = store.Exec(ctx, tx, `INSERT INTO trips (`+tripColumns+`, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.ID, t.Plan, t.Vehicle, t.Capacity, t.Carrier, t.Number, outline, int64(t.AnswerBy), int64(t.MadeAt), by)
	if err != nil {
		return err
	}
	if r := t.Outline.Relay; r != nil {
		if err = store.Exec(ctx, tx, `UPDATE trips SET relay_id = $1 WHERE id = $2`, r.Truck.Capacity.ID, t.ID); err != nil {
			return err
		}
	}
	for _, party := range parties {
		if err = store.Exec(ctx, tx, `INSERT INTO trip_parties (trip_id, party_id) VALUES ($1, $2)`, t.ID, party); err != nil {
			return err
		}
	}
	for _, c := range t.Consignments {
		goods, err := toJSON(c.Load)
		if err != nil {
			return err
		}
		err = store.Exec(ctx, tx, `INSERT INTO consignments (id, trip_id, n, allocation_id, load_stop, unload_stop, goods)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.ID, t.ID, c.Layer, c.Load.Allocation, c.LoadStop, c.UnloadStop, goods)
		if err != nil {
			return err
		}
	}
	return nil
}

// tripByID gives a trip with its consignments, events and parties.
func tripByID(ctx context.Context, q store.Querier, id string) (Trip, error) {
	t, err := scanTrip(q.QueryRowContext(ctx, `SELECT `+tripColumns+` FROM trips WHERE id = $1`, id))
	if err != nil {
		return t, found(err, "no_such_trip", "trip")
	}
	one := []Trip{t}
	err = fill(ctx, q, one)
	return one[0], err
}

// tripsAtOnce is how many trips are filled by the same three statements.
const tripsAtOnce = 500

// fill gives trips their consignments, parties and events.
func fill(ctx context.Context, q store.Querier, trips []Trip) error {
	ids, known := make([]string, len(trips)), make(map[string]*Trip, len(trips))
	for i := range trips {
		t := &trips[i]
		t.Consignments, t.parties, t.Events = []Consignment{}, []string{}, []Event{}
		ids[i], known[t.ID] = t.ID, t
	}
	of := ` WHERE trip_id IN (` + store.Marks(1, len(ids)) + `) ORDER BY trip_id, `
	err := eachOf(ctx, q, known, ids, `SELECT trip_id, id, n, load_stop, unload_stop, goods FROM consignments`+of+`n`,
		scanConsignment, func(t *Trip, c Consignment) { t.Consignments = append(t.Consignments, c) })
	if err != nil {
		return err
	}
	err = eachOf(ctx, q, known, ids, `SELECT trip_id, party_id FROM trip_parties`+of+`party_id`,
		scanText, func(t *Trip, party string) { t.parties = append(t.parties, party) })
	if err != nil {
		return err
	}
	err = eachOf(ctx, q, known, ids, `SELECT trip_id, `+eventColumns+` FROM trip_events`+of+`id`,
		scanEvent, func(t *Trip, e Event) { t.Events = append(t.Events, e) })
	if err != nil {
		return err
	}
	for i := range trips {
		if err = trips[i].replay(); err != nil {
			return err
		}
	}
	return nil
}

// eachOf reads rows that begin with their trip, and hands each to it.
func eachOf[T any](ctx context.Context, q store.Querier, trips map[string]*Trip, ids []string, query string, scan func(store.Scanner) (T, error), give func(*Trip, T)) error {
	_, err := store.All(ctx, q, func(row store.Scanner) (struct{}, error) {
		var trip string
		v, err := scan(behind{row, &trip})
		if err == nil {
			give(trips[trip], v)
		}
		return struct{}{}, err
	}, query, store.Args(ids)...)
	return err
}

// behind reads a row's first column by itself.
type behind struct {
	store.Scanner
	first *string
}

// Scan implements store.Scanner.
func (b behind) Scan(to ...any) error { return b.Scanner.Scan(slices.Concat([]any{b.first}, to)...) }

func scanText(row store.Scanner) (string, error) {
	var s string
	err := row.Scan(&s)
	return s, err
}

func scanConsignment(row store.Scanner) (Consignment, error) {
	var c Consignment
	var goods string
	err := row.Scan(&c.ID, &c.Layer, &c.LoadStop, &c.UnloadStop, &goods)
	if err == nil {
		err = json.Unmarshal([]byte(goods), &c.Load)
	}
	return c, err
}

const eventColumns = `id, trip_id, client_id, stop, kind, acted_at, synced_at, clock_off, by_actor, body`

func scanEvent(row store.Scanner) (Event, error) {
	var e Event
	var body string
	err := row.Scan(&e.ID, &e.Trip, &e.ClientID, &e.Stop, &e.Kind, &e.ActedAt, &e.SyncedAt, &e.ClockOff, &e.By, &body)
	e.Body = json.RawMessage(body)
	return e, err
}

func insertEvent(ctx context.Context, tx store.Tx, e Event) error {
	return store.Exec(ctx, tx, `INSERT INTO trip_events (`+eventColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.ID, e.Trip, e.ClientID, e.Stop, string(e.Kind), int64(e.ActedAt), int64(e.SyncedAt), int64(e.ClockOff), e.By, string(e.Body))
}

func eventByClient(ctx context.Context, q store.Querier, client string) (Event, error) {
	return scanEvent(q.QueryRowContext(ctx, `SELECT `+eventColumns+` FROM trip_events WHERE client_id = $1`, client))
}

// tripsOf lists trips, newest first: all of them, or those in which one of the parties has a part; standing: without those that ended
// and are settled.
func tripsOf(ctx context.Context, q store.Querier, all bool, parties []string, standing bool, after string, n int) ([]Trip, error) {
	where, args := `id < $1`, []any{store.Below(after), n}
	if !all {
		if len(parties) == 0 {
			return nil, nil
		}
		where += ` AND id IN (SELECT trip_id FROM trip_parties WHERE party_id IN (` + store.Marks(len(args)+1, len(parties)) + `))`
		args = append(args, store.Args(parties)...)
	}
	if standing {
		where += ` AND NOT EXISTS (SELECT 1 FROM trip_events e WHERE e.trip_id = trips.id AND e.kind IN ('decline', 'expire', 'cancel', 'replan', 'settle'))`
	}
	return fillTrips(ctx, q, `SELECT `+tripColumns+` FROM trips WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
}

func fillTrips(ctx context.Context, q store.Querier, query string, args ...any) ([]Trip, error) {
	list, err := rowsOf(ctx, q, scanTrip, query, args...)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(list, tripsAtOnce) {
		if err = fill(ctx, q, some); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func tripsOfCapacity(ctx context.Context, q store.Querier, capacity string) ([]Trip, error) {
	return fillTrips(ctx, q, `SELECT `+tripColumns+` FROM trips WHERE capacity_id = $1 OR relay_id = $1 ORDER BY id`, capacity)
}

// tripsWith gives the trips that carry some of the consignments, oldest first.
func tripsWith(ctx context.Context, q store.Querier, consignments []string) ([]Trip, error) {
	return tripsBy(ctx, q, "id", consignments)
}

// tripsOfLoads gives the trips that carry something of the loads, oldest first.
func tripsOfLoads(ctx context.Context, q store.Querier, loads []string) ([]Trip, error) {
	return tripsBy(ctx, q, "allocation_id", loads)
}

// tripsBy gives the trips of which a column of some consignment is one of the values.
func tripsBy(ctx context.Context, q store.Querier, column string, values []string) ([]Trip, error) {
	var out []Trip
	for chunk := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(values))), tripsAtOnce) {
		list, err := fillTrips(ctx, q, `SELECT `+tripColumns+` FROM trips WHERE id IN (SELECT trip_id FROM consignments WHERE `+column+` IN (`+
			store.Marks(1, len(chunk))+`)) ORDER BY id`, store.Args(chunk)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b Trip) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(out, func(a, b Trip) bool { return a.ID == b.ID }), nil
}

// tripsToLoad gives the trips that have something yet to load, oldest first.
func tripsToLoad(ctx context.Context, q store.Querier) ([]Trip, error) {
	return fillTrips(ctx, q, `SELECT `+tripColumns+` FROM trips WHERE to_load ORDER BY id`)
}

func tripsOfPlan(ctx context.Context, q store.Querier, plan string) ([]Trip, error) {
	return fillTrips(ctx, q, `SELECT `+tripColumns+` FROM trips WHERE plan_id = $1 ORDER BY id`, plan)
}

// stopOf gives a place as the orders package writes it.
func stopOf(name, adcode string, at measure.Point) orders.Stop {
	return orders.Stop{Name: name, Adcode: adcode, Point: at}
}
