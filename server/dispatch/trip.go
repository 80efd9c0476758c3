package dispatch

import (
	"encoding/json"
	"fmt"
	"slices"

	"jishi/server/fault"
	"jishi/server/measure"
)

// TripState is where a trip stands. It is worked out from what people reported, never typed in.
type TripState string

// The states of a trip.
const (
	Reserved   TripState = "reserved"    // the carrier has to answer
	Lapsed     TripState = "lapsed"      // the carrier did not answer in time
	Declined   TripState = "declined"    // the carrier said no
	Cancelled  TripState = "cancelled"   // the dispatcher took it back before loading
	Confirmed  TripState = "confirmed"   // the carrier said yes
	AtLoading  TripState = "loading"     // at a ramp where goods are loaded
	Running    TripState = "running"     // on the road with goods
	HandedOver TripState = "handed_over" // on the road with another driver
	Unloading  TripState = "unloading"   // at a receiver
	Done       TripState = "done"        // every stop is served
)

// EventKind is what somebody reported.
type EventKind string

// The events of a trip.
const (
	EventConfirm  EventKind = "confirm"
	EventDecline  EventKind = "decline"
	EventCancel   EventKind = "cancel"
	EventArrive   EventKind = "arrive"
	EventLoad     EventKind = "load"
	EventDepart   EventKind = "depart"
	EventHandOver EventKind = "hand_over"
	EventDeliver  EventKind = "deliver"
	EventDivert   EventKind = "divert"
	EventSettle   EventKind = "settle"
)

// steps says in which states an event may be reported. The clock of the phone decides when it happened, so a
// late report of an arrival is no obstacle to loading.
var steps = map[EventKind][]TripState{
	EventConfirm:  {Reserved},
	EventDecline:  {Reserved},
	EventCancel:   {Reserved, Lapsed, Confirmed},
	EventArrive:   {Confirmed, AtLoading, Running, HandedOver, Unloading},
	EventLoad:     {Confirmed, AtLoading, Running},
	EventDepart:   {AtLoading, Unloading},
	EventHandOver: {Running, HandedOver},
	EventDeliver:  {Running, HandedOver, Unloading},
	EventDivert:   {AtLoading, Running, HandedOver, Unloading},
	EventSettle:   {Done},
}

// Event is one report. ActedAt is when it happened, SyncedAt when it reached us: a phone may be offline for hours.
type Event struct {
	ID       string          `json:"id"`
	Trip     string          `json:"trip"`
	ClientID string          `json:"client_id"` // made on the device; the same one again has no second effect
	Stop     int             `json:"stop"`      // index, -1 for none
	Kind     EventKind       `json:"kind"`
	ActedAt  measure.Millis  `json:"acted_at"`
	SyncedAt measure.Millis  `json:"synced_at"`
	By       string          `json:"by"`
	Body     json.RawMessage `json:"body"`
}

// Consignment is what one trip carries from one seller to one receiver out of one allocation.
type Consignment struct {
	ID         string `json:"id"`
	Load       Load   `json:"load"`
	Layer      int    `json:"layer"` // 1 stands at the front wall
	LoadStop   int    `json:"load_stop"`
	UnloadStop int    `json:"unload_stop"`
}

// Trip is one vehicle's run with what was reported of it.
type Trip struct {
	ID           string         `json:"id"`
	Plan         string         `json:"plan"`
	Vehicle      string         `json:"vehicle"`
	Capacity     string         `json:"capacity"`
	Carrier      string         `json:"carrier"`
	Number       string         `json:"number"`
	Outline      PlannedTrip    `json:"outline"`
	AnswerBy     measure.Millis `json:"answer_by"`
	MadeAt       measure.Millis `json:"made_at"`
	Consignments []Consignment  `json:"consignments"`
	Events       []Event        `json:"events"`

	parties   []string
	loaded    map[string]WeighedLine // by consignment
	delivered map[int]bool           // by stop
	handOvers []HandOver
}

// replay reads the events' content once, so that the rules below need no JSON.
func (t *Trip) replay() error {
	t.loaded, t.delivered, t.handOvers = map[string]WeighedLine{}, map[int]bool{}, nil
	for _, e := range t.Events {
		if err := t.take(e); err != nil {
			return fmt.Errorf("trip %s, event %s: %w", t.ID, e.ID, err)
		}
	}
	return nil
}

func (t *Trip) take(e Event) error {
	switch e.Kind {
	case EventLoad:
		var w Weighing
		if err := json.Unmarshal(e.Body, &w); err != nil {
			return err
		}
		for _, l := range w.Lines {
			t.loaded[l.Consignment] = l
		}
	case EventDeliver:
		t.delivered[e.Stop] = true
	case EventHandOver:
		var h HandOver
		if err := json.Unmarshal(e.Body, &h); err != nil {
			return err
		}
		h.At = e.ActedAt
		t.handOvers = append(t.handOvers, h)
	case EventDivert:
		var d Diversion
		if err := json.Unmarshal(e.Body, &d); err != nil {
			return err
		}
		t.Outline.Stops[e.Stop].Place, t.Outline.Stops[e.Stop].Party = d.Place, d.Party
	}
	return nil
}

// State is where the trip stands at an instant.
func (t Trip) State(now measure.Millis) TripState {
	state := Reserved
	if now > t.AnswerBy {
		state = Lapsed
	}
	for _, e := range t.Events {
		state = t.after(state, e)
	}
	return state
}

func (t Trip) after(state TripState, e Event) TripState {
	switch e.Kind {
	case EventConfirm:
		return Confirmed
	case EventDecline:
		return Declined
	case EventCancel:
		return Cancelled
	case EventArrive, EventLoad:
		if t.Outline.Stops[e.Stop].Kind == LoadStop {
			return AtLoading
		}
		return Unloading
	case EventDepart:
		return Running
	case EventHandOver:
		return HandedOver
	case EventDeliver:
		if t.served() {
			return Done
		}
		return Unloading
	}
	return state
}

// served reports whether every unloading stop with goods on board was served.
func (t Trip) served() bool {
	for n, s := range t.Outline.Stops {
		if s.Kind == UnloadStop && !t.delivered[n] {
			return false
		}
	}
	return true
}

// Ended reports whether the truck is free again.
func (s TripState) Ended() bool {
	return s == Lapsed || s == Declined || s == Cancelled || s == Done
}

// may refuses an event that does not fit the state.
func (t Trip) may(kind EventKind, now measure.Millis) error {
	state := t.State(now)
	if slices.Contains(steps[kind], state) {
		return nil
	}
	return fault.New(fault.Conflict, "not_in_this_state", "The trip is %s: %s is not possible now.", state, kind)
}

// stop checks the index of a stop and its kind.
func (t Trip) stop(n int, kinds ...StopKind) error {
	if n < 0 || n >= len(t.Outline.Stops) {
		return fault.New(fault.NotFound, "no_such_stop", "The trip has no such stop.")
	}
	if len(kinds) > 0 && !slices.Contains(kinds, t.Outline.Stops[n].Kind) {
		return fault.New(fault.Conflict, "wrong_stop", "Stop %d is for: %s.", n, t.Outline.Stops[n].Kind)
	}
	return nil
}

func (t Trip) consignment(id string) (Consignment, bool) {
	for _, c := range t.Consignments {
		if c.ID == id {
			return c, true
		}
	}
	return Consignment{}, false
}

// event gives the first report of a kind at a stop, or at any stop when stop is negative.
func (t Trip) event(kind EventKind, stop int) (Event, bool) {
	for _, e := range t.Events {
		if e.Kind == kind && (stop < 0 || e.Stop == stop) {
			return e, true
		}
	}
	return Event{}, false
}
