package pdptw

import "fmt"

// Violation is one hard rule that a plan breaks, or one number in it that is wrong.
type Violation struct {
	Rule    string // such as "capacity", "window", "served twice"
	Route   int    // index into Solution.Routes, -1 for the whole plan
	Visit   int    // index into the route's visits, -1 for the whole route
	Request int    // -1 for none
	Have    int64
	Limit   int64
	Text    string
}

func (v Violation) String() string { return v.Text }

// Verify checks a plan against the problem from scratch: it reads Problem and Solution only and shares no code with the
// search. It gives every rule that is broken, none for a plan that holds.
func Verify(p *Problem, s *Solution) []Violation {
	c := &checker{p: p, s: s, pickedBy: map[int]int{}, droppedBy: map[int]int{}}
	if err := p.Check(); err != nil {
		c.fail("problem", -1, -1, -1, 0, 0, "The problem itself: %v.", err)
		return c.found
	}
	used := map[int]bool{}
	for i := range s.Routes {
		r := &s.Routes[i]
		if r.Vehicle < 0 || r.Vehicle >= len(p.Vehicles) || used[r.Vehicle] {
			c.fail("vehicle", i, -1, -1, int64(r.Vehicle), 0, "Route %d has no vehicle of its own.", i)
			return c.found
		}
		used[r.Vehicle] = true
		if !c.names(i) {
			return c.found
		}
		c.route(i)
	}
	c.served()
	c.rules()
	c.frozen()
	c.totals()
	return c.found
}

type checker struct {
	p                   *Problem
	s                   *Solution
	found               []Violation
	pickedBy, droppedBy map[int]int // request to route
}

func (c *checker) fail(rule string, route, visit, request int, have, limit int64, text string, args ...any) {
	c.found = append(c.found, Violation{rule, route, visit, request, have, limit, fmt.Sprintf(text, args...)})
}

// names tells whether every visit of route i names a stop that exists.
func (c *checker) names(i int) bool {
	for k, x := range c.s.Routes[i].Visits {
		if x.Request < 0 || x.Request >= len(c.p.Requests) || x.Kind > Delivery || c.stop(x) == nil {
			c.fail("visit", i, k, x.Request, 0, 0, "Route %d, visit %d names no stop.", i, k)
			return false
		}
	}
	return true
}

func (c *checker) stop(x Visit) *Stop {
	if x.Kind == Pickup {
		return c.p.Requests[x.Request].Pickup
	}
	return c.p.Requests[x.Request].Delivery
}

func (c *checker) route(i int) {
	r := &c.s.Routes[i]
	if len(r.Visits) == 0 {
		c.fail("empty", i, -1, -1, 0, 0, "Route %d has no visit.", i)
		return
	}
	c.times(i)
	c.loads(i)
	c.suits(i)
}
