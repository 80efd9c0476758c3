package dispatch

import (
	"context"
	"fmt"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/store"
)

// Scan is the second of the two scans at a ramp. The packhouse counts what it hands out and the driver what he takes;
// whoever weighs reports a Weighing, the other a Scan. They have to agree.
type Scan struct {
	Side  string        `json:"side"` // "packhouse" or "driver"
	Lines []ScannedLine `json:"lines"`
}

// ScannedLine is what was scanned of one consignment: the codes of its handling units, or their number where they carry
// none.
type ScannedLine struct {
	Consignment string   `json:"consignment"`
	Codes       []string `json:"codes,omitempty"`
	Packs       int64    `json:"packs"`
}

// maxCodes bounds one scan.
const maxCodes = 5000

// Scan is reported by the side that did not weigh, before or after the weighing.
func (s *Service) Scan(ctx context.Context, by auth.Actor, trip string, stop int, r Report, in Scan) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventScan, stop: stop, sent: in,
		may: func(t Trip) bool { return drives(by, t) || handsOut(by, t, stop) },
		apply: func(_ context.Context, _ store.Tx, t Trip, e Event) (any, error) {
			if err := t.stop(stop, LoadStop); err != nil {
				return nil, err
			}
			in.Side = sideOf(by, t, stop)
			return in.settle(t, stop, e.By)
		}})
}

// handsOut reports whether the actor is the packhouse of a stop.
func handsOut(by auth.Actor, t Trip, stop int) bool {
	return stop >= 0 && stop < len(t.Outline.Stops) && by.MayActFor(t.Outline.Stops[stop].Party, auth.ActLots)
}

func sideOf(by auth.Actor, t Trip, stop int) string {
	if handsOut(by, t, stop) {
		return "packhouse"
	}
	return "driver"
}

func (s Scan) settle(t Trip, stop int, by string) (Scan, error) {
	want := t.at(stop, LoadStop)
	if len(s.Lines) != len(want) {
		return s, fault.At("lines", "every_consignment", "Name each of the %d consignments that are loaded here once.", len(want))
	}
	if e, done := t.event(EventLoad, stop); done && e.By == by {
		return s, fault.New(fault.Conflict, "counted_both", "The one who weighed can't be the second to count.")
	}
	lines := slices.Clone(s.Lines)
	seen := map[string]bool{}
	for i := range lines {
		field := fmt.Sprintf("lines[%d]", i)
		l, f := lines[i].settle(want)
		if f == nil && seen[l.Consignment] {
			f = fault.At("consignment", "not_loaded_here", "This consignment is not loaded here, or is named twice.")
		}
		if f != nil {
			return s, f.In(field)
		}
		if w, weighed := t.loaded[l.Consignment]; weighed {
			if f = agree(l, w); f != nil {
				return s, f.In(field)
			}
		}
		seen[l.Consignment], lines[i] = true, l
	}
	s.Lines = lines
	return s, nil
}

func (l ScannedLine) settle(want []Consignment) (ScannedLine, *fault.Fault) {
	if !slices.ContainsFunc(want, func(c Consignment) bool { return c.ID == l.Consignment }) {
		return l, fault.At("consignment", "not_loaded_here", "This consignment is not loaded here, or is named twice.")
	}
	if f := checkCodes(l.Codes); f != nil {
		return l, f
	}
	if len(l.Codes) > 0 {
		l.Packs = int64(len(l.Codes))
	}
	if l.Packs <= 0 || l.Packs > 1_000_000 {
		return l, fault.At("packs", "required", "Scan the packs, or say how many there are.")
	}
	return l, nil
}

// checkCodes faults a code that is empty, too long, or scanned twice.
func checkCodes(codes []string) *fault.Fault {
	if len(codes) > maxCodes {
		return fault.At("codes", "too_many", "At most %v.", maxCodes)
	}
	seen := make(map[string]bool, len(codes))
	for i, c := range codes {
		if c == "" || len(c) > 60 {
			return fault.At(fmt.Sprintf("codes[%d]", i), "bad_code", "A code has between 1 and %d characters.", 60)
		}
		if seen[c] {
			return fault.At(fmt.Sprintf("codes[%d]", i), "scanned_twice", "%s was scanned twice.", c)
		}
		seen[c] = true
	}
	return nil
}

// agree gives the fault of two counts of one consignment that differ: by code where both have codes, else by number.
func agree(scan ScannedLine, weighed WeighedLine) *fault.Fault {
	if len(scan.Codes) > 0 && len(weighed.Codes) > 0 {
		if only, ok := onlyIn(scan.Codes, weighed.Codes); ok {
			return fault.New(fault.Conflict, "scans_differ", "%s was scanned by one side only.", only)
		}
		if only, ok := onlyIn(weighed.Codes, scan.Codes); ok {
			return fault.New(fault.Conflict, "scans_differ", "%s was scanned by one side only.", only)
		}
	}
	if weighed.Packs > 0 && weighed.Packs != scan.Packs {
		return fault.New(fault.Conflict, "counts_differ", "One side counted %d packs, the other %d.", weighed.Packs, scan.Packs)
	}
	return nil
}

// onlyIn gives the first of a list that the other lacks.
func onlyIn(list, other []string) (string, bool) {
	have := make(map[string]bool, len(other))
	for _, c := range other {
		have[c] = true
	}
	for _, c := range list {
		if !have[c] {
			return c, true
		}
	}
	return "", false
}

// BothScanned reports whether everything loaded so far was counted by both sides.
func (t Trip) BothScanned() bool {
	for id := range t.loaded {
		if _, ok := t.scanned[id]; !ok {
			return false
		}
	}
	return len(t.loaded) > 0
}
