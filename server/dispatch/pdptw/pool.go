package pdptw

// What was tried: docs/solver.md.
const (
	mostPooled = 1 << 12 // routes
	pooledRoom = 1 << 17 // stops of all of them
)

// pool keeps the routes of good plans for the set cover, the newest only, and for each class of vehicles and set of
// requests the cheapest. Both rings have their room from the start, so that nothing is allocated when a route is added.
type pool struct {
	routes []pooled
	nodes  []int32 // the stops of routes, one after another
	oldest int     // in routes
	count  int
	head   int32    // where in nodes the next route goes
	byKey  []int32  // by the last bits of a key: where in routes it may be
	seen   []uint32 // by vehicle: the version of its route that was added last
}

// pooled is one route of the pool. Its cost is the same on every vehicle of its class.
type pooled struct {
	key       uint64
	cost      int64
	class     int32
	from, end int32 // in nodes
}

func newPool(m *model) *pool {
	p := &pool{routes: make([]pooled, mostPooled), nodes: make([]int32, pooledRoom), byKey: make([]int32, 2*mostPooled), seen: make([]uint32, m.v)}
	for i := range p.byKey {
		p.byKey[i] = -1
	}
	return p
}

// addAll adds the routes of s that have changed since they were added last.
func (p *pool) addAll(s *state) {
	for _, v := range s.used {
		if p.seen[v] != s.version[v] {
			p.seen[v] = s.version[v]
			p.add(s.m.trucks[v].class, s.seq[v][1:len(s.seq[v])-1], s.cost[v])
		}
	}
}

func (p *pool) add(class int32, stops []int32, cost int64) {
	key := spread(uint64(class) << 32)
	for _, x := range stops {
		key += spread(uint64(x))
	}
	at := &p.byKey[key%uint64(len(p.byKey))]
	if *at >= 0 && p.routes[*at].key == key {
		if r := &p.routes[*at]; cost < r.cost && int(r.end-r.from) == len(stops) {
			r.cost = cost
			copy(p.nodes[r.from:r.end], stops)
		}
		return
	}
	if !p.makeRoom(int32(len(stops))) {
		return
	}
	i := (p.oldest + p.count) % len(p.routes)
	p.routes[i] = pooled{key, cost, class, p.head, p.head + int32(len(stops))}
	p.head += int32(copy(p.nodes[p.head:], stops))
	p.count++
	*at = int32(i)
}

// makeRoom drops the oldest routes until there is room for n stops at head; false when there never is.
func (p *pool) makeRoom(n int32) bool {
	if int(n) > len(p.nodes) {
		return false
	}
	if int(p.head+n) > len(p.nodes) {
		for p.count > 0 && p.routes[p.oldest].from >= p.head {
			p.drop()
		}
		p.head = 0
	}
	for p.count > 0 && (p.count == len(p.routes) || p.routes[p.oldest].from < p.head+n && p.routes[p.oldest].end > p.head) {
		p.drop()
	}
	return true
}

func (p *pool) drop() {
	p.routes[p.oldest].key = 0
	p.oldest = (p.oldest + 1) % len(p.routes)
	p.count--
}

// spread turns a small number into 64 bits that look drawn by chance (SplitMix64).
func spread(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
