package pdptw

import (
	"math"
	"slices"
)

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
		if len(x.Standing) > 0 {
			t.standing = x.Standing
		}
		if t.maxStops == 0 {
			t.maxStops = math.MaxInt
		}
		if m.lexical {
			t.perMetre = 1
		} else {
			t.perMetre, t.perHour, t.fixed, t.minimum = x.PerKm, x.PerHour*scale, x.FixedCost*scale, x.Minimum*scale
			t.entry, t.homeward = entries(x), x.Home.PerKm
		}
		t.surcharge, t.share, t.waived = x.Surcharge.PerKm, int64(x.Surcharge.Share), x.Surcharge.Waived
		t.exact = t.perHour > 0 || t.minimum > 0 || t.surcharge > 0 || t.every > 0 || x.MaxDuration > 0 || x.MaxDistance > 0 || x.MaxStops > 0 ||
			t.entry != nil || t.homeward > 0 || t.lifo || t.standing != nil || m.tables[x.Profile].gaps
		m.trucks[i] = t
		m.nodes[t.start] = node{open: shift.Open, close: x.lastLeave(shift), loc: place(x.Start, size), req: -1}
		m.nodes[t.end] = node{open: shift.Open, close: shift.Close, loc: place(x.End, size), req: -1}
	}
	m.compileClasses()
}

// lastLeave is the last moment at which a vehicle may leave its start.
func (v *Vehicle) lastLeave(shift Window) int64 {
	if v.LeaveBy == 0 {
		return shift.Close
	}
	return min(v.LeaveBy, shift.Close)
}

// entries is the kernel cost of a vehicle's areas.
func entries(x *Vehicle) []int64 {
	if len(x.Entries) == 0 {
		return nil
	}
	out := make([]int64, areas)
	for _, e := range x.Entries {
		out[e.Area] = e.Price * scale
	}
	return out
}

// areas is how many areas there are, with the one that is none.
const areas = 64

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
	traits := m.traits()
	byHash := map[uint64][]int32{}
	for i := range m.p.Vehicles {
		m.trucks[i].class = -1
		key := vehicleHash(&m.p.Vehicles[i])
		for _, c := range byHash[key] {
			if first := m.classes[c][0]; alike(&m.p.Vehicles[first], &m.p.Vehicles[i]) && slices.Equal(traits[first], traits[i]) {
				m.trucks[i].class = c
				m.classes[c] = append(m.classes[c], int32(i))
				break
			}
		}
		if m.trucks[i].class < 0 {
			c := int32(len(m.classes))
			m.trucks[i].class = c
			m.classes = append(m.classes, []int32{int32(i)})
			byHash[key] = append(byHash[key], c)
		}
	}
}

// trait is what one request, or the plan to start from, says of a vehicle.
type trait struct {
	request int
	kind    traitKind
	price   int64
	why     string
}

type traitKind uint8

const (
	traitBarred traitKind = iota
	traitOnly
	traitPrice
	traitPromise
	traitFrozen // price is the vehicle's number: it is like no other
)

// traits lists for each vehicle what is said of it by name.
func (m *model) traits() [][]trait {
	out := make([][]trait, m.v)
	add := func(v int, t trait) { out[v] = append(out[v], t) }
	for i := range m.p.Requests {
		q := &m.p.Requests[i]
		for _, b := range q.Barred {
			add(b.Vehicle, trait{i, traitBarred, 0, b.Why})
		}
		for _, v := range q.Only {
			add(v, trait{i, traitOnly, 0, ""})
		}
		for _, x := range q.Prices {
			add(x.Vehicle, trait{i, traitPrice, x.Price, ""})
		}
		if q.Promise != nil {
			add(q.Promise.Vehicle, trait{i, traitPromise, q.Promise.Price, ""})
		}
	}
	for i, r := range m.p.Initial {
		if r.Frozen > 0 {
			add(r.Vehicle, trait{i, traitFrozen, int64(r.Vehicle), ""})
		}
	}
	return out
}

func vehicleHash(a *Vehicle) uint64 {
	h := uint64(1469598103934665603)
	for _, x := range [...]int64{int64(a.Profile), int64(a.Start), int64(a.End), a.Shift.Open, a.Shift.Close, a.FixedCost, a.PerKm, a.PerHour, int64(a.Home.Location), a.Home.PerKm} {
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
	return x.Profile == y.Profile && x.Start == y.Start && x.End == y.End && x.Shift == y.Shift && x.LeaveBy == y.LeaveBy && x.Break == y.Break &&
		x.MaxDuration == y.MaxDuration && x.MaxDistance == y.MaxDistance && x.MaxStops == y.MaxStops && x.FixedCost == y.FixedCost &&
		x.PerKm == y.PerKm && x.PerHour == y.PerHour && x.Minimum == y.Minimum && x.Surcharge == y.Surcharge && x.Home == y.Home && x.LIFO == y.LIFO &&
		slices.Equal(x.Capacity, y.Capacity) && slices.Equal(x.Entries, y.Entries) && slices.Equal(x.Standing, y.Standing) && slices.Equal(x.Skills, y.Skills)
}
