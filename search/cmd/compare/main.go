// Command compare measures the two candidates for the embedded engine on the same pre-segmented text: Bleve and SQLite FTS5. It is a
// module of its own, so that Bleve is no dependency of the product.
//
//	go run . [-n 200000] [-queries 200]
package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"

	"jishi/search/searchtest"
)

// row is a listing as both engines store it: text as words with spaces between them, and what is filtered and counted.
type row struct {
	Name    string  `json:"name"`
	Body    string  `json:"body"`
	Produce string  `json:"produce"`
	County  string  `json:"county"`
	Price   float64 `json:"price"`
	Lon     float64 `json:"-"`
	Lat     float64 `json:"-"`
	Point   point   `json:"point"`
}

type point struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// question is one query: all words in name or body, a highest price, a circle, counts by produce and county. Zero fields ask nothing.
type question struct {
	words    []string
	maxPrice float64
	near     *point
	km       float64
	facets   bool
}

// engine is a candidate. ask gives the number of hits; the first twenty are read and thrown away.
type engine interface {
	fill(ctx context.Context, rows []row) error
	ask(ctx context.Context, q question) (int, error)
	close() error
}

func main() {
	n := flag.Int("n", 200_000, "listings")
	queries := flag.Int("queries", 200, "queries of each kind")
	flag.Parse()
	if err := run(context.Background(), *n, *queries); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n, queries int) error {
	var rows []row
	for l := range searchtest.Market(1, n) {
		rows = append(rows, row{Name: segmented(l.Title + " " + l.Produce), Body: segmented(l.Text + " " + l.Party), Produce: l.Produce, County: l.Adcode,
			Price: float64(max(l.PriceE4, 0)) / 1e4, Lon: l.Lon, Lat: l.Lat, Point: point{l.Lon, l.Lat}})
	}
	fmt.Printf("%d listings, %d cores, %s %s/%s, %s, one client\n\n", n, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, time.Now().Format(time.DateOnly))
	fmt.Println("| engine | index s | disk MB | text + circle p50 / p99 ms | narrow filters p50 / p99 ms | broad + facets p50 / p99 ms |")
	fmt.Println("|---|--:|--:|--:|--:|--:|")
	for _, e := range []struct {
		name string
		open func(dir string) (engine, error)
	}{{"SQLite FTS5", openFTS5}, {"Bleve", openBleve}} {
		if err := measure(ctx, e.name, e.open, rows, queries); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

func measure(ctx context.Context, name string, open func(dir string) (engine, error), rows []row, queries int) error {
	dir, err := os.MkdirTemp("", "jishi-compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	e, err := open(dir)
	if err != nil {
		return err
	}
	defer e.close()
	at := time.Now()
	if err := e.fill(ctx, rows); err != nil {
		return err
	}
	fmt.Printf("| %s | %.1f | %.0f |", name, time.Since(at).Seconds(), float64(size(dir))/1e6)
	for _, kind := range []func(*rand.Rand) question{textAndCircle, narrow, broad} {
		p50, p99, err := timed(ctx, e, kind, queries)
		if err != nil {
			return err
		}
		fmt.Printf(" %.2f / %.2f |", p50, p99)
	}
	fmt.Println()
	return nil
}

var words = []string{"苹果", "土豆", "红富士", "莲藕", "白菜", "大蒜", "番茄", "生姜"}

func pick(r *rand.Rand) []string { return strings.Fields(segmented(words[r.IntN(len(words))])) }

func textAndCircle(r *rand.Rand) question {
	return question{words: pick(r), near: &point{106 + 8*r.Float64(), 30 + 5*r.Float64()}, km: 300}
}

func narrow(r *rand.Rand) question {
	return question{words: append(pick(r), strings.Fields(segmented("合作社"))...), maxPrice: 2 + 2*r.Float64()}
}

func broad(r *rand.Rand) question { return question{words: []string{"合作"}, facets: true} }

// timed asks queries of a kind after a tenth as many to warm up, and gives milliseconds.
func timed(ctx context.Context, e engine, kind func(*rand.Rand) question, queries int) (p50, p99 float64, err error) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []float64
	for i := range queries + queries/10 {
		at := time.Now()
		if _, err := e.ask(ctx, kind(r)); err != nil {
			return 0, 0, err
		}
		if i >= queries/10 {
			all = append(all, time.Since(at).Seconds()*1000)
		}
	}
	slices.Sort(all)
	return all[len(all)/2], all[int(0.99*float64(len(all)-1))], nil
}

// segmented cuts text into pairs of Chinese characters and into words of other letters.
func segmented(s string) string {
	var out []string
	var han, word []rune
	flush := func() {
		for i := 0; i+1 < len(han); i++ {
			out = append(out, string(han[i:i+2]))
		}
		if len(han) == 1 {
			out = append(out, string(han))
		}
		if len(word) > 0 {
			out = append(out, strings.ToLower(string(word)))
		}
		han, word = nil, nil
	}
	for _, c := range s {
		switch {
		case unicode.Is(unicode.Han, c):
			if len(word) > 0 {
				flush()
			}
			han = append(han, c)
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			if len(han) > 0 {
				flush()
			}
			word = append(word, c)
		default:
			flush()
		}
	}
	flush()
	return strings.Join(out, " ")
}

func size(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if i, err := d.Info(); err == nil {
				sum += i.Size()
			}
		}
		return nil
	})
	return sum
}
