package pdptw

// mostMoves bounds how many requests an unused vehicle is tried with; with more, every so manieth is tried.
const mostMoves = 200

// idle says why vehicle v is not used. Where requests may ride on it, the numbers are those of the cheapest change that
// would use it: one request, or one whole route, moved to it.
func (x *explainer) idle(v int) []Reason {
	able := x.ableOn(v)
	if len(able) == 0 {
		return x.barred(v)
	}
	why := Reason{Rule: ReasonNotNeeded, Vehicle: v, Request: -1, Other: -1, Dimension: -1, Count: len(able)}
	best := inf
	for i := 0; i < len(able); i += 1 + len(able)/mostMoves {
		if c := x.moveOne(v, able[i]); c < best {
			best, why.Request = c, int(able[i])
		}
	}
	if c := x.moveRoute(v); c < best {
		best, why.Request = c, -1
	}
	if best == inf {
		return x.barred(v)
	}
	if x.m.lexical {
		if why.Need = best; best > x.m.vehicleW/2 {
			why.Rule, why.Need = ReasonFewer, best-x.m.vehicleW
		}
	} else {
		why.Need = best / scale
	}
	return []Reason{why}
}

func (x *explainer) ableOn(v int) []int32 {
	var out []int32
	for r := range x.m.n {
		if x.m.canServe(v, r) && x.s.where[r] >= 0 && x.m.shape[r] < pinned && x.m.group[r] < 0 {
			out = append(out, int32(r))
		}
	}
	return out
}

// barred lists the rules that keep every request off v.
func (x *explainer) barred(v int) []Reason {
	var found reasons
	for r := range x.m.n {
		why := x.m.refusal(v, r)
		if why.Rule == "" {
			if why.Rule = ReasonNotNeeded; x.s.where[r] < 0 {
				why.Rule = ""
				why = x.beside(v, int32(r), why)
			}
		}
		found.add(why, 1)
	}
	all := Reason{Rule: ReasonNothing, Vehicle: v, Request: -1, Other: -1, Dimension: -1, Count: x.m.n}
	if x.m.n == 0 || len(found.list) > 0 && found.list[0].Rule != ReasonNotNeeded {
		return append([]Reason{all}, found.sorted()...)
	}
	return found.sorted()
}

// moveOne is what the plan costs more with r alone on v.
func (x *explainer) moveOne(v int, r int32) int64 {
	s := x.s
	s.mark()
	before := s.energy
	s.take(r)
	absent := len(s.absent)
	s.settle()
	cost := inf
	if len(s.absent) == absent {
		if e := s.insertion(int32(v), r, inf); e.cost < inf {
			s.put(r, e)
			cost = s.energy - before
		}
	}
	s.rollback()
	return cost
}

// moveRoute is what the plan costs more with some whole route driven by v.
func (x *explainer) moveRoute(v int) int64 {
	best := inf
	seq := []int32(nil)
	for _, u := range x.s.used {
		if x.m.trucks[u].frozen > 0 || !x.allOn(v, u) {
			continue
		}
		q := x.s.seq[u]
		seq = append(append(append(seq[:0], x.m.trucks[v].start), q[1:len(q)-1]...), x.m.trucks[v].end)
		if t, ok := x.s.w.walk(v, seq); ok {
			best = min(best, t.cost-x.s.cost[u])
		}
	}
	return best
}

func (x *explainer) allOn(v int, u int32) bool {
	for _, node := range x.s.seq[u][1 : len(x.s.seq[u])-1] {
		if !x.m.canServe(v, int(x.m.nodes[node].req)) {
			return false
		}
	}
	return true
}
