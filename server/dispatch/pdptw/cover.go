package pdptw

import "slices"

// What was tried: docs/solver.md.
const (
	coverEvery  = 3000 // iterations between two set covers
	mostCovered = 2000 // requests
	ascents     = 60   // steps of the subgradient method
	mostTries   = 20000
	triesAtOnce = 500 // between two looks at the clock
)

// cover looks for the best plan that can be put together from the routes of the pool: a set partitioning problem whose
// columns are routes and whose rows are requests. Prices of the requests, found by subgradient steps and made good by one
// pass over all rows, bound every plan from below; what costs more above its prices than the best plan does is left
// aside; a depth-first search over the rest, the row with the fewest columns first, ends after a fixed number of tries. Where
// the time of the whole search is over before, the best plan stays.
// No plan may have more routes than the best one; a toll on each route is the price of that (lexicographic objective,
// where the cost of a vehicle is left out: it would hide all others). All numbers are integers.
type cover struct {
	m      *model
	cols   []column
	rows   []int32  // requests, the one with the fewest columns first
	reqs   []int32  // of the columns, one after another
	bits   []uint64 // column*words
	nodes  []int32  // stops of the columns
	by     [][]int32
	price  []int64 // by request
	better []int64 // the best prices so far
	hits   []int32 // by request: columns that their prices make a gain, less one
	taken  []uint64
	free   []int32 // by class: vehicles left
	chosen []int32
	found  []int32
	most   int   // routes of the best plan
	toll   int64 // of each route
	gap    int64 // what the best plan costs above the prices
	tries  int
	over   func() bool // ends the work at once
	out    plan
}

// column is a route that may be chosen. spare is what it costs above the prices of its requests.
type column struct {
	cost, spare int64
	class       int32
	reqs, last  int32 // in cover.reqs
	nodes, end  int32 // in cover.nodes
}

func newCover(m *model) *cover {
	return &cover{m: m, over: func() bool { return false }, by: make([][]int32, m.n), price: make([]int64, m.n), better: make([]int64, m.n), hits: make([]int32, m.n),
		taken: make([]uint64, m.words), free: make([]int32, len(m.classes))}
}

// join replaces the worker's plan by a better one of the pool's routes, if there is one.
func (w *worker) join() {
	if w.s.m.n > mostCovered || w.steps-w.joined < coverEvery {
		return
	}
	w.joined = w.steps
	if w.set == nil {
		w.set = newCover(w.s.m)
	}
	c := w.set
	c.over = w.b.over
	c.load(w.pool, &w.best)
	if !c.ascend(w.best.energy) || !c.search() {
		return
	}
	c.write(&w.best)
	w.s.restore(&c.out)
	if w.s.worth().better(w.best.worth) {
		w.remember()
	} else {
		w.s.restore(&w.best)
	}
}

// load takes the columns from the pool and the best plan.
func (c *cover) load(p *pool, best *plan) {
	c.most, c.toll = len(best.costs), 0
	c.cols, c.reqs, c.bits, c.nodes, c.rows = c.cols[:0], c.reqs[:0], c.bits[:0], c.nodes[:0], c.rows[:0]
	for r := range c.by {
		c.by[r] = c.by[r][:0]
		c.price[r] = min(c.m.penalty[r], inf/int64(c.m.n+1))
		if !c.m.hopeless[r] {
			c.rows = append(c.rows, int32(r))
		}
	}
	at := 0
	for i := 0; i < len(best.flat); i += 2 + int(best.flat[i+1]) {
		stops := best.flat[i+3 : i+1+int(best.flat[i+1])]
		c.add(c.m.trucks[best.flat[i]].class, stops, best.costs[at])
		col := &c.cols[at]
		for _, r := range c.reqs[col.reqs:col.last] {
			c.price[r] = col.cost / int64(col.last-col.reqs)
		}
		at++
	}
	for i := range p.count {
		r := &p.routes[(p.oldest+i)%len(p.routes)]
		c.add(r.class, p.nodes[r.from:r.end], r.cost)
	}
}

func (c *cover) add(class int32, stops []int32, cost int64) {
	col := column{cost: cost - c.m.vehicleW, class: class, reqs: int32(len(c.reqs)), nodes: int32(len(c.nodes))}
	from := len(c.bits)
	for range c.m.words {
		c.bits = append(c.bits, 0)
	}
	set := c.bits[from:]
	for _, x := range stops {
		r := c.m.nodes[x].req
		if c.m.shape[r] == pinned && c.m.nodes[x].kind == Pickup {
			continue // its delivery is what is planned
		}
		if set[r>>6]>>(r&63)&1 == 0 {
			set[r>>6] |= 1 << (r & 63)
			c.reqs = append(c.reqs, r)
		}
	}
	c.nodes = append(c.nodes, stops...)
	col.last, col.end = int32(len(c.reqs)), int32(len(c.nodes))
	c.cols = append(c.cols, col)
}

// ascend looks for prices whose sum is as near as can be to what the best plan costs; false where the time ended it.
func (c *cover) ascend(energy int64) bool {
	energy -= c.m.vehicleW * int64(c.most)
	top, step, stale, toll := -inf, int64(64), 0, int64(0)
	for range ascents {
		if c.over() {
			return false
		}
		bound, over, norm := c.evaluate()
		if bound > top {
			top, stale, toll = bound, 0, c.toll
			copy(c.better, c.price)
		} else if stale++; stale%6 == 0 {
			step = max(1, step/2)
		}
		if norm == 0 || energy <= top {
			break
		}
		move := (energy - bound) / norm * step / 64
		for _, r := range c.rows {
			c.price[r] = min(c.price[r]-int64(c.hits[r])*move, c.m.penalty[r])
		}
		if c.m.lexical {
			c.toll = max(0, c.toll+over*move)
		}
	}
	c.toll = toll
	copy(c.price, c.better)
	c.repair()
	c.gap = energy + c.toll*int64(c.most)
	for _, r := range c.rows {
		c.gap -= c.price[r]
	}
	return true
}

// evaluate gives the bound of the prices there are. The columns that they make a gain miss covering each row once, and
// are more than there may be by over; norm is the sum of the squares of all that.
func (c *cover) evaluate() (bound, over, norm int64) {
	bound, over = -c.toll*int64(c.most), -int64(c.most)
	for _, r := range c.rows {
		c.hits[r] = -1
		bound += c.price[r]
	}
	for i := range c.cols {
		if spare := c.spareOf(&c.cols[i]); spare < 0 {
			bound += spare
			over++
			for _, r := range c.reqs[c.cols[i].reqs:c.cols[i].last] {
				c.hits[r]++
			}
		}
	}
	for _, r := range c.rows {
		norm += int64(c.hits[r]) * int64(c.hits[r])
	}
	return bound, over, norm + over*over
}

func (c *cover) spareOf(col *column) int64 {
	spare := col.cost + c.toll
	for _, r := range c.reqs[col.reqs:col.last] {
		spare -= c.price[r]
	}
	return spare
}

// repair lowers prices until no column costs less than its requests are worth, and then raises them as far as that holds.
func (c *cover) repair() {
	for i := range c.cols {
		c.cols[i].spare = c.spareOf(&c.cols[i])
		for _, r := range c.reqs[c.cols[i].reqs:c.cols[i].last] {
			c.by[r] = append(c.by[r], int32(i))
		}
	}
	for range 2 {
		for _, r := range c.rows {
			room := c.m.penalty[r] - c.price[r]
			for _, i := range c.by[r] {
				room = min(room, c.cols[i].spare)
			}
			c.price[r] += room
			for _, i := range c.by[r] {
				c.cols[i].spare -= room
			}
		}
	}
}

// search fills the rows with columns; true when that costs less than the best plan.
func (c *cover) search() bool {
	clear(c.taken)
	for i, class := range c.m.classes {
		c.free[i] = int32(len(class))
	}
	for _, r := range c.rows {
		c.by[r] = slices.DeleteFunc(c.by[r], func(i int32) bool { return c.cols[i].spare >= c.gap })
		slices.SortFunc(c.by[r], func(a, b int32) int {
			if x, y := c.cols[a].spare, c.cols[b].spare; x != y {
				return int(min(max(x-y, -1), 1))
			}
			return int(a - b)
		})
	}
	slices.SortStableFunc(c.rows, func(a, b int32) int { return len(c.by[a]) - len(c.by[b]) })
	c.chosen, c.found, c.tries = c.chosen[:0], c.found[:0], mostTries
	before := c.gap
	c.fill(0, 0)
	return c.gap < before
}

// fill covers the rows from at on, for less than gap in all.
func (c *cover) fill(at int, spent int64) {
	for at < len(c.rows) && c.taken[c.rows[at]>>6]>>(c.rows[at]&63)&1 == 1 {
		at++
	}
	if at == len(c.rows) {
		c.gap = spent
		c.found = append(c.found[:0], c.chosen...)
		return
	}
	r := c.rows[at]
	for _, i := range c.by[r] {
		col := &c.cols[i]
		if c.tries--; c.tries >= 0 && c.tries%triesAtOnce == 0 && c.over() {
			c.tries = -1
		}
		if c.tries < 0 || spent+col.spare >= c.gap {
			break
		}
		set := c.bits[int(i)*c.m.words : (int(i)+1)*c.m.words]
		if c.free[col.class] == 0 || c.m.lexical && len(c.chosen) == c.most || meet(set, c.taken) {
			continue
		}
		c.turn(set, col.class, -1)
		c.chosen = append(c.chosen, i)
		c.fill(at+1, spent+col.spare)
		c.chosen = c.chosen[:len(c.chosen)-1]
		c.turn(set, col.class, 1)
	}
	if more := c.m.penalty[r] - c.price[r]; c.m.shape[r] < pinned && c.tries >= 0 && spent+more < c.gap {
		c.taken[r>>6] ^= 1 << (r & 63)
		c.fill(at+1, spent+more)
		c.taken[r>>6] ^= 1 << (r & 63)
	}
}

// turn takes the rows of set, or gives them back, with a vehicle of the class.
func (c *cover) turn(set []uint64, class, vehicles int32) {
	for k, x := range set {
		c.taken[k] ^= x
	}
	c.free[class] += vehicles
}

func meet(a, b []uint64) bool {
	for k, x := range a {
		if x&b[k] != 0 {
			return true
		}
	}
	return false
}

// write makes a plan of the columns that were found. Routes of the best plan stay on their vehicles.
func (c *cover) write(best *plan) {
	c.out.flat = c.out.flat[:0]
	busy := map[int32]bool{}
	at := int32(0)
	for i := 0; i < len(best.flat); i += 2 + int(best.flat[i+1]) {
		if slices.Contains(c.found, at) {
			c.lay(best.flat[i], &c.cols[at])
			busy[best.flat[i]] = true
		}
		at++
	}
	for _, i := range c.found {
		if i < at {
			continue
		}
		for _, v := range c.m.classes[c.cols[i].class] {
			if !busy[v] {
				busy[v] = true
				c.lay(v, &c.cols[i])
				break
			}
		}
	}
}

func (c *cover) lay(v int32, col *column) {
	stops := c.nodes[col.nodes:col.end]
	c.out.flat = append(c.out.flat, v, int32(len(stops)+2), c.m.trucks[v].start)
	c.out.flat = append(c.out.flat, stops...)
	c.out.flat = append(c.out.flat, c.m.trucks[v].end)
}
