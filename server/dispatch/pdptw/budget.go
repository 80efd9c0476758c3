package pdptw

import (
	"context"
	"time"
)

// budget is a stretch of the whole search, by iterations, by time, or both. The workers share it and count their own
// iterations.
type budget struct {
	ctx        context.Context
	now        func() time.Time
	begin, end time.Time // end is zero without a time limit
	limit      int       // iterations of each worker, 0 for none
	last       time.Time // what takes long and can wait gives up here; zero without a time limit
}

// over tells whether the time of the whole search has passed, or its context has ended.
func (b *budget) over() bool {
	return b.ctx.Err() != nil || !b.last.IsZero() && !b.now().Before(b.last)
}

// spent gives the share of the stretch that is used after i iterations, 1 or more once it is over. With a limit on
// iterations the time only ends the stretch: it has no part in what the search does before.
func (b *budget) spent(i int) float64 {
	if b.ctx.Err() != nil {
		return 1
	}
	over := false
	var now time.Time
	if !b.end.IsZero() {
		now = b.now()
		over = !now.Before(b.end)
	}
	switch {
	case over:
		return 1
	case b.limit > 0:
		return float64(i) / float64(b.limit)
	case b.end.IsZero():
		return 0
	}
	return float64(now.Sub(b.begin)) / float64(b.end.Sub(b.begin))
}
