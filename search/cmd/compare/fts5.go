package main

import (
	"context"
	"database/sql"
	"math"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver named sqlite
)

type fts5 struct{ db *sql.DB }

func openFTS5(dir string) (engine, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "fts5.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
	if err != nil {
		return nil, err
	}
	for _, q := range []string{
		`CREATE TABLE docs (row INTEGER PRIMARY KEY, produce TEXT, county TEXT, price REAL, lon REAL, lat REAL)`,
		`CREATE VIRTUAL TABLE words USING fts5(name, body, content='', contentless_delete=1, detail=column, tokenize="unicode61 remove_diacritics 0")`,
	} {
		if _, err := db.Exec(q); err != nil {
			return nil, err
		}
	}
	return &fts5{db}, nil
}

func (f *fts5) fill(ctx context.Context, rows []row) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	doc, err := tx.PrepareContext(ctx, `INSERT INTO docs (row, produce, county, price, lon, lat) VALUES (?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	words, err := tx.PrepareContext(ctx, `INSERT INTO words (rowid, name, body) VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if _, err := doc.ExecContext(ctx, i+1, r.Produce, r.County, r.Price, r.Lon, r.Lat); err != nil {
			return err
		}
		if _, err := words.ExecContext(ctx, i+1, r.Name, r.Body); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// where writes the question as SQL: a box stands for the circle, its corners are left to the reader of the page.
func (q question) where() (string, []any) {
	quoted := make([]string, len(q.words))
	for i, w := range q.words {
		quoted[i] = `"` + w + `"`
	}
	sql, args := `FROM words JOIN docs ON docs.row = words.rowid WHERE words MATCH ?`, []any{strings.Join(quoted, " AND ")}
	if q.maxPrice > 0 {
		sql, args = sql+` AND price <= ?`, append(args, q.maxPrice)
	}
	if q.near != nil {
		lat := q.km / 111.2
		lon := lat / math.Cos(q.near.Lat*math.Pi/180)
		sql += ` AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?`
		args = append(args, q.near.Lon-lon, q.near.Lon+lon, q.near.Lat-lat, q.near.Lat+lat)
	}
	return sql, args
}

func (f *fts5) ask(ctx context.Context, q question) (int, error) {
	where, args := q.where()
	var n int
	if err := f.db.QueryRowContext(ctx, `SELECT COUNT(*) `+where, args...).Scan(&n); err != nil {
		return 0, err
	}
	if err := f.drain(ctx, `SELECT docs.row, price `+where+` ORDER BY price, docs.row LIMIT 20`, args); err != nil {
		return 0, err
	}
	if q.facets {
		for _, by := range []string{"produce", "county"} {
			if err := f.drain(ctx, `SELECT `+by+`, COUNT(*) AS n `+where+` GROUP BY `+by+` ORDER BY n DESC LIMIT 20`, args); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (f *fts5) drain(ctx context.Context, query string, args []any) error {
	rows, err := f.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var a, b any
	for rows.Next() {
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (f *fts5) close() error { return f.db.Close() }
