package market

import (
	"context"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/store"
)

// ListInput is a lot and the offer it goes out under. The offer's own Lot is not read.
type ListInput struct {
	Lot   LotInput
	Offer OfferInput
}

// List writes a lot down and publishes an offer of all of it, both or neither: what a grower does in a field, maybe without
// a network. The same client id again gives what the first one made.
func (s *Service) List(ctx context.Context, by auth.Actor, in ListInput) (Lot, Offer, error) {
	mayLot, err := by.ActFor(in.Lot.Party, auth.ActLots)
	if err != nil {
		return Lot{}, Offer{}, err
	}
	if !by.MayActFor(in.Lot.Party, auth.ActOffers) {
		_, err = by.ActFor(in.Lot.Party, auth.ActOffers)
		return Lot{}, Offer{}, err
	}
	fresh, err := s.newLot(ctx, mayLot, in.Lot)
	if err != nil {
		return Lot{}, Offer{}, err
	}
	in.Offer.Lot = fresh.ID
	if err = in.Offer.check(); err != nil {
		return Lot{}, Offer{}, err
	}
	var l Lot
	var o Offer
	err = s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		var made bool
		offer := in.Offer
		if l, made, err = s.addLot(ctx, tx, mayLot, fresh, in.Lot); err != nil {
			return err
		}
		offer.Lot = l.ID
		client := in.Lot.ClientID
		if client != "" {
			client += "/offer"
		}
		if o, err = s.addOffer(ctx, tx, by, client, offer); err != nil || !made {
			return err
		}
		o, _, err = s.moveOffer(ctx, tx, by, o.ID, "publish", "")
		return err
	})
	return l, o, err
}

// listedAt is when a lot was listed by the device, never after now: a phone whose clock is ahead lists now.
func listedAt(acted, now measure.Millis) measure.Millis {
	if acted <= 0 || acted > now {
		return now
	}
	return acted
}
