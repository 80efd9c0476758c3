package pdptw

// layInitial takes over the plan to start from. What is frozen lies there already; of the rest each request stays where
// it was if the route keeps every rule with it, in the order of the plan.
func (s *state) layInitial() {
	for _, r := range s.m.p.Initial {
		var kept []int32
		for i, c := range r.Visits {
			q := int32(c.Request)
			if i < r.Frozen || s.where[q] >= 0 || s.m.hopeless[q] || !s.wholeIn(&r, q) || !s.m.canServe(r.Vehicle, c.Request) || s.barredBy(kept, q) {
				continue
			}
			if s.tryLay(r.Vehicle, r.Visits, append(kept, q)) {
				kept = append(kept, q)
			}
		}
	}
	s.takeGroups()
	s.settle()
}

// wholeIn tells whether every stop of request q that can still be planned is in route r.
func (s *state) wholeIn(r *Initial, q int32) bool {
	want := len(s.m.ownNodes(int(q)))
	if s.m.shape[q] == pinned {
		want = 1
	}
	for _, c := range r.Visits[r.Frozen:] {
		if int32(c.Request) == q {
			want--
		}
	}
	return want == 0
}

func (s *state) barredBy(kept []int32, q int32) bool {
	for _, o := range kept {
		if s.m.apartCls[s.m.p.Requests[q].Class]>>s.m.p.Requests[o].Class&1 == 1 {
			return true
		}
		for _, a := range s.m.apart[q] {
			if a == o {
				return true
			}
		}
	}
	return false
}

// tryLay puts the frozen visits of v, and of the others those of the requests in keep, into its route if that keeps every
// rule. The last of keep is the new one.
func (s *state) tryLay(v int, visits []Call, keep []int32) bool {
	k := &s.m.trucks[v]
	in := map[int32]bool{}
	for _, q := range keep {
		in[q] = true
	}
	seq := []int32{k.start}
	for i, c := range visits {
		if i < k.frozen || in[int32(c.Request)] {
			seq = append(seq, int32(2*c.Request+int(c.Kind)))
		}
	}
	seq = append(seq, k.end)
	if _, ok := s.w.walk(v, seq); !ok {
		return false
	}
	r := keep[len(keep)-1]
	s.touch(int32(v))
	s.seq[v] = append(s.seq[v][:0], seq...)
	s.where[r] = int32(v)
	s.dropAbsent(r)
	s.refresh(v)
	s.price(v)
	return true
}
