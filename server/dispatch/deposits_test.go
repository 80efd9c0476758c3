package dispatch

import (
	"testing"

	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// 3 t of a gift, 1 t and 2 t of one shipper, 2 t of the carrier's own, 600.00 asked: the shipper puts up 3/8 of it in one sum, nobody the rest.
func TestADepositIsAskedOfShippersByWeight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	trip := Trip{ID: "t", Outline: PlannedTrip{Stops: []PlannedStop{{Start: w.millis(t.Context()) + hour}}}}
	add := func(l Load, g measure.Grams) {
		l.Grams = g
		trip.Consignments = append(trip.Consignments, Consignment{Load: l})
	}
	gift := Load{}
	gift.Order, gift.Campaign = "gift", "campaign"
	add(gift, 3*measure.Tonne)
	for _, p := range []struct {
		shipper string
		grams   measure.Grams
	}{{"coop", measure.Tonne}, {"carrier", 2 * measure.Tonne}, {"coop", 2 * measure.Tonne}} {
		posted, err := w.PostLoad(t.Context(), dispatcher, PostedInput{Shipper: p.shipper, Produce: "苹果", Grams: p.grams,
			From: orders.Stop{Adcode: "610322"}, To: orders.Stop{Adcode: "610331"}})
		if err != nil {
			t.Fatal(err)
		}
		add(posted.Load, p.grams)
	}
	err := w.db.InTx(t.Context(), func(tx store.Tx) error {
		return w.askDeposits(t.Context(), tx, dispatcher, trip, Capacity{Carrier: "carrier", Deposit: 600_00})
	})
	if err != nil || len(w.asked) != 1 {
		t.Fatalf("%+v, %v", w.asked, err)
	}
	d := w.asked[0]
	if d.Party != "coop" || d.Fen != 225_00 || d.Other != "carrier" || d.OtherAccount != orders.Payable("carrier") || d.Until != trip.Outline.Stops[0].Start {
		t.Errorf("%+v", d)
	}
}
