package search

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"
)

// notDeleted finds the documents that are there: what a deletion leaves behind has no fields.
var notDeleted = object{"exists": object{"field": "expires"}}

// answer is what the server says to a search.
type answer struct {
	Hits struct {
		Total struct{ Value int }
		Hits  []elasticHit
	}
	Aggregations map[string]json.RawMessage
}

type elasticHit struct {
	ID     string                 `json:"_id"`
	Source struct{ Doc Document } `json:"_source"`
	Sort   []json.RawMessage
}

// number gives the first sort value.
func (h *elasticHit) number() float64 {
	var v float64
	if len(h.Sort) > 0 {
		_ = json.Unmarshal(h.Sort[0], &v) // null for a missing field, which sorts as 0 does not matter: the key comes from the document
	}
	return v
}

// Search implements Index.
func (e *Elastic) Search(ctx context.Context, q Query) (Result, error) {
	p, err := e.x.plan(q)
	if err != nil {
		return Result{}, err
	}
	var out Result
	err = e.again(ctx, func() error {
		out, err = e.run(ctx, p)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	return out, nil
}

// run answers a plan; if nothing holds all the words, with what holds some of them.
func (e *Elastic) run(ctx context.Context, p *plan) (Result, error) {
	p.relaxed = p.after != nil && p.after.Loose
	found, err := e.page(ctx, p)
	if err != nil {
		return Result{}, err
	}
	if found.total == 0 && !p.relaxed && len(p.clauses) > 1 {
		p.relaxed = true
		if found, err = e.page(ctx, p); err != nil {
			return Result{}, err
		}
	}
	out := p.result
	out.Total, out.Relaxed = found.total, p.relaxed && found.total > 0
	if p.facets {
		if out.Facets, err = readFacets(found.counts); err != nil {
			return Result{}, unavailable(err)
		}
	}
	hits := found.hits
	more := len(hits) > p.limit
	hits = hits[:min(len(hits), p.limit)]
	if n := len(hits); n > 0 {
		out.Next = p.next(hits[n-1].key, hits[n-1].id, n, more)
	}
	out.Hits = make([]Hit, len(hits))
	for i, h := range hits {
		var score float32
		if p.sort == ByRelevance {
			score = keyScore(h.key)
		}
		out.Hits[i] = p.hit(e.x, h.doc, score)
	}
	return out, nil
}

// found is a page before it is dressed, with one hit more if there is one.
type found struct {
	hits   []keyed
	total  int
	counts map[string]json.RawMessage
}

// keyed is a document and what it is sorted by.
type keyed struct {
	key int64
	id  string
	doc Document
}

func (e *Elastic) page(ctx context.Context, p *plan) (found, error) {
	switch p.sort {
	case ByDelivered:
		return e.byCost(ctx, p, deliveredCost(p))
	case ByDistance:
		return e.byCost(ctx, p, distanceCost(p))
	}
	body := p.body()
	body["size"] = p.limit + 1
	switch p.sort {
	case ByRelevance:
		body["query"] = p.scored()
		body["sort"] = []any{object{"_score": "desc"}, object{"key": "asc"}}
	default:
		body["sort"] = []any{p.fieldSort(), object{"key": "asc"}}
	}
	if p.after != nil {
		body["search_after"] = []any{p.sortValue(p.after.Key), p.after.ID}
	}
	a, err := e.ask(ctx, body)
	if err != nil {
		return found{}, err
	}
	f := found{total: a.Hits.Total.Value, counts: a.Aggregations}
	for _, h := range a.Hits.Hits {
		facts := factsOf(&h.Source.Doc)
		k := keyed{p.key(&facts), h.ID, h.Source.Doc}
		if p.sort == ByRelevance {
			k.key = scoreKey(float32(h.number()))
		}
		f.hits = append(f.hits, k)
	}
	return f, nil
}

func (e *Elastic) ask(ctx context.Context, body object) (answer, error) {
	var a answer
	err := e.do(ctx, http.MethodPost, "/"+e.cfg.Index+"/_search?allow_partial_search_results=false", body, &a)
	return a, err
}

// fieldSort is the order by one field. A missing price comes last.
func (p *plan) fieldSort() object {
	switch p.sort {
	case ByNewest:
		return object{"updated": object{"order": "desc"}}
	case ByExpiry:
		return object{"expires": object{"order": "asc"}}
	case ByGrams:
		return object{"grams": object{"order": "desc"}}
	}
	return object{"price": object{"order": "asc", "missing": last}}
}

// sortValue turns the key of a cursor back into what the server sorts by.
func (p *plan) sortValue(key int64) any {
	switch p.sort {
	case ByRelevance:
		return keyScore(key)
	case ByNewest, ByGrams:
		return -key
	}
	return key
}

// body is what a search asks for in every order. Filters on a counted field come after the counts.
func (p *plan) body() object {
	b := object{"_source": "doc", "query": p.matching(), "track_total_hits": true}
	chosen := p.chosen()
	if len(chosen) > 0 {
		b["post_filter"] = all(chosen, "")
	}
	if p.facets {
		b["aggs"] = p.counts(chosen)
	}
	return b
}

// matching is the words, and the filters that no facet counts, without a score for the latter.
func (p *plan) matching() object {
	b := object{"filter": p.filtering()}
	words := make([]object, len(p.clauses))
	for i, c := range p.clauses {
		alternatives := make([]object, len(c))
		for j, a := range c {
			alternatives[j] = object{"constant_score": object{"filter": object{"term": object{fieldNames[a.field]: a.token}}, "boost": a.weight}}
		}
		words[i] = object{"dis_max": object{"queries": alternatives}}
	}
	switch {
	case len(words) == 0:
	case p.relaxed:
		b["should"], b["minimum_should_match"] = words, 1
	default:
		b["must"] = words
	}
	return object{"bool": b}
}

// filtering mirrors plan.pass.
func (p *plan) filtering() []object {
	w := &p.filters
	out := []object{notDeleted}
	if !w.Expired {
		out = []object{between("expires", object{"gt": p.now})}
	}
	if w.MinPriceE4 > 0 {
		out = append(out, between("price", object{"gte": w.MinPriceE4}))
	}
	if w.MaxPriceE4 > 0 {
		out = append(out, between("price", object{"lte": w.MaxPriceE4}))
	}
	if w.MinGrams > 0 {
		out = append(out, between("grams", object{"gte": w.MinGrams}))
	}
	if w.HarvestedSince > 0 {
		out = append(out, between("harvested", object{"gte": w.HarvestedSince}))
	}
	if w.GoodUntil > 0 {
		out = append(out, between("expires", object{"gte": w.GoodUntil}))
	}
	if c := w.Near; c != nil {
		at := object{"lon": c.Lon, "lat": c.Lat}
		out = append(out, object{"geo_distance": object{"distance": float64(c.Metres) + 0.5, "point": at}})
	}
	return out
}

func between(field string, bounds object) object {
	return object{"range": object{field: bounds}}
}

// chosen gives the filter of each facet that is filtered on.
func (p *plan) chosen() map[string]object {
	w, out := &p.filters, map[string]object{}
	for name, values := range p.chosenValues() {
		out[name] = object{"terms": object{facetField(name): values}}
	}
	if len(w.Areas) > 0 {
		out[FacetCounty] = object{"terms": object{"areas": w.Areas}}
	}
	if len(w.HarvestAges) > 0 {
		var ages []object
		for _, name := range w.HarvestAges {
			ages = append(ages, between("harvested", p.harvestBounds(HarvestAges[ageIndex(name)], "gte", "lt")))
		}
		out[FacetHarvest] = object{"bool": object{"should": ages, "minimum_should_match": 1}}
	}
	return out
}

// harvestBounds turns an age band into bounds of the time of harvest, the lower one inclusive. No time of harvest is 0 and in no
// band.
func (p *plan) harvestBounds(b Band, from, to string) object {
	out := object{from: int64(1)}
	if b.To != math.MaxInt64 {
		out[from] = max(1, p.now-b.To+1)
	}
	if b.From != math.MinInt64 {
		out[to] = p.now - b.From + 1
	}
	return out
}

// all joins the chosen filters but one.
func all(chosen map[string]object, except string) object {
	filters := []object{}
	for _, name := range slices.Sorted(maps.Keys(chosen)) {
		if name != except {
			filters = append(filters, chosen[name])
		}
	}
	return object{"bool": object{"filter": filters}}
}

// Names in the tree of counts.
const (
	countTogether = "together" // the facets that are not filtered on share one filter
	countApart    = "apart "
	countValues   = "values"
)

// counts asks for the facets, each without its own filter.
func (p *plan) counts(chosen map[string]object) object {
	together, out := object{}, object{}
	for _, name := range facetOrder {
		c := p.facetCount(name)
		if chosen[name] == nil {
			together[name] = c
			continue
		}
		out[countApart+name] = object{"filter": all(chosen, name), "aggs": object{countValues: c}}
	}
	out[countTogether] = object{"filter": all(chosen, ""), "aggs": together}
	return out
}

// allCounties is more than there are: each shard reports all its counties, so that the sums are exact.
const allCounties = 4000

func (p *plan) facetCount(name string) object {
	if name != FacetHarvest {
		return object{"terms": object{"field": facetField(name), "size": facetValues, "shard_size": allCounties}}
	}
	var ranges []object
	for _, b := range HarvestAges {
		r := p.harvestBounds(b, "from", "to")
		r["key"] = b.Name
		ranges = append(ranges, r)
	}
	return object{"range": object{"field": "harvested", "ranges": ranges}}
}

type buckets struct {
	Buckets []struct {
		Key   string
		Count int `json:"doc_count"`
	}
}

func readFacets(counts map[string]json.RawMessage) ([]Facet, error) {
	var together map[string]json.RawMessage
	if err := json.Unmarshal(counts[countTogether], &together); err != nil {
		return nil, err
	}
	out := make([]Facet, 0, len(facetOrder))
	for _, name := range facetOrder {
		var b buckets
		if own, ok := counts[countApart+name]; ok {
			var apart struct{ Values buckets }
			if err := json.Unmarshal(own, &apart); err != nil {
				return nil, err
			}
			b = apart.Values
		} else if err := json.Unmarshal(together[name], &b); err != nil {
			return nil, err
		}
		f := Facet{Name: name, Values: []FacetValue{}}
		for _, v := range b.Buckets {
			if v.Count > 0 {
				f.Values = append(f.Values, FacetValue{v.Key, v.Count})
			}
		}
		f.Values = topValues(f.Values)
		out = append(out, f)
	}
	return out, nil
}

// scored adds to the worth of the words what plan.relevance adds.
func (p *plan) scored() object {
	// The end of life counts from now on, fully from lifeDays on: the offset keeps everything later at the full worth.
	const far = maxMillis
	functions := []object{
		{"linear": object{"fresh": object{"origin": p.now, "scale": freshDays * day / 2, "decay": 0.5}}, "weight": freshWorth},
		{"linear": object{"expires": object{"origin": p.now + lifeDays*day + far, "offset": far, "scale": lifeDays * day / 2, "decay": 0.5}}, "weight": lifeWorth},
		{"filter": object{"term": object{facetField(FacetCertified): yes}}, "weight": certifiedWorth},
		{"filter": between("grams", object{"gte": p.grams}), "weight": stockWorth},
	}
	return object{"function_score": object{"query": p.matching(), "functions": functions, "score_mode": "sum", "boost_mode": "sum"}}
}

// Suggest implements Index. All candidates are counted in one request; the clock goes by minutes, so that the server can answer from
// its cache.
func (e *Elastic) Suggest(ctx context.Context, prefix string, n int) ([]Suggestion, error) {
	cands, err := e.x.candidates(prefix, n)
	if err != nil || len(cands) == 0 {
		return []Suggestion{}, err
	}
	filters := make([]object, len(cands))
	for i, c := range cands {
		if c.kind == isPlace {
			filters[i] = object{"term": object{"areas": areaPrefix(c.place.Code)}}
			continue
		}
		a := c.alternative()
		filters[i] = object{"term": object{fieldNames[a.field]: a.token}}
	}
	minute := time.Now().Truncate(time.Minute).UnixMilli()
	body := object{
		"size": 0, "track_total_hits": false, "query": object{"bool": object{"filter": []object{between("expires", object{"gt": minute})}}},
		"aggs": object{"words": object{"filters": object{"filters": filters}}},
	}
	var a answer
	if err := e.again(ctx, func() error { a, err = e.ask(ctx, body); return err }); err != nil {
		return nil, err
	}
	var words buckets
	if err := json.Unmarshal(a.Aggregations["words"], &words); err != nil || len(words.Buckets) != len(cands) {
		return nil, unavailable(err)
	}
	counts := make([]int, len(cands))
	for i, b := range words.Buckets {
		counts[i] = b.Count
	}
	return e.x.suggestions(cands, counts, n), nil
}
