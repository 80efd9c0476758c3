package pdptw

import "math"

// anneal runs ruin and recreate until the round ends. A step that makes the plan worse is kept with a probability that
// falls as the stretch is spent, so that short and long runs both end cold.
func (w *worker) anneal() {
	s := w.s
	if s.m.n == 0 {
		return
	}
	for w.turn() {
		s.mark()
		before := s.energy
		if seed := w.seed(); len(s.m.useful) > 1 && w.rng.Uint64()&31 == 0 {
			s.swapVehicles(w.rng, seed)
		} else {
			s.tearOut(w.rng, seed, w.t)
			s.bringBack(w.rng, w.t)
		}
		if s.energy < w.best.energy {
			w.remember()
			w.pool.addAll(s)
		}
		if !w.accepts(s.energy-before, w.hot) {
			s.rollback()
		}
		if w.steps%glean == 0 {
			w.pool.addAll(s)
		}
	}
	if s.owner == nil {
		w.join()
	}
}

// seed draws the request that a removal begins at.
func (w *worker) seed() int32 {
	if len(w.seeds) > 0 {
		return w.seeds[w.rng.IntN(len(w.seeds))]
	}
	return int32(w.rng.IntN(w.s.m.n))
}

// glean is how many iterations pass between two looks at the plan for routes that the set cover may use.
const glean = 16

// accepts draws whether a step that costs so much more is kept. The temperature falls from hot to a small part of a leg.
func (w *worker) accepts(more int64, hot float64) bool {
	if more <= 0 {
		return true
	}
	cold := w.t.cold * float64(w.s.m.distScale)
	temperature := hot * math.Pow(cold/hot, w.share)
	return float64(more) < -temperature*math.Log(1-w.rng.Float64())
}
