package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/measure"
)

// RunBody starts the planner in the background.
type RunBody struct {
	PlanBody
	Seconds int      `json:"seconds,omitempty" minimum:"0" maximum:"60" doc:"How long to search; left out: 5, or 2 for the rest of a plan"`
	After   string   `json:"after,omitempty" maxLength:"64" doc:"A plan to go on from: what is loaded or locked stays, the rest is planned again, changed promises cost"`
	Gone    []string `json:"gone,omitempty" maxItems:"200" doc:"Capacity offers whose truck does not drive"`
	Refused []string `json:"refused,omitempty" maxItems:"400" doc:"Allocations that are not to be hauled any more"`
	Late    []struct {
		Capacity string  `json:"capacity" maxLength:"64"`
		From     Instant `json:"from"`
	} `json:"late,omitempty" maxItems:"200" doc:"Trucks that are free later than offered"`
	Closed []dispatch.Closure `json:"closed,omitempty" maxItems:"100" doc:"Roads that can't be driven"`
}

func (b RunBody) input() dispatch.RunInput {
	in := dispatch.RunInput{Seconds: b.Seconds, After: b.After, Change: dispatch.Change{Gone: b.Gone, Refused: b.Refused, Closed: b.Closed},
		PlanInput: dispatch.PlanInput{Orders: b.Orders, Loads: b.Loads, Trucks: b.Trucks, Day: string(b.Day)}}
	for _, l := range b.Late {
		in.Change.Late = append(in.Change.Late, dispatch.LateTruck{Capacity: l.Capacity, From: l.From.Millis()})
	}
	return in
}

// RunView is a run of the planner.
type RunView struct {
	ID        string            `json:"id"`
	State     dispatch.RunState `json:"state" enum:"planning,planned,failed,lost"`
	Plan      string            `json:"plan" doc:"Once there is one"`
	After     string            `json:"after"`
	Cancelled bool              `json:"cancelled"`
	Progress  dispatch.Progress `json:"progress"`
	Trouble   string            `json:"trouble" doc:"Why it failed, in the reader's language"`
	StartedAt Instant           `json:"started_at"`
}

func runView(ctx context.Context, r dispatch.Run) RunView {
	v := RunView{ID: r.ID, State: r.State(time.Now()), Plan: r.Plan, After: r.After, Cancelled: r.Cancelled, Progress: r.Progress, StartedAt: Instant(r.StartedAt)}
	if r.Fault != nil {
		v.Trouble = sentence(languageOf(ctx), r.Fault)
	}
	return v
}

func registerRuns(api huma.API, d *dispatch.Service) {
	post(api, "/plan-runs", "Starts the planner", func(ctx context.Context, by auth.Actor, in *with[RunBody]) (RunView, error) {
		r, err := d.StartRun(ctx, by, in.Body.input())
		return runView(ctx, r), err
	})
	get(api, "/plan-runs/{id}", "Shows a run of the planner", func(ctx context.Context, by auth.Actor, in *byID) (RunView, error) {
		r, err := d.RunByID(ctx, by, in.ID)
		return runView(ctx, r), err
	})
	post(api, "/plan-runs/{id}/cancel", "Ends a run; the best plan so far is kept", func(ctx context.Context, by auth.Actor, in *byID) (RunView, error) {
		r, err := d.CancelRun(ctx, by, in.ID)
		return runView(ctx, r), err
	})
	o := operation(http.MethodGet, "/plan-runs/{id}/events", "Tells of a run as it goes on, as server-sent events named run")
	o.Responses = map[string]*huma.Response{"200": {Description: "Each event's data is a RunView; the last one is not planning any more",
		Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}}}
	huma.Register(api, o, func(ctx context.Context, in *byID) (*huma.StreamResponse, error) {
		by, err := actor(ctx)
		if err == nil {
			_, err = d.RunByID(ctx, by, in.ID)
		}
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return &huma.StreamResponse{Body: func(h huma.Context) { stream(h, d, by, in.ID) }}, nil
	})
}

// stream writes a run's events until it ends or nobody listens.
func stream(h huma.Context, d *dispatch.Service, by auth.Actor, id string) {
	h.SetHeader("Content-Type", "text/event-stream")
	h.SetHeader("Cache-Control", "no-store")
	h.SetHeader("X-Accel-Buffering", "no")
	out := h.BodyWriter()
	ctx := h.Context()
	err := d.Follow(ctx, by, id, func(r dispatch.Run) error {
		text, err := json.Marshal(runView(ctx, r))
		if err != nil {
			return err
		}
		if _, err = fmt.Fprintf(out, "event: run\ndata: %s\n\n", text); err != nil {
			return err
		}
		if f, ok := out.(http.Flusher); ok {
			f.Flush()
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		logOf(ctx).WarnContext(ctx, "run events", "run", id, "error", err)
	}
}

// MoveBody moves a load of an option.
type MoveBody struct {
	Option   string `json:"option" maxLength:"10"`
	Load     string `json:"load" maxLength:"80" doc:"Its allocation"`
	From     string `json:"from,omitempty" maxLength:"64" doc:"Capacity offer it rides on; left out: it stays behind so far"`
	To       string `json:"to,omitempty" maxLength:"64" doc:"Capacity offer it shall ride on; left out: it is taken off"`
	Position int    `json:"position,omitempty" minimum:"-1" maximum:"1000" default:"-1" doc:"As how many-th it is loaded, from 0; -1: where it costs least"`
	Reason   string `json:"reason,omitempty" maxLength:"300" doc:"Needed when the move breaks a rule"`
}

func (b MoveBody) move() dispatch.Move {
	return dispatch.Move{Load: b.Load, From: b.From, To: b.To, Position: b.Position}
}

// TriedView is what a move would lead to.
type TriedView struct {
	Cost   measure.Fen        `json:"cost_fen" doc:"More (or less) than before"`
	Total  measure.Fen        `json:"total_fen"`
	Broken []dispatch.Caution `json:"broken" doc:"What it is warned of and was not before; stops: a rule, a reason is needed"`
	Trips  []OutlineView      `json:"trips" doc:"The trips that change, as they would be"`
}

func triedView(ctx context.Context, t dispatch.Tried) TriedView {
	o := t.Option.In(languageOf(ctx))
	v := TriedView{Cost: t.Cost, Total: o.Cost, Broken: []dispatch.Caution{}, Trips: []OutlineView{}}
	for _, c := range t.Broken {
		c.Text = c.In(languageOf(ctx))
		v.Broken = append(v.Broken, c)
	}
	for _, trip := range o.Trips {
		if slices.Contains(t.Trips, trip.Truck.Capacity.ID) {
			v.Trips = append(v.Trips, outlineView(trip))
		}
	}
	return v
}

// EditView is a change made by hand.
type EditView struct {
	ID       string          `json:"id"`
	Act      string          `json:"act" enum:"move,lock"`
	What     json.RawMessage `json:"what"`
	Reason   string          `json:"reason"`
	At       Instant         `json:"at"`
	By       string          `json:"by"`
	UndoneAt Instant         `json:"undone_at"`
}

func registerEdits(api huma.API, d *dispatch.Service) {
	post(api, "/plans/{id}/try", "Tells what a move would cost and break; changes nothing", func(ctx context.Context, by auth.Actor, in *idWith[MoveBody]) (TriedView, error) {
		_, t, err := d.TryMove(ctx, by, in.ID, in.Body.Option, in.Body.move())
		if err != nil {
			return TriedView{}, err
		}
		return triedView(ctx, t), nil
	})
	post(api, "/plans/{id}/move", "Moves a load to another truck, place in the order, or off", func(ctx context.Context, by auth.Actor, in *idWith[MoveBody]) (PlanView, error) {
		p, err := d.MoveLoad(ctx, by, in.ID, in.Body.Option, in.Body.move(), in.Body.Reason)
		return planView(ctx, p, p.Answer), err
	})
	post(api, "/plans/{id}/lock", "Locks or unlocks a trip, or a load on its truck", func(ctx context.Context, by auth.Actor, in *idWith[struct {
		Option string `json:"option" maxLength:"10"`
		dispatch.Lock
	}]) (PlanView, error) {
		p, err := d.SetLock(ctx, by, in.ID, in.Body.Option, in.Body.Lock)
		return planView(ctx, p, p.Answer), err
	})
	post(api, "/plans/{id}/undo", "Takes the last change by hand back", func(ctx context.Context, by auth.Actor, in *byID) (PlanView, error) {
		p, err := d.Undo(ctx, by, in.ID)
		return planView(ctx, p, p.Answer), err
	})
	get(api, "/plans/{id}/edits", "Lists what was changed by hand, with the reasons", func(ctx context.Context, by auth.Actor, in *byID) ([]EditView, error) {
		list, err := d.Edits(ctx, by, in.ID)
		return each(list, func(e dispatch.Edit) EditView {
			return EditView{e.ID, e.Act, e.What, e.Reason, Instant(e.At), e.By, Instant(e.Undone)}
		}), err
	})
}

// WhatIfBody asks what would be under other rules, other prices or with fewer trucks.
type WhatIfBody struct {
	Day     Day             `json:"day,omitempty" doc:"Whose rules hold; left out: the plan's own"`
	Prices  dispatch.Prices `json:"prices,omitempty"`
	Without []string        `json:"without,omitempty" maxItems:"100" doc:"Capacity offers to do without"`
	Plan    bool            `json:"plan,omitempty" doc:"Let the planner change trips; left out: they stay as far as their trucks are there"`
}

// SupposedView is the plan as it would be, and beside the plan as it is.
type SupposedView struct {
	Plan     PlanView            `json:"plan"`
	Compared dispatch.Comparison `json:"compared"`
}

func registerWhatIf(api huma.API, d *dispatch.Service) {
	post(api, "/plans/{id}/what-if", "Works out what would be; keeps nothing", func(ctx context.Context, by auth.Actor, in *idWith[WhatIfBody]) (SupposedView, error) {
		b := in.Body
		p, c, err := d.Suppose(ctx, by, in.ID, dispatch.WhatIfInput{Day: string(b.Day), Prices: b.Prices, Without: b.Without, Plan: b.Plan})
		return SupposedView{planView(ctx, p, p.Answer), c}, err
	})
	get(api, "/plans/{id}/compare", "Puts two plans side by side", func(ctx context.Context, by auth.Actor, in *struct {
		ID   string `path:"id" maxLength:"64"`
		With string `query:"with" required:"true" maxLength:"64"`
	}) (dispatch.Comparison, error) {
		return d.ComparePlans(ctx, by, in.ID, in.With)
	})
}
