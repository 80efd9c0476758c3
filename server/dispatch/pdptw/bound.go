package pdptw

import (
	"math/bits"
	"slices"
)

// mostCliques bounds from how many requests a clique is grown.
const mostCliques = 40

// compileFewest sets a number of vehicles that no plan serving everything can do with less than: the size of a set of
// requests of which no two can share a route.
func (m *model) compileFewest() {
	m.fewest = 1
	if m.conflicts.bits == nil {
		return
	}
	degree := make([]int, m.n)
	order := make([]int32, m.n)
	for r := range m.n {
		order[r] = int32(r)
		for _, x := range m.conflicts.row(int32(r)) {
			degree[r] += bits.OnesCount64(x)
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return degree[b] - degree[a] })
	for _, r := range order[:min(len(order), mostCliques)] {
		m.fewest = max(m.fewest, m.conflicts.grow(r, degree))
	}
}

// grow counts a set of requests around r that are all in conflict with one another, the most beset first.
func (c *conflicts) grow(r int32, degree []int) int {
	left := slices.Clone(c.row(r))
	for size := 1; ; size++ {
		next := int32(-1)
		for i, x := range left {
			for ; x != 0; x &= x - 1 {
				if o := int32(i<<6 + bits.TrailingZeros64(x)); next < 0 || degree[o] > degree[next] {
					next = o
				}
			}
		}
		if next < 0 {
			return size
		}
		for i, x := range c.row(next) {
			left[i] &= x
		}
	}
}
