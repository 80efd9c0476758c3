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
		s.tearOut(w.rng, int32(w.rng.IntN(s.m.n)), w.t)
		s.bringBack(w.rng, w.t)
		if s.energy < w.best.energy {
			w.remember()
		}
		if !w.accepts(s.energy-before, w.hot, w.t.cold) {
			s.rollback()
		}
	}
}

// accepts draws whether a step that costs so much more is kept. The temperature, in typical legs, falls from hot to cold.
func (w *worker) accepts(more int64, hot, cold float64) bool {
	if more <= 0 {
		return true
	}
	temperature := hot * math.Pow(cold/hot, w.share) * float64(w.s.m.distScale)
	return float64(more) < -temperature*math.Log(1-w.rng.Float64())
}
