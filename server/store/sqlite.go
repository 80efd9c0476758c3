package store

import (
	"context"
	"database/sql/driver"
)

// statementsKept is how many prepared statements a connection keeps. The product has fewer; lists of marks of different
// lengths may make more, and then all are prepared anew.
const statementsKept = 500

// liteConnector opens SQLite connections that keep their prepared statements: preparing costs more than running most of
// ours. With whole set, a statement that began is not broken off when its context ends: SQLite would roll back the whole
// transaction, and others share it.
type liteConnector struct {
	driver.Connector
	whole bool
}

// Connect opens a connection.
func (c liteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &liteConn{fullConn: conn.(fullConn), whole: c.whole, kept: map[string]fullStmt{}}, nil
}

// fullConn is what a connection of the driver can do.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// liteConn is one connection; database/sql uses it from one goroutine at a time.
type liteConn struct {
	fullConn
	whole bool
	kept  map[string]fullStmt // prepared and not in use, by their text
}

// Unwrap gives the driver's own connection.
func (c *liteConn) Unwrap() driver.Conn { return c.fullConn }

// take gives a prepared statement; put gives it back.
func (c *liteConn) take(ctx context.Context, query string) (fullStmt, error) {
	if s, ok := c.kept[query]; ok {
		delete(c.kept, query)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(fullStmt), nil
}

func (c *liteConn) put(query string, s fullStmt) {
	if len(c.kept) >= statementsKept {
		c.drop()
	}
	if old, twice := c.kept[query]; twice {
		_ = old.Close()
	}
	c.kept[query] = s
}

func (c *liteConn) drop() {
	for query, s := range c.kept {
		_ = s.Close()
		delete(c.kept, query)
	}
}

// Close closes the statements and the connection.
func (c *liteConn) Close() error {
	c.drop()
	return c.fullConn.Close()
}

func (c *liteConn) context(ctx context.Context) context.Context {
	if c.whole {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// ExecContext runs a statement.
func (c *liteConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	watched(ctx, query)
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	defer c.put(query, s)
	return s.ExecContext(c.context(ctx), args)
}

// QueryContext runs a query; its statement is in use until the rows are closed.
func (c *liteConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	watched(ctx, query)
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(c.context(ctx), args)
	if err != nil {
		c.put(query, s)
		return nil, err
	}
	return &liteRows{Rows: rows, conn: c, query: query, stmt: s}, nil
}

type liteRows struct {
	driver.Rows
	conn  *liteConn
	query string
	stmt  fullStmt
}

// Close gives the statement back.
func (r *liteRows) Close() error {
	err := r.Rows.Close()
	if r.stmt != nil {
		r.conn.put(r.query, r.stmt)
		r.stmt = nil
	}
	return err
}

// ColumnTypeDatabaseTypeName gives the type that a column was declared with.
func (r *liteRows) ColumnTypeDatabaseTypeName(i int) string {
	if t, ok := r.Rows.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return t.ColumnTypeDatabaseTypeName(i)
	}
	return ""
}
