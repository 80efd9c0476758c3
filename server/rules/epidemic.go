package rules

import (
	"fmt"
	"strings"

	"jishi/server/measure"
)

// ZoneLevel is the risk level of a county in the epidemic; "" where none is known.
type ZoneLevel string

// The levels.
const (
	LowRisk    ZoneLevel = "low"
	MediumRisk ZoneLevel = "medium"
	HighRisk   ZoneLevel = "high"
)

// zone is the level of an area. A smaller area goes before the one around it.
type zone struct {
	dated
	Level ZoneLevel `json:"level"`
	Name  string    `json:"name"`
}

func (b *Book) readZones() error {
	if err := sheet("zones.json", &b.zones); err != nil {
		return err
	}
	for _, z := range b.zones {
		if z.Level != LowRisk && z.Level != MediumRisk && z.Level != HighRisk {
			return fmt.Errorf("zones.json: %s has level %q", z.Area, z.Level)
		}
	}
	return nil
}

// Level gives the risk level of a place on a day, "" if no source says it: of the 29 counties of Shaanxi that were medium on
// 2020-02-19 three are known, so only Baoji, where they lie, has levels before all of Shaanxi became low on 2020-03-06.
func (b *Book) Level(day Day, adcode string) (ZoneLevel, Source) {
	var best zone
	for _, z := range b.zones {
		if z.span().On(day) && b.within(adcode, z.Area) && (best.Area == "" || b.within(z.Area, best.Area)) {
			best = z
		}
	}
	return best.Level, best.span().Source
}

// PassRule reports whether a truck needs a pass to go from one place to another, with the rule's English text.
func (b *Book) PassRule(day Day, adcodeFrom, adcodeTo string) (needs bool, text string, src Source) {
	r, ok := b.on("pass", day)
	if !ok || !b.within(adcodeFrom, r.Area) && !b.within(adcodeTo, r.Area) {
		return false, "", Source{}
	}
	return true, r.TextEn, r.source()
}

// PlateRefused reports whether a truck with this plate is turned back at the motorway exit of a place.
func (b *Book) PlateRefused(day Day, plate, adcode string) (refused bool, text string, src Source) {
	r, ok := b.on("plate", day)
	plate = strings.ToUpper(strings.TrimSpace(plate))
	if !ok || !strings.HasPrefix(plate, r.Plate) || !b.within(adcode, r.Area) || b.within(adcode, r.Except) {
		return false, "", Source{}
	}
	return true, r.TextEn, r.source()
}

// Quarantine gives the days a driver stays at home after a trip, and the price they count for when trips are compared. A
// driver who handed over at a transfer station did not enter.
func (b *Book) Quarantine(day Day, enteredWuhan, handOver bool) (days int, shadow measure.Fen, src Source) {
	r, ok := b.on("quarantine", day)
	if !ok || !enteredWuhan || handOver {
		return 0, 0, r.source()
	}
	return int(r.Values["days"]), measure.Fen(r.Values["shadow_fen"]), r.source()
}

// SeatCap gives how many people may ride in a charter coach between provinces or cities: half of 45 seats is 22.
func (b *Book) SeatCap(day Day, seats int) (int, Source) {
	r, ok := b.on("seat_cap", day)
	if seats < 0 {
		seats = 0
	}
	if !ok {
		return seats, Source{}
	}
	return seats / int(r.Values["divide_by"]), r.source()
}

// CoachNight gives the minutes of the day between which a long-distance coach stands or changes drivers; both 0 without a rule.
func (b *Book) CoachNight(day Day) (from, to int64, src Source) {
	r, ok := b.on("coach_night", day)
	if !ok {
		return 0, 0, Source{}
	}
	return r.Values["from_minute"], r.Values["to_minute"], r.source()
}

// CoachDrivers gives how many drivers a coach has on board at least that goes so far and is driven for so long within 24 hours; 1 without a
// rule. By motorway the rule begins farther; roads are not told apart here. It is about coaches: no text was found for trucks.
func (b *Book) CoachDrivers(day Day, way measure.Metres, within24h measure.Millis) (int, Source) {
	r, ok := b.on("coach_drivers", day)
	if !ok {
		return 1, Source{}
	}
	each := measure.Millis(r.Values["drive_ms"])
	need := int((within24h + each - 1) / each)
	if way > measure.Metres(r.Values["metres"]) {
		need = max(need, 2)
	}
	return max(need, 1), r.source()
}

// DrivingHours gives after how much driving a driver rests, and how long.
func (b *Book) DrivingHours() (every, rest measure.Millis) {
	r, _ := b.latest("driving_hours")
	return measure.Millis(r.Values["every_ms"]), measure.Millis(r.Values["rest_ms"])
}

// LooseLeafy gives for how long loose leafy goods may be on the road. They rot on any day, so that it holds before its first day too.
func (b *Book) LooseLeafy() (measure.Millis, Source) {
	r, _ := b.latest("loose_leafy")
	return measure.Millis(r.Values["hours"]) * 60 * minute, r.source()
}

// WaitingPrice gives what a day of waiting costs; without a rule of the day, what the last one says.
func (b *Book) WaitingPrice(day Day) (measure.Fen, Source) {
	r, ok := b.on("waiting_price", day)
	if !ok {
		r, _ = b.latest("waiting_price")
	}
	return measure.Fen(r.Values["fen_per_day"]), r.source()
}

// Wash reports whether a truck that carried one kind of goods needs a wash record before it carries another.
func (b *Book) Wash(day Day, before, after string) (needs bool, text string, src Source) {
	r, ok := b.on("wash", day)
	last, _ := b.Produce(before)
	next, known := b.Produce(after)
	if !ok || last.Class != Input || known && next.Class == Input {
		return false, "", Source{}
	}
	return true, r.TextEn, r.source()
}

// Station is a place in Hubei where goods change to a driver from inside (中转调运站).
type Station struct {
	Name   string        `json:"name"`
	NameEn string        `json:"name_en"`
	Adcode string        `json:"adcode"`
	Point  measure.Point `json:"point"` // of the district, not of the gate
	Source Source        `json:"source"`

	span Span
}

func (b *Book) readStations() error {
	var in []struct {
		dated
		Name   string  `json:"name"`
		NameEn string  `json:"name_en"`
		Lon    float64 `json:"lon"`
		Lat    float64 `json:"lat"`
	}
	if err := sheet("stations.json", &in); err != nil {
		return err
	}
	for _, s := range in {
		b.stations = append(b.stations, Station{Name: s.Name, NameEn: s.NameEn, Adcode: s.Area, Point: measure.Point{Lon: s.Lon, Lat: s.Lat}, Source: s.span().Source, span: s.span()})
	}
	return nil
}

// TransferStations gives the stations that are open on a day.
func (b *Book) TransferStations(day Day) []Station {
	var out []Station
	for _, s := range b.stations {
		if s.span.On(day) {
			out = append(out, s)
		}
	}
	return out
}
