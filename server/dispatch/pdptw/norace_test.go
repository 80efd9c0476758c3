//go:build !race

package pdptw

const underRace = false
