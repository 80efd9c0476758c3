package dispatch

import (
	"context"
	"fmt"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/rules"
	"jishi/server/store"
)

// RoadClosure is a road that a dispatcher closed for some days, with the trips under way that meet it.
type RoadClosure struct {
	Closure
	MadeAt      measure.Millis
	By          string
	WithdrawnAt measure.Millis // 0 while it stands
	WithdrawnBy string
	Trips       []Trip // not ended, with the road still ahead
}

// ClosureInput is what a dispatcher says of a road.
type ClosureInput struct {
	From   string // area code
	To     string // area code; "" for everything into and out of From
	Since  string // first closed day
	Until  string // last closed day
	Reason string
}

// longestClosure is for how many days a road is closed at a time.
const longestClosure = 92

func (s *Service) checkClosure(in ClosureInput, today string) error {
	for _, a := range []struct{ field, code string }{{"from", in.From}, {"to", in.To}} {
		if _, known := s.places.Division(a.code); !known && (a.code != "" || a.field == "from") {
			return fault.At(a.field, "unknown_area", "There is no area with the code %q.", clip(a.code))
		}
	}
	switch {
	case in.To != "" && (s.places.Within(in.To, in.From) || s.places.Within(in.From, in.To)):
		return fault.At("to", "same_area", "One of the two areas lies in the other: name one of them alone, or two apart.")
	case !isDay(in.Since):
		return fault.At("since", "bad_day", "A day is written 2020-02-03.")
	case !isDay(in.Until):
		return fault.At("until", "bad_day", "A day is written 2020-02-03.")
	case in.Until < in.Since || in.Until < today:
		return fault.At("until", "closure_over", "The last closed day is not before the first one, nor over already.")
	case daysBetween(in.Since, in.Until) > longestClosure:
		return fault.At("until", "closure_too_long", "A road is closed for at most %d days at a time.", longestClosure)
	}
	return checkWhy(in.Reason)
}

// checkWhy asks for a reason that fits.
func checkWhy(reason string) error {
	if reason == "" {
		return fault.At("reason", "why_required", "Say why.")
	}
	return checkLength(reason)
}

func daysBetween(from, until string) int {
	a, _ := dayStart(from)
	b, _ := dayStart(until)
	return int((b - a) / day)
}

// CloseRoad closes a road, a pass or a zone for some days: plans under the rules of these days go around it or leave the goods, and
// no truck is let onto it.
func (s *Service) CloseRoad(ctx context.Context, by auth.Actor, in ClosureInput) (RoadClosure, error) {
	if err := mustPlan(by); err != nil {
		return RoadClosure{}, err
	}
	now := s.millis(ctx)
	if err := s.checkClosure(in, dayAt(now)); err != nil {
		return RoadClosure{}, err
	}
	c := RoadClosure{Closure: Closure{ID: store.NewID(), From: in.From, To: in.To, Since: in.Since, Until: in.Until, Why: in.Reason}, MadeAt: now, By: by.ID()}
	err := s.db.InTx(ctx, func(tx store.Tx) (err error) {
		if err = insertClosure(ctx, tx, c); err != nil {
			return err
		}
		if err = s.addTrips(ctx, tx, now, &c); err != nil {
			return err
		}
		return record(ctx, tx, by, now, "road.close", "road/"+c.ID, in.Reason, c.Closure)
	})
	return c, err
}

// OpenRoad takes a closure back. A second time changes nothing.
func (s *Service) OpenRoad(ctx context.Context, by auth.Actor, id string) (RoadClosure, error) {
	if err := mustPlan(by); err != nil {
		return RoadClosure{}, err
	}
	var c RoadClosure
	err := s.db.InTx(ctx, func(tx store.Tx) (err error) {
		c, err = scanClosure(tx.QueryRowContext(ctx, `SELECT `+closureColumns+` FROM road_closures WHERE id = $1`, id))
		if err != nil || c.WithdrawnAt > 0 {
			return found(err, "no_such_closure", "closed road")
		}
		c.WithdrawnAt, c.WithdrawnBy = s.millis(ctx), by.ID()
		if err = store.Exec(ctx, tx, `UPDATE road_closures SET withdrawn_at = $1, withdrawn_by = $2 WHERE id = $3`, int64(c.WithdrawnAt), c.WithdrawnBy, id); err != nil {
			return err
		}
		return record(ctx, tx, by, c.WithdrawnAt, "road.open", "road/"+id, "", c.Closure)
	})
	return c, err
}

// RoadClosures lists the closed roads, the newest first; unless only what stands is asked for, those that are over or taken back too.
func (s *Service) RoadClosures(ctx context.Context, by auth.Actor, standing bool, after string, n int) ([]RoadClosure, error) {
	if !plans(by) && !by.Is(auth.Auditor) {
		return nil, mustPlan(by)
	}
	now := s.millis(ctx)
	list, err := rowsOf(ctx, s.db.Read(), scanClosure, `SELECT `+closureColumns+` FROM road_closures
		WHERE ($1 = '' OR id < $1) AND (NOT $3 OR withdrawn_at = 0 AND until_day >= $4) ORDER BY id DESC LIMIT $2`, after, page(n), standing, dayAt(now))
	if err != nil {
		return nil, err
	}
	var stand []*RoadClosure
	for i := range list {
		if c := &list[i]; c.WithdrawnAt == 0 && c.Until >= dayAt(now) {
			stand = append(stand, c)
		}
	}
	return list, s.addTrips(ctx, s.db.Read(), now, stand...)
}

// closedFrom gives the roads that dispatchers closed and that are not open again before a day.
func closedFrom(ctx context.Context, q store.Querier, day string) ([]Closure, error) {
	list, err := rowsOf(ctx, q, scanClosure, `SELECT `+closureColumns+` FROM road_closures WHERE until_day >= $1 AND withdrawn_at = 0 ORDER BY id`, day)
	out := make([]Closure, len(list))
	for i, c := range list {
		out[i] = c.Closure
	}
	return out, err
}

// addTrips gives each closed road the trips that have it before them; the trips are read once for all roads.
func (s *Service) addTrips(ctx context.Context, q store.Querier, now measure.Millis, roads ...*RoadClosure) error {
	if len(roads) == 0 {
		return nil
	}
	trips, err := fillTrips(ctx, q, `SELECT `+tripColumns+` FROM trips WHERE made_at >= $1 ORDER BY id DESC LIMIT 500`, int64(now-60*day))
	if err != nil {
		return err
	}
	p := rulesOnly(s.rules, s.places, Question{})
	for _, t := range trips {
		if t.State(now).Ended() {
			continue
		}
		for _, c := range roads {
			if p.meets(t, c.Closure) {
				c.Trips = append(c.Trips, t)
			}
		}
	}
	return nil
}

// meets reports whether a trip has a closed road before it on a closed day.
func (p *planner) meets(t Trip, c Closure) bool {
	stops := t.Outline.Stops
	for i := range stops[1:] {
		if t.delivered[i+1] || !c.holds(rules.Day(dayAt(stops[i].Leave))) && !c.holds(rules.Day(dayAt(stops[i+1].Arrive))) {
			continue
		}
		if _, shut := p.closedBetween([]Closure{c}, p.codeOf(stops[i].Place), p.codeOf(stops[i+1].Place)); shut {
			return true
		}
	}
	return false
}

const closureColumns = `id, from_area, to_area, from_day, until_day, reason, made_at, made_by, withdrawn_at, withdrawn_by`

func scanClosure(row store.Scanner) (RoadClosure, error) {
	var c RoadClosure
	err := row.Scan(&c.ID, &c.From, &c.To, &c.Since, &c.Until, &c.Why, &c.MadeAt, &c.By, &c.WithdrawnAt, &c.WithdrawnBy)
	return c, err
}

func insertClosure(ctx context.Context, tx store.Tx, c RoadClosure) error {
	err := store.Exec(ctx, tx, `INSERT INTO road_closures (`+closureColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`,
		c.ID, c.From, c.To, c.Since, c.Until, c.Why, int64(c.MadeAt), c.By)
	if err != nil {
		return fmt.Errorf("close road: %w", err)
	}
	return nil
}
