package lilim

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jishi/server/dispatch/pdptw"
)

// ReadRoutes reads what Write prints: node numbers by route. Lines that are no route are passed over.
func ReadRoutes(r io.Reader) ([][]int, error) {
	var out [][]int
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		head, list, ok := strings.Cut(in.Text(), ":")
		if !ok || !strings.HasPrefix(head, "Route ") {
			continue
		}
		var nodes []int
		for _, f := range strings.Fields(list) {
			n, err := strconv.Atoi(f)
			if err != nil {
				return nil, fmt.Errorf("%s: %q is no node", strings.TrimSpace(head), f)
			}
			nodes = append(nodes, n)
		}
		if len(nodes) > 0 {
			out = append(out, nodes)
		}
	}
	return out, in.Err()
}

// Plan writes routes of node numbers out as a plan, each driven as early as it can be. It may break rules: Verify tells.
// A node that does not exist is left out.
func (inst *Instance) Plan(routes [][]int) *pdptw.Solution {
	calls := map[int]pdptw.Call{}
	for r := range inst.Pickup {
		calls[inst.Pickup[r]] = pdptw.Call{Request: r, Kind: pdptw.Pickup}
		calls[inst.Delivery[r]] = pdptw.Call{Request: r, Kind: pdptw.Delivery}
	}
	out := &pdptw.Solution{}
	served := map[int]bool{}
	for v, nodes := range routes {
		if v >= len(inst.Problem.Vehicles) {
			break
		}
		out.Routes = append(out.Routes, inst.drive(v, nodes, calls))
		for _, n := range nodes {
			if c, ok := calls[n]; ok {
				served[c.Request] = true
			}
		}
	}
	for r := range inst.Pickup {
		if !served[r] {
			out.Unserved = append(out.Unserved, pdptw.Unserved{Request: r})
		}
	}
	for i := range out.Routes {
		out.Cost.Distance += out.Routes[i].Distance
	}
	out.Cost.Total = out.Cost.Distance
	return out
}

func (inst *Instance) drive(v int, nodes []int, calls map[int]pdptw.Call) pdptw.Route {
	p := inst.Problem
	m, r := &p.Profiles[0], pdptw.Route{Vehicle: v, Depart: p.Vehicles[v].Shift.Open}
	at, now, load := 0, r.Depart, int64(0)
	leg := func(to int) {
		r.Distance += int64(m.Distance[at*m.Size+to])
		r.Driving += int64(m.Duration[at*m.Size+to])
		now += int64(m.Duration[at*m.Size+to])
		at = to
	}
	for _, n := range nodes {
		c, ok := calls[n]
		if !ok {
			continue
		}
		q := &p.Requests[c.Request]
		stop, sign := q.Pickup, int64(1)
		if c.Kind == pdptw.Delivery {
			stop, sign = q.Delivery, -1
		}
		leg(n)
		start := max(now, stop.Windows[0].Open)
		load += sign * q.Load[0]
		r.Visits = append(r.Visits, pdptw.Visit{Request: c.Request, Kind: c.Kind, Arrive: now, Start: start, Leave: start + stop.Service,
			Load: []int64{load}, Metres: r.Distance})
		r.Waiting, r.Service = r.Waiting+start-now, r.Service+stop.Service
		now = start + stop.Service
	}
	leg(0)
	r.Return = now
	r.Cost.Distance = r.Distance * p.Vehicles[v].PerKm / 1000
	r.Cost.Total = r.Cost.Distance
	return r
}
