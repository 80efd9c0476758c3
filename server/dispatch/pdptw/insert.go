package pdptw

// insertion is the cheapest way found to put a request into a route: after which positions of the sequence its nodes
// go (second counted before the first is in). Cost is inf when there is none.
type insertion struct {
	cost          int64
	version       uint32
	request       int32
	vehicle       int32
	first, second int32
	exact         bool // cost is the true one, not only a bound
}

// insertion gives the cheapest insertion of r into route v that costs less than limit, from the cache where the route
// has not changed since. Its cost is limit or more when there is none; it is then only a bound.
func (s *state) insertion(v, r int32, limit int64) *insertion {
	e := &s.cache[(uint32(r)*uint32(s.m.v)+uint32(v))&(s.cacheN-1)]
	if e.version == s.version[v] && e.request == r && e.vehicle == v && (e.exact || e.cost >= limit) {
		return e
	}
	*e = insertion{cost: inf, version: s.version[v], request: r, vehicle: v, exact: true}
	if !s.admits(v, r) {
		return e
	}
	m := s.m
	switch k := &m.trucks[v]; {
	case m.shape[r] != pair:
		s.insertOne(v, r, e)
	case k.exact || len(m.ordered[r]) > 0 || m.ruleCls[m.p.Requests[r].Class]&s.classes[v] != 0:
		s.insertExact(v, r, limit, e)
	default:
		more := m.extraCost(int(r), int(v))
		if len(s.seq[v]) == 2 {
			more += k.fixed + int64(s.nodes[s.seq[v][0]].legDist)*k.perMetre // the empty vehicle stays where it is
		}
		bound := inf
		if limit < inf && k.perMetre > 0 {
			bound = max(0, (limit-more+k.perMetre-1)/k.perMetre)
		}
		if s.insertPair(v, r, e, bound); e.cost < inf {
			e.cost = e.cost*k.perMetre + more
		}
	}
	return e
}

// admits tells whether r may ride on v with what is in its route, by all that hangs on neither place nor time.
func (s *state) admits(v, r int32) bool {
	m := s.m
	if !m.canServe(int(v), int(r)) || s.classes[v]&m.apartCls[m.p.Requests[r].Class] != 0 {
		return false
	}
	if m.conflicts.any(int(r), s.riders[int(v)*m.words:(int(v)+1)*m.words]) {
		return false
	}
	for _, o := range m.apart[r] {
		if s.where[o] == v {
			return false
		}
	}
	return m.shape[r] != pinned || m.home[r] == v
}

// room tells whether request r fits on top of the load that leaves node x.
func (s *state) room(x int32, v, r int32) bool {
	d := s.m.d
	if d == 1 {
		return s.nodes[x].load+s.m.load[r] <= s.m.cap[v]
	}
	for k := 0; k < d; k++ {
		if s.load[int(x)*d+k]+s.m.load[int(r)*d+k] > s.m.cap[int(v)*d+k] {
			return false
		}
	}
	return true
}

// insertPair finds the cheapest places of pickup and delivery by distance, if they add less than limit. One pass prices
// the pickup behind every position, one the delivery; together they bound what any pair of places can reach. Then each
// pickup that may still win walks its delivery along with the shifted time until slack, room or bound ends it.
func (s *state) insertPair(v, r int32, e *insertion, limit int64) {
	m, q := s.m, s.seq[v]
	tab := &m.tables[m.trucks[v].profile]
	p, d := &m.nodes[2*r], &m.nodes[2*r+1]
	lp, ld := int(p.loc)*tab.size, int(d.loc)*tab.size
	toP, fromP := tab.from[lp:lp+tab.size], tab.to[lp:lp+tab.size]
	toD, fromD := tab.from[ld:ld+tab.size], tab.to[ld:ld+tab.size]
	direct := fromP[d.loc]
	first := m.trucks[v].frozen
	s.growScratch(len(q))
	extra, leaves := s.extra[:len(q)], s.leaves[:len(q)]
	best, leastP := limit, inf
	e.first = -1
	last := first
	for i := first; i < len(q)-1; i++ {
		a := &s.nodes[q[i]]
		if a.leave > p.close {
			break
		}
		last = i + 1
		extra[i] = inf
		in := toP[a.loc]
		t := a.leave + int64(in.dur)
		if t > p.close || !s.room(q[i], v, r) {
			continue
		}
		if t < p.open {
			t = p.open
		}
		if p.many {
			if t = m.begin(2*r, t); t == inf {
				continue
			}
		}
		t += p.service
		b := &s.nodes[q[i+1]]
		spare := int64(in.dist) - int64(a.legDist)
		out := fromD[b.loc]
		// the delivery directly behind the pickup
		if c := spare + int64(direct.dist) + int64(out.dist); c < best {
			if y := s.beginAt(2*r+1, d, t+int64(direct.dur)); y != inf && y+d.service+int64(out.dur) <= b.latest {
				best, e.first, e.second = c, int32(i), int32(i)
			}
		}
		on := fromP[b.loc]
		if t += int64(on.dur); t <= b.latest {
			extra[i], leaves[i] = spare+int64(on.dist), t
			leastP = min(leastP, extra[i])
		}
	}
	if leastP == inf || tab.metric && leastP >= best {
		s.conclude(e, best, limit)
		return
	}
	deltas, suffix := s.priceDelivery(q, first+1, 2*r+1, toD, fromD)
	for i := first; i < last && i+2 < len(q); i++ {
		spare := extra[i]
		if spare == inf || spare+suffix[i+1] >= best { // a delivery can make a route shorter where a detour is
			continue
		}
		t := leaves[i]
		for k := i + 1; k < len(q)-1; k++ {
			x := q[k]
			st := &s.nodes[x]
			if t > st.latest || !s.room(x, v, r) {
				break
			}
			if t <= st.begin && !m.nodes[x].many {
				t = st.leave // waiting swallowed the detour
			} else if t = s.beginAt(x, &m.nodes[x], t); t == inf {
				break
			} else {
				t += m.nodes[x].service
			}
			if c := spare + deltas[k]; c < best {
				next := &s.nodes[q[k+1]]
				y := s.beginAt(2*r+1, d, t+int64(toD[st.loc].dur))
				if y != inf && y+d.service+int64(fromD[next.loc].dur) <= next.latest {
					best, e.first, e.second = c, int32(i), int32(k)
				}
			}
			if spare+suffix[k+1] >= best {
				break
			}
			t += int64(st.legTime)
		}
	}
	s.conclude(e, best, limit)
}

// conclude writes down what a search below limit found: a place, or only that nothing is below it.
func (s *state) conclude(e *insertion, best, limit int64) {
	e.cost = best
	e.exact = e.first >= 0 || limit >= inf
}

func (s *state) growScratch(n int) {
	if cap(s.deltas) < n {
		n = 2*n + 16
		s.deltas, s.suffix, s.extra, s.leaves = make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	}
}

// priceDelivery gives, for each position, the metres that node x adds behind it, inf where even an unshifted route
// can't take it there; suffix is the least of the positions from there on.
func (s *state) priceDelivery(q []int32, first int, x int32, to, from []arc) (deltas, suffix []int64) {
	d := &s.m.nodes[x]
	deltas, suffix = s.deltas[:len(q)], s.suffix[:len(q)]
	least := inf
	suffix[len(q)-1] = inf
	for k := len(q) - 2; k >= first; k-- {
		a := &s.nodes[q[k]]
		delta := inf
		if a.leave <= d.close {
			in := to[a.loc]
			if t := s.beginAt(x, d, a.leave+int64(in.dur)); t != inf {
				b := &s.nodes[q[k+1]]
				out := from[b.loc]
				if t+d.service+int64(out.dur) <= b.latest {
					delta = int64(in.dist) + int64(out.dist) - int64(a.legDist)
					if delta < least {
						least = delta
					}
				}
			}
		}
		deltas[k], suffix[k] = delta, least
	}
	return deltas, suffix
}

// beginAt is model.begin without the call where one window is all there is.
func (s *state) beginAt(x int32, nd *node, t int64) int64 {
	if t > nd.close {
		return inf
	}
	if nd.many {
		return s.m.begin(x, t)
	}
	if t < nd.open {
		return nd.open
	}
	return t
}
