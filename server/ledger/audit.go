package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	"jishi/server/measure"
	"jishi/server/store"
)

// Event is one line of the audit: who did what to what, when, why, and what it was before and after.
type Event struct {
	ID      string          `json:"-"`
	At      measure.Millis  `json:"at"`
	Actor   string          `json:"actor"`
	Act     string          `json:"act"`     // "order.confirm"
	Subject string          `json:"subject"` // "order/<id>"
	Reason  string          `json:"reason,omitempty"`
	Mandate string          `json:"mandate,omitempty"` // under which mandate, when acting for another
	Before  json.RawMessage `json:"before,omitempty"`
	After   json.RawMessage `json:"after,omitempty"`
}

// deed is an event as it is written: what its subject was before and after goes into the text at once.
type deed struct {
	Event
	Before any `json:"before,omitempty"`
	After  any `json:"after,omitempty"`
}

// Record appends an event in the transaction of the act, with what its subject was before it and after it, which become JSON; nil for
// what there is nothing of.
func Record(ctx context.Context, tx store.Tx, ev Event, before, after any) error {
	body, sum, err := canonical(deed{ev, before, after})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO audit_events (id, at, body, subject, body_sha256) VALUES ($1, $2, $3, $4, $5)`,
		store.NewID(), int64(ev.At), body, ev.Subject, sum)
	if err != nil {
		return fmt.Errorf("record %s: %w", ev.Act, err)
	}
	return nil
}

// Events gives the audit of a subject, oldest first.
func Events(ctx context.Context, q store.Querier, subject string) ([]Event, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, body FROM audit_events WHERE subject = $1 ORDER BY id`, subject)
	if err != nil {
		return nil, fmt.Errorf("audit of %s: %w", subject, err)
	}
	defer func() { _ = rows.Close() }()
	var out []Event
	for rows.Next() {
		var ev Event
		var body string
		if err = rows.Scan(&ev.ID, &body); err != nil {
			return nil, fmt.Errorf("audit of %s: %w", subject, err)
		}
		if err = json.Unmarshal([]byte(body), &ev); err != nil {
			return nil, fmt.Errorf("audit event %s: %w", ev.ID, err)
		}
		out = append(out, ev)
	}
	return out, rows.Err()
}
