package market

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// ChangeOffer writes the terms of an offer anew, as its seller wants them from now on: what was ordered or quoted before keeps the terms
// it was agreed under. Version is the one that was read; where somebody changed the offer since, nothing is written and the fault is
// changed_meanwhile. How much is on offer is no term: it is what is left of the lot, and what is reserved has left it already. The lot
// stays too. Where the county office found the poverty mark right and what it looked at changes, it is asked again before the offer
// goes on. Terms that are as they were change nothing.
func (s *Service) ChangeOffer(ctx context.Context, by auth.Actor, id string, version int64, in OfferInput) (Offer, error) {
	var o Offer
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := OfferByID(ctx, tx, id)
		if err != nil {
			return found(err, "offer")
		}
		acting, err := mayMoveOffer(by, before, "change")
		if err != nil {
			return err
		}
		if before.Version != version {
			return changedMeanwhile()
		}
		if o, err = s.changedOffer(ctx, tx, before, in); err != nil || o.Version == before.Version {
			return err
		}
		ok, err := setOfferTerms(ctx, tx, before, o)
		if err != nil {
			return err
		}
		if !ok {
			return changedMeanwhile()
		}
		if err = s.changed(ctx, tx, OfferKind, id); err != nil {
			return err
		}
		if (o.Act == OfferLive || o.Act == OfferPaused) && !samePrices(before, o) {
			if err = s.priced(ctx, tx, acting, o); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, acting, "offer.change", "offer/"+id, "", before, o)
	})
	return o, err
}

// changedOffer gives an offer with other terms, of the next version; the offer itself where they are the same.
func (s *Service) changedOffer(ctx context.Context, tx store.Tx, before Offer, in OfferInput) (Offer, error) {
	left, err := available(ctx, tx, before.Lot)
	if err != nil {
		return before, err
	}
	if _, err = next(OfferSteps, before.State(left[before.Lot], s.time(ctx)), "change", OfferEnds); err != nil {
		return before, err
	}
	in.Lot = before.Lot
	if err = in.check(); err != nil {
		return before, err
	}
	o := before.with(in)
	if reflect.DeepEqual(before, o) {
		return before, nil
	}
	now := s.millis(ctx)
	if err = in.checkEnds(now); err != nil {
		return before, err
	}
	if o.Act != OfferDraft && o.Poverty && (!before.Poverty || o.Benefit != before.Benefit || !samePrices(before, o)) {
		o.Act = OfferPendingCheck
	}
	o.Version, o.UpdatedAt = before.Version+1, now
	return o, nil
}

// with gives the offer under the terms of an input.
func (o Offer) with(in OfferInput) Offer {
	o.Price, o.Gift, o.Benefit, o.Min, o.Pickup, o.Orders = in.Price, in.Gift, in.Benefit, in.Min, in.Pickup, in.Orders
	o.Loss, o.ExpiresAt, o.Poverty, o.Tiers = in.loss(), in.ExpiresAt, in.Poverty, nil
	if len(in.Tiers) > 0 {
		o.Tiers = in.Tiers
	}
	return o
}

func samePrices(a, b Offer) bool {
	return a.Price == b.Price && a.Gift == b.Gift && slices.Equal(a.Tiers, b.Tiers)
}

// OfferChange is one change of an offer's terms.
type OfferChange struct {
	At            measure.Millis
	By            string // auth.Actor.ID; "" to others than the seller's people and the platform's
	Before, After Offer
}

// OfferAsOf gives an offer with the terms of one of its versions, if these were changed since.
func OfferAsOf(ctx context.Context, q store.Querier, id string, version int64) (o Offer, changed bool, err error) {
	events, err := ledger.Events(ctx, q, "offer/"+id)
	if err != nil {
		return o, false, err
	}
	for _, ev := range events {
		if ev.Act != "offer.change" {
			continue
		}
		var before Offer
		if err = json.Unmarshal(ev.Before, &before); err != nil {
			return o, false, err
		}
		if before.Version >= version { // acts between two changes leave the terms
			return before, true, nil
		}
	}
	return o, false, nil
}

// OfferChanges lists how an offer's terms changed, newest first, to whoever may see the offer.
func (s *Service) OfferChanges(ctx context.Context, by auth.Actor, id string) ([]OfferChange, error) {
	o, _, _, err := s.Offer(ctx, by, id)
	if err != nil {
		return nil, err
	}
	events, err := ledger.Events(ctx, s.DB.Read(), "offer/"+id)
	if err != nil {
		return nil, err
	}
	named := by.MayActFor(o.Seller, auth.ActOffers) || by.Can(auth.Operator, "") || by.Can(auth.Auditor, "")
	var out []OfferChange
	for _, ev := range slices.Backward(events) {
		if ev.Act != "offer.change" {
			continue
		}
		c := OfferChange{At: ev.At}
		if named {
			c.By = ev.Actor
		}
		if err = json.Unmarshal(ev.Before, &c.Before); err != nil {
			return nil, err
		}
		if err = json.Unmarshal(ev.After, &c.After); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
