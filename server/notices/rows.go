package notices

import (
	"context"
	"encoding/json"
	"fmt"

	"jishi/server/measure"
	"jishi/server/store"
)

func insertNotice(ctx context.Context, tx store.Tx, n Notice) error {
	body, err := json.Marshal(n.Body)
	if err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	return store.Exec(ctx, tx, `INSERT INTO notices (id, recipient, kind, about, found, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (recipient, kind, about, found) DO NOTHING`,
		n.ID, n.Recipient, string(n.Kind), n.About, n.Found, string(body), int64(n.CreatedAt))
}

func scanNotice(row store.Scanner) (Notice, error) {
	var n Notice
	var body string
	if err := row.Scan(&n.ID, &n.Recipient, &n.Kind, &n.About, &n.Found, &body, &n.CreatedAt, &n.Read); err != nil {
		return n, err
	}
	return n, json.Unmarshal([]byte(body), &n.Body)
}

func noticesPage(ctx context.Context, q store.Querier, user string, boxes []string, p Page) ([]Notice, error) {
	args := append([]any{user, p.After, !p.Unread, p.Limit}, store.Args(boxes)...)
	return store.All(ctx, q, scanNotice, `
		SELECT n.id, n.recipient, n.kind, n.about, n.found, n.body, n.created_at, r.at IS NOT NULL
		FROM notices n LEFT JOIN notice_reads r ON r.notice_id = n.id AND r.user_id = $1
		WHERE ($2 = '' OR n.id < $2) AND ($3 OR r.at IS NULL) AND n.recipient IN (`+store.Marks(5, len(boxes))+`)
		ORDER BY n.id DESC LIMIT $4`, args...)
}

func countUnread(ctx context.Context, q store.Querier, user string, boxes []string) (int, error) {
	args := append([]any{user}, store.Args(boxes)...)
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM (
		SELECT n.id FROM notices n LEFT JOIN notice_reads r ON r.notice_id = n.id AND r.user_id = $1
		WHERE r.at IS NULL AND n.recipient IN (`+store.Marks(2, len(boxes))+`) LIMIT 100) AS unread`, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("notices: %w", err)
	}
	return n, nil
}

func markRead(ctx context.Context, tx store.Tx, user string, boxes, ids []string, at measure.Millis) error {
	args := append([]any{user, int64(at)}, store.Args(boxes)...)
	where := `recipient IN (` + store.Marks(3, len(boxes)) + `)`
	if len(ids) > 0 {
		where += ` AND id IN (` + store.Marks(3+len(boxes), len(ids)) + `)`
		args = append(args, store.Args(ids)...)
	}
	return store.Exec(ctx, tx, `INSERT INTO notice_reads (notice_id, user_id, at)
		SELECT id, CAST($1 AS TEXT), CAST($2 AS BIGINT) FROM notices WHERE `+where+`
		ON CONFLICT (notice_id, user_id) DO NOTHING`, args...)
}

const savedColumns = `id, user_id, name, query, alert, created_at`

func scanSaved(row store.Scanner) (Saved, error) {
	var s Saved
	var query string
	err := row.Scan(&s.ID, &s.User, &s.Name, &query, &s.Alert, &s.CreatedAt)
	s.Query = json.RawMessage(query)
	return s, err
}

func insertSaved(ctx context.Context, tx store.Tx, s Saved) error {
	return store.Exec(ctx, tx, `INSERT INTO saved_searches (`+savedColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, s.User, s.Name, string(s.Query), s.Alert, int64(s.CreatedAt))
}

func savedByID(ctx context.Context, q store.Querier, id string) (Saved, error) {
	return scanSaved(q.QueryRowContext(ctx, `SELECT `+savedColumns+` FROM saved_searches WHERE id = $1`, id))
}

func savedOf(ctx context.Context, q store.Querier, user string) ([]Saved, error) {
	return store.All(ctx, q, scanSaved, `SELECT `+savedColumns+` FROM saved_searches WHERE user_id = $1 ORDER BY id DESC`, user)
}

func alertsPage(ctx context.Context, q store.Querier, after string, n int) ([]Saved, error) {
	return store.All(ctx, q, scanSaved, `SELECT `+savedColumns+` FROM saved_searches WHERE alert AND id > $1 ORDER BY id LIMIT $2`, after, n)
}

func updateSaved(ctx context.Context, tx store.Tx, s Saved) error {
	return store.Exec(ctx, tx, `UPDATE saved_searches SET name = $1, alert = $2 WHERE id = $3`, s.Name, s.Alert, s.ID)
}

func deleteSaved(ctx context.Context, tx store.Tx, id string) error {
	return store.Exec(ctx, tx, `DELETE FROM saved_searches WHERE id = $1`, id)
}
