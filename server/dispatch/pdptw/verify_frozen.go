package pdptw

import "slices"

// frozenCount is how many first visits of a vehicle were frozen.
func (c *checker) frozenCount(vehicle int) int {
	for _, x := range c.p.Initial {
		if x.Vehicle == vehicle {
			return x.Frozen
		}
	}
	return 0
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

// frozenBreaks tells whether the frozen visits alone already break a limit of the vehicle, driven without waiting to
// leave. Such a vehicle is under way and late, which is not held against the plan.
func (c *checker) frozenBreaks(vehicle, frozen int) bool {
	v := &c.p.Vehicles[vehicle]
	d := &drive{c: &checker{p: c.p, s: c.s}, v: v, at: v.Start, now: v.Shift.Open}
	for _, x := range c.p.Initial {
		if x.Vehicle == vehicle {
			for _, call := range x.Visits[:frozen] {
				d.stopBy(c.stop(Visit{Request: call.Request, Kind: call.Kind}))
			}
		}
	}
	d.leg(0, v.End)
	return d.limited() && d.now > v.Shift.Close || v.MaxDuration > 0 && d.now-v.Shift.Open > v.MaxDuration ||
		v.MaxDistance > 0 && d.dist > v.MaxDistance || v.MaxStops > 0 && frozen > v.MaxStops
}

// stopBy serves a stop as early as it opens next, or at once when it does no more.
func (d *drive) stopBy(s *Stop) {
	d.leg(0, s.Location)
	start := d.now
	for _, w := range s.Windows {
		if start <= w.Close {
			start = max(start, w.Open)
			break
		}
	}
	if d.v.Break.Every > 0 && start-d.now >= d.v.Break.Length {
		d.driven = 0
	}
	d.now = start + s.Service
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
