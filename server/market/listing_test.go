package market_test

import (
	"testing"

	"jishi/server/market"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// What a grower lists in a field is a lot with its offer: without a price there is neither, and sent twice there is one.
func TestListWritesBothOrNeither(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		in := market.ListInput{Lot: market.LotInput{
			ClientID: "phone/1", Party: "liulin", Produce: "苹果", Weight: 3000 * kg, Photo: "photo1", ActedAt: 1, Place: market.Place{Adcode: "610322"},
		}}
		_, _, err := s.List(s.ctx, liulin, in)
		wantFault(t, err, "bad_price", "price")
		if lots, _, err := s.Lots(s.ctx, liulin, "liulin", ""); err != nil || len(lots) != 0 {
			t.Fatalf("a lot stands without its offer: %v, %v", lots, err)
		}
		in.Offer.Price = 60_000
		l, o, err := s.List(s.ctx, liulin, in)
		if err != nil || o.Act != market.OfferLive || o.Lot != l.ID || l.Photo != "photo1" || l.ActedAt != 1 || s.left(l.ID) != 3000*kg {
			t.Fatalf("got %+v, %+v, %v", l, o, err)
		}
		again, same, err := s.List(s.ctx, liulin, in)
		if err != nil || again.ID != l.ID || same.ID != o.ID || same.Act != market.OfferLive {
			t.Errorf("sent again it made %s and %s: %v", again.ID, same.ID, err)
		}
		if _, _, err = s.List(s.ctx, biaojiao, in); err == nil {
			t.Error("another cooperative lists in its name")
		}
	})
}
