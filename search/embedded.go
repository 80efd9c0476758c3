package search

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"modernc.org/sqlite" // the driver named sqlite
	sqlite3 "modernc.org/sqlite/lib"
)

// Embedded is an Index in the process: documents and words in one SQLite file, what is filtered, counted and sorted in memory.
// One process at a time writes to a file; others may read it as it was when they opened it.
type Embedded struct {
	x      *lexicon
	db     *sql.DB
	writer *sql.DB       // holds the file's lock; nil for a reader, and for an index in memory
	turns  chan struct{} // one for each search that may run at once: more would only take turns on the cores, and all end late

	mu       sync.RWMutex // held for writing while the file and the memory change together
	live     *shelf
	building *shelf // nil without a rebuild
	readOnly bool
}

// ErrInUse is wrapped by the error of opening an index that another process writes to.
var ErrInUse = errors.New("another process writes to this search index")

// errReader is what a reader says to a change.
var errReader = errors.New("this search index was opened to be read")

// OpenEmbedded opens or creates the index in the file path, or in memory if path is empty, and keeps other processes from writing to
// it until Close. The vocabulary the documents were put with should be given again: after a change of it, rebuild.
func OpenEmbedded(ctx context.Context, path string, v Vocabulary) (*Embedded, error) {
	if path == "" {
		return openEmbedded(ctx, "", v, nil)
	}
	writer, err := lock(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	return openEmbedded(ctx, path, v, writer)
}

// ReadEmbedded opens the index in a file as it is now, beside the process that writes to it. Changes are refused.
func ReadEmbedded(ctx context.Context, path string, v Vocabulary) (*Embedded, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	e, err := openEmbedded(ctx, path, v, nil)
	if err == nil {
		e.readOnly = true
	}
	return e, err
}

func openEmbedded(ctx context.Context, path string, v Vocabulary, writer *sql.DB) (*Embedded, error) {
	dsn, conns := "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=busy_timeout(10000)&_txlock=immediate", 4
	if path == "" {
		dsn, conns = ":memory:", 1
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	e := &Embedded{x: newLexicon(v), db: db, writer: writer, turns: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
	if err := e.load(ctx); err != nil {
		_ = e.Close()
		return nil, fmt.Errorf("open search index: %w", err)
	}
	return e, nil
}

// lock takes the lock of an index: an exclusive transaction on a file of its own, which the system ends with the process.
func lock(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+path+".lock?_pragma=busy_timeout(2000)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		_ = db.Close()
		var lite *sqlite.Error
		if errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY {
			err = ErrInUse
		}
		return nil, err
	}
	return db, nil
}

// load reads the shelves there are, or makes the first one.
func (e *Embedded) load(ctx context.Context) error {
	if _, err := e.db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS search_shelf (
		number INTEGER PRIMARY KEY, live INTEGER NOT NULL, at TEXT NOT NULL DEFAULT '')`); err != nil {
		return err
	}
	rows, err := e.db.QueryContext(ctx, `SELECT number, live FROM search_shelf ORDER BY number`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s shelf
		var live bool
		if err := rows.Scan(&s.number, &live); err != nil {
			return err
		}
		if live {
			e.live = newShelf(s.number)
		} else {
			e.building = newShelf(s.number)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close() // the only connection of an index in memory is needed below
	if e.live == nil {
		e.live, err = e.create(ctx, 1, true)
		return err
	}
	for _, s := range []*shelf{e.live, e.building} {
		if s == nil {
			continue
		}
		if err := e.fill(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// create makes the tables of a shelf.
func (e *Embedded) create(ctx context.Context, number int, live bool) (*shelf, error) {
	s := newShelf(number)
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	for _, q := range []string{
		`CREATE TABLE ` + s.docs() + ` (row INTEGER PRIMARY KEY, key TEXT NOT NULL, version INTEGER NOT NULL, body BLOB)`,
		`CREATE VIRTUAL TABLE ` + s.words() + ` USING fts5(name, body, sound, content='', contentless_delete=1, detail=column,
			tokenize="unicode61 remove_diacritics 0 tokenchars '#'")`,
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return nil, err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO search_shelf (number, live) VALUES ($1, $2)`, number, live); err != nil {
		return nil, err
	}
	return s, tx.Commit()
}

// fill reads a shelf's documents into memory.
func (e *Embedded) fill(ctx context.Context, s *shelf) error {
	rows, err := e.db.QueryContext(ctx, `SELECT row, key, version, body FROM `+s.docs()+` ORDER BY row`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row uint32
		var key string
		var version int64
		var body sql.RawBytes
		if err := rows.Scan(&row, &key, &version, &body); err != nil {
			return err
		}
		if body == nil {
			s.bury(row, key, version)
			continue
		}
		var d Document
		if err := json.Unmarshal(body, &d); err != nil {
			return fmt.Errorf("document %s: %w", key, err)
		}
		s.place(row, &d, nil)
	}
	return rows.Err()
}

// Close implements Index.
func (e *Embedded) Close() error {
	err := e.db.Close()
	if e.writer != nil {
		err = errors.Join(err, e.writer.Close())
	}
	return err
}

// Refresh implements Index; a Put is visible when it returns.
func (e *Embedded) Refresh(ctx context.Context) error { return e.alive(ctx) }

// Count implements Index.
func (e *Embedded) Count(ctx context.Context) (int, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return int(e.live.rows.GetCardinality()), e.alive(ctx)
}

func (e *Embedded) alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return unavailable(e.db.PingContext(ctx))
}

func unavailable(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// batch is how many documents change under one lock: some milliseconds.
const batch = 200

// Put implements Index.
func (e *Embedded) Put(ctx context.Context, docs []Document) error {
	return e.put(ctx, docs, func() []*shelf { return []*shelf{e.live, e.building} })
}

func (e *Embedded) put(ctx context.Context, docs []Document, shelves func() []*shelf) error {
	ready := make([]change, len(docs))
	for i, d := range docs {
		d, err := e.x.canonical(d)
		if err != nil {
			return err
		}
		if ready[i].body, err = json.Marshal(d); err != nil {
			return fmt.Errorf("document %s: %w", d.ID, err)
		}
		ready[i].doc, ready[i].key, ready[i].version = &d, d.Key().String(), d.Version
		ready[i].tokens = e.x.analyze(&d)
	}
	return e.change(ctx, ready, shelves)
}

// Delete implements Index.
func (e *Embedded) Delete(ctx context.Context, keys []Key) error {
	gone := make([]change, len(keys))
	for i, k := range keys {
		if err := validKey(k); err != nil {
			return err
		}
		gone[i] = change{key: k.String(), version: k.Version}
	}
	return e.change(ctx, gone, func() []*shelf { return []*shelf{e.live, e.building} })
}

// String is the key's name in both engines: kind:id.
func (k Key) String() string { return string(k.Kind) + ":" + k.ID }

// change is a document to put, or a key to delete if doc is nil.
type change struct {
	key     string
	version int64
	doc     *Document
	body    []byte
	tokens  tokens
	row     uint32
}

func (e *Embedded) change(ctx context.Context, all []change, shelves func() []*shelf) error {
	for len(all) > 0 {
		n := min(batch, len(all))
		if err := e.changeBatch(ctx, all[:n], shelves); err != nil {
			return unavailable(err)
		}
		all = all[n:]
	}
	return nil
}

func (e *Embedded) changeBatch(ctx context.Context, all []change, shelves func() []*shelf) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.readOnly {
		return errReader
	}
	for _, s := range shelves() {
		if s == nil {
			continue
		}
		fresh := s.newer(all)
		if err := e.write(ctx, s, fresh); err != nil {
			return err
		}
		for i := range fresh {
			s.apply(&fresh[i])
		}
	}
	return nil
}

func (e *Embedded) write(ctx context.Context, s *shelf, all []change) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	doc, err := tx.PrepareContext(ctx, `INSERT OR REPLACE INTO `+s.docs()+` (row, key, version, body) VALUES ($1, $2, $3, $4)`)
	if err != nil {
		return err
	}
	defer func() { _ = doc.Close() }()
	words, err := tx.PrepareContext(ctx, `INSERT OR REPLACE INTO `+s.words()+` (rowid, name, body, sound) VALUES ($1, $2, $3, $4)`)
	if err != nil {
		return err
	}
	defer func() { _ = words.Close() }()
	for _, c := range all {
		if _, err := doc.ExecContext(ctx, c.row, c.key, c.version, c.body); err != nil {
			return err
		}
		if c.doc != nil {
			_, err = words.ExecContext(ctx, c.row, c.tokens.text(inName), c.tokens.text(inBody), c.tokens.text(inSound))
		} else {
			_, err = tx.ExecContext(ctx, `DELETE FROM `+s.words()+` WHERE rowid = $1`, c.row)
		}
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

// documents reads documents by row.
func (e *Embedded) documents(ctx context.Context, s *shelf, rows []uint32) (map[uint32]Document, error) {
	out := make(map[uint32]Document, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = strconv.Itoa(int(r))
	}
	found, err := e.db.QueryContext(ctx, `SELECT row, body FROM `+s.docs()+` WHERE row IN (`+strings.Join(list, ",")+`)`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var row uint32
		var body sql.RawBytes
		var d Document
		if err := found.Scan(&row, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(body, &d); err != nil {
			return nil, err
		}
		out[row] = d
	}
	return out, found.Err()
}
