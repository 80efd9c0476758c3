package pdptw

import "math/rand/v2"

// swapVehicles lets the vehicle of seed's route and another of a different class change their routes, or take an empty
// one instead. One request after another would not find the way there: each step on it costs more.
func (s *state) swapVehicles(rng *rand.Rand, seed int32) {
	v := s.where[seed]
	class := s.m.useful[rng.IntN(len(s.m.useful))]
	u := class[rng.IntN(len(class))]
	if v < 0 || s.m.trucks[v].class == s.m.trucks[u].class || !s.mayHave(u, v) || !s.mayHave(v, u) {
		return
	}
	s.touch(u)
	s.touch(v)
	s.handOver(v, u)
	for _, x := range [2]int32{u, v} {
		s.refresh(int(x))
		s.price(int(x))
	}
}

// mayHave tells whether vehicle u can drive what v does.
func (s *state) mayHave(u, v int32) bool {
	if s.m.trucks[u].frozen > 0 || s.foreign(u) {
		return false
	}
	q := s.seq[v][1 : len(s.seq[v])-1]
	for _, x := range q {
		if !s.m.canServe(int(u), int(s.m.nodes[x].req)) {
			return false
		}
	}
	s.candidate = append(append(append(s.candidate[:0], s.m.trucks[u].start), q...), s.m.trucks[u].end)
	_, ok := s.w.walk(int(u), s.candidate)
	return ok || len(q) == 0
}

// handOver swaps the stops of two routes.
func (s *state) handOver(u, v int32) {
	a, b := s.seq[u], s.seq[v]
	s.candidate = append(s.candidate[:0], a[1:len(a)-1]...)
	s.lay(u, b[1:len(b)-1])
	s.lay(v, s.candidate)
}

func (s *state) lay(v int32, stops []int32) {
	s.seq[v] = append(append(append(s.seq[v][:0], s.m.trucks[v].start), stops...), s.m.trucks[v].end)
	for _, x := range stops {
		s.where[s.m.nodes[x].req] = v
	}
}
