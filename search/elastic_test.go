package search_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/search"
	"jishi/search/searchtest"
)

var indexes atomic.Int64

// elasticAddress gives the server to try, or skips. In CI there has to be one.
func elasticAddress(t testing.TB) string {
	t.Helper()
	at := os.Getenv("JISHI_ELASTICSEARCH")
	switch {
	case at != "":
	case os.Getenv("CI") == "true":
		t.Fatal("JISHI_ELASTICSEARCH is not set: the contract has to be tried on Elasticsearch too")
	default:
		t.Skip("JISHI_ELASTICSEARCH is not set; scripts/elasticsearch.sh start prints what to set it to")
	}
	return at
}

// openElastic gives a fresh index, which is removed at the end.
func openElastic(t testing.TB) *search.Elastic {
	t.Helper()
	ix, err := search.OpenElastic(t.Context(), search.ElasticConfig{
		Addresses: []string{elasticAddress(t)}, Index: fmt.Sprintf("jishi-test-%d-%d", os.Getpid(), indexes.Add(1)),
	}, searchtest.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := search.Drop(ix); err != nil {
			t.Error(err)
		}
		_ = ix.Close()
	})
	return ix
}

func TestElastic(t *testing.T) {
	t.Parallel()
	searchtest.Run(t, func(t *testing.T) search.Index { return openElastic(t) })
}

// TestTwins holds both engines against each other on a larger market.
func TestTwins(t *testing.T) {
	t.Parallel()
	elasticAddress(t)
	searchtest.Twins(t, func(t *testing.T) search.Index { return openEmbedded(t, "") }, func(t *testing.T) search.Index { return openElastic(t) })
}

// gate stands before the server and can be shut.
type gate struct {
	shut atomic.Int64 // 0 open, or the status to answer with
	to   string
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s := g.shut.Load(); s != 0 {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		http.Error(w, "shut", int(s))
		return
	}
	req, err := http.NewRequestWithContext(r.Context(), r.Method, g.to+r.URL.RequestURI(), r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	req.Header = r.Header
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	for k, v := range res.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

func listing(id string, version int64, title string) search.Document {
	return search.Document{Kind: search.Offer, ID: id, Version: version, Title: title, Produce: "苹果", Adcode: "610305", PriceE4: 20_000}
}

// TestElasticUnavailable: nobody there, a server that is overloaded or too slow: every call says ErrUnavailable, and works again
// when the server does, without opening anew.
func TestElasticUnavailable(t *testing.T) {
	t.Parallel()
	t.Run("NobodyThere", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(nil)
		srv.Close()
		ix, err := search.OpenElastic(t.Context(), search.ElasticConfig{Addresses: []string{srv.URL}}, searchtest.Vocabulary())
		if err != nil {
			t.Fatalf("a cluster that is down must not keep the program from starting: %v", err)
		}
		wantUnavailable(t, ix)
	})
	t.Run("TooSlow", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		t.Cleanup(srv.Close)
		ix, err := search.OpenElastic(t.Context(), search.ElasticConfig{Addresses: []string{srv.URL}, Timeout: 20 * time.Millisecond}, searchtest.Vocabulary())
		if err != nil {
			t.Fatal(err)
		}
		wantUnavailable(t, ix)
	})
	t.Run("BackAgain", func(t *testing.T) {
		t.Parallel()
		g := &gate{to: strings.TrimSuffix(elasticAddress(t), "/")}
		g.shut.Store(http.StatusTooManyRequests)
		srv := httptest.NewServer(g)
		t.Cleanup(srv.Close)
		ix, err := search.OpenElastic(t.Context(), search.ElasticConfig{Addresses: []string{srv.URL},
			Index: fmt.Sprintf("jishi-test-%d-%d", os.Getpid(), indexes.Add(1))}, searchtest.Vocabulary())
		if err != nil {
			t.Fatal(err)
		}
		wantUnavailable(t, ix)
		g.shut.Store(0)
		t.Cleanup(func() { _ = search.Drop(ix) })
		if err := ix.Put(t.Context(), []search.Document{listing("a", 1, "x")}); err != nil {
			t.Fatal(err)
		}
		g.shut.Store(http.StatusServiceUnavailable)
		wantUnavailable(t, ix)
		g.shut.Store(0)
		if n, err := ix.Count(t.Context()); err != nil || n > 1 {
			t.Fatalf("%d documents, %v", n, err)
		}
	})
}

func wantUnavailable(t *testing.T, ix search.Index) {
	t.Helper()
	_, searched := ix.Search(t.Context(), search.Query{Text: "苹果"})
	_, suggested := ix.Suggest(t.Context(), "苹", 5)
	_, counted := ix.Count(t.Context())
	_, rebuilt := ix.Rebuild(t.Context())
	for name, err := range map[string]error{
		"search": searched, "suggest": suggested, "count": counted, "rebuild": rebuilt,
		"put":     ix.Put(t.Context(), []search.Document{listing("b", 1, "x")}),
		"delete":  ix.Delete(t.Context(), []search.Key{{Kind: search.Offer, ID: "b", Version: 1}}),
		"refresh": ix.Refresh(t.Context()),
	} {
		if !errors.Is(err, search.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", name, err)
		}
	}
}

// TestElasticProcesses: what one process writes while another one rebuilds is in the rebuilt index, and nothing makes a stray index.
func TestElasticProcesses(t *testing.T) {
	t.Parallel()
	one := openElastic(t)
	two, err := search.OpenElastic(t.Context(), search.ConfigOf(one), searchtest.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = two.Close() })
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(one.Put(t.Context(), []search.Document{listing("a", 1, "old"), listing("b", 1, "old")}))
	r, err := one.Rebuild(t.Context())
	check(err)
	check(two.Put(t.Context(), []search.Document{listing("a", 3, "new")}))
	check(two.Delete(t.Context(), []search.Key{{Kind: search.Offer, ID: "b", Version: 2}}))
	check(r.Put(t.Context(), []search.Document{listing("a", 2, "late"), listing("b", 1, "late"), listing("c", 1, "kept")}))
	other, err := two.Rebuild(t.Context()) // joins the one under way
	check(err)
	check(other.Checkpoint(t.Context(), "c"))
	check(r.Swap(t.Context()))
	check(two.Put(t.Context(), []search.Document{listing("d", 1, "after")}))
	check(two.Refresh(t.Context()))
	res, err := two.Search(t.Context(), search.Query{Sort: search.ByPrice})
	check(err)
	var got []string
	for _, h := range res.Hits {
		got = append(got, h.ID+" "+h.Title)
	}
	if strings.Join(got, ", ") != "a new, c kept, d after" {
		t.Errorf("after the swap: %q", got)
	}
	var bad *search.InvalidError
	for name, err := range map[string]error{
		"swap": other.Swap(t.Context()), "put": other.Put(t.Context(), []search.Document{listing("e", 1, "x")}),
	} {
		if !errors.As(err, &bad) {
			t.Errorf("%s of a rebuild that is over: %v, want an InvalidError", name, err)
		}
	}
}
