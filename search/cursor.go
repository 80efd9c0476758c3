package search

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
)

// cursor says where a page ended: the sort key and name of its last hit.
type cursor struct {
	Hash  uint64 `json:"h"` // of the query: another query's cursor is refused
	Now   int64  `json:"n"` // the clock of the first page
	Key   int64  `json:"k"`
	ID    string `json:"i"`
	Depth int    `json:"d"` // hits on the pages so far
	Loose bool   `json:"l"` // the pages are relaxed
}

func (c cursor) String() string {
	b, _ := json.Marshal(c) // a struct of numbers and a string can't fail
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string, hash uint64) (*cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	var c cursor
	if err != nil || len(s) > 1024 || json.Unmarshal(b, &c) != nil || c.Now < 0 || c.Now > maxMillis || c.Depth < 0 || c.Depth > 2*MaxDepth {
		return nil, invalid("after", "is not a page mark of this search")
	}
	if c.Hash != hash {
		return nil, invalid("after", "belongs to another search")
	}
	if c.Depth >= MaxDepth {
		return nil, invalid("after", "paging ends after %d hits; narrow the search instead", MaxDepth)
	}
	return &c, nil
}

// hash tells queries apart whose pages differ. The page size may change on the way.
func (q Query) hash() uint64 {
	h := fnv.New64a()
	b, err := json.Marshal([]any{q.Text, q.Verbatim, q.Filters, q.To, q.Grams, q.Sort, q.Tariff})
	if err != nil { // not a number in a coordinate, which validQuery refuses
		return 0
	}
	_, _ = h.Write(b)
	return h.Sum64()
}

// next gives the cursor after the last hit of a full page.
func (p *plan) next(key int64, id string, hits int, more bool) string {
	if !more || hits == 0 {
		return ""
	}
	c := cursor{Hash: p.hash, Now: p.now, Key: key, ID: id, Depth: hits, Loose: p.relaxed}
	if p.after != nil {
		c.Depth += p.after.Depth
	}
	if c.Depth >= MaxDepth {
		return ""
	}
	return c.String()
}
