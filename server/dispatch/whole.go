package dispatch

import (
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/measure"
)

// piecesFor cuts loads for one optimisation over all trucks: what rides on a trip so far stays as it is cut, the rest is
// cut only where no truck takes it whole.
func (p *planner) piecesFor(m mode, start []PlannedTrip) []piece {
	var out []piece
	used := map[int]int64{}
	for _, t := range start {
		for _, part := range t.Parts {
			pc := p.piece(part.Load, partAmount(part))
			used[part.Load] += pc.amount()
			if part.Locked {
				pc.only = p.truckNamed(t.Truck.Capacity.ID)
			}
			out = append(out, pc)
		}
	}
	party := p.party(m.trucks)
	for _, i := range p.everyLoad() {
		left := p.q.Loads[i].amount() - used[i]
		if left <= 0 {
			continue
		}
		size := int64(p.largestPiece(m, i, measure.Grams(left)))
		if p.q.Loads[i].People > 0 {
			size = int64(max(party, p.q.Loads[i].People/maxGroups))
		}
		if p.bound.size[i] > 1 {
			size = left
		}
		out = append(out, p.cutAmount(i, left, size)...)
	}
	return out
}

func partAmount(part Part) int64 {
	if part.People > 0 {
		return int64(part.People)
	}
	return int64(part.Goods.Net)
}

// largestPiece is the most of a load that goes on one truck. A load too large for every truck is cut so that each
// piece fills at most half of the largest: the halves find room beside others.
func (p *planner) largestPiece(m mode, load int, left measure.Grams) measure.Grams {
	var best measure.Grams
	for _, v := range m.trucks {
		if p.barOf(p.day, v, load, m.passes) == nil {
			best = max(best, p.fitting(load, p.q.Trucks[v].room()))
		}
	}
	if left <= best || best == 0 {
		return left
	}
	return max(leastPiece, best/2/measure.Kilogram*measure.Kilogram)
}

// fitting is how many net grams of a load fit into a room.
func (p *planner) fitting(load int, r Room) measure.Grams {
	g := p.weigh(load, measure.Tonne)
	net := measure.Grams(int64(r.Grams) * int64(measure.Tonne) / max(1, int64(g.Gross)))
	if g.Volume > 0 {
		net = min(net, measure.Grams(int64(r.Volume)*int64(measure.Tonne)/int64(g.Volume)))
	}
	return net
}

// initial writes trips so far as routes to start from. The pieces of the trips come first among the pieces, in order.
func (p *planner) initial(m mode, pieces []piece, trips []PlannedTrip, d draft) []pdptw.Initial {
	var out []pdptw.Initial
	first := 0
	for n, t := range trips {
		mine := first
		first += len(t.Parts)
		v := slices.IndexFunc(m.trucks, func(v int) bool { return p.q.Trucks[v].Capacity.ID == t.Truck.Capacity.ID })
		if v < 0 || len(t.Parts) == 0 {
			continue
		}
		route := pdptw.Initial{Vehicle: v}
		for s := range t.Stops {
			route.Visits = append(route.Visits, t.calls(s, mine)...)
			if s < d.freeze(n) {
				route.Frozen = len(route.Visits)
			}
		}
		out = append(out, route)
	}
	return out
}

// truckNamed is the truck of an offer, -1 when it is not in the question.
func (p *planner) truckNamed(capacity string) int {
	return slices.IndexFunc(p.q.Trucks, func(t Truck) bool { return t.Capacity.ID == capacity })
}

// calls are the visits of one stop: loading in the order of the parts, unloading the other way round.
func (t PlannedTrip) calls(stop, first int) []pdptw.Call {
	var out []pdptw.Call
	for k, part := range t.Parts {
		if part.From == stop {
			out = append(out, pdptw.Call{Request: first + k, Kind: pdptw.Pickup})
		}
	}
	for k := len(t.Parts) - 1; k >= 0; k-- {
		if t.Parts[k].To == stop {
			out = append(out, pdptw.Call{Request: first + k, Kind: pdptw.Delivery})
		}
	}
	return out
}

// promise puts a price on every piece of a trip so far that would change its truck.
func (p *planner) promise(problem *pdptw.Problem, m mode, pieces []piece, trips []PlannedTrip, price measure.Fen) {
	if price <= 0 {
		return
	}
	n := 0
	for _, t := range trips {
		v := slices.IndexFunc(m.trucks, func(v int) bool { return p.q.Trucks[v].Capacity.ID == t.Truck.Capacity.ID })
		for range t.Parts {
			if v >= 0 {
				problem.Requests[n].Promise = &pdptw.Promise{Vehicle: v, Price: int64(price)}
			}
			n++
		}
	}
}

// together binds the pieces of loads that must ride with each other.
func (p *planner) together(pieces []piece) []pdptw.Rule {
	first := map[string]int{}
	for n, pc := range pieces {
		if _, seen := first[p.q.Loads[pc.load].Allocation]; !seen {
			first[p.q.Loads[pc.load].Allocation] = n
		}
	}
	joined := newGroups(len(pieces))
	var out []pdptw.Rule
	for n, pc := range pieces {
		for _, id := range p.q.Loads[pc.load].With {
			if other, ok := first[id]; ok && joined.join(n, other) {
				out = append(out, pdptw.Rule{Kind: pdptw.Together, A: n, B: other})
			}
		}
	}
	return out
}

// groups joins numbers into sets.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) find(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

// join puts two sets together and reports whether they were apart.
func (g groups) join(i, j int) bool {
	i, j = g.find(i), g.find(j)
	g[i] = j
	return i != j
}
