package pdptw

import "math/rand/v2"

// What was tried: docs/solver.md.
const (
	fewestForParts = 50  // requests of a part at least, with several workers
	mostInPart     = 250 // requests, about; a problem of twice as many is cut even for one worker
	roundsPerPart  = 8   // how often each part's turn comes at least
)

// territories cuts a plan into parts of near routes, so that several workers change one plan at the same time, or one worker
// stays for a while where its data are at hand. A worker changes the routes of its part only, and uses of the empty vehicles
// and the requests without a place those that are its own; so the parts can be put together again.
type territories struct {
	owner []int32 // by vehicle: part, or -1
	queue []int32
	rng   *rand.Rand
	now   plan // the plan that is being changed; the best is kept apart
	out   plan
}

// parts is into how many parts the plan is cut; 1 for not at all.
func (r *run) parts() int {
	n := r.m.n / mostInPart
	if len(r.workers) > 1 && r.m.n >= fewestForParts*len(r.workers) {
		n = max(n, len(r.workers))
	}
	if n < len(r.workers) {
		return 1
	}
	return n
}

// searchParts anneals part after part, each worker in one of its own, from the best plan there is to the end of the budget.
func (r *run) searchParts(parts int) {
	b := r.stretch(1)
	t := &territories{owner: make([]int32, r.m.v), rng: rand.New(rand.NewPCG(r.o.Seed, 0))}
	for _, w := range r.workers {
		w.best.copyFrom(&r.best)
		w.crew = len(r.workers)
		w.enter(b)
	}
	t.now.copyFrom(&r.best)
	rounds := max(annealRounds, roundsPerPart*parts/len(r.workers))
	for i := 1; i <= rounds && b.spent(r.workers[0].steps) < 1; i++ {
		t.cut(r.workers[0].s, parts, len(r.workers))
		r.each(func(w *worker) {
			if i == 2 {
				w.calibrate()
			}
			w.until = float64(i) / float64(rounds)
			w.stay(t)
			w.anneal()
		})
		r.unite(t)
		r.tell()
	}
	r.done, r.workers[0].steps = r.iterations(), 0
}

// cut gives each route of s a part: it begins anywhere and takes in near routes until it has its share of the stops. The
// empty vehicles are dealt out to the parts that are worked on.
func (t *territories) cut(s *state, parts, workers int) {
	for v := range t.owner {
		if t.owner[v] = -1; len(s.seq[v]) == 2 {
			t.owner[v] = int32(v % workers)
		}
	}
	stops := 0
	for _, v := range s.used {
		stops += len(s.seq[v]) - 2
	}
	left := append(make([]int32, 0, len(s.used)), s.used...)
	t.rng.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
	gathered := t.gather(s, stops/parts)
	for part := range int32(parts) {
		share := stops / (parts - int(part))
		if part == 0 {
			share, stops = share-gathered, stops-gathered
		}
		for _, v := range left {
			if share > 0 && t.owner[v] < 0 {
				n := t.grow(s, v, part, share)
				share, stops = share-n, stops-n
			}
		}
	}
}

// gather lets the first part begin with the vehicles charged for entering an area, wherever they are, in half of the cuts: only
// where they are together can one do with another's load. It gives how many of share stops that takes.
func (t *territories) gather(s *state, share int) int {
	got := 0
	if len(s.m.entered) == 0 || t.rng.Uint64()&1 == 0 {
		return got
	}
	for _, r := range s.m.entered {
		if v := s.where[r]; v >= 0 && t.owner[v] < 0 && got < share {
			t.owner[v] = 0
			got += len(s.seq[v]) - 2
		}
	}
	return got
}

// grow adds v and near routes to part until share stops are in it, and gives how many are.
func (t *territories) grow(s *state, v, part int32, share int) int {
	t.owner[v] = part
	got := len(s.seq[v]) - 2
	t.queue = append(t.queue[:0], v)
	for i := 0; i < len(t.queue) && got < share; i++ {
		for _, x := range s.seq[t.queue[i]][1 : len(s.seq[t.queue[i]])-1] {
			near := s.m.near[s.m.nodes[x].req]
			for _, o := range near[:min(len(near), closest)] {
				if u := s.where[o]; u >= 0 && t.owner[u] < 0 && got < share {
					t.owner[u] = part
					got += len(s.seq[u]) - 2
					t.queue = append(t.queue, u)
				}
			}
		}
	}
	return got
}

// stay makes the worker keep to its part of the plan.
func (w *worker) stay(t *territories) {
	s := w.s
	s.owner = nil
	s.restore(&t.now)
	s.owner, s.part = t.owner, int32(w.id)
	own := s.absent[:0]
	for _, r := range s.absent {
		if w.owns(r) {
			own = append(own, r)
		}
	}
	s.absent = own
	s.mark()
	s.save(&w.best)
	w.seeds = append(w.seeds[:0], s.absent...)
	for r, v := range s.where {
		if v >= 0 && t.owner[v] == s.part {
			w.seeds = append(w.seeds, int32(r))
		}
	}
}

// owns tells whether the worker has to find a place for r. Requests that ride together have one owner.
func (w *worker) owns(r int32) bool {
	if g := w.s.m.group[r]; g >= 0 {
		r = g
	}
	return int(r)%w.crew == w.id
}

// unite puts the parts together again: the plans the workers are at, to go on from, and the best each has seen. The set
// cover has its turn on the whole plan.
func (r *run) unite(t *territories) {
	t.now.flat = t.now.flat[:0]
	t.out.flat = t.out.flat[:0]
	for _, w := range r.workers {
		for v, q := range w.s.seq {
			if len(q) > 2 && t.from(int32(v), w, len(r.workers)) {
				t.now.lay(int32(v), q)
			}
		}
		for i := 0; i < len(w.best.flat); i += 2 + int(w.best.flat[i+1]) {
			if v := w.best.flat[i]; t.from(v, w, len(r.workers)) {
				t.out.lay(v, w.best.flat[i+2:i+2+int(w.best.flat[i+1])])
			}
		}
	}
	w := r.workers[0]
	w.s.owner = nil
	w.best.copyFrom(&r.best)
	w.s.restore(&t.out)
	w.remember()
	w.pool.addAll(w.s)
	w.s.restore(&t.now)
	w.pool.addAll(w.s)
	w.join()
	w.s.save(&t.now)
	r.best.copyFrom(&w.best)
}

// from tells whether the route of v is the one that w has. What nobody worked on is taken from the first worker.
func (t *territories) from(v int32, w *worker, workers int) bool {
	part := int(t.owner[v])
	return part == w.id || w.id == 0 && part >= workers
}

func (p *plan) lay(v int32, q []int32) {
	p.flat = append(p.flat, v, int32(len(q)))
	p.flat = append(p.flat, q...)
}
