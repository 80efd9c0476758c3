package pdptw

// construct inserts what is absent greedily, largest and farthest first or in another order by chance, until nothing more
// fits or the time is over.
func (w *worker) construct() {
	s := w.s
	s.layInitial()
	s.mark()
	for len(s.absent) > 0 && w.b.spent(0) < 1 {
		before := len(s.absent)
		s.bringBack(w.rng, &steady)
		if len(s.absent) == before {
			break
		}
	}
	s.mark()
	s.save(&w.best)
}
