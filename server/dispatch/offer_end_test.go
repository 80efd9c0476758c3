package dispatch

import (
	"strings"
	"testing"

	"jishi/server/measure"
)

// Goods that are ready an hour after a truck's offer ends are not for that truck, in whichever way the day is planned, and the reason
// has both moments; ready at its very end they ride, and the truck sets out before it.
func TestGoodsReadyWhenTheOfferIsOver(t *testing.T) {
	t.Parallel()
	tr := truck(t, "T68", "陕C·A1001", relief)
	end := at(t, "2020-02-03 20:00")
	tr.Capacity.Until = end
	for after, rides := range map[measure.Millis]bool{0: true, hour: false} {
		q := question(t, []Truck{tr}, toShip(1, apple, 5, union))
		q.Loads[0].Ready.From = end + after
		_, a := plan(t, q)
		d, err := deskOf(t).Day(t.Context(), q, Effort{Iterations: 200}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for what, a := range map[string]Answer{"in several ways": a, "as a day": d} {
			if rides {
				equal(t, what, []any{len(a.Options[0].Trips), codes(a.Options[0].Warnings)}, []any{1, []string(nil)})
				equal(t, what+": leaves by then", a.Options[0].Trips[0].Depart <= end, true)
				continue
			}
			equal(t, what, len(a.Options), 0)
			l := a.LeftOut[0]
			equal(t, what, []any{l.Rule, l.Need, l.Limit, l.Bindings[0].Rule}, []any{"capacity_over", int64(end + hour), int64(end), "capacity_over"})
			if said := l.Said.In("en"); !strings.Contains(said, "02-03 20:00") || !strings.Contains(said, "02-03 21:00") {
				t.Errorf("%s: %q", what, said)
			}
			equal(t, what+": the truck", a.Refused[0].Rule, "capacity_over")
		}
	}
}

// Another truck whose offer lasts takes them.
func TestTheOfferThatLastsTakesThem(t *testing.T) {
	t.Parallel()
	short, long := truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)
	short.Capacity.Until, short.Capacity.Price = at(t, "2020-02-03 20:00"), Price{Kind: PerTrip, Fen: 100_00}
	q := question(t, []Truck{short, long}, toShip(1, apple, 5, union))
	q.Loads[0].Ready.From = at(t, "2020-02-04 08:00")
	_, a := plan(t, q)
	equal(t, "drives", a.Options[0].Trips[0].Truck.Vehicle.Plate, "陕C·A1002")
	equal(t, "warnings", codes(a.Options[0].Warnings), []string(nil))
	o := a.Options[0]
	moved, err := deskOf(t).Try(t.Context(), q, o, Move{Load: "alloc1", From: long.Capacity.ID, To: short.Capacity.ID, Position: -1})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "by hand it breaks", codes(moved.Broken), []string{"capacity_over"})
}

// A receiver that takes goods in only days later: the truck would have to set out after its offer, or be under way for too long. Nobody
// plans that, and the reason says so; where it need wait for some hours alone it sets out before the end and waits.
func TestATruckSetsOutBeforeItsOfferEnds(t *testing.T) {
	t.Parallel()
	tr := truck(t, "T68", "陕C·A1001", relief)
	tr.Capacity.Until = at(t, "2020-02-03 12:00")
	for from, rides := range map[string]bool{"2020-02-04 17:00": true, "2020-02-05 08:00": false, "2020-02-09 08:00": false} {
		q := question(t, []Truck{tr}, toShip(1, apple, 5, union))
		q.Loads[0].Unload.From = at(t, from)
		_, a := plan(t, q)
		if !rides {
			equal(t, from, len(a.Options), 0)
			l := a.LeftOut[0]
			equal(t, from, []any{l.Rule, l.Limit, strings.Contains(l.Said.In("en"), from[5:])}, []any{"capacity_over", int64(tr.Capacity.Until), true})
			continue
		}
		trip := a.Options[0].Trips[0]
		equal(t, from, codes(a.Options[0].Warnings), []string(nil))
		equal(t, from+": leaves at the end of its offer", trip.Depart, tr.Capacity.Until)
	}
}

// A truck that is loaded is on its way: its offer's end keeps nothing from it.
func TestALoadedTruckHasNoEnd(t *testing.T) {
	t.Parallel()
	tr := truck(t, "T68", "陕C·A1001", relief)
	tr.Capacity.Until = at(t, "2020-02-03 09:00")
	q := question(t, []Truck{tr}, toShip(1, apple, 5, union))
	q.Loaded = []string{tr.Capacity.ID}
	_, a := plan(t, q)
	equal(t, "trips", len(a.Options) == 1 && len(a.Options[0].Trips) == 1 && len(a.Options[0].Warnings) == 0, true)
}
