package dispatch

import (
	"cmp"
	"maps"
	"slices"

	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/orders"
)

// Binding is a rule that keeps goods off some trucks, with the numbers of the truck that came nearest.
type Binding struct {
	Rule   string       `json:"rule"`
	Said   wording.Text `json:"said"`
	Text   string       `json:"text"`
	Trucks int          `json:"trucks"` // how many it refuses
	Plate  string       `json:"plate"`  // of the nearest
	Need   int64        `json:"need"`
	Limit  int64        `json:"limit"`
	Source string       `json:"source"`
	Mark   string       `json:"mark"`
}

// explainLeft says of everything that no trip carries which rules bind: of a load that is cut, one piece is judged. Where an empty truck
// seems to do for it, ask may know better; nil: nobody does.
func (p *planner) explainLeft(m mode, pieces []piece, trips []PlannedTrip, ask func(mode, piece) (LeftOut, bool)) []LeftOut {
	left, cut := map[int]int64{}, map[int][]piece{}
	for _, pc := range pieces {
		left[pc.load] += pc.amount()
		cut[pc.load] = append(cut[pc.load], pc)
	}
	for _, t := range trips {
		for _, part := range t.Parts {
			left[part.Load] -= partAmount(part)
		}
	}
	var out []LeftOut
	for _, i := range slices.Sorted(maps.Keys(left)) {
		if left[i] <= 0 {
			continue
		}
		one := p.oneOf(cut[i], left[i])
		l := p.whyNot(m, one, p.piece(i, left[i]))
		if l.Rule == "trucks_full" && ask != nil {
			if why, never := ask(m, one); never {
				l.Rule, l.Said, l.Need, l.Limit, l.Hints = why.Rule, why.Said, why.Need, why.Limit, p.decayHint(l)
			}
		}
		out = append(out, l)
	}
	p.explainBound(out)
	return out
}

// oneOf is the least of a load's pieces that are left. Where what is left is not made of them, it is as much as the least piece, or all.
func (p *planner) oneOf(cut []piece, left int64) piece {
	cut = slices.SortedFunc(slices.Values(cut), func(a, b piece) int { return cmp.Compare(a.amount(), b.amount()) })
	for n, pc := range cut {
		if madeOf(left-pc.amount(), slices.Delete(slices.Clone(cut), n, n+1)) {
			return pc
		}
	}
	return p.piece(cut[0].load, min(left, cut[0].amount()))
}

// madeOf reports whether some of the pieces add up to an amount.
func madeOf(amount int64, pieces []piece) bool {
	sums := map[int64]bool{0: true}
	for _, pc := range pieces {
		for _, sum := range slices.Sorted(maps.Keys(sums)) {
			if sum += pc.amount(); sum <= amount && len(sums) < maxSums {
				sums[sum] = true
			}
		}
	}
	return sums[amount]
}

// maxSums bounds what is tried: a load that is cut in equal pieces has few sums.
const maxSums = 1000

// whyNot looks at every truck as if it had nothing else to do than to take one piece of all that is left.
func (p *planner) whyNot(m mode, pc, all piece) LeftOut {
	byRule := map[string]*Binding{}
	free := 0
	for _, v := range m.trucks {
		b := p.refuses(m, v, pc)
		if b == nil {
			free++
			continue
		}
		b.Plate, b.Trucks = p.q.Trucks[v].Vehicle.Plate, 1
		if have := byRule[b.Rule]; have == nil {
			byRule[b.Rule] = b
		} else if have.Trucks++; b.Need-b.Limit < have.Need-have.Limit {
			b.Trucks = have.Trucks
			byRule[b.Rule] = b
		}
	}
	out := LeftOut{Load: all.load, Grams: all.goods.Net, People: all.people}
	for _, b := range byRule {
		out.Bindings = append(out.Bindings, *b)
	}
	slices.SortFunc(out.Bindings, func(a, b Binding) int { return cmp.Or(cmp.Compare(b.Trucks, a.Trucks), cmp.Compare(a.Rule, b.Rule)) })
	if free > 0 {
		out.Rule = "trucks_full"
		out.Said = wording.Just("trucks_full_n", wording.Count(free))
		out.Limit = int64(free)
	} else if len(out.Bindings) > 0 {
		b := out.Bindings[max(0, slices.IndexFunc(out.Bindings, func(b Binding) bool { return b.Rule != "pinned" }))] // what the truck lacks that it must go with
		out.Rule, out.Said, out.Need, out.Limit, out.Source, out.Mark = b.Rule, b.Said, b.Need, b.Limit, b.Source, b.Mark
	}
	out.Hints = p.hintsFor(out)
	return out
}

// refuses gives the rule for which an empty truck can't carry a piece, or nil.
func (p *planner) refuses(m mode, v int, pc piece) *Binding {
	t := p.q.Trucks[v]
	if b := p.barOf(p.day, v, pc.load, m.passes); b != nil {
		return &Binding{Rule: b.Rule, Said: b.withNext(), Source: b.Source, Mark: b.Mark, Need: b.Need, Limit: b.Limit}
	}
	room := t.room()
	switch {
	case pc.goods.Gross > room.Grams && pc.people == 0:
		return &Binding{Rule: "payload", Need: int64(pc.goods.Gross), Limit: int64(room.Grams), Source: t.Type.Source.Text, Mark: t.Type.Source.Mark,
			Said: wording.Just("payload", wording.Tonnes(pc.goods.Gross), wording.OfPlate(t.Vehicle.Plate), wording.Tonnes(room.Grams))}
	case pc.goods.Volume > room.Volume && pc.people == 0:
		return &Binding{Rule: "cube", Need: int64(pc.goods.Volume), Limit: int64(room.Volume), Source: t.Type.Source.Text, Mark: t.Type.Source.Mark,
			Said: wording.Just("cube", wording.Cubic(pc.goods.Volume), wording.OfPlate(t.Vehicle.Plate), wording.Cubic(room.Volume))}
	case pc.people > p.seats(t):
		return &Binding{Rule: "seats", Need: int64(pc.people), Limit: int64(p.seats(t)),
			Said: wording.Just("seats", wording.Count(pc.people), wording.OfPlate(t.Vehicle.Plate), wording.Count(p.seats(t)))}
	}
	return p.tooLate(v, pc)
}

// tooLate follows the truck to the goods and to their receiver.
func (p *planner) tooLate(v int, pc piece) *Binding {
	l, t := p.q.Loads[pc.load], p.q.Trucks[v]
	toGoods, road := p.duration(v, p.truck[v], p.from[pc.load]), p.duration(v, p.from[pc.load], p.to[pc.load])
	if c, shut := p.closedBetween(p.closures(p.day), p.codeOf(t.Capacity.Place), p.codeOf(l.From)); shut && toGoods < 0 {
		return &Binding{Rule: "closed_road", Said: p.shut(c)}
	}
	if toGoods < 0 || road < 0 {
		return &Binding{Rule: "unreachable", Said: wording.Just("no_road_for", wording.OfPlate(t.Vehicle.Plate))}
	}
	driver, second := p.pace(v), p.pace(v)
	second.Standing = nil // another driver takes over
	open, leave := int64(p.opens(t)), func(arrive int64) int64 { return max(arrive, int64(l.Ready.From)) + p.loading(pc) }
	arrive, could := driver.Arrives(open, int64(toGoods)), second.Arrives(open, int64(toGoods))
	if l.Ready.To > 0 && arrive > int64(l.Ready.To) {
		return p.cameLate(v, "late_at_goods", l.From, arrive, int64(l.Ready.To), could)
	}
	arrive, could = driver.Arrives(leave(arrive), int64(road)), second.Arrives(leave(could), int64(road))
	if l.Unload.To > 0 && arrive > int64(l.Unload.To) {
		return p.cameLate(v, "late_at_receiver", l.To, arrive, int64(l.Unload.To), could)
	}
	return p.tooEarly(v, pc, arrive)
}

// tooEarly is why a truck that sets out before its offer ends would wait for the receiver for longer than a trip may take.
func (p *planner) tooEarly(v int, pc piece, arrive int64) *Binding {
	t, l := p.q.Trucks[v], p.q.Loads[pc.load]
	by, begin := int64(p.leavesBy(t)), int64(0)
	for _, w := range p.unloadWindows(l) {
		if begin = max(arrive, w.Open); arrive <= w.Close {
			break
		}
	}
	if by == 0 || begin-by <= int64(day) { // a trip may take a day and more
		return nil
	}
	if need := begin + p.unloading(pc) - p.withNights(v, p.longest(v, p.everyLoad())); need > by {
		return &Binding{Rule: "capacity_over", Said: offerOver(t).And("wanted_then", wording.At(measure.Millis(begin))), Need: need, Limit: by}
	}
	return nil
}

// cameLate is why an arrival behind the last moment binds; where the truck could be in time, it is for standing still by night.
func (p *planner) cameLate(v int, said string, at orders.Stop, arrive, last, could int64) *Binding {
	t := p.q.Trucks[v]
	b := bar{Rule: "window", Said: p.atItsSpeed(v, wording.Just(said, wording.OfPlate(t.Vehicle.Plate), wording.At(measure.Millis(arrive)), wording.At(measure.Millis(last))))}
	if could <= last {
		b = p.stoodTooLong(t, at, measure.Millis(arrive), measure.Millis(last))
	}
	return &Binding{Rule: b.Rule, Said: b.Said, Source: b.Source, Mark: b.Mark, Need: arrive, Limit: last}
}

// hintsFor says what would change it.
func (p *planner) hintsFor(l LeftOut) []Hint {
	var out []Hint
	load := p.q.Loads[l.Load]
	for _, b := range l.Bindings {
		switch b.Rule {
		case "pass":
			if next := p.nextPass(load); next != "" {
				out = append(out, Hint{Code: "pass_starts", Trip: -1, Day: next, Said: wording.Just("a_pass_starts", wording.Day(next))})
			}
		case "payload", "cube", "trucks_full":
			if kind, ok := p.smallestFor(l); ok {
				out = append(out, Hint{Code: "larger_truck", Trip: -1, Said: wording.Just("larger_truck", kind)})
			}
		case "window", "coach_night":
			out = append(out, Hint{Code: "later", Trip: -1, Said: wording.Just("later", wording.Span(measure.Millis(b.Need-b.Limit)))})
		case "cold":
			out = append(out, Hint{Code: "cold_truck", Trip: -1, Said: wording.Just("cold_truck")})
		case "wash":
			out = append(out, Hint{Code: "wash", Trip: -1, Said: wording.Just("wash_record", wording.OfPlate(b.Plate))})
		}
	}
	if l.Rule == "trucks_full" {
		if kind, ok := p.smallestFor(l); ok {
			out = append(out, Hint{Code: "one_more_truck", Trip: -1, Said: wording.Just("one_more_truck", kind)})
		}
	}
	return append(out, p.decayHint(l)...)
}

// nextPass is the first day on which some truck's pass for the load begins.
func (p *planner) nextPass(l Load) string {
	best := ""
	for _, t := range p.q.Trucks {
		if b := p.passBar(p.day, t, l); b != nil && b.Next != "" && (best == "" || b.Next < best) {
			best = b.Next
		}
	}
	return best
}

// smallestFor names the smallest type of truck that takes what is left out whole.
func (p *planner) smallestFor(l LeftOut) (wording.Value, bool) {
	goods := p.weigh(l.Load, l.Grams)
	for _, kind := range p.book.AllTruckTypes() {
		if l.People == 0 && kind.Payload >= goods.Gross && kind.Cube >= goods.Volume && !kind.Oversize {
			return wording.Named(kind.NameEn, kind.Name), true
		}
	}
	return wording.Value{}, false
}
