package web

import (
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/webhooks"
)

// WebhookBody says where news goes and which.
type WebhookBody struct {
	URL    string   `json:"url" maxLength:"500" doc:"https://... of a server on the internet"`
	Kinds  []string `json:"kinds" maxItems:"200" doc:"of GET /webhook-kinds; order.* is every kind of a family"`
	Paused bool     `json:"paused,omitempty"`
}

func (b WebhookBody) input() webhooks.Input {
	return webhooks.Input{URL: b.URL, Kinds: b.Kinds, Paused: b.Paused}
}

// NewWebhookBody makes a webhook of a party.
type NewWebhookBody struct {
	Party string `json:"party" maxLength:"64"`
	WebhookBody
}

// WebhookView is an address that hears what happens to a party.
type WebhookView struct {
	ID      string           `json:"id"`
	Party   string           `json:"party"`
	URL     string           `json:"url"`
	Kinds   []string         `json:"kinds"`
	Stopped webhooks.Stopped `json:"stopped,omitempty" doc:"why it hears nothing: paused, gone (its server answered 410) or dead (away for days); PUT lets it go on"`
	MadeAt  Instant          `json:"made_at"`
}

// NewWebhookView is a webhook with its secret, which is not shown again.
type NewWebhookView struct {
	WebhookView
	Secret string `json:"secret" doc:"whsec_...: what libraries of Standard Webhooks check signatures with"`
}

// MessageView is one event on its way to a webhook.
type MessageView struct {
	Event       string         `json:"event" doc:"webhook-id is msg_ and this"`
	Kind        string         `json:"kind"`
	State       webhooks.State `json:"state" enum:"waiting,delivered,given_up"`
	ToldAt      Instant        `json:"told_at"`
	Tries       int            `json:"tries" doc:"since it was last sent by hand"`
	NextAt      Instant        `json:"next_at,omitempty"`
	DeliveredAt Instant        `json:"delivered_at,omitempty"`
}

// AttemptView is one line of the delivery log.
type AttemptView struct {
	At     Instant `json:"at"`
	TookMS int64   `json:"took_ms"`
	Status int     `json:"status" doc:"0: no answer"`
	Said   string  `json:"said" doc:"the beginning of the answer, or why there was none"`
}

// MessageLogView is a message with what was sent and every try.
type MessageLogView struct {
	MessageView
	Body     json.RawMessage `json:"body"`
	Attempts []AttemptView   `json:"attempts"`
}

func webhookView(w webhooks.Webhook) WebhookView {
	return WebhookView{w.ID, w.Party, w.URL, w.Kinds, w.Stopped, Instant(w.MadeAt)}
}

func messageView(m webhooks.Message) MessageView {
	return MessageView{m.Event, m.Kind, m.State(), Instant(m.ToldAt), m.Tries, Instant(m.NextAt), Instant(m.DeliveredAt)}
}

func attemptView(a webhooks.Attempt) AttemptView {
	return AttemptView{Instant(a.At), a.TookMS, a.Status, a.Said}
}

type byParty struct {
	Party string `query:"party" maxLength:"64" required:"true"`
}

type messagesQuery struct {
	ID    string         `path:"id" maxLength:"64"`
	State webhooks.State `query:"state" enum:"waiting,delivered,given_up"`
	After string         `query:"after" maxLength:"64"`
	Limit int            `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type byMessage struct {
	ID    string `path:"id" maxLength:"64"`
	Event string `path:"event" maxLength:"64"`
}

func registerWebhooks(api huma.API, s Services) {
	openGet(api, "/webhook-kinds", "Lists what a webhook can hear", func(context.Context, auth.Actor, *none) ([]string, error) {
		return webhooks.Kinds(), nil
	})
	get(api, "/webhooks", "Lists a party's webhooks, newest first", func(ctx context.Context, by auth.Actor, in *byParty) ([]WebhookView, error) {
		list, err := s.Webhooks.List(ctx, by, in.Party)
		return mapped(list, webhookView), err
	})
	post(api, "/webhooks", "Lets another system hear what happens to a party, signed as Standard Webhooks; the secret is shown once", func(ctx context.Context, by auth.Actor, in *with[NewWebhookBody]) (NewWebhookView, error) {
		w, secret, err := s.Webhooks.Add(ctx, by, in.Body.Party, in.Body.input())
		return NewWebhookView{webhookView(w), string(secret)}, err
	})
	get(api, "/webhooks/{id}", "Shows a webhook", func(ctx context.Context, by auth.Actor, in *byID) (WebhookView, error) {
		w, err := s.Webhooks.Webhook(ctx, by, in.ID)
		return webhookView(w), err
	})
	put(api, "/webhooks/{id}", "Gives a webhook another address or other kinds, pauses it or lets it go on", func(ctx context.Context, by auth.Actor, in *idWith[WebhookBody]) (WebhookView, error) {
		w, err := s.Webhooks.Change(ctx, by, in.ID, in.Body.input())
		return webhookView(w), err
	})
	remove(api, "/webhooks/{id}", "Forgets a webhook and its log", func(ctx context.Context, by auth.Actor, in *byID) (none, error) {
		return none{}, s.Webhooks.Delete(ctx, by, in.ID)
	})
	post(api, "/webhooks/{id}/secret", "Makes a new secret, shown once; for a day messages are signed with the one before, too", func(ctx context.Context, by auth.Actor, in *byID) (NewWebhookView, error) {
		w, secret, err := s.Webhooks.Rotate(ctx, by, in.ID)
		return NewWebhookView{webhookView(w), string(secret)}, err
	})
	registerMessages(api, s)
}

func registerMessages(api huma.API, s Services) {
	post(api, "/webhooks/{id}/test", "Sends a message of the kind webhook.test", func(ctx context.Context, by auth.Actor, in *byID) (MessageView, error) {
		m, err := s.Webhooks.Try(ctx, by, in.ID)
		return messageView(m), err
	})
	get(api, "/webhooks/{id}/messages", "The delivery log: what a webhook was to hear in the last 30 days, newest first", func(ctx context.Context, by auth.Actor, in *messagesQuery) ([]MessageView, error) {
		list, err := s.Webhooks.Messages(ctx, by, in.ID, webhooks.Page{State: in.State, After: in.After, Limit: in.Limit})
		return mapped(list, messageView), err
	})
	get(api, "/webhooks/{id}/messages/{event}", "Shows a message, what was sent, and every try", func(ctx context.Context, by auth.Actor, in *byMessage) (MessageLogView, error) {
		m, tries, err := s.Webhooks.Message(ctx, by, in.ID, in.Event)
		return MessageLogView{messageView(m), json.RawMessage(m.Body), mapped(tries, attemptView)}, err
	})
	post(api, "/webhooks/{id}/messages/{event}/send", "Sends a message once more, under the same webhook-id", func(ctx context.Context, by auth.Actor, in *byMessage) (MessageView, error) {
		m, err := s.Webhooks.Resend(ctx, by, in.ID, in.Event)
		return messageView(m), err
	})
}
