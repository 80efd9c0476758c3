package pdptw

// refresh recomputes times and loads along route v and gives it a new version. It reports whether the
// times hold, which can fail after a removal where the matrix is not triangular.
func (s *state) refresh(v int) bool {
	m, q := s.m, s.seq[v]
	s.clock++
	s.version[v] = s.clock
	s.setUsed(int32(v), len(q) > 2)
	riders := s.riders[v*m.words : (v+1)*m.words]
	clear(riders)
	t := &m.tables[m.trucks[v].profile]
	ok := true
	classes, areas, load := uint64(0), uint64(0), s.loadAtStart(q)
	prev := &s.nodes[q[0]]
	prev.begin = m.nodes[q[0]].open
	prev.leave, prev.pos, prev.load = prev.begin, 0, load
	row := t.to[int(m.nodes[q[0]].loc)*t.size:]
	for i := 1; i < len(q); i++ {
		x := q[i]
		nd, st := &m.nodes[x], &s.nodes[x]
		a := row[nd.loc]
		prev.legDist, prev.legTime = a.dist, a.dur
		begin := prev.leave + int64(a.dur)
		if begin > nd.close {
			ok = false
		} else if nd.many {
			if begin = m.begin(x, begin); begin == inf {
				begin, ok = nd.close, false
			}
		} else if begin < nd.open {
			begin = nd.open
		}
		load += nd.load
		st.begin, st.leave, st.pos, st.load = begin, begin+nd.service, int32(i), load
		if nd.req >= 0 {
			classes |= 1 << nd.class
			areas |= 1 << nd.area
			riders[nd.req>>6] |= 1 << (nd.req & 63)
		}
		row = t.to[int(nd.loc)*t.size:]
		prev = st
	}
	s.classes[v], s.areas[v] = classes, areas
	s.refreshLatest(q)
	if m.d > 1 {
		s.refreshLoad(q)
	}
	return ok
}

// loadAtStart is what is on board when the vehicle of q leaves, in the first dimension.
func (s *state) loadAtStart(q []int32) int64 {
	if !s.m.laden || s.m.d == 0 {
		return 0
	}
	sum := int64(0)
	for _, x := range q[1 : len(q)-1] {
		if nd := &s.m.nodes[x]; nd.kind == Delivery && s.m.p.Requests[nd.req].Pickup == nil {
			sum -= nd.load
		}
	}
	return sum
}

func (s *state) refreshLatest(q []int32) {
	m := s.m
	last := len(q) - 1
	next := m.nodes[q[last]].close
	s.nodes[q[last]].latest = next
	for i := last - 1; i >= 0; i-- {
		x := q[i]
		nd, st := &m.nodes[x], &s.nodes[x]
		t := next - int64(st.legTime) - nd.service
		if nd.many {
			t = m.lastBegin(x, t)
		} else if t > nd.close {
			t = nd.close
		}
		st.latest = t
		next = t
	}
}

// refreshLoad follows every dimension of the load along q.
func (s *state) refreshLoad(q []int32) {
	m, d := s.m, s.m.d
	at := s.load[int(q[0])*d : int(q[0])*d+d]
	clear(at)
	if m.laden {
		for _, x := range q[1 : len(q)-1] {
			if r := int(m.nodes[x].req); m.nodes[x].kind == Delivery && m.p.Requests[r].Pickup == nil {
				addTo(at, m.load[r*d:r*d+d], 1)
			}
		}
	}
	for _, x := range q[1:] {
		to := s.load[int(x)*d : int(x)*d+d]
		copy(to, at)
		if r := int(m.nodes[x].req); r >= 0 {
			sign := int64(1)
			if m.nodes[x].kind == Delivery {
				sign = -1
			}
			addTo(to, m.load[r*d:r*d+d], sign)
		}
		at = to
	}
}

func addTo(sum, x []int64, sign int64) {
	for k := range sum {
		sum[k] += sign * x[k]
	}
}
