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
}

// spent gives the share of the stretch that is used after i iterations, 1 or more once it is over.
func (b *budget) spent(i int) float64 {
	if b.ctx.Err() != nil {
		return 1
	}
	share := 0.0
	if b.limit > 0 {
		share = float64(i) / float64(b.limit)
	}
	if !b.end.IsZero() {
		if now := b.now(); now.Before(b.end) {
			share = max(share, float64(now.Sub(b.begin))/float64(b.end.Sub(b.begin)))
		} else {
			return 1
		}
	}
	return share
}
