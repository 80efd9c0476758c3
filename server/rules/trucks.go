package rules

import (
	"slices"

	"jishi/server/measure"
)

// TruckType is a class of trucks or coaches with its usual limits. A real truck's papers go before it.
type TruckType struct {
	ID        string              `json:"id"` // "T68", "T96-3R", "C45"
	Name      string              `json:"name"`
	NameEn    string              `json:"name_en"`
	Payload   measure.Grams       `json:"payload_grams"` // rated; 0 for coaches, whose hold takes no goods
	Cube      measure.Millilitres `json:"cube_ml"`       // usable room
	Axles     int                 `json:"axles"`
	GrossMax  measure.Grams       `json:"gross_max_grams"` // legal gross weight
	Tare      measure.Grams       `json:"tare_grams"`      // empty
	Seats     int                 `json:"seats"`
	Reefer    bool                `json:"reefer"`
	Oversize  bool                `json:"oversize"`        // longer than GB 1589-2016 allows
	PerKm     measure.Fen         `json:"per_km_fen"`      // haulage, full, without toll
	Minimum   measure.Fen         `json:"minimum_fen"`     // of one trip
	TollPerKm measure.Fen         `json:"toll_per_km_fen"` // where toll is due
	SpeedKmh  int                 `json:"speed_kmh"`       // loaded, on a motorway, without rests
	Source    Source              `json:"source"`

	aliases []string
	span    Span
}

// Since is the first day of the class's usual limits and prices.
func (t TruckType) Since() Day { return t.span.From }

// Called gives the name of the class in the language "zh" or "en".
func (t TruckType) Called(lang string) string { return called(lang, t.Name, t.NameEn) }

// Fill gives how full the truck is with goods, in thousandths of its payload and its room, rounded half up. Above 1000 it is
// over: 1000 is never said of a truck that is over by a little.
func (t TruckType) Fill(g measure.Grams, v measure.Millilitres) (weight, cube int) {
	return perMille(int64(g), int64(t.Payload)), perMille(int64(v), int64(t.Cube))
}

// perMille is have in thousandths of limit, 0 where there is no limit.
func perMille(have, limit int64) int {
	if limit <= 0 {
		return 0
	}
	s := (have*1000 + limit/2) / limit
	if have > limit && s == 1000 {
		s = 1001
	}
	return int(s)
}

func (b *Book) readTrucks() error {
	return table("trucks.csv", func(r *row) error {
		t := TruckType{
			ID: r.text("id"), Name: r.text("name"), NameEn: r.text("name_en"),
			Payload: measure.Grams(r.number("payload_kg")) * measure.Kilogram, Cube: measure.Millilitres(r.number("cube_m3")) * 1_000_000,
			Axles: int(r.number("axles")), GrossMax: measure.Grams(r.number("gross_kg")) * measure.Kilogram, Tare: measure.Grams(r.number("tare_kg")) * measure.Kilogram,
			Seats: int(r.number("seats")), Reefer: r.yes("reefer"), Oversize: r.yes("oversize"),
			PerKm: measure.Fen(r.number("per_km_fen")), Minimum: measure.Fen(r.number("minimum_fen")), TollPerKm: measure.Fen(r.number("toll_fen_km")),
			SpeedKmh: int(r.number("speed_kmh")), aliases: r.list("aliases"), span: r.span(),
		}
		t.Source = t.span.Source
		b.trucks = append(b.trucks, t)
		return nil
	})
}

// TruckType finds a class of trucks or coaches by its id.
func (b *Book) TruckType(id string) (TruckType, bool) {
	for _, t := range b.trucks {
		if t.ID == id || slices.Contains(t.aliases, id) {
			return t, true
		}
	}
	return TruckType{}, false
}

// AllTruckTypes gives every class, small trucks first, coaches last.
func (b *Book) AllTruckTypes() []TruckType { return append([]TruckType(nil), b.trucks...) }

// TollPerKm gives the toll of a truck per kilometre of toll road, where it is due.
func (b *Book) TollPerKm(t TruckType) measure.Fen { return t.TollPerKm }
