package rules

import (
	"fmt"
	"strings"

	"jishi/server/measure"
)

// Band is the usual range of wholesale prices of a produce. Prices outside it are warned of; those below Least or above Most
// are looked at (rule price_watch).
type Band struct {
	Low     measure.PriceE4 `json:"low_e4"`
	High    measure.PriceE4 `json:"high_e4"`
	Least   measure.PriceE4 `json:"least_e4"`
	Most    measure.PriceE4 `json:"most_e4"`
	From    Day             `json:"from"`
	To      Day             `json:"to"` // last day, "" while no end is known
	Sources []Source        `json:"sources"`
}

// Below reports whether a price is under the band: the buyer is told that it may hurt growers.
func (b Band) Below(p measure.PriceE4) bool { return p < b.Low }

// band is a Band with its produce and days.
type band struct {
	Span
	Produce string
	Low     measure.PriceE4
	High    measure.PriceE4
}

func (b *Book) readBands() error {
	return table("prices.csv", func(r *row) error {
		n := band{Span: r.span(), Produce: r.text("produce"), Low: measure.PriceE4(r.number("low_e4")), High: measure.PriceE4(r.number("high_e4"))}
		if _, ok := b.byID[n.Produce]; !ok || n.Low <= 0 || n.Low > n.High {
			return fmt.Errorf("%s from %d to %d", n.Produce, n.Low, n.High)
		}
		b.bands = append(b.bands, n)
		return nil
	})
}

// sources are written with bars between them: each end of a band has its own.
func (n band) sources() []Source {
	var out []Source
	for _, text := range strings.Split(n.Source.Text, "|") {
		out = append(out, Source{Text: text, Mark: n.Source.Mark})
	}
	return out
}

// PriceBand gives the usual prices of a produce on a day. False where none are known.
func (b *Book) PriceBand(produce string, day Day) (Band, bool) {
	for _, n := range b.bands {
		if n.Produce == produce && n.On(day) {
			return b.watched(Band{Low: n.Low, High: n.High, From: n.From, To: n.To, Sources: n.sources()}), true
		}
	}
	return Band{}, false
}

// watched fills in where the watch over prices begins.
func (b *Book) watched(n Band) Band {
	r, _ := b.latest("price_watch")
	n.Least = n.Low * measure.PriceE4(r.Values["least_per_mille"]) / 1000
	n.Most = n.High * measure.PriceE4(r.Values["most_per_mille"]) / 1000
	return n
}

// LossRule gives how much of a load, in thousandths, may be lost to moisture on the buyer's side; what is lost beyond it is the
// carrier's or the seller's. It is one share for all produce so far.
func (b *Book) LossRule(produce string) (moisturePerMille int, src Source) {
	r, _ := b.latest("moisture_loss")
	return int(r.Values["per_mille"]), r.source()
}

// ReservedShare gives the smallest part of a year's food, in thousandths, that a budget unit buys from poor counties.
func (b *Book) ReservedShare() (leastPerMille int, rule RuleText) {
	r, _ := b.latest("reserved_share")
	return int(r.Values["least_per_mille"]), r.view()
}
