package webhooks

import (
	"context"
	"fmt"
	"strings"

	"jishi/server/measure"
	"jishi/server/store"
)

const webhookColumns = `id, party, url, secret, old_secret, old_until, stopped, made_at, made_by`

func scanWebhook(row store.Scanner) (Webhook, error) {
	var w Webhook
	err := row.Scan(&w.ID, &w.Party, &w.URL, &w.secret, &w.oldSecret, &w.oldUntil, &w.Stopped, &w.MadeAt, &w.MadeBy)
	return w, err
}

func insertWebhook(ctx context.Context, tx store.Tx, w Webhook) error {
	err := store.Exec(ctx, tx, `INSERT INTO webhooks (`+webhookColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		w.ID, w.Party, w.URL, w.secret, w.oldSecret, int64(w.oldUntil), string(w.Stopped), int64(w.MadeAt), w.MadeBy)
	if err != nil {
		return err
	}
	return insertKinds(ctx, tx, w)
}

func insertKinds(ctx context.Context, tx store.Tx, w Webhook) error {
	for _, k := range w.Kinds {
		if err := store.Exec(ctx, tx, `INSERT INTO webhook_kinds (webhook_id, kind) VALUES ($1, $2)`, w.ID, k); err != nil {
			return err
		}
	}
	return nil
}

func updateWebhook(ctx context.Context, tx store.Tx, w Webhook) error {
	err := store.Exec(ctx, tx, `UPDATE webhooks SET url = $1, secret = $2, old_secret = $3, old_until = $4, stopped = $5 WHERE id = $6`,
		w.URL, w.secret, w.oldSecret, int64(w.oldUntil), string(w.Stopped), w.ID)
	if err != nil {
		return err
	}
	if err = store.Exec(ctx, tx, `DELETE FROM webhook_kinds WHERE webhook_id = $1`, w.ID); err != nil {
		return err
	}
	return insertKinds(ctx, tx, w)
}

// stop is done by the sending: nothing else of the row is touched.
func stop(ctx context.Context, tx store.Tx, id string, why Stopped) error {
	return store.Exec(ctx, tx, `UPDATE webhooks SET stopped = $1 WHERE id = $2`, string(why), id)
}

func deleteWebhook(ctx context.Context, tx store.Tx, id string) error {
	for _, table := range []string{"webhook_attempts", "webhook_messages", "webhook_kinds"} {
		if err := store.Exec(ctx, tx, `DELETE FROM `+table+` WHERE webhook_id = $1`, id); err != nil {
			return err
		}
	}
	return store.Exec(ctx, tx, `DELETE FROM webhooks WHERE id = $1`, id)
}

// webhookByID gives a webhook with its kinds, or sql.ErrNoRows.
func webhookByID(ctx context.Context, q store.Querier, id string) (Webhook, error) {
	w, err := scanWebhook(q.QueryRowContext(ctx, `SELECT `+webhookColumns+` FROM webhooks WHERE id = $1`, id))
	if err != nil {
		return w, err
	}
	w.Kinds, err = kindsOf(ctx, q, id)
	return w, err
}

func webhooksOf(ctx context.Context, q store.Querier, party string) ([]Webhook, error) {
	list, err := store.All(ctx, q, scanWebhook, `SELECT `+webhookColumns+` FROM webhooks WHERE party = $1 ORDER BY id DESC`, party)
	for i := range list {
		if err == nil {
			list[i].Kinds, err = kindsOf(ctx, q, list[i].ID)
		}
	}
	return list, err
}

func kindsOf(ctx context.Context, q store.Querier, id string) ([]string, error) {
	return store.All(ctx, q, scanText, `SELECT kind FROM webhook_kinds WHERE webhook_id = $1 ORDER BY kind`, id)
}

func scanText(row store.Scanner) (string, error) {
	var s string
	err := row.Scan(&s)
	return s, err
}

// insertMessages writes an event down for every webhook that hears it, in one statement, and gives those.
func insertMessages(ctx context.Context, tx store.Tx, e Event, id, body string, now measure.Millis) ([]string, error) {
	args := append([]any{id, e.Kind, body, int64(now), family(e.Kind) + ".*"}, store.Args(e.Parties)...)
	return store.All(ctx, tx, scanText, `
		INSERT INTO webhook_messages (webhook_id, event_id, kind, body, told_at, tries, next_at, busy_until, delivered_at)
		SELECT w.id, CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), 0, CAST($4 AS BIGINT), 0, 0 FROM webhooks w
		WHERE w.stopped = '' AND w.party IN (`+store.Marks(6, len(e.Parties))+`)
		AND EXISTS (SELECT 1 FROM webhook_kinds k WHERE k.webhook_id = w.id AND k.kind IN ($2, $5))
		RETURNING webhook_id`, args...)
}

const messageColumns = `webhook_id, event_id, kind, body, told_at, tries, next_at, delivered_at`

func scanMessage(row store.Scanner) (Message, error) {
	var m Message
	err := row.Scan(&m.Webhook, &m.Event, &m.Kind, &m.Body, &m.ToldAt, &m.Tries, &m.NextAt, &m.DeliveredAt)
	return m, err
}

func insertMessage(ctx context.Context, tx store.Tx, m Message) error {
	return store.Exec(ctx, tx, `INSERT INTO webhook_messages (`+messageColumns+`, busy_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`,
		m.Webhook, m.Event, m.Kind, m.Body, int64(m.ToldAt), m.Tries, int64(m.NextAt), int64(m.DeliveredAt))
}

// messageByID gives a message, or sql.ErrNoRows.
func messageByID(ctx context.Context, q store.Querier, webhook, event string) (Message, error) {
	return scanMessage(q.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM webhook_messages WHERE webhook_id = $1 AND event_id = $2`, webhook, event))
}

// oldestDue gives the message of a webhook that is to be sent first, or sql.ErrNoRows: none is due, or one is being sent.
func oldestDue(ctx context.Context, q store.Querier, webhook string, now measure.Millis) (Message, error) {
	return scanMessage(q.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM webhook_messages
		WHERE webhook_id = $1 AND next_at > 0 AND next_at <= $2
		AND NOT EXISTS (SELECT 1 FROM webhook_messages b WHERE b.webhook_id = $1 AND b.busy_until > $2)
		ORDER BY event_id LIMIT 1`, webhook, int64(now)))
}

// dueWebhooks lists those that have something to send.
func dueWebhooks(ctx context.Context, q store.Querier, now measure.Millis) ([]string, error) {
	return store.All(ctx, q, scanText, `SELECT DISTINCT m.webhook_id FROM webhook_messages m JOIN webhooks w ON w.id = m.webhook_id
		WHERE w.stopped = '' AND m.next_at > 0 AND m.next_at <= $1 ORDER BY m.webhook_id`, int64(now))
}

func setBusy(ctx context.Context, tx store.Tx, m Message, until measure.Millis) error {
	return store.Exec(ctx, tx, `UPDATE webhook_messages SET tries = $1, busy_until = $2 WHERE webhook_id = $3 AND event_id = $4`,
		m.Tries, int64(until), m.Webhook, m.Event)
}

func setMessage(ctx context.Context, tx store.Tx, m Message) error {
	return store.Exec(ctx, tx, `UPDATE webhook_messages SET tries = $1, next_at = $2, delivered_at = $3, busy_until = 0 WHERE webhook_id = $4 AND event_id = $5`,
		m.Tries, int64(m.NextAt), int64(m.DeliveredAt), m.Webhook, m.Event)
}

// quiet lets a webhook's other messages wait until then.
func quiet(ctx context.Context, tx store.Tx, webhook string, until measure.Millis) error {
	return store.Exec(ctx, tx, `UPDATE webhook_messages SET next_at = $1 WHERE webhook_id = $2 AND next_at > 0 AND next_at < $1`, int64(until), webhook)
}

// deliveredSince reports whether anything arrived at a webhook from an instant on.
func deliveredSince(ctx context.Context, q store.Querier, webhook string, at measure.Millis) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT event_id FROM webhook_messages WHERE webhook_id = $1 AND delivered_at >= $2 LIMIT 1) AS arrived`, webhook, int64(at)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("webhooks: %w", err)
	}
	return n > 0, nil
}

func messagesPage(ctx context.Context, q store.Querier, webhook string, state State, after string, n int) ([]Message, error) {
	in := map[State]string{Waiting: ` AND next_at > 0`, Delivered: ` AND next_at = 0 AND delivered_at > 0`, GivenUp: ` AND next_at = 0 AND delivered_at = 0`}[state]
	return store.All(ctx, q, scanMessage, `SELECT `+messageColumns+` FROM webhook_messages
		WHERE webhook_id = $1 AND event_id < $2`+in+` ORDER BY event_id DESC LIMIT $3`, webhook, store.Below(after), n)
}

func insertAttempt(ctx context.Context, tx store.Tx, a Attempt) error {
	return store.Exec(ctx, tx, `INSERT INTO webhook_attempts (id, webhook_id, event_id, at, took_ms, status, said) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.ID, a.Webhook, a.Event, int64(a.At), a.TookMS, a.Status, a.Said)
}

func attemptsOf(ctx context.Context, q store.Querier, webhook, event string) ([]Attempt, error) {
	return store.All(ctx, q, func(row store.Scanner) (Attempt, error) {
		var a Attempt
		err := row.Scan(&a.ID, &a.Webhook, &a.Event, &a.At, &a.TookMS, &a.Status, &a.Said)
		return a, err
	}, `SELECT id, webhook_id, event_id, at, took_ms, status, said FROM webhook_attempts WHERE webhook_id = $1 AND event_id = $2 ORDER BY id`, webhook, event)
}

// forget deletes messages that were told before an instant and have ended, with their attempts.
func forget(ctx context.Context, tx store.Tx, before measure.Millis) error {
	old := `SELECT 1 FROM webhook_messages m WHERE m.webhook_id = webhook_attempts.webhook_id AND m.event_id = webhook_attempts.event_id AND m.next_at = 0 AND m.told_at < $1`
	if err := store.Exec(ctx, tx, `DELETE FROM webhook_attempts WHERE EXISTS (`+old+`)`, int64(before)); err != nil {
		return err
	}
	return store.Exec(ctx, tx, `DELETE FROM webhook_messages WHERE next_at = 0 AND told_at < $1`, int64(before))
}

// clip gives the beginning of a text that is fit for a database: valid UTF-8 without zeros.
func clip(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}
