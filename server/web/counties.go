package web

import (
	"cmp"
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/market"
	"jishi/server/measure"
)

// CountyView is what came into a county, what is stuck and rots there, and the trucks that stand idle.
type CountyView struct {
	Adcode  string        `json:"adcode" doc:"In force today, whatever code a lot was listed with"`
	Name    string        `json:"name"`
	In      measure.Grams `json:"in_grams" doc:"All that was weighed in, each lot once, also where it was joined to another"`
	Stuck   measure.Grams `json:"stuck_grams" doc:"Of it what nobody has taken"`
	Rotting measure.Grams `json:"rotting_grams" doc:"Of that what is past its shelf life within two days"`
	Idle    int           `json:"idle_trucks" doc:"On offer, without any load"`
}

// soonSpoilt is how many days before the end of their life goods that are not on the road yet are as good as lost for a far ward.
const soonSpoilt = 2

func registerCounties(api huma.API, s Services) {
	get(api, "/counties", "Counts what came into each county, what is stuck, what rots and which trucks stand idle", func(ctx context.Context, by auth.Actor, _ *none) ([]CountyView, error) {
		c := counties{services: s, by: map[string]*CountyView{}}
		if err := s.Market.EachLot(ctx, by, func(l market.LotStock) { c.lot(ctx, l) }); err != nil {
			return nil, err
		}
		if err := c.trucks(ctx, by); err != nil {
			return nil, err
		}
		return c.list(), nil
	})
}

// counties adds up, by the code in force.
type counties struct {
	services Services
	by       map[string]*CountyView
}

func (c *counties) of(code, name string) *CountyView {
	if d, ok := c.services.Places.Division(code); ok {
		code, name = d.Code, d.Name
	}
	if c.by[code] == nil {
		c.by[code] = &CountyView{Adcode: code, Name: name}
	}
	return c.by[code]
}

func (c *counties) lot(ctx context.Context, l market.LotStock) {
	v := c.of(l.Place.Adcode, l.Place.Name)
	v.In += l.Brought
	v.Stuck += l.Left
	if clock, known := c.services.clock(ctx, l.Lot); known {
		if _, soon := clock.Rotting(soonSpoilt); soon {
			v.Rotting += l.Left
		}
	}
}

func (c *counties) trucks(ctx context.Context, by auth.Actor) error {
	for after := ""; ; {
		offers, err := c.services.Dispatch.Capacities(ctx, by, "", true, after, 100)
		if err != nil || len(offers) == 0 {
			return err
		}
		for _, o := range offers {
			if o.State == dispatch.CapacityLive {
				c.of(o.Place.Adcode, o.Place.Name).Idle++
			}
		}
		after = offers[len(offers)-1].ID
	}
}

// list gives the counties with most stuck first.
func (c *counties) list() []CountyView {
	out := make([]CountyView, 0, len(c.by))
	for _, v := range c.by {
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b CountyView) int {
		return cmp.Or(cmp.Compare(b.Stuck, a.Stuck), cmp.Compare(a.Adcode, b.Adcode))
	})
	return out
}
