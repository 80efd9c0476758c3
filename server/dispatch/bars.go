package dispatch

import (
	"fmt"

	"jishi/server/rules"
)

// riderBar keeps people off trucks and goods out of coaches.
func (p *planner) riderBar(day rules.Day, t Truck, l Load) *bar {
	coach := t.Type.Payload == 0
	switch {
	case l.People > 0 && !coach:
		return &bar{Rule: "people", Text: "People ride in coaches only."}
	case l.People == 0 && coach:
		return &bar{Rule: "coach", Text: "A coach's hold takes no goods."}
	}
	return nil
}

// coldBar asks for cooling that the shipper wants or the produce needs.
func (p *planner) coldBar(day rules.Day, t Truck, l Load) *bar {
	f, known := p.book.Produce(l.Produce)
	var want Band
	name := l.Produce
	src := rules.Source{Text: "asked for by the shipper"}
	switch {
	case l.Cold != nil:
		want = *l.Cold
	case known && (f.Class == rules.FreshMeat || f.Class == rules.Aquatic):
		want, src = Band{f.TempMin, f.TempMaxShort}, f.Source
	default:
		return nil
	}
	if known {
		name = f.Name
	}
	band, cooled := t.Vehicle.Cold(t.Type)
	switch {
	case !cooled:
		return &bar{Rule: "cold", Text: fmt.Sprintf("%s needs a refrigerated truck.", name), Source: src.Text, Mark: src.Mark}
	case !band.meets(want):
		return &bar{Rule: "cold", Text: fmt.Sprintf("%s needs %s, the truck holds %s.", name, want, band), Source: src.Text, Mark: src.Mark}
	}
	return nil
}

// washBar keeps food out of a truck that carried farm inputs and was not washed since.
func (p *planner) washBar(day rules.Day, t Truck, l Load) *bar {
	if t.Vehicle.LastCargo == "" || t.Vehicle.WashedOn != "" && rules.Day(t.Vehicle.WashedOn) <= day {
		return nil
	}
	needs, text, src := p.book.Wash(day, t.Vehicle.LastCargo, l.Produce)
	if !needs {
		return nil
	}
	return &bar{Rule: "wash", Text: fmt.Sprintf("%s carried %s last: %s", t.Vehicle.Plate, p.name(t.Vehicle.LastCargo), text), Source: src.Text, Mark: src.Mark}
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
			return &bar{Rule: "zone", Text: fmt.Sprintf("%s is of %s risk on %s, and %s drives to no place of %s risk.", adcode, level, day, t.Vehicle.Plate, t.Capacity.Avoids),
				Source: src.Text, Mark: src.Mark}
		}
	}
	return nil
}
