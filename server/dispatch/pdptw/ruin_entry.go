package pdptw

import "math/rand/v2"

// tearEntry takes the requests of one area out of a vehicle that was charged for entering it, and makes room for them on others:
// what is on board there for elsewhere leaves too, and vehicles are emptied that were not there. The requests of the area come
// back first. One string after another would not get there: the price of entering falls due until the last request has left.
// Where no fewer vehicles could hold all that goes there, it is tried one time in eight only.
func (s *state) tearEntry(rng *rand.Rand) bool {
	seed := s.m.entered[rng.IntN(len(s.m.entered))]
	v, area := s.where[seed], s.m.nodes[2*seed].area
	if v < 0 || s.foreign(v) || s.entryPrice(v, area) == 0 || s.goingTo(area) <= s.m.fewestIn[area] && rng.Uint64()&7 > 0 {
		return false
	}
	s.ruin.ahead = area
	s.takeFrom(v, func(of uint8) bool { return of == area })
	s.ruin.now++
	s.ruin.stamp[v] = s.ruin.now
	others := 1 + rng.IntN(4)
	for range 4 * others {
		o := s.m.entered[rng.IntN(len(s.m.entered))]
		u := s.where[o]
		if s.m.nodes[2*o].area != area || u < 0 || s.ruin.stamp[u] == s.ruin.now || s.foreign(u) {
			continue
		}
		s.ruin.stamp[u] = s.ruin.now
		whole := rng.Uint64()&1 == 0
		s.takeFrom(u, func(of uint8) bool { return whole || of != area })
		if others--; others == 0 {
			break
		}
	}
	for range rng.IntN(4) {
		u := int32(rng.IntN(s.m.v))
		if s.ruin.stamp[u] != s.ruin.now && !s.foreign(u) && s.m.canServe(int(u), int(seed)) {
			s.ruin.stamp[u] = s.ruin.now
			s.emptyRoute(u)
		}
	}
	return true
}

// goingTo counts the vehicles that carry requests of area.
func (s *state) goingTo(area uint8) int {
	s.ruin.now++
	n := 0
	for _, r := range s.m.entered {
		if v := s.where[r]; v >= 0 && s.m.nodes[2*r].area == area && s.ruin.stamp[v] != s.ruin.now {
			s.ruin.stamp[v] = s.ruin.now
			n++
		}
	}
	return n
}

// entryPrice is what vehicle v pays for entering area.
func (s *state) entryPrice(v int32, area uint8) int64 {
	if entry := s.m.trucks[v].entry; entry != nil && area > 0 {
		return entry[area]
	}
	return 0
}

// takeFrom takes the requests of route v out whose area is among those wanted.
func (s *state) takeFrom(v int32, wanted func(area uint8) bool) {
	for _, x := range s.seq[v][1 : len(s.seq[v])-1] {
		if nd := &s.m.nodes[x]; s.where[nd.req] == v && wanted(nd.area) {
			s.take(nd.req)
		}
	}
}
