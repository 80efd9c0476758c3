package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jishi/search"
	"jishi/server/fault"
	"jishi/server/jobs"
	"jishi/server/market"
	"jishi/server/store"
)

// reindex builds a fresh index beside the live one from the database, and swaps it in: `jishi reindex --data DIR`. When a server holds
// the index of the folder, it is asked to.
func reindex(ctx context.Context, args []string, s Streams, env func(string) string) error {
	f := flags("reindex", s)
	var c config
	c.stores(f, env)
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if c.dsn == "" {
		if err := mustExist(c.data); err != nil {
			return err
		}
	}
	progress := func(done, all int) { fmt.Fprintf(s.Err, "\r%s %d of %d", bar(done, all), done, all) }
	n, err := reindexHere(ctx, c, progress)
	if errors.Is(err, search.ErrInUse) {
		n, err = reindexThere(ctx, c, progress)
	}
	fmt.Fprintln(s.Err)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%d documents\n", n)
	return nil
}

func reindexHere(ctx context.Context, c config, progress func(done, all int)) (int, error) {
	site, err := open(ctx, c, quiet())
	if err != nil {
		return 0, err
	}
	defer func() { _ = site.close() }()
	return site.rebuild(ctx, progress)
}

// thing is a row that may have a document.
type thing struct {
	kind market.Kind
	id   string
}

// at names the thing in the order of things.
func (t thing) at() string { return string(t.kind) + "/" + t.id }

// things lists all rows that may have a document, in the order of kind and id.
func things(ctx context.Context, q store.Querier) ([]thing, error) {
	return thingsOf(ctx, q, `
		SELECT 'campaign' AS kind, id FROM campaigns
		UNION ALL SELECT 'capacity', id FROM capacity_offers
		UNION ALL SELECT 'demand', id FROM demands
		UNION ALL SELECT 'offer', id FROM offers ORDER BY kind, id`)
}

func thingsOf(ctx context.Context, q store.Querier, query string, args ...any) ([]thing, error) {
	out, err := store.All(ctx, q, func(row store.Scanner) (t thing, err error) {
		err = row.Scan(&t.kind, &t.id)
		return t, err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list what can be found: %w", err)
	}
	return out, nil
}

// rebuildBatch is how many rows are read between two marks of how far a rebuild is.
const rebuildBatch = 200

// rebuild fills a fresh index and makes it the live one; an earlier one that was not finished goes on where it stopped. It gives the
// number of documents it put.
func (s *site) rebuild(ctx context.Context, progress func(done, all int)) (int, error) {
	all, err := things(ctx, s.db.Read())
	if err != nil {
		return 0, err
	}
	fresh, err := s.index.Rebuild(ctx)
	if err != nil {
		return 0, err
	}
	n, done := 0, 0
	for done < len(all) && all[done].at() <= fresh.Resumed() {
		done++
	}
	for done < len(all) {
		progress(done, len(all))
		batch := all[done:min(done+rebuildBatch, len(all))]
		put, err := s.rebuildBatch(ctx, fresh, batch)
		if err != nil {
			return n, err
		}
		n, done = n+put, done+len(batch)
	}
	progress(done, len(all))
	return n, fresh.Swap(ctx)
}

func (s *site) rebuildBatch(ctx context.Context, fresh search.Rebuild, batch []thing) (int, error) {
	version, err := s.version(ctx)
	if err != nil {
		return 0, err
	}
	var docs []search.Document
	for _, t := range batch {
		doc, err := s.document(ctx, t.kind, t.id)
		if errors.Is(err, errHidden) {
			continue
		}
		if err != nil {
			return 0, err
		}
		doc.Version = version
		docs = append(docs, doc)
	}
	if err = fresh.Put(ctx, docs); err != nil {
		return 0, err
	}
	return len(docs), fresh.Checkpoint(ctx, batch[len(batch)-1].at())
}

// rebuilding is a rebuild that a command asked the server for.
type rebuilding struct {
	ID string `json:"id"`
}

// Kind names the job.
func (rebuilding) Kind() string { return "rebuild_index" }

// Queue keeps other jobs going while the search engine is away.
func (rebuilding) Queue() string { return jobs.Outside }

// Timeout lets it take as long as it takes.
func (rebuilding) Timeout() time.Duration { return -1 }

// The states of a rebuild that was asked for.
const (
	rebuildAsked  = "asked"
	rebuildDone   = "done"
	rebuildFailed = "failed"
)

func (s *site) rebuildAsked(ctx context.Context, job rebuilding) error {
	n, err := s.rebuild(ctx, func(done, all int) { _ = s.noteRebuild(ctx, job.ID, done, all, rebuildAsked, "") })
	if err != nil {
		s.log.Error("rebuild of the search index failed", "error", err)
		return errors.Join(s.noteRebuild(ctx, job.ID, 0, 0, rebuildFailed, err.Error()), jobs.Never(err))
	}
	return s.noteRebuild(ctx, job.ID, n, n, rebuildDone, "")
}

func (s *site) noteRebuild(ctx context.Context, id string, done, all int, state, why string) error {
	return s.db.InTx(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE search_rebuilds SET done = $1, total = $2, state = $3, fault = $4, updated_at = $5 WHERE id = $6`,
			done, all, state, why, time.Now().UnixMilli(), id)
		return err
	})
}

// serverAnswers is how long a server may take between two signs of life.
const serverAnswers = time.Minute

// reindexThere asks the server that holds the index, and follows it.
func reindexThere(ctx context.Context, c config, progress func(done, all int)) (int, error) {
	site, err := openToRead(ctx, c, quiet())
	if err != nil {
		return 0, err
	}
	defer func() { _ = site.close() }()
	id, asked := store.NewID(), time.Now().UnixMilli()
	err = site.db.InTx(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO search_rebuilds (id, done, total, state, fault, updated_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, 0, 0, rebuildAsked, "", asked)
		if err != nil {
			return err
		}
		return site.runner.Insert(ctx, tx, rebuilding{id})
	})
	if err != nil {
		return 0, err
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-tick.C:
		}
		n, over, err := site.followRebuild(ctx, id, progress)
		if err != nil || over {
			return n, err
		}
	}
}

// followRebuild looks how far the server is.
func (s *site) followRebuild(ctx context.Context, id string, progress func(done, all int)) (n int, over bool, err error) {
	var all int
	var state, why string
	var updated int64
	err = s.db.Read().QueryRowContext(ctx, `SELECT done, total, state, fault, updated_at FROM search_rebuilds WHERE id = $1`, id).
		Scan(&n, &all, &state, &why, &updated)
	switch {
	case err != nil:
		return 0, false, err
	case state == rebuildFailed:
		return 0, false, fmt.Errorf("the server could not rebuild: %s", why)
	case state == rebuildDone:
		progress(n, n)
		return n, true, nil
	case time.Since(time.UnixMilli(updated)) > serverAnswers:
		return 0, false, fault.New(fault.Unavailable, "server_silent", "The server that holds the index does not answer.")
	}
	progress(n, all)
	return n, false, nil
}
