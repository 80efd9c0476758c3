package dispatch

import (
	"jishi/server/dispatch/pdptw"
	"jishi/server/orders"
)

// closeRoads takes closed roads out of the matrix.
func (p *planner) closeRoads() {
	if len(p.q.Closed) == 0 {
		return
	}
	codes := make([]string, len(p.spots))
	for v, t := range p.q.Trucks {
		codes[p.truck[v]] = p.codeOf(t.Capacity.Place)
	}
	for i, l := range p.q.Loads {
		codes[p.from[i]], codes[p.to[i]] = p.codeOf(l.From), p.codeOf(l.To)
	}
	n := p.matrix.Size
	for i := range n {
		for j := range n {
			if i != j && p.closedBetween(codes[i], codes[j]) {
				p.matrix.Distance[i*n+j], p.matrix.Duration[i*n+j] = pdptw.Unreachable, pdptw.Unreachable
			}
		}
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

func (p *planner) closedBetween(a, b string) bool {
	for _, c := range p.q.Closed {
		if c.joins(p.atlas.Within, a, b) || c.joins(p.atlas.Within, b, a) {
			return true
		}
	}
	return false
}

func (c Closure) joins(within func(code, area string) bool, a, b string) bool {
	if !within(a, c.From) {
		return false
	}
	return c.To == "" && !within(b, c.From) || c.To != "" && within(b, c.To)
}
