package search

import (
	"math"
	"slices"
	"unicode/utf8"
)

const (
	maxIDBytes    = 128
	maxFieldBytes = 32 << 10
	maxMillis     = 253_402_300_799_000 // the end of the year 9999
	maxGrams      = 1_000_000_000_000_000
	maxValues     = 200 // of one filter list
)

func validDocument(d Document) error {
	if err := validKey(d.Key()); err != nil {
		return err
	}
	for name, s := range map[string]string{"title": d.Title, "produce": d.Produce, "grade": d.Grade, "packing": d.Packing, "party": d.Party, "text": d.Text} {
		if len(s) > maxFieldBytes {
			return invalid(name, "is longer than %d bytes", maxFieldBytes)
		}
		if !utf8.ValidString(s) {
			return invalid(name, "is not valid UTF-8")
		}
	}
	for _, s := range []string{d.Produce, d.Grade, d.Packing} {
		if len(s) > 200 {
			return invalid("produce", "produce, grade and packing are at most 200 bytes")
		}
	}
	if d.PriceE4 < NoPrice || d.PriceE4 > MaxPriceE4 {
		return invalid("price", "must be 0 to 1000 yuan per kg")
	}
	if d.Grams < 0 || d.Grams > maxGrams {
		return invalid("grams", "must be 0 to %d", int64(maxGrams))
	}
	for name, t := range map[string]int64{"harvestedAt": d.HarvestedAt, "expiresAt": d.ExpiresAt, "updatedAt": d.UpdatedAt} {
		if t < 0 || t > maxMillis {
			return invalid(name, "must be a time from 1970 to 9999 in milliseconds")
		}
	}
	if d.Adcode != "" && !isCode(d.Adcode) {
		return invalid("adcode", "must be six digits")
	}
	return validPoint("lon", d.Lon, d.Lat)
}

func validKey(k Key) error {
	if !slices.Contains([]Kind{Offer, Demand, Capacity, Campaign}, k.Kind) {
		return invalid("kind", "must be offer, demand, capacity or campaign")
	}
	if k.ID == "" || len(k.ID) > maxIDBytes {
		return invalid("id", "must be 1 to %d bytes", maxIDBytes)
	}
	for i := range len(k.ID) {
		if k.ID[i] <= ' ' || k.ID[i] > '~' {
			return invalid("id", "must be printable ASCII without spaces")
		}
	}
	if k.Version < 0 {
		return invalid("version", "must not be negative")
	}
	return nil
}

func isCode(s string) bool {
	if len(s) != 6 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func validPoint(name string, lon, lat float64) error {
	if math.IsNaN(lon) || math.IsNaN(lat) || math.Abs(lon) > 180 || math.Abs(lat) > 90 {
		return invalid(name, "is not a place on earth")
	}
	return nil
}

func validText(name, s string) error {
	if len(s) > MaxTextBytes {
		return invalid(name, "is longer than %d bytes", MaxTextBytes)
	}
	if !utf8.ValidString(s) {
		return invalid(name, "is not valid UTF-8")
	}
	return nil
}

func validFilters(f Filters) error {
	lists := map[string]int{"kinds": len(f.Kinds), "produce": len(f.Produce), "grades": len(f.Grades), "areas": len(f.Areas),
		"packings": len(f.Packings), "priceBands": len(f.PriceBands), "harvestAges": len(f.HarvestAges)}
	for name, n := range lists {
		if n > maxValues {
			return invalid(name, "has more than %d values", maxValues)
		}
	}
	for _, s := range slices.Concat(f.Produce, f.Grades, f.Packings) {
		if len(s) > 200 || !utf8.ValidString(s) {
			return invalid("produce", "produce, grades and packings are at most 200 bytes of UTF-8")
		}
	}
	for _, k := range f.Kinds {
		if err := validKey(Key{Kind: k, ID: "x"}); err != nil {
			return err
		}
	}
	for _, a := range f.Areas {
		if !isCode(a) {
			return invalid("areas", "an area is a code of six digits")
		}
	}
	for _, b := range f.PriceBands {
		if bandIndex(b) < 0 {
			return invalid("priceBands", "no such price band")
		}
	}
	for _, a := range f.HarvestAges {
		if ageIndex(a) < 0 {
			return invalid("harvestAges", "no such harvest age")
		}
	}
	return validRanges(f)
}

func validRanges(f Filters) error {
	switch {
	case f.MinPriceE4 < 0 || f.MinPriceE4 > MaxPriceE4 || f.MaxPriceE4 < 0 || f.MaxPriceE4 > MaxPriceE4:
		return invalid("price", "must be 0 to 1000 yuan per kg")
	case f.MinGrams < 0 || f.MinGrams > maxGrams:
		return invalid("grams", "must be 0 to %d", int64(maxGrams))
	case f.HarvestedSince < 0 || f.HarvestedSince > maxMillis || f.GoodUntil < 0 || f.GoodUntil > maxMillis:
		return invalid("date", "must be a time from 1970 to 9999 in milliseconds")
	}
	if c := f.Near; c != nil {
		if c.Metres < 1 || c.Metres > 10_000_000 {
			return invalid("near", "the radius must be 1 m to 10,000 km")
		}
		return validPoint("near", c.Lon, c.Lat)
	}
	return nil
}
