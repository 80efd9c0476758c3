package market

import (
	"cmp"
	"math/bits"
	"slices"
)

// Split divides total (>= 0) by what the shares weigh, as Apportion does; the earlier household goes first among equals.
func Split(total int64, shares []Share) []int64 {
	weights := make([]int64, len(shares))
	for i, s := range shares {
		weights[i] = int64(s.Grams)
	}
	return Apportion(total, weights)
}

// Apportion divides total (>= 0) by weights (>= 0, not all zero) so that the parts sum to it: first the whole units of each,
// then one more each for the largest remainders, the earlier one first among equals (largest remainder method, Hamilton).
func Apportion(total int64, weights []int64) []int64 {
	var whole uint64
	for _, w := range weights {
		whole += uint64(w)
	}
	parts := make([]int64, len(weights))
	rests := make([]uint64, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		q, r := bits.Div64(hi, lo, whole) // hi < whole, for total < 2^63 and w <= whole
		parts[i], rests[i], order[i] = int64(q), r, i
		left -= int64(q)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rests[b], rests[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

// ApportionTable divides the columns over the rows when both sums are given and agree: rows[i] is what row i adds up to, columns[k]
// what column k does. Each cell is its whole units, and one more for the largest remainders as long as its row and its column
// lack something; what then is left over goes where a row and a column both lack, so that every sum is kept to the unit.
func ApportionTable(rows, columns []int64) [][]int64 {
	var whole uint64
	for _, c := range columns {
		whole += uint64(c)
	}
	t := table{cells: make([][]int64, len(rows)), rows: slices.Clone(rows), columns: slices.Clone(columns)}
	for i := range rows {
		t.cells[i] = make([]int64, len(columns))
		for k := range columns {
			if whole == 0 {
				continue
			}
			hi, lo := bits.Mul64(uint64(rows[i]), uint64(columns[k]))
			q, r := bits.Div64(hi, lo, whole)
			t.add(i, k, int64(q))
			t.rests = append(t.rests, cell{i, k, r})
		}
	}
	slices.SortStableFunc(t.rests, func(a, b cell) int { return cmp.Compare(b.rest, a.rest) })
	for _, c := range t.rests {
		t.add(c.row, c.column, min(1, t.lacks(c)))
	}
	for _, c := range t.rests {
		t.add(c.row, c.column, t.lacks(c))
	}
	return t.cells
}

// table is a division under way: rows and columns hold what is not given out yet.
type table struct {
	cells         [][]int64
	rows, columns []int64
	rests         []cell
}

type cell struct {
	row, column int
	rest        uint64
}

func (t *table) add(row, column int, n int64) {
	t.cells[row][column] += n
	t.rows[row] -= n
	t.columns[column] -= n
}

func (t *table) lacks(c cell) int64 { return min(t.rows[c.row], t.columns[c.column]) }
