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

// SystemClock gives the time set by WithTime, else the time of the machine.
func SystemClock(ctx context.Context) time.Time {
	if t, ok := ctx.Value(clockKey{}).(time.Time); ok {
		return t
	}
	return time.Now()
}

// FixedClock stands at t.
func FixedClock(t time.Time) Clock {
	return func(context.Context) time.Time { return t }
}
