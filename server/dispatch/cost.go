package dispatch

import (
	"cmp"
	"fmt"
	"strconv"

	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/rules"
)

// price works out what a trip costs and what is to be said about it under the rules of a day. It reads only the stops,
// parts and metres of the trip, so that the same plan can be priced under another day.
func (p *planner) price(day rules.Day, t PlannedTrip, n int) PlannedTrip {
	if t.Relay != nil {
		return p.priceRelay(day, t, n)
	}
	t.Lines, t.Warnings, t.Hints, t.TollFree = nil, nil, nil, ""
	t.Haulage = 0
	for _, l := range p.freight(t) {
		t.Haulage += l.Fen
		t.Lines = append(t.Lines, l)
	}
	if more := p.diesel(t.Truck); more != 0 {
		t.Lines = append(t.Lines, CostLine{Kind: "diesel", Fen: perKm(more, t.Metres), Rule: "price_asked", Said: wording.Just("diesel", wording.Km(t.Metres), wording.More(more))})
	}
	p.toll(day, &t, n)
	if w := p.waitingLine(day, t); w.Fen > 0 {
		t.Lines = append(t.Lines, w)
	}
	p.quarantineLine(day, &t, n)
	t.Lines = append(t.Lines, p.decayLines(day, t)...)
	p.homeLine(day, &t, n)
	t.Cost = 0
	for n := range t.Lines {
		t.Cost += t.Lines[n].Fen
		t.Lines[n].Since = p.ruleSince(day, t.Lines[n], t.Truck.Type)
	}
	p.warn(day, &t, n)
	p.sayNights(&t, n)
	return t
}

// ruleSince is the first day of the rule that a line rests on, or of the usual price of the truck's type; "" for a price that was asked.
func (p *planner) ruleSince(day rules.Day, l CostLine, t rules.TruckType) string {
	if first := p.book.RuleOn(l.Rule, day).From; first != "" {
		return string(first)
	}
	if kind, ok := p.book.TruckType(t.ID); ok && l.Source == t.Source.Text {
		return string(kind.Since())
	}
	return ""
}

// freight is what the carrier asks, as it was offered, or the usual price of the truck type.
func (p *planner) freight(t PlannedTrip) []CostLine {
	loaded := t.Metres - t.Empty
	pr, source, mark := t.Truck.Capacity.Price, rules.CarriersOffer, ""
	if pr.Kind == "" {
		pr = Price{Kind: PerKm, Fen: t.Truck.Type.PerKm}
		source, mark = t.Truck.Type.Source.Text, t.Truck.Type.Source.Mark
	}
	pr.Fen = p.q.Prices.freight(pr.Fen)
	switch pr.Kind {
	case PerTrip:
		return []CostLine{{Kind: "freight", Fen: pr.Fen, Said: wording.Just("price_per_trip"), Rule: "price_per_trip", Source: source}}
	case PerTonneKm:
		fen := measure.Fen(tonneKm(t.Fill.Gross, int64(loaded), pr.Fen))
		return []CostLine{{Kind: "freight", Fen: fen, Rule: "price_per_tonne_km", Source: source,
			Said: wording.Just("price_per_tonne_km", wording.Tonnes(t.Fill.Gross), wording.Km(loaded), wording.Yuan(pr.Fen))}}
	}
	out := []CostLine{{Kind: "freight", Fen: perKm(pr.Fen, loaded), Rule: "price_per_km", Source: source, Mark: mark,
		Said: wording.Just("price_per_km", wording.Km(loaded), wording.Yuan(pr.Fen))}}
	if t.Empty > 0 {
		out = append(out, CostLine{Kind: "approach", Fen: perKm(pr.Fen, t.Empty), Rule: "price_per_km", Source: source, Mark: mark,
			Said: wording.Just("approach", wording.Km(t.Empty), wording.Yuan(pr.Fen))})
	}
	if sum := perKm(pr.Fen, loaded) + perKm(pr.Fen, t.Empty) + perKm(p.diesel(t.Truck), t.Metres); sum < t.Truck.Type.Minimum {
		out = append(out, CostLine{Kind: "minimum", Fen: t.Truck.Type.Minimum - sum, Rule: "minimum_price", Source: t.Truck.Type.Source.Text,
			Mark: t.Truck.Type.Source.Mark, Said: wording.Just("minimum_price", wording.Yuan(t.Truck.Type.Minimum))})
	}
	return out
}

// kmPrice is what a truck asks for each kilometre, or what is usual for its type; 0 for one that asks otherwise.
func (p *planner) kmPrice(t Truck) measure.Fen {
	switch t.Capacity.Price.Kind {
	case PerKm:
		return p.q.Prices.freight(t.Capacity.Price.Fen)
	case PerTrip, PerTonneKm:
		return 0
	}
	return p.q.Prices.freight(t.Type.PerKm)
}

// diesel is what dearer or cheaper diesel makes of each kilometre: a part of its price, which counts towards the least price of a trip.
// Nobody is paid for driving by it, and a price for the trip or the tonne-kilometre does not fall with it.
func (p *planner) diesel(t Truck) measure.Fen { return max(p.q.Prices.Diesel, -p.kmPrice(t)) }

// tollPerKm is the toll of a type of truck, at the prices of the question.
func (p *planner) tollPerKm(t rules.TruckType) measure.Fen {
	return p.q.Prices.toll(p.book.TollPerKm(t))
}

func perKm(fen measure.Fen, m measure.Metres) measure.Fen {
	return measure.Fen((int64(fen)*int64(m) + 500) / 1000)
}

func km(m measure.Metres) int64 { return int64(m+500) / 1000 }

func yuan(f measure.Fen) string { return fmt.Sprintf("%d.%02d", f/100, f%100) }

// percent prints a share with one decimal; above the whole, where a tenth no longer helps, rounded to whole percents.
func percent(perMille int) string {
	if perMille > 1000 {
		return strconv.Itoa((perMille + 5) / 10)
	}
	return fmt.Sprintf("%d.%d", perMille/10, perMille%10)
}

// haul is a stretch of a trip that is one case for the toll. What is on board when its first unloading begins decides; a truck
// may also drive empty, from an unloading to the next loading.
type haul struct {
	metres measure.Metres
	parts  []Part
	loads  bool // something is loaded on it, so that more could be
}

func (h haul) empty() bool { return len(h.parts) == 0 }

func (h haul) people() bool {
	for _, part := range h.parts {
		if part.People > 0 {
			return true
		}
	}
	return false
}

// aboard gives what is on the truck when it leaves a stop.
func (t PlannedTrip) aboard(stop int) []Part {
	var out []Part
	for _, part := range t.Parts {
		if part.From <= stop && stop < part.To {
			out = append(out, part)
		}
	}
	return out
}

// hauls cuts a trip wherever something was unloaded and the truck drives on to another city or to load anew. Within a city it
// passes no toll gate, so that the receivers there are of one haul.
func (t PlannedTrip) hauls() []haul {
	var out []haul
	h, begin := haul{}, 0
	for s := 1; s < len(t.Stops); s++ {
		h.loads = h.loads || t.Stops[s-1].Kind == LoadStop
		if h.parts == nil && (t.Stops[s].Kind == UnloadStop || s == len(t.Stops)-1) {
			h.parts = t.aboard(s - 1)
		}
		if s < len(t.Stops)-1 && !t.cutAt(s) {
			continue
		}
		if h.metres = t.Stops[s].Metres - t.Stops[begin].Metres; h.metres > 0 {
			out = append(out, h)
		}
		h, begin = haul{}, s
	}
	return out
}

// cutAt reports whether another haul begins at a stop.
func (t PlannedTrip) cutAt(s int) bool {
	here, next := t.Stops[s], t.Stops[s+1]
	if here.Kind == LoadStop {
		return s > 0 && len(t.aboard(s-1)) == 0
	}
	return next.Kind == LoadStop || cityOf(here.Place.Adcode) != cityOf(next.Place.Adcode)
}

// cityOf is the first four digits of an area code; without them every place is a city of its own.
func cityOf(adcode string) string { return adcode[:min(4, len(adcode))] }

func greenLoad(t rules.TruckType, h haul) rules.GreenLoad {
	var items []rules.GreenItem
	for _, part := range h.parts {
		items = append(items, rules.GreenItem{Produce: part.Goods.Produce, Grams: part.Goods.Gross, Volume: part.Goods.Volume})
	}
	return t.Loaded(items)
}

func (t PlannedTrip) loads() []int {
	seen := map[int]bool{}
	var out []int
	for _, part := range t.Parts {
		if !seen[part.Load] {
			seen[part.Load] = true
			out = append(out, part.Load)
		}
	}
	return out
}

// toll adds a line for the way to the first loading and one for each haul.
func (p *planner) toll(day rules.Day, t *PlannedTrip, n int) {
	pass := p.passHeld(day, t.Truck, t.loads()...)
	if t.Empty > 0 {
		p.emptyToll(day, t, t.Empty, rules.TollCase{Pass: pass, Areas: append(t.areas(), t.Truck.Capacity.Place.Adcode)})
	}
	pays, free := false, ""
	for _, h := range t.hauls() {
		if h.empty() {
			p.emptyToll(day, t, h.metres, rules.TollCase{Pass: pass, ReturnOf: pass, Areas: t.areas()})
			continue
		}
		why := p.haulToll(day, t, h, pass, n)
		pays = pays || why == ""
		free = cmp.Or(free, why)
	}
	if !pays {
		t.TollFree = free
	}
}

// emptyToll is the toll of driving so far empty. A coach that is hired for people is theirs on the way to them too.
func (p *planner) emptyToll(day rules.Day, t *PlannedTrip, way measure.Metres, in rules.TollCase) {
	in.Empty, in.Coach = true, t.Truck.coach()
	v := p.book.Toll(day, in)
	line := CostLine{Kind: "toll", Rule: v.Why, Source: v.Source.Text, Mark: v.Source.Mark, Said: wording.Just("rule", p.ruleSays(v.Why, day))}
	if !v.Free {
		line.priced(t.Truck.Type, perKm(p.tollPerKm(t.Truck.Type), way))
		line.Said = wording.Just("toll_empty", wording.Km(way), wording.Yuan(p.tollPerKm(t.Truck.Type)), p.ruleSays(v.Why, day))
	}
	t.Lines = append(t.Lines, line)
}

// haulToll adds the line of one haul, and the hint how it could be saved or would still be saved without the pass. It
// gives the rule that waives the toll, or "".
func (p *planner) haulToll(day rules.Day, t *PlannedTrip, h haul, pass bool, n int) string {
	green := p.book.GreenChannel(day, greenLoad(t.Truck.Type, h))
	v := p.book.Toll(day, rules.TollCase{Green: green, Pass: pass, Coach: h.people(), Areas: t.areas()})
	full := perKm(p.tollPerKm(t.Truck.Type), h.metres)
	line := CostLine{Kind: "toll", Rule: v.Why, Source: v.Source.Text, Mark: v.Source.Mark, Said: wording.Just("rule", p.ruleSays(v.Why, day))}
	if !v.Free && h.people() {
		line.priced(t.Truck.Type, full)
		line.Said = wording.Just("toll_paid", wording.Km(h.metres), wording.Yuan(p.tollPerKm(t.Truck.Type)), p.ruleSays(v.Why, day))
	} else if !v.Free {
		line.priced(t.Truck.Type, full)
		line.Said = append(wording.Just("toll_not_full", wording.Km(h.metres), wording.Yuan(p.tollPerKm(t.Truck.Type)), wording.Share(green.WeightShare),
			wording.Share(green.CubeShare)), tollCheck(v.Check)...)
	}
	t.Lines = append(t.Lines, line)
	if h.loads && !green.Free && green.ShortGrams > 0 {
		t.Hints = append(t.Hints, shortHint(v, green.ShortGrams, line.Fen, full, n))
	}
	if v.Free {
		return v.Why
	}
	return ""
}

// priced gives a line of a toll that is due its amount, and the source of the price for a kilometre beside that of the rule.
func (l *CostLine) priced(t rules.TruckType, fen measure.Fen) {
	l.Fen = fen
	l.Source = t.Source.Text + "; " + l.Source
	l.Mark = cmp.Or(l.Mark, t.Source.Mark)
}

func shortHint(v rules.TollVerdict, short measure.Grams, paid, full measure.Fen, n int) Hint {
	if !v.Free {
		return Hint{Code: "more_is_toll_free", Trip: n, Grams: short, Fen: paid,
			Said: wording.Just("more_is_toll_free", wording.Tonnes(short))}
	}
	return Hint{Code: "toll_free_anyway", Trip: n, Grams: short,
		Said: wording.Just("toll_free_anyway", wording.Tonnes(short), wording.Coded(v.Why), wording.Yuan(full))}
}

// tollCheck says which condition of the green channel is not met; that a truck is not full enough is said already.
func tollCheck(c *rules.Check) wording.Text {
	switch {
	case c == nil || c.Rule == "full":
		return nil
	case c.Rule == "no_other_goods":
		return wording.Just("toll_other_goods", wording.Tonnes(measure.Grams(c.Have)))
	case c.Rule == "catalogue" && c.Have <= c.Limit:
		return wording.Just("toll_none_listed")
	case c.Rule == "catalogue":
		return wording.Just("toll_unlisted", wording.Share(int(c.Have)), wording.Share(int(c.Limit)))
	case c.Unit == "ml":
		return wording.Just("toll_overfull", wording.Cubic(measure.Millilitres(c.Have)), wording.Cubic(measure.Millilitres(c.Limit)))
	case c.Have > c.Limit:
		return wording.Just("toll_overweight", wording.Tonnes(measure.Grams(c.Have)), wording.Tonnes(measure.Grams(c.Limit)))
	}
	return wording.Just("toll_oversize")
}

func (t PlannedTrip) areas() []string {
	out := make([]string, 0, len(t.Stops))
	for _, s := range t.Stops {
		out = append(out, s.Place.Adcode)
	}
	return out
}

func (p *planner) waitingLine(on rules.Day, t PlannedTrip) CostLine {
	perDay, src := p.book.WaitingPrice(on)
	fen := measure.Fen(int64(perDay) * int64(t.Waiting/minute) / int64(day/minute))
	return CostLine{Kind: "waiting", Fen: fen, Rule: "waiting_price", Mark: src.Mark, Source: src.Text,
		Said: wording.Just("waiting", wording.Span(t.Waiting))}
}

// quarantineLine prices the driver's days at home after Wuhan, and names the station that would spare them.
func (p *planner) quarantineLine(day rules.Day, t *PlannedTrip, n int) {
	days, _, src := p.book.Quarantine(day, p.entersWuhan(t.loads()), p.handsOver)
	fen := p.quarantineOf(day, t.Truck, t.loads())
	if days == 0 || fen == 0 {
		return
	}
	t.Lines = append(t.Lines, CostLine{Kind: "quarantine", Fen: fen, Rule: "quarantine", Source: src.Text, Mark: src.Mark,
		Said: wording.Just("quarantine", wording.Count(days))})
	stations := p.book.TransferStations(day)
	if len(stations) == 0 && len(t.Stops) > 0 { // they may open while the truck is on the road
		stations = p.book.TransferStations(rules.Day(dayAt(t.Stops[len(t.Stops)-1].Arrive)))
	}
	if len(stations) > 0 {
		t.Hints = append(t.Hints, Hint{Code: "hand_over", Trip: n, Fen: fen,
			Said: wording.Just("hand_over", wording.Named(stations[0].NameEn, stations[0].Name), wording.Count(days), wording.Yuan(fen))})
	}
}

// warn adds what a dispatcher must know about a trip.
func (p *planner) warn(day rules.Day, t *PlannedTrip, n int) {
	t.Warnings = append(t.Warnings, p.mixWarnings(day, *t, n)...)
	for _, i := range t.loads() {
		if b := p.barOf(day, p.truckOf(*t), i, true); b != nil {
			t.addBar(*b, n)
		}
	}
	if paper, over := t.Truck.Vehicle.Expired(string(day)); over {
		t.addBar(bar{Rule: "papers", Said: paperOver(t.Truck.Vehicle, paper)}, n)
	}
	p.warnOfOrder(t, n)
	p.warnOfClosed(day, t, n)
	p.warnOfStorage(t, n)
	p.warnOfDrivers(day, t, n)
	if by := p.leavesBy(t.Truck); by > 0 && t.Depart > by {
		t.addBar(bar{Rule: "capacity_over", Said: offerOver(t.Truck)}, n)
	}
	if t.Fill.People == 0 && t.Fill.Weight < mostlyEmpty && t.Fill.Cube < mostlyEmpty {
		t.Warnings = append(t.Warnings, Caution{Code: "mostly_empty", Trip: n, Rule: "mostly_empty",
			Said: wording.Just("mostly_empty", wording.OfPlate(t.Truck.Vehicle.Plate), wording.Share(t.Fill.Weight), wording.Share(t.Fill.Cube))})
	}
}

func (p *planner) truckOf(t PlannedTrip) int {
	for v, have := range p.q.Trucks {
		if have.Capacity.ID == t.Truck.Capacity.ID {
			return v
		}
	}
	return 0
}

// addBar warns of a broken rule once; the option can't be accepted while it stands.
func (t *PlannedTrip) addBar(b bar, n int) {
	for _, w := range t.Warnings {
		if w.Code == b.Rule {
			return
		}
	}
	t.Warnings = append(t.Warnings, Caution{Code: b.Rule, Said: b.Said, Trip: n, Stops: true, Rule: b.Rule, Source: b.Source, Mark: b.Mark})
	if b.Next != "" {
		t.Hints = append(t.Hints, Hint{Code: "pass_starts", Trip: n, Day: b.Next,
			Said: wording.Just("pass_of_starts", wording.OfPlate(t.Truck.Vehicle.Plate), wording.Day(b.Next))})
	}
}

// mixWarnings says which goods on the truck harm each other, by cause.
func (p *planner) mixWarnings(day rules.Day, t PlannedTrip, n int) []Caution {
	hours := int((t.Done - t.Depart) / hour)
	loads := t.loads()
	said := map[string]bool{}
	var out []Caution
	for x, i := range loads {
		for _, j := range loads[:x] {
			a, b := p.q.Loads[j].Produce, p.q.Loads[i].Produce
			if b < a {
				a, b = b, a
			}
			v := p.book.Mix(day, a, b, hours)
			if v.Level == rules.Ride || v.Level == rules.Never && p.input(a) != p.input(b) {
				continue
			}
			for _, r := range v.Reasons {
				if r.Level == rules.Ride || said[a+b+string(r.Kind)] {
					continue
				}
				said[a+b+string(r.Kind)] = true
				out = append(out, Caution{Code: string(r.Kind), Trip: n, Stops: r.Level == rules.Never, Rule: "mixed_load", Source: r.Source.Text, Mark: r.Source.Mark,
					Said: wording.Just("mix", p.named(a), p.named(b), wording.OfPlate(t.Truck.Vehicle.Plate), wording.OfRule(r.Text, r.TextZh))})
			}
		}
	}
	return out
}
