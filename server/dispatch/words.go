package dispatch

import (
	"slices"

	"jishi/server/dispatch/wording"
	"jishi/server/rules"
)

// What a plan says is kept as codes and numbers. In words it for a reader and gives a copy; plans that were kept when they
// held English sentences only are shown as they are.

// In words everything the answer says.
func (a Answer) In(lang string) Answer {
	a.Options = worded(a.Options, lang, Option.In)
	a.Refused = worded(a.Refused, lang, Refusal.in)
	a.LeftOut = worded(a.LeftOut, lang, LeftOut.in)
	a.Levels = worded(a.Levels, lang, CostLine.in)
	a.Notes = worded(a.Notes, lang, Note.In)
	a.Ranking = worded(a.Ranking, lang, RankLine.in)
	return a
}

// In words everything the option says.
func (o Option) In(lang string) Option {
	if len(o.Said) > 0 {
		o.Summary = o.Said.List(lang)
	}
	o.Trips = worded(o.Trips, lang, PlannedTrip.In)
	o.Lines = worded(o.Lines, lang, CostLine.in)
	o.Warnings = worded(o.Warnings, lang, Caution.in)
	o.Hints = worded(o.Hints, lang, Hint.in)
	o.Unserved = worded(o.Unserved, lang, LeftOut.in)
	return o
}

// In words everything the trip says, and names its trucks' classes.
func (t PlannedTrip) In(lang string) PlannedTrip {
	t.Lines = worded(t.Lines, lang, CostLine.in)
	t.Warnings = worded(t.Warnings, lang, Caution.in)
	t.Hints = worded(t.Hints, lang, Hint.in)
	t.Truck.Type.Name = t.Truck.Type.Called(lang)
	if t.Relay != nil {
		second := *t.Relay
		second.Truck.Type.Name = second.Truck.Type.Called(lang)
		t.Relay = &second
	}
	return t
}

// In words the note.
func (n Note) In(lang string) Note {
	n.Text = textOf(n.Said, n.Text, lang)
	return n
}

func (l CostLine) in(lang string) CostLine {
	l.Text, l.Source = textOf(l.Said, l.Text, lang), rules.SourceIn(l.Source, lang)
	return l
}

func (c Caution) in(lang string) Caution {
	c.Text, c.Source = textOf(c.Said, c.Text, lang), rules.SourceIn(c.Source, lang)
	return c
}

// String is the caution in English, In in the reader's language: it fills a gap of a fault.
func (c Caution) String() string { return c.In("en") }

// In words the caution.
func (c Caution) In(lang string) string { return textOf(c.Said, c.Text, lang) }

func (h Hint) in(lang string) Hint {
	h.Text = textOf(h.Said, h.Text, lang)
	return h
}

func (b Binding) in(lang string) Binding {
	b.Text, b.Source = textOf(b.Said, b.Text, lang), rules.SourceIn(b.Source, lang)
	return b
}

func (r Refusal) in(lang string) Refusal {
	r.Text, r.Source = textOf(r.Said, r.Text, lang), rules.SourceIn(r.Source, lang)
	return r
}

func (l LeftOut) in(lang string) LeftOut {
	l.Text, l.Source = textOf(l.Said, l.Text, lang), rules.SourceIn(l.Source, lang)
	l.Bindings = worded(l.Bindings, lang, Binding.in)
	l.Hints = worded(l.Hints, lang, Hint.in)
	return l
}

func (r RankLine) in(lang string) RankLine {
	if len(r.Said) == 0 {
		return r
	}
	r.Texts = nil
	for _, s := range r.Said {
		r.Texts = append(r.Texts, s.In(lang))
	}
	return r
}

// textOf words what is said, or gives the sentence that was kept.
func textOf(said wording.Text, kept, lang string) string {
	if len(said) == 0 {
		return kept
	}
	return said.In(lang)
}

// worded words each of a list without touching it. No list stays no list.
func worded[A any](list []A, lang string, in func(A, string) A) []A {
	out := slices.Clone(list)
	for i := range out {
		out[i] = in(out[i], lang)
	}
	return out
}
