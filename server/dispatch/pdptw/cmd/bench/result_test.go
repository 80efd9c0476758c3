package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/server/dispatch/pdptw/lilim"
)

// TestBetterThanTheBestKnown lets the benchmark solve lc101, where 10 vehicles and 828.9369 are the best known, beside
// tables that say otherwise.
func TestBetterThanTheBestKnown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../testdata/lilim/lc101.txt")
	if err != nil {
		t.Fatal(err)
	}
	inst, err := lilim.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, known string
		better      bool
	}{
		{"Equal", "10,828.9369", false},
		{"LongerPlanKnown", "10,829", true},
		{"ShorterPlanKnown", "10,828", false},
		{"MoreVehiclesKnown", "11,800", true},
		{"FewerVehiclesKnown", "9,1000", false},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, "lc101.txt"), string(text))
			write(t, filepath.Join(dir, "best_known.csv"), "instance,vehicles,distance,source\nlc101,"+x.known+",made up\n")
			var out bytes.Buffer
			if err := run([]string{"-dir", dir, "-iterations", "2000"}, &out); err != nil {
				t.Fatal(err)
			}
			plan, found := strings.CutPrefix(out.String(), "Better than the best known: lc101, 10 vehicles, 828.9369, found by jishi\n")
			if found != x.better {
				t.Fatalf("known %s: said to be better: %v\n%s", x.known, found, out.String())
			}
			if found {
				retold(t, inst, plan)
			}
		})
	}
}

// retold reads the plan that was printed and looks whether it serves every stop once.
func retold(t *testing.T, inst *lilim.Instance, plan string) {
	t.Helper()
	routes := 0
	seen := map[string]bool{}
	for line := range strings.Lines(plan) {
		head, stops, ok := strings.Cut(line, ":")
		if !ok || !strings.HasPrefix(head, "Route") {
			break
		}
		routes++
		for _, x := range strings.Fields(stops) {
			seen[x] = true
		}
	}
	if routes != 10 || len(seen) != len(inst.X)-1 {
		t.Errorf("%d routes with %d stops were printed, want 10 with %d:\n%s", routes, len(seen), len(inst.X)-1, plan)
	}
}

func TestABrokenPlanIsNoRecord(t *testing.T) {
	t.Parallel()
	f, err := os.Open("../../testdata/lilim/lc101.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inst, err := lilim.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	s := settings{iterations: 2000, seed: 1, now: cpuNow}
	var r result
	plan, err := s.solve(inst, 0, &r)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range []bool{false, true} {
		if broken {
			visits := plan.Routes[0].Visits
			visits[0], visits[len(visits)-1] = visits[len(visits)-1], visits[0]
		}
		var out bytes.Buffer
		r.judge(&out, inst, plan, known{99, 9999})
		if printed := out.Len() > 0; printed == broken || r.valid() == broken {
			t.Errorf("broken %v: valid %v, printed %v", broken, r.valid(), printed)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
