package pdptw

import (
	"fmt"
	"slices"
)

// Violation is one hard rule that a plan breaks, or one number in it that is wrong.
type Violation struct {
	Rule    string // such as "capacity", "window", "served twice"
	Route   int    // index into Solution.Routes, -1 for the whole plan
	Visit   int    // index into the route's visits, -1 for the whole route
	Request int    // -1 for none
	Have    int64
	Limit   int64
	Text    string
}

func (v Violation) String() string { return v.Text }

// Verify checks a plan against the problem from scratch: it reads Problem and Solution only and shares no code with the
// search. It gives every rule that is broken, none for a plan that holds.
func Verify(p *Problem, s *Solution) []Violation {
	c := &checker{p: p, s: s, pickedBy: map[int]int{}, droppedBy: map[int]int{}}
	if err := p.Check(); err != nil {
		c.fail("problem", -1, -1, -1, 0, 0, "The problem itself: %v.", err)
		return c.found
	}
	used := map[int]bool{}
	for i := range s.Routes {
		r := &s.Routes[i]
		if r.Vehicle < 0 || r.Vehicle >= len(p.Vehicles) || used[r.Vehicle] {
			c.fail("vehicle", i, -1, -1, int64(r.Vehicle), 0, "Route %d has no vehicle of its own.", i)
			return c.found
		}
		used[r.Vehicle] = true
		if c.names(i) {
			c.route(i)
		}
	}
	c.served()
	c.rules()
	c.frozen()
	c.totals()
	return c.found
}

type checker struct {
	p                   *Problem
	s                   *Solution
	found               []Violation
	pickedBy, droppedBy map[int]int // request to route
}

func (c *checker) fail(rule string, route, visit, request int, have, limit int64, text string, args ...any) {
	c.found = append(c.found, Violation{rule, route, visit, request, have, limit, fmt.Sprintf(text, args...)})
}

// names tells whether every visit of route i names a stop that exists.
func (c *checker) names(i int) bool {
	for k, x := range c.s.Routes[i].Visits {
		if x.Request < 0 || x.Request >= len(c.p.Requests) || x.Kind > Delivery || c.stop(x) == nil {
			c.fail("visit", i, k, x.Request, 0, 0, "Route %d, visit %d names no stop.", i, k)
			return false
		}
	}
	return true
}

func (c *checker) stop(x Visit) *Stop {
	if x.Kind == Pickup {
		return c.p.Requests[x.Request].Pickup
	}
	return c.p.Requests[x.Request].Delivery
}

// frozenCount is how many first visits of a vehicle were frozen.
func (c *checker) frozenCount(vehicle int) int {
	for _, x := range c.p.Initial {
		if x.Vehicle == vehicle {
			return x.Frozen
		}
	}
	return 0
}

func (c *checker) route(i int) {
	r := &c.s.Routes[i]
	if len(r.Visits) == 0 {
		c.fail("empty", i, -1, -1, 0, 0, "Route %d has no visit.", i)
		return
	}
	c.times(i)
	c.loads(i)
	c.suits(i)
}

// times drives the route again, leaving each place when the plan says so.
func (c *checker) times(i int) {
	r := &c.s.Routes[i]
	v := &c.p.Vehicles[r.Vehicle]
	m := &c.p.Profiles[v.Profile]
	frozen := c.frozenCount(r.Vehicle)
	late := frozen > 0 && c.frozenBreaks(r.Vehicle, frozen)
	shift := v.Shift
	unlimited := shift.Open == 0 && shift.Close == 0
	if !unlimited && (r.Depart < shift.Open || r.Depart > shift.Close) {
		c.fail("shift", i, -1, -1, r.Depart, shift.Open, "Route %d leaves outside its shift.", i)
	}
	at, now, driven := v.Start, r.Depart, int64(0)
	var dist, driving, waiting, service int64
	for k := 0; k <= len(r.Visits); k++ {
		to := v.End
		if k < len(r.Visits) {
			to = c.stop(r.Visits[k]).Location
		}
		var leg, metres int64
		if at != Nowhere && to != Nowhere {
			leg, metres = int64(m.Duration[at*m.Size+to]), int64(m.Distance[at*m.Size+to])
			if leg < 0 || metres < 0 {
				c.fail("unreachable", i, k, -1, int64(at), int64(to), "Route %d drives from %d to %d where there is no road.", i, at, to)
				return
			}
		}
		dist += metres
		driving += leg
		rest := int64(0)
		if v.Break.Every > 0 {
			for left := leg; left > 0; {
				if driven == v.Break.Every {
					rest += v.Break.Length
					driven = 0
				}
				step := min(left, v.Break.Every-driven)
				driven += step
				left -= step
			}
		}
		arrive := now + leg + rest
		if k == len(r.Visits) {
			if arrive != r.Return {
				c.fail("return", i, -1, -1, r.Return, arrive, "Route %d returns at %d, not at %d.", i, arrive, r.Return)
			}
			if !unlimited && arrive > shift.Close && !late {
				c.fail("shift", i, -1, -1, arrive, shift.Close, "Route %d returns at %d, its shift ends at %d.", i, arrive, shift.Close)
			}
			break
		}
		x := &r.Visits[k]
		if x.Arrive != arrive {
			c.fail("arrival", i, k, x.Request, x.Arrive, arrive, "Route %d reaches visit %d at %d, not at %d.", i, k, arrive, x.Arrive)
		}
		if x.Start < arrive {
			c.fail("start", i, k, x.Request, x.Start, arrive, "Route %d, visit %d begins at %d before it arrives at %d.", i, k, x.Start, arrive)
		}
		stop := c.stop(*x)
		if !openAt(stop.Windows, x.Start) && (k >= frozen || x.Start < stop.Windows[0].Open) {
			c.fail("window", i, k, x.Request, x.Start, stop.Windows[len(stop.Windows)-1].Close, "Route %d, visit %d begins at %d, outside its windows.", i, k, x.Start)
		}
		if x.Leave != x.Start+stop.Service {
			c.fail("service", i, k, x.Request, x.Leave, x.Start+stop.Service, "Route %d, visit %d leaves at %d, its service ends at %d.", i, k, x.Leave, x.Start+stop.Service)
		}
		if x.Metres != dist {
			c.fail("distance", i, k, x.Request, x.Metres, dist, "Route %d, visit %d is %d metres from the start, not %d.", i, k, dist, x.Metres)
		}
		if v.Break.Every > 0 && x.Start-arrive >= v.Break.Length {
			driven = 0
		}
		waiting += x.Start - arrive
		service += stop.Service
		at, now = to, x.Leave
	}
	if v.MaxDuration > 0 && r.Return-r.Depart > v.MaxDuration && !late {
		c.fail("max_duration", i, -1, -1, r.Return-r.Depart, v.MaxDuration, "Route %d lasts %d ms, at most %d.", i, r.Return-r.Depart, v.MaxDuration)
	}
	if v.MaxDistance > 0 && dist > v.MaxDistance && !late {
		c.fail("max_distance", i, -1, -1, dist, v.MaxDistance, "Route %d is %d metres long, at most %d.", i, dist, v.MaxDistance)
	}
	if v.MaxStops > 0 && len(r.Visits) > v.MaxStops && !late {
		c.fail("max_stops", i, -1, -1, int64(len(r.Visits)), int64(v.MaxStops), "Route %d has %d visits, at most %d.", i, len(r.Visits), v.MaxStops)
	}
	c.same(i, "distance", r.Distance, dist)
	c.same(i, "driving", r.Driving, driving)
	c.same(i, "waiting", r.Waiting, waiting)
	c.same(i, "service", r.Service, service)
}

func (c *checker) same(i int, what string, have, want int64) {
	if have != want {
		c.fail("number", i, -1, -1, have, want, "Route %d states %s %d, it is %d.", i, what, have, want)
	}
}

func openAt(ws []Window, t int64) bool {
	if len(ws) == 0 {
		return true
	}
	return slices.ContainsFunc(ws, func(w Window) bool { return w.Open <= t && t <= w.Close })
}

// frozenBreaks tells whether the frozen visits alone already break a limit of the vehicle, driven without waiting to
// leave. Such a vehicle is under way and late, which is not held against the plan.
func (c *checker) frozenBreaks(vehicle, frozen int) bool {
	alone := &checker{p: &Problem{Dimensions: c.p.Dimensions, Profiles: c.p.Profiles, Requests: c.p.Requests, Vehicles: c.p.Vehicles}, s: &Solution{}}
	v := &c.p.Vehicles[vehicle]
	m := &c.p.Profiles[v.Profile]
	r := Route{Vehicle: vehicle, Depart: v.Shift.Open}
	at, now, driven, dist := v.Start, r.Depart, int64(0), int64(0)
	go1 := func(to int) {
		if at == Nowhere || to == Nowhere {
			at = to
			return
		}
		leg := int64(m.Duration[at*m.Size+to])
		dist += int64(m.Distance[at*m.Size+to])
		for leg > 0 {
			step := leg
			if v.Break.Every > 0 {
				if driven == v.Break.Every {
					now, driven = now+v.Break.Length, 0
				}
				step = min(leg, v.Break.Every-driven)
			}
			now, leg, driven = now+step, leg-step, driven+step
		}
		at = to
	}
	for _, x := range c.p.Initial {
		if x.Vehicle != vehicle {
			continue
		}
		for _, call := range x.Visits[:frozen] {
			stop := alone.stop(Visit{Request: call.Request, Kind: call.Kind})
			go1(stop.Location)
			start := now
			if len(stop.Windows) > 0 {
				start = max(now, stop.Windows[0].Open)
			}
			if v.Break.Every > 0 && start-now >= v.Break.Length {
				driven = 0
			}
			now = start + stop.Service
		}
	}
	go1(v.End)
	limited := v.Shift != Window{}
	return limited && now > v.Shift.Close || v.MaxDuration > 0 && now-r.Depart > v.MaxDuration ||
		v.MaxDistance > 0 && dist > v.MaxDistance || v.MaxStops > 0 && frozen > v.MaxStops
}

// loads follows what is on board: order, capacity, last in first out, money that depends on the load.
func (c *checker) loads(i int) {
	r := &c.s.Routes[i]
	v := &c.p.Vehicles[r.Vehicle]
	aboard := map[int]bool{}
	load := make([]int64, c.p.Dimensions)
	var stack []int
	put := func(q int, sign int64) {
		for d, x := range c.p.Requests[q].Load {
			load[d] += sign * x
		}
	}
	for _, x := range r.Visits {
		if c.p.Requests[x.Request].Pickup == nil {
			aboard[x.Request] = true
			put(x.Request, 1)
		}
	}
	c.fits(i, -1, load)
	for k, x := range r.Visits {
		if x.Kind == Pickup {
			if _, twice := c.pickedBy[x.Request]; twice {
				c.fail("served twice", i, k, x.Request, 0, 0, "Request %d is loaded twice.", x.Request)
			}
			c.pickedBy[x.Request] = i
			aboard[x.Request] = true
			stack = append(stack, x.Request)
			put(x.Request, 1)
		} else {
			if _, twice := c.droppedBy[x.Request]; twice {
				c.fail("served twice", i, k, x.Request, 0, 0, "Request %d is unloaded twice.", x.Request)
			}
			c.droppedBy[x.Request] = i
			if !aboard[x.Request] {
				c.fail("order", i, k, x.Request, 0, 0, "Route %d unloads request %d before it is on board.", i, x.Request)
			}
			delete(aboard, x.Request)
			put(x.Request, -1)
			at := slices.Index(stack, x.Request)
			if v.LIFO && (at >= 0 && at != len(stack)-1 || at < 0 && len(stack) > 0) {
				c.fail("last in first out", i, k, x.Request, 0, 0, "Route %d unloads request %d from under another.", i, x.Request)
			}
			if at >= 0 {
				stack = slices.Delete(stack, at, at+1)
			}
		}
		c.fits(i, k, load)
		if !slices.Equal(load, x.Load) {
			c.fail("number", i, k, x.Request, 0, 0, "Route %d, visit %d states load %v, it is %v.", i, k, x.Load, load)
		}
	}
}

func (c *checker) fits(i, k int, load []int64) {
	for d, x := range load {
		if room := c.p.Vehicles[c.s.Routes[i].Vehicle].Capacity[d]; x > room {
			c.fail("capacity", i, k, -1, x, room, "Route %d carries %d in dimension %d after visit %d, at most %d.", i, x, d, k, room)
		}
	}
}

// suits checks which vehicle may carry what.
func (c *checker) suits(i int) {
	r := &c.s.Routes[i]
	v := &c.p.Vehicles[r.Vehicle]
	frozen := c.frozenCount(r.Vehicle)
	excused := map[int]bool{}
	for k, x := range r.Visits {
		q := &c.p.Requests[x.Request]
		if k < frozen {
			excused[x.Request] = true
		}
		if excused[x.Request] {
			continue
		}
		if q.Only != nil && !slices.Contains(q.Only, r.Vehicle) {
			c.fail("only", i, k, x.Request, 0, 0, "Request %d may not ride on vehicle %d.", x.Request, r.Vehicle)
		}
		if slices.ContainsFunc(q.Barred, func(b Bar) bool { return b.Vehicle == r.Vehicle }) {
			c.fail("barred", i, k, x.Request, 0, 0, "Request %d is barred from vehicle %d.", x.Request, r.Vehicle)
		}
		for _, s := range q.Skills {
			if !slices.Contains(v.Skills, s) {
				c.fail("skill", i, k, x.Request, 0, 0, "Vehicle %d lacks %q for request %d.", r.Vehicle, s, x.Request)
			}
		}
	}
}

// served checks that each request is served wholly by one vehicle or listed as unserved.
func (c *checker) served() {
	listed := map[int]bool{}
	for _, u := range c.s.Unserved {
		if u.Request < 0 || u.Request >= len(c.p.Requests) || listed[u.Request] {
			c.fail("unserved", -1, -1, u.Request, 0, 0, "The list of unserved requests names %d wrongly.", u.Request)
			return
		}
		listed[u.Request] = true
	}
	for q := range c.p.Requests {
		on, picked := c.pickedBy[q]
		off, dropped := c.droppedBy[q]
		whole := (picked || c.p.Requests[q].Pickup == nil) && (dropped || c.p.Requests[q].Delivery == nil)
		switch {
		case picked && dropped && on != off:
			c.fail("split", on, -1, q, int64(on), int64(off), "Request %d is loaded in route %d and unloaded in route %d.", q, on, off)
		case whole && listed[q]:
			c.fail("unserved", -1, -1, q, 0, 0, "Request %d is served and listed as unserved.", q)
		case !whole && !listed[q]:
			c.fail("unserved", -1, -1, q, 0, 0, "Request %d is neither served nor listed as unserved.", q)
		case !whole && (picked || dropped) && !c.frozenPickup(q):
			c.fail("half", -1, -1, q, 0, 0, "Request %d is served by half.", q)
		}
	}
}

// begun tells whether some stop of request q is frozen: it rides, whatever happens to those that should ride with it.
func (c *checker) begun(q int) bool {
	return slices.ContainsFunc(c.p.Initial, func(x Initial) bool {
		return slices.ContainsFunc(x.Visits[:x.Frozen], func(v Call) bool { return v.Request == q })
	})
}

func (c *checker) frozenPickup(q int) bool {
	for _, x := range c.p.Initial {
		if slices.Contains(x.Visits[:x.Frozen], Call{q, Pickup}) {
			return true
		}
	}
	return false
}

// ride is where in which route a request comes on board and leaves.
type ride struct{ route, from, to int }

func (c *checker) rides() map[int]ride {
	out := map[int]ride{}
	for i := range c.s.Routes {
		for k, x := range c.s.Routes[i].Visits {
			if x.Request < 0 || x.Request >= len(c.p.Requests) {
				continue
			}
			r, ok := out[x.Request]
			if !ok {
				r = ride{i, -1, len(c.s.Routes[i].Visits)}
			}
			if x.Kind == Pickup {
				r.from = k
			} else {
				r.to = k
			}
			out[x.Request] = r
		}
	}
	return out
}

func (c *checker) rules() {
	rides := c.rides()
	for _, rule := range c.p.Rules {
		a, hasA := rides[rule.A]
		b, hasB := rides[rule.B]
		if rule.Kind == Together {
			if hasA != hasB && !c.begun(rule.A) && !c.begun(rule.B) || hasA && hasB && a.route != b.route {
				c.fail("together", -1, -1, rule.A, int64(rule.A), int64(rule.B), "Requests %d and %d have to ride together.", rule.A, rule.B)
			}
		} else if hasA && hasB {
			c.between(rule.Kind, rule.A, rule.B, a, b)
		}
	}
	for _, rule := range c.p.ClassRules {
		for q, a := range rides {
			for o, b := range rides {
				if q != o && c.p.Requests[q].Class == rule.A && c.p.Requests[o].Class == rule.B {
					c.between(rule.Kind, q, o, a, b)
				}
			}
		}
	}
}

func (c *checker) between(kind RuleKind, q, o int, a, b ride) {
	if a.route != b.route {
		return
	}
	broken := false
	switch kind {
	case Apart:
		broken = true
	case InOrder:
		broken = a.to >= b.from
	case NotAtOnce:
		broken = a.from <= b.to && b.from <= a.to
	}
	if broken {
		c.fail(string(kind), a.route, -1, q, int64(q), int64(o), "Requests %d and %d break the rule %s.", q, o, kind)
	}
}

func (c *checker) frozen() {
	for _, x := range c.p.Initial {
		if x.Frozen == 0 {
			continue
		}
		at := slices.IndexFunc(c.s.Routes, func(r Route) bool { return r.Vehicle == x.Vehicle })
		for k, call := range x.Visits[:x.Frozen] {
			if at < 0 || k >= len(c.s.Routes[at].Visits) || c.s.Routes[at].Visits[k].Request != call.Request || c.s.Routes[at].Visits[k].Kind != call.Kind {
				c.fail("frozen", at, k, call.Request, 0, 0, "Visit %d of vehicle %d was frozen and is not in its place.", k, x.Vehicle)
			}
		}
	}
}

// totals adds the money up again.
func (c *checker) totals() {
	var sum Cost
	for i := range c.s.Routes {
		r := &c.s.Routes[i]
		if r.Cost != c.money(r) {
			c.fail("cost", i, -1, -1, r.Cost.Total, c.money(r).Total, "Route %d states the cost %+v, it is %+v.", i, r.Cost, c.money(r))
		}
		sum.Fixed += r.Cost.Fixed
		sum.Distance += r.Cost.Distance
		sum.Time += r.Cost.Time
		sum.Surcharge += r.Cost.Surcharge
		sum.Prices += r.Cost.Prices
		sum.Promises += r.Cost.Promises
	}
	for _, u := range c.s.Unserved {
		if u.Request < 0 || u.Request >= len(c.p.Requests) {
			continue
		}
		sum.Unserved += c.p.Requests[u.Request].Prize
		if w := c.p.Requests[u.Request].Promise; w != nil {
			sum.Promises += w.Price
		}
	}
	sum.Total = sum.Fixed + sum.Distance + sum.Time + sum.Surcharge + sum.Prices + sum.Promises + sum.Unserved
	if sum != c.s.Cost {
		c.fail("cost", -1, -1, -1, c.s.Cost.Total, sum.Total, "The plan states the cost %+v, it is %+v.", c.s.Cost, sum)
	}
}

func (c *checker) money(r *Route) Cost {
	v := &c.p.Vehicles[r.Vehicle]
	m := &c.p.Profiles[v.Profile]
	hours, rest := (r.Return-r.Depart)/3_600_000, (r.Return-r.Depart)%3_600_000
	out := Cost{Fixed: v.FixedCost, Distance: r.Distance * v.PerKm / 1000}
	out.Time = hours*v.PerHour + rest*(v.PerHour/3_600_000) + rest*(v.PerHour%3_600_000)/3_600_000
	counted, aboard := map[int]bool{}, map[int]bool{}
	load := make([]int64, c.p.Dimensions)
	for _, x := range r.Visits {
		q := &c.p.Requests[x.Request]
		if !counted[x.Request] {
			counted[x.Request] = true
			for _, y := range q.Prices {
				if y.Vehicle == r.Vehicle {
					out.Prices += y.Price
				}
			}
			if q.Promise != nil && q.Promise.Vehicle != r.Vehicle {
				out.Promises += q.Promise.Price
			}
		}
		if q.Pickup == nil {
			aboard[x.Request] = true
			for d := range load {
				load[d] += q.Load[d]
			}
		}
	}
	at, toll := v.Start, int64(0)
	for k := 0; k <= len(r.Visits); k++ {
		to := v.End
		if k < len(r.Visits) {
			to = c.stop(r.Visits[k]).Location
		}
		if at != Nowhere && to != Nowhere && !c.waived(v, aboard, load) {
			toll += int64(m.Distance[at*m.Size+to]) * v.Surcharge.PerKm
		}
		at = to
		if k == len(r.Visits) {
			break
		}
		x := &r.Visits[k]
		sign := int64(1)
		if aboard[x.Request] = x.Kind == Pickup; x.Kind == Delivery {
			sign = -1
		}
		for d := range load {
			load[d] += sign * c.p.Requests[x.Request].Load[d]
		}
	}
	out.Surcharge = toll / 1000
	out.Total = out.Fixed + out.Distance + out.Time + out.Surcharge + out.Prices + out.Promises
	return out
}

func (c *checker) waived(v *Vehicle, aboard map[int]bool, load []int64) bool {
	for q, yes := range aboard {
		if yes && v.Surcharge.Waived>>c.p.Requests[q].Class&1 == 0 {
			return false
		}
	}
	for d, x := range load {
		if x > 0 && float64(x)*1000 >= float64(v.Capacity[d])*float64(v.Surcharge.Share) {
			return true
		}
	}
	return false
}
