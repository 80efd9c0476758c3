package dispatch

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"jishi/server/dispatch/pdptw"
	"jishi/server/measure"
	"jishi/server/orders"
)

// nearTrucks is how many trucks are tried on each side of a station for one load, the nearest first.
const nearTrucks = 4

// relays looks where two trucks do better than one: handing over at a transfer station costs less, or no truck may carry the goods all
// the way. The trips given need no prices.
func (p *planner) relays(ctx context.Context, m mode, trips []PlannedTrip, pieces []piece) ([]PlannedTrip, error) {
	w := relaying{p: p, m: m, trips: slices.Clone(trips), stations: p.stations}
	if len(w.stations) == 0 || !m.passes {
		return trips, nil
	}
	for n := range trips {
		if err := w.cheaper(ctx, n); err != nil {
			return nil, err
		}
	}
	left := map[int]int64{}
	for _, pc := range pieces {
		left[pc.load] += pc.amount()
	}
	for _, t := range trips {
		for _, part := range t.Parts {
			left[part.Load] -= partAmount(part)
		}
	}
	for _, i := range slices.Sorted(maps.Keys(left)) {
		if err := w.bring(ctx, i, left[i]); err != nil {
			return nil, err
		}
	}
	return w.trips, nil
}

// relaying is the work of relays.
type relaying struct {
	p        *planner
	m        mode
	trips    []PlannedTrip
	stations []orders.Stop
}

// idle are the trucks that no trip has so far.
func (w *relaying) idle() []int {
	var out []int
	for _, v := range w.m.trucks {
		if !slices.ContainsFunc(w.trips, func(t PlannedTrip) bool { return t.uses(w.p.q.Trucks[v].Capacity.ID) }) {
			out = append(out, v)
		}
	}
	return out
}

// nearest are the first of some trucks by the way to a spot.
func (w *relaying) nearest(trucks []int, spot int) []int {
	reach := slices.DeleteFunc(slices.Clone(trucks), func(v int) bool { return w.p.duration(v, w.p.truck[v], spot) < 0 })
	slices.SortStableFunc(reach, func(a, b int) int {
		return cmp.Compare(w.p.duration(a, w.p.truck[a], spot), w.p.duration(b, w.p.truck[b], spot))
	})
	return reach[:min(nearTrucks, len(reach))]
}

// hands are two trucks, by their numbers, and the station where one gives its goods to the other.
type hands struct {
	giver, taker int
	station      orders.Stop
}

// hands gives the pairs of trucks to try for a load, of those given: at each station the nearest that may.
func (w *relaying) hands(trucks []int, load int) iter.Seq[hands] {
	return func(yield func(hands) bool) {
		for _, station := range w.stations {
			givers := w.nearest(w.may(trucks, load, station, 0), w.p.from[load])
			takers := w.nearest(w.may(trucks, load, station, w.p.q.Now), w.p.index[station.Point])
			for _, a := range givers {
				for _, b := range takers {
					if a != b && !yield(hands{a, b, station}) {
						return
					}
				}
			}
		}
	}
}

// over plans a haul that changes hands; ok is false when it can't be.
func (w *relaying) over(ctx context.Context, h hands, calls []leg) (t PlannedTrip, ok bool, err error) {
	return w.p.relay(ctx, w.p.q.Trucks[h.giver], w.p.q.Trucks[h.taker], h.station, calls)
}

// cheaper lets two trucks drive trip n where that costs less: a driver is spared the days at home, or a way without goods.
func (w *relaying) cheaper(ctx context.Context, n int) error {
	calls := legsOf(w.trips[n])
	if !oneHaul(calls) {
		return nil
	}
	best := w.p.price(w.p.day, w.trips[n], 0)
	load := calls[0].piece.load
	free := append(w.idle(), w.p.truckNamed(w.trips[n].Truck.Capacity.ID))
	for hand := range w.hands(free, load) {
		if w.least(hand, w.trips[n]) >= best.Cost {
			continue
		}
		t, ok, err := w.over(ctx, hand, calls)
		if err != nil {
			return err
		}
		if ok && t.Cost < best.Cost {
			best = t
		}
	}
	if best.Relay != nil {
		w.trips[n] = best
	}
	return nil
}

// least is what two trucks cost at the very least: freight over the shortest way, the second driver's days at home, and both ways home.
func (w *relaying) least(hand hands, t PlannedTrip) measure.Fen {
	p, spot := w.p, w.p.index[hand.station.Point]
	load := t.Parts[0].Load
	sum := p.quarantineOf(p.day, p.q.Trucks[hand.taker], t.loads())
	for _, half := range []struct{ truck, begin, end int }{{hand.giver, p.from[load], spot}, {hand.taker, spot, p.to[load]}} {
		x := PlannedTrip{Truck: p.q.Trucks[half.truck], Fill: t.Fill, Empty: max(0, p.metres(p.truck[half.truck], half.begin))}
		x.Metres = x.Empty + max(0, p.metres(half.begin, half.end))
		for _, line := range p.freight(x) {
			sum += line.Fen
		}
	}
	return sum + p.homeward(hand.giver, spot) + p.homeward(hand.taker, p.lastSpot(t))
}

// oneHaul reports whether everything is loaded before anything is unloaded.
func oneHaul(calls []leg) bool {
	first := slices.IndexFunc(calls, func(l leg) bool { return l.kind == pdptw.Delivery })
	return first > 0 && !slices.ContainsFunc(calls[first:], func(l leg) bool { return l.kind == pdptw.Pickup })
}

// bring hauls what is left of a load that no truck may carry all the way, by two trucks each time.
func (w *relaying) bring(ctx context.Context, load int, left int64) error {
	for _, v := range w.m.trucks {
		if w.p.barOf(w.p.day, v, load, true) == nil {
			return nil
		}
	}
	for left > 0 {
		best, amount, err := w.pair(ctx, load, left)
		if err != nil || amount == 0 {
			return err
		}
		w.trips = append(w.trips, best)
		left -= amount
	}
	return nil
}

// pair is the cheapest of the pairs of trucks that bring most of a load over a station; nothing when there is none.
func (w *relaying) pair(ctx context.Context, load int, left int64) (best PlannedTrip, amount int64, err error) {
	for hand := range w.hands(w.idle(), load) {
		n := min(left, w.p.holds(hand.giver, load), w.p.holds(hand.taker, load))
		if n <= 0 || n < amount {
			continue
		}
		pc := w.p.piece(load, n)
		t, ok, err := w.over(ctx, hand, []leg{{&pc, pdptw.Pickup}, {&pc, pdptw.Delivery}})
		if err != nil {
			return best, 0, err
		}
		if ok && (n > amount || t.Cost < best.Cost) {
			best, amount = t, n
		}
	}
	return best, amount, nil
}

// may are the trucks that no rule keeps from one side of a relayed haul.
func (w *relaying) may(trucks []int, load int, station orders.Stop, from measure.Millis) []int {
	var out []int
	for _, v := range trucks {
		if w.p.side([]int{load}, w.p.q.Trucks[v], station, from).barOf(w.p.day, 0, 0, true) == nil {
			out = append(out, v)
		}
	}
	return out
}

// holds is the most of a load that a truck takes at once.
func (p *planner) holds(v, load int) int64 {
	if p.q.Loads[load].People > 0 {
		return int64(p.seats(p.q.Trucks[v]))
	}
	most := p.fitting(load, p.q.Trucks[v].room())
	if pack := p.q.Loads[load].Goods.Pack; most < p.q.Loads[load].Grams && pack > 0 {
		most -= pack // a begun pack takes the room of a whole one
	}
	return int64(most)
}
