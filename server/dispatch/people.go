package dispatch

import (
	"context"
	"fmt"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/rules"
	"jishi/server/store"
)

// Boarding is the list of a coach at one stop: who goes with it, and the temperature of each rider. It holds no names: the
// paper list with names stays with the officer.
type Boarding struct {
	Officer string  `json:"officer"` // the safety officer on board
	Riders  []Rider `json:"riders"`
}

// Rider is one person on the list.
type Rider struct {
	Consignment string `json:"consignment"` // group
	Seat        int    `json:"seat"`
	Tenths      int    `json:"temperature_tenths"` // °C
}

// Alighting is how many of each group got off.
type Alighting struct {
	Lines []AlightedLine `json:"lines"`
}

// AlightedLine is one group at its end.
type AlightedLine struct {
	Consignment string `json:"consignment"`
	People      int    `json:"people"`
	Reason      string `json:"reason"` // needed when fewer get off than got on
}

// carriesPeople reports whether the stop is for people.
func (t Trip) carriesPeople(stop int, kind StopKind) bool {
	return slices.ContainsFunc(t.at(stop, kind), func(c Consignment) bool { return c.Load.People > 0 })
}

// goodsOnly refuses a weighing where people get on or off.
func (t Trip) goodsOnly(stop int, kind StopKind) error {
	if t.carriesPeople(stop, kind) {
		return fault.New(fault.Conflict, "people_board", "People get on and off here: send the list, not a weight.")
	}
	return nil
}

// check holds the list against the groups, the seats that may be taken and the limit of fever.
func (b Boarding) check(t Trip, stop int, day rules.Day, book *rules.Book) error {
	if b.Officer == "" || len(b.Officer) > 60 {
		return fault.At("officer", "required", "Name the safety officer on board.")
	}
	allowed, _ := book.SeatCap(day, t.Outline.Truck.Type.Seats)
	if len(b.Riders) == 0 || len(b.Riders) > allowed {
		return fault.At("riders", "seat_cap", "On %s this coach takes between 1 and %d people.", string(day), allowed)
	}
	seats, counts := map[int]bool{}, map[string]int{}
	fever, _ := book.Fever(day)
	for i, r := range b.Riders {
		field := fmt.Sprintf("riders[%d]", i)
		c, ok := t.consignment(r.Consignment)
		switch {
		case !ok || c.LoadStop != stop:
			return fault.At(field+".consignment", "not_loaded_here", "This consignment is not loaded here, or is named twice.")
		case r.Seat < 1 || r.Seat > t.Outline.Truck.Type.Seats || seats[r.Seat]:
			return fault.At(field+".seat", "bad_seat", "Seat %d does not exist or is taken.", r.Seat)
		case r.Tenths < 300 || r.Tenths > 450:
			return fault.At(field+".temperature", "bad_body_temperature", "A person's temperature lies between 30 and 45 °C.")
		case fever > 0 && r.Tenths >= fever:
			return fault.At(field+".temperature", "fever", "From %s °C on nobody rides: he is looked at first.", tenths(fever))
		}
		seats[r.Seat] = true
		counts[r.Consignment]++
		if counts[r.Consignment] > c.Load.People {
			return fault.At(field, "more_than_planned", "The group has %d people on this coach.", c.Load.People)
		}
	}
	return nil
}

func (a Alighting) check(t Trip, stop int) error {
	want := t.at(stop, UnloadStop)
	if len(a.Lines) != len(want) {
		return fault.At("lines", "every_consignment", "Name each of the %d consignments that are loaded here once.", len(want))
	}
	seen := map[string]bool{}
	for i, l := range a.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		c, ok := t.consignment(l.Consignment)
		switch {
		case !ok || c.UnloadStop != stop || seen[l.Consignment]:
			return fault.At(field+".consignment", "not_loaded_here", "This consignment is not loaded here, or is named twice.")
		case l.People < 0 || l.People > t.boarded[c.ID]:
			return fault.At(field+".people", "more_than_boarded", "%d people got on: %d can't get off.", t.boarded[c.ID], l.People)
		case l.People < t.boarded[c.ID] && l.Reason == "":
			return fault.At(field+".reason", "required", "Say where the missing people got off.")
		}
		seen[l.Consignment] = true
	}
	return nil
}

// Board says who got on.
func (s *Service) Board(ctx context.Context, by auth.Actor, trip string, stop int, r Report, b Boarding) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventBoard, stop: stop, sent: b,
		may: func(t Trip) bool { return drives(by, t) },
		apply: func(_ context.Context, _ store.Tx, t Trip, e Event) (any, error) {
			if err := t.stop(stop, LoadStop); err != nil {
				return nil, err
			}
			if _, done := t.event(EventBoard, stop); done {
				return nil, fault.New(fault.Conflict, "boarded_already", "The list of this stop was sent already.")
			}
			return b, b.check(t, stop, rules.Day(dayAt(e.At())), s.rules)
		}})
}

// Alight says how many of each group got off at its end.
func (s *Service) Alight(ctx context.Context, by auth.Actor, trip string, stop int, r Report, a Alighting) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventAlight, stop: stop, sent: a,
		may: func(t Trip) bool {
			return drives(by, t) || stop >= 0 && stop < len(t.Outline.Stops) && by.MayActFor(t.Outline.Stops[stop].Party, auth.ActReceive)
		},
		apply: func(_ context.Context, _ store.Tx, t Trip, _ Event) (any, error) {
			if err := t.undelivered(stop); err != nil {
				return nil, err
			}
			return a, a.check(t, stop)
		}})
}
