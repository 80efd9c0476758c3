package pdptw

import (
	"errors"
	"testing"
)

// twoAtHome is a load that goes 500 km at 3 a kilometre, and two trucks that stand where it is.
func twoAtHome() *Problem {
	p := lineProblem(0, 500)
	p.Requests = []Request{{Pickup: &Stop{Location: 0}, Delivery: &Stop{Location: 1}, Load: []int64{5}}}
	for range 2 {
		p.Vehicles = append(p.Vehicles, Vehicle{Start: 0, End: Nowhere, Capacity: []int64{5}, PerKm: 3})
	}
	return p
}

func TestHome(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		change  func(*Problem)
		vehicle int
		home    int64
		total   int64
	}{
		{"TheOneThatLivesThereDrives", func(p *Problem) { p.Vehicles[1].Home = Home{1, 1} }, 1, -500, 1000},
		{"ThoughItCostsALittleMore", func(p *Problem) { p.Vehicles[1].Home, p.Vehicles[1].FixedCost = Home{1, 1}, 499 }, 1, -500, 1499},
		{"NotWhereItCostsMuchMore", func(p *Problem) { p.Vehicles[1].Home, p.Vehicles[1].FixedCost = Home{1, 1}, 501 }, 0, 0, 1500},
		{"TheOneThatLivesHereStays", func(p *Problem) { p.Vehicles[0].Home = Home{0, 1} }, 1, 0, 1500},
		{"FarFromHome", func(p *Problem) { p.Vehicles[0].Home, p.Vehicles = Home{0, 1}, p.Vehicles[:1] }, 0, 500, 2000},
		{"NoRoadHome", func(p *Problem) {
			p.Vehicles[0].Home, p.Vehicles = Home{0, 1}, p.Vehicles[:1]
			p.Profiles[0].Distance[1*2+0] = Unreachable
		}, 0, 0, 1500},
		{"TheRoadHomeIsNotDriven", func(p *Problem) {
			p.Vehicles[0].Home, p.Vehicles = Home{0, 1}, p.Vehicles[:1]
			p.Vehicles[0].MaxDistance, p.Vehicles[0].MaxDuration = 500_000, 500*60_000
			p.Vehicles[0].Shift = Window{0, 500 * 60_000}
		}, 0, 500, 2000},
		{"StartingAnywhere", func(p *Problem) {
			p.Vehicles[0].Home, p.Vehicles = Home{0, 1}, p.Vehicles[:1]
			p.Vehicles[0].Start = Nowhere
		}, 0, 500, 2000},
		// The truck costs 1600 and the load is worth 1200: with what the way home saves, it pays.
		{"ComingHomePaysForTheTruck", func(p *Problem) {
			p.Vehicles[0].PerKm, p.Vehicles[0].FixedCost, p.Vehicles[0].Home, p.Vehicles = 0, 1600, Home{1, 1}, p.Vehicles[:1]
			p.Requests[0].Optional, p.Requests[0].Prize = true, 1200
		}, 0, -500, 1100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := twoAtHome()
			tt.change(p)
			s := solve(t, p, Options{Objective: TotalCost, Iterations: 50})
			if len(s.Routes) != 1 || s.Routes[0].Vehicle != tt.vehicle || s.Cost.Home != tt.home || s.Cost.Total != tt.total {
				t.Errorf("routes %+v, cost %+v; want vehicle %d, %d for the way home, %d in all", s.Routes, s.Cost, tt.vehicle, tt.home, tt.total)
			}
		})
	}
}

// A truck from here carries a load 500 km away. The load of the way back is cheaper on a truck that stands there, by 9; with a home to
// go to the first truck takes it.
func TestHomeFindsTheReturnLoad(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		home   Home
		routes int
		want   int64
	}{
		{"NoWish", Home{}, 2, 2 * 1500},
		{"AWish", Home{0, 1}, 1, 2*1500 + 9},
	} {
		p := twoAtHome()
		p.Requests = append(p.Requests, Request{Pickup: &Stop{Location: 1}, Delivery: &Stop{Location: 0}, Load: []int64{5}})
		p.Vehicles[0].Home, p.Vehicles[1].Start, p.Vehicles[1].MaxDistance = tt.home, 1, 600_000
		p.Requests[1].Prices = []VehiclePrice{{0, 9}}
		s := solve(t, p, Options{Objective: TotalCost, Iterations: 200})
		if len(s.Routes) != tt.routes || s.Cost.Total != tt.want || s.Cost.Home != 0 {
			t.Errorf("%s: %d routes for %+v, want %d for %d", tt.name, len(s.Routes), s.Cost, tt.routes, tt.want)
		}
	}
}

func TestVerifyPricesTheWayHome(t *testing.T) {
	t.Parallel()
	p := twoAtHome()
	s := solve(t, p, Options{Objective: TotalCost, Iterations: 50})
	for v := range p.Vehicles {
		p.Vehicles[v].Home = Home{0, 1}
	}
	if found := Verify(p, s); len(found) != 1 || found[0].Rule != "cost" || found[0].Limit != 2000 {
		t.Errorf("the plan states no money for the way home, the verifier objects %q", found)
	}
}

func TestHomeIsChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		home Home
		end  int
		want string
	}{
		{Home{2, 1}, Nowhere, "vehicles[1].home.location"},
		{Home{-1, 1}, Nowhere, "vehicles[1].home.location"},
		{Home{1, -1}, Nowhere, "vehicles[1]"},
		{Home{1, 1}, 0, "vehicles[1].home"},
		{Home{2, 0}, 0, ""},
		{Home{1, 1}, Nowhere, ""},
	} {
		p := twoAtHome()
		p.Vehicles[1].Home, p.Vehicles[1].End = tt.home, tt.end
		var bad *InputError
		if errors.As(p.Check(), &bad); bad == nil && tt.want != "" || bad != nil && bad.Where != tt.want {
			t.Errorf("%+v, end %d: %v, want %q", tt.home, tt.end, bad, tt.want)
		}
	}
}
