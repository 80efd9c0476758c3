package app

import (
	"context"
	"errors"
	"fmt"

	"jishi/search"
	"jishi/server/store"
)

// Bounds of a list from the database: how many rows are looked at for one page, and how many at a time.
const (
	browseRows = 2000
	browseStep = 100
)

// browse answers a search from the database alone, newest first: words and filters hold, orders and counts wait for the engine.
// Result.Next is the id of the last row looked at.
func (s *site) browse(ctx context.Context, q search.Query) (search.Result, error) {
	after := q.After
	if after != "" && !store.IsID(after) {
		return search.Result{}, &search.InvalidError{Field: "after", Message: "is not a page mark of this search"}
	}
	question, err := s.matcher().Prepare(q)
	if err != nil {
		return search.Result{}, err
	}
	out := question.Result()
	want := q.Limit
	if want == 0 {
		want = browseStep / 5
	}
	for range browseRows / browseStep {
		rows, err := newestThings(ctx, s.db.Read(), after, browseStep)
		if err != nil {
			return out, err
		}
		for _, t := range rows {
			if len(out.Hits) == want {
				out.Next = after
				break
			}
			after = t.id
			if out.Hits, err = s.browseOne(ctx, question, t, out.Hits); err != nil {
				return out, err
			}
		}
		out.Total = len(out.Hits)
		if len(rows) < browseStep || out.Next != "" {
			return out, nil
		}
	}
	out.Next = after // the page is short: what lies further back was not looked at yet
	return out, nil
}

func (s *site) browseOne(ctx context.Context, question *search.Question, t thing, hits []search.Hit) ([]search.Hit, error) {
	d, err := s.document(ctx, t.kind, t.id)
	if errors.Is(err, errHidden) {
		return hits, nil
	}
	if err != nil {
		return hits, err
	}
	h, ok, err := question.Hit(d)
	if err != nil {
		return hits, fmt.Errorf("browse %s %s: %w", t.kind, t.id, err)
	}
	if ok {
		hits = append(hits, h)
	}
	return hits, nil
}

// newestThings lists n rows that may have a document, newest first, from behind an id on. Ids grow with time.
func newestThings(ctx context.Context, q store.Querier, after string, n int) ([]thing, error) {
	return thingsOf(ctx, q, `
		SELECT kind, id FROM (
			SELECT 'campaign' AS kind, id FROM campaigns WHERE act = 'open'
			UNION ALL SELECT 'capacity', id FROM capacity_offers WHERE NOT withdrawn
			UNION ALL SELECT 'demand', id FROM demands WHERE act IN ('posted', 'verified')
			UNION ALL SELECT 'offer', id FROM offers WHERE act = 'live') AS things
		WHERE $1 = '' OR id < $1 ORDER BY id DESC LIMIT $2`, after, n)
}

// checkSearch gives the *search.InvalidError of a query, or nil.
func (s *site) checkSearch(q search.Query) error {
	_, err := s.matcher().Prepare(q)
	return err
}
