package pdptw

// shortlist is how many places pass on to the full simulation before the rest is looked at only in need. What was tried: docs/solver.md.
const shortlist = 16

type place2 struct {
	bound         int64
	first, second int32
}

// insertExact finds places for a pair where the cost of a route is more than its metres, or rules look at the whole
// route: the quick tests choose candidates by a lower bound, the simulation decides. What can't cost less than limit is
// not simulated.
func (s *state) insertExact(v, r int32, limit int64, e *insertion) {
	m, q := s.m, s.seq[v]
	k := &m.trucks[v]
	floor := s.floor(v, r)
	p, d := 2*r, 2*r+1
	var top [shortlist]place2
	n, more := 0, false
	for i := k.frozen; i < len(q)-1; i++ {
		if s.nodes[q[i]].leave > m.nodes[p].close {
			break
		}
		t := s.beginAt(p, &m.nodes[p], s.nodes[q[i]].leave+int64(m.arc(int(v), q[i], p).dur))
		if t == inf || !s.room(q[i], v, r) {
			continue
		}
		t += m.nodes[p].service
		at, depth := p, 0
		base := int64(m.arc(int(v), q[i], p).dist)
		for j := i; j < len(q)-1; j++ {
			if j > i {
				x := q[j]
				t += int64(m.arc(int(v), at, x).dur)
				if t > s.nodes[x].latest || !s.room(x, v, r) {
					break
				}
				if t = s.beginAt(x, &m.nodes[x], t); t == inf {
					break
				}
				t += m.nodes[x].service
				at = x
				if depth = s.depth(x, depth); depth < 0 && k.lifo {
					break
				}
			}
			if k.lifo && depth != 0 {
				continue
			}
			y := s.beginAt(d, &m.nodes[d], t+int64(m.arc(int(v), at, d).dur))
			if y == inf || y+m.nodes[d].service+int64(m.arc(int(v), d, q[j+1]).dur) > s.nodes[q[j+1]].latest {
				continue
			}
			c := place2{s.bound(v, r, i, j, base)*k.perMetre + floor + s.homeward(v, r, j), int32(i), int32(j)}
			if c.bound >= limit {
				e.exact = false
				continue
			}
			n, more = keep(&top, n, c, more)
		}
	}
	s.decide(v, r, top[:n], e)
	if e.cost == inf && more {
		s.decideAll(v, r, e)
	}
	if e.cost < limit {
		e.exact = true
	} else if !e.exact {
		e.cost = limit
	}
}

// floor is the least that r adds to the cost of route v beside the metres and the road home.
func (s *state) floor(v, r int32) int64 {
	k := &s.m.trucks[v]
	least := s.m.extraCost(int(r), int(v)) - s.soft[v]
	if len(s.seq[v]) == 2 {
		least += k.fixed + int64(s.nodes[s.seq[v][0]].legDist)*k.perMetre // the empty vehicle stays where it is
	}
	if area := s.m.nodes[2*r].area; k.entry != nil && s.areas[v]>>area&1 == 0 {
		least += k.entry[area]
	}
	return least
}

// depth follows how many loads taken on since the new pickup are still on board.
func (s *state) depth(x int32, depth int) int {
	if s.m.nodes[x].kind == Pickup {
		return depth + 1
	}
	return depth - 1
}

// bound is the distance cost of putting r behind positions i and j.
func (s *state) bound(v, r int32, i, j int, base int64) int64 {
	m, q := s.m, s.seq[v]
	c := base - int64(s.nodes[q[i]].legDist)
	if i == j {
		c += int64(m.arc(int(v), 2*r, 2*r+1).dist)
	} else {
		c += int64(m.arc(int(v), 2*r, q[i+1]).dist) + int64(m.arc(int(v), q[j], 2*r+1).dist) - int64(s.nodes[q[j]].legDist)
	}
	return c + int64(m.arc(int(v), 2*r+1, q[j+1]).dist)
}

// homeward is what the road home costs more with r's delivery behind position j: nothing unless it is the last stop then.
func (s *state) homeward(v, r int32, j int) int64 {
	if q := s.seq[v]; j == len(q)-2 {
		return s.m.endingAt(int(v), 2*r+1) - s.m.endingAt(int(v), q[j])
	}
	return 0
}

func keep(top *[shortlist]place2, n int, c place2, more bool) (int, bool) {
	if n == shortlist {
		if more = true; c.bound >= top[n-1].bound {
			return n, more
		}
		n--
	}
	i := n
	for ; i > 0 && top[i-1].bound > c.bound; i-- {
		top[i] = top[i-1]
	}
	top[i] = c
	return n + 1, more
}

func (s *state) decide(v, r int32, list []place2, e *insertion) {
	for _, c := range list {
		if c.bound >= e.cost {
			return // and so do those behind it
		}
		s.consider(v, r, c, e)
	}
}

func (s *state) decideAll(v, r int32, e *insertion) {
	for i := s.m.trucks[v].frozen; i < len(s.seq[v])-1; i++ {
		for j := i; j < len(s.seq[v])-1; j++ {
			s.consider(v, r, place2{0, int32(i), int32(j)}, e)
		}
	}
}

// consider simulates route v with r at place c and remembers it in e when it is the best so far.
func (s *state) consider(v, r int32, c place2, e *insertion) {
	q := s.seq[v]
	x := s.candidate[:0]
	x = append(x, q[:c.first+1]...)
	switch s.m.shape[r] {
	case pair:
		x = append(x, 2*r)
		x = append(x, q[c.first+1:c.second+1]...)
		x = append(x, 2*r+1)
		x = append(x, q[c.second+1:]...)
	case takeOn:
		x = append(x, 2*r)
		x = append(x, q[c.first+1:]...)
	default:
		x = append(x, 2*r+1)
		x = append(x, q[c.first+1:]...)
	}
	s.candidate = x
	if t, ok := s.w.walk(int(v), x); ok && t.cost-s.cost[v] < e.cost {
		e.cost, e.first, e.second = t.cost-s.cost[v], c.first, c.second
	}
}

// insertOne finds the place of a request with one stop. The simulation decides on every place in time.
func (s *state) insertOne(v, r int32, e *insertion) {
	m, q := s.m, s.seq[v]
	x := 2*r + 1
	if m.shape[r] == takeOn {
		x = 2 * r
	}
	for i := m.trucks[v].frozen; i < len(q)-1; i++ {
		if s.nodes[q[i]].leave > m.nodes[x].close {
			break
		}
		t := s.beginAt(x, &m.nodes[x], s.nodes[q[i]].leave+int64(m.arc(int(v), q[i], x).dur))
		if t == inf || t+m.nodes[x].service+int64(m.arc(int(v), x, q[i+1]).dur) > s.nodes[q[i+1]].latest {
			continue
		}
		s.consider(v, r, place2{0, int32(i), int32(i)}, e)
	}
}
