package pdptw

import "slices"

// solution writes a plan out with times, loads and money. Reasons are added by explain.
func (m *model) solution(p *plan) *Solution {
	out := &Solution{}
	w := newWalker(m)
	served := make([]bool, m.n)
	for i := 0; i < len(p.flat); i += 2 + int(p.flat[i+1]) {
		v, q := int(p.flat[i]), p.flat[i+2:i+2+int(p.flat[i+1])]
		r := m.route(w, v, q)
		for _, x := range r.Visits {
			if m.shape[x.Request] != pinned || x.Kind == Delivery {
				served[x.Request] = true
			}
		}
		out.Routes = append(out.Routes, r)
		out.Cost.add(&r.Cost)
	}
	for r := range served {
		q := &m.p.Requests[r]
		if served[r] {
			continue
		}
		out.Unserved = append(out.Unserved, Unserved{Request: r})
		out.Cost.Unserved += q.Prize
		if q.Promise != nil {
			out.Cost.Promises += q.Promise.Price
		}
	}
	out.Cost.sum()
	return out
}

func (c *Cost) add(x *Cost) {
	c.Fixed += x.Fixed
	c.Distance += x.Distance
	c.Time += x.Time
	c.Minimum += x.Minimum
	c.Surcharge += x.Surcharge
	c.Prices += x.Prices
	c.Entries += x.Entries
	c.Home += x.Home
	c.Promises += x.Promises
}

func (c *Cost) sum() {
	c.Total = c.Fixed + c.Distance + c.Time + c.Minimum + c.Surcharge + c.Prices + c.Entries + c.Home + c.Promises + c.Unserved
}

// route writes one route out. Its money is the vehicle's, whatever the objective was.
func (m *model) route(w *walker, v int, q []int32) Route {
	r := Route{Vehicle: v}
	t, _ := w.walk(v, q)
	w.postpone(v, q, &t)
	w.note(v, q, t.depart, &r)
	last := len(q) - 1
	r.Depart, r.Return, r.Distance = t.depart, w.arrive[last], t.dist
	load := make([]int64, m.d)
	for _, x := range w.riders {
		if m.p.Requests[x].Pickup == nil {
			for d := range load {
				load[d] += m.p.Requests[x].Load[d]
			}
		}
	}
	metres := int64(0)
	for i := 1; i <= last; i++ {
		a := m.arc(v, q[i-1], q[i])
		r.Driving += int64(a.dur)
		metres += int64(a.dist)
		if i == last {
			break
		}
		x := &m.nodes[q[i]]
		r.Waiting += w.begin[i] - w.arrive[i]
		r.Service += x.service
		for d := range load {
			if x.kind == Pickup {
				load[d] += m.p.Requests[x.req].Load[d]
			} else {
				load[d] -= m.p.Requests[x.req].Load[d]
			}
		}
		r.Visits = append(r.Visits, Visit{Request: int(x.req), Kind: x.kind, Arrive: w.arrive[i], Start: w.begin[i], Leave: w.leave[i],
			Load: append([]int64(nil), load...), Metres: metres})
	}
	r.Cost = m.money(v, q, w, &t, &r)
	return r
}

// note writes down where the vehicle halts on the road.
func (w *walker) note(v int, q []int32, depart int64, r *Route) {
	w.halts = func(why cause, x Halt) {
		if why == stands {
			r.Stands = append(r.Stands, x)
		} else {
			r.Rests = append(r.Rests, x)
		}
	}
	w.drive(v, q, depart)
	w.halts = nil
}

func (m *model) money(v int, q []int32, w *walker, t *trial, r *Route) Cost {
	k := &m.p.Vehicles[v]
	c := Cost{Fixed: k.FixedCost, Distance: r.Distance * k.PerKm / 1000, Time: mulDiv(r.Return-r.Depart, k.PerHour, 3_600_000)}
	c.Minimum = max(0, k.Minimum-c.Fixed-c.Distance-c.Time)
	c.Surcharge = t.surcharge / 1000
	if k.Home.PerKm > 0 {
		c.Home = m.fromHome(v, q[len(q)-2]) * k.Home.PerKm / 1000
	}
	for _, x := range w.riders {
		req := &m.p.Requests[x]
		for _, p := range req.Prices {
			if p.Vehicle == v {
				c.Prices += p.Price
			}
		}
		if req.Promise != nil && req.Promise.Vehicle != v {
			c.Promises += req.Promise.Price
		}
	}
	for _, e := range k.Entries {
		if slices.ContainsFunc(w.riders, func(r int32) bool { return m.p.Requests[r].Area == e.Area }) {
			c.Entries += e.Price
		}
	}
	c.sum()
	return c
}
