package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"jishi/server/dispatch/days"
	"jishi/server/dispatch/pdptw"
)

// peerScript runs VROOM: peer.sh vroom_day PROBLEM SECONDS prints "Route 12 : 5p 3p 5d 3d".
const peerScript = "scripts/peers/peer.sh"

// besideVROOM plans the county's day with the rules that VROOM knows as well: capacity, windows, who may carry what, a price per km.
func (s settings) besideVROOM() error {
	if s.vroom <= 0 {
		return nil
	}
	q, err := days.County()
	if err != nil {
		return err
	}
	p, err := s.desk.Problem(context.Background(), q)
	if err != nil {
		return err
	}
	common(p)
	if err = peer("install_python").Run(); err != nil {
		return fmt.Errorf("install VROOM: %w", err)
	}
	fmt.Fprintf(s.out, "County's day beside VROOM: %d requests, %d trucks, one thread each; only the rules that both know\n\n", len(p.Requests), len(p.Vehicles))
	fmt.Fprint(s.out, "| solver | limit | runs | took | left out | trucks | cost, yuan | broken rules |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	if err = s.row("jishi", p, s.seeds(s.vroom), s.ours); err != nil {
		return err
	}
	if err = s.row("VROOM", p, 1, s.theirs); err != nil { // takes no seed
		return err
	}
	fmt.Fprintln(s.out)
	return nil
}

// row prints what came of runs of one solver.
func (s settings) row(name string, p *pdptw.Problem, runs int, solve func(p *pdptw.Problem, seed int) (*pdptw.Solution, error)) error {
	var took, left, trucks, cost, broken spread
	for seed := range runs {
		begin := time.Now()
		plan, err := solve(p, seed+1)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		took, left = append(took, time.Since(begin).Milliseconds()), append(left, int64(len(plan.Unserved)))
		trucks, cost, broken = append(trucks, int64(len(plan.Routes))), append(cost, plan.Cost.Total/100), append(broken, int64(len(pdptw.Verify(p, plan))))
	}
	fmt.Fprintf(s.out, "| %s | %s | %d | %s | %s | %s | %s | %s |\n", name, s.vroom, runs, took.seconds(), left, trucks, cost, broken)
	return nil
}

// common leaves of a problem what VROOM knows.
func common(p *pdptw.Problem) {
	p.Rules, p.ClassRules = nil, nil
	for i := range p.Requests {
		r := &p.Requests[i]
		r.Prices, r.Promise, r.Area, r.Priority = nil, nil, 0, 0
	}
	for i := range p.Vehicles {
		v := &p.Vehicles[i]
		v.Break, v.Surcharge, v.Entries = pdptw.Break{}, pdptw.Surcharge{}, nil
		v.MaxDuration, v.Minimum, v.LIFO = 0, 0, false
	}
}

func (s settings) ours(p *pdptw.Problem, seed int) (*pdptw.Solution, error) {
	return pdptw.Solve(context.Background(), p, pdptw.Options{Objective: pdptw.TotalCost, Time: s.vroom, Now: time.Now, Workers: 1, Seed: uint64(seed)}, nil)
}

// theirs asks VROOM and drives its plan with our simulation. A stop that breaks a rule is taken out, and shows as left out.
func (s settings) theirs(p *pdptw.Problem, _ int) (*pdptw.Solution, error) {
	dir, err := os.MkdirTemp("", "vroom")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "problem.json")
	if err = os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	out, err := peer("vroom_day", file, fmt.Sprint(s.vroom.Seconds())).Output()
	if err != nil {
		return nil, err
	}
	driven := *p
	if driven.Initial, err = routes(out); err != nil {
		return nil, err
	}
	over, cancel := context.WithCancel(context.Background())
	cancel() // nothing is added or moved
	return pdptw.Solve(over, &driven, pdptw.Options{Objective: pdptw.TotalCost, Iterations: 1}, nil)
}

// peer is a call of the script that runs other solvers.
func peer(args ...string) *exec.Cmd {
	command := exec.Command("bash", append([]string{peerScript}, args...)...)
	command.Stderr = os.Stderr
	return command
}

// routes reads what the peer printed.
func routes(text []byte) ([]pdptw.Initial, error) {
	var out []pdptw.Initial
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 3 || words[0] != "Route" {
			continue
		}
		v, err := strconv.Atoi(words[1])
		if err != nil {
			return nil, err
		}
		r := pdptw.Initial{Vehicle: v}
		for _, word := range words[3:] {
			n, err := strconv.Atoi(word[:len(word)-1])
			if err != nil {
				return nil, err
			}
			kind := pdptw.Pickup
			if strings.HasSuffix(word, "d") {
				kind = pdptw.Delivery
			}
			r.Visits = append(r.Visits, pdptw.Call{Request: n, Kind: kind})
		}
		out = append(out, r)
	}
	return out, lines.Err()
}
