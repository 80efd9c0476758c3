// Command jishi is the whole product in one file: the market, its pages, the planner and the tools of a county office.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"jishi/server/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, os.Getenv)
	stop()
	os.Exit(code)
}
