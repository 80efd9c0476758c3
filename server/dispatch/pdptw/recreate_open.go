package pdptw

// open chooses an empty vehicle for r, one of each class looked at, or gives nil where none costs less than limit. Where other
// requests wait for a place too, the vehicle is chosen by what it costs for each part of them that it has room for: the
// cheapest for r alone is mostly the smallest.
func (s *state) open(r, home int32, limit int64) *insertion {
	m := s.m
	bar := limit
	if len(s.ruin.waiting) > 0 {
		bar = m.penalty[r]
	}
	var found *insertion
	least, worth := bar, float64(0)
	for _, class := range m.classes {
		v := class[0]
		if home >= 0 && m.trucks[home].class != m.trucks[v].class || m.trucks[v].fixed >= bar && len(m.extra[r]) == 0 {
			continue
		}
		if v = s.firstEmpty(class, home); v < 0 {
			continue
		}
		e := s.insertion(v, r, bar)
		if e.cost >= bar {
			continue
		}
		least = min(least, e.cost)
		if len(s.ruin.waiting) == 0 {
			found, bar = e, e.cost
			continue
		}
		if x := float64(e.cost) / s.takes(v); found == nil || x < worth {
			found, worth = e, x
		}
	}
	if least >= limit {
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

// takes is the part of what waits that vehicle v has room for, at most 1.
func (s *state) takes(v int32) float64 {
	part := 1.0
	for d, q := range s.ruin.waiting {
		if room := s.m.cap[int(v)*s.m.d+d]; q > room {
			part = min(part, float64(room)/float64(q))
		}
	}
	return max(part, 1e-3)
}
