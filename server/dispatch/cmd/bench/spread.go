package main

import (
	"fmt"
	"slices"
)

// spread is one figure of several runs of the same thing with other seeds.
type spread []int64

// median is the one in the middle; of an even number the lower one.
func (s spread) median() int64 { return slices.Sorted(slices.Values(s))[(len(s)-1)/2] }

// String is the median, and the lowest and the highest where they differ: "77255 (76281 to 77900)".
func (s spread) String() string {
	if low, high := slices.Min(s), slices.Max(s); low < high {
		return fmt.Sprintf("%d (%d to %d)", s.median(), low, high)
	}
	return fmt.Sprint(s.median())
}

// seconds is the longest of the runs, which are in milliseconds.
func (s spread) seconds() string { return fmt.Sprintf("%.2f s", float64(slices.Max(s))/1000) }
