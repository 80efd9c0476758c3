package orders

import (
	"fmt"

	"jishi/server/measure"
)

// Band is a range of prices seen on a market, with where and when.
type Band struct {
	Low, High   measure.PriceE4
	Least, Most measure.PriceE4 // a price below or above them is looked at; 0: nobody looks
	Source      string
	From, To    string // days the band holds for, 2006-01-02; To "": no end is known
}

// far names the side on which a price is so far from the band that somebody looks at it, and the bound it crossed.
func (b Band) far(price measure.PriceE4) (PriceSide, measure.PriceE4) {
	switch {
	case price > 0 && price < b.Least:
		return FarBelow, b.Least
	case b.Most > 0 && price > b.Most:
		return FarAbove, b.Most
	}
	return "", 0
}

// Warning tells a buyer something that does not forbid the order.
type Warning struct {
	Code   string          `json:"code"` // "price_below_band" or "price_above_band"
	Line   int             `json:"line"` // index of the line
	Price  measure.PriceE4 `json:"price_e4"`
	Low    measure.PriceE4 `json:"low_e4"`
	High   measure.PriceE4 `json:"high_e4"`
	Source string          `json:"source"`
	Text   string          `json:"text"`
}

// watch compares a price with the band of its produce; nil means that nothing is odd. A gift has no price to watch.
func watch(line int, price measure.PriceE4, b Band) *Warning {
	if price == 0 || b.High == 0 || price >= b.Low && price <= b.High {
		return nil
	}
	w := Warning{Code: "price_below_band", Line: line, Price: price, Low: b.Low, High: b.High, Source: b.Source}
	w.Text = fmt.Sprintf("%s is below the %s to %s seen on markets: it may hurt the growers.", price, b.Low, b.High)
	if price > b.High {
		w.Code = "price_above_band"
		w.Text = fmt.Sprintf("%s is above the %s to %s seen on markets.", price, b.Low, b.High)
	}
	return &w
}

// index names one element of a list in the input: lines[2].
func index(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
