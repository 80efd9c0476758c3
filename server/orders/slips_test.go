package orders_test

import (
	"testing"

	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// A buyer's word that it has transferred is kept for finance and moves nothing. Another's order has none to see; an order that is over
// takes none.
func TestSlipsOfAnOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.sale()
		slip := orders.TransferProof{For: o.ID, Note: "transferred this morning"}
		_, err := w.orders.UploadSlip(w.ctx, donor, orders.TransferProof{For: o.ID})
		wantFault(t, err, "proof_needed", "note")
		w.orders.PhotoKept = func(string) bool { return false }
		_, err = w.orders.UploadSlip(w.ctx, donor, orders.TransferProof{For: o.ID, Photo: "p1"})
		wantFault(t, err, "no_such_photo", "photo")
		_, err = w.orders.UploadSlip(w.ctx, firm, slip)
		wantFault(t, err, "not_found", "")
		list, err := w.orders.UploadSlip(w.ctx, donor, slip)
		if list = get(t, list, err); len(list) != 1 || list[0].Note != slip.Note || list[0].At != w.now() {
			t.Errorf("%+v", list)
		}
		if got := w.fen(orders.Escrow(o.ID)); got != 0 {
			t.Errorf("a slip put %s into escrow", got)
		}
		list, err = w.orders.Slips(w.ctx, finance, o.ID)
		if list = get(t, list, err); len(list) != 1 {
			t.Errorf("finance sees %+v", list)
		}
		_, err = w.orders.Slips(w.ctx, liulin, o.ID)
		wantFault(t, err, "not_found", "")
		must(t)(w.orders.Cancel(w.ctx, donor, o.ID, "not needed"))
		_, err = w.orders.UploadSlip(w.ctx, donor, slip)
		wantFault(t, err, "wrong_state", "")
		_, err = w.orders.UploadSlip(w.ctx, donor, orders.TransferProof{For: w.gift().ID, Note: slip.Note})
		wantFault(t, err, "paid_by_fund", "")
		w.verify()
	})
}
