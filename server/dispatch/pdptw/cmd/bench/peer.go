package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/pdptw/lilim"
)

// peerScript runs one peer: peer.sh NAME INSTANCE SECONDS prints routes in SINTEF's form.
const peerScript = "scripts/peers/peer.sh"

// runPeer runs another solver. One that gives no plan, or none in five times its time and a minute, has no result.
func runPeer(name, path string, inst *lilim.Instance, budget time.Duration, r *result) (*pdptw.Solution, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*budget+time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "bash", peerScript, name, path, fmt.Sprint(budget.Seconds()))
	c.Stderr = os.Stderr
	c.WaitDelay = time.Second
	begin := time.Now()
	text, err := c.Output()
	r.took = time.Since(begin)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		return nil, err
	}
	routes, err := lilim.ReadRoutes(bytes.NewReader(text))
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		routes = nil
	}
	return inst.Plan(routes), nil
}
