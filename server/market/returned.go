package market

import (
	"context"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// ReturnedLot makes a new lot of goods that a receiver rejected: of the same seller and produce, in the grade they have now,
// where they are now. It gives the new lot's id. No household has a share in it: the benefit was for what was accepted.
func (s *Service) ReturnedLot(ctx context.Context, tx store.Tx, by auth.Actor, from string, g measure.Grams, grade string, place Place, at measure.Millis) (string, error) {
	old, err := LotByID(ctx, tx, from)
	if err != nil {
		return "", found(err, "lot")
	}
	l := Lot{ID: store.NewID(), Party: old.Party, Produce: old.Produce, Grade: grade, Packing: old.Packing, PackGrams: old.PackGrams, Weighed: g,
		HarvestedOn: old.HarvestedOn, Place: place, SourceLine: "lot/" + from, CreatedAt: at}
	if l.PackGrams > 0 {
		l.Packs = int64((g + l.PackGrams - 1) / l.PackGrams)
	}
	if err = insertLot(ctx, tx, l, by.ID()); err != nil {
		return "", err
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "lot/" + l.ID + "/weighed", At: at, Actor: by.ID(), Kind: "weighed", Subject: "lot/" + l.ID, Note: map[string]string{"from_lot": from},
		Postings: []ledger.Posting{{Unit: ledger.Grams, From: Returned, To: LotAvailable(l.ID), Amount: int64(g)}},
	})
	if err != nil {
		return "", err
	}
	return l.ID, s.record(ctx, tx, by, "lot.return", "lot/"+l.ID, "", nil, l)
}
