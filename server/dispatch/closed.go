package dispatch

import (
	"cmp"
	"slices"

	"jishi/server/dispatch/wording"
	"jishi/server/orders"
	"jishi/server/rules"
)

// closeRoads takes closed roads out of the matrix.
func (p *planner) closeRoads() {
	closed := p.closures(p.day)
	if len(closed) == 0 {
		return
	}
	codes := make([]string, len(p.spots))
	for v, t := range p.q.Trucks {
		codes[p.truck[v]] = p.codeOf(t.Capacity.Place)
	}
	for i, l := range p.q.Loads {
		codes[p.from[i]], codes[p.to[i]] = p.codeOf(l.From), p.codeOf(l.To)
	}
	for _, s := range p.stations {
		codes[p.index[s.Point]] = cmp.Or(codes[p.index[s.Point]], p.codeOf(s))
	}
	for i := range p.spots {
		for j := range p.spots {
			if _, shut := p.closedBetween(closed, codes[i], codes[j]); i != j && shut {
				p.roads.close(i, j)
			}
		}
	}
	for i := range p.q.Loads {
		if c, shut := p.closedBetween(closed, codes[p.from[i]], codes[p.to[i]]); shut {
			p.leave(i, "closed_road", p.shut(c), 0, 0)
		}
	}
}

// closures are the roads that the dispatcher says are closed on a day, and those that the day's rules close.
func (p *planner) closures(day rules.Day) []Closure {
	out := slices.DeleteFunc(slices.Clone(p.q.Closed), func(c Closure) bool { return !c.holds(day) })
	for _, c := range p.book.Closures(day) {
		out = append(out, Closure{From: c.Area, To: c.Other, Why: c.TextEn, WhyZh: c.Text, Until: string(c.To)})
	}
	return out
}

// holds reports whether the road is closed on a day.
func (c Closure) holds(day rules.Day) bool {
	return c.Since <= string(day) && (c.Until == "" || string(day) <= c.Until)
}

// shut tells which road is closed, why, and until when if that is known.
func (p *planner) shut(c Closure) wording.Text {
	why := wording.OfRule(c.Why, c.WhyZh)
	said := wording.Just("closed_road")
	switch {
	case c.ID != "" && c.To == "":
		said = wording.Just("area_closed", p.area(c.From), why)
	case c.ID != "":
		said = wording.Just("road_between", p.area(c.From), p.area(c.To), why)
	case c.Why != "":
		said = wording.Just("rule", why)
	}
	if c.Until != "" {
		return said.And("closed_until", wording.Day(c.Until))
	}
	return said
}

// warnOfClosed says which closed road a trip takes. A truck that is on its way already can't be held back by a plan.
func (p *planner) warnOfClosed(day rules.Day, t *PlannedTrip, n int) {
	closed := p.closures(day)
	if len(closed) == 0 || t.Depart < p.q.Now {
		return
	}
	at := p.codeOf(t.Truck.Capacity.Place)
	for _, s := range t.Stops {
		to := p.codeOf(s.Place)
		if c, shut := p.closedBetween(closed, at, to); shut {
			t.addBar(bar{Rule: "closed_road", Said: p.shut(c)}, n)
		}
		at = to
	}
}

func (p *planner) codeOf(s orders.Stop) string {
	if len(s.Adcode) > 6 {
		return s.Adcode[:6]
	}
	if s.Adcode == "" {
		d, _ := p.atlas.Nearest(s.Point)
		return d.Code
	}
	return s.Adcode
}

func (p *planner) closedBetween(closed []Closure, a, b string) (Closure, bool) {
	for _, c := range closed {
		if c.joins(p.atlas.Within, a, b) || c.joins(p.atlas.Within, b, a) {
			return c, true
		}
	}
	return Closure{}, false
}

func (c Closure) joins(within func(code, area string) bool, a, b string) bool {
	if !within(a, c.From) {
		return false
	}
	return c.To == "" && !within(b, c.From) || c.To != "" && within(b, c.To)
}
