package dispatch

import (
	"context"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/rules"
)

// maxOptions is how many options a dispatcher gets to choose from.
const maxOptions = 8

// leftBehind is the code of the warning that a load stays behind.
const leftBehind = "left_behind"

// nearEqual is the difference in cost, in thousandths, within which trips that are toll-free without a pass decide.
const nearEqual = 10

// answer works out the options of the question, ranked, and explains what was left out.
func (p *planner) answer(ctx context.Context) (Answer, error) {
	out := Answer{Rules: p.day, LeftOut: p.leftOut, Levels: p.levels(p.day), Notes: p.notes}
	found, err := p.try(ctx, p.modes())
	if err != nil {
		return Answer{}, err
	}
	out.Searched = len(found)
	for _, o := range found {
		if len(o.Trips) > 0 {
			out.Options = append(out.Options, o)
		}
	}
	if len(out.Options) == 0 {
		out.LeftOut = append(out.LeftOut, p.nothingGoes(p.modes()[0])...)
	}
	rank(out.Options)
	out.Options = distinct(complete(out.Options))
	proven(out.Options)
	if len(out.Options) > maxOptions {
		out.Options = out.Options[:maxOptions]
	}
	for i := range out.Options {
		out.Options[i].ID = string(rune('a' + i))
	}
	out.Ranking = ranking(out.Options)
	out.Refused = p.refusals(out.Options)
	return out, nil
}

// nothingGoes says of every load why no option carries it.
func (p *planner) nothingGoes(m mode) []LeftOut {
	if len(m.trucks) > 0 {
		return p.unserved(m, p.pieces(m.trucks), nil)
	}
	var out []LeftOut
	for _, i := range p.everyLoad() {
		l := LeftOut{Load: i, Grams: p.q.Loads[i].Grams, People: p.q.Loads[i].People, Rule: "no_truck", Said: wording.Just("no_truck")}
		l.Hints = p.decayHint(l)
		out = append(out, l)
	}
	return out
}

// try plans in every way, two at a time. The results are in the order of the modes, whoever was first.
func (p *planner) try(ctx context.Context, modes []mode) ([]Option, error) {
	out := make([]Option, len(modes))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for n, m := range modes {
		if len(m.trucks) == 0 || len(p.everyLoad()) == 0 {
			continue
		}
		group.Go(func() (err error) {
			out[n], err = p.option(ctx, m, p.pieces(m.trucks))
			return err
		})
	}
	return out, group.Wait()
}

// option plans in one way; without trips when nothing can be carried so.
func (p *planner) option(ctx context.Context, m mode, pieces []piece) (Option, error) {
	by, err := p.assign(ctx, m, pieces)
	if err != nil {
		return Option{}, err
	}
	var o Option
	if len(by) > 0 {
		if o.Trips, err = p.scheduled(ctx, m, by); err != nil {
			return Option{}, err
		}
	}
	if o.Trips, err = p.relays(ctx, m, o.Trips, pieces); err != nil || len(o.Trips) == 0 {
		return Option{}, err
	}
	sortTrips(o.Trips)
	o.Unserved = p.unserved(m, pieces, o.Trips)
	return p.priceOption(p.day, o), nil
}

// scheduled are the trips of a fixed assignment.
func (p *planner) scheduled(ctx context.Context, m mode, by map[int][]piece) ([]PlannedTrip, error) {
	s, fixed, err := p.schedule(ctx, m, by)
	if err != nil {
		return nil, err
	}
	var out []PlannedTrip
	for _, r := range s.Routes {
		t, err := p.freshFirst(ctx, p.trip(m, fixed, r))
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// sortTrips puts the fullest truck last: the order in which a packhouse likes to begin.
func sortTrips(trips []PlannedTrip) {
	sort.SliceStable(trips, func(i, j int) bool {
		a, b := trips[i], trips[j]
		if len(a.Stops) != len(b.Stops) {
			return len(a.Stops) < len(b.Stops)
		}
		return a.Truck.Vehicle.Plate < b.Truck.Vehicle.Plate
	})
}

// trip turns a route of the solver into stops and parts.
func (p *planner) trip(m mode, pieces []piece, r pdptw.Route) PlannedTrip {
	truck := p.q.Trucks[m.trucks[r.Vehicle]]
	t := PlannedTrip{Truck: truck, Metres: measure.Metres(r.Distance), Waiting: measure.Millis(r.Waiting), Rests: len(r.Rests),
		Depart: measure.Millis(r.Depart), Done: measure.Millis(r.Return)}
	part := map[int]int{}
	for n, visit := range r.Visits {
		load := pieces[visit.Request].load
		call := p.call(load, visit)
		for _, x := range r.Stands {
			if x.Before == n {
				call.Stood = append(call.Stood, measure.Window{From: measure.Millis(x.Start), To: measure.Millis(x.Start + x.Length)})
			}
		}
		stop := t.stop(call)
		if n == 0 {
			t.Empty = measure.Metres(visit.Metres)
		}
		if visit.Kind == pdptw.Pickup {
			part[visit.Request] = len(t.Parts)
			pc := pieces[visit.Request]
			t.Parts = append(t.Parts, Part{Load: load, Goods: pc.goods, People: pc.people, From: stop, Layer: len(t.Parts) + 1})
		} else {
			t.Parts[part[visit.Request]].To = stop
		}
	}
	t.Fill = p.fullest(truck, t)
	if len(t.Parts) > 0 {
		t.Home = p.wayHome(m.trucks[r.Vehicle], p.lastSpot(t))
	}
	return t
}

// fullest is the fill at the stop after which most is on board.
func (p *planner) fullest(truck Truck, t PlannedTrip) Fill {
	var best Fill
	for s := range t.Stops {
		var on []Goods
		people := 0
		for _, part := range t.Parts {
			if part.From <= s && s < part.To {
				on = append(on, part.Goods)
				people += part.People
			}
		}
		f := fillOf(truck.Type, on...)
		if f.People = people; f.more(best) {
			best = f
		}
	}
	return best
}

func (p *planner) call(load int, v pdptw.Visit) PlannedStop {
	l := p.q.Loads[load]
	s := PlannedStop{Kind: LoadStop, Place: l.From, Party: l.Seller}
	if v.Kind == pdptw.Delivery {
		s = PlannedStop{Kind: UnloadStop, Place: l.To, Party: l.Receiver}
	}
	s.Place.Point, _ = p.atlas.PointOf(s.Place.Point, s.Place.Adcode)
	s.Arrive, s.Start, s.Leave = measure.Millis(v.Arrive), measure.Millis(v.Start), measure.Millis(v.Leave)
	s.Metres = measure.Metres(v.Metres)
	return s
}

// stop joins calls at the same ramp one after the other into one stop and gives its index.
func (t *PlannedTrip) stop(s PlannedStop) int {
	if n := len(t.Stops) - 1; n >= 0 && t.Stops[n].Kind == s.Kind && t.Stops[n].Party == s.Party && t.Stops[n].Place == s.Place {
		t.Stops[n].Leave = s.Leave
		return n
	}
	t.Stops = append(t.Stops, s)
	return len(t.Stops) - 1
}

// unserved is what an option leaves behind, with the rules that bind. Where an empty truck seems to do, the solver is asked.
func (p *planner) unserved(m mode, pieces []piece, trips []PlannedTrip) []LeftOut {
	return p.explainLeft(m, pieces, trips, p.alone)
}

// alone asks the solver why one piece can't ride on empty trucks.
func (p *planner) alone(m mode, pc piece) (LeftOut, bool) {
	pc.only = -1
	s, err := pdptw.Solve(context.Background(), p.problem(m, []piece{pc}), pdptw.Options{Objective: pdptw.TotalCost, Iterations: 1}, nil)
	if err != nil || len(s.Unserved) == 0 || len(s.Unserved[0].Reasons) == 0 {
		return LeftOut{}, false
	}
	r := s.Unserved[0].Reasons[0]
	return LeftOut{Rule: string(r.Rule), Need: r.Need, Limit: r.Limit, Said: wording.Just("not_even_empty", wording.Coded(string(r.Rule)))}, true
}

// priceOption prices all trips under the rules of a day and adds the option up.
func (p *planner) priceOption(day rules.Day, o Option) Option {
	out := Option{ID: o.ID, Unserved: o.Unserved, Overrides: o.Overrides}
	sums := map[string]int{}
	for n, t := range o.Trips {
		t = p.price(day, t, n)
		out.Trips = append(out.Trips, t)
		out.Cost += t.Cost
		out.Warnings = append(out.Warnings, t.Warnings...)
		out.Hints = append(out.Hints, t.Hints...)
		out.Delivered = max(out.Delivered, t.Done)
		for _, l := range t.Lines {
			k, ok := sums[l.Kind+l.Rule]
			if !ok {
				k = len(out.Lines)
				sums[l.Kind+l.Rule] = k
				out.Lines = append(out.Lines, CostLine{Kind: l.Kind, Rule: l.Rule, Source: l.Source, Mark: l.Mark, Said: l.Said})
			} else {
				out.Lines[k].Said = nil
			}
			out.Lines[k].Fen += l.Fen
		}
	}
	for _, u := range o.Unserved {
		out.Warnings = append(out.Warnings, Caution{Code: leftBehind, Trip: -1, Rule: u.Rule,
			Said: p.leftBehind(u)})
	}
	out.Said = p.summary(out)
	out.Summary = out.Said.List("en")
	return out
}

// leftBehind says how much is left out of what, and why.
func (p *planner) leftBehind(u LeftOut) wording.Text {
	if u.People > 0 {
		return wording.Just("left_behind_people", wording.Count(u.People), wording.Within(u.Said))
	}
	return wording.Just("left_behind_grams", wording.Tonnes(u.Grams), p.named(p.q.Loads[u.Load].Produce), wording.Within(u.Said))
}

// summary names the trucks and what they carry: "2 × 6.8 m: apple", "1 × 9.6 m: scallion".
func (p *planner) summary(o Option) wording.Text {
	var keys []kindOfTrip
	number := map[kindOfTrip]int{}
	for _, t := range o.Trips {
		key := p.kindOf(t)
		if number[key] == 0 {
			keys = append(keys, key)
		}
		number[key]++
	}
	var out wording.Text
	for _, k := range keys {
		out = out.And("summary_of_trips", wording.Count(number[k]), wording.Named(k.truckEn, k.truck), wording.Named(k.goodsEn, k.goods))
	}
	return out
}

// kindOfTrip is what trips have in common that are counted together.
type kindOfTrip struct{ truck, truckEn, goods, goodsEn string }

func (p *planner) kindOf(t PlannedTrip) kindOfTrip {
	names := map[string]wording.Value{}
	for _, part := range t.Parts {
		if part.People > 0 {
			names[""] = wording.Coded("people")
		} else {
			names[part.Goods.Produce] = p.named(part.Goods.Produce)
		}
	}
	join := func(lang string) string {
		list := make([]string, 0, len(names))
		for _, n := range names {
			list = append(list, n.In(lang))
		}
		sort.Strings(list)
		return strings.Join(list, " + ")
	}
	return kindOfTrip{t.Truck.Type.Name, t.Truck.Type.NameEn, join(wording.Chinese), join("en")}
}

// likeness is equal for options that put the same produce on the same kinds of truck, with the same rules broken.
func (o Option) likeness() string {
	key := o.Summary
	for _, w := range o.Warnings {
		if w.Stops {
			key += " !" + w.Code
		}
	}
	return key
}

// merit is what options are compared by, the first difference decides.
type merit struct {
	stopped  bool // some rule forbids it as it stands
	unserved measure.Grams
	warned   bool
	cost     measure.Fen
	green    int // trips without a hint how to become toll-free
}

func (o Option) merit() merit {
	m := merit{cost: o.Cost, green: len(o.Trips)}
	for _, h := range o.Hints {
		if h.Code == "more_is_toll_free" || h.Code == "toll_free_anyway" {
			m.green--
		}
	}
	for _, u := range o.Unserved {
		m.unserved += u.Grams + measure.Grams(u.People)*riderGrams
	}
	for _, w := range o.Warnings {
		m.warned = true
		m.stopped = m.stopped || w.Stops
	}
	return m
}

// riderGrams is what one rider counts for when plans that leave something behind are compared: with a bag, as much as on a scale.
const riderGrams = 80 * measure.Kilogram

// rank puts options in order: what may be driven, carries most, warns of nothing, costs least.
func rank(options []Option) {
	sort.SliceStable(options, func(i, j int) bool {
		a, b := options[i].merit(), options[j].merit()
		switch {
		case a.stopped != b.stopped:
			return b.stopped
		case a.unserved != b.unserved:
			return a.unserved < b.unserved
		case a.warned != b.warned:
			return b.warned
		case a.cost != b.cost:
			return a.cost < b.cost
		}
		return options[i].Summary < options[j].Summary
	})
}

// distinct keeps the best of each kind. The options are ranked.
func distinct(options []Option) []Option {
	seen := map[string]bool{}
	var out []Option
	for _, o := range options {
		if key := o.likeness(); !seen[key] {
			seen[key] = true
			out = append(out, o)
		}
	}
	return out
}

// proven moves to the front, of the options that cost about as much as the first and are as good otherwise, the one with
// most trips that are toll-free without a pass: a gate that doesn't honour a pass costs more than the difference.
func proven(options []Option) {
	best := 0
	for i, o := range options {
		a, b := o.merit(), options[best].merit()
		if a.stopped == b.stopped && a.unserved == b.unserved && a.warned == b.warned &&
			a.green > b.green && (a.cost-options[0].Cost)*1000 <= options[0].Cost*nearEqual {
			best = i
		}
	}
	if best > 0 {
		first := options[best]
		copy(options[1:best+1], options[:best])
		options[0] = first
	}
}

// complete drops options that leave goods behind when there are others that don't. The options are ranked.
func complete(options []Option) []Option {
	whole := make([]Option, 0, len(options))
	for _, o := range options {
		if o.merit().unserved == 0 {
			whole = append(whole, o)
		}
	}
	if len(whole) == 0 {
		return options
	}
	return whole
}

// ranking says of each option why it isn't the first, line by line.
func ranking(options []Option) []RankLine {
	var out []RankLine
	for i, o := range options {
		line := RankLine{Option: o.ID, Fen: o.Cost - options[0].Cost}
		switch {
		case i == 0 && !o.merit().warned:
			line.Said = wording.Just("first")
		case i == 0:
			line.Said = append(wording.Just("first_warned"), o.warned()...)
		default:
			line.Said = append(compare(o, options[0]), o.warned()...)
		}
		out = append(out, line)
	}
	return out
}

// warned is all that the option warns of; what stays behind is counted, as a day may leave a hundred loads.
func (o Option) warned() wording.Text {
	var out wording.Text
	left := 0
	for _, w := range o.Warnings {
		if w.Code == leftBehind {
			left++
			continue
		}
		out = append(out, w.Said...)
	}
	if left > 0 {
		out = out.And("loads_stay", wording.Count(left))
	}
	return out
}

// compare gives the difference in money, cause by cause, and what else differs.
func compare(o, first Option) wording.Text {
	var out wording.Text
	switch d := o.Cost - first.Cost; {
	case d < 0:
		out = out.And("costs_less", wording.Yuan(-d))
	case d > 0:
		out = out.And("costs_more", wording.Yuan(d))
	}
	kinds := map[string]measure.Fen{}
	for _, l := range o.Lines {
		kinds[l.Kind] += l.Fen
	}
	for _, l := range first.Lines {
		kinds[l.Kind] -= l.Fen
	}
	names := make([]string, 0, len(kinds))
	for k := range kinds {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		if d := kinds[k]; d != 0 {
			out = out.And("cost_of", wording.Coded(k), wording.More(d))
		}
	}
	if g, f := o.merit().green, first.merit().green; g < f {
		out = out.And("fewer_green", wording.Count(g), wording.Count(f))
	}
	if len(o.Trips) != len(first.Trips) {
		out = out.And("trucks_instead", wording.Count(len(o.Trips)), wording.Count(len(first.Trips)))
	}
	return out
}

// levels says what the day's rules hold of the places of the question.
func (p *planner) levels(day rules.Day) []CostLine {
	seen := map[string]bool{}
	var out []CostLine
	for _, l := range p.q.Loads {
		for _, s := range []string{l.From.Adcode, l.To.Adcode} {
			if seen[s] {
				continue
			}
			seen[s] = true
			if level, src := p.book.Level(day, s); level != "" {
				out = append(out, CostLine{Kind: "zone", Rule: "zone_level", Said: wording.Just("zone_level", p.area(s), wording.Coded(string(level))), Source: src.Text, Mark: src.Mark})
			}
		}
	}
	return out
}
