package dispatch

import (
	"context"
	"slices"
	"strings"
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
)

var (
	wenshui = orders.Stop{Name: "温水镇", Adcode: "610327", Point: measure.Point{Lon: 106.95, Lat: 34.86}}
	danyang = orders.Stop{Name: "丹阳", Adcode: "321181", Point: measure.Point{Lon: 119.606071, Lat: 32.010035}}
)

// byNight asks for 20 people, or apples, from Wenshui to Danyang from two in the afternoon on.
func byNight(t *testing.T, kind string) Question {
	t.Helper()
	tr := truck(t, kind, "陕C·F1001")
	tr.Capacity.Place, tr.Capacity.From, tr.Capacity.Until = wenshui, at(t, "2020-02-17 14:00"), at(t, "2020-02-20 12:00")
	q := Question{Day: "2020-02-17", Now: at(t, "2020-02-17 12:00"), Trucks: []Truck{tr}}
	load := orders.ToShip{Allocation: "people", Seller: "office", Receiver: "firm", From: wenshui, To: danyang}
	if kind == "C45" {
		q.Loads = []Load{{ToShip: load, People: 20}}
	} else {
		load = toShip(1, apple, 4, danyang)
		load.From = wenshui
		q.Loads = question(t, nil, load).Loads
	}
	return q
}

// awake is the question for a day before the rule: coaches drive by night.
func awake(t *testing.T, q Question, days int) Question {
	t.Helper()
	back := -measure.Millis(days) * day
	q.Day, q.Now = dayAt(q.Now+back), q.Now+back
	q.Trucks = slices.Clone(q.Trucks)
	c := &q.Trucks[0].Capacity
	c.From, c.Until = c.From+back, c.Until+back
	return q
}

func onlyTrip(t *testing.T, q Question) PlannedTrip {
	t.Helper()
	_, a := plan(t, q)
	if len(a.Options) == 0 || len(a.Options[0].Trips) != 1 || len(a.Options[0].Unserved) > 0 {
		t.Fatalf("%+v", a)
	}
	return a.Options[0].Trips[0]
}

// The night lies in the plan's own times, and the plan says so; a truck is not held, nor was a coach before the rule.
func TestACoachStandsByNight(t *testing.T) {
	t.Parallel()
	q := byNight(t, "C45")
	coach := onlyTrip(t, q)
	before := onlyTrip(t, awake(t, q, 20))
	night := []measure.Window{{From: at(t, "2020-02-18 02:00"), To: at(t, "2020-02-18 05:00")}}
	equal(t, "stands", coach.Stops[1].Stood, night)
	equal(t, "stood before the rule", before.Stops[1].Stood, []measure.Window(nil))
	// A night is as long as a rest, so one rest of the 20 minutes may fall out.
	later := coach.Stops[1].Start - before.Stops[1].Start - 20*day
	if rests := measure.Millis(before.Rests - coach.Rests); later != 3*hour-rests*20*minute {
		t.Errorf("%d ms later, with %d rests instead of %d", later, coach.Rests, before.Rests)
	}
	equal(t, "done", coach.Done, coach.Stops[1].Leave)
	equal(t, "hints", hintCodes(coach.Hints), []string{"coach_night"})
	if said := coach.Hints[0].Said; !strings.Contains(said.In("zh"), "02-18 02:00 停到 02-18 05:00") || !strings.Contains(said.In("en"), "between 02:00 and 05:00") {
		t.Errorf("%s", said.In("zh"))
	}
	for _, s := range coach.Stops {
		equal(t, "boarding", s.Leave-s.Start, boarding)
	}
	freight := byNight(t, "T68")
	freight.Trucks = append(freight.Trucks, q.Trucks...) // the nights are known
	if trip := onlyTrip(t, freight); trip.Stops[1].Stood != nil || slices.Contains(hintCodes(trip.Hints), "coach_night") {
		t.Errorf("a truck stands: %+v", trip.Stops)
	}
}

func hintCodes(hints []Hint) (out []string) {
	for _, h := range hints {
		out = append(out, h.Code)
	}
	return out
}

// A coach that would be there at four comes three hours later. The hours from three to six are over then, those from eight on are not.
func TestACoachKeepsTheHoursAfterTheNight(t *testing.T) {
	t.Parallel()
	q := byNight(t, "C45")
	q.Loads[0].To = xian
	q.Trucks[0].Capacity.From += at(t, "2020-02-18 04:00") - onlyTrip(t, q).Stops[1].Start
	equal(t, "without the rule", clockAt(onlyTrip(t, awake(t, q, 20)).Stops[1].Start+20*day), "02-18 04:00")
	for _, row := range []struct {
		from, to int
		want     string
	}{{0, 0, "02-18 07:00"}, {3 * 60, 6 * 60, "02-19 03:00"}, {6 * 60, 18 * 60, "02-18 07:00"}, {8 * 60, 18 * 60, "02-18 08:00"}} {
		q.Loads[0].UnloadFrom, q.Loads[0].UnloadTo = row.from, row.to
		trip := onlyTrip(t, q)
		equal(t, "comes", clockAt(trip.Stops[1].Start), row.want)
		for _, s := range trip.Stops {
			for _, night := range s.Stood {
				equal(t, "stands", clockAt(night.From)[6:]+clockAt(night.To)[6:], "02:0005:00")
			}
		}
	}
}

// A group that the night makes late stays, and the plan says for what, by which rule and by how much; with people ready earlier it goes earlier.
func TestAGroupStaysForTheNight(t *testing.T) {
	t.Parallel()
	q := byNight(t, "C45")
	there := onlyTrip(t, q).Stops[1].Start
	q.Loads[0].Unload.To = there
	equal(t, "in time", onlyTrip(t, q).Stops[1].Start, there)
	q.Loads[0].Unload.To = there - 1
	_, a := plan(t, q)
	if len(a.LeftOut) != 1 || len(a.Options) > 0 {
		t.Fatalf("%+v", a)
	}
	l := a.LeftOut[0]
	if l.Rule != "coach_night" || l.Need != int64(there) || l.Limit != int64(there-1) || l.People != 20 || l.Bindings[0].Source == "" ||
		!strings.Contains(l.Said.In("zh"), "换司机接驳") || !strings.Contains(l.Said.In("zh"), clockAt(there)) {
		t.Errorf("%+v", l)
	}
	equal(t, "hints", hintCodes(l.Hints), []string{"later"})
	q.Loads[0].Unload.To = there - 4*hour
	_, a = plan(t, q)
	equal(t, "late with a relay of drivers too", a.LeftOut[0].Rule, "window")
	q.Trucks[0].Capacity.From -= 2 * hour // nobody holds it until two
	q.Loads[0].Unload.To = there - hour
	if early := onlyTrip(t, q); early.Stops[1].Start > there-hour || early.Depart >= at(t, "2020-02-17 14:00") {
		t.Errorf("it leaves at %s", clockAt(early.Depart))
	}
}

// A dispatcher may put people on a coach that comes too late for standing: it goes with a reason alone, and leaves as late as it can.
func TestALateCoachGoesWithAReason(t *testing.T) {
	t.Parallel()
	q := byNight(t, "C45")
	there := onlyTrip(t, q).Stops[1].Start
	q.Loads[0].Ready = measure.Window{From: at(t, "2020-02-17 20:00"), To: at(t, "2020-02-17 22:00")}
	q.Loads[0].Unload.To = there
	p, _ := plan(t, q)
	trip, err := p.drive(context.Background(), q.Trucks[0].Capacity.ID, legsOf(onlyTrip(t, byNight(t, "C45"))))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "leaves", clockAt(trip.Depart), "02-17 20:00")
	equal(t, "warnings", codes(trip.Warnings), []string{"coach_drivers", "window"})
	q.Loads[0].Unload.To = trip.Stops[1].Start - hour
	p, _ = plan(t, q)
	if trip, err = p.drive(context.Background(), q.Trucks[0].Capacity.ID, legsOf(trip)); err != nil {
		t.Fatal(err)
	}
	equal(t, "warnings", codes(trip.Warnings), []string{"coach_drivers", "coach_night"})
	of := func(code string) Caution {
		return trip.Warnings[slices.IndexFunc(trip.Warnings, func(w Caution) bool { return w.Code == code })]
	}
	equal(t, "the rule of drivers was read as an excerpt", of("coach_drivers").Mark, "°")
	w := of("coach_night")
	if !w.Stops || w.Source == "" || neverOverridden[w.Code] || !strings.Contains(w.Said.In("zh"), clockAt(trip.Stops[1].Start)) {
		t.Errorf("%+v", w)
	}
}

// People who are ready at six are fetched by a coach that comes from hours away: it drives before the night and after it, planned or by hand.
func TestAnEmptyCoachStandsToo(t *testing.T) {
	t.Parallel()
	q := byNight(t, "C45")
	q.Trucks[0].Type.SpeedKmh = 70 // both ways take more than four hours
	q.Trucks[0].Capacity.Place, q.Loads[0].To = xian, orders.Stop{Name: "宝鸡", Adcode: "610300"}
	road := onlyTrip(t, q).Stops[0].Arrive - q.Trucks[0].Capacity.From
	if road < 2*hour || road > 4*hour {
		t.Fatalf("the way to the people takes %d ms: the test tells nothing", road)
	}
	q.Loads[0].Ready = measure.Window{From: at(t, "2020-02-18 06:00"), To: at(t, "2020-02-18 08:00")}
	planned := onlyTrip(t, q)
	p, _ := plan(t, q)
	byHand, err := p.drive(context.Background(), q.Trucks[0].Capacity.ID, legsOf(planned))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []PlannedTrip{planned, byHand} {
		equal(t, "leaves", x.Depart, at(t, "2020-02-18 03:00")-road) // an hour of the way is left at five
		equal(t, "arrives", x.Stops[0].Arrive, q.Loads[0].Ready.From)
		equal(t, "stands", x.Stops[0].Stood, []measure.Window{{From: at(t, "2020-02-18 02:00"), To: at(t, "2020-02-18 05:00")}})
	}
	q.Trucks[0].Capacity.From = at(t, "2020-02-18 00:30") // leaving at once it would stand, but it may leave by day
	q.Loads[0].Ready = measure.Window{From: at(t, "2020-02-18 12:00"), To: at(t, "2020-02-18 13:00")}
	p, _ = plan(t, q)
	if byHand, err = p.drive(context.Background(), q.Trucks[0].Capacity.ID, legsOf(planned)); err != nil {
		t.Fatal(err)
	}
	equal(t, "leaves by day, with a rest at the stop", byHand.Depart, q.Loads[0].Ready.From-road-20*minute)
	equal(t, "stands by day", len(byHand.Stops[0].Stood), 0)
}

// How long a trip may take is reckoned without the nights: a coach that comes from far takes people home all the same.
func TestNightsDoNotMakeATripTooLong(t *testing.T) {
	t.Parallel()
	q := byNight(t, "C45")
	q.Trucks[0].Type.SpeedKmh = 70 // with the night it takes longer than a day
	q.Trucks[0].Capacity.Place, q.Loads[0].To = danyang, orders.Stop{Name: "宝鸡", Adcode: "610300"}
	trip := onlyTrip(t, q)
	p, _ := plan(t, q)
	long := trip.Done - trip.Depart
	if most := p.longest(0, p.everyLoad()); long <= most || long > most+3*hour {
		t.Errorf("it takes %d ms, %d are allowed beside the night: the test tells nothing", long, most)
	}
}

// A wait at the first stop that is the driver's rest is kept where the trip would be done later without it, planned or by hand.
func TestByHandTheWaitIsARestToo(t *testing.T) {
	t.Parallel()
	q := byNight(t, "T68")
	q.Trucks[0].Capacity.Place = xian
	q.Loads[0].UnloadFrom, q.Loads[0].UnloadTo = 0, 0
	q.Loads[0].Ready = measure.Window{From: at(t, "2020-02-17 20:00"), To: at(t, "2020-02-17 22:00")}
	planned := onlyTrip(t, q)
	p, _ := plan(t, q)
	byHand, err := p.drive(context.Background(), q.Trucks[0].Capacity.ID, legsOf(planned))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "waits", planned.Stops[0].Start-planned.Stops[0].Arrive, 20*minute)
	equal(t, "leaves", byHand.Depart, planned.Depart)
	equal(t, "done", byHand.Done, planned.Done)
}

// A coach to Danyang needs more than one driver, and the plan says how many, by the hours that are driven in it; a truck's drivers are nobody's
// rule, and neither was a coach's before it.
func TestHowManyDriversACoachHas(t *testing.T) {
	t.Parallel()
	q := byNight(t, "C45")
	trip := onlyTrip(t, q)
	drive := trip.Stops[0].Arrive - trip.Depart + trip.Stops[1].Arrive - trip.Stops[0].Leave - 3*hour - measure.Millis(trip.Rests)*20*minute
	p := mustPlanner(t, q)
	if got := p.driving(trip); got < drive-20*minute || got > drive+20*minute || drive < 16*hour {
		t.Errorf("driven for %d ms, want about %d", got, drive)
	}
	warned := func(trip PlannedTrip) (out []Caution) {
		return slices.DeleteFunc(slices.Clone(trip.Warnings), func(w Caution) bool { return w.Code != "coach_drivers" })
	}
	w := warned(trip)
	if len(w) != 1 || w[0].Stops || w[0].Source == "" || !strings.Contains(w[0].Said.In("en"), ": 3 drivers have to be on board") || !strings.Contains(w[0].Said.In("zh"), "3 名司机") {
		t.Errorf("%+v", w)
	}
	equal(t, "before the rule", len(warned(onlyTrip(t, awake(t, q, 40)))), 0)
	equal(t, "a truck", len(warned(onlyTrip(t, byNight(t, "T68")))), 0)
}
