package pdptw

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// distanceOf is the length of all routes.
func distanceOf(s *Solution) (sum int64) {
	for _, r := range s.Routes {
		sum += r.Distance
	}
	return sum
}

func TestMetamorphic(t *testing.T) {
	t.Parallel()
	problem := func(seed uint64) *Problem {
		rng := rand.New(rand.NewPCG(seed, 6))
		p := plainProblem(rng, 14, 8)
		if seed%2 == 1 {
			addStanding(rng, p)
		}
		return p
	}
	o := Options{Iterations: 800, Seed: 2}
	for seed := range uint64(8) {
		base := solve(t, problem(seed), o)
		for _, x := range []struct {
			name   string
			change func(*Problem)
			scale  int64
		}{
			{"Rename", func(p *Problem) {
				for i := range p.Requests {
					p.Requests[i].ID += " again"
				}
			}, 1},
			{"Translate", func(p *Problem) { shiftTimes(p, 86_400_000) }, 1},
			{"ScaleDistance", func(p *Problem) {
				for i := range p.Profiles[0].Distance {
					p.Profiles[0].Distance[i] *= 3
				}
			}, 3},
			{"UselessTruck", func(p *Problem) {
				v := p.Vehicles[0]
				v.Capacity = []int64{0}
				p.Vehicles = append(p.Vehicles, v)
			}, 1},
		} {
			p := problem(seed)
			x.change(p)
			got := solve(t, p, o)
			if len(got.Routes) != len(base.Routes) || len(got.Unserved) != len(base.Unserved) || distanceOf(got) != x.scale*distanceOf(base) {
				t.Errorf("%s, seed %d: %d vehicles, %d m, before %d, %d m", x.name, seed, len(got.Routes), distanceOf(got), len(base.Routes), distanceOf(base))
			}
		}
	}
}

func shiftTimes(p *Problem, by int64) {
	move := func(w *Window) { w.Open, w.Close = w.Open+by, w.Close+by }
	for i := range p.Requests {
		for _, s := range []*Stop{p.Requests[i].Pickup, p.Requests[i].Delivery} {
			for k := range s.Windows {
				move(&s.Windows[k])
			}
		}
	}
	for i := range p.Vehicles {
		move(&p.Vehicles[i].Shift)
		for k := range p.Vehicles[i].Standing {
			move(&p.Vehicles[i].Standing[k])
		}
	}
}

func TestReportsEachBetterPlan(t *testing.T) {
	t.Parallel()
	p := plainProblem(rand.New(rand.NewPCG(4, 1)), 40, 20)
	var told []Progress
	now := time.Unix(0, 0)
	o := Options{Time: 2 * time.Second, Now: func() time.Time { now = now.Add(time.Millisecond); return now }, Seed: 3}
	s, err := Solve(context.Background(), p, o, func(x Progress) {
		told = append(told, x)
		if v := Verify(p, x.Plan()); len(v) > 0 {
			t.Errorf("a reported plan breaks %v", v[0])
		}
	})
	if err != nil || len(told) < 2 {
		t.Fatalf("%v, %d reports", err, len(told))
	}
	for i, x := range told[1:] {
		if a, b := told[i], x; b.Vehicles > a.Vehicles || b.Vehicles == a.Vehicles && b.Distance >= a.Distance || b.Elapsed < a.Elapsed {
			t.Errorf("report %+v follows %+v", b, a)
		}
	}
	if last := told[len(told)-1]; last.Vehicles != len(s.Routes) || last.Distance != distanceOf(s) {
		t.Errorf("the last report is %+v, the plan has %d vehicles and %d m", last, len(s.Routes), distanceOf(s))
	}
}

func TestWarmStart(t *testing.T) {
	t.Parallel()
	p := plainProblem(rand.New(rand.NewPCG(11, 1)), 20, 8)
	first := solve(t, p, Options{Objective: TotalCost, Iterations: 1500})
	for _, r := range first.Routes {
		x := Initial{Vehicle: r.Vehicle}
		for _, v := range r.Visits {
			x.Visits = append(x.Visits, Call{v.Request, v.Kind})
			p.Requests[v.Request].Promise = &Promise{r.Vehicle, 10_000_000}
		}
		x.Frozen = min(2, len(x.Visits))
		p.Initial = append(p.Initial, x)
	}
	t.Run("KeepsThePlanFromTheFirstStep", func(t *testing.T) {
		w := newWorker(compile(p, TotalCost), 1, 1)
		w.s.layInitial()
		if len(w.s.absent) != len(first.Unserved) {
			t.Errorf("%d requests of the old plan lost their place", len(w.s.absent))
		}
	})
	t.Run("PromisesAreDear", func(t *testing.T) {
		late := &Request{ID: "late", Load: []int64{5}, Pickup: p.Requests[0].Pickup, Delivery: p.Requests[0].Delivery}
		q := *p
		q.Requests = append(append([]Request(nil), p.Requests...), *late)
		if s := solve(t, &q, Options{Objective: TotalCost, Iterations: 1500}); s.Cost.Promises != 0 {
			t.Errorf("a new request made the plan break promises worth %d", s.Cost.Promises)
		}
	})
}

func TestReasons(t *testing.T) {
	t.Parallel()
	line := Matrix{Size: 3, Distance: []int32{0, 10, 20, 10, 0, 10, 20, 10, 0}, Duration: []int32{0, 10, 20, 10, 0, 10, 20, 10, 0}}
	request := func() Request {
		return Request{ID: "r", Load: []int64{5}, Pickup: &Stop{Location: 1}, Delivery: &Stop{Location: 2, Windows: []Window{{0, 100}}}}
	}
	truck := Vehicle{ID: "v", Capacity: []int64{10}, PerKm: 1000, Shift: Window{0, 1000}}
	for _, x := range []struct {
		name   string
		change func(*Problem)
		want   Reason // of request 0
	}{
		{"Capacity", func(p *Problem) { p.Requests[0].Load[0] = 12 }, Reason{Rule: ReasonCapacity, Need: 12, Limit: 10, Dimension: 0, Count: 1}},
		{"Skill", func(p *Problem) { p.Requests[0].Skills = []string{"cold"} }, Reason{Rule: ReasonSkill, Detail: "cold", Dimension: -1, Count: 1}},
		{"Barred", func(p *Problem) { p.Requests[0].Barred = []Bar{{0, "no pass"}} }, Reason{Rule: ReasonBarred, Detail: "no pass", Dimension: -1, Count: 1}},
		{"Only", func(p *Problem) { p.Requests[0].Only = []int{} }, Reason{Rule: ReasonOnly, Dimension: -1, Count: 1}},
		{"Window", func(p *Problem) { p.Requests[0].Delivery.Windows[0].Close = 15 }, Reason{Rule: ReasonWindow, Need: 20, Limit: 15, Detail: "delivery", Dimension: -1, Count: 1}},
		{"Standing", func(p *Problem) {
			p.Vehicles[0].Standing, p.Requests[0].Delivery.Windows[0].Close = []Window{{15, 40}}, 44
		}, Reason{Rule: ReasonStanding, Need: 45, Limit: 44, Detail: "delivery", Dimension: -1, Count: 1}},
		{"Rests", func(p *Problem) { // a minute of driving, the rest, ten seconds
			p.Profiles[0].Duration = []int32{0, 10_000, 20_000, 10_000, 0, 60_000, 20_000, 60_000, 0}
			p.Vehicles[0].Break, p.Vehicles[0].Shift = Break{60_000, 5000}, Window{0, 1_000_000}
			p.Requests[0].Delivery.Windows[0].Close = 74_999
		}, Reason{Rule: ReasonRests, Need: 75_000, Limit: 74_999, Detail: "delivery", Dimension: -1, Count: 1}},
		{"StandingTwice", func(p *Problem) { // at the pickup at 45
			p.Vehicles[0].Standing, p.Requests[0].Delivery.Windows[0].Close = []Window{{5, 40}, {50, 60}}, 50
		}, Reason{Rule: ReasonStanding, Need: 65, Limit: 50, Detail: "delivery", Dimension: -1, Count: 1}},
		{"StandingBeforeTheEnd", func(p *Problem) {
			p.Vehicles[0].Standing, p.Vehicles[0].Shift.Close = []Window{{25, 50}}, 64
		}, Reason{Rule: ReasonStanding, Need: 65, Limit: 64, Detail: "end", Dimension: -1, Count: 1}},
		{"Shift", func(p *Problem) { p.Vehicles[0].Shift.Close = 35 }, Reason{Rule: ReasonShift, Need: 40, Limit: 35, Detail: "end", Dimension: -1, Count: 1}},
		{"Distance", func(p *Problem) { p.Vehicles[0].MaxDistance = 39 }, Reason{Rule: ReasonDistance, Need: 40, Limit: 39, Dimension: -1, Count: 1}},
		{"Stops", func(p *Problem) { p.Vehicles[0].MaxStops = 1 }, Reason{Rule: ReasonStops, Need: 2, Limit: 1, Dimension: -1, Count: 1}},
		{"Road", func(p *Problem) { p.Profiles[0].Distance[1] = Unreachable }, Reason{Rule: ReasonUnreachable, Detail: "pickup", Dimension: -1, Count: 1}},
		{"Prize", func(p *Problem) { p.Requests[0].Optional, p.Requests[0].Prize = true, 39 }, Reason{Rule: ReasonPrize, Need: 40, Limit: 39, Dimension: -1, Count: 1}},
		{"TwoTrucks", func(p *Problem) {
			p.Requests[0].Load[0] = 12
			p.Vehicles = append(p.Vehicles, p.Vehicles[0])
		}, Reason{Rule: ReasonCapacity, Need: 12, Limit: 10, Dimension: 0, Count: 2}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			p := &Problem{Dimensions: 1, Profiles: []Matrix{{line.Size, append([]int32(nil), line.Distance...), line.Duration}}, Requests: []Request{request()}, Vehicles: []Vehicle{truck}}
			x.change(p)
			s := solve(t, p, Options{Objective: TotalCost, Iterations: 50})
			if len(s.Unserved) != 1 || len(s.Unserved[0].Reasons) == 0 {
				t.Fatalf("nothing is left out, or without a reason: %+v", s.Unserved)
			}
			got := s.Unserved[0].Reasons[0]
			got.Vehicle, got.Request, got.Other = 0, 0, 0
			if x.want.Rule != ReasonWindow && x.want.Rule != ReasonStanding && x.want.Rule != ReasonRests && x.want.Rule != ReasonShift && x.want.Rule != ReasonSkill && x.want.Rule != ReasonBarred && x.want.Rule != ReasonUnreachable {
				got.Detail = ""
			}
			if !reflect.DeepEqual(got, x.want) {
				t.Errorf("got %+v, want %+v", got, x.want)
			}
		})
	}
	t.Run("NoRoomBesideAnother", func(t *testing.T) {
		t.Parallel()
		// Both have to be fetched at 10 and delivered by 20: together they weigh 12 of 10.
		a, b := request(), request()
		a.Delivery.Windows[0].Close, b.Delivery.Windows[0].Close = 20, 20
		a.Load[0], b.Load[0], a.Priority = 6, 6, 1
		p := &Problem{Dimensions: 1, Profiles: []Matrix{line}, Requests: []Request{a, b}, Vehicles: []Vehicle{truck}}
		s := solve(t, p, Options{Objective: TotalCost, Iterations: 100})
		if len(s.Unserved) != 1 || s.Unserved[0].Request != 1 {
			t.Fatalf("left out: %+v", s.Unserved)
		}
		if r := s.Unserved[0].Reasons[0]; r.Rule != ReasonNoRoom || r.Dimension != 0 || r.Need != 12 || r.Limit != 10 {
			t.Errorf("the reason is %+v", r)
		}
	})
	t.Run("UnusedVehicle", func(t *testing.T) {
		t.Parallel()
		dear := truck
		dear.ID, dear.FixedCost = "dear", 500
		p := &Problem{Dimensions: 1, Profiles: []Matrix{line}, Requests: []Request{request()}, Vehicles: []Vehicle{truck, dear}}
		s := solve(t, p, Options{Objective: TotalCost, Iterations: 100})
		if len(s.Unused) != 1 || s.Unused[0].Vehicle != 1 || s.Unused[0].Reasons[0].Rule != ReasonNotNeeded || s.Unused[0].Reasons[0].Need != 500 {
			t.Errorf("unused: %+v", s.Unused)
		}
	})
}

func FuzzSolve(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8})
	f.Add([]byte{200, 9, 3, 0, 0, 1, 77, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		var head [8]byte
		copy(head[:], data)
		rng := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(head[:]), uint64(len(data))))
		p := randomProblem(rng, 1+rng.IntN(20), 1+rng.IntN(5), rng.IntN(2) == 0)
		for i, b := range data[min(8, len(data)):] {
			spoil(p, i, int64(b))
		}
		s, err := Solve(context.Background(), p, Options{Objective: Objective(rng.IntN(2)), Iterations: 60, Workers: 1 + rng.IntN(2)}, nil)
		if err != nil {
			return // refused with a sentence
		}
		for _, v := range Verify(p, s) {
			t.Errorf("%s", v)
		}
	})
}

// spoil changes one number of p, to something that may be wrong.
func spoil(p *Problem, i int, b int64) {
	q, v := &p.Requests[i%len(p.Requests)], &p.Vehicles[i%len(p.Vehicles)]
	switch b % 14 {
	case 0:
		q.Load[0] = b - 20
	case 1:
		q.Class = int(b) - 5
	case 2:
		v.Capacity[0] = b - 3
	case 3:
		v.Break = Break{b * 30_000, b * 1000}
	case 4:
		v.MaxDuration = b * 300_000
	case 5:
		v.MaxStops = int(b % 7)
	case 6:
		q.Only = []int{int(b % 7)}
	case 7:
		p.Rules = append(p.Rules, Rule{Together, int(b) % len(p.Requests), i % len(p.Requests)})
	case 8:
		q.Priority = int(b % 12)
	case 9:
		v.Shift.Close = b * 100_000
	case 10:
		q.Pickup = nil
	case 11:
		p.Initial = append(p.Initial, Initial{Vehicle: int(b) % len(p.Vehicles), Visits: []Call{{i % len(p.Requests), Delivery}}, Frozen: int(b>>4) % 2})
	case 12:
		v.Start = int(b%5) - 2
	case 13:
		v.Standing = append(slices.Clone(v.Standing), Window{b * 200_000, b*200_000 + 3_600_000 - b*20_000})
	}
}
