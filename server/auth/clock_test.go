package auth_test

import (
	"testing"
	"time"

	"jishi/server/auth"
)

// A clock that was set off runs on; a time set inside it stands.
func TestTheClock(t *testing.T) {
	t.Parallel()
	day := time.Date(2020, 2, 2, 9, 0, 0, 0, time.UTC)
	ctx := auth.WithOffset(t.Context(), time.Until(day))
	if off := auth.SystemClock(ctx).Sub(day); off < 0 || off > time.Hour {
		t.Errorf("it is %s after the day it was set to", off)
	}
	if at := auth.SystemClock(auth.WithTime(ctx, day)); !at.Equal(day) {
		t.Errorf("%s, want %s", at, day)
	}
}
