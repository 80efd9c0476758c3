package dispatch

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jishi/server/auth"
	"jishi/server/dispatch/wording"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/rules"
	"jishi/server/store"
)

// Reading is one measurement of a sensor among the goods.
type Reading struct {
	At     measure.Millis `json:"at"`
	Tenths int            `json:"tenths"` // of a degree Celsius
}

// TemperatureLog is what a sensor wrote down since it was last read out.
type TemperatureLog struct {
	Sensor   string    `json:"sensor"`
	Readings []Reading `json:"readings"`
}

// Breach is a time in which goods that must stay cold were too warm.
type Breach struct {
	Consignment string         `json:"consignment"`
	Sensor      string         `json:"sensor"`
	From        measure.Millis `json:"from"` // first reading above the limit
	To          measure.Millis `json:"to"`   // first one that is not, or the last there is
	Minutes     int64          `json:"minutes"`
	Peak        int            `json:"peak_tenths"`
	Limit       int            `json:"limit_tenths"`
}

// Hold keeps goods from being delivered until a second check. Why, is read off its breaches; where there are none it is an
// officer's word.
type Hold struct {
	Reason   string         `json:"reason"`
	Said     wording.Text   `json:"said,omitempty"` // the reason as codes with numbers; empty for an officer's word
	Breaches []Breach       `json:"breaches,omitempty"`
	At       measure.Millis `json:"at"`
}

// In words why goods are held. What stands in the books in English, of before reasons had codes, is worded by its breaches too.
func (h Hold) In(lang string) Hold {
	if len(h.Breaches) == 0 {
		return h
	}
	worst := slices.MaxFunc(h.Breaches, func(a, b Breach) int { return cmp.Or(cmp.Compare(a.Minutes, b.Minutes), cmp.Compare(a.Peak, b.Peak)) })
	h.Said = worst.said()
	h.Reason = h.Said.In(lang)
	return h
}

func (b Breach) said() wording.Text {
	if b.Minutes == 0 { // one reading alone, so warm that it is enough
		return wording.Just("too_warm_once", wording.Tenths(b.Peak), wording.Tenths(b.Limit))
	}
	return wording.Just("too_warm", wording.Count(int(b.Minutes)), wording.Tenths(b.Limit), wording.Tenths(b.Peak))
}

// ReadLog is what is kept of a temperature report: the readings, and the hold they brought.
type ReadLog struct {
	TemperatureLog
	Hold *Hold `json:"hold,omitempty"`
}

// coldChain is what the sensors of a trip said, and what followed.
type coldChain struct {
	readings map[string][]Reading // by sensor, in the order of time
	breaches []Breach             // all that were ever found
	bad      map[string]CheckedLine
}

func newColdChain() coldChain {
	return coldChain{readings: map[string][]Reading{}, bad: map[string]CheckedLine{}}
}

// breached reports whether the goods were ever too warm on this trip: nobody's silence accepts them.
func (c coldChain) breached(consignment string) bool {
	return slices.ContainsFunc(c.breaches, func(b Breach) bool { return b.Consignment == consignment })
}

// feel adds a log to the trip.
func (t *Trip) feel(l ReadLog) {
	t.cold.readings[l.Sensor] = merged(t.cold.readings[l.Sensor], l.Readings)
	if l.Hold != nil {
		h := *l.Hold
		t.cold.breaches = append(t.cold.breaches, h.Breaches...)
		if t.hold != nil { // what the open hold is for has to be checked as well
			h.Breaches = append(slices.Clone(t.hold.Breaches), h.Breaches...)
		}
		t.hold = &h
	}
}

// merged joins two logs of one sensor: in the order of time, each instant once.
func merged(old, more []Reading) []Reading {
	all := append(slices.Clone(old), more...)
	slices.SortStableFunc(all, func(a, b Reading) int { return int(a.At - b.At) })
	return slices.CompactFunc(all, func(a, b Reading) bool { return a.At == b.At })
}

// warmSpell is one unbroken run of readings above a limit.
type warmSpell struct {
	from, to measure.Millis
	peak     int
}

// warmSpells finds the runs above the limit. A run ends with the first reading that is not above it.
func warmSpells(log []Reading, limit int) []warmSpell {
	var out []warmSpell
	open := false
	for _, r := range log {
		switch {
		case r.Tenths > limit && !open:
			out, open = append(out, warmSpell{r.At, r.At, r.Tenths}), true
		case open:
			last := &out[len(out)-1]
			last.to = r.At
			last.peak = max(last.peak, r.Tenths)
			open = r.Tenths > limit
		}
	}
	return out
}

// coldLimit is the temperature above which goods on this truck spoil: for meat and fish always, for the rest where a
// refrigerated truck was ordered.
func (t Trip) coldLimit(c Consignment, book *rules.Book) (int, bool) {
	p, ok := book.Produce(c.Load.Produce)
	if !ok || p.Class != rules.FreshMeat && p.Class != rules.Aquatic && !t.Outline.Truck.Type.Reefer {
		return 0, false
	}
	return max(p.TempMax, p.TempMaxShort), true
}

// newBreaches finds in the log of a sensor what the rule of the cold chain does not allow and no earlier hold was for.
func (t Trip) newBreaches(sensor string, log []Reading, book *rules.Book, day rules.Day) []Breach {
	rule := book.ColdChain(day)
	var out []Breach
	for _, c := range t.Consignments {
		limit, cold := t.coldLimit(c, book)
		if _, loaded := t.loaded[c.ID]; !cold || !loaded || t.delivered[c.UnloadStop] {
			continue
		}
		for _, s := range warmSpells(log, limit) {
			minutes := int64((s.to - s.from) / minute)
			if minutes <= rule.Minutes && s.peak-limit <= rule.PeakOver || t.cold.known(c.ID, sensor, s) {
				continue
			}
			out = append(out, Breach{Consignment: c.ID, Sensor: sensor, From: s.from, To: s.to, Minutes: minutes, Peak: s.peak, Limit: limit})
		}
	}
	return out
}

// known reports whether a spell was held for already and has not grown since.
func (c coldChain) known(consignment, sensor string, s warmSpell) bool {
	return slices.ContainsFunc(c.breaches, func(b Breach) bool {
		return b.Consignment == consignment && b.Sensor == sensor && b.From == s.from && b.To >= s.to
	})
}

// Limits of one log: a reading a minute for a day and a half, no more than a sensor's range.
const (
	maxReadings = 2200
	coldest     = -600
	hottest     = 800
)

func (l TemperatureLog) check(now, since measure.Millis) error {
	if l.Sensor == "" || len(l.Sensor) > 60 {
		return fault.At("sensor", "required", "Say which sensor this is.")
	}
	if len(l.Readings) == 0 || len(l.Readings) > maxReadings {
		return fault.At("readings", "bad_readings", "A log has between 1 and %d readings.", maxReadings)
	}
	for i, r := range l.Readings {
		field := fmt.Sprintf("readings[%d]", i)
		if r.Tenths < coldest || r.Tenths > hottest {
			return fault.At(field+".temperature", "bad_temperature", "A temperature is between -60 and 80 °C.")
		}
		if r.At > now+clockSkew {
			return fault.At(field+".at", "in_the_future", "This is said to have happened in the future.")
		}
		if r.At < since {
			return fault.At(field+".at", "too_early", "This is said to have happened before the trip was planned.")
		}
	}
	return nil
}

// Temperature takes the log of a sensor. Goods that were too warm for too long are held until a second check.
func (s *Service) Temperature(ctx context.Context, by auth.Actor, trip string, r Report, l TemperatureLog) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventTemperature, stop: -1, sent: l,
		may: func(t Trip) bool { return drives(by, t) },
		apply: func(_ context.Context, _ store.Tx, t Trip, e Event) (any, error) {
			if err := l.check(e.SyncedAt, t.MadeAt); err != nil {
				return nil, err
			}
			return s.judge(t, l, e), nil
		}})
}

func (s *Service) judge(t Trip, l TemperatureLog, e Event) ReadLog {
	out := ReadLog{TemperatureLog: l}
	log := merged(t.cold.readings[l.Sensor], l.Readings)
	found := t.newBreaches(l.Sensor, log, s.rules, rules.Day(dayAt(e.At())))
	if len(found) == 0 {
		return out
	}
	out.Hold = &Hold{Breaches: found, At: e.At()}
	return out
}

// HoldGoods is an officer's or a dispatcher's word that nothing may be delivered for now, with a reason.
func (s *Service) HoldGoods(ctx context.Context, by auth.Actor, trip, reason string, r Report) (Trip, error) {
	if reason == "" {
		return Trip{}, fault.At("reason", "required", "Say why the goods are held.")
	}
	return s.report(ctx, by, trip, r, happening{kind: EventHold, stop: -1, sent: reason,
		may:   func(Trip) bool { return plans(by) },
		apply: func(context.Context, store.Tx, Trip, Event) (any, error) { return Hold{Reason: reason}, nil }})
}
