package orders_test

import (
	"testing"

	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// 600 kg by the farm's scale, 600 at the ramp, 560 received. Of 20 kg dried out 1 % of 600, 6 kg, was agreed beforehand and 14 is
// beyond; 15 rotted and 5 are missing: 34 kg at 6 yuan are the seller's. The terms stay as they were when the order was sent.
func TestLossesAreSplitByTheAgreedTerms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.orders.Moisture = func(string) int { return 50 }
		lot := w.lot(liulin, "liulin", "apple", 1_200*kg)
		agreed := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000, Loss: &market.LossTerms{MoisturePerMille: 10, Bearer: market.SellerBears}})
		ruled := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		want := map[string]orders.Weighing{
			agreed.ID: {Within: 6 * kg, Beyond: 14 * kg, Terms: market.LossTerms{MoisturePerMille: 10, Bearer: market.SellerBears}, Charged: 204_00},
			ruled.ID:  {Within: 20 * kg, Terms: market.LossTerms{MoisturePerMille: 50, Bearer: market.CarrierBears}, Charged: 120_00},
		}
		for _, offer := range []market.Offer{agreed, ruled} {
			o := w.buy(offer, 600*kg)
			w.orders.Moisture = func(string) int { return 0 } // the rule changes: what was agreed stays
			c := "c-" + o.ID
			w.take(o.Lines[0].To[0].ID, c, 600*kg)
			w.load(c, 600*kg)
			list, err := w.orders.Weighings(w.ctx, union, o.ID)
			if list = get(t, list, err); len(list) != 1 || list[0].OnTruck != 600*kg || list[0].Charged != 0 {
				t.Errorf("on the road: %+v", list)
			}
			w.receive(c, 560*kg, 0, map[orders.LossCause]measure.Grams{orders.Moisture: 20 * kg, orders.Rot: 15 * kg, orders.Missing: 5 * kg})
			list, err = w.orders.Weighings(w.ctx, liulin, o.ID)
			x := want[offer.ID]
			x.Line, x.Lot, x.Farm, x.Loaded, x.Received, x.Accepted, x.Rot, x.Missing = o.Lines[0].ID, lot.ID, 600*kg, 600*kg, 560*kg, 560*kg, 15*kg, 5*kg
			if list = get(t, list, err); len(list) != 1 || list[0] != x {
				t.Errorf("%+v, want %+v", list, x)
			}
			_, err = w.orders.Weighings(w.ctx, biaojiao, o.ID)
			wantFault(t, err, "not_found", "")
			w.orders.Moisture = func(string) int { return 50 }
		}
		bad, err := w.market.CreateOffer(w.ctx, liulin, "", market.OfferInput{Lot: lot.ID, Price: 1, Loss: &market.LossTerms{MoisturePerMille: 101, Bearer: market.SellerBears}})
		_ = bad
		wantFault(t, err, "bad_moisture", "loss.moisture_per_mille")
		_, err = w.market.CreateOffer(w.ctx, liulin, "", market.OfferInput{Lot: lot.ID, Price: 1, Loss: &market.LossTerms{Bearer: "nobody"}})
		wantFault(t, err, "bad_bearer", "loss.bearer")
	})
}
