package pdptw_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/pdptw/lilim"
)

var update = flag.Bool("update", false, "write the golden plans anew")

// TestGolden keeps whole plans, so that no change of what the search does goes unseen. The acceptance of a step uses floating
// point, which is only sure to be the same on one architecture: elsewhere the plans are compared with themselves.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		instance   string
		workers    int
		iterations int
		objective  pdptw.Objective
	}{
		{"lc101", 1, 2000, pdptw.Lexicographic},
		{"lr208", 1, 2000, pdptw.Lexicographic},
		{"lr1_2_8", 3, 2000, pdptw.Lexicographic},
		{"lrc1_2_3", 1, 5000, pdptw.TotalCost},
		{"lrc1_4_3", 2, 2000, pdptw.Lexicographic}, // large enough to be cut into parts
	} {
		t.Run(x.instance, func(t *testing.T) {
			t.Parallel()
			inst := instance(t, x.instance)
			solve := func() string {
				o := pdptw.Options{Objective: x.objective, Iterations: x.iterations, Workers: x.workers, Seed: 1}
				plan, err := pdptw.Solve(context.Background(), inst.Problem, o, nil)
				if err != nil {
					t.Fatal(err)
				}
				var b bytes.Buffer
				fmt.Fprintf(&b, "%d vehicles, %.4f, cost %d\n", len(plan.Routes), inst.Distance(plan), plan.Cost.Total)
				if err := inst.Write(&b, plan); err != nil {
					t.Fatal(err)
				}
				return b.String()
			}
			path := filepath.Join("testdata", "golden", x.instance+".txt")
			got := solve()
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if runtime.GOARCH != "amd64" {
				want = []byte(solve())
			}
			if got != string(want) {
				t.Errorf("the plan is another; if that is meant, run this test with -update. Got\n%swant\n%s", got, want)
			}
		})
	}
}

func instance(t *testing.T, name string) *lilim.Instance {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "lilim", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inst, err := lilim.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return inst
}
