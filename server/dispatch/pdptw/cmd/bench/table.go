package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// tables prints the results of one budget as Markdown: by class, then instance by instance.
func (s *settings) tables(out io.Writer, budget time.Duration, kept *store) {
	title := budget.String()
	if budget == 0 {
		title = fmt.Sprint(s.iterations, " iterations")
	}
	solvers := s.solvers()
	fmt.Fprintf(out, "\n### %s\n\n| class | instances |", title)
	for _, x := range solvers {
		fmt.Fprintf(out, " %s |", x)
	}
	fmt.Fprint(out, "\n|---|---|")
	for range solvers {
		fmt.Fprint(out, "---|")
	}
	fmt.Fprintln(out)
	names, classes := s.measured(budget, kept)
	for _, c := range append(classes, 0) {
		s.classRow(out, c, budget, solvers, names, kept)
	}
	fmt.Fprint(out, "\n| instance |")
	for _, x := range solvers {
		fmt.Fprintf(out, " %s vehicles | distance | gap %% | first | took | MB |", x)
	}
	fmt.Fprint(out, "\n|---|")
	for range solvers {
		fmt.Fprint(out, "---|---|---|---|---|---|")
	}
	fmt.Fprintln(out)
	for _, name := range names {
		fmt.Fprintf(out, "| %s |", name)
		for _, x := range solvers {
			if r := kept.find(x, name, budget, s.seed); r == nil || !r.valid() {
				fmt.Fprint(out, " none | | | | | |")
			} else {
				fmt.Fprintf(out, " %d (%+d) | %.2f | %.2f | %s | %s | %s |", r.vehicles, r.extra, r.distance, r.gap, r.first.Round(time.Millisecond), r.took.Round(time.Millisecond), megabytes(r))
			}
		}
		fmt.Fprintln(out)
	}
}

func (st *store) find(solver, name string, budget time.Duration, seed uint64) *result {
	for i := range st.all {
		if r := &st.all[i]; r.solver == solver && r.name == name && r.budget == budget && r.seed == seed {
			return r
		}
	}
	return nil
}

// measured lists the instances and classes that ours was run on.
func (s *settings) measured(budget time.Duration, kept *store) (names []string, classes []int) {
	for _, r := range kept.all {
		if r.solver == ours && r.budget == budget && r.seed == s.seed {
			names = append(names, r.name)
			if !slices.Contains(classes, r.class) {
				classes = append(classes, r.class)
			}
		}
	}
	slices.Sort(names)
	slices.Sort(classes)
	return names, classes
}

// classRow prints the mean gap and the extra vehicles of a class, 0 for all.
func (s *settings) classRow(out io.Writer, class int, budget time.Duration, solvers, names []string, kept *store) {
	label, count := fmt.Sprint(class), 0
	if class == 0 {
		label = "all"
	}
	cells := ""
	for _, x := range solvers {
		gap, extra, got := 0.0, 0, 0
		count = 0
		for _, name := range names {
			if mine := kept.find(ours, name, budget, s.seed); class != 0 && mine.class != class {
				continue
			}
			count++
			if r := kept.find(x, name, budget, s.seed); r != nil && r.valid() {
				gap, extra, got = gap+r.gap, extra+r.extra, got+1
			}
		}
		switch {
		case got == 0:
			cells += " none |"
		case got < count:
			cells += fmt.Sprintf(" %.2f %% %+d (%d of %d) |", gap/float64(got), extra, got, count)
		default:
			cells += fmt.Sprintf(" %.2f %% %+d |", gap/float64(got), extra)
		}
	}
	fmt.Fprintf(out, "| %s | %d |%s\n", label, count, cells)
}

// megabytes is what a run held, nothing where that was not measured.
func megabytes(r *result) string {
	if r.heap == 0 {
		return ""
	}
	return fmt.Sprint(r.heap)
}
