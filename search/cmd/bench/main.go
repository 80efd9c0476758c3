// Command bench measures both search engines side by side on a made-up market and prints a Markdown table.
//
//	bench [-n 200000] [-elastic http://127.0.0.1:9200] [-seconds 3] [-clients 1,16] [-data DIR [-build]]
//
// Without -elastic only the embedded engine is measured. With -data the indexes stay, the embedded one in DIR and the other on its
// server: -build fills them and stops, a build that was cut off goes on, and a later run measures the requests alone. Without -data
// nothing is left behind, not at an interrupt either.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"jishi/search"
	"jishi/search/searchtest"
)

func main() {
	b := bench{start: time.Now()}
	flag.IntVar(&b.n, "n", 200_000, "listings")
	flag.StringVar(&b.address, "elastic", os.Getenv("JISHI_ELASTICSEARCH"), "address of an Elasticsearch server; \"\" leaves it out")
	flag.StringVar(&b.data, "data", "", "folder that keeps the indexes; \"\" keeps nothing")
	flag.BoolVar(&b.buildOnly, "build", false, "fill the indexes of -data and stop")
	seconds := flag.Float64("seconds", 3, "how long each kind of request is sent")
	clients := flag.String("clients", "1,16", "numbers of clients")
	flag.Parse()
	b.span = time.Duration(*seconds * float64(time.Second))
	for c := range strings.SplitSeq(*clients, ",") {
		k, err := strconv.Atoi(c)
		if err != nil || k < 1 {
			fmt.Fprintln(os.Stderr, "bench: -clients wants numbers, like 1,16")
			os.Exit(2)
		}
		b.clients = append(b.clients, k)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := b.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run over both engines.
type bench struct {
	n         int
	address   string
	data      string
	buildOnly bool
	span      time.Duration
	clients   []int
	start     time.Time
}

// engine is an index and what it cost to fill.
type engine struct {
	name  string
	index search.Index
	built *built
	drop  func(context.Context) error // removes what closing leaves behind; nil: nothing
	open  time.Duration
}

func (b *bench) run(ctx context.Context) (err error) {
	keep := b.data != ""
	if !keep {
		if b.data, err = os.MkdirTemp("", "jishi-bench"); err != nil {
			return err
		}
		defer os.RemoveAll(b.data)
	} else if err = os.MkdirAll(b.data, 0o755); err != nil {
		return err
	}
	var engines []*engine
	defer func() {
		for _, e := range engines {
			err = errors.Join(err, e.close(ctx, keep))
		}
	}()
	for _, open := range b.opens() {
		e, err := open(ctx)
		if e != nil {
			engines = append(engines, e)
		}
		if err != nil {
			return err
		}
	}
	if err := b.same(ctx, engines); err != nil {
		return err
	}
	b.told(engines)
	if b.buildOnly {
		return nil
	}
	return b.measureAll(ctx, engines)
}

func (b *bench) opens() []func(context.Context) (*engine, error) {
	if b.address == "" {
		return []func(context.Context) (*engine, error){b.embedded}
	}
	return []func(context.Context) (*engine, error){b.embedded, b.elastic}
}

// close leaves the index where it is, or removes it; an interrupt does not keep it from that.
func (e *engine) close(ctx context.Context, keep bool) error {
	var err error
	if e.drop != nil && !keep {
		err = e.drop(context.WithoutCancel(ctx))
	}
	if e.index != nil {
		err = errors.Join(err, e.index.Close())
	}
	return err
}

// same checks that the engines hold the same listings: the heaviest are the same on both.
func (b *bench) same(ctx context.Context, engines []*engine) error {
	var first string
	for _, e := range engines {
		r, err := e.index.Search(ctx, search.Query{Filters: search.Filters{Expired: true}, Sort: search.ByGrams, Limit: 50, NoFacets: true, Now: searchtest.Now})
		if err != nil {
			return err
		}
		ids := ""
		for _, h := range r.Hits {
			ids += h.ID + " " + h.Title + "\n"
		}
		if first == "" {
			first = ids
		}
		if ids != first || ids == "" {
			return fmt.Errorf("%s holds other listings than %s", e.name, engines[0].name)
		}
	}
	return nil
}

// told prints what filling took.
func (b *bench) told(engines []*engine) {
	fmt.Printf("%d listings, %d cores, %s %s/%s, %s\n\n", b.n, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, b.start.Format(time.DateOnly))
	fmt.Println("| engine | built on | indexed a second | disk MB | memory MB | opened in |")
	fmt.Println("|---|---|--:|--:|--:|--:|")
	for _, e := range engines {
		fmt.Printf("| %s | %s | %.0f | %.0f | %.0f | %s |\n", e.name, e.built.On, e.built.rate(), float64(e.built.Disk)/1e6, float64(e.built.Memory)/1e6, e.open.Round(time.Millisecond))
	}
}

func (b *bench) measureAll(ctx context.Context, engines []*engine) error {
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
	if failed != nil {
		return failed
	}
	if len(all) == 0 { // none ended within the time
		fmt.Printf("| %s | %d | %s | 0 | – | – |\n", q.name, clients, e.name)
		return nil
	}
	slices.Sort(all)
	ms := func(share float64) float64 { return all[int(share*float64(len(all)-1))].Seconds() * 1000 }
	fmt.Printf("| %s | %d | %s | %.0f | %.2f | %.2f |\n", q.name, clients, e.name, float64(len(all))/b.span.Seconds(), ms(0.5), ms(0.99))
	return nil
}
