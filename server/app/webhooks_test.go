//go:build !race

package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"jishi/server/store"
	"jishi/server/store/storetest"
	"jishi/server/webhooks"
)

// sentMessage is what somebody's server got.
type sentMessage struct {
	header http.Header
	body   []byte
}

// listener is somebody's server.
func listener(t *testing.T) (url string, got <-chan sentMessage) {
	t.Helper()
	c := make(chan sentMessage, 20)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c <- sentMessage{r.Header.Clone(), body}
	}))
	t.Cleanup(s.Close)
	return s.URL, c
}

func hear(t *testing.T, from <-chan sentMessage) sentMessage {
	t.Helper()
	select {
	case h := <-from:
		return h
	case <-time.After(time.Minute):
		t.Fatal("nothing was heard within a minute")
		return sentMessage{}
	}
}

// A hospital's system hears of its need by a job of the act's own transaction, in the running program on both databases.
func TestAnotherSystemHearsOfANeed(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": storetest.PostgresDSN} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := newTownOn(t, config{dsn: dsn(t), webhooksAnywhere: true})
			url, got := listener(t)
			hook := w.post("union", "/api/webhooks", object{"party": w.party("union"), "url": url, "kinds": []string{"demand.*"}})
			check, err := standardwebhooks.NewWebhook(hook.text("secret"))
			if err != nil {
				t.Fatal(err)
			}
			need := w.post("union", "/api/demands", object{"party": w.party("union"), "produce": "苹果", "amount": object{"kind": "unknown"}}).text("id")
			w.post("union", "/api/demands/"+need+"/confirm", object{})
			for _, kind := range []string{"demand.post", "demand.confirm"} {
				h := hear(t, got)
				var b webhooks.Body
				if err = json.Unmarshal(h.body, &b); err != nil || b.Type != kind || b.Data.ID != need || b.Timestamp != "2020-02-02T01:00:00.000Z" {
					t.Errorf("heard %s, want %s of %s", h.body, kind, need)
				}
				if err = check.Verify(h.body, h.header); err != nil {
					t.Error(err)
				}
				w.must(request{as: "union", method: http.MethodGet, path: b.Data.Path, at: storyDay})
			}
			w.post("union", "/api/webhooks/"+hook.text("id")+"/test", object{})
			if h := hear(t, got); !strings.Contains(string(h.body), `"webhook.test"`) {
				t.Errorf("heard %s", h.body)
			}
			log := w.must(request{as: "union", method: http.MethodGet, path: "/api/webhooks/" + hook.text("id") + "/messages", at: storyDay}).list()
			if len(log) != 3 {
				t.Fatalf("the log holds %d messages", len(log))
			}
			event, _ := log[2]["event"].(string)
			w.post("union", "/api/webhooks/"+hook.text("id")+"/messages/"+event+"/send", object{})
			if h := hear(t, got); h.header.Get("webhook-id") != "msg_"+event {
				t.Errorf("sent again as %s", h.header.Get("webhook-id"))
			}
			list := w.must(request{as: "union", method: http.MethodGet, path: "/api/webhooks?party=" + w.party("union"), at: storyDay})
			if strings.Contains(string(list.raw), "secret") || len(list.list()) != 1 {
				t.Errorf("the list shows %s", list.raw)
			}
			if a, err := w.send(t.Context(), request{as: "zhongnan", method: http.MethodGet, path: "/api/webhooks/" + hook.text("id"), at: storyDay}); err != nil || a.status != http.StatusNotFound {
				t.Errorf("another hospital gets %d, %v", a.status, err)
			}
		})
	}
}

func TestWebhooksIntoOurOwnNetworkAreRefused(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	for url, code := range map[string]string{"http://example.org/": "webhook_not_https", "https://127.0.0.1/": "webhook_inside"} {
		a, err := w.send(t.Context(), request{as: "union", method: http.MethodPost, path: "/api/webhooks", body: object{"party": w.party("union"), "url": url, "kinds": []string{"demand.*"}}, at: storyDay})
		if err != nil || a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.raw), code) {
			t.Errorf("%s: %d %s, %v", url, a.status, a.raw, err)
		}
	}
}

// Whatever the audit of the story says of orders, trips, needs, offers and campaigns can be asked for.
func TestWhatTheAuditSaysCanBeHeard(t *testing.T) {
	t.Parallel()
	_, data := demonstration(t)
	ctx := context.WithoutCancel(t.Context())
	s, err := open(ctx, config{data: data, demo: true}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close() }()
	bodies, err := store.All(ctx, s.db.Read(), func(row store.Scanner) (string, error) {
		var body string
		return body, row.Scan(&body)
	}, `SELECT body FROM audit_events ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	kinds, seen := webhooks.Kinds(), map[string]bool{}
	for _, body := range bodies {
		var e struct{ Act string }
		if err = json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		family, _, _ := strings.Cut(e.Act, ".")
		if !slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(k, family+".") }) {
			continue
		}
		if seen[family] = true; !slices.Contains(kinds, e.Act) {
			t.Errorf("nobody can ask for %s", e.Act)
		}
	}
	if len(seen) != 5 {
		t.Errorf("the story tells of %v alone", seen)
	}
}
