package pdptw

import (
	"math"
	"slices"
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
	class, area          uint8
	many                 bool // several windows
	late                 bool // frozen: it may begin after them
}

// truck is the flat form of a vehicle.
type truck struct {
	start, end  int32   // nodes
	perMetre    int64   // kernel cost per metre
	perHour     int64   // kernel cost: thousandths of money per hour
	fixed       int64   // kernel cost of being used
	gain        int64   // kernel cost that ending at home saves, 0 for none
	minimum     int64   // kernel cost that fixed, metres and hours come to at least
	entry       []int64 // kernel cost by area, once for each in the route; nil where none has a price
	surcharge   int64   // kernel cost per metre
	homeward    int64   // kernel cost per metre that the last stop is farther from home than the start; below zero for one that is nearer
	share       int64
	waived      uint64
	every, rest int64
	standing    []Window // nil for none
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
	mixed     bool    // vehicles differ, or requests may be left out: which vehicle is opened is worth a look ahead
	entered   []int32 // requests of an area that costs some vehicle money
	fewestIn  []int   // by area: vehicles that hold its loads at once
	vehicleW  int64   // kernel cost of a vehicle in the lexicographic objective
	distScale int64   // a typical leg, kernel cost
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
	m.compileEntered()
	return m
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
		m.nodes[2*r] = stopNode(q.Pickup, r, q, Pickup)
		m.nodes[2*r+1] = stopNode(q.Delivery, r, q, Delivery)
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

func stopNode(s *Stop, r int, q *Request, k Kind) node {
	n := node{req: int32(r), kind: k, class: uint8(q.Class), area: uint8(q.Area), open: -maxTime, close: maxTime}
	if s == nil {
		return n
	}
	n.loc, n.service = int32(s.Location), s.Service
	if w := s.Windows; len(w) > 0 {
		n.open, n.close, n.many = w[0].Open, w[len(w)-1].Close, len(w) > 1
	}
	return n
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
			if why := m.refusal(first, r); why.Rule == "" || m.mayWaitOff(first, why) {
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

// mayWaitOff tells whether what refuses a request on vehicle v alone may be gone beside others: waiting for one of them
// counts as a rest, and moves the next one.
func (m *model) mayWaitOff(v int, why Reason) bool {
	return m.trucks[v].every > 0 && (why.Rule == ReasonDuration || why.Rule == ReasonRests)
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
