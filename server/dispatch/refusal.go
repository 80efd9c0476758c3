package dispatch

import (
	"jishi/server/dispatch/wording"
)

// refusals says of each truck that the best option does not use which rule keeps it out, with the numbers it would
// have in the place of the lightest trip of that option.
func (p *planner) refusals(options []Option) []Refusal {
	used := map[string]bool{}
	var lightest *PlannedTrip
	if len(options) > 0 {
		for i := range options[0].Trips {
			t := &options[0].Trips[i]
			for _, truck := range t.trucks() {
				used[truck.Capacity.ID] = true
			}
			if lightest == nil || t.Fill.Gross < lightest.Fill.Gross {
				lightest = t
			}
		}
	}
	out := []Refusal{}
	for v, t := range p.q.Trucks {
		if used[t.Capacity.ID] {
			continue
		}
		out = append(out, p.refusal(v, lightest, options))
	}
	return out
}

func (p *planner) refusal(v int, lightest *PlannedTrip, options []Option) Refusal {
	t := p.q.Trucks[v]
	r := Refusal{Vehicle: t.Vehicle.ID, Plate: t.Vehicle.Plate, Type: t.Type.ID}
	if lightest != nil {
		r.Fill = p.inPlace(t, *lightest)
	}
	if done, ok := p.refused[v]; ok {
		done.Fill = r.Fill
		return done
	}
	if b := p.barredFromAll(v); b != nil {
		r.Rule, r.Said, r.Source, r.Mark = b.Rule, b.withNext(), b.Source, b.Mark
		return r
	}
	if r.Fill != nil && !r.Fill.fits() {
		return overfull(r, t)
	}
	if b := p.lateForAll(v); b != nil {
		return r.under(*b)
	}
	r = notNeeded(r, t, options)
	if lightest != nil && lightest.Relay == nil {
		r.Said = append(r.Said, p.dearerHome(v, *lightest)...)
	}
	return r
}

// barredFromAll gives the first rule when a truck may carry none of the loads.
func (p *planner) barredFromAll(v int) *bar {
	var first *bar
	for _, i := range p.everyLoad() {
		b := p.barOf(p.day, v, i, true)
		if b == nil {
			return nil
		}
		if first == nil {
			first = b
		}
	}
	return first
}

// under is the refusal by a rule with its numbers.
func (r Refusal) under(b Binding) Refusal {
	r.Rule, r.Said, r.Need, r.Limit, r.Source, r.Mark = b.Rule, b.Said, b.Need, b.Limit, b.Source, b.Mark
	return r
}

// lateForAll gives the first reason when a truck with nothing else to do would bring nothing of any load in time, with what it would
// carry of that one. It knows of none without distances (rulesOnly).
func (p *planner) lateForAll(v int) *Binding {
	if len(p.roads.lanes) == 0 {
		return nil
	}
	first := -1
	for _, i := range p.everyLoad() {
		if p.barOf(p.day, v, i, true) != nil {
			continue
		}
		if p.tooLate(v, p.piece(i, min(p.q.Loads[i].amount(), int64(leastPiece)))) == nil {
			return nil
		}
		if first < 0 {
			first = i
		}
	}
	if first < 0 {
		return nil
	}
	return p.tooLate(v, p.piece(first, max(1, min(p.q.Loads[first].amount(), p.holds(v, first)))))
}

// inPlace is how full a truck would be with what another carries.
func (p *planner) inPlace(t Truck, other PlannedTrip) *Fill {
	other.Truck = t
	f := p.fullest(t, other)
	return &f
}

func overfull(r Refusal, t Truck) Refusal {
	r.Rule, r.Need, r.Limit = "payload", int64(r.Fill.Gross), int64(t.Type.Payload)
	if r.Fill.Weight <= 1000 {
		r.Rule, r.Need, r.Limit = "cube", int64(r.Fill.Volume), int64(t.Type.Cube)
	}
	r.Said = wording.Just("lightest_overfull", wording.Share(r.Fill.Weight), wording.Tonnes(r.Fill.Gross), wording.Tonnes(t.Type.Payload),
		wording.Share(r.Fill.Cube), wording.Cubic(r.Fill.Volume), wording.Cubic(t.Type.Cube))
	r.Source, r.Mark = t.Type.Source.Text, t.Type.Source.Mark
	return r
}

// notNeeded names the best option that would use the truck, and what that would cost.
func notNeeded(r Refusal, t Truck, options []Option) Refusal {
	r.Rule, r.Said = "not_needed", wording.Just("not_needed")
	for _, o := range options {
		for _, trip := range o.Trips {
			if trip.Truck.Capacity.ID != t.Capacity.ID {
				continue
			}
			r.Need = int64(o.Cost - options[0].Cost)
			r.Said = wording.Just("option_would_use", wording.Named(o.ID, ""), wording.More(o.Cost-options[0].Cost))
			if len(o.Warnings) > 0 {
				r.Said = append(r.Said, o.Warnings[0].Said...)
			}
			return r
		}
	}
	return r
}
