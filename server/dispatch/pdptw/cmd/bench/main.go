// Command bench solves the instances of a folder and compares the plans with the best solutions known, and with other
// solvers where asked.
//
//	go run ./server/dispatch/pdptw/cmd/bench [-times 1s,10s,60s] [-only lc101,lr101] [-peers vroom,pyvrp,ortools,vrp-cli]
//	  [-save FILE.csv] [-clock wall|cpu] [-threads 1] [-seed 1] [-iterations N] [-dir D]
//
// The combined gap is the mean of the gap in vehicles and the gap in distance, in percent of the best known. With -save
// each result is appended to a file at once, and what stands in it already is not run again: a long comparison can be
// done in pieces. Every plan, ours or a peer's, is checked by the verifier.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	dir, only, times, profile, peers, save string
	clock                                  string
	iterations, threads                    int
	seed                                   uint64
	now                                    func() time.Time
	out                                    io.Writer
}

func parse(args []string) (settings, error) {
	var s settings
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&s.dir, "dir", "server/dispatch/pdptw/testdata/lilim", "folder with instances and best_known.csv")
	f.StringVar(&s.only, "only", "", "instances, by comma; all without it")
	f.StringVar(&s.times, "times", "1s,10s,60s", "time limits, by comma")
	f.StringVar(&s.peers, "peers", "", "other solvers to run beside ours, by comma: vroom, pyvrp, ortools, vrp-cli")
	f.StringVar(&s.save, "save", "", "CSV file that keeps the results and lets a run go on")
	f.StringVar(&s.profile, "cpuprofile", "", "write a CPU profile here")
	f.StringVar(&s.clock, "clock", "wall", "what limits our runs: wall, or cpu for processor time")
	f.IntVar(&s.iterations, "iterations", 0, "iterations instead of a time limit")
	f.IntVar(&s.threads, "threads", 1, "workers")
	f.Uint64Var(&s.seed, "seed", 1, "seed")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	var err error
	s.now, err = clockOf(s.clock)
	return s, err
}

func run(args []string, out io.Writer) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	s.out = out
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
	budgets := []time.Duration{0}
	if s.iterations == 0 {
		if budgets, err = durations(s.times); err != nil {
			return err
		}
	}
	kept, err := openStore(s.save)
	if err != nil {
		return err
	}
	for _, b := range budgets {
		if err := s.measure(pick(best, s.only), best, b, kept); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s, %s/%s, %d CPUs, %d threads, seed %d, %s clock\n", time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), s.threads, s.seed, s.clock)
	for _, b := range budgets {
		s.tables(out, b, kept)
	}
	return nil
}

func (s *settings) solvers() []string {
	out := []string{ours}
	for _, p := range strings.Split(s.peers, ",") {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// measure runs every solver on every instance in turn, so that a change of the machine's mood meets all alike.
func (s *settings) measure(names []string, best map[string]known, budget time.Duration, kept *store) error {
	for _, name := range names {
		for _, solver := range s.solvers() {
			if kept.has(solver, name, budget, s.seed) {
				continue
			}
			r, err := s.once(solver, name, best[name], budget)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%-8s %-10s %5s: %d vehicles, %.4f, gap %.2f %%%s\n", r.solver, r.name, budget, r.vehicles, r.distance, r.gap, r.note())
			if err := kept.add(r); err != nil {
				return err
			}
		}
	}
	return nil
}
