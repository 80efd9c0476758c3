package pdptw

import (
	"math"
	"math/rand/v2"
)

// shrink tries to do with fewer vehicles: it empties a route and searches, with no new vehicle allowed, for a plan
// that takes its requests in. A step is kept when fewer requests are left out, or such as were left out less often so
// far (absence counts, Christiaens and Vanden Berghe 2020).
func (s *state) shrink(rng *rand.Rand, t *tuning, b *budget, best *plan) {
	clear(s.ruin.absent)
	s.closed = true
	defer func() { s.closed = false }()
	hot, cold := t.hot*float64(s.m.distScale), t.cold*float64(s.m.distScale)
	temperature := hot
	for i := 0; ; i++ {
		if i&15 == 0 {
			share, done := b.spent(i)
			if done {
				return
			}
			temperature = hot * math.Pow(cold/hot, share)
		}
		if len(s.absent) == 0 {
			if w := s.worth(); w.better(best.worth) {
				s.save(best)
			}
			if !s.dropRoute() {
				return
			}
		}
		s.mark()
		before, missed, missedSum := s.energy, len(s.absent), s.absences()
		s.tearOut(rng, s.fleetSeed(rng), t)
		s.bringBack(rng, t)
		sum := s.absences()
		for _, r := range s.absent {
			s.ruin.absent[r]++
		}
		switch {
		case len(s.absent) < missed || sum < missedSum:
		case len(s.absent) == missed && sum == missedSum && float64(s.energy-before) < -temperature*math.Log(1-rng.Float64()):
		default:
			s.rollback()
		}
	}
}

func (s *state) fleetSeed(rng *rand.Rand) int32 {
	if n := len(s.absent); n > 0 && rng.Uint64()&1 == 0 {
		return s.absent[rng.IntN(n)]
	}
	return int32(rng.IntN(s.m.n))
}

func (s *state) absences() int64 {
	sum := int64(0)
	for _, r := range s.absent {
		sum += int64(s.ruin.absent[r])
	}
	return sum
}

// dropRoute empties the route whose requests were left out least often so far.
func (s *state) dropRoute() bool {
	least, chosen := inf, int32(-1)
	for _, v := range s.used {
		if s.m.trucks[v].frozen > 0 {
			continue
		}
		sum := int64(0)
		for _, x := range s.seq[v][1 : len(s.seq[v])-1] {
			sum += int64(s.ruin.absent[s.m.nodes[x].req])
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
	return true
}
