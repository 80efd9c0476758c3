package dispatch

import (
	"cmp"
	"context"
	"slices"

	"jishi/server/auth"
	"jishi/server/dispatch/wording"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/rules"
	"jishi/server/store"
)

// Pin is a dispatcher's word that a load goes with a truck, or not with it. With several trucks it goes with any of them.
type Pin struct {
	ID      string `json:"id"`
	Load    string `json:"load"`    // its allocation
	Vehicle string `json:"vehicle"` // of the truck
	Plate   string `json:"plate"`
	Never   bool   `json:"never"` // it does not go with the truck
	Reason  string `json:"reason"`

	MadeAt      measure.Millis `json:"-"`
	By          string         `json:"-"`
	WithdrawnAt measure.Millis `json:"-"` // 0 while it stands
}

// PinInput is what a dispatcher says of a load.
type PinInput struct {
	Load, Vehicle string
	Never         bool
	Reason        string
}

// pinBar keeps a load off every truck that a dispatcher's word keeps it off, and says so where the truck it goes with can't be planned with.
// What is on a truck stays there.
func (p *planner) pinBar(_ rules.Day, t Truck, l Load) *bar {
	if slices.Contains(p.q.Loaded, t.Capacity.ID) {
		return nil
	}
	var wanted *Pin
	for i, pin := range p.q.Pins {
		switch {
		case pin.Load != l.Allocation:
		case pin.Never && pin.Vehicle == t.Vehicle.ID:
			return &bar{Rule: "pinned", Said: wording.Just("kept_off", wording.OfPlate(pin.Plate), wording.Named(pin.Reason, ""))}
		case !pin.Never && pin.Vehicle == t.Vehicle.ID:
			return nil
		case !pin.Never && wanted == nil:
			wanted = &p.q.Pins[i]
		}
	}
	if wanted == nil {
		return nil
	}
	plate, reason := wording.OfPlate(wanted.Plate), wording.Named(wanted.Reason, "")
	if !slices.ContainsFunc(p.q.Trucks, func(t Truck) bool { return t.Vehicle.ID == wanted.Vehicle }) {
		return &bar{Rule: "pinned", Said: wording.Just("goes_with_absent", plate, reason)}
	}
	return &bar{Rule: "pinned", Said: wording.Just("goes_with", plate, reason)}
}

// pinned reports whether it was said of a load which truck it goes with.
func (p *planner) pinned(load int) bool {
	return slices.ContainsFunc(p.q.Pins, func(pin Pin) bool { return pin.Load == p.q.Loads[load].Allocation })
}

// PinLoad binds a load that is not on a truck yet to one, or keeps it off one.
func (s *Service) PinLoad(ctx context.Context, by auth.Actor, in PinInput) (Pin, error) {
	if err := mustPlan(by); err != nil {
		return Pin{}, err
	}
	if err := checkWhy(in.Reason); err != nil {
		return Pin{}, err
	}
	open, err := s.toBeLoaded(ctx)
	if err != nil {
		return Pin{}, err
	}
	if !slices.Contains(open, in.Load) {
		return Pin{}, fault.At("load", "no_such_load", "There is no such %s.", "load")
	}
	pin := Pin{ID: store.NewID(), Load: in.Load, Vehicle: in.Vehicle, Never: in.Never, Reason: in.Reason, MadeAt: s.millis(ctx), By: by.ID()}
	err = s.db.InTx(ctx, func(tx store.Tx) error {
		v, err := VehicleByID(ctx, tx, in.Vehicle)
		if err != nil {
			return fault.Within(found(err, "no_such_vehicle", "vehicle"), "vehicle")
		}
		pin.Plate = v.Plate
		have, err := pinsOf(ctx, tx, open)
		if err != nil {
			return err
		}
		if err = pin.besides(have); err != nil {
			return err
		}
		if err = insertPin(ctx, tx, pin); err != nil {
			return err
		}
		return record(ctx, tx, by, pin.MadeAt, "load.pin", "load/"+in.Load, in.Reason, pin)
	})
	return pin, err
}

// besides refuses a word that says the same as another one, or the contrary, or binds more to a truck than one plan takes.
func (p Pin) besides(have []Pin) error {
	bound := 0
	for _, other := range have {
		if other.Load == p.Load && other.Vehicle == p.Vehicle {
			return fault.At("vehicle", "pinned_already", "It was said already whether this load goes with %s: take that back first.", p.Plate)
		}
		if !other.Never && other.Vehicle == p.Vehicle {
			bound++
		}
	}
	if !p.Never && bound >= MaxBound {
		return fault.At("vehicle", "too_many_pinned", "At most %d loads are bound to one truck.", MaxBound)
	}
	return nil
}

// Unpin takes a dispatcher's word back. A second time changes nothing.
func (s *Service) Unpin(ctx context.Context, by auth.Actor, id string) (Pin, error) {
	if err := mustPlan(by); err != nil {
		return Pin{}, err
	}
	var pin Pin
	err := s.db.InTx(ctx, func(tx store.Tx) (err error) {
		pin, err = scanPin(tx.QueryRowContext(ctx, `SELECT `+pinColumns+` WHERE load_pins.id = $1`, id))
		if err != nil || pin.WithdrawnAt > 0 {
			return found(err, "no_such_pin", "word about a load")
		}
		pin.WithdrawnAt = s.millis(ctx)
		if err = store.Exec(ctx, tx, `UPDATE load_pins SET withdrawn_at = $1, withdrawn_by = $2 WHERE id = $3`, int64(pin.WithdrawnAt), by.ID(), id); err != nil {
			return err
		}
		return record(ctx, tx, by, pin.WithdrawnAt, "load.unpin", "load/"+pin.Load, "", pin)
	})
	return pin, err
}

// Pins lists what dispatchers said of loads, the newest first; unless only what stands is asked for, what was taken back or is done too.
func (s *Service) Pins(ctx context.Context, by auth.Actor, standing bool, after string, n int) ([]Pin, error) {
	if !plans(by) && !by.Is(auth.Auditor) {
		return nil, mustPlan(by)
	}
	if !standing {
		return rowsOf(ctx, s.db.Read(), scanPin, `SELECT `+pinColumns+` WHERE ($1 = '' OR load_pins.id < $1) ORDER BY load_pins.id DESC LIMIT $2`, after, page(n))
	}
	open, err := s.toBeLoaded(ctx)
	if err != nil {
		return nil, err
	}
	list, err := pinsOf(ctx, s.db.Read(), open)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	list = slices.DeleteFunc(list, func(p Pin) bool { return after != "" && p.ID >= after })
	return list[:min(page(n), len(list))], nil
}

// pinsOf are the words about some loads that were not taken back, the oldest first.
func pinsOf(ctx context.Context, q store.Querier, loads []string) ([]Pin, error) {
	out := []Pin{}
	for some := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(loads))), loadsAtOnce) {
		list, err := store.All(ctx, q, scanPin, `SELECT `+pinColumns+` WHERE load_id IN (`+store.Marks(1, len(some))+`) AND load_pins.withdrawn_at = 0`, store.Args(some)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b Pin) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// loadsAtOnce is of how many loads one statement reads the words.
const loadsAtOnce = 500

// toBeLoaded are the loads of which some goods wait for a truck, or for their weighing on one. A word binds nothing else: what is on
// a truck stays there, and what nobody wants any more goes nowhere.
func (s *Service) toBeLoaded(ctx context.Context) ([]string, error) {
	waiting, err := s.waiting(ctx)
	if err != nil {
		return nil, err
	}
	trips, err := tripsToLoad(ctx, s.db.Read())
	if err != nil {
		return nil, err
	}
	out := make([]string, len(waiting))
	for i, l := range waiting {
		out[i] = l.Allocation
	}
	for _, t := range trips {
		for _, c := range t.toLoad() {
			out = append(out, c.Load.Allocation)
		}
	}
	return out, nil
}

// toLoad is what a trip has yet to load. One that nobody answered in time holds its goods until it is ended.
func (t Trip) toLoad() []Consignment {
	if t.reported().Ended() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(t.Consignments), func(c Consignment) bool { return t.finished(c.LoadStop) })
}

const pinColumns = `load_pins.id, load_id, vehicle_id, vehicles.plate, never, reason, made_at, made_by, withdrawn_at
	FROM load_pins JOIN vehicles ON vehicles.id = load_pins.vehicle_id`

func scanPin(row store.Scanner) (Pin, error) {
	var p Pin
	err := row.Scan(&p.ID, &p.Load, &p.Vehicle, &p.Plate, &p.Never, &p.Reason, &p.MadeAt, &p.By, &p.WithdrawnAt)
	return p, err
}

func insertPin(ctx context.Context, tx store.Tx, p Pin) error {
	return store.Exec(ctx, tx, `INSERT INTO load_pins (id, load_id, vehicle_id, never, reason, made_at, made_by, withdrawn_at, withdrawn_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')`, p.ID, p.Load, p.Vehicle, p.Never, p.Reason, int64(p.MadeAt), p.By)
}

// orderedNow gives what dispatchers say of loads and roads at the moment, for a plan of these loads.
func (s *Service) orderedNow(ctx context.Context, q store.Querier, today string, loads []Load) (closed []Closure, pins []Pin, err error) {
	if closed, err = closedFrom(ctx, q, today); err != nil {
		return nil, nil, err
	}
	names := make([]string, len(loads))
	for i, l := range loads {
		names[i] = l.Allocation
	}
	pins, err = pinsOf(ctx, q, names)
	return closed, pins, err
}

// obeys refuses an option that goes against what dispatchers say of loads and roads now, unless a reason was given for it.
func (s *Service) obeys(ctx context.Context, q store.Querier, p Plan, o Option, today string) error {
	closed, pins, err := s.orderedNow(ctx, q, today, p.Question.Loads)
	if err != nil {
		return err
	}
	question := p.Question
	question.Closed, question.Pins = append(withoutOrdered(question.Closed), closed...), pins
	work := rulesOnly(s.rules, s.places, question)
	for n, t := range o.Trips {
		for _, c := range work.disobeyed(work.day, t, n) {
			if c.Stops && !o.overridden(c) {
				return fault.New(fault.Conflict, "ordered_otherwise", "It was ordered otherwise since the plan was made, plan again: %s", c)
			}
		}
	}
	return nil
}

// disobeyed is what a trip does against dispatchers' words: a load on the wrong truck, or a closed road.
func (p *planner) disobeyed(day rules.Day, t PlannedTrip, n int) []Caution {
	t.Warnings, t.Hints = nil, nil
	for _, truck := range t.trucks() {
		for _, i := range t.loads() {
			if b := p.pinBar(day, truck, p.q.Loads[i]); b != nil {
				t.addBar(*b, n)
			}
		}
	}
	p.warnOfClosed(day, &t, n)
	return t.Warnings
}

// withoutOrdered are the closures that a plan was asked with, without those that dispatchers keep.
func withoutOrdered(closed []Closure) []Closure {
	return slices.DeleteFunc(slices.Clone(closed), func(c Closure) bool { return c.ID != "" })
}
