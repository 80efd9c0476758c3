package dispatch

import (
	"cmp"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/orders"
)

// closeRoads takes closed roads out of the matrix.
func (p *planner) closeRoads() {
	closed := p.closures()
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
	n := p.matrix.Size
	for i := range n {
		for j := range n {
			if _, shut := p.closedBetween(closed, codes[i], codes[j]); i != j && shut {
				p.matrix.Distance[i*n+j], p.matrix.Duration[i*n+j] = pdptw.Unreachable, pdptw.Unreachable
			}
		}
	}
	for i := range p.q.Loads {
		if c, shut := p.closedBetween(closed, codes[p.from[i]], codes[p.to[i]]); shut {
			p.leave(i, "closed_road", c.said(), 0, 0)
		}
	}
}

// closures are the roads that the dispatcher says are closed, and those that the day's rules close.
func (p *planner) closures() []Closure {
	out := slices.Clone(p.q.Closed)
	for _, c := range p.book.Closures(p.day) {
		out = append(out, Closure{From: c.Area, To: c.Other, Why: c.TextEn, WhyZh: c.Text, Until: string(c.To)})
	}
	return out
}

// said tells why nothing goes there, and until when if that is known.
func (c Closure) said() wording.Text {
	why := wording.Just("closed_road")
	if c.Why != "" {
		why = wording.Just("rule", wording.OfRule(c.Why, c.WhyZh))
	}
	if c.Until != "" {
		return why.And("closed_until", wording.Day(c.Until))
	}
	return why
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
