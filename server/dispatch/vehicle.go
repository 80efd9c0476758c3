package dispatch

import (
	"strings"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
)

// PaperKind is a paper that must be valid on every day of a trip.
type PaperKind string

// The papers of a vehicle and its crew.
const (
	RoadPermit     PaperKind = "road_permit"     // 道路运输证
	Inspection     PaperKind = "inspection"      // 年检
	Insurance      PaperKind = "insurance"       // 交强险, 承运险
	DriverLicence  PaperKind = "driver_licence"  // 驾驶证
	CarrierLicence PaperKind = "carrier_licence" // 道路运输经营许可证
)

var paperKinds = map[PaperKind]bool{RoadPermit: true, Inspection: true, Insurance: true, DriverLicence: true, CarrierLicence: true}

// Paper is one paper with the last day on which it holds.
type Paper struct {
	Kind   PaperKind `json:"kind"`
	Number string    `json:"number"`
	Until  string    `json:"until"` // last day, "2020-12-31"
}

// Pass is a permission to drive into an area (通行证), for some days.
type Pass struct {
	Number string `json:"number"`
	Area   string `json:"area"`  // area code it leads into, "" for anywhere
	From   string `json:"from"`  // first day
	Until  string `json:"until"` // last day
}

// On reports whether the pass holds on a day.
func (p Pass) On(day string) bool { return p.From <= day && day <= p.Until }

// Vehicle is one truck and the papers that go with it.
type Vehicle struct {
	ID          string         `json:"id"`
	Carrier     string         `json:"carrier"` // party
	Type        string         `json:"type"`    // id of rules.TruckType
	Plate       string         `json:"plate"`
	PlateColour string         `json:"plate_colour"` // "blue", "yellow", "green"
	Driver      string         `json:"driver"`       // name
	Papers      []Paper        `json:"papers"`
	Passes      []Pass         `json:"passes"`
	CreatedAt   measure.Millis `json:"created_at"`
}

// Expired gives the first paper that no longer holds on a day.
func (v Vehicle) Expired(day string) (Paper, bool) {
	for _, p := range v.Papers {
		if p.Until < day {
			return p, true
		}
	}
	return Paper{}, false
}

// PassInto gives the pass that holds on a day for an area. If none does, next is the one that begins soonest after it.
// within says whether one area lies in another.
func (v Vehicle) PassInto(adcode, day string, within func(code, area string) bool) (held, next *Pass) {
	for i := range v.Passes {
		p := &v.Passes[i]
		if p.Area != "" && !within(adcode, p.Area) {
			continue
		}
		if p.On(day) {
			return p, nil
		}
		if p.From > day && (next == nil || p.From < next.From) {
			next = p
		}
	}
	return nil, next
}

// VehicleInput is what a carrier types in about a vehicle.
type VehicleInput struct {
	ID          string // "" for a new id; seeds give their own
	Carrier     string
	Type        string
	Plate       string
	PlateColour string
	Driver      string
	Papers      []Paper
	Passes      []Pass
}

// check gives the fault of the input, or nil. The truck type is checked against the rules by the service.
func (in VehicleInput) check() error {
	if n := utf8.RuneCountInString(in.Plate); n < 7 || n > 10 || strings.ContainsAny(in.Plate, " \t\n<>") {
		return fault.At("plate", "bad_plate", "A plate has seven to ten characters without blanks, such as 陕C·A1001.")
	}
	switch in.PlateColour {
	case "blue", "yellow", "green":
	default:
		return fault.At("plate_colour", "bad_plate_colour", "A plate is blue, yellow or green.")
	}
	if utf8.RuneCountInString(in.Driver) > 60 {
		return fault.At("driver", "too_long", "The driver's name has at most %d characters.", 60)
	}
	if len(in.Papers) > 20 || len(in.Passes) > 50 {
		return fault.At("papers", "too_many", "A vehicle has at most 20 papers and 50 passes.")
	}
	for _, p := range in.Papers {
		if !paperKinds[p.Kind] || !isDay(p.Until) || len(p.Number) > 60 {
			return fault.At("papers", "bad_paper", "Each paper has a known kind, a number of at most 60 bytes, and a last day.")
		}
	}
	for _, p := range in.Passes {
		if !isDay(p.From) || !isDay(p.Until) || p.From > p.Until || len(p.Number) > 60 || len(p.Area) > 12 {
			return fault.At("passes", "bad_pass", "Each pass has a number, an area code and two days, the first not after the last.")
		}
	}
	return nil
}

// PriceKind says what a carrier's price is for.
type PriceKind string

// The kinds of price.
const (
	PerTrip    PriceKind = "per_trip"
	PerKm      PriceKind = "per_km"
	PerTonneKm PriceKind = "per_tonne_km"
)

// Price is what a carrier asks.
type Price struct {
	Kind PriceKind   `json:"kind"`
	Fen  measure.Fen `json:"fen"`
}

// maxPrice bounds every carrier's price: 10 million yuan.
const maxPrice measure.Fen = 1_000_000_000

// CapacityState is where a capacity offer stands.
type CapacityState string

// The states of a capacity offer.
const (
	CapacityLive      CapacityState = "live"      // may be planned with
	CapacityTaken     CapacityState = "taken"     // on a trip that has not ended
	CapacityExpired   CapacityState = "expired"   // its time is over
	CapacityWithdrawn CapacityState = "withdrawn" // the carrier took it back
)

// Capacity is a carrier's offer (车源): this truck, here, from then on, for so much.
type Capacity struct {
	ID        string         `json:"id"`
	Vehicle   string         `json:"vehicle"`
	Carrier   string         `json:"carrier"`
	Place     orders.Stop    `json:"place"`
	From      measure.Millis `json:"from"`
	Until     measure.Millis `json:"until"`
	Price     Price          `json:"price"`
	ReturnTo  string         `json:"return_to"` // area code it wants to come back to, "" for no wish
	Withdrawn bool           `json:"withdrawn"`
	CreatedAt measure.Millis `json:"created_at"`
}

// State is the state of the offer; taken says whether a trip that has not ended holds it.
func (c Capacity) State(taken bool, now measure.Millis) CapacityState {
	switch {
	case c.Withdrawn:
		return CapacityWithdrawn
	case taken:
		return CapacityTaken
	case now > c.Until:
		return CapacityExpired
	}
	return CapacityLive
}

// CapacityInput is what a carrier types in about an offer.
type CapacityInput struct {
	ID       string
	Vehicle  string
	Place    orders.Stop
	From     measure.Millis
	Until    measure.Millis
	Price    Price // the zero value: the usual price of the truck type
	ReturnTo string
}

func (in CapacityInput) check(now measure.Millis) error {
	if in.From <= 0 || in.Until <= in.From {
		return fault.At("until", "bad_window", "The offer ends after it begins.")
	}
	if in.Until <= now {
		return fault.At("until", "window_over", "The offer's time is already over.")
	}
	if in.Until-in.From > 90*day {
		return fault.At("until", "window_too_long", "An offer runs for at most %d days.", 90)
	}
	switch in.Price.Kind {
	case "", PerTrip, PerKm, PerTonneKm:
	default:
		return fault.At("price.kind", "bad_price_kind", "A price is per trip, per km or per tonne-km.")
	}
	if in.Price.Fen < 0 || in.Price.Fen > maxPrice || in.Price.Kind == "" && in.Price.Fen != 0 {
		return fault.At("price", "bad_money", "The price can't be below zero or above 10 million yuan.")
	}
	return nil
}
