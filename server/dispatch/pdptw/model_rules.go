package pdptw

import "slices"

// compileRules turns rules between requests into lists by request and masks by class.
func (m *model) compileRules() {
	m.apart = make([][]int32, m.n)
	m.ordered = make([][]int32, m.n)
	m.group = make([]int32, m.n)
	parent := make([]int, m.n)
	for i := range parent {
		parent[i] = i
	}
	find := func(a int) int {
		for parent[a] != a {
			parent[a] = parent[parent[a]]
			a = parent[a]
		}
		return a
	}
	for i, r := range m.p.Rules {
		switch r.Kind {
		case Together:
			parent[find(r.A)] = find(r.B)
		case Apart:
			m.apart[r.A] = append(m.apart[r.A], int32(r.B))
			m.apart[r.B] = append(m.apart[r.B], int32(r.A))
		default:
			m.ordered[r.A] = append(m.ordered[r.A], int32(i))
			m.ordered[r.B] = append(m.ordered[r.B], int32(i))
		}
	}
	byRoot := map[int][]int32{}
	for r := 0; r < m.n; r++ {
		m.group[r] = -1
		byRoot[find(r)] = append(byRoot[find(r)], int32(r))
	}
	for r := 0; r < m.n; r++ {
		if members := byRoot[r]; find(r) == r && len(members) > 1 {
			for _, x := range members {
				m.group[x] = int32(len(m.groups))
			}
			m.groups = append(m.groups, members)
		}
	}
	m.compileClassRules()
}

func (m *model) compileClassRules() {
	for _, r := range m.p.ClassRules {
		switch r.Kind {
		case Apart:
			m.apartCls[r.A] |= 1 << r.B
			m.apartCls[r.B] |= 1 << r.A
		case InOrder:
			m.afterCls[r.A] |= 1 << r.B
			m.ruleCls[r.A] |= 1 << r.B
			m.ruleCls[r.B] |= 1 << r.A
		case NotAtOnce:
			m.neverCls[r.A] |= 1 << r.B
			m.neverCls[r.B] |= 1 << r.A
			m.ruleCls[r.A] |= 1 << r.B
			m.ruleCls[r.B] |= 1 << r.A
		}
	}
}

// compilePrices sets what being left out costs, in kernel units. A mandatory request costs more than any plan that
// serves it; in the lexicographic objective a vehicle costs more than the metres it can save.
func (m *model) compilePrices() {
	m.penalty = make([]int64, m.n)
	m.must = make([]bool, m.n)
	m.weight = make([]int64, m.n)
	leg, whole := m.typical()
	m.distScale = max(leg, 1)
	if m.lexical {
		m.vehicleW = whole * 4
		for i := range m.trucks {
			m.trucks[i].fixed = m.vehicleW
		}
	}
	big := whole * 40
	for i := range m.trucks {
		gain, loss := m.mostHome(i)
		m.trucks[i].gain = gain
		worst := max(m.trucks[i].fixed, m.trucks[i].minimum) + gain + loss
		for _, price := range m.trucks[i].entry {
			worst += price
		}
		big = max(big, 4*worst)
	}
	big = max(big, 4*m.dearest())
	urgent := m.urgency(big)
	for r := range m.p.Requests {
		q := &m.p.Requests[r]
		m.must[r] = !q.Optional || m.shape[r] >= pinned
		m.weight[r] = 1
		for range q.Priority {
			m.weight[r] *= 10
		}
		switch {
		case m.must[r]:
			m.penalty[r] = big * urgent[q.Priority]
			if m.shape[r] >= pinned {
				m.weight[r] *= 1000
				m.penalty[r] *= 20
			}
		case m.lexical:
			m.penalty[r] = 2*m.vehicleW + min(q.Prize, maxMoney)/1000
		default:
			m.penalty[r] = q.Prize * scale
		}
		if !m.lexical {
			if q.Promise != nil {
				m.penalty[r] += q.Promise.Price * scale
			}
		}
	}
}

// urgency gives for each priority how often big leaving such a request out costs: ten for each step, but from one priority in
// use to the next no more than all requests below it can come to, which orders plans the same way. The steps are smaller where
// the sum of all would come near inf.
func (m *model) urgency(big int64) [10]int64 {
	var used [10]bool
	for r := range m.p.Requests {
		used[m.p.Requests[r].Priority] = true
	}
	most := inf / 40 / int64(m.n+1) / max(1, big) // what is on board counts 20 times
	for step := int64(m.n + 1); ; step-- {
		if times := steps(used, step, most); times[9] <= most || step <= 1 {
			return times
		}
	}
}

// steps multiplies by ten from one priority to the next, by step at most from one in use to the next, and stops above enough.
func steps(used [10]bool, step, enough int64) (times [10]int64) {
	last, tens := int64(1), int64(0)
	for p := range times {
		if used[p] {
			if tens > 0 && last <= enough {
				last *= min(tens, step)
			}
			tens = 1
		}
		times[p] = last
		tens *= 10
	}
	return times
}

// compileExtra sets the prices that depend on which vehicle serves a request.
func (m *model) compileExtra() {
	m.extra = make([][]VehiclePrice, m.n)
	for r := range m.p.Requests {
		if !m.lexical {
			m.extra[r] = pricesOf(&m.p.Requests[r])
		}
	}
}

// pricesOf joins prices and promise of a request: the promise is charged on every other vehicle, so the promised one
// carries it as a rebate and extraCost adds it to all.
func pricesOf(q *Request) []VehiclePrice {
	out := slices.Clone(q.Prices)
	if q.Promise != nil {
		out = append(out, VehiclePrice{q.Promise.Vehicle, -q.Promise.Price})
	}
	return out
}

// extraCost is the kernel cost of request r riding on vehicle v beyond the route itself.
func (m *model) extraCost(r, v int) int64 {
	if m.extra[r] == nil {
		return 0
	}
	sum := int64(0)
	if w := m.p.Requests[r].Promise; w != nil {
		sum = w.Price
	}
	for _, x := range m.extra[r] {
		if x.Vehicle == v {
			sum += x.Price
		}
	}
	return sum * scale
}

// typical gives the kernel cost of a leg between neighbours and of the dearest single-request route.
func (m *model) typical() (leg, whole int64) {
	var sum, count int64
	for r := 0; r < m.n; r++ {
		for v := 0; v < m.v; v += max(1, m.v/3) {
			c := m.soloCost(r, v)
			if c < inf {
				whole = max(whole, c)
			}
		}
		if len(m.near[r]) > 1 && m.v > 0 {
			other := m.near[r][1]
			a := m.arc(0, m.anchor(r), m.anchor(int(other)))
			if a.dist < noRoad {
				sum += int64(a.dist) * max(1, m.trucks[0].perMetre)
				count++
			}
		}
	}
	if whole = max(whole, 1000); sum == 0 { // all stand at one place
		return whole / 8, whole
	}
	return sum / max(count, 1), whole
}

// anchor is the node that stands for a request in questions of nearness.
func (m *model) anchor(r int) int32 {
	if m.shape[r] == dropOff || m.shape[r] == pinned {
		return int32(2*r + 1)
	}
	return int32(2 * r)
}

// soloCost is the distance cost of serving r alone on v, or inf where a road is missing.
func (m *model) soloCost(r, v int) int64 {
	metres, _, ok := m.solo(r, v)
	if !ok {
		return inf
	}
	return min(metres*max(m.trucks[v].perMetre, 1), inf)
}

// solo is how far and for how long v drives for r alone; false where a road is missing.
func (m *model) solo(r, v int) (metres, millis int64, ok bool) {
	t := &m.trucks[v]
	at, ok := t.start, true
	step := func(x int32) {
		a := m.arc(v, at, x)
		ok = ok && a.dist != noRoad
		metres, millis, at = metres+int64(a.dist), millis+int64(a.dur), x
	}
	if m.shape[r] != dropOff && m.shape[r] != pinned {
		step(int32(2 * r))
	}
	if m.shape[r] != takeOn {
		step(int32(2*r + 1))
	}
	step(t.end)
	return metres, millis, ok
}

// dearest is more than serving any one request alone costs beside the fixed price of its vehicle: every metre with its surcharge, the
// hours, and what a vehicle asks for the request itself.
func (m *model) dearest() int64 {
	if m.lexical {
		return 0
	}
	var far, long, perMetre, perHour, extra int64
	for i := range m.trucks {
		perMetre, perHour = max(perMetre, m.trucks[i].perMetre+m.trucks[i].surcharge), max(perHour, m.trucks[i].perHour)
	}
	for r := range m.n {
		for v := 0; v < m.v; v += max(1, m.v/3) {
			if metres, millis, ok := m.solo(r, v); ok {
				far, long = max(far, metres), max(long, millis)
			}
		}
		for _, x := range m.p.Requests[r].Prices {
			extra = max(extra, x.Price*scale)
		}
	}
	return far*perMetre + mulDiv(long, perHour, 3_600_000) + extra
}
