package fakepay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"
)

// event is one message, as it stood when it happened.
type event struct {
	id, kind string
	body     []byte
	sent     bool
}

// Event is one message to be delivered.
type Event struct {
	ID   string
	Type string
	Body []byte
}

// tell notes an event with the object as it is now. It is called within the lock.
func (s *Server) tell(kind string, object any) {
	e := &event{id: newID("evt_test_"), kind: kind}
	e.body, _ = json.Marshal(map[string]any{ // of strings and numbers only: can't fail
		"id": e.id, "object": "event", "api_version": stripe.APIVersion, "created": s.config.Now().Unix(), "type": kind, "livemode": false,
		"pending_webhooks": 1, "data": map[string]any{"object": object},
	})
	s.events = append(s.events, e)
}

// Waiting lists the events that were not taken yet, the oldest first.
func (s *Server) Waiting() []Event {
	return s.list(func(e *event) bool { return !e.sent })
}

// All lists every event, the oldest first.
func (s *Server) All() []Event {
	return s.list(func(*event) bool { return true })
}

func (s *Server) list(want func(*event) bool) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Event
	for _, e := range s.events {
		if want(e) {
			out = append(out, Event{e.id, e.kind, e.body})
		}
	}
	return out
}

// Deliver sends events to the hook, in the order given. One that is not taken (2xx) waits for the next time, and the error says
// why.
func (s *Server) Deliver(ctx context.Context, events ...Event) error {
	var failed error
	for _, e := range events {
		if err := s.send(ctx, e); err != nil {
			failed = errors.Join(failed, fmt.Errorf("fakepay: event %s (%s): %w", e.ID, e.Type, err))
			continue
		}
		s.mu.Lock()
		for _, known := range s.events {
			known.sent = known.sent || known.id == e.ID
		}
		s.mu.Unlock()
	}
	return failed
}

func (s *Server) send(ctx context.Context, e Event) error {
	if s.config.Hook == "" {
		return errors.New("there is nowhere to send it")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.config.Hook, bytes.NewReader(e.Body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Stripe-Signature", s.Sign(e.Body, s.config.Now()))
	res, err := s.config.Client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 500))
		return fmt.Errorf("%s: %s", res.Status, text)
	}
	return nil
}

// Sign gives the header under which a body is sent at a time.
func (s *Server) Sign(body []byte, at time.Time) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: s.config.Secret, Timestamp: at}).Header
}

// Run sends what waits, every few seconds, until ctx ends: as the real service does when we were away.
func (s *Server) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = s.Deliver(ctx, s.Waiting()...) // what failed waits for the next round
		}
	}
}
