package dispatch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"

	"jishi/server/dispatch/pdptw"
	"jishi/server/measure"
	"jishi/server/rules"
)

// mode is one way of planning. The dispatcher sees what each leads to, so that the price of a rule is visible.
type mode struct {
	mix    bool  // goods that should not share a truck may, with a warning
	passes bool  // only trucks with their passes on board
	trucks []int // which may be used
}

// piece is a part of a load that the solver may put on any truck.
type piece struct {
	load   int
	goods  Goods
	people int
	only   int // truck, -1 for any
}

// amount is what of a load's measure the piece holds: grams, or people.
func (pc piece) amount() int64 {
	if pc.people > 0 {
		return int64(pc.people)
	}
	return int64(pc.goods.Net)
}

// Effort of the search, in iterations of the solver; fixed, so that the same question has the same answer.
const (
	assignIterations   = 150
	scheduleIterations = 50
	maxPieces          = 48
	maxGroups          = 100 // of one load of people
	leastPiece         = measure.Tonne
)

// pieces cuts the loads for a fleet: small enough for its smallest truck, few enough for a quick search.
func (p *planner) pieces(fleet []int) []piece {
	var total measure.Grams
	for _, i := range p.everyLoad() {
		total += p.q.Loads[i].Grams
	}
	smallest := measure.Grams(0)
	for _, v := range fleet {
		if room := p.q.Trucks[v].room().Grams; room > 0 && (smallest == 0 || room < smallest) {
			smallest = room
		}
	}
	size := max(leastPiece, smallest*2/5, total/maxPieces+1)
	var out []piece
	for _, i := range p.everyLoad() {
		if p.q.Loads[i].People > 0 {
			out = append(out, p.cut(i, int64(max(p.party(fleet), p.q.Loads[i].People/maxGroups)))...)
		} else {
			out = append(out, p.cut(i, int64(size))...)
		}
	}
	return out
}

// party is the size of group that fills every coach of a fleet without a rest: the greatest common divisor of their seats.
func (p *planner) party(fleet []int) int {
	common := 0
	for _, v := range fleet {
		for a, b := common, p.seats(p.q.Trucks[v]); ; a, b = b, a%b {
			if b == 0 {
				common = a
				break
			}
		}
	}
	return max(1, common)
}

// cut cuts a load into pieces of size grams, or people, the last a little more or less.
func (p *planner) cut(load int, size int64) []piece {
	return p.cutAmount(load, p.q.Loads[load].amount(), size)
}

func (p *planner) cutAmount(load int, left, size int64) []piece {
	var out []piece
	for left > 0 {
		n := min(size, left)
		if p.q.Loads[load].People == 0 && left-n < (size+1)/2 { // no crumbs of goods; a coach takes no more people than it has seats
			n = left
		}
		out = append(out, p.piece(load, n))
		left -= n
	}
	return out
}

// piece is n grams, or people, of a load, for any truck.
func (p *planner) piece(load int, n int64) piece {
	if p.q.Loads[load].People > 0 {
		return piece{load: load, people: int(n), only: -1}
	}
	return piece{load: load, goods: p.weigh(load, measure.Grams(n)), only: -1}
}

func (p *planner) weigh(load int, net measure.Grams) Goods {
	f, ok := p.book.Produce(p.q.Loads[load].Produce)
	if !ok || f.DensityGramsPerLitre <= 0 {
		f.DensityGramsPerLitre = 1000
	}
	return p.q.Loads[load].Goods.weigh(net, f)
}

// usable gives the trucks that are not refused outright.
func (p *planner) usable() []int {
	var out []int
	for v := range p.q.Trucks {
		if _, no := p.refused[v]; !no {
			out = append(out, v)
		}
	}
	return out
}

// modes lays out the ways of planning: with all trucks, with one length of truck, without one length; goods apart or
// together; passes as they are or as if they were there.
func (p *planner) modes() []mode {
	all := p.usable()
	byType := map[string][]int{}
	var types []string
	for _, v := range all {
		id := p.q.Trucks[v].Type.ID
		if byType[id] == nil {
			types = append(types, id)
		}
		byType[id] = append(byType[id], v)
	}
	sort.Strings(types)
	fleets := [][]int{all}
	for _, id := range types {
		if len(types) > 1 {
			fleets = append(fleets, byType[id])
		}
		if len(types) > 2 {
			fleets = append(fleets, without(all, byType[id]))
		}
	}
	var out []mode
	for _, fleet := range fleets {
		for _, mix := range choices(p.limitedPairs()) {
			for _, relaxed := range choices(p.passMissing(fleet)) {
				out = append(out, mode{mix: mix, passes: !relaxed, trucks: fleet})
			}
		}
	}
	return out
}

func choices(both bool) []bool {
	if both {
		return []bool{false, true}
	}
	return []bool{false}
}

func without(all, drop []int) []int {
	gone := map[int]bool{}
	for _, v := range drop {
		gone[v] = true
	}
	var out []int
	for _, v := range all {
		if !gone[v] {
			out = append(out, v)
		}
	}
	return out
}

// limitedPairs reports whether some goods may share a truck only with a warning.
func (p *planner) limitedPairs() bool {
	for i, a := range p.q.Loads {
		for _, b := range p.q.Loads[:i] {
			if a.People == 0 && b.People == 0 && p.book.Mix(p.day, a.Produce, b.Produce, 24).Level == rules.RideWithLimit {
				return true
			}
		}
	}
	return false
}

func (p *planner) passMissing(fleet []int) bool {
	for _, v := range fleet {
		for i, l := range p.q.Loads {
			if !p.skip[i] && p.passBar(p.day, p.q.Trucks[v], l) != nil {
				return true
			}
		}
	}
	return false
}

// assign finds which truck carries how much of which load, or false when nothing can be carried this way.
func (p *planner) assign(ctx context.Context, m mode, pieces []piece) (map[int][]piece, error) {
	problem := p.problem(m, pieces)
	for v := range problem.Vehicles {
		problem.Vehicles[v].LIFO = false // the order of the layers is found afterwards, when each truck's goods are known
	}
	s, err := pdptw.Solve(ctx, problem, pdptw.Options{Objective: pdptw.TotalCost, Iterations: assignIterations, Seed: 1}, nil)
	if err != nil {
		return nil, fmt.Errorf("assign loads: %w", err)
	}
	out := map[int][]piece{}
	for _, r := range s.Routes {
		sums := map[int]int64{}
		for _, visit := range r.Visits {
			if visit.Kind == pdptw.Pickup {
				sums[pieces[visit.Request].load] += pieces[visit.Request].amount()
			}
		}
		v := m.trucks[r.Vehicle]
		for _, load := range slices.Sorted(maps.Keys(sums)) {
			out[v] = append(out[v], p.runs(v, load, sums[load])...)
		}
	}
	return p.even(out), nil
}

// runs gives what a truck carries of a load as one piece, or as one for each run when it does not hold all at once.
func (p *planner) runs(v, load int, n int64) []piece {
	truck := p.q.Trucks[v]
	most := int64(p.fitting(load, truck.room()) - p.q.Loads[load].Goods.Pack)
	if p.q.Loads[load].People > 0 {
		most = int64(p.seats(truck))
	}
	if most <= 0 || n <= most {
		most = n
	}
	count := (n + most - 1) / most
	var out []piece
	for ; count > 0; count-- {
		pc := p.piece(load, n/count)
		pc.only = v
		out = append(out, pc)
		n -= n / count
	}
	return out
}

// even spreads goods of the same kinds from the same place evenly over trucks of the same type: equal loads are quicker
// to pack, no axle is the heaviest, and a breakdown costs each receiver least.
func (p *planner) even(by map[int][]piece) map[int][]piece {
	groups := map[string][]int{}
	var keys []string
	for _, v := range slices.Sorted(maps.Keys(by)) {
		key := p.likeness(v, by[v])
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], v)
	}
	for _, key := range keys {
		if len(groups[key]) > 1 {
			p.spread(by, groups[key])
		}
	}
	return by
}

// likeness is equal for trucks of one type and one home with the same produce from the same places, and nothing that goes with one truck only.
func (p *planner) likeness(v int, pieces []piece) string {
	kinds := map[string]bool{}
	for _, pc := range pieces {
		kinds[fmt.Sprintf("%s from %d", p.q.Loads[pc.load].Produce, p.from[pc.load])] = true
		if pc.people > 0 {
			kinds["people"] = true
		}
		if p.pinned(pc.load) {
			kinds[fmt.Sprintf("for truck %d", v)] = true
		}
	}
	names := make([]string, 0, len(kinds))
	for k := range kinds {
		names = append(names, k)
	}
	sort.Strings(names)
	return fmt.Sprintf("%s %v %d %q", p.q.Trucks[v].Type.ID, p.q.Trucks[v].room(), p.home[v], names)
}

func (p *planner) spread(by map[int][]piece, trucks []int) {
	sums := map[int]int64{}
	var total int64
	unit := int64(measure.Kilogram)
	for _, v := range trucks {
		for _, pc := range by[v] {
			sums[pc.load] += pc.amount()
			total += pc.amount()
			if pc.people > 0 {
				unit = 1
			}
		}
		by[v] = nil
	}
	loads := slices.Sorted(maps.Keys(sums))
	for n, v := range trucks {
		room := total / int64(len(trucks)-n) / unit * unit
		if n == len(trucks)-1 {
			room = total
		}
		total -= room
		for len(loads) > 0 && room > 0 {
			part := min(room, sums[loads[0]])
			by[v] = append(by[v], p.runs(v, loads[0], part)...)
			sums[loads[0]] -= part
			room -= part
			if sums[loads[0]] == 0 {
				loads = loads[1:]
			}
		}
	}
}

// schedule finds the order of the stops and the times of a fixed assignment.
func (p *planner) schedule(ctx context.Context, m mode, by map[int][]piece) (*pdptw.Solution, []piece, error) {
	var pieces []piece
	for _, v := range slices.Sorted(maps.Keys(by)) {
		pieces = append(pieces, by[v]...)
	}
	s, err := pdptw.Solve(ctx, p.problem(m, pieces), pdptw.Options{Objective: pdptw.TotalCost, Iterations: scheduleIterations, Seed: 1}, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("schedule trips: %w", err)
	}
	return s, pieces, nil
}

// problem writes a mode down for the solver. Dimension 0 is gross grams, 1 millilitres, 2 seats.
func (p *planner) problem(m mode, pieces []piece) *pdptw.Problem {
	out := &pdptw.Problem{Dimensions: 3, ClassRules: p.classRules(m)}
	profiles, profile := p.roads.profiles(m.trucks)
	out.Profiles = profiles
	at := map[int]int{}
	every, longest := p.everyLoad(), map[int]measure.Millis{}
	for n, v := range m.trucks {
		at[v] = n
		x := p.vehicle(v, every)
		if _, known := longest[profile[n]]; !known {
			longest[profile[n]] = p.longest(v, every)
		}
		x.Profile, x.MaxDuration = profile[n], p.withNights(v, longest[profile[n]])
		out.Vehicles = append(out.Vehicles, x)
	}
	for n, pc := range pieces {
		out.Requests = append(out.Requests, p.request(n, pc, m, at))
	}
	out.Rules = p.together(pieces)
	return out
}

func (p *planner) request(n int, pc piece, m mode, at map[int]int) pdptw.Request {
	l := p.q.Loads[pc.load]
	r := pdptw.Request{
		ID:       fmt.Sprintf("%d/%d", pc.load, n),
		Pickup:   &pdptw.Stop{Location: p.from[pc.load], Windows: readyWindows(l), Service: p.loading(pc)},
		Delivery: &pdptw.Stop{Location: p.to[pc.load], Windows: p.unloadWindows(l), Service: p.unloading(pc)},
		Load:     []int64{int64(pc.goods.Gross), int64(pc.goods.Volume), int64(pc.people)},
		Class:    p.class(l.Produce),
		Priority: p.priority(l),
	}
	if pc.people > 0 {
		if pc.people >= p.party(m.trucks) {
			r.Priority = min(r.Priority+1, 9) // before what was left when a load was cut: the solver counts groups, not heads
		}
	}
	for _, v := range m.trucks {
		if b := p.barOf(p.day, v, pc.load, m.passes); b != nil {
			r.Barred = append(r.Barred, pdptw.Bar{Vehicle: at[v], Why: b.Rule})
		}
		if t := p.q.Trucks[v]; t.Capacity.Price.Kind == PerTonneKm {
			km := int64(p.metres(p.from[pc.load], p.to[pc.load]))
			r.Prices = append(r.Prices, pdptw.VehiclePrice{Vehicle: at[v], Price: tonneKm(pc.goods.Gross, km, p.q.Prices.freight(t.Capacity.Price.Fen))})
		}
	}
	r.Prices = append(r.Prices, p.laterPrices(m, pc, at)...)
	if p.entersWuhan([]int{pc.load}) {
		r.Area = areaWuhan
	}
	if pc.only >= 0 {
		r.Only = []int{at[pc.only]}
	}
	return r
}

// loading is how long a piece takes to get on, in milliseconds.
func (p *planner) loading(pc piece) int64 {
	if pc.people > 0 {
		return int64(boarding)
	}
	return perTonne(loadingPerTonne, pc.goods.Gross)
}

// unloading is how long a piece takes to get off, in milliseconds.
func (p *planner) unloading(pc piece) int64 {
	switch {
	case pc.people > 0:
		return int64(boarding)
	case p.q.Loads[pc.load].NoForklift:
		return perTonne(byHandPerTonne, pc.goods.Gross)
	}
	return perTonne(unloadingPerTonne, pc.goods.Gross)
}

// areaWuhan is the solver's number of the place that costs a driver's days at home, once for each truck that goes there.
const areaWuhan = 1

// tonneKm multiplies grams, metres and fen per tonne-km, rounded to the fen. Whole kilograms keep it within 64 bits.
func tonneKm(g measure.Grams, metres int64, fen measure.Fen) int64 {
	return (int64(g)/1000*metres*int64(fen) + 500_000) / 1_000_000
}

func perTonne(each measure.Millis, g measure.Grams) int64 {
	return int64(each) * int64(g) / int64(measure.Tonne)
}

func readyWindows(l Load) []pdptw.Window {
	if l.Ready == (measure.Window{}) {
		return nil
	}
	w := pdptw.Window{Open: int64(l.Ready.From), Close: int64(l.Ready.To)}
	if w.Close <= w.Open {
		w.Close = w.Open + int64(90*day)
	}
	return []pdptw.Window{w}
}

// unloadWindows lays the receiver's hours out over the days ahead, within the span in which the goods are wanted.
func (p *planner) unloadWindows(l Load) []pdptw.Window {
	first, last := max(l.Unload.From, p.q.Now), l.Unload.To
	if last == 0 {
		last = first + unloadDays*day
	}
	if l.UnloadFrom == 0 && l.UnloadTo == 0 {
		return []pdptw.Window{{Open: int64(first), Close: int64(last)}}
	}
	start, _ := dayStart(dayAt(first))
	var out []pdptw.Window
	for n := measure.Millis(0); n <= unloadDays; n++ {
		open := max(start+n*day+measure.Millis(l.UnloadFrom)*minute, first)
		end := min(start+n*day+measure.Millis(l.UnloadTo)*minute, last)
		if open <= end {
			out = append(out, pdptw.Window{Open: int64(open), Close: int64(end)})
		}
	}
	if len(out) == 0 { // the span lies between two days' hours: the solver says so
		out = []pdptw.Window{{Open: int64(first), Close: int64(first)}}
	}
	return out
}

// seats is how many people may ride, under the rules of the day. A truck's cab takes none.
func (p *planner) seats(t Truck) int {
	if t.Type.Payload > 0 {
		return 0
	}
	seats, _ := p.book.SeatCap(p.day, t.Type.Seats)
	return min(seats, t.room().Seats)
}

// vehicle writes a truck down for a plan of these loads.
func (p *planner) vehicle(v int, loads []int) pdptw.Vehicle {
	t, out := p.q.Trucks[v], p.pace(v)
	open := p.opens(t)
	out.ID, out.Start, out.End, out.LIFO = t.Vehicle.ID, p.truck[v], pdptw.Nowhere, true
	out.Home = p.wishOf(v)
	out.Shift = pdptw.Window{Open: int64(open), Close: int64(open + shiftDays*day)}
	out.LeaveBy = int64(p.leavesBy(t))
	out.Capacity = []int64{int64(t.room().Grams), int64(t.room().Volume), int64(p.seats(t))}
	switch t.Capacity.Price.Kind {
	case PerTrip:
		out.FixedCost = int64(p.q.Prices.freight(t.Capacity.Price.Fen))
	case PerTonneKm: // see Prices of the requests
	default:
		out.Minimum = int64(t.Type.Minimum)
	}
	out.PerKm = int64(p.kmPrice(t) + p.diesel(t))
	if fen := p.quarantineOf(p.day, t, loads); fen > 0 {
		out.Entries = []pdptw.Entry{{Area: areaWuhan, Price: int64(fen)}}
	}
	out.Surcharge = pdptw.Surcharge{PerKm: int64(p.tollPerKm(t.Type)), Share: 800, Waived: p.greenClasses(t.Type)}
	if p.book.Toll(p.day, rules.TollCase{Pass: p.passHeld(p.day, t, loads...), Coach: t.coach()}).Free {
		out.Surcharge.PerKm = (out.Surcharge.PerKm + 19) / 20 // near equals: rather the plan that is toll-free without a pass too
	}
	return out
}

// longest is how long one trip of truck v may take: half as long again as the longest haul and a day for opening hours; with goods
// to bring back, twice the road. It keeps a truck from going home empty for the next load of a far haul.
func (p *planner) longest(v int, every []int) measure.Millis {
	var haul measure.Millis
	back := false
	for _, i := range every {
		haul = max(haul, p.duration(v, p.from[i], p.to[i]))
		for _, j := range every {
			gap := p.duration(v, p.to[j], p.from[i])
			back = back || gap >= 0 && 2*gap < p.duration(v, p.from[j], p.to[j])
		}
	}
	if back {
		haul *= 2
	}
	return haul*3/2 + day
}

func (p *planner) everyLoad() []int {
	var out []int
	for i := range p.q.Loads {
		if !p.skip[i] {
			out = append(out, i)
		}
	}
	return out
}

// wuhan is the city whose drivers stayed at home for 14 days afterwards.
const wuhan = "420100"

// quarantineOf gives the price of the driver's days at home after a trip with these loads: what the carrier asks, or the
// rules' reckoning; nothing for who hands over at a station, or stands in Wuhan already.
func (p *planner) quarantineOf(day rules.Day, t Truck, loads []int) measure.Fen {
	days, fen, _ := p.book.Quarantine(day, p.entersWuhan(loads) && !p.atlas.Within(t.Capacity.Place.Adcode, wuhan), p.handsOver)
	if days > 0 && t.Capacity.Quarantine > 0 {
		return t.Capacity.Quarantine
	}
	return fen
}

func (p *planner) entersWuhan(loads []int) bool {
	for _, i := range loads {
		if p.atlas.Within(p.q.Loads[i].To.Adcode, wuhan) {
			return true
		}
	}
	return false
}

// class numbers the produce of the question; the solver knows 64, later kinds share the last.
func (p *planner) class(produce string) int {
	if n, ok := slices.BinarySearch(p.kinds, produce); ok {
		return min(n, 63)
	}
	return 63
}

// kindsOf lists the kinds of goods in loads, in the order of their ids.
func kindsOf(loads []Load) []string {
	seen := map[string]bool{}
	var out []string
	for _, l := range loads {
		if !seen[l.Produce] && l.People == 0 {
			seen[l.Produce] = true
			out = append(out, l.Produce)
		}
	}
	sort.Strings(out)
	return out
}

// classRules keeps goods apart that may not ride together, and farm inputs after food: the truck is washed after them.
func (p *planner) classRules(m mode) []pdptw.ClassRule {
	ids := p.kinds
	var out []pdptw.ClassRule
	for i, a := range ids {
		for _, b := range ids[:i] {
			level := p.book.Mix(p.day, a, b, 24).Level
			ca, cb := p.class(a), p.class(b)
			switch {
			case level == rules.Never && p.input(a) != p.input(b):
				if p.input(a) {
					ca, cb = cb, ca
				}
				out = append(out, pdptw.ClassRule{Kind: pdptw.InOrder, A: ca, B: cb})
			case level == rules.Never, level == rules.RideWithLimit && !m.mix:
				out = append(out, pdptw.ClassRule{Kind: pdptw.Apart, A: ca, B: cb})
			}
		}
	}
	return out
}

func (p *planner) input(produce string) bool {
	f, ok := p.book.Produce(produce)
	return ok && f.Class == "input"
}

// greenClasses are the produce for which a full truck of this type drives toll-free.
func (p *planner) greenClasses(t rules.TruckType) uint64 {
	var bits uint64
	for _, id := range p.kinds {
		full := t.Loaded([]rules.GreenItem{{Produce: id, Grams: t.Payload, Volume: 1}})
		if p.book.GreenChannel(p.day, full).Free {
			bits |= 1 << p.class(id)
		}
	}
	return bits
}
