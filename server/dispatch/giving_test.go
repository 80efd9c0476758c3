package dispatch

import (
	"encoding/json"
	"testing"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// A carrier gives a trip: its price is kept as a value, nobody is paid. Its driver has no say in that.
func TestGivenHaulageIsShownNotPaid(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		_, trips := w.accepted()
		trip := w.deliverAll(w.onTheRoad(trips[0]), "2020-02-04 14:00")
		told := func(by auth.Actor, gives string, maySettle, settled bool, given measure.Fen) {
			t.Helper()
			h, err := w.HaulageOf(ctx, by, trip.ID)
			w.want(err, "")
			equal(t, "gives, may settle, settled", []any{h.Gives, h.MaySettle, h.SettledAt > 0}, []any{gives, maySettle, settled})
			var earned, paid, free measure.Fen
			for _, p := range h.Carriers {
				earned += p.Fen
			}
			for _, p := range h.Shares {
				paid += p.Fen
				if p.Given {
					free += p.Fen
				}
			}
			equal(t, "the carriers' parts, the payers', those that are given", []measure.Fen{earned, paid, free}, []measure.Fen{h.Fen, trip.Outline.Haulage, given})
		}
		told(carrier, "carrier", false, false, 0)
		told(dispatcher, "", true, false, 0)
		h, err := w.HaulageOf(ctx, unionHosp, trip.ID)
		w.want(err, "")
		equal(t, "a receiver sees whose money it is", len(h.Shares), 0)
		driver := auth.Actor{User: "d", Grants: []auth.Grant{{Role: auth.Driver, Party: "carrier"}}}
		_, err = w.GiveHaulage(ctx, driver, trip.ID, Report{})
		w.want(err, "not_yours_to_report")
		_, err = w.GiveHaulage(ctx, carrier, trip.ID, Report{})
		w.want(err, "")
		_, err = w.GiveHaulage(ctx, carrier, trip.ID, Report{})
		w.want(err, "given_already")
		told(carrier, "", false, false, trip.Outline.Haulage)
		unpaid := func() string {
			number, err := UnpaidTrip(ctx, db.Read(), []string{trip.Consignments[0].ID})
			w.want(err, "")
			return number
		}
		equal(t, "the trip that its orders wait for", unpaid(), trip.Number)
		trip, err = w.Settle(ctx, dispatcher, trip.ID, Report{})
		w.want(err, "")
		equal(t, "what they wait for once it is settled", unpaid(), "")
		paid, err := ledger.Balance(ctx, db.Read(), ledger.Fen, orders.Payable("carrier"))
		w.want(err, "")
		equal(t, "paid", paid, int64(0))
		e, _ := trip.event(EventSettle, -1)
		var got Paid
		w.want(json.Unmarshal(e.Body, &got), "")
		equal(t, "kept", []measure.Fen{got.Fen, got.Given}, []measure.Fen{0, trip.Outline.Haulage})
		told(dispatcher, "", false, true, trip.Outline.Haulage)
		_, err = w.GiveHaulage(ctx, carrier, trip.ID, Report{})
		w.want(err, "settled_already")
	})
}

// Goods of no order turn when their shipper and the next receiver say yes; they count for no need.
func TestDivertingAPostedLoadAsksItsShipper_regression(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		w.needs()
		w.at("2020-02-03 09:00")
		load := w.post(PostedInput{Produce: "苹果", Grams: 2 * measure.Tonne, Packed: true, Packing: "纸箱", Pack: 10 * measure.Kilogram, From: fengxiang, To: union})
		plan, err := w.MakePlan(ctx, dispatcher, PlanInput{Day: "2020-02-03", Loads: []string{load.ID}})
		w.want(err, "")
		trips, err := w.Accept(ctx, dispatcher, plan.ID, plan.Answer.Options[0].ID)
		w.want(err, "")
		trip := w.onTheRoad(trips[0])
		c := trip.Consignments[0].ID
		w.at("2020-02-04 08:00")
		shipper := auth.Actor{User: "s", Grants: []auth.Grant{{Role: auth.Coop, Party: "coop"}}}
		waits := func(want string) {
			t.Helper()
			now, err := w.TripByID(ctx, dispatcher, trip.ID)
			w.want(err, "")
			got := ""
			for _, who := range []auth.Actor{dispatcher, giver, shipper, zhongnanHosp, unionHosp} {
				if _, asked := now.WaitsFor(who, w.millis(ctx)); asked {
					got += who.User + " "
				}
			}
			equal(t, "it waits for", got, want)
		}
		waits("")
		_, err = w.AskDivert(ctx, dispatcher, trip.ID, 1, "need", "协和的冷库满了", Report{})
		w.want(err, "")
		waits(shipper.User + " " + zhongnanHosp.User + " ")
		_, err = w.SayDivert(ctx, giver, trip.ID, true, Report{})
		w.want(err, "no_such_trip") // it is no gift, so the donor has no part in it
		_, err = w.SayDivert(ctx, shipper, trip.ID, true, Report{})
		w.want(err, "")
		waits(zhongnanHosp.User + " ")
		trip, err = w.SayDivert(ctx, zhongnanHosp, trip.ID, true, Report{})
		w.want(err, "")
		waits("")
		equal(t, "goes to, counts for", []string{trip.Outline.Stops[1].Party, w.demands[c]}, []string{"中南医院", ""})
		_, err = w.Deliver(ctx, zhongnanHosp, trip.ID, 1, Report{}, Delivery{Receiver: "陈老师", Lines: []DeliveredLine{{Consignment: c, Received: 2 * measure.Tonne}}})
		w.want(err, "")
		equal(t, "accepted", w.balance(orders.ConsignAccepted(c)), 2*measure.Tonne)
	})
}

// Who pays for a trip, and who is paid for its legs, is worked out to the fen by one rule, that of orders on a shared truck.
func TestHaulageIsSplitAsOrdersAre(t *testing.T) {
	t.Parallel()
	trip := Trip{ID: "t", Carrier: "first", loaded: map[string]WeighedLine{}}
	trip.Outline = PlannedTrip{Metres: 30_000, Haulage: 10_001, Stops: []PlannedStop{{}, {Metres: 30_000}}}
	var shares []orders.HaulageShare
	for _, id := range []string{"a", "b", "c"} {
		trip.Consignments = append(trip.Consignments, Consignment{ID: id, UnloadStop: 1, Load: Load{ToShip: orders.ToShip{Order: id}}})
		trip.loaded[id] = WeighedLine{Consignment: id, Grams: measure.Tonne}
		shares = append(shares, orders.HaulageShare{Order: id, Work: orders.Work(measure.Tonne, 30_000)})
	}
	var got, want []measure.Fen
	for i, h := range orders.ShareHaulage(10_001, shares) {
		got, want = append(got, trip.haulage()[i].Fen), append(want, h.Paid)
	}
	equal(t, "payers", got, want)
	equal(t, "the earlier ones first", want, []measure.Fen{3334, 3334, 3333})
	trip.handOvers = []HandOver{{Station: "s", Carrier: "second", Metres: 10_000}, {Station: "s", Carrier: "third", Metres: 20_000}}
	got = nil
	for _, l := range trip.legs() {
		got = append(got, l.Fen)
	}
	equal(t, "legs", got, want)
	trip.handOvers, trip.loaded = nil, nil
	equal(t, "with nothing on board the last one pays", trip.haulage()[0], orders.Haulage{Order: "c", Carrier: "first", Trip: "t", Fen: 10_001})
}
