package web

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// weighing is an input with every kind of value, for an area that only the tests have.
type weighing struct {
	Weight Mass      `json:"weight"`
	Price  Price     `json:"price,omitempty"`
	Amount Money     `json:"amount,omitempty"`
	On     Day       `json:"on,omitempty"`
	At     Instant   `json:"at,omitempty"`
	From   TimeOfDay `json:"from,omitempty"`
	Lines  []struct {
		Weight Mass `json:"weight"`
	} `json:"lines,omitempty"`
}

type weighed struct {
	Grams  int64     `json:"grams"`
	Price  int64     `json:"price_e4"`
	Fen    int64     `json:"fen"`
	At     Instant   `json:"at"`
	From   TimeOfDay `json:"from"`
	Count  int64     `json:"count"`
	Client string    `json:"client"`
	Now    Instant   `json:"now"`
}

type site struct {
	url            string
	token          string
	auth           *auth.Service
	count          *atomic.Int64
	entered, leave chan struct{} // of /slow
}

var builtPages = fstest.MapFS{
	"index.html":            {Data: []byte("<!doctype html>app")},
	"assets/app-1.js":       {Data: []byte("plain")},
	"assets/app-1.js.br":    {Data: []byte("brotli")},
	"manifest.webmanifest":  {Data: []byte("{}")},
	"assets/app-1.js.map":   {Data: []byte("{}")},
	"assets/style-2.css.gz": {Data: []byte("gz")},
	"assets/style-2.css":    {Data: []byte("css")},
}

func newSite(t *testing.T, db *store.DB, demo bool) site {
	t.Helper()
	return newSiteWith(t, db, Config{Demo: demo})
}

// newSiteWith serves the interface with a test area, and a user who is signed in.
func newSiteWith(t *testing.T, db *store.DB, config Config) site {
	t.Helper()
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := Services{Auth: auth.NewService(auth.Deps{DB: db}), DB: db, Orders: orders.NewService(orders.Deps{DB: db}), Places: atlas, Rules: book, PartyNames: func(_ context.Context, ids []string) (map[string]string, error) {
		names := map[string]string{}
		for _, id := range ids {
			names[id] = "Party " + id
		}
		return names, nil
	}}
	count := &atomic.Int64{}
	entered, leave := make(chan struct{}, 1), make(chan struct{})
	area := func(api huma.API, _ Services) {
		openPost(api, "/open", "Weighs for anybody", func(_ context.Context, _ auth.Actor, in *with[weighing]) (weighed, error) {
			return weighed{Grams: int64(in.Body.Weight.Grams), Count: count.Add(1)}, nil
		})
		post(api, "/slow", "Waits", func(ctx context.Context, _ auth.Actor, _ *none) (weighed, error) {
			entered <- struct{}{}
			select {
			case <-leave:
			case <-ctx.Done():
			}
			return weighed{Count: count.Add(1)}, nil
		})
		put(api, "/things/{id}", "Replaces", func(context.Context, auth.Actor, *idWith[weighing]) (weighed, error) {
			return weighed{Count: count.Add(1)}, nil
		})
		remove(api, "/things/{id}", "Takes away", func(context.Context, auth.Actor, *byID) (weighed, error) {
			return weighed{Count: count.Add(1)}, nil
		})
		post(api, "/weighings", "Weighs", func(ctx context.Context, _ auth.Actor, in *with[weighing]) (weighed, error) {
			b := in.Body
			return weighed{Grams: int64(b.Weight.Grams), Price: int64(b.Price.E4), Fen: int64(b.Amount.Fen), At: b.At, From: b.From,
				Count: count.Add(1), Client: clientID(ctx), Now: Instant(auth.SystemClock(ctx).UnixMilli())}, nil
		})
		post(api, "/broken", "Breaks", func(context.Context, auth.Actor, *none) (weighed, error) {
			count.Add(1)
			return weighed{}, io.ErrUnexpectedEOF
		})
		post(api, "/panic", "Panics", func(context.Context, auth.Actor, *none) (weighed, error) { panic("secret") })
		get(api, "/things/{id}", "Shows", func(_ context.Context, _ auth.Actor, in *byID) (weighed, error) {
			return weighed{}, fault.New(fault.NotFound, "no_such_party", "There is no such party, or none that you may act for.")
		})
	}
	config.Photos, config.Log = t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil))
	if config.Pages == nil {
		config.Pages = builtPages
	}
	h, err := newWith(config, s, append([]func(huma.API, Services){area}, areas...))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	if _, err = s.Auth.CreateUser(t.Context(), auth.NewUser{Login: "liulin", Password: "correct horse", Name: "柳林", Lang: "zh"}); err != nil {
		t.Fatal(err)
	}
	session, err := s.Auth.SignIn(t.Context(), "liulin", "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	return site{srv.URL, session.Token, s.Auth, count, entered, leave}
}

type reply struct {
	*http.Response
	text []byte
}

func (r reply) json(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(r.text, &m); err != nil {
		t.Fatalf("%s: %s", err, r.text)
	}
	return m
}

func (s site) do(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{res, text}
}

// Bad input names its field, in both languages, as a problem document.
func TestBadInputNamesTheField(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	for _, row := range []struct {
		body, field, code string
		status            int
	}{
		{`{}`, "weight", "required", 422},
		{`{"weight":"5.004 kg"}`, "weight", "ambiguous_dot", 422},
		{`{"weight":"5000 箱"}`, "weight", "no_unit", 422},
		{`{"weight":"-3吨"}`, "weight", "negative_weight", 422},
		{`{"weight":-3000}`, "weight", "bad_weight", 422},
		{`{"weight":0}`, "weight", "bad_weight", 422},
		{`{"weight":"90000吨"}`, "weight", "too_heavy", 422},
		{`{"weight":1.5}`, "weight", "", 422},
		{`{"weight":true}`, "weight", "", 422},
		{`{"weight":"3吨","price":"3元"}`, "price", "price_per_what", 422},
		{`{"weight":"3吨","amount":"-1元"}`, "amount", "negative_money", 422},
		{`{"weight":"3吨","on":"2020-02-30"}`, "on", "bad_day", 422},
		{`{"weight":"3吨","on":"0020-02-03"}`, "on", "bad_day", 422},
		{`{"weight":"3吨","at":"2020-02-30T09:00:00+08:00"}`, "at", "bad_instant", 422},
		{`{"weight":"3吨","at":"2020-02-03T09:00:00"}`, "at", "bad_instant", 422},
		{`{"weight":"3吨","from":"25:00"}`, "from", "bad_time_of_day", 422},
		{`{"weight":"3吨","lines":[{"weight":"1吨"},{"weight":"1"}]}`, "lines[1].weight", "no_unit", 422},
		{`{"weight":"3吨","colour":"red"}`, "colour", "unknown_field", 422},
		{`{"weight":`, "", "bad_request", 400},
		{"{\"weight\":\"\xff\xfe\"}", "", "bad_utf8", 400},
		{`{"weight":"` + strings.Repeat("3", 5<<20) + `"}`, "", "too_large", 413},
	} {
		for _, lang := range []string{"en", "zh-CN"} {
			r := s.do(t, http.MethodPost, "/api/weighings", row.body, "Accept-Language", lang)
			p := r.json(t)
			field, _ := p["field"].(string)
			detail, _ := p["detail"].(string)
			if r.StatusCode != row.status || field != row.field || row.code != "" && p["type"] != "/problems/"+row.code || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%.80s: %d %v", row.body, r.StatusCode, p)
			}
			if han := strings.ContainsFunc(detail, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff && !strings.ContainsRune("吨箱元斤公克", r) }); detail == "" || han != (lang == "zh-CN") {
				t.Errorf("%.80s: in %s it says %q", row.body, lang, detail)
			}
			if len(row.body) < 200 && strings.Contains(detail, "%!") {
				t.Errorf("%.80s: %q", row.body, detail)
			}
		}
	}
	if n := s.count.Load(); n != 0 {
		t.Errorf("%d of them were worked", n)
	}
}

func TestGoodInputArrives(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	r := s.do(t, http.MethodPost, "/api/weighings", `{"weight":"5016 kg","price":"3元/斤","amount":"59,856.00元","on":"2020-02-29","at":"2020-02-03T14:00:00+08:00","from":"08:00"}`)
	m := r.json(t)
	if r.StatusCode != 200 || m["grams"] != 5016000.0 || m["price_e4"] != 60000.0 || m["fen"] != 5985600.0 || m["at"] != "2020-02-03T14:00:00+08:00" || m["from"] != "08:00" {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
}

func TestTheFrameAnswersWithProblemsToo(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	visitor := s
	visitor.token = ""
	for _, row := range []struct {
		site         site
		method, path string
		status       int
	}{
		{s, http.MethodGet, "/api/nothing", 404},
		{s, http.MethodPut, "/api/weighings", 405},
		{s, http.MethodPut, "/api/things/1", 400},
		{visitor, http.MethodDelete, "/api/things/1", 401},
		{s, http.MethodGet, "/api/things/other", 404},
		{visitor, http.MethodPost, "/api/weighings", 401},
		{visitor, http.MethodGet, "/api/me", 401},
		{s, http.MethodPost, "/api/broken", 500},
		{s, http.MethodPost, "/api/panic", 500},
		{s, http.MethodGet, "/api/photos/..%2f..%2fetc", 404},
	} {
		r := row.site.do(t, row.method, row.path, `{"weight":"1吨"}`[:0])
		if row.path == "/api/weighings" && row.method == http.MethodPost {
			r = row.site.do(t, row.method, row.path, `{"weight":"1吨"}`)
		}
		if r.StatusCode != row.status || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %s %s", row.method, row.path, r.StatusCode, r.Header.Get("Content-Type"), r.text)
		}
		if bytes.Contains(r.text, []byte("secret")) || bytes.Contains(r.text, []byte("EOF")) {
			t.Errorf("%s shows what is inside: %s", row.path, r.text)
		}
	}
}

func TestARepeatedRequestGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSite(t, db, false)
		send := func(body, key string) reply {
			return s.do(t, http.MethodPost, "/api/weighings", body, "Idempotency-Key", key)
		}
		first, again := send(`{"weight":"3吨"}`, "k1"), send(`{"weight":"3吨"}`, "k1")
		if first.StatusCode != 200 || !bytes.Equal(first.text, again.text) || again.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("first %s, again %s", first.text, again.text)
		}
		other := send(`{"weight":"4吨"}`, "k1")
		if other.StatusCode != 422 || other.json(t)["type"] != "/problems/key_reused" {
			t.Errorf("the same key with another body: %d %s", other.StatusCode, other.text)
		}
		bad, badAgain := send(`{"weight":"4"}`, "k2"), send(`{"weight":"4"}`, "k2")
		if bad.StatusCode != 422 || !bytes.Equal(bad.text, badAgain.text) || badAgain.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("a refused request again: %s", badAgain.text)
		}
		if send(`{"weight":"3吨"}`, "k3"); s.count.Load() != 2 {
			t.Errorf("worked %d times, want 2", s.count.Load())
		}
	})
}

func TestAFailedRequestFreesItsKey(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	for range 2 {
		if r := s.do(t, http.MethodPost, "/api/broken", "", "Idempotency-Key", "k"); r.StatusCode != 500 {
			t.Fatalf("%d %s", r.StatusCode, r.text)
		}
	}
	if s.count.Load() != 2 {
		t.Errorf("worked %d times, want 2: an outage was replayed", s.count.Load())
	}
}

func TestManyAtOnceWithOneKeyHaveOneEffect(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSite(t, db, false)
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				r := s.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, "Idempotency-Key", "k")
				if r.StatusCode != 200 && r.StatusCode != 409 {
					t.Errorf("%d %s", r.StatusCode, r.text)
				}
			})
		}
		wg.Wait()
		if s.count.Load() != 1 {
			t.Errorf("worked %d times", s.count.Load())
		}
	})
}

func TestTheClockIsSetOnlyInTheDemonstration(t *testing.T) {
	t.Parallel()
	at := "2020-02-03T14:00:00+08:00"
	demo := newSite(t, storetest.SQLite(t), true)
	if m := demo.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, clockHeader, at).json(t); m["now"] != at {
		t.Errorf("in the demonstration it is %v", m["now"])
	}
	if r := demo.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, clockHeader, "yesterday"); r.StatusCode != 422 {
		t.Errorf("yesterday: %d", r.StatusCode)
	}
	real := newSite(t, storetest.SQLite(t), false)
	if r := real.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, clockHeader, at); r.StatusCode != 422 || r.json(t)["field"] != clockHeader {
		t.Errorf("elsewhere: %d %s", r.StatusCode, r.text)
	}
}

func TestAnotherSiteCanNotPostWithTheCookie(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	cookie := cookieName + "=" + s.token
	s.token = ""
	if r := s.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, "Cookie", cookie, "Sec-Fetch-Site", "same-origin"); r.StatusCode != 200 {
		t.Errorf("from our own pages: %d %s", r.StatusCode, r.text)
	}
	if r := s.do(t, http.MethodPost, "/api/weighings", `{"weight":"3吨"}`, "Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); r.StatusCode != 403 {
		t.Errorf("from another site: %d", r.StatusCode)
	}
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	s.token = ""
	if r := s.do(t, http.MethodPost, "/api/session", `{"login":"liulin","password":"wrong horse"}`); r.StatusCode != 401 {
		t.Errorf("with a wrong password: %d", r.StatusCode)
	}
	r := s.do(t, http.MethodPost, "/api/session", `{"login":"liulin","password":"correct horse"}`)
	cookies := r.Cookies()
	if r.StatusCode != 200 || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("%d %v %s", r.StatusCode, cookies, r.text)
	}
	s.token = cookies[0].Value
	if me := s.do(t, http.MethodGet, "/api/me", "").json(t); me["name"] != "柳林" {
		t.Errorf("me is %v", me)
	}
	if out := s.do(t, http.MethodDelete, "/api/session", ""); out.StatusCode != 200 {
		t.Errorf("signing out: %d %s", out.StatusCode, out.text)
	}
	if r = s.do(t, http.MethodGet, "/api/me", ""); r.StatusCode != 401 {
		t.Errorf("after signing out: %d", r.StatusCode)
	}
}

func (s site) upload(t *testing.T, name string, content []byte, headers ...string) reply {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(name, "ward.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = form.Close()
	return s.do(t, http.MethodPost, "/api/photos", body.String(), append(headers, "Content-Type", form.FormDataContentType())...)
}

func TestPhotosAreWrittenAnew(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	r := s.upload(t, "photo", append(picture.Bytes(), "a secret place"...))
	if r.StatusCode != 200 {
		t.Fatalf("%d %s", r.StatusCode, r.text)
	}
	id, _ := r.json(t)["id"].(string)
	shown := s.do(t, http.MethodGet, "/api/photos/"+id, "")
	_, kind, err := image.DecodeConfig(bytes.NewReader(shown.text))
	if shown.StatusCode != 200 || err != nil || kind != "jpeg" || bytes.Contains(shown.text, []byte("secret")) {
		t.Errorf("%d %s %v", shown.StatusCode, kind, err)
	}
	if again := s.upload(t, "photo", picture.Bytes()).json(t); again["id"] != id {
		t.Error("the same picture got another name")
	}
	for _, row := range []struct {
		part    string
		content []byte
		status  int
		code    string
	}{
		{"photo", []byte("<script>"), 422, "not_a_photo"},
		{"photo", picture.Bytes()[:60], 422, "not_a_photo"},
		{"picture", picture.Bytes(), 422, "required"},
		{"photo", make([]byte, maxPhoto+1), 413, "photo_too_large"},
		{"photo", make([]byte, maxPhoto+2*maxJSON), 413, "too_large"},
	} {
		if r := s.upload(t, row.part, row.content); r.StatusCode != row.status || r.json(t)["type"] != "/problems/"+row.code {
			t.Errorf("%s of %d bytes: %d %s", row.part, len(row.content), r.StatusCode, r.text)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	for _, row := range []struct {
		path, accept, want, cache string
		status                    int
	}{
		{"/", "", "<!doctype html>app", "no-cache", 200},
		{"/gifts/01abc", "", "<!doctype html>app", "no-cache", 200},
		{"/assets/app-1.js", "identity", "plain", "public, max-age=31536000, immutable", 200},
		{"/assets/app-1.js", "gzip, br", "brotli", "public, max-age=31536000, immutable", 200},
		{"/assets/style-2.css", "gzip, br", "gz", "public, max-age=31536000, immutable", 200},
		{"/manifest.webmanifest", "identity", "{}", "no-cache", 200},
		{"/assets/app-2.js", "", "", "", 404},
	} {
		r := s.do(t, http.MethodGet, row.path, "", "Accept-Encoding", row.accept)
		if r.StatusCode != row.status || row.status == 200 && (string(r.text) != row.want || r.Header.Get("Cache-Control") != row.cache) {
			t.Errorf("%s: %d %q %q", row.path, r.StatusCode, r.text, r.Header.Get("Cache-Control"))
		}
	}
}

func TestTheDocumentDescribesEveryRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	r := s.do(t, http.MethodGet, "/openapi.json", "")
	m := r.json(t)
	paths, _ := m["paths"].(map[string]any)
	if m["openapi"] != "3.1.0" || paths["/session"] == nil || paths["/mandates/{id}/consent"] == nil || paths["/photos"] == nil || paths["/photos/{id}"] == nil {
		t.Errorf("%v has %d paths", m["openapi"], len(paths))
	}
	if bytes.Contains(r.text, []byte(`"ErrorModel"`)) || !bytes.Contains(r.text, []byte(`"Problem"`)) {
		t.Error("errors are not described as ours")
	}
	if alone, err := OpenAPI(); err != nil || !bytes.Contains(alone, []byte(`"/photos/{id}"`)) || bytes.Contains(alone, []byte(`"/weighings"`)) {
		t.Errorf("the document made without a server: %v", err)
	}
}
