package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/server/store"
	"jishi/server/store/storetest"
)

// town is the whole program with the story's people in it, listening on a free port.
type town struct {
	t    testing.TB
	site *site
	url  string

	mu     sync.Mutex
	tokens map[string]string
}

// onBothEngines runs test in a fresh town on SQLite and in one on PostgreSQL.
func onBothEngines(t *testing.T, test func(t *testing.T, w *town)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newTown(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newTown(t, storetest.PostgresDSN(t)))
	})
}

// newTown opens a town on the database at dsn, "" for SQLite in a folder of the test. It closes with the test.
func newTown(t testing.TB, dsn string) *town {
	t.Helper()
	return newTownOn(t, config{dsn: dsn})
}

// newTownOn opens a town with its things where c says, in a folder of the test.
func newTownOn(t testing.TB, c config) *town {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	c.data, c.demo = t.TempDir(), true
	s, err := open(ctx, c, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if err = s.seed(ctx); err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, site: s, tokens: map[string]string{}}
	stop := w.serve(ctx)
	t.Cleanup(func() {
		stop()
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// serve runs the site until the returned function is called, which waits for its end.
func (w *town) serve(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	url, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- w.site.run(ctx, "127.0.0.1:0", false, func(u string) { url <- u }) }()
	select {
	case w.url = <-url:
	case err := <-ended:
		w.t.Fatal(err)
	}
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}
}

func (w *town) db() *store.DB { return w.site.db }

// answer is what the server said.
type answer struct {
	status int
	raw    []byte
	json   map[string]any // nil for a list or for text
}

func (a answer) ok() bool { return a.status/100 == 2 }

// text gives a string of the answer by its name, "" if there is none.
func (a answer) text(name string) string {
	v, ok := a.json[name].(string)
	if !ok {
		return ""
	}
	return v
}

// list reads the answer as a list of objects.
func (a answer) list() []map[string]any {
	var out []map[string]any
	if json.Unmarshal(a.raw, &out) != nil {
		return nil
	}
	return out
}

// request is one call of the interface.
type request struct {
	as, method, path string
	body             any    // marshalled, or sent as it is when it is a string
	form             string // the type of a body that is a form
	key              string
	at               time.Time
	head             map[string]string // more headers
}

// send sends a request and reads its answer. An error is one of the network.
func (w *town) send(ctx context.Context, r request) (answer, error) {
	body, err := bodyOf(r.body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, w.url+r.path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", cmp.Or(r.form, "application/json"))
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	if !r.at.IsZero() {
		req.Header.Set("X-Jishi-Clock", r.at.Format(time.RFC3339))
	}
	for name, value := range r.head {
		req.Header.Set(name, value)
	}
	if r.as != "" {
		token, err := w.token(ctx, r.as, r.at)
		if err != nil {
			return answer{}, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return do(req)
}

func bodyOf(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case string:
		return []byte(body), nil
	}
	return json.Marshal(body)
}

func do(req *http.Request) (answer, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		return a, err
	}
	if strings.HasPrefix(strings.TrimSpace(string(a.raw)), "{") {
		err = json.Unmarshal(a.raw, &a.json)
	}
	return a, err
}

// token signs a demo user in, once.
func (w *town) token(ctx context.Context, login string, at time.Time) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if token, ok := w.tokens[login]; ok {
		return token, nil
	}
	a, err := w.send(ctx, request{method: http.MethodPost, path: "/api/session", body: map[string]string{"login": login, "password": demoPassword}, at: at})
	if err != nil {
		return "", err
	}
	if !a.ok() {
		return "", fmt.Errorf("sign in %s: %d %s", login, a.status, a.raw)
	}
	w.tokens[login] = a.text("token")
	return w.tokens[login], nil
}

// must sends a request that has to succeed.
func (w *town) must(r request) answer {
	w.t.Helper()
	a, err := w.send(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	if !a.ok() {
		w.t.Fatalf("%s %s as %s: %d %s", r.method, r.path, r.as, a.status, a.raw)
	}
	return a
}

// post sends a body that has to be accepted.
func (w *town) post(as, path string, body any) answer {
	w.t.Helper()
	return w.must(request{as: as, method: http.MethodPost, path: path, body: body, at: storyDay})
}

// storyDay is a morning of the story, when every demo pass and rule is in force.
var storyDay = time.Date(2020, 2, 2, 9, 0, 0, 0, time.FixedZone("CST", 8*60*60))

// object is a JSON object.
type object = map[string]any

// run runs a subcommand and gives its exit code and what it printed.
func run(ctx context.Context, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = Run(ctx, args, Streams{In: strings.NewReader(""), Out: &o, Err: &e}, func(string) string { return "" })
	return code, o.String(), e.String()
}
