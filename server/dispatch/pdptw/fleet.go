package pdptw

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
	s.closed = w.best.whole() // an attempt goes on where the last round left it
	defer func() { s.closed = false }()
	for !w.idle && w.turn() {
		if len(s.absent) == 0 {
			w.remember()
			if len(s.used) <= s.m.fewest || !w.dropRoute() {
				w.idle = true
				return
			}
			s.closed = true
		}
		s.placeLast(w.rng)
		if !s.closed {
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

// ruinPer is how many places the ejection search tries in the time of one ruin and recreate.
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
	before, missed, failures := s.energy, len(s.absent), s.failures()
	s.tearOut(w.rng, w.fleetSeed(), w.t)
	s.bringBack(w.rng, w.t)
	now := s.failures()
	for _, r := range s.absent {
		s.eject.failed[r]++
	}
	switch {
	case len(s.absent) < missed || now < failures:
	case len(s.absent) == missed && now == failures && w.accepts(s.energy-before, w.t.fleetHot*float64(s.m.distScale)):
	default:
		s.rollback()
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
