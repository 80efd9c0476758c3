package dispatch

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var (
	operator     = auth.Actor{User: "operator", Grants: []auth.Grant{{Role: auth.Operator}}}
	coop         = auth.Actor{User: "coop", Grants: []auth.Grant{{Role: auth.Coop, Party: "coop"}}}
	zhongnanHosp = auth.Actor{User: "zhongnan", Grants: []auth.Grant{{Role: auth.Receiver, Party: "中南医院"}}}
	giver        = auth.Actor{User: "giver", Grants: []auth.Grant{{Role: auth.Donor, Party: "donor"}}}
)

// carried checks a trip's goods against the second invariant: loaded = received + lost + on the truck, and received =
// accepted + rejected + returned.
func (w *world) carried(c string, want map[string]measure.Grams) {
	w.t.Helper()
	for name, account := range map[string]string{
		"on truck": orders.ConsignOnTruck(c), "accepted": orders.ConsignAccepted(c), "rejected": orders.ConsignRejected(c),
		"returned": orders.ConsignReturned(c), "rot": orders.ConsignLost(c, orders.Rot), "theft": orders.ConsignLost(c, orders.Theft),
	} {
		equal(w.t, name, w.balance(account), want[name])
	}
}

// The meat of the story: 42 minutes too warm, at most 7.6 °C. It is held, checked again, partly rejected, and nobody's
// silence accepts it.
func TestColdChainBreach(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		near := orders.Stop{Name: union.Name, Adcode: "610112", Point: measure.Point{Lon: 108.9, Lat: 34.36}} // meat goes no farther than 8 hours
		w := newWorldOf(t, db, []orders.ToShip{toShip(1, find("猪肉"), 7, near)}, truck(t, "T96-3R", "陕C·R1001", relief))
		ctx := t.Context()
		_, trips := w.accepted()
		trip := w.onTheRoad(trips[0])
		c := trip.Consignments[0].ID
		log := func(sensor, from string, tenths ...int) TemperatureLog {
			l := TemperatureLog{Sensor: sensor}
			for i, v := range tenths {
				l.Readings = append(l.Readings, Reading{At: at(t, from) + measure.Millis(i)*6*minute, Tenths: v})
			}
			return l
		}
		w.at("2020-02-04 08:00")
		trip, err := w.Temperature(ctx, carrier, trip.ID, Report{}, log("S1", "2020-02-03 20:00", 30, 38, 40, 39))
		w.want(err, "")
		equal(t, "cold enough", w.State(ctx, trip), Running)

		warm := log("S1", "2020-02-04 06:00", 38, 45, 56, 68, 76, 71, 58, 44, 39)
		for range 2 { // the phone sends it twice
			trip, err = w.Temperature(ctx, carrier, trip.ID, Report{ClientID: "log"}, warm)
			w.want(err, "")
		}
		equal(t, "state", w.State(ctx, trip), Held)
		equal(t, "breaches", len(trip.hold.Breaches), 1)
		b := trip.hold.Breaches[0]
		equal(t, "breach", []any{b.Consignment, b.Minutes, b.Peak, b.Limit}, []any{c, 42, 76, 40})
		equal(t, "why, in Chinese", trip.hold.In("zh").Reason, "超过 4.0 °C 有 42 分钟，最高 7.6 °C，要复查。")

		all := Delivery{Receiver: "李老师", Lines: []DeliveredLine{{Consignment: c, Received: 7 * measure.Tonne}}}
		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{}, all)
		w.want(err, "not_in_this_state")
		check := Check{Inspector: "检疫员", Lines: []CheckedLine{{Consignment: c, Downgraded: 800_000, Condemned: 200_000, Reason: "表面发黏"}}}
		_, err = w.Check(ctx, carrier, trip.ID, Report{}, check)
		w.want(err, "not_yours_to_report")
		_, err = w.Check(ctx, unionHosp, trip.ID, Report{}, Check{Inspector: "检疫员"})
		w.want(err, "every_held")
		trip, err = w.Check(ctx, unionHosp, trip.ID, Report{}, check)
		w.want(err, "")
		equal(t, "after the check", w.State(ctx, trip), Running)
		trip, err = w.Temperature(ctx, carrier, trip.ID, Report{ClientID: "log again"}, warm)
		w.want(err, "")
		equal(t, "the same spell holds nothing twice", w.State(ctx, trip), Running)

		_, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{}, all)
		w.want(err, "found_bad")
		all.Lines[0].Rejected, all.Lines[0].RejectReason = measure.Tonne, "复检不合格"
		trip, err = w.Deliver(ctx, unionHosp, trip.ID, 1, Report{}, all)
		w.want(err, "")
		equal(t, "done", w.State(ctx, trip), Done)
		w.carried(c, map[string]measure.Grams{"accepted": 6 * measure.Tonne, "rejected": measure.Tonne})
		equal(t, "silence accepts nothing", w.noSilence[c], true)
	})
}

// Why goods are held is said in the reader's language: one reading that is warm enough, a hold of before its reason had a code, an
// officer's own words.
func TestAHoldIsWordedByItsBreaches(t *testing.T) {
	t.Parallel()
	once := Breach{Peak: 125, Limit: 40}
	for _, row := range []struct {
		hold   Hold
		en, zh string
	}{
		{Hold{Breaches: []Breach{once}}, "12.5 °C was measured, at most 4.0 °C is allowed: a second check is needed.", "测到 12.5 °C，最高只许 4.0 °C，要复查。"},
		{Hold{Reason: "42 minutes above 4.0 °C, at most 7.6 °C: a second check is needed.", Breaches: []Breach{once, {Minutes: 42, Peak: 76, Limit: 40}}},
			"42 minutes above 4.0 °C, up to 7.6 °C: a second check is needed.", "超过 4.0 °C 有 42 分钟，最高 7.6 °C，要复查。"},
		{Hold{Reason: "要看一看"}, "要看一看", "要看一看"},
	} {
		equal(t, "in English", row.hold.In("en").Reason, row.en)
		equal(t, "in Chinese", row.hold.In("zh").Reason, row.zh)
	}
}

// A second log that comes in while goods are held takes nothing off the list of what has to be checked.
func TestSecondBreachKeepsTheFirst(t *testing.T) {
	t.Parallel()
	trip := Trip{cold: newColdChain()}
	trip.feel(ReadLog{TemperatureLog{Sensor: "S1"}, &Hold{Breaches: []Breach{{Consignment: "a"}}}})
	trip.feel(ReadLog{TemperatureLog{Sensor: "S2"}, &Hold{Breaches: []Breach{{Consignment: "b"}}}})
	err := Check{Inspector: "x", Lines: []CheckedLine{{Consignment: "b"}}}.settle(trip, map[string]measure.Grams{"a": 1, "b": 1})
	(&world{t: t}).want(err, "every_held")
}

// Each wrong finding of a second check is refused at its field, and the goods stay held.
func TestWrongChecksAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, storetest.SQLite(t), []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief))
	ctx := t.Context()
	_, trips := w.accepted()
	trip := w.onTheRoad(trips[0])
	c := trip.Consignments[0].ID
	trip, err := w.HoldGoods(ctx, dispatcher, trip.ID, "箱子湿了", Report{})
	w.want(err, "")
	hot := hottest + 1
	for _, row := range []struct {
		line        CheckedLine
		code, field string
	}{
		{CheckedLine{Consignment: "another"}, "not_on_board", "lines[0].consignment"},
		{CheckedLine{Consignment: c, Downgraded: -1}, "bad_weight", "lines[0].downgraded"},
		{CheckedLine{Consignment: c, Downgraded: 3 * measure.Tonne, Condemned: 2*measure.Tonne + 1, Reason: "烂"}, "more_than_on_board", "lines[0].downgraded"},
		{CheckedLine{Consignment: c, Condemned: 1}, "required", "lines[0].reason"},
		{CheckedLine{Consignment: c, Reason: strings.Repeat("烂", 301)}, "too_long", "lines[0].reason"},
		{CheckedLine{Consignment: c, Tenths: &hot}, "bad_temperature", "lines[0].temperature"},
	} {
		_, err = w.Check(ctx, unionHosp, trip.ID, Report{}, Check{Inspector: "检疫员", Lines: []CheckedLine{row.line}})
		if f := fault.Of(err); f == nil || f.Code != row.code || f.Field != row.field {
			t.Errorf("%s at %s: %v", row.code, row.field, err)
		}
	}
	_, err = w.Check(ctx, unionHosp, trip.ID, Report{}, Check{})
	w.want(err, "required")
	now, err := tripByID(ctx, w.db.Read(), trip.ID)
	w.want(err, "")
	equal(t, "still", w.State(ctx, now), Held)
}

// A phone whose clock is a day ahead, or behind: what it said, when it came and by how much it is off are kept apart.
func TestDeviceClockADayOff(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		_, trips := w.accepted()
		for n, off := range []measure.Millis{24 * hour, -24 * hour} {
			trip := trips[n]
			w.at("2020-02-02 18:05")
			_, err := w.Confirm(t.Context(), carrier, trip.ID, Report{})
			w.want(err, "")
			w.at("2020-02-03 16:00")
			now := w.millis(t.Context())
			acted := at(t, "2020-02-03 14:00") + off
			_, err = w.Arrive(t.Context(), carrier, trip.ID, 0, Report{ClientID: fmt.Sprint("a", n), ActedAt: acted, DeviceNow: now + off})
			w.want(err, "")
			trip, err = w.TripByID(t.Context(), dispatcher, trip.ID)
			w.want(err, "")
			e, _ := trip.last(EventArrive)
			equal(t, "acted, synced, off", []any{e.ActedAt, e.SyncedAt, e.ClockOff}, []any{acted, now, off})
			equal(t, "by our clock", clockAt(e.At()), "02-03 14:00")
		}
		// Without a word of its clock, a day ahead is the future.
		_, err := w.Confirm(t.Context(), carrier, trips[2].ID, Report{ActedAt: at(t, "2020-02-04 14:00")})
		w.want(err, "in_the_future")
	})
}

func TestReturnedLoad(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		_, trips := w.accepted()
		trip := w.onTheRoad(trips[0])
		c, whole := trip.Consignments[0].ID, trip.Consignments[0].Load.Goods.Net
		w.at("2020-02-05 14:00")
		back := Delivery{Lines: []DeliveredLine{{Consignment: c, Received: whole - 100_000, LostCause: orders.Rot}}}
		_, err := w.ReturnLoad(t.Context(), carrier, trip.ID, 1, Report{}, back)
		w.want(err, "not_yours_to_report")
		_, err = w.ReturnLoad(t.Context(), coop, trip.ID, 1, Report{}, Delivery{Lines: []DeliveredLine{{Consignment: c, Received: whole + 1}}})
		w.want(err, "more_than_loaded")
		_, err = w.ReturnLoad(t.Context(), coop, trip.ID, 1, Report{}, Delivery{Lines: []DeliveredLine{{Consignment: c, Received: whole, Rejected: 1000, RejectReason: "yellow"}}})
		w.want(err, "nothing_rejected")
		for range 2 {
			trip, err = w.ReturnLoad(t.Context(), coop, trip.ID, 1, Report{ClientID: "back"}, back)
			w.want(err, "")
		}
		w.carried(c, map[string]measure.Grams{"returned": whole - 100_000, "rot": 100_000})
		equal(t, "state", w.State(t.Context(), trip), Done)
	})
}

func TestLostLoad(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		_, trips := w.accepted()
		trip := w.onTheRoad(trips[0]) // heard of at 14:00 on the 3rd
		c, whole := trip.Consignments[0].ID, trip.Consignments[0].Load.Goods.Net
		loss := Loss{Cause: orders.Theft, Report: "公安-0001"}
		w.when = w.when.Add(72*time.Hour - time.Minute)
		_, err := w.Lost(t.Context(), operator, trip.ID, Report{}, loss)
		w.want(err, "heard_of")
		w.when = w.when.Add(time.Minute)
		_, err = w.Lost(t.Context(), dispatcher, trip.ID, Report{}, loss)
		w.want(err, "not_yours_to_report")
		_, err = w.Lost(t.Context(), operator, trip.ID, Report{}, Loss{Cause: orders.Theft})
		w.want(err, "required")
		trip, err = w.Lost(t.Context(), operator, trip.ID, Report{}, loss)
		w.want(err, "")
		w.carried(c, map[string]measure.Grams{"theft": whole})
		equal(t, "state", w.State(t.Context(), trip), Done)
	})
}

func TestExpireDue(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		_, trips := w.accepted()
		_, err := w.Confirm(t.Context(), carrier, trips[0].ID, Report{})
		w.want(err, "")
		expire := func(want int) {
			t.Helper()
			n, err := w.ExpireDue(t.Context())
			w.want(err, "")
			equal(t, "ended", n, want)
		}
		w.when = time.UnixMilli(int64(trips[1].AnswerBy))
		expire(0) // to the last instant
		w.when = w.when.Add(time.Millisecond)
		expire(2)
		expire(0)
		for n, trip := range trips {
			for _, c := range trip.Consignments {
				want := measure.Grams(0)
				if n == 0 {
					want = c.Load.Goods.Net
				}
				equal(t, fmt.Sprint("held for trip ", n), w.balance(orders.ConsignAllocated(c.ID)), want)
			}
		}
		_, err = w.Confirm(t.Context(), carrier, trips[1].ID, Report{})
		w.want(err, "not_in_this_state")
	})
}

// The driver who gave a truck is not asked to take it over, and a trip is handed over at stations that are open, on the road alone.
func TestWhoMayTakeOverAndWhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ctx := t.Context()
	_, trips := w.accepted()
	equal(t, "stations before it leaves", len(w.Stations(ctx, trips[0])), 0)
	trip := w.onTheRoad(trips[0])
	equal(t, "stations the day before they open", len(w.Stations(ctx, trip)), 0)
	w.at("2020-02-04 12:00")
	equal(t, "stations on the road", len(w.Stations(ctx, trip)), len(book(t).TransferStations("2020-02-04")))
	drives := func(user string) auth.Actor {
		return auth.Actor{User: user, Grants: []auth.Grant{{Role: auth.Driver, Party: "carrier"}}}
	}
	giving, next := drives("driver"), drives("next")
	equal(t, "nothing to take over", trip.MayTakeOver(next), false)
	trip, err := w.HandOver(ctx, giving, trip.ID, Report{}, HandOver{Station: "420116", Driver: "赵师傅"})
	w.want(err, "")
	equal(t, "may take over", []bool{trip.MayTakeOver(giving), trip.MayTakeOver(next), trip.MayTakeOver(carrier), trip.MayTakeOver(dispatcher), trip.MayTakeOver(unionHosp)},
		[]bool{false, true, true, true, false})
	equal(t, "stations while it waits", len(w.Stations(ctx, trip)), 0)
}

func TestNoShowAndNoGoods(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		_, trips := w.accepted()
		for _, trip := range trips[:2] {
			_, err := w.Confirm(ctx, carrier, trip.ID, Report{})
			w.want(err, "")
		}
		late, empty := trips[0], trips[1]
		due := late.Outline.Stops[0].Start + noShowGrace
		w.when = time.UnixMilli(int64(due) - 1)
		_, err := w.NoShow(ctx, coop, late.ID, "没来", Report{})
		w.want(err, "not_late_yet")
		w.when = time.UnixMilli(int64(due))
		_, err = w.NoShow(ctx, carrier, late.ID, "没来", Report{})
		w.want(err, "not_yours_to_report")
		late, err = w.NoShow(ctx, coop, late.ID, "没来", Report{})
		w.want(err, "")
		equal(t, "state", w.State(ctx, late), NoShow)

		_, err = w.NoGoods(ctx, carrier, empty.ID, "没货", Report{})
		w.want(err, "not_at_ramp")
		_, err = w.Arrive(ctx, carrier, empty.ID, 0, Report{})
		w.want(err, "")
		_, err = w.NoShow(ctx, coop, empty.ID, "没来", Report{})
		w.want(err, "not_in_this_state")
		empty, err = w.NoGoods(ctx, carrier, empty.ID, "没货", Report{})
		w.want(err, "")
		equal(t, "state", w.State(ctx, empty), NoGoods)
		for _, c := range append(late.Consignments, empty.Consignments...) {
			equal(t, "goods wait again", w.balance(orders.ConsignAllocated(c.ID)), measure.Grams(0))
		}
	})
}

// needs puts a gift and another hospital's need into the books.
func (w *world) needs() {
	w.t.Helper()
	w.sql(`INSERT INTO parties (id, kind, name, name_en, uscc, place_name, adcode, lon_e6, lat_e6, created_at, created_by)
		VALUES ('donor', 'donor', 'donor', '', '', '', '610322', 0, 0, 1, 'test')`)
	for id, verified := range map[string]int{"need": 1, "unverified": 0} {
		w.sql(fmt.Sprintf(`INSERT INTO demands (id, party_id, produce, amount_kind, grams, needed_by, why, relief, storage, unload_from, unload_to, no_forklift,
			place_name, adcode, lon_e6, lat_e6, act, confirmed_at, verified_at, verified_by, verified_how, version, created_at, created_by, updated_at)
			VALUES ('%s', '中南医院', '%s', 'net', 9000000, 1, '', TRUE, '', 480, 1080, FALSE, '中南医院', '420106', 114353000, 30556000,
			'verify', 1, %d, '', '', 1, 1, 'test', 1)`, id, apple, verified))
	}
	w.sql(`INSERT INTO campaigns (id, donor_id, title, named_use, goal_grams, goal_fen, reference, act, reported_at, version, created_at, created_by, updated_at)
		VALUES ('gift', 'donor', '', '', 0, 0, 'R', 'open', 0, 1, 1, 'test', 1)`)
}

// A truck turns once everybody said yes: the next receiver and the donor. One no, or no answer, and it drives on.
func TestDiversion(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		w.needs()
		_, trips := w.accepted()
		trip := w.onTheRoad(trips[0])
		c := trip.Consignments[0].ID
		state := func() DivertState {
			t.Helper()
			now, err := w.TripByID(ctx, dispatcher, trip.ID)
			w.want(err, "")
			trip = now
			a, _ := trip.Diversion()
			return a.State(w.millis(ctx))
		}
		ask := func(demand, code string) {
			t.Helper()
			_, err := w.AskDivert(ctx, dispatcher, trip.ID, 1, demand, "协和的冷库满了", Report{})
			w.want(err, code)
		}
		say := func(by auth.Actor, yes bool, code string) {
			t.Helper()
			_, err := w.SayDivert(ctx, by, trip.ID, yes, Report{})
			w.want(err, code)
		}
		w.at("2020-02-04 08:00")
		ask("unverified", "demand_not_verified")
		w.sql(`UPDATE demands SET grams = 0 WHERE id = 'need'`)
		_, full := w.AskDivert(ctx, dispatcher, trip.ID, 1, "need", "协和的冷库满了", Report{})
		w.want(full, "need_full")
		equal(t, "named", fault.Of(full).Field, "demand")
		w.sql(`UPDATE demands SET grams = 9000000 WHERE id = 'need'`)
		ask("need", "")
		ask("need", "diversion_waits")
		say(carrier, true, "not_yours_to_report")
		say(giver, false, "")
		equal(t, "one no", state(), DivertRefused)
		say(zhongnanHosp, true, "no_answer_awaited")

		ask("need", "")
		say(giver, true, "")
		say(giver, true, "already_answered")
		w.when = w.when.Add(2*time.Hour + time.Millisecond)
		equal(t, "no answer", state(), DivertSilent)
		say(zhongnanHosp, true, "no_answer_awaited")
		equal(t, "still for", []any{trip.Outline.Stops[1].Party, w.demands[c]}, []any{"协和医院", ""})

		ask("need", "")
		say(giver, true, "")
		equal(t, "one yes of two", []any{state(), w.demands[c]}, []any{DivertAsked, ""})
		say(zhongnanHosp, true, "")
		equal(t, "every yes", state(), DivertAgreed)
		equal(t, "goes to", []any{trip.Outline.Stops[1].Party, trip.Outline.Stops[1].Place.Name}, []any{"中南医院", "中南医院"})
		equal(t, "counts for", []any{w.demands[c], trip.Consignments[0].Load.Demand}, []any{"need", "need"})
		ask("need", "same_demand")

		pod := Delivery{Receiver: "陈老师", Lines: []DeliveredLine{{Consignment: c, Received: trip.Consignments[0].Load.Goods.Net}}}
		_, err := w.Deliver(ctx, unionHosp, trip.ID, 1, Report{}, pod)
		w.want(err, "not_yours_to_report")
		_, err = w.Deliver(ctx, zhongnanHosp, trip.ID, 1, Report{}, pod)
		w.want(err, "")
	})
}
