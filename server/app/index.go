package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jishi/search"
	"jishi/server/market"
	"jishi/server/store"
)

// reindex builds a fresh index beside the live one from the database, and swaps it in: `jishi reindex --data DIR`.
func reindex(ctx context.Context, args []string, s Streams, env func(string) string) error {
	f := flags("reindex", s)
	var c config
	f.StringVar(&c.data, "data", "data", "data folder")
	f.StringVar(&c.dsn, "db", env("JISHI_DB"), "postgres://... instead of SQLite in the folder")
	f.StringVar(&c.elastic, "elasticsearch", env("JISHI_ELASTICSEARCH_URL"), "http://... instead of the index in the folder")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if c.dsn == "" {
		if err := mustExist(c.data); err != nil {
			return err
		}
	}
	site, err := open(ctx, c, quiet())
	if err != nil {
		return err
	}
	defer func() { _ = site.close() }()
	n, err := site.rebuild(ctx, func(done, all int) { fmt.Fprintf(s.Err, "\r%s %d of %d", bar(done, all), done, all) })
	fmt.Fprintln(s.Err)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%d documents\n", n)
	return nil
}

// thing is a row that may have a document.
type thing struct {
	kind market.Kind
	id   string
}

// things lists all rows that may have a document, in the order of kind and id.
func things(ctx context.Context, q store.Querier) ([]thing, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT 'campaign' AS kind, id FROM campaigns
		UNION ALL SELECT 'demand', id FROM demands
		UNION ALL SELECT 'offer', id FROM offers ORDER BY kind, id`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []thing
	for rows.Next() {
		var t thing
		if err = rows.Scan(&t.kind, &t.id); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// rebuild fills a fresh index; an earlier one that was not finished goes on where it stopped.
func (s *site) rebuild(ctx context.Context, progress func(done, all int)) (int, error) {
	all, err := things(ctx, s.db.Read())
	if err != nil {
		return 0, err
	}
	fresh, err := s.index.Rebuild(ctx)
	if err != nil {
		return 0, err
	}
	from, n := fresh.Resumed(), 0
	for i, t := range all {
		at := string(t.kind) + "/" + t.id
		if at > from {
			put, err := s.rebuildOne(ctx, fresh, t, at)
			if err != nil {
				return n, err
			}
			n += put
		}
		progress(i+1, len(all))
	}
	return n, fresh.Swap(ctx)
}

func (s *site) rebuildOne(ctx context.Context, fresh search.Rebuild, t thing, at string) (int, error) {
	version := time.Now().UnixMicro()
	doc, err := s.document(ctx, t.kind, t.id)
	if errors.Is(err, errHidden) || errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	doc.Version = version
	if err = fresh.Put(ctx, []search.Document{doc}); err != nil {
		return 0, err
	}
	return 1, fresh.Checkpoint(ctx, at)
}

// followIndex fills an index that is empty while the database is not: its file was lost, or it is new.
func (s *site) followIndex(ctx context.Context) error {
	n, err := s.index.Count(ctx)
	if errors.Is(err, search.ErrUnavailable) {
		s.log.Warn("search engine away; browsing goes on from the database", "error", err)
		return nil
	}
	if err != nil || n > 0 {
		return err
	}
	_, err = s.rebuild(ctx, func(int, int) {})
	return err
}
