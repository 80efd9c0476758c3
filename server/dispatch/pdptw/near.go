package pdptw

import "slices"

const maxNear = 100

// compileNear lists for each request the requests whose stops lie nearest to one of its own, by the first profile.
// Work grows with locations squared and requests times maxNear, not with requests squared.
func (m *model) compileNear() {
	m.near = make([][]int32, m.n)
	m.away = make([]int64, m.n)
	if len(m.tables) == 0 {
		return
	}
	at := make([][]int32, m.tables[0].size) // requests by location
	for r := 0; r < m.n; r++ {
		for _, x := range m.ownNodes(r) {
			at[m.nodes[x].loc] = append(at[m.nodes[x].loc], int32(r))
		}
	}
	lists := m.nearLocations(at)
	mark := make([]int32, m.n)
	for r := 0; r < m.n; r++ {
		m.near[r] = m.mergeNear(r, lists, at, mark)
		m.away[r] = m.depotDistance(r)
	}
}

func (m *model) ownNodes(r int) []int32 {
	switch m.shape[r] {
	case dropOff:
		return []int32{int32(2*r + 1)}
	case takeOn:
		return []int32{int32(2 * r)}
	}
	if m.p.Requests[r].Pickup == nil {
		return []int32{int32(2*r + 1)}
	}
	if m.p.Requests[r].Delivery == nil {
		return []int32{int32(2 * r)}
	}
	return []int32{int32(2 * r), int32(2*r + 1)}
}

// nearLocations lists for each location in use the nearest locations in use until they hold 2*maxNear requests.
func (m *model) nearLocations(at [][]int32) [][]int32 {
	t := &m.tables[0]
	var used []int32
	for l := range at {
		if len(at[l]) > 0 {
			used = append(used, int32(l))
		}
	}
	out := make([][]int32, t.size)
	keys := make([]uint64, len(used))
	for _, l := range used {
		row := t.to[int(l)*t.size:]
		for i, o := range used {
			keys[i] = uint64(row[o].dist)<<32 | uint64(o)
		}
		slices.Sort(keys)
		held := 0
		for _, k := range keys {
			o := int32(k & 0xffffffff)
			out[l] = append(out[l], o)
			if held += len(at[o]); held > 2*maxNear {
				break
			}
		}
	}
	return out
}

// mergeNear walks the lists of both stops of r in step, nearest first.
func (m *model) mergeNear(r int, lists, at [][]int32, mark []int32) []int32 {
	stamp := int32(r + 1)
	mark[r] = stamp
	out := append(make([]int32, 0, maxNear), int32(r))
	own := m.ownNodes(r)
	var next [2]int
	t := &m.tables[0]
	for len(out) < maxNear {
		best, side := int64(-1), -1
		for i, x := range own {
			loc := m.nodes[x].loc
			if next[i] < len(lists[loc]) {
				d := int64(t.to[int(loc)*t.size+int(lists[loc][next[i]])].dist)
				if side < 0 || d < best {
					best, side = d, i
				}
			}
		}
		if side < 0 {
			break
		}
		loc := lists[m.nodes[own[side]].loc][next[side]]
		next[side]++
		for _, o := range at[loc] {
			if mark[o] != stamp && len(out) < maxNear {
				mark[o] = stamp
				out = append(out, o)
			}
		}
	}
	return out
}

func (m *model) depotDistance(r int) int64 {
	best := inf
	for _, class := range m.classes {
		for _, x := range m.ownNodes(r) {
			best = min(best, int64(m.arc(int(class[0]), m.trucks[class[0]].start, x).dist))
		}
	}
	return best
}
