package dispatch

import (
	"cmp"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// A truck that wants to come home drives there after its last stop, empty if nothing else is found. By how much that way is longer than
// it was before the trip is priced when plans are compared (rule way_home), and charged to nobody: of two trucks the one whose home
// is near the receiver goes, and a load that leads home rides for less.

// WayHome is the road to where a truck wants to be: before its trip, and after it.
type WayHome struct {
	Before measure.Metres `json:"before_metres"` // from where it stood
	After  measure.Metres `json:"after_metres"`  // from its last stop
}

// homeOf is the spot where a truck wants to be when all is unloaded, -1 where it does not matter; false when the place is not known.
func (p *planner) homeOf(t Truck) (int, bool) {
	if t.Capacity.ReturnTo == "" {
		return -1, true
	}
	if spot, ok := p.spot(orders.Stop{Adcode: t.Capacity.ReturnTo}); ok {
		return spot, true
	}
	return -1, false
}

// homePerKm is what a kilometre home counts: a share of what the truck asks for one, or of what is usual for its type.
func (p *planner) homePerKm(day rules.Day, t Truck) measure.Fen {
	perKm := t.Type.PerKm
	if t.Capacity.Price.Kind == PerKm {
		perKm = t.Capacity.Price.Fen
	}
	share, _ := p.book.WayHome(day)
	return (p.q.Prices.freight(perKm)*measure.Fen(share) + 500) / 1000
}

// wishOf is what truck v wants, for the solver.
func (p *planner) wishOf(v int) pdptw.Home {
	if p.home[v] < 0 {
		return pdptw.Home{}
	}
	return pdptw.Home{Location: p.home[v], PerKm: int64(p.homePerKm(p.day, p.q.Trucks[v]))}
}

// wayHome is the road home of truck v that unloads last at a spot; nil when it wants no such thing, or can't.
func (p *planner) wayHome(v, last int) *WayHome {
	if p.home[v] < 0 {
		return nil
	}
	w := WayHome{Before: p.metres(p.truck[v], p.home[v]), After: p.metres(last, p.home[v])}
	if w.Before < 0 || w.After < 0 {
		return nil
	}
	return &w
}

// fen is what the way home counts at a price for a kilometre: below zero where the trip leads home.
func (w *WayHome) fen(each measure.Fen) measure.Fen {
	if w == nil {
		return 0
	}
	return perKm(each, w.After) - perKm(each, w.Before)
}

// homeward is what the way home counts of truck v that unloads last at a spot.
func (p *planner) homeward(v, last int) measure.Fen {
	return p.wayHome(v, last).fen(p.homePerKm(p.day, p.q.Trucks[v]))
}

// lastSpot is where a trip ends.
func (p *planner) lastSpot(t PlannedTrip) int {
	last := slices.MaxFunc(t.Parts, func(a, b Part) int { return cmp.Compare(a.To, b.To) })
	return p.to[last.Load]
}

// dearerHome says of truck v, which wants to come home, that its way there counts more after a trip than that of the truck which drives
// it; nil where it doesn't, and where no distances are known (rulesOnly).
func (p *planner) dearerHome(v int, trip PlannedTrip) wording.Text {
	if len(p.home) == 0 || p.home[v] < 0 {
		return nil
	}
	last := p.lastSpot(trip)
	more := p.homeward(v, last) - p.homeward(p.truckOf(trip), last)
	if more <= 0 {
		return nil
	}
	return wording.Just("home_dearer", wording.OfPlate(trip.Truck.Vehicle.Plate), wording.Yuan(more))
}

// worthALoad is the least that coming home loaded has to save to be told. Our own reckoning.
const worthALoad measure.Fen = 10_000

// homeLine adds what the way home counts more or less than before, and the hint that a load might ride on it.
func (p *planner) homeLine(day rules.Day, t *PlannedTrip, n int) {
	if t.Home == nil {
		return
	}
	each := p.homePerKm(day, t.Truck)
	_, src := p.book.WayHome(day)
	home := p.area(t.Truck.Capacity.ReturnTo)
	t.Lines = append(t.Lines, CostLine{Kind: "way_home", Fen: t.Home.fen(each), Rule: "way_home",
		Source: src.Text, Mark: src.Mark, Said: wording.Just("way_home", home, wording.Km(t.Home.After), wording.Km(t.Home.Before), wording.Yuan(each))})
	if fen := perKm(each, t.Home.After); fen >= worthALoad {
		t.Hints = append(t.Hints, Hint{Code: "load_home", Trip: n, Fen: fen,
			Said: wording.Just("load_home", wording.OfPlate(t.Truck.Vehicle.Plate), home, wording.Yuan(fen))})
	}
}

// lastTruck is the one that unloads.
func (t PlannedTrip) lastTruck() Truck {
	trucks := t.trucks()
	return trucks[len(trucks)-1]
}

// numberOf is which trip of the plan's option a trip was made of.
func (p Plan) numberOf(t Trip) int {
	o, err := p.present()
	if err != nil {
		return -1
	}
	return slices.IndexFunc(o.Trips, func(x PlannedTrip) bool { return x.Truck.Capacity.ID == t.Capacity })
}
