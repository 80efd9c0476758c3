package dispatch

import (
	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// shiftDays is for how long a truck on offer may be planned with.
const shiftDays = 60

// coach tells whether a truck carries people and no goods.
func (t Truck) coach() bool { return t.Type.Payload == 0 }

// findNights looks up when the coaches of the question may not drive: each night by the rule of its own day.
func (p *planner) findNights() {
	var first, last measure.Millis
	for _, t := range p.q.Trucks {
		if open := p.opens(t); t.coach() {
			if last == 0 || open < first {
				first = open
			}
			last = max(last, open+shiftDays*day)
		}
	}
	if last == 0 {
		return
	}
	for midnight, _ := dayStart(dayAt(first)); midnight < last; midnight += day {
		from, to, _ := p.book.CoachNight(rules.Day(dayAt(midnight)))
		if from < to {
			p.nights = append(p.nights, pdptw.Window{Open: int64(midnight + measure.Millis(from)*minute), Close: int64(midnight + measure.Millis(to)*minute)})
		}
	}
}

// opens is when a truck may be planned with.
func (p *planner) opens(t Truck) measure.Millis { return max(t.Capacity.From, p.q.Now) }

// pace is how a truck's driver gets on: with rests, and in a coach not by night.
func (p *planner) pace(v int) pdptw.Vehicle {
	every, rest := p.book.DrivingHours()
	out := pdptw.Vehicle{Break: pdptw.Break{Every: int64(every), Length: int64(rest)}}
	if p.q.Trucks[v].coach() {
		out.Standing = p.nights
	}
	return out
}

// withNights adds to how long a trip may take the nights that the truck must stand in, in milliseconds.
func (p *planner) withNights(v int, long measure.Millis) int64 {
	open, standing := int64(p.opens(p.q.Trucks[v])), pdptw.Vehicle{Standing: p.pace(v).Standing}
	return standing.Arrives(open, int64(long)) - open
}

// sayNights says where a coach stands still. Where another driver takes over it need not.
func (p *planner) sayNights(t *PlannedTrip, n int) {
	for _, s := range t.Stops {
		for _, night := range s.Stood {
			text := p.book.RuleOn("coach_night", rules.Day(dayAt(night.From)))
			t.Hints = append(t.Hints, Hint{Code: "coach_night", Trip: n, Day: dayAt(night.From), Said: wording.Just("coach_night",
				wording.OfRule(text.TextEn, text.Text), wording.OfPlate(t.Truck.Vehicle.Plate), wording.At(night.From), wording.At(night.To))})
		}
	}
}

// stood is for how long a trip stands still before a stop.
func (t PlannedTrip) stood(stop int) (sum measure.Millis) {
	for _, s := range t.Stops[:stop+1] {
		for _, night := range s.Stood {
			sum += night.To - night.From
		}
	}
	return sum
}

// stoodTooLong is what keeps people who come too late for having stood by night: another driver who takes over is a reason to drive all the same.
func (p *planner) stoodTooLong(t Truck, to orders.Stop, at, wanted measure.Millis) bar {
	text := p.book.RuleOn("coach_night", rules.Day(dayAt(at)))
	return bar{Rule: "coach_night", Source: text.Source, Mark: text.Mark, Said: wording.Just("coach_night_late", wording.OfRule(text.TextEn, text.Text),
		wording.OfPlate(t.Vehicle.Plate), wording.Named(to.Name, ""), wording.At(at), wording.At(wanted))}
}

// warnOfDrivers says how many drivers a coach has to have on board.
func (p *planner) warnOfDrivers(day rules.Day, t *PlannedTrip, n int) {
	if !t.Truck.coach() {
		return
	}
	drive := p.driving(*t)
	need, src := p.book.CoachDrivers(day, t.Metres, drive)
	if need < 2 {
		return
	}
	text := p.book.RuleOn("coach_drivers", day)
	t.Warnings = append(t.Warnings, Caution{Code: "coach_drivers", Trip: n, Rule: "coach_drivers", Source: src.Text, Mark: src.Mark,
		Said: wording.Just("coach_drivers", wording.OfRule(text.TextEn, text.Text), wording.OfPlate(t.Truck.Vehicle.Plate), wording.Km(t.Metres), wording.Span(drive), wording.Count(need))})
}

// driving is for how long a trip is driven within 24 hours at the most: without the rests that drivers take, the standing by night and
// the time at its stops.
func (p *planner) driving(t PlannedTrip) (sum measure.Millis) {
	_, rest := p.book.DrivingHours()
	left := t.Depart
	for _, s := range t.Stops {
		span := s.Arrive - left
		for _, night := range s.Stood {
			span -= night.To - night.From
		}
		sum += span - measure.Millis(p.restsIn(span))*rest
		left = s.Leave
	}
	return min(sum, day)
}
