package pdptw

import "math"

// freeze marks what the initial plan does not allow to be moved.
func (m *model) freeze() {
	for _, r := range m.p.Initial {
		m.trucks[r.Vehicle].frozen = r.Frozen
		for _, c := range r.Visits[:r.Frozen] {
			m.home[c.Request] = int32(r.Vehicle)
			if c.Kind == Pickup && m.p.Requests[c.Request].Delivery != nil {
				m.shape[c.Request] = pinned
			} else {
				m.shape[c.Request] = fixed
			}
			// What is under way may be late: it waits for the next window, and after the last one none refuses anything.
			x := &m.nodes[2*c.Request+int(c.Kind)]
			x.close, x.late = maxTime, true
		}
	}
}

// excuseFrozen lifts the limits of a vehicle that its frozen visits alone already break: it is under way and late.
func (m *model) excuseFrozen() {
	for _, r := range m.p.Initial {
		if r.Frozen == 0 || m.drives(&r) {
			continue
		}
		k := &m.trucks[r.Vehicle]
		m.nodes[k.end].close = maxTime
		k.maxDur, k.maxDist, k.maxStops = inf, inf, math.MaxInt
	}
}

// drives tells whether the frozen visits of r alone keep every rule.
func (m *model) drives(r *Initial) bool {
	k := &m.trucks[r.Vehicle]
	seq := []int32{k.start}
	for _, c := range r.Visits[:r.Frozen] {
		seq = append(seq, int32(2*c.Request+int(c.Kind)))
	}
	_, ok := newWalker(m).walk(r.Vehicle, append(seq, k.end))
	return ok
}

// checkFrozen refuses frozen visits that break what no lateness excuses: a missing road, the order of unloading, a rule
// between requests.
func (m *model) checkFrozen() error {
	for i := range m.p.Initial {
		if r := &m.p.Initial[i]; r.Frozen > 0 && !m.drives(r) {
			return bad("the frozen visits, or the way from the last of them to the end, miss a road, or they break the order of unloading or a rule between requests", "initial[%d]", i)
		}
	}
	return nil
}
