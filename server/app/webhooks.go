package app

import (
	"context"
	"time"

	"jishi/server/jobs"
	"jishi/server/store"
	"jishi/server/webhooks"
)

func (s *site) newWebhooks(key []byte) (*webhooks.Service, error) {
	return webhooks.NewService(webhooks.Deps{DB: s.db, Key: key, Later: s.deliverLater, Anywhere: s.config.webhooksAnywhere})
}

// delivering sends what a webhook is to hear by now.
type delivering struct {
	Webhook string `json:"webhook"`
}

// Kind names the job.
func (delivering) Kind() string { return "webhook_deliver" }

// Queue keeps other jobs going while somebody's server hangs.
func (delivering) Queue() string { return jobs.Calls }

// Timeout lets a slow server have its time for each of many messages.
func (delivering) Timeout() time.Duration { return 20 * time.Minute }

func (s *site) deliver(ctx context.Context, d delivering) error {
	return s.webhooks.Deliver(ctx, d.Webhook)
}

func (s *site) deliverLater(ctx context.Context, tx store.Tx, webhook string, at time.Time) error {
	if at.After(time.Now()) {
		return s.runner.InsertAt(ctx, tx, delivering{webhook}, at)
	}
	return s.runner.Insert(ctx, tx, delivering{webhook})
}

// webhookRound finds what nobody sends: its job was lost, or its webhook was paused.
type webhookRound struct{}

// Kind names the job.
func (webhookRound) Kind() string { return "webhook_round" }

func (s *site) roundOfWebhooks(ctx context.Context, _ webhookRound) error {
	list, err := s.webhooks.Due(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	return s.db.InTx(ctx, func(tx store.Tx) error {
		for _, id := range list {
			if err := s.runner.Insert(ctx, tx, delivering{id}); err != nil {
				return err
			}
		}
		return nil
	})
}
