package market

import (
	"cmp"
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/sheet"
)

// fieldOfInput says which column a fault of LotInput or OfferInput is about.
var fieldOfInput = map[string]string{"harvested_on": "harvested", "min_weight": "min", "place.adcode": "adcode", "place.name": "place"}

// readRows reads every row of a table. The table stands when some rows are wrong.
func (s *Service) readRows(t sheet.Table, fields []field, in ImportInput, now time.Time) (good []ImportRow, faults []sheet.RowFault, wrong int) {
	known := map[string]string{} // produce by word: a table says the same few words again and again
	for _, cells := range t.Rows {
		r := readerOf(cells, fields)
		row := s.readRow(r, known, now)
		if r.fault == nil {
			s.checkRow(r, row, in, now)
		}
		if r.fault == nil {
			good = append(good, row)
			continue
		}
		if wrong++; len(faults) < maxFaults {
			faults = append(faults, *r.fault)
		}
	}
	return good, faults, wrong
}

func (s *Service) readRow(r *rowReader, known map[string]string, now time.Time) ImportRow {
	row := ImportRow{N: r.n, Price: measure.NoPrice}
	if line := r.text("line"); line != "" {
		said, err := s.Read(line)
		r.bad("line", err)
		row = ImportRow{N: r.n, Produce: said.Produce, Grade: said.Grade, Packing: said.Packing, Weight: said.Weight, Packs: said.Packs, PackGrams: said.PackGrams, Price: said.Price, Line: line}
		row.Pickup, _ = measure.WindowOf(said.When, now)
	}
	if word := r.text("produce"); word != "" {
		if known[word] == "" {
			id, err := s.produce(word)
			r.bad("produce", err)
			known[word] = id
		}
		row.Produce = known[word]
	}
	row.Grade, row.Packing = cmp.Or(r.text("grade"), row.Grade), cmp.Or(r.text("packing"), row.Packing)
	row.Weight, row.Packs, row.PackGrams = cmp.Or(r.weight(), row.Weight), cmp.Or(r.count("packs"), row.Packs), cmp.Or(r.massIfAny("pack_weight"), row.PackGrams)
	if row.Packs > 0 && row.PackGrams == 0 {
		row.PackGrams = row.Weight / measure.Grams(row.Packs)
	}
	if p := r.price(); p != measure.NoPrice {
		row.Price = p
	}
	row.Min, row.HarvestedOn, row.Certificate = r.massIfAny("min"), r.day("harvested"), r.text("certificate")
	row.PlaceName, row.Adcode = r.text("place"), r.text("adcode")
	return row
}

// checkRow holds a row against the rules of lots and offers, as if it were typed into their forms.
func (s *Service) checkRow(r *rowReader, row ImportRow, in ImportInput, now time.Time) {
	err := row.lot(in.Party, in.Place).check(now)
	if err == nil && row.Price != measure.NoPrice {
		err = row.offer("").check()
	}
	if err == nil {
		_, err = s.place("place", row.place(in.Place))
	}
	if err == nil && row.Certificate != "" {
		err = checkText("certificate", row.Certificate, 1, 60)
	}
	if f := fault.Of(err); f != nil {
		r.bad(cmp.Or(fieldOfInput[f.Field], f.Field), err)
	}
}

// place is the row's own, else the one that was named for the whole table.
func (row ImportRow) place(whole Place) Place {
	if row.Adcode != "" {
		return Place{Name: row.PlaceName, Adcode: row.Adcode}
	}
	if row.PlaceName != "" {
		whole.Name = row.PlaceName
	}
	return whole
}

func (row ImportRow) lot(party string, whole Place) LotInput {
	return LotInput{Party: party, Produce: row.Produce, Grade: row.Grade, Packing: row.Packing, Weight: row.Weight, Packs: row.Packs, PackGrams: row.PackGrams,
		HarvestedOn: row.HarvestedOn, Place: row.place(whole), SourceLine: row.Line}
}

func (row ImportRow) offer(lot string) OfferInput {
	return OfferInput{Lot: cmp.Or(lot, "-"), Price: row.Price, Gift: row.Price == 0, Min: row.Min, Pickup: row.Pickup}
}
