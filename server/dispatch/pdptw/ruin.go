package pdptw

import "math/rand/v2"

// ruinScratch is what removals need besides the plan.
type ruinScratch struct {
	stamp   []uint32 // by vehicle: already ruined
	now     uint32
	keys    []int64 // sort keys of absent requests
	waiting []int64 // by dimension: what waits for a place, empty where that plays no part
	ahead   uint8   // area whose requests are brought back before all others, 0 for none
}

func newRuinScratch(m *model) ruinScratch {
	return ruinScratch{stamp: make([]uint32, m.v), waiting: make([]int64, 0, m.d), keys: make([]int64, m.n)}
}

// tuning holds the sizes of the search steps. What was tried: docs/solver.md.
type tuning struct {
	meanRemoved float64 // stops a string removal takes out on average
	longest     float64 // stops of one string at most
	blink       uint64  // in 1024ths: how often a route is passed over
	hotDecade   float64 // first temperature of the annealing for each factor of ten in iterations per request, in typical legs
	cold        float64 // last temperature, in typical legs
	coldShort   float64 // the same for the annealing of the lexicographic objective
	fleetHot    float64 // first temperature of the fleet phase
}

var standard = tuning{meanRemoved: 12, longest: 10, blink: 10, hotDecade: 0.9, cold: 0.02, coldShort: 0.05, fleetHot: 0.6}

// steady passes over no route.
var steady = tuning{}

// tearOut removes some requests around the seed in one of several ways.
func (s *state) tearOut(rng *rand.Rand, seed int32, t *tuning) {
	s.ruin.ahead = 0
	if s.m.entered != nil && rng.Uint64()&7 == 0 && s.tearEntry(rng) {
		s.takeGroups()
		s.settle()
		return
	}
	switch x := rng.Uint64() & 63; {
	case x < 50:
		s.tearStrings(rng, seed, t)
	case x < 57:
		s.tearNear(rng, seed, t)
	case x < 60:
		s.tearRandom(rng, t)
	default:
		s.tearRoute(rng, seed, t)
	}
	s.takeGroups()
	s.settle()
}

// tearStrings takes strings of stops out of the routes around seed (slack induction by string removals, Christiaens
// and Vanden Berghe 2020). The partner of a removed stop leaves with it.
func (s *state) tearStrings(rng *rand.Rand, seed int32, t *tuning) {
	if len(s.used) == 0 {
		return
	}
	stops := 0
	for _, v := range s.used {
		stops += len(s.seq[v]) - 2
	}
	longest := min(t.longest, max(1, float64(stops)/float64(len(s.used))))
	strings := int(rng.Float64()*(4*t.meanRemoved/(1+longest)-1)) + 1
	s.ruin.now++
	for _, r := range s.m.near[seed] {
		v := s.where[r]
		if v < 0 || s.ruin.stamp[v] == s.ruin.now || s.m.shape[r] == fixed || s.foreign(v) {
			continue
		}
		s.ruin.stamp[v] = s.ruin.now
		stops := float64(len(s.seq[v]) - 2)
		length := int(rng.Float64()*min(stops, longest)) + 1
		s.tearString(rng, v, s.someNode(rng, r), length)
		if strings--; strings <= 0 {
			return
		}
	}
}

func (s *state) someNode(rng *rand.Rand, r int32) int32 {
	switch s.m.shape[r] {
	case takeOn:
		return 2 * r
	case pair:
		return 2*r + int32(rng.Uint64()&1)
	}
	return 2*r + 1
}

// tearString takes length stops of route v out, around node x; half of the time it leaves a part in the middle.
func (s *state) tearString(rng *rand.Rand, v, x int32, length int) {
	q := s.seq[v]
	stops := len(q) - 2
	kept := 0
	if length > 1 && length < stops && rng.Uint64()&1 == 0 {
		for kept = 1; length+kept < stops && rng.Uint64()&127 != 0; kept++ {
		}
	}
	span := length + kept
	at := int(s.nodes[x].pos)
	low, high := max(1, at-span+1), min(at, stops-span+1)
	from := low
	if high > low {
		from += rng.IntN(high - low + 1)
	}
	gap := from + span // no gap
	if kept > 0 {
		gap = from + rng.IntN(length+1)
	}
	for i := from; i < from+span && i <= stops; i++ {
		if i >= gap && i < gap+kept {
			continue
		}
		if r := s.m.nodes[q[i]].req; s.where[r] == v {
			s.take(r)
		}
	}
}

// tearNear takes the requests nearest to seed.
func (s *state) tearNear(rng *rand.Rand, seed int32, t *tuning) {
	count := int(rng.Float64()*t.meanRemoved*0.8) + 2
	for _, r := range s.m.near[seed] {
		if s.where[r] < 0 || s.foreign(s.where[r]) || rng.Uint64()&7 == 0 {
			continue
		}
		s.take(r)
		if count--; count <= 0 {
			return
		}
	}
}

// tearRandom takes requests from anywhere.
func (s *state) tearRandom(rng *rand.Rand, t *tuning) {
	for range int(rng.Float64()*t.meanRemoved*0.5) + 1 {
		s.take(int32(rng.IntN(s.m.n)))
	}
}

// tearRoute empties the seed's route, and frees room in the routes around it.
func (s *state) tearRoute(rng *rand.Rand, seed int32, t *tuning) {
	v := s.where[seed]
	if v < 0 || len(s.seq[v]) > int(4*t.meanRemoved) {
		s.tearStrings(rng, seed, t)
		return
	}
	s.emptyRoute(v)
	for range 1 + rng.IntN(4) {
		s.take(s.m.near[seed][rng.IntN(len(s.m.near[seed]))])
	}
}

func (s *state) emptyRoute(v int32) {
	for _, x := range s.seq[v][1 : len(s.seq[v])-1] {
		if r := s.m.nodes[x].req; s.where[r] == v {
			s.take(r)
		}
	}
}

// takeGroups takes out whole groups that have to ride together once one of them is out.
func (s *state) takeGroups() {
	if len(s.m.groups) == 0 {
		return
	}
	for i := 0; i < len(s.absent); i++ {
		if g := s.m.group[s.absent[i]]; g >= 0 {
			for _, r := range s.m.groups[g] {
				s.take(r)
			}
		}
	}
}
