package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"jishi/server/store"
)

// Args is what a job needs to know; it is stored as JSON. Kind names the job and must not change while jobs of the old
// name may still wait.
type Args interface{ Kind() string }

// Outside is the queue of jobs that wait for a server beside the database. While that is away they hold up no others. A kind of job
// goes there by a method Queue() string.
const Outside = "outside"

// Calls is the queue of jobs that call other people's servers, which may take their time. They hold up none of ours.
const Calls = "calls"

// queued is implemented by Args that do not go to the default queue, and long by those that may take more than a minute.
type (
	queued interface{ Queue() string }
	long   interface{ Timeout() time.Duration }
)

// Keyed are jobs that look at one thing as it is when they are worked: one of a key that waits is enough, and Insert adds
// no second one. Work that began is not waiting any more.
type Keyed interface {
	Args
	Key() string
}

// workersAtOnce is how many jobs one process works at a time. SQLite has one writer, so that more would only wait.
const (
	workersAtOnceSQLite   = 2
	workersAtOncePostgres = 8
)

// pollSQLite is how often a process looks for jobs in SQLite, which can't call it. PostgreSQL does.
const pollSQLite = 100 * time.Millisecond

// Runner inserts and works jobs. Make one with New, Register every kind, then Start.
type Runner struct {
	db       *store.DB
	log      *slog.Logger
	inserter *river.Client[*sql.Tx]
	workers  *river.Workers
	periodic []*river.PeriodicJob
	kinds    int
	working  interface {
		Start(ctx context.Context) error
		Stop(ctx context.Context) error
		StopAndCancel(ctx context.Context) error
	}
}

// New gives a runner that inserts jobs but works none before Start.
func New(db *store.DB, log *slog.Logger) (*Runner, error) {
	r := &Runner{db: db, log: log, workers: river.NewWorkers()}
	config := &river.Config{Logger: log}
	var err error
	if db.Engine() == store.SQLite {
		r.inserter, err = river.NewClient(riversqlite.New(db.Writer()), config)
	} else {
		r.inserter, err = river.NewClient(riverdatabasesql.New(db.Writer()), config)
	}
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return r, nil
}

// Migrate makes or updates the queue's own tables.
func Migrate(ctx context.Context, db *store.DB) error {
	var err error
	if db.Engine() == store.SQLite {
		err = migrate(ctx, func() (*rivermigrate.Migrator[*sql.Tx], error) {
			return rivermigrate.New(riversqlite.New(db.Writer()), nil)
		})
	} else {
		err = migrate(ctx, func() (*rivermigrate.Migrator[pgx.Tx], error) {
			return rivermigrate.New(riverpgxv5.New(db.Pool()), nil)
		})
	}
	if err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return nil
}

func migrate[T any](ctx context.Context, open func() (*rivermigrate.Migrator[T], error)) error {
	m, err := open()
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// Register says which function works jobs of T's kind. It panics when the kind is taken: a mistake of wiring.
func Register[T Args](r *Runner, work func(ctx context.Context, args T) error) {
	river.AddWorker(r.workers, &worker[T]{runner: r, work: work})
	r.kinds++
}

type worker[T Args] struct {
	river.WorkerDefaults[T]
	runner *Runner
	work   func(ctx context.Context, args T) error
}

// Work implements river.Worker.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	if k, ok := any(job.Args).(Keyed); ok {
		if err := w.runner.unmark(ctx, k); err != nil {
			return err
		}
	}
	return w.work(ctx, job.Args)
}

// Timeout implements river.Worker: 0 is a minute.
func (w *worker[T]) Timeout(job *river.Job[T]) time.Duration {
	if l, ok := any(job.Args).(long); ok {
		return l.Timeout()
	}
	return 0
}

// Every makes the runner insert args at each interval, and once at the start. Of several processes on one database one
// inserts.
func (r *Runner) Every(interval time.Duration, args Args) {
	r.periodic = append(r.periodic, river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return args, options(args) },
		&river.PeriodicJobOpts{RunOnStart: true}))
}

// Insert adds jobs that are worked as soon as tx has committed, and never if it rolls back. Of a Keyed one nothing is added
// while another waits.
func (r *Runner) Insert(ctx context.Context, tx store.Tx, list ...Args) error {
	list, err := mark(ctx, tx, list)
	if err != nil {
		return err
	}
	for _, args := range list {
		if err = r.insert(ctx, tx, args, options(args)); err != nil {
			return err
		}
	}
	return nil
}

// markOf is what notes that a Keyed job waits.
func markOf(k Keyed) string { return k.Kind() + "/" + k.Key() }

// mark notes which of the Keyed jobs wait from now on, and leaves out those that did before.
func mark(ctx context.Context, tx store.Tx, list []Args) ([]Args, error) {
	var marks []string
	for _, args := range list {
		if k, ok := args.(Keyed); ok {
			marks = append(marks, markOf(k))
		}
	}
	if len(marks) == 0 {
		return list, nil
	}
	fresh, err := store.All(ctx, tx, func(row store.Scanner) (m string, err error) { return m, row.Scan(&m) },
		`INSERT INTO job_marks (mark) VALUES `+store.Rows(len(marks), 1)+` ON CONFLICT (mark) DO NOTHING RETURNING mark`, store.Args(marks)...)
	if err != nil {
		return nil, fmt.Errorf("mark jobs: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(list), func(args Args) bool {
		k, ok := args.(Keyed)
		return ok && !slices.Contains(fresh, markOf(k))
	}), nil
}

// unmark is done before the work looks at anything, so that what changes from then on asks for another job.
func (r *Runner) unmark(ctx context.Context, k Keyed) error {
	return r.db.InTx(ctx, func(tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM job_marks WHERE mark = $1`, markOf(k)); err != nil {
			return fmt.Errorf("unmark job %s: %w", k.Kind(), err)
		}
		return nil
	})
}

// InsertAt adds a job that is worked at the given time or a little later.
func (r *Runner) InsertAt(ctx context.Context, tx store.Tx, args Args, at time.Time) error {
	opts := options(args)
	opts.ScheduledAt = at
	return r.insert(ctx, tx, args, opts)
}

func options(args Args) *river.InsertOpts {
	opts := &river.InsertOpts{}
	if q, ok := args.(queued); ok {
		opts.Queue = q.Queue()
	}
	return opts
}

func (r *Runner) insert(ctx context.Context, tx store.Tx, args Args, opts *river.InsertOpts) error {
	if _, err := r.inserter.InsertTx(ctx, tx, args, opts); err != nil {
		return fmt.Errorf("insert job %s: %w", args.Kind(), err)
	}
	return nil
}

// Start begins to work jobs, until Stop or the end of ctx.
func (r *Runner) Start(ctx context.Context) error {
	if r.kinds == 0 {
		return errors.New("jobs: start: no kind is registered")
	}
	config := &river.Config{
		Logger:       r.log,
		Workers:      r.workers,
		PeriodicJobs: r.periodic,
	}
	var err error
	if r.db.Engine() == store.SQLite {
		config.Queues = queues(workersAtOnceSQLite)
		config.FetchPollInterval = pollSQLite
		r.working, err = river.NewClient(riversqlite.New(r.db.Writer()), config)
	} else {
		config.Queues = queues(workersAtOncePostgres)
		r.working, err = river.NewClient(riverpgxv5.New(r.db.Pool()), config)
	}
	if err != nil {
		return fmt.Errorf("jobs: start: %w", err)
	}
	if err = r.working.Start(ctx); err != nil {
		return fmt.Errorf("jobs: start: %w", err)
	}
	return nil
}

func queues(n int) map[string]river.QueueConfig {
	return map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: n}, Outside: {MaxWorkers: n}, Calls: {MaxWorkers: 2 * n}}
}

// Stop takes no new jobs and waits for the running ones; when ctx ends first it cancels them, and they run again at the
// next start.
func (r *Runner) Stop(ctx context.Context) error {
	if r.working == nil {
		return nil
	}
	if err := r.working.Stop(ctx); err == nil || ctx.Err() == nil {
		return err
	}
	return r.working.StopAndCancel(context.WithoutCancel(ctx))
}

// Never wraps the error of a job that no further try can help; it is then not tried again.
func Never(err error) error { return river.JobCancel(err) }

// Later gives the error of a job that shall run again after a while, as often as it takes: what it needs is away.
func Later(after time.Duration) error { return river.JobSnooze(after) }
