package dispatch

import (
	"context"
	"fmt"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
)

// Facts of the ramp and the road. General knowledge, not checked against a text.
const (
	loadingPerTonne   = 20 * minute // two people by hand
	unloadingPerTonne = 15 * minute // with a forklift
	byHandPerTonne    = 20 * minute
	mostlyEmpty       = 600         // per mille of payload and of room: below both, a smaller truck would do
	boarding          = 20 * minute // a group gets on or off, temperatures are taken
	unloadDays        = 21          // days ahead for which a receiver's hours are laid out
)

// planner works one question out. It reads rules and distances and changes nothing.
type planner struct {
	book  *rules.Book
	atlas *places.Atlas
	q     Question
	day   rules.Day

	spots  []measure.Point // places by index, shared by trucks and loads
	index  map[measure.Point]int
	truck  []int          // spot of each truck
	home   []int          // spot where each truck wants to be afterwards, -1 where it does not matter
	from   []int          // spot of each load's pickup
	to     []int          // spot of each load's delivery
	roads  roads          // between the spots
	nights []pdptw.Window // in which coaches stand still; nil without a coach
	kinds  []string       // of goods
	bound  bonds          // of what must ride together

	stations  []orders.Stop // where goods may be handed over
	handsOver bool          // these are first halves of relayed trips: their drivers turn back at the station

	notes   []Note
	leftOut []LeftOut // loads that no truck may carry, whatever the plan
	skip    map[int]bool
	refused map[int]Refusal // trucks that may carry nothing
}

// newPlanner looks up places and distances. What has no place is left out with its reason; the rest is planned.
func newPlanner(ctx context.Context, book *rules.Book, atlas *places.Atlas, router places.Router, q Question) (*planner, error) {
	return Desk{Rules: book, Places: atlas, Router: router}.planner(ctx, q)
}

func (d Desk) planner(ctx context.Context, q Question) (*planner, error) {
	p := rulesOnly(d.Rules, d.Places, q)
	p.bound = bondsOf(q.Loads, nil)
	p.lookUp()
	if len(p.spots) == 0 {
		return p, nil
	}
	table, note, err := d.table(ctx, p.spots)
	if err != nil {
		return nil, fmt.Errorf("distances: %w", err)
	}
	if note != nil {
		p.notes = append(p.notes, *note)
	}
	p.roads = roadsOf(table, q.Trucks)
	p.closeRoads()
	p.checkLoads()
	p.leaveBound()
	p.checkTrucks()
	return p, nil
}

// lookUp finds the points of all loads and trucks.
func (p *planner) lookUp() {
	for v, t := range p.q.Trucks {
		spot, ok := p.spot(t.Capacity.Place)
		if !ok {
			p.refuse(v, "unknown_place", wording.Just("truck_place_unknown"))
		}
		home, ok := p.homeOf(t)
		if !ok {
			p.notes = append(p.notes, Note{Item: t.Vehicle.Plate, Said: wording.Just("home_unknown", wording.Named(t.Capacity.ReturnTo, ""))})
		}
		p.truck, p.home = append(p.truck, spot), append(p.home, home)
	}
	for i, l := range p.q.Loads {
		from, okFrom := p.spot(l.From)
		to, okTo := p.spot(l.To)
		if !okFrom || !okTo {
			p.leave(i, "unknown_place", wording.Just("load_place_unknown"), 0, 0)
		}
		p.from, p.to = append(p.from, from), append(p.to, to)
	}
	p.findStations()
	p.findNights()
}

// spot gives the index of a place's point; without coordinates the county's point serves.
func (p *planner) spot(s orders.Stop) (int, bool) {
	at, ok := p.atlas.PointOf(s.Point, s.Adcode)
	if !ok {
		return 0, false
	}
	if i, known := p.index[at]; known {
		return i, true
	}
	if p.index == nil {
		p.index = map[measure.Point]int{}
	}
	p.index[at] = len(p.spots)
	p.spots = append(p.spots, at)
	return len(p.spots) - 1, true
}

func (p *planner) leave(load int, rule string, said wording.Text, need, limit int64) {
	if p.skip[load] {
		return
	}
	p.skip[load] = true
	p.leftOut = append(p.leftOut, LeftOut{Load: load, Grams: p.q.Loads[load].Grams, People: p.q.Loads[load].People, Rule: rule, Said: said, Need: need, Limit: limit})
}

func (p *planner) refuse(v int, rule string, said wording.Text) {
	if _, done := p.refused[v]; done {
		return
	}
	t := p.q.Trucks[v]
	p.refused[v] = Refusal{Vehicle: t.Vehicle.ID, Plate: t.Vehicle.Plate, Type: t.Type.ID, Rule: rule, Said: said}
}

// leaveUnder leaves a load out under a rule of the road, with its source.
func (p *planner) leaveUnder(load int, b bar, road, limit measure.Millis) {
	if p.skip[load] {
		return
	}
	p.leave(load, b.Rule, b.Said, int64(road), int64(limit))
	last := &p.leftOut[len(p.leftOut)-1]
	last.Source, last.Mark = b.Source, b.Mark
}

// checkLoads leaves out what no truck may carry.
func (p *planner) checkLoads() {
	for i, l := range p.q.Loads {
		if p.skip[i] {
			continue
		}
		road := p.soonest(p.from[i], p.to[i])
		switch b, most := p.spoils(l, road); {
		case road < 0:
			p.leave(i, "unreachable", wording.Just("no_road"), 0, 0)
		case l.Unload.To > 0 && l.Unload.To < p.q.Now:
			p.leave(i, "window_over", wording.Just("window_over"), int64(p.q.Now), int64(l.Unload.To))
		case b != nil:
			p.leaveUnder(i, *b, road, most)
		}
	}
}

func (p *planner) leafy(produce string) bool {
	f, ok := p.book.Produce(produce)
	return ok && f.Leafy
}

// checkTrucks refuses trucks whose papers are over, and those that would be paid for being driven.
func (p *planner) checkTrucks() {
	for v, t := range p.q.Trucks {
		if paper, over := t.Vehicle.Expired(p.q.Day); over {
			p.refuse(v, "papers", paperOver(t.Vehicle, paper))
		}
		if by := p.leavesBy(t); by > 0 && by < p.opens(t) {
			p.refuse(v, "capacity_over", offerOver(t))
		}
		if t.Capacity.Price.Fen < 0 || t.Capacity.Quarantine < 0 {
			p.refuse(v, "price", wording.Just("negative_price", wording.OfPlate(t.Vehicle.Plate)))
		}
	}
}

// bar is a reason why a truck may not carry a load.
type bar struct {
	Rule   string // "plate", "cold", "pass"
	Said   wording.Text
	Source string
	Mark   string
	Next   string // first day of the pass that is still to come
	Need   int64  // the numbers that clash; 0 for none
	Limit  int64
}

// withNext is what a bar says, with the day on which it will fall.
func (b bar) withNext() wording.Text {
	if b.Next == "" {
		return b.Said
	}
	return b.Said.And("its_pass_starts", wording.Day(b.Next))
}

func paperOver(v Vehicle, p Paper) wording.Text {
	return wording.Just("papers", wording.OfPlate(v.Plate), wording.Coded(string(p.Kind)), wording.Day(p.Until))
}

// ruleSays is a rule's own sentence.
func (p *planner) ruleSays(id string, day rules.Day) wording.Value {
	r := p.book.RuleOn(id, day)
	return wording.OfRule(r.TextEn, r.Text)
}

// named is the name of a produce.
func (p *planner) named(produce string) wording.Value {
	f, ok := p.book.Produce(produce)
	if !ok {
		return wording.Named(produce, "")
	}
	return wording.Named(f.NameEn, f.Name)
}

// area is the name of a division.
func (p *planner) area(adcode string) wording.Value {
	if d, ok := p.atlas.Division(adcode); ok {
		return wording.Named(adcode, d.Name)
	}
	return wording.Named(adcode, "")
}

// barOf gives the rule that forbids truck v to carry load i, or nil. Passes count only when asked for.
func (p *planner) barOf(day rules.Day, v, i int, passes bool) *bar {
	truck, load := p.q.Trucks[v], p.q.Loads[i]
	for _, adcode := range []string{load.From.Adcode, load.To.Adcode} {
		if no, _, src := p.book.PlateRefused(day, truck.Vehicle.Plate, adcode); no {
			return &bar{Rule: "plate", Said: wording.Just("plate", wording.OfPlate(truck.Vehicle.Plate), p.ruleSays("plate", day)), Source: src.Text, Mark: src.Mark}
		}
	}
	for _, judge := range []func(rules.Day, Truck, Load) *bar{p.pinBar, p.riderBar, p.coldBar, p.washBar, p.zoneBar, p.offerBar} {
		if b := judge(day, truck, load); b != nil {
			return b
		}
	}
	if b := p.spoilBar(v, i); b != nil {
		return b
	}
	if passes {
		return p.passBar(day, truck, load)
	}
	return nil
}

// passBar is the missing pass, or nil when none is needed or one is held.
func (p *planner) passBar(day rules.Day, t Truck, l Load) *bar {
	needs, _, src := p.book.PassRule(day, l.From.Adcode, l.To.Adcode)
	if !needs {
		return nil
	}
	held, next := t.Vehicle.PassInto(l.To.Adcode, string(day), p.atlas.Within)
	if held != nil {
		return nil
	}
	b := &bar{Rule: "pass", Source: src.Text, Mark: src.Mark,
		Said: wording.Just("pass", wording.OfPlate(t.Vehicle.Plate), wording.Named(l.To.Name, ""), wording.Day(string(day)), p.ruleSays("pass", day))}
	if next != nil {
		b.Next = next.From
	}
	return b
}

// passHeld reports whether the truck carries a pass that holds for every load given; without loads there is none.
func (p *planner) passHeld(day rules.Day, t Truck, loads ...int) bool {
	for _, i := range loads {
		if held, _ := t.Vehicle.PassInto(p.q.Loads[i].To.Adcode, string(day), p.atlas.Within); held == nil {
			return false
		}
	}
	return len(loads) > 0
}

// rulesOnly is a planner that can price and judge trips, but not search for them: it knows no distances.
func rulesOnly(book *rules.Book, atlas *places.Atlas, q Question) *planner {
	return &planner{book: book, atlas: atlas, q: q, kinds: kindsOf(q.Loads), day: rules.Day(q.Day), skip: map[int]bool{}, refused: map[int]Refusal{}}
}

// whatIf prices the options of an answer under the rules of another day. Their order and their names stay.
func (p *planner) whatIf(day rules.Day, a Answer) Answer {
	out := Answer{Rules: day, LeftOut: a.LeftOut, Levels: p.levels(day), Refused: []Refusal{}}
	for _, o := range a.Options {
		out.Options = append(out.Options, p.priceOption(day, o))
	}
	if len(out.Options) > 0 {
		out.Ranking = ranking(out.Options)
	}
	return out
}
