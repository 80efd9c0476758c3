package dispatch

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/rules"
	"jishi/server/store"
)

// Edit is a dispatcher's own change of a plan, as it is kept.
type Edit struct {
	ID     string
	Act    string // "move", "lock"
	What   json.RawMessage
	Reason string
	At     measure.Millis
	By     string
	Undone measure.Millis // 0 while it holds
}

// Lock keeps a whole trip, or one load on its truck, out of what is planned again.
type Lock struct {
	Capacity string `json:"capacity"`
	Load     string `json:"load,omitempty"` // its allocation; "" for the whole trip
	Locked   bool   `json:"locked"`
}

// TryMove works out what a move would cost and break. Nothing is changed.
func (s *Service) TryMove(ctx context.Context, by auth.Actor, plan, option string, m Move) (Plan, Tried, error) {
	p, o, err := s.editable(ctx, by, plan, option)
	if err != nil {
		return p, Tried{}, err
	}
	t, err := s.desk().Try(ctx, p.Question, o, m)
	return p, t, err
}

// MoveLoad moves a load. A move against a rule needs a reason, which is kept with the plan and in the audit.
func (s *Service) MoveLoad(ctx context.Context, by auth.Actor, plan, option string, m Move, reason string) (Plan, error) {
	p, o, err := s.editable(ctx, by, plan, option)
	if err != nil {
		return p, err
	}
	t, err := s.desk().Try(ctx, p.Question, o, m)
	if err != nil {
		return p, err
	}
	now := s.millis(ctx)
	for _, c := range t.Broken {
		if !c.Stops {
			continue
		}
		if neverOverridden[c.Code] {
			return p, fault.New(fault.Conflict, "never_overridden", "No reason lifts this rule: %s", c)
		}
		if reason == "" {
			return p, fault.At("reason", "override_reason", "This breaks a rule: %s Give a reason.", c)
		}
		t.Option.Overrides = append(t.Option.Overrides, Override{Capacity: t.Option.Trips[c.Trip].Truck.Capacity.ID, Code: c.Code, Reason: reason, By: by.ID(), At: now})
	}
	return s.edit(ctx, by, p, t.Option, "move", m, reason)
}

// SetLock locks or unlocks a trip, or a load on its truck.
func (s *Service) SetLock(ctx context.Context, by auth.Actor, plan, option string, l Lock) (Plan, error) {
	p, o, err := s.editable(ctx, by, plan, option)
	if err != nil {
		return p, err
	}
	n := slices.IndexFunc(o.Trips, func(t PlannedTrip) bool { return t.Truck.Capacity.ID == l.Capacity })
	if n < 0 {
		return p, fault.At("capacity", "no_such_trip", "There is no such %s.", "trip")
	}
	o.Trips = slices.Clone(o.Trips)
	t := &o.Trips[n]
	if l.Load == "" {
		t.Locked = l.Locked
		return s.edit(ctx, by, p, o, "lock", l, "")
	}
	t.Parts = slices.Clone(t.Parts)
	found := false
	for k, part := range t.Parts {
		if p.Question.Loads[part.Load].Allocation == l.Load {
			t.Parts[k].Locked, found = l.Locked, true
		}
	}
	if !found {
		return p, fault.At("load", "not_on_truck", "That truck does not carry it.")
	}
	return s.edit(ctx, by, p, o, "lock", l, "")
}

// editable reads a plan that was not accepted yet, and one of its options.
func (s *Service) editable(ctx context.Context, by auth.Actor, plan, option string) (Plan, Option, error) {
	if err := mustPlan(by); err != nil {
		return Plan{}, Option{}, err
	}
	p, err := planByID(ctx, s.db.Read(), plan)
	if err != nil {
		return p, Option{}, err
	}
	if p.Accepted != "" {
		return p, Option{}, fault.New(fault.Conflict, "plan_accepted", "Option %s of this plan was accepted already.", p.Accepted)
	}
	for _, o := range p.Answer.Options {
		if o.ID == option {
			return p, o, nil
		}
	}
	return p, Option{}, fault.At("option", "no_such_option", "The plan has no option %q.", clip(option))
}

// checkLength faults a reason that is too long to be kept.
func checkLength(reason string) error {
	if utf8.RuneCountInString(reason) > 300 {
		return fault.At("reason", "too_long", "A reason has at most %d characters.", 300)
	}
	return nil
}

// edit writes a changed option down, with what it was before.
func (s *Service) edit(ctx context.Context, by auth.Actor, p Plan, o Option, act string, what any, reason string) (Plan, error) {
	if err := checkLength(reason); err != nil {
		return p, err
	}
	next := p.Answer
	next.Options = slices.Clone(p.Answer.Options)
	for n := range next.Options {
		if next.Options[n].ID == o.ID {
			next.Options[n] = o
		}
	}
	next.Ranking = ranking(next.Options)
	next.Refused = s.refusedNow(p, next)
	body, err := toJSON(what)
	if err != nil {
		return p, err
	}
	now := s.millis(ctx)
	err = s.db.InTx(ctx, func(tx store.Tx) error {
		before, err := setAnswer(ctx, tx, p, next)
		if err != nil {
			return err
		}
		e := Edit{ID: store.NewID(), Act: act, What: json.RawMessage(body), Reason: reason, At: now, By: by.ID()}
		if err = insertEdit(ctx, tx, p.ID, e, before); err != nil {
			return err
		}
		return record(ctx, tx, by, now, "plan."+act, "plan/"+p.ID, reason, e.What)
	})
	p.Answer = next
	return p, err
}

// refusedNow are the trucks that the first option does not use, after an edit.
func (s *Service) refusedNow(p Plan, a Answer) []Refusal {
	work := rulesOnly(s.rules, s.places, p.Question)
	for _, r := range p.Answer.Refused { // what was found out with distances holds
		if v := slices.IndexFunc(p.Question.Trucks, func(t Truck) bool { return t.Vehicle.ID == r.Vehicle }); v >= 0 && (r.Rule == "papers" || r.Rule == "unknown_place") {
			work.refused[v] = r
		}
	}
	return work.refusals(a.Options)
}

// Undo takes the last change back.
func (s *Service) Undo(ctx context.Context, by auth.Actor, plan string) (Plan, error) {
	if err := mustPlan(by); err != nil {
		return Plan{}, err
	}
	var p Plan
	err := s.db.InTx(ctx, func(tx store.Tx) (err error) {
		if p, err = planByID(ctx, tx, plan); err != nil {
			return err
		}
		var id, before string
		err = tx.QueryRowContext(ctx, `SELECT id, before FROM plan_edits WHERE plan_id = $1 AND undone_at = 0 ORDER BY id DESC LIMIT 1`, plan).Scan(&id, &before)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Conflict, "nothing_to_undo", "Nothing was changed by hand.")
		}
		if err != nil {
			return fmt.Errorf("dispatch: %w", err)
		}
		var a Answer
		if err = json.Unmarshal([]byte(before), &a); err != nil {
			return fmt.Errorf("dispatch: %w", err)
		}
		if _, err = setAnswer(ctx, tx, p, a); err != nil {
			return err
		}
		p.Answer = a
		now := s.millis(ctx)
		if err = store.Exec(ctx, tx, `UPDATE plan_edits SET undone_at = $1 WHERE id = $2`, int64(now), id); err != nil {
			return err
		}
		return record(ctx, tx, by, now, "plan.undo", "plan/"+plan, "", map[string]string{"edit": id})
	})
	return p, err
}

// setAnswer replaces a plan's answer, unless somebody else changed or accepted it, and gives the text it had.
func setAnswer(ctx context.Context, tx store.Tx, p Plan, a Answer) (before string, err error) {
	var accepted string
	err = tx.QueryRowContext(ctx, `SELECT answer, accepted FROM plans WHERE id = $1`, p.ID).Scan(&before, &accepted)
	if err != nil {
		return "", found(err, "no_such_plan", "plan")
	}
	have, err := toJSON(p.Answer)
	if err != nil {
		return "", err
	}
	var stored Answer
	if err = json.Unmarshal([]byte(before), &stored); err != nil {
		return "", fmt.Errorf("dispatch: %w", err)
	}
	same, err := toJSON(stored)
	if err != nil {
		return "", err
	}
	if accepted != "" || same != have {
		return "", fault.New(fault.Conflict, "plan_changed", "Somebody else changed this plan meanwhile: look at it again.")
	}
	next, err := toJSON(a)
	if err != nil {
		return "", err
	}
	return before, store.Exec(ctx, tx, `UPDATE plans SET answer = $1 WHERE id = $2`, next, p.ID)
}

// Edits lists what was changed by hand, the newest first.
func (s *Service) Edits(ctx context.Context, by auth.Actor, plan string) ([]Edit, error) {
	if _, err := s.PlanByID(ctx, by, plan); err != nil {
		return nil, err
	}
	return rowsOf(ctx, s.db.Read(), scanEdit, `SELECT id, act, what, reason, made_at, made_by, undone_at FROM plan_edits WHERE plan_id = $1 ORDER BY id DESC LIMIT 200`, plan)
}

func scanEdit(row store.Scanner) (Edit, error) {
	var e Edit
	var what string
	err := row.Scan(&e.ID, &e.Act, &what, &e.Reason, &e.At, &e.By, &e.Undone)
	e.What = json.RawMessage(what)
	return e, err
}

func insertEdit(ctx context.Context, tx store.Tx, plan string, e Edit, before string) error {
	return store.Exec(ctx, tx, `INSERT INTO plan_edits (id, plan_id, act, what, reason, before, made_at, made_by, undone_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`,
		e.ID, plan, e.Act, string(e.What), e.Reason, before, int64(e.At), e.By)
}

// WhatIfInput is a question about a plan: another day's rules, other prices, some trucks less.
type WhatIfInput struct {
	Day     string // "" for the plan's own
	Prices  Prices
	Without []string // capacity offers
	Plan    bool     // let the planner change trips; without it they stay as they are, as far as their trucks are there
}

// Suppose answers a what-if: the plan as it would be, beside the plan as it is. Nothing is kept.
func (s *Service) Suppose(ctx context.Context, by auth.Actor, plan string, in WhatIfInput) (Plan, Comparison, error) {
	p, err := s.PlanByID(ctx, by, plan)
	if err != nil {
		return p, Comparison{}, err
	}
	o, err := p.present()
	if err != nil {
		return p, Comparison{}, err
	}
	q := p.Question
	if in.Day != "" {
		if !isDay(in.Day) {
			return p, Comparison{}, fault.At("day", "bad_day", "A day is written 2020-02-03.")
		}
		q.Day = in.Day
	}
	if err = in.Prices.check(); err != nil {
		return p, Comparison{}, err
	}
	asItIs := rulesOnly(s.rules, s.places, p.Question).priceOption(rules.Day(p.Question.Day), o)
	if !in.Plan && len(in.Without) == 0 { // the same trips at other prices, or under other rules
		q.Prices = in.Prices
		work := rulesOnly(s.rules, s.places, q)
		after := work.priceOption(work.day, o)
		after.ID = o.ID
		next := Plan{ID: p.ID, MadeAt: p.MadeAt, Question: q, Answer: Answer{Rules: work.day, Options: []Option{after}, Levels: work.levels(work.day), LeftOut: p.Answer.LeftOut}}
		return next, Compare(p.Question, asItIs, q, after), nil
	}
	c := Change{WhatPrice: in.Prices, Gone: in.Without}
	if !in.Plan {
		for _, t := range o.Trips {
			if !slices.Contains(in.Without, t.Truck.Capacity.ID) {
				c.Fixed = append(c.Fixed, t.Truck.Capacity.ID)
			}
		}
	}
	next := Plan{ID: p.ID, MadeAt: s.millis(ctx)}
	next.Question, next.Answer, err = s.desk().Again(ctx, q, o, c, Effort{Time: RestTime, Now: time.Now, Workers: 2, Seed: 1}, nil)
	if err != nil {
		return p, Comparison{}, err
	}
	var after Option
	if len(next.Answer.Options) > 0 {
		after = next.Answer.Options[0]
	}
	return next, Compare(p.Question, asItIs, next.Question, after), nil
}

// check bounds prices that are only asked about.
func (p Prices) check() error {
	switch {
	case p.Freight < 0 || p.Freight > 10_000:
		return fault.At("freight_per_mille", "bad_what_if", "A price is asked about between nothing and ten times of what it is.")
	case p.Toll < 0 || p.Toll > 10_000:
		return fault.At("toll_per_mille", "bad_what_if", "A price is asked about between nothing and ten times of what it is.")
	case p.Diesel < -1_000 || p.Diesel > 10_000:
		return fault.At("diesel", "bad_what_if", "A price is asked about between nothing and ten times of what it is.")
	}
	return nil
}

// ComparePlans puts the options that are driven, or the first ones, of two plans side by side.
func (s *Service) ComparePlans(ctx context.Context, by auth.Actor, plan, other string) (Comparison, error) {
	a, err := s.PlanByID(ctx, by, plan)
	if err != nil {
		return Comparison{}, err
	}
	b, err := s.PlanByID(ctx, by, other)
	if err != nil {
		return Comparison{}, err
	}
	x, err := a.present()
	if err != nil {
		return Comparison{}, err
	}
	y, err := b.present()
	return Compare(a.Question, x, b.Question, y), err
}
