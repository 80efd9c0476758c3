package orders_test

import (
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// A cart over two cooperatives becomes two orders under one id, all or none.
func TestCartOfManySellers(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		in := orders.Input{ClientID: "cart", Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, 500*kg, to(w.need, 500*kg)), line(w.scallions, 300*kg), line(w.apples, 200*kg)}}
		bad := in
		bad.ClientID = ""
		bad.Lines = append([]orders.LineInput{}, in.Lines...)
		bad.Lines[1].Grams = 6000 * kg
		_, err := w.orders.SubmitCart(w.ctx, employee, bad)
		wantFault(t, err, "only_left", "lines[1].weight")
		none, err := w.orders.Orders(w.ctx, employee, "buyer", "")
		if none = get(t, none, err); len(none) != 0 {
			t.Fatalf("a wrong cart left %d orders", len(none))
		}
		c, err := w.orders.SubmitCart(w.ctx, employee, in)
		c = get(t, c, err)
		again, err := w.orders.SubmitCart(w.ctx, employee, in)
		if again = get(t, again, err); len(c.Orders) != 2 || again.ID != c.ID || len(again.Orders) != 2 {
			t.Fatalf("%d orders, then %d", len(c.Orders), len(again.Orders))
		}
		if c.Orders[0].Seller != "liulin" || len(c.Orders[0].Lines) != 2 || c.Orders[0].Invoice != 4_200_00 || c.Orders[1].Invoice != 600_00 {
			t.Errorf("%+v", c.Orders)
		}
		nobody := func(measure.Metres, []orders.Cargo) orders.Run { return orders.Run{} }
		e, err := w.orders.HaulageEstimate(w.ctx, employee, c.ID, nobody, 100_01) // 700 : 300 of 10,001 fen are 7,000.7 and 3,000.3
		if e = get(t, e, err); e.Shares[0].Paid != 70_01 || e.Shares[1].Paid != 30_00 {
			t.Errorf("%+v", e)
		}
		_, err = w.orders.Cart(w.ctx, firm, c.ID)
		wantFault(t, err, "not_found", "")
		half, err := w.orders.Cart(w.ctx, biaojiao, c.ID) // a seller sees its own part
		if half = get(t, half, err); len(half.Orders) != 1 {
			t.Errorf("%d", len(half.Orders))
		}
		// The limit counts the cart, not its parts.
		w.policy()
		in.ClientID, in.Lines = "cart 2", []orders.LineInput{line(w.apples, 150*kg), line(w.scallions, 100*kg)} // 900 + 200
		c, err = w.orders.SubmitCart(w.ctx, employee, in)
		if c = get(t, c, err); c.Orders[0].Act != orders.AwaitingApproval || c.Orders[1].Act != orders.AwaitingApproval {
			t.Errorf("%s, %s", c.Orders[0].Act, c.Orders[1].Act)
		}
	})
}

func TestAddToAnOpenOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		o := w.send(employee, 100*kg)
		w.at(firstDay.Add(47 * time.Hour))
		o, err := w.orders.Add(w.ctx, employee, o.ID, []orders.LineInput{line(w.apples, 200*kg)})
		if o = get(t, o, err); len(o.Lines) != 2 || o.Invoice != 1_800_00 {
			t.Errorf("%+v", o)
		}
		w.at(firstDay.Add(60 * time.Hour)) // the seller's time began anew
		_, err = w.orders.Add(w.ctx, employee, o.ID, []orders.LineInput{line(w.scallions, kg)})
		wantFault(t, err, "one_seller", "lines[0].offer")
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		_, err = w.orders.Add(w.ctx, employee, o.ID, []orders.LineInput{line(w.apples, 200*kg)})
		wantFault(t, err, "wrong_state", "")
	})
}

// The seller has 400 of 1,000 kg and other apples for 300 of the rest; the buyer says yes and keeps 300 as a backorder.
func TestSubstituteAndBackorder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		other := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 900*kg).ID, Price: 50_000})
		o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, 1000*kg, to(w.need, 1000*kg))}})
		o = get(t, o, err)
		weights := map[string]measure.Grams{o.Lines[0].ID: 400 * kg}
		sub := orders.Substitute{Line: o.Lines[0].ID, Offer: other.ID, Grams: 300 * kg}
		less := func(change func(*orders.Substitute)) error {
			s := sub
			change(&s)
			_, err := w.orders.OfferLess(w.ctx, liulin, o.ID, weights, s)
			return err
		}
		wantFault(t, less(func(s *orders.Substitute) { s.Grams = 601 * kg }), "more_than_missing", "substitutes[0].weight")
		wantFault(t, less(func(s *orders.Substitute) { s.Offer = w.scallions.ID }), "not_found", "substitutes[0].offer")
		wantFault(t, less(func(s *orders.Substitute) { s.Price = 50_001 }), "substitute_dearer", "substitutes[0].price")
		wantFault(t, less(func(s *orders.Substitute) { s.Line = "x" }), "no_such_line", "substitutes[0].line")
		if err = less(func(*orders.Substitute) {}); err != nil {
			t.Fatal(err)
		}
		_, err = w.orders.AgreeToLess(w.ctx, liulin, o.ID, true)
		wantFault(t, err, "not_yours_to_do", "")
		o, err = w.orders.AgreeToLess(w.ctx, employee, o.ID, true)
		if o = get(t, o, err); o.Invoice != 2_400_00+1_500_00 || len(o.Lines) != 2 || o.Lines[1].To[0].Demand != w.need.ID { // 400 x 6.00 + 300 x 5.00
			t.Errorf("invoice %s, %+v", o.Invoice, o.Lines)
		}
		v, err := w.orders.Order(w.ctx, employee, o.ID)
		if v = get(t, v, err); v.State != orders.Allocated || v.Numbers.Allocated != 700*kg {
			t.Errorf("%s, %s", v.State, v.Numbers.Allocated)
		}
		list, err := w.orders.Orders(w.ctx, liulin, "seller", "")
		list = get(t, list, err)
		b := list[0]
		if b.BackorderOf != o.ID || b.Invoice != 1_800_00 || b.Lines[0].Grams != 300*kg || b.Lines[0].To[0].Grams != 300*kg {
			t.Fatalf("%+v", b)
		}
		w.at(firstDay.AddDate(0, 0, 13))
		_, err = w.orders.Confirm(w.ctx, liulin, b.ID)
		get(t, 0, err)
		w.verify()
	})
}

// What a seller offered less of or instead goes back to its lots when nobody answers.
func TestSubstituteThatNobodyAnswered(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		other := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 900*kg).ID, Price: 50_000})
		o := w.send(employee, 1000*kg)
		_, err := w.orders.OfferLess(w.ctx, liulin, o.ID, map[string]measure.Grams{o.Lines[0].ID: 0}, orders.Substitute{Line: o.Lines[0].ID, Offer: other.ID, Grams: 300 * kg})
		get(t, 0, err)
		if w.grams(market.LotAvailable(other.Lot)) != 600*kg {
			t.Error("the substitute is not reserved")
		}
		w.at(firstDay.AddDate(0, 0, 3))
		due, err := w.orders.RunDue(w.ctx)
		if due = get(t, due, err); due.Orders != 1 || w.grams(market.LotAvailable(other.Lot)) != 900*kg {
			t.Errorf("%+v, %s left", due, w.grams(market.LotAvailable(other.Lot)))
		}
	})
}

// A receiver says no to goods before they are on a trip; the buyer sends them elsewhere.
func TestReceiverRefusesAPart(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		a := w.need
		b := w.world.need(union, "union", "apple", 2000*kg)
		o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, 1000*kg, to(a, 400*kg), to(b, 400*kg))}})
		o = get(t, o, err)
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		w.take(o.Lines[0].To[1].ID, "c1", 100*kg) // 100 of 400 are on a trip
		_, err = w.orders.RefusePart(w.ctx, zhongnan, o.ID, "", "full")
		wantFault(t, err, "not_found", "")
		_, err = w.orders.RefusePart(w.ctx, union, o.ID, "", "")
		wantFault(t, err, "reason_needed", "reason")
		o, err = w.orders.RefusePart(w.ctx, union, o.ID, "", "the cold room is full")
		if o = get(t, o, err); o.Lines[0].To[1].Promised() != 100*kg {
			t.Errorf("%+v", o.Lines[0].To)
		}
		_, err = w.orders.RefusePart(w.ctx, union, o.ID, "", "again")
		wantFault(t, err, "nothing_to_refuse", "")
		_, err = w.orders.Assign(w.ctx, employee, o.ID, o.Lines[0].ID, to(a, 501*kg)) // 200 + 300
		wantFault(t, err, "more_than_unassigned", "weight")
		o, err = w.orders.Assign(w.ctx, employee, o.ID, o.Lines[0].ID, to(a, 500*kg))
		if o = get(t, o, err); o.Lines[0].To[0].Grams != 900*kg {
			t.Errorf("%+v", o.Lines[0].To)
		}
		v, err := w.orders.Order(w.ctx, employee, o.ID)
		if v = get(t, v, err); v.State != orders.Allocated {
			t.Error(v.State)
		}
		r, err := w.orders.RecordOf(w.ctx, donor, "liulin")
		if r = get(t, r, err); r.CalledOff != 0 || r.Claims != 0 {
			t.Errorf("a refusal stands in the record: %+v", r)
		}
		w.verify()
	})
}

// Half of an order is delivered, the rest is stopped; the receiver says yes and it is settled for what came.
func TestStopHalfWay(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, 1000*kg, to(w.need, 1000*kg))}})
		o = get(t, o, err)
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		w.pay(o.Reference, 6_000_00)
		_, err = w.orders.Stop(w.ctx, operator, o.ID, "rain")
		wantFault(t, err, "wrong_state", "")
		w.haul(o.Lines[0].To[0].ID, "c1", 500*kg, 500*kg, 500*kg, 0)
		_, err = w.orders.Stop(w.ctx, employee, o.ID, "rain")
		wantFault(t, err, "operators_only", "")
		_, err = w.orders.Stop(w.ctx, operator, o.ID, "the road is closed")
		get(t, 0, err)
		v, err := w.orders.Order(w.ctx, employee, o.ID)
		if v = get(t, v, err); v.State != orders.PartCancelled || w.grams(market.LotAvailable(w.apples.Lot)) != 9500*kg {
			t.Errorf("%s", v.State)
		}
		_, err = w.orders.Accept(w.ctx, employee, o.ID, "")
		get(t, 0, err)
		st, err := w.orders.Settle(w.ctx, finance, o.ID)
		if st = get(t, st, err); st.Total != 3_000_00 || w.fen(orders.Refund("canteen")) != 3_000_00 {
			t.Errorf("settled %s", st.Total)
		}
		w.verify()
	})
}

// Within 24 hours of pick-up a buyer who calls off pays 10 % of the price to the seller; a seller pays nothing but has it in its record.
func TestCancellingByRule(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		pickup := measure.Window{From: measure.Millis(firstDay.AddDate(0, 0, 4).UnixMilli())}
		offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 900*kg).ID, Price: 60_000, Pickup: pickup})
		confirmed := func() orders.Order {
			t.Helper()
			o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(offer, 100*kg)}})
			o = get(t, o, err)
			_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
			get(t, 0, err)
			w.pay(o.Reference, 600_00)
			return o
		}
		for i, want := range []measure.Fen{0, 30_00, 60_00} { // 3 days, 36 hours and 12 hours ahead
			o := confirmed()
			w.at(firstDay.AddDate(0, 0, 4).Add([]time.Duration{-72, -36, -12}[i] * time.Hour))
			q, err := w.orders.CancelQuote(w.ctx, employee, o.ID)
			if q = get(t, q, err); q.Charge != want || q.Free != (want == 0) || q.Code != []string{"two_days", "one_day", "same_day"}[i] {
				t.Errorf("%d: %+v", i, q)
			}
			before := w.fen(orders.Payable("liulin"))
			_, err = w.orders.Cancel(w.ctx, employee, o.ID, "the kitchen is closed")
			get(t, 0, err)
			if got := w.fen(orders.Payable("liulin")) - before; got != want {
				t.Errorf("%d: charged %s", i, got)
			}
			w.at(firstDay)
		}
		o := confirmed()
		_, err := w.orders.Cancel(w.ctx, liulin, o.ID, "hail")
		get(t, 0, err)
		r, err := w.orders.RecordOf(w.ctx, employee, "liulin")
		if r = get(t, r, err); r.CalledOff != 1 || r.Confirmed != 4 {
			t.Errorf("%+v", r)
		}
		if got := w.fen(orders.Refund("canteen")); got != 600_00+570_00+540_00+600_00 {
			t.Errorf("owed back %s", got)
		}
		w.verify()
	})
}

// Every Monday a draft is made by the clock; a person sends it.
func TestStandingOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db) // Saturday, 2020-02-01
		cheap := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000})
		in := orders.StandingInput{ClientID: "weekly", Buyer: "canteen", Seller: "liulin", Produce: "苹果", Grams: 400 * kg, Most: 58_000, Weekday: 1}
		bad := in
		bad.ClientID, bad.Weekday = "", 7
		_, err := w.orders.MakeStanding(w.ctx, employee, bad)
		wantFault(t, err, "bad_weekday", "weekday")
		st, err := w.orders.MakeStanding(w.ctx, employee, in)
		st = get(t, st, err)
		again, err := w.orders.MakeStanding(w.ctx, employee, in)
		if again = get(t, again, err); again.ID != st.ID {
			t.Error("made twice")
		}
		monday := time.Date(2020, 2, 3, 6, 0, 0, 0, firstDay.Location())
		drafts := func(at time.Time, want int) {
			t.Helper()
			w.at(at)
			due, err := w.orders.RunDue(w.ctx)
			if due = get(t, due, err); due.Drafts != want {
				t.Errorf("%s: %d drafts, want %d", at, due.Drafts, want)
			}
		}
		drafts(monday.Add(-time.Second), 0)
		drafts(monday, 1)
		drafts(monday.Add(time.Minute), 0)
		list, err := w.orders.Standings(w.ctx, employee, "buyer", "")
		list = get(t, list, err)
		o, err := w.orders.Order(w.ctx, employee, list[0].Runs[0].Order)
		if o = get(t, o, err); o.State != orders.Draft || o.Lines[0].Offer != cheap.ID || w.grams(market.LotAvailable(cheap.Lot)) != 700*kg {
			t.Errorf("%s of %s", o.State, o.Lines[0].Offer)
		}
		owe := func(most measure.Fen) error { // 400 kg at 5.50 are 2,200.00
			w.done(nil, w.orders.SetCreditTerms(w.ctx, finance, orders.CreditTerms{Party: "canteen", Limit: most, Days: 15}))
			_, err := w.orders.SubmitDraft(w.ctx, employee, o.ID, 0)
			return err
		}
		wantFault(t, owe(2199_99), "over_credit", "lines")
		get(t, 0, owe(2200_00))
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		drafts(monday.AddDate(0, 0, 16), 1) // two weeks later, once: 300 kg are left at 5.50, and 6.00 is too dear
		list, err = w.orders.Standings(w.ctx, employee, "buyer", "")
		if list = get(t, list, err); len(list[0].Runs) != 2 || list[0].Runs[0].Order != "" || list[0].Runs[0].Note != "no_offer" {
			t.Errorf("%+v", list[0].Runs)
		}
		_, err = w.orders.ActOnStanding(w.ctx, donor, st.ID, "end")
		wantFault(t, err, "not_found", "")
		st, err = w.orders.ActOnStanding(w.ctx, employee, st.ID, "pause")
		get(t, st, err)
		drafts(monday.AddDate(0, 0, 28), 0)
		_, err = w.orders.ActOnStanding(w.ctx, employee, st.ID, "pause")
		wantFault(t, err, "wrong_state", "")
	})
}

// A monthly one has its drafts between its first and its last day; the draft of the last such day ends it.
func TestStandingOrderEveryMonthUntilADay(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db) // Saturday, 2020-02-01
		w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 5000*kg).ID, Price: 55_000})
		in := orders.StandingInput{Buyer: "canteen", Seller: "liulin", Produce: "苹果", Grams: 400 * kg, Every: orders.EveryMonth, MonthDay: 5, From: "2020-03-05", Until: "2020-05-04"}
		for field, change := range map[string]func(*orders.StandingInput){
			"every bad_every":         func(in *orders.StandingInput) { in.Every = "day" },
			"month_day bad_month_day": func(in *orders.StandingInput) { in.MonthDay = 29 },
			"until no_day_left":       func(in *orders.StandingInput) { in.Until = "2020-03-04" },
		} {
			bad := in
			change(&bad)
			_, err := w.orders.MakeStanding(w.ctx, employee, bad)
			at, code, _ := strings.Cut(field, " ")
			wantFault(t, err, code, at)
		}
		st, err := w.orders.MakeStanding(w.ctx, employee, in)
		st = get(t, st, err)
		six := func(month time.Month) time.Time { return time.Date(2020, month, 5, 6, 0, 0, 0, firstDay.Location()) }
		for _, c := range []struct {
			at     time.Time
			drafts int
			then   orders.StandingState
		}{
			{six(2), 0, orders.StandingActive}, // before its first day
			{six(3).Add(-time.Second), 0, orders.StandingActive},
			{six(3), 1, orders.StandingActive},
			{six(4).Add(-time.Second), 0, orders.StandingActive},
			{six(4), 1, orders.StandingEnded}, // the next one would be on 5 May
			{six(5), 0, orders.StandingEnded},
		} {
			w.at(c.at)
			due, err := w.orders.RunDue(w.ctx)
			if due = get(t, due, err); due.Drafts != c.drafts {
				t.Errorf("%s: %d drafts, want %d", c.at, due.Drafts, c.drafts)
			}
			now, err := w.orders.StandingOrder(w.ctx, employee, st.ID)
			if now = get(t, now, err); now.Act != c.then {
				t.Errorf("%s: %s, want %s", c.at, now.Act, c.then)
			}
		}
		now, err := w.orders.StandingOrder(w.ctx, employee, st.ID)
		if now = get(t, now, err); len(now.Runs) != 2 || now.Runs[0].Day != "2020-04-05" || now.Runs[0].State != orders.Draft {
			t.Errorf("%+v", now.Runs)
		}
		for _, other := range []auth.Actor{donor, biaojiao} {
			_, err = w.orders.StandingOrder(w.ctx, other, st.ID)
			wantFault(t, err, "not_found", "")
		}
	})
}

// One that was paused over its last day can't go on.
func TestStandingOrderPausedTooLong(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		in := orders.StandingInput{Buyer: "canteen", Seller: "liulin", Produce: "苹果", Grams: 400 * kg, Weekday: 1, Until: "2020-02-10"}
		st, err := w.orders.MakeStanding(w.ctx, employee, in)
		st = get(t, st, err)
		act := func(act string) error { _, err := w.orders.ActOnStanding(w.ctx, employee, st.ID, act); return err }
		w.done(nil, act("pause"))
		w.at(time.Date(2020, 2, 10, 5, 0, 0, 0, firstDay.Location()))
		w.done(nil, act("resume"))
		w.done(nil, act("pause"))
		w.at(time.Date(2020, 2, 10, 7, 0, 0, 0, firstDay.Location()))
		wantFault(t, act("resume"), "no_day_left", "until")
		w.done(nil, act("end"))
	})
}

// A record is worked out from what happened: promised and accepted weight, the day the receiver named, claims.
func TestRecordOfASeller(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		d, err := w.market.CreateDemand(w.ctx, union, "", market.DemandInput{Party: "union", Produce: "apple", Kind: market.UpTo, Grams: 2000 * kg,
			By: measure.Millis(firstDay.AddDate(0, 0, 1).UnixMilli())})
		d = get(t, d, err)
		_, err = w.market.VerifyDemand(w.ctx, operator, d.ID, market.Call{How: "called"})
		get(t, 0, err)
		o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.apples, 1000*kg, to(d, 1000*kg))}})
		o = get(t, o, err)
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		w.haul(o.Lines[0].To[0].ID, "c1", 600*kg, 600*kg, 600*kg, 0)
		w.at(firstDay.AddDate(0, 0, 2)) // a day late
		w.haul(o.Lines[0].To[0].ID, "c2", 400*kg, 400*kg, 390*kg, 20*kg)
		c, err := w.orders.MakeClaim(w.ctx, union, orders.ClaimInput{Order: o.ID, Consignment: "c1", Grams: 50 * kg, Reason: "soft", Photo: "p"})
		c = get(t, c, err)
		_, err = w.orders.AgreeClaim(w.ctx, liulin, c.ID, 30*kg)
		get(t, 0, err)
		w.send(employee, 100*kg)
		w.at(firstDay.AddDate(0, 0, 9))
		r, err := w.orders.RecordOf(w.ctx, employee, "liulin")
		want := orders.Record{Orders: 2, Confirmed: 1, TimedOut: 1, Deliveries: 2, OnTime: 1, Promised: 1000 * kg, Accepted: 940 * kg, Claims: 1, ClaimedAway: 30 * kg}
		if r = get(t, r, err); r != want || r.OnTimeMill() != 500 || r.WeightKeptMill() != 940 { // 570 + 370
			t.Errorf("%+v", r)
		}
		none, err := w.orders.RecordOf(w.ctx, employee, "biaojiao")
		if none = get(t, none, err); none.OnTimeMill() != -1 || none.WeightKeptMill() != -1 {
			t.Errorf("%+v", none)
		}
	})
}

// More costs less per kilogram, and outside its days an offer takes no order.
func TestTiersAndOrderWindow(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		from := measure.Millis(firstDay.UnixMilli())
		in := market.OfferInput{
			Lot: w.lot(liulin, "liulin", "apple", 9000*kg).ID, Price: 60_000, Orders: measure.Window{From: from, To: from + 3_600_000},
			Tiers: []market.Tier{{From: 500 * kg, Price: 58_000}, {From: 2000 * kg, Price: 55_000}},
		}
		bad := in
		bad.Tiers = []market.Tier{{From: 500 * kg, Price: 60_000}}
		_, err := w.market.CreateOffer(w.ctx, liulin, "", bad)
		wantFault(t, err, "tier_price", "tiers[0].price")
		bad.Tiers = []market.Tier{{From: 500 * kg, Price: 59_000}, {From: 500 * kg, Price: 58_000}}
		_, err = w.market.CreateOffer(w.ctx, liulin, "", bad)
		wantFault(t, err, "tier_weight", "tiers[1].from")
		offer := w.offer(liulin, in)
		for g, want := range map[measure.Grams]measure.PriceE4{499 * kg: 60_000, 500 * kg: 58_000, 1999 * kg: 58_000, 2000 * kg: 55_000} {
			o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(offer, g)}})
			if o = get(t, o, err); o.Lines[0].Price != want {
				t.Errorf("%s at %s, want %s", g, o.Lines[0].Price, want)
			}
		}
		w.at(firstDay.Add(2 * time.Hour))
		_, err = w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(offer, kg)}})
		wantFault(t, err, "order_window", "lines[0].offer")
	})
}
