// Command bench measures how fast orders are placed: reserve, order, postings, audit and job in one transaction, on disk
// when it is answered. 64 buyers place orders on one hot lot and on 1,000 lots, on SQLite and on PostgreSQL; after each run
// the books are added up, and an oversold lot is an error.
//
// With -profile it measures SQLite alone and writes what the processor did meanwhile, for go tool pprof.
//
//	bench [-time 5s] [-clients 64] [-lots 1000] [-postgres DSN] [-jishi PROGRAM] [-pocketbase PROGRAM] [-profile FILE]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"
)

func main() {
	var c config
	flag.DurationVar(&c.time, "time", 5*time.Second, "how long each run lasts")
	flag.IntVar(&c.clients, "clients", 64, "buyers at once")
	flag.IntVar(&c.lots, "lots", 1000, "lots of the spread run")
	flag.StringVar(&c.postgres, "postgres", os.Getenv("JISHI_POSTGRES"), "a PostgreSQL server on which a database may be made; empty leaves it out")
	flag.StringVar(&c.jishi, "jishi", os.Getenv("JISHI_PROGRAM"), "the built program, to be asked over HTTP; empty leaves it out")
	flag.StringVar(&c.pocketbase, "pocketbase", os.Getenv("JISHI_POCKETBASE"), "the comparison program, see pocketbase/; empty leaves it out")
	flag.StringVar(&c.profile, "profile", "", "the file that a profile of the run on SQLite is written to; empty for none")
	flag.Parse()
	if err := bench(context.Background(), c); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type config struct {
	time          time.Duration
	clients, lots int
	postgres      string
	jishi         string
	pocketbase    string
	profile       string
}

// bench runs everything in turn, so that nothing shares the processor, and prints a Markdown table.
func bench(ctx context.Context, c config) error {
	fmt.Printf("%d clients, %s each, %d processors, synchronous=FULL / fsync on, %s\n\n", c.clients, c.time, runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly))
	fmt.Println("| what | database | lots | per second | p50 ms | p99 ms | worst ms | refused |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	if c.profile != "" {
		return profiled(ctx, c)
	}
	for _, run := range []func(context.Context, config) error{sqlite, postgres, program, pocketBase} {
		if err := run(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func profiled(ctx context.Context, c config) error {
	file, err := os.Create(c.profile)
	if err != nil {
		return err
	}
	if err = pprof.StartCPUProfile(file); err != nil {
		return errors.Join(err, file.Close())
	}
	err = sqlite(ctx, c)
	pprof.StopCPUProfile()
	return errors.Join(err, file.Close())
}

func sqlite(ctx context.Context, c config) error {
	folder, err := os.MkdirTemp("", "jishi-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	return onDatabase(ctx, c, "SQLite", "sqlite:"+folder+"/jishi.db")
}

func postgres(ctx context.Context, c config) error {
	if c.postgres == "" {
		return nil
	}
	dsn, drop, err := freshPostgres(ctx, c.postgres)
	if err != nil {
		return err
	}
	return errors.Join(onDatabase(ctx, c, "PostgreSQL", dsn), drop())
}

func onDatabase(ctx context.Context, c config, name, dsn string) error {
	m, err := openMarket(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = m.close() }()
	for _, lots := range []int{1, c.lots} {
		if err = m.run(ctx, c, name, lots); err != nil {
			return err
		}
	}
	return nil
}
