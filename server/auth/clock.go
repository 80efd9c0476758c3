package auth

import (
	"context"
	"time"
)

// Clock gives the time of an act. Services take one instead of calling time.Now, so that a story can be played on the days
// it happened.
type Clock func(ctx context.Context) time.Time

type clockKey struct{}

// WithTime gives a context in which SystemClock stands at t.
func WithTime(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, t)
}

// WithOffset gives a context in which SystemClock runs, but as far off the machine's clock: a demonstration goes on from its
// own day, and what nobody asked for (jobs, messages from outside) does too.
func WithOffset(ctx context.Context, off time.Duration) context.Context {
	return context.WithValue(ctx, clockKey{}, off)
}

// SystemClock gives the time set by WithTime or WithOffset, the inner one of both, else the time of the machine.
func SystemClock(ctx context.Context) time.Time {
	switch set := ctx.Value(clockKey{}).(type) {
	case time.Time:
		return set
	case time.Duration:
		return time.Now().Add(set)
	}
	return time.Now()
}

// FixedClock stands at t.
func FixedClock(t time.Time) Clock {
	return func(context.Context) time.Time { return t }
}
