//go:build race

package app

// underRace: what runs under the race detector takes some five times longer. Walks are shorter with it; scripts/test.sh runs the full
// ones without it.
const underRace = true
