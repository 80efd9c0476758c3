package search

import (
	"cmp"
	"container/heap"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// Search implements Index.
func (e *Embedded) Search(ctx context.Context, q Query) (Result, error) {
	p, err := e.x.plan(q)
	if err != nil {
		return Result{}, err
	}
	select {
	case e.turns <- struct{}{}:
		defer func() { <-e.turns }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	r, err := e.run(ctx, p)
	if err != nil {
		return Result{}, broken(ctx, err)
	}
	return r, nil
}

func broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var bad *InvalidError
	if errors.As(err, &bad) {
		return err
	}
	return unavailable(err)
}

// run answers a plan; if nothing holds all the words, with what holds some of them.
func (e *Embedded) run(ctx context.Context, p *plan) (Result, error) {
	s := e.live
	p.relaxed = p.after != nil && p.after.Loose
	matched, err := e.match(ctx, s, p)
	if err != nil {
		return Result{}, err
	}
	hits, rows := s.narrow(p, matched, "")
	if len(rows) == 0 && !p.relaxed && len(p.clauses) > 1 {
		p.relaxed = true
		if matched, err = e.match(ctx, s, p); err != nil {
			return Result{}, err
		}
		hits, rows = s.narrow(p, matched, "")
	}
	top, more, err := e.order(ctx, s, p, hits, rows)
	if err != nil {
		return Result{}, err
	}
	out := p.result
	out.Total, out.Relaxed = len(rows), p.relaxed && len(rows) > 0
	if p.facets {
		out.Facets = s.count(p, matched, hits, rows)
	}
	if len(top) > 0 {
		out.Next = p.next(top[len(top)-1].key, s.keys[top[len(top)-1].row], len(top), more)
	}
	out.Hits, err = e.dress(ctx, s, p, top)
	return out, err
}

// match gives the rows that hold the words.
func (e *Embedded) match(ctx context.Context, s *shelf, p *plan) (*roaring.Bitmap, error) {
	var out *roaring.Bitmap
	for _, c := range p.clauses {
		any := roaring.New()
		for _, a := range c {
			b, err := e.posting(ctx, s, a)
			if err != nil {
				return nil, err
			}
			any.Or(b)
		}
		switch {
		case out == nil:
			out = any
		case p.relaxed:
			out.Or(any)
		default:
			out.And(any)
		}
		if out.IsEmpty() && !p.relaxed {
			return out, nil
		}
	}
	if out == nil {
		return s.rows, nil
	}
	return out, nil
}

// posting gives the rows of one token in one field.
func (e *Embedded) posting(ctx context.Context, s *shelf, a alternative) (*roaring.Bitmap, error) {
	return s.postings.get(a.field, a.token, func() (*roaring.Bitmap, error) {
		phrase := fieldNames[a.field] + ` : "` + strings.ReplaceAll(a.token, `"`, ``) + `"`
		var list sql.NullString
		q := `SELECT group_concat(rowid) FROM ` + s.words() + ` WHERE ` + s.words() + ` MATCH $1`
		if err := e.db.QueryRowContext(ctx, q, phrase).Scan(&list); err != nil {
			return nil, err
		}
		b := roaring.New()
		for n := range strings.SplitSeq(list.String, ",") {
			if row, err := strconv.ParseUint(n, 10, 32); err == nil {
				b.Add(uint32(row))
			}
		}
		return b, nil
	})
}

// narrow applies the filters, without the one on the facet named except, and gives the rows as a set and in order.
func (s *shelf) narrow(p *plan, matched *roaring.Bitmap, except string) (*roaring.Bitmap, []uint32) {
	set := matched
	for name, rows := range s.chosen(p) {
		if name != except {
			set = roaring.And(set, rows)
		}
	}
	ages := p.filters.HarvestAges
	if except == FacetHarvest {
		ages = nil
	}
	out := roaring.New()
	rows := make([]uint32, 0, set.GetCardinality())
	buf := make([]uint32, 1024)
	it := set.ManyIterator()
	for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
		for _, r := range buf[:n] {
			if f := &s.facts[r]; p.pass(f) && (len(ages) == 0 || slices.Contains(ages, harvestAge(f, p.now))) {
				rows = append(rows, r)
			}
		}
	}
	out.AddMany(rows)
	return out, rows
}

func harvestAge(f *facts, now int64) string {
	if f.harvested == 0 {
		return ""
	}
	return HarvestAges[indexIn(HarvestAges, now-f.harvested)].Name
}

// chosen gives, for each facet that is filtered on, the rows with a chosen value.
func (s *shelf) chosen(p *plan) map[string]*roaring.Bitmap {
	w, out := &p.filters, map[string]*roaring.Bitmap{}
	for name, values := range p.chosenValues() {
		out[name] = s.columns[name].any(values)
	}
	if len(w.Areas) > 0 {
		b := roaring.New()
		for _, a := range w.Areas {
			if rows := s.areas[a]; rows != nil {
				b.Or(rows)
			}
		}
		out[FacetCounty] = b
	}
	return out
}

// count gives the facets of the hits.
func (s *shelf) count(p *plan, matched, hits *roaring.Bitmap, rows []uint32) []Facet {
	filtered := s.chosen(p)
	out := make([]Facet, 0, len(facetOrder))
	for _, name := range facetOrder {
		set, list := hits, rows
		if filtered[name] != nil || name == FacetHarvest && len(p.filters.HarvestAges) > 0 {
			set, list = s.narrow(p, matched, name)
		}
		if name == FacetHarvest {
			out = append(out, s.countAges(p, list))
			continue
		}
		out = append(out, Facet{name, s.columns[name].count(set, list)})
	}
	return out
}

// count counts a set of rows by value: through the rows of each value if the values are few, else row by row.
func (c *column) count(set *roaring.Bitmap, list []uint32) []FacetValue {
	counts := make([]int, len(c.values))
	if len(list) > 64*len(c.values) {
		for i := 1; i < len(c.values); i++ {
			counts[i] = int(set.AndCardinality(c.rows[i]))
		}
	} else {
		for _, r := range list {
			counts[c.ords[r]]++
		}
	}
	out := []FacetValue{}
	for i := 1; i < len(counts); i++ {
		if counts[i] > 0 {
			out = append(out, FacetValue{c.values[i], counts[i]})
		}
	}
	return topValues(out)
}

func topValues(v []FacetValue) []FacetValue {
	slices.SortFunc(v, func(a, b FacetValue) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
	return v[:min(len(v), facetValues)]
}

func (s *shelf) countAges(p *plan, list []uint32) Facet {
	counts := make([]int, len(HarvestAges))
	for _, r := range list {
		if h := s.facts[r].harvested; h != 0 {
			counts[indexIn(HarvestAges, p.now-h)]++
		}
	}
	f := Facet{Name: FacetHarvest, Values: []FacetValue{}}
	for i, n := range counts {
		if n > 0 {
			f.Values = append(f.Values, FacetValue{HarvestAges[i].Name, n})
		}
	}
	f.Values = topValues(f.Values)
	return f
}

// ranked is a row and what it is sorted by.
type ranked struct {
	key int64
	row uint32
}

// order gives the rows of the page asked for, and whether more follow.
func (e *Embedded) order(ctx context.Context, s *shelf, p *plan, hits *roaring.Bitmap, rows []uint32) ([]ranked, bool, error) {
	keyOf := func(r uint32) int64 { return p.key(&s.facts[r]) }
	if p.sort == ByRelevance {
		text, err := e.weigh(ctx, s, p, hits)
		if err != nil {
			return nil, false, err
		}
		keyOf = func(r uint32) int64 {
			var t float32
			if text != nil {
				t = text[r]
			}
			return scoreKey(p.relevance(t, &s.facts[r]))
		}
	}
	h := &pageHeap{s: s}
	far := p.sort == ByDelivered || p.sort == ByDistance
	for _, r := range rows {
		if far && len(h.rows) > p.limit && p.floor(&s.facts[r]) > h.rows[0].key {
			continue
		}
		c := ranked{keyOf(r), r}
		if p.after != nil && (c.key < p.after.Key || c.key == p.after.Key && s.keys[r] <= p.after.ID) {
			continue
		}
		if len(h.rows) <= p.limit {
			heap.Push(h, c)
		} else if s.before(c, h.rows[0]) {
			h.rows[0] = c
			heap.Fix(h, 0)
		}
	}
	slices.SortFunc(h.rows, func(a, b ranked) int {
		if s.before(a, b) {
			return -1
		}
		return 1
	})
	more := len(h.rows) > p.limit
	return h.rows[:min(len(h.rows), p.limit)], more, nil
}

// scoreKey turns a score into a sort key: the best score is the smallest. Scores are not negative, so their bits are in order.
func scoreKey(score float32) int64 { return -int64(math.Float32bits(score)) }

func keyScore(key int64) float32 { return math.Float32frombits(uint32(-key)) }

func (s *shelf) before(a, b ranked) bool {
	return a.key < b.key || a.key == b.key && s.keys[a.row] < s.keys[b.row]
}

// pageHeap keeps the rows of a page and one more, the last of them on top.
type pageHeap struct {
	s    *shelf
	rows []ranked
}

func (h *pageHeap) Len() int           { return len(h.rows) }
func (h *pageHeap) Less(i, j int) bool { return h.s.before(h.rows[j], h.rows[i]) }
func (h *pageHeap) Swap(i, j int)      { h.rows[i], h.rows[j] = h.rows[j], h.rows[i] }
func (h *pageHeap) Push(x any)         { h.rows = append(h.rows, x.(ranked)) }
func (h *pageHeap) Pop() any {
	x := h.rows[len(h.rows)-1]
	h.rows = h.rows[:len(h.rows)-1]
	return x
}

// weigh gives the worth of the words by row: of each clause the best alternative.
func (e *Embedded) weigh(ctx context.Context, s *shelf, p *plan, hits *roaring.Bitmap) ([]float32, error) {
	if len(p.clauses) == 0 {
		return nil, nil
	}
	text := make([]float32, len(s.keys))
	buf := make([]uint32, 1024)
	for _, c := range p.clauses {
		c = slices.Clone(c)
		slices.SortStableFunc(c, func(a, b alternative) int { return cmp.Compare(b.weight, a.weight) })
		left := hits.Clone()
		for _, a := range c {
			if left.IsEmpty() {
				break
			}
			b, err := e.posting(ctx, s, a)
			if err != nil {
				return nil, err
			}
			with := roaring.And(left, b)
			it := with.ManyIterator()
			for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
				for _, r := range buf[:n] {
					text[r] += a.weight
				}
			}
			left.AndNot(with)
		}
	}
	return text, nil
}

// dress reads the documents of a page.
func (e *Embedded) dress(ctx context.Context, s *shelf, p *plan, top []ranked) ([]Hit, error) {
	rows := make([]uint32, len(top))
	for i, t := range top {
		rows[i] = t.row
	}
	docs, err := e.documents(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(top))
	for i, t := range top {
		var score float32
		if p.sort == ByRelevance {
			score = keyScore(t.key)
		}
		hits[i] = p.hit(e.x, docs[t.row], score)
	}
	return hits, nil
}

// Suggest implements Index.
func (e *Embedded) Suggest(ctx context.Context, prefix string, n int) ([]Suggestion, error) {
	cands, err := e.x.candidates(prefix, n)
	if err != nil {
		return nil, err
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	fresh := e.live.unexpired(nowMillis())
	counts := make([]int, len(cands))
	for i, c := range cands {
		counts[i], err = e.live.fresh.count(c.id(), func() (int, error) {
			rows, err := e.named(ctx, c)
			if err != nil {
				return 0, err
			}
			return int(fresh.AndCardinality(rows)), nil
		})
		if err != nil {
			return nil, broken(ctx, err)
		}
	}
	return e.x.suggestions(cands, counts, n), nil
}

// named gives the rows a candidate would find: the word in the title, or the place.
func (e *Embedded) named(ctx context.Context, c candidate) (*roaring.Bitmap, error) {
	if c.kind == isPlace {
		if rows := e.live.areas[areaPrefix(c.place.Code)]; rows != nil {
			return rows, nil
		}
		return roaring.New(), nil
	}
	return e.posting(ctx, e.live, c.alternative())
}

// id names what a candidate would find.
func (c candidate) id() string {
	if c.kind == isPlace {
		return c.place.Code
	}
	return c.alternative().token
}

// alternative is the token that stands for the candidate: the produce, or the variety by its own word.
func (c candidate) alternative() alternative {
	if c.variety {
		return alternative{field: inName, token: safeToken(knownToken + c.surface)}
	}
	return alternative{field: inName, token: safeToken(produceToken + conceptWord(c.name))}
}
