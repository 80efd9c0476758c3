package dispatch

import (
	"strings"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

// packing is what one kind of pack weighs when it is empty, per kilogram of goods in it.
//
// The shares are general knowledge, not checked against a text: a carton of 6 to 10 kg weighs 0.4 to 0.8 kg, a crate
// of 10 to 15 kg 1.5 to 2 kg, a foam box of 5 kg 0.3 to 0.4 kg, the ties of a bundle 0.2 kg, a net bag of 25 kg 0.25 kg,
// a woven bag of 40 kg 0.12 kg.
type packing struct {
	words    []string
	perMille int64 // of the net weight
}

var packings = []packing{
	{[]string{"片", "half carcass"}, 0}, // hung from hooks
	{[]string{"泡沫", "foam"}, 80},
	{[]string{"捆", "bundle"}, 20},
	{[]string{"编织袋", "woven"}, 3},
	{[]string{"袋", "bag"}, 10},
	{[]string{"筐", "crate", "basket"}, 120},
	{[]string{"箱", "carton", "box"}, 100},
}

// tare gives the weight of the empty packs around net grams of goods. Loose goods have none.
func tare(packed bool, kind string, net measure.Grams) measure.Grams {
	if !packed {
		return 0
	}
	for _, p := range packings {
		for _, w := range p.words {
			if strings.Contains(strings.ToLower(kind), w) {
				return measure.Grams((int64(net)*p.perMille + 999) / 1000)
			}
		}
	}
	return measure.Grams((int64(net)*50 + 999) / 1000) // an unknown pack: between a bag and a carton
}

// Goods is an amount of one produce with what it weighs and takes up on a truck.
type Goods struct {
	Produce string              `json:"produce"`
	Packing string              `json:"packing"`
	Packed  bool                `json:"packed"`
	Pack    measure.Grams       `json:"pack_grams"` // net weight of one pack, 0 for loose goods
	Net     measure.Grams       `json:"net_grams"`
	Gross   measure.Grams       `json:"gross_grams"` // with packs
	Volume  measure.Millilitres `json:"volume_ml"`
	Packs   int64               `json:"packs"` // begun packs count
}

// weigh works out gross weight, volume and packs of net grams of the same goods.
func (g Goods) weigh(net measure.Grams, p rules.Produce) Goods {
	g.Net = net
	g.Gross = net + tare(g.Packed, g.Packing, net)
	g.Packs = 0
	full := net
	if g.Packed && g.Pack > 0 {
		g.Packs = int64((net + g.Pack - 1) / g.Pack)
		full = measure.Grams(g.Packs) * g.Pack
	}
	g.Volume = p.Volume(full) // a begun carton takes up its whole room
	return g
}

// Load is goods or people that wait for a truck: an allocation of an order, or a haulage need posted by itself.
type Load struct {
	orders.ToShip
	Goods  Goods    `json:"goods"`
	Posted string   `json:"posted,omitempty"` // id of the posted need; "" for an allocation
	People int      `json:"people,omitempty"` // riders, who take seats instead of room
	With   []string `json:"with,omitempty"`   // allocations that must ride on the same truck
	Cold   *Band    `json:"cold,omitempty"`   // the shipper wants cooling that holds this; nil: as the produce needs
	Waited int      `json:"waited,omitempty"` // days it was left behind already: who waited longest goes first
}

// loadOf weighs what an allocation has left. Unknown produce is reckoned as water, which no truck is too light for.
func loadOf(s orders.ToShip, book *rules.Book) Load {
	p, ok := book.Produce(s.Produce)
	if !ok || p.DensityGramsPerLitre <= 0 {
		p.ID, p.DensityGramsPerLitre = s.Produce, 1000
	}
	g := Goods{Produce: s.Produce, Packing: s.Packing, Packed: s.Packed, Pack: s.PackGrams}
	return Load{ToShip: s, Goods: g.weigh(s.Grams, p)}
}

// Truck is a capacity offer with its vehicle and what its type can carry.
type Truck struct {
	Vehicle  Vehicle         `json:"vehicle"`
	Capacity Capacity        `json:"capacity"`
	Type     rules.TruckType `json:"type"`
	Left     Room            `json:"left"` // what may be put on it; the zero value: all of the type's
}

// room is what may be put on the truck.
func (t Truck) room() Room {
	if t.Left == (Room{}) {
		return whole(t.Type)
	}
	return t.Left
}

// Fill is how full a truck is, in thousandths of its payload and of its room.
type Fill struct {
	Weight int                 `json:"weight_per_mille"`
	Cube   int                 `json:"cube_per_mille"`
	Net    measure.Grams       `json:"net_grams"`
	Gross  measure.Grams       `json:"gross_grams"`
	Volume measure.Millilitres `json:"volume_ml"`
	People int                 `json:"people,omitempty"`
}

func (f Fill) room() Room { return Room{f.Gross, f.Volume, f.People} }

// fits reports whether neither payload nor room is exceeded. Seats are the planner's: the cap depends on the day.
func (f Fill) fits() bool { return f.Weight <= 1000 && f.Cube <= 1000 }

// more reports whether there is more on the truck than in the other fill.
func (f Fill) more(o Fill) bool {
	return f.Gross > o.Gross || f.Gross == o.Gross && f.People > o.People
}

// fillOf gives the fill of a truck type with goods, rounded half up, but never down to full when it is over.
func fillOf(t rules.TruckType, goods ...Goods) Fill {
	var f Fill
	for _, g := range goods {
		f.Net += g.Net
		f.Gross += g.Gross
		f.Volume += g.Volume
	}
	f.Weight = share(int64(f.Gross), int64(t.Payload))
	f.Cube = share(int64(f.Volume), int64(t.Cube))
	return f
}

func share(have, limit int64) int {
	if limit <= 0 {
		return 0
	}
	s := int((have*1000 + limit/2) / limit)
	if have > limit && s == 1000 {
		return 1001
	}
	return s
}

// NewLoad weighs goods that wait for a truck.
func NewLoad(s orders.ToShip, book *rules.Book) Load { return loadOf(s, book) }
