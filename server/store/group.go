package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// A commit costs one flush of the disk, whatever is in it. So the transactions that wait for SQLite's one writer share a
// commit: they run one after the other in one transaction of the database, each behind a savepoint of its own, and are
// answered together when the commit is on disk. One that fails takes back only what it did itself.
//
// Each runs in the goroutine of its caller, so that a panic goes where it belongs.

// groupSize is the most transactions that share a commit; it bounds how long the first one waits for its answer.
const groupSize = 128

// errAgain says that a transaction has to run again: the database took back the whole group that it was in.
var errAgain = errors.New("the group of transactions was rolled back")

// errClosed says that the database is closed.
var errClosed = errors.New("the database is closed")

// turn is when a command may run: in tx, or not at all.
type turn struct {
	tx  Tx
	err error
}

// command is one transaction that waits for its turn.
type command struct {
	turn chan turn
	ran  chan bool  // whether it wants to be kept
	done chan error // how the commit went, for those that are kept
}

// group lets transactions share commits. One goroutine, follow, owns the transaction of the database.
type group struct {
	db      *sql.DB
	queue   chan command
	closing chan struct{}
	ended   chan struct{}
	once    sync.Once
}

func newGroup(db *sql.DB) *group {
	g := &group{db: db, queue: make(chan command), closing: make(chan struct{}), ended: make(chan struct{})}
	go g.follow()
	return g
}

// close lets the group under way end.
func (g *group) close() {
	g.once.Do(func() { close(g.closing) })
	<-g.ended
}

// run runs fn in a transaction that shares its commit with others.
func (g *group) run(ctx context.Context, fn func(tx Tx) error) error {
	c := command{turn: make(chan turn), ran: make(chan bool), done: make(chan error, 1)}
	select {
	case g.queue <- c:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.closing:
		return errClosed
	}
	t := <-c.turn
	if t.err != nil {
		return t.err
	}
	if err := c.call(t.tx, fn); err != nil {
		return err
	}
	return <-c.done
}

// call runs fn and gives the turn back, also when fn panics or ends its goroutine.
func (c command) call(tx Tx, fn func(tx Tx) error) error {
	keep := false
	defer func() { c.ran <- keep }()
	err := fn(tx)
	keep = err == nil
	return err
}

func (g *group) follow() {
	defer close(g.ended)
	for {
		select {
		case first := <-g.queue:
			g.together(first)
		case <-g.closing:
			return
		}
	}
}

// together runs first and whoever waits behind it, and commits. Those that come meanwhile are in the next group.
func (g *group) together(first command) {
	tx, err := g.db.BeginTx(context.Background(), nil)
	if err != nil {
		first.turn <- turn{err: fmt.Errorf("begin: %w", err)}
		return
	}
	var kept []command
	c, more := first, true
	for n := 1; more; n++ {
		var keep bool
		if keep, err = behindSavepoint(tx, c); keep {
			kept = append(kept, c)
		}
		if err != nil || n == groupSize {
			break
		}
		c, more = g.next()
	}
	answer(kept, finish(tx, err))
}

// next gives a command that waits now.
func (g *group) next() (command, bool) {
	select {
	case c := <-g.queue:
		return c, true
	default:
		return command{}, false
	}
}

// behindSavepoint gives c its turn and keeps or takes back what it did. An error says that the whole group is lost: SQLite
// rolls back more than the savepoint when the disk is full or fails.
func behindSavepoint(tx Tx, c command) (keep bool, err error) {
	if _, err = tx.Exec("SAVEPOINT command"); err != nil {
		c.turn <- turn{err: errAgain}
		return false, err
	}
	c.turn <- turn{tx: tx}
	if keep = <-c.ran; !keep {
		if _, err = tx.Exec("ROLLBACK TO command"); err != nil {
			return false, err
		}
	}
	_, err = tx.Exec("RELEASE command")
	return keep, err
}

func finish(tx Tx, err error) error {
	if err != nil {
		_ = tx.Rollback() // it is lost already
		return errAgain
	}
	if err = tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func answer(kept []command, err error) {
	for _, c := range kept {
		c.done <- err
	}
}
