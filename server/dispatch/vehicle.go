package dispatch

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/rules"
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

var paperKinds = map[PaperKind]bool{RoadPermit: true, Inspection: true, Insurance: true, DriverLicence: true, CarrierLicence: true, Qualification: true}

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
	Limits      Limits         `json:"limits"`     // what its own papers say; zeros: as usual for its type
	LastCargo   string         `json:"last_cargo"` // produce it carried last, "" for unknown
	WashedOn    string         `json:"washed_on"`  // day of the last wash record, "" for none
	CreatedAt   measure.Millis `json:"created_at"`
}

// Body is what stands behind the cab.
type Body string

// The bodies.
const (
	BoxBody     Body = "box"     // 厢式
	OpenBody    Body = "open"    // 高栏, 平板
	ReeferBody  Body = "reefer"  // 冷藏
	CurtainBody Body = "curtain" // 侧帘
	CoachBody   Body = "coach"   // 客车
)

// Limits are what one vehicle can carry, as its own papers say. A zero is what is usual for its type.
type Limits struct {
	Body    Body                `json:"body,omitempty"`
	Payload measure.Grams       `json:"payload_grams,omitempty"`
	Cube    measure.Millilitres `json:"cube_ml,omitempty"`
	Axles   int                 `json:"axles,omitempty"`
	Seats   int                 `json:"seats,omitempty"`
	Speed   int                 `json:"speed_kmh,omitempty"` // loaded, on a motorway, without rests
	Cold    *Band               `json:"cold,omitempty"`      // what its cooling holds; nil: a reefer's usual -18 to 15 °C
}

// Band is a range of temperatures in tenths of °C, both ends included.
type Band struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// usualCold is what a refrigerated body holds when nobody says otherwise; general knowledge, not checked.
var usualCold = Band{Min: -180, Max: 150}

func (b Band) meets(o Band) bool { return b.Min <= o.Max && o.Min <= b.Max }

func (b Band) String() string {
	return fmt.Sprintf("%s to %s °C", tenths(b.Min), tenths(b.Max))
}

func tenths(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
	}
	return fmt.Sprintf("%s%d.%d", sign, n/10, n%10)
}

// Of gives the type of truck with this vehicle's own limits in place of the usual ones.
func (l Limits) Of(t rules.TruckType) rules.TruckType {
	if l.Payload > 0 {
		t.Payload = l.Payload
	}
	if l.Cube > 0 {
		t.Cube = l.Cube
	}
	if l.Axles > 0 {
		t.Axles = l.Axles
	}
	if l.Seats > 0 {
		t.Seats = l.Seats
	}
	if l.Speed > 0 {
		t.SpeedKmh = l.Speed
	}
	if l.Body != "" {
		t.Reefer = l.Body == ReeferBody
	}
	return t
}

// Cold gives the band its cooling holds, and false when it has none.
func (v Vehicle) Cold(t rules.TruckType) (Band, bool) {
	switch {
	case !v.Limits.Of(t).Reefer:
		return Band{}, false
	case v.Limits.Cold != nil:
		return *v.Limits.Cold, true
	}
	return usualCold, true
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
	Limits      Limits
	LastCargo   string
	WashedOn    string
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
	if in.WashedOn != "" && !isDay(in.WashedOn) {
		return fault.At("washed_on", "bad_day", "A day is written 2020-02-03.")
	}
	if err := in.Limits.Check(); err != nil {
		return err
	}
	return in.checkPapers()
}

func (in VehicleInput) checkPapers() error {
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

// Bounds of what a vehicle can say of itself.
const (
	maxPayload = 60 * measure.Tonne
	maxCube    = measure.Millilitres(200_000_000)
	maxSeats   = 80
	minSpeed   = 10 // km/h
	maxSpeed   = 100
)

// Check faults what no vehicle has, at its field.
func (l Limits) Check() error {
	switch l.Body {
	case "", BoxBody, OpenBody, ReeferBody, CurtainBody, CoachBody:
	default:
		return fault.At("limits.body", "bad_body_kind", "A body is box, open, reefer, curtain or coach.")
	}
	switch {
	case l.Payload < 0 || l.Payload > maxPayload:
		return fault.At("limits.payload_grams", "bad_payload", "A vehicle carries between 0 and %d t.", int(maxPayload/measure.Tonne))
	case l.Cube < 0 || l.Cube > maxCube:
		return fault.At("limits.cube_ml", "bad_cube", "A vehicle has room for between 0 and %d m³.", int(maxCube/1_000_000))
	case l.Axles < 0 || l.Axles > 10:
		return fault.At("limits.axles", "bad_axles", "A vehicle has at most %d axles.", 10)
	case l.Seats < 0 || l.Seats > maxSeats:
		return fault.At("limits.seats", "bad_seats", "A vehicle has at most %d seats.", maxSeats)
	case l.Speed != 0 && (l.Speed < minSpeed || l.Speed > maxSpeed):
		return fault.At("limits.speed_kmh", "bad_speed", "A vehicle drives at between %d and %d km/h.", minSpeed, maxSpeed)
	case l.Cold != nil && (l.Cold.Min > l.Cold.Max || l.Cold.Min < -400 || l.Cold.Max > 400):
		return fault.At("limits.cold", "bad_cold", "Cooling holds a band within −40 to 40 °C, the colder end first.")
	}
	return nil
}
