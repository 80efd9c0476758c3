package dispatch

import (
	"context"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/rules"
)

// since is from when on it counts what a load loses: it waits for its truck from then on.
func (p *planner) since(l Load) measure.Millis { return max(p.q.Now, l.Ready.From) }

// decayLines are what the goods of a trip lose in value until they are unloaded, one line for each produce.
func (p *planner) decayLines(day rules.Day, t PlannedTrip) []CostLine {
	var kinds []string
	lost, longest := map[string]measure.Fen{}, map[string]measure.Millis{}
	for _, part := range t.Parts {
		l := p.q.Loads[part.Load]
		w, ok := p.book.Worth(l.Produce, day)
		if !ok || part.People > 0 {
			continue
		}
		if !slices.Contains(kinds, l.Produce) {
			kinds = append(kinds, l.Produce)
		}
		span := max(0, t.Stops[part.To].Start-p.since(l))
		lost[l.Produce] += w.Lost(part.Goods.Net, span)
		longest[l.Produce] = max(longest[l.Produce], span)
	}
	var out []CostLine
	for _, k := range kinds {
		w, _ := p.book.Worth(k, day)
		out = append(out, CostLine{Kind: "decay", Fen: lost[k], Rule: "decay_price", Source: w.Source.Text, Mark: w.Source.Mark,
			Said: wording.Just("decay", p.named(k), wording.Span(longest[k]), wording.Count(w.LifeDays), wording.Yuan(measure.Fen(w.Price/100)))})
	}
	return out
}

// decayHint says what goods that stay behind lose each day.
func (p *planner) decayHint(l LeftOut) []Hint {
	w, ok := p.book.Worth(p.q.Loads[l.Load].Produce, p.day)
	fen := w.Lost(l.Grams, day)
	if !ok || fen == 0 || l.People > 0 {
		return nil
	}
	return []Hint{{Code: "loses_daily", Trip: -1, Fen: fen, Said: wording.Just("loses_daily", wording.Yuan(fen))}}
}

// priority is who goes first when there are too few trucks: who waited longer, up to three days, and of those the goods that don't
// keep.
func (p *planner) priority(l Load) int {
	n := 3 * l.Waited
	if w, ok := p.book.Worth(l.Produce, p.day); ok && w.Urgent && l.People == 0 {
		n += 2
	}
	return min(n, 9)
}

// worthAsking is the least difference in decay between two trucks that the search is told of. Our own reckoning: less is nobody's call.
const worthAsking measure.Fen = 10_000

// laterPrices are what a piece loses more on a truck that can bring it only later than another one could.
func (p *planner) laterPrices(m mode, pc piece, at map[int]int) []pdptw.VehiclePrice {
	l := p.q.Loads[pc.load]
	w, ok := p.book.Worth(l.Produce, p.day)
	if !ok || pc.people > 0 || w.Lost(pc.goods.Net, unloadDays*day) < worthAsking {
		return nil
	}
	lost := make([]measure.Fen, len(m.trucks))
	least := measure.Fen(-1)
	for n, v := range m.trucks {
		way := p.duration(v, p.truck[v], p.from[pc.load])
		if way < 0 {
			continue
		}
		lost[n] = w.Lost(pc.goods.Net, max(0, max(p.q.Trucks[v].Capacity.From, p.q.Now)+way-p.since(l)))
		if least < 0 || lost[n] < least {
			least = lost[n]
		}
	}
	var out []pdptw.VehiclePrice
	for n, v := range m.trucks {
		if more := lost[n] - least; more >= worthAsking {
			out = append(out, pdptw.VehiclePrice{Vehicle: at[v], Price: int64(more)})
		}
	}
	return out
}

// maxRuns bounds the runs that are put in another order.
const maxRuns = 8

// freshFirst lets a truck that drives several times take first what loses most by waiting, where the trip gets cheaper by it and
// breaks no rule.
func (p *planner) freshFirst(ctx context.Context, t PlannedTrip) (PlannedTrip, error) {
	runs := runsOf(legsOf(t))
	if len(runs) < 2 || len(runs) > maxRuns {
		return t, nil
	}
	best := p.price(p.day, t, 0)
	for i := 1; i < len(runs); i++ {
		for j := i; j > 0 && p.hourly(runs[j]) > p.hourly(runs[j-1]); j-- {
			runs[j], runs[j-1] = runs[j-1], runs[j]
			tried, err := p.drive(ctx, t.Truck.Capacity.ID, slices.Concat(runs...))
			if err != nil {
				return t, err
			}
			if !better(tried, best) {
				runs[j], runs[j-1] = runs[j-1], runs[j]
				break
			}
			t, best = tried, tried
		}
	}
	return t, nil
}

// runsOf cuts calls where the truck is empty in between.
func runsOf(legs []leg) [][]leg {
	var out [][]leg
	begin, on := 0, 0
	for i, l := range legs {
		if l.kind == pdptw.Pickup {
			on++
		} else {
			on--
		}
		if on == 0 {
			out = append(out, legs[begin:i+1:i+1])
			begin = i + 1
		}
	}
	return out
}

// hourly is what the goods of a run lose in an hour.
func (p *planner) hourly(run []leg) measure.Fen {
	var sum measure.Fen
	for _, l := range run {
		if w, ok := p.book.Worth(p.q.Loads[l.piece.load].Produce, p.day); ok && l.kind == pdptw.Pickup {
			sum += w.Lost(l.piece.goods.Net, hour)
		}
	}
	return sum
}
