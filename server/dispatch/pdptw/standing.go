package pdptw

// going is a vehicle on the road.
type going struct {
	now    int64
	left   int64 // still to drive on this leg, milliseconds
	driven int64 // since the last rest
	span   int   // the first of the vehicle's spans of standing that is not over
}

// cause is why a vehicle on the road comes to a halt.
type cause uint8

const (
	arrived cause = iota
	rests
	stands
)

// onwards drives g to its next halt and through it; length is how long it halts. Where a rest is due and the vehicle may not drive
// for less than that rest, it rests. While it stands for longer, that is its rest.
func (k *truck) onwards(g *going) (why cause, length int64) {
	for g.left > 0 {
		for g.span < len(k.standing) && k.standing[g.span].Close <= g.now {
			g.span++
		}
		due, step := k.every > 0 && g.driven >= k.every, g.left
		if g.span < len(k.standing) {
			x := &k.standing[g.span]
			if length = x.Close - g.now; x.Open <= g.now && !(due && length < k.rest) {
				g.now = x.Close
				if length >= k.rest {
					g.driven = 0
				}
				return stands, length
			}
			if x.Open > g.now {
				step = min(step, x.Open-g.now)
			}
		}
		if due {
			g.now, g.driven = g.now+k.rest, 0
			return rests, k.rest
		}
		if k.every > 0 {
			step = min(step, k.every-g.driven)
		}
		g.now, g.left, g.driven = g.now+step, g.left-step, g.driven+step
	}
	return arrived, 0
}

// ride drives the leg to stop i halt by halt. It gives the arrival, and what has been driven then since the last rest.
func (w *walker) ride(k *truck, i int, leg, driven int64) (t, after int64) {
	g := going{now: w.leave[i-1], left: leg, driven: driven}
	for {
		why, length := k.onwards(&g)
		switch why {
		case arrived:
			return g.now, g.driven
		case rests:
			w.rests[i]++
		}
		if w.halts != nil {
			w.halts(why, Halt{Before: i - 1, Start: g.now - length, Length: length})
		}
	}
}

// arrives is when a vehicle that leaves rested at t has driven for so many milliseconds.
func (k *truck) arrives(t, drive int64) int64 {
	g := going{now: t, left: drive}
	for why := stands; why != arrived; {
		why, _ = k.onwards(&g)
	}
	return g.now
}

// reach is arrives without rests.
func (k *truck) reach(t, drive int64) int64 {
	if k.standing == nil {
		return t + drive
	}
	free := truck{standing: k.standing}
	return free.arrives(t, drive)
}

// leaveBy is the last moment to leave for a drive of so many milliseconds without rests that arrives by t.
func (k *truck) leaveBy(t, drive int64) int64 {
	for i := len(k.standing) - 1; i >= 0 && drive > 0; i-- {
		x := &k.standing[i]
		if t > x.Close {
			if drive <= t-x.Close {
				break
			}
			drive -= t - x.Close
		}
		t = min(t, x.Open)
	}
	return t - drive
}

// Arrives is when v, rested and leaving at t, has driven for so many milliseconds, with the rests and the standing on the way.
func (v *Vehicle) Arrives(t, drive int64) int64 {
	k := truck{standing: v.Standing, every: v.Break.Every, rest: v.Break.Length}
	return k.arrives(t, drive)
}

// LeavesBy is the last moment to leave for a drive of so many milliseconds that arrives by t, with the standing on the way and no rests.
func (v *Vehicle) LeavesBy(t, drive int64) int64 {
	k := truck{standing: v.Standing}
	return k.leaveBy(t, drive)
}

// leavesLater looks for a trip that is short enough by returning later: one that leaves the start or a stop just as a span of standing
// ends, so that it spends the span there and as late as it can, or not at all. Without one, t is the shortest that was tried.
func (w *walker) leavesLater(v int, seq []int32, t *trial) bool {
	k := &w.m.trucks[v]
	if k.frozen > 0 || w.least(v, seq) > k.maxDur {
		return false
	}
	for _, x := range k.standing {
		for i := len(seq) - 2; i >= 0 && x.Close > t.depart; i-- {
			later := *t
			later.depart = w.latest(v, seq[:i+1], x.Close-w.m.nodes[seq[i]].service)
			if later.depart <= t.depart || !w.drive(v, seq, later.depart) {
				continue
			}
			later.end = w.arrive[len(seq)-1]
			if w.postpone(v, seq, &later); later.end-later.depart < t.end-t.depart {
				*t = later
			}
			if t.end-t.depart <= k.maxDur {
				return true
			}
		}
	}
	return false
}

// least is how long seq takes without any wait or halt.
func (w *walker) least(v int, seq []int32) (sum int64) {
	for i := 1; i < len(seq); i++ {
		sum += int64(w.m.arc(v, seq[i-1], seq[i]).dur) + w.m.nodes[seq[i]].service
	}
	return sum
}
