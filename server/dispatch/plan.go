package dispatch

import (
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// Question is everything a plan is worked out from, kept with it, so that it can be worked out again under another day.
type Question struct {
	Day    string         `json:"day"` // whose rules hold
	Now    measure.Millis `json:"now"`
	Loads  []Load         `json:"loads"`
	Trucks []Truck        `json:"trucks"`
	Closed []Closure      `json:"closed,omitempty"`
	Pins   []Pin          `json:"pins,omitempty"` // what dispatchers say of the loads
	Prices Prices         `json:"prices,omitzero"`
	After  string         `json:"after,omitempty"`  // the plan that this one goes on from
	Loaded []string       `json:"loaded,omitempty"` // capacity offers whose trucks are loaded already
}

// Closure is a road that can't be driven: from one area to the other and back.
type Closure struct {
	From string `json:"from"` // area code
	To   string `json:"to"`   // area code; "" for everything into and out of From
	Why  string `json:"why"`

	WhyZh string `json:"why_zh,omitempty"` // the same in Chinese, where it differs
	Since string `json:"since,omitempty"`  // the first closed day, "" for always
	Until string `json:"until,omitempty"`  // the last closed day, "" while nobody knows
	ID    string `json:"id,omitempty"`     // of the dispatcher's word, "" for none
}

// Note says what was read otherwise than it was meant, or could not be used at all.
type Note struct {
	Item string       `json:"item"` // "load base-001", "trucks[3]"
	Said wording.Text `json:"said"`
	Text string       `json:"text"`
}

// Answer is the options found, the best first, and what was left out.
type Answer struct {
	Options  []Option   `json:"options"`
	Refused  []Refusal  `json:"refused"`  // trucks the best option does not use
	LeftOut  []LeftOut  `json:"left_out"` // goods no option can carry
	Levels   []CostLine `json:"levels"`   // what the day's rules say about the places
	Searched int        `json:"searched"` // ways of planning that were tried
	Rules    rules.Day  `json:"rules_of"`
	Ranking  []RankLine `json:"ranking"` // how each option compares with the first
	Notes    []Note     `json:"notes"`
	Changed  []Broken   `json:"changed,omitempty"` // promises of the plan before that this one does not keep
}

// Option is one way to haul the goods.
type Option struct {
	ID        string         `json:"id"`   // "a", "b", ...
	Said      wording.Text   `json:"said"` // in short: the trucks and what they carry
	Summary   string         `json:"summary"`
	Trips     []PlannedTrip  `json:"trips"`
	Cost      measure.Fen    `json:"cost_fen"`
	Lines     []CostLine     `json:"lines"` // the cost by cause, added up over the trips
	Warnings  []Caution      `json:"warnings"`
	Hints     []Hint         `json:"hints"`
	Unserved  []LeftOut      `json:"unserved"`
	Overrides []Override     `json:"overrides,omitempty"`
	Delivered measure.Millis `json:"delivered_at"` // when the last stop is unloaded
}

// PlannedTrip is one truck's run within an option.
type PlannedTrip struct {
	Truck    Truck          `json:"truck"`
	Stops    []PlannedStop  `json:"stops"`
	Parts    []Part         `json:"parts"` // in loading order: the first stands at the front wall and is unloaded last
	Fill     Fill           `json:"fill"`
	Metres   measure.Metres `json:"metres"`
	Empty    measure.Metres `json:"empty_metres"`       // of these before the first loading
	Home     *WayHome       `json:"way_home,omitempty"` // not part of the trip; nil for no wish
	Waiting  measure.Millis `json:"waiting_ms"`
	Rests    int            `json:"rests"`
	Depart   measure.Millis `json:"depart_at"`
	Done     measure.Millis `json:"done_at"`
	Cost     measure.Fen    `json:"cost_fen"`
	Haulage  measure.Fen    `json:"haulage_fen"` // of Cost, what the carrier is paid
	Lines    []CostLine     `json:"lines"`
	Warnings []Caution      `json:"warnings"`
	Hints    []Hint         `json:"hints"`
	TollFree string         `json:"toll_free"`        // id of the rule that waives the toll, "" when it is paid
	Locked   bool           `json:"locked,omitempty"` // the dispatcher keeps it as it is
	HandOver string         `json:"hand_over"`        // transfer station where another driver takes over, "" for none
	Relay    *Relay         `json:"relay,omitempty"`  // the hand-over there; nil for none
}

// StopKind says what happens at a stop.
type StopKind string

// The kinds of stop.
const (
	LoadStop   StopKind = "load"
	UnloadStop StopKind = "unload"
)

// PlannedStop is one call of a trip.
type PlannedStop struct {
	Kind   StopKind       `json:"kind"`
	Place  orders.Stop    `json:"place"`
	Party  string         `json:"party"` // seller or receiver
	Arrive measure.Millis `json:"arrive_at"`
	Start  measure.Millis `json:"start_at"`
	Leave  measure.Millis `json:"leave_at"`
	Metres measure.Metres `json:"metres"` // driven from where the truck stood

	Stood []measure.Window `json:"stood,omitempty"` // when a coach stands still on the way here
}

// Part is a part of one load on one trip.
type Part struct {
	Load   int   `json:"load"` // index into Question.Loads
	Goods  Goods `json:"goods"`
	From   int   `json:"from_stop"`
	To     int   `json:"to_stop"`
	People int   `json:"people,omitempty"`
	Locked bool  `json:"locked,omitempty"` // the dispatcher keeps it on this truck
	Layer  int   `json:"layer"`            // 1 stands at the front wall
}

// CostLine is one line of a cost or an explanation with the rule it rests on.
type CostLine struct {
	Kind   string       `json:"kind"` // "freight", "toll", ...
	Fen    measure.Fen  `json:"fen"`
	Said   wording.Text `json:"said"`
	Text   string       `json:"text"`
	Rule   string       `json:"rule"`
	Source string       `json:"source"`
	Mark   string       `json:"mark"`            // "", "°" not checked, "!" sources disagree
	Since  string       `json:"since,omitempty"` // first day of the rule or of the price; "" for what was agreed
}

// Caution is something a dispatcher must know before accepting.
type Caution struct {
	Code   string       `json:"code"`
	Said   wording.Text `json:"said"`
	Text   string       `json:"text"`
	Trip   int          `json:"trip"`  // index, -1 for the whole option
	Stops  bool         `json:"stops"` // the option can't be accepted while this holds
	Rule   string       `json:"rule"`
	Source string       `json:"source"`
	Mark   string       `json:"mark"`
}

// Hint says what would make an option better.
type Hint struct {
	Code  string        `json:"code"`
	Said  wording.Text  `json:"said"`
	Text  string        `json:"text"`
	Trip  int           `json:"trip"`
	Grams measure.Grams `json:"grams,omitempty"`
	Fen   measure.Fen   `json:"fen,omitempty"`
	Day   string        `json:"day,omitempty"`
}

// Refusal says why a truck is not used.
type Refusal struct {
	Vehicle string       `json:"vehicle"`
	Plate   string       `json:"plate"`
	Type    string       `json:"type"`
	Rule    string       `json:"rule"` // "payload", "cube", "pass", "plate", "papers", "time", "not_needed", ...
	Said    wording.Text `json:"said"`
	Text    string       `json:"text"`
	Fill    *Fill        `json:"fill,omitempty"` // how full it would be
	Need    int64        `json:"need"`
	Limit   int64        `json:"limit"`
	Source  string       `json:"source"`
	Mark    string       `json:"mark"` // "", "°" not checked, "!" sources disagree
}

// LeftOut is goods that stay where they are, and the rule that binds.
type LeftOut struct {
	Load   int           `json:"load"`
	Grams  measure.Grams `json:"grams"`
	People int           `json:"people,omitempty"`
	Rule   string        `json:"rule"`
	Said   wording.Text  `json:"said"`
	Text   string        `json:"text"`
	Need   int64         `json:"need"`
	Limit  int64         `json:"limit"`
	Source string        `json:"source,omitempty"`
	Mark   string        `json:"mark,omitempty"`

	Bindings []Binding `json:"bindings,omitempty"` // every rule that keeps it off trucks, the one that refuses most first
	Hints    []Hint    `json:"hints,omitempty"`
}

// RankLine says why an option stands where it stands.
type RankLine struct {
	Option string       `json:"option"`
	Fen    measure.Fen  `json:"fen"` // dearer (+) or cheaper (-) than the first
	Said   wording.Text `json:"said"`
	Texts  []string     `json:"texts"`
}
