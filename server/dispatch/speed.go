package dispatch

import (
	"cmp"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/measure"
	"jishi/server/places"
)

// roads are the ways between the spots of a question. Every truck drives at the speed of its type, or its own, as places.Table.Pace
// reckons it; trucks of one speed share a lane, and all lanes share the distances.
type roads struct {
	lanes []pdptw.Matrix // the fastest first; never empty once distances are known
	lane  []int          // of each truck
}

// roadsOf lays out a table for trucks. Without trucks the times are the table's own.
func roadsOf(t places.Table, trucks []Truck) roads {
	speeds := []int{}
	for _, truck := range trucks {
		speeds = append(speeds, truck.Type.SpeedKmh)
	}
	slices.SortFunc(speeds, func(a, b int) int { return cmp.Compare(b, a) })
	if speeds = slices.Compact(speeds); len(speeds) == 0 {
		speeds = []int{0}
	}
	n := len(t.Metres)
	distance := make([]int32, 0, n*n)
	for _, row := range t.Metres {
		for _, m := range row {
			distance = append(distance, arc(int64(m)))
		}
	}
	var out roads
	for _, kmh := range speeds {
		lane := pdptw.Matrix{Size: n, Distance: distance, Duration: make([]int32, 0, n*n)}
		for i, row := range t.Metres {
			for j, m := range row {
				lane.Duration = append(lane.Duration, arc(int64(t.Pace(m, t.Times[i][j], kmh))))
			}
		}
		out.lanes = append(out.lanes, lane)
	}
	for _, truck := range trucks {
		out.lane = append(out.lane, slices.Index(speeds, truck.Type.SpeedKmh))
	}
	return out
}

// arc keeps an entry within what a matrix holds: 2,147 km or 24 days; beyond that there is no road.
func arc(n int64) int32 {
	if n < 0 || n > 1<<31-1 {
		return pdptw.Unreachable
	}
	return int32(n)
}

// close takes the way from one spot to another out of all lanes.
func (r roads) close(from, to int) {
	for _, lane := range r.lanes {
		lane.Distance[from*lane.Size+to], lane.Duration[from*lane.Size+to] = pdptw.Unreachable, pdptw.Unreachable
	}
}

// of are the ways as some trucks of many know them, numbered anew.
func (r roads) of(trucks ...int) roads {
	out := roads{lanes: r.lanes}
	for _, v := range trucks {
		out.lane = append(out.lane, r.lane[v])
	}
	return out
}

// profiles are the lanes that some trucks drive in, for the solver, and which of them each drives in.
func (r roads) profiles(trucks []int) (profiles []pdptw.Matrix, profile []int) {
	number := map[int]int{}
	for _, v := range trucks {
		n, known := number[r.lane[v]]
		if !known {
			n = len(profiles)
			number[r.lane[v]] = n
			profiles = append(profiles, r.lanes[r.lane[v]])
		}
		profile = append(profile, n)
	}
	if len(profiles) == 0 {
		profiles = r.lanes[:1]
	}
	return profiles, profile
}

// metres is the way from one spot to another; below zero where there is none.
func (p *planner) metres(from, to int) measure.Metres {
	lane := p.roads.lanes[0]
	return measure.Metres(lane.Distance[from*lane.Size+to])
}

// duration is how long truck v drives from one spot to another, without rests; below zero where there is no road.
func (p *planner) duration(v, from, to int) measure.Millis {
	return p.inLane(p.roads.lane[v], from, to)
}

// soonest is how long the fastest of the trucks drives from one spot to another.
func (p *planner) soonest(from, to int) measure.Millis { return p.inLane(0, from, to) }

func (p *planner) inLane(lane, from, to int) measure.Millis {
	m := p.roads.lanes[lane]
	return measure.Millis(m.Duration[from*m.Size+to])
}
