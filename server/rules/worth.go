package rules

import "jishi/server/measure"

// Worth is what goods are worth and how fast they lose it (rule decay_price): evenly over their shelf life, while they wait and on
// the road alike.
type Worth struct {
	Price    measure.PriceE4 // the lower end of the market's band
	LifeDays int             // at their best temperature
	Urgent   bool            // they lose so much a day that they go first
	Source   Source          // of the rule, the price and the shelf life
}

// Worth gives what a produce loses on a day. False where its price or its shelf life is not known.
func (b *Book) Worth(produce string, day Day) (Worth, bool) {
	r, ok := b.on("decay_price", day)
	p, known := b.Produce(produce)
	band, priced := b.PriceBand(produce, day)
	if !ok || !known || !priced || p.LifeDays <= 0 {
		return Worth{}, false
	}
	src := r.source()
	for _, s := range append(band.Sources, p.Source) {
		src.Text += "; " + s.Text
		if src.Mark == "" {
			src.Mark = s.Mark
		}
	}
	return Worth{Price: band.Low, LifeDays: p.LifeDays, Urgent: 1000/int64(p.LifeDays) >= r.Values["urgent_per_mille"], Source: src}, true
}

// WayHome is how many thousandths of its price a kilometre counts that a truck is farther from where it wants to be (rule way_home), for comparing plans.
func (b *Book) WayHome(day Day) (perMille int64, src Source) {
	r, ok := b.on("way_home", day)
	if !ok {
		return 0, Source{}
	}
	return r.Values["per_mille"], r.source()
}

const minute, minutesOfDay = 60_000, 24 * 60

// Lost is what goods lose in a span of time, at most all they are worth. The zero value loses nothing.
func (w Worth) Lost(g measure.Grams, span measure.Millis) measure.Fen {
	life := max(1, int64(w.LifeDays)*minutesOfDay)
	spent := min(max(0, int64(span)/minute), life)
	return measure.Fen((int64(w.Price.Times(g))*spent + life/2) / life)
}
