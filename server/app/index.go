package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jishi/search"
	"jishi/server/jobs"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// capacityKind names what dispatch changes and search finds, beside the kinds of the market.
const capacityKind market.Kind = "capacity"

// indexing brings one document of the index up to date with the database.
type indexing struct {
	What market.Kind `json:"what"`
	ID   string      `json:"id"`
}

// Kind names the job.
func (indexing) Kind() string { return "index" }

// Key names the document: one job that waits brings it up to date with all that changed before.
func (j indexing) Key() string { return string(j.What) + "/" + j.ID }

// Queue keeps other jobs going while the search engine is away.
func (indexing) Queue() string { return jobs.Outside }

// changed asks, in the transaction of the change, for the index to follow and for both sides of a match to hear of it.
func (s *site) changed(ctx context.Context, tx store.Tx, kind market.Kind, ids ...string) error {
	var list []jobs.Args
	for _, id := range ids {
		list = append(list, indexing{kind, id}, matching{kind, id})
	}
	return s.runner.Insert(ctx, tx, list...)
}

// capacityChanged asks for the same, and once more at a later time: a truck is free again when its carrier does not answer.
func (s *site) capacityChanged(ctx context.Context, tx store.Tx, id string, again measure.Millis) error {
	if err := s.changed(ctx, tx, capacityKind, id); err != nil || again == 0 {
		return err
	}
	return s.runner.InsertAt(ctx, tx, indexing{capacityKind, id}, time.UnixMilli(int64(again)))
}

// awayFor is how long a job waits that found the search engine away.
const awayFor = 2 * time.Second

// reindexOne reads a thing as it is now and puts it into the index or takes it out. The version is the database's time before the
// reading: whoever read later knows at least as much and wins, on whichever server it runs.
func (s *site) reindexOne(ctx context.Context, job indexing) error {
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	doc, err := s.document(ctx, job.What, job.ID)
	switch {
	case errors.Is(err, errHidden):
		err = s.index.Delete(ctx, []search.Key{{Kind: search.Kind(job.What), ID: job.ID, Version: version}})
	case err == nil:
		doc.Version = version
		err = s.index.Put(ctx, []search.Document{doc})
	}
	if errors.Is(err, search.ErrUnavailable) {
		return jobs.Later(awayFor)
	}
	return err
}

// version gives a number that grows with time, in microseconds: of the one clock that all servers on a database share.
func (s *site) version(ctx context.Context) (int64, error) {
	if s.db.Engine() == store.SQLite {
		return time.Now().UnixMicro(), nil
	}
	var v int64
	err := s.db.Read().QueryRowContext(ctx, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)`).Scan(&v)
	if err != nil {
		return 0, fmt.Errorf("read the database's clock: %w", err)
	}
	return v, nil
}

// following looks whether the index was lost.
type following struct{}

// Kind names the job.
func (following) Kind() string { return "follow_index" }

// Queue keeps other jobs going while the search engine is away.
func (following) Queue() string { return jobs.Outside }

// Timeout lets a rebuild take as long as it takes.
func (following) Timeout() time.Duration { return -1 }

func (s *site) follow(ctx context.Context, _ following) error { return s.followIndex(ctx) }

// followIndex fills an index that is empty while the database is not: its file was lost, its server is new or came back without it.
func (s *site) followIndex(ctx context.Context) error {
	n, err := s.index.Count(ctx)
	if errors.Is(err, search.ErrUnavailable) {
		s.log.Warn("search engine away; browsing goes on from the database", "error", err)
		return nil
	}
	if err != nil || n > 0 {
		return err
	}
	all, err := things(ctx, s.db.Read())
	if err != nil || len(all) == 0 {
		return err
	}
	_, err = s.rebuild(ctx, func(int, int) {})
	if errors.Is(err, search.ErrUnavailable) {
		return nil // the next look goes on where this one stopped
	}
	return err
}
