package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/server/store/storetest"
)

// line is a wire to a server that can be cut: open connections break and new ones are refused, as when the process dies.
type line struct {
	to string
	at string

	mu    sync.Mutex
	conns []net.Conn
	ears  net.Listener
}

func newLine(t *testing.T, to string) *line {
	l := &line{to: to, at: "127.0.0.1:0"}
	l.mend(t)
	t.Cleanup(l.cut)
	return l
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.ears.Close()
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

func (l *line) mend(t *testing.T) {
	t.Helper()
	ears, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", l.at)
	if err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	l.ears, l.at = ears, ears.Addr().String()
	l.mu.Unlock()
	go func() {
		for {
			here, err := ears.Accept()
			if err != nil {
				return
			}
			go l.join(here)
		}
	}()
}

func (l *line) join(here net.Conn) {
	there, err := net.Dial("tcp", l.to)
	if err != nil {
		_ = here.Close()
		return
	}
	l.mu.Lock()
	l.conns = append(l.conns, here, there)
	l.mu.Unlock()
	go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
	_, _ = io.Copy(here, there)
	_ = here.Close()
}

// elasticServer gives the host and port of the server to try, or skips. In CI there has to be one.
func elasticServer(t testing.TB) string {
	t.Helper()
	at := os.Getenv("JISHI_ELASTICSEARCH")
	if at == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("JISHI_ELASTICSEARCH is not set, and in CI nothing may be skipped")
		}
		t.Skip("no Elasticsearch: JISHI_ELASTICSEARCH is not set (`make test` starts one)")
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

var townIndexes atomic.Int64

// TestTheSearchEngineGoesAndComes cuts the wire to a real Elasticsearch in mid-traffic. Nobody sees an error: the list comes from the
// database, filtered, and says so; what was put up and taken down meanwhile is in the index by itself when the engine is back, and
// everything is when it comes back empty.
func TestTheSearchEngineGoesAndComes(t *testing.T) {
	t.Parallel()
	wire := newLine(t, elasticServer(t))
	index := fmt.Sprintf("jishi-away-%d-%d", os.Getpid(), townIndexes.Add(1))
	w := newTownOn(t, config{dsn: storetest.PostgresDSN(t), elastic: "http://" + wire.at, elasticIndex: index})
	t.Cleanup(func() { dropElastic(t, index) })

	first := w.list("liulin", "苹果", "3000公斤", "6元/公斤", nil)
	w.list("biaojiao", "大葱", "3000公斤", "2元/公斤", nil)
	whole := func(a answer) bool { return a.ok() && a.json["incomplete"] != true }
	w.until("the engine finds the apples", find("q=pingguo"), func(a answer) bool { return whole(a) && hitsOf(a) == first })

	traffic := w.traffic()
	wire.cut()
	partly := w.until("the page says that search is away", find("q=pingguo"), func(a answer) bool { return a.json["incomplete"] == true })
	if hitsOf(partly) != first || partly.text("notice") == "" {
		t.Errorf("while it is away: %s", partly.raw)
	}
	second := w.list("liulin", "苹果", "2000公斤", "5元/公斤", nil)
	for query, want := range map[string]string{
		"kinds=offer&produce=" + url.QueryEscape("苹果"): second + " " + first, "area=610000&q=apple": second + " " + first, "area=420000": "", "price=4+to+8&limit=1": second,
	} {
		if a := w.must(find(query)); hitsOf(a) != want || a.json["incomplete"] != true {
			t.Errorf("browsing by %s: %q, want %q", query, hitsOf(a), want)
		}
	}
	page := w.must(find("q=apple&limit=1"))
	if rest := w.must(find("q=apple&limit=1&after=" + url.QueryEscape(page.text("next")))); hitsOf(page) != second || hitsOf(rest) != first {
		t.Errorf("paging without the engine: %q, then %q", hitsOf(page), hitsOf(rest))
	}
	w.post("liulin", "/api/offers/"+first+"/pause", object{})

	wire.mend(t)
	w.until("it catches up by itself", find("q=pingguo"), func(a answer) bool { return whole(a) && hitsOf(a) == second })
	if faults := traffic(); len(faults) > 0 {
		t.Errorf("the people meanwhile saw: %v", faults)
	}

	wire.cut()
	dropElastic(t, index)
	wire.mend(t)
	w.until("a lost index is made anew", find("q=pingguo"), func(a answer) bool {
		_ = w.site.follow(t.Context(), following{}) // the look of every minute
		return whole(a) && hitsOf(a) == second
	})
}

// BenchmarkCommitToFound measures from the answer to a publication, which comes after its commit, until the page's search finds it.
func BenchmarkCommitToFound(b *testing.B) {
	b.Run("embedded", func(b *testing.B) { commitToFound(b, config{}) })
	b.Run("elasticsearch", func(b *testing.B) {
		index := fmt.Sprintf("jishi-delay-%d-%d", os.Getpid(), townIndexes.Add(1))
		b.Cleanup(func() { dropElastic(b, index) })
		commitToFound(b, config{elastic: "http://" + elasticServer(b), elasticIndex: index})
	})
}

func commitToFound(b *testing.B, c config) {
	w := newTownOn(b, c)
	var sum, slowest time.Duration
	n := 0
	for b.Loop() {
		n++
		offer := w.list("liulin", "苹果", fmt.Sprintf("%d公斤", 1000+n), "6元/公斤", nil)
		committed := time.Now()
		w.until("the offer", find("q=pingguo&sort=newest&limit=100"), func(a answer) bool { return strings.Contains(hitsOf(a), offer) })
		took := time.Since(committed)
		sum, slowest = sum+took, max(slowest, took)
	}
	b.ReportMetric(float64(sum.Milliseconds())/float64(n), "mean-ms")
	b.ReportMetric(float64(slowest.Milliseconds()), "slowest-ms")
}

// traffic searches and suggests from some clients until the returned function is called, which gives what they saw go wrong.
func (w *town) traffic() func() []string {
	ctx, cancel := context.WithCancel(w.t.Context())
	var mu sync.Mutex
	var faults []string
	var answered atomic.Int64
	var all sync.WaitGroup
	for _, path := range []string{"/api/search?q=apple", "/api/search?kinds=offer&to=420100&sort=delivered", "/api/suggest?q=ping"} {
		all.Go(func() {
			for ctx.Err() == nil {
				a, err := w.send(ctx, request{method: http.MethodGet, path: path, at: storyDay})
				if ctx.Err() != nil {
					return
				}
				if answered.Add(1); err != nil || !a.ok() {
					mu.Lock()
					faults = append(faults, fmt.Sprintf("%s: %d %.200s %v", path, a.status, a.raw, err))
					mu.Unlock()
					return
				}
			}
		})
	}
	return func() []string {
		cancel()
		all.Wait()
		if answered.Load() == 0 {
			faults = append(faults, "nothing: no request was answered")
		}
		return slices.Compact(faults)
	}
}

// dropElastic removes an index of a test with all that is in it.
func dropElastic(t testing.TB, index string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	base := "http://" + elasticServer(t)
	for n := 1; n < 10; n++ {
		req, err := http.NewRequestWithContext(ctx, http.MethodDelete, fmt.Sprintf("%s/%s-%d?ignore_unavailable=true", base, index, n), nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := do(req)
		if err != nil || !a.ok() && !strings.Contains(string(a.raw), "index_not_found") {
			t.Errorf("drop %s: %d %s %v", index, a.status, a.raw, err)
		}
	}
}
