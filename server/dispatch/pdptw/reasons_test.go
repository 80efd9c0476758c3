package pdptw

import (
	"testing"
	"time"
)

// TestReasonsBesideOthers gives the reasons that depend on what else is planned, for two requests that go the same way on a line.
func TestReasonsBesideOthers(t *testing.T) {
	t.Parallel()
	line := []int32{0, 10, 20, 10, 0, 10, 20, 10, 0}
	for _, x := range []struct {
		name      string
		objective Objective
		change    func(*Problem)
		request   int // left out, -1 for none
		vehicle   int // stays, -1 for none
		want      Reason
	}{
		{"Duration", TotalCost, func(p *Problem) { p.Requests = p.Requests[:1]; p.Vehicles[0].MaxDuration = 39 }, 0, 0, Reason{Rule: ReasonDuration, Need: 40, Limit: 39}},
		{"Apart", TotalCost, func(p *Problem) { p.Rules = []Rule{{Apart, 0, 1}} }, 1, -1, Reason{Rule: ReasonRules, Detail: string(Apart)}},
		{"ClassesApart", TotalCost, func(p *Problem) {
			p.Requests[1].Class, p.ClassRules = 1, []ClassRule{{Apart, 0, 1}}
		}, 1, -1, Reason{Rule: ReasonRules, Detail: string(Apart)}},
		{"Together", TotalCost, func(p *Problem) {
			p.Rules, p.Requests[0].Load = []Rule{{Together, 0, 1}}, []int64{99}
		}, 1, 0, Reason{Rule: ReasonRules, Detail: string(Together)}},
		{"Frozen", TotalCost, func(p *Problem) {
			p.Initial = []Initial{{Vehicle: 0, Visits: []Call{{0, Pickup}, {0, Delivery}}, Frozen: 2}}
			p.Requests[1].Pickup.Windows = []Window{{0, 15}}
		}, 1, -1, Reason{Rule: ReasonFrozen, Need: 30, Limit: 15, Detail: "pickup"}},
		{"NoRoomForTheStanding", TotalCost, func(p *Problem) { // back at the goods by 30, and standing until 60
			p.Rules = []Rule{{InOrder, 0, 1}}
			p.Vehicles[0].Standing, p.Requests[1].Pickup.Windows = []Window{{25, 60}}, []Window{{0, 64}}
			p.Requests[0].Delivery.Windows = []Window{{0, 20}}
		}, 1, -1, Reason{Rule: ReasonNoRoom, Need: 65, Limit: 64, Detail: "pickup"}},
		{"Nothing", TotalCost, func(p *Problem) {
			p.Vehicles = append(p.Vehicles, Vehicle{Shift: Window{0, 1000}, Capacity: []int64{0}})
		}, -1, 1, Reason{Rule: ReasonNothing}},
		{"Fewer", Lexicographic, func(p *Problem) {
			p.Vehicles = append(p.Vehicles, p.Vehicles[0])
			p.Vehicles[1].MaxStops = 2
		}, -1, 1, Reason{Rule: ReasonFewer, Need: 40}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			p := &Problem{Dimensions: 1, Profiles: []Matrix{{Size: 3, Distance: line, Duration: line}},
				Vehicles: []Vehicle{{Capacity: []int64{10}, PerKm: 1000, Shift: Window{0, 1000}}}}
			for i := range 2 {
				p.Requests = append(p.Requests, Request{Load: []int64{5}, Priority: 1 - i, Pickup: &Stop{Location: 1}, Delivery: &Stop{Location: 2}})
			}
			x.change(p)
			s := solve(t, p, Options{Objective: x.objective, Iterations: 100})
			var got *Reason
			for _, u := range s.Unserved {
				if u.Request == x.request {
					got = &u.Reasons[0]
				}
			}
			for _, u := range s.Unused {
				if x.request < 0 && u.Vehicle == x.vehicle {
					got = &u.Reasons[0]
				}
			}
			if got == nil || got.Rule != x.want.Rule || got.Need != x.want.Need || got.Limit != x.want.Limit || got.Detail != x.want.Detail {
				t.Errorf("got %+v, want %+v; left out %+v, unused %+v", got, x.want, s.Unserved, s.Unused)
			}
		})
	}
}

// TestWhatTheSearchDidNotReachSaysSo lets the time be over before the first plan is whole. What is left out could ride, so no rule
// may be blamed; after some iterations all of it does.
func TestWhatTheSearchDidNotReachSaysSo(t *testing.T) {
	t.Parallel()
	p := lineProblem(0, 10, 20)
	for range 600 {
		p.Requests = append(p.Requests, Request{Pickup: &Stop{Location: 1}, Delivery: &Stop{Location: 2}, Load: []int64{1}})
	}
	p.Vehicles = []Vehicle{{Capacity: []int64{600}, PerKm: 1, Shift: Window{0, 1 << 40}}}
	reads := 0
	now := func() time.Time {
		reads++
		return time.Unix(int64(1000*min(reads/2, 1)), 0) // the first look is the beginning, all others are far behind the end
	}
	s := solve(t, p, Options{Objective: TotalCost, Time: time.Second, Now: now})
	if len(s.Unserved) == 0 {
		t.Fatal("all is planned, though there was no time")
	}
	for _, u := range s.Unserved {
		if len(u.Reasons) != 1 || u.Reasons[0].Rule != ReasonEnd || u.Reasons[0].Count != 1 {
			t.Fatalf("request %d: %+v, want the end of the search as the only reason", u.Request, u.Reasons)
		}
	}
	if s = solve(t, p, Options{Objective: TotalCost, Iterations: 1}); len(s.Unserved) > 0 {
		t.Errorf("%d are left out with all the time there is", len(s.Unserved))
	}
}
