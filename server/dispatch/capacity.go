package dispatch

import (
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// PriceKind says what a carrier's price is for.
type PriceKind string

// The kinds of price.
const (
	PerTrip    PriceKind = "per_trip"
	PerKm      PriceKind = "per_km"
	PerTonneKm PriceKind = "per_tonne_km"
)

// Price is what a carrier asks.
type Price struct {
	Kind PriceKind   `json:"kind"`
	Fen  measure.Fen `json:"fen"`
}

// maxPrice bounds every carrier's price: 10 million yuan.
const maxPrice measure.Fen = 1_000_000_000

// CapacityState is where a capacity offer stands.
type CapacityState string

// The states of a capacity offer (domain: draft, live, part_taken, full, closed; live, expired or withdrawn).
const (
	CapacityDraft     CapacityState = "draft"      // only the carrier sees it
	CapacityLive      CapacityState = "live"       // may be planned with
	CapacityPart      CapacityState = "part_taken" // a part of its room is promised, the rest may be planned with
	CapacityFull      CapacityState = "full"       // on a trip that has not ended, or no room is left
	CapacityClosed    CapacityState = "closed"     // its trips are done
	CapacityExpired   CapacityState = "expired"    // its time is over
	CapacityWithdrawn CapacityState = "withdrawn"  // the carrier took it back
)

// Room is what may be put on a truck. In an offer the zero value is the whole vehicle.
type Room struct {
	Grams  measure.Grams       `json:"grams"`
	Volume measure.Millilitres `json:"volume_ml"`
	Seats  int                 `json:"seats"`
}

func (r Room) less(o Room) Room {
	return Room{max(0, r.Grams-o.Grams), max(0, r.Volume-o.Volume), max(0, r.Seats-o.Seats)}
}

func (r Room) plus(o Room) Room {
	return Room{r.Grams + o.Grams, r.Volume + o.Volume, r.Seats + o.Seats}
}

// holds reports whether another amount finds room in it.
func (r Room) holds(o Room) bool {
	return o.Grams <= r.Grams && o.Volume <= r.Volume && o.Seats <= r.Seats
}

func (r Room) empty() bool { return (r.Grams == 0 || r.Volume == 0) && r.Seats == 0 }

// Capacity is a carrier's offer (车源): this truck, here, from then on, with so much room, for so much.
type Capacity struct {
	ID         string          `json:"id"`
	Vehicle    string          `json:"vehicle"`
	Carrier    string          `json:"carrier"`
	Place      orders.Stop     `json:"place"`
	From       measure.Millis  `json:"from"`
	Until      measure.Millis  `json:"until"`
	Price      Price           `json:"price"`
	Room       Room            `json:"room"`           // what is offered; the zero value: the whole vehicle
	Shared     bool            `json:"shared"`         // sold in parts: several trips may each take some of the room
	ReturnTo   string          `json:"return_to"`      // area code it wants to come back to, "" for no wish
	Quarantine measure.Fen     `json:"quarantine_fen"` // asked when the driver must stay at home afterwards; 0: as the rules reckon
	Avoids     rules.ZoneLevel `json:"avoids"`         // does not drive into places of this risk or a higher one, "" for no limit
	Deposit    measure.Fen     `json:"deposit_fen"`    // asked of the shipper while the trip is held, 0 for none
	Draft      bool            `json:"draft"`
	Withdrawn  bool            `json:"withdrawn"`
	CreatedAt  measure.Millis  `json:"created_at"`
}

// Use is what trips hold of an offer.
type Use struct {
	Open int  // trips that have not ended
	Done int  // trips that were served
	Room Room // held by both
}

// left is the room that may still be promised on a vehicle that can carry whole.
func (c Capacity) left(whole Room, u Use) Room {
	offered := whole
	if c.Room != (Room{}) {
		offered = Room{min(whole.Grams, c.Room.Grams), min(whole.Volume, c.Room.Volume), min(whole.Seats, c.Room.Seats)}
	}
	if !c.Shared && u.Open+u.Done > 0 {
		return Room{}
	}
	return offered.less(u.Room)
}

// State is the state of the offer for a vehicle that can carry whole.
func (c Capacity) State(whole Room, u Use, now measure.Millis) CapacityState {
	switch {
	case c.Withdrawn:
		return CapacityWithdrawn
	case c.Draft:
		return CapacityDraft
	case u.Open > 0 && c.left(whole, u).empty():
		return CapacityFull
	case u.Done > 0 && u.Open == 0 && (!c.Shared || now > c.Until):
		return CapacityClosed
	case now > c.Until && u.Open == 0:
		return CapacityExpired
	case now > c.Until:
		return CapacityFull
	case u.Open+u.Done > 0:
		return CapacityPart
	}
	return CapacityLive
}

// mayBePlanned reports whether room of the offer may be promised.
func (s CapacityState) mayBePlanned() bool { return s == CapacityLive || s == CapacityPart }

// CapacityInput is what a carrier types in about an offer.
type CapacityInput struct {
	ID         string
	Vehicle    string
	Place      orders.Stop
	From       measure.Millis
	Until      measure.Millis
	Price      Price // the zero value: the usual price of the truck type
	Room       Room
	Shared     bool
	ReturnTo   string
	Quarantine measure.Fen
	Avoids     rules.ZoneLevel
	Deposit    measure.Fen
	Draft      bool
}

func (in CapacityInput) check(now measure.Millis) error {
	if in.From <= 0 || in.Until <= in.From {
		return fault.At("until", "bad_window", "The offer ends after it begins.")
	}
	if in.Until <= now {
		return fault.At("until", "window_over", "The offer's time is already over.")
	}
	if in.Until-in.From > 90*day {
		return fault.At("until", "window_too_long", "An offer runs for at most %d days.", 90)
	}
	switch in.Price.Kind {
	case "", PerTrip, PerKm, PerTonneKm:
	default:
		return fault.At("price.kind", "bad_price_kind", "A price is per trip, per km or per tonne-km.")
	}
	if in.Price.Fen < 0 || in.Price.Fen > maxPrice || in.Price.Kind == "" && in.Price.Fen != 0 {
		return fault.At("price", "bad_money", "The price can't be below zero or above 10 million yuan.")
	}
	return in.checkTerms()
}

func (in CapacityInput) checkTerms() error {
	switch in.Avoids {
	case "", rules.LowRisk, rules.MediumRisk, rules.HighRisk:
	default:
		return fault.At("avoids", "bad_zone_level", "A level of risk is low, medium or high.")
	}
	for _, m := range []struct {
		field string
		fen   measure.Fen
	}{{"quarantine", in.Quarantine}, {"deposit", in.Deposit}} {
		if m.fen < 0 || m.fen > maxPrice {
			return fault.At(m.field, "bad_money", "The price can't be below zero or above 10 million yuan.")
		}
	}
	r := in.Room
	if r.Grams < 0 || r.Volume < 0 || r.Seats < 0 || r.Grams > maxPayload || r.Volume > maxCube || r.Seats > maxSeats {
		return fault.At("room", "bad_room", "The room on offer is no more than a vehicle has.")
	}
	return nil
}

// whole is all the room of a vehicle of a type.
func whole(t rules.TruckType) Room { return Room{t.Payload, t.Cube, t.Seats} }
