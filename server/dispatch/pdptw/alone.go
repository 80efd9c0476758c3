package pdptw

import "slices"

// refusal says why vehicle v can't serve request r even with nothing else to do. The zero Rule means that it can.
func (m *model) refusal(v, r int) Reason {
	q, k := &m.p.Requests[r], &m.p.Vehicles[v]
	why := Reason{Vehicle: v, Request: r, Other: -1, Dimension: -1}
	if h := m.home[r]; h >= 0 {
		if int(h) != v {
			why.Rule, why.Detail = ReasonFrozen, "bound to another vehicle by what is frozen"
		}
		return why
	}
	if q.Only != nil && !slices.Contains(q.Only, v) {
		why.Rule = ReasonOnly
		return why
	}
	for _, b := range q.Barred {
		if b.Vehicle == v {
			why.Rule, why.Detail = ReasonBarred, b.Why
			return why
		}
	}
	for _, s := range q.Skills {
		if !slices.Contains(k.Skills, s) {
			why.Rule, why.Detail = ReasonSkill, s
			return why
		}
	}
	for d, x := range q.Load {
		if x > k.Capacity[d] {
			why.Rule, why.Dimension, why.Need, why.Limit = ReasonCapacity, d, x, k.Capacity[d]
			return why
		}
	}
	return m.refusedDrive(v, r, why)
}

// refusedDrive follows the request alone from start to end, first as if the vehicle could drive at any hour.
func (m *model) refusedDrive(v, r int, why Reason) Reason {
	k := &m.trucks[v]
	why, dist := m.follow(v, r, why, &truck{})
	if why.Rule != "" {
		return why
	}
	if dist > k.maxDist {
		why.Rule, why.Need, why.Limit, why.Detail = ReasonDistance, dist, k.maxDist, ""
		return why
	}
	if k.standing != nil {
		if why, _ = m.follow(v, r, why, k); why.Rule != "" {
			why.Rule = ReasonStanding
			return why
		}
	}
	why.Detail = ""
	return m.refusedExact(v, r, why)
}

// follow drives vehicle v with the request alone from start to end without rests, standing when k does. It gives the first stop that is late,
// and the metres.
func (m *model) follow(v, r int, why Reason, k *truck) (Reason, int64) {
	t, dist := m.nodes[m.trucks[v].start].open, int64(0)
	at := m.trucks[v].start
	stops := append(m.ownNodes(r), m.trucks[v].end)
	for i, x := range stops {
		a := m.arc(v, at, x)
		last := i == len(stops)-1
		if !last {
			why.Detail = m.nodes[x].kind.String()
		} else {
			why.Detail = "end"
		}
		if a.dist == noRoad {
			why.Rule = ReasonUnreachable
			return why, dist
		}
		dist += int64(a.dist)
		arrive := k.reach(t, int64(a.dur))
		if t = m.begin(x, arrive); t == inf {
			why.Rule, why.Need, why.Limit = ReasonWindow, arrive, m.nodes[x].close
			if last {
				why.Rule = ReasonShift
			} else if end := m.ownClose(x); arrive <= end {
				why.Limit = end
				why.Rule, why.Need, why.Limit = ReasonWindow, m.latestNeed(k, v, r, arrive), m.ownClose(int32(2*r+1))
				why.Detail = Delivery.String()
			}
			return why, dist
		}
		t += m.nodes[x].service
		at = x
	}
	return why, dist
}

// ownClose is the last moment of the stop's own windows, before tighten.
func (m *model) ownClose(x int32) int64 {
	w := m.windows(x)
	if len(w) == 0 {
		return maxTime
	}
	return w[len(w)-1].Close
}

// latestNeed is the arrival at the delivery when the pickup is reached at arrive.
func (m *model) latestNeed(k *truck, v, r int, arrive int64) int64 {
	q := &m.p.Requests[r]
	for _, w := range q.Pickup.Windows {
		if arrive <= w.Close {
			arrive = max(arrive, w.Open)
			break
		}
	}
	return k.reach(arrive+q.Pickup.Service, int64(m.arc(v, int32(2*r), int32(2*r+1)).dur))
}

// refusedExact asks the simulation where a vehicle has rules that the walk above leaves out.
func (m *model) refusedExact(v, r int, why Reason) Reason {
	k := &m.trucks[v]
	if !k.exact {
		return why
	}
	w := newWalker(m)
	seq := append(append([]int32{k.start}, m.ownNodes(r)...), k.end)
	t, ok := w.walk(v, seq)
	if ok {
		return why
	}
	switch {
	case len(seq)-2 > k.maxStops:
		why.Rule, why.Need, why.Limit = ReasonStops, int64(len(seq)-2), int64(k.maxStops)
	case t.end > 0 && t.end-t.depart > k.maxDur:
		why.Rule, why.Need, why.Limit = ReasonDuration, t.end-t.depart, k.maxDur
	default:
		x := &m.nodes[seq[w.missed]]
		why.Rule, why.Need, why.Limit, why.Detail = ReasonRests, w.arrive[w.missed], x.close, "end"
		if x.req >= 0 {
			why.Detail = x.kind.String()
		}
	}
	return why
}
