package orders_test

import (
	"testing"
	"time"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// shipped is 600 kg of apples on a truck.
func shipped(t testing.TB, db *store.DB) (*world, market.Lot, orders.Order) {
	w, lot, o, alloc := shipment(t, db)
	w.take(alloc, "c1", 600*kg)
	w.load("c1", 600*kg)
	return w, lot, o
}

func (w *world) signed(r orders.Receipt) {
	w.t.Helper()
	r.ClientID, r.Consignment, r.At = "pod", "c1", w.now()
	w.do(func(tx store.Tx) error { return w.orders.Received(w.ctx, tx, driver, r) })
}

// adds checks the second invariant on a consignment: loaded = received + lost, received = accepted + rejected + returned.
func (w *world) adds(accepted, rejected, returned, lost measure.Grams) {
	w.t.Helper()
	all, err := orders.Consigned(w.ctx, w.db.Read(), "c1")
	n := get(w.t, all, err)["c1"]
	var gone measure.Grams
	for _, g := range n.Lost {
		gone += g
	}
	if n.Accepted != accepted || n.Rejected != rejected || n.Returned != returned || gone != lost {
		w.t.Errorf("got %+v", n)
	}
	if n.Loaded != n.Received+gone+n.OnTruck || n.Received != n.Accepted+n.Rejected+n.Returned {
		w.t.Errorf("doesn't add up: %+v", n)
	}
}

// Silence of 72 hours accepts goods, but never after a broken cold chain.
func TestSilenceAcceptsNothingAfterABreach(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		for breach, want := range map[bool]orders.State{false: orders.Accepted, true: orders.Delivered} {
			t.Run(map[bool]string{false: "cold", true: "warm"}[breach], func(t *testing.T) {
				w, _, o := shipped(t, storetest.SQLite(t))
				w.signed(orders.Receipt{Received: 600 * kg, Breach: breach})
				w.at(firstDay.Add(100 * 24 * time.Hour))
				v, err := w.orders.Order(w.ctx, donor, o.ID)
				if got := get(t, v, err).State; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			})
		}
	})
}

func TestReturnedAndLostLoadsAddUp(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, _ := shipped(t, db)
		both := orders.Receipt{ClientID: "x", Consignment: "c1", Received: 300 * kg, Returned: 300 * kg, At: w.now()}
		wantFault(t, w.tx(func(tx store.Tx) error { return w.orders.Received(w.ctx, tx, driver, both) }), "bad_weight", "received")
		w.signed(orders.Receipt{Returned: 590 * kg, Lost: map[orders.LossCause]measure.Grams{orders.Rot: 10 * kg}})
		w.adds(0, 0, 590*kg, 10*kg)
		w.verify()
	})
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, _ := shipped(t, db)
		w.signed(orders.Receipt{Lost: map[orders.LossCause]measure.Grams{orders.Theft: 600 * kg}})
		w.adds(0, 0, 0, 600*kg)
		w.verify()
	})
}

// Rejected goods become a new lot of their seller in another grade, or are destroyed; once each, and never more than there is.
func TestRejectedGoodsAreTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, old, _ := shipped(t, db)
		w.signed(orders.Receipt{Received: 600 * kg, Rejected: 100 * kg, RejectReason: "bruised"})
		back := func(b orders.TakingBack) (lot string, err error) {
			b.Consignment, b.At, b.Reason, b.Place = "c1", w.now(), "bruised", orders.Stop{Adcode: "610322"}
			err = w.tx(func(tx store.Tx) error {
				lot, err = w.orders.TakeBack(w.ctx, tx, liulin, b)
				return err
			})
			return lot, err
		}
		_, err := back(orders.TakingBack{ClientID: "b1", Grams: 101 * kg, Grade: "second"})
		wantFault(t, err, "more_than_rejected", "weight")
		_, err = back(orders.TakingBack{ClientID: "b1", Grams: 40 * kg})
		wantFault(t, err, "required", "grade")
		for n := range 2 { // sent twice: one lot
			id, err := back(orders.TakingBack{ClientID: "b1", Grams: 40 * kg, Grade: "second"})
			if err != nil {
				t.Fatal(describe(err))
			}
			if n > 0 {
				if id != "" {
					t.Errorf("sent again it made another lot %s", id)
				}
				continue
			}
			l, err := market.LotByID(w.ctx, db.Read(), id)
			if l = get(t, l, err); l.Party != old.Party || l.Grade != "second" || l.Weighed != 40*kg || w.grams(market.LotAvailable(id)) != 40*kg {
				t.Errorf("got %+v", l)
			}
		}
		w.adds(500*kg, 60*kg, 40*kg, 0)
		if id, err := back(orders.TakingBack{ClientID: "b2", Grams: 60 * kg, Destroyed: true}); err != nil || id != "" {
			t.Fatal(id, describe(err))
		}
		w.adds(500*kg, 0, 100*kg, 0)
		w.verify()
	})
}

// Diverted goods count for the need they are brought to, not for the one they were meant for.
func TestDivertedGoodsCountForTheNewNeed(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o := shipped(t, db)
		before, after := o.Lines[0].To[0].Demand, w.need(zhongnan, "zhongnan", "apple", 1_000*kg).ID
		_, err := w.orders.Order(w.ctx, zhongnan, o.ID)
		wantFault(t, err, "not_found", "")
		w.do(func(tx store.Tx) error { return w.orders.Divert(w.ctx, tx, driver, "c1", after, w.now()) })
		read, err := w.orders.Order(w.ctx, zhongnan, o.ID)
		if read = get(t, read, err); read.ID != o.ID {
			t.Error("the new receiver can't read the order whose goods it gets")
		}
		w.signed(orders.Receipt{Received: 600 * kg})
		n, err := orders.Books{}.OfDemands(w.ctx, db.Read(), before, after)
		n = get(t, n, err)
		if n[before].Accepted != 0 || n[after].Accepted != 600*kg {
			t.Errorf("old need %+v, new need %+v", n[before], n[after])
		}
		err = w.tx(func(tx store.Tx) error { return w.orders.Divert(w.ctx, tx, driver, "c1", before, w.now()) })
		wantFault(t, err, "already_received", "")
	})
}
