package app

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/pdptw/lilim"
	"jishi/server/dispatch/pdptw/planfile"
)

const instances = "../dispatch/pdptw/testdata/lilim/"

func TestSolveCommand(t *testing.T) {
	t.Parallel()
	t.Run("PrintsRoutesAsSINTEF", func(t *testing.T) {
		t.Parallel()
		code, out, errs := run(t.Context(), "solve", "--format", "lilim", "--iterations", "2000", "--progress", instances+"lc101.txt")
		if code != exitOK {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		seen := map[string]bool{}
		for i, line := range strings.Split(strings.TrimSpace(out), "\n") {
			name, nodes, ok := strings.Cut(line, " : ")
			if !ok || name != "Route "+string(rune('1'+i)) && i < 9 {
				t.Fatalf("line %d is %q", i+1, line)
			}
			for _, n := range strings.Fields(nodes) {
				if seen[n] || n == "0" {
					t.Errorf("node %s stands twice, or is the depot", n)
				}
				seen[n] = true
			}
		}
		if len(seen) != 106 || !strings.Contains(errs, "0 unserved, 10 vehicles") {
			t.Errorf("%d of 106 nodes; progress: %s", len(seen), errs)
		}
	})
	t.Run("SamePlanForSameSeed", func(t *testing.T) {
		t.Parallel()
		var plans [2]string
		for i := range plans {
			_, plans[i], _ = run(t.Context(), "solve", "--iterations", "300", "--threads", "3", "--seed", "9", "../../docs/examples/solver-costs.json")
		}
		if plans[0] != plans[1] || plans[0] == "" {
			t.Errorf("one plan is\n%s\nthe other\n%s", plans[0], plans[1])
		}
	})
	t.Run("InterruptedPrintsTheBestSoFar", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		go func() { // the first report of progress interrupts
			_, _ = read.Read(make([]byte, 1))
			cancel()
		}()
		var out bytes.Buffer
		code := Run(ctx, []string{"solve", "--format", "lilim", "--time", "1h", "--progress", instances + "lr1_2_8.txt"}, Streams{Out: &out, Err: write}, os.Getenv)
		write.Close()
		if code != exitOK || !strings.HasPrefix(out.String(), "Route 1 : ") {
			t.Errorf("exit code %d, printed %q", code, out.String())
		}
	})
	t.Run("BadFiles", func(t *testing.T) {
		t.Parallel()
		for _, x := range []struct{ format, text, want string }{
			{"lilim", "25 200 1\n0 40 50 0 0 x 0 0 0\n", `line 2, due: "x" is not a whole number`},
			{"lilim", "", "the file ends before the depot's line"},
			{"json", "{\n \"dimensions\": 1,\n \"requests\": [{\"load\": [\"a\"]}]\n}", "line 3, requests.load: a string can't stand here"},
			{"json", "{\n \"dimensions\": 1,\n \"wheels\": 4\n}", "line 3, wheels: there is no such field"},
			{"json", "{\n \"dimensions\": 9,\n \"requests\": []\n}", "line 2, dimensions: must be 0 to 8, is 9"},
			{"json", "{\"dimensions\": 0,\n\"vehicles\": [\n{},\n{\"profile\": 3}\n]}", "line 3, vehicles[0].profile: no such profile"},
			{"json", "{\n\n", "line 2: the file ends before the problem does"},
			{"json", "{\n nonsense", "line 2: is not JSON"},
			{"json", "{} {}", "line 1: something follows the end of the problem"},
			{"json", "{\"objective\": \"cheap\"}", "line 1, objective: is lexicographic or total_cost"},
			{"xml", "", "-format is lilim or json"},
		} {
			name := filepath.Join(t.TempDir(), "problem")
			if err := os.WriteFile(name, []byte(x.text), 0o600); err != nil {
				t.Fatal(err)
			}
			code, out, errs := run(t.Context(), "solve", "--format", x.format, name)
			if code != exitUsage || out != "" || !strings.Contains(errs, x.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("%q: exit code %d, %q, want 2 and %q", x.text, code, errs, x.want)
			}
		}
		if code, _, errs := run(t.Context(), "solve"); code != exitUsage || !strings.Contains(errs, "which file?") {
			t.Errorf("no file: exit code %d, %q", code, errs)
		}
	})
	t.Run("Examples", func(t *testing.T) {
		t.Parallel()
		files, _ := filepath.Glob("../../docs/examples/solver-*.json")
		if len(files) != 3 {
			t.Fatalf("there are %d examples, not 3", len(files))
		}
		for _, name := range files {
			code, out, errs := run(t.Context(), "solve", "--iterations", "500", name)
			var plan planfile.Plan
			if err := json.Unmarshal([]byte(out), &plan); code != exitOK || err != nil || len(plan.Routes) == 0 {
				t.Errorf("%s: exit code %d, %v, %s", name, code, err, errs)
			}
			for _, u := range plan.Unserved {
				if len(u.Reasons) == 0 || u.Reasons[0].Text == "" {
					t.Errorf("%s: %s is left out without a reason", name, u.Request)
				}
			}
		}
	})
}

func TestSolveKeepsTheDeadlineOfACoarseClock(t *testing.T) {
	t.Parallel()
	f, err := os.Open(instances + "lrc1_4_3.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inst, err := lilim.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	// A clock that moves a millisecond at each look: the run has to end by its time, whatever the machine.
	begin := time.Unix(0, 0)
	now := begin
	clock := func() time.Time { now = now.Add(time.Millisecond); return now }
	plan, err := pdptw.Solve(t.Context(), inst.Problem, pdptw.Options{Time: time.Second, Now: clock, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if took := now.Sub(begin); took > 1050*time.Millisecond || len(plan.Unserved) > 0 {
		t.Errorf("took %s of a second, %d unserved", took, len(plan.Unserved))
	}
}
