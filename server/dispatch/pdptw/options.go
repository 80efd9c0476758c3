package pdptw

import "time"

// Objective is what makes one plan better than another.
type Objective uint8

const (
	// Lexicographic counts mandatory requests unserved (weighted by priority), then prizes lost, then vehicles used,
	// then metres driven; each decides only where those before it are equal. It is the literature's objective.
	Lexicographic Objective = iota
	// TotalCost counts mandatory requests unserved, then the money of Cost.Total.
	TotalCost
)

// Options steer one call of Solve. The zero value works: lexicographic, one worker, seed 0 and a number of iterations
// that grows with the problem.
//
// Solve ends at the first of: Time has passed on Now, Iterations are done, the context ends. The same problem, Seed,
// Workers and Iterations give the same plan when neither Time nor the context ended the run.
type Options struct {
	Objective  Objective
	Time       time.Duration    // 0 means no limit; needs Now
	Now        func() time.Time // the caller's clock; nil means that time plays no part
	Iterations int              // per worker; 0 means no limit, or the default where Time is 0 too
	Workers    int              // goroutines that search; 0 means 1
	Seed       uint64
}

// Progress is told of the first complete plan and of every better one that was found since the last report.
type Progress struct {
	Iteration int           // iterations done by each worker
	Elapsed   time.Duration // on Options.Now; 0 without a clock
	Unserved  int
	Vehicles  int
	Distance  int64            // metres
	Cost      int64            // money, as Cost.Total
	Plan      func() *Solution // the plan itself; may be called only before report returns
}
