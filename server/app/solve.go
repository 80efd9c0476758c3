package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/pdptw/lilim"
	"jishi/server/dispatch/pdptw/planfile"
)

// solve reads one problem and prints the best plan found in the time given, or until it is interrupted.
func solve(ctx context.Context, args []string, s Streams, _ func(string) string) error {
	f := flags("solve", s)
	format := f.String("format", "json", "lilim (Li and Lim, as SINTEF) or json (docs/solver.schema.json)")
	limit := f.Duration("time", 0, "time limit, such as 10s; 10s if no iterations are given")
	iterations := f.Int("iterations", 0, "iterations of each thread")
	threads := f.Int("threads", 1, "threads that search")
	seed := f.Uint64("seed", 1, "seed; the same seed, threads and iterations give the same plan")
	progress := f.Bool("progress", false, "tell of each better plan on standard error")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return usageError{"which file? `-` is standard input"}
	}
	if *limit == 0 && *iterations == 0 {
		*limit = 10 * time.Second
	}
	began := time.Now()
	in, err := readProblem(*format, f.Arg(0), s.In)
	if err != nil {
		return err
	}
	o := pdptw.Options{Objective: in.objective, Time: *limit, Now: time.Now, Iterations: *iterations, Workers: *threads, Seed: *seed}
	plan, err := pdptw.Solve(ctx, in.problem, o, tellProgress(s.Err, *progress, began))
	var wrong *pdptw.InputError
	if errors.As(err, &wrong) {
		return usageError{wrong.Error()}
	}
	if err != nil {
		return err
	}
	return in.write(s.Out, plan)
}

// problemFile is a problem and the way to print its plan.
type problemFile struct {
	problem   *pdptw.Problem
	objective pdptw.Objective
	write     func(io.Writer, *pdptw.Solution) error
}

// readProblem reads a file; one that can't be used is a wrong call, named by line and field.
func readProblem(format, name string, in io.Reader) (problemFile, error) {
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return problemFile{}, usageError{err.Error()}
		}
		defer file.Close()
		in = file
	}
	var out problemFile
	var err error
	switch format {
	case "lilim":
		var inst *lilim.Instance
		if inst, err = lilim.Read(in); err == nil {
			out = problemFile{problem: inst.Problem, write: inst.Write}
		}
	case "json":
		if out.problem, out.objective, err = planfile.Read(in); err == nil {
			out.write = func(w io.Writer, s *pdptw.Solution) error { return planfile.Write(w, out.problem, s) }
		}
	default:
		return problemFile{}, usageError{fmt.Sprintf("-format is lilim or json, not %q", format)}
	}
	if err != nil {
		return problemFile{}, usageError{fmt.Sprintf("%s: %v", name, err)}
	}
	return out, nil
}

func tellProgress(w io.Writer, wanted bool, began time.Time) func(pdptw.Progress) {
	if !wanted {
		return nil
	}
	return func(p pdptw.Progress) {
		fmt.Fprintf(w, "%8.3f s: %d unserved, %d vehicles, %d m, cost %d\n", time.Since(began).Seconds(), p.Unserved, p.Vehicles, p.Distance, p.Cost)
	}
}
