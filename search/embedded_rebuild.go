package search

import (
	"context"
	"fmt"
	"time"
)

// Rebuild implements Index.
func (e *Embedded) Rebuild(ctx context.Context) (Rebuild, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.readOnly {
		return nil, fmt.Errorf("start rebuild: %w", errReader)
	}
	r := &embeddedRebuild{e: e}
	if e.building == nil {
		s, err := e.create(ctx, e.live.number+1, false)
		if err != nil {
			return nil, fmt.Errorf("start rebuild: %w", unavailable(err))
		}
		e.building = s
	}
	r.shelf = e.building
	err := e.db.QueryRowContext(ctx, `SELECT at FROM search_shelf WHERE number = $1`, r.shelf.number).Scan(&r.at)
	if err != nil {
		return nil, fmt.Errorf("start rebuild: %w", unavailable(err))
	}
	return r, nil
}

type embeddedRebuild struct {
	e     *Embedded
	shelf *shelf
	at    string
}

// Resumed implements Rebuild.
func (r *embeddedRebuild) Resumed() string { return r.at }

// Put implements Rebuild.
func (r *embeddedRebuild) Put(ctx context.Context, docs []Document) error {
	return r.e.put(ctx, docs, func() []*shelf { return []*shelf{r.shelf} })
}

// Checkpoint implements Rebuild.
func (r *embeddedRebuild) Checkpoint(ctx context.Context, at string) error {
	_, err := r.e.db.ExecContext(ctx, `UPDATE search_shelf SET at = $1 WHERE number = $2`, at, r.shelf.number)
	return unavailable(err)
}

// Swap implements Rebuild.
func (r *embeddedRebuild) Swap(ctx context.Context) error {
	r.e.mu.Lock()
	defer r.e.mu.Unlock()
	if r.e.building != r.shelf {
		return invalid("rebuild", "is over")
	}
	if err := r.e.drop(ctx, r.e.live, r.shelf.number); err != nil {
		return fmt.Errorf("swap rebuilt index: %w", unavailable(err))
	}
	r.e.live, r.e.building = r.shelf, nil
	return nil
}

// Abandon implements Rebuild.
func (r *embeddedRebuild) Abandon(ctx context.Context) error {
	r.e.mu.Lock()
	defer r.e.mu.Unlock()
	if r.e.building != r.shelf {
		return nil
	}
	if err := r.e.drop(ctx, r.shelf, r.e.live.number); err != nil {
		return fmt.Errorf("abandon rebuild: %w", unavailable(err))
	}
	r.e.building = nil
	return nil
}

// drop removes a shelf's tables and makes another one the live one, in one transaction.
func (e *Embedded) drop(ctx context.Context, s *shelf, live int) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, q := range []string{`DROP TABLE ` + s.docs(), `DROP TABLE ` + s.words()} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM search_shelf WHERE number = $1`, s.number); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE search_shelf SET live = TRUE WHERE number = $1`, live); err != nil {
		return err
	}
	return tx.Commit()
}

func nowMillis() int64 { return time.Now().UnixMilli() }
