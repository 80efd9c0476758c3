package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Engine names the database program.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Tx is a transaction begun by InTx.
type Tx = *sql.Tx

// Querier is what reading functions need: a Tx, or a pool.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// DB is an open database.
type DB struct {
	engine Engine
	write  *sql.DB // SQLite: one connection, immediate transactions; PostgreSQL: the pool
	read   *sql.DB // SQLite: a pool of readers; PostgreSQL: the same pool
	pool   *pgxpool.Pool
	group  *group // lets transactions share commits
}

// Connections to a database. One SQLite writer: more are no faster and stall each other for seconds.
const (
	readers      = 8
	pgConns      = 16
	tries        = 40
	busyMillis   = 10_000
	sqlitePrefix = "sqlite:"
)

// Open opens "sqlite:/path/jishi.db" (made if missing) or "postgres://...". It migrates nothing. Every commit is on
// disk before it is acknowledged (synchronous=FULL).
func Open(ctx context.Context, dsn string) (*DB, error) {
	switch {
	case strings.HasPrefix(dsn, sqlitePrefix):
		return openSQLite(ctx, strings.TrimPrefix(dsn, sqlitePrefix))
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return openPostgres(ctx, dsn)
	}
	return nil, fmt.Errorf("open database: the address starts with neither sqlite: nor postgres://")
}

func sqliteDSN(path string, options ...string) string {
	q := url.Values{}
	for _, p := range []string{"foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)", fmt.Sprintf("busy_timeout(%d)", busyMillis)} {
		q.Add("_pragma", p)
	}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		q.Add(name, value)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	write, err := openLite(sqliteDSN(path, "_txlock=immediate", "_pragma=temp_store(MEMORY)"), true, 1)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err = write.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	read, err := openLite(sqliteDSN(path, "_pragma=query_only(1)"), false, readers)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	return &DB{engine: SQLite, write: write, read: read, group: newGroup(write, sql.LevelDefault)}, nil
}

func openLite(dsn string, whole bool, conns int) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(liteConnector{connector, whole})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func openPostgres(ctx context.Context, dsn string) (*DB, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	config.MaxConns = pgConns
	// A scan of a whole table in a serializable transaction conflicts with every write to it (PostgreSQL 13.2.3), and
	// a young table is scanned whole although an index would serve.
	config.ConnConfig.RuntimeParams["enable_seqscan"] = "off"
	config.ConnConfig.Tracer = pgWatcher{}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	if err = checkCollation(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	db := stdlib.OpenDBFromPool(pool)
	return &DB{engine: Postgres, write: db, read: db, pool: pool, group: newGroup(db, sql.LevelSerializable)}, nil
}

// checkCollation refuses a database that sorts text otherwise than by bytes: keyset pages and the ledger's order of
// accounts rely on it.
func checkCollation(ctx context.Context, pool *pgxpool.Pool) error {
	var collation string
	err := pool.QueryRow(ctx, `SELECT datcollate FROM pg_database WHERE datname = current_database()`).Scan(&collation)
	if err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	if collation != "C" && collation != "POSIX" {
		return fmt.Errorf("open PostgreSQL: the database sorts by %s; make it with LC_COLLATE 'C' TEMPLATE template0", collation)
	}
	return nil
}

// Close closes every connection.
func (d *DB) Close() error {
	d.group.close()
	err := d.read.Close()
	if d.write != d.read {
		err = errors.Join(err, d.write.Close())
	}
	if d.pool != nil {
		d.pool.Close()
	}
	return err
}

// Engine says which database program this is.
func (d *DB) Engine() Engine { return d.engine }

// Read gives the pool for queries outside a transaction. On SQLite it can't write.
func (d *DB) Read() *sql.DB { return d.read }

// Writer gives the pool that transactions come from, for the job runner alone.
func (d *DB) Writer() *sql.DB { return d.write }

// Pool gives the PostgreSQL pool, nil on SQLite, for the job runner alone.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// InTx runs fn in one transaction: all of it happens or none, and it is on disk when InTx returns. An error or a panic of
// fn rolls back; a panic goes on as one with a Panicked. fn runs in another goroutine than its caller's. Those of one process
// run one after the other and share commits; on PostgreSQL they are SERIALIZABLE and run again, a bounded number of times, when
// the engine says another process was in the way. fn may run more than once and must touch nothing but its Tx; it ends neither
// the Tx nor calls InTx itself.
func (d *DB) InTx(ctx context.Context, fn func(tx Tx) error) error {
	for try := 1; ; try++ {
		err := d.group.run(ctx, fn)
		if err == nil || !again(err) || try == tries {
			return err
		}
		if err = pause(ctx, try); err != nil {
			return err
		}
	}
}

// pause waits a little longer at each try, at most 64 ms, with a part that depends on the clock's lowest digits so that
// two that met don't meet again.
func pause(ctx context.Context, try int) error {
	base := time.Millisecond << min(try, 6)
	wait := base/2 + time.Duration(time.Now().UnixNano())%base
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// again reports whether the engine asks for the whole transaction to be run again.
func again(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	return errors.Is(err, errAgain) || errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}

// IsUnique reports whether err says that a row with such a key is already there.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return false
	}
	return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}
