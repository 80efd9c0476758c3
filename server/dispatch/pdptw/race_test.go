//go:build race

package pdptw

// underRace: the search alone, which is one goroutine, needs the race detector least and is ten times slower with it. Property tests look at
// fewer seeds there; scripts/test.sh runs all of them without it.
const underRace = true
