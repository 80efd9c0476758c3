// Command bench measures both search engines side by side on a made-up market and prints a Markdown table.
//
//	bench [-n 200000] [-elastic http://127.0.0.1:9200] [-seconds 3] [-clients 1,16] [-dir DIR]
//
// Without -elastic only the embedded engine is measured.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"jishi/search"
	"jishi/search/searchtest"
)

func main() {
	n := flag.Int("n", 200_000, "listings")
	elastic := flag.String("elastic", os.Getenv("JISHI_ELASTICSEARCH"), "address of an Elasticsearch server; \"\" leaves it out")
	seconds := flag.Float64("seconds", 3, "how long each kind of request is sent")
	clients := flag.String("clients", "1,16", "numbers of clients")
	dir := flag.String("dir", "", "where the embedded index lies; \"\" is a temporary folder that is removed")
	flag.Parse()
	b := bench{n: *n, span: time.Duration(*seconds * float64(time.Second)), start: time.Now()}
	for c := range strings.SplitSeq(*clients, ",") {
		k, err := strconv.Atoi(c)
		if err != nil || k < 1 {
			fmt.Fprintln(os.Stderr, "bench: -clients wants numbers, like 1,16")
			os.Exit(2)
		}
		b.clients = append(b.clients, k)
	}
	if err := b.run(context.Background(), *dir, *elastic); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run over both engines.
type bench struct {
	n       int
	span    time.Duration
	clients []int
	start   time.Time
}

// engine is an index and what it cost to fill.
type engine struct {
	name   string
	index  search.Index
	rate   float64 // documents a second
	disk   int64   // bytes; 0 unknown
	memory int64   // bytes of heap
	open   time.Duration
}

func (b *bench) run(ctx context.Context, dir, address string) error {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "jishi-bench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	}
	embedded, err := b.embedded(ctx, filepath.Join(dir, "search.db"))
	if err != nil {
		return err
	}
	defer embedded.index.Close()
	engines := []*engine{embedded}
	if address != "" {
		e, err := b.elastic(ctx, address)
		if err != nil {
			return err
		}
		defer e.index.Close()
		engines = append(engines, e)
	}
	fmt.Printf("%d listings, %d cores, %s %s/%s, %s\n\n", b.n, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, b.start.Format(time.DateOnly))
	fmt.Println("| engine | indexed a second | disk MB | memory MB | opened in |")
	fmt.Println("|---|--:|--:|--:|--:|")
	for _, e := range engines {
		fmt.Printf("| %s | %.0f | %.0f | %.0f | %s |\n", e.name, e.rate, float64(e.disk)/1e6, float64(e.memory)/1e6, e.open.Round(time.Millisecond))
	}
	fmt.Println("\n| request | clients | engine | requests a second | p50 ms | p99 ms |")
	fmt.Println("|---|--:|---|--:|--:|--:|")
	for _, r := range requests {
		for _, c := range b.clients {
			for _, e := range engines {
				if err := b.measure(ctx, r, c, e); err != nil {
					return fmt.Errorf("%s on %s: %w", r.name, e.name, err)
				}
			}
		}
	}
	return nil
}

func documents(n int) iter.Seq[search.Document] {
	return func(yield func(search.Document) bool) {
		for l := range searchtest.Market(1, n) {
			l.ExpiresAt = time.Now().Add(time.Duration(l.Life * 24 * float64(time.Hour))).UnixMilli() // suggestions go by the clock on the wall
			if !yield(l.Document) {
				return
			}
		}
	}
}

// fill puts the market through a rebuild, the way reindex does, and gives the documents a second.
func (b *bench) fill(ctx context.Context, ix search.Index) (float64, error) {
	r, err := ix.Rebuild(ctx)
	if err != nil {
		return 0, err
	}
	var part []search.Document
	var spent time.Duration
	put := func() error {
		at := time.Now()
		err := r.Put(ctx, part)
		for try := 0; errors.Is(err, search.ErrUnavailable) && try < 10; try++ { // a full server asks to wait; that time counts
			time.Sleep(time.Second)
			err = r.Put(ctx, part)
		}
		spent += time.Since(at)
		part = part[:0]
		return err
	}
	for d := range documents(b.n) {
		if part = append(part, d); len(part) == 1000 {
			if err := put(); err != nil {
				return 0, err
			}
		}
	}
	if err := put(); err != nil {
		return 0, err
	}
	at := time.Now()
	if err := r.Swap(ctx); err != nil {
		return 0, err
	}
	return float64(b.n) / (spent + time.Since(at)).Seconds(), ix.Refresh(ctx)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func (b *bench) embedded(ctx context.Context, path string) (*engine, error) {
	v := searchtest.Vocabulary()
	ix, err := search.OpenEmbedded(ctx, path, v)
	if err != nil {
		return nil, err
	}
	e := &engine{name: "embedded"}
	if e.rate, err = b.fill(ctx, ix); err != nil {
		return nil, err
	}
	if err := ix.Close(); err != nil {
		return nil, err
	}
	before, at := heap(), time.Now()
	if ix, err = search.OpenEmbedded(ctx, path, v); err != nil {
		return nil, err
	}
	e.open = time.Since(at)
	e.memory, e.index = heap()-before, ix
	files, err := filepath.Glob(path + "*")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if s, err := os.Stat(f); err == nil {
			e.disk += s.Size()
		}
	}
	return e, nil
}

func (b *bench) elastic(ctx context.Context, address string) (*engine, error) {
	at := time.Now()
	ix, err := search.OpenElastic(ctx, search.ElasticConfig{Addresses: []string{address}, Index: "jishi-bench", Timeout: 2 * time.Minute}, searchtest.Vocabulary())
	if err != nil {
		return nil, err
	}
	e := &engine{name: "elasticsearch", index: ix, open: time.Since(at)}
	if e.rate, err = b.fill(ctx, ix); err != nil {
		return nil, err
	}
	e.disk, e.memory, err = ix.Usage(ctx)
	return e, err
}

// request is a kind of request.
type request struct {
	name string
	send func(ctx context.Context, ix search.Index, r *rand.Rand) error
}

var (
	words   = []string{"苹果", "土豆", "红富士", "hongfushi", "green onion", "滞销 白菜", "有机 胡萝卜", "莲藕 6元以下", "陕西苹果 5吨", "potatto", "大蒜", "西红柿 合格证"}
	typed   = []string{"p", "ping", "苹", "hong", "t", "tu", "da", "白", "萝", "陕", "sh", "wu", "x", "xi", "to", "红富", "大"}
	targets = []string{"420100", "110000", "310000", "440100", "650100"}
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func ask(q search.Query) func(context.Context, search.Index, *rand.Rand) error {
	return func(ctx context.Context, ix search.Index, r *rand.Rand) error {
		q := q
		q.Now, q.Tariff = searchtest.Now, searchtest.Tariff()
		q.To, q.Grams = &search.Destination{Adcode: pick(r, targets)}, int64(1+r.IntN(30))*1_000_000
		if q.Text != "" {
			q.Text = pick(r, words)
		}
		if c := q.Filters.Near; c != nil {
			q.Filters.Near = &search.Circle{Lon: c.Lon + r.Float64(), Lat: c.Lat + r.Float64(), Metres: c.Metres}
		}
		_, err := ix.Search(ctx, q)
		return err
	}
}

var offers = search.Filters{Kinds: []search.Kind{search.Offer}}

var requests = []request{
	{"text, filters, circle, facets", ask(search.Query{Text: "x", Filters: search.Filters{Kinds: []search.Kind{search.Offer}, Certified: true,
		Near: &search.Circle{Lon: 108.5, Lat: 34, Metres: 500_000}}})},
	{"text and facets", ask(search.Query{Text: "x", Filters: offers})},
	{"text by delivered price", ask(search.Query{Text: "x", Filters: offers, Sort: search.ByDelivered})},
	{"all by delivered price", ask(search.Query{Filters: offers, Sort: search.ByDelivered, NoFacets: true})},
	{"everything, with facets", ask(search.Query{})},
	{"suggestion", func(ctx context.Context, ix search.Index, r *rand.Rand) error {
		_, err := ix.Suggest(ctx, pick(r, typed), 8)
		return err
	}},
}

// measure sends a kind of request from several clients and prints a row. A tenth of the time goes to warming up.
func (b *bench) measure(ctx context.Context, q request, clients int, e *engine) error {
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	warm := time.Now().Add(b.span / 10)
	end := warm.Add(b.span)
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), 1))
			var took []time.Duration
			var err error
			for err == nil {
				at := time.Now()
				if at.After(end) {
					break
				}
				if err = q.send(ctx, e.index, r); err == nil && at.After(warm) {
					took = append(took, time.Since(at))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil {
				failed = err
			}
		})
	}
	wg.Wait()
	if failed != nil || len(all) == 0 {
		return failed
	}
	slices.Sort(all)
	ms := func(share float64) float64 { return all[int(share*float64(len(all)-1))].Seconds() * 1000 }
	fmt.Printf("| %s | %d | %s | %.0f | %.2f | %.2f |\n", q.name, clients, e.name, float64(len(all))/b.span.Seconds(), ms(0.5), ms(0.99))
	return nil
}
