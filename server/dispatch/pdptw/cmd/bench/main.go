// Command bench solves the instances of a folder and compares the plans with the best solutions known.
//
//	go run ./server/dispatch/pdptw/cmd/bench [-dir D] [-times 1s,10s,60s] [-iterations N] [-only lc101,lr101] [-threads 1] [-seed 1]
//
// The combined gap is the mean of the gap in vehicles and the gap in distance, in percent of the best known.
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sort"
	"strconv"
	"strings"
	"time"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/pdptw/lilim"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type settings struct {
	dir, only, times, profile string
	iterations, threads       int
	seed                      uint64
	now                       func() time.Time
}

type known struct {
	vehicles int
	distance float64
}

// result is one instance solved once.
type result struct {
	name            string
	class           int
	vehicles, extra int
	distance        float64
	gap             float64 // percent
	unserved        int
	first, took     time.Duration
	iterations      int
	broken          int
}

func run(args []string, out io.Writer) error {
	var s settings
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&s.dir, "dir", "server/dispatch/pdptw/testdata/lilim", "folder with instances and best_known.csv")
	f.StringVar(&s.only, "only", "", "instances, by comma; all without it")
	f.StringVar(&s.times, "times", "1s,10s", "time limits, by comma")
	f.StringVar(&s.profile, "cpuprofile", "", "write a CPU profile here")
	f.IntVar(&s.iterations, "iterations", 0, "iterations instead of a time limit")
	f.IntVar(&s.threads, "threads", 1, "workers")
	f.Uint64Var(&s.seed, "seed", 1, "seed")
	clock := f.String("clock", "wall", "what limits a run: wall, or cpu for processor time")
	if err := f.Parse(args); err != nil {
		return err
	}
	var err error
	if s.now, err = clockOf(*clock); err != nil {
		return err
	}
	best, err := readKnown(filepath.Join(s.dir, "best_known.csv"))
	if err != nil {
		return err
	}
	if s.profile != "" {
		w, err := os.Create(s.profile)
		if err != nil {
			return err
		}
		defer w.Close()
		if err := pprof.StartCPUProfile(w); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	names := pick(best, s.only)
	budgets := []time.Duration{0}
	if s.iterations == 0 {
		if budgets, err = durations(s.times); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s %s/%s, %d CPUs, %d threads, seed %d\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), s.threads, s.seed)
	for _, b := range budgets {
		if err := s.table(out, names, best, b); err != nil {
			return err
		}
	}
	return nil
}

func (s *settings) table(out io.Writer, names []string, best map[string]known, budget time.Duration) error {
	limit := budget.String()
	if budget == 0 {
		limit = fmt.Sprint(s.iterations, " iterations")
	}
	fmt.Fprintf(out, "\n%-10s %s\n%-10s %8s %6s %12s %8s %9s %9s %11s\n", "limit", limit, "instance", "vehicles", "extra", "distance", "gap %", "first", "took", "iterations")
	var all []result
	for _, name := range names {
		r, err := s.solve(name, best[name], budget)
		if err != nil {
			return err
		}
		all = append(all, r)
		note := ""
		if r.unserved > 0 || r.broken > 0 {
			note = fmt.Sprintf("  %d unserved, %d broken rules", r.unserved, r.broken)
		}
		fmt.Fprintf(out, "%-10s %8d %+6d %12.4f %8.2f %9s %9s %11d%s\n", r.name, r.vehicles, r.extra, r.distance, r.gap,
			r.first.Round(time.Millisecond), r.took.Round(time.Millisecond), r.iterations, note)
	}
	summary(out, all)
	return nil
}

func (s *settings) solve(name string, best known, budget time.Duration) (result, error) {
	f, err := os.Open(filepath.Join(s.dir, name+".txt"))
	if err != nil {
		return result{}, err
	}
	defer f.Close()
	inst, err := lilim.Read(f)
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", name, err)
	}
	r := result{name: name, class: classOf(len(inst.X))}
	begin := s.now()
	plan, err := pdptw.Solve(context.Background(), inst.Problem,
		pdptw.Options{Time: budget, Now: s.now, Iterations: s.iterations, Workers: s.threads, Seed: s.seed},
		func(pdptw.Progress) {
			if r.first == 0 {
				r.first = s.now().Sub(begin)
			}
		})
	if err != nil {
		return result{}, err
	}
	r.took = s.now().Sub(begin)
	r.vehicles, r.distance, r.unserved, r.iterations = len(plan.Routes), inst.Distance(plan), len(plan.Unserved), plan.Iterations
	r.extra = r.vehicles - best.vehicles
	r.gap = 50*float64(r.extra)/float64(best.vehicles) + 50*(r.distance-best.distance)/best.distance
	r.broken = len(pdptw.Verify(inst.Problem, plan))
	if r.broken+r.unserved == 0 && (r.extra < 0 || r.extra == 0 && r.distance < best.distance-0.001) {
		fmt.Printf("better than the best known: %s, %d vehicles, %.4f\n", name, r.vehicles, r.distance)
		if err := inst.Write(os.Stdout, plan); err != nil {
			return result{}, err
		}
	}
	return r, nil
}

// classOf is the size class the literature puts an instance in.
func classOf(nodes int) int {
	for _, c := range []int{100, 200, 400, 600, 800} {
		if nodes <= c+c/4 {
			return c
		}
	}
	return 1000
}

func summary(out io.Writer, all []result) {
	classes := map[int][]result{}
	for _, r := range all {
		classes[r.class] = append(classes[r.class], r)
	}
	var keys []int
	for c := range classes {
		keys = append(keys, c)
	}
	sort.Ints(keys)
	for _, c := range keys {
		line(out, strconv.Itoa(c), classes[c])
	}
	line(out, "all", all)
}

func line(out io.Writer, name string, rs []result) {
	gap, extra, slowest := 0.0, 0, time.Duration(0)
	for _, r := range rs {
		gap += r.gap
		extra += r.extra
		slowest = max(slowest, r.took)
	}
	fmt.Fprintf(out, "class %-5s %2d instances  combined gap %6.2f %%  extra vehicles %+d  slowest %s\n", name, len(rs), gap/float64(max(1, len(rs))), extra, slowest.Round(time.Millisecond))
}

func readKnown(path string) (map[string]known, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string]known{}
	for _, row := range rows[1:] {
		v, err1 := strconv.Atoi(row[1])
		d, err2 := strconv.ParseFloat(row[2], 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%s: bad row for %s", path, row[0])
		}
		out[row[0]] = known{v, d}
	}
	return out, nil
}

func pick(best map[string]known, only string) []string {
	var names []string
	for n := range best {
		if only == "" || strings.Contains(","+only+",", ","+n+",") {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	return names
}

func durations(s string) ([]time.Duration, error) {
	var out []time.Duration
	for _, x := range strings.Split(s, ",") {
		d, err := time.ParseDuration(x)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
