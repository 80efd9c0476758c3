package pdptw

import "sort"

// The reasons are found in three steps, the first that refuses is the rule that binds:
//
//  1. the vehicle alone (refusal): what may ride, load, road, windows, shift and limits with nothing else to do;
//  2. the vehicle with what the plan carries (crowded): every place in its route, and of those the one that came nearest;
//  3. the money (prize, promise), or a partner that has to ride along.
//
// Vehicles that are alike and empty count together. Of several vehicles that one rule refuses, the one nearest to letting
// the request through lends its numbers.

// mostLooks bounds how many routes are looked at place by place, so that explaining takes no time worth counting.
const mostLooks = 20_000

// explain adds the reasons to a finished plan.
func (m *model) explain(p *plan, out *Solution) {
	if len(out.Unserved) == 0 && len(out.Routes) == m.v {
		return
	}
	x := &explainer{m: m, s: newState(m), looks: mostLooks}
	x.s.restore(p)
	for i := range out.Unserved {
		out.Unserved[i].Reasons = x.leftOut(out.Unserved[i].Request)
	}
	known := map[int32][]Reason{} // by class of vehicles
	for v := range m.v {
		if len(x.s.seq[v]) > 2 {
			continue
		}
		c := m.trucks[v].class
		if _, ok := known[c]; !ok {
			known[c] = x.idle(v)
		}
		out.Unused = append(out.Unused, Unused{Vehicle: v, Reasons: forVehicle(known[c], v)})
	}
}

func forVehicle(reasons []Reason, v int) []Reason {
	out := append([]Reason(nil), reasons...)
	for i := range out {
		out[i].Vehicle = v
	}
	return out
}

type explainer struct {
	m     *model
	s     *state
	looks int
}

// reasons gathers refusals by rule.
type reasons struct{ list []Reason }

// add counts w, and keeps its numbers where it came nearer than those before it.
func (l *reasons) add(w Reason, count int) {
	w.Count = count
	for i := range l.list {
		if l.list[i].Rule != w.Rule {
			continue
		}
		if w.Count += l.list[i].Count; w.Need-w.Limit < l.list[i].Need-l.list[i].Limit {
			l.list[i] = w
		}
		l.list[i].Count = w.Count
		return
	}
	l.list = append(l.list, w)
}

// stage says how far a request came before a rule refused it: the higher, the nearer to being served.
var stage = map[ReasonRule]int{ReasonPrize: 9, ReasonEnd: 8, ReasonRules: 7, ReasonFrozen: 6, ReasonNoRoom: 6, ReasonStops: 5, ReasonDuration: 5,
	ReasonDistance: 5, ReasonRests: 4, ReasonStanding: 4, ReasonShift: 4, ReasonWindow: 4, ReasonUnreachable: 3, ReasonCapacity: 2, ReasonSkill: 1}

func (l *reasons) sorted() []Reason {
	sort.SliceStable(l.list, func(i, j int) bool { return stage[l.list[i].Rule] > stage[l.list[j].Rule] })
	return l.list
}

// leftOut says why request r is on no vehicle.
func (x *explainer) leftOut(r int) []Reason {
	var found reasons
	emptied := map[int32]bool{}
	for v := range x.m.v {
		class := x.m.trucks[v].class
		empty := len(x.s.seq[v]) == 2
		if empty && emptied[class] {
			continue
		}
		count := 1
		if empty {
			emptied[class] = true
			count = x.emptyOf(class)
		}
		why := x.m.refusal(v, r)
		if why.Rule == "" {
			why = x.beside(v, int32(r), why)
		}
		found.add(why, count)
	}
	if x.m.v == 0 {
		found.add(Reason{Rule: ReasonNothing, Vehicle: -1, Request: r, Other: -1, Dimension: -1, Detail: "there is no vehicle"}, 0)
	}
	return found.sorted()
}

func (x *explainer) emptyOf(class int32) int {
	n := 0
	for _, v := range x.m.classes[class] {
		if len(x.s.seq[v]) == 2 {
			n++
		}
	}
	return n
}

// beside says why r is not on v, which could carry it alone.
func (x *explainer) beside(v int, r int32, why Reason) Reason {
	for _, o := range x.m.apart[r] {
		if x.s.where[o] == int32(v) {
			why.Rule, why.Other, why.Detail = ReasonRules, int(o), string(Apart)
			return why
		}
	}
	if o := x.classmate(v, r); o >= 0 {
		why.Rule, why.Other, why.Detail = ReasonRules, o, string(Apart)
		return why
	}
	if x.looks--; x.looks < 0 {
		why.Rule = ReasonNoRoom
		return why
	}
	if e := x.s.insertion(int32(v), r, inf); e.cost < inf {
		return x.tooDear(r, e.cost, why)
	}
	return x.crowded(v, r, why)
}

// classmate is a request on v whose class must be apart from r's, or -1.
func (x *explainer) classmate(v int, r int32) int {
	for _, node := range x.s.seq[v] {
		if o := x.m.nodes[node].req; o >= 0 && x.m.apartCls[x.m.p.Requests[r].Class]>>x.m.nodes[node].class&1 == 1 {
			return int(o)
		}
	}
	return -1
}

// tooDear is the reason of a request that has a place: what it would cost there is more than leaving it out, or another
// request of its group has none.
func (x *explainer) tooDear(r int32, cost int64, why Reason) Reason {
	if g := x.m.group[r]; g >= 0 {
		for _, o := range x.m.groups[g] {
			if o != r && x.s.where[o] < 0 {
				why.Rule, why.Other, why.Detail = ReasonRules, int(o), string(Together)
				return why
			}
		}
	}
	if limit := x.m.penalty[r]; !x.m.must[r] && cost >= limit {
		unit := int64(scale)
		if x.m.lexical {
			unit = 1
		}
		why.Rule, why.Need, why.Limit = ReasonPrize, cost/unit, limit/unit
		return why
	}
	why.Rule, why.Detail = ReasonEnd, "a place was found only afterwards"
	return why
}

// crowded looks at every place of r in the route of v. Where a place is in time, the load is what is too much; else the
// least delay says by how much the route is too full of time.
func (x *explainer) crowded(v int, r int32, why Reason) Reason {
	m, q := x.m, x.s.seq[v]
	why.Rule = ReasonNoRoom
	if m.trucks[v].frozen > 0 {
		why.Rule = ReasonFrozen
	}
	late, over := inf, inf
	var time, load Reason
	for i := m.trucks[v].frozen; i < len(q)-1; i++ {
		for k := i; k < len(q)-1; k++ {
			w := x.tryPlace(v, r, i, k, why)
			switch excess := w.Need - w.Limit; {
			case w.Rule == "":
			case w.Dimension >= 0:
				if excess < over {
					over, load = excess, w
				}
			case excess < late:
				late, time = excess, w
			}
			if m.shape[r] != pair {
				break
			}
		}
	}
	switch {
	case over < inf:
		return load
	case late < inf:
		return time
	}
	why.Detail = "the rules of the vehicle allow no place"
	return why
}

// tryPlace drives v with r behind positions i and k and gives the first stop that is late, or else what is too heavy.
// The rule is empty where neither is so.
func (x *explainer) tryPlace(v int, r int32, i, k int, why Reason) Reason {
	m := x.m
	seq := x.with(v, r, i, k)
	t := m.nodes[seq[0]].open
	for n := 1; n < len(seq); n++ {
		arrive := m.trucks[v].reach(t+m.nodes[seq[n-1]].service, int64(m.arc(v, seq[n-1], seq[n]).dur))
		if t = m.begin(seq[n], arrive); t == inf {
			why.Need, why.Limit, why.Detail = arrive, m.nodes[seq[n]].close, "end"
			if o := m.nodes[seq[n]].req; o >= 0 {
				if why.Detail = m.nodes[seq[n]].kind.String(); o != r {
					why.Other = int(o)
				}
			}
			return why
		}
	}
	load := make([]int64, m.d)
	for _, node := range seq {
		if nd := &m.nodes[node]; nd.req >= 0 && nd.kind == Delivery && m.p.Requests[nd.req].Pickup == nil {
			addTo(load, m.p.Requests[nd.req].Load, 1)
		}
	}
	for _, node := range seq {
		if nd := &m.nodes[node]; nd.req >= 0 && nd.kind == Pickup {
			addTo(load, m.p.Requests[nd.req].Load, 1)
		} else if nd.req >= 0 {
			addTo(load, m.p.Requests[nd.req].Load, -1)
		}
		for d, have := range load {
			if room := m.cap[v*m.d+d]; have > room {
				why.Dimension, why.Need, why.Limit = d, have, room
				return why
			}
		}
	}
	why.Rule = ""
	return why
}

// with is the route of v with r in it.
func (x *explainer) with(v int, r int32, i, k int) []int32 {
	q := x.s.seq[v]
	seq := append([]int32(nil), q[:i+1]...)
	if x.m.shape[r] != pair {
		return append(append(seq, x.m.ownNodes(int(r))...), q[i+1:]...)
	}
	seq = append(append(seq, 2*r), q[i+1:k+1]...)
	return append(append(seq, 2*r+1), q[k+1:]...)
}
