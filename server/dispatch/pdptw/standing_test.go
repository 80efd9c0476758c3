package pdptw

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

const (
	minuteMs = int64(60_000)
	hourMs   = 60 * minuteMs
)

// nights are two o'clock to five of three days, the first of which begins at 0.
func nights() []Window {
	var out []Window
	for n := range int64(3) {
		out = append(out, Window{n*24*hourMs + 2*hourMs, n*24*hourMs + 5*hourMs})
	}
	return out
}

// hoursLine is a line of places that lie so many hours from the first; a kilometre takes a minute.
func hoursLine(hours ...int64) Matrix {
	n := len(hours)
	m := Matrix{Size: n, Distance: make([]int32, n*n), Duration: make([]int32, n*n)}
	for a := range n {
		for b := range n {
			gap := max(hours[a]-hours[b], hours[b]-hours[a])
			m.Distance[a*n+b], m.Duration[a*n+b] = int32(gap*60_000), int32(gap*hourMs)
		}
	}
	return m
}

// TestStandsWhereItMayNotDrive gives the times of one leg of a coach that stands from 2:00 to 5:00 and rests for 20 minutes after 4 hours.
func TestStandsWhereItMayNotDrive(t *testing.T) {
	t.Parallel()
	k := &truck{standing: nights(), every: 4 * hourMs, rest: 20 * minuteMs}
	clock := func(h, m int64) int64 { return h*hourMs + m*minuteMs }
	rest := func(at int64) Halt { return Halt{0, at, 20 * minuteMs} }
	stand := func(from, to int64) Halt { return Halt{0, from, to - from} }
	for _, x := range []struct {
		name                string
		leave, leg, driven  int64
		arrive, drivenAfter int64
		rests, stands       []Halt
	}{
		{"HaltsOnTheRoad", clock(0, 0), clock(3, 0), 0, clock(6, 0), clock(1, 0), nil, []Halt{stand(clock(2, 0), clock(5, 0))}},
		{"ArrivesAsItBegins", clock(0, 0), clock(2, 0), 0, clock(2, 0), clock(2, 0), nil, nil},
		{"LeavesAsItEnds", clock(5, 0), clock(1, 0), 0, clock(6, 0), clock(1, 0), nil, nil},
		{"LeavesAtTheEndOfIt", clock(3, 0), clock(1, 0), clock(1, 0), clock(6, 0), clock(1, 0), nil, []Halt{stand(clock(3, 0), clock(5, 0))}},
		{"DrivesNowhere", clock(3, 0), 0, clock(1, 0), clock(3, 0), clock(1, 0), nil, nil},
		{"InsteadOfARest", clock(1, 0), clock(3, 0), clock(3, 0), clock(7, 0), clock(2, 0), nil, []Halt{stand(clock(2, 0), clock(5, 0))}},
		{"RestsBeforeIt", clock(1, 0), clock(2, 0), clock(3, 30), clock(6, 20), clock(1, 20), []Halt{rest(clock(1, 30))}, []Halt{stand(clock(2, 0), clock(5, 0))}},
		{"RestsIntoIt", clock(1, 50), clock(1, 0), clock(4, 0), clock(6, 0), clock(1, 0), []Halt{rest(clock(1, 50))}, []Halt{stand(clock(2, 10), clock(5, 0))}},
		{"TooShortForARest", clock(4, 45), clock(1, 0), clock(3, 30), clock(6, 20), clock(0, 30), []Halt{rest(clock(5, 30))}, []Halt{stand(clock(4, 45), clock(5, 0))}},
		{"RestsOutOfIt", clock(4, 45), clock(1, 0), clock(4, 0), clock(6, 5), clock(1, 0), []Halt{rest(clock(4, 45))}, nil},
		{"TwoNights", clock(1, 0), clock(23, 0), 0, clock(31, 20), clock(2, 20),
			[]Halt{rest(clock(9, 0)), rest(clock(13, 20)), rest(clock(17, 40)), rest(clock(22, 0))}, []Halt{stand(clock(2, 0), clock(5, 0)), stand(clock(26, 0), clock(29, 0))}},
	} {
		g := going{now: x.leave, left: x.leg, driven: x.driven}
		var rested, stood []Halt
		for why, length := k.onwards(&g); why != arrived; why, length = k.onwards(&g) {
			if h := (Halt{0, g.now - length, length}); why == rests {
				rested = append(rested, h)
			} else {
				stood = append(stood, h)
			}
		}
		if g.now != x.arrive || g.driven != x.drivenAfter || !slices.Equal(rested, x.rests) || !slices.Equal(stood, x.stands) {
			t.Errorf("%s: at %d, %d driven, rests %v, stands %v; want %d, %d, %v, %v", x.name, g.now, g.driven, rested, stood, x.arrive, x.drivenAfter, x.rests, x.stands)
		}
		d := &drive{v: &Vehicle{Standing: k.standing, Break: Break{k.every, k.rest}}, now: x.leave, driven: x.driven}
		if d.road(0, x.leg); d.now != x.arrive || d.driven != x.drivenAfter || !slices.Equal(d.rested, x.rests) || !slices.Equal(d.stood, x.stands) {
			t.Errorf("%s: the verifier is at %d, %d driven, rests %v, stands %v", x.name, d.now, d.driven, d.rested, d.stood)
		}
	}
}

// TestLeavingLaterNeverArrivesEarlier holds for one leg without rests, and with them where the spans are as long as a rest. Where they are
// shorter, leaving later may let the rest fall on one of them. The last moment to leave is the last.
func TestLeavingLaterNeverArrivesEarlier(t *testing.T) {
	t.Parallel()
	for seed := range seeds(300) {
		rng := rand.New(rand.NewPCG(seed, 21))
		p := &Problem{Vehicles: make([]Vehicle, 3)}
		addStanding(rng, p)
		k := &truck{standing: p.Vehicles[0].Standing}
		if !slices.ContainsFunc(k.standing, func(x Window) bool { return x.Close-x.Open < 20*minuteMs }) {
			k.every, k.rest = hourMs, 20*minuteMs
		}
		leg, driven, before := rng.Int64N(4*hourMs), rng.Int64N(hourMs+1), int64(0)
		for leave := int64(0); leave < 12*hourMs; leave += 1 + rng.Int64N(10*minuteMs) {
			g := going{now: leave, left: leg, driven: driven}
			for why := stands; why != arrived; {
				why, _ = k.onwards(&g)
			}
			if g.now < before {
				t.Fatalf("seed %d: leaving at %d arrives at %d, an earlier one at %d", seed, leave, g.now, before)
			}
			before = g.now
			if by := k.leaveBy(leave, leg); k.reach(by, leg) > leave || k.reach(by+1, leg) <= leave && leg > 0 {
				t.Fatalf("seed %d: to arrive by %d after %d it leaves at %d, arrives at %d, or a moment later at %d", seed, leave, leg, by, k.reach(by, leg), k.reach(by+1, leg))
			}
		}
	}
}

// TestTheSearchDrivesLikeTheBruteForce compares the kernel's simulation with the tests' own, visit order by visit order.
func TestTheSearchDrivesLikeTheBruteForce(t *testing.T) {
	t.Parallel()
	possible, standing := 0, 0
	for seed := range seeds(1500) {
		rng := rand.New(rand.NewPCG(seed, 17))
		p := randomProblem(rng, 1+rng.IntN(4), 1, seed%3 == 0)
		p.Rules, p.ClassRules = nil, nil
		for i := range p.Requests {
			q := &p.Requests[i]
			q.Skills, q.Barred, q.Only, q.Promise = nil, nil, nil, nil
		}
		m, e := compile(p, TotalCost), &exhaustive{p: p}
		w := newWalker(m)
		for range 4 {
			calls, seq := anyOrder(rng, m)
			want := e.routeCost(0, calls, false)
			got, ok := w.walk(0, seq)
			if ok != (want < inf) || ok && (got.cost > want+6*scale || got.cost < want-6*scale) { // whole money is rounded down line by line
				t.Errorf("seed %d, order %v: cost %d, %v; by brute force %d", seed, calls, got.cost, ok, want)
			}
			if !ok {
				continue
			}
			if possible++; p.Vehicles[0].Standing != nil {
				standing++
			}
			for q := range p.Requests {
				if !m.canServe(0, q) && seed%3 != 0 { // where roads are missing others may open the way
					t.Errorf("seed %d, order %v is possible, but request %d can't ride: %+v", seed, calls, q, m.refusal(0, q))
				}
			}
		}
	}
	if standing < 50 || possible-standing < 100 {
		t.Errorf("%d of %d possible orders are of vehicles that stand: the test tells nothing", standing, possible)
	}
}

// anyOrder is all stops of a problem in some order, each pickup before its delivery.
func anyOrder(rng *rand.Rand, m *model) (calls []Call, seq []int32) {
	for q := range m.p.Requests {
		if m.p.Requests[q].Pickup != nil {
			calls = append(calls, Call{q, Pickup})
		}
		if m.p.Requests[q].Delivery != nil {
			calls = append(calls, Call{q, Delivery})
		}
	}
	rng.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
	for i := range calls {
		for j := range i {
			if calls[i].Request == calls[j].Request && calls[i].Kind == Pickup {
				calls[i], calls[j] = calls[j], calls[i]
			}
		}
	}
	seq = append(seq, m.trucks[0].start)
	for _, c := range calls {
		seq = append(seq, int32(2*c.Request)+int32(c.Kind))
	}
	return calls, append(seq, m.trucks[0].end)
}

// coach is one vehicle that takes people from the first place of a line to the last, from midnight on.
func coach(hours ...int64) *Problem {
	return &Problem{Dimensions: 1, Profiles: []Matrix{hoursLine(hours...)},
		Requests: []Request{{Pickup: &Stop{Location: 0}, Delivery: &Stop{Location: len(hours) - 1}, Load: []int64{1}}},
		Vehicles: []Vehicle{{Start: 0, End: Nowhere, Shift: Window{0, 72 * hourMs}, Capacity: []int64{1}, PerKm: 1, Standing: nights()}}}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	one := func(t *testing.T, p *Problem) *Route {
		t.Helper()
		for _, o := range []Objective{Lexicographic, TotalCost} {
			if s := solve(t, p, Options{Objective: o, Iterations: 50}); len(s.Routes) != 1 || len(s.Unserved) > 0 {
				t.Fatalf("objective %d: %+v", o, s)
			} else if o == TotalCost {
				return &s.Routes[0]
			}
		}
		return nil
	}
	t.Run("IsInThePlan", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 4)
		p.Requests[0].Pickup.Windows = []Window{{0, 0}}
		r := one(t, p)
		if r.Depart != 0 || r.Visits[1].Arrive != 7*hourMs || r.Driving != 4*hourMs || !slices.Equal(r.Stands, []Halt{{1, 2 * hourMs, 3 * hourMs}}) {
			t.Errorf("%+v", r)
		}
	})
	t.Run("LoadingGoesOn", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 1, 3) // at 1:00 at the first stop, loads until 4:00, leaves at 5:00
		p.Requests[0].Pickup = &Stop{Location: 1, Service: 3 * hourMs, Windows: []Window{{0, hourMs}}}
		if r := one(t, p); r.Visits[0].Leave != 4*hourMs || r.Return != 7*hourMs || !slices.Equal(r.Stands, []Halt{{1, 4 * hourMs, hourMs}}) {
			t.Errorf("%+v", r)
		}
	})
	t.Run("KeepsTheLaterWindow", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 4) // the first hours are over when it arrives, at 7:00; for 8:00 it leaves at 1:00
		p.Requests[0].Delivery.Windows = []Window{{4 * hourMs, 6 * hourMs}, {8 * hourMs, 9 * hourMs}}
		if r := one(t, p); r.Visits[1].Start != 8*hourMs || r.Visits[1].Arrive != 8*hourMs || r.Depart != hourMs {
			t.Errorf("%+v", r)
		}
	})
	t.Run("IsARest", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 6)
		p.Vehicles[0].Break = Break{4 * hourMs, 20 * minuteMs}
		p.Requests[0].Pickup.Windows = []Window{{0, 0}}
		if r := one(t, p); r.Return != 9*hourMs || len(r.Rests) > 0 {
			t.Errorf("%+v, want no rest beside the night", r)
		}
	})
	t.Run("LeavesSoLateThatItIsARest", func(t *testing.T) {
		t.Parallel()
		// Five hours from 20:00 on need a rest; from 23:00 on they are three before the night and two behind it.
		p := coach(0, 5)
		p.Vehicles[0].Break, p.Vehicles[0].Shift.Open = Break{4 * hourMs, 20 * minuteMs}, 20*hourMs
		p.Requests[0].Delivery.Windows = []Window{{31 * hourMs, 32 * hourMs}}
		if r := one(t, p); r.Depart != 23*hourMs || r.Visits[1].Arrive != 31*hourMs || len(r.Rests) > 0 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("UnderWayItIsNotHeldBack", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 4)
		p.Vehicles[0].MaxDuration = 5 * hourMs
		p.Initial = []Initial{{Vehicle: 0, Visits: []Call{{0, Pickup}, {0, Delivery}}, Frozen: 2}}
		if r := one(t, p); r.Depart != 0 || r.Return != 7*hourMs {
			t.Errorf("%+v", r)
		}
	})
	t.Run("ShortTripsLeaveAfterIt", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 4)
		p.Vehicles[0].Shift.Open = 1 * hourMs // leaving at once it takes from 1:00 to 8:00
		p.Vehicles[0].MaxDuration = 5 * hourMs
		if r := one(t, p); r.Depart != 5*hourMs || r.Return != 9*hourMs {
			t.Errorf("%+v, want 5:00 to 9:00", r)
		}
	})
	t.Run("ShortTripsLoadDuringIt", func(t *testing.T) {
		t.Parallel()
		// An hour to the goods, three hours of loading, two to the end, wanted by 20:00. From 5:30 it takes 12 hours, from 9:00 nine.
		p := coach(0, 1, 3)
		p.Requests[0].Pickup = &Stop{Location: 1, Service: 3 * hourMs}
		p.Requests[0].Delivery.Windows = []Window{{0, 20 * hourMs}}
		v := &p.Vehicles[0]
		v.Shift.Open, v.MaxDuration, v.Standing = 5*hourMs+30*minuteMs, 6*hourMs, []Window{{6 * hourMs, 9 * hourMs}, {14 * hourMs, 17 * hourMs}}
		if r := one(t, p); r.Depart != 13*hourMs || r.Return != 19*hourMs || len(r.Stands) > 0 {
			t.Errorf("%+v, want 13:00 to 19:00, loading while it may not drive", r)
		}
	})
	t.Run("VehiclesThatStandAreNotLikeOthers", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 4)
		p.Requests[0].Delivery.Windows = []Window{{0, 5 * hourMs}}
		p.Vehicles = append(p.Vehicles, p.Vehicles[0])
		p.Vehicles[1].Standing = nil
		if r := one(t, p); r.Vehicle != 1 || len(r.Stands) > 0 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("UnderWayItIsLate", func(t *testing.T) {
		t.Parallel()
		p := coach(0, 4)
		p.Requests[0].Delivery.Windows = []Window{{0, 5 * hourMs}}
		p.Vehicles[0].Shift.Close = 6 * hourMs
		p.Initial = []Initial{{Vehicle: 0, Visits: []Call{{0, Pickup}, {0, Delivery}}, Frozen: 2}}
		if r := one(t, p); r.Visits[1].Start != 7*hourMs || r.Depart != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// Spans of time come one after the other, within reach; a vehicle stands for some time, a stop's window may be an instant.
func TestSpansOfTime(t *testing.T) {
	t.Parallel()
	const far = int64(1) << 50
	for _, row := range []struct {
		spans           []Window
		standing, stops string // what is wrong in a vehicle's standing, and in a stop's windows
	}{
		{[]Window{{5, 9}, {10, 12}}, "", ""}, {[]Window{{-far, far}}, "", ""},
		{[]Window{{5, 5}}, "[0]", ""}, {[]Window{{5, 9}, {10, 10}}, "[1]", ""},
		{[]Window{{5, 9}, {9, 12}}, "[1]", "[1]"}, {[]Window{{5, 9}, {10, 12}, {14, 13}}, "[2]", "[2]"},
		{[]Window{{5, 9}, {1, 2}}, "[1]", "[1]"}, {[]Window{{-far - 1, 9}}, "[0]", "[0]"}, {[]Window{{5, far + 1}}, "[0]", "[0]"},
		{[]Window{{math.MaxInt64, math.MinInt64}}, "[0]", "[0]"}, {[]Window{{5, math.MinInt64}}, "[0]", "[0]"},
		{[]Window{{math.MaxInt64, 5}}, "[0]", "[0]"},
	} {
		for field, at := range map[string]string{"vehicles[0].standing": row.standing, "requests[0].delivery.windows": row.stops} {
			p := coach(0, 4)
			if at != "" {
				at = field + at
			}
			if field == "vehicles[0].standing" {
				p.Vehicles[0].Standing = row.spans
			} else {
				p.Requests[0].Delivery.Windows = row.spans
			}
			var wrong *InputError
			if errors.As(p.Check(), &wrong); wrong == nil && at != "" || wrong != nil && wrong.Where != at {
				t.Errorf("%v: %v, want %q", row.spans, wrong, at)
			}
		}
	}
}
