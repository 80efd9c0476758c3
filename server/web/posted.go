package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/measure"
)

// PostedBody posts a haulage need that is no order of the market.
type PostedBody struct {
	Shipper    string         `json:"shipper" maxLength:"64"`
	Receiver   string         `json:"receiver,omitempty" maxLength:"64" doc:"Left out: the shipper"`
	Produce    string         `json:"produce,omitempty" maxLength:"60" doc:"Left out for people"`
	Weight     Mass           `json:"weight,omitempty"`
	Packing    string         `json:"packing,omitempty" maxLength:"40" doc:"Left out: loose"`
	PackWeight Mass           `json:"pack_weight,omitempty" doc:"Net weight of one pack"`
	People     int            `json:"people,omitempty" minimum:"0" maximum:"10000" doc:"Riders, who take seats"`
	From       PlaceBody      `json:"from"`
	To         PlaceBody      `json:"to"`
	ReadyFrom  Instant        `json:"ready_from,omitempty"`
	ReadyUntil Instant        `json:"ready_until,omitempty"`
	WantedFrom Instant        `json:"wanted_from,omitempty"`
	WantedBy   Instant        `json:"wanted_by,omitempty"`
	UnloadFrom int            `json:"unload_from_minute,omitempty" minimum:"0" maximum:"1440" doc:"Minute of the day"`
	UnloadTo   int            `json:"unload_to_minute,omitempty" minimum:"0" maximum:"1440"`
	NoForklift bool           `json:"no_forklift,omitempty"`
	Cold       *dispatch.Band `json:"cold,omitempty" doc:"Tenths of °C that the cooling must hold"`
}

func (b PostedBody) input() dispatch.PostedInput {
	return dispatch.PostedInput{Shipper: b.Shipper, Receiver: b.Receiver, Produce: b.Produce, Grams: b.Weight.Grams, Packed: b.Packing != "",
		Packing: b.Packing, Pack: b.PackWeight.Grams, People: b.People, From: stopOf(b.From), To: stopOf(b.To),
		Ready:      measure.Window{From: b.ReadyFrom.Millis(), To: b.ReadyUntil.Millis()},
		Unload:     measure.Window{From: b.WantedFrom.Millis(), To: b.WantedBy.Millis()},
		UnloadFrom: b.UnloadFrom, UnloadTo: b.UnloadTo, NoForklift: b.NoForklift, Cold: b.Cold}
}

// PostedView is a haulage need with what is left of it.
type PostedView struct {
	ID           string        `json:"id"`
	Shipper      string        `json:"shipper"`
	ShipperName  string        `json:"shipper_name,omitempty"`
	ReceiverName string        `json:"receiver_name,omitempty"`
	State        PostedState   `json:"state" enum:"waiting,part_planned,planned,withdrawn"`
	Load         LoadView      `json:"load"`
	LeftGrams    measure.Grams `json:"left_grams"`
	LeftSeats    int           `json:"left_people"`
	Withdrawn    bool          `json:"withdrawn"`
	Reference    string        `json:"reference" doc:"What a transfer for its haulage quotes"`
	CreatedAt    Instant       `json:"created_at"`
}

// PostedState says where a haulage need stands.
type PostedState string

// The states of a haulage need, worked out from what trips hold of it.
const (
	PostedWaits     PostedState = "waiting"
	PostedInPart    PostedState = "part_planned"
	PostedPlanned   PostedState = "planned"
	PostedWithdrawn PostedState = "withdrawn"
)

func postedState(p dispatch.PostedLoad) PostedState {
	switch {
	case !p.Waits():
		return PostedPlanned
	case p.Withdrawn:
		return PostedWithdrawn
	case p.Left.Grams < p.Load.Grams || p.Left.People < p.Load.People:
		return PostedInPart
	}
	return PostedWaits
}

func postedView(p dispatch.PostedLoad) PostedView {
	return PostedView{ID: p.ID, Shipper: p.Shipper, State: postedState(p), Load: loadView(p.Load), LeftGrams: p.Left.Grams, LeftSeats: p.Left.People,
		Withdrawn: p.Withdrawn, Reference: p.Reference, CreatedAt: Instant(p.CreatedAt)}
}

// postedViews names the parties of haulage needs.
func (s Services) postedViews(ctx context.Context, list []dispatch.PostedLoad) ([]PostedView, error) {
	var ids []string
	for _, p := range list {
		ids = append(ids, p.Shipper, p.Load.Receiver)
	}
	names, err := s.partyNames(ctx, once(ids))
	return each(list, func(p dispatch.PostedLoad) PostedView {
		v := postedView(p)
		v.ShipperName, v.ReceiverName = names[p.Shipper], names[p.Load.Receiver]
		return v
	}), err
}

func registerPosted(api huma.API, s Services) {
	d := s.Dispatch
	post(api, "/posted-loads", "Posts a haulage need: farm inputs, people, a farm's own goods", func(ctx context.Context, by auth.Actor, in *with[PostedBody]) (PostedView, error) {
		p, err := d.PostLoad(ctx, by, in.Body.input())
		return postedView(p), err
	})
	post(api, "/posted-loads/{id}/withdraw", "Takes a haulage need back", func(ctx context.Context, by auth.Actor, in *byID) (none, error) {
		return none{}, d.WithdrawLoad(ctx, by, in.ID)
	})
	get(api, "/posted-loads", "Lists haulage needs, newest first", func(ctx context.Context, by auth.Actor, in *struct {
		Shipper string `query:"shipper" maxLength:"64"`
		After   string `query:"after" maxLength:"64"`
		Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
	}) ([]PostedView, error) {
		list, err := d.PostedLoads(ctx, by, in.Shipper, in.After, in.Limit)
		if err != nil {
			return nil, err
		}
		return s.postedViews(ctx, list)
	})
}
