package market

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestApportion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total         int64
		weights, want []int64
	}{
		{100, []int64{1, 1, 1}, []int64{34, 33, 33}}, // 33.33 each: the first gets the unit left over
		{10, []int64{6, 3, 1}, []int64{6, 3, 1}},
		{7, []int64{60, 20, 20}, []int64{4, 2, 1}}, // 4.2, 1.4, 1.4
		{5, []int64{0, 1}, []int64{0, 5}},
	} {
		if got := Apportion(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%d by %v: %v, want %v", c.total, c.weights, got, c.want)
		}
	}
}

// Whatever the sums are, every row and every column keeps its own, and no cell is below zero.
func TestApportionTableKeepsEverySum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000_000), 1, 9).Draw(t, "columns")
		var whole int64
		for _, c := range columns {
			whole += c
		}
		weights := rapid.SliceOfN(rapid.Int64Range(1, 1_000_000), 1, 8).Draw(t, "weights")
		rows := Apportion(whole, weights)
		cells := ApportionTable(rows, columns)
		down := make([]int64, len(columns))
		for i, row := range cells {
			var across int64
			for k, n := range row {
				if n < 0 {
					t.Fatalf("cell %d, %d is %d", i, k, n)
				}
				across += n
				down[k] += n
			}
			if across != rows[i] {
				t.Fatalf("row %d adds up to %d, want %d", i, across, rows[i])
			}
		}
		if !slices.Equal(down, columns) {
			t.Fatalf("columns add up to %v, want %v", down, columns)
		}
	})
}
