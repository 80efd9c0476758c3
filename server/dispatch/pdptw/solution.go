package pdptw

// Solution is a plan that breaks no hard rule, and what it leaves out.
type Solution struct {
	Routes     []Route // vehicles in use, by index
	Cost       Cost
	Unserved   []Unserved // by request
	Unused     []Unused   // by vehicle
	Iterations int        // done by each worker
}

// Route is what one vehicle does. Leaving is as late as possible without a later return.
type Route struct {
	Vehicle  int
	Depart   int64 // milliseconds, leaving the start
	Return   int64 // milliseconds, reaching the end; with an open end, leaving the last stop
	Visits   []Visit
	Rests    []Halt // that a Break asks for
	Stands   []Halt // that Vehicle.Standing asks for
	Distance int64  // metres
	Driving  int64  // milliseconds, halts not counted
	Waiting  int64  // milliseconds
	Service  int64  // milliseconds
	Cost     Cost   // this route's share; Unserved is 0
}

// Visit is one stop of a route.
type Visit struct {
	Request              int
	Kind                 Kind
	Arrive, Start, Leave int64   // milliseconds; service begins at Start
	Load                 []int64 // on board when leaving
	Metres               int64   // driven from the start of the route to here
}

// Halt is a time without driving on the leg that ends at visit Before (len(Visits) for the last leg).
type Halt struct {
	Before        int
	Start, Length int64 // milliseconds
}

// Cost is money by cause. Total is the sum of the rest.
type Cost struct {
	Total     int64
	Fixed     int64
	Distance  int64
	Time      int64
	Minimum   int64 // what Fixed, Distance and Time of a route are short of the vehicle's Minimum
	Surcharge int64
	Prices    int64 // VehiclePrice of the requests served
	Entries   int64 // of areas
	Home      int64 // of the road home from the last stop, less that from the start; below zero where the route leads home
	Promises  int64 // promises not kept
	Unserved  int64 // prizes lost
}

// ReasonRule names the rule behind a Reason.
type ReasonRule string

const (
	ReasonCapacity    ReasonRule = "capacity"    // Need is the load, Limit the room; Dimension says of what
	ReasonSkill       ReasonRule = "skill"       // Detail is the missing skill
	ReasonBarred      ReasonRule = "barred"      // Detail is the caller's reason
	ReasonOnly        ReasonRule = "only"        // the vehicle is not among those named
	ReasonUnreachable ReasonRule = "unreachable" // no road
	ReasonWindow      ReasonRule = "window"      // Need is the earliest arrival, Limit the last moment
	ReasonShift       ReasonRule = "shift"       // Need is the earliest return, Limit the end of the shift
	ReasonStanding    ReasonRule = "standing"    // Need is the earliest arrival with the standing asked for, Limit the last moment; without it there would be time
	ReasonRests       ReasonRule = "rests"       // the same with the rests too that fall due
	ReasonDuration    ReasonRule = "max_duration"
	ReasonDistance    ReasonRule = "max_distance"
	ReasonStops       ReasonRule = "max_stops"
	ReasonRules       ReasonRule = "rule"       // a Rule or ClassRule with Other
	ReasonNoRoom      ReasonRule = "no_room"    // it fits the empty vehicle, but not beside what the plan carries
	ReasonPrize       ReasonRule = "prize"      // Need is the extra cost of serving, Limit the prize
	ReasonFrozen      ReasonRule = "frozen"     // what is frozen leaves no room
	ReasonNotNeeded   ReasonRule = "not_needed" // the plan serves all it can without this vehicle; Need is the money using it would add at best
	ReasonFewer       ReasonRule = "fewer"      // using it would need one vehicle more; Need is the metres it would add
	ReasonNothing     ReasonRule = "nothing"    // no request may ride on it
	ReasonEnd         ReasonRule = "time"       // the search ended before it was tried
)

// Reason is one rule that binds, with its numbers: Need exceeds Limit in the unit of the rule.
type Reason struct {
	Rule      ReasonRule
	Vehicle   int // the vehicle that was looked at, -1 for none
	Request   int // the request that was looked at, -1 for none
	Other     int // the other request of a rule, -1 for none
	Dimension int // of the load, -1 where it plays no part
	Need      int64
	Limit     int64
	Detail    string // words of the caller (skill, bar) or which stop
	Count     int    // vehicles (for a request) or requests (for a vehicle) that this rule refuses
}

// Unserved is a request left out. Reasons has one entry for each rule that refuses vehicles, the one that came
// nearest to letting it through first.
type Unserved struct {
	Request int
	Reasons []Reason
}

// Unused is a vehicle that stays where it is.
type Unused struct {
	Vehicle int
	Reasons []Reason
}
