// Package markettest reads state tables for tests: the ones that draw them and the ones that walk them.
package markettest

import (
	"slices"

	"jishi/server/market"
)

// StepOf is any package's type of a step.
type StepOf[S ~string] interface {
	~struct {
		From  S
		Act   string
		To    S
		Who   market.Who
		Guard string
	}
}

// Plain gives a table with its states as words, so that tables of all kinds are of one type.
func Plain[S ~string, T StepOf[S]](steps []T) []market.Step[string] {
	var out []market.Step[string]
	for _, step := range steps {
		s := market.Step[S](step)
		out = append(out, market.Step[string]{From: string(s.From), Act: s.Act, To: string(s.To), Who: s.Who, Guard: s.Guard})
	}
	return out
}

// Words gives states as words.
func Words[S ~string](list []S) []string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// States lists every state of a table, the first one first. "*" stands for any state and is none.
func States(start string, steps []market.Step[string]) []string {
	out := []string{start}
	for _, s := range steps {
		for _, state := range []string{s.From, s.To} {
			if state != "*" && !slices.Contains(out, state) {
				out = append(out, state)
			}
		}
	}
	return out
}
