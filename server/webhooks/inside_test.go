package webhooks

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

func TestAddressesInsideANetworkAreTold(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "fe80::1", "fd00::1",
		"100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "fec0::1",
	} {
		if onInternet(netip.MustParseAddr(text)) {
			t.Errorf("%s counts as the internet", text)
		}
	}
	for _, text := range []string{"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"} {
		if !onInternet(netip.MustParseAddr(text)) {
			t.Errorf("%s does not count as the internet", text)
		}
	}
}

func TestBadAddressesAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "bad_webhook_url", "example.org/hook": "bad_webhook_url", "ftp://example.org": "bad_webhook_url", "https://": "bad_webhook_url",
		"https://a:b@example.org": "bad_webhook_url", "https://example.org/#x": "bad_webhook_url", "https://example.org/" + strings.Repeat("a", 500): "bad_webhook_url",
		"https://exa\nmple.org": "bad_webhook_url", "http://example.org/hook": "webhook_not_https",
		"https://127.0.0.1/": "webhook_inside", "https://[::1]:8443/": "webhook_inside", "https://localhost/": "webhook_inside", "https://db/": "webhook_inside",
		"https://metadata.google.internal/": "webhook_inside", "https://printer.local/": "webhook_inside", "https://169.254.169.254/latest": "webhook_inside",
	} {
		f := fault.Of(checkURL(text, false))
		if f == nil || f.Code != want || f.Field != "url" {
			t.Errorf("%q: %v, want %s", text, f, want)
		}
	}
	if err := checkURL("https://example.org:8443/hook?shop=1", false); err != nil {
		t.Error(err)
	}
}

// A name that passed the first look may lead inside by the time it is called; the connection itself is what is refused.
func TestACallIntoOurOwnNetworkIsNotMade(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		called := false
		inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
		defer inside.Close()
		s, err := NewService(Deps{DB: db, Key: []byte("key")})
		if err != nil {
			t.Fatal(err)
		}
		w := Webhook{ID: store.NewID(), Party: "liulin", URL: strings.Replace(inside.URL, "127.0.0.1", "localhost", 1), Kinds: []string{"order.submit"}}
		w.secret = s.safe.lock(w.ID, newSecret())
		err = db.InTx(t.Context(), func(tx store.Tx) error {
			if err := insertWebhook(t.Context(), tx, w); err != nil {
				return err
			}
			return s.Tell(t.Context(), tx, Event{Kind: "order.submit", ID: "o1", Parties: []string{"liulin"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err = s.Deliver(t.Context(), w.ID); err != nil {
			t.Fatal(err)
		}
		by := auth.Actor{User: "u1", Grants: []auth.Grant{{Role: auth.Coop, Party: "liulin"}}}
		list, err := s.Messages(t.Context(), by, w.ID, Page{State: Waiting, Limit: 1})
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		_, tries, err := s.Message(t.Context(), by, w.ID, list[0].Event)
		if err != nil || called || tries[0].Said != errInside.Error() {
			t.Errorf("called: %v, the log says %+v, %v", called, tries, err)
		}
	})
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	followed := false
	to := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer to.Close()
	from := httptest.NewServer(http.RedirectHandler(to.URL, http.StatusTemporaryRedirect))
	defer from.Close()
	s, err := NewService(Deps{Key: []byte("key"), Anywhere: true})
	if err != nil {
		t.Fatal(err)
	}
	w := Webhook{ID: "w", URL: from.URL}
	w.secret = s.safe.lock(w.ID, newSecret())
	a, err := s.send(t.Context(), w, Message{Webhook: "w", Event: "e", Body: "{}"})
	if err != nil || a.Status != http.StatusTemporaryRedirect || a.delivered() || followed {
		t.Errorf("%+v, followed: %v, %v", a, followed, err)
	}
}

func TestASealedSecretOpensForItsOwnWebhookAlone(t *testing.T) {
	t.Parallel()
	one, _ := newSafe([]byte("one"))
	other, _ := newSafe([]byte("other"))
	secret := newSecret()
	sealed := one.lock("w1", secret)
	if got, err := one.unlock("w1", sealed); err != nil || got != secret {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := one.unlock("w2", sealed); err == nil {
		t.Error("it opens for another webhook")
	}
	if _, err := other.unlock("w1", sealed); err == nil {
		t.Error("it opens with another key")
	}
}

func TestDelaysGrowAndEnd(t *testing.T) {
	t.Parallel()
	last := time.Duration(0)
	for n := 1; n < MaxTries; n++ {
		wait, ok := again(n, 0)
		if !ok || wait < last || wait > delays[n-1]*11/10 {
			t.Errorf("after %d tries %v, %v", n, wait, ok)
		}
		last = delays[n-1]
	}
	if _, ok := again(MaxTries, 0); ok {
		t.Error("there is no end")
	}
	if wait, _ := again(1, 1000*time.Hour); wait != maxRetryAfter {
		t.Errorf("a server may ask for %v", wait)
	}
}
