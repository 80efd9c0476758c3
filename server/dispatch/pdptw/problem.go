package pdptw

// Nowhere is the location of a route's open end: driving from or to it takes no time and no distance.
const Nowhere = -1

// Unreachable marks an arc of a Matrix that no vehicle may drive; every negative entry means the same.
const Unreachable = -1

// Problem is what has to be moved, by which vehicles, under which rules. Solve and Verify read it and never change it.
//
// Units: metres, milliseconds (counted from any origin the caller likes, the same everywhere), money in the caller's
// smallest unit (fen, cents). A load dimension has any integer unit, the same in requests and vehicles.
type Problem struct {
	Dimensions int       // number of load dimensions, 0 to 8; every Load and Capacity has this length
	Profiles   []Matrix  // travel tables; a vehicle names the one it drives by
	Requests   []Request // what to move
	Vehicles   []Vehicle // what moves it
	Rules      []Rule    // between two requests
	ClassRules []ClassRule
	Initial    []Initial // a plan to start from, with frozen prefixes; may be empty
}

// Matrix holds distances and durations between Size locations, row by row: from*Size+to. It need be neither symmetric
// nor triangular. A negative entry in either table is an arc that may not be driven.
type Matrix struct {
	Size     int
	Distance []int32 // metres
	Duration []int32 // milliseconds
}

// Window is a span of time, both ends included, in which a service may begin.
type Window struct{ Open, Close int64 }

// Stop is one side of a request.
type Stop struct {
	Location int      // index into the matrices
	Windows  []Window // when service may begin, sorted and apart; empty means always
	Service  int64    // milliseconds from the beginning of service to leaving
}

// Request is a load to be taken from one stop to another by one vehicle.
type Request struct {
	ID       string
	Pickup   *Stop   // nil: the load is on board when the vehicle starts
	Delivery *Stop   // nil: the load stays on board until the route ends
	Load     []int64 // per dimension, not negative

	Skills []string // the vehicle needs all of them
	Only   []int    // vehicles that may serve it; nil means any
	Barred []Bar    // vehicles that may not, each with the caller's own reason

	Optional bool  // may stay unserved at the price of Prize
	Prize    int64 // money lost when an optional request is not served
	Priority int   // among mandatory requests that can't all be served, 0 to 9, higher first; each step counts as ten of the step below

	Class   int            // 0 to 63, for ClassRules and for a vehicle's Surcharge
	Promise *Promise       // a vehicle it was promised to, nil for none
	Prices  []VehiclePrice // extra money for being served by a particular vehicle
}

// Bar forbids a vehicle for a request; Why is handed back in reasons as it is.
type Bar struct {
	Vehicle int
	Why     string
}

// Promise charges Price when the request is served by another vehicle than Vehicle, or by none.
type Promise struct {
	Vehicle int
	Price   int64
}

// VehiclePrice is money added when the request rides on Vehicle; it may be negative.
type VehiclePrice struct {
	Vehicle int
	Price   int64
}

// Vehicle is one vehicle that can drive one route.
type Vehicle struct {
	ID          string
	Profile     int // index into Profiles
	Start, End  int // locations; Nowhere for a route that begins at its first or ends at its last stop
	Shift       Window
	Capacity    []int64
	Skills      []string
	Break       Break
	MaxDuration int64 // milliseconds from leaving Start to reaching End; 0 means no limit
	MaxDistance int64 // metres; 0 means no limit
	MaxStops    int   // visits; 0 means no limit
	FixedCost   int64 // money for using it at all
	PerKm       int64 // money per 1000 metres
	PerHour     int64 // money per hour between leaving Start and reaching End
	Surcharge   Surcharge
	LIFO        bool // what was loaded last is unloaded first
}

// Break asks for a rest of Length after Every milliseconds of driving. The rest is taken on the road at the moment it
// falls due. Waiting at a stop for Length or longer counts as a rest; service does not. The zero value asks for none.
type Break struct{ Every, Length int64 }

// Surcharge is money per 1000 metres on every leg driven, unless the vehicle is full enough of waived goods on that leg:
// everything on board belongs to a class in Waived and in at least one dimension the load is at least Share
// thousandths of the vehicle's capacity. The zero value charges nothing.
type Surcharge struct {
	PerKm  int64
	Share  int    // thousandths of the capacity
	Waived uint64 // bit c stands for class c
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
	Kind RuleKind
	A, B int
}

// ClassRule binds every two different requests of classes A and B. Kinds Apart, InOrder and NotAtOnce.
type ClassRule struct {
	Kind RuleKind
	A, B int
}

// Initial is a route of the plan to start from. The first Frozen visits stay as they are: nothing is put before or
// between them and their requests stay on this vehicle. A visit that can't be kept any more and isn't frozen is
// planned anew.
type Initial struct {
	Vehicle int
	Visits  []Call
	Frozen  int
}

// Call is one visit by name: which request, which side.
type Call struct {
	Request int
	Kind    Kind
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

// MarshalText writes the kind as "pickup" or "delivery".
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
