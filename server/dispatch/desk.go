package dispatch

import (
	"context"
	"time"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/places"
	"jishi/server/rules"
)

// Desk plans whole days: one optimisation over all loads and all trucks. It keeps nothing and may be shared.
type Desk struct {
	Rules  *rules.Book
	Places *places.Atlas
	Router places.Router
	Spare  places.Router // asked when Router can't answer, which the plan then says; nil: the plan fails
}

// Effort says how long to search. With a Time it needs a clock; without, the number of iterations decides alone, and the
// same question has the same answer.
type Effort struct {
	Time       time.Duration
	Now        func() time.Time
	Iterations int // of the solver for each region; 0 with no Time: as the solver thinks fit
	Workers    int // regions planned at the same time; 0: one
	Seed       uint64
}

// Progress is told of the first plan and of every better one.
type Progress struct {
	Elapsed time.Duration `json:"elapsed_ns"`
	Regions int           `json:"regions"` // into which the day was cut
	Done    int           `json:"done"`    // regions planned so far, over all rounds
	Rounds  int           `json:"rounds"`
	LeftOut int           `json:"left_out"` // loads, or parts of them, that no truck carries yet
	Trucks  int           `json:"trucks"`
	Cost    measure.Fen   `json:"cost_fen"` // as the solver reckons, without what only a finished plan is charged
}

// regionLoads is how many loads one solver run takes on; more are cut into regions.
const regionLoads = 240

// Day plans all loads of a question. A context that ends early is no error: the best plan found so far is the answer.
func (d Desk) Day(ctx context.Context, q Question, e Effort, report func(Progress)) (Answer, error) {
	return d.continueDay(ctx, q, draft{}, e, report)
}

// Problem is a day as one run of the solver gets it. Loads that no truck may carry are not in it.
func (d Desk) Problem(ctx context.Context, q Question) (*pdptw.Problem, error) {
	p, err := d.planner(ctx, q)
	if err != nil {
		return nil, err
	}
	m := mode{passes: true, trucks: p.usable()}
	return p.problem(m, p.piecesFor(m, nil)), nil
}

// draft is a plan to start from, with what may not be changed any more.
type draft struct {
	trips  []PlannedTrip
	frozen []int       // by trip: how many of its stops are fixed
	price  measure.Fen // of every load that changes its truck
}

// freeze is how many stops of trip n stay as they are.
func (d draft) freeze(n int) int {
	if n < len(d.frozen) {
		return d.frozen[n]
	}
	return 0
}

func (d Desk) continueDay(ctx context.Context, q Question, start draft, e Effort, report func(Progress)) (Answer, error) {
	work := rulesOnly(d.Rules, d.Places, q)
	s := &session{desk: d, q: q, effort: e, report: report, price: start.price, bonds: bondsOf(q.Loads, q.Pins)}
	s.left = s.bonds.tooMany(q.Loads)
	if e.Time > 0 {
		s.begin = e.Now()
	}
	var err error
	if len(q.Loads) <= regionLoads {
		err = s.one(ctx, start)
	} else {
		err = s.many(ctx, start)
	}
	if err != nil {
		return Answer{}, err
	}
	return s.answer(work), nil
}

// table asks the router, and the spare where the router can't answer.
func (d Desk) table(ctx context.Context, spots []measure.Point) (places.Table, *Note, error) {
	t, err := d.Router.Table(ctx, spots, spots)
	f := fault.Of(err)
	if err == nil || d.Spare == nil || ctx.Err() != nil || f == nil || f.Kind != fault.Unavailable {
		return t, nil, err
	}
	t, err = d.Spare.Table(ctx, spots, spots)
	return t, &Note{Item: "distances", Said: wording.Just("distances_estimated", wording.Coded(f.Code))}, err
}
