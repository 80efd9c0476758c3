//go:build race

package app

// underRace: the race detector makes the database, which is Go here, some fifteen times slower. Walks are shorter with it;
// scripts/test.sh runs the full ones without it.
const underRace = true
