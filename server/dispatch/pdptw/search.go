package pdptw

// worth orders plans: mandatory requests left out, then (lexicographic) prizes lost and vehicles, then kernel cost.
type worth struct {
	unserved int64
	prizes   int64
	vehicles int64
	cost     int64
}

func (a worth) better(b worth) bool {
	switch {
	case a.unserved != b.unserved:
		return a.unserved < b.unserved
	case a.prizes != b.prizes:
		return a.prizes < b.prizes
	case a.vehicles != b.vehicles:
		return a.vehicles < b.vehicles
	}
	return a.cost < b.cost
}

func (s *state) worth() worth {
	w := worth{cost: s.energy}
	for _, r := range s.absent {
		w.cost -= s.m.penalty[r]
		switch {
		case s.m.must[r]:
			w.unserved += s.m.weight[r]
		case s.m.lexical:
			w.prizes += max(1, s.m.p.Requests[r].Prize)
		default:
			w.cost += s.m.penalty[r]
		}
	}
	if s.m.lexical {
		w.vehicles = int64(len(s.used))
		w.cost -= w.vehicles * s.m.vehicleW
	}
	return w
}

// whole tells whether the plan leaves nothing out that may find a place (lexicographic objective).
func (p *plan) whole() bool { return p.worth.unserved == 0 && p.worth.prizes == 0 }

// plan is a copy of a state's routes, cheap to keep and to go back to.
type plan struct {
	worth  worth
	energy int64
	flat   []int32 // vehicle, number of nodes, nodes...
	costs  []int64 // of the routes in flat
}

func (s *state) save(to *plan) {
	to.worth, to.energy = s.worth(), s.energy
	to.flat, to.costs = to.flat[:0], to.costs[:0]
	for v, q := range s.seq {
		if len(q) > 2 {
			to.flat = append(to.flat, int32(v), int32(len(q)))
			to.flat = append(to.flat, q...)
			to.costs = append(to.costs, s.cost[v])
		}
	}
}

// load makes the state's plan the one in p.
func (s *state) restore(p *plan) {
	for len(s.used) > 0 {
		v := s.used[0]
		s.seq[v] = append(s.seq[v][:0], s.m.trucks[v].start, s.m.trucks[v].end)
		s.refresh(int(v))
		s.price(int(v))
	}
	s.absent = s.absent[:0]
	for r := range s.where {
		s.where[r] = -1
	}
	for i := 0; i < len(p.flat); i += 2 + int(p.flat[i+1]) {
		v, q := p.flat[i], p.flat[i+2:i+2+int(p.flat[i+1])]
		s.seq[v] = append(s.seq[v][:0], q...)
		for _, x := range q[1 : len(q)-1] {
			if n := &s.m.nodes[x]; s.m.shape[n.req] != pinned || n.kind == Delivery {
				s.where[n.req] = v
			}
		}
		s.refresh(int(v))
		s.price(int(v))
	}
	s.energy = 0
	for _, c := range s.cost {
		s.energy += c
	}
	for r, v := range s.where {
		if v < 0 && !s.m.hopeless[r] {
			s.absent = append(s.absent, int32(r))
			s.energy += s.m.penalty[r]
		}
	}
	s.mark()
}

// copyFrom makes p the same plan as q, with memory of its own.
func (p *plan) copyFrom(q *plan) {
	p.worth, p.energy = q.worth, q.energy
	p.flat = append(p.flat[:0], q.flat...)
	p.costs = append(p.costs[:0], q.costs...)
}
