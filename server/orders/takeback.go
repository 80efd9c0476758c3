package orders

import (
	"context"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// TakingBack is rejected goods that leave their receiver.
type TakingBack struct {
	ClientID    string // the same one again has no second effect
	Consignment string
	Grams       measure.Grams
	Destroyed   bool   // thrown away; otherwise a new lot of the seller
	Grade       string // of the new lot
	Place       Stop   // where the goods are
	Reason      string
	At          measure.Millis
}

func (t TakingBack) check() error {
	switch {
	case t.Grams <= 0 || t.Grams > market.MaxLot:
		return market.BadWeight("weight")
	case t.Reason == "" || utf8.RuneCountInString(t.Reason) > 300:
		return fault.At("reason", "reason_needed", "Say why goods are rejected.")
	case !t.Destroyed && t.Grade == "":
		return fault.At("grade", "required", "This can't be empty.")
	case utf8.RuneCountInString(t.Grade) > 60:
		return fault.At("grade", "too_long", "At most %d characters.", 60)
	}
	return nil
}

// TakeBack moves rejected goods to a new lot of their seller, in another grade, and gives its id; or writes down that they
// were destroyed. Either way they count as returned. Sent again it makes no second lot.
func (s *Service) TakeBack(ctx context.Context, tx store.Tx, by auth.Actor, b TakingBack) (lot string, err error) {
	if err = b.check(); err != nil {
		return "", err
	}
	t, err := takingByID(ctx, tx, b.Consignment)
	if err != nil {
		return "", found(err, "consignment")
	}
	n, err := consigned(ctx, tx, b.Consignment)
	if err != nil {
		return "", err
	}
	if b.Grams > n.Rejected {
		return "", fault.At("weight", "more_than_rejected", "%s was rejected and is still there; %s can't be taken back.", n.Rejected, b.Grams)
	}
	_, repeated, err := ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "take_back/" + b.ClientID, At: b.At, Actor: by.ID(), Kind: "returned", Subject: "order/" + t.Order,
		Note:     map[string]string{"consignment": b.Consignment, "reason": b.Reason},
		Postings: []ledger.Posting{inGrams(ConsignRejected(b.Consignment), ConsignReturned(b.Consignment), b.Grams)},
	})
	if err != nil || repeated {
		return "", err
	}
	if !b.Destroyed {
		lot, err = s.Market.ReturnedLot(ctx, tx, by, t.Lot, b.Grams, b.Grade, market.Place(b.Place), b.At)
	}
	if err != nil {
		return "", err
	}
	return lot, s.consigned(ctx, tx, by, "consignment.take_back", t, b.At, map[string]any{"grams": b.Grams, "destroyed": b.Destroyed, "lot": lot})
}

// Divert makes what is on a truck count for another need. Who receives it there says whether it stands.
func (s *Service) Divert(ctx context.Context, tx store.Tx, by auth.Actor, consignment, demand string, at measure.Millis) error {
	t, err := takingByID(ctx, tx, consignment)
	if err != nil {
		return found(err, "consignment")
	}
	if t.ReceivedAt > 0 {
		return fault.New(fault.Conflict, "already_received", "This delivery is signed for already.")
	}
	if err = setDemand(ctx, tx, consignment, demand); err != nil {
		return err
	}
	before := t.Demand
	t.Demand = demand
	if err = s.Market.DemandChanged(ctx, tx, before); err != nil {
		return err
	}
	return s.consigned(ctx, tx, by, "consignment.divert", t, at, map[string]string{"from": before, "to": demand})
}
