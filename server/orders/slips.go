package orders

import (
	"context"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/store"
)

// UploadSlip keeps a payer's word that it has transferred for one order, and gives all of them. It moves no money; finance looks for it in
// the statement.
func (s *Service) UploadSlip(ctx context.Context, by auth.Actor, p TransferProof) ([]TransferProof, error) {
	if err := s.checkSlip(p); err != nil {
		return nil, err
	}
	var out []TransferProof
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		o, err := ByID(ctx, tx, p.For)
		if err != nil || !by.MayActFor(o.Buyer, auth.ActOrders) {
			return found(orNoRows(err), "order")
		}
		if !o.open() {
			return fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while the order is %s.", "pay", string(o.Act))
		}
		if err = o.paidByFund(); err != nil {
			return err
		}
		p.ID, p.At, p.By = store.NewID(), s.millis(ctx), by.ID()
		if err = insertProof(ctx, tx, "order", p); err != nil {
			return err
		}
		if err = s.recordOf(ctx, tx, by, o, deed{act: "order.proof", at: p.At, after: p}); err != nil {
			return err
		}
		out, err = proofsOf(ctx, tx, o.ID)
		return err
	})
	return out, err
}

// checkSlip faults a word of nothing, and a photo that was not uploaded.
func (s *Service) checkSlip(p TransferProof) error {
	if p.Photo == "" && p.Note == "" || utf8.RuneCountInString(p.Note) > 500 {
		return fault.At("note", "proof_needed", "Give a photo of the slip, or a note of at most 500 characters.")
	}
	return s.checkPhoto(p.Photo)
}

// checkPhoto faults a photo that was not uploaded; "" is none.
func (s *Service) checkPhoto(id string) error {
	if id != "" && (len(id) > 200 || s.PhotoKept != nil && !s.PhotoKept(id)) {
		return fault.At("photo", "no_such_photo", "There is no such photo: upload it first.")
	}
	return nil
}

// Slips lists what the buyer of an order sent in, to its own people and finance.
func (s *Service) Slips(ctx context.Context, by auth.Actor, order string) ([]TransferProof, error) {
	o, err := ByID(ctx, s.DB.Read(), order)
	if err != nil || !by.MayActFor(o.Buyer, auth.ActOrders) && !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return nil, found(orNoRows(err), "order")
	}
	return proofsOf(ctx, s.DB.Read(), order)
}
