package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// RunState is where a run of the planner stands.
type RunState string

// The states of a run.
const (
	Planning RunState = "planning"
	Planned  RunState = "planned" // its plan is kept, whether it ran to its end or was cancelled
	Failed   RunState = "failed"
	RunLost  RunState = "lost" // the server that ran it is gone
)

// Run is one run of the planner: started, watched, cancelled. It does not depend on anybody watching.
type Run struct {
	ID        string
	Plan      string // once it is kept
	After     string // the plan it goes on from
	Progress  Progress
	Fault     *fault.Fault
	Cancelled bool
	StartedAt measure.Millis
	SeenAt    measure.Millis
	EndedAt   measure.Millis // 0 while it runs
	By        string
}

// lostAfterSilence is how long a run may be silent before its server is taken for gone; it writes every lookEvery.
const (
	lostAfterSilence = 15_000
	lookEvery        = 250 * time.Millisecond
	maxRunTime       = 60 * time.Second
)

// State tells where the run stands, now being the time of the wall.
func (r Run) State(now time.Time) RunState {
	switch {
	case r.Plan != "":
		return Planned
	case r.Fault != nil:
		return Failed
	case now.UnixMilli()-int64(r.SeenAt) > lostAfterSilence:
		return RunLost
	}
	return Planning
}

// RunInput asks for a run: of what waits, or of the rest after a change.
type RunInput struct {
	PlanInput
	Seconds int    // 0: five, or RestTime for the rest of a plan
	After   string // a plan to go on from; "" for none
	Change  Change // since that plan
}

// runs are the runs of this server.
type runs struct {
	all  sync.WaitGroup
	stop context.CancelFunc
	life context.Context
}

func newRuns() *runs {
	r := &runs{}
	r.life, r.stop = context.WithCancel(context.Background())
	return r
}

// Close ends the runs of this server. What is best so far is kept.
func (s *Service) Close() {
	s.runs.stop()
	s.runs.all.Wait()
}

// StartRun begins a run and gives it at once.
func (s *Service) StartRun(ctx context.Context, by auth.Actor, in RunInput) (Run, error) {
	job, err := s.jobFor(ctx, by, in)
	if err != nil {
		return Run{}, err
	}
	wall := measure.Millis(time.Now().UnixMilli())
	r := Run{ID: store.NewID(), After: in.After, StartedAt: wall, SeenAt: wall, By: by.ID()}
	err = s.db.InTx(ctx, func(tx store.Tx) error { return insertRun(ctx, tx, r) })
	if err != nil {
		return Run{}, err
	}
	s.runs.all.Add(1)
	go s.run(context.WithoutCancel(ctx), by, r, job)
	return r, nil
}

// runJob is what a run works out, within a time.
type runJob struct {
	limit time.Duration
	work  func(ctx context.Context, e Effort, report func(Progress)) (Question, Answer, error)
	now   measure.Millis
}

// jobFor prepares a run for the time that is asked for, or else for what the usual one of its kind takes.
func (s *Service) jobFor(ctx context.Context, by auth.Actor, in RunInput) (runJob, error) {
	limit := time.Duration(in.Seconds) * time.Second
	if limit < 0 || limit > maxRunTime {
		return runJob{}, fault.At("seconds", "bad_run_time", "A run takes at most %d seconds.", int(maxRunTime/time.Second))
	}
	prepare := s.jobAnew
	if in.After != "" {
		prepare = s.jobAfter
	}
	job, err := prepare(ctx, by, in)
	if limit > 0 {
		job.limit = limit
	}
	return job, err
}

// jobAnew prepares a plan of what waits.
func (s *Service) jobAnew(ctx context.Context, by auth.Actor, in RunInput) (runJob, error) {
	q, notes, err := s.question(ctx, by, in.PlanInput)
	return runJob{limit: dayTime, now: q.Now, work: func(ctx context.Context, e Effort, report func(Progress)) (Question, Answer, error) {
		a, err := s.answerWithin(ctx, q, e, report)
		a.Notes = append(a.Notes, notes...)
		return q, a, err
	}}, err
}

// answerWithin is answer with so much effort where the question is a whole day.
func (s *Service) answerWithin(ctx context.Context, q Question, e Effort, report func(Progress)) (Answer, error) {
	if len(q.Loads) <= optionLoads {
		return s.answer(ctx, q)
	}
	return s.desk().Day(ctx, q, e, report)
}

// run works in the background until its time is over, somebody cancels it, or the server ends.
func (s *Service) run(ctx context.Context, by auth.Actor, r Run, job runJob) {
	defer s.runs.all.Done()
	search, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.runs.life, cancel)()
	w := watch{s: s, run: r.ID, cancel: cancel}
	stop := w.begin(ctx)
	q, a, err := job.work(search, Effort{Time: job.limit, Now: time.Now, Workers: 2, Seed: 1}, w.told)
	stop()
	if err == nil {
		p := Plan{ID: store.NewID(), Question: q, Answer: a, MadeAt: job.now}
		err = s.db.InTx(ctx, func(tx store.Tx) error {
			if err := s.keepPlan(ctx, tx, by, p); err != nil {
				return err
			}
			return endRun(ctx, tx, r.ID, p.ID, w.last(), nil)
		})
	}
	if err == nil {
		return
	}
	f := fault.Of(err)
	if f == nil {
		slog.ErrorContext(ctx, "plan run", "run", r.ID, "error", err)
		f = fault.New(fault.Unavailable, "internal", "Something went wrong on our side. Nothing was lost; please try again.")
	}
	if err = s.db.InTx(ctx, func(tx store.Tx) error { return endRun(ctx, tx, r.ID, "", w.last(), f) }); err != nil {
		slog.ErrorContext(ctx, "plan run can't be ended", "run", r.ID, "error", err)
	}
}

// keepPlan writes a plan down.
func (s *Service) keepPlan(ctx context.Context, tx store.Tx, by auth.Actor, p Plan) error {
	if err := insertPlan(ctx, tx, p, by.ID()); err != nil {
		return err
	}
	return record(ctx, tx, by, p.MadeAt, "plan.make", "plan/"+p.ID, "",
		map[string]any{"day": p.Question.Day, "loads": len(p.Question.Loads), "trucks": len(p.Question.Trucks), "after": p.Question.After})
}

// watch writes a run's progress down and looks whether somebody cancelled it.
type watch struct {
	s      *Service
	run    string
	cancel context.CancelFunc
	mu     sync.Mutex
	have   Progress
}

func (w *watch) told(p Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.have = p
}

func (w *watch) last() Progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.have
}

// begin watches until the function it gives is called.
func (w *watch) begin(ctx context.Context) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				w.look(ctx)
			}
		}
	}()
	return func() { close(done); <-ended }
}

func (w *watch) look(ctx context.Context) {
	err := w.s.db.InTx(ctx, func(tx store.Tx) error {
		cancelled, err := seeRun(ctx, tx, w.run, w.last())
		if cancelled {
			w.cancel()
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "plan run's progress", "run", w.run, "error", err)
	}
}

// RunByID shows a run to a dispatcher.
func (s *Service) RunByID(ctx context.Context, by auth.Actor, id string) (Run, error) {
	if err := mustPlan(by); err != nil {
		return Run{}, err
	}
	return runByID(ctx, s.db.Read(), id)
}

// CancelRun ends a run, on whichever server it is; the best plan so far is kept. A second time changes nothing.
func (s *Service) CancelRun(ctx context.Context, by auth.Actor, id string) (Run, error) {
	if err := mustPlan(by); err != nil {
		return Run{}, err
	}
	var r Run
	err := s.db.InTx(ctx, func(tx store.Tx) (err error) {
		if err = store.Exec(ctx, tx, `UPDATE plan_runs SET cancelled = $1 WHERE id = $2`, true, id); err != nil {
			return err
		}
		r, err = runByID(ctx, tx, id)
		return err
	})
	return r, err
}

// Follow tells of a run each time it changes, from where it is, until it ended or the context does.
func (s *Service) Follow(ctx context.Context, by auth.Actor, id string, tell func(Run) error) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var last Run
	for {
		r, err := s.RunByID(ctx, by, id)
		if err != nil {
			return err
		}
		if state := r.State(time.Now()); last.ID == "" || r.Progress != last.Progress || state != Planning {
			if err = tell(r); err != nil || state != Planning {
				return err
			}
		}
		last = r
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

const runColumns = `id, plan_id, after_id, progress, fault, cancelled, started_at, seen_at, ended_at, made_by`

func scanRun(row store.Scanner) (Run, error) {
	var r Run
	var progress, why string
	err := row.Scan(&r.ID, &r.Plan, &r.After, &progress, &why, &r.Cancelled, &r.StartedAt, &r.SeenAt, &r.EndedAt, &r.By)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(progress), &r.Progress), json.Unmarshal([]byte(why), &r.Fault))
	}
	return r, err
}

func insertRun(ctx context.Context, tx store.Tx, r Run) error {
	progress, err := toJSON(r.Progress)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `INSERT INTO plan_runs (`+runColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.ID, r.Plan, r.After, progress, "null", r.Cancelled, int64(r.StartedAt), int64(r.SeenAt), int64(r.EndedAt), r.By)
}

func runByID(ctx context.Context, q store.Querier, id string) (Run, error) {
	r, err := scanRun(q.QueryRowContext(ctx, `SELECT `+runColumns+` FROM plan_runs WHERE id = $1`, id))
	if err != nil {
		return r, found(err, "no_such_run", "run")
	}
	return r, nil
}

// seeRun writes progress down and tells whether the run was cancelled.
func seeRun(ctx context.Context, tx store.Tx, id string, p Progress) (cancelled bool, err error) {
	progress, err := toJSON(p)
	if err != nil {
		return false, err
	}
	err = tx.QueryRowContext(ctx, `UPDATE plan_runs SET progress = $1, seen_at = $2 WHERE id = $3 RETURNING cancelled`,
		progress, time.Now().UnixMilli(), id).Scan(&cancelled)
	return cancelled, err
}

func endRun(ctx context.Context, tx store.Tx, id, plan string, p Progress, f *fault.Fault) error {
	progress, err := toJSON(p)
	if err != nil {
		return err
	}
	why, err := toJSON(f)
	if err != nil {
		return fmt.Errorf("end run: %w", err)
	}
	now := time.Now().UnixMilli()
	return store.Exec(ctx, tx, `UPDATE plan_runs SET plan_id = $1, progress = $2, fault = $3, seen_at = $4, ended_at = $4 WHERE id = $5`, plan, progress, why, now, id)
}
