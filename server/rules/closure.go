package rules

import "fmt"

// Closure is a road that can't be driven for some days: between two areas, both ways.
type Closure struct {
	ID     string
	Area   string // area code
	Other  string // area code; "" for everything into and out of Area
	Text   string
	TextEn string
	From   Day
	To     Day // the last closed day, "" while nobody knows
	Source Source
}

func (b *Book) readClosures() error {
	var in []struct {
		dated
		ID     string `json:"id"`
		Other  string `json:"other"`
		Text   string `json:"text"`
		TextEn string `json:"text_en"`
	}
	if err := sheet("closures.json", &in); err != nil {
		return err
	}
	for _, c := range in {
		if c.ID == "" || c.Text == "" || c.TextEn == "" {
			return fmt.Errorf("closures.json: %q lacks its words", c.ID)
		}
		b.closures = append(b.closures, Closure{ID: c.ID, Area: c.Area, Other: c.Other, Text: c.Text, TextEn: c.TextEn, From: c.dated.From, To: c.dated.To, Source: c.span().Source})
	}
	return nil
}

// Closures gives the roads that are closed on a day.
func (b *Book) Closures(day Day) []Closure {
	var out []Closure
	for _, c := range b.closures {
		if c.From <= day && (c.To == "" || day <= c.To) {
			out = append(out, c)
		}
	}
	return out
}
