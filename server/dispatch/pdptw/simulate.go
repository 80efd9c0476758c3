package pdptw

// walker drives a sequence of nodes from start to end and says what it costs. It is the exact test behind the quick
// ones of insert.go, and it gives the times of the finished plan. Its slices are scratch.
type walker struct {
	m                    *model
	arrive, begin, leave []int64
	rests                []int64 // rests taken on the leg that ends here
	load                 []int64
	first, last          []int32 // by request: where it comes on board and where it leaves
	seen                 []int32 // by request: stamp of the walk that set first and last
	stamp                int32
	stack                []int32
	riders               []int32
	missed               int               // the position at which the last drive was too late
	halvings             int               // how closely postpone looks for the last moment, where rests are due
	halts                func(cause, Halt) // hears of each halt on the road; nil in the search
}

func newWalker(m *model) *walker {
	return &walker{m: m, halvings: closely, load: make([]int64, m.d), first: make([]int32, m.n), last: make([]int32, m.n), seen: make([]int32, m.n)}
}

// closely finds the last moment to the millisecond; the search has no time for that. What was tried: docs/solver.md.
const closely = 40

// guesses is how many departures postpone reckons from the rests before it only halves. What was tried: docs/solver.md.
const guesses = 4

// trial is what a walk found.
type trial struct {
	depart, end int64
	dist        int64
	surcharge   int64
	prices      int64
	cost        int64 // kernel cost
	soft        int64 // of cost, what one more stop may make less: surcharge, hours, what is short of the minimum
}

// walk drives seq with vehicle v; ok is false when a hard rule is broken.
func (w *walker) walk(v int, seq []int32) (t trial, ok bool) {
	w.fit(len(seq))
	if !w.riding(seq) || !w.carry(v, seq, &t) {
		return t, false
	}
	k := &w.m.trucks[v]
	if t.dist > k.maxDist || len(seq)-2 > k.maxStops {
		return t, false
	}
	if t.depart = w.m.nodes[k.start].open; !w.drive(v, seq, t.depart) {
		return t, false
	}
	t.end = w.arrive[len(seq)-1]
	if k.perHour > 0 || t.end-t.depart > k.maxDur {
		w.postpone(v, seq, &t)
		if t.end-t.depart > k.maxDur && !w.leavesLater(v, seq, &t) {
			return t, false
		}
	}
	w.charge(v, seq, &t)
	return t, true
}

// charge adds up the kernel cost of a walk.
func (w *walker) charge(v int, seq []int32, t *trial) {
	k := &w.m.trucks[v]
	if len(seq) == 2 {
		return
	}
	if !w.m.lexical {
		t.soft = t.surcharge
	}
	hours := int64(0)
	if k.perHour > 0 {
		hours = mulDiv(t.end-t.depart, k.perHour, 3_600_000)
	}
	t.soft += hours + max(0, k.minimum-k.fixed-hours-t.dist*k.perMetre)
	t.cost = t.dist*k.perMetre + t.prices + w.entered(k) + k.fixed + t.soft + w.m.endingAt(v, seq[len(seq)-2])
}

// entered is the price of the areas that the riders are of.
func (w *walker) entered(k *truck) int64 {
	if k.entry == nil {
		return 0
	}
	seen, sum := uint64(1), int64(0)
	for _, r := range w.riders {
		if area := w.m.nodes[2*r].area; seen>>area&1 == 0 {
			seen |= 1 << area
			sum += k.entry[area]
		}
	}
	return sum
}

// mulDiv is a*b/c for a of any length of time and b of any price, without overflow.
func mulDiv(a, b, c int64) int64 { return a/c*b + a%c*(b/c) + a%c*(b%c)/c }

func (w *walker) fit(n int) {
	if n <= len(w.arrive) {
		return
	}
	n += n/2 + 16
	w.arrive, w.begin, w.leave = make([]int64, n), make([]int64, n), make([]int64, n)
	w.rests = make([]int64, n)
	w.stack, w.riders = make([]int32, 0, n), make([]int32, 0, n)
}

// riding notes for every request of seq from where to where it is on board, and tests the rules between requests.
func (w *walker) riding(seq []int32) bool {
	w.stamp++
	w.riders = w.riders[:0]
	var classes uint64
	bound := false
	for i, x := range seq {
		r := w.m.nodes[x].req
		if r < 0 {
			continue
		}
		if w.seen[r] != w.stamp {
			w.seen[r], w.first[r], w.last[r] = w.stamp, 0, int32(len(seq))
			w.riders = append(w.riders, r)
			classes |= 1 << w.m.p.Requests[r].Class
			bound = bound || len(w.m.ordered[r]) > 0
		}
		if w.m.nodes[x].kind == Pickup {
			w.first[r] = int32(i)
		} else {
			w.last[r] = int32(i)
		}
	}
	return (!bound || w.keepsRules()) && w.keepsClassRules(classes)
}

func (w *walker) keepsRules() bool {
	for _, r := range w.riders {
		for _, i := range w.m.ordered[r] {
			x := &w.m.p.Rules[i]
			if w.seen[x.A] != w.stamp || w.seen[x.B] != w.stamp || w.last[x.A] < w.first[x.B] {
				continue
			}
			if x.Kind == InOrder || w.last[x.B] >= w.first[x.A] {
				return false
			}
		}
	}
	return true
}

func (w *walker) keepsClassRules(classes uint64) bool {
	for _, a := range w.riders {
		ca := w.m.p.Requests[a].Class
		if w.m.ruleCls[ca]&classes == 0 {
			continue
		}
		for _, b := range w.riders {
			if a == b || w.last[a] < w.first[b] {
				continue
			}
			cb := w.m.p.Requests[b].Class
			if w.m.afterCls[ca]>>cb&1 == 1 {
				return false
			}
			if w.m.neverCls[ca]>>cb&1 == 1 && w.last[b] >= w.first[a] {
				return false
			}
		}
	}
	return true
}

// carry follows load, order of unloading, distance and money that depends on the load.
func (w *walker) carry(v int, seq []int32, t *trial) bool {
	m, k := w.m, &w.m.trucks[v]
	limit := m.cap[v*m.d : (v+1)*m.d]
	clear(w.load)
	w.stack = w.stack[:0]
	unwaived := 0
	for _, r := range w.riders {
		t.prices += m.extraCost(int(r), v)
		if m.shape[r] == dropOff || m.shape[r] == fixed && m.p.Requests[r].Pickup == nil {
			unwaived += w.shift(int(r), 1, k.waived)
			w.stack = append(w.stack, -1)
		}
	}
	if !within(w.load, limit) {
		return false
	}
	for i := 1; i < len(seq); i++ {
		a := m.arc(v, seq[i-1], seq[i])
		if a.dist == noRoad {
			return false
		}
		t.dist += int64(a.dist)
		if k.surcharge > 0 && (unwaived > 0 || !fullEnough(w.load, limit, k.share)) {
			t.surcharge += int64(a.dist) * k.surcharge
		}
		x := &m.nodes[seq[i]]
		if x.req < 0 {
			continue
		}
		if x.kind == Pickup {
			unwaived += w.shift(int(x.req), 1, k.waived)
			w.stack = append(w.stack, x.req)
			if !within(w.load, limit) {
				return false
			}
			continue
		}
		unwaived -= w.shift(int(x.req), -1, k.waived)
		if k.lifo && !w.unstack(x.req) {
			return false
		}
	}
	return true
}

// unstack takes r off the top; what was on board at the start lies in an order of the caller's choosing.
func (w *walker) unstack(r int32) bool {
	top := len(w.stack) - 1
	if top < 0 || w.stack[top] != r && (w.stack[top] != -1 || w.first[r] != 0) {
		return false
	}
	w.stack = w.stack[:top]
	return true
}

func (w *walker) shift(r int, sign int64, waived uint64) int {
	for k, q := range w.m.load[r*w.m.d : (r+1)*w.m.d] {
		w.load[k] += sign * q
	}
	return int(1 - waived>>w.m.p.Requests[r].Class&1)
}

func within(load, limit []int64) bool {
	for k, q := range load {
		if q > limit[k] {
			return false
		}
	}
	return true
}

func fullEnough(load, limit []int64, share int64) bool {
	for k, q := range load {
		if q > 0 && float64(q)*1000 >= float64(limit[k])*float64(share) {
			return true
		}
	}
	return false
}

// drive fills the times of seq for a departure; false when a window is missed.
func (w *walker) drive(v int, seq []int32, depart int64) bool {
	m, k := w.m, &w.m.trucks[v]
	w.arrive[0], w.begin[0], w.leave[0] = depart, depart, depart
	driven, onwards := int64(0), k.standing != nil || w.halts != nil
	for i := 1; i < len(seq); i++ {
		leg := int64(m.arc(v, seq[i-1], seq[i]).dur)
		w.rests[i] = 0
		t := w.leave[i-1] + leg
		if onwards {
			t, driven = w.ride(k, i, leg, driven)
		} else if k.every > 0 {
			w.rests[i], driven = restsOn(leg, driven, k.every)
			t += w.rests[i] * k.rest
		}
		w.arrive[i] = t
		b := m.begin(seq[i], t)
		if b == inf {
			w.missed = i
			return false
		}
		if k.every > 0 && b-t >= k.rest {
			driven = 0
		}
		w.begin[i], w.leave[i] = b, b+m.nodes[seq[i]].service
	}
	return true
}

// restsOn counts the rests that fall due on a leg begun after driven, and what has been driven since the last.
func restsOn(leg, driven, every int64) (rests, after int64) {
	if driven+leg <= every {
		return 0, driven + leg
	}
	over := driven + leg - every - 1
	return 1 + over/every, over%every + 1
}

// postpone leaves as late as the return stays the same. A frozen route is under way: it is not held back. Where rests are due,
// leaving later may take away a wait that was one, and so move what follows: the rests of each try bound the next one. Standing still
// may then take the place of a rest, so that where it is asked for the first try counts none.
func (w *walker) postpone(v int, seq []int32, t *trial) {
	k := &w.m.trucks[v]
	if k.frozen > 0 || len(seq) == 2 {
		return
	}
	if k.standing != nil {
		clear(w.rests[:len(seq)])
	}
	by, late := w.latest(v, seq, t.end)-t.depart, int64(-1)
	for tries := 0; by > 0 && !w.returnsBy(v, seq, t.depart+by, t.end); tries++ {
		if late = by; k.every == 0 {
			by = 0
			break
		}
		if by = w.latest(v, seq, t.end) - t.depart; by <= late/2 || by >= late || tries >= guesses {
			by = late / 2
		}
	}
	by = max(by, 0)
	for range w.halvings {
		if mid := by + (late-by)/2; late <= by+1 {
			break
		} else if w.returnsBy(v, seq, t.depart+mid, t.end) {
			by = mid
		} else {
			late = mid
		}
	}
	t.depart += by
	w.drive(v, seq, t.depart)
}

// returnsBy tells whether leaving at depart keeps every window and is back at end.
func (w *walker) returnsBy(v int, seq []int32, depart, end int64) bool {
	return w.drive(v, seq, depart) && w.arrive[len(seq)-1] <= end
}

// latest is the last moment to leave for a return at end, with the rests of the last drive.
func (w *walker) latest(v int, seq []int32, end int64) int64 {
	m, k, t := w.m, &w.m.trucks[v], end
	for i := len(seq) - 1; i > 0; i-- {
		t = m.lastBegin(seq[i], t)
		if need := int64(m.arc(v, seq[i-1], seq[i]).dur) + w.rests[i]*k.rest; k.standing == nil {
			t -= need
		} else {
			t = k.leaveBy(t, need)
		}
		t -= m.nodes[seq[i-1]].service
	}
	return min(t, m.nodes[seq[0]].close)
}
