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
	parts := make([]int64, len(weights))
	for i, p := range portions(total, weights) {
		parts[i] = p.Units()
	}
	return parts
}

// Portion is one part of a total divided by weights, as a long division by hand shows it:
// total x Weight = Whole x the sum of the weights + Rest.
type Portion struct {
	Weight int64
	Whole  int64
	Rest   int64 // less than the sum of the weights
	Extra  bool  // its Rest is among the largest: it gets one more
}

// Units is what the part comes to.
func (p Portion) Units() int64 {
	if p.Extra {
		return p.Whole + 1
	}
	return p.Whole
}

// portions is Apportion with its working.
func portions(total int64, weights []int64) []Portion {
	var sum uint64
	for _, w := range weights {
		sum += uint64(w)
	}
	parts := make([]Portion, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		q, r := bits.Div64(hi, lo, sum) // hi < sum, for total < 2^63 and w <= sum
		parts[i], order[i] = Portion{Weight: w, Whole: int64(q), Rest: int64(r)}, i
		left -= int64(q)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[b].Rest, parts[a].Rest) })
	for _, i := range order[:left] {
		parts[i].Extra = true
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
