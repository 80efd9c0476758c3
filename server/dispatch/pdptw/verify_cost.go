package pdptw

// totals adds the money up again.
func (c *checker) totals() {
	var sum Cost
	for i := range c.s.Routes {
		r := &c.s.Routes[i]
		if r.Cost != c.money(r) {
			c.fail("cost", i, -1, -1, r.Cost.Total, c.money(r).Total, "Route %d states the cost %+v, it is %+v.", i, r.Cost, c.money(r))
		}
		sum.Fixed += r.Cost.Fixed
		sum.Distance += r.Cost.Distance
		sum.Time += r.Cost.Time
		sum.Minimum += r.Cost.Minimum
		sum.Surcharge += r.Cost.Surcharge
		sum.Prices += r.Cost.Prices
		sum.Entries += r.Cost.Entries
		sum.Home += r.Cost.Home
		sum.Promises += r.Cost.Promises
	}
	for _, u := range c.s.Unserved {
		if u.Request < 0 || u.Request >= len(c.p.Requests) {
			continue
		}
		sum.Unserved += c.p.Requests[u.Request].Prize
		if w := c.p.Requests[u.Request].Promise; w != nil {
			sum.Promises += w.Price
		}
	}
	sum.Total = sum.Fixed + sum.Distance + sum.Time + sum.Minimum + sum.Surcharge + sum.Prices + sum.Entries + sum.Home + sum.Promises + sum.Unserved
	if sum != c.s.Cost {
		c.fail("cost", -1, -1, -1, c.s.Cost.Total, sum.Total, "The plan states the cost %+v, it is %+v.", c.s.Cost, sum)
	}
}

func (c *checker) money(r *Route) Cost {
	v := &c.p.Vehicles[r.Vehicle]
	m := &c.p.Profiles[v.Profile]
	hours, rest := (r.Return-r.Depart)/3_600_000, (r.Return-r.Depart)%3_600_000
	out := Cost{Fixed: v.FixedCost, Distance: r.Distance * v.PerKm / 1000}
	out.Time = hours*v.PerHour + rest*(v.PerHour/3_600_000) + rest*(v.PerHour%3_600_000)/3_600_000
	if charged := out.Fixed + out.Distance + out.Time; charged < v.Minimum {
		out.Minimum = v.Minimum - charged
	}
	counted, aboard := map[int]bool{}, map[int]bool{}
	load := make([]int64, c.p.Dimensions)
	for _, x := range r.Visits {
		q := &c.p.Requests[x.Request]
		if !counted[x.Request] {
			counted[x.Request] = true
			for _, y := range q.Prices {
				if y.Vehicle == r.Vehicle {
					out.Prices += y.Price
				}
			}
			if q.Promise != nil && q.Promise.Vehicle != r.Vehicle {
				out.Promises += q.Promise.Price
			}
		}
		if q.Pickup == nil {
			aboard[x.Request] = true
			for d := range load {
				load[d] += q.Load[d]
			}
		}
	}
	for _, e := range v.Entries {
		for _, x := range r.Visits {
			if c.p.Requests[x.Request].Area == e.Area {
				out.Entries += e.Price
				break
			}
		}
	}
	at, toll := v.Start, int64(0)
	for k := 0; k <= len(r.Visits); k++ {
		to := v.End
		if k < len(r.Visits) {
			to = c.stop(r.Visits[k]).Location
		}
		if at != Nowhere && to != Nowhere && !c.waived(v, aboard, load) {
			toll += int64(m.Distance[at*m.Size+to]) * v.Surcharge.PerKm
		}
		at = to
		if k == len(r.Visits) {
			break
		}
		x := &r.Visits[k]
		sign := int64(1)
		if aboard[x.Request] = x.Kind == Pickup; x.Kind == Delivery {
			sign = -1
		}
		for d := range load {
			load[d] += sign * c.p.Requests[x.Request].Load[d]
		}
	}
	out.Surcharge = toll / 1000
	out.Home = c.wayHome(v, r.Visits)
	out.Total = out.Fixed + out.Distance + out.Time + out.Minimum + out.Surcharge + out.Prices + out.Entries + out.Home + out.Promises
	return out
}

// wayHome prices how much farther from home a vehicle is after these visits than before.
func (c *checker) wayHome(v *Vehicle, visits []Visit) int64 {
	if v.Home.PerKm == 0 || len(visits) == 0 {
		return 0
	}
	m, before := &c.p.Profiles[v.Profile], int64(0)
	if v.Start != Nowhere {
		before = int64(m.Distance[v.Start*m.Size+v.Home.Location])
	}
	k := c.stop(visits[len(visits)-1]).Location*m.Size + v.Home.Location
	after := int64(m.Distance[k])
	if before < 0 || after < 0 || m.Duration[k] < 0 || v.Start != Nowhere && m.Duration[v.Start*m.Size+v.Home.Location] < 0 {
		return 0
	}
	return (after - before) * v.Home.PerKm / 1000
}

func (c *checker) waived(v *Vehicle, aboard map[int]bool, load []int64) bool {
	for q, yes := range aboard {
		if yes && v.Surcharge.Waived>>c.p.Requests[q].Class&1 == 0 {
			return false
		}
	}
	for d, x := range load {
		if x > 0 && float64(x)*1000 >= float64(v.Capacity[d])*float64(v.Surcharge.Share) {
			return true
		}
	}
	return false
}
