package pdptw

import "slices"

// compileEntered lists the requests whose area costs some vehicle money, and how few vehicles can do for each area.
func (m *model) compileEntered() {
	m.mixed = !m.lexical && (len(m.useful) > 1 || slices.Contains(m.must, false))
	var priced uint64
	for i := range m.trucks {
		for area, price := range m.trucks[i].entry {
			if price > 0 {
				priced |= 1 << area
			}
		}
	}
	for r := range m.n {
		if priced>>m.nodes[2*r].area&1 == 1 && !m.hopeless[r] {
			m.entered = append(m.entered, int32(r))
		}
	}
	m.fewestIn = make([]int, areas)
	for _, r := range m.entered {
		if area := m.nodes[2*r].area; m.fewestIn[area] == 0 {
			for d := range m.d {
				m.fewestIn[area] = max(m.fewestIn[area], m.fewestFor(area, d))
			}
		}
	}
}

// fewestFor is how many of the largest vehicles hold all loads of an area at once in dimension d.
func (m *model) fewestFor(area uint8, d int) int {
	var rooms []int64
	for v := range m.v {
		if slices.ContainsFunc(m.entered, func(r int32) bool { return m.nodes[2*r].area == area && m.canServe(v, int(r)) }) {
			rooms = append(rooms, m.cap[v*m.d+d])
		}
	}
	slices.Sort(rooms)
	left := int64(0)
	for _, r := range m.entered {
		if m.nodes[2*r].area == area {
			left += m.load[int(r)*m.d+d]
		}
	}
	n := 0
	for ; left > 0 && n < len(rooms); n++ {
		left -= rooms[len(rooms)-1-n]
	}
	return n
}
