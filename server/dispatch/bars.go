package dispatch

import (
	"slices"

	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/rules"
)

// riderBar keeps people off trucks and goods out of coaches.
func (p *planner) riderBar(day rules.Day, t Truck, l Load) *bar {
	switch {
	case l.People > 0 && !t.coach():
		return &bar{Rule: "people", Said: wording.Just("people")}
	case l.People == 0 && t.coach():
		return &bar{Rule: "coach", Said: wording.Just("coach")}
	}
	return nil
}

// cooling is what the shipper asks for or the produce needs; false where any temperature will do.
func (p *planner) cooling(l Load) (Band, rules.Source, bool) {
	f, known := p.book.Produce(l.Produce)
	switch {
	case l.Cold != nil:
		return *l.Cold, rules.Source{Text: "asked for by the shipper"}, true
	case known && (f.Class == rules.FreshMeat || f.Class == rules.Aquatic):
		return Band{f.TempMin, f.TempMaxShort}, f.Source, true
	}
	return Band{}, rules.Source{}, false
}

// warnOfStorage says where a receiver has no cold store for goods that need one: they have to be used as they come.
func (p *planner) warnOfStorage(t *PlannedTrip, n int) {
	for _, i := range t.loads() {
		l := p.q.Loads[i]
		want, src, cold := p.cooling(l)
		if !cold || l.Storage != "dry" && (l.Storage != "cool" || want.Max >= 0) {
			continue
		}
		t.Warnings = append(t.Warnings, Caution{Code: "storage", Trip: n, Rule: "storage", Source: src.Text, Mark: src.Mark,
			Said: wording.Just("storage", wording.Named(l.To.Name, ""), wording.Coded(l.Storage), p.named(l.Produce), wording.Tenths(want.Min), wording.Tenths(want.Max))})
	}
}

// coldBar asks for cooling that the shipper wants or the produce needs.
func (p *planner) coldBar(day rules.Day, t Truck, l Load) *bar {
	want, src, cold := p.cooling(l)
	if !cold {
		return nil
	}
	name := p.named(l.Produce)
	band, cooled := t.Vehicle.Cold(t.Type)
	switch {
	case !cooled:
		return &bar{Rule: "cold", Said: wording.Just("cold_none", name), Source: src.Text, Mark: src.Mark}
	case !band.meets(want):
		return &bar{Rule: "cold", Source: src.Text, Mark: src.Mark,
			Said: wording.Just("cold_band", name, wording.Tenths(want.Min), wording.Tenths(want.Max), wording.Tenths(band.Min), wording.Tenths(band.Max))}
	}
	return nil
}

// washBar keeps food out of a truck that carried farm inputs and was not washed since.
func (p *planner) washBar(day rules.Day, t Truck, l Load) *bar {
	if t.Vehicle.LastCargo == "" || t.Vehicle.WashedOn != "" && rules.Day(t.Vehicle.WashedOn) <= day {
		return nil
	}
	needs, _, src := p.book.Wash(day, t.Vehicle.LastCargo, l.Produce)
	if !needs {
		return nil
	}
	return &bar{Rule: "wash", Source: src.Text, Mark: src.Mark,
		Said: wording.Just("wash", wording.OfPlate(t.Vehicle.Plate), p.named(t.Vehicle.LastCargo), p.ruleSays("wash", day))}
}

var riskOrder = map[rules.ZoneLevel]int{rules.LowRisk: 1, rules.MediumRisk: 2, rules.HighRisk: 3}

// zoneBar keeps a carrier out of places of a risk that it avoids.
func (p *planner) zoneBar(day rules.Day, t Truck, l Load) *bar {
	avoids := riskOrder[t.Capacity.Avoids]
	if avoids == 0 {
		return nil
	}
	for _, adcode := range []string{l.From.Adcode, l.To.Adcode} {
		level, src := p.book.Level(day, adcode)
		if riskOrder[level] >= avoids {
			return &bar{Rule: "zone", Source: src.Text, Mark: src.Mark, Said: wording.Just("zone", p.area(adcode), wording.Coded(string(level)),
				wording.Day(string(day)), wording.OfPlate(t.Vehicle.Plate), wording.Coded(string(t.Capacity.Avoids)))}
		}
	}
	return nil
}

// leavesBy is the last moment at which a truck may set out: the end of its offer. One that is loaded is on its way; 0 for no limit.
func (p *planner) leavesBy(t Truck) measure.Millis {
	if slices.Contains(p.q.Loaded, t.Capacity.ID) {
		return 0
	}
	return t.Capacity.Until
}

// offerBar keeps goods that are ready only when a truck's offer is over off it: nobody has it wait for them.
func (p *planner) offerBar(_ rules.Day, t Truck, l Load) *bar {
	by := p.leavesBy(t)
	if by == 0 || l.Ready.From <= by {
		return nil
	}
	return &bar{Rule: "capacity_over", Said: offerOver(t).And("ready_then", wording.At(l.Ready.From)), Need: int64(l.Ready.From), Limit: int64(by)}
}

func offerOver(t Truck) wording.Text {
	return wording.Just("capacity_over", wording.OfPlate(t.Vehicle.Plate), wording.At(t.Capacity.Until))
}

// spoils is the rule by which a load may not be on the road for so long, and for how long it may; nil where none forbids it.
func (p *planner) spoils(l Load, road measure.Millis) (*bar, measure.Millis) {
	loose, src := p.book.LooseLeafy()
	if !l.Packed && p.leafy(l.Produce) && road > loose {
		return &bar{Rule: "loose_leafy", Source: src.Text, Mark: src.Mark,
			Said: wording.Just("loose_leafy", wording.Count(int(loose/hour)), wording.Count(int(road/hour)))}, loose
	}
	f, known := p.book.Produce(l.Produce)
	hours, src := p.book.ColdHours(p.day)
	if most := measure.Millis(hours) * hour; known && f.Class == rules.FreshMeat && hours > 0 && road > most {
		return &bar{Rule: "cold_hours", Source: src.Text, Mark: src.Mark,
			Said: wording.Just("cold_hours", wording.Count(int(hours)), wording.Count(int(road/hour)))}, most
	}
	return nil, 0
}

// spoilBar keeps a load off a truck that is too slow for it. It knows of none without distances (rulesOnly).
func (p *planner) spoilBar(v, i int) *bar {
	if len(p.roads.lanes) == 0 {
		return nil
	}
	b, _ := p.spoils(p.q.Loads[i], p.duration(v, p.from[i], p.to[i]))
	if b != nil {
		b.Said = p.atItsSpeed(v, b.Said)
	}
	return b
}

// atItsSpeed adds to what is said of a truck's time how fast it is reckoned to drive.
func (p *planner) atItsSpeed(v int, said wording.Text) wording.Text {
	if kmh := p.q.Trucks[v].Type.SpeedKmh; kmh > 0 {
		return said.And("at_its_speed", wording.Count(kmh))
	}
	return said
}
