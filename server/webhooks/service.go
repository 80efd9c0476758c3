package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// Deps are what the service stands on.
type Deps struct {
	DB  *store.DB
	Key []byte // secrets are sealed under one made of it
	// Later asks for Deliver of a webhook at an instant, once the transaction has committed; nil: somebody calls it anyway.
	Later func(ctx context.Context, tx store.Tx, webhook string, at time.Time) error
	// Anywhere lets webhooks lead into our own network and over http://: for tests and for servers of the same house.
	Anywhere bool
	// Wall is the clock on the wall, which messages are signed and tried by; nil: the machine's. An act's own time may be another.
	Wall func() time.Time
}

// Service keeps webhooks and sends what they hear.
type Service struct {
	Deps
	safe   safe
	client *http.Client
}

// NewService wires the service.
func NewService(d Deps) (*Service, error) {
	if d.Wall == nil {
		d.Wall = time.Now
	}
	if d.Later == nil {
		d.Later = func(context.Context, store.Tx, string, time.Time) error { return nil }
	}
	safe, err := newSafe(d.Key)
	return &Service{d, safe, newClient(d.Anywhere)}, err
}

func (s *Service) now() measure.Millis { return measure.Millis(s.Wall().UnixMilli()) }

// keepers are the roles that may connect another system: those who act for a whole party.
var keepers = []auth.Role{auth.Coop, auth.Buyer, auth.Donor, auth.Receiver, auth.Carrier}

func keeps(by auth.Actor, party string) bool {
	return party != "" && slices.ContainsFunc(keepers, func(r auth.Role) bool { return by.Can(r, party) })
}

// Input is what a webhook is made or changed with.
type Input struct {
	URL    string
	Kinds  []string
	Paused bool
}

// Add makes a webhook of a party and gives its secret, which is not shown again.
func (s *Service) Add(ctx context.Context, by auth.Actor, party string, in Input) (Webhook, Secret, error) {
	if !keeps(by, party) {
		return Webhook{}, "", auth.UnknownParty("party")
	}
	w, secret := Webhook{ID: store.NewID(), Party: party, MadeAt: s.now(), MadeBy: by.ID()}, newSecret()
	if err := w.take(in, s.Anywhere); err != nil {
		return w, "", err
	}
	w.secret = s.safe.lock(w.ID, secret)
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		have, err := webhooksOf(ctx, tx, party)
		if err != nil {
			return err
		}
		if len(have) >= MaxWebhooks {
			return fault.New(fault.Conflict, "too_many_webhooks", "There are %d webhooks already; delete one first.", MaxWebhooks)
		}
		if err = insertWebhook(ctx, tx, w); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "webhook.add", w)
	})
	return w, secret, err
}

// take puts what somebody gave into a webhook. One that was stopped hears again.
func (w *Webhook) take(in Input, anywhere bool) error {
	w.URL, w.Kinds, w.Stopped = in.URL, slices.Clone(in.Kinds), ""
	if in.Paused {
		w.Stopped = Paused
	}
	return w.check(anywhere)
}

// List gives a party's webhooks, newest first.
func (s *Service) List(ctx context.Context, by auth.Actor, party string) ([]Webhook, error) {
	if !keeps(by, party) {
		return nil, auth.UnknownParty("party")
	}
	return webhooksOf(ctx, s.DB.Read(), party)
}

// Webhook gives one.
func (s *Service) Webhook(ctx context.Context, by auth.Actor, id string) (Webhook, error) {
	return own(ctx, s.DB.Read(), by, id)
}

func own(ctx context.Context, q store.Querier, by auth.Actor, id string) (Webhook, error) {
	w, err := webhookByID(ctx, q, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !keeps(by, w.Party) {
		return w, fault.New(fault.NotFound, "no_such_webhook", "There is no such webhook.")
	}
	return w, err
}

// change does something to a webhook of the actor's, and to the audit.
func (s *Service) change(ctx context.Context, by auth.Actor, id, act string, do func(tx store.Tx, w *Webhook) error) (Webhook, error) {
	var w Webhook
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if w, err = own(ctx, tx, by, id); err != nil {
			return err
		}
		if err = do(tx, &w); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "webhook."+act, w)
	})
	return w, err
}

// Change gives a webhook another address and other kinds, pauses it or lets it go on. What waits while it is paused goes out afterwards.
func (s *Service) Change(ctx context.Context, by auth.Actor, id string, in Input) (Webhook, error) {
	return s.change(ctx, by, id, "change", func(tx store.Tx, w *Webhook) error {
		if err := w.take(in, s.Anywhere); err != nil {
			return err
		}
		if err := updateWebhook(ctx, tx, *w); err != nil || w.Stopped != "" {
			return err
		}
		return s.Later(ctx, tx, id, s.Wall())
	})
}

// Rotate makes a new secret. For a day messages carry a signature with the one before, too.
func (s *Service) Rotate(ctx context.Context, by auth.Actor, id string) (Webhook, Secret, error) {
	secret := newSecret()
	w, err := s.change(ctx, by, id, "rotate", func(tx store.Tx, w *Webhook) error {
		w.oldSecret, w.oldUntil, w.secret = w.secret, s.now()+rotation, s.safe.lock(id, secret)
		return updateWebhook(ctx, tx, *w)
	})
	return w, secret, err
}

// Delete forgets a webhook and its log.
func (s *Service) Delete(ctx context.Context, by auth.Actor, id string) error {
	_, err := s.change(ctx, by, id, "delete", func(tx store.Tx, _ *Webhook) error { return deleteWebhook(ctx, tx, id) })
	return err
}

// record writes an act into the audit; a secret is never in it.
func (s *Service) record(ctx context.Context, tx store.Tx, by auth.Actor, act string, w Webhook) error {
	after := map[string]any{"party": w.Party, "url": w.URL, "kinds": w.Kinds, "stopped": w.Stopped}
	return ledger.Record(ctx, tx, ledger.Event{At: s.now(), Actor: by.ID(), Act: act, Subject: "webhook/" + w.ID}, nil, after)
}
