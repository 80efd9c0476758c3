package store

import (
	"context"
	"hash/fnv"
	"slices"
)

// Serializable transactions that change the same row make each other run again; 64 at one row do little else. So a caller
// that knows which row will be hot names it, and on PostgreSQL the transactions of one process that name the same wait
// for each other before they begin. It changes nothing about what is right, only how often one runs again.

type hotKey struct{}

// Touching names the rows that a transaction will change and many others may, too, for InTx with the context it gives.
func Touching(ctx context.Context, rows ...string) context.Context {
	return context.WithValue(ctx, hotKey{}, rows)
}

// lanes are where transactions wait for each other, chosen by the hash of what they touch.
type lanes [256]chan struct{}

func newLanes() *lanes {
	var l lanes
	for i := range l {
		l[i] = make(chan struct{}, 1)
	}
	return &l
}

// enter waits for the lanes of what ctx touches, always in the same order, and gives the way out.
func (l *lanes) enter(ctx context.Context) (leave func(), err error) {
	rows, _ := ctx.Value(hotKey{}).([]string)
	var in []int
	for _, r := range rows {
		h := fnv.New32a()
		_, _ = h.Write([]byte(r)) // never fails
		in = append(in, int(h.Sum32()%uint32(len(l))))
	}
	slices.Sort(in)
	in = slices.Compact(in)
	for n, lane := range in {
		select {
		case l[lane] <- struct{}{}:
		case <-ctx.Done():
			l.leave(in[:n])
			return nil, ctx.Err()
		}
	}
	return func() { l.leave(in) }, nil
}

func (l *lanes) leave(in []int) {
	for _, lane := range in {
		<-l[lane]
	}
}
