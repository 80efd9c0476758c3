package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// A commit costs one flush of the disk, whatever is in it. So the transactions of a process that wait share a commit: they
// run one after the other in one transaction of the database, each behind a savepoint of its own, and are answered together
// when the commit is on disk. One that fails takes back only what it did itself. SQLite has one writer anyhow; on PostgreSQL
// serializable transactions at one row, or at the newest page of one index, make each other run again when they run side by side.
//
// They run in the goroutine of the group: to hand the turn to each caller's and back cost a fifth of the time of a short one. What
// a caller's function does to its goroutine, panic or end it, the caller's own goroutine does when it is told.

// groupSize is the most transactions that share a commit; it bounds how long the first one waits for its answer. PostgreSQL
// keeps so many subtransactions of a session at hand, and looks further ones up (PGPROC_MAX_CACHED_SUBXIDS in its source).
const groupSize = 64

// errAgain says that a transaction has to run again: the database took back the whole group that it was in.
var errAgain = errors.New("the group of transactions was rolled back")

// errClosed says that the database is closed.
var errClosed = errors.New("the database is closed")

// command is one transaction that waits for its turn.
type command struct {
	do   func(tx Tx) error
	done chan ending // has room for one
}

// ending is how a command ended.
type ending struct {
	err      error
	panicked *Panicked
	exited   bool // its goroutine, by runtime.Goexit, as a test does that fails
}

// Panicked is what a function in a transaction panicked with, and where: its caller panics with it.
type Panicked struct {
	Value any
	Stack []byte
}

func (p *Panicked) Error() string {
	return fmt.Sprintf("%v\n\nin a transaction:\n%s", p.Value, p.Stack)
}

// outcome is what becomes of a transaction that has run.
type outcome int

const (
	takenBack outcome = iota // it failed
	kept
	lost // the engine wants it run again, and with it all that share its commit
)

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
	c := command{do: fn, done: make(chan ending, 1)}
	select {
	case g.queue <- c:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.closing:
		return errClosed
	}
	end := <-c.done
	switch {
	case end.panicked != nil:
		panic(end.panicked)
	case end.exited:
		runtime.Goexit()
	}
	return end.err
}

// follow serves the queue until the group is closed. A command that ends the goroutine takes it along; then another follows.
func (g *group) follow() {
	served := false
	defer func() {
		if served {
			close(g.ended)
		} else {
			go g.follow()
		}
	}()
	for {
		select {
		case first := <-g.queue:
			g.together(first)
		case <-g.closing:
			served = true
			return
		}
	}
}

// together runs first and whoever waits behind it, and commits. Those that come meanwhile are in the next group.
func (g *group) together(first command) {
	tx, err := g.db.BeginTx(context.Background(), g.options)
	if err != nil {
		first.done <- ending{err: fmt.Errorf("begin: %w", err)}
		return
	}
	var members []command
	whole := false
	defer func() { // also when a command ends the goroutine
		if !whole {
			err = errAgain
		}
		g.end(members, finish(tx, err))
	}()
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
	whole = true
}

// end tells the members of a group how it went.
func (g *group) end(members []command, err error) {
	g.most = groupSize
	if err != nil {
		g.most = max(1, len(members)/2)
	}
	for _, c := range members {
		c.done <- ending{err: err}
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

// behindSavepoint runs c and keeps or takes back what it did. An error says that the whole group is lost: SQLite
// rolls back more than the savepoint when the disk is full or fails, PostgreSQL when another process was in the way.
func behindSavepoint(tx Tx, c command) (out outcome, err error) {
	if _, err = tx.Exec("SAVEPOINT command"); err != nil {
		c.done <- ending{err: errAgain}
		return lost, err
	}
	switch out = c.run(tx); out {
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

// run runs a command. Its caller is told here what became of it, unless it is kept: then the commit decides.
func (c command) run(tx Tx) (out outcome) {
	end := ending{exited: true}
	defer func() {
		if v := recover(); v != nil {
			end = ending{panicked: &Panicked{v, debug.Stack()}}
		}
		if out != kept {
			c.done <- end
		}
	}()
	end.err, end.exited = c.do(tx), false
	switch {
	case end.err == nil:
		out = kept
	case again(end.err):
		out = lost
	}
	return out
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
