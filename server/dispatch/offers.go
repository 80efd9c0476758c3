package dispatch

import (
	"context"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
	"jishi/server/store"
)

// OfferCapacity puts a truck on offer.
func (s *Service) OfferCapacity(ctx context.Context, by auth.Actor, in CapacityInput) (CapacityView, error) {
	now := s.millis(ctx)
	if err := in.check(now); err != nil {
		return CapacityView{}, err
	}
	if _, ok := s.places.Division(in.Place.Adcode); !ok && in.Place.Point == (measure.Point{}) {
		return CapacityView{}, fault.At("place", "unknown_place", "Say where the truck stands: a county or a point.")
	}
	if _, ok := s.places.Division(in.ReturnTo); !ok && in.ReturnTo != "" {
		return CapacityView{}, fault.At("return_to", "unknown_area", "There is no area with the code %q.", clip(in.ReturnTo))
	}
	c := Capacity{ID: in.ID, Vehicle: in.Vehicle, Place: s.named(in.Place), From: in.From, Until: in.Until, Price: in.Price, Room: in.Room, Shared: in.Shared,
		ReturnTo: in.ReturnTo, Quarantine: in.Quarantine, Avoids: in.Avoids, Deposit: in.Deposit, Draft: in.Draft, CreatedAt: now}
	if c.ID == "" {
		c.ID = store.NewID()
	}
	var view CapacityView
	err := s.db.InTx(ctx, func(tx store.Tx) error {
		v, err := VehicleByID(ctx, tx, in.Vehicle)
		if err != nil {
			return found(err, "no_such_vehicle", "vehicle")
		}
		actor, err := by.ActFor(v.Carrier, auth.ActHaul)
		if err != nil {
			return fault.New(fault.NotFound, "no_such_vehicle", "There is no such %s.", "vehicle")
		}
		c.Carrier = v.Carrier
		if err = insertCapacity(ctx, tx, c, actor.ID()); err != nil {
			return err
		}
		if view, err = s.viewCapacity(ctx, tx, c); err != nil {
			return err
		}
		if err = s.tell(ctx, tx, c.ID, 0); err != nil {
			return err
		}
		return record(ctx, tx, actor, now, "capacity.offer", "capacity/"+c.ID, "", c)
	})
	return view, err
}

// named gives a stop that has no name of its own the name of its division.
func (s *Service) named(stop orders.Stop) orders.Stop {
	if d, ok := s.places.Division(stop.Adcode); ok && stop.Name == "" {
		stop.Name = d.Name
	}
	return stop
}

// PublishCapacity makes a draft live.
func (s *Service) PublishCapacity(ctx context.Context, by auth.Actor, id string) error {
	return s.onCapacity(ctx, by, id, "capacity.publish", publishCapacity)
}

// WithdrawCapacity takes an offer back; a trip that holds it goes on.
func (s *Service) WithdrawCapacity(ctx context.Context, by auth.Actor, id string) error {
	return s.onCapacity(ctx, by, id, "capacity.withdraw", withdrawCapacity)
}

func (s *Service) onCapacity(ctx context.Context, by auth.Actor, id, act string, do func(context.Context, store.Tx, string) error) error {
	return s.db.InTx(ctx, func(tx store.Tx) error {
		c, err := capacityByID(ctx, tx, id)
		if err != nil {
			return found(err, "no_such_capacity", "capacity offer")
		}
		actor, err := by.ActFor(c.Carrier, auth.ActHaul)
		if err != nil {
			return fault.New(fault.NotFound, "no_such_capacity", "There is no such %s.", "capacity offer")
		}
		if err = do(ctx, tx, id); err != nil {
			return err
		}
		if err = s.tell(ctx, tx, id, 0); err != nil {
			return err
		}
		return record(ctx, tx, actor, s.millis(ctx), act, "capacity/"+id, "", nil)
	})
}

// CapacityView is an offer with its state and the room that may still be promised.
type CapacityView struct {
	Capacity
	State CapacityState
	Left  Room
}

// Capacities lists a carrier's offers, newest first; a dispatcher sees all with carrier "". Standing: without those that are withdrawn or over.
func (s *Service) Capacities(ctx context.Context, by auth.Actor, carrier string, standing bool, after string, n int) ([]CapacityView, error) {
	if err := s.maySeeCarrier(by, carrier); err != nil {
		return nil, err
	}
	list, err := capacitiesPage(ctx, s.db.Read(), carrier, standing, s.millis(ctx), after, page(n))
	if err != nil {
		return nil, err
	}
	out := make([]CapacityView, 0, len(list))
	for _, c := range list {
		view, err := s.viewCapacity(ctx, s.db.Read(), c)
		if err != nil {
			return nil, err
		}
		out = append(out, view)
	}
	return out, nil
}

// CapacityListing is an offer with what everybody may know of the vehicle: its type, not its plate or driver.
type CapacityListing struct {
	CapacityView
	Type rules.TruckType
	Cold bool // it can cool
}

// CapacityListing gives one offer as a list shows it; sql.ErrNoRows when there is none.
func (s *Service) CapacityListing(ctx context.Context, id string) (CapacityListing, error) {
	q := s.db.Read()
	c, err := capacityByID(ctx, q, id)
	if err != nil {
		return CapacityListing{}, err
	}
	view, err := s.viewCapacity(ctx, q, c)
	if err != nil {
		return CapacityListing{}, err
	}
	v, err := VehicleByID(ctx, q, c.Vehicle)
	kind, _ := s.rules.TruckType(v.Type)
	_, cold := v.Cold(v.Limits.Of(kind))
	return CapacityListing{view, kind, cold}, err
}

func (s *Service) viewCapacity(ctx context.Context, q store.Querier, c Capacity) (CapacityView, error) {
	v, err := VehicleByID(ctx, q, c.Vehicle)
	if err != nil {
		return CapacityView{}, err
	}
	kind, _ := s.rules.TruckType(v.Type)
	use, err := s.use(ctx, q, c.ID)
	if err != nil {
		return CapacityView{}, err
	}
	all := whole(v.Limits.Of(kind))
	return CapacityView{Capacity: c, State: c.State(all, use, s.millis(ctx)), Left: c.left(all, use)}, nil
}

// use adds up what trips hold of an offer. What lapsed, was declined or cancelled gives its room back.
func (s *Service) use(ctx context.Context, q store.Querier, capacity string) (Use, error) {
	trips, err := tripsOfCapacity(ctx, q, capacity)
	var u Use
	for _, t := range trips {
		switch state := t.State(s.millis(ctx)); {
		case state == Done:
			u.Done++
		case state.Ended():
			continue
		default:
			u.Open++
		}
		u.Room = u.Room.plus(t.Outline.Fill.room())
	}
	return u, err
}

// trucks gives the offers that may be planned with, with vehicle and type, one per vehicle, the earliest.
func (s *Service) trucks(ctx context.Context, now measure.Millis) ([]Truck, error) {
	open, err := openCapacities(ctx, s.db.Read(), now, maxPlanTrucks)
	if err != nil {
		return nil, err
	}
	var out []Truck
	seen := map[string]bool{}
	for _, c := range open {
		t, ok, err := s.truck(ctx, s.db.Read(), c, now)
		if err != nil {
			return nil, err
		}
		if ok && !seen[c.Vehicle] {
			seen[c.Vehicle] = true
			out = append(out, t)
		}
	}
	return out, nil
}

// truck puts an offer together with its vehicle and its type; false when none of its room may be promised.
func (s *Service) truck(ctx context.Context, q store.Querier, c Capacity, now measure.Millis) (Truck, bool, error) {
	v, err := VehicleByID(ctx, q, c.Vehicle)
	if err != nil {
		return Truck{}, false, err
	}
	kind, ok := s.rules.TruckType(v.Type)
	if !ok {
		return Truck{}, false, nil
	}
	use, err := s.use(ctx, q, c.ID)
	if err != nil {
		return Truck{}, false, err
	}
	kind = v.Limits.Of(kind)
	t := Truck{Vehicle: v, Capacity: c, Type: kind, Left: c.left(whole(kind), use)}
	return t, c.State(whole(kind), use, now).mayBePlanned(), nil
}
