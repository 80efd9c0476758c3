package search

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// shelf is one generation of the embedded index: two tables, and in memory what filters, orders and counts need. Rows are numbered from
// 1; a document keeps its row.
type shelf struct {
	number   int
	rowOf    map[string]uint32 // by key, deleted ones included
	keys     []string          // by row
	versions []int64
	facts    []facts
	rows     *roaring.Bitmap // with a document
	columns  map[string]*column
	areas    map[string]*roaring.Bitmap // by area prefix
	postings postings
	fresh    unexpired
}

func newShelf(number int) *shelf {
	s := &shelf{
		number: number, rowOf: map[string]uint32{}, keys: []string{""}, versions: []int64{0}, facts: []facts{{}},
		rows: roaring.New(), columns: map[string]*column{}, areas: map[string]*roaring.Bitmap{}, postings: postings{kept: map[string]*roaring.Bitmap{}},
	}
	for _, f := range facetOrder {
		if f != FacetHarvest {
			s.columns[f] = newColumn()
		}
	}
	return s
}

func (s *shelf) docs() string  { return "search_docs_" + strconv.Itoa(s.number) }
func (s *shelf) words() string { return "search_words_" + strconv.Itoa(s.number) }

// newer gives the changes that are newer than what is known, the last one of each key, with their rows.
func (s *shelf) newer(all []change) []change {
	best := map[string]int{}
	for i, c := range all {
		if j, ok := best[c.key]; ok && c.version <= all[j].version {
			continue
		}
		if row, ok := s.rowOf[c.key]; ok && c.version <= s.versions[row] {
			continue
		}
		best[c.key] = i
	}
	next := uint32(len(s.keys))
	var out []change
	for i, c := range all {
		if j, ok := best[c.key]; !ok || i != j {
			continue
		}
		row, ok := s.rowOf[c.key]
		if !ok {
			row, next = next, next+1
		}
		c.row = row
		out = append(out, c)
	}
	return out
}

// apply brings memory in line with a change that was written.
func (s *shelf) apply(c *change) {
	if c.doc == nil {
		s.bury(c.row, c.key, c.version)
		return
	}
	s.place(c.row, c.doc, &c.tokens)
}

func (s *shelf) grow(row uint32) {
	for int(row) >= len(s.keys) {
		s.keys, s.versions, s.facts = append(s.keys, ""), append(s.versions, 0), append(s.facts, facts{})
		for _, c := range s.columns {
			c.ords = append(c.ords, 0)
		}
	}
}

// place sets a row to a document. The tokens keep the kept postings right; there are none while a shelf is filled.
func (s *shelf) place(row uint32, d *Document, t *tokens) {
	s.bury(row, d.Key().String(), d.Version)
	s.facts[row] = factsOf(d)
	s.rows.Add(row)
	s.fresh.add(row, s.facts[row].expires)
	for name, v := range facetsOf(d) {
		s.columns[name].set(row, v)
	}
	for _, a := range areasOf(d) {
		b := s.areas[a]
		if b == nil {
			b = roaring.New()
			s.areas[a] = b
		}
		b.Add(row)
	}
	if t != nil {
		s.postings.add(row, t)
	}
}

// bury takes a row's document away and remembers the version.
func (s *shelf) bury(row uint32, key string, version int64) {
	s.grow(row)
	if s.rows.Contains(row) {
		county := s.columns[FacetCounty]
		for _, a := range prefixes(county.values[county.ords[row]]) {
			s.areas[a].Remove(row)
		}
		for _, c := range s.columns {
			c.set(row, "")
		}
		s.rows.Remove(row)
		s.fresh.remove(row)
		s.postings.remove(row)
	}
	s.rowOf[key], s.keys[row], s.versions[row] = row, key, version
}

// facetsOf gives a document's value in each counted field but the harvest age, which depends on the clock; "" is not counted.
func facetsOf(d *Document) map[string]string {
	m := map[string]string{FacetKind: string(d.Kind), FacetProduce: d.Produce, FacetGrade: d.Grade, FacetCounty: d.Adcode, FacetPacking: d.Packing}
	for name, on := range map[string]bool{FacetCertified: d.Certified, FacetRelief: d.Relief, FacetCold: d.Cold} {
		if on {
			m[name] = yes
		}
	}
	if i := indexIn(PriceBands, d.PriceE4); i >= 0 {
		m[FacetPrice] = PriceBands[i].Name
	}
	return m
}

const yes = "yes"

func areasOf(d *Document) []string { return prefixes(d.Adcode) }

// prefixes gives the area prefixes a code lies in: 610305 -> 61, 6103, 610305.
func prefixes(code string) []string {
	if len(code) != 6 {
		return nil
	}
	return slices.Compact([]string{code[:2], areaPrefix(code[:4] + "00"), areaPrefix(code)})
}

// column holds a field of few values: the value of each row, and the rows of each value.
type column struct {
	values []string // values[0] is ""
	index  map[string]uint32
	ords   []uint32 // by row
	rows   []*roaring.Bitmap
}

func newColumn() *column {
	return &column{values: []string{""}, index: map[string]uint32{"": 0}, ords: []uint32{0}, rows: []*roaring.Bitmap{roaring.New()}}
}

func (c *column) set(row uint32, v string) {
	ord, ok := c.index[v]
	if !ok {
		ord = uint32(len(c.values))
		c.index[v] = ord
		c.values = append(c.values, v)
		c.rows = append(c.rows, roaring.New())
	}
	if old := c.ords[row]; old != 0 {
		c.rows[old].Remove(row)
	}
	c.ords[row] = ord
	if ord != 0 {
		c.rows[ord].Add(row)
	}
}

// any gives the rows with one of the values.
func (c *column) any(values []string) *roaring.Bitmap {
	out := roaring.New()
	for _, v := range values {
		if ord := c.index[v]; ord != 0 {
			out.Or(c.rows[ord])
		}
	}
	return out
}

// postings are the rows of tokens that were asked for before. They are read from FTS5 once and kept right by each change.
type postings struct {
	mu   sync.Mutex
	kept map[string]*roaring.Bitmap
}

const maxPostings = 20_000 // kept at most; with more, all are dropped

func postingKey(f field, token string) string { return fieldNames[f] + ":" + token }

func (p *postings) add(row uint32, t *tokens) {
	if len(p.kept) == 0 {
		return
	}
	for f := range fieldCount {
		for token := range t[f] {
			if b := p.kept[postingKey(f, token)]; b != nil {
				b.Add(row)
			}
		}
	}
}

func (p *postings) remove(row uint32) {
	for _, b := range p.kept {
		b.Remove(row)
	}
}

// get gives the rows of a token, read by load if they are not kept. The bitmap must not be changed.
func (p *postings) get(f field, token string, load func() (*roaring.Bitmap, error)) (*roaring.Bitmap, error) {
	k := postingKey(f, token)
	p.mu.Lock()
	b := p.kept[k]
	p.mu.Unlock()
	if b != nil {
		return b, nil
	}
	b, err := load()
	if err != nil {
		return nil, fmt.Errorf("look up word: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) >= maxPostings {
		clear(p.kept)
	}
	p.kept[k] = b
	return b, nil
}

// unexpired are the rows that have not expired at the beginning of a minute, so that suggestions count sets instead of rows.
type unexpired struct {
	mu     sync.Mutex
	minute int64 // unix ms; 0 before the first use
	rows   *roaring.Bitmap
	counts map[string]int // of candidates that were counted since the minute began and the last change
}

// count gives how many of the rows a candidate has, counted by f unless that is known.
func (u *unexpired) count(candidate string, f func() (int, error)) (int, error) {
	u.mu.Lock()
	n, ok := u.counts[candidate]
	minute := u.minute
	u.mu.Unlock()
	if ok {
		return n, nil
	}
	n, err := f()
	if err != nil {
		return 0, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.minute == minute {
		u.counts[candidate] = n
	}
	return n, nil
}

func (u *unexpired) add(row uint32, expires int64) {
	clear(u.counts)
	if u.minute != 0 && expires > u.minute {
		u.rows.Add(row)
	}
}

func (u *unexpired) remove(row uint32) {
	clear(u.counts)
	if u.minute != 0 {
		u.rows.Remove(row)
	}
}

// unexpired gives the rows that have not expired at the beginning of the minute of now. The bitmap must not be changed; it holds as long as
// the index is held for reading.
func (s *shelf) unexpired(now int64) *roaring.Bitmap {
	minute := now - now%60_000
	s.fresh.mu.Lock()
	defer s.fresh.mu.Unlock()
	if s.fresh.minute == minute {
		return s.fresh.rows
	}
	list := make([]uint32, 0, s.rows.GetCardinality())
	it := s.rows.Iterator()
	for it.HasNext() {
		if r := it.Next(); s.facts[r].expires > minute {
			list = append(list, r)
		}
	}
	s.fresh.minute, s.fresh.rows, s.fresh.counts = minute, roaring.BitmapOf(list...), map[string]int{}
	return s.fresh.rows
}
