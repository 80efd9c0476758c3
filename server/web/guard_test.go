package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jishi/server/auth"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// What no text column can hold, and what no trade reaches, is refused before a service sees it: on both engines alike.
func TestWhatCanNotBeKeptIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSite(t, db, false)
		for _, row := range []struct {
			method, path, body, field, code string
			status                          int
		}{
			{"POST", "/api/mandates/x/end", `{"reason":"a\u0000b"}`, "", "bad_character", 400},
			{"POST", "/api/mandates/x/end", `{"reason":"a\\u0000b"}`, "", "no_such_mandate", 404},
			{"POST", "/api/mandates/x/end", `{"reason":"a\\\u0000b"}`, "", "bad_character", 400},
			{"POST", "/api/mandates/%ff/end", `{}`, "", "bad_utf8", 400},
			{"POST", "/api/mandates/%00/end", `{}`, "", "bad_character", 400},
			{"GET", "/api/audit?subject=%ff", "", "", "bad_utf8", 400},
			{"GET", "/api/audit?subject=%00", "", "", "bad_character", 400},
			{"GET", "/api/audit?subject=%zz", "", "", "bad_request", 400},
			{"POST", "/api/weighings", `{"weight":9223372036854775807}`, "weight", "too_heavy", 422},
			{"POST", "/api/weighings", `{"weight":92233720368547758070}`, "weight", "", 422},
			{"POST", "/api/weighings", `{"weight":"1吨","price":10000001}`, "price", "price_too_high", 422},
			{"POST", "/api/weighings", `{"weight":"1吨","amount":100000000001}`, "amount", "too_much_money", 422},
			{"POST", "/api/weighings", `{"weight":"1吨","from":"+8:00"}`, "from", "bad_time_of_day", 422},
			{"POST", "/api/weighings", `[` + strings.Repeat(`[`, 100_000), "", "bad_request", 400},
		} {
			r := s.do(t, row.method, row.path, row.body, "Accept-Language", "en")
			p := r.json(t)
			field, _ := p["field"].(string)
			if r.StatusCode != row.status || field != row.field || row.code != "" && p["type"] != "/problems/"+row.code {
				t.Errorf("%s %s %.60s: %d %v", row.method, row.path, row.body, r.StatusCode, p)
			}
		}
	})
}

func TestOnlyJSONIsRead(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	r := s.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, "Content-Type", "text/plain")
	if r.StatusCode != 415 || r.json(t)["type"] != "/problems/not_json" {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
}

// A kept answer must not hold what signs somebody in.
func TestASessionIsNeverKeptForReplay(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	s := newSite(t, db, false)
	for _, token := range []string{s.token, ""} {
		s.token = token
		r := s.do(t, http.MethodPost, "/api/session", `{"login":"liulin","password":"correct horse"}`, "Idempotency-Key", "k")
		if r.StatusCode != 200 {
			t.Fatalf("%d %s", r.StatusCode, r.text)
		}
	}
	var kept int
	if err := db.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM web_requests`).Scan(&kept); err != nil || kept != 0 {
		t.Errorf("%d answers kept, %v", kept, err)
	}
}

func TestTheCookieIsSecureWhenTold(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{true, false} {
		s := newSiteWith(t, storetest.SQLite(t), Config{Secure: secure})
		r := s.do(t, http.MethodPost, "/api/session", `{"login":"liulin","password":"correct horse"}`)
		if c := r.Cookies(); len(c) != 1 || c[0].Secure != secure {
			t.Errorf("secure %v: %v", secure, c)
		}
	}
}

// Without a language in the request the person's own is spoken, in problems of the frame too.
func TestProblemsSpeakThePersonsLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false) // the user's language is zh
	visitor := s
	visitor.token = ""
	for _, row := range []struct {
		site         site
		path, accept string
		chinese      bool
	}{
		{s, "/api/weighings", "", true},
		{s, "/api/weighings", "fr", true},
		{s, "/api/weighings", "en", false},
		{s, "/api/nothing", "", true},
		{visitor, "/api/weighings", "", false},
		{visitor, "/api/weighings", "zh-TW,zh;q=0.9", true},
	} {
		p := row.site.do(t, http.MethodPost, row.path, `{}`, "Accept-Language", row.accept).json(t)
		text := fmt.Sprint(p["detail"])
		if chinese := strings.ContainsFunc(text, func(r rune) bool { return r >= 0x4e00 }); chinese != row.chinese {
			t.Errorf("%s in %q: %s", row.path, row.accept, text)
		}
	}
}

func TestAnotherSiteIsRefusedWithAProblem(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	r := s.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, "Sec-Fetch-Site", "cross-site", "Accept-Language", "zh")
	if p := r.json(t); r.StatusCode != 403 || p["type"] != "/problems/cross_site" || r.Header.Get("Content-Type") != "application/problem+json" || s.count.Load() != 0 {
		t.Errorf("%d %v", r.StatusCode, p)
	}
}

// While the first is under way, the same request waits outside; afterwards it gets the first's answer.
func TestASecondRequestIsToldToWait(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSite(t, db, false)
		first := make(chan reply)
		go func() { first <- s.do(t, http.MethodPost, "/api/slow", "", "Idempotency-Key", "k") }()
		<-s.entered
		second := s.do(t, http.MethodPost, "/api/slow", "", "Idempotency-Key", "k")
		if second.StatusCode != 409 || second.Header.Get("Retry-After") == "" || second.json(t)["type"] != "/problems/in_progress" {
			t.Errorf("meanwhile: %d %v %s", second.StatusCode, second.Header, second.text)
		}
		close(s.leave)
		done := <-first
		third := s.do(t, http.MethodPost, "/api/slow", "", "Idempotency-Key", "k")
		if done.StatusCode != 200 || string(third.text) != string(done.text) || s.count.Load() != 1 {
			t.Errorf("first %s, third %s, worked %d times", done.text, third.text, s.count.Load())
		}
	})
}

// Two people may use the same key; so may a visitor, whose second click has no second effect either.
func TestKeysBelongToPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	other := s.as(t, "biaojiao")
	visitor := s
	visitor.token = ""
	for _, who := range []site{s, other, visitor, visitor} {
		if r := who.do(t, http.MethodPost, "/api/open", `{"weight":"3吨"}`, "Idempotency-Key", "k"); r.StatusCode != 200 {
			t.Errorf("%d %s", r.StatusCode, r.text)
		}
	}
	if s.count.Load() != 3 {
		t.Errorf("worked %d times, want 3", s.count.Load())
	}
	if r := visitor.do(t, http.MethodPost, "/api/open", `{"weight":"4吨"}`, "Idempotency-Key", "k"); r.StatusCode != 422 {
		t.Errorf("a visitor's key with another body: %d", r.StatusCode)
	}
	if r := s.do(t, http.MethodPost, "/api/open", `{"weight":"4吨"}`, "Idempotency-Key", "钥匙"); r.StatusCode != 422 || r.json(t)["field"] != keyHeader {
		t.Errorf("a key in Chinese: %d %s", r.StatusCode, r.text)
	}
}

// What belongs to another cooperative is not known to exist.
func TestAnothersMandateIsNotFound(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSite(t, db, false)
		clerk, other := s.as(t, "clerk", auth.Grant{Role: auth.Clerk}), s.as(t, "biaojiao", auth.Grant{Role: auth.Coop, Party: "p2"})
		until := time.Now().Add(time.Hour).Format(time.RFC3339)
		m := clerk.do(t, http.MethodPost, "/api/mandates", `{"principal":"p1","acts":["lots"],"until":"`+until+`"}`).json(t)
		id, _ := m["id"].(string)
		if id == "" || m["state"] != "offered" {
			t.Fatalf("%v", m)
		}
		for _, path := range []string{"/end", "/consent"} {
			body := map[string]string{"/end": `{}`, "/consent": `{"how":"voice","evidence":"rec"}`}[path]
			if r := other.do(t, http.MethodPost, "/api/mandates/"+id+path, body); r.StatusCode != 404 {
				t.Errorf("another's mandate: %d %s", r.StatusCode, r.text)
			}
		}
		if r := other.do(t, http.MethodGet, "/api/mandates", ""); string(r.text) != "[]\n" {
			t.Errorf("another sees %s", r.text)
		}
		m = clerk.do(t, http.MethodPost, "/api/mandates/"+id+"/consent", `{"how":"voice","evidence":"rec-1"}`).json(t)
		if from, _ := m["from"].(string); m["state"] != "active" || m["how"] != "voice" || !strings.HasSuffix(from, "+08:00") {
			t.Errorf("after the consent: %v", m)
		}
		me := clerk.do(t, http.MethodGet, "/api/me", "").json(t)
		lent, _ := me["mandates"].([]any)
		if me["user"] == "" || len(lent) != 1 || lent[0].(map[string]any)["principal_name"] != "Party p1" {
			t.Errorf("me: %v", me)
		}
		m = clerk.do(t, http.MethodPost, "/api/mandates/"+id+"/end", `{"reason":"moved away"}`).json(t)
		if m["state"] != "ended" || m["end_reason"] != "moved away" {
			t.Errorf("after the end: %v", m)
		}

		auditor := s.as(t, "auditor", auth.Grant{Role: auth.Auditor})
		if r := auditor.do(t, http.MethodGet, "/api/audit?subject=mandate/"+id, ""); strings.Count(string(r.text), `"act":`) != 3 {
			t.Errorf("the audit says %s", r.text)
		}
		if r := clerk.do(t, http.MethodGet, "/api/audit?subject=mandate/"+id, ""); r.StatusCode != 403 {
			t.Errorf("a clerk reads the audit: %d", r.StatusCode)
		}
		if v := s.do(t, http.MethodGet, "/api/audit/verify", "").json(t); v["ok"] != true {
			t.Errorf("verify: %v", v)
		}
	})
}

func TestPlacesAreFoundByNamePinyinAndOldCode(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	s.token = ""
	for _, q := range []string{"凤翔", "fengxiang", "610305", "610322"} {
		r := s.do(t, http.MethodGet, "/api/places?limit=5&q="+url.QueryEscape(q), "")
		if r.StatusCode != 200 || !strings.Contains(string(r.text), `"code":"610305"`) || !strings.Contains(string(r.text), `"path":"陕西省 宝鸡市 凤翔区"`) {
			t.Errorf("%s: %d %s", q, r.StatusCode, r.text)
		}
	}
	if r := s.do(t, http.MethodGet, "/api/places?q="+url.QueryEscape("没有这个地方"), ""); string(r.text) != "[]\n" {
		t.Errorf("nowhere: %s", r.text)
	}
	if r := s.do(t, http.MethodGet, "/api/places?q=x&limit=1000", ""); r.StatusCode != 422 || r.json(t)["field"] != "limit" {
		t.Errorf("a thousand: %d %s", r.StatusCode, r.text)
	}
}

func TestProduceIsFoundByEveryName(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	s.token = ""
	for _, q := range []string{"大葱", "SCALLION"} {
		r := s.do(t, http.MethodGet, "/api/produce?q="+url.QueryEscape(q), "")
		if r.StatusCode != 200 || !strings.Contains(string(r.text), `"id":"scallion"`) || strings.Contains(string(r.text), `"apple-fuji"`) {
			t.Errorf("%s: %d %s", q, r.StatusCode, r.text)
		}
	}
	if r := s.do(t, http.MethodGet, "/api/produce?q="+url.QueryEscape("没有这种货"), ""); string(r.text) != "[]\n" {
		t.Errorf("nothing: %s", r.text)
	}
	if r := s.do(t, http.MethodGet, "/api/produce?limit=3", ""); strings.Count(string(r.text), `"id":`) != 3 {
		t.Errorf("three: %s", r.text)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	s.token = ""
	if m := s.do(t, http.MethodGet, "/api/health", "").json(t); m["ok"] != true {
		t.Errorf("%v", m)
	}
}

// as makes a user and signs in.
func (s site) as(t *testing.T, login string, grants ...auth.Grant) site {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	u, err := s.auth.CreateUser(ctx, auth.NewUser{Login: login, Password: "correct horse", Name: login})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if err = s.auth.Grant(ctx, auth.System("test"), u.ID, g); err != nil {
			t.Fatal(err)
		}
	}
	session, err := s.auth.SignIn(ctx, login, "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	s.token = session.Token
	return s
}

// An old cookie must not close the public pages: no script can take it away. An act is refused, and the cookie taken back.
func TestAnOldCookieClosesNoPublicPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	s.token = ""
	old := cookieName + "=over"
	if r := s.do(t, http.MethodGet, "/api/places?q=610305", "", "Cookie", old); r.StatusCode != 200 {
		t.Errorf("reading: %d %s", r.StatusCode, r.text)
	}
	for _, r := range []reply{
		s.do(t, http.MethodPost, "/api/open", `{"weight":"3吨"}`, "Cookie", old),
		s.do(t, http.MethodGet, "/api/me", "", "Cookie", old),
	} {
		if c := r.Cookies(); r.StatusCode != 401 || len(c) != 1 || c[0].Name != cookieName || c[0].MaxAge >= 0 {
			t.Errorf("acting: %d %v %s", r.StatusCode, c, r.text)
		}
	}
}

// A process that died at work leaves its key taken; after a minute, when it would have been given up, another may work.
func TestAKeyOutlivesADeadProcessForAMinute(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSite(t, db, false)
		me, _ := s.do(t, http.MethodGet, "/api/me", "").json(t)["user"].(string)
		body := `{"weight":"3吨"}`
		same, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/api/weighings", nil)
		if err != nil {
			t.Fatal(err)
		}
		for key, age := range map[string]time.Duration{"fresh": 55 * time.Second, "old": 65 * time.Second} {
			err = db.InTx(t.Context(), func(tx store.Tx) error {
				_, err := tx.ExecContext(t.Context(), `INSERT INTO web_requests (request_key, sum, status, kind, body, at) VALUES ($1, $2, 0, '', '', $3)`,
					me+"/"+key, sumOf(same, []byte(body)), time.Now().Add(-age).UnixMilli())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if r := s.do(t, http.MethodPost, "/api/weighings", body, keyHeader, "fresh"); r.StatusCode != 409 {
			t.Errorf("after 55 s: %d", r.StatusCode)
		}
		if r := s.do(t, http.MethodPost, "/api/weighings", body, keyHeader, "old"); r.StatusCode != 200 || s.count.Load() != 1 {
			t.Errorf("after 65 s: %d", r.StatusCode)
		}
		if err = PruneRequests(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if r := s.do(t, http.MethodPost, "/api/weighings", body, keyHeader, "old"); r.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("an answer of today was forgotten: %d", r.StatusCode)
		}
	})
}

func TestWorkThatTookTooLongMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	p := problemOf(t.Context(), fmt.Errorf("reserve: %w", context.DeadlineExceeded))
	if p.Status != 503 || p.GetHeaders().Get("Retry-After") == "" || strings.Contains(p.Detail, "reserve") {
		t.Errorf("%+v", p)
	}
	if workFor >= heldFor {
		t.Error("a key is given to another while the first may still be at work")
	}
}

func TestAPlaceholderStandsInForThePages(t *testing.T) {
	t.Parallel()
	s := newSiteWith(t, storetest.SQLite(t), Config{Pages: fstest.MapFS{".gitkeep": {}}})
	r := s.do(t, http.MethodGet, "/lots", "")
	if r.StatusCode != 200 || !strings.Contains(string(r.text), "make build") || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
	if r = s.do(t, http.MethodGet, "/api", ""); r.StatusCode != 404 {
		t.Errorf("/api: %d", r.StatusCode)
	}
}
