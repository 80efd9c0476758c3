package market

import (
	"cmp"
	"math/bits"
	"slices"
)

// Split divides total (>= 0) by what the shares weigh so that the parts sum to it: first the whole units of each, then one
// more each for the largest remainders, the earlier household first among equals. The shares weigh more than nothing.
func Split(total int64, shares []Share) []int64 {
	var whole uint64
	for _, s := range shares {
		whole += uint64(s.Grams)
	}
	parts := make([]int64, len(shares))
	rests := make([]uint64, len(shares))
	order := make([]int, len(shares))
	left := total
	for i, s := range shares {
		hi, lo := bits.Mul64(uint64(total), uint64(s.Grams))
		q, r := bits.Div64(hi, lo, whole) // hi < whole, for total < 2^63 and s.Grams <= whole
		parts[i], rests[i], order[i] = int64(q), r, i
		left -= int64(q)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rests[b], rests[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}
