package dispatch

import (
	"fmt"

	"jishi/server/dispatch/wording"
	"jishi/server/measure"
)

var takenOff = wording.Just("taken_off")

// A trip of the solver keeps these rules by itself; one that a dispatcher changed, or that is looked at after the world
// changed, may not.

// warnOfOrder says where a trip is late, too full, or packed so that something stands before what has to be unloaded.
func (p *planner) warnOfOrder(t *PlannedTrip, n int) {
	plate := wording.OfPlate(t.Truck.Vehicle.Plate)
	room := t.Truck.room()
	switch f := t.Fill; {
	case f.People == 0 && f.Gross > room.Grams:
		t.addBar(bar{Rule: "payload", Said: wording.Just("too_heavy", plate, wording.Tonnes(f.Gross), wording.Tonnes(room.Grams))}, n)
	case f.People == 0 && f.Volume > room.Volume:
		t.addBar(bar{Rule: "cube", Said: wording.Just("too_full", plate, wording.Cubic(f.Volume), wording.Cubic(room.Volume))}, n)
	case f.People > 0 && f.People > p.seats(t.Truck):
		t.addBar(bar{Rule: "seats", Said: wording.Just("too_many_people", plate, wording.Count(f.People), wording.Count(p.seats(t.Truck)))}, n)
	}
	for _, part := range t.Parts {
		l := p.q.Loads[part.Load]
		load, unload := t.Stops[part.From], t.Stops[part.To]
		if l.Ready.To > l.Ready.From && load.Start > l.Ready.To {
			t.addBar(bar{Rule: "window", Said: wording.Just("late_at_goods", plate, wording.At(load.Start), wording.At(l.Ready.To))}, n)
		}
		switch stood := t.stood(part.To); {
		case l.Unload.To == 0 || unload.Start <= l.Unload.To:
			if !l.takesInAt(unload.Start) {
				t.addBar(bar{Rule: "hours", Said: wording.Just("outside_hours", plate, wording.Named(unload.Place.Name, ""), wording.At(unload.Start),
					hourOf(l.UnloadFrom), hourOf(l.UnloadTo))}, n)
			}
		case stood > 0 && unload.Arrive-stood <= l.Unload.To:
			t.addBar(p.stoodTooLong(t.Truck, l.To, unload.Start, l.Unload.To), n)
		default:
			t.addBar(bar{Rule: "window", Said: wording.Just("late_at_receiver", plate, wording.At(unload.Start), wording.At(l.Unload.To))}, n)
		}
	}
	if a, b, wrong := t.blocked(); wrong {
		t.addBar(bar{Rule: "unload_order", Said: wording.Just("unload_order", plate, p.named(a.Goods.Produce), p.named(b.Goods.Produce))}, n)
	}
}

// hourOf writes minutes of a day.
func hourOf(minutes int) wording.Value {
	return wording.Named(fmt.Sprintf("%02d:%02d", minutes/60, minutes%60), "")
}

// takesInAt tells whether a moment is within the receiver's hours of a day.
func (l Load) takesInAt(at measure.Millis) bool {
	if l.UnloadFrom == 0 && l.UnloadTo == 0 {
		return true
	}
	midnight, _ := dayStart(dayAt(at))
	of := int((at - midnight) / minute)
	return l.UnloadFrom <= of && of <= l.UnloadTo
}

// blocked finds goods that stand behind others which are unloaded later: last in, first out.
func (t PlannedTrip) blocked() (behind, before Part, wrong bool) {
	for _, a := range t.Parts {
		for _, b := range t.Parts {
			if a.People == 0 && b.Layer > a.Layer && b.From < a.To && b.To > a.To {
				return a, b, true
			}
		}
	}
	return Part{}, Part{}, false
}

// Override is a dispatcher's reason to drive against a rule.
type Override struct {
	Capacity string         `json:"capacity"`
	Code     string         `json:"code"`
	Reason   string         `json:"reason"`
	By       string         `json:"by"`
	At       measure.Millis `json:"at"`
}

// neverOverridden are rules that no reason lifts: what a truck can't hold, and people where goods ride.
var neverOverridden = map[string]bool{"payload": true, "cube": true, "seats": true, "people": true, "coach": true, "unreachable": true, "closed_road": true}

// overridden reports whether a reason was given for what is warned of.
func (o Option) overridden(c Caution) bool {
	if c.Trip < 0 {
		return false
	}
	for _, r := range o.Overrides {
		if r.Code == c.Code && r.Capacity == o.Trips[c.Trip].Truck.Capacity.ID {
			return true
		}
	}
	return false
}

// forbidden is the first warning for which the option can't be driven.
func (o Option) forbidden() (Caution, bool) {
	for _, c := range o.Warnings {
		if c.Stops && (neverOverridden[c.Code] || !o.overridden(c)) {
			return c, true
		}
	}
	return Caution{}, false
}
