package pdptw

import (
	"slices"
	"testing"
)

// checkable is a problem on a line of five places, a minute and a kilometre apart, and a plan of one route that holds:
// both requests are loaded, then unloaded in the order of loading.
func checkable() (*Problem, *Solution) {
	const size = 5
	m := Matrix{Size: size, Distance: make([]int32, size*size), Duration: make([]int32, size*size)}
	for a := range size {
		for b := range size {
			m.Distance[a*size+b], m.Duration[a*size+b] = int32(1000*max(a-b, b-a)), int32(60_000*max(a-b, b-a))
		}
	}
	stop := func(at int) *Stop { return &Stop{at, []Window{{0, 3_600_000}}, 30_000} }
	p := &Problem{Dimensions: 1, Profiles: []Matrix{m},
		Requests: []Request{{Pickup: stop(1), Delivery: stop(3), Load: []int64{4}}, {Pickup: stop(2), Delivery: stop(4), Load: []int64{5}}},
		Vehicles: []Vehicle{{Shift: Window{0, 3_600_000}, Capacity: []int64{9}, FixedCost: 500, PerKm: 100}}}
	p.Vehicles = append(p.Vehicles, p.Vehicles[0])
	s := &Solution{Routes: []Route{{Return: 600_000, Distance: 8000, Driving: 480_000, Service: 120_000}}}
	r := &s.Routes[0]
	for i, c := range []Call{{0, Pickup}, {1, Pickup}, {0, Delivery}, {1, Delivery}} {
		at := int64(60_000 + 90_000*i)
		r.Visits = append(r.Visits, Visit{Request: c.Request, Kind: c.Kind, Arrive: at, Start: at, Leave: at + 30_000,
			Load: []int64{[]int64{4, 9, 5, 0}[i]}, Metres: int64(1000 * (i + 1))})
	}
	r.Cost = Cost{Fixed: 500, Distance: 800, Total: 1300}
	s.Cost = r.Cost
	return p, s
}

// TestVerifyObjects breaks one rule after another: the verifier is the judge of all other tests, so it has to see each.
func TestVerifyObjects(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		rule   string
		change func(*Problem, *Solution)
	}{
		{"", func(*Problem, *Solution) {}},
		{"capacity", func(p *Problem, _ *Solution) { p.Vehicles[0].Capacity[0] = 8 }},
		{"order", func(_ *Problem, s *Solution) {
			s.Routes[0].Visits[0].Kind, s.Routes[0].Visits[2].Kind = Delivery, Pickup
		}},
		{"last in first out", func(p *Problem, _ *Solution) { p.Vehicles[0].LIFO = true }},
		{"window", func(p *Problem, _ *Solution) { p.Requests[1].Delivery.Windows[0].Close = 329_999 }},
		{"window", func(p *Problem, _ *Solution) { p.Requests[0].Pickup.Windows[0].Open = 60_001 }},
		{"shift", func(p *Problem, _ *Solution) { p.Vehicles[0].Shift.Close = 599_999 }},
		{"shift", func(p *Problem, _ *Solution) { p.Vehicles[0].Shift.Open = 1 }},
		{"start", func(_ *Problem, s *Solution) { s.Routes[0].Visits[1].Start-- }},
		{"arrival", func(_ *Problem, s *Solution) { s.Routes[0].Visits[1].Arrive-- }},
		{"service", func(_ *Problem, s *Solution) { s.Routes[0].Visits[3].Leave-- }},
		{"return", func(_ *Problem, s *Solution) { s.Routes[0].Return-- }},
		{"distance", func(_ *Problem, s *Solution) { s.Routes[0].Visits[2].Metres-- }},
		{"number", func(_ *Problem, s *Solution) { s.Routes[0].Distance-- }},
		{"number", func(_ *Problem, s *Solution) { s.Routes[0].Visits[2].Load[0]-- }},
		{"cost", func(_ *Problem, s *Solution) { s.Routes[0].Cost.Fixed-- }},
		{"cost", func(_ *Problem, s *Solution) { s.Cost.Total-- }},
		{"", func(p *Problem, _ *Solution) { p.Vehicles[0].Minimum = 1300 }},
		{"cost", func(p *Problem, _ *Solution) { p.Vehicles[0].Minimum = 1301 }},
		{"", func(p *Problem, s *Solution) { p.Vehicles[0].Minimum = 1301; atLeast(s, 1) }},
		{"cost", func(p *Problem, s *Solution) { p.Vehicles[0].Minimum = 1302; atLeast(s, 1) }},
		{"arrival", func(p *Problem, _ *Solution) { p.Vehicles[0].Standing = []Window{{100_000, 110_000}} }},
		{"", func(p *Problem, s *Solution) { // it drives at most up to the beginning and from the end on
			p.Vehicles[0].Standing = []Window{{60_000, 90_000}, {150_000, 180_000}}
		}},
		{"stands", func(_ *Problem, s *Solution) { s.Routes[0].Stands = []Halt{{1, 70_000, 0}} }},
		{"rests", func(_ *Problem, s *Solution) { s.Routes[0].Rests = []Halt{{1, 70_000, 0}} }},
		{"unreachable", func(p *Problem, _ *Solution) { p.Profiles[0].Distance[1*5+2] = Unreachable }},
		{"max_duration", func(p *Problem, _ *Solution) { p.Vehicles[0].MaxDuration = 599_999 }},
		{"leave_by", func(p *Problem, _ *Solution) { p.Vehicles[0].Shift.Open, p.Vehicles[0].LeaveBy = -1, -1 }},
		{"max_distance", func(p *Problem, _ *Solution) { p.Vehicles[0].MaxDistance = 7999 }},
		{"max_stops", func(p *Problem, _ *Solution) { p.Vehicles[0].MaxStops = 3 }},
		{"skill", func(p *Problem, _ *Solution) { p.Requests[1].Skills = []string{"cold"} }},
		{"only", func(p *Problem, _ *Solution) { p.Requests[1].Only = []int{1} }},
		{"barred", func(p *Problem, _ *Solution) { p.Requests[1].Barred = []Bar{{0, "no pass"}} }},
		{"apart", func(p *Problem, _ *Solution) { p.Rules = []Rule{{Apart, 0, 1}} }},
		{"in_order", func(p *Problem, _ *Solution) { p.Rules = []Rule{{InOrder, 0, 1}} }},
		{"not_at_once", func(p *Problem, _ *Solution) { p.ClassRules = []ClassRule{{NotAtOnce, 0, 0}} }},
		{"frozen", func(p *Problem, _ *Solution) { p.Initial = []Initial{{0, []Call{{1, Pickup}}, 1}} }},
		{"unserved", func(_ *Problem, s *Solution) { s.Routes[0].Visits = s.Routes[0].Visits[:3] }},
		{"half", func(_ *Problem, s *Solution) {
			s.Routes[0].Visits, s.Unserved = s.Routes[0].Visits[:3], []Unserved{{Request: 1}}
		}},
		{"unserved", func(_ *Problem, s *Solution) { s.Routes = nil }},
		{"unserved", func(_ *Problem, s *Solution) { s.Unserved = []Unserved{{Request: 1}} }},
		{"served twice", func(_ *Problem, s *Solution) { s.Routes[0].Visits[1].Request = 0 }},
		{"split", func(_ *Problem, s *Solution) { moveTo(s, 3) }},
		{"together", func(p *Problem, s *Solution) { p.Rules = []Rule{{Together, 0, 1}}; moveTo(s, 1, 3) }},
		{"vehicle", func(_ *Problem, s *Solution) { s.Routes = append(s.Routes, s.Routes[0]) }},
		{"empty", func(_ *Problem, s *Solution) { s.Routes = append(s.Routes, Route{Vehicle: 1}) }},
		{"visit", func(_ *Problem, s *Solution) { s.Routes[0].Visits[0].Request = 2 }},
	} {
		p, s := checkable()
		x.change(p, s)
		found := Verify(p, s)
		if x.rule == "" && len(found) > 0 || x.rule != "" && !slices.ContainsFunc(found, func(v Violation) bool { return v.Rule == x.rule }) {
			t.Errorf("%q was broken, the verifier objects %q", x.rule, found)
		}
	}
}

// atLeast states money for a least price that the route falls short of.
func atLeast(s *Solution, short int64) {
	for _, c := range []*Cost{&s.Routes[0].Cost, &s.Cost} {
		c.Minimum, c.Total = short, c.Total+short
	}
}

// moveTo lets the second vehicle drive some of the stops.
func moveTo(s *Solution, stops ...int) {
	other := Route{Vehicle: 1}
	for _, k := range slices.Backward(stops) {
		other.Visits = slices.Insert(other.Visits, 0, s.Routes[0].Visits[k])
		s.Routes[0].Visits = slices.Delete(s.Routes[0].Visits, k, k+1)
	}
	s.Routes = append(s.Routes, other)
}
