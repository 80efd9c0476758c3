// Command bench plans the county's day and the nation's day and prints what came of it as Markdown tables.
//
//	go run ./server/dispatch/cmd/bench [-county 1s,5s,60s] [-again 5s] [-long 60s] [-nation 1000,2500,5000,10000] [-workers 2] [-runs 5] [-vroom 5s]
//
// Whatever has a limit of time ends a little differently each time, and another seed differently again: the county's day is planned with
// several seeds, and its tables have the median with the lowest and the highest. With -vroom the county's day is given to VROOM too, with the rules that both know, and both plans are checked.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"jishi/server/dispatch"
	"jishi/server/dispatch/days"
	"jishi/server/places"
	"jishi/server/rules"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type settings struct {
	long    time.Duration
	limits  string
	mishaps time.Duration
	nation  string
	vroom   time.Duration
	workers int
	runs    int
	desk    dispatch.Desk
	out     io.Writer
}

func run(args []string, out io.Writer) error {
	s := settings{out: out}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.DurationVar(&s.long, "long", 60*time.Second, "time for the nation's day of 10,000 loads; smaller days in proportion")
	f.StringVar(&s.limits, "county", "1s,5s,60s", "how long the county's day is planned; empty for not at all")
	f.DurationVar(&s.mishaps, "again", 5*time.Second, "how long the county's day is planned before something happens to it; 0 for not at all")
	f.StringVar(&s.nation, "nation", "1000,2500,5000,10000", "sizes of the nation's day; empty for none")
	f.DurationVar(&s.vroom, "vroom", 0, "time for VROOM and for ours on the county's day with the rules that both know, one thread each; 0 for not at all")
	f.IntVar(&s.workers, "workers", 2, "searches at the same time")
	f.IntVar(&s.runs, "runs", 5, "seeds that the county's day is planned with; three at most where a run takes longer than 10 s")
	if err := f.Parse(args); err != nil {
		return err
	}
	book, err := rules.Load()
	if err != nil {
		return err
	}
	atlas, err := places.Load()
	if err != nil {
		return err
	}
	s.desk = dispatch.Desk{Rules: book, Places: atlas, Router: places.NewEstimator(atlas)}
	fmt.Fprintf(out, "%d cores, %s, %s\n\n", runtime.NumCPU(), runtime.Version(), time.Now().Format(time.DateOnly))
	if err = s.county(); err != nil {
		return err
	}
	if err = s.again(); err != nil {
		return err
	}
	if err = s.besideVROOM(); err != nil {
		return err
	}
	return s.nations()
}

func (s settings) effort(limit time.Duration, seed int) dispatch.Effort {
	return dispatch.Effort{Time: limit, Now: time.Now, Workers: s.workers, Seed: uint64(seed)}
}

// seeds is how often something with this limit is run.
func (s settings) seeds(limit time.Duration) int {
	runs := max(1, s.runs)
	if limit > 10*time.Second {
		return min(runs, 3)
	}
	return runs
}

// county plans the county's day for longer and longer.
func (s settings) county() error {
	limits, err := spans(s.limits)
	if err != nil || len(limits) == 0 {
		return err
	}
	q, err := days.County()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "County's day: %d loads, %d trucks\n\n| limit | runs | took | first plan | left out at first | least left out after | left out | trucks | cost, yuan | loss of value, yuan |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n", len(q.Loads), len(q.Trucks))
	for _, limit := range limits {
		if err = s.countyWithin(q, limit); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.out)
	return nil
}

// countyWithin prints the row of one limit. Times and loads left out are those of the worst run.
func (s settings) countyWithin(q dispatch.Question, limit time.Duration) error {
	var took, first, leftFirst, whole, left, trucks, cost, decay spread
	for seed := range s.seeds(limit) {
		var told, fewest dispatch.Progress
		begin := time.Now()
		a, err := s.desk.Day(context.Background(), q, s.effort(limit, seed+1), func(p dispatch.Progress) {
			if told.Elapsed == 0 {
				told, fewest = p, p
			}
			if p.LeftOut < fewest.LeftOut {
				fewest = p
			}
		})
		if err != nil {
			return err
		}
		t := tallyOf(a)
		took, first = append(took, time.Since(begin).Milliseconds()), append(first, told.Elapsed.Milliseconds())
		leftFirst, whole, left = append(leftFirst, int64(told.LeftOut)), append(whole, fewest.Elapsed.Milliseconds()), append(left, int64(t.left))
		trucks, cost, decay = append(trucks, int64(t.trucks)), append(cost, t.cost/100), append(decay, t.decay/100)
	}
	fmt.Fprintf(s.out, "| %s | %d | %s | %s | %d | %s | %d | %s | %s | %s |\n", limit, len(cost), took.seconds(), first.seconds(), slices.Max(leftFirst), whole.seconds(), slices.Max(left), trucks, cost, decay)
	return nil
}

func spans(text string) ([]time.Duration, error) {
	var out []time.Duration
	for _, word := range strings.Fields(strings.ReplaceAll(text, ",", " ")) {
		d, err := time.ParseDuration(word)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

type tally struct {
	trucks, left int
	cost         int64 // without what the goods lose
	decay        int64 // what the goods lose
}

func tallyOf(a dispatch.Answer) tally {
	t := tally{left: len(a.LeftOut)}
	if len(a.Options) > 0 {
		t.trucks, t.cost = len(a.Options[0].Trips), int64(a.Options[0].Cost)
		t.left += len(a.Options[0].Unserved)
		for _, l := range a.Options[0].Lines {
			if l.Kind == "decay" {
				t.decay += int64(l.Fen)
			}
		}
		t.cost -= t.decay
	}
	return t
}

// nations plans days of growing size, each with one truck for five loads.
func (s settings) nations() error {
	if s.nation == "" {
		return nil
	}
	fmt.Fprint(s.out, "Nation's day\n\n| loads | trucks | limit | took | regions | left out | trucks used | cost per load, yuan | loss of value per load, yuan | heap, MB |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, text := range strings.Split(s.nation, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		q, err := days.Nation(n, n/5, 1)
		if err != nil {
			return err
		}
		limit := s.long * time.Duration(n) / 10_000 * 9 / 10 // a tenth in hand for a busy machine
		watch := watchHeap()
		begin := time.Now()
		regions := 0
		a, err := s.desk.Day(context.Background(), q, s.effort(limit, 1), func(p dispatch.Progress) { regions = p.Regions })
		took := time.Since(begin)
		heap := watch()
		if err != nil {
			return err
		}
		t := tallyOf(a)
		fmt.Fprintf(s.out, "| %d | %d | %.1f s | %.1f s | %d | %d | %d | %.0f | %.0f | %d |\n", n, n/5, limit.Seconds(), took.Seconds(), regions, t.left, t.trucks,
			float64(t.cost)/100/float64(n), float64(t.decay)/100/float64(n), heap>>20)
	}
	return nil
}

// watchHeap looks at the memory in use ten times a second; the function it gives ends that and tells the most.
func watchHeap() func() uint64 {
	runtime.GC()
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		var top uint64
		var m runtime.MemStats
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				runtime.ReadMemStats(&m)
				top = max(top, m.HeapInuse)
			case <-stop:
				most <- top
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-most }
}
