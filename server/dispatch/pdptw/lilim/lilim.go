// Package lilim reads pickup-and-delivery instances in the form of Li and Lim (2001) and writes plans the way SINTEF
// lists them.
package lilim

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"jishi/server/dispatch/pdptw"
)

// Scale is how many units of distance and time one unit of the file becomes. Distances are rounded to the nearest unit,
// durations up, so that a plan is in time in real numbers too.
const Scale = 100_000

const (
	maxNodes    = 20_000
	maxVehicles = 20_000
	maxNumber   = 1_000_000
)

// Instance is one file.
type Instance struct {
	Problem  *pdptw.Problem
	X, Y     []float64 // by node; 0 is the depot
	Pickup   []int     // node, by request
	Delivery []int     // node, by request
}

// SyntaxError names the line and the field of a file that can't be read.
type SyntaxError struct {
	Line  int    // from 1
	Field string // "" for the whole line
	Why   string
}

func (e *SyntaxError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Why)
	}
	return fmt.Sprintf("line %d, %s: %s", e.Line, e.Field, e.Why)
}

var (
	headFields = []string{"vehicles", "capacity", "speed"}
	nodeFields = []string{"node", "x", "y", "demand", "ready", "due", "service", "pickup", "delivery"}
)

// row is one node line.
type row struct {
	line                                          int
	demand, ready, due, service, pickup, delivery int
}

// Read parses an instance. The error is a *SyntaxError, or the reader's.
func Read(r io.Reader) (*Instance, error) {
	in := bufio.NewScanner(r)
	line, head := 0, []int(nil)
	var rows []row
	inst := &Instance{}
	for in.Scan() {
		line++
		fields := strings.Fields(in.Text())
		if len(fields) == 0 {
			continue
		}
		if head == nil {
			var err error
			if head, err = numbers(fields, headFields, line); err != nil {
				return nil, err
			}
			continue
		}
		x, err := numbers(fields, nodeFields, line)
		if err != nil {
			return nil, err
		}
		if x[0] != len(rows) {
			return nil, &SyntaxError{line, "node", fmt.Sprintf("should be %d, is %d", len(rows), x[0])}
		}
		if len(rows) >= maxNodes {
			return nil, &SyntaxError{line, "", fmt.Sprintf("more than %d nodes", maxNodes)}
		}
		rows = append(rows, row{line, x[3], x[4], x[5], x[6], x[7], x[8]})
		inst.X, inst.Y = append(inst.X, float64(x[1])), append(inst.Y, float64(x[2]))
	}
	if err := in.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, &SyntaxError{line + 1, "", "is too long"}
		}
		return nil, err
	}
	if head == nil || len(rows) == 0 {
		return nil, &SyntaxError{line + 1, "", "the file ends before the depot's line"}
	}
	return inst, inst.build(head, rows)
}

func numbers(fields, names []string, line int) ([]int, error) {
	if len(fields) != len(names) {
		return nil, &SyntaxError{line, "", fmt.Sprintf("has %d fields, needs %d (%s)", len(fields), len(names), strings.Join(names, ", "))}
	}
	out := make([]int, len(fields))
	for i, f := range fields {
		x, err := strconv.Atoi(f)
		if err != nil {
			return nil, &SyntaxError{line, names[i], fmt.Sprintf("%.20q is not a whole number", f)}
		}
		if x > maxNumber || x < -maxNumber {
			return nil, &SyntaxError{line, names[i], fmt.Sprintf("%d is out of range", x)}
		}
		out[i] = x
	}
	return out, nil
}

func (inst *Instance) build(head []int, rows []row) error {
	if head[0] < 0 || head[0] > maxVehicles {
		return &SyntaxError{1, "vehicles", fmt.Sprintf("%d is out of range", head[0])}
	}
	if head[1] < 0 {
		return &SyntaxError{1, "capacity", "is negative"}
	}
	for i := range rows {
		if err := checkRow(rows, i); err != nil {
			return err
		}
	}
	p := &pdptw.Problem{Dimensions: 1, Profiles: []pdptw.Matrix{inst.matrix()}}
	for i, x := range rows {
		if i == 0 || x.pickup != 0 {
			continue
		}
		p.Requests = append(p.Requests, pdptw.Request{ID: strconv.Itoa(i), Pickup: stop(i, x), Delivery: stop(x.delivery, rows[x.delivery]),
			Load: []int64{int64(x.demand)}})
		inst.Pickup, inst.Delivery = append(inst.Pickup, i), append(inst.Delivery, x.delivery)
	}
	for i := range head[0] {
		p.Vehicles = append(p.Vehicles, pdptw.Vehicle{ID: strconv.Itoa(i + 1), Capacity: []int64{int64(head[1])}, PerKm: 1000,
			Shift: pdptw.Window{Open: int64(rows[0].ready) * Scale, Close: int64(rows[0].due) * Scale}})
	}
	inst.Problem = p
	return nil
}

func checkRow(rows []row, i int) error {
	x := rows[i]
	fail := func(field, why string) error { return &SyntaxError{x.line, field, why} }
	switch {
	case x.due < x.ready:
		return fail("due", "is before ready")
	case x.service < 0:
		return fail("service", "is negative")
	case i == 0 && (x.pickup != 0 || x.delivery != 0):
		return fail("pickup", "the depot has neither pickup nor delivery")
	case i == 0:
		return nil
	case x.pickup < 0 || x.pickup >= len(rows):
		return fail("pickup", fmt.Sprintf("there is no node %d", x.pickup))
	case x.delivery < 0 || x.delivery >= len(rows):
		return fail("delivery", fmt.Sprintf("there is no node %d", x.delivery))
	case (x.pickup == 0) == (x.delivery == 0):
		return fail("pickup", "exactly one of pickup and delivery must be given")
	case x.pickup == 0 && (rows[x.delivery].pickup != i || x.delivery == i):
		return fail("delivery", fmt.Sprintf("node %d does not name node %d as its pickup", x.delivery, i))
	case x.delivery == 0 && (rows[x.pickup].delivery != i || x.pickup == i):
		return fail("pickup", fmt.Sprintf("node %d does not name node %d as its delivery", x.pickup, i))
	case x.pickup == 0 && x.demand < 0:
		return fail("demand", "a pickup's must not be negative")
	case x.delivery == 0 && x.demand != -rows[x.pickup].demand:
		return fail("demand", "is not the pickup's with the sign turned")
	}
	return nil
}

func stop(node int, x row) *pdptw.Stop {
	return &pdptw.Stop{Location: node, Service: int64(x.service) * Scale,
		Windows: []pdptw.Window{{Open: int64(x.ready) * Scale, Close: int64(x.due) * Scale}}}
}

func (inst *Instance) matrix() pdptw.Matrix {
	n := len(inst.X)
	m := pdptw.Matrix{Size: n, Distance: make([]int32, n*n), Duration: make([]int32, n*n)}
	for a := range n {
		for b := range n {
			d := inst.length(a, b) * Scale
			m.Distance[a*n+b] = int32(min(math.Round(d), math.MaxInt32-1))
			m.Duration[a*n+b] = int32(min(math.Ceil(d-1e-6), math.MaxInt32-1))
		}
	}
	return m
}

func (inst *Instance) length(a, b int) float64 {
	return math.Hypot(inst.X[a]-inst.X[b], inst.Y[a]-inst.Y[b])
}

// Nodes gives the file's node numbers of a route, without the depot.
func (inst *Instance) Nodes(r *pdptw.Route) []int {
	out := make([]int, len(r.Visits))
	for i, v := range r.Visits {
		if out[i] = inst.Delivery[v.Request]; v.Kind == pdptw.Pickup {
			out[i] = inst.Pickup[v.Request]
		}
	}
	return out
}

// Distance is the length of all routes in the file's own units, in floating point as the literature counts it.
func (inst *Instance) Distance(s *pdptw.Solution) float64 {
	sum := 0.0
	for i := range s.Routes {
		at := 0
		for _, x := range inst.Nodes(&s.Routes[i]) {
			sum += inst.length(at, x)
			at = x
		}
		sum += inst.length(at, 0)
	}
	return sum
}

// Write prints one line a route, "Route 1 : 5 3 7", as SINTEF lists solutions.
func (inst *Instance) Write(w io.Writer, s *pdptw.Solution) error {
	out := bufio.NewWriter(w)
	for i := range s.Routes {
		fmt.Fprintf(out, "Route %d :", i+1)
		for _, x := range inst.Nodes(&s.Routes[i]) {
			fmt.Fprintf(out, " %d", x)
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}
