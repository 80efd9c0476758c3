package pdptw

// nodeState is what the quick tests need of a node in its route. leave is its earliest leaving, latest the last
// moment of arrival that keeps the rest of the route in time.
type nodeState struct {
	begin, leave, latest int64
	load                 int64 // on board when leaving, first dimension
	legDist, legTime     int32 // to the next node
	pos, loc             int32
}

// state is one worker's plan, changed in place, with what is needed to take the last changes back.
type state struct {
	m       *model
	w       *walker
	seq     [][]int32 // by vehicle: start, stops, end
	version []uint32  // by vehicle: names a content, for the cache of insertions
	cost    []int64   // by vehicle: kernel cost, 0 when it stays empty
	soft    []int64   // by vehicle: the part of cost that one more stop may make less (trial.soft)
	nodes   []nodeState
	load    []int64  // node*d: on board when leaving; kept with more than one dimension only
	riders  []uint64 // vehicle*words: requests in the route
	where   []int32  // by request: vehicle, or -1
	classes []uint64 // by vehicle: of its requests, one bit each
	areas   []uint64
	used    []int32 // vehicles in use, in no order
	usedAt  []int32
	absent  []int32 // requests without a place that may find one
	energy  int64
	clock   uint32 // last version given
	cache   []insertion
	cacheN  uint32

	// undo log of the changes since mark
	changed     []int32
	saved       []int32 // contents of the changed routes, one after another
	savedLen    []int32
	savedVer    []uint32
	savedCost   []int64
	savedSoft   []int64
	savedAbsent []int32
	savedEnergy int64
	stampOf     []uint32
	stamp       uint32

	candidate []int32
	todo      []int32
	owner     []int32 // by vehicle: the part of the plan it is in; nil where the plan is whole
	part      int32   // the only part that may be changed
	most      int     // vehicles that may be in use
	deltas    []int64
	suffix    []int64
	extra     []int64
	leaves    []int64
	ruin      ruinScratch
	eject     ejector
	group     groupScratch
}

func newState(m *model) *state {
	s := &state{m: m, w: newWalker(m), most: m.v}
	s.w.halvings = 0
	s.seq = make([][]int32, m.v)
	s.version, s.stampOf = make([]uint32, m.v), make([]uint32, m.v)
	s.cost, s.classes, s.usedAt = make([]int64, m.v), make([]uint64, m.v), make([]int32, m.v)
	s.soft, s.areas = make([]int64, m.v), make([]uint64, m.v)
	s.nodes = make([]nodeState, len(m.nodes))
	for x := range s.nodes {
		s.nodes[x].loc = m.nodes[x].loc
	}
	if m.d > 1 {
		s.load = make([]int64, len(m.nodes)*m.d)
	}
	s.riders = make([]uint64, m.v*m.words)
	s.where = make([]int32, m.n)
	s.absent = make([]int32, 0, m.n)
	s.savedAbsent = make([]int32, 0, m.n)
	s.used = make([]int32, 0, m.v)
	s.cacheN = 1
	for int(s.cacheN) < m.n*m.v && s.cacheN < 1<<19 {
		s.cacheN <<= 1
	}
	s.cache = make([]insertion, s.cacheN)
	s.ruin = newRuinScratch(m)
	s.eject.failed = make([]int32, m.n)
	arena := make([]int32, m.v*16)
	for v := range s.seq {
		s.seq[v] = append(arena[v*16:v*16:(v+1)*16], m.trucks[v].start, m.trucks[v].end)
		s.usedAt[v] = -1
	}
	for r := range s.where {
		s.where[r] = -1
		if !m.hopeless[r] {
			s.absent = append(s.absent, int32(r))
			s.energy += m.penalty[r]
		}
	}
	for v := range s.seq {
		s.refresh(v)
	}
	s.layFrozen()
	s.mark()
	return s
}

// layFrozen puts the frozen visits where they belong. They are never taken out again.
func (s *state) layFrozen() {
	for _, r := range s.m.p.Initial {
		if r.Frozen == 0 {
			continue
		}
		v := r.Vehicle
		q := s.seq[v][:1]
		for _, c := range r.Visits[:r.Frozen] {
			q = append(q, int32(2*c.Request+int(c.Kind)))
			if s.m.shape[c.Request] == fixed && s.where[c.Request] < 0 {
				s.where[c.Request] = int32(v)
				s.dropAbsent(int32(c.Request))
			}
		}
		s.seq[v] = append(q, s.m.trucks[v].end)
		s.refresh(v)
		s.price(v)
	}
}

// foreign tells whether route v is in a part of the plan that may not be changed now.
func (s *state) foreign(v int32) bool { return s.owner != nil && s.owner[v] != s.part }

func (s *state) setUsed(v int32, yes bool) {
	if at := s.usedAt[v]; yes && at < 0 {
		s.usedAt[v] = int32(len(s.used))
		s.used = append(s.used, v)
	} else if !yes && at >= 0 {
		last := s.used[len(s.used)-1]
		s.used[at], s.usedAt[last] = last, at
		s.used = s.used[:len(s.used)-1]
		s.usedAt[v] = -1
	}
}

// price recomputes the kernel cost of route v after a refresh; false when it breaks a hard rule.
func (s *state) price(v int) bool {
	q, k := s.seq[v], &s.m.trucks[v]
	old := s.cost[v]
	ok := true
	switch {
	case len(q) == 2:
		s.cost[v], s.soft[v] = 0, 0
	case k.exact:
		var t trial
		if t, ok = s.w.walk(v, q); ok {
			s.cost[v], s.soft[v] = t.cost, t.soft
		}
	default:
		sum := int64(0)
		for _, x := range q[:len(q)-1] {
			sum += int64(s.nodes[x].legDist)
		}
		sum = sum*k.perMetre + k.fixed
		if !s.m.lexical {
			for _, x := range q[1 : len(q)-1] {
				if r := int(s.m.nodes[x].req); s.m.extra[r] != nil && s.countsPrice(x) {
					sum += s.m.extraCost(r, v)
				}
			}
		}
		s.cost[v] = sum
	}
	s.energy += s.cost[v] - old
	return ok
}

// countsPrice picks one node of each request, so that its price is charged once.
func (s *state) countsPrice(x int32) bool {
	n := &s.m.nodes[x]
	return n.kind == Pickup || s.m.p.Requests[n.req].Pickup == nil
}

// take removes request r from its route in name; settle does it in fact, for a whole route at once.
func (s *state) take(r int32) {
	v := s.where[r]
	if v < 0 || s.m.shape[r] == fixed || s.foreign(v) {
		return
	}
	s.touch(v)
	s.where[r] = -1
	s.absent = append(s.absent, r)
	s.energy += s.m.penalty[r]
}

// settle closes the gaps that take left. Where the shorter route breaks a rule, as it may when a detour was faster,
// everything that can be moved leaves it, and with it what has to ride together with that.
func (s *state) settle() {
	for again := true; again; {
		again = false
		for _, v := range s.changed {
			if s.compact(v) {
				continue
			}
			for _, x := range s.seq[v][1 : len(s.seq[v])-1] {
				if r := s.m.nodes[x].req; s.where[r] == v {
					s.take(r)
				}
			}
			s.compact(v)
			again = len(s.m.groups) > 0
		}
		if again {
			s.takeGroups()
		}
	}
}

func (s *state) compact(v int32) bool {
	q := s.seq[v]
	keep := s.m.trucks[v].frozen
	out := q[:1]
	for i, x := range q[1 : len(q)-1] {
		if i < keep || s.where[s.m.nodes[x].req] == v {
			out = append(out, x)
		}
	}
	out = append(out, q[len(q)-1])
	if len(out) == len(q) {
		return true
	}
	s.seq[v] = out
	ok := s.refresh(int(v))
	return s.price(int(v)) && ok
}

// put carries out an insertion found by best.
func (s *state) put(r int32, e *insertion) {
	s.touch(e.vehicle)
	s.seat(r, e)
}

// seat is put without a note of what was there before.
func (s *state) seat(r int32, e *insertion) {
	v := e.vehicle
	q := s.seq[v]
	first, second := 2*r, 2*r+1
	switch s.m.shape[r] {
	case pair:
		q = append(q, 0, 0)
		copy(q[e.second+3:], q[e.second+1:len(q)-2])
		q[e.second+2] = second
		copy(q[e.first+2:e.second+2], q[e.first+1:e.second+1])
		q[e.first+1] = first
	default:
		x := second
		if s.m.shape[r] == takeOn {
			x = first
		}
		q = append(q, 0)
		copy(q[e.first+2:], q[e.first+1:len(q)-1])
		q[e.first+1] = x
	}
	s.seq[v] = q
	s.where[r] = v
	s.dropAbsent(r)
	s.refresh(int(v))
	s.price(int(v))
}

func (s *state) dropAbsent(r int32) {
	for i, x := range s.absent {
		if x == r {
			s.absent = append(s.absent[:i], s.absent[i+1:]...)
			break
		}
	}
	s.energy -= s.m.penalty[r]
}
