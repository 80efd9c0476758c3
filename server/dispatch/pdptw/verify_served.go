package pdptw

import "slices"

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
