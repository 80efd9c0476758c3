package dispatch

import (
	"fmt"
	"maps"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// Report is what every report from the road has: which device sent it, and when it happened.
type Report struct {
	ClientID  string
	ActedAt   measure.Millis // by the device's clock; 0: now
	DeviceNow measure.Millis // the device's clock as it sent the report; 0: not said
}

// clockSkew is how far a phone's clock may be off before it matters.
const clockSkew = 5 * minute

// clockOff is how far the device's clock is ahead of ours, 0 when it is right or not known. A phone that is off by a day
// can still report; what it said and by how much it is wrong are both kept.
func (r Report) clockOff(now measure.Millis) measure.Millis {
	off := r.DeviceNow - now
	if r.DeviceNow == 0 || off <= clockSkew && off >= -clockSkew {
		return 0
	}
	return off
}

// At is when it happened by our clock: what the device said, less what its clock was off.
func (e Event) At() measure.Millis { return e.ActedAt - e.ClockOff }

func (r Report) check(now, since measure.Millis) error {
	switch {
	case r.ActedAt > now+clockSkew:
		return fault.At("acted_at", "in_the_future", "This is said to have happened in the future.")
	case r.ActedAt < since:
		return fault.At("acted_at", "too_early", "This is said to have happened before the trip was planned.")
	case len(r.ClientID) > 100:
		return fault.At("client_id", "too_long", "The client id has at most %d characters.", 100)
	}
	return nil
}

// Weighing is the two-scan report of the ramp: the truck with its goods, the truck without them, and what of the
// difference belongs to which consignment. The tare is that of the truck with the empty packs.
type Weighing struct {
	Gross measure.Grams `json:"gross_grams"`
	Tare  measure.Grams `json:"tare_grams"`
	Scale string        `json:"scale"` // which scale, by its number or its place
	Photo string        `json:"photo"`
	Lines []WeighedLine `json:"lines"`
}

// WeighedLine is one consignment's share of a weighing.
type WeighedLine struct {
	Consignment string        `json:"consignment"`
	Grams       measure.Grams `json:"grams"` // net; 0: reckoned from packs, or all there is when it is the only line
	Packs       int64         `json:"packs"`
	Codes       []string      `json:"codes,omitempty"` // of the handling units, scanned
}

// MaxTruck bounds a weighing: no road allows 100 t.
const MaxTruck = 100 * measure.Tonne

// scaleError is how far the lines may be from gross minus tare: half a per cent, at least 20 kg, a weighbridge's step.
func scaleError(net measure.Grams) measure.Grams { return max(net/200, 20*measure.Kilogram) }

// settle fills what the lines leave open and checks them against the scale and the truck.
func (w Weighing) settle(t Trip, stop int, by string, book *rules.Book) (Weighing, error) {
	net := w.Gross - w.Tare
	switch {
	case w.Tare <= 0 || w.Gross > MaxTruck:
		return w, fault.At("gross", "bad_weight", "A truck weighs more than nothing and less than 100 t.")
	case net <= 0:
		return w, fault.At("gross", "tare_above_gross", "With its goods the truck is heavier than without.")
	}
	want := t.at(stop, LoadStop)
	if len(w.Lines) != len(want) {
		return w, fault.At("lines", "every_consignment", "Name each of the %d consignments that are loaded here once.", len(want))
	}
	lines, err := w.fill(want, net)
	if err != nil {
		return w, err
	}
	w.Lines = lines
	if err = t.counted(lines, stop, by); err != nil {
		return w, err
	}
	var sum measure.Grams
	for _, l := range lines {
		sum += l.Grams
	}
	if off := sum - net; off > scaleError(net) || -off > scaleError(net) {
		return w, fault.At("lines", "lines_not_net", "The lines add up to %s, the scale says %s.", sum, net)
	}
	return w, t.carries(stop, w, book)
}

func (w Weighing) fill(want []Consignment, net measure.Grams) ([]WeighedLine, error) {
	known := map[string]Consignment{}
	for _, c := range want {
		known[c.ID] = c
	}
	out := make([]WeighedLine, len(w.Lines))
	for i, l := range w.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		c, ok := known[l.Consignment]
		if !ok {
			return nil, fault.At(field+".consignment", "not_loaded_here", "This consignment is not loaded here, or is named twice.")
		}
		delete(known, l.Consignment)
		if l.Grams < 0 || l.Packs < 0 || l.Packs > 1_000_000 {
			return nil, fault.At(field, "bad_weight", "Weight and packs can't be below zero.")
		}
		if f := checkCodes(l.Codes); f != nil {
			return nil, f.In(field)
		}
		if len(l.Codes) > 0 {
			l.Packs = int64(len(l.Codes))
		}
		if l.Grams == 0 && l.Packs > 0 {
			l.Grams = measure.Grams(l.Packs) * c.Load.Goods.Pack
		}
		if l.Grams == 0 && len(w.Lines) == 1 {
			l.Grams = net
		}
		if l.Grams == 0 {
			return nil, fault.At(field+".weight", "required", "Say what this consignment weighs.")
		}
		out[i] = l
	}
	return out, nil
}

// carries refuses a truck that is overloaded with what was weighed at a stop and with what else is on it, whatever was planned.
func (t Trip) carries(stop int, w Weighing, book *rules.Book) error {
	truck := t.Outline.Truck.Type
	if truck.GrossMax > 0 && w.Gross > truck.GrossMax {
		return fault.New(fault.Conflict, "over_gross", "%s is more than the %s this truck may weigh with its goods.", w.Gross, truck.GrossMax)
	}
	weighed := maps.Clone(t.loaded)
	for _, l := range w.Lines {
		weighed[l.Consignment] = l
	}
	for n := stop; n < len(t.Outline.Stops); n++ {
		if f := t.fillWith(t.onBoard(n, weighed), book); !f.fits() {
			return fault.New(fault.Conflict, "overloaded", "That fills the truck to %s %% of its payload and %s %% of its room.", percent(f.Weight), percent(f.Cube))
		}
	}
	return nil
}

// onBoard is what was weighed, by consignment, of the goods that are on the truck after a stop.
func (t Trip) onBoard(stop int, weighed map[string]WeighedLine) []WeighedLine {
	var out []WeighedLine
	for _, c := range t.Consignments {
		if l, ok := weighed[c.ID]; ok && c.LoadStop <= stop && stop < c.UnloadStop {
			out = append(out, l)
		}
	}
	return out
}

// fillWith is how full the truck is with weighed lines.
func (t Trip) fillWith(lines []WeighedLine, book *rules.Book) Fill {
	goods := make([]Goods, 0, len(lines))
	for _, l := range lines {
		c, _ := t.consignment(l.Consignment)
		p, ok := book.Produce(c.Load.Produce)
		if !ok || p.DensityGramsPerLitre <= 0 {
			p.DensityGramsPerLitre = 1000
		}
		goods = append(goods, c.Load.Goods.weigh(l.Grams, p))
	}
	return fillOf(t.Outline.Truck.Type, goods...)
}

// at gives the consignments that are loaded or unloaded at a stop.
func (t Trip) at(stop int, kind StopKind) []Consignment {
	var out []Consignment
	for _, c := range t.Consignments {
		if kind == LoadStop && c.LoadStop == stop || kind == UnloadStop && c.UnloadStop == stop {
			out = append(out, c)
		}
	}
	return out
}

// Delivery is the proof of delivery at one stop (签收).
type Delivery struct {
	Lines       []DeliveredLine `json:"lines"`
	Temperature *int            `json:"temperature_tenths"` // of the goods, tenths of a degree Celsius
	Photo       string          `json:"photo"`
	Receiver    string          `json:"receiver"` // who took the goods
}

// DeliveredLine is one consignment as it was received.
type DeliveredLine struct {
	Consignment  string           `json:"consignment"`
	Received     measure.Grams    `json:"received_grams"` // weighed in, rejected goods included
	Rejected     measure.Grams    `json:"rejected_grams"`
	RejectReason string           `json:"reject_reason"`
	LostCause    orders.LossCause `json:"lost_cause"` // of what is missing
	GapReason    string           `json:"gap_reason"` // why less than half arrived
}

// settle checks a proof of delivery against what is on board and fills the cause of a small loss.
func (d Delivery) settle(t Trip, stop int, onBoard map[string]measure.Grams, book *rules.Book) (Delivery, error) {
	want := t.at(stop, UnloadStop)
	if len(d.Lines) != len(want) {
		return d, fault.At("lines", "every_consignment", "Name each of the %d consignments that are unloaded here once.", len(want))
	}
	if utf8.RuneCountInString(d.Receiver) > 60 || len(d.Photo) > 100 {
		return d, fault.At("receiver", "too_long", "The receiver's name has at most %d characters.", 60)
	}
	if d.Temperature != nil && (*d.Temperature < -600 || *d.Temperature > 800) {
		return d, fault.At("temperature", "bad_temperature", "A temperature is between -60 and 80 °C.")
	}
	lines := make([]DeliveredLine, len(d.Lines))
	seen := map[string]bool{}
	for i, l := range d.Lines {
		c, ok := t.consignment(l.Consignment)
		if !ok || c.UnloadStop != stop || seen[l.Consignment] {
			return d, fault.At(fmt.Sprintf("lines[%d].consignment", i), "not_unloaded_here", "This consignment is not unloaded here, or is named twice.")
		}
		seen[l.Consignment] = true
		f := l.settle(onBoard[l.Consignment], moistureLimit(book, c.Load.Produce), t.cold.bad[l.Consignment])
		if f != nil {
			return d, f.In(fmt.Sprintf("lines[%d]", i))
		}
		lines[i] = l
		if l.LostCause == "" {
			lines[i].LostCause = orders.Moisture
		}
	}
	d.Lines = lines
	return d, nil
}

// moistureLimit is the share of a load, in thousandths, that may dry out without anybody asking.
func moistureLimit(book *rules.Book, produce string) int64 {
	perMille, _ := book.LossRule(produce)
	return int64(perMille)
}

// settle gives the fault of a line, or nil.
func (l DeliveredLine) settle(onBoard measure.Grams, moisture int64, checked CheckedLine) *fault.Fault {
	lost := onBoard - l.Received
	switch {
	case checked.Bad() > 0 && l.Rejected < min(checked.Bad(), l.Received):
		return fault.At("rejected", "found_bad", "The second check found %s bad (%s): at least that has to be rejected.", checked.Bad(), checked.Reason)
	case onBoard == 0:
		return fault.At("consignment", "not_on_board", "This consignment was not loaded.")
	case l.Received < 0 || l.Rejected < 0:
		return fault.At("received", "bad_weight", "Weight can't be below zero.")
	case lost < 0:
		return fault.At("received", "more_than_loaded", "%s was loaded, %s can't have come in.", onBoard, l.Received)
	case l.Rejected > l.Received:
		return fault.At("rejected", "more_than_received", "No more can be rejected than came in.")
	case l.Rejected > 0 && l.RejectReason == "":
		return fault.At("reject_reason", "required", "Say why goods were rejected.")
	case utf8.RuneCountInString(l.RejectReason) > 300 || utf8.RuneCountInString(l.GapReason) > 300:
		return fault.At("reject_reason", "too_long", "A reason has at most %d characters.", 300)
	case l.Received*2 < onBoard && l.GapReason == "":
		return fault.At("received", "far_below_loaded", "%s came in of %s loaded: less than half. Check the unit, or give a reason.", l.Received, onBoard)
	case !causes[l.LostCause]:
		return fault.At("lost_cause", "unknown_cause", "A loss is moisture, rot, missing or theft.")
	case l.LostCause == "" && int64(lost)*1000 > int64(onBoard)*moisture:
		return fault.At("lost_cause", "cause_needed", "%s is missing, more than dries out on the way: say what happened.", lost)
	}
	return nil
}

var causes = map[orders.LossCause]bool{"": true, orders.Moisture: true, orders.Rot: true, orders.Missing: true, orders.Theft: true}

// breach reports whether goods that must stay cold came in too warm.
func (d Delivery) breach(t Trip, c Consignment, book *rules.Book) bool {
	limit, cold := t.coldLimit(c, book)
	return cold && d.Temperature != nil && *d.Temperature > limit
}

// counted checks the weighed packs against what the other side scanned before.
func (t Trip) counted(lines []WeighedLine, stop int, by string) error {
	e, scanned := t.event(EventScan, stop)
	if !scanned {
		return nil
	}
	if e.By == by {
		return fault.New(fault.Conflict, "counted_both", "The one who weighed can't be the second to count.")
	}
	for i, l := range lines {
		if f := agree(t.scanned[l.Consignment], l); f != nil {
			return f.In(fmt.Sprintf("lines[%d]", i))
		}
	}
	return nil
}
