package pdptw

// open chooses an empty vehicle for r, one of each class looked at, or gives nil where none costs less than limit. Where other
// requests wait for a place too, each vehicle counts with r's share of what it costs, if what it has room for of them rides
// along: the cheapest for r alone is mostly the smallest, and no single prize may pay for a vehicle that several pay for.
func (s *state) open(r, home int32, limit int64) *insertion {
	m := s.m
	alone := len(s.ruin.waiting) == 0
	lent := limit == s.prizeOf(r) // no other place was found: others may lend what r can't pay
	bar := limit
	if !alone {
		bar = inf
	}
	var found *insertion
	best, least := float64(limit), inf
	for _, class := range m.classes {
		v := class[0]
		if home >= 0 && m.trucks[home].class != m.trucks[v].class || m.trucks[v].fixed-m.trucks[v].gain >= bar && len(m.extra[r]) == 0 {
			continue
		}
		if v = s.firstEmpty(class, home); v < 0 {
			continue
		}
		e := s.insertion(v, r, bar)
		if e.cost >= bar {
			continue
		}
		if alone {
			found, bar = e, e.cost
			continue
		}
		least = min(least, e.cost)
		if x := float64(e.cost) * s.share(v, r); x < best {
			found, best = e, x
		}
	}
	if !alone && !lent && least >= limit {
		return nil
	}
	return found
}

// await adds up what waits for a place and may share a vehicle with r, r included, by dimension.
func (s *state) await(r int32, todo []int32) {
	m := s.m
	if len(todo) < 2 {
		return
	}
	for d := range m.d {
		s.ruin.waiting = append(s.ruin.waiting, m.load[int(r)*m.d+d])
	}
	apart := m.apartCls[m.p.Requests[r].Class]
	for _, o := range todo[1:] {
		if apart>>m.p.Requests[o].Class&1 == 1 {
			continue
		}
		addTo(s.ruin.waiting, m.load[int(o)*m.d:(int(o)+1)*m.d], 1)
	}
}

// share is r's part of what vehicle v carries when it takes as much as it can of what waits: 1 for r alone.
func (s *state) share(v, r int32) float64 {
	d := s.m.d
	own, part := 0.0, 1.0
	for k, q := range s.ruin.waiting {
		if q == 0 {
			continue
		}
		own = max(own, float64(s.m.load[int(r)*d+k])/float64(q))
		if room := s.m.cap[int(v)*d+k]; q > room {
			part = min(part, float64(room)/float64(q))
		}
	}
	if own == 0 || own > part {
		return 1
	}
	return own / part
}
