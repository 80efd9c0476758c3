package pdptw

import "fmt"

// Limits on numbers, so that no sum of them can overflow: about 30,000 years in milliseconds, and 10^13 in money.
const (
	maxTime  = int64(1) << 50
	maxLoad  = int64(1) << 48
	maxMoney = int64(10_000_000_000_000)
	maxDims  = 8
)

// InputError tells which part of a Problem or of Options can't be used. Where is a path such as
// "requests[3].pickup.windows[0]".
type InputError struct{ Where, Why string }

func (e *InputError) Error() string { return e.Where + ": " + e.Why }

func bad(why string, where string, at ...any) error {
	return &InputError{Where: fmt.Sprintf(where, at...), Why: why}
}

// Check reports the first part of p that Solve can't work with, as an *InputError, or nil. A request that no vehicle
// can serve is not such a part: it stays unserved with a reason.
func (p *Problem) Check() error {
	if p.Dimensions < 0 || p.Dimensions > maxDims {
		return bad(fmt.Sprintf("must be 0 to %d, is %d", maxDims, p.Dimensions), "dimensions")
	}
	for i := range p.Profiles {
		if err := p.Profiles[i].check(i); err != nil {
			return err
		}
	}
	for i := range p.Requests {
		if err := p.checkRequest(i); err != nil {
			return err
		}
	}
	for i := range p.Vehicles {
		if err := p.checkVehicle(i); err != nil {
			return err
		}
	}
	if err := p.checkRules(); err != nil {
		return err
	}
	return p.checkInitial()
}

func (m *Matrix) check(i int) error {
	if m.Size < 0 || m.Size > 1<<20 {
		return bad("is out of range", "profiles[%d].size", i)
	}
	if len(m.Distance) != m.Size*m.Size {
		return bad(fmt.Sprintf("has %d entries, needs %d", len(m.Distance), m.Size*m.Size), "profiles[%d].distance", i)
	}
	if len(m.Duration) != m.Size*m.Size {
		return bad(fmt.Sprintf("has %d entries, needs %d", len(m.Duration), m.Size*m.Size), "profiles[%d].duration", i)
	}
	return nil
}

// locations is the number of locations that every profile knows.
func (p *Problem) locations() int {
	if len(p.Profiles) == 0 {
		return 0
	}
	n := p.Profiles[0].Size
	for _, m := range p.Profiles[1:] {
		n = min(n, m.Size)
	}
	return n
}

func (p *Problem) checkRequest(i int) error {
	r := &p.Requests[i]
	if r.Pickup == nil && r.Delivery == nil {
		return bad("needs a pickup, a delivery or both", "requests[%d]", i)
	}
	if err := p.checkLoad(r.Load, "requests[%d].load", i); err != nil {
		return err
	}
	if err := p.checkStop(r.Pickup, "pickup", i); err != nil {
		return err
	}
	if err := p.checkStop(r.Delivery, "delivery", i); err != nil {
		return err
	}
	if r.Area < 0 || r.Area >= areas {
		return bad("must be 0 to 63", "requests[%d].area", i)
	}
	if r.Class < 0 || r.Class > 63 {
		return bad("must be 0 to 63", "requests[%d].class", i)
	}
	if r.Priority < 0 || r.Priority > 9 {
		return bad("must be 0 to 9", "requests[%d].priority", i)
	}
	if r.Prize < 0 || r.Prize > maxMoney {
		return bad("must be 0 to 10^13", "requests[%d].prize", i)
	}
	return p.checkRequestVehicles(i)
}

func (p *Problem) checkRequestVehicles(i int) error {
	r, n := &p.Requests[i], len(p.Vehicles)
	for k, v := range r.Only {
		if v < 0 || v >= n {
			return bad("no such vehicle", "requests[%d].only[%d]", i, k)
		}
	}
	for k, b := range r.Barred {
		if b.Vehicle < 0 || b.Vehicle >= n {
			return bad("no such vehicle", "requests[%d].barred[%d]", i, k)
		}
	}
	for k, x := range r.Prices {
		if x.Vehicle < 0 || x.Vehicle >= n {
			return bad("no such vehicle", "requests[%d].prices[%d]", i, k)
		}
		if x.Price > maxMoney || x.Price < -maxMoney {
			return bad("is beyond 10^13", "requests[%d].prices[%d]", i, k)
		}
	}
	if w := r.Promise; w != nil {
		if w.Vehicle < 0 || w.Vehicle >= n {
			return bad("no such vehicle", "requests[%d].promise", i)
		}
		if w.Price < 0 || w.Price > maxMoney {
			return bad("price must be 0 to 10^13", "requests[%d].promise", i)
		}
	}
	return nil
}

func (p *Problem) checkLoad(load []int64, where string, i int) error {
	if len(load) != p.Dimensions {
		return bad(fmt.Sprintf("has %d dimensions, the problem %d", len(load), p.Dimensions), where, i)
	}
	for k, q := range load {
		if q < 0 || q > maxLoad {
			return bad(fmt.Sprintf("is out of range in dimension %d", k), where, i)
		}
	}
	return nil
}

func (p *Problem) checkStop(s *Stop, side string, i int) error {
	if s == nil {
		return nil
	}
	if s.Location < 0 || s.Location >= p.locations() {
		return bad("no such location", "requests[%d].%s.location", i, side)
	}
	if s.Service < 0 || s.Service > maxTime {
		return bad("is out of range", "requests[%d].%s.service", i, side)
	}
	return checkSpans(s.Windows, 0, "requests[%d].%s.windows[%d]", i, side)
}

// checkSpans refuses spans of time that are shorter than the least, out of range, or not one after the other.
func checkSpans(spans []Window, least int64, where string, at ...any) error {
	last := -maxTime - 1
	for k, w := range spans {
		if w.Open < -maxTime || w.Close > maxTime || w.Close < w.Open || w.Close-w.Open < least {
			return bad("is out of range, or ends too early", where, append(at, k)...)
		}
		if w.Open <= last {
			return bad("must begin after the one before it ends", where, append(at, k)...)
		}
		last = w.Close
	}
	return nil
}

func (p *Problem) checkVehicle(i int) error {
	v := &p.Vehicles[i]
	if v.Profile < 0 || v.Profile >= len(p.Profiles) {
		return bad("no such profile", "vehicles[%d].profile", i)
	}
	if v.Start < Nowhere || v.Start >= p.locations() {
		return bad("no such location", "vehicles[%d].start", i)
	}
	if v.End < Nowhere || v.End >= p.locations() {
		return bad("no such location", "vehicles[%d].end", i)
	}
	if v.Shift.Open > v.Shift.Close || v.Shift.Open < -maxTime || v.Shift.Close > maxTime {
		return bad("opens after it closes, or is out of range", "vehicles[%d].shift", i)
	}
	if v.LeaveBy != 0 && (v.LeaveBy < v.Shift.Open || v.LeaveBy > maxTime) {
		return bad("is before the shift opens, or is out of range", "vehicles[%d].leave_by", i)
	}
	if err := p.checkLoad(v.Capacity, "vehicles[%d].capacity", i); err != nil {
		return err
	}
	if b := v.Break; b.Every < 0 || b.Length < 0 || b.Every > maxTime || b.Length > maxTime {
		return bad("is out of range", "vehicles[%d].break", i)
	}
	if v.Break.Every > 0 && v.Break.Every < 60_000 {
		return bad("every must be at least a minute", "vehicles[%d].break", i)
	}
	if err := checkSpans(v.Standing, 1, "vehicles[%d].standing[%d]", i); err != nil {
		return err
	}
	if v.MaxDuration < 0 || v.MaxDistance < 0 || v.MaxStops < 0 {
		return bad("limits must not be negative", "vehicles[%d]", i)
	}
	for _, c := range [...]int64{v.FixedCost, v.PerKm, v.PerHour, v.Minimum, v.Surcharge.PerKm, v.Home.PerKm} {
		if c < 0 || c > maxMoney/1000 {
			return bad("costs must be 0 to 10^10", "vehicles[%d]", i)
		}
	}
	if v.Surcharge.Share < 0 || v.Surcharge.Share > 1_000_000 {
		return bad("share is out of range", "vehicles[%d].surcharge", i)
	}
	if h := v.Home; h.PerKm > 0 && (h.Location < 0 || h.Location >= p.locations()) {
		return bad("no such location", "vehicles[%d].home.location", i)
	}
	if v.Home.PerKm > 0 && v.End != Nowhere {
		return bad("the vehicle has an end, it drives there", "vehicles[%d].home", i)
	}
	return v.checkEntries(i)
}

func (v *Vehicle) checkEntries(i int) error {
	var seen uint64
	for k, e := range v.Entries {
		switch {
		case e.Area < 1 || e.Area >= areas || seen>>e.Area&1 == 1:
			return bad("areas are 1 to 63, each at most once", "vehicles[%d].entries[%d]", i, k)
		case e.Price < 0 || e.Price > maxMoney/1000:
			return bad("costs must be 0 to 10^10", "vehicles[%d].entries[%d]", i, k)
		}
		seen |= 1 << e.Area
	}
	return nil
}

func (p *Problem) checkRules() error {
	for i, r := range p.Rules {
		if r.A < 0 || r.B < 0 || r.A >= len(p.Requests) || r.B >= len(p.Requests) {
			return bad("no such request", "rules[%d]", i)
		}
		if r.A == r.B {
			return bad("binds a request to itself", "rules[%d]", i)
		}
		switch r.Kind {
		case Together, Apart, InOrder, NotAtOnce:
		default:
			return bad(fmt.Sprintf("unknown kind %q", string(r.Kind)), "rules[%d].kind", i)
		}
	}
	for i, r := range p.ClassRules {
		if r.A < 0 || r.B < 0 || r.A > 63 || r.B > 63 {
			return bad("classes are 0 to 63", "class_rules[%d]", i)
		}
		switch r.Kind {
		case Apart, NotAtOnce:
		case InOrder:
			if r.A == r.B {
				return bad("in_order needs two different classes", "class_rules[%d]", i)
			}
		default:
			return bad(fmt.Sprintf("unknown kind %q", string(r.Kind)), "class_rules[%d].kind", i)
		}
	}
	return nil
}

// checkInitial looks at names only; whether a visit can be kept is for Solve to find out.
func (p *Problem) checkInitial() error {
	vehicle := map[int]bool{}
	seen := map[Call]bool{}
	for i, r := range p.Initial {
		if r.Vehicle < 0 || r.Vehicle >= len(p.Vehicles) || vehicle[r.Vehicle] {
			return bad("no such vehicle, or named twice", "initial[%d].vehicle", i)
		}
		vehicle[r.Vehicle] = true
		if r.Frozen < 0 || r.Frozen > len(r.Visits) {
			return bad("is more than there are visits", "initial[%d].frozen", i)
		}
		for k, c := range r.Visits {
			if err := p.checkCall(c, seen); err != nil {
				return bad(err.Error(), "initial[%d].visits[%d]", i, k)
			}
		}
		if err := p.checkFrozen(i); err != nil {
			return err
		}
	}
	return nil
}

func (p *Problem) checkCall(c Call, seen map[Call]bool) error {
	if c.Request < 0 || c.Request >= len(p.Requests) || c.Kind > Delivery {
		return fmt.Errorf("no such stop")
	}
	if c.Kind == Pickup && p.Requests[c.Request].Pickup == nil || c.Kind == Delivery && p.Requests[c.Request].Delivery == nil {
		return fmt.Errorf("this request has no %s", c.Kind)
	}
	if seen[c] {
		return fmt.Errorf("is visited twice")
	}
	seen[c] = true
	return nil
}

// checkFrozen refuses a frozen part that unloads what it never loaded or holds more than the vehicle can.
func (p *Problem) checkFrozen(i int) error {
	r := &p.Initial[i]
	load := make([]int64, p.Dimensions)
	aboard := map[int]bool{}
	for _, c := range r.Visits[:r.Frozen] {
		if q := &p.Requests[c.Request]; q.Pickup == nil {
			for k := range load {
				load[k] += q.Load[k]
			}
			aboard[c.Request] = true
		}
	}
	for k, c := range r.Visits[:r.Frozen] {
		q := &p.Requests[c.Request]
		sign := int64(1)
		if c.Kind == Delivery {
			if !aboard[c.Request] {
				return bad("is unloaded before it is loaded", "initial[%d].visits[%d]", i, k)
			}
			sign = -1
		}
		aboard[c.Request] = true
		for d := range load {
			if load[d] += sign * q.Load[d]; load[d] > p.Vehicles[r.Vehicle].Capacity[d] {
				return bad(fmt.Sprintf("the frozen part holds more than the vehicle can in dimension %d", d), "initial[%d].visits[%d]", i, k)
			}
		}
	}
	return nil
}
