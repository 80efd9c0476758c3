package pdptw

import (
	"math/rand/v2"
	"slices"
)

// mostTried bounds how many absent requests one step tries to bring back where very many are left out. What was tried: docs/solver.md.
const mostTried = 120

// lineUp orders what is absent, and notes in todo what of it one step tries to bring back.
func (s *state) lineUp(rng *rand.Rand) {
	s.order(rng)
	s.todo = append(s.todo[:0], s.absent[:min(len(s.absent), mostTried)]...)
}

// bringBack puts absent requests back, each at its cheapest place, in one of several orders. Now and then it passes
// over a route, so that the same ruin does not always end the same way.
func (s *state) bringBack(rng *rand.Rand, t *tuning) {
	s.lineUp(rng)
	farsighted := s.m.mixed && (s.ruin.ahead > 0 || rng.Uint64()&1 == 0)
	s.ruin.ahead = 0
	for i, r := range s.todo {
		if s.m.group[r] >= 0 {
			if s.where[r] < 0 {
				s.bringGroup(rng, r, t)
			}
			continue
		}
		s.ruin.waiting = s.ruin.waiting[:0]
		if farsighted {
			s.await(r, s.todo[i:])
		}
		if e := s.best(rng, r, t); e != nil {
			s.put(r, e)
		}
	}
	s.dropBrokenGroups()
}

// best is the cheapest insertion of r into a route or one empty vehicle of each class, or nil when leaving it out costs
// less. It looks at the routes of the requests nearby, and at all others in one of eight calls or where none of those will do.
func (s *state) best(rng *rand.Rand, r int32, t *tuning) *insertion {
	m := s.m
	var found *insertion
	limit := s.prizeOf(r)
	home := s.homeOf(r)
	s.ruin.now++
	var blinks blinker
	try := func(v int32) {
		if e := s.insertion(v, r, limit); e.cost < limit {
			found, limit = e, e.cost
		}
	}
	if home < 0 {
		for _, o := range m.near[r][:min(len(m.near[r]), closest)] {
			v := s.where[o]
			if v < 0 || s.ruin.stamp[v] == s.ruin.now || s.foreign(v) {
				continue
			}
			s.ruin.stamp[v] = s.ruin.now
			if !blinks.next(rng, t.blink) {
				try(v)
			}
		}
	}
	if found == nil || rng.Uint64()&7 == 0 {
		for _, v := range s.used {
			if (home < 0 || v == home) && !s.foreign(v) && s.ruin.stamp[v] != s.ruin.now && !blinks.next(rng, t.blink) {
				try(v)
			}
		}
	}
	if len(s.used) >= s.most {
		return found
	}
	if e := s.open(r, home, limit); e != nil {
		return e
	}
	return found
}

// prizeOf is what leaving r out costs, with those of its group that wait for a place and stay out when it does.
func (s *state) prizeOf(r int32) int64 {
	g := s.m.group[r]
	if g < 0 {
		return s.m.penalty[r]
	}
	sum := int64(0)
	for _, o := range s.m.groups[g] {
		if s.where[o] < 0 {
			sum += s.m.penalty[o]
		}
	}
	return sum
}

// closest is how many near requests have their routes looked at first, where its own place mostly is. What was tried: docs/solver.md.
const closest = 24

// blinker says for one route after another whether to pass it over.
type blinker struct {
	bits uint64
	left int
}

func (b *blinker) next(rng *rand.Rand, rate uint64) bool {
	if rate == 0 {
		return false
	}
	if b.left == 0 {
		b.bits, b.left = rng.Uint64(), 6
	}
	blink := b.bits&1023 < rate
	b.bits >>= 10
	b.left--
	return blink
}

// homeOf is the only vehicle that r may ride on for its group's or its frozen pickup's sake, or -1.
func (s *state) homeOf(r int32) int32 {
	if h := s.m.home[r]; h >= 0 {
		return h
	}
	if g := s.m.group[r]; g >= 0 {
		for _, o := range s.m.groups[g] {
			if h := s.m.home[o]; h >= 0 {
				return h
			}
			if s.where[o] >= 0 {
				return s.where[o]
			}
		}
	}
	return -1
}

// firstEmpty is an empty vehicle of class, no other than home where that is given, or -1.
func (s *state) firstEmpty(class []int32, home int32) int32 {
	for _, v := range class {
		if len(s.seq[v]) == 2 && !s.foreign(v) && (home < 0 || v == home) {
			return v
		}
	}
	return -1
}

// dropBrokenGroups takes out what is left of a group of which some member found no place.
func (s *state) dropBrokenGroups() {
	if len(s.m.groups) == 0 || len(s.absent) == 0 {
		return
	}
	s.takeGroups()
	s.settle()
}

// order sorts the absent requests by one of the orders of Christiaens and Vanden Berghe, chosen by weight.
func (s *state) order(rng *rand.Rand) {
	m, keys := s.m, s.ruin.keys
	rng.Shuffle(len(s.absent), func(i, j int) { s.absent[i], s.absent[j] = s.absent[j], s.absent[i] })
	x := rng.Uint64() % 17
	if x < 4 && len(m.groups) == 0 && s.ruin.ahead == 0 {
		return
	}
	for _, r := range s.absent {
		switch {
		case x < 4: // random
			keys[r] = 0
		case x < 8: // largest load
			keys[r] = -m.size[r]
		case x < 10: // far from the depot
			keys[r] = -m.away[r]
		case x < 11: // close to the depot
			keys[r] = m.away[r]
		case x < 13: // narrow windows
			keys[r] = m.span[r]
		case x < 15: // early
			keys[r] = m.nodes[2*r].open
		default: // due late
			keys[r] = -m.nodes[2*r+1].close
		}
	}
	ahead := s.ruin.ahead
	slices.SortStableFunc(s.absent, func(a, b int32) int {
		if ahead > 0 {
			if x, y := m.nodes[2*a].area == ahead, m.nodes[2*b].area == ahead; x != y {
				if x {
					return -1
				}
				return 1
			}
		}
		switch {
		case keys[a] < keys[b]:
			return -1
		case keys[a] > keys[b]:
			return 1
		}
		return 0
	})
}
