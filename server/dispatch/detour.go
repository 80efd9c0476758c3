package dispatch

import (
	"context"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
)

// Detour is the way of a trip whose goods for a stop go to another place than was planned: from where the truck is when somebody asks,
// with all that its plan says of kilometres, times and costs, by the plan's own rules and prices. The carrier gets what its offer
// says for the way that it drives then; what that is more, or less, is paid, or saved, by whoever pays the haulage of these goods.
type Detour struct {
	Stops    []PlannedStop  `json:"stops"` // from the diverted one on
	Metres   measure.Metres `json:"metres"`
	Waiting  measure.Millis `json:"waiting_ms"`
	Rests    int            `json:"rests"`
	Done     measure.Millis `json:"done_at"`
	Home     *WayHome       `json:"way_home,omitempty"` // nil for no wish
	Cost     measure.Fen    `json:"cost_fen"`
	Haulage  measure.Fen    `json:"haulage_fen"`
	Second   measure.Fen    `json:"second_haulage_fen,omitempty"` // of it, of the truck that took over as planned
	TollFree string         `json:"toll_free,omitempty"`
	Lines    []CostLine     `json:"lines"`
	Warnings []Caution      `json:"warnings"`
	Hints    []Hint         `json:"hints"`

	AskedAt  measure.Millis `json:"asked_at"`
	UnderWay bool           `json:"under_way"`       // it is on its way to the stop, or there: it turns with the last yes
	Guess    string         `json:"guess,omitempty"` // why kilometres and times are an estimate; "" for none
	Was      WayThen        `json:"was"`             // as it stood before
}

// WayThen is what a trip said of its way and of one stop before goods for that stop went elsewhere.
type WayThen struct {
	Metres  measure.Metres `json:"metres"`
	Arrive  measure.Millis `json:"arrive_at"`
	Haulage measure.Fen    `json:"haulage_fen"`
}

// Why the way of a detour is an estimate.
const (
	GuessPlace  = "between_stops" // where the truck is now was reckoned by the clock
	GuessWay    = "no_way"        // the router knows no road there
	GuessRouter = "router_away"   // the router did not answer
)

// Arrive is when the truck comes to the place that the goods go to.
func (d *Detour) Arrive() measure.Millis { return d.Stops[0].Arrive }

// More is how many fen more, or less, the haulage is than before.
func (d *Detour) More() measure.Fen { return d.Haulage - d.Was.Haulage }

// from is the way as it is when the last yes comes at an instant: a truck that waits for it, or drives on meanwhile, comes later.
func (d *Detour) from(agreed measure.Millis) []PlannedStop {
	stops := slices.Clone(d.Stops)
	if !d.UnderWay {
		return stops
	}
	later := max(0, agreed-d.AskedAt)
	for n := range stops {
		s := &stops[n]
		work := s.Leave - s.Start
		s.Arrive += later
		s.Start = max(s.Start, s.Arrive)
		later, s.Leave = max(0, s.Start+work-s.Leave), s.Start+work
	}
	return stops
}

// go puts a detour in the place of what a trip says of its way.
func (t PlannedTrip) detour(stop int, d *Detour, agreed measure.Millis) PlannedTrip {
	t.Stops = append(slices.Clone(t.Stops[:stop]), d.from(agreed)...)
	t.Metres, t.Waiting, t.Rests, t.Home = d.Metres, d.Waiting, d.Rests, d.Home
	t.Done = d.Done + t.Stops[len(t.Stops)-1].Leave - d.Stops[len(d.Stops)-1].Leave
	t.Cost, t.Haulage, t.TollFree, t.Lines, t.Warnings, t.Hints = d.Cost, d.Haulage, d.TollFree, d.Lines, d.Warnings, d.Hints
	if t.Relay != nil {
		r := *t.Relay
		r.Haulage, t.Relay = d.Second, &r
	}
	return t
}

// whence is where a truck is, as far as anybody knows, when it is sent elsewhere.
type whence struct {
	at       orders.Stop
	metres   measure.Metres // driven up to there
	leaves   measure.Millis
	underWay bool // to the stop, or there
	guess    string
}

// there reports whether the truck is at a stop: it came, and was not sent elsewhere since.
func (t Trip) there(stop int) bool {
	for _, e := range slices.Backward(t.Events) {
		if e.Stop == stop && (e.Kind == EventArrive || e.Kind == EventDivert) {
			return e.Kind == EventArrive
		}
	}
	return false
}

// sentOn reports whether a diversion turned the truck at the ramp of the stop that it is about.
func (t Trip) sentOn(divert Event) bool {
	n := slices.IndexFunc(t.Events, func(e Event) bool { return e.ID == divert.ID })
	t.Events = t.Events[:max(0, n)]
	return t.there(divert.Stop)
}

// lastCall is the last place of a trip before a stop, when it is planned to be left, and when it was left; 0: the truck is not on the
// way to the stop yet.
func (t Trip) lastCall(stop int) (at whence, left measure.Millis) {
	before := t.Outline.Stops[stop-1]
	at = whence{at: before.Place, metres: before.Metres, leaves: before.Leave}
	if e, ok := t.event(EventDepart, stop-1); ok {
		left = e.At()
	}
	if r := t.Outline.Relay; r != nil && r.Stop == stop {
		at, left = whence{at: r.Station, metres: r.Metres, leaves: r.Leave}, 0
		if n := len(t.handOvers); n > 0 {
			left = t.handOvers[n-1].TakenAt
		}
		return at, left
	}
	if n := len(t.handOvers); left > 0 && n > 0 && t.handOvers[n-1].TakenAt > left {
		h, end := t.handOvers[n-1], t.Outline.Stops[stop]
		if way := end.Metres - at.metres; way > 0 && h.Metres > at.metres {
			at.leaves += (end.Arrive - at.leaves) * measure.Millis(min(h.Metres-at.metres, way)) / measure.Millis(way)
		}
		at.at, at.metres, left = orders.Stop{Name: h.Station, Adcode: h.Adcode}, max(h.Metres, at.metres), h.TakenAt
	}
	return at, left
}

// whence tells where the truck is at an instant: at the stop; not on the way there yet; or between the two, as far as it
// would be by its plan since it left.
func (t Trip) whence(stop int, now measure.Millis, pointOf func(orders.Stop) (measure.Point, bool)) whence {
	end := t.Outline.Stops[stop]
	if t.there(stop) {
		return whence{at: end.Place, metres: end.Metres, leaves: now, underWay: true}
	}
	last, left := t.lastCall(stop)
	if left == 0 {
		last.leaves = max(last.leaves, now)
		return last
	}
	span := end.Arrive - last.leaves
	a, okA := pointOf(last.at)
	b, okB := pointOf(end.Place)
	last.leaves, last.underWay = now, true
	if gone := min(now-left, span); gone > 0 && okA && okB {
		share := float64(gone) / float64(span)
		last.metres += measure.Metres(share * float64(end.Metres-last.metres))
		last.at = orders.Stop{Adcode: end.Place.Adcode, Point: measure.Point{Lon: a.Lon + share*(b.Lon-a.Lon), Lat: a.Lat + share*(b.Lat-a.Lat)}}
		last.guess = GuessPlace
	}
	return last
}

// detourAfter asks the router for the way of a trip whose goods for a stop go to another need, before anybody is asked for a yes. Without an
// answer it is an estimate; nil where nobody knows the place.
func (s *Service) detourAfter(ctx context.Context, trip string, stop int, demand string) (*Detour, error) {
	q := s.db.Read()
	t, err := tripByID(ctx, q, trip)
	if err == nil {
		err = t.stop(stop, UnloadStop)
	}
	if err != nil {
		return nil, err
	}
	to, err := market.DemandByID(ctx, q, demand)
	if err != nil {
		return nil, found(err, "no_such_demand", "demand")
	}
	plan, err := planByID(ctx, q, t.Plan)
	if err != nil {
		return nil, err
	}
	now := s.millis(ctx)
	if plan.Question.Closed, err = closedFrom(ctx, q, dayAt(now)); err != nil {
		return nil, err
	}
	desk := s.desk()
	d, err := desk.detour(ctx, plan, t, stop, to, now)
	if err != nil || d != nil {
		return d, err
	}
	desk.Router = places.NewEstimator(s.places)
	if d, err = desk.detour(ctx, plan, t, stop, to, now); d != nil {
		d.Guess = GuessWay
	}
	return d, err
}

// detour is nil where no road is known.
func (d Desk) detour(ctx context.Context, plan Plan, t Trip, stop int, to market.Demand, now measure.Millis) (*Detour, error) {
	from := t.whence(stop, now, func(s orders.Stop) (measure.Point, bool) { return d.Places.PointOf(s.Point, s.Adcode) })
	q, o := plan.Question.of(t.Outline)
	o.turnTo(stop, to, q.Loads)
	n := len(q.Loads)
	q.Loads = append(q.Loads, Load{ToShip: orders.ToShip{From: from.at, To: from.at}})
	p, err := d.planner(ctx, q)
	if err != nil {
		return nil, err
	}
	if !p.follow(&o, stop, p.from[n], from) {
		return nil, nil
	}
	parts := o.Parts
	o = p.price(p.day, o, plan.numberOf(t))
	o.Parts = parts
	out := &Detour{Stops: o.Stops[stop:], Metres: o.Metres, Waiting: o.Waiting, Rests: o.Rests, Done: o.Done, Home: o.Home, Cost: o.Cost,
		Haulage: o.Haulage, TollFree: o.TollFree, Lines: o.Lines, Warnings: o.Warnings, Hints: o.Hints, AskedAt: now, UnderWay: from.underWay, Guess: from.guess,
		Was: WayThen{Metres: t.Outline.Metres, Arrive: t.Outline.Stops[stop].Arrive, Haulage: t.Outline.Haulage}}
	if o.Relay != nil {
		out.Second = o.Relay.Haulage
	}
	if slices.ContainsFunc(p.notes, func(x Note) bool { return x.Item == "distances" }) {
		out.Guess = GuessRouter
	}
	return out, nil
}

// of is a question about one trip alone, and the trip with its parts numbered by that question's loads. What was sent elsewhere before is
// for where it goes now.
func (q Question) of(o PlannedTrip) (Question, PlannedTrip) {
	number := map[int]int{}
	var loads []Load
	o.Stops, o.Parts = slices.Clone(o.Stops), slices.Clone(o.Parts)
	for k, part := range o.Parts {
		if _, known := number[part.Load]; !known {
			l := q.Loads[part.Load]
			l.To = o.Stops[part.To].Place
			number[part.Load], loads = len(loads), append(loads, l)
		}
		o.Parts[k].Load = number[part.Load]
	}
	q.Loads, q.Trucks = loads, o.trucks()
	return q, o
}

// turnTo sends what is for a stop to a need.
func (t *PlannedTrip) turnTo(stop int, to market.Demand, loads []Load) {
	end := stopOf(to.Place.Name, to.Place.Adcode, to.Place.Point)
	t.Stops[stop].Place, t.Stops[stop].Party = end, to.Party
	for _, part := range t.Parts {
		if l := &loads[part.Load]; part.To == stop {
			l.To, l.Receiver, l.Demand = end, to.Party, to.ID
			l.Unload, l.UnloadFrom, l.UnloadTo, l.NoForklift, l.Storage = measure.Window{}, to.UnloadFrom, to.UnloadTo, to.NoForklift, to.Storage
		}
	}
}

// follow gives a trip the kilometres and times of its stops from one on, when its truck comes from a spot; false where no road leads.
func (p *planner) follow(o *PlannedTrip, stop, spot int, from whence) bool {
	v := p.truckNamed(o.lastTruck().Capacity.ID)
	pace := p.pace(v)
	metres, leaves, wasLeft := from.metres, from.leaves, o.Stops[stop-1].Leave
	for n := stop; n < len(o.Stops); n++ {
		s := &o.Stops[n]
		next, known := p.spot(s.Place)
		if !known || p.metres(spot, next) < 0 || p.duration(v, spot, next) < 0 {
			return false
		}
		was := *s
		metres += p.metres(spot, next)
		s.Metres, s.Arrive = metres, measure.Millis(pace.Arrives(int64(leaves), int64(p.duration(v, spot, next))))
		s.Stood = standing(pace, leaves, s.Arrive)
		s.Start = p.begins(*o, n)
		s.Leave = s.Start + p.takes(*o, n)
		o.Waiting += s.Start - s.Arrive - (was.Start - was.Arrive)
		o.Rests += p.restsIn(s.Arrive-leaves) - p.restsIn(was.Arrive-wasLeft)
		spot, leaves, wasLeft = next, s.Leave, was.Leave
	}
	last := o.Stops[len(o.Stops)-1]
	o.Metres, o.Done, o.Home = metres, last.Leave, p.wayHome(v, spot)
	return true
}

// standing are the spans in which a coach stands on its way.
func standing(pace pdptw.Vehicle, from, to measure.Millis) (out []measure.Window) {
	for _, x := range pace.Standing {
		if a, b := max(x.Open, int64(from)), min(x.Close, int64(to)); a < b {
			out = append(out, measure.Window{From: measure.Millis(a), To: measure.Millis(b)})
		}
	}
	return out
}

// restsIn is how often a driver rests on a way that takes so long, rests and all.
func (p *planner) restsIn(span measure.Millis) int {
	every, rest := p.book.DrivingHours()
	return int(max(0, span) / (every + rest))
}

// begins is when loading or unloading begins at a stop of a trip: when the truck comes, or the gate opens. Whoever is too late waits for
// nothing: that is for people to settle.
func (p *planner) begins(o PlannedTrip, stop int) measure.Millis {
	s := o.Stops[stop]
	for _, part := range o.Parts {
		if part.To != stop && part.From != stop {
			continue
		}
		windows := readyWindows(p.q.Loads[part.Load])
		if part.To == stop {
			windows = p.unloadWindows(p.q.Loads[part.Load])
		}
		for _, w := range windows {
			if int64(s.Arrive) <= w.Close {
				return max(s.Arrive, measure.Millis(w.Open))
			}
		}
	}
	return s.Arrive
}

// takes is how long the truck stands at a ramp.
func (p *planner) takes(o PlannedTrip, stop int) (sum measure.Millis) {
	for _, part := range o.Parts {
		pc := piece{load: part.Load, goods: part.Goods, people: part.People}
		if part.To == stop {
			sum += measure.Millis(p.unloading(pc))
		}
		if part.From == stop {
			sum += measure.Millis(p.loading(pc))
		}
	}
	return sum
}
