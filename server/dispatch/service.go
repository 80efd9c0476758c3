package dispatch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/server/auth"
	"jishi/server/dispatch/wording"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// Books moves goods and money on the accounts of orders. *orders.Service is the real one.
type Books interface {
	Take(ctx context.Context, tx store.Tx, by auth.Actor, t orders.Taking) error
	Untake(ctx context.Context, tx store.Tx, by auth.Actor, consignment string, at measure.Millis) error
	Loaded(ctx context.Context, tx store.Tx, by auth.Actor, l orders.Loading) error
	Received(ctx context.Context, tx store.Tx, by auth.Actor, r orders.Receipt) error
	TakeBack(ctx context.Context, tx store.Tx, by auth.Actor, b orders.TakingBack) (lot string, err error)
	Divert(ctx context.Context, tx store.Tx, by auth.Actor, consignment, demand string, at measure.Millis) error
	PayHaulage(ctx context.Context, tx store.Tx, by auth.Actor, h orders.Haulage) error
	AskDeposit(ctx context.Context, tx store.Tx, by auth.Actor, d orders.Deposit) (orders.Deposit, error)
	EndDeposits(ctx context.Context, tx store.Tx, by auth.Actor, end orders.DepositEnd) (map[string]measure.Fen, error)
}

// Deps is what the service works with.
type Deps struct {
	DB     *store.DB
	Books  Books
	Rules  *rules.Book
	Places *places.Atlas
	Router places.Router
	Now    auth.Clock
	// ToShip lists what waits for a truck: orders.AllocationsToShip.
	ToShip func(ctx context.Context, q store.Querier, orders ...string) ([]orders.ToShip, error)
	// Changed is told of each change of a capacity offer, in its transaction, and when to look once more, 0: not; may be nil.
	Changed func(ctx context.Context, tx store.Tx, capacity string, again measure.Millis) error
	// News hears of what happens to trips, in its transaction; may be nil.
	News webhooks.News
	// SealKey is the secret under which printed waybills are sealed.
	SealKey []byte
}

// Service plans trips and follows them.
type Service struct {
	db     *store.DB
	books  Books
	rules  *rules.Book
	places *places.Atlas
	router places.Router
	now    auth.Clock
	toShip func(ctx context.Context, q store.Querier, orders ...string) ([]orders.ToShip, error)
	tell   func(ctx context.Context, tx store.Tx, capacity string, again measure.Millis) error
	news   webhooks.News
	runs   *runs

	sealKey []byte
}

// NewService puts the parts together. Without a clock the system's serves.
func NewService(d Deps) *Service {
	s := &Service{db: d.DB, books: bothBooks{d.Books}, rules: d.Rules, places: d.Places, router: d.Router, now: d.Now, toShip: d.ToShip, tell: d.Changed, news: d.News, runs: newRuns(), sealKey: d.SealKey}
	if s.now == nil {
		s.now = auth.SystemClock
	}
	if s.tell == nil {
		s.tell = func(context.Context, store.Tx, string, measure.Millis) error { return nil }
	}
	return s
}

func (s *Service) millis(ctx context.Context) measure.Millis {
	return measure.Millis(s.now(ctx).UnixMilli())
}

// answerTime is how long a carrier has to answer.
const answerTime = 12 * hour

// Limits of one plan: what a county has on its worst day, and what keeps a search short.
const (
	maxPlanLoads  = 400
	maxPlanTrucks = 100
	maxPage       = 100
)

// plans reports whether the actor may plan for everybody.
func plans(by auth.Actor) bool { return by.Is(auth.Dispatcher) || by.Is(auth.Operator) }

func mustPlan(by auth.Actor) error {
	if plans(by) {
		return nil
	}
	return fault.New(fault.Forbidden, "dispatchers_only", "Only a dispatcher can do this.")
}

// AddVehicle registers a truck of a carrier the actor acts for.
func (s *Service) AddVehicle(ctx context.Context, by auth.Actor, in VehicleInput) (Vehicle, error) {
	by, err := by.ActFor(in.Carrier, auth.ActHaul)
	if err != nil {
		return Vehicle{}, err
	}
	in.Plate = strings.TrimSpace(in.Plate)
	if err = in.check(); err != nil {
		return Vehicle{}, err
	}
	if _, ok := s.rules.TruckType(in.Type); !ok {
		return Vehicle{}, fault.At("type", "unknown_truck_type", "There is no type of truck called %q.", clip(in.Type))
	}
	v := Vehicle{ID: in.ID, Carrier: in.Carrier, Type: in.Type, Plate: in.Plate, PlateColour: in.PlateColour, Driver: in.Driver,
		Papers: in.Papers, Passes: in.Passes, Limits: in.Limits, LastCargo: in.LastCargo, WashedOn: in.WashedOn, CreatedAt: s.millis(ctx)}
	if v.ID == "" {
		v.ID = store.NewID()
	}
	err = s.db.InTx(ctx, func(tx store.Tx) error {
		if err := insertVehicle(ctx, tx, v, by.ID()); err != nil {
			return err
		}
		return record(ctx, tx, by, v.CreatedAt, "vehicle.add", "vehicle/"+v.ID, "", v)
	})
	if store.IsUnique(err) {
		return Vehicle{}, fault.New(fault.Conflict, "plate_known", "A vehicle with the plate %s is registered already.", v.Plate)
	}
	return v, err
}

// SetPapers replaces a vehicle's papers, passes and driver.
func (s *Service) SetPapers(ctx context.Context, by auth.Actor, id string, in VehicleInput) (Vehicle, error) {
	var v Vehicle
	err := s.db.InTx(ctx, func(tx store.Tx) (err error) {
		if v, err = VehicleByID(ctx, tx, id); err != nil {
			return found(err, "no_such_vehicle", "vehicle")
		}
		actor, err := by.ActFor(v.Carrier, auth.ActHaul)
		if err != nil {
			return fault.New(fault.NotFound, "no_such_vehicle", "There is no such %s.", "vehicle")
		}
		in.Plate, in.PlateColour = v.Plate, v.PlateColour
		if err = in.check(); err != nil {
			return err
		}
		v.Driver, v.Papers, v.Passes = in.Driver, in.Papers, in.Passes
		v.Limits, v.LastCargo, v.WashedOn = in.Limits, in.LastCargo, in.WashedOn
		if err = setPapers(ctx, tx, v); err != nil {
			return err
		}
		return record(ctx, tx, actor, s.millis(ctx), "vehicle.papers", "vehicle/"+v.ID, "", v)
	})
	return v, err
}

// Vehicles lists the vehicles of a carrier the actor acts for, newest first; a dispatcher sees all with carrier "".
func (s *Service) Vehicles(ctx context.Context, by auth.Actor, carrier, after string, n int) ([]Vehicle, error) {
	if err := s.maySeeCarrier(by, carrier); err != nil {
		return nil, err
	}
	return vehiclesPage(ctx, s.db.Read(), carrier, after, page(n))
}

func (s *Service) maySeeCarrier(by auth.Actor, carrier string) error {
	if plans(by) || carrier != "" && by.MayActFor(carrier, auth.ActHaul) {
		return nil
	}
	return auth.NoSuchParty()
}

func page(n int) int {
	if n <= 0 || n > maxPage {
		return maxPage
	}
	return n
}

// Loads lists what waits for a truck, weighed.
func (s *Service) Loads(ctx context.Context, by auth.Actor, orderIDs ...string) ([]Load, error) {
	if err := mustPlan(by); err != nil {
		return nil, err
	}
	return s.waiting(ctx, orderIDs...)
}

func (s *Service) waiting(ctx context.Context, orderIDs ...string) ([]Load, error) {
	ships, err := s.toShip(ctx, s.db.Read(), orderIDs...)
	if err != nil {
		return nil, err
	}
	out := make([]Load, 0, len(ships))
	for _, a := range ships {
		out = append(out, loadOf(a, s.rules))
	}
	if len(orderIDs) > 0 {
		return out, nil
	}
	posted, err := s.postedToShip(ctx)
	return append(out, posted...), err
}

// PlanInput is what a dispatcher asks for.
type PlanInput struct {
	Orders []string // none: all that wait
	Loads  []string // posted loads planned beside the orders; all of them when no order and no load is named
	Trucks []string // capacity offers to plan with; none: all that are open
	Day    string   // whose rules hold; "" for today
}

// asked gives the loads that a plan is asked for.
func (s *Service) asked(ctx context.Context, by auth.Actor, in PlanInput) ([]Load, error) {
	if len(in.Loads) == 0 {
		return s.Loads(ctx, by, in.Orders...)
	}
	var out []Load
	if len(in.Orders) > 0 {
		var err error
		if out, err = s.Loads(ctx, by, in.Orders...); err != nil {
			return nil, err
		}
	} else if err := mustPlan(by); err != nil {
		return nil, err
	}
	for i, id := range in.Loads {
		p, err := postedByID(ctx, s.db.Read(), id)
		if err != nil || p.Withdrawn {
			return nil, fault.At(fmt.Sprintf("loads[%d]", i), "no_such_load", "There is no such %s.", "load")
		}
		if p, err = s.leftOf(ctx, s.db.Read(), p); err != nil {
			return nil, err
		}
		if p.Waits() {
			out = append(out, p.Left)
		}
	}
	return out, nil
}

// question gathers what a plan is worked out from, and says what can't be part of it.
func (s *Service) question(ctx context.Context, by auth.Actor, in PlanInput) (Question, []Note, error) {
	all, err := s.asked(ctx, by, in)
	if err != nil {
		return Question{}, nil, err
	}
	loads, notes := withoutLargeOrders(all)
	q, err := s.questionOf(ctx, in, loads)
	if fault.Of(err) != nil && len(loads) == 0 && len(notes) > 0 {
		err = fault.New(fault.TooLarge, "order_too_large", "The order %s has more stops than the %d that one plan takes: split it, or plan it as a file.", notes[0].Item, maxPlanLoads)
	}
	return q, notes, err
}

// withoutLargeOrders leaves out orders that have more stops than a whole plan takes, and names them: the rest is planned.
func withoutLargeOrders(all []Load) (rest []Load, notes []Note) {
	stops := map[string]int{}
	for _, l := range all {
		stops[l.Order]++
	}
	for _, l := range all {
		switch n := stops[l.Order]; {
		case l.Order == "" || n <= maxPlanLoads && n > 0:
			rest = append(rest, l)
		case n > 0:
			notes = append(notes, Note{Item: l.Order, Said: wording.Just("order_too_large", wording.Count(n), wording.Count(maxPlanLoads))})
			stops[l.Order] = 0 // named once
		}
	}
	return rest, notes
}

func (s *Service) questionOf(ctx context.Context, in PlanInput, loads []Load) (Question, error) {
	now := s.millis(ctx)
	if in.Day == "" {
		in.Day = dayAt(now)
	}
	if !isDay(in.Day) {
		return Question{}, fault.At("day", "bad_day", "A day is written 2020-02-03.")
	}
	if len(loads) == 0 {
		return Question{}, fault.New(fault.Conflict, "nothing_to_ship", "Nothing waits for a truck.")
	}
	if len(loads) > maxPlanLoads {
		return Question{}, fault.New(fault.TooLarge, "too_many_loads", "One plan takes at most %d loads: name the orders.", maxPlanLoads)
	}
	trucks, err := s.trucks(ctx, now)
	if err != nil {
		return Question{}, err
	}
	if trucks, err = only(trucks, in.Trucks); err != nil {
		return Question{}, err
	}
	q := Question{Day: in.Day, Now: now, Loads: loads, Trucks: trucks}
	q.Closed, q.Pins, err = s.orderedNow(ctx, s.db.Read(), min(in.Day, dayAt(now)), loads)
	return q, err
}

// MakePlan works out options for the goods that wait and keeps them.
func (s *Service) MakePlan(ctx context.Context, by auth.Actor, in PlanInput) (Plan, error) {
	q, notes, err := s.question(ctx, by, in)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{ID: store.NewID(), MadeAt: q.Now, Question: q}
	if p.Answer, err = s.answer(ctx, p.Question); err != nil {
		return Plan{}, err
	}
	p.Answer.Notes = append(p.Answer.Notes, notes...)
	return p, s.db.InTx(ctx, func(tx store.Tx) error { return s.keepPlan(ctx, tx, by, p) })
}

// optionLoads is up to how many loads a dispatcher is shown several options; more are planned in one optimisation.
const (
	optionLoads = 24
	dayTime     = 5 * time.Second
)

// answer works a question out: in several ways when it is small, else as one day.
func (s *Service) answer(ctx context.Context, q Question) (Answer, error) {
	if len(q.Loads) > optionLoads {
		return s.desk().Day(ctx, q, Effort{Time: dayTime, Now: time.Now, Workers: 2, Seed: 1}, nil)
	}
	work, err := s.desk().planner(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	return work.answer(ctx)
}

// desk plans with the service's router, and with estimates, which it says, while that can't answer.
func (s *Service) desk() Desk {
	return Desk{Rules: s.rules, Places: s.places, Router: s.router, Spare: places.NewEstimator(s.places)}
}

// only keeps the named offers, or all when none is named.
func only(trucks []Truck, offers []string) ([]Truck, error) {
	if len(offers) == 0 {
		return trucks, nil
	}
	var out []Truck
	for i, id := range offers {
		n := slices.IndexFunc(trucks, func(t Truck) bool { return t.Capacity.ID == id })
		if n < 0 {
			return nil, fault.At(fmt.Sprintf("trucks[%d]", i), "no_such_capacity", "There is no such %s.", "capacity offer")
		}
		out = append(out, trucks[n])
	}
	return out, nil
}

// PlanByID shows a plan to a dispatcher.
func (s *Service) PlanByID(ctx context.Context, by auth.Actor, id string) (Plan, error) {
	if !plans(by) && !by.Is(auth.Auditor) {
		return Plan{}, fault.New(fault.NotFound, "no_such_plan", "There is no such %s.", "plan")
	}
	return planByID(ctx, s.db.Read(), id)
}

// WhatIf gives the options of a plan, trucks and stops unchanged, as they would be under the rules of another day.
func (s *Service) WhatIf(ctx context.Context, by auth.Actor, id, day string) (Answer, error) {
	p, err := s.PlanByID(ctx, by, id)
	if err != nil {
		return Answer{}, err
	}
	if !isDay(day) {
		return Answer{}, fault.At("day", "bad_day", "A day is written 2020-02-03.")
	}
	work := rulesOnly(s.rules, s.places, p.Question)
	return work.whatIf(rules.Day(day), p.Answer), nil
}

func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
