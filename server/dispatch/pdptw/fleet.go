package pdptw

import "math/rand/v2"

// shrink tries to do with fewer vehicles. It empties a route and looks, with no new vehicle allowed, for places for its
// requests, in two ways by turns that take about as long as each other:
//
//   - guided ejection search: a request gets in by putting out one or two that failed less often (Nagata and Kobayashi 2010;
//     Curtois et al. 2018; Sartori and Buriol 2020);
//   - ruin and recreate, kept when fewer requests are left out, or such as were left out less often (absence counts,
//     Christiaens and Vanden Berghe 2020).
//
// Both read and raise the same counts. Where the plan it begins with leaves requests out, new vehicles are allowed until
// all have a place.
func (w *worker) shrink() {
	s := w.s
	if w.fleet > 0 {
		s.most = w.fleet - 1 // an attempt goes on where the last round left it
	}
	defer func() { s.most = s.m.v }()
	for !w.idle && w.turn() {
		if len(s.absent) == 0 {
			w.remember()
			if len(s.used) <= s.m.fewest || !w.dropRoute() {
				w.idle = true
				return
			}
			s.most = len(s.used)
		}
		s.placeLast(w.rng)
		if s.most == s.m.v {
			w.remember()
		}
		for w.owesRuin() && len(s.absent) > 0 && w.turn() {
			w.ruinForFleet()
		}
	}
	if len(s.absent) == 0 {
		w.remember()
	}
}

// keepFleet lets no more vehicles into use than the best plan has, once that leaves nothing out (lexicographic objective).
func (w *worker) keepFleet() {
	if w.fleet > 0 {
		w.s.most = w.fleet
	}
}

// ruinPer is how many places the ejection search tries in the time of one ruin and recreate. What was tried: docs/solver.md.
const ruinPer = 20

// owesRuin tells whether the ejection search has had more than its half of the time.
func (w *worker) owesRuin() bool {
	if w.s.eject.looks <= 0 {
		return false
	}
	w.s.eject.looks -= ruinPer
	return true
}

func (w *worker) ruinForFleet() {
	s := w.s
	s.mark()
	missed, failures := len(s.absent), s.failures()
	most := s.energy + w.margin(cool(w.t.fleetHot*float64(s.m.distScale), w.t.cold*float64(s.m.distScale), w.share))
	s.tearOut(w.rng, w.fleetSeed(), w.t)
	now, out := s.refillFewest(w.rng, w.t, missed, failures)
	switch {
	case out < missed || now < failures:
	case out == missed && now == failures && s.energy <= most:
	default:
		s.rollback()
	}
}

// refillFewest puts back what is out, and stops where neither fewer than missed nor such as failed less often are left out.
// It gives how many are and how often they had failed before, and counts this failure.
func (s *state) refillFewest(rng *rand.Rand, t *tuning, missed int, failures int64) (now int64, out int) {
	s.lineUp(rng)
	for i, r := range s.todo {
		if e := s.best(rng, r, t); e != nil {
			s.put(r, e)
			continue
		}
		out++
		if now += int64(s.eject.failed[r]); out > missed && now > failures {
			s.fail(s.todo[:i+1])
			return now, out
		}
	}
	s.dropBrokenGroups()
	now, out = s.failures(), len(s.absent)
	s.fail(s.absent)
	return now, out
}

// fail counts up those of the requests that have no place.
func (s *state) fail(requests []int32) {
	for _, r := range requests {
		if s.where[r] < 0 {
			s.eject.failed[r]++
		}
	}
}

func (w *worker) fleetSeed() int32 {
	if n := len(w.s.absent); n > 0 && w.rng.Uint64()&1 == 0 {
		return w.s.absent[w.rng.IntN(n)]
	}
	return int32(w.rng.IntN(w.s.m.n))
}

// failures is the sum of the failure counts of what is left out.
func (s *state) failures() int64 {
	sum := int64(0)
	for _, r := range s.absent {
		sum += int64(s.eject.failed[r])
	}
	return sum
}

// dropRoute empties the route whose requests failed least often so far.
func (w *worker) dropRoute() bool {
	s := w.s
	least, chosen := inf, int32(-1)
	for _, v := range s.used {
		if s.m.trucks[v].frozen > 0 {
			continue
		}
		sum := int64(0)
		for _, x := range s.seq[v][1 : len(s.seq[v])-1] {
			sum += int64(s.eject.failed[s.m.nodes[x].req])
		}
		if sum < least || sum == least && len(s.seq[v]) < len(s.seq[chosen]) {
			least, chosen = sum, v
		}
	}
	if chosen < 0 {
		return false
	}
	s.mark()
	s.emptyRoute(chosen)
	s.takeGroups()
	s.settle()
	w.rng.Shuffle(len(s.absent), func(i, j int) { s.absent[i], s.absent[j] = s.absent[j], s.absent[i] })
	return true
}
