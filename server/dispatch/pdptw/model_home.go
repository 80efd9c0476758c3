package pdptw

// roadHome is the metres from a node to the home of vehicle v, noRoad where there is none.
func (m *model) roadHome(v int, x int32) int64 {
	t := &m.tables[m.trucks[v].profile]
	return int64(t.to[int(m.nodes[x].loc)*t.size+m.p.Vehicles[v].Home.Location].dist)
}

// fromHome is by how many metres a node is farther from the home of vehicle v than its start; below zero for one that is nearer, 0
// where a road is missing.
func (m *model) fromHome(v int, x int32) int64 {
	base, road := m.roadHome(v, m.trucks[v].start), m.roadHome(v, x)
	if base == noRoad || road == noRoad {
		return 0
	}
	return road - base
}

// endingAt is the kernel cost of a route of v whose last stop is x: below zero for one that leads home. The start of an empty
// route costs nothing.
func (m *model) endingAt(v int, x int32) int64 {
	if per := m.trucks[v].homeward; per > 0 {
		return per * m.fromHome(v, x)
	}
	return 0
}

// mostHome bounds from both sides what endingAt of vehicle v can be.
func (m *model) mostHome(v int) (gain, loss int64) {
	per := m.trucks[v].homeward
	if per == 0 {
		return 0, 0
	}
	base := m.roadHome(v, m.trucks[v].start)
	if base == noRoad {
		return 0, 0
	}
	for x := range int32(2 * m.n) {
		loss = max(loss, m.endingAt(v, x))
	}
	return per * base, loss
}
