package orders_test

import (
	"fmt"
	"slices"
	"testing"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/market/markettest"
)

// machine is one table of steps with what it takes to walk it. The walk is made from the table: a new row, state or act without a way
// to it fails.
type machine struct {
	start  string
	steps  []market.Step[string]
	ends   []string
	into   map[string][]func() string // ways to make a fresh thing in a state; each gives its id
	act    map[string]func(by auth.Actor, id string) error
	who    []player
	state  func(id string) string
	refuse []string // codes that say "not in this state"
	twice  []string // "state act" of a second click, which is answered as the first was
	unlike []string // "state act" in which a row for every state does not hold
	far    map[string]string
}

// player is somebody who tries every act; parts are the ones of the table that this one may play.
type player struct {
	by    auth.Actor
	parts []market.Who
}

// byPeople reports whether a step is an act of somebody; the others are worked out.
func byPeople(s market.Step[string]) bool {
	return !slices.Contains([]market.Who{market.ByLedger, market.ByClock, "gateway"}, s.Who)
}

// acts lists the acts of people.
func (m machine) acts() []string {
	var out []string
	for _, s := range m.steps {
		if byPeople(s) && !slices.Contains(out, s.Act) {
			out = append(out, s.Act)
		}
	}
	return out
}

// rows are the steps of people that an act takes from a state.
func (m machine) rows(from, act string) []market.Step[string] {
	var out []market.Step[string]
	for _, s := range m.steps {
		if s.Act == act && byPeople(s) && (s.From == from || s.From == "*" && !slices.Contains(m.ends, from) && !slices.Contains(m.unlike, from+" "+act)) {
			out = append(out, s)
		}
	}
	return out
}

// walk tries every act in every state as everybody: what the table has happens, by whom it names; all else is refused with a fault and
// changes nothing.
func (m machine) walk(t *testing.T) {
	t.Helper()
	walked := map[string]bool{}
	for _, act := range m.acts() {
		if m.act[act] == nil {
			t.Errorf("nobody tries %s", act)
		}
	}
	for _, from := range markettest.States(m.start, m.steps) {
		if m.far[from] != "" {
			continue
		}
		if len(m.into[from]) == 0 {
			t.Errorf("no way leads into %s", from)
		}
		for _, fresh := range m.into[from] {
			m.from(t, from, fresh, walked)
		}
	}
	for _, s := range m.steps {
		if byPeople(s) && s.From != "*" && !walked[s.From+" "+s.Act+" "+s.To] && m.far[s.From+" "+s.Act+" "+s.To] == "" {
			t.Errorf("%s %s never led to %s", s.From, s.Act, s.To)
		}
	}
}

func (m machine) from(t *testing.T, from string, fresh func() string, walked map[string]bool) {
	t.Helper()
	id := fresh()
	if got := m.state(id); got != from {
		t.Fatalf("made in %s, wanted %s", got, from)
	}
	for _, act := range m.acts() {
		if m.act[act] == nil {
			continue
		}
		for _, p := range m.who {
			rows := m.rows(from, act)
			mine := slices.DeleteFunc(slices.Clone(rows), func(s market.Step[string]) bool { return !slices.Contains(p.parts, s.Who) })
			err := m.act[act](p.by, id)
			got := m.state(id)
			if what := m.judge(from, act, got, p, rows, mine, err); what != "" {
				t.Errorf("%s %s by %s: %s", from, act, p.by.User, what)
			}
			if err == nil || got != from {
				walked[from+" "+act+" "+got] = true
				id = fresh()
			}
		}
	}
}

// judge says what is wrong with the outcome of an act, "" for nothing.
func (m machine) judge(from, act, got string, p player, rows, mine []market.Step[string], err error) string {
	f := fault.Of(err)
	switch {
	case len(mine) > 0 && err != nil:
		return "refused: " + describe(err)
	case len(mine) > 0:
		if !slices.ContainsFunc(mine, func(s market.Step[string]) bool { return s.To == got }) {
			return "led to " + got
		}
		return ""
	case err == nil && got == from && m.plays(p, act) && slices.Contains(m.twice, from+" "+act):
		return ""
	case err == nil:
		return "was done, and led to " + got
	case got != from:
		return "was refused and led to " + got
	case f == nil:
		return "is no fault: " + err.Error()
	case len(rows) > 0 && f.Kind != fault.Forbidden && f.Kind != fault.NotFound:
		return fmt.Sprintf("is another's act; the fault is %s", f.Code)
	case len(rows) == 0 && m.plays(p, act) && !slices.Contains(m.refuse, f.Code):
		return "is not of this state; the fault is " + f.Code
	}
	return ""
}

// way is one row of a table.
type way struct{ from, act, to string }

// move is one walk of a row that nobody plays: a fresh thing in its first state, and what happens to it.
type move struct {
	fresh func() string
	do    func(id string)
}

// moves walks every row that nobody plays, in each of its ways, and lets after look at what became of it. A row without a way fails, and
// a way without a row.
func (m machine) moves(t *testing.T, ways map[way][]move, after func(id string)) {
	t.Helper()
	walked := 0
	for _, s := range m.steps {
		w := way{s.From, s.Act, s.To}
		if byPeople(s) {
			continue
		}
		if len(ways[w]) == 0 {
			t.Errorf("%v was not walked", w)
			continue
		}
		walked++
		for n, v := range ways[w] {
			id := v.fresh()
			if got := m.state(id); got != w.from {
				t.Errorf("%v, way %d: it begins as %s", w, n, got)
			}
			v.do(id)
			if got := m.state(id); got != w.to {
				t.Errorf("%v, way %d: it became %s", w, n, got)
			}
			if after != nil {
				after(id)
			}
			if got := m.state(id); got != w.to {
				t.Errorf("%v, way %d: it was %s, and became %s", w, n, w.to, got)
			}
		}
	}
	if walked != len(ways) {
		t.Errorf("%d of %d ways are in the table", walked, len(ways))
	}
}

// plays reports whether an act is this one's in some state.
func (m machine) plays(p player, act string) bool {
	return slices.ContainsFunc(m.steps, func(s market.Step[string]) bool { return s.Act == act && slices.Contains(p.parts, s.Who) })
}
