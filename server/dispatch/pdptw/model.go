package pdptw

import (
	"math"
	"slices"
	"sort"
)

const (
	inf    = int64(math.MaxInt64 / 4)
	noRoad = math.MaxInt32
	scale  = 1000 // money inside the kernel is counted in thousandths
)

// shape says which of its two nodes a request really has in the search.
type shape uint8

const (
	pair    shape = iota // both
	dropOff              // on board at the start: delivery only
	takeOn               // stays on board: pickup only
	pinned               // its pickup is frozen in a route: delivery only, on that vehicle
	fixed                // all its nodes are frozen: never moved
)

// arc is one entry of a travel table; both numbers are read together.
type arc struct{ dist, dur int32 }

// table is a profile: to[a*size+b] is the arc from a to b and from[b*size+a] the same arc, so that both searches
// around a new node read one row. The last location is Nowhere.
type table struct {
	size     int
	to, from []arc
	gaps     bool // some arc may not be driven
	metric   bool // no detour was found shorter than the direct way
}

// node is the fixed part of a stop. Node 2r is the pickup of request r, 2r+1 its delivery; after the requests come
// start and end of each vehicle.
type node struct {
	open, close, service int64
	loc                  int32
	req                  int32 // -1 for a vehicle's ends
	load                 int64 // what it adds on board in the first dimension; negative for a delivery
	kind                 Kind
	class                uint8
	many                 bool // several windows
}

// truck is the flat form of a vehicle.
type truck struct {
	start, end  int32 // nodes
	perMetre    int64 // kernel cost per metre
	perHour     int64 // kernel cost: thousandths of money per hour
	fixed       int64 // kernel cost of being used
	surcharge   int64 // kernel cost per metre
	share       int64
	waived      uint64
	every, rest int64
	maxDur      int64
	maxDist     int64
	maxStops    int
	frozen      int // nodes after the start that stay
	profile     int
	lifo        bool
	exact       bool // its routes need the full simulation
	class       int32
}

// model is the immutable, flat form of a Problem that every worker shares.
type model struct {
	p         *Problem
	n, v, d   int
	lexical   bool
	tables    []table
	nodes     []node
	load      []int64 // request*d
	cap       []int64 // vehicle*d
	shape     []shape
	home      []int32 // vehicle of a pinned or fixed request, -1
	penalty   []int64 // kernel cost of leaving a request out
	must      []bool  // mandatory
	laden     bool    // some request is on board when its vehicle starts
	weight    []int64 // of a mandatory request that is left out
	trucks    []truck
	classes   [][]int32 // vehicles that are alike
	useful    [][]int32 // the classes that some request may ride on
	able      []uint64  // vehicle*words: requests it may serve at all
	words     int
	near      [][]int32 // requests near each request, nearest first, itself first
	size      []int64   // of the load, for the order of insertion
	span      []int64   // width of the windows
	away      []int64   // metres from the nearest depot
	apart     [][]int32 // requests that must not share a route
	group     []int32   // Together group of a request, -1
	groups    [][]int32
	ordered   [][]int32 // rules InOrder and NotAtOnce, index into p.Rules
	apartCls  [64]uint64
	ruleCls   [64]uint64 // classes that an InOrder or NotAtOnce class rule ties to this one
	afterCls  [64]uint64 // classes that must come after this one
	neverCls  [64]uint64 // classes never on board with this one
	extra     [][]VehiclePrice
	vehicleW  int64 // kernel cost of a vehicle in the lexicographic objective
	distScale int64 // a typical leg, kernel cost
	conflicts conflicts
	fewest    int    // vehicles that no complete plan can do with less than
	hopeless  []bool // by request: no vehicle could serve it even alone, or not all of its group
}

func compile(p *Problem, o Objective) *model {
	m := &model{p: p, n: len(p.Requests), v: len(p.Vehicles), d: p.Dimensions, lexical: o == Lexicographic}
	m.compileTables()
	m.compileNodes()
	m.compileRules()
	m.compileExtra()
	m.compileTrucks()
	m.freeze()
	m.tighten()
	m.excuseFrozen()
	m.compileAble()
	m.compileNear()
	m.compilePrices()
	m.compileConflicts()
	m.compileFewest()
	m.compileHopeless()
	return m
}

func (m *model) compileTables() {
	m.tables = make([]table, len(m.p.Profiles))
	for i, x := range m.p.Profiles {
		t := table{size: x.Size + 1, to: make([]arc, (x.Size+1)*(x.Size+1))}
		symmetric := true
		for a := 0; a < x.Size; a++ {
			for b := 0; b < x.Size; b++ {
				e := arc{x.Distance[a*x.Size+b], x.Duration[a*x.Size+b]}
				if e.dist < 0 || e.dur < 0 {
					e, t.gaps = arc{noRoad, noRoad}, true
				}
				t.to[a*t.size+b] = e
				if b < a && e != t.to[b*t.size+a] {
					symmetric = false
				}
			}
		}
		t.from = t.to
		if !symmetric {
			t.from = transpose(t.to, t.size)
		}
		t.metric = !t.gaps && triangular(&t)
		m.tables[i] = t
	}
}

// triangular looks at a spread of triples. A miss only costs the search a good place now and then, never a wrong plan.
func triangular(t *table) bool {
	n := t.size - 1
	if n < 3 {
		return true
	}
	const tries = 5000
	for i, x := 0, uint64(1); i < tries; i++ {
		x = x*6364136223846793005 + 1442695040888963407
		a, b, c := int(x>>40)%n, int(x>>20&0xfffff)%n, int(x>>3&0xffff)%n
		if int64(t.to[a*t.size+c].dist) > int64(t.to[a*t.size+b].dist)+int64(t.to[b*t.size+c].dist)+2 {
			return false
		}
	}
	return true
}

func transpose(to []arc, n int) []arc {
	from := make([]arc, len(to))
	for a := 0; a < n; a++ {
		for b := 0; b < n; b++ {
			from[b*n+a] = to[a*n+b]
		}
	}
	return from
}

func (m *model) compileNodes() {
	m.nodes = make([]node, 2*m.n+2*m.v)
	m.shape = make([]shape, m.n)
	m.home = make([]int32, m.n)
	m.load = make([]int64, m.n*m.d)
	m.size = make([]int64, m.n)
	for r := range m.p.Requests {
		q := &m.p.Requests[r]
		m.home[r] = -1
		copy(m.load[r*m.d:], q.Load)
		for _, x := range q.Load {
			m.size[r] += x
		}
		m.nodes[2*r] = stopNode(q.Pickup, r, q.Class, Pickup)
		m.nodes[2*r+1] = stopNode(q.Delivery, r, q.Class, Delivery)
		if m.d > 0 {
			m.nodes[2*r].load, m.nodes[2*r+1].load = q.Load[0], -q.Load[0]
		}
		switch {
		case q.Pickup == nil:
			m.shape[r] = dropOff
			m.laden = true
		case q.Delivery == nil:
			m.shape[r] = takeOn
		}
	}
}

func stopNode(s *Stop, r, class int, k Kind) node {
	n := node{req: int32(r), kind: k, class: uint8(class), open: -maxTime, close: maxTime}
	if s == nil {
		return n
	}
	n.loc, n.service = int32(s.Location), s.Service
	if w := s.Windows; len(w) > 0 {
		n.open, n.close, n.many = w[0].Open, w[len(w)-1].Close, len(w) > 1
	}
	return n
}

func (m *model) compileTrucks() {
	m.trucks = make([]truck, m.v)
	m.cap = make([]int64, m.v*m.d)
	for i := range m.p.Vehicles {
		x := &m.p.Vehicles[i]
		copy(m.cap[i*m.d:], x.Capacity)
		size := m.tables[x.Profile].size
		shift := x.Shift
		if shift == (Window{}) {
			shift = Window{-maxTime / 2, maxTime}
		}
		t := truck{start: int32(2*m.n + 2*i), end: int32(2*m.n + 2*i + 1), profile: x.Profile, lifo: x.LIFO,
			maxDur: orInf(x.MaxDuration), maxDist: orInf(x.MaxDistance), maxStops: x.MaxStops, every: x.Break.Every, rest: x.Break.Length}
		if t.maxStops == 0 {
			t.maxStops = math.MaxInt
		}
		if m.lexical {
			t.perMetre = 1
		} else {
			t.perMetre, t.perHour, t.fixed = x.PerKm, x.PerHour*scale, x.FixedCost*scale
		}
		t.surcharge, t.share, t.waived = x.Surcharge.PerKm, int64(x.Surcharge.Share), x.Surcharge.Waived
		t.exact = t.perHour > 0 || t.surcharge > 0 || t.every > 0 || x.MaxDuration > 0 || x.MaxDistance > 0 || x.MaxStops > 0 ||
			t.lifo || m.tables[x.Profile].gaps || x.Start == Nowhere || x.End == Nowhere
		m.trucks[i] = t
		m.nodes[t.start] = node{open: shift.Open, close: shift.Close, loc: place(x.Start, size), req: -1}
		m.nodes[t.end] = node{open: shift.Open, close: shift.Close, loc: place(x.End, size), req: -1}
	}
	m.compileClasses()
}

func orInf(x int64) int64 {
	if x == 0 {
		return inf
	}
	return x
}

func place(loc, size int) int32 {
	if loc == Nowhere {
		return int32(size - 1)
	}
	return int32(loc)
}

// compileClasses joins vehicles that differ in nothing but their names.
func (m *model) compileClasses() {
	named := make([]bool, m.v) // some request speaks of this vehicle alone
	for i := range m.p.Requests {
		q := &m.p.Requests[i]
		for _, b := range q.Barred {
			named[b.Vehicle] = true
		}
		for _, v := range q.Only {
			named[v] = true
		}
		for _, x := range q.Prices {
			named[x.Vehicle] = true
		}
		if q.Promise != nil {
			named[q.Promise.Vehicle] = true
		}
	}
	for _, r := range m.p.Initial {
		if r.Frozen > 0 {
			named[r.Vehicle] = true
		}
	}
	byHash := map[uint64][]int32{}
	for i := range m.p.Vehicles {
		m.trucks[i].class = -1
		key := vehicleHash(&m.p.Vehicles[i])
		if !named[i] {
			for _, c := range byHash[key] {
				if alike(&m.p.Vehicles[m.classes[c][0]], &m.p.Vehicles[i]) {
					m.trucks[i].class = c
					m.classes[c] = append(m.classes[c], int32(i))
					break
				}
			}
		}
		if m.trucks[i].class < 0 {
			c := int32(len(m.classes))
			m.trucks[i].class = c
			m.classes = append(m.classes, []int32{int32(i)})
			if !named[i] {
				byHash[key] = append(byHash[key], c)
			}
		}
	}
}

func vehicleHash(a *Vehicle) uint64 {
	h := uint64(1469598103934665603)
	for _, x := range [...]int64{int64(a.Profile), int64(a.Start), int64(a.End), a.Shift.Open, a.Shift.Close, a.FixedCost, a.PerKm, a.PerHour} {
		h = (h ^ uint64(x)) * 1099511628211
	}
	for _, x := range a.Capacity {
		h = (h ^ uint64(x)) * 1099511628211
	}
	return h
}

func alike(a, b *Vehicle) bool {
	x, y := *a, *b
	x.ID, y.ID = "", ""
	return x.Profile == y.Profile && x.Start == y.Start && x.End == y.End && x.Shift == y.Shift && x.Break == y.Break &&
		x.MaxDuration == y.MaxDuration && x.MaxDistance == y.MaxDistance && x.MaxStops == y.MaxStops && x.FixedCost == y.FixedCost &&
		x.PerKm == y.PerKm && x.PerHour == y.PerHour && x.Surcharge == y.Surcharge && x.LIFO == y.LIFO &&
		slices.Equal(x.Capacity, y.Capacity) && slices.Equal(x.Skills, y.Skills)
}

// freeze marks what the initial plan does not allow to be moved.
func (m *model) freeze() {
	for _, r := range m.p.Initial {
		m.trucks[r.Vehicle].frozen = r.Frozen
		for _, c := range r.Visits[:r.Frozen] {
			m.home[c.Request] = int32(r.Vehicle)
			if c.Kind == Pickup && m.p.Requests[c.Request].Delivery != nil {
				m.shape[c.Request] = pinned
			} else {
				m.shape[c.Request] = fixed
			}
			// What is under way may be late: its window no longer refuses anything.
			x := &m.nodes[2*c.Request+int(c.Kind)]
			x.close = maxTime
			if x.many {
				x.many = false
			}
		}
	}
}

// tighten narrows the windows of a pair by what its other stop allows at the shortest drive any profile knows.
func (m *model) tighten() {
	m.span = make([]int64, m.n)
	for r := 0; r < m.n; r++ {
		a, b := &m.nodes[2*r], &m.nodes[2*r+1]
		if m.shape[r] == pair {
			least := int64(noRoad)
			for i := range m.tables {
				t := &m.tables[i]
				least = min(least, int64(t.to[int(a.loc)*t.size+int(b.loc)].dur))
			}
			if !b.many {
				b.open = max(b.open, a.open+a.service+least)
			}
			if !a.many {
				a.close = min(a.close, b.close-least-a.service)
			}
		}
		m.span[r] = (a.close - a.open) + (b.close - b.open)
	}
}

func (m *model) compileAble() {
	m.words = (m.n + 63) / 64
	m.able = make([]uint64, m.v*m.words)
	for _, class := range m.classes {
		first := int(class[0])
		row := m.able[first*m.words : (first+1)*m.words]
		for r := 0; r < m.n; r++ {
			if m.refusal(first, r).Rule == "" {
				row[r>>6] |= 1 << (r & 63)
			}
		}
		if slices.ContainsFunc(row, func(x uint64) bool { return x != 0 }) {
			m.useful = append(m.useful, class)
		}
		for _, v := range class[1:] {
			copy(m.able[int(v)*m.words:(int(v)+1)*m.words], row)
		}
	}
}

// compileHopeless marks what the search need not try to place.
func (m *model) compileHopeless() {
	m.hopeless = make([]bool, m.n)
	for r := range m.n {
		m.hopeless[r] = m.shape[r] < pinned
		for _, class := range m.classes {
			m.hopeless[r] = m.hopeless[r] && !m.canServe(int(class[0]), r)
		}
	}
	for _, group := range m.groups {
		if slices.ContainsFunc(group, func(r int32) bool { return m.hopeless[r] }) {
			for _, r := range group {
				m.hopeless[r] = m.shape[r] < pinned
			}
		}
	}
}

func (m *model) canServe(v, r int) bool { return m.able[v*m.words+r>>6]>>(r&63)&1 == 1 }

func (m *model) arc(v int, a, b int32) arc {
	t := &m.tables[m.trucks[v].profile]
	return t.to[int(m.nodes[a].loc)*t.size+int(m.nodes[b].loc)]
}

// begin is the first moment at or after t when service at node x may begin, or inf.
func (m *model) begin(x int32, t int64) int64 {
	nd := &m.nodes[x]
	if t > nd.close {
		return inf
	}
	t = max(t, nd.open)
	if !nd.many {
		return t
	}
	for _, w := range m.windows(x) {
		if t <= w.Close {
			return max(t, w.Open)
		}
	}
	return inf
}

// lastBegin is the last moment at or before t when service at node x may begin, or -inf.
func (m *model) lastBegin(x int32, t int64) int64 {
	nd := &m.nodes[x]
	t = min(t, nd.close)
	if nd.many {
		w := m.windows(x)
		k := sort.Search(len(w), func(i int) bool { return w[i].Open > t }) - 1
		if k < 0 {
			return -inf
		}
		t = min(t, w[k].Close)
	}
	if t < nd.open {
		return -inf
	}
	return t
}

func (m *model) windows(x int32) []Window {
	q := &m.p.Requests[m.nodes[x].req]
	if m.nodes[x].kind == Pickup {
		return q.Pickup.Windows
	}
	return q.Delivery.Windows
}

// excuseFrozen lifts the limits of a vehicle that its frozen visits alone already break: it is under way and late.
func (m *model) excuseFrozen() {
	for _, r := range m.p.Initial {
		if r.Frozen == 0 || m.drives(&r) {
			continue
		}
		k := &m.trucks[r.Vehicle]
		m.nodes[k.end].close = maxTime
		k.maxDur, k.maxDist, k.maxStops = inf, inf, math.MaxInt
	}
}

// drives tells whether the frozen visits of r alone keep every rule.
func (m *model) drives(r *Initial) bool {
	k := &m.trucks[r.Vehicle]
	seq := []int32{k.start}
	for _, c := range r.Visits[:r.Frozen] {
		seq = append(seq, int32(2*c.Request+int(c.Kind)))
	}
	_, ok := newWalker(m).walk(r.Vehicle, append(seq, k.end))
	return ok
}

// checkFrozen refuses frozen visits that break what no lateness excuses: a missing road, the order of unloading, a rule
// between requests.
func (m *model) checkFrozen() error {
	for i := range m.p.Initial {
		if r := &m.p.Initial[i]; r.Frozen > 0 && !m.drives(r) {
			return bad("the frozen visits miss a road, or break the order of unloading or a rule between requests", "initial[%d]", i)
		}
	}
	return nil
}
