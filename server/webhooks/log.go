package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// Page asks for a part of a delivery log.
type Page struct {
	State State // "" is all
	After string
	Limit int
}

// Messages gives a page of what a webhook was to hear, newest first.
func (s *Service) Messages(ctx context.Context, by auth.Actor, webhook string, p Page) ([]Message, error) {
	if _, err := own(ctx, s.DB.Read(), by, webhook); err != nil {
		return nil, err
	}
	return messagesPage(ctx, s.DB.Read(), webhook, p.State, p.After, p.Limit)
}

// Message gives one message with every try, oldest first.
func (s *Service) Message(ctx context.Context, by auth.Actor, webhook, event string) (Message, []Attempt, error) {
	if _, err := own(ctx, s.DB.Read(), by, webhook); err != nil {
		return Message{}, nil, err
	}
	m, err := messageByID(ctx, s.DB.Read(), webhook, event)
	if err != nil {
		return m, nil, noSuchMessage(err)
	}
	list, err := attemptsOf(ctx, s.DB.Read(), webhook, event)
	return m, list, err
}

func noSuchMessage(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "no_such_message", "There is no such message.")
	}
	return err
}

// Resend sends a message once more, whatever became of it, under the same webhook-id, and begins its tries anew.
func (s *Service) Resend(ctx context.Context, by auth.Actor, webhook, event string) (Message, error) {
	var m Message
	_, err := s.change(ctx, by, webhook, "resend", func(tx store.Tx, w *Webhook) (err error) {
		if m, err = messageByID(ctx, tx, webhook, event); err != nil {
			return noSuchMessage(err)
		}
		if w.Stopped != "" {
			return stoppedFault()
		}
		m.Tries, m.NextAt = 0, s.now()
		if err = setMessage(ctx, tx, m); err != nil {
			return err
		}
		return s.Later(ctx, tx, webhook, s.Wall())
	})
	return m, err
}

func stoppedFault() *fault.Fault {
	return fault.New(fault.Conflict, "webhook_stopped", "This webhook hears nothing now; let it go on first.")
}

// Try sends a message of the kind webhook.test.
func (s *Service) Try(ctx context.Context, by auth.Actor, webhook string) (Message, error) {
	var m Message
	_, err := s.change(ctx, by, webhook, "try", func(tx store.Tx, w *Webhook) error {
		if w.Stopped != "" {
			return stoppedFault()
		}
		body, err := Event{Kind: testKind, ID: webhook, At: s.now()}.body()
		if err != nil {
			return err
		}
		m = Message{Webhook: webhook, Event: store.NewID(), Kind: testKind, Body: body, ToldAt: s.now(), NextAt: s.now()}
		if err = insertMessage(ctx, tx, m); err != nil {
			return err
		}
		return s.Later(ctx, tx, webhook, s.Wall())
	})
	return m, err
}

// keepTime is how long the log remembers what has ended.
const keepTime = 30 * 24 * time.Hour

// Prune forgets what ended long ago.
func (s *Service) Prune(ctx context.Context) error {
	before := measure.Millis(s.Wall().Add(-keepTime).UnixMilli())
	return s.DB.InTx(ctx, func(tx store.Tx) error { return forget(ctx, tx, before) })
}
