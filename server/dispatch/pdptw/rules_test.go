package pdptw

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// addLimits gives some requests a priority or a choice of vehicles, some vehicles limits and a late shift, and some
// problems four dimensions of load.
func addLimits(rng *rand.Rand, p *Problem) {
	for i := range p.Requests {
		q := &p.Requests[i]
		if rng.IntN(4) == 0 {
			q.Priority = rng.IntN(3)
		}
		if rng.IntN(8) == 0 {
			q.Only = []int{rng.IntN(len(p.Vehicles)), rng.IntN(len(p.Vehicles))}
		}
	}
	for i := range p.Vehicles {
		v := &p.Vehicles[i]
		if rng.IntN(4) == 0 {
			v.MaxDuration = 2*3_600_000 + rng.Int64N(6*3_600_000)
		}
		if rng.IntN(5) == 0 {
			v.MaxStops = 2 + rng.IntN(6)
		}
		if rng.IntN(4) == 0 {
			v.Shift.Open = rng.Int64N(2 * 3_600_000)
		}
		if v.FixedCost%4 == 0 { // drawn already: the other problems stay as they are
			v.LeaveBy = v.Shift.Open + 1 + v.FixedCost*180
		}
		if rng.IntN(8) == 0 {
			v.Start = Nowhere
		}
	}
	if rng.IntN(6) == 0 {
		p.ClassRules = append(p.ClassRules, ClassRule{[]RuleKind{Apart, InOrder, NotAtOnce}[rng.IntN(3)], 2, 1})
	}
	if rng.IntN(4) == 0 {
		addDimensions(rng, p, 4)
	}
}

func addDimensions(rng *rand.Rand, p *Problem, dimensions int) {
	for ; p.Dimensions < dimensions; p.Dimensions++ {
		for i := range p.Requests {
			p.Requests[i].Load = append(p.Requests[i].Load, rng.Int64N(60))
		}
		for i := range p.Vehicles { // several may share one slice
			p.Vehicles[i].Capacity = append(slices.Clone(p.Vehicles[i].Capacity), 60+rng.Int64N(60))
		}
	}
}

// TestPropertiesUseEveryRule holds that the problems of the tests against the verifier and against every plan there is have
// in them all that a Problem can say: a rule that no test uses would be one that no test holds.
func TestPropertiesUseEveryRule(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 9))
		p := randomProblem(rng, 5+rng.IntN(40), 1+rng.IntN(8), seed%2 == 0)
		p.Initial = begun(t, rng, p)
		noteFields(seen, reflect.ValueOf(*p))
		noteShapes(seen, p)
	}
	want := []string{"RuleKind together", "RuleKind apart", "RuleKind in_order", "RuleKind not_at_once", "no pickup", "no delivery", "open start",
		"open end", "two windows", "missing road", "another way back", "four dimensions", "two profiles", "a detour that is shorter"}
	listFields(&want, reflect.TypeFor[Problem]())
	for _, x := range want {
		if !seen[x] {
			t.Errorf("no problem uses: %s", x)
		}
	}
}

// listFields appends the names of all fields that a value of type x holds, but for the names of things.
func listFields(names *[]string, x reflect.Type) {
	switch x.Kind() {
	case reflect.Slice, reflect.Pointer:
		listFields(names, x.Elem())
	case reflect.Struct:
		for f := range x.NumField() {
			name := x.Name() + "." + x.Field(f).Name
			if x.Field(f).Name != "ID" && !slices.Contains(*names, name) {
				*names = append(*names, name)
				listFields(names, x.Field(f).Type)
			}
		}
	default:
	}
}

// noteFields notes which fields of x are set.
func noteFields(seen map[string]bool, x reflect.Value) {
	switch x.Kind() {
	case reflect.Slice:
		for i := range x.Len() {
			noteFields(seen, x.Index(i))
		}
	case reflect.Pointer:
		if !x.IsNil() {
			noteFields(seen, x.Elem())
		}
	case reflect.Struct:
		for f := range x.NumField() {
			if !x.Field(f).IsZero() {
				seen[x.Type().Name()+"."+x.Type().Field(f).Name] = true
				noteFields(seen, x.Field(f))
			}
		}
	case reflect.String:
		seen[fmt.Sprint(x.Type().Name(), " ", x.String())] = true
	default:
	}
}

// noteShapes notes what shows only in how fields stand to each other.
func noteShapes(seen map[string]bool, p *Problem) {
	note := func(name string, yes bool) { seen[name] = seen[name] || yes }
	for i := range p.Requests {
		q := &p.Requests[i]
		note("no pickup", q.Pickup == nil)
		note("no delivery", q.Delivery == nil)
		note("two windows", q.Pickup != nil && len(q.Pickup.Windows) == 2)
	}
	for i := range p.Vehicles {
		note("open start", p.Vehicles[i].Start == Nowhere)
		note("open end", p.Vehicles[i].End == Nowhere)
	}
	note("four dimensions", p.Dimensions == 4)
	note("two profiles", len(p.Profiles) == 2)
	for _, m := range p.Profiles {
		at := func(a, b int) int32 { return m.Distance[a*m.Size+b] }
		note("missing road", slices.Contains(m.Distance, Unreachable))
		note("another way back", at(0, 1) >= 0 && at(1, 0) >= 0 && at(0, 1) != at(1, 0))
		note("a detour that is shorter", at(0, 1) >= 0 && at(1, 2) >= 0 && at(0, 1)+at(1, 2) < at(0, 2))
	}
}

// begun plans the older half of p's requests and gives that plan, of which each vehicle has done a part.
func begun(t *testing.T, rng *rand.Rand, p *Problem) []Initial {
	t.Helper()
	old := *p
	old.Requests = p.Requests[:(len(p.Requests)+1)/2]
	old.Rules = nil
	for _, r := range p.Rules {
		if max(r.A, r.B) < len(old.Requests) {
			old.Rules = append(old.Rules, r)
		}
	}
	var routes []Initial
	for _, r := range solve(t, &old, Options{Objective: TotalCost, Iterations: 60, Seed: 1}).Routes {
		x := Initial{Vehicle: r.Vehicle, Frozen: rng.IntN(len(r.Visits) + 1)}
		for _, v := range r.Visits {
			x.Visits = append(x.Visits, Call{v.Request, v.Kind})
		}
		for x.Frozen > 0 && !roadHome(p, &x) { // refused: see Initial
			x.Frozen--
		}
		routes = append(routes, x)
	}
	return routes
}

func roadHome(p *Problem, x *Initial) bool {
	last, v := x.Visits[x.Frozen-1], &p.Vehicles[x.Vehicle]
	stop := p.Requests[last.Request].Pickup
	if last.Kind == Delivery {
		stop = p.Requests[last.Request].Delivery
	}
	m := &p.Profiles[v.Profile]
	return v.End == Nowhere || m.Distance[stop.Location*m.Size+v.End] >= 0
}

// TestAFrozenVisitWaitsForItsNextWindow, and begins at once after the last: what is under way may be late.
func TestAFrozenVisitWaitsForItsNextWindow(t *testing.T) {
	t.Parallel()
	const h = 3_600_000
	for _, row := range []struct{ open, start int64 }{{0, 2 * h}, {h, 2 * h}, {h + h/2, 5 * h}, {4 * h, 5 * h}, {5 * h, 6 * h}, {6 * h, 7 * h}} {
		p := lineProblem(0, 60) // an hour
		p.Requests = []Request{{Pickup: &Stop{Location: 0}, Delivery: &Stop{Location: 1, Windows: []Window{{h / 2, h / 2}, {2 * h, 2 * h}, {5 * h, 6 * h}}}, Load: []int64{1}}}
		p.Vehicles = []Vehicle{{End: Nowhere, Capacity: []int64{1}, PerKm: 1, Shift: Window{row.open, 24 * h}, LIFO: true}}
		p.Initial = []Initial{{Vehicle: 0, Visits: []Call{{0, Pickup}, {0, Delivery}}, Frozen: 2}}
		s, err := Solve(t.Context(), p, Options{Objective: TotalCost, Iterations: 1}, nil)
		if err != nil || len(Verify(p, s)) > 0 {
			t.Fatal(err, Verify(p, s))
		}
		if got := s.Routes[0].Visits[1].Start; got != row.start {
			t.Errorf("from %d it begins at %d, want %d", row.open, got, row.start)
		}
		s.Routes[0].Visits[1].Start, s.Routes[0].Visits[1].Leave, s.Routes[0].Return = 3*h, 3*h, 3*h
		if len(Verify(p, s)) == 0 {
			t.Error("a start between two windows goes unseen")
		}
	}
}

// TestFrozenVisitsStay goes on from a plan that has begun, with new requests, under any mixture of rules.
func TestFrozenVisitsStay(t *testing.T) {
	t.Parallel()
	frozen := 0
	for seed := range seeds(60) {
		rng := rand.New(rand.NewPCG(seed, 13))
		p := randomProblem(rng, 4+rng.IntN(30), 1+rng.IntN(6), seed%2 == 0)
		p.Initial = begun(t, rng, p)
		for _, o := range []Objective{Lexicographic, TotalCost} {
			s := solve(t, p, Options{Objective: o, Iterations: 150, Seed: seed, Workers: 1 + rng.IntN(2)})
			for _, x := range p.Initial {
				frozen += x.Frozen
				if !beginsWith(s, x.Vehicle, x.Visits[:x.Frozen]) {
					t.Errorf("seed %d, objective %d: vehicle %d doesn't begin with %v", seed, o, x.Vehicle, x.Visits[:x.Frozen])
				}
			}
		}
	}
	if frozen < int(seeds(100)) {
		t.Errorf("only %d visits were frozen", frozen)
	}
}

func beginsWith(s *Solution, vehicle int, calls []Call) bool {
	var done []Call
	for _, r := range s.Routes {
		if r.Vehicle == vehicle {
			for _, v := range r.Visits {
				done = append(done, Call{v.Request, v.Kind})
			}
		}
	}
	return len(done) >= len(calls) && slices.Equal(done[:len(calls)], calls)
}

// TestPriorityOutweighsWhatIsBelow holds that the search weighs what it leaves out the way plans are compared: the first request
// against all the others, whose priorities together count for less.
func TestPriorityOutweighsWhatIsBelow(t *testing.T) {
	t.Parallel()
	for _, priorities := range [][]int{{1, 0, 0}, {2, 1, 0, 0}, {2, 0, 0, 0, 0, 0, 0, 0, 0}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, {9, 8, 1, 0}} {
		p := plainProblem(rand.New(rand.NewPCG(2, 2)), len(priorities), 1)
		for i, priority := range priorities {
			p.Requests[i].Priority = priority
		}
		for _, dear := range []int64{1, maxMoney} { // with very dear vehicles there is room for small steps only
			p.Vehicles[0].FixedCost = dear
			for _, o := range []Objective{Lexicographic, TotalCost} {
				m, others := compile(p, o), int64(0)
				for _, x := range m.penalty[1:] {
					others += x
				}
				first := m.penalty[0]
				if len(priorities) < 10 && dear < maxMoney && first <= others || first < m.penalty[1] || first+others > inf || others < 0 {
					t.Errorf("priorities %v, objective %d: %d for the first, %d for the others", priorities, o, first, others)
				}
			}
		}
	}
}

// TestAGroupIsWorthItsSum lets an optional request whose prize pays for nothing ride with a mandatory one it is bound to.
func TestAGroupIsWorthItsSum(t *testing.T) {
	t.Parallel()
	p := plainProblem(rand.New(rand.NewPCG(3, 3)), 2, 1)
	for i := range p.Requests {
		p.Requests[i].Pickup.Windows, p.Requests[i].Delivery.Windows = nil, nil
	}
	p.Requests[0].Optional, p.Requests[0].Prize = true, 1
	p.Rules = []Rule{{Together, 0, 1}}
	p.Vehicles[0].PerKm = 1000
	if s := solve(t, p, Options{Objective: TotalCost, Iterations: 200}); len(s.Unserved) > 0 {
		t.Errorf("%d requests are left out", len(s.Unserved))
	}
}

// TestLeavesAsLateAsRestsAllow drives to a stop that opens late. The wait there is the rest that the way home asks for, so the
// vehicle leaves just so early that the wait is long enough, and not hours before.
func TestLeavesAsLateAsRestsAllow(t *testing.T) {
	t.Parallel()
	const hour = int64(3_600_000)
	rest := Break{Every: 4 * hour, Length: hour / 3}
	p := &Problem{Dimensions: 1, Requests: []Request{{Delivery: &Stop{Location: 1, Windows: []Window{{8 * hour, 9 * hour}}}, Load: []int64{1}}},
		Profiles: []Matrix{{Size: 2, Distance: []int32{0, 150_000, 150_000, 0}, Duration: []int32{0, int32(3 * hour), int32(3 * hour), 0}}},
		Vehicles: []Vehicle{{Shift: Window{0, 24 * hour}, Capacity: []int64{1}, Break: rest, PerHour: 1000}}}
	s := solve(t, p, Options{Objective: TotalCost, Iterations: 50})
	if depart := 5*hour - rest.Length; len(s.Routes) != 1 || s.Routes[0].Depart != depart || s.Routes[0].Return != 11*hour {
		t.Errorf("got %+v, want %d to %d", s.Routes, depart, 11*hour)
	}
}

// TestAStopBeforeMayBeTheRest takes a load that is late alone for a rest: it waits 5 s for the goods, which is none, and rests 5 s of driving
// later. Another stop on the way opens so late that the wait there is the rest.
func TestAStopBeforeMayBeTheRest(t *testing.T) {
	t.Parallel()
	at := []int32{0, 10_000, 55_000, 70_000}
	m := Matrix{Size: 4, Distance: make([]int32, 16), Duration: make([]int32, 16)}
	for a := range 4 {
		for b := range 4 {
			m.Distance[a*4+b] = max(at[a]-at[b], at[b]-at[a])
		}
	}
	m.Duration = m.Distance
	p := &Problem{Dimensions: 1, Profiles: []Matrix{m}, Vehicles: []Vehicle{{End: Nowhere, Shift: Window{0, 1_000_000}, Capacity: []int64{2}, Break: Break{60_000, 10_000}, PerKm: 1}},
		Requests: []Request{{Pickup: &Stop{Location: 2, Windows: []Window{{60_000, 90_000}}}, Delivery: &Stop{Location: 3, Windows: []Window{{0, 82_000}}}, Load: []int64{1}}}}
	alone := solve(t, p, Options{Objective: TotalCost, Iterations: 50})
	if len(alone.Unserved) != 1 || alone.Unserved[0].Reasons[0].Rule != ReasonRests || alone.Unserved[0].Reasons[0].Need != 85_000 {
		t.Errorf("alone: %+v", alone.Unserved)
	}
	p.Requests = append(p.Requests, Request{Delivery: &Stop{Location: 1, Windows: []Window{{20_000, 100_000}}}, Load: []int64{1}})
	if both := solve(t, p, Options{Objective: TotalCost, Iterations: 50}); len(both.Unserved) > 0 || both.Routes[0].Return != 80_000 {
		t.Errorf("beside another: %+v, left out %+v", both.Routes, both.Unserved)
	}
}
