package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"jishi/server/measure"
	"jishi/server/store"
)

// Tell writes an event down for every webhook that hears it, in the transaction of what happened, and asks for it to be sent.
func (s *Service) Tell(ctx context.Context, tx store.Tx, e Event) error {
	if len(e.Parties) == 0 {
		return nil
	}
	body, err := e.body()
	if err != nil {
		return err
	}
	hear, err := insertMessages(ctx, tx, e, store.NewID(), body, s.now())
	for _, webhook := range hear {
		if err == nil {
			err = s.Later(ctx, tx, webhook, s.Wall())
		}
	}
	return err
}

// Due lists the webhooks that have something to send: what was asked of Later and lost, and what waited while they were paused.
func (s *Service) Due(ctx context.Context) ([]string, error) {
	return dueWebhooks(ctx, s.DB.Read(), s.now())
}

// sendsAtOnce bounds one Deliver, so that a busy webhook doesn't keep a worker for itself.
const sendsAtOnce = 50

// Deliver sends what a webhook is to hear by now, oldest first, one at a time. It may run at any time, as often as one likes, and on
// several servers at once: of these, one sends.
func (s *Service) Deliver(ctx context.Context, webhook string) error {
	for range sendsAtOnce {
		m, w, err := s.next(ctx, webhook)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		a, err := s.send(ctx, w, m)
		if err != nil {
			return err
		}
		if err = s.log(context.WithoutCancel(ctx), w, m, a); err != nil || a.away() {
			return err
		}
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error { return s.Later(ctx, tx, webhook, s.Wall()) })
}

// busyTime is how long a message is left to the worker that took it. One that a stopped server took is tried again after it.
const busyTime = measure.Millis(4 * sendTime / time.Millisecond)

// next takes the message that is to be sent first; sql.ErrNoRows: none.
func (s *Service) next(ctx context.Context, webhook string) (m Message, w Webhook, err error) {
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		if w, err = webhookByID(ctx, tx, webhook); err != nil {
			return err
		}
		if w.Stopped != "" {
			return sql.ErrNoRows
		}
		if m, err = oldestDue(ctx, tx, webhook, s.now()); err != nil {
			return err
		}
		m.Tries++
		return setBusy(ctx, tx, m, s.now()+busyTime)
	})
	return m, w, err
}

// saidBytes is how much of an answer the log keeps.
const saidBytes = 500

// send tries once. An error is one of ours; what the other server did is in the attempt.
func (s *Service) send(ctx context.Context, w Webhook, m Message) (Attempt, error) {
	at := s.Wall()
	a := Attempt{ID: store.NewID(), Webhook: w.ID, Event: m.Event, At: measure.Millis(at.UnixMilli())}
	req, err := s.request(ctx, w, m, at)
	if err != nil {
		return a, err
	}
	begun := time.Now()
	res, err := s.client.Do(req)
	a.TookMS = time.Since(begun).Milliseconds()
	if ctx.Err() != nil { // our server is being stopped; another try follows
		return a, ctx.Err()
	}
	if err != nil {
		a.Said = clip(why(err), saidBytes)
		return a, nil
	}
	defer func() { _ = res.Body.Close() }()
	a.Status, a.retryAfter = res.StatusCode, retryAfter(res.Header, at)
	said, _ := io.ReadAll(io.LimitReader(res.Body, saidBytes)) // the status is what counts
	a.Said = clip(string(said), saidBytes)
	return a, nil
}

func (s *Service) request(ctx context.Context, w Webhook, m Message, at time.Time) (*http.Request, error) {
	id := "msg_" + m.Event
	signature, err := s.safe.signature(w, id, at, m.Body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, strings.NewReader(m.Body))
	if err != nil {
		return nil, err
	}
	req.Header = http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Jishi webhooks"}}
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("webhook-signature", signature)
	return req, nil
}

// why says in a few words what became of a call without an answer; the address, which the owner knows, is left out.
func why(err error) string {
	if errors.Is(err, errInside) {
		return errInside.Error()
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "no answer within " + sendTime.String()
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err.Error()
}

// retryAfter reads when a server wants to be asked again (RFC 9110, 10.2.3); 0 if it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return time.Duration(min(n, int(maxRetryAfter/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// log writes a try down and what follows from it.
func (s *Service) log(ctx context.Context, w Webhook, m Message, a Attempt) error {
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		if _, err := webhookByID(ctx, tx, w.ID); err != nil {
			return ignoreNoRows(err) // deleted meanwhile, its log with it
		}
		if err := insertAttempt(ctx, tx, a); err != nil {
			return err
		}
		wait, more := again(m.Tries, a.retryAfter)
		if a.delivered() || a.Status == http.StatusGone || !more {
			return s.end(ctx, tx, m, a)
		}
		now := s.Wall()
		m.NextAt = measure.Millis(now.Add(wait).UnixMilli())
		if err := setMessage(ctx, tx, m); err != nil {
			return err
		}
		if a.away() {
			if err := s.quiet(ctx, tx, m, now.Add(min(wait, quietTime))); err != nil {
				return err
			}
		}
		return s.Later(ctx, tx, w.ID, now.Add(wait))
	})
}

// quiet lets a webhook's other messages wait a while; they come no later than its next try.
func (s *Service) quiet(ctx context.Context, tx store.Tx, m Message, until time.Time) error {
	if err := quiet(ctx, tx, m.Webhook, measure.Millis(until.UnixMilli())); err != nil {
		return err
	}
	return s.Later(ctx, tx, m.Webhook, until)
}

// end writes down that a message is tried no more: it arrived, the webhook is gone, or it is given up.
func (s *Service) end(ctx context.Context, tx store.Tx, m Message, a Attempt) error {
	m.NextAt = 0
	if a.delivered() {
		m.DeliveredAt = s.now()
	}
	if err := setMessage(ctx, tx, m); err != nil || a.delivered() {
		return err
	}
	if a.Status == http.StatusGone {
		return stop(ctx, tx, m.Webhook, Gone)
	}
	return s.giveUp(ctx, tx, m)
}

// giveUp stops a webhook whose server was away all the time.
func (s *Service) giveUp(ctx context.Context, tx store.Tx, m Message) error {
	arrived, err := deliveredSince(ctx, tx, m.Webhook, m.ToldAt)
	if err != nil || arrived {
		return err
	}
	return stop(ctx, tx, m.Webhook, Dead)
}

func ignoreNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
