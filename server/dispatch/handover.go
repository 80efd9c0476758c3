package dispatch

import (
	"cmp"
	"context"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
	"jishi/server/store"
)

// HandOver is the change of driver, or of truck, at a transfer station (中转调运站) or where a truck broke down. It counts
// once both drivers signed: the next one by a report of his own, or on the screen of the one who gives.
type HandOver struct {
	Station   string         `json:"station"`
	Adcode    string         `json:"adcode"`
	Driver    string         `json:"driver"`  // who drives on
	Licence   string         `json:"licence"` // his driving licence
	Plate     string         `json:"vehicle"` // the truck that drives on, "" for the same
	Colour    string         `json:"plate_colour"`
	Carrier   string         `json:"carrier"`   // party that drives on, "" for the same
	Signature string         `json:"signature"` // photo of the next driver's signature, "" when he reports himself
	Metres    measure.Metres `json:"metres"`    // driven from where the trip began
	At        measure.Millis `json:"-"`         // when it was given
	By        string         `json:"-"`
	TakenAt   measure.Millis `json:"-"`
	TakenBy   string         `json:"-"`
}

// hand adds a hand-over to the trip; without a signature it waits for the next driver.
func (t *Trip) hand(e Event, h HandOver) {
	h.At, h.By = e.At(), e.By
	if h.Signature == "" {
		t.giving = &h
		return
	}
	h.TakenAt, h.TakenBy = e.At(), h.Driver
	t.handOvers = append(t.handOvers, h)
}

// taken is the next driver's own signature.
func (t *Trip) taken(e Event) {
	h := *t.giving
	h.TakenAt, h.TakenBy = e.At(), e.By
	t.handOvers, t.giving = append(t.handOvers, h), nil
}

// driving is the carrier whose truck has the goods now.
func (t Trip) driving() string {
	at := t.Carrier
	for _, h := range t.handOvers {
		if h.Carrier != "" {
			at = h.Carrier
		}
	}
	return at
}

// HandOvers are those both drivers signed for, oldest first.
func (t Trip) HandOvers() []HandOver { return t.handOvers }

// Giving is the hand-over that waits for the next driver's signature, nil for none.
func (t Trip) Giving() *HandOver { return t.giving }

// MayTakeOver reports whether the actor may sign for what is handed over: somebody of the carrier that drives on, other than the giver.
func (t Trip) MayTakeOver(by auth.Actor) bool {
	return t.giving != nil && t.giving.By != by.ID() && takes(by, t)
}

// Stations are those where a trip may be handed over now; none while it may not be.
func (s *Service) Stations(ctx context.Context, t Trip) []rules.Station {
	now := s.millis(ctx)
	if t.may(EventHandOver, now) != nil {
		return nil
	}
	return s.rules.TransferStations(rules.Day(dayAt(now)))
}

// asPlanned fills in what the plan foresees and the driver did not say.
func (h HandOver) asPlanned(r *Relay) HandOver {
	if r == nil || h.Station != "" && h.Station != r.Station.Name {
		return h
	}
	v := r.Truck.Vehicle
	h.Station = r.Station.Name
	if h.Plate == "" || h.Plate == v.Plate {
		h.Plate, h.Colour, h.Carrier = v.Plate, v.PlateColour, v.Carrier
		h.Driver = cmp.Or(h.Driver, v.Driver)
	}
	return h
}

// settle finds the station among those that are open on a day. A broken truck hands over where it stands.
func (h HandOver) settle(broken bool, day rules.Day, book *rules.Book) (HandOver, measure.Point, error) {
	if h.Driver == "" || utf8.RuneCountInString(h.Driver) > 30 || len(h.Plate) > 40 || len(h.Licence) > 18 {
		return h, measure.Point{}, fault.At("driver", "required", "Name the driver who takes over.")
	}
	for _, s := range book.TransferStations(day) {
		if s.Name == h.Station || s.Adcode == h.Station {
			h.Station, h.Adcode = s.Name, s.Adcode
			return h, s.Point, nil
		}
	}
	if broken && h.Station != "" && len(h.Station) <= 200 {
		return h, measure.Point{}, nil
	}
	return h, measure.Point{}, fault.At("station", "no_such_station", "There is no transfer station %q on %s.", h.Station, string(day))
}

// HandOver gives the truck, or its goods, to another driver.
func (s *Service) HandOver(ctx context.Context, by auth.Actor, trip string, r Report, h HandOver) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventHandOver, stop: -1, sent: h,
		may: func(t Trip) bool { return drives(by, t) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			h, at, err := h.asPlanned(t.Outline.Relay).settle(t.State(e.SyncedAt) == BrokenDown, rules.Day(dayAt(e.At())), s.rules)
			if err != nil {
				return nil, err
			}
			if h.Metres, err = s.driven(ctx, t, at); err != nil {
				return nil, err
			}
			return h, admit(ctx, tx, t, h.Carrier)
		}})
}

// admit lets the next carrier see the trip.
func admit(ctx context.Context, tx store.Tx, t Trip, carrier string) error {
	if carrier == "" || carrier == t.Carrier {
		return nil
	}
	if err := isParty(ctx, tx, "carrier", carrier); err != nil {
		return err
	}
	return insertTripParty(ctx, tx, t.ID, carrier)
}

// isParty faults a field that names nobody.
func isParty(ctx context.Context, q store.Querier, field, id string) error {
	known, err := market.PartiesByID(ctx, q, id)
	if _, ok := known[id]; err == nil && !ok {
		err = auth.UnknownParty(field)
	}
	return err
}

// driven is how far a trip has come when its truck stands at a point: to the last stop it served, and on from there. Where
// the point is not known, half of the stretch counts.
func (s *Service) driven(ctx context.Context, t Trip, at measure.Point) (measure.Metres, error) {
	last, next := t.between()
	stretch := t.Outline.Stops[next].Metres - t.Outline.Stops[last].Metres
	from := t.Outline.Stops[last]
	if at == (measure.Point{}) {
		return from.Metres + stretch/2, nil
	}
	point, ok := s.pointOf(from.Place)
	if !ok {
		return from.Metres + stretch/2, nil
	}
	table, err := s.router.Table(ctx, []measure.Point{point}, []measure.Point{at})
	if err != nil {
		return 0, err
	}
	return from.Metres + min(max(table.Metres[0][0], 0), stretch), nil
}

// pointOf gives the coordinates of a stop, or its county's.
func (s *Service) pointOf(stop orders.Stop) (measure.Point, bool) {
	if stop.Point != (measure.Point{}) {
		return stop.Point, true
	}
	d, ok := s.places.Division(stop.Adcode)
	return d.Point, ok && d.Point != (measure.Point{})
}

// between gives the stop the truck left last and the one it drives to.
func (t Trip) between() (last, next int) {
	for n := range t.Outline.Stops {
		if t.delivered[n] {
			last = n
		} else if _, loaded := t.event(EventLoad, n); loaded {
			last = n
		}
	}
	return last, min(last+1, len(t.Outline.Stops)-1)
}

// TakeOver is the signature of the driver who drives on. Nobody signs for both sides.
func (s *Service) TakeOver(ctx context.Context, by auth.Actor, trip string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventTakeOver, stop: -1,
		may: func(t Trip) bool { return t.giving != nil && takes(by, t) || t.giving == nil && drives(by, t) },
		apply: func(_ context.Context, _ store.Tx, t Trip, e Event) (any, error) {
			if t.giving.By == e.By {
				return nil, fault.New(fault.Conflict, "signed_both", "The driver who takes over has to sign himself.")
			}
			return nil, nil
		}})
}

// takes reports whether the actor belongs to the carrier that drives on.
func takes(by auth.Actor, t Trip) bool {
	carrier := t.giving.Carrier
	if carrier == "" {
		carrier = t.driving()
	}
	return by.Can(auth.Driver, carrier) || by.MayActFor(carrier, auth.ActHaul) || plans(by)
}
