package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"jishi/server/ledger"
	"jishi/server/store"
)

// audit checks a data folder: `jishi audit verify --data DIR`.
func audit(ctx context.Context, args []string, s Streams, env func(string) string) error {
	if len(args) == 0 || args[0] != "verify" {
		return usageError{"say what to do: jishi audit verify --data DIR"}
	}
	f := flags("audit verify", s)
	var c config
	f.StringVar(&c.data, "data", "data", "data folder")
	f.StringVar(&c.dsn, "db", env("JISHI_DB"), "postgres://... instead of SQLite in the folder")
	if err := parse(f, args[1:], 0); err != nil {
		return err
	}
	if c.dsn == "" {
		if err := mustExist(c.data); err != nil {
			return err
		}
	}
	db, err := store.Open(ctx, c.database())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	report, err := ledger.Verify(ctx, db)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%d entries, %d audit events, %d seals, %d not sealed yet\n", report.Entries, report.Events, report.Seals, report.Unsealed)
	for _, w := range report.Wrong {
		fmt.Fprintln(s.Out, "WRONG", w)
	}
	if !report.OK() {
		return errors.New(report.Wrong[0].String())
	}
	fmt.Fprintln(s.Out, "every hash, every balance and the chain are right")
	return nil
}

// quiet is the log of commands that tell everything by themselves.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
