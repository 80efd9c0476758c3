package dispatch

import (
	"cmp"
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
	Reserved   TripState = "reserved"     // the carrier has to answer
	Lapsed     TripState = "lapsed"       // the carrier did not answer in time
	Declined   TripState = "declined"     // the carrier said no
	Cancelled  TripState = "cancelled"    // the dispatcher took it back before loading
	Confirmed  TripState = "confirmed"    // the carrier said yes
	NoShow     TripState = "no_show"      // the truck did not come
	NoGoods    TripState = "no_goods"     // the goods were not there
	AtLoading  TripState = "loading"      // at a ramp where goods are loaded
	Running    TripState = "running"      // on the road with goods
	AtHandOver TripState = "at_hand_over" // at a station, the next driver has not signed
	HandedOver TripState = "handed_over"  // on the road with another driver
	BrokenDown TripState = "breakdown"    // the truck stands with its goods
	Held       TripState = "held"         // nobody may deliver before a second check
	Unloading  TripState = "unloading"    // at a receiver
	Done       TripState = "done"         // every stop is served
)

// EventKind is what somebody reported.
type EventKind string

// The events of a trip.
const (
	EventConfirm     EventKind = "confirm"
	EventDecline     EventKind = "decline"
	EventExpire      EventKind = "expire" // by the clock: nobody answered the tender
	EventCancel      EventKind = "cancel"
	EventReplan      EventKind = "replan" // a plan that goes on from this one does without the trip
	EventNoShow      EventKind = "no_show"
	EventNoGoods     EventKind = "no_goods"
	EventArrive      EventKind = "arrive"
	EventScan        EventKind = "scan" // the other one of the two who load
	EventLoad        EventKind = "load"
	EventDepart      EventKind = "depart"
	EventHandOver    EventKind = "hand_over" // the driver who gives
	EventTakeOver    EventKind = "take_over" // the driver who takes
	EventBreakdown   EventKind = "breakdown"
	EventRepair      EventKind = "repair"
	EventTemperature EventKind = "temperature"
	EventHold        EventKind = "hold"  // by an officer
	EventCheck       EventKind = "check" // the second check, which ends a hold
	EventDeliver     EventKind = "deliver"
	EventBoard       EventKind = "board"     // people get on
	EventAlight      EventKind = "alight"    // people get off
	EventReturn      EventKind = "return"    // goods on board go back to their seller
	EventLost        EventKind = "lost"      // goods on board are given up
	EventTakeBack    EventKind = "take_back" // rejected goods go back to their seller, or are destroyed
	EventDivertAsk   EventKind = "divert_ask"
	EventDivertSay   EventKind = "divert_say" // one answer to it
	EventDivert      EventKind = "divert"
	EventGive        EventKind = "give_haulage" // a carrier drives for nothing
	EventSettle      EventKind = "settle"
)

// onTheWay are the states in which goods are on board or being loaded.
var onTheWay = []TripState{AtLoading, Running, AtHandOver, HandedOver, BrokenDown, Held, Unloading}

// steps says in which states an event may be reported. The clock of the phone decides when it happened, so a
// late report of an arrival is no obstacle to loading.
var steps = map[EventKind][]TripState{
	EventConfirm:     {Reserved},
	EventDecline:     {Reserved},
	EventExpire:      {Lapsed},
	EventCancel:      {Reserved, Lapsed, Confirmed},
	EventReplan:      {Reserved, Lapsed, Confirmed},
	EventNoShow:      {Confirmed},
	EventNoGoods:     {Confirmed, AtLoading},
	EventArrive:      {Confirmed, AtLoading, Running, HandedOver, Held, Unloading},
	EventScan:        {Confirmed, AtLoading, Running},
	EventLoad:        {Confirmed, AtLoading, Running},
	EventDepart:      {AtLoading, Unloading},
	EventHandOver:    {Running, HandedOver, BrokenDown},
	EventTakeOver:    {AtHandOver},
	EventBreakdown:   {Running, HandedOver},
	EventRepair:      {BrokenDown},
	EventTemperature: onTheWay,
	EventHold:        {AtLoading, Running, HandedOver, Unloading},
	EventCheck:       {Held},
	EventDeliver:     {Running, HandedOver, Unloading},
	EventBoard:       {Confirmed, AtLoading, Running},
	EventAlight:      {Running, HandedOver, Unloading},
	EventReturn:      {Running, HandedOver, BrokenDown, Held, Unloading},
	EventLost:        {Running, AtHandOver, HandedOver, BrokenDown, Held},
	EventTakeBack:    {Unloading, Running, HandedOver, Done},
	EventDivertAsk:   onTheWay,
	EventDivertSay:   onTheWay,
	EventDivert:      onTheWay,
	EventGive:        {Confirmed, AtLoading, Running, AtHandOver, HandedOver, BrokenDown, Held, Unloading, Done},
	EventSettle:      {Done},
}

// Event is one report. ActedAt is when it happened by the device's clock, SyncedAt when it reached us: a phone may be
// offline for hours.
type Event struct {
	ID       string          `json:"id"`
	Trip     string          `json:"trip"`
	ClientID string          `json:"client_id"` // made on the device; the same one again has no second effect
	Stop     int             `json:"stop"`      // index, -1 for none
	Kind     EventKind       `json:"kind"`
	ActedAt  measure.Millis  `json:"acted_at"`
	SyncedAt measure.Millis  `json:"synced_at"`
	ClockOff measure.Millis  `json:"clock_off_ms"` // how far the device's clock was ahead, 0: right or not known
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
	scanned   map[string]ScannedLine // by consignment, by whoever did not weigh
	boarded   map[string]int         // people by consignment
	alighted  map[string]int
	delivered map[int]bool // by stop: signed for, returned or given up
	handOvers []HandOver   // those that were signed for
	giving    *HandOver    // the one that waits for the next driver
	hold      *Hold        // why nobody may deliver, nil for no hold
	cold      coldChain
	asked     *DivertAsk // the diversion that waits for answers
	given     []string   // carriers that give their haulage
	extra     []extraWay // what diversions made of the way and of its price, the first one first
}

// replay reads the events' content once, so that the rules below need no JSON.
func (t *Trip) replay() error {
	t.loaded, t.scanned, t.delivered = map[string]WeighedLine{}, map[string]ScannedLine{}, map[int]bool{}
	t.boarded, t.alighted = map[string]int{}, map[string]int{}
	t.handOvers, t.giving, t.hold, t.asked, t.given, t.extra, t.cold = nil, nil, nil, nil, nil, nil, newColdChain()
	for _, e := range t.Events {
		if err := t.take(e); err != nil {
			return fmt.Errorf("trip %s, event %s: %w", t.ID, e.ID, err)
		}
	}
	return nil
}

// takers read the content of the events that leave more behind than a state.
var takers = map[EventKind]func(t *Trip, e Event) error{
	EventLoad: reading(func(t *Trip, _ Event, w Weighing) {
		for _, l := range w.Lines {
			t.loaded[l.Consignment] = l
		}
	}),
	EventScan: reading(func(t *Trip, _ Event, s Scan) {
		for _, l := range s.Lines {
			t.scanned[l.Consignment] = l
		}
	}),
	EventBoard: reading(func(t *Trip, _ Event, b Boarding) {
		for _, r := range b.Riders {
			t.boarded[r.Consignment]++
		}
	}),
	EventAlight: reading(func(t *Trip, e Event, a Alighting) {
		t.delivered[e.Stop] = true
		for _, l := range a.Lines {
			t.alighted[l.Consignment] += l.People
		}
	}),
	EventDeliver:     func(t *Trip, e Event) error { t.delivered[e.Stop] = true; return nil },
	EventReturn:      func(t *Trip, e Event) error { t.delivered[e.Stop] = true; return nil },
	EventLost:        reading(func(t *Trip, _ Event, l Loss) { t.giveUp(l) }),
	EventHandOver:    reading(func(t *Trip, e Event, h HandOver) { t.hand(e, h) }),
	EventTakeOver:    func(t *Trip, e Event) error { t.taken(e); return nil },
	EventTemperature: reading(func(t *Trip, _ Event, l ReadLog) { t.feel(l) }),
	EventHold:        reading(func(t *Trip, e Event, h Hold) { h.At = e.At(); t.hold = &h }),
	EventCheck:       reading(func(t *Trip, _ Event, c Check) { t.checked(c) }),
	EventDivertAsk:   reading(func(t *Trip, e Event, a DivertAsk) { a.Stop = e.Stop; t.asked = &a }),
	EventDivertSay:   reading(func(t *Trip, _ Event, a DivertSay) { t.said(a) }),
	EventDivert:      reading(func(t *Trip, e Event, d Diversion) { t.turn(e.Stop, d, e.SyncedAt) }),
	EventGive:        reading(func(t *Trip, _ Event, g Giving) { t.given = append(t.given, g.Carrier) }),
}

// reading decodes an event's content before it is taken.
func reading[T any](take func(t *Trip, e Event, content T)) func(*Trip, Event) error {
	return func(t *Trip, e Event) error {
		var content T
		if err := json.Unmarshal(e.Body, &content); err != nil {
			return err
		}
		take(t, e, content)
		return nil
	}
}

func (t *Trip) take(e Event) error {
	if take, ok := takers[e.Kind]; ok {
		return take(t, e)
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
	switch {
	case state.Ended():
		return state
	case t.hold != nil:
		return Held
	case t.giving != nil:
		return AtHandOver
	}
	return state
}

// reported is where the trip stands by what was reported alone, whatever the clock says.
func (t Trip) reported() TripState { return t.State(0) }

// done reports whether every stop is served.
func (t Trip) done() bool { return t.reported() == Done }

// becomes are the states that an event alone decides.
var becomes = map[EventKind]TripState{
	EventConfirm: Confirmed, EventDecline: Declined, EventExpire: Lapsed, EventCancel: Cancelled, EventReplan: Cancelled, EventNoShow: NoShow, EventNoGoods: NoGoods,
	EventDepart: Running, EventTakeOver: HandedOver, EventHandOver: HandedOver, EventBreakdown: BrokenDown, EventRepair: Running,
}

func (t Trip) after(state TripState, e Event) TripState {
	if to, ok := becomes[e.Kind]; ok {
		return to
	}
	switch e.Kind {
	case EventArrive, EventLoad, EventBoard:
		if t.Outline.Stops[e.Stop].Kind == LoadStop {
			return AtLoading
		}
		return Unloading
	case EventDivert:
		if state == Unloading && t.sentOn(e) {
			return Running
		}
	case EventDeliver, EventAlight, EventReturn, EventLost:
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
	switch s {
	case Lapsed, Declined, Cancelled, NoShow, NoGoods, Done:
		return true
	}
	return false
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

// Served reports whether the truck has left a stop, or its goods there were signed for.
func (t Trip) Served(n int) bool {
	_, left := t.event(EventDepart, n)
	return left || t.delivered[n]
}

// ArrivesAt tells when the truck came to a stop, or by its plan will come.
func (t Trip) ArrivesAt(stop int) measure.Millis {
	if e, came := t.event(EventArrive, stop); came && t.there(stop) {
		return e.At()
	}
	return t.Outline.Stops[stop].Arrive
}

// EndedAt tells when the last goods of a trip were signed for, came back or were given up; by its plan, where it carried none.
func (t Trip) EndedAt() measure.Millis {
	last := t.lastDelivery()
	if e, lost := t.last(EventLost); lost {
		last = max(last, e.At())
	}
	return cmp.Or(last, t.Outline.Done)
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

// last gives the latest report of a kind.
func (t Trip) last(kind EventKind) (Event, bool) {
	for _, e := range slices.Backward(t.Events) {
		if e.Kind == kind {
			return e, true
		}
	}
	return Event{}, false
}

// Act is one event as the audit keeps it, with all that an export of trace events asks for: when by our clock and by the
// device's, where, which goods, on which truck.
type Act struct {
	Trip         string          `json:"trip"`
	Number       string          `json:"number"`
	Plate        string          `json:"plate"`
	Stop         int             `json:"stop"`
	Place        string          `json:"place"`
	Adcode       string          `json:"adcode"`
	ActedAt      measure.Millis  `json:"acted_at"`
	SyncedAt     measure.Millis  `json:"synced_at"`
	ClockOff     measure.Millis  `json:"clock_off_ms"`
	Consignments []ActGoods      `json:"consignments"`
	Content      json.RawMessage `json:"content"`
}

// ActGoods is what an act was about.
type ActGoods struct {
	Consignment string `json:"consignment"`
	Lot         string `json:"lot"`
	Order       string `json:"order"`
}

// act describes an event for the audit.
func (t Trip) act(e Event) Act {
	a := Act{Trip: t.ID, Number: t.Number, Plate: t.Plate(), Stop: e.Stop, ActedAt: e.ActedAt, SyncedAt: e.SyncedAt, ClockOff: e.ClockOff, Content: e.Body}
	if e.Stop >= 0 {
		a.Place, a.Adcode = t.Outline.Stops[e.Stop].Place.Name, t.Outline.Stops[e.Stop].Place.Adcode
	}
	if h := len(t.handOvers); h > 0 && (e.Kind == EventHandOver || e.Kind == EventTakeOver) {
		a.Place, a.Adcode = t.handOvers[h-1].Station, t.handOvers[h-1].Adcode
	}
	for _, c := range t.Consignments {
		if e.Stop < 0 || c.LoadStop == e.Stop || c.UnloadStop == e.Stop {
			a.Consignments = append(a.Consignments, ActGoods{Consignment: c.ID, Lot: c.Load.Lot, Order: c.Load.Order})
		}
	}
	return a
}

// Plate is that of the truck that has the goods now.
func (t Trip) Plate() string {
	at := t.Outline.Truck.Vehicle.Plate
	for _, h := range t.handOvers {
		if h.Plate != "" {
			at = h.Plate
		}
	}
	return at
}
