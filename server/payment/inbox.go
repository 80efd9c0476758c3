package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// Outcomes of an event. Waiting ones are worked again until what they are about is known.
const (
	EventWaits        = ""
	EventDone         = "done"              // moved something
	EventNothing      = "nothing"           // known already, or nothing that moves anything
	EventUnknown      = "unknown"           // about a page that is not ours
	EventHeld         = "held"              // another amount or currency than was asked
	EventOtherVersion = "other_api_version" // kept and not read
)

// InboxEvent is an event as it was told.
type InboxEvent struct {
	ID         string
	Type       string
	Body       string
	ReceivedAt measure.Millis
	Outcome    string
}

func scanEvent(row store.Scanner) (InboxEvent, error) {
	var e InboxEvent
	err := row.Scan(&e.ID, &e.Type, &e.Body, &e.ReceivedAt, &e.Outcome)
	return e, err
}

// KeepEvent checks a message of the service and keeps it, once. It gives the event's id. Faults as Gateway.Event; a message of another API
// version is kept and is no fault, so that the service stops sending what finance has to look at.
func (g *Gateway) KeepEvent(ctx context.Context, db *store.DB, body []byte, signature string, now time.Time) (string, error) {
	e, err := g.Event(body, signature, now)
	outcome := EventWaits
	if f := fault.Of(err); f != nil && f.Code == EventOtherVersion {
		outcome, err = EventOtherVersion, nil
	}
	if err != nil {
		return "", err
	}
	return e.ID, db.InTx(ctx, func(tx store.Tx) error {
		return store.Exec(ctx, tx, `INSERT INTO gateway_events (id, type, body, received_at, outcome, worked_at) VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (id) DO NOTHING`,
			e.ID, e.Type, string(body), now.UnixMilli(), outcome)
	})
}

// WaitingEvent gives a kept event that waits to be worked; ok is false for one that was.
func WaitingEvent(ctx context.Context, q store.Querier, id string) (e Event, ok bool, err error) {
	kept, err := scanEvent(q.QueryRowContext(ctx, `SELECT id, type, body, received_at, outcome FROM gateway_events WHERE id = $1`, id))
	if err != nil || kept.Outcome != EventWaits {
		return Event{}, false, err
	}
	e, err = readEvent([]byte(kept.Body))
	return e, err == nil, err
}

// WorkedEvent writes down what became of an event, once.
func WorkedEvent(ctx context.Context, tx store.Tx, id, outcome string, at measure.Millis) error {
	res, err := tx.ExecContext(ctx, `UPDATE gateway_events SET outcome = $2, worked_at = $3 WHERE id = $1 AND outcome = ''`, id, outcome, int64(at))
	if err != nil {
		return fmt.Errorf("worked event: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("event %s was worked meanwhile", id))
	}
	return nil
}

// EventsIn lists events of one outcome, the oldest first, at most n.
func EventsIn(ctx context.Context, q store.Querier, outcome string, n int) ([]InboxEvent, error) {
	return store.All(ctx, q, scanEvent, `SELECT id, type, body, received_at, outcome FROM gateway_events WHERE outcome = $1 ORDER BY received_at, id LIMIT $2`, outcome, n)
}
