package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/orders"
)

// HandoutBody is what a ward got.
type HandoutBody struct {
	Ward   string `json:"ward" minLength:"1" maxLength:"60" doc:"a ward or a department, never a person: it is shown on public pages"`
	Weight Mass   `json:"weight"`
}

// HandoutView is what a receiver handed out to one of its wards.
type HandoutView struct {
	ID       string  `json:"id"`
	Ward     string  `json:"ward"`
	Grams    int64   `json:"grams"`
	At       Instant `json:"at"`
	UndoneAt Instant `json:"undone_at,omitempty" doc:"it was a mistake"`
}

func handoutView(h orders.Handout) HandoutView {
	return HandoutView{h.ID, h.Ward, int64(h.Grams), Instant(h.At), Instant(h.UndoneAt)}
}

type byHandout struct {
	ID      string `path:"id" maxLength:"64"`
	Handout string `path:"handout" maxLength:"64"`
}

func registerHandouts(api huma.API, s Services) {
	get(api, "/demands/{id}/handouts", "Lists what a receiver handed out to its wards, oldest first", func(ctx context.Context, by auth.Actor, in *byID) ([]HandoutView, error) {
		list, err := s.Orders.Handouts(ctx, by, in.ID)
		return mapped(list, handoutView), err
	})
	post(api, "/demands/{id}/handouts", "Writes down what a ward got, at most what was accepted and is not handed out", func(ctx context.Context, by auth.Actor, in *idWith[HandoutBody]) (HandoutView, error) {
		h, err := s.Orders.HandOut(ctx, by, clientID(ctx), in.ID, in.Body.Ward, in.Body.Weight.Grams)
		return handoutView(h), err
	})
	post(api, "/demands/{id}/handouts/{handout}/undo", "Takes back what was written down by mistake", func(ctx context.Context, by auth.Actor, in *byHandout) (HandoutView, error) {
		h, err := s.Orders.UndoHandout(ctx, by, in.ID, in.Handout)
		return handoutView(h), err
	})
}
