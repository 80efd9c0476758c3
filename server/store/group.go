package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// A commit costs one flush of the disk, whatever is in it. So the transactions of a process that wait share a commit: they
// run one after the other in one transaction of the database, each behind a savepoint of its own, and are answered together
// when the commit is on disk. One that fails takes back only what it did itself. SQLite has one writer anyhow; on PostgreSQL
// serializable transactions at one row, or at the newest page of one index, make each other run again when they run side by side.
//
// Each runs in the goroutine of its caller, so that a panic goes where it belongs.

// groupSize is the most transactions that share a commit; it bounds how long the first one waits for its answer. PostgreSQL
// keeps so many subtransactions of a session at hand, and looks further ones up (PGPROC_MAX_CACHED_SUBXIDS in its source).
const groupSize = 64

// errAgain says that a transaction has to run again: the database took back the whole group that it was in.
var errAgain = errors.New("the group of transactions was rolled back")

// errClosed says that the database is closed.
var errClosed = errors.New("the database is closed")

// turn is when a command may run: in tx, or not at all.
type turn struct {
	tx  Tx
	err error
}

// outcome is what becomes of a transaction that has run.
type outcome int

const (
	takenBack outcome = iota // it failed
	kept
	lost // the engine wants it run again, and with it all that share its commit
)

// command is one transaction that waits for its turn.
type command struct {
	turn chan turn
	ran  chan outcome
	done chan error // how the commit went, for those that are kept
}

// group lets transactions share commits. One goroutine, follow, owns the transaction of the database.
type group struct {
	db      *sql.DB
	options *sql.TxOptions
	most    int // in the next group: fewer after a lost one, so that something gets through beside other processes
	queue   chan command
	closing chan struct{}
	ended   chan struct{}
	once    sync.Once
}

func newGroup(db *sql.DB, isolation sql.IsolationLevel) *group {
	g := &group{db: db, options: &sql.TxOptions{Isolation: isolation}, most: groupSize, queue: make(chan command), closing: make(chan struct{}), ended: make(chan struct{})}
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
	c := command{turn: make(chan turn), ran: make(chan outcome), done: make(chan error, 1)}
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
	out := takenBack
	defer func() { c.ran <- out }()
	err := fn(tx)
	switch {
	case err == nil:
		out = kept
	case again(err):
		out = lost
	}
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
	tx, err := g.db.BeginTx(context.Background(), g.options)
	if err != nil {
		first.turn <- turn{err: fmt.Errorf("begin: %w", err)}
		return
	}
	var members []command
	c, more := first, true
	for n := 1; more; n++ {
		var out outcome
		if out, err = behindSavepoint(tx, c); out == kept {
			members = append(members, c)
		}
		if err != nil || n >= g.most {
			break
		}
		c, more = g.next()
	}
	err = finish(tx, err)
	g.most = groupSize
	if err != nil {
		g.most = max(1, len(members)/2)
	}
	for _, c := range members {
		c.done <- err
	}
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
// rolls back more than the savepoint when the disk is full or fails, PostgreSQL when another process was in the way.
func behindSavepoint(tx Tx, c command) (out outcome, err error) {
	if _, err = tx.Exec("SAVEPOINT command"); err != nil {
		c.turn <- turn{err: errAgain}
		return lost, err
	}
	c.turn <- turn{tx: tx}
	switch out = <-c.ran; out {
	case lost:
		return lost, errAgain
	case takenBack:
		if _, err = tx.Exec("ROLLBACK TO SAVEPOINT command"); err != nil {
			return lost, err
		}
	}
	_, err = tx.Exec("RELEASE SAVEPOINT command")
	return out, err
}

// finish commits, or rolls back what err says is lost.
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
