package pdptw

import "math"

// anneal runs ruin and recreate until the round ends. A step that makes the plan worse is kept with a probability that
// falls as the stretch is spent, so that short and long runs both end cold.
func (w *worker) anneal() {
	s := w.s
	if s.m.n == 0 {
		return
	}
	w.keepFleet()
	cold := w.cold()
	defer func() { s.most = s.m.v }()
	for w.turn() {
		s.mark()
		most := s.energy + w.margin(cool(w.hot, cold, w.share))
		if seed := w.seed(); len(s.m.useful) > 1 && w.rng.Uint64()&31 == 0 {
			s.swapVehicles(w.rng, seed)
		} else {
			s.tearOut(w.rng, seed, w.t)
			w.refill(max(most, w.best.energy))
		}
		if s.energy < w.best.energy {
			w.remember()
			w.keepFleet()
			w.pool.addAll(s)
		}
		if s.energy > most {
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

// refill puts back what is out, and stops where the plan can't end below most any more.
func (w *worker) refill(most int64) {
	s := w.s
	if !s.m.lexical {
		s.bringBack(w.rng, w.t)
		return
	}
	s.lineUp(w.rng)
	left := int64(0) // of the energy: what the requests cost that are out and not tried yet
	for _, r := range s.todo {
		left += s.m.penalty[r]
	}
	for _, r := range s.todo {
		left -= s.m.penalty[r]
		if e := s.best(w.rng, r, w.t); e != nil {
			s.put(r, e)
		}
		if s.energy-left > most {
			return
		}
	}
	s.dropBrokenGroups()
}

// seed draws the request that a removal begins at.
func (w *worker) seed() int32 {
	if len(w.seeds) > 0 {
		return w.seeds[w.rng.IntN(len(w.seeds))]
	}
	return int32(w.rng.IntN(w.s.m.n))
}

// glean is how many iterations pass between two looks at the plan for routes that the set cover may use. What was tried: docs/solver.md.
const glean = 16

// margin draws by how much a step may make the plan worse and is kept.
func (w *worker) margin(temperature float64) int64 {
	return int64(-temperature * math.Log(1-w.rng.Float64()))
}

// cold is the last temperature of the annealing.
func (w *worker) cold() float64 {
	legs := w.t.cold
	if w.s.m.lexical {
		legs = w.t.coldShort
	}
	return legs * float64(w.s.m.distScale)
}

// cool is a temperature that falls from hot to cold as share goes from 0 to 1.
func cool(hot, cold, share float64) float64 {
	return hot * math.Pow(cold/hot, share)
}
