package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/pdptw/lilim"
)

const ours = "jishi"

// known is the best solution the literature has.
type known struct {
	vehicles int
	distance float64
}

// result is one instance solved once.
type result struct {
	solver, name    string
	class           int
	budget          time.Duration
	seed            uint64
	vehicles, extra int
	distance        float64
	gap             float64 // percent
	unserved        int
	broken          int // rules
	first, took     time.Duration
	iterations      int
	heap            int // megabytes at the first plan or at the end, whichever is more; 0 for a peer's
}

func (r *result) note() string {
	switch {
	case r.vehicles == 0:
		return ", no plan"
	case r.unserved+r.broken > 0:
		return fmt.Sprintf(", %d unserved, %d broken rules", r.unserved, r.broken)
	}
	return ""
}

// valid tells whether the plan may be compared with the best known.
func (r *result) valid() bool { return r.vehicles > 0 && r.unserved+r.broken == 0 }

func (s *settings) once(solver, name string, best known, budget time.Duration) (result, error) {
	path := filepath.Join(s.dir, name+".txt")
	f, err := os.Open(path)
	if err != nil {
		return result{}, err
	}
	defer f.Close()
	inst, err := lilim.Read(f)
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", name, err)
	}
	r := result{solver: solver, name: name, class: classOf(len(inst.X)), budget: budget, seed: s.seed}
	var plan *pdptw.Solution
	if solver == ours {
		plan, err = s.solve(inst, budget, &r)
	} else {
		plan, err = runPeer(solver, path, inst, budget, &r)
	}
	if err != nil {
		return result{}, err
	}
	r.judge(s.out, inst, plan, best)
	return r, nil
}

func (s *settings) solve(inst *lilim.Instance, budget time.Duration, r *result) (*pdptw.Solution, error) {
	runtime.GC()
	begin := s.now()
	plan, err := pdptw.Solve(context.Background(), inst.Problem,
		pdptw.Options{Time: budget, Now: s.now, Iterations: s.iterations, Workers: s.threads, Seed: s.seed},
		func(pdptw.Progress) {
			if r.first == 0 {
				r.first = s.now().Sub(begin)
				r.heap = heapNow()
			}
		})
	if err == nil {
		r.took, r.iterations = s.now().Sub(begin), plan.Iterations
		r.heap = max(r.heap, heapNow())
	}
	return plan, err
}

// heapNow is what the heap holds, in megabytes, with what is not collected yet. The search takes its memory before the first
// plan and next to none afterwards.
func heapNow() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int((m.HeapAlloc + 1<<20 - 1) >> 20)
}

// judge measures plan and prints it where it is better than the best known.
func (r *result) judge(out io.Writer, inst *lilim.Instance, plan *pdptw.Solution, best known) {
	r.vehicles, r.distance, r.unserved = len(plan.Routes), inst.Distance(plan), len(plan.Unserved)
	r.extra = r.vehicles - best.vehicles
	r.gap = 50*float64(r.extra)/float64(best.vehicles) + 50*(r.distance-best.distance)/best.distance
	r.broken = len(pdptw.Verify(inst.Problem, plan))
	if r.valid() && (r.extra < 0 || r.extra == 0 && r.distance < best.distance-0.001) {
		fmt.Fprintf(out, "Better than the best known: %s, %d vehicles, %.4f, found by %s\n", r.name, r.vehicles, r.distance, r.solver)
		_ = inst.Write(out, plan)
	}
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

// store keeps results, and writes them to a file where it has one.
type store struct {
	path string
	all  []result
}

var columns = []string{"solver", "instance", "class", "budget_ms", "seed", "vehicles", "extra", "distance", "gap", "unserved", "broken", "first_ms", "took_ms", "iterations", "heap_mb"}

// readTable gives the rows of a CSV file below its head.
func readTable(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := csv.NewReader(f)
	c.FieldsPerRecord = -1 // rows of older files are shorter
	rows, err := c.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[1:], nil
}

func openStore(path string) (*store, error) {
	st := &store{path: path}
	if path == "" {
		return st, nil
	}
	rows, err := readTable(path)
	if errors.Is(err, fs.ErrNotExist) {
		return st, os.WriteFile(path, []byte(strings.Join(columns, ",")+"\n"), 0o644)
	}
	if err != nil {
		return nil, err
	}
	for _, x := range rows {
		st.all = append(st.all, fromRow(x))
	}
	return st, nil
}

func (st *store) has(solver, name string, budget time.Duration, seed uint64) bool {
	for _, r := range st.all {
		if r.solver == solver && r.name == name && r.budget == budget && r.seed == seed {
			return true
		}
	}
	return false
}

func (st *store) add(r result) error {
	st.all = append(st.all, r)
	if st.path == "" {
		return nil
	}
	f, err := os.OpenFile(st.path, os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintf(f, "%s,%s,%d,%d,%d,%d,%d,%.4f,%.4f,%d,%d,%d,%d,%d,%d\n", r.solver, r.name, r.class, r.budget.Milliseconds(), r.seed, r.vehicles,
		r.extra, r.distance, r.gap, r.unserved, r.broken, r.first.Milliseconds(), r.took.Milliseconds(), r.iterations, r.heap)
	return err
}

// fromRow reads what add wrote.
func fromRow(x []string) result {
	n := func(i int) int {
		if i >= len(x) { // a column that older files lack
			return 0
		}
		v, _ := strconv.Atoi(x[i])
		return v
	}
	ms := func(i int) time.Duration { return time.Duration(n(i)) * time.Millisecond }
	r := result{solver: x[0], name: x[1], class: n(2), budget: ms(3), seed: uint64(n(4)), vehicles: n(5), extra: n(6), unserved: n(9), broken: n(10),
		first: ms(11), took: ms(12), iterations: n(13), heap: n(14)}
	r.distance, _ = strconv.ParseFloat(x[7], 64)
	r.gap, _ = strconv.ParseFloat(x[8], 64)
	return r
}

func readKnown(path string) (map[string]known, error) {
	rows, err := readTable(path)
	if err != nil {
		return nil, err
	}
	out := map[string]known{}
	for _, row := range rows {
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
