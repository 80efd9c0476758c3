package dispatch

import (
	"context"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// Relay is a hand-over that the plan foresees: at a transfer station (中转调运站) another truck takes all goods and drives on. The
// stops before Stop are the first truck's, the others the second one's.
type Relay struct {
	Station orders.Stop `json:"station"`

	StationEn string `json:"station_en"`

	Truck   Truck          `json:"truck"`        // drives on
	Stop    int            `json:"stop"`         // first stop behind the station
	Arrive  measure.Millis `json:"arrive_at"`    // of the first truck
	Start   measure.Millis `json:"start_at"`     // both are there
	Leave   measure.Millis `json:"leave_at"`     // the goods are on the second truck
	Metres  measure.Metres `json:"metres"`       // the first truck's, from where it stood
	Empty   measure.Metres `json:"empty_metres"` // the second truck's way to the station
	Waiting measure.Millis `json:"waiting_ms"`   // of the first truck, at the station too
	Depart  measure.Millis `json:"depart_at"`    // of the second truck
	Haulage measure.Fen    `json:"haulage_fen"`  // of the trip's, the second truck's

	Home *WayHome `json:"way_home,omitempty"` // of the first truck, from the station
}

// trucks are all that drive a trip.
func (t PlannedTrip) trucks() []Truck {
	if t.Relay == nil {
		return []Truck{t.Truck}
	}
	return []Truck{t.Truck, t.Relay.Truck}
}

// uses reports whether the offer drives a part of the trip.
func (t PlannedTrip) uses(capacity string) bool {
	return slices.ContainsFunc(t.trucks(), func(have Truck) bool { return have.Capacity.ID == capacity })
}

// stationStop is a station as a stop.
func stationStop(s rules.Station) orders.Stop {
	return orders.Stop{Name: s.Name, Adcode: s.Adcode, Point: s.Point}
}

// findStations looks up the stations that goods may be handed over at: those of the area where some load ends, open on the day.
func (p *planner) findStations() {
	area := p.book.RuleOn("hand_over", p.day).Area
	if !slices.ContainsFunc(p.q.Loads, func(l Load) bool { return l.People == 0 && p.atlas.Within(l.To.Adcode, area) }) {
		return
	}
	for _, s := range p.book.TransferStations(p.day) {
		stop := stationStop(s)
		if _, ok := p.spot(stop); ok {
			p.stations = append(p.stations, stop)
		}
	}
}

// side is one truck's part of a relayed haul, planned by itself: the same loads up to the station, or from there on.
func (p *planner) side(loads []int, truck Truck, station orders.Stop, from measure.Millis) *planner {
	q := Question{Day: p.q.Day, Now: p.q.Now, Prices: p.q.Prices, Trucks: []Truck{truck}, Closed: p.q.Closed, Pins: p.q.Pins, Loaded: p.q.Loaded}
	spot, _ := p.spot(station)
	np := rulesOnly(p.book, p.atlas, q)
	for _, i := range loads {
		l, a, b := p.q.Loads[i], p.from[i], p.to[i]
		if from == 0 {
			l, b = l.upTo(station), spot
		} else {
			l, a = l.onFrom(station, from), spot
		}
		np.q.Loads, np.from, np.to = append(np.q.Loads, l), append(np.from, a), append(np.to, b)
	}
	np.kinds, np.handsOver = kindsOf(np.q.Loads), from == 0
	v := p.truckNamed(truck.Capacity.ID)
	np.spots, np.index, np.roads = p.spots, p.index, p.roads.of(v)
	np.truck, np.home = []int{p.truck[v]}, []int{p.home[v]}
	return np
}

// upTo is the load as the first truck sees it.
func (l Load) upTo(station orders.Stop) Load {
	l.To, l.Receiver, l.UnloadFrom, l.UnloadTo, l.NoForklift, l.Unload.From = station, "", 0, 0, false, 0
	return l
}

// onFrom is the load as the second truck sees it: it is ready when the first one is there.
func (l Load) onFrom(station orders.Stop, at measure.Millis) Load {
	l.From, l.Seller, l.Ready = station, "", measure.Window{From: at}
	return l
}

// relay is a haul over a station by two trucks, in the order of loading and unloading of calls; false when a rule forbids it.
func (p *planner) relay(ctx context.Context, a, b Truck, station orders.Stop, calls []leg) (PlannedTrip, bool, error) {
	var loads []int
	number := map[int]int{}
	pieces := map[*piece]*piece{}
	var up, down []leg
	for _, c := range calls {
		if _, known := number[c.piece.load]; !known {
			number[c.piece.load] = len(loads)
			loads = append(loads, c.piece.load)
		}
		if pieces[c.piece] == nil {
			own := *c.piece
			own.load, own.only = number[c.piece.load], -1
			pieces[c.piece] = &own
		}
		own := leg{pieces[c.piece], c.kind}
		if c.kind == pdptw.Pickup {
			up = append(up, own)
		} else {
			down = append(down, own)
		}
	}
	first, ok, err := p.side(loads, a, station, 0).drives(ctx, a, slices.Concat(up, reversed(up, pdptw.Delivery)))
	if err != nil || !ok {
		return first, false, err
	}
	at := first.Stops[len(first.Stops)-1].Start
	second, ok, err := p.side(loads, b, station, at).drives(ctx, b, slices.Concat(reversed(down, pdptw.Pickup), down))
	if err != nil || !ok {
		return second, false, err
	}
	t := joined(first, second, station, loads)
	t.Fill = p.fullest(a, t)
	t = p.price(p.day, t, 0)
	return t, t.stops() == 0, nil
}

// reversed is the last in, first out of calls, as calls of the other kind.
func reversed(calls []leg, kind pdptw.Kind) []leg {
	var out []leg
	for _, c := range slices.Backward(calls) {
		out = append(out, leg{c.piece, kind})
	}
	return out
}

// drives is drive, with false where there is no way or a rule forbids it.
func (p *planner) drives(ctx context.Context, t Truck, calls []leg) (PlannedTrip, bool, error) {
	out, err := p.drive(ctx, t.Capacity.ID, calls)
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		return out, false, nil
	}
	return out, err == nil && out.stops() == 0, err
}

// joined makes one trip of both sides. The goods are handed over when both trucks are there.
func joined(first, second PlannedTrip, station orders.Stop, loads []int) PlannedTrip {
	last, begin := len(first.Stops)-1, second.Stops[0]
	r := &Relay{Station: station, Truck: second.Truck, Stop: last, Arrive: first.Stops[last].Arrive, Start: begin.Start, Leave: begin.Leave,
		Metres: first.Metres, Empty: second.Empty, Depart: second.Depart, Home: first.Home}
	r.Waiting = first.Waiting + max(0, begin.Start-first.Stops[last].Start)
	t := first
	t.Relay = r
	t.Stops = slices.Clone(first.Stops[:last])
	for _, s := range second.Stops[1:] {
		s.Metres += first.Metres - second.Empty
		t.Stops = append(t.Stops, s)
	}
	t.Parts = slices.Clone(first.Parts)
	for k := range t.Parts {
		for _, part := range second.Parts {
			if part.Load == t.Parts[k].Load && part.Goods == t.Parts[k].Goods {
				t.Parts[k].To = part.To + last - 1
			}
		}
		t.Parts[k].Load = loads[t.Parts[k].Load]
	}
	t.Metres, t.Waiting, t.Rests, t.Done = first.Metres+second.Metres-second.Empty, r.Waiting+second.Waiting, first.Rests+second.Rests, second.Done
	t.HandOver, t.Home = station.Name, second.Home
	return t
}

// halves takes a relayed trip apart again: each truck's own trip, with the station as its last or first stop.
func (t PlannedTrip) halves() (first, second PlannedTrip) {
	r := t.Relay
	first, second = t, t
	first.Relay, second.Relay = nil, nil
	second.Truck = r.Truck
	first.Stops = append(slices.Clone(t.Stops[:r.Stop]), PlannedStop{Kind: UnloadStop, Place: r.Station, Arrive: r.Arrive, Start: r.Arrive, Leave: r.Leave, Metres: r.Metres})
	second.Stops = []PlannedStop{{Kind: LoadStop, Place: r.Station, Arrive: r.Start, Start: r.Start, Leave: r.Leave, Metres: r.Empty}}
	for _, s := range t.Stops[r.Stop:] {
		s.Metres += r.Empty - r.Metres
		second.Stops = append(second.Stops, s)
	}
	first.Parts, second.Parts = slices.Clone(t.Parts), slices.Clone(t.Parts)
	for k := range t.Parts {
		first.Parts[k].To = r.Stop
		second.Parts[k].From, second.Parts[k].To = 0, t.Parts[k].To-r.Stop+1
		second.Parts[k].Layer = 1
		for _, other := range t.Parts {
			if other.To > t.Parts[k].To { // the station has room to turn the order: what is unloaded last goes in first
				second.Parts[k].Layer++
			}
		}
	}
	first.Metres, first.Waiting, first.Done, first.Home = r.Metres, r.Waiting, r.Leave, r.Home
	second.Metres, second.Empty, second.Waiting, second.Depart = t.Metres-r.Metres+r.Empty, r.Empty, t.Waiting-r.Waiting, r.Depart
	return first, second
}

// priceRelay prices both halves, each under the rules that its driver meets, and says what the hand-over is for.
func (p *planner) priceRelay(day rules.Day, t PlannedTrip, n int) PlannedTrip {
	one, two := t.halves()
	one = p.half(t, true).price(day, one, n)
	two.Fill = p.fullest(two.Truck, two)
	two = p.half(t, false).price(day, two, n)
	r := *t.Relay
	r.Haulage = two.Haulage
	r.StationEn = p.stationNamed(r.Station)
	t.Relay, t.Haulage, t.Cost = &r, one.Haulage+two.Haulage, one.Cost+two.Cost
	text := p.book.RuleOn("hand_over", day)
	t.Lines = append(slices.Concat(one.Lines, two.Lines), CostLine{Kind: "hand_over", Rule: "hand_over", Source: text.Source, Mark: text.Mark,
		Said: wording.Just("handed_over", wording.Named(r.StationEn, r.Station.Name), wording.OfPlate(r.Truck.Vehicle.Plate), wording.At(r.Start), wording.At(r.Leave))})
	t.Warnings, t.Hints = slices.Concat(one.Warnings, two.Warnings), slices.Concat(one.Hints, two.Hints)
	t.Hints = slices.DeleteFunc(t.Hints, func(h Hint) bool { return h.Code == "hand_over" })
	t.TollFree = one.TollFree
	if two.TollFree == "" {
		t.TollFree = ""
	}
	return t
}

// half judges and prices one side of a relayed trip with the indices of the whole question.
func (p *planner) half(t PlannedTrip, first bool) *planner {
	q := p.q
	q.Loads = slices.Clone(p.q.Loads)
	for _, part := range t.Parts {
		if first {
			q.Loads[part.Load] = p.q.Loads[part.Load].upTo(t.Relay.Station)
		} else {
			q.Loads[part.Load] = p.q.Loads[part.Load].onFrom(t.Relay.Station, t.Relay.Start)
		}
	}
	out := rulesOnly(p.book, p.atlas, q)
	out.handsOver = first
	return out
}

func (p *planner) stationNamed(s orders.Stop) string {
	for _, have := range p.book.TransferStations(rules.Day(p.q.Day)) {
		if have.Name == s.Name {
			return have.NameEn
		}
	}
	return s.Name
}
