package pdptw

import (
	"math"
	"math/rand/v2"
)

// ejection is a way to get a request into a route by putting others out of it.
type ejection struct {
	vehicle int32
	out     [2]int32 // requests put out; -1 for none
	price   int32    // the sum of their failure counts
}

// ejector is the scratch of the ejection search.
type ejector struct {
	failed []int32 // by request: how often no place was found for it
	whole  []int32 // the route that is looked at
	riders []int32 // its requests
	forced []int32 // those that can't ride with the new one
	routes []int32
	looks  int // places tried and not yet weighed against ruins
}

// mostTrials bounds the places tried for one request, so that long routes can't make one step long. What was tried: docs/solver.md.
const mostTrials = 4000

// placeLast finds a place for the request that was put out last, at the cost of others if need be. Requests that have to
// ride together find their places together.
func (s *state) placeLast(rng *rand.Rand) {
	r := s.absent[len(s.absent)-1]
	if s.m.group[r] >= 0 {
		s.mark()
		s.bringBack(rng, &steady)
		s.eject.looks += ruinPer
		return
	}
	if e := s.best(rng, r, &steady); e != nil {
		s.mark()
		s.put(r, e)
		return
	}
	s.eject.failed[r]++
	s.eject.looks += ruinPer
	if e := s.findEjection(rng, r); e.vehicle >= 0 {
		s.carryOut(r, &e)
	}
}

// findEjection looks for the route and the one or two requests in it whose leaving lets r in, with the least sum of
// failure counts: what was hard to place is not put out lightly (Nagata and Kobayashi 2010).
func (s *state) findEjection(rng *rand.Rand, r int32) ejection {
	best := ejection{vehicle: -1, price: math.MaxInt32}
	x := &s.eject
	x.routes = append(x.routes[:0], s.used...)
	first, limit := rng.IntN(max(1, len(x.routes))), x.looks+mostTrials
	for i := range x.routes {
		if x.looks > limit {
			break
		}
		v := x.routes[(first+i)%len(x.routes)]
		riders := s.riders[int(v)*s.m.words : (int(v)+1)*s.m.words]
		if s.m.canServe(int(v), int(r)) && s.m.conflicts.count(int(r), riders) <= len(best.out) && s.listRiders(v, r) {
			s.ejectFrom(v, r, &best)
		}
	}
	return best
}

// listRiders notes which requests of route v may be put out, and which must be; false when they are too many.
func (s *state) listRiders(v, r int32) bool {
	x := &s.eject
	x.riders, x.forced = x.riders[:0], x.forced[:0]
	for _, node := range s.seq[v][1 : len(s.seq[v])-1] {
		o := s.m.nodes[node].req
		if s.m.shape[o] >= pinned || s.m.group[o] >= 0 || s.m.nodes[node].kind == Delivery && s.m.shape[o] == pair {
			continue
		}
		x.riders = append(x.riders, o)
		if s.m.conflicts.has(r, o) {
			if x.forced = append(x.forced, o); len(x.forced) > 2 {
				return false
			}
		}
	}
	return true
}

func (s *state) ejectFrom(v, r int32, best *ejection) {
	x := &s.eject
	must := int32(0)
	for _, o := range x.forced {
		must += x.failed[o]
	}
	if must >= best.price {
		return
	}
	x.whole = append(x.whole[:0], s.seq[v]...)
	version := s.version[v]
	for i, a := range x.riders {
		if len(x.forced) > 0 && a != x.forced[0] {
			continue
		}
		if x.failed[a] >= best.price {
			continue
		}
		if len(x.forced) < 2 && s.fitsWithout(v, r, a, -1) {
			*best = ejection{v, [2]int32{a, -1}, x.failed[a]}
			continue
		}
		from := i + 1
		if len(x.forced) > 0 {
			from = 0
		}
		for _, b := range x.riders[from:] {
			if b == a || len(x.forced) == 2 && b != x.forced[1] || x.failed[a]+x.failed[b] >= best.price {
				continue
			}
			if s.fitsWithout(v, r, a, b) {
				*best = ejection{v, [2]int32{a, b}, x.failed[a] + x.failed[b]}
			}
		}
	}
	s.seq[v] = append(s.seq[v][:0], x.whole...)
	s.refresh(int(v))
	s.version[v] = version
}

// fitsWithout tells whether r has a place in route v once a and b have left it. It leaves the route without them.
func (s *state) fitsWithout(v, r, a, b int32) bool {
	s.eject.looks++
	out := s.seq[v][:0]
	for _, node := range s.eject.whole {
		if o := s.m.nodes[node].req; o < 0 || o != a && o != b {
			out = append(out, node)
		}
	}
	s.seq[v] = out
	s.where[a] = -1
	if b >= 0 {
		s.where[b] = -1
	}
	ok := s.refresh(int(v)) && s.insertion(v, r, inf).cost < inf
	s.where[a] = v
	if b >= 0 {
		s.where[b] = v
	}
	return ok
}

// carryOut puts r in and the others out. The last of them is the next to find a place for.
func (s *state) carryOut(r int32, e *ejection) {
	s.mark()
	for _, o := range e.out {
		if o >= 0 {
			s.take(o)
		}
	}
	s.settle()
	in := s.insertion(e.vehicle, r, inf)
	if in.cost >= inf {
		s.rollback()
		return
	}
	s.put(r, in)
	s.dropBrokenGroups()
}
