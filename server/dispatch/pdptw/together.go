package pdptw

import "math/rand/v2"

// groupScratch is the scratch of finding a place for a whole group.
type groupScratch struct {
	waits    []int32     // its requests without a place, in the order in which they are seated
	vehicles []int32     // that are looked at
	laid     []insertion // where those of waits go in the vehicle that is looked at
	best     []insertion // and in the best one so far
	seq      []int32     // that vehicle's route before
	absent   []int32
	looks    int // places of the first one tried
}

// mostSeats bounds the places of its first request that are tried for a group which found none otherwise, as one call in 64 does.
const mostSeats = 400

// bringGroup puts what waits of r's group into the one vehicle where all of it costs least, or leaves all of it out where that costs
// less. One request after another at its own cheapest vehicle would often leave no room there for the last.
func (s *state) bringGroup(rng *rand.Rand, r int32, t *tuning) {
	x := &s.group
	x.waits, x.best, x.looks = append(x.waits[:0], r), x.best[:0], 0
	for _, o := range s.m.groups[s.m.group[r]] {
		if o != r && s.where[o] < 0 {
			x.waits = append(x.waits, o)
		}
	}
	rng.Shuffle(len(x.waits), func(i, j int) { x.waits[i], x.waits[j] = x.waits[j], x.waits[i] })
	limit, home := s.prizeOf(r), s.homeOf(r)
	s.listNear(r, home)
	limit = s.seatGroup(rng, t, limit)
	if len(x.best) == 0 || rng.Uint64()&7 == 0 {
		s.listAll(home)
		limit = s.seatGroup(rng, t, limit)
	}
	if len(x.best) == 0 && rng.Uint64()&63 == 0 {
		rng.Shuffle(len(x.vehicles), func(i, j int) { x.vehicles[i], x.vehicles[j] = x.vehicles[j], x.vehicles[i] })
		for _, v := range x.vehicles {
			limit = s.seatAnywhere(v, limit)
		}
	}
	for i := range x.best {
		s.put(x.best[i].request, &x.best[i])
	}
}

// listNear notes the vehicles that serve what is near r; none where home is the only one.
func (s *state) listNear(r, home int32) {
	x := &s.group
	x.vehicles = x.vehicles[:0]
	if home >= 0 {
		return
	}
	s.ruin.now++
	for _, o := range s.m.near[r][:min(len(s.m.near[r]), closest)] {
		if v := s.where[o]; v >= 0 && s.ruin.stamp[v] != s.ruin.now && !s.foreign(v) {
			s.ruin.stamp[v] = s.ruin.now
			x.vehicles = append(x.vehicles, v)
		}
	}
}

// listAll notes home alone, or, where that is -1, the vehicles in use and one empty vehicle of each class.
func (s *state) listAll(home int32) {
	x := &s.group
	x.vehicles = x.vehicles[:0]
	if home >= 0 {
		if !s.foreign(home) {
			x.vehicles = append(x.vehicles, home)
		}
		return
	}
	for _, v := range s.used {
		if !s.foreign(v) {
			x.vehicles = append(x.vehicles, v)
		}
	}
	if len(s.used) >= s.most {
		return
	}
	for _, class := range s.m.classes {
		if v := s.firstEmpty(class, -1); v >= 0 {
			x.vehicles = append(x.vehicles, v)
		}
	}
}

// seatGroup looks for the vehicle of those listed where the group costs less than limit, and gives the least cost so far.
func (s *state) seatGroup(rng *rand.Rand, t *tuning, limit int64) int64 {
	var blinks blinker
	for _, v := range s.group.vehicles {
		if s.admitsGroup(v) && !blinks.next(rng, t.blink) {
			limit = s.seatBehind(v, *s.insertion(v, s.group.waits[0], limit), limit)
		}
	}
	return limit
}

// seatAnywhere tries every place in v of the group's first request: its cheapest may be in the way of the others.
func (s *state) seatAnywhere(v int32, limit int64) int64 {
	x := &s.group
	r := x.waits[0]
	if !s.admitsGroup(v) {
		return limit
	}
	for i := s.m.trucks[v].frozen; i < len(s.seq[v])-1; i++ {
		for j := i; j < len(s.seq[v])-1 && (j == i || s.m.shape[r] == pair) && x.looks < mostSeats; j++ {
			x.looks++
			first := insertion{cost: inf, request: r, vehicle: v}
			s.consider(v, r, place2{0, int32(i), int32(j)}, &first)
			limit = s.seatBehind(v, first, limit)
		}
	}
	return limit
}

func (s *state) admitsGroup(v int32) bool {
	for _, r := range s.group.waits {
		if !s.admits(v, r) {
			return false
		}
	}
	return true
}

// seatBehind seats the group's first request where first says and the others each at its cheapest place in the same vehicle, remembers
// that if all of it costs less than limit, and takes all of it out again. It gives the least cost so far.
func (s *state) seatBehind(v int32, first insertion, limit int64) int64 {
	if first.cost >= limit {
		return limit
	}
	x := &s.group
	x.seq, x.absent, x.laid = append(x.seq[:0], s.seq[v]...), append(x.absent[:0], s.absent...), append(x.laid[:0], first)
	version, cost, soft, energy := s.version[v], s.cost[v], s.soft[v], s.energy
	sum := first.cost
	s.seat(first.request, &first)
	for _, r := range x.waits[1:] {
		e := *s.insertion(v, r, limit-sum)
		if sum += e.cost; sum >= limit {
			break
		}
		x.laid = append(x.laid, e)
		s.seat(r, &e)
	}
	if sum < limit {
		limit, x.best = sum, append(x.best[:0], x.laid...)
	}
	for _, r := range x.waits {
		s.where[r] = -1
	}
	s.seq[v], s.absent = append(s.seq[v][:0], x.seq...), append(s.absent[:0], x.absent...)
	s.refresh(int(v))
	s.version[v], s.cost[v], s.soft[v], s.energy = version, cost, soft, energy
	return limit
}
