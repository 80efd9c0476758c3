package pdptw

import "slices"

// cargo is what is on board of the route that is checked.
type cargo struct {
	p      *Problem
	aboard map[int]bool
	load   []int64
	stack  []int // in the order of loading; what was on board at the start is not in it
}

func (b *cargo) put(q int, sign int64) {
	for d, x := range b.p.Requests[q].Load {
		b.load[d] += sign * x
	}
}

// loads follows what is on board: order, capacity, last in first out.
func (c *checker) loads(i int) {
	r := &c.s.Routes[i]
	b := &cargo{p: c.p, aboard: map[int]bool{}, load: make([]int64, c.p.Dimensions)}
	for _, x := range r.Visits {
		if c.p.Requests[x.Request].Pickup == nil {
			b.aboard[x.Request] = true
			b.put(x.Request, 1)
		}
	}
	c.fits(i, -1, b.load)
	for k, x := range r.Visits {
		if x.Kind == Pickup {
			c.pick(i, k, b)
		} else {
			c.drop(i, k, b)
		}
		c.fits(i, k, b.load)
		if !slices.Equal(b.load, x.Load) {
			c.fail("number", i, k, x.Request, 0, 0, "Route %d, visit %d states load %v, it is %v.", i, k, x.Load, b.load)
		}
	}
}

func (c *checker) pick(i, k int, b *cargo) {
	q := c.s.Routes[i].Visits[k].Request
	if _, twice := c.pickedBy[q]; twice {
		c.fail("served twice", i, k, q, 0, 0, "Request %d is loaded twice.", q)
	}
	c.pickedBy[q] = i
	b.aboard[q] = true
	b.stack = append(b.stack, q)
	b.put(q, 1)
}

func (c *checker) drop(i, k int, b *cargo) {
	r := &c.s.Routes[i]
	q := r.Visits[k].Request
	if _, twice := c.droppedBy[q]; twice {
		c.fail("served twice", i, k, q, 0, 0, "Request %d is unloaded twice.", q)
	}
	c.droppedBy[q] = i
	if !b.aboard[q] {
		c.fail("order", i, k, q, 0, 0, "Route %d unloads request %d before it is on board.", i, q)
	}
	delete(b.aboard, q)
	b.put(q, -1)
	at := slices.Index(b.stack, q)
	if c.p.Vehicles[r.Vehicle].LIFO && (at >= 0 && at != len(b.stack)-1 || at < 0 && len(b.stack) > 0) {
		c.fail("last in first out", i, k, q, 0, 0, "Route %d unloads request %d from under another.", i, q)
	}
	if at >= 0 {
		b.stack = slices.Delete(b.stack, at, at+1)
	}
}

func (c *checker) fits(i, k int, load []int64) {
	for d, x := range load {
		if room := c.p.Vehicles[c.s.Routes[i].Vehicle].Capacity[d]; x > room {
			c.fail("capacity", i, k, -1, x, room, "Route %d carries %d in dimension %d after visit %d, at most %d.", i, x, d, k, room)
		}
	}
}
