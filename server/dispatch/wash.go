package dispatch

import (
	"context"

	"jishi/server/rules"
	"jishi/server/store"
)

// carried writes down on the truck what it unloaded last, so that food does not follow fertiliser unwashed. A wash record
// from before no longer counts.
func (s *Service) carried(ctx context.Context, tx store.Tx, t Trip, stop int) error {
	if t.Plate() != t.Outline.Truck.Vehicle.Plate { // another truck drove on
		return nil
	}
	var last string
	for _, c := range t.at(stop, UnloadStop) {
		f, _ := s.rules.Produce(c.Load.Produce)
		if last == "" || f.Class == rules.Input {
			last = c.Load.Produce
		}
	}
	return store.Exec(ctx, tx, `UPDATE vehicles SET last_cargo = $1, washed_on = '' WHERE id = $2`, last, t.Vehicle)
}
