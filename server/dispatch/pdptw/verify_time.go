package pdptw

import "slices"

// drive follows a route again, leaving each place when the plan says so.
type drive struct {
	c      *checker
	i      int // route
	r      *Route
	v      *Vehicle
	frozen int  // its first visits
	late   bool // the frozen visits alone break a limit of the vehicle, which is not held against the plan

	at                              int
	now, driven                     int64 // driven since the last rest
	dist, driving, waiting, service int64
	rested, stood                   []Halt
}

// times checks when the vehicle is where, and the limits of its day.
func (c *checker) times(i int) {
	r := &c.s.Routes[i]
	d := &drive{c: c, i: i, r: r, v: &c.p.Vehicles[r.Vehicle], frozen: c.frozenCount(r.Vehicle), now: r.Depart}
	d.at, d.late = d.v.Start, d.frozen > 0 && c.frozenBreaks(r.Vehicle, d.frozen)
	if s := d.v.Shift; d.limited() && (r.Depart < s.Open || r.Depart > s.Close) {
		c.fail("shift", i, -1, -1, r.Depart, s.Open, "Route %d leaves outside its shift.", i)
	}
	if d.v.LeaveBy != 0 && r.Depart > d.v.LeaveBy {
		c.fail("leave_by", i, -1, -1, r.Depart, d.v.LeaveBy, "Route %d leaves at %d, at most at %d.", i, r.Depart, d.v.LeaveBy)
	}
	for k := range r.Visits {
		if !d.leg(k, c.stop(r.Visits[k]).Location) {
			return
		}
		d.visit(k)
	}
	if !d.leg(len(r.Visits), d.v.End) {
		return
	}
	d.home()
	d.limits()
	d.sameHalts("rests", r.Rests, d.rested)
	d.sameHalts("stands", r.Stands, d.stood)
	c.same(i, "distance", r.Distance, d.dist)
	c.same(i, "driving", r.Driving, d.driving)
	c.same(i, "waiting", r.Waiting, d.waiting)
	c.same(i, "service", r.Service, d.service)
}

// limited tells whether the vehicle has a shift.
func (d *drive) limited() bool { return d.v.Shift != Window{} }

// leg drives to a location, with the halts that fall due; false where there is no road.
func (d *drive) leg(k, to int) bool {
	m := &d.c.p.Profiles[d.v.Profile]
	if d.at != Nowhere && to != Nowhere {
		time, metres := int64(m.Duration[d.at*m.Size+to]), int64(m.Distance[d.at*m.Size+to])
		if time < 0 || metres < 0 {
			d.c.fail("unreachable", d.i, k, -1, int64(d.at), int64(to), "Route %d drives from %d to %d where there is no road.", d.i, d.at, to)
			return false
		}
		d.dist += metres
		d.driving += time
		d.road(k, time)
	}
	d.at = to
	return true
}

// road lets the time of a leg to visit k pass: what may be driven in one go, and before it the standing or the rest that is due.
func (d *drive) road(k int, leg int64) {
	b := d.v.Break
	for leg > 0 {
		until := d.now + leg
		if b.Every > 0 {
			until = min(until, d.now+b.Every-d.driven)
		}
		halt := int64(0)
		for _, s := range d.v.Standing {
			if s.Open <= d.now && d.now < s.Close {
				halt = s.Close - d.now
			} else if s.Open > d.now {
				until = min(until, s.Open)
			}
		}
		tired := b.Every > 0 && d.driven == b.Every
		switch {
		case halt > 0 && (!tired || halt >= b.Length):
			d.stood = append(d.stood, Halt{k, d.now, halt})
			if d.now += halt; halt >= b.Length {
				d.driven = 0
			}
		case tired:
			d.rested = append(d.rested, Halt{k, d.now, b.Length})
			d.now += b.Length
			d.driven = 0
		default:
			leg -= until - d.now
			d.driven += until - d.now
			d.now = until
		}
	}
}

func (d *drive) sameHalts(what string, have, want []Halt) {
	if !slices.Equal(have, want) {
		d.c.fail(what, d.i, -1, -1, int64(len(have)), int64(len(want)), "Route %d %s at %v, it has to at %v.", d.i, what, have, want)
	}
}

func (d *drive) visit(k int) {
	c, i, x := d.c, d.i, &d.r.Visits[k]
	stop := c.stop(*x)
	if x.Arrive != d.now {
		c.fail("arrival", i, k, x.Request, x.Arrive, d.now, "Route %d reaches visit %d at %d, not at %d.", i, k, d.now, x.Arrive)
	}
	if x.Start < d.now {
		c.fail("start", i, k, x.Request, x.Start, d.now, "Route %d, visit %d begins at %d before it arrives at %d.", i, k, x.Start, d.now)
	}
	if !openAt(stop.Windows, x.Start) && (k >= d.frozen || x.Start < stop.Windows[len(stop.Windows)-1].Close) {
		c.fail("window", i, k, x.Request, x.Start, stop.Windows[len(stop.Windows)-1].Close, "Route %d, visit %d begins at %d, outside its windows.", i, k, x.Start)
	}
	if x.Leave != x.Start+stop.Service {
		c.fail("service", i, k, x.Request, x.Leave, x.Start+stop.Service, "Route %d, visit %d leaves at %d, its service ends at %d.", i, k, x.Leave, x.Start+stop.Service)
	}
	if x.Metres != d.dist {
		c.fail("distance", i, k, x.Request, x.Metres, d.dist, "Route %d, visit %d is %d metres from the start, not %d.", i, k, d.dist, x.Metres)
	}
	if d.v.Break.Every > 0 && x.Start-d.now >= d.v.Break.Length {
		d.driven = 0
	}
	d.waiting += x.Start - d.now
	d.service += stop.Service
	d.now = x.Leave
}

func (d *drive) home() {
	if d.now != d.r.Return {
		d.c.fail("return", d.i, -1, -1, d.r.Return, d.now, "Route %d returns at %d, not at %d.", d.i, d.now, d.r.Return)
	}
	if d.limited() && d.now > d.v.Shift.Close && !d.late {
		d.c.fail("shift", d.i, -1, -1, d.now, d.v.Shift.Close, "Route %d returns at %d, its shift ends at %d.", d.i, d.now, d.v.Shift.Close)
	}
}

func (d *drive) limits() {
	if d.late {
		return
	}
	c, i, r, v := d.c, d.i, d.r, d.v
	if v.MaxDuration > 0 && r.Return-r.Depart > v.MaxDuration {
		c.fail("max_duration", i, -1, -1, r.Return-r.Depart, v.MaxDuration, "Route %d lasts %d ms, at most %d.", i, r.Return-r.Depart, v.MaxDuration)
	}
	if v.MaxDistance > 0 && d.dist > v.MaxDistance {
		c.fail("max_distance", i, -1, -1, d.dist, v.MaxDistance, "Route %d is %d metres long, at most %d.", i, d.dist, v.MaxDistance)
	}
	if v.MaxStops > 0 && len(r.Visits) > v.MaxStops {
		c.fail("max_stops", i, -1, -1, int64(len(r.Visits)), int64(v.MaxStops), "Route %d has %d visits, at most %d.", i, len(r.Visits), v.MaxStops)
	}
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
