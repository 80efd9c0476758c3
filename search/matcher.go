package search

import (
	"slices"
	"time"
)

// Matcher looks at documents one by one, without an index: saved searches are tried on a listing when it changes, and the listings of
// the database are browsed while the engine is away. It reads text and filters the way both engines do.
type Matcher struct{ x *lexicon }

// NewMatcher makes a Matcher that knows the vocabulary.
func NewMatcher(v Vocabulary) *Matcher { return &Matcher{newLexicon(v)} }

// Question is a query made ready to be held against documents.
type Question struct {
	x *lexicon
	p *plan
}

// Prepare reads a query. Its order and page do not matter. One that breaks a rule gives an *InvalidError.
func (m *Matcher) Prepare(q Query) (*Question, error) {
	q.Sort, q.After = ByRelevance, ""
	p, err := m.x.plan(q)
	if err != nil {
		return nil, err
	}
	return &Question{m.x, p}, nil
}

// Result gives what is known of the answer before any document is seen: the filters read from the text, the words, where to and how
// much.
func (q *Question) Result() Result { return q.p.result }

// Hit gives the document as a search would show it, or false if the query does not find it. All the words have to match: nothing
// is relaxed. A document that breaks a rule gives an *InvalidError.
func (q *Question) Hit(d Document) (Hit, bool, error) {
	d, err := q.x.canonical(d)
	if err != nil {
		return Hit{}, false, err
	}
	f := factsOf(&d)
	if !q.p.pass(&f) || !q.p.choose(&d, &f) {
		return Hit{}, false, nil
	}
	t := q.x.analyze(&d)
	for _, c := range q.p.clauses {
		if !slices.ContainsFunc(c, func(a alternative) bool { return t[a.field][a.token] }) {
			return Hit{}, false, nil
		}
	}
	return q.p.hit(q.x, d, 0), true, nil
}

// Match reports whether q finds d.
func (m *Matcher) Match(q Query, d Document) (bool, error) {
	ready, err := m.Prepare(q)
	if err != nil {
		return false, err
	}
	_, ok, err := ready.Hit(d)
	return ok, err
}

// choose applies the filters that facets count.
func (p *plan) choose(d *Document, f *facts) bool {
	values, areas := facetsOf(d), areasOf(d)
	for name, chosen := range p.chosenValues() {
		if !slices.Contains(chosen, values[name]) {
			return false
		}
	}
	w := &p.filters
	if len(w.Areas) > 0 && !slices.ContainsFunc(w.Areas, func(a string) bool { return slices.Contains(areas, a) }) {
		return false
	}
	return len(w.HarvestAges) == 0 || slices.Contains(w.HarvestAges, harvestAge(f, p.now))
}

// chosenValues gives the values chosen of each facet that is filtered on, but for areas and harvest ages.
func (p *plan) chosenValues() map[string][]string {
	w, out := &p.filters, map[string][]string{}
	for name, values := range map[string][]string{FacetProduce: w.Produce, FacetGrade: w.Grades, FacetPacking: w.Packings, FacetPrice: w.PriceBands} {
		if len(values) > 0 {
			out[name] = values
		}
	}
	for _, k := range w.Kinds {
		out[FacetKind] = append(out[FacetKind], string(k))
	}
	for name, on := range map[string]bool{FacetCertified: w.Certified, FacetRelief: w.Relief, FacetCold: w.Cold} {
		if on {
			out[name] = []string{yes}
		}
	}
	return out
}

// Counterparts gives the query for what a listing may be matched with: for an offer the open demands for the same produce, for a
// demand the offers. It reports false for other boards and for listings without a produce. Fits decides about each hit.
func Counterparts(d Document) (Query, bool) {
	other := map[Kind]Kind{Offer: Demand, Demand: Offer}[d.Kind]
	if other == "" || d.Produce == "" {
		return Query{}, false
	}
	return Query{Filters: Filters{Kinds: []Kind{other}, Produce: []string{d.Produce}}, NoFacets: true, Limit: MaxLimit}, true
}

// Fits reports whether an offer answers a demand at a time: the same produce, not dearer than the demand's price where both name one,
// a certificate and the cold chain where they are asked for, and neither expired. Quantities need not agree: several offers may fill
// one demand, and one offer several demands. Both carry the vocabulary's names, as documents of hits do.
func Fits(offer, demand Document, now time.Time) bool {
	ms := now.UnixMilli()
	open := func(d Document) bool { return d.ExpiresAt == 0 || d.ExpiresAt > ms }
	return offer.Kind == Offer && demand.Kind == Demand && offer.Produce == demand.Produce && offer.Produce != "" &&
		open(offer) && open(demand) &&
		(offer.PriceE4 < 0 || demand.PriceE4 < 0 || offer.PriceE4 <= demand.PriceE4) &&
		(!demand.Certified || offer.Certified) && (!demand.Cold || offer.Cold)
}
