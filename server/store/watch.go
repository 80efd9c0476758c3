package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

type watchKey struct{}

// Watching lets see be told of each statement that runs with the context it gives, before it runs. On PostgreSQL that is what goes
// over the wire, BEGIN and COMMIT too: one for each round trip.
func Watching(ctx context.Context, see func(statement string)) context.Context {
	return context.WithValue(ctx, watchKey{}, see)
}

func watched(ctx context.Context, statement string) {
	if see, ok := ctx.Value(watchKey{}).(func(string)); ok {
		see(statement)
	}
}

// pgWatcher tells of what PostgreSQL is asked.
type pgWatcher struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (pgWatcher) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	watched(ctx, q.SQL)
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (pgWatcher) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
