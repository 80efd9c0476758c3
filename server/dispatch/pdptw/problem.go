package pdptw

import "fmt"

// Nowhere is the location of a route's open end: driving from or to it takes no time and no distance.
const Nowhere = -1

// Unreachable marks an arc of a Matrix that no vehicle may drive; every negative entry means the same.
const Unreachable = -1

// Problem is what has to be moved, by which vehicles, under which rules. Solve and Verify read it and never change it.
//
// Units: metres, milliseconds (counted from any origin the caller likes, the same everywhere), money in the caller's
// smallest unit (fen, cents). A load dimension has any integer unit, the same in requests and vehicles.
type Problem struct {
	Dimensions int         `json:"dimensions"` // number of load dimensions, 0 to 8; every Load and Capacity has this length
	Profiles   []Matrix    `json:"profiles"`   // travel tables; a vehicle names the one it drives by
	Requests   []Request   `json:"requests"`   // what to move
	Vehicles   []Vehicle   `json:"vehicles"`   // what moves it
	Rules      []Rule      `json:"rules"`      // between two requests
	ClassRules []ClassRule `json:"class_rules"`
	Initial    []Initial   `json:"initial"` // a plan to start from, with frozen prefixes; may be empty
}

// Matrix holds distances and durations between Size locations, row by row: from*Size+to. It need be neither symmetric
// nor triangular. A negative entry in either table is an arc that may not be driven.
type Matrix struct {
	Size     int     `json:"size"`
	Distance []int32 `json:"distance"` // metres
	Duration []int32 `json:"duration"` // milliseconds
}

// Window is a span of time, both ends included, in which a service may begin.
type Window struct {
	Open  int64 `json:"open"`
	Close int64 `json:"close"`
}

// Stop is one side of a request.
type Stop struct {
	Location int      `json:"location"` // index into the matrices
	Windows  []Window `json:"windows"`  // when service may begin, sorted and apart; empty means always
	Service  int64    `json:"service"`  // milliseconds from the beginning of service to leaving
}

// Request is a load to be taken from one stop to another by one vehicle.
type Request struct {
	ID       string  `json:"id"`
	Pickup   *Stop   `json:"pickup"`   // nil: the load is on board when the vehicle starts
	Delivery *Stop   `json:"delivery"` // nil: the load stays on board until the route ends
	Load     []int64 `json:"load"`     // per dimension, not negative

	Skills []string `json:"skills"` // the vehicle needs all of them
	Only   []int    `json:"only"`   // vehicles that may serve it; nil means any
	Barred []Bar    `json:"barred"` // vehicles that may not, each with the caller's own reason

	Optional bool  `json:"optional"` // may stay unserved at the price of Prize
	Prize    int64 `json:"prize"`    // money lost when an optional request is not served
	Priority int   `json:"priority"` // among mandatory requests that can't all be served, 0 to 9, higher first; each step counts as ten of the step below

	Class   int            `json:"class"`   // 0 to 63, for ClassRules and for a vehicle's Surcharge
	Area    int            `json:"area"`    // 0 to 63, for a vehicle's Entries; 0 is no area
	Promise *Promise       `json:"promise"` // a vehicle it was promised to, nil for none
	Prices  []VehiclePrice `json:"prices"`  // extra money for being served by a particular vehicle
}

// Bar forbids a vehicle for a request; Why is handed back in reasons as it is.
type Bar struct {
	Vehicle int    `json:"vehicle"`
	Why     string `json:"why"`
}

// Promise charges Price when the request is served by another vehicle than Vehicle, or by none.
type Promise struct {
	Vehicle int   `json:"vehicle"`
	Price   int64 `json:"price"`
}

// VehiclePrice is money added when the request rides on Vehicle; it may be negative.
type VehiclePrice struct {
	Vehicle int   `json:"vehicle"`
	Price   int64 `json:"price"`
}

// Vehicle is one vehicle that can drive one route.
//
// In a span of Standing (the nights of a coach) it drives no metre: on the road it halts at Open and goes on at Close, and what it is to
// leave within the span it leaves at Close. To arrive at Open, and to load, unload, wait and rest within the span, is allowed. The
// standing counts as a rest where it is as long as one, and its time counts for MaxDuration and PerHour.
type Vehicle struct {
	ID          string    `json:"id"`
	Profile     int       `json:"profile"` // index into Profiles
	Start       int       `json:"start"`   // location
	End         int       `json:"end"`     // location; Nowhere for a route that begins at its first or ends at its last stop
	Shift       Window    `json:"shift"`
	LeaveBy     int64     `json:"leave_by"` // last moment to leave Start; 0 means the end of the shift
	Capacity    []int64   `json:"capacity"`
	Skills      []string  `json:"skills"`
	Break       Break     `json:"break"`
	Standing    []Window  `json:"standing"`     // spans in which it may not drive, sorted and apart
	MaxDuration int64     `json:"max_duration"` // milliseconds from leaving Start to reaching End; 0 means no limit
	MaxDistance int64     `json:"max_distance"` // metres; 0 means no limit
	MaxStops    int       `json:"max_stops"`    // visits; 0 means no limit
	FixedCost   int64     `json:"fixed_cost"`   // money for using it at all
	PerKm       int64     `json:"per_km"`       // money per 1000 metres
	PerHour     int64     `json:"per_hour"`     // money per hour between leaving Start and reaching End
	Minimum     int64     `json:"minimum"`      // money that the three above come to at least for a vehicle that is used; 0 for none
	Surcharge   Surcharge `json:"surcharge"`
	Home        Home      `json:"home"`
	Entries     []Entry   `json:"entries"` // at most one for each area
	LIFO        bool      `json:"lifo"`    // what was loaded last is unloaded first
}

// Break asks for a rest of Length after Every milliseconds of driving. The rest is taken on the road at the moment it
// falls due. Waiting at a stop for Length or longer counts as a rest; service does not. The zero value asks for none.
type Break struct {
	Every  int64 `json:"every"`  // milliseconds of driving
	Length int64 `json:"length"` // milliseconds
}

// Surcharge is money per 1000 metres on every leg driven, unless the vehicle is full enough of waived goods on that leg:
// everything on board belongs to a class in Waived and in at least one dimension the load is at least Share
// thousandths of the vehicle's capacity. The zero value charges nothing.
type Surcharge struct {
	PerKm  int64  `json:"per_km"`
	Share  int    `json:"share"`  // thousandths of the capacity
	Waived uint64 `json:"waived"` // bit c stands for class c
}

// Home is where a vehicle with an open end would like to be when its route is over, and what being 1000 metres away from it is
// worth. A route is charged PerKm for the road from its last stop to Location, less that from Start: unused, the vehicle would have
// the latter before it. So a route that leads home costs less than nothing, and one that leads away costs more. The road home takes
// no time, and counts in no limit and no distance. Where it is missing from either place, nothing is charged. The zero value
// charges nothing.
type Home struct {
	Location int   `json:"location"` // index into the matrices
	PerKm    int64 `json:"per_km"`   // money per 1000 metres
}

// Entry is money charged once for a route with requests of an Area, however many they are.
type Entry struct {
	Area  int   `json:"area"` // 1 to 63
	Price int64 `json:"price"`
}

// RuleKind says what a Rule or ClassRule asks of two requests.
type RuleKind string

const (
	Together  RuleKind = "together"    // on the same vehicle, or both unserved (Rule only)
	Apart     RuleKind = "apart"       // never in the same route
	InOrder   RuleKind = "in_order"    // in the same route, A's last stop comes before B's first
	NotAtOnce RuleKind = "not_at_once" // may share a route, but are never on board at the same time
)

// Rule binds requests A and B, given by index.
type Rule struct {
	Kind RuleKind `json:"kind"`
	A    int      `json:"a"`
	B    int      `json:"b"`
}

// ClassRule binds every two different requests of classes A and B. Kinds Apart, InOrder and NotAtOnce.
type ClassRule struct {
	Kind RuleKind `json:"kind"`
	A    int      `json:"a"`
	B    int      `json:"b"`
}

// Initial is a route of the plan to start from. The first Frozen visits stay as they are: nothing is put before or
// between them and their requests stay on this vehicle. A visit that can't be kept any more and isn't frozen is
// planned anew. What frozen visits break by themselves (a window, a limit, a request that should ride with them and can't) is
// not held against the plan. There has to be a road from the last of them to the end of the route.
type Initial struct {
	Vehicle int    `json:"vehicle"`
	Visits  []Call `json:"visits"`
	Frozen  int    `json:"frozen"`
}

// Call is one visit by name: which request, which side.
type Call struct {
	Request int  `json:"request"`
	Kind    Kind `json:"kind"`
}

// Kind is a side of a request.
type Kind uint8

const (
	Pickup   Kind = iota // loading
	Delivery             // unloading
)

func (k Kind) String() string {
	if k == Pickup {
		return "pickup"
	}
	return "delivery"
}

// UnmarshalText reads what MarshalText wrote.
func (k *Kind) UnmarshalText(text []byte) error {
	switch string(text) {
	case "pickup":
		*k = Pickup
	case "delivery":
		*k = Delivery
	default:
		return fmt.Errorf("a kind is pickup or delivery, not %q", text)
	}
	return nil
}

// MarshalText writes the kind as "pickup" or "delivery".
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
