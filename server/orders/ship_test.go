package orders_test

import (
	"context"
	"testing"

	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

func TestOnlyVerifiedNeedsAreShipped(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 1_000*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000, Pickup: measure.Window{From: 1, To: 2}})
		d, err := w.market.CreateDemand(w.ctx, union, "", market.DemandInput{Party: "union", Produce: "苹果", Kind: market.Unknown, UnloadFrom: 480, UnloadTo: 1080, NoForklift: true})
		d = get(t, d, err)
		o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 600*kg, to(d, 600*kg))}})
		o = get(t, o, err)
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		list, err := orders.AllocationsToShip(w.ctx, db.Read())
		if list = get(t, list, err); len(list) != 0 {
			t.Fatalf("a need nobody called back would be shipped: %+v", list)
		}
		alloc := o.Lines[0].To[0].ID
		err = w.tx(func(tx store.Tx) error {
			return w.orders.Take(w.ctx, tx, driver, orders.Taking{Allocation: alloc, Consignment: "c", Grams: kg, At: w.now()})
		})
		wantFault(t, err, "need_not_verified", "")
		_, err = w.market.VerifyDemand(w.ctx, operator, d.ID, market.Call{How: "called"})
		get(t, 0, err)
		list, err = orders.AllocationsToShip(w.ctx, db.Read(), o.ID)
		list = get(t, list, err)
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		s := list[0]
		if s.Grams != 600*kg || s.Allocation != alloc || s.Receiver != "union" || s.Seller != "liulin" || s.PackGrams != 6*kg || !s.Packed ||
			s.Ready.To != 2 || s.UnloadFrom != 480 || s.UnloadTo != 1080 || !s.NoForklift || s.From.Adcode != "610322" || s.Produce != "apple" {
			t.Errorf("%+v", s)
		}
	})
}

// shipment is one confirmed order of 600 kg out of 700 kg for one need.
func shipment(t testing.TB, db *store.DB) (w *world, lot market.Lot, o orders.Order, alloc string) {
	t.Helper()
	w = newWorld(t, db)
	lot = w.lot(liulin, "liulin", "apple", 700*kg)
	offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
	d := w.need(union, "union", "apple", 1_000*kg)
	o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 600*kg, to(d, 600*kg))}})
	o = get(t, o, err)
	_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
	get(t, 0, err)
	return w, lot, o, o.Lines[0].To[0].ID
}

func TestTakingsNeverExceedThePromise(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, alloc := shipment(t, db)
		w.take(alloc, "c1", 400*kg)
		w.take(alloc, "c1", 400*kg) // again: harmless
		take := func(consignment string, g measure.Grams) error {
			return w.tx(func(tx store.Tx) error {
				return w.orders.Take(w.ctx, tx, driver, orders.Taking{Allocation: alloc, Consignment: consignment, Grams: g, At: w.now()})
			})
		}
		wantFault(t, take("c1", 100*kg), "consignment_reused", "")
		wantFault(t, take("c2", 201*kg), "not_enough", "")
		if got := w.grams(orders.AllocAllocated(alloc)); got != 200*kg {
			t.Errorf("%s waits", got)
		}
		_, err := w.orders.Cancel(w.ctx, donor, o.ID, "too late")
		wantFault(t, err, "on_a_trip", "")
		untake := func() error {
			return w.tx(func(tx store.Tx) error { return w.orders.Untake(w.ctx, tx, driver, "c1", w.now()) })
		}
		if err := untake(); err != nil {
			t.Fatal(err)
		}
		if err := untake(); err != nil { // again: harmless
			t.Fatal(err)
		}
		if got := w.grams(orders.AllocAllocated(alloc)); got != 600*kg {
			t.Errorf("%s waits after the trip was cancelled", got)
		}
	})
}

func TestScaleAtTheRamp(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, lot, _, alloc := shipment(t, db)
		w.take(alloc, "c1", 300*kg)
		w.take(alloc, "c2", 300*kg)
		w.load("c1", 290*kg) // 10 kg less: they stay promised
		w.load("c2", 320*kg) // 20 kg more: out of the lot
		w.load("c2", 320*kg) // the device sends again
		if a, l := w.grams(orders.AllocAllocated(alloc)), w.grams(market.LotAvailable(lot.ID)); a != 10*kg || l != 80*kg {
			t.Errorf("%s promised, %s in the lot", a, l)
		}
		err := w.tx(func(tx store.Tx) error {
			return w.orders.Loaded(w.ctx, tx, driver, orders.Loading{ClientID: "load-c2", Consignment: "c2", Grams: 321 * kg, At: w.now()})
		})
		wantFault(t, err, "client_id_reused", "")
		err = w.tx(func(tx store.Tx) error {
			return w.orders.Loaded(w.ctx, tx, driver, orders.Loading{ClientID: "another", Consignment: "c2", Grams: 320 * kg, At: w.now()})
		})
		wantFault(t, err, "already_loaded", "")
		w.take(alloc, "c3", 10*kg)
		err = w.tx(func(tx store.Tx) error { // 81 kg over, the lot has 80
			return w.orders.Loaded(w.ctx, tx, driver, orders.Loading{ClientID: "l3", Consignment: "c3", Grams: 91 * kg, At: w.now()})
		})
		wantFault(t, err, "not_enough", "")
		w.verify()
	})
}

// A proof of delivery accounts for every gram on the truck, and counts once.
func TestProofOfDelivery(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, _, alloc := shipment(t, db)
		w.take(alloc, "c1", 600*kg)
		receive := func(r orders.Receipt) error {
			r.Consignment, r.At = "c1", w.now()
			return w.tx(func(tx store.Tx) error { return w.orders.Received(w.ctx, tx, driver, r) })
		}
		lost := func(g measure.Grams) map[orders.LossCause]measure.Grams {
			return map[orders.LossCause]measure.Grams{orders.Moisture: g}
		}
		wantFault(t, receive(orders.Receipt{ClientID: "p", Received: 600 * kg}), "not_loaded", "")
		w.load("c1", 600*kg)
		for name, row := range map[string]struct {
			r           orders.Receipt
			code, field string
		}{
			"5.004 kg for 5,004": {orders.Receipt{ClientID: "p", Received: 596}, "weights_dont_add", "received"},
			"more than loaded":   {orders.Receipt{ClientID: "p", Received: 601 * kg}, "weights_dont_add", "received"},
			"negative":           {orders.Receipt{ClientID: "p", Received: -1}, "bad_weight", "received"},
			"rejected too much":  {orders.Receipt{ClientID: "p", Received: 600 * kg, Rejected: 601 * kg}, "rejected_too_much", "rejected"},
			"rejected unsaid":    {orders.Receipt{ClientID: "p", Received: 600 * kg, Rejected: kg}, "reason_needed", "reject_reason"},
			"negative loss":      {orders.Receipt{ClientID: "p", Received: 601 * kg, Lost: lost(-kg)}, "bad_weight", "lost"},
			"unknown cause":      {orders.Receipt{ClientID: "p", Received: 599 * kg, Lost: map[orders.LossCause]measure.Grams{"eaten": kg}}, "unknown_cause", "lost"},
			"no client id":       {orders.Receipt{Received: 600 * kg}, "required", "client_id"},
		} {
			if f := fault.Of(receive(row.r)); f == nil || f.Code != row.code || f.Field != row.field {
				t.Errorf("%s: got %+v, want %s at %s", name, f, row.code, row.field)
			}
		}
		good := orders.Receipt{ClientID: "p", Received: 596 * kg, Rejected: 2 * kg, RejectReason: "bruised", Lost: lost(4 * kg)}
		for range 2 { // sent twice: one effect
			if err := receive(good); err != nil {
				t.Fatal(describe(err))
			}
		}
		other := good
		other.Rejected = 3 * kg
		wantFault(t, receive(other), "client_id_reused", "")
		other.ClientID = "q"
		wantFault(t, receive(other), "already_received", "")
		numbers, err := orders.Consigned(w.ctx, db.Read(), "c1")
		n := get(t, numbers, err)["c1"]
		if n.Loaded != 600*kg || n.OnTruck != 0 || n.Received != 596*kg || n.Accepted != 594*kg || n.Rejected != 2*kg || n.Lost[orders.Moisture] != 4*kg {
			t.Errorf("%+v", n)
		}
		w.verify()
	})
}

// A need counts what was accepted, never what is on the road.
func TestNeedCountsAcceptedGramsOnly(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		lot := w.lot(liulin, "liulin", "apple", 700*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		d := w.need(union, "union", "apple", 590*kg)
		state := func() market.DemandView {
			v, err := w.market.Demand(w.ctx, d.ID)
			return get(t, v, err)
		}
		is := func(want market.DemandState) {
			t.Helper()
			v := state()
			if got := v.State(v.Numbers, firstDay); got != want {
				t.Errorf("need is %s, want %s: %+v", got, want, v.Numbers)
			}
		}
		o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(offer, 590*kg, to(d, 590*kg))}})
		o = get(t, o, err)
		if n := state().Numbers; n.Committed != 590*kg {
			t.Errorf("%+v", n)
		}
		_, err = w.orders.Confirm(w.ctx, liulin, o.ID)
		get(t, 0, err)
		alloc := o.Lines[0].To[0].ID
		w.take(alloc, "c1", 290*kg)
		w.take(alloc, "c2", 300*kg)
		if n := state().Numbers; n.Committed != 0 || n.Allocated != 590*kg {
			t.Errorf("%+v", n)
		}
		w.load("c1", 290*kg)
		w.load("c2", 300*kg)
		if n := state().Numbers; n.OnTruck != 590*kg || n.Accepted != 0 {
			t.Errorf("%+v", n)
		}
		is(market.DemandVerified)
		w.receive("c1", 290*kg, 0, nil)
		is(market.DemandPartMet)
		w.receive("c2", 300*kg, 0, nil)
		is(market.DemandMet)
	})
}

func TestHaulageIsPaidOnceAndNeverBeyondTheFund(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		d := w.need(union, "union", "apple", 590*kg)
		c, err := w.market.OpenCampaign(w.ctx, donor, "", market.CampaignInput{Donor: "donor", Title: "t", NamedUse: "u", Demands: []string{d.ID}})
		c = get(t, c, err)
		w.pay(c.Reference, 1_000_00)
		pay := func(client string, f measure.Fen) error {
			return w.tx(func(tx store.Tx) error {
				return w.orders.PayHaulage(w.ctx, tx, finance, orders.Haulage{ClientID: client, Campaign: c.ID, Carrier: "haulier", Trip: "t1", Fen: f, At: w.now()})
			})
		}
		wantFault(t, pay("a", 1_000_01), "fund_short", "")
		for range 2 {
			if err := pay("a", 600_00); err != nil {
				t.Fatal(err)
			}
		}
		wantFault(t, pay("b", 400_01), "fund_short", "")
		if got := w.fen(orders.Payable("haulier")); got != 600_00 {
			t.Errorf("the carrier gets %s", got)
		}
	})
}

// The goods' invoice names no haulage: what it costs beyond the escrow comes out of what the buyer paid on top, and never out of more.
func TestHaulageBeyondTheEscrowIsPaidOnTop(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		order := w.paidOrder() // 600.00, of which 100.00 came
		o, err := w.orders.Order(w.ctx, firm, order)
		o = get(t, o, err)
		w.pay(o.Reference, 520_00) // 20.00 on top
		pay := func(client string, f measure.Fen) error {
			return w.tx(func(tx store.Tx) error {
				return w.orders.PayHaulage(w.ctx, tx, finance, orders.Haulage{ClientID: client, Order: order, Carrier: "haulier", Trip: "t1", Fen: f, At: w.now()})
			})
		}
		wantFault(t, pay("a", 620_01), "fund_short", "")
		w.wantFens(map[string]measure.Fen{orders.Escrow(order): 600_00, orders.Overpaid(order): 20_00})
		if err := pay("b", 605_00); err != nil {
			t.Fatal(err)
		}
		w.wantFens(map[string]measure.Fen{orders.Escrow(order): 0, orders.Overpaid(order): 15_00, orders.Payable("haulier"): 605_00})
		w.verify()
	})
}

// An order is not settled before the carriers of its goods are paid: nothing would be left to pay them from.
func TestAnOrderIsSettledAfterItsHaulage(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 76_000_00)
		s.hauled()
		s.accepted()
		unpaid, asked := "JS1", []string(nil)
		s.orders.UnpaidTrip = func(_ context.Context, _ store.Querier, carried []string) (string, error) {
			asked = carried
			return unpaid, nil
		}
		_, err := s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		wantFault(t, err, "haulage_first", "")
		if len(asked) == 0 {
			t.Error("no consignment was asked about")
		}
		unpaid = ""
		_, err = s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		get(t, 0, err)
		unpaid = "JS1" // a second click gives what was divided
		_, err = s.orders.Settle(s.ctx, finance, s.appleOrder.ID)
		get(t, 0, err)
	})
}
