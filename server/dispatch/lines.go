package dispatch

import (
	"context"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/store"
)

// PlanLine is a plan as it stands in a list.
type PlanLine struct {
	ID       string
	Day      string // whose rules it was made under
	Accepted string // the option, "" while none is
	MadeAt   measure.Millis
}

// PlanLines lists plans, the newest first, from the one after `after` on.
func (s *Service) PlanLines(ctx context.Context, by auth.Actor, after string, limit int) ([]PlanLine, error) {
	if err := mustPlan(by); err != nil {
		return nil, err
	}
	return rowsOf(ctx, s.db.Read(), scanPlanLine, `SELECT id, day, accepted, made_at FROM plans WHERE ($1 = '' OR id < $1) ORDER BY id DESC LIMIT $2`, after, limit)
}

func scanPlanLine(row store.Scanner) (PlanLine, error) {
	var l PlanLine
	err := row.Scan(&l.ID, &l.Day, &l.Accepted, &l.MadeAt)
	return l, err
}
