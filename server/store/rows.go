package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Scanner is a row, or the rows of a query at one of them.
type Scanner interface{ Scan(dest ...any) error }

// All reads all rows of a query, each by scan; nil when there is none.
func All[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read rows: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Exec runs a statement whose result nobody asks for.
func Exec(ctx context.Context, q Querier, query string, args ...any) error {
	if _, err := q.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// Marks gives "$1, $2, ..." for n values, the first numbered from.
func Marks(from, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(marks, ", ")
}

// Rows gives "($1, $2), ($3, $4), ..." for n rows of so many columns.
func Rows(n, columns int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "(" + Marks(1+i*columns, columns) + ")"
	}
	return strings.Join(rows, ", ")
}

// Below gives what the ids of a page lie below: the last one of the page before, or for the first page what sorts behind every id.
func Below(after string) string {
	if after == "" {
		return "~"
	}
	return after
}

// Only narrows a condition to rows with a value in a column, unless the value is empty. The value goes behind the other arguments: a
// condition that holds for every value would keep the index from being used.
func Only(where string, args []any, column, value string) (string, []any) {
	if value == "" {
		return where, args
	}
	return where + ` AND ` + column + ` = $` + strconv.Itoa(len(args)+1), append(args, value)
}

// Args makes a list of values the arguments of a statement.
func Args[T any](list []T) []any {
	args := make([]any, len(list))
	for i, v := range list {
		args[i] = v
	}
	return args
}
