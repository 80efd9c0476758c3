package pdptw

import (
	"math"
	"math/rand/v2"
)

// seeds is how many of n seeds a property test looks at: all, or a sixth with the race detector.
func seeds(n uint64) uint64 {
	if underRace {
		return n / 6
	}
	return n
}

// randomProblem makes a small problem with any mixture of rules. It is not metric where rough is set.
func randomProblem(rng *rand.Rand, requests, vehicles int, rough bool) *Problem {
	locs := requests + 2
	p := &Problem{Dimensions: 1 + rng.IntN(2)}
	for range 1 + rng.IntN(2) {
		p.Profiles = append(p.Profiles, randomMatrix(rng, locs, rough))
	}
	horizon := int64(8 * 3_600_000)
	window := func() []Window {
		switch rng.IntN(4) {
		case 0:
			return nil
		case 1:
			a := rng.Int64N(horizon)
			b := a + rng.Int64N(horizon/4) + 60_000
			return []Window{{a, b}, {b + 600_000 + rng.Int64N(horizon/8), b + horizon/4}}
		}
		a := rng.Int64N(horizon * 3 / 4)
		return []Window{{a, a + rng.Int64N(horizon/2)}}
	}
	stop := func() *Stop { return &Stop{rng.IntN(locs), window(), rng.Int64N(1_200_000)} }
	load := func(most int64) []int64 {
		x := make([]int64, p.Dimensions)
		for d := range x {
			x[d] = rng.Int64N(most)
		}
		return x
	}
	for range requests {
		q := Request{Pickup: stop(), Delivery: stop(), Load: load(60), Class: rng.IntN(3)}
		switch rng.IntN(8) {
		case 0:
			q.Pickup = nil
		case 1:
			q.Delivery = nil
		}
		if rng.IntN(4) == 0 {
			q.Optional, q.Prize = true, rng.Int64N(60_000)
		}
		if rng.IntN(6) == 0 {
			q.Skills = []string{"cold"}
		}
		if rng.IntN(6) == 0 {
			q.Promise = &Promise{rng.IntN(vehicles), rng.Int64N(5000)}
		}
		if rng.IntN(6) == 0 {
			q.Prices = []VehiclePrice{{rng.IntN(vehicles), rng.Int64N(2000) - 1000}}
		}
		if rng.IntN(8) == 0 {
			q.Barred = []Bar{{rng.IntN(vehicles), "no pass"}}
		}
		p.Requests = append(p.Requests, q)
	}
	for i := range vehicles {
		v := Vehicle{Profile: rng.IntN(len(p.Profiles)), Start: rng.IntN(locs), End: rng.IntN(locs+1) - 1,
			Shift: Window{0, horizon + horizon/2}, Capacity: load(60), FixedCost: rng.Int64N(20_000), PerKm: 200 + rng.Int64N(300)}
		for d := range v.Capacity {
			v.Capacity[d] += 60
		}
		if rng.IntN(2) == 0 {
			v.Skills = []string{"cold"}
		}
		if rng.IntN(3) == 0 {
			v.PerHour = rng.Int64N(5000)
		}
		if rng.IntN(4) == 0 {
			v.LIFO = true
		}
		if rng.IntN(4) == 0 {
			v.Break = Break{2 * 3_600_000, 1_200_000}
		}
		if rng.IntN(5) == 0 {
			v.MaxDistance = 150_000 + rng.Int64N(200_000)
		}
		if rng.IntN(4) == 0 {
			v.Surcharge = Surcharge{rng.Int64N(400), 800, 1}
		}
		if i > 0 && rng.IntN(3) == 0 {
			v = p.Vehicles[i-1]
		}
		p.Vehicles = append(p.Vehicles, v)
	}
	for _, kind := range []RuleKind{Together, Apart, InOrder, NotAtOnce} {
		if requests > 1 && rng.IntN(4) == 0 {
			a := rng.IntN(requests - 1)
			p.Rules = append(p.Rules, Rule{kind, a, a + 1})
		}
	}
	if rng.IntN(5) == 0 {
		p.ClassRules = append(p.ClassRules, ClassRule{[]RuleKind{Apart, InOrder, NotAtOnce}[rng.IntN(3)], 0, 1})
	}
	addAreas(rng, p)
	addMinimums(rng, p)
	addLimits(rng, p)
	addStanding(rng, p)
	addHomes(rng, p)
	return p
}

// addStanding forbids some vehicles to drive for a while: some spans are shorter than a rest, most are longer.
func addStanding(rng *rand.Rand, p *Problem) {
	for i := range p.Vehicles {
		if rng.IntN(3) != 0 {
			continue
		}
		p.Vehicles[i].Standing = nil
		at := rng.Int64N(3 * 3_600_000)
		for range 1 + rng.IntN(3) {
			open := at + 1 + rng.Int64N(3*3_600_000)
			at = open + 300_000 + rng.Int64N(2*3_600_000)
			p.Vehicles[i].Standing = append(p.Vehicles[i].Standing, Window{open, at})
		}
	}
}

// addHomes gives some vehicles a home where their routes need not end, at two places.
func addHomes(rng *rand.Rand, p *Problem) {
	for i := range p.Vehicles {
		if v := &p.Vehicles[i]; rng.IntN(3) == 0 {
			v.End, v.Home = Nowhere, Home{rng.IntN(2), 50 + rng.Int64N(400)}
		}
	}
}

// addMinimums gives some vehicles a least price: above what most routes come to, or between.
func addMinimums(rng *rand.Rand, p *Problem) {
	for i := range p.Vehicles {
		if rng.IntN(3) == 0 {
			p.Vehicles[i].Minimum = 20_000 + rng.Int64N(80_000)
		}
	}
}

// addAreas sends some requests into areas that cost some vehicles money.
func addAreas(rng *rand.Rand, p *Problem) {
	for i := range p.Requests {
		p.Requests[i].Area = max(0, rng.IntN(4)-1)
	}
	for i := range p.Vehicles {
		if rng.IntN(3) == 0 {
			p.Vehicles[i].Entries = []Entry{{1 + rng.IntN(2), rng.Int64N(20_000)}}
		}
	}
}

// randomMatrix spreads points over a plane of 100 by 100 km, driven at 60 km/h; a rough one has factors of its own on
// every arc and a few arcs missing.
func randomMatrix(rng *rand.Rand, n int, rough bool) Matrix {
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = rng.Float64()*100_000, rng.Float64()*100_000
	}
	m := Matrix{Size: n, Distance: make([]int32, n*n), Duration: make([]int32, n*n)}
	for a := range n {
		for b := range n {
			d := math.Hypot(x[a]-x[b], y[a]-y[b])
			if rough {
				d *= 0.7 + rng.Float64()
			}
			m.Distance[a*n+b], m.Duration[a*n+b] = int32(d), int32(d*60)
			if rough && a != b && rng.IntN(25) == 0 {
				m.Distance[a*n+b] = Unreachable
			}
		}
	}
	return m
}

// exhaustive finds the least worth of any plan by trying every assignment of requests to vehicles and every order of
// stops. It uses the verifier as its only judge of what is allowed, and its own arithmetic for times.
type exhaustive struct {
	p      *Problem
	assign []int
	best   worth
}

func bruteForce(p *Problem, lexical bool) worth {
	e := &exhaustive{p: p, assign: make([]int, len(p.Requests)), best: worth{unserved: inf}}
	routes := map[[2]uint64]int64{} // vehicle and set of requests: least cost, or inf
	m := len(p.Vehicles)
	full := uint64(1) << len(p.Requests)
	for v := range m {
		for set := uint64(1); set < full; set++ {
			routes[[2]uint64{uint64(v), set}] = e.cheapest(v, set, lexical)
		}
	}
	var walk func(v int, left uint64, sum worth)
	walk = func(v int, left uint64, sum worth) {
		if v == m {
			e.finish(left, sum, lexical)
			return
		}
		walk(v+1, left, sum)
		for set := left; set > 0; set = (set - 1) & left {
			if c := routes[[2]uint64{uint64(v), set}]; c < inf {
				next := sum
				next.cost += c
				next.vehicles++
				walk(v+1, left&^set, next)
			}
		}
	}
	walk(0, full-1, worth{})
	return e.best
}

func (e *exhaustive) finish(left uint64, sum worth, lexical bool) {
	for _, r := range e.p.Rules {
		if r.Kind == Together && left>>r.A&1 != left>>r.B&1 {
			return
		}
	}
	for q := range e.p.Requests {
		if left>>q&1 == 0 {
			continue
		}
		x := &e.p.Requests[q]
		switch {
		case !x.Optional:
			sum.unserved += int64(math.Pow10(x.Priority))
		case lexical:
			sum.prizes += max(1, x.Prize)
		default:
			sum.cost += x.Prize * 1000
		}
		if x.Promise != nil && !lexical {
			sum.cost += x.Promise.Price * 1000
		}
	}
	if !lexical {
		sum.vehicles = 0
	}
	if sum.better(e.best) {
		e.best = sum
	}
}

// cheapest is the least cost of vehicle v serving exactly the requests in set, by trying all orders of their stops.
func (e *exhaustive) cheapest(v int, set uint64, lexical bool) int64 {
	for _, r := range e.p.Rules {
		if r.Kind == Together && set>>r.A&1 != set>>r.B&1 {
			return inf
		}
	}
	var calls []Call
	for q := range e.p.Requests {
		if set>>q&1 == 1 {
			if e.p.Requests[q].Pickup != nil {
				calls = append(calls, Call{q, Pickup})
			}
			if e.p.Requests[q].Delivery != nil {
				calls = append(calls, Call{q, Delivery})
			}
		}
	}
	best := inf
	order := make([]Call, 0, len(calls))
	used := make([]bool, len(calls))
	var try func(depth int)
	try = func(depth int) {
		if depth == len(calls) {
			if c := e.routeCost(v, order, lexical); c < best {
				best = c
			}
			return
		}
		for i, c := range calls {
			if used[i] || c.Kind == Delivery && i > 0 && calls[i-1].Request == c.Request && !used[i-1] {
				continue
			}
			used[i] = true
			order = append(order, c)
			if e.inTime(v, order) {
				try(depth + 1)
			}
			order = order[:len(order)-1]
			used[i] = false
		}
	}
	try(0)
	return best
}

// drive fills in the visits of a route that leaves at depart and serves as early as it can.
func (e *exhaustive) drive(v int, order []Call, depart int64) (Route, bool) {
	k := &e.p.Vehicles[v]
	m := &e.p.Profiles[k.Profile]
	r := Route{Vehicle: v, Depart: depart}
	load := make([]int64, e.p.Dimensions)
	for _, c := range order {
		if q := &e.p.Requests[c.Request]; q.Pickup == nil {
			for d := range load {
				load[d] += q.Load[d]
			}
		}
	}
	at, now, driven := k.Start, depart, int64(0)
	step := func(to int) bool {
		if at != Nowhere && to != Nowhere {
			leg := int64(m.Duration[at*m.Size+to])
			if m.Distance[at*m.Size+to] < 0 {
				return false
			}
			r.Driving += leg
			r.Distance += int64(m.Distance[at*m.Size+to])
			for leg > 0 {
				due, stands, part := k.Break.Every > 0 && driven == k.Break.Every, int64(0), leg
				for _, x := range k.Standing {
					if now >= x.Open && now < x.Close {
						stands = x.Close - now
					}
					if now < x.Open {
						part = min(part, x.Open-now)
					}
				}
				if k.Break.Every > 0 {
					part = min(part, k.Break.Every-driven)
				}
				if due && (stands == 0 || stands < k.Break.Length) {
					r.Rests = append(r.Rests, Halt{len(r.Visits), now, k.Break.Length})
					now, driven = now+k.Break.Length, 0
				} else if stands > 0 {
					r.Stands = append(r.Stands, Halt{len(r.Visits), now, stands})
					if now += stands; stands >= k.Break.Length {
						driven = 0
					}
				} else {
					now, leg, driven = now+part, leg-part, driven+part
				}
			}
		}
		at = to
		return true
	}
	for _, c := range order {
		s, sign := e.p.Requests[c.Request].Pickup, int64(1)
		if c.Kind == Delivery {
			s, sign = e.p.Requests[c.Request].Delivery, -1
		}
		if !step(s.Location) {
			return r, false
		}
		start := now
		if len(s.Windows) > 0 {
			found := false
			for _, w := range s.Windows {
				if !found && now <= w.Close {
					start, found = max(now, w.Open), true
				}
			}
			if !found {
				return r, false
			}
		}
		if k.Break.Every > 0 && start-now >= k.Break.Length {
			driven = 0
		}
		for d := range load {
			load[d] += sign * e.p.Requests[c.Request].Load[d]
		}
		r.Visits = append(r.Visits, Visit{Request: c.Request, Kind: c.Kind, Arrive: now, Start: start, Leave: start + s.Service,
			Load: append([]int64(nil), load...), Metres: r.Distance})
		r.Waiting += start - now
		r.Service += s.Service
		now = start + s.Service
	}
	ok := step(k.End)
	r.Return = now
	return r, ok && now <= k.Shift.Close
}

func (e *exhaustive) inTime(v int, order []Call) bool {
	k := e.p.Vehicles[v]
	k.End = Nowhere
	one := &exhaustive{p: &Problem{Dimensions: e.p.Dimensions, Profiles: e.p.Profiles, Requests: e.p.Requests, Vehicles: []Vehicle{k}}}
	_, ok := one.drive(0, order, k.Shift.Open)
	return ok
}

// routeCost is the kernel cost of a whole route, inf when the verifier objects. It leaves as early as it can, or where that lasts too
// long behind a span of standing.
func (e *exhaustive) routeCost(v int, order []Call, lexical bool) int64 {
	k := &e.p.Vehicles[v]
	r, ok := e.held(v, order, k.Shift.Open)
	if !ok {
		return inf
	}
	for _, x := range k.Standing {
		for n := len(order); n >= 0 && k.MaxDuration > 0 && r.Return-r.Depart > k.MaxDuration; n-- {
			if later, ok := e.held(v, order, e.lastTo(v, order[:n], x.Close)); ok && later.Depart > r.Depart {
				r = later
			}
		}
	}
	return e.judged(r, lexical)
}

// lastTo is the last departure from which all of order is done by end, found by halving.
func (e *exhaustive) lastTo(v int, order []Call, end int64) int64 {
	one := e.p.Vehicles[v]
	one.End = Nowhere
	x := &exhaustive{p: &Problem{Dimensions: e.p.Dimensions, Profiles: e.p.Profiles, Requests: e.p.Requests, Vehicles: []Vehicle{one}}}
	low, high := one.Shift.Open-1, min(one.lastLeave(one.Shift), end)
	for low < high {
		mid := low + (high-low+1)/2
		if r, ok := x.drive(0, order, mid); ok && r.Return <= end {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// held leaves as late as the return of a departure allows, found by halving.
func (e *exhaustive) held(v int, order []Call, depart int64) (Route, bool) {
	k := &e.p.Vehicles[v]
	r, ok := e.drive(v, order, depart)
	if !ok {
		return r, false
	}
	low, high := depart, k.lastLeave(k.Shift)
	for low < high {
		mid := low + (high-low+1)/2
		if late, ok := e.drive(v, order, mid); ok && late.Return <= r.Return {
			low = mid
		} else {
			high = mid - 1
		}
	}
	end := r.Return
	r, ok = e.drive(v, order, low)
	return r, ok && r.Return <= end
}

// judged is the kernel cost of a route, inf when the verifier objects.
func (e *exhaustive) judged(r Route, lexical bool) int64 {
	c := &checker{p: e.p, s: &Solution{Routes: []Route{r}}, pickedBy: map[int]int{}, droppedBy: map[int]int{}}
	r.Cost = c.money(&r)
	c.s.Routes[0] = r
	c.route(0)
	rides := c.rides()
	for _, rule := range e.p.Rules {
		a, hasA := rides[rule.A]
		b, hasB := rides[rule.B]
		if rule.Kind != Together && hasA && hasB {
			c.between(rule.Kind, rule.A, rule.B, a, b)
		}
	}
	for _, rule := range e.p.ClassRules {
		for q, a := range rides {
			for o, b := range rides {
				if q != o && e.p.Requests[q].Class == rule.A && e.p.Requests[o].Class == rule.B {
					c.between(rule.Kind, q, o, a, b)
				}
			}
		}
	}
	if len(c.found) > 0 {
		return inf
	}
	if lexical {
		return r.Distance
	}
	return r.Cost.Total * 1000
}
