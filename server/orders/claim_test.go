package orders_test

import (
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// delivered is a paid order of 600 kg, received whole.
func delivered(t testing.TB, db *store.DB) (*world, orders.Order) {
	t.Helper()
	w, _, o, alloc := shipment(t, db)
	w.pay(o.Reference, 3_600_00)
	w.haul(alloc, "c1", 600*kg, 600*kg, 600*kg, 0)
	return w, o
}

func claim(o orders.Order, g measure.Grams) orders.ClaimInput {
	return orders.ClaimInput{ClientID: "claim-1", Order: o.ID, Consignment: "c1", Grams: g, Reason: "rotten below", Photo: "p1"}
}

// A claim holds the money back until it is decided; what is granted is not paid for, by a new posting.
func TestGrantedClaimIsNotPaidFor(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := delivered(t, db)
		c, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
		c = get(t, c, err)
		again, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
		if again = get(t, again, err); again.ID != c.ID {
			t.Error("sent twice, claimed twice")
		}
		w.at(firstDay.AddDate(0, 0, 5)) // silence does not accept what is disputed
		_, err = w.orders.Settle(w.ctx, finance, o.ID)
		wantFault(t, err, "wrong_state", "")
		_, err = w.orders.AgreeClaim(w.ctx, donor, c.ID, 50*kg)
		wantFault(t, err, "not_yours_to_do", "")
		_, err = w.orders.AgreeClaim(w.ctx, biaojiao, c.ID, 50*kg)
		wantFault(t, err, "not_found", "")
		_, err = w.orders.AgreeClaim(w.ctx, liulin, c.ID, 51*kg)
		wantFault(t, err, "grant_too_much", "granted")
		_, err = w.orders.AgreeClaim(w.ctx, liulin, c.ID, 40*kg)
		get(t, 0, err)
		st, err := w.orders.Settle(w.ctx, finance, o.ID)
		if st = get(t, st, err); st.Total != 3_360_00 { // 560 kg x 6.00
			t.Errorf("settled %s", st.Total)
		}
		if w.grams(orders.ConsignAccepted("c1")) != 560*kg || w.grams(orders.ConsignRejected("c1")) != 40*kg || w.fen(orders.Refund("donor")) != 240_00 {
			t.Errorf("accepted %s, owed back %s", w.grams(orders.ConsignAccepted("c1")), w.fen(orders.Refund("donor")))
		}
		// The device sends its old proof of delivery once more: still harmless.
		w.at(firstDay)
		w.receive("c1", 600*kg, 0, nil)
		w.verify()
	})
}

func TestOperatorRulesOnAClaim(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := delivered(t, db)
		c, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
		c = get(t, c, err)
		_, err = w.orders.RuleClaim(w.ctx, union, c.ID, 50*kg, "mine")
		wantFault(t, err, "operators_only", "")
		_, err = w.orders.RuleClaim(w.ctx, operator, c.ID, 0, "")
		wantFault(t, err, "reason_needed", "reason")
		_, err = w.orders.RuleClaim(w.ctx, operator, c.ID, 0, "the photo shows another lot")
		get(t, 0, err)
		_, err = w.orders.RuleClaim(w.ctx, operator, c.ID, 0, "again")
		wantFault(t, err, "wrong_state", "")
		st, err := w.orders.Settle(w.ctx, finance, o.ID)
		if st = get(t, st, err); st.Total != 3_600_00 {
			t.Errorf("settled %s", st.Total)
		}
	})
}

func TestClaimNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := delivered(t, db)
		make := func(change func(*orders.ClaimInput)) error {
			in := claim(o, 50*kg)
			in.ClientID = ""
			change(&in)
			_, err := w.orders.MakeClaim(w.ctx, union, in)
			return err
		}
		wantFault(t, make(func(in *orders.ClaimInput) { in.Photo = "" }), "photo_needed", "photo")
		w.orders.PhotoKept = func(id string) bool { return id == "p1" }
		wantFault(t, make(func(in *orders.ClaimInput) { in.Photo = "p2" }), "no_such_photo", "photo")
		wantFault(t, make(func(in *orders.ClaimInput) { in.Reason = "" }), "reason_needed", "reason")
		wantFault(t, make(func(in *orders.ClaimInput) { in.Grams = 0 }), "claim_too_much", "weight")
		wantFault(t, make(func(in *orders.ClaimInput) { in.Grams = 601 * kg }), "claim_too_much", "weight")
		wantFault(t, make(func(in *orders.ClaimInput) { in.Consignment = "x" }), "not_found", "")
		_, err := w.orders.MakeClaim(w.ctx, zhongnan, claim(o, kg)) // not its delivery
		wantFault(t, err, "not_found", "")
		if err := make(func(in *orders.ClaimInput) { in.Grams = 400 * kg }); err != nil {
			t.Fatal(err)
		}
		wantFault(t, make(func(in *orders.ClaimInput) { in.Grams = 201 * kg }), "claim_too_much", "weight") // 400 are claimed already
		w.at(firstDay.Add(72*time.Hour + time.Second))
		wantFault(t, make(func(in *orders.ClaimInput) { in.Grams = kg }), "claim_too_late", "")
	})
}

// What came waits for its receiver's word until it accepts or claims; a claim waits for the seller or an operator until it is decided.
func TestWhatCameWaitsForAWord(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, o := delivered(t, db)
		waits := func(by auth.Actor, accept, claims int) {
			t.Helper()
			came, err := w.orders.ToAccept(w.ctx, by)
			came = get(t, came, err)
			held, err := w.orders.OpenClaims(w.ctx, by)
			if held = get(t, held, err); len(came) != accept || len(held) != claims {
				t.Errorf("%s has %v and %v", by.Name, came, held)
			}
		}
		came, err := w.orders.ToAccept(w.ctx, union)
		if came = get(t, came, err); len(came) != 1 || came[0].Order != o.ID || came[0].Seller != o.Seller || came[0].Breach || came[0].Until != w.now()+72*3_600_000 {
			t.Fatalf("waits %+v", came)
		}
		for _, other := range []auth.Actor{zhongnan, liulin, donor, operator} {
			waits(other, 0, 0)
		}
		c, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
		c = get(t, c, err)
		waits(union, 0, 0)
		waits(liulin, 0, 1)
		waits(operator, 0, 1)
		waits(biaojiao, 0, 0)
		waits(zhongnan, 0, 0)
		_, err = w.orders.AgreeClaim(w.ctx, liulin, c.ID, 0)
		get(t, 0, err)
		waits(union, 0, 0)
		waits(liulin, 0, 0)
		waits(operator, 0, 0)
	})
}

// Silence accepts after 72 hours, so that nothing waits any more; never after a broken cold chain.
func TestSilenceEndsTheWaitForAWord(t *testing.T) {
	t.Parallel()
	for _, breach := range []bool{false, true} {
		storetest.Run(t, func(t *testing.T, db *store.DB) {
			w, _, o, alloc := shipment(t, db)
			w.pay(o.Reference, 3_600_00)
			w.take(alloc, "c1", 600*kg)
			w.load("c1", 600*kg)
			w.do(func(tx store.Tx) error {
				return w.orders.Received(w.ctx, tx, driver, orders.Receipt{ClientID: "r", Consignment: "c1", Received: 600 * kg, At: w.now(), Breach: breach})
			})
			w.at(firstDay.Add(73 * time.Hour))
			list, err := w.orders.ToAccept(w.ctx, union)
			if list = get(t, list, err); (len(list) == 1) != breach {
				t.Errorf("breach %v: waits %v", breach, list)
			}
		})
	}
}

// A phone whose clock is two minutes ahead signed for the goods: the word of its receiver stands at once, and so does a claim that is decided.
func TestAReceiverWhosePhoneIsAheadIsTakenAtItsWord(t *testing.T) {
	t.Parallel()
	for name, word := range map[string]func(w *world, o orders.Order) error{
		"accepts": func(w *world, o orders.Order) error { _, err := w.orders.Accept(w.ctx, union, o.ID, ""); return err },
		"claims": func(w *world, o orders.Order) error {
			c, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
			if err == nil {
				_, err = w.orders.AgreeClaim(w.ctx, liulin, c.ID, 40*kg)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T, db *store.DB) {
				w, o := delivered(t, db)
				w.at(firstDay.Add(-2 * time.Minute))
				if err := word(w, o); err != nil {
					t.Fatal(err)
				}
				v, err := w.orders.Order(w.ctx, union, o.ID)
				if v = get(t, v, err); v.State != orders.Accepted {
					t.Errorf("its receiver gave its word, and the order is %s", v.State)
				}
			})
		})
	}
}
