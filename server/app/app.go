// Package app puts the parts together: configuration, wiring, the subcommands, and the stories played against the
// real program.
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"jishi/server/fault"
)

// Streams are the three of a process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Exit codes of every subcommand.
const (
	exitOK    = 0
	exitError = 1 // it was asked rightly and did not succeed
	exitUsage = 2 // it was asked wrongly; nothing was done
)

// command is one word after `jishi`.
type command struct {
	name, args, does string
	run              func(ctx context.Context, args []string, s Streams, env func(string) string) error
}

func commands() []command {
	return []command{
		{"serve", "--data DIR [--addr HOST:PORT] [--db DSN] [--elasticsearch URL] [--osrm URL] [--stripe-url URL] [--site URL] [--webhooks-anywhere] [--demo]", "runs the market and its pages", serve},
		{"demo", "--data DIR [--story NAME] | --list", "plays a story, by default the ten tonnes of apples, into a new folder", demo},
		{"fakepay", "[--addr HOST:PORT] [--hook URL]", "a payment service for demonstrations that moves no money", fakepayCommand},
		{"audit", "verify --data DIR", "checks the hash chain and every balance", audit},
		{"search", "--data DIR [--to ADCODE --kg N] [--limit N] [--json] QUERY", "finds offers, needs, trucks and campaigns, as the page does", searchCommand},
		{"reindex", "--data DIR", "builds the search index anew beside the live one", reindex},
		{"solve", "[--format lilim|json] [--time 10s] [--iterations N] [--threads 1] [--seed 1] [--progress] FILE", "plans pickups and deliveries from a file, in the time given", solve},
		{"plan", "[--day D] [--format json|csv|html] [--time 5s] [--osrm URL] FILE", "plans a day's loads on its trucks, under the day's rules", planFile},
		{"openapi", "", "prints the OpenAPI 3.1 document of the HTTP interface", openapi},
	}
}

// usageError is a wrong call: exit code 2.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// Run runs one subcommand and gives its exit code: 0 done, 1 failed, 2 asked wrongly. Errors go to s.Err as one line.
func Run(ctx context.Context, args []string, s Streams, env func(string) string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		fmt.Fprint(s.Out, help())
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return report(s, c.name, c.run(ctx, args[1:], s, env))
		}
	}
	fmt.Fprintf(s.Err, "jishi: no command %q; `jishi help` lists them\n", args[0])
	return exitUsage
}

func report(s Streams, name string, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(s.Err, "jishi %s: %s\n", name, usage.text)
		return exitUsage
	}
	if f := fault.Of(err); f != nil {
		err = f
	}
	fmt.Fprintf(s.Err, "jishi %s: %v\n", name, err)
	return exitError
}

func help() string {
	var b strings.Builder
	b.WriteString("jishi: a market and a dispatcher for relief produce, in one program\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  jishi %s %s\n      %s\n", c.name, c.args, c.does)
	}
	b.WriteString("\nEvery command answers to --help.\n")
	return b.String()
}

// flags makes a flag set whose errors are ours to print.
func flags(name string, s Streams) *flag.FlagSet {
	f := flag.NewFlagSet("jishi "+name, flag.ContinueOnError)
	f.SetOutput(s.Err)
	return f
}

// parse reads the flags; what is left over is a wrong call unless allowed.
func parse(f *flag.FlagSet, args []string, leftovers int) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usageError{err.Error()}
	}
	if f.NArg() > leftovers {
		return usageError{fmt.Sprintf("what is %q?", f.Arg(leftovers))}
	}
	return nil
}

// parseWords reads flags before, between and behind words, and gives the words. What stands behind -- is a word in any case.
func parseWords(f *flag.FlagSet, args []string) ([]string, error) {
	var words []string
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError{err.Error()}
		}
		rest := f.Args()
		if len(rest) == 0 {
			return words, nil
		}
		if at := len(args) - len(rest); at > 0 && args[at-1] == "--" {
			return append(words, rest...), nil
		}
		words, args = append(words, rest[0]), rest[1:]
	}
}
