package pdptw

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// lineProblem has locations on a straight road, given in kilometres from the first, driven at 60 km/h.
func lineProblem(km ...int) *Problem {
	n := len(km)
	m := Matrix{Size: n, Distance: make([]int32, n*n), Duration: make([]int32, n*n)}
	for a := range n {
		for b := range n {
			d := max(km[a]-km[b], km[b]-km[a]) * 1000
			m.Distance[a*n+b], m.Duration[a*n+b] = int32(d), int32(d*60)
		}
	}
	return &Problem{Dimensions: 1, Profiles: []Matrix{m}}
}

// Four loads of 5 go 500 km. Each alone is cheapest on a small truck at 3 a kilometre, 1500 a load; the large one takes all
// of them at 6 a kilometre, 3000 in all.
func fourFarLoads() *Problem {
	p := lineProblem(0, 500)
	for range 4 {
		p.Requests = append(p.Requests, Request{Pickup: &Stop{Location: 0}, Delivery: &Stop{Location: 1}, Load: []int64{5}})
	}
	for range 4 {
		p.Vehicles = append(p.Vehicles, Vehicle{Start: 0, End: Nowhere, Capacity: []int64{5}, PerKm: 3})
	}
	p.Vehicles = append(p.Vehicles, Vehicle{Start: 0, End: Nowhere, Capacity: []int64{20}, PerKm: 6})
	return p
}

func TestOpen(t *testing.T) {
	t.Parallel()
	const large = 4
	all := []int32{0, 1, 2, 3}
	for _, tt := range []struct {
		name    string
		waiting []int32
		bar     int64
		want    int32
	}{
		{"TheCheapestForOneLoadAlone", all[:1], inf, 0},
		{"TheOneThatTakesAllThatWait", all, inf, large},
		{"NoneWhereAnotherPlaceIsCheaper", all, 1500 * scale, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newState(compile(fourFarLoads(), TotalCost))
			s.await(0, tt.waiting)
			got := int32(-1)
			if e := s.open(0, -1, min(tt.bar, s.m.penalty[0])); e != nil {
				got = e.vehicle
			}
			if got != tt.want {
				t.Errorf("vehicle %d, want %d", got, tt.want)
			}
		})
	}
}

// Vehicles are of one kind when the same is said of them by name, and else are not.
func TestClasses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		say  func(*Problem)
		want int
	}{
		{"NothingSaid", func(*Problem) {}, 2},
		{"TwoBarredForOneReason", func(p *Problem) { p.Requests[0].Barred = []Bar{{0, "pass"}, {1, "pass"}} }, 3},
		{"TwoBarredForTwoReasons", func(p *Problem) { p.Requests[0].Barred = []Bar{{0, "pass"}, {1, "plate"}} }, 4},
		{"TwoNamedForOneLoad", func(p *Problem) { p.Requests[0].Only = []int{0, 1} }, 3},
		{"TwoPrices", func(p *Problem) { p.Requests[0].Prices = []VehiclePrice{{0, 5}, {1, 6}} }, 4},
		{"OneHome", func(p *Problem) { p.Vehicles[0].Home = Home{1, 1} }, 3},
		{"TwoHomes", func(p *Problem) { p.Vehicles[0].Home, p.Vehicles[1].Home = Home{1, 1}, Home{0, 1} }, 4},
		{"OnePromise", func(p *Problem) { p.Requests[0].Promise = &Promise{0, 5} }, 3},
		{"TwoUnderWay", func(p *Problem) {
			p.Initial = []Initial{{Vehicle: 0, Visits: []Call{{0, Pickup}}, Frozen: 1}, {Vehicle: 1, Visits: []Call{{1, Pickup}}, Frozen: 1}}
		}, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := fourFarLoads()
			tt.say(p)
			if got := len(compile(p, TotalCost).classes); got != tt.want {
				t.Errorf("%d classes, want %d", got, tt.want)
			}
		})
	}
}

// Three trucks carry a load each into an area that costs 50,000 for each truck; one of them, busy elsewhere, holds all three.
func TestTearEntry(t *testing.T) {
	t.Parallel()
	p := fourFarLoads()
	for r := range 3 {
		p.Requests[r].Area = 1
	}
	for v := range p.Vehicles {
		p.Vehicles[v].Entries = []Entry{{1, 50_000}}
	}
	w := newWorker(compile(p, TotalCost), 1, 0)
	s := w.s
	for r, v := range []int32{0, 1, 2, 4} {
		s.put(int32(r), s.insertion(v, int32(r), inf))
	}
	free := 0
	for seed := range uint64(50) {
		s.mark()
		if !s.tearEntry(rand.New(rand.NewPCG(seed, 1))) {
			t.Fatalf("seed %d: nothing was taken out", seed)
		}
		s.settle()
		if !slices.ContainsFunc([]int32{0, 1, 2}, func(v int32) bool { return len(s.seq[v]) == 2 }) {
			t.Errorf("seed %d: no truck has left the area", seed)
		}
		if len(s.seq[4]) == 2 {
			free++
		}
		s.rollback()
	}
	if free == 0 {
		t.Error("the large truck is never made free for the area")
	}
	if got := solveCost(t, p, 300); got != 50_000+3_000 {
		t.Errorf("cost %d, want one entry and one long drive", got)
	}
}

func solveCost(t *testing.T, p *Problem, iterations int) int64 {
	t.Helper()
	s, err := Solve(t.Context(), p, Options{Objective: TotalCost, Iterations: iterations, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found := Verify(p, s); len(found) > 0 {
		t.Fatal(found)
	}
	return s.Cost.Total
}

// Each load is carried 10 km at 3 a kilometre where a trip is 400 at least. Where the second truck asks for 2000, the first drives both:
// 510 km, which is short of nothing.
func TestMinimum(t *testing.T) {
	t.Parallel()
	p := lineProblem(0, 10, 500, 510)
	p.Requests = []Request{
		{Pickup: &Stop{Location: 0}, Delivery: &Stop{Location: 1}, Load: []int64{1}},
		{Pickup: &Stop{Location: 2}, Delivery: &Stop{Location: 3}, Load: []int64{1}},
	}
	for _, start := range []int{0, 2} {
		p.Vehicles = append(p.Vehicles, Vehicle{Start: start, End: Nowhere, Capacity: []int64{1}, PerKm: 3, Minimum: 400})
	}
	s, err := Solve(t.Context(), p, Options{Objective: TotalCost, Iterations: 300}, nil)
	if err != nil || len(Verify(p, s)) > 0 {
		t.Fatal(err, Verify(p, s))
	}
	want := Cost{Distance: 2 * 30, Minimum: 2 * 370, Total: 800}
	if s.Cost != want {
		t.Errorf("cost %+v, want %+v", s.Cost, want)
	}
	p.Vehicles[1].Minimum = 2000 // now one truck drives 510 km for 1530
	if got := solveCost(t, p, 300); got != 1530 {
		t.Errorf("cost %d, want one long drive", got)
	}
}

// Two requests whose prizes pay for a truck together, and neither of them alone.
func TestPrizesPayTogether(t *testing.T) {
	t.Parallel()
	p := fourFarLoads()
	p.Requests, p.Vehicles = p.Requests[:2], p.Vehicles[4:]
	for r := range p.Requests {
		p.Requests[r].Optional, p.Requests[r].Prize = true, 2000
	}
	if got := solveCost(t, p, 300); got != 3000 {
		t.Errorf("cost %d, want the truck's 3000", got)
	}
}

// A place that costs less than the limit is found below it: the bound that sorts places out is never above their cost.
func TestBoundHidesNoPlace(t *testing.T) {
	t.Parallel()
	tried := 0
	for seed := range seeds(40) {
		rng := rand.New(rand.NewPCG(seed, 8))
		p := randomProblem(rng, 20, 6, false)
		for v := range p.Vehicles {
			p.Vehicles[v].Minimum += rng.Int64N(200_000) // so that routes stay short of it
		}
		w := warmWorker(p, TotalCost)
		s := w.s
		for range 2 {
			s.tearOut(rng, int32(rng.IntN(s.m.n)), w.t)
		}
		fresh := func(v, r int32, limit int64) int64 {
			clear(s.cache)
			return s.insertion(v, r, limit).cost
		}
		for _, r := range s.absent {
			for v := range int32(s.m.v) {
				if cost := fresh(v, r, inf); cost < inf {
					tried++
					if got := fresh(v, r, cost+1); got != cost {
						t.Fatalf("seed %d: request %d on vehicle %d costs %d, below a limit of one more %d", seed, r, v, cost, got)
					}
				}
			}
		}
	}
	if tried < int(seeds(500)) {
		t.Errorf("%d places were tried: the test tells nothing", tried)
	}
}

// A truck that has to come home takes the load of the way back along. With an open end it does so where a second truck costs more, and
// leaves it to the truck that stands there where its day is over.
func TestReturnLoads(t *testing.T) {
	t.Parallel()
	home := func(start int) int { return start }
	open := func(int) int { return Nowhere }
	for _, tt := range []struct {
		name   string
		end    func(start int) int
		change func(*Vehicle)
		want   int64
		routes int
	}{
		{"ComesHomeLoaded", home, func(*Vehicle) {}, 2 * 1500, 1}, // two trucks would each come home empty, for 3000
		{"OneIsCheaperThanTwo", open, func(v *Vehicle) { v.FixedCost = 9 }, 2*1500 + 9, 1},
		{"TheDayIsOver", open, func(v *Vehicle) { v.FixedCost, v.MaxDistance = 9, 600_000 }, 2 * (1500 + 9), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := lineProblem(0, 500)
			p.Requests = []Request{
				{Pickup: &Stop{Location: 0}, Delivery: &Stop{Location: 1}, Load: []int64{5}},
				{Pickup: &Stop{Location: 1}, Delivery: &Stop{Location: 0}, Load: []int64{5}},
			}
			for start := range 2 {
				v := Vehicle{Start: start, End: tt.end(start), Capacity: []int64{5}, PerKm: 3, Shift: Window{0, 1 << 40}}
				tt.change(&v)
				p.Vehicles = append(p.Vehicles, v)
			}
			s := solve(t, p, Options{Objective: TotalCost, Iterations: 100})
			if s.Cost.Total != tt.want || len(s.Routes) != tt.routes {
				t.Errorf("cost %d in %d routes, want %d in %d", s.Cost.Total, len(s.Routes), tt.want, tt.routes)
			}
		})
	}
}

// Whatever a vehicle asks beside its kilometres, a request that has to be served is: the toll, the hours and a price for the request itself
// are no reason to leave it out.
func TestNoPriceLeavesARequestOut(t *testing.T) {
	t.Parallel()
	for name, price := range map[string]func(p *Problem){
		"toll":         func(p *Problem) { p.Vehicles[0].Surcharge = Surcharge{PerKm: 90_000, Share: 800} },
		"hours":        func(p *Problem) { p.Vehicles[0].PerHour = 5_000_000 },
		"its own":      func(p *Problem) { p.Requests[0].Prices = []VehiclePrice{{Vehicle: 0, Price: 10_000_000}} },
		"by the trip":  func(p *Problem) { p.Vehicles[0].FixedCost = 10_000_000 },
		"the distance": func(p *Problem) { p.Vehicles[0].PerKm = 1_000_000 },
	} {
		p := lineProblem(0, 400)
		p.Requests = []Request{{Pickup: &Stop{Location: 0}, Delivery: &Stop{Location: 1}, Load: []int64{5}}}
		p.Vehicles = []Vehicle{{Start: 0, End: Nowhere, Capacity: []int64{10}}}
		price(p)
		s, err := Solve(t.Context(), p, Options{Objective: TotalCost, Iterations: 50, Seed: 1}, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		if len(s.Unserved) > 0 {
			t.Errorf("%s: left out %+v", name, s.Unserved)
		}
	}
}
