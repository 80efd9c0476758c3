package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// linesOf are the lines of a kind.
func linesOf(t PlannedTrip, kind string) []CostLine {
	return slices.DeleteFunc(slices.Clone(t.Lines), func(l CostLine) bool { return l.Kind != kind })
}

// Of two equal trucks the one that wants to be where the goods go drives; the other one's way home is told, counted and charged to nobody.
func TestTheTruckThatGoesHomeDrives(t *testing.T) {
	t.Parallel()
	for homes, drives := range map[[2]string]int{{"420100", "610322"}: 0, {"610322", "420100"}: 1, {"610322", ""}: 1, {"", "610322"}: 0, {"420100", ""}: 0, {"", "420100"}: 1} {
		trucks := []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)}
		for v := range trucks {
			trucks[v].Capacity.ReturnTo = homes[v]
		}
		_, a := plan(t, question(t, trucks, toShip(1, apple, 5, union)))
		trip := a.Options[0].Trips[0]
		equal(t, fmt.Sprint(homes), trip.Truck.Vehicle.ID, trucks[drives].Vehicle.ID)
		if home := trip.Truck.Capacity.ReturnTo; (len(linesOf(trip, "way_home")) > 0) != (home != "") || home != "" && trip.Home.After > 60_000 {
			t.Errorf("%v: home is %s, it is %+v, %+v", homes, home, trip.Home, linesOf(trip, "way_home"))
		}
	}

	tr := truck(t, "T68", "陕C·A1001", relief)
	_, a := plan(t, question(t, []Truck{tr}, toShip(1, apple, 5, union)))
	without := a.Options[0].Trips[0]
	tr.Capacity.ReturnTo = "610322"
	_, a = plan(t, question(t, []Truck{tr}, toShip(1, apple, 5, union)))
	trip := a.Options[0].Trips[0]
	line := linesOf(trip, "way_home")[0]
	each := (tr.Type.PerKm*3 + 5) / 10
	more := measure.Fen(trip.Home.After - trip.Home.Before)
	if more < 900_000 || more > 1_000_000 || line.Fen < each*more/1000-1 || line.Fen > each*more/1000+1 || line.Source == "" || line.Mark != "°" {
		t.Errorf("%+v home for %+v", trip.Home, line)
	}
	equal(t, "what the carrier is paid", trip.Haulage, without.Haulage)
	equal(t, "what the plan counts", trip.Cost, without.Cost+line.Fen)
	equal(t, "when it is done", trip.Done, without.Done)
	n := slices.IndexFunc(trip.Hints, func(h Hint) bool { return h.Code == "load_home" })
	if n < 0 || trip.Hints[n].Fen < line.Fen || !strings.Contains(trip.Hints[n].Said.In("zh"), "凤翔") {
		t.Errorf("hints: %+v", trip.Hints)
	}
}

// A load that leads home rides with the truck that goes there anyway, though a truck on the spot would bring it for a little less.
func TestALoadThatLeadsHome(t *testing.T) {
	t.Parallel()
	jingmen := orders.Stop{Name: "荆门", Adcode: "420804", Point: measure.Point{Lon: 112.2079, Lat: 30.973397}}
	anywhere := Pass{Number: "P3", From: "2020-01-24", Until: "2020-03-31"}
	for home, trips := range map[string]int{"": 2, "610322": 1} {
		out, back := toShip(1, scallion, 10, union), toShip(2, fertiliser, 10, fengxiang)
		back.From, back.Packing, back.PackGrams = jingmen, "袋", 40*measure.Kilogram
		there, here := truck(t, "T96-3", "陕C·A1003", anywhere), truck(t, "T96-3", "鄂H·A1004", Pass{Number: "P4", Area: "610000", From: "2020-01-24", Until: "2020-03-31"})
		there.Capacity.ReturnTo = home
		here.Capacity.Place, here.Capacity.Price = jingmen, Price{Kind: PerTrip, Fen: 3_300_00}
		_, a := plan(t, question(t, []Truck{there, here}, out, back))
		o := a.Options[0]
		if len(o.Trips) != trips || len(o.Unserved) > 0 {
			t.Errorf("home %q: %d trips, %+v", home, len(o.Trips), o.Trips)
			continue
		}
		if home != "" {
			equal(t, "stops", stopNames(o.Trips[0]), "凤翔 协和医院 荆门 凤翔")
			equal(t, "home with it", o.Trips[0].Home.After < 2_000, true)
		}
	}
}

// Where the truck hands over at a station, its way home begins there.
func TestTheWayHomeFromAStation(t *testing.T) {
	t.Parallel()
	first, second := truck(t, "T68", "陕C·A1001", relief), inside(t, "鄂A·H0001", wuhanPark)
	first.Capacity.ReturnTo, second.Capacity.ReturnTo = "610322", "420100"
	_, a := plan(t, relayQuestion(t, []Truck{first, second}, toShip(1, apple, 3, union), toShip(2, apple, 2, zhongnan)))
	trip := a.Options[0].Trips[0]
	if trip.Relay == nil {
		t.Fatalf("no hand-over: %+v", trip)
	}
	if trip.Relay.Home.After < 850_000 || trip.Home.After > 60_000 || len(linesOf(trip, "way_home")) != 2 {
		t.Errorf("home: %+v from the station, %+v from the last stop, %+v", trip.Relay.Home, trip.Home, linesOf(trip, "way_home"))
	}
}

// A wish for a place that nobody knows is refused at its field.
func TestAHomeThatNobodyKnows(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, storetest.SQLite(t), []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief))
	in := CapacityInput{Vehicle: "v-陕C·A1001", Place: fengxiang, From: at(t, "2020-02-04 08:00"), Until: at(t, "2020-02-05 08:00"), ReturnTo: "999999"}
	_, err := w.OfferCapacity(t.Context(), carrier, in)
	w.want(err, "unknown_area")
	in.ReturnTo = "610300"
	_, err = w.OfferCapacity(t.Context(), carrier, in)
	w.want(err, "")
}

// Two trucks that a bound gives up on would have cost more: it knows both ways home, also where they cost less than nothing.
func TestTheLeastOfARelayCountsBothWaysHome(t *testing.T) {
	t.Parallel()
	first := truck(t, "T68", "陕C·A1001", Pass{Number: "P8", Area: "420600", From: "2020-01-24", Until: "2020-03-31"})
	second := inside(t, "鄂A·H0001", xiangyang)
	second.Capacity.ReturnTo = "420100" // from Xiangyang it comes home with the goods
	p, a := plan(t, relayQuestion(t, []Truck{first, second}, toShip(1, apple, 5, union)))
	trip := a.Options[0].Trips[0]
	w := &relaying{p: p, m: mode{passes: true, trucks: p.usable()}, stations: p.stations}
	least := w.least(hands{0, 1, trip.Relay.Station}, PlannedTrip{Truck: first, Fill: trip.Fill, Stops: trip.Stops, Parts: trip.Parts})
	if saved := linesOf(trip, "way_home")[0].Fen; saved >= 0 || least > trip.Cost {
		t.Errorf("two trucks cost %s at the least, and these cost %s, with %s for the way home", least, trip.Cost, saved)
	}
}

// Goods are not spread over trucks with different homes as if these were alike.
func TestHomesKeepTrucksApart(t *testing.T) {
	t.Parallel()
	trucks := []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief), truck(t, "T68", "陕C·A1003", relief)}
	trucks[1].Capacity.ReturnTo, trucks[2].Capacity.ReturnTo = "420100", "420100"
	p, _ := plan(t, question(t, trucks, toShip(1, apple, 5, union)))
	pieces := []piece{p.piece(0, 1000)}
	if p.likeness(0, pieces) == p.likeness(1, pieces) || p.likeness(1, pieces) != p.likeness(2, pieces) {
		t.Errorf("no home %s, homes %s and %s", p.likeness(0, pieces), p.likeness(1, pieces), p.likeness(2, pieces))
	}
}

// A truck that asks by the trip or by the tonne-kilometre goes home at its type's price for a kilometre.
func TestTheWayHomeOfTrucksThatAskOtherwise(t *testing.T) {
	t.Parallel()
	tr := truck(t, "T68", "陕C·A1001")
	p := rulesOnly(book(t), nil, question(t, []Truck{tr}))
	for _, tt := range []struct {
		price Price
		day   rules.Day
		want  measure.Fen
	}{{Price{}, "2020-02-03", 96}, {Price{PerTrip, 100_000}, "2020-02-03", 96}, {Price{PerTonneKm, 50}, "2020-02-03", 96},
		{Price{PerKm, 500}, "2020-02-03", 150}, {Price{}, "2017-12-31", 0}} {
		tr.Capacity.Price = tt.price
		equal(t, fmt.Sprint(tt.price, tt.day), p.homePerKm(tt.day, tr), tt.want)
	}
	p.q.Prices.Freight = 2000
	equal(t, "at twice the price", p.homePerKm("2020-02-03", tr), measure.Fen(192))
}

// Whole days are planned by the same wishes, and a dispatcher who gives the load to the other truck sees what its way home makes of it.
func TestADayAndAMoveCountTheWayHome(t *testing.T) {
	t.Parallel()
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := Desk{Rules: book(t), Places: atlas, Router: places.NewEstimator(atlas)}
	trucks := []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)}
	trucks[1].Capacity.ReturnTo = "420100"
	q := question(t, trucks, toShip(1, apple, 5, union))
	a, err := d.Day(t.Context(), q, Effort{Iterations: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := a.Options[0]
	equal(t, "truck of the day", o.Trips[0].Truck.Vehicle.Plate, "陕C·A1002")
	saved := linesOf(o.Trips[0], "way_home")[0].Fen
	moved, err := d.Try(t.Context(), q, o, Move{Load: "alloc1", From: trucks[1].Capacity.ID, To: trucks[0].Capacity.ID, Position: -1})
	if err != nil || saved >= 0 || len(linesOf(moved.Option.Trips[0], "way_home")) > 0 {
		t.Fatalf("the way home saves %s, on the other truck: %+v (%v)", saved, moved.Option.Trips, err)
	}
	back, err := d.Try(t.Context(), q, moved.Option, Move{Load: "alloc1", From: trucks[0].Capacity.ID, To: trucks[1].Capacity.ID, Position: -1})
	if err != nil || back.Cost != saved {
		t.Errorf("back on the truck that lives there it costs %s more, not %s (%v)", back.Cost, saved, err)
	}
}

// The carrier is paid its haulage by the shippers, whatever its way home counted for in the plan.
func TestTheTenderLeavesTheWayHomeOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	w.at("2020-02-03 09:00")
	v, err := w.AddVehicle(t.Context(), carrier, VehicleInput{Carrier: "carrier", Type: "T68", Plate: "陕C·B0001", PlateColour: "yellow", Passes: []Pass{relief}})
	w.want(err, "")
	offer, err := w.OfferCapacity(t.Context(), carrier, CapacityInput{Vehicle: v.ID, Place: fengxiang, From: at(t, "2020-02-03 10:00"),
		Until: at(t, "2020-02-06 20:00"), ReturnTo: "610322"})
	w.want(err, "")
	load := w.post(PostedInput{Produce: "苹果", Grams: 2 * measure.Tonne, Packed: true, Packing: "纸箱", Pack: 10 * measure.Kilogram, From: fengxiang, To: union})
	made, err := w.MakePlan(t.Context(), dispatcher, PlanInput{Loads: []string{load.ID}, Trucks: []string{offer.ID}})
	w.want(err, "")
	planned := made.Answer.Options[0].Trips[0]
	trips, err := w.Accept(t.Context(), dispatcher, made.ID, made.Answer.Options[0].ID)
	w.want(err, "")
	var asked, shares measure.Fen
	for _, kind := range []string{"freight", "approach", "minimum"} {
		for _, l := range linesOf(planned, kind) {
			asked += l.Fen
		}
	}
	for _, h := range trips[0].haulage() {
		shares += h.Fen
	}
	if way := linesOf(planned, "way_home")[0].Fen; way <= 0 || planned.Cost < asked+way {
		t.Errorf("the plan counts %s, with %s for the way home and %s for the carrier", planned.Cost, way, asked)
	}
	equal(t, "what the tender offers, and what the shippers pay", []measure.Fen{trips[0].Outline.Haulage, shares}, []measure.Fen{asked, asked})
}

// A truck that stays because the other one comes home says by how much; one that would come home itself, or wants nothing, does not.
func TestWhyATruckStaysAwayFromHome(t *testing.T) {
	t.Parallel()
	for homes, told := range map[[2]string]bool{{"610322", "420100"}: true, {"610322", ""}: true, {"", "420100"}: false, {"420100", "420100"}: false} {
		trucks := []Truck{truck(t, "T68", "陕C·A1001", relief), truck(t, "T68", "陕C·A1002", relief)}
		for v := range trucks {
			trucks[v].Capacity.ReturnTo = homes[v]
		}
		p, a := plan(t, question(t, trucks, toShip(1, apple, 5, union)))
		stays := a.Refused[0]
		want := ""
		if told {
			more := p.homeward(0, p.to[0]) - p.homeward(1, p.to[0])
			want = "In the place of 陕C·A1002 its way home would count " + yuan(more) + " yuan more."
		}
		if said := stays.Said.In("en"); stays.Rule != "not_needed" || told && !strings.HasSuffix(said, want) || !told && strings.Contains(said, "way home") {
			t.Errorf("%v: %s stays: %q, want %q", homes, stays.Plate, said, want)
		}
	}
}

// A trip that ends elsewhere because its last goods were sent there goes home from there: as far, and counted, as if it had been planned so.
func TestTheWayHomeOfATripThatIsTurned(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		home := truck(t, "T68", "陕C·A1001", relief)
		home.Capacity.ReturnTo = "610322"
		w := newWorldOf(t, db, []orders.ToShip{toShip(1, apple, 2, union), toShip(2, apple, 2, union)}, home)
		w.at("2020-02-03 08:00")
		w.needs()
		w.sql(`UPDATE demands SET adcode = '420804', lon_e6 = 112207900, lat_e6 = 30973397 WHERE id = 'need'`) // Jingmen
		p, err := w.MakePlan(ctx, dispatcher, PlanInput{})
		w.want(err, "")
		trips, err := w.Accept(ctx, dispatcher, p.ID, "a")
		w.want(err, "")
		was := w.onTheRoad(trips[0]).Outline
		w.at("2020-02-04 08:00")
		_, err = w.AskDivert(ctx, dispatcher, trips[0].ID, len(was.Stops)-1, "need", "协和的冷库满了", Report{})
		w.want(err, "")
		_, err = w.SayDivert(ctx, giver, trips[0].ID, true, Report{})
		w.want(err, "")
		turned, err := w.SayDivert(ctx, zhongnanHosp, trips[0].ID, true, Report{})
		w.want(err, "")
		now, err := w.TripByID(ctx, dispatcher, trips[0].ID)
		w.want(err, "")
		if diff := cmp.Diff(now.Outline, turned.Outline, everyField); diff != "" {
			t.Errorf("kept (-), told (+):\n%s", diff)
		}

		// From the hospital in Wuhan it is some 950 km home, from Jingmen some 200 km less.
		got := now.Outline
		fengxiang, _ := w.places.Division("610322")
		road, err := w.router.Table(ctx, []measure.Point{{Lon: 112.2079, Lat: 30.973397}}, []measure.Point{fengxiang.Point})
		w.want(err, "")
		equal(t, "home from there", got.Home.After, road.Metres[0][0])
		equal(t, "home before the trip", got.Home.Before, was.Home.Before)
		equal(t, "it is nearer", was.Home.After-got.Home.After > 150_000, true)
		before, line := linesOf(was, "way_home")[0], linesOf(got, "way_home")
		each := (home.Type.PerKm*3 + 5) / 10
		equal(t, "counts", len(line) == 1 && line[0].Fen == got.Home.fen(each) && line[0].Rule == "way_home" && line[0].Source == before.Source, true)
		sum := measure.Fen(0)
		for _, l := range got.Lines {
			sum += l.Fen
		}
		equal(t, "counts in all", got.Cost, sum)
		equal(t, "says", strings.Contains(line[0].Said.In("en"), fmt.Sprint(int64(got.Home.After+500)/1000)), true)
		loaded := slices.DeleteFunc(slices.Clone(got.Hints), func(h Hint) bool { return h.Code != "load_home" })
		equal(t, "a load home is worth", len(loaded) == 1 && loaded[0].Fen == perKm(each, got.Home.After), true)
	})
}

// Goods that leave the truck before its last stop change nothing of its way home, and a truck that wants no such thing has none.
func TestWaysHomeThatStay(t *testing.T) {
	t.Parallel()
	for home, stop := range map[string]int{"610322": 1, "": 2} {
		back := truck(t, "T68", "陕C·A1001", relief)
		back.Capacity.ReturnTo = home
		w := newWorldOf(t, storetest.SQLite(t), []orders.ToShip{toShip(1, apple, 2, union), toShip(2, apple, 2, zhongnan)}, back)
		w.at("2020-02-03 08:00")
		w.needs()
		ctx := t.Context()
		p, err := w.MakePlan(ctx, dispatcher, PlanInput{})
		w.want(err, "")
		trips, err := w.Accept(ctx, dispatcher, p.ID, "a")
		w.want(err, "")
		w.onTheRoad(trips[0])
		if stop == 1 {
			w.sql(`UPDATE demands SET adcode = '420804', lon_e6 = 112207900, lat_e6 = 30973397 WHERE id = 'need'`) // Jingmen
		}
		d, err := w.detourAfter(ctx, trips[0].ID, stop, "need")
		w.want(err, "")
		if diff := cmp.Diff(d.Home, trips[0].Outline.Home); diff != "" || (d.Home == nil) != (home == "") {
			t.Errorf("another way home: %s", diff)
		}
		_, err = w.AskDivert(ctx, dispatcher, "none", stop, "need", "满了", Report{})
		w.want(err, "no_such_trip")
		for _, s := range []int{7, -1} {
			_, err = w.AskDivert(ctx, dispatcher, trips[0].ID, s, "need", "满了", Report{})
			w.want(err, "no_such_stop")
		}
		_, err = w.AskDivert(ctx, dispatcher, trips[0].ID, 0, "need", "满了", Report{})
		w.want(err, "wrong_stop")
		_, err = w.AskDivert(ctx, dispatcher, trips[0].ID, 2, "none", "满了", Report{})
		w.want(err, "no_such_demand")
	}
}

// Where two trucks drive a trip, the second one's way home changes and the first one's stays.
func TestTheSecondTruckGoesHomeFromElsewhere(t *testing.T) {
	t.Parallel()
	first, second := truck(t, "T68", "陕C·A1001", relief), inside(t, "鄂A·H0001", wuhanPark)
	first.Capacity.ReturnTo, second.Capacity.ReturnTo = "610322", "420100"
	p, a := plan(t, relayQuestion(t, []Truck{first, second}, toShip(1, apple, 3, union), toShip(2, apple, 2, zhongnan)))
	trip := a.Options[0].Trips[0]
	was := linesOf(trip, "way_home")
	last := len(trip.Stops) - 1
	q, o := p.q.of(trip)
	o.Stops[last].Place = fengxiang // as far away as the goods began
	p, err := newPlanner(t.Context(), p.book, p.atlas, places.NewEstimator(p.atlas), q)
	if err != nil || !p.follow(&o, last, p.to[0], whence{metres: o.Stops[last-1].Metres, leaves: o.Stops[last-1].Leave}) {
		t.Fatal("no road", err)
	}
	got := p.price(p.day, o, 0)
	lines := linesOf(got, "way_home")
	if len(was) != 2 || len(lines) != 2 || lines[0].Fen != was[0].Fen || got.Home.After < 850_000 || lines[1].Fen != p.homeward(1, p.from[0]) {
		t.Errorf("home: %+v, %+v, it was %+v", got.Home, lines, was)
	}
}
