package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"jishi/search"
	"jishi/search/searchtest"
)

func documents(n int) iter.Seq[search.Document] {
	return func(yield func(search.Document) bool) {
		for l := range searchtest.Market(seed, n) {
			l.ExpiresAt = time.Now().Add(time.Duration(l.Life * 24 * float64(time.Hour))).UnixMilli() // suggestions go by the clock on the wall
			if !yield(l.Document) {
				return
			}
		}
	}
}

// part is how many documents are put at once, and how often it is written down how far a build came.
const part = 1000

// fill puts the market through a rebuild, the way reindex does, from where an earlier run stopped.
func fill(ctx context.Context, ix search.Index, b *built) error {
	if n, err := ix.Count(ctx); err == nil && b.Done == b.N && n == b.N {
		return nil // swapped in, and then cut off
	}
	r, err := ix.Rebuild(ctx)
	if err != nil {
		return err
	}
	// The index knows best how far it came; a part that it holds already is passed over by its version.
	if b.Done, _ = strconv.Atoi(r.Resumed()); b.Done == 0 {
		b.Spent = 0
	}
	if err := putAll(ctx, r, b); err != nil {
		return err
	}
	at := time.Now()
	if err := r.Swap(ctx); err != nil {
		return err
	}
	b.Spent += time.Since(at)
	return ix.Refresh(ctx)
}

func putAll(ctx context.Context, r search.Rebuild, b *built) error {
	var docs []search.Document
	n := 0
	for d := range documents(b.N) {
		if n++; n <= b.Done {
			continue
		}
		if docs = append(docs, d); len(docs) < part && n < b.N {
			continue
		}
		if err := put(ctx, r, docs, b); err != nil {
			return err
		}
		docs = docs[:0]
	}
	return nil
}

// put counts the time in the engine; a full server asks to wait, and that time counts.
func put(ctx context.Context, r search.Rebuild, docs []search.Document, b *built) error {
	at := time.Now()
	err := r.Put(ctx, docs)
	for try := 0; errors.Is(err, search.ErrUnavailable) && try < 10 && ctx.Err() == nil; try++ {
		time.Sleep(time.Second)
		err = r.Put(ctx, docs)
	}
	if err != nil {
		return err
	}
	b.Done += len(docs)
	b.Spent += time.Since(at)
	if err := r.Checkpoint(ctx, strconv.Itoa(b.Done)); err != nil {
		return err
	}
	if b.Done%(100*part) == 0 {
		fmt.Fprintf(os.Stderr, "%s: %d of %d, %.0f a second\n", filepath.Base(b.path), b.Done, b.N, b.rate())
	}
	return b.save()
}

// finish writes down what a filled index takes, and checks that it holds what it should.
func finish(ctx context.Context, ix search.Index, b *built) error {
	n, err := ix.Count(ctx)
	if err != nil {
		return err
	}
	if n != b.N {
		return fmt.Errorf("%s: the index holds %d listings, not %d; remove the file to build it anew", b.path, n, b.N)
	}
	if b.On == "" {
		b.On = time.Now().Format(time.DateOnly)
	}
	return b.save()
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func (b *bench) embedded(ctx context.Context) (*engine, error) {
	path := filepath.Join(b.data, fmt.Sprintf("search-%d.db", b.n))
	v := searchtest.Vocabulary()
	e := &engine{name: "embedded"}
	var err error
	if e.built, err = begun(b.data, e.name, b.n); err != nil {
		return nil, err
	}
	if !e.built.swapped {
		ix, err := search.OpenEmbedded(ctx, path, v)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(fill(ctx, ix, e.built), ix.Close()); err != nil {
			return nil, err
		}
	}
	before, at := heap(), time.Now()
	if e.index, err = search.OpenEmbedded(ctx, path, v); err != nil {
		return nil, err
	}
	e.open = time.Since(at)
	e.built.Memory, e.built.Disk = heap()-before, sizeOf(path+"*")
	return e, finish(ctx, e.index, e.built)
}

func sizeOf(pattern string) int64 {
	files, _ := filepath.Glob(pattern) // the pattern is well formed
	var sum int64
	for _, f := range files {
		if s, err := os.Stat(f); err == nil {
			sum += s.Size()
		}
	}
	return sum
}

func (b *bench) elastic(ctx context.Context) (*engine, error) {
	at := time.Now()
	ix, err := search.OpenElastic(ctx, search.ElasticConfig{Addresses: []string{b.address}, Index: fmt.Sprintf("jishi-bench-s%d-%d", seed, b.n), Timeout: 2 * time.Minute},
		searchtest.Vocabulary())
	if err != nil {
		return nil, err
	}
	e := &engine{name: "elasticsearch", index: ix, drop: ix.Drop, open: time.Since(at)}
	if e.built, err = begun(b.data, e.name, b.n); err != nil {
		return e, err
	}
	if !e.built.swapped {
		if err := fill(ctx, ix, e.built); err != nil {
			return e, err
		}
	}
	if e.built.Disk, e.built.Memory, err = ix.Usage(ctx); err != nil {
		return e, err
	}
	return e, finish(ctx, ix, e.built)
}
