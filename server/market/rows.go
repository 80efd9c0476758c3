package market

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"jishi/server/fault"
	"jishi/server/store"
)

// scanner is a row or the rows of a query.
type scanner interface{ Scan(dest ...any) error }

// marks gives "$1, $2, ..." for n values, the first numbered from.
func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// anys makes arguments of ids.
func anys(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// rowsOf reads all rows of a query.
func rowsOf[T any](ctx context.Context, q store.Querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("market: %w", err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("market: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// found turns the lack of a row into the fault that names what is missing.
func found(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(what)
	}
	return err
}

// notFound is the answer for what is not there and for what is another's private thing alike.
func notFound(what string) error {
	return fault.New(fault.NotFound, "not_found", "There is no such %s, or it is not open to you.", what)
}

func exec(ctx context.Context, q store.Querier, query string, args ...any) error {
	if _, err := q.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("market: %w", err)
	}
	return nil
}
