package pdptw

// ride is where in which route a request comes on board and leaves.
type ride struct{ route, from, to int }

func (c *checker) rides() map[int]ride {
	out := map[int]ride{}
	for i := range c.s.Routes {
		for k, x := range c.s.Routes[i].Visits {
			if x.Request < 0 || x.Request >= len(c.p.Requests) {
				continue
			}
			r, ok := out[x.Request]
			if !ok {
				r = ride{i, -1, len(c.s.Routes[i].Visits)}
			}
			if x.Kind == Pickup {
				r.from = k
			} else {
				r.to = k
			}
			out[x.Request] = r
		}
	}
	return out
}

func (c *checker) rules() {
	rides := c.rides()
	for _, rule := range c.p.Rules {
		a, hasA := rides[rule.A]
		b, hasB := rides[rule.B]
		if rule.Kind == Together {
			if hasA != hasB && !c.begun(rule.A) && !c.begun(rule.B) || hasA && hasB && a.route != b.route {
				c.fail("together", -1, -1, rule.A, int64(rule.A), int64(rule.B), "Requests %d and %d have to ride together.", rule.A, rule.B)
			}
		} else if hasA && hasB {
			c.between(rule.Kind, rule.A, rule.B, a, b)
		}
	}
	for _, rule := range c.p.ClassRules {
		for q, a := range rides {
			for o, b := range rides {
				if q != o && c.p.Requests[q].Class == rule.A && c.p.Requests[o].Class == rule.B {
					c.between(rule.Kind, q, o, a, b)
				}
			}
		}
	}
}

func (c *checker) between(kind RuleKind, q, o int, a, b ride) {
	if a.route != b.route {
		return
	}
	broken := false
	switch kind {
	case Apart:
		broken = true
	case InOrder:
		broken = a.to >= b.from
	case NotAtOnce:
		broken = a.from <= b.to && b.from <= a.to
	}
	if broken {
		c.fail(string(kind), a.route, -1, q, int64(q), int64(o), "Requests %d and %d break the rule %s.", q, o, kind)
	}
}
