package search

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// cost is an order by price + rate * distance, cheapest first, for a server without scripts: a sum of linear decays that falls
// from top as the cost grows. It is right to within eps; the exact order is made of it in byCost.
type cost struct {
	functions []object
	top       float64 // score of cost nothing
	eps       float64 // how far a score may be off
}

// widest is farther than any two places on earth are apart, in metres.
const widest = 20_100_000

// above keeps documents with a cost over those without one, which score 1.
const above = 16

// line is a linear decay of one field: worth slope*(reach - distance from origin), never below zero.
func decay(field string, origin any, reach, slope float64, filter object) object {
	return object{"filter": filter, "weight": reach * slope,
		"linear": object{field: object{"origin": origin, "scale": reach / 2, "decay": 0.5}}}
}

// ulp is the distance between neighbouring scores of a size: the server keeps them in 32 bits.
func ulp(score float64) float64 {
	s := float32(score)
	return float64(math.Nextafter32(s, math.MaxFloat32) - s)
}

// deliveredCost is the delivered price without what is the same for every document. Goods that go free through the green channel
// have a rate of their own.
func deliveredCost(p *plan) cost {
	l := p.line
	detour := float64(p.tariff.DetourPermille) / 1000
	free := perKg(l.fenPerKm, p.grams) * detour / 1000 // 1/10,000 yuan per kg and metre as the crow flies
	full := free + perKg(l.tollFenPerKm, p.grams)*detour/1000
	at := object{"lon": p.to.lon, "lat": p.to.lat}
	deliverable := object{"term": object{"deliverable": true}}
	c := cost{top: float64(MaxPriceE4) + full*widest + above}
	c.functions = []object{
		{"filter": deliverable, "weight": above},
		decay("price", 0, float64(MaxPriceE4), 1, deliverable),
	}
	byRate := func(rate float64, filter object) {
		if rate > 0 {
			c.functions = append(c.functions, decay("point", at, widest, rate, filter))
		}
		if rest := (full - rate) * widest; rest > 0 {
			c.functions = append(c.functions, object{"filter": filter, "weight": rest})
		}
	}
	if !l.full || full == free {
		byRate(full, deliverable)
	} else {
		tollfree := object{"term": object{"tollfree": true}}
		byRate(free, object{"bool": object{"filter": []object{deliverable, tollfree}}})
		byRate(full, object{"bool": object{"filter": []object{deliverable}, "must_not": []object{tollfree}}})
	}
	c.eps = 2*ulp(c.top) + 4*full + 4 + c.top*1e-7 // weights are 32 bits wide too
	return c
}

// distanceCost is the distance alone, in metres.
func distanceCost(p *plan) cost {
	located := object{"exists": object{"field": "point"}}
	at := object{"lon": p.to.lon, "lat": p.to.lat}
	c := cost{top: widest + above}
	c.functions = []object{{"filter": located, "weight": above}, decay("point", at, widest, 1, located)}
	c.eps = 2*ulp(c.top) + 4
	return c
}

// offset is what the key of a document has over its cost: the part that does not depend on price or distance.
func (p *plan) offset() float64 {
	if p.sort != ByDelivered {
		return 0
	}
	return perKg(p.line.fixedFen, p.grams)
}

const maxRounds = 8 // requests for one page, at most; each asks for twice as many documents

// byCost gives a page in the exact order: documents come in the order of the approximate cost, their keys are worked out here, and
// more are fetched until none that is still to come can belong before the end of the page.
func (e *Elastic) byCost(ctx context.Context, p *plan, c cost) (found, error) {
	body := p.body()
	body["query"] = object{"function_score": object{"query": object{"bool": object{"filter": p.matching()}},
		"functions": c.functions, "score_mode": "sum", "boost_mode": "replace"}}
	body["sort"] = []any{object{"_score": "desc"}, object{"key": "asc"}}
	size := p.limit + 24
	if p.after != nil {
		body["search_after"] = c.resume(p)
	}
	var out found
	for round := range maxRounds {
		body["size"] = size
		a, err := e.ask(ctx, body)
		if err != nil {
			return found{}, err
		}
		if round == 0 {
			out.total, out.counts = a.Hits.Total.Value, a.Aggregations
			delete(body, "aggs")
			body["track_total_hits"] = false
		}
		for _, h := range a.Hits.Hits {
			f := factsOf(&h.Source.Doc)
			k := keyed{p.key(&f), h.ID, h.Source.Doc}
			if p.after == nil || k.key > p.after.Key || k.key == p.after.Key && k.id > p.after.ID {
				out.hits = append(out.hits, k)
			}
		}
		slices.SortFunc(out.hits, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id)) })
		n := len(a.Hits.Hits)
		if n < size {
			break
		}
		end := a.Hits.Hits[n-1]
		if len(out.hits) > p.limit && c.settled(p, out.hits[p.limit].key, end.number()) {
			break
		}
		body["search_after"] = end.Sort
		size = min(2*size, 1000)
	}
	return out, nil
}

// settled reports whether no document that scores less than the last one fetched can have a key as small as this. Documents without
// a cost come after all others, by id.
func (c cost) settled(p *plan, key int64, score float64) bool {
	if score < above/2 {
		return true
	}
	return float64(key) < p.offset()+c.top-score-c.eps
}

// resume gives where to go on after a cursor: a little before it, since scores are not exact.
func (c cost) resume(p *plan) []any {
	if p.after.Key == last {
		return []any{1, p.after.ID}
	}
	score := c.top - (float64(p.after.Key) - p.offset()) + c.eps
	return []any{score, ""}
}
