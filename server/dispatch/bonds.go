package dispatch

import (
	"slices"

	"jishi/server/dispatch/wording"
)

// MaxBound is how many loads may be bound to one truck: with ten minutes at each it is under way for a day and more. It keeps what
// must be planned in one piece small.
const MaxBound = 100

// bonds are the groups of loads that must ride on the same truck.
type bonds struct {
	groups
	size []int // by load, of its group

	goesWith map[string]int // by vehicle, a load that a dispatcher bound to it
}

func bondsOf(loads []Load, pins []Pin) bonds {
	names := make(map[string]int, len(loads))
	for i := len(loads) - 1; i >= 0; i-- { // of two with one name the first counts
		names[loads[i].Allocation] = i
	}
	b := bonds{groups: newGroups(len(loads)), size: make([]int, len(loads)), goesWith: map[string]int{}}
	for i, l := range loads {
		for _, id := range l.With {
			if j, known := names[id]; known {
				b.join(i, j)
			}
		}
	}
	for _, pin := range pins { // a region that has one load of a truck has them all
		i, known := names[pin.Load]
		if !known || pin.Never {
			continue
		}
		if other, more := b.goesWith[pin.Vehicle]; more {
			b.join(i, other)
		}
		b.goesWith[pin.Vehicle] = i
	}
	count := map[int]int{}
	for i := range loads {
		count[b.find(i)]++
	}
	for i := range loads {
		b.size[i] = count[b.find(i)]
	}
	return b
}

// leaveBound leaves out what must ride with something that no truck may carry.
func (p *planner) leaveBound() {
	stays := map[int]LeftOut{}
	for _, out := range p.leftOut {
		if group := p.bound.find(out.Load); stays[group].Rule == "" {
			stays[group] = out
		}
	}
	for i := range p.q.Loads {
		if out, bound := stays[p.bound.find(i)]; bound {
			p.leave(i, "bound", p.ridesOnlyWith(out), 0, 0)
		}
	}
}

// explainBound says of goods that are bound to others, and for which there would be trucks, that the others stay.
func (p *planner) explainBound(left []LeftOut) {
	stays := map[int]LeftOut{}
	for _, out := range left {
		if group := p.bound.find(out.Load); out.Rule != "trucks_full" && stays[group].Rule == "" {
			stays[group] = out
		}
	}
	for n := range left {
		out := &left[n]
		if other, bound := stays[p.bound.find(out.Load)]; bound && out.Rule == "trucks_full" {
			out.Rule, out.Said, out.Limit, out.Hints = "bound", p.ridesOnlyWith(other), 0, p.decayHint(*out)
		}
	}
}

func (p *planner) ridesOnlyWith(other LeftOut) wording.Text {
	l := p.q.Loads[other.Load]
	what := p.named(l.Produce)
	if l.People > 0 {
		what = wording.Coded("people")
	}
	return wording.Just("rides_only_with", what, wording.Named(l.To.Name, ""), wording.Within(other.Said))
}

// tooMany are the loads that no truck takes because too many are bound to each other.
func (b bonds) tooMany(loads []Load) []LeftOut {
	var out []LeftOut
	for i, l := range loads {
		if n := b.size[i]; n > MaxBound {
			out = append(out, LeftOut{Load: i, Grams: l.Grams, People: l.People, Rule: "max_stops", Need: int64(n), Limit: MaxBound,
				Said: wording.Just("too_many_bound", wording.Count(n), wording.Count(MaxBound))})
		}
	}
	return out
}

// along are the bonds with the trips that there are: what is bound to anything on a trip goes where the trip goes.
func (b bonds) along(trips []PlannedTrip) bonds {
	b.groups = slices.Clone(b.groups)
	for _, t := range trips {
		first := -1
		if i, bound := b.goesWith[t.Truck.Vehicle.ID]; bound {
			first = i
		}
		for _, part := range t.Parts {
			switch {
			case b.size[part.Load] == 1:
			case first < 0:
				first = part.Load
			default:
				b.join(first, part.Load)
			}
		}
	}
	return b
}

// on is a load of the trip that is bound to others, or one that is bound to its truck; -1 for none.
func (b bonds) on(t PlannedTrip) int {
	if i, bound := b.goesWith[t.Truck.Vehicle.ID]; bound {
		return i
	}
	for _, part := range t.Parts {
		if b.size[part.Load] > 1 {
			return part.Load
		}
	}
	return -1
}
