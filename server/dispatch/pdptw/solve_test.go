package pdptw

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// solve runs n iterations and fails the test when the verifier objects to the plan.
func solve(t *testing.T, p *Problem, o Options) *Solution {
	t.Helper()
	s, err := Solve(context.Background(), p, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range Verify(p, s) {
		t.Errorf("verifier: %s", v)
	}
	explained(t, p, s)
	return s
}

// explained holds that every request left out and every vehicle that stays has a reason, and that what is neither is in a route.
func explained(t *testing.T, p *Problem, s *Solution) {
	t.Helper()
	for _, u := range s.Unserved {
		if len(u.Reasons) == 0 || u.Reasons[0].Rule == "" {
			t.Errorf("request %d is left out without a reason: %+v", u.Request, u.Reasons)
		}
	}
	for _, u := range s.Unused {
		if len(u.Reasons) == 0 || u.Reasons[0].Rule == "" {
			t.Errorf("vehicle %d stays without a reason: %+v", u.Vehicle, u.Reasons)
		}
	}
	if len(s.Routes)+len(s.Unused) != len(p.Vehicles) {
		t.Errorf("%d routes and %d unused of %d vehicles", len(s.Routes), len(s.Unused), len(p.Vehicles))
	}
}

// worthOf measures a finished plan the way exhaustive does.
func worthOf(p *Problem, s *Solution, lexical bool) worth {
	w := worth{}
	for _, u := range s.Unserved {
		q := &p.Requests[u.Request]
		if !q.Optional {
			w.unserved += int64(math.Pow10(q.Priority))
		} else if lexical {
			w.prizes += max(1, q.Prize)
		}
	}
	if lexical {
		w.vehicles = int64(len(s.Routes))
		for _, r := range s.Routes {
			w.cost += r.Distance
		}
		return w
	}
	w.cost = s.Cost.Total * 1000
	for _, u := range s.Unserved {
		if q := &p.Requests[u.Request]; !q.Optional {
			w.cost -= q.Prize * 1000
		}
	}
	return w
}

func TestSolve(t *testing.T) {
	t.Parallel()
	t.Run("AsGoodAsEveryPlanThereIs", func(t *testing.T) {
		t.Parallel()
		missed := 0 // where roads are missing
		for seed := range seeds(120) {
			rng := rand.New(rand.NewPCG(seed, 7))
			p := randomProblem(rng, 1+rng.IntN(4), 1+rng.IntN(3), seed%3 == 0)
			for _, o := range []Objective{Lexicographic, TotalCost} {
				want := bruteForce(p, o == Lexicographic)
				s := solve(t, p, Options{Objective: o, Iterations: 1500, Seed: seed})
				got := worthOf(p, s, o == Lexicographic)
				if o == TotalCost && got.unserved == want.unserved && got.cost-want.cost < 5000 && want.cost-got.cost < 5000 {
					continue // whole money is rounded down line by line
				}
				if got.better(want) {
					t.Errorf("seed %d, objective %d: got %+v, better than the best there is, %+v", seed, o, got, want)
				}
				if got != want {
					t.Logf("seed %d, objective %d: got %+v, the best there is %+v", seed, o, got, want)
					if missed++; seed%3 != 0 {
						t.Error("and no road is missing")
					}
				}
			}
		}
		// What a vehicle can't serve alone for want of a road is not tried beside others (compileAble), though one of them may
		// open the way: seeds 6 and 72.
		if missed > 3 {
			t.Errorf("%d of 80 plans with missing roads are not the best there is; 3 were known", missed)
		}
	})
	// What rides together finds its places together: one after another, the first often takes a vehicle without room for the second.
	t.Run("WhatRidesTogether", func(t *testing.T) {
		t.Parallel()
		groups := 0
		for seed := range seeds(1350) {
			rng := rand.New(rand.NewPCG(seed, 7))
			p := randomProblem(rng, 1+rng.IntN(4), 1+rng.IntN(3), seed%3 == 0)
			if seed%3 == 0 || !slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Kind == Together }) {
				continue
			}
			groups++
			want, got := bruteForce(p, false), worthOf(p, solve(t, p, Options{Objective: TotalCost, Iterations: 1500, Seed: seed}), false)
			if got.unserved != want.unserved || got.cost-want.cost >= 5000 || want.cost-got.cost >= 5000 { // rounded down line by line
				t.Errorf("seed %d: got %+v, the best there is %+v", seed, got, want)
			}
		}
		if groups < 20 {
			t.Errorf("%d problems had a group", groups)
		}
	})
	t.Run("AnAreaIsPaidOncePerVehicle", func(t *testing.T) {
		t.Parallel()
		p := plainProblem(rand.New(rand.NewPCG(3, 3)), 6, 3)
		for i := range p.Requests {
			r := &p.Requests[i]
			r.Area, r.Load = 1, []int64{1}
			r.Pickup.Windows, r.Delivery.Windows = nil, nil
		}
		for v := range p.Vehicles {
			p.Vehicles[v].PerKm, p.Vehicles[v].Capacity = 100, []int64{100}
			p.Vehicles[v].Entries = []Entry{{Area: 1, Price: 5_000_000}}
		}
		s := solve(t, p, Options{Objective: TotalCost, Iterations: 1000})
		if len(s.Unserved) > 0 || len(s.Routes) != 1 || s.Cost.Entries != 5_000_000 {
			t.Errorf("%d routes enter the area for %d, %d unserved", len(s.Routes), s.Cost.Entries, len(s.Unserved))
		}
	})
	t.Run("SixPairs", func(t *testing.T) {
		t.Parallel()
		for seed := range uint64(6) {
			p := plainProblem(rand.New(rand.NewPCG(seed, 3)), 6, 2)
			for i := range p.Requests { // so narrow that all orders can be tried
				p.Requests[i].Pickup.Windows[0].Close -= 3 * 3_600_000
				p.Requests[i].Delivery.Windows[0].Close -= 5 * 3_600_000
			}
			want := bruteForce(p, true)
			if got := worthOf(p, solve(t, p, Options{Iterations: 2000}), true); got != want {
				t.Errorf("seed %d: got %+v, the best there is %+v", seed, got, want)
			}
		}
	})
	t.Run("NeverABrokenRule", func(t *testing.T) {
		t.Parallel()
		for seed := range seeds(60) {
			rng := rand.New(rand.NewPCG(seed, 9))
			p := randomProblem(rng, 5+rng.IntN(40), 1+rng.IntN(8), seed%2 == 0)
			for _, o := range []Objective{Lexicographic, TotalCost} {
				solve(t, p, Options{Objective: o, Iterations: 150, Seed: seed})
			}
		}
	})
	t.Run("Nothing", func(t *testing.T) {
		t.Parallel()
		if s := solve(t, &Problem{}, Options{}); len(s.Routes)+len(s.Unserved) != 0 {
			t.Errorf("an empty problem has the plan %+v", s)
		}
	})
}

// plainProblem is metric, with one window a stop and trucks that are alike.
func plainProblem(rng *rand.Rand, requests, vehicles int) *Problem {
	locs := 2*requests + 1
	p := &Problem{Dimensions: 1, Profiles: []Matrix{randomMatrix(rng, locs, false)}}
	for i := range requests {
		a := rng.Int64N(5 * 3_600_000)
		p.Requests = append(p.Requests, Request{ID: fmt.Sprint("r", i), Load: []int64{1 + rng.Int64N(30)},
			Pickup:   &Stop{2*i + 1, []Window{{a, a + 4*3_600_000}}, 600_000},
			Delivery: &Stop{2*i + 2, []Window{{a, a + 9*3_600_000}}, 600_000}})
	}
	for i := range vehicles {
		p.Vehicles = append(p.Vehicles, Vehicle{ID: fmt.Sprint("v", i), Capacity: []int64{60}, FixedCost: 10_000, PerKm: 300, Shift: Window{0, 20 * 3_600_000}})
	}
	return p
}
