// Package days makes days of planning for tests and benchmarks: the county's, with its 202 bases and 60 trucks, and the
// nation's, of any size. The same arguments always make the same day.
package days
