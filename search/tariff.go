package search

import "math"

// Tariff says what haulage costs. For a given quantity the cost is a straight line over the distance, which is what
// lets both engines sort by it.
type Tariff struct {
	DetourPermille int64   // road metres per 1,000 m as the crow flies
	PartLoad       *Rate   // for quantities a carrier takes along with others; nil: always a whole truck
	Trucks         []Truck // by payload, smallest first
	TollFreeFill   int64   // permille of the payload from which TollFree goods pay no toll (800 in the green channel)
}

// Rate prices a part load.
type Rate struct {
	MaxGrams      int64 // the largest quantity taken this way
	FenPerTonneKm int64
	FixedFen      int64 // per consignment
}

// Truck is a vehicle class and what one run of it costs.
type Truck struct {
	Name         string
	PayloadGrams int64
	FenPerKm     int64
	FixedFen     int64 // per run: loading, waiting
	TollFenPerKm int64
}

// Delivered is the price at the buyer's door and what it assumes. Amounts are 1/10,000 yuan per kg.
type Delivered struct {
	PriceE4   int64  `json:"priceE4"`
	FreightE4 int64  `json:"freightE4"`
	TollE4    int64  `json:"tollE4"`
	TotalE4   int64  `json:"totalE4"`
	Metres    int64  `json:"metres"`  // road metres assumed
	Grams     int64  `json:"grams"`   // quantity assumed
	Vehicle   string `json:"vehicle"` // truck class, "" for a part load
	Vehicles  int64  `json:"vehicles"`
	TollFree  bool   `json:"tollFree"` // the green channel is assumed
}

// line is the cost of one quantity as a function of distance: fixed + perKm * km, in fen.
type line struct {
	fixedFen, fenPerKm, tollFenPerKm float64
	truck                            string
	trucks                           int64
	full                             bool // fills the trucks far enough for the green channel
}

func (t Tariff) validate() error {
	switch {
	case len(t.Trucks) == 0 && t.PartLoad == nil:
		return invalid("tariff", "names no truck and no part load")
	case t.DetourPermille < 1000 || t.DetourPermille > 5000:
		return invalid("tariff", "detour must be 1000 to 5000 permille")
	}
	for _, k := range t.Trucks {
		if k.PayloadGrams <= 0 || k.FenPerKm < 0 || k.FixedFen < 0 || k.TollFenPerKm < 0 {
			return invalid("tariff", "truck %s has a payload or cost below zero", k.Name)
		}
	}
	if p := t.PartLoad; p != nil && (p.FenPerTonneKm < 0 || p.FixedFen < 0) {
		return invalid("tariff", "the part load has a cost below zero")
	}
	return nil
}

// line picks the vehicle by quantity alone: a part load if it is small enough, else the smallest truck that takes it in
// one run, else the largest as often as needed.
func (t Tariff) line(grams int64) line {
	if p := t.PartLoad; p != nil && (grams <= p.MaxGrams || len(t.Trucks) == 0) {
		return line{fixedFen: float64(p.FixedFen), fenPerKm: float64(p.FenPerTonneKm) * float64(grams) / 1e6}
	}
	k := t.Trucks[len(t.Trucks)-1]
	for _, c := range t.Trucks {
		if c.PayloadGrams >= grams {
			k = c
			break
		}
	}
	n := max(1, (grams+k.PayloadGrams-1)/k.PayloadGrams)
	return line{
		fixedFen:     float64(n * k.FixedFen),
		fenPerKm:     float64(n * k.FenPerKm),
		tollFenPerKm: float64(n * k.TollFenPerKm),
		truck:        k.Name,
		trucks:       n,
		full:         t.TollFreeFill > 0 && grams*1000 >= t.TollFreeFill*n*k.PayloadGrams,
	}
}

// perKg turns fen for a load into 1/10,000 yuan per kg.
func perKg(fen float64, grams int64) float64 { return fen * 100 * 1000 / float64(grams) }

// Price works out what goods cost at the door: priceE4 where they lie, crow metres away, for a quantity in grams (> 0).
func (t Tariff) Price(priceE4, crowMetres, grams int64, tollFree bool) Delivered {
	return t.line(grams).price(priceE4, crowMetres*t.DetourPermille/1000, grams, tollFree)
}

// price adds what the line costs over road metres.
func (l line) price(priceE4, road, grams int64, tollFree bool) Delivered {
	km := float64(road) / 1000
	d := Delivered{
		PriceE4: priceE4, Metres: road, Grams: grams, Vehicle: l.truck, Vehicles: l.trucks,
		FreightE4: int64(math.Round(perKg(l.fixedFen+l.fenPerKm*km, grams))),
		TollFree:  tollFree && l.full,
	}
	if !d.TollFree {
		d.TollE4 = int64(math.Round(perKg(l.tollFenPerKm*km, grams)))
	}
	d.TotalE4 = d.PriceE4 + d.FreightE4 + d.TollE4
	return d
}

// ToDoor works out what an offer costs at the door of a need, for the quantity the need names, or as much of it as there is, or a tonne. It
// reports false if either has no point or the offer no price.
func (t Tariff) ToDoor(offer, need Document) (Delivered, bool) {
	if !offer.Located() || !need.Located() || offer.PriceE4 < 0 || t.validate() != nil {
		return Delivered{}, false
	}
	grams := need.Grams
	if offer.Grams > 0 && grams > offer.Grams {
		grams = offer.Grams
	}
	if grams <= 0 {
		grams = defaultGrams
	}
	return t.Price(offer.PriceE4, crowMetres(offer.Lon, offer.Lat, need.Lon, need.Lat), grams, offer.TollFree), true
}

const earthMetres = 6_371_008.7714

// crowMetres is the great-circle distance between two points.
func crowMetres(lon1, lat1, lon2, lat2 float64) int64 {
	const rad = math.Pi / 180
	dLat, dLon := (lat2-lat1)*rad, (lon2-lon1)*rad
	a := math.Sin(dLat/2)*math.Sin(dLat/2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Sin(dLon/2)*math.Sin(dLon/2)
	return int64(math.Round(2 * earthMetres * math.Asin(math.Min(1, math.Sqrt(a)))))
}
