package notices

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"jishi/server/measure"
	"jishi/server/store"
)

// scanner is a row or the rows of a query.
type scanner interface{ Scan(dest ...any) error }

func rowsOf[T any](ctx context.Context, q store.Querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("notices: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func exec(ctx context.Context, q store.Querier, query string, args ...any) error {
	if _, err := q.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	return nil
}

// list adds values to args and gives their marks: "$3, $4".
func list(args *[]any, values []string) string {
	marks := make([]string, len(values))
	for i, v := range values {
		*args = append(*args, v)
		marks[i] = "$" + strconv.Itoa(len(*args))
	}
	return strings.Join(marks, ", ")
}

func insertNotice(ctx context.Context, tx store.Tx, n Notice) error {
	body, err := json.Marshal(n.Body)
	if err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	return exec(ctx, tx, `INSERT INTO notices (id, recipient, kind, about, found, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (recipient, kind, about, found) DO NOTHING`,
		n.ID, n.Recipient, string(n.Kind), n.About, n.Found, string(body), int64(n.CreatedAt))
}

func scanNotice(row scanner) (Notice, error) {
	var n Notice
	var body string
	if err := row.Scan(&n.ID, &n.Recipient, &n.Kind, &n.About, &n.Found, &body, &n.CreatedAt, &n.Read); err != nil {
		return n, err
	}
	return n, json.Unmarshal([]byte(body), &n.Body)
}

func noticesPage(ctx context.Context, q store.Querier, user string, boxes []string, after string, unread bool, n int) ([]Notice, error) {
	args := []any{user, after, !unread, n}
	return rowsOf(ctx, q, scanNotice, `
		SELECT n.id, n.recipient, n.kind, n.about, n.found, n.body, n.created_at, r.at IS NOT NULL
		FROM notices n LEFT JOIN notice_reads r ON r.notice_id = n.id AND r.user_id = $1
		WHERE ($2 = '' OR n.id < $2) AND ($3 OR r.at IS NULL) AND n.recipient IN (`+list(&args, boxes)+`)
		ORDER BY n.id DESC LIMIT $4`, args...)
}

func countUnread(ctx context.Context, q store.Querier, user string, boxes []string) (int, error) {
	args := []any{user}
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM (
		SELECT n.id FROM notices n LEFT JOIN notice_reads r ON r.notice_id = n.id AND r.user_id = $1
		WHERE r.at IS NULL AND n.recipient IN (`+list(&args, boxes)+`) LIMIT 100) AS unread`, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("notices: %w", err)
	}
	return n, nil
}

func markRead(ctx context.Context, tx store.Tx, user string, boxes, ids []string, at measure.Millis) error {
	args := []any{user, int64(at)}
	where := `recipient IN (` + list(&args, boxes) + `)`
	if len(ids) > 0 {
		where += ` AND id IN (` + list(&args, ids) + `)`
	}
	return exec(ctx, tx, `INSERT INTO notice_reads (notice_id, user_id, at)
		SELECT id, CAST($1 AS TEXT), CAST($2 AS BIGINT) FROM notices WHERE `+where+`
		ON CONFLICT (notice_id, user_id) DO NOTHING`, args...)
}

const savedColumns = `id, user_id, name, query, alert, created_at`

func scanSaved(row scanner) (Saved, error) {
	var s Saved
	var query string
	err := row.Scan(&s.ID, &s.User, &s.Name, &query, &s.Alert, &s.CreatedAt)
	s.Query = json.RawMessage(query)
	return s, err
}

func insertSaved(ctx context.Context, tx store.Tx, s Saved) error {
	return exec(ctx, tx, `INSERT INTO saved_searches (`+savedColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, s.User, s.Name, string(s.Query), s.Alert, int64(s.CreatedAt))
}

func savedByID(ctx context.Context, q store.Querier, id string) (Saved, error) {
	return scanSaved(q.QueryRowContext(ctx, `SELECT `+savedColumns+` FROM saved_searches WHERE id = $1`, id))
}

func savedOf(ctx context.Context, q store.Querier, user string) ([]Saved, error) {
	return rowsOf(ctx, q, scanSaved, `SELECT `+savedColumns+` FROM saved_searches WHERE user_id = $1 ORDER BY id DESC`, user)
}

func alertsPage(ctx context.Context, q store.Querier, after string, n int) ([]Saved, error) {
	return rowsOf(ctx, q, scanSaved, `SELECT `+savedColumns+` FROM saved_searches WHERE alert AND id > $1 ORDER BY id LIMIT $2`, after, n)
}

func setAlert(ctx context.Context, tx store.Tx, id string, alert bool) error {
	return exec(ctx, tx, `UPDATE saved_searches SET alert = $1 WHERE id = $2`, alert, id)
}

func deleteSaved(ctx context.Context, tx store.Tx, id string) error {
	return exec(ctx, tx, `DELETE FROM saved_searches WHERE id = $1`, id)
}
