package pdptw

import (
	"context"
	"time"
)

// budget says how much of a stretch of search is used up: by iterations, by time, or both.
type budget struct {
	ctx        context.Context
	now        func() time.Time
	begin, end time.Time // end is zero without a time limit
	limit      int       // iterations, 0 for none
	used       int       // iterations in this stretch
}

// spent gives the share of the stretch that is used after i iterations, and whether it is over.
func (b *budget) spent(i int) (share float64, over bool) {
	b.used = i
	if b.ctx.Err() != nil {
		return 1, true
	}
	if b.limit > 0 {
		if share = float64(i) / float64(b.limit); i >= b.limit {
			return 1, true
		}
	}
	if !b.end.IsZero() {
		now := b.now()
		if !now.Before(b.end) {
			return 1, true
		}
		share = max(share, float64(now.Sub(b.begin))/float64(b.end.Sub(b.begin)))
	}
	return share, false
}
