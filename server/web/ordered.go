package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
)

// ClosureBody closes a road for some days.
type ClosureBody struct {
	From   string `json:"from" maxLength:"12" doc:"Area code"`
	To     string `json:"to,omitempty" maxLength:"12" doc:"Area code at the other end; left out: everything into and out of the first one"`
	Since  string `json:"since" maxLength:"10" doc:"First closed day"`
	Until  string `json:"until" maxLength:"10" doc:"Last closed day"`
	Reason string `json:"reason" maxLength:"2000"`
}

// ClosureView is a road that was closed by hand.
type ClosureView struct {
	ID          string            `json:"id"`
	From        string            `json:"from"`
	FromName    string            `json:"from_name"`
	To          string            `json:"to"`
	ToName      string            `json:"to_name"`
	Since       string            `json:"since"`
	Until       string            `json:"until"`
	Reason      string            `json:"reason"`
	By          string            `json:"by"`
	MadeAt      Instant           `json:"made_at"`
	WithdrawnAt Instant           `json:"withdrawn_at"`
	Trips       []ClosureTripView `json:"trips" doc:"Not ended, with the road still before them on a closed day"`
}

// ClosureTripView is a trip that meets a closed road.
type ClosureTripView struct {
	ID     string `json:"id"`
	Number string `json:"number"`
}

// PinBody says that a load goes with a truck, or not with it.
type PinBody struct {
	Load    string `json:"load" maxLength:"80" doc:"Its allocation"`
	Vehicle string `json:"vehicle" maxLength:"64"`
	Never   bool   `json:"never,omitempty" doc:"It does not go with the truck"`
	Reason  string `json:"reason" maxLength:"2000"`
}

// PinView is a dispatcher's word about a load.
type PinView struct {
	ID          string  `json:"id"`
	Load        string  `json:"load"`
	Vehicle     string  `json:"vehicle"`
	Plate       string  `json:"plate"`
	Never       bool    `json:"never"`
	Reason      string  `json:"reason"`
	By          string  `json:"by"`
	MadeAt      Instant `json:"made_at"`
	WithdrawnAt Instant `json:"withdrawn_at"`
}

func pinView(p dispatch.Pin) PinView {
	return PinView{p.ID, p.Load, p.Vehicle, p.Plate, p.Never, p.Reason, p.By, Instant(p.MadeAt), Instant(p.WithdrawnAt)}
}

func registerOrdered(api huma.API, s Services) {
	d := s.Dispatch
	view := func(c dispatch.RoadClosure) ClosureView {
		name := func(code string) string {
			area, _ := s.Places.Division(code)
			return area.Name
		}
		return ClosureView{c.ID, c.From, name(c.From), c.To, name(c.To), c.Since, c.Until, c.Why, c.By, Instant(c.MadeAt), Instant(c.WithdrawnAt),
			each(c.Trips, func(t dispatch.Trip) ClosureTripView { return ClosureTripView{t.ID, t.Number} })}
	}
	post(api, "/road-closures", "Closes a road, a pass or a zone for some days", func(ctx context.Context, by auth.Actor, in *with[ClosureBody]) (ClosureView, error) {
		b := in.Body
		c, err := d.CloseRoad(ctx, by, dispatch.ClosureInput{From: b.From, To: b.To, Since: b.Since, Until: b.Until, Reason: b.Reason})
		return view(c), err
	})
	get(api, "/road-closures", "Lists roads closed by hand, newest first", func(ctx context.Context, by auth.Actor, in *orderedPage) ([]ClosureView, error) {
		list, err := d.RoadClosures(ctx, by, in.Standing, in.After, in.Limit)
		return each(list, view), err
	})
	post(api, "/road-closures/{id}/withdraw", "Opens a closed road again", func(ctx context.Context, by auth.Actor, in *byID) (ClosureView, error) {
		c, err := d.OpenRoad(ctx, by, in.ID)
		return view(c), err
	})
	post(api, "/load-pins", "Binds a load to a truck, or keeps it off one", func(ctx context.Context, by auth.Actor, in *with[PinBody]) (PinView, error) {
		p, err := d.PinLoad(ctx, by, dispatch.PinInput(in.Body))
		return pinView(p), err
	})
	get(api, "/load-pins", "Lists which loads go with which trucks, or not with them, newest first", func(ctx context.Context, by auth.Actor, in *orderedPage) ([]PinView, error) {
		list, err := d.Pins(ctx, by, in.Standing, in.After, in.Limit)
		return each(list, pinView), err
	})
	post(api, "/load-pins/{id}/withdraw", "Takes a word about a load back", func(ctx context.Context, by auth.Actor, in *byID) (PinView, error) {
		p, err := d.Unpin(ctx, by, in.ID)
		return pinView(p), err
	})
}

// orderedPage is a page of what dispatchers said.
type orderedPage struct {
	Standing bool `query:"standing" doc:"Only what holds today or later"`

	After string `query:"after" maxLength:"64"`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}
