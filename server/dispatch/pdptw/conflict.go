package pdptw

import "math/bits"

// mostConflicts bounds the requests for which pairs are compared: the work and the memory grow with the square.
const mostConflicts = 2000

// conflicts holds, for each request, the requests that can never ride in one route with it: one row of bits each. It is
// empty where the quick test says nothing, because a detour may be faster than the direct way.
type conflicts struct {
	words int
	bits  []uint64 // request*words
}

// has tells whether requests a and b can never share a route. False where nothing is known.
func (c *conflicts) has(a, b int32) bool {
	return c.bits != nil && c.bits[int(a)*c.words+int(b>>6)]>>(b&63)&1 == 1
}

// row is what is in conflict with r, one bit for each request.
func (c *conflicts) row(r int32) []uint64 { return c.bits[int(r)*c.words : (int(r)+1)*c.words] }

// any tells whether request r can't share a route with one of riders.
func (c *conflicts) any(r int, riders []uint64) bool {
	if c.bits == nil {
		return false
	}
	row := c.bits[r*c.words : r*c.words+len(riders)]
	for i, x := range riders {
		if x&row[i] != 0 {
			return true
		}
	}
	return false
}

// count is how many of riders can't share a route with request r.
func (c *conflicts) count(r int, riders []uint64) int {
	if c.bits == nil {
		return 0
	}
	n := 0
	row := c.bits[r*c.words : r*c.words+len(riders)]
	for i, x := range riders {
		n += bits.OnesCount64(x & row[i])
	}
	return n
}

// compileConflicts drives every two pairs in each of their six orders, without depots and without other stops. What is
// late then is late in every route.
func (m *model) compileConflicts() {
	if m.n > mostConflicts || len(m.tables) == 0 {
		return
	}
	for i := range m.tables {
		if !m.tables[i].metric {
			return
		}
	}
	c := conflicts{words: m.words, bits: make([]uint64, m.n*m.words)}
	widest := m.widest()
	for a := int32(0); a < int32(m.n); a++ {
		for b := a + 1; b < int32(m.n); b++ {
			if m.shape[a] == pair && m.shape[b] == pair && !m.canShare(a, b, widest) {
				c.bits[int(a)*c.words+int(b>>6)] |= 1 << (b & 63)
				c.bits[int(b)*c.words+int(a>>6)] |= 1 << (a & 63)
			}
		}
	}
	m.conflicts = c
}

// widest is the largest capacity of any vehicle in each dimension.
func (m *model) widest() []int64 {
	out := make([]int64, m.d)
	for v := range m.trucks {
		for d := range out {
			out[d] = max(out[d], m.cap[v*m.d+d])
		}
	}
	return out
}

// canShare tells whether some order of the four stops of a and b is in time.
func (m *model) canShare(a, b int32, widest []int64) bool {
	pa, da, pb, db := 2*a, 2*a+1, 2*b, 2*b+1
	if m.inTime(pa, da, pb, db) || m.inTime(pb, db, pa, da) {
		return true
	}
	for d, most := range widest {
		if m.load[int(a)*m.d+d]+m.load[int(b)*m.d+d] > most {
			return false
		}
	}
	return m.inTime(pa, pb, da, db) || m.inTime(pa, pb, db, da) || m.inTime(pb, pa, da, db) || m.inTime(pb, pa, db, da)
}

func (m *model) inTime(stops ...int32) bool {
	t := m.nodes[stops[0]].open
	for i := 1; i < len(stops); i++ {
		x := stops[i-1]
		if t = m.begin(stops[i], t+m.nodes[x].service+m.fastest(x, stops[i])); t == inf {
			return false
		}
	}
	return true
}

// fastest is the shortest drive from x to y in any profile.
func (m *model) fastest(x, y int32) int64 {
	least := int64(noRoad)
	for i := range m.tables {
		t := &m.tables[i]
		least = min(least, int64(t.to[int(m.nodes[x].loc)*t.size+int(m.nodes[y].loc)].dur))
	}
	return least
}
