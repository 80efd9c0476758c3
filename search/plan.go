package search

import (
	"math"
	"slices"
	"time"
)

// plan is a query made ready for an engine: checked, read, and in the vocabulary's names.
type plan struct {
	clauses []clause
	filters Filters
	sort    Sort
	limit   int
	now     int64 // unix ms; the first page's on later pages
	to      *point
	grams   int64
	tariff  *Tariff // nil: no delivered prices
	line    line    // of the tariff, for grams
	after   *cursor
	hash    uint64
	facets  bool
	relaxed bool // any clause will do
	terms   map[string]bool
	result  Result // what is known before the engine is asked
}

type point struct{ lon, lat float64 }

const defaultGrams = 1_000_000

func (x *lexicon) plan(q Query) (*plan, error) {
	if err := validQuery(q); err != nil {
		return nil, err
	}
	p := &plan{sort: q.Sort, limit: q.Limit, facets: !q.NoFacets, hash: q.hash(), terms: map[string]bool{}}
	if p.limit == 0 {
		p.limit = 20
	}
	now := q.Now
	if now.IsZero() {
		now = time.Now()
	}
	if q.After != "" {
		c, err := readCursor(q.After, p.hash)
		if err != nil {
			return nil, err
		}
		p.after, now = c, time.UnixMilli(c.Now)
	}
	p.now = now.UnixMilli()
	read := x.parse(q.Text, q.Verbatim, now)
	p.clauses = read.clauses
	p.filters = x.merge(q.Filters, read.filters)
	p.settle(x, q, read)
	for _, c := range p.clauses {
		for _, a := range c {
			p.terms[a.token] = true
		}
	}
	p.result = Result{Parsed: read.chips, Words: read.words, DidYouMean: read.didYouMean, Grams: p.grams, Hits: []Hit{}}
	if p.to != nil {
		p.result.To = &Destination{Lon: p.to.lon, Lat: p.to.lat}
		if q.To != nil {
			p.result.To.Adcode = q.To.Adcode
		} else if read.to != nil {
			p.result.To.Adcode = read.to.Code
		}
	}
	return p, p.check()
}

// settle finds the destination, the quantity and the tariff.
func (p *plan) settle(x *lexicon, q Query, read parsed) {
	switch {
	case q.To != nil && (q.To.Lon != 0 || q.To.Lat != 0):
		p.to = &point{q.To.Lon, q.To.Lat}
	case q.To != nil:
		if at := x.places[q.To.Adcode]; at != nil {
			p.to = &point{at.Lon, at.Lat}
		}
	case read.to != nil:
		p.to = &point{read.to.Lon, read.to.Lat}
	}
	p.grams = q.Grams
	if p.grams == 0 {
		p.grams = read.grams
	}
	if p.grams == 0 {
		p.grams = defaultGrams
	}
	if p.to != nil && (len(q.Tariff.Trucks) > 0 || q.Tariff.PartLoad != nil) {
		p.tariff, p.line = &q.Tariff, q.Tariff.line(p.grams)
	}
}

// check refuses an order that lacks what it is worked out from.
func (p *plan) check() error {
	if (p.sort == ByDelivered || p.sort == ByDistance) && p.to == nil {
		return invalid("to", "this order needs a destination that is known")
	}
	if p.sort == ByDelivered && p.tariff == nil {
		return invalid("tariff", "this order needs a tariff")
	}
	return nil
}

func validQuery(q Query) error {
	if err := validText("text", q.Text); err != nil {
		return err
	}
	if err := validFilters(q.Filters); err != nil {
		return err
	}
	if q.Limit < 0 || q.Limit > MaxLimit {
		return invalid("limit", "must be 1 to %d", MaxLimit)
	}
	if q.Grams < 0 || q.Grams > maxGrams {
		return invalid("grams", "must be 0 to %d", int64(maxGrams))
	}
	if !slices.Contains([]Sort{ByRelevance, ByDelivered, ByPrice, ByDistance, ByNewest, ByExpiry, ByGrams}, q.Sort) {
		return invalid("sort", "no such order")
	}
	if q.To != nil {
		if q.To.Adcode != "" && !isCode(q.To.Adcode) {
			return invalid("to", "an adcode has six digits")
		}
		if err := validPoint("to", q.To.Lon, q.To.Lat); err != nil {
			return err
		}
	}
	if len(q.Tariff.Trucks) > 0 || q.Tariff.PartLoad != nil {
		return q.Tariff.validate()
	}
	return nil
}

// merge takes the filters that were set, and where one was not, the one read from the text; and gives produce and areas the
// names documents carry.
func (x *lexicon) merge(set, read Filters) Filters {
	f := set
	if len(f.Kinds) == 0 {
		f.Kinds = read.Kinds
	}
	if len(f.Areas) == 0 {
		f.Areas = read.Areas
	}
	if f.MinPriceE4 == 0 && f.MaxPriceE4 == 0 {
		f.MinPriceE4, f.MaxPriceE4 = read.MinPriceE4, read.MaxPriceE4
	}
	if f.MinGrams == 0 {
		f.MinGrams = read.MinGrams
	}
	if f.HarvestedSince == 0 {
		f.HarvestedSince = read.HarvestedSince
	}
	if f.GoodUntil == 0 {
		f.GoodUntil = read.GoodUntil
	}
	f.Produce, f.Areas = slices.Clone(f.Produce), slices.Clone(f.Areas)
	for i, n := range f.Produce {
		f.Produce[i] = x.canonicalProduce(n)
	}
	for i, c := range f.Areas {
		f.Areas[i] = areaPrefix(x.canonicalCode(c))
	}
	return f
}

// The parts of relevance beside the text, each at most its number. They are sums of powers of two: Elasticsearch keeps weights in
// 32 bits, and both engines shall add up the same.
const (
	freshWorth     = 0.625  // harvested or changed now; none after freshDays
	lifeWorth      = 0.3125 // good for lifeDays or longer
	certifiedWorth = 0.3125
	stockWorth     = 0.40625 // enough for the wanted quantity
	freshDays      = 30
	lifeDays       = 10
)

// never stands for no expiry.
const never int64 = maxMillis

// facts is what filters, orders and counts look at, worked out once for each document.
type facts struct {
	price     int64 // NoPrice without one
	grams     int64
	harvested int64
	fresh     int64 // harvested, or else updated
	expires   int64 // never without one
	updated   int64
	lon, lat  float64
	flags     uint8
}

const (
	flagLocated = 1 << iota
	flagCertified
	flagTollFree
)

func factsOf(d *Document) facts {
	f := facts{price: d.PriceE4, grams: d.Grams, harvested: d.HarvestedAt, fresh: d.HarvestedAt, expires: d.ExpiresAt,
		updated: d.UpdatedAt, lon: d.Lon, lat: d.Lat}
	if f.fresh == 0 {
		f.fresh = d.UpdatedAt
	}
	if f.expires == 0 {
		f.expires = never
	}
	for flag, on := range map[uint8]bool{flagLocated: d.Located(), flagCertified: d.Certified, flagTollFree: d.TollFree} {
		if on {
			f.flags |= flag
		}
	}
	return f
}

// pass applies the filters that no facet counts.
func (p *plan) pass(f *facts) bool {
	w := &p.filters
	switch {
	case !w.Expired && f.expires <= p.now,
		w.MinPriceE4 > 0 && f.price < w.MinPriceE4,
		w.MaxPriceE4 > 0 && (f.price < 0 || f.price > w.MaxPriceE4),
		f.grams < w.MinGrams,
		f.harvested < w.HarvestedSince,
		w.GoodUntil > 0 && f.expires < w.GoodUntil,
		w.Near != nil && (f.flags&flagLocated == 0 || crowMetres(w.Near.Lon, w.Near.Lat, f.lon, f.lat) > w.Near.Metres):
		return false
	}
	return true
}

// relevance adds what speaks for a document to the worth of its words.
func (p *plan) relevance(text float32, f *facts) float32 {
	s := freshWorth * max(0, (freshDays*day-float64(abs(p.now-f.fresh)))/(freshDays*day))
	s += lifeWorth * min(1, max(0, float64(f.expires-p.now)/(lifeDays*day)))
	if f.flags&flagCertified != 0 {
		s += certifiedWorth
	}
	if f.grams >= p.grams {
		s += stockWorth
	}
	return float32(float64(text) + s)
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// last is the sort key of what can't be ordered.
const last = int64(1) << 52

// key gives the number a document is sorted by, smallest first, for every order but relevance.
func (p *plan) key(f *facts) int64 {
	switch p.sort {
	case ByDelivered:
		if f.price < 0 || f.flags&flagLocated == 0 {
			return last
		}
		return p.delivered(f).TotalE4
	case ByDistance:
		if f.flags&flagLocated == 0 {
			return last
		}
		return crowMetres(p.to.lon, p.to.lat, f.lon, f.lat)
	case ByPrice:
		if f.price < 0 {
			return last
		}
		return f.price
	case ByNewest:
		return -f.updated
	case ByExpiry:
		return f.expires
	case ByGrams:
		return -f.grams
	}
	return 0
}

// floor gives a number that key is never below, without a distance: most documents of a large list need no closer look.
func (p *plan) floor(f *facts) int64 {
	if f.flags&flagLocated == 0 {
		return last
	}
	switch p.sort {
	case ByDelivered:
		if f.price >= 0 {
			return f.price + int64(perKg(p.line.fixedFen, p.grams))
		}
		return last
	case ByDistance:
		return int64(earthMetres*math.Pi/180*math.Abs(f.lat-p.to.lat)) - 1
	}
	return math.MinInt64
}

func (p *plan) delivered(f *facts) Delivered {
	crow := crowMetres(p.to.lon, p.to.lat, f.lon, f.lat)
	return p.line.price(f.price, crow*p.tariff.DetourPermille/1000, p.grams, f.flags&flagTollFree != 0)
}

// hit dresses a document for the page.
func (p *plan) hit(x *lexicon, d Document, score float32) Hit {
	h := Hit{Document: d, Score: float64(score), Highlight: x.highlight(&d, p.terms)}
	f := factsOf(&d)
	if p.to == nil || !d.Located() {
		return h
	}
	if p.tariff != nil {
		v := p.delivered(&f)
		h.Metres = v.Metres
		if d.PriceE4 >= 0 {
			h.Delivered = &v
		}
	}
	return h
}
