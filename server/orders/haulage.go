package orders

import (
	"cmp"
	"context"
	"slices"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/places"
)

// HaulageShare is one order's part of what a truck costs.
type HaulageShare struct {
	Order  string
	Loaded measure.Grams
	Work   int64 // what its goods ask of the truck: by this it is charged
	Paid   measure.Fen
}

// Work is what goods ask of a truck, in whole kilograms times whole kilometres; a way of less than one kilometre counts as one.
func Work(g measure.Grams, way measure.Metres) int64 {
	return int64(g/measure.Kilogram) * max(int64(way)/1000, 1)
}

// Apportion divides fen over works, to the fen: first the whole fen of each part, then one more each for the largest remainders. Where
// nothing asks anything, the last one has it all.
func Apportion(fen int64, works []int64) []int64 {
	if !slices.ContainsFunc(works, func(w int64) bool { return w > 0 }) && len(works) > 0 {
		works[len(works)-1] = 1
	}
	return market.Apportion(fen, works)
}

// ShareHaulage divides the price of a truck over those on it by the work of each, as Apportion does: trips are charged so, and estimates
// made so.
func ShareHaulage(price measure.Fen, shares []HaulageShare) []HaulageShare {
	works := make([]int64, len(shares))
	for i, s := range shares {
		works[i] = s.Work
	}
	out := slices.Clone(shares)
	for i, n := range Apportion(int64(price), works) {
		out[i].Paid = measure.Fen(n)
	}
	return out
}

// Run is one way of a truck.
type Run struct {
	Fen      measure.Fen // with the toll
	Toll     measure.Fen
	Green    bool           // the green channel lets it pass without toll
	Metres   measure.Metres // by road
	Vehicle  string         // class of the truck
	Vehicles int64          // how many of them
}

// Cargo is goods of one kind on a truck.
type Cargo struct {
	Produce string
	Grams   measure.Grams // net
}

// Rate tells what a truck for goods costs over a way as the crow flies.
type Rate func(crow measure.Metres, goods []Cargo) Run

// Ride is a part of an order with its way on the truck.
type Ride struct {
	Cargo
	Way  measure.Metres // by road; 0 unknown
	Work int64

	from, to measure.Point
}

// EstimatedShare is what falls on one order.
type EstimatedShare struct {
	HaulageShare
	Seller string
	Rides  []Ride
	Alone  measure.Fen // a truck for this order alone; 0: a place is not known
}

// HaulageEstimate is what one truck for orders would cost, and how that falls on each.
type HaulageEstimate struct {
	Run    // without a price where none was given and a place is not known
	Work   int64
	Shares []EstimatedShare // their Paid add up to the price
}

// HaulageEstimate reckons one truck for those orders of a cart that the actor may read and that are not called off. A price that is
// given (> 0) takes the place of the rate's.
func (s *Service) HaulageEstimate(ctx context.Context, by auth.Actor, cart string, rate Rate, given measure.Fen) (HaulageEstimate, error) {
	v, err := s.Cart(ctx, by, cart)
	if err != nil {
		return HaulageEstimate{}, err
	}
	var list []Order
	for _, o := range v.Orders {
		if !slices.Contains([]State{Declined, Cancelled, Expired, Refused}, o.State) {
			list = append(list, o.Order)
		}
	}
	return s.oneTruck(ctx, list, rate, given)
}

// OrderHaulage reckons a truck for one order that the actor may read, by the rate.
func (s *Service) OrderHaulage(ctx context.Context, by auth.Actor, order string, rate Rate) (HaulageEstimate, error) {
	v, err := s.Order(ctx, by, order)
	if err != nil {
		return HaulageEstimate{}, err
	}
	return s.oneTruck(ctx, []Order{v.Order}, rate, 0)
}

// oneTruck reckons one truck for orders.
func (s *Service) oneTruck(ctx context.Context, list []Order, rate Rate, given measure.Fen) (HaulageEstimate, error) {
	known, err := lookUpShipping(ctx, s.DB.Read(), list)
	if err != nil {
		return HaulageEstimate{}, err
	}
	out := HaulageEstimate{Shares: make([]EstimatedShare, len(list))}
	for i, o := range list {
		out.Shares[i] = EstimatedShare{HaulageShare: HaulageShare{Order: o.ID}, Seller: o.Seller, Rides: known.rides(o)}
	}
	out.reckon(rate, given)
	return out, nil
}

// rides are the parts of an order by where they lie and where they go; what is for no need goes to the buyer.
func (f shippingFacts) rides(o Order) []Ride {
	var out []Ride
	for _, l := range o.Lines {
		left, from := l.Grams, f.lots[l.Lot].Place.Point
		for _, a := range l.To {
			out = append(out, Ride{Cargo: Cargo{f.lots[l.Lot].Produce, a.Promised()}, from: from, to: f.demands[a.Demand].Place.Point})
			left -= a.Promised()
		}
		if left > 0 {
			out = append(out, Ride{Cargo: Cargo{f.lots[l.Lot].Produce, left}, from: from, to: f.parties[o.Buyer].Place.Point})
		}
	}
	return out
}

// reckon fills in ways and amounts.
func (e *HaulageEstimate) reckon(rate Rate, given measure.Fen) {
	var all []Ride
	for i := range e.Shares {
		_, run := routed(e.Shares[i].Rides, rate)
		e.Shares[i].Alone = run.Fen
		all = append(all, e.Shares[i].Rides...)
	}
	all, e.Run = routed(all, rate)
	if given > 0 {
		e.Fen = given
	}
	shares := make([]HaulageShare, len(e.Shares))
	for i := range e.Shares {
		s := &e.Shares[i]
		s.Rides, all = all[:len(s.Rides)], all[len(s.Rides):]
		for _, h := range s.Rides {
			s.Loaded, s.Work = s.Loaded+h.Grams, s.Work+h.Work
		}
		e.Work, shares[i] = e.Work+s.Work, s.HaulageShare
	}
	for i, s := range ShareHaulage(e.Fen, shares) {
		e.Shares[i].HaulageShare = s
	}
}

// routed gives rides the way that each rides on one truck for all, and that truck's run: from the loading that is farthest from the first
// unloading to the nearest other one each time, and then to the nearest unloading. Without a place there is no way, and no price.
func routed(rides []Ride, rate Rate) ([]Ride, Run) {
	out := slices.Clone(rides)
	var from, to []measure.Point
	var goods []Cargo
	var g measure.Grams
	for i, h := range out {
		from, to, goods, g = append(from, h.from), append(to, h.to), append(goods, h.Cargo), g+h.Grams
		out[i].Work = Work(h.Grams, 0)
	}
	if g == 0 || slices.Contains(slices.Concat(from, to), measure.Point{}) {
		return out, Run{}
	}
	first := slices.MaxFunc(from, func(p, q measure.Point) int {
		return cmp.Compare(places.GreatCircle(p, to[0]), places.GreatCircle(q, to[0]))
	})
	loaded, last, whole := visit(first, 0, from)
	unloaded, _, whole := visit(last, whole, to)
	for i, h := range out {
		out[i].Way = rate(unloaded[h.to]-loaded[h.from], goods[i:i+1]).Metres
		out[i].Work = Work(h.Grams, out[i].Way)
	}
	return out, rate(whole, goods)
}

// visit goes from a place to the nearest of the rest each time. It tells how far along each lies, which is the last, and how far that is.
func visit(here measure.Point, at measure.Metres, rest []measure.Point) (map[measure.Point]measure.Metres, measure.Point, measure.Metres) {
	seen := map[measure.Point]measure.Metres{}
	for rest = slices.Clone(rest); len(rest) > 0; {
		next := slices.MinFunc(rest, func(p, q measure.Point) int {
			return cmp.Compare(places.GreatCircle(here, p), places.GreatCircle(here, q))
		})
		at += places.GreatCircle(here, next)
		here, seen[next] = next, at
		rest = slices.DeleteFunc(rest, func(p measure.Point) bool { return p == next })
	}
	return seen, here, at
}
