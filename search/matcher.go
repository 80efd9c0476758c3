package search

import (
	"slices"
	"time"
)

// Matcher says whether one document fits a query, without an index: saved searches are tried on a listing when it changes. It
// reads text and filters the way both engines do.
type Matcher struct{ x *lexicon }

// NewMatcher makes a Matcher that knows the vocabulary.
func NewMatcher(v Vocabulary) *Matcher { return &Matcher{newLexicon(v)} }

// Match reports whether q finds d. All the words have to match: nothing is relaxed. Order, page and destination do not matter. A
// query or a document that breaks a rule gives an *InvalidError.
func (m *Matcher) Match(q Query, d Document) (bool, error) {
	q.Sort, q.After, q.Limit = ByRelevance, "", 0
	p, err := m.x.plan(q)
	if err != nil {
		return false, err
	}
	if d, err = m.x.canonical(d); err != nil {
		return false, err
	}
	f := factsOf(&d)
	if !p.pass(&f) || !p.choose(&d, &f) {
		return false, nil
	}
	t := m.x.analyze(&d)
	for _, c := range p.clauses {
		if !slices.ContainsFunc(c, func(a alternative) bool { return t[a.field][a.token] }) {
			return false, nil
		}
	}
	return true, nil
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
