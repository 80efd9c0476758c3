package dispatch

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

// Settle pays the carriers of a trip that is done: each by the kilometres of its legs, out of each gift's fund, order's
// escrow or haulage need's escrow, by what it had on board and how far.
func (s *Service) Settle(ctx context.Context, by auth.Actor, trip string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventSettle, stop: -1,
		may: func(Trip) bool { return by.Is(auth.Finance) || plans(by) },
		apply: func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
			if t.had(EventSettle) {
				return nil, fault.New(fault.Conflict, "settled_already", "The carrier of this trip was paid already.")
			}
			shares := t.haulage()
			paid := Paid{Legs: t.legs(), Shares: shares}
			for _, h := range shares {
				h.ClientID, h.At = "trip/"+t.ID+"/haulage/"+h.Carrier+"/"+h.Order+h.Load, e.At()
				if err := s.books.PayHaulage(ctx, tx, by, h); err != nil {
					return nil, err
				}
				paid.add(h)
			}
			return paid, s.endDeposits(ctx, tx, by, t, e)
		}})
}

// Giving is a carrier's word that it drives for nothing.
type Giving struct {
	Carrier string `json:"carrier"`
}

// GiveHaulage makes a carrier's part of a trip a gift: its value is shown, and nobody pays it. The firm says so, not its drivers,
// and before the trip is settled.
func (s *Service) GiveHaulage(ctx context.Context, by auth.Actor, trip string, r Report) (Trip, error) {
	return s.report(ctx, by, trip, r, happening{kind: EventGive, stop: -1,
		may: func(t Trip) bool { return t.carrierOf(by) != "" },
		apply: func(_ context.Context, _ store.Tx, t Trip, _ Event) (any, error) {
			if t.had(EventSettle) {
				return nil, fault.New(fault.Conflict, "settled_already", "The carrier of this trip was paid already.")
			}
			g := Giving{t.carrierOf(by)}
			if slices.Contains(t.given, g.Carrier) {
				return nil, fault.New(fault.Conflict, "given_already", "This haulage is given already.")
			}
			return g, nil
		}})
}

// carrierOf gives the carrier of a leg that the actor has the say of, "" for none.
func (t Trip) carrierOf(by auth.Actor) string {
	for _, l := range t.legs() {
		if by.Can(auth.Carrier, l.Carrier) {
			return l.Carrier
		}
	}
	return ""
}

// Paid is what is kept of a settlement.
type Paid struct {
	Fen    measure.Fen      `json:"fen"`
	Given  measure.Fen      `json:"given_fen,omitempty"` // driven for nothing, at its price
	Legs   []Leg            `json:"legs"`
	Shares []orders.Haulage `json:"shares"`
}

func (p *Paid) add(h orders.Haulage) {
	if h.Given {
		p.Given += h.Fen
	} else {
		p.Fen += h.Fen
	}
}

// Leg (运段) is the part of a trip that one crew drove with goods on board.
type Leg struct {
	Carrier string         `json:"carrier"`
	Driver  string         `json:"driver"`
	Plate   string         `json:"plate"`
	From    string         `json:"from"`
	To      string         `json:"to"`
	Metres  measure.Metres `json:"metres"`
	Fen     measure.Fen    `json:"fen"` // its share of the haulage
}

// legs cuts a trip at its hand-overs and splits the carrier's price by their length, or as the plan priced both trucks. The way to the
// first loading belongs to the first leg's price, not to its length.
func (t Trip) legs() []Leg {
	stops, at := t.Outline.Stops, t.Outline.Empty
	leg := Leg{Carrier: t.Carrier, Driver: t.Outline.Truck.Vehicle.Driver, Plate: t.Outline.Truck.Vehicle.Plate, From: stops[0].Place.Name}
	var out []Leg
	for _, h := range t.handOvers {
		to := min(max(h.Metres, at), t.Outline.Metres)
		leg.Metres, leg.To = to-at, h.Station
		out, at = append(out, leg), to
		leg = leg.next(h)
	}
	leg.To, leg.Metres = stops[len(stops)-1].Place.Name, t.Outline.Metres-at
	out = append(out, leg)
	for i, fen := range t.legPrices(out) {
		out[i].Fen = measure.Fen(fen)
	}
	return out
}

func (t Trip) legPrices(legs []Leg) []int64 {
	planned, last := t.Outline.Relay, len(legs)-1
	if planned != nil && len(t.handOvers) == 1 && legs[last].Plate == planned.Truck.Vehicle.Plate {
		return []int64{int64(t.Outline.Haulage - planned.Haulage), int64(planned.Haulage)} // each by its own price
	}
	weights := make([]int64, len(legs))
	for i, l := range legs {
		weights[i] = int64(l.Metres)
	}
	return orders.Apportion(int64(t.Outline.Haulage), weights)
}

// next is the leg that begins with a hand-over.
func (l Leg) next(h HandOver) Leg {
	n := Leg{Carrier: l.Carrier, Driver: h.Driver, Plate: l.Plate, From: h.Station}
	if h.Carrier != "" {
		n.Carrier = h.Carrier
	}
	if h.Plate != "" {
		n.Plate = h.Plate
	}
	return n
}

// haulage splits what each carrier earned over those who pay.
func (t Trip) haulage() []orders.Haulage {
	var out []orders.Haulage
	for _, p := range t.carrierParts() {
		out = append(out, t.haulageOf(p.Carrier, p.Fen)...)
	}
	return out
}

// haulageOf splits one carrier's price over those who pay, by what each had on board times how far: with food out and fertiliser back,
// each pays its own way.
func (t Trip) haulageOf(carrier string, fen measure.Fen) []orders.Haulage {
	at := map[string]int{}
	var shares []orders.HaulageShare
	var out []orders.Haulage
	each := t.weights()
	for i, c := range t.Consignments {
		payer := c.Load.payer()
		if _, known := at[payer]; !known {
			at[payer], shares = len(out), append(shares, orders.HaulageShare{Order: payer})
			out = append(out, orders.Haulage{Campaign: c.Load.Campaign, Order: c.Load.Order, Load: c.Load.Posted, Carrier: carrier, Trip: t.ID, Given: slices.Contains(t.given, carrier)})
		}
		shares[at[payer]].Work += each[i]
	}
	for i, share := range orders.ShareHaulage(fen, shares) {
		out[i].Fen = share.Paid
	}
	return slices.DeleteFunc(out, func(h orders.Haulage) bool { return h.Fen <= 0 })
}

// extraWay is what one diversion made of a trip's price, and the stops as they were before.
type extraWay struct {
	stop   int
	more   measure.Fen
	before []PlannedStop
}

// weights say what part of the haulage each consignment bears: by its work; and of what a diversion made it more, or less, those
// consignments alone that were sent elsewhere, by their weight. The others pay as if the truck had not turned.
func (t Trip) weights() []int64 {
	if len(t.extra) == 0 {
		return t.works(t.Outline.Stops)
	}
	agreed := t.Outline.Haulage
	for _, x := range t.extra {
		agreed -= x.more
	}
	out := orders.Apportion(int64(agreed), t.works(t.extra[0].before))
	for _, x := range t.extra {
		sent := make([]int64, len(t.Consignments))
		for i, c := range t.Consignments {
			if c.UnloadStop == x.stop {
				sent[i] = int64(t.weight(c))
			}
		}
		sign := int64(1)
		if x.more < 0 {
			sign = -1
		}
		for i, n := range orders.Apportion(int64(x.more)*sign, sent) {
			out[i] = max(0, out[i]+sign*n)
		}
	}
	return out
}

// works are what each consignment asked of the truck on its way over stops, in kilogram-kilometres.
func (t Trip) works(stops []PlannedStop) []int64 {
	out := make([]int64, len(t.Consignments))
	for i, c := range t.Consignments {
		way := stops[c.UnloadStop].Metres - stops[c.LoadStop].Metres
		out[i] = orders.Work(t.weight(c), way)
	}
	return out
}

// weight is what of a consignment was loaded, people by what one of them counts.
func (t Trip) weight(c Consignment) measure.Grams {
	return t.loaded[c.ID].Grams + measure.Grams(t.boarded[c.ID])*riderGrams
}

// UnpaidTrip gives the number of the first trip that carries or carried some of the consignments and whose carriers are neither paid nor drive for nothing
// by a settlement; "" when there is none.
func UnpaidTrip(ctx context.Context, q store.Querier, consignments []string) (string, error) {
	if len(consignments) == 0 {
		return "", nil
	}
	list, err := tripsWith(ctx, q, consignments)
	for _, t := range list {
		if !slices.ContainsFunc([]EventKind{EventSettle, EventDecline, EventCancel, EventReplan, EventNoShow, EventNoGoods}, t.had) {
			return t.Number, nil
		}
	}
	return "", err
}

// had reports whether something happened to the trip as a whole.
func (t Trip) had(kind EventKind) bool {
	_, yes := t.event(kind, -1)
	return yes
}

// CarrierOf gives the carrier that brought a consignment to its receiver: of the last leg, where it changed hands. "" for one that is not on
// any trip.
func CarrierOf(ctx context.Context, q store.Querier, consignment string) (string, error) {
	var trip string
	err := q.QueryRowContext(ctx, `SELECT trip_id FROM consignments WHERE id = $1`, consignment).Scan(&trip)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	t, err := tripByID(ctx, q, trip)
	if err != nil {
		return "", err
	}
	legs := t.legs()
	return legs[len(legs)-1].Carrier, nil
}
