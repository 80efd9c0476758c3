package webhooks

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/server/measure"
	"jishi/server/store"
)

// Event is something that happened, and whom it concerns.
type Event struct {
	Kind    string // one of Kinds: the family and the act, "order.confirm"
	ID      string // of the order, trip, demand, offer or campaign
	At      measure.Millis
	Parties []string // whose webhooks hear it
}

// News takes events in the transaction of what happened; nil takes none.
type News func(ctx context.Context, tx store.Tx, e Event) error

// Tell hands an event on.
func (n News) Tell(ctx context.Context, tx store.Tx, e Event) error {
	if n == nil {
		return nil
	}
	return n(ctx, tx, e)
}

// testKind is what a webhook hears when its owner tries it out.
const testKind = "webhook.test"

// acts are the acts of each family, as the audit names them.
var acts = map[string][]string{
	"order": {"submit", "need_approval", "approve", "refuse", "confirm", "offer_less", "agree", "decline", "expire", "lapse", "cancel", "add", "allocate", "assign",
		"refuse_part", "pay", "stop", "accept", "claim", "agree_claim", "rule_claim", "settle", "correct", "proof"},
	"trip": {"tender", "confirm", "decline", "expire", "cancel", "replan", "no_show", "no_goods", "arrive", "scan", "load", "depart", "hand_over", "take_over", "breakdown",
		"repair", "temperature", "hold", "check", "deliver", "board", "alight", "return", "lost", "take_back", "divert_ask", "divert_say", "divert", "give_haulage", "settle"},
	"demand":   {"post", "verify", "confirm", "refuse_more", "close", "cancel", "hand_out", "undo_hand_out"},
	"offer":    {"create", "change", "deposit", "publish", "ask_check", "approve", "send_back", "pause", "resume", "close", "withdraw"},
	"campaign": {"open", "pledge", "withdraw_pledge", "pay", "ask_use_change", "answer_use_change", "report", "fail", "close"},
}

// paths are where a thing of a family is shown.
var paths = map[string]string{
	"order": "/api/orders/", "trip": "/api/trips/", "demand": "/api/demands/", "offer": "/api/offers/", "campaign": "/api/campaigns/", "webhook": "/api/webhooks/",
}

// Kinds lists everything that a webhook can hear, sorted.
func Kinds() []string {
	var out []string
	for family, list := range acts {
		for _, act := range list {
			out = append(out, family+"."+act)
		}
	}
	slices.Sort(out)
	return out
}

// family gives the part of a kind before its act.
func family(kind string) string {
	name, _, _ := strings.Cut(kind, ".")
	return name
}

// known reports whether a webhook can ask for this: a kind, or all of a family.
func known(kind string) bool {
	name, act, _ := strings.Cut(kind, ".")
	list, ok := acts[name]
	return ok && (act == "*" || slices.Contains(list, act))
}

// Body is what is sent: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
type Body struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"` // of the act, RFC 3339 in UTC
	Data      Data   `json:"data"`
}

// Data names the thing.
type Data struct {
	Kind string `json:"kind"` // order, trip, demand, offer or campaign
	ID   string `json:"id"`
	Path string `json:"path"` // where it is shown
}

func (e Event) body() (string, error) {
	b, err := json.Marshal(Body{Type: e.Kind, Timestamp: time.UnixMilli(int64(e.At)).UTC().Format("2006-01-02T15:04:05.000Z"),
		Data: Data{Kind: family(e.Kind), ID: e.ID, Path: paths[family(e.Kind)] + e.ID}})
	if err != nil {
		return "", fmt.Errorf("webhooks: %w", err)
	}
	return string(b), nil
}
