package orders

import (
	"context"
	"maps"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// maxAhead is how far ahead a seller may say yes: a season.
const maxAhead = 92 * 24 * time.Hour

// YesAhead is a seller's yes said beforehand.
type YesAhead struct {
	Offer string
	Until measure.Millis
	At    measure.Millis
	By    string // auth.Actor.ID
}

// SayYesAhead lets orders of an offer be confirmed as they come, until a time; a time that is over takes the yes back.
// Who orders then gets the goods at once or is told that there is not enough: nobody waits for an answer.
func (s *Service) SayYesAhead(ctx context.Context, by auth.Actor, offer string, until measure.Millis) (YesAhead, error) {
	now := s.Now(ctx)
	if until > millis(now.Add(maxAhead)) {
		return YesAhead{}, fault.At("until", "too_far_ahead", "A yes beforehand holds for at most %d days.", int(maxAhead.Hours()/24))
	}
	var a YesAhead
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		o, err := market.OfferByID(ctx, tx, offer)
		if err != nil {
			return found(err, "offer")
		}
		acting, err := by.ActFor(o.Seller, auth.ActOffers)
		if err != nil {
			return notFound("offer")
		}
		if terms, err := depositTerms(ctx, tx, offer); err != nil || terms.asked() {
			return errOr(err, fault.New(fault.Conflict, "deposit_no_ahead", "Orders of an offer with deposits are confirmed one by one."))
		}
		a = YesAhead{Offer: offer, Until: until, At: millis(now), By: acting.ID()}
		if err = setYesAhead(ctx, tx, a); err != nil {
			return err
		}
		return record(ctx, tx, acting, deed{act: "offer.yes_ahead", subject: "offer/" + offer, at: a.At, after: a})
	})
	return a, err
}

// AheadOf gives the yes said beforehand for an offer; Until is 0 when there is none.
func (s *Service) AheadOf(ctx context.Context, offer string) (YesAhead, error) {
	list, err := yesAheadOf(ctx, s.DB.Read(), offer)
	if err != nil || len(list) == 0 {
		return YesAhead{Offer: offer}, err
	}
	return list[0], nil
}

// promisedAhead confirms an order to whose lines the seller said yes beforehand, and tells who that was; "" when a line has
// no such yes, or the buyer's own people have to approve first.
func promisedAhead(ctx context.Context, tx store.Tx, o *Order) (string, error) {
	if o.Act != Submitted {
		return "", nil
	}
	offers := map[string]bool{}
	for _, l := range o.Lines {
		offers[l.Offer] = true
	}
	list, err := yesAheadOf(ctx, tx, slices.Sorted(maps.Keys(offers))...)
	if err != nil || len(list) < len(offers) {
		return "", err
	}
	for _, a := range list {
		if a.Until < o.SubmittedAt {
			return "", nil
		}
	}
	o.Act, o.ConfirmedAt = Confirmed, o.SubmittedAt
	return list[0].By, nil
}

// reserveAtOnce does for an order that its seller said yes to beforehand what Confirm does.
func reserveAtOnce(ctx context.Context, tx store.Tx, o Order, seller string) error {
	if o.Campaign != "" {
		if err := ledger.Restrict(ctx, tx, Escrow(o.ID), market.Use(o.Campaign)); err != nil {
			return err
		}
	}
	e := reservation(o, auth.System("yes_ahead"))
	e.Note = map[string]string{"promised_by": seller}
	if _, _, err := ledger.Post(ctx, tx, e); err != nil {
		return err
	}
	return fund(ctx, tx, auth.System("yes_ahead"), o, o.ConfirmedAt)
}

func setYesAhead(ctx context.Context, tx store.Tx, a YesAhead) error {
	return store.Exec(ctx, tx, `INSERT INTO yes_ahead (offer_id, until, at, by_actor) VALUES ($1, $2, $3, $4)
		ON CONFLICT (offer_id) DO UPDATE SET until = excluded.until, at = excluded.at, by_actor = excluded.by_actor`, a.Offer, int64(a.Until), int64(a.At), a.By)
}

// yesAheadOf gives the yes said beforehand for offers. One that asks for deposits has none: they are asked for with the seller's own yes.
func yesAheadOf(ctx context.Context, q store.Querier, offers ...string) ([]YesAhead, error) {
	return store.All(ctx, q, func(row store.Scanner) (YesAhead, error) {
		var a YesAhead
		err := row.Scan(&a.Offer, &a.Until, &a.At, &a.By)
		return a, err
	}, `SELECT offer_id, until, at, by_actor FROM yes_ahead WHERE offer_id IN (`+store.Marks(1, len(offers))+`)
		AND NOT EXISTS (SELECT 1 FROM offer_deposits d WHERE d.offer_id = yes_ahead.offer_id AND d.buyer_permille + d.seller_permille > 0) ORDER BY offer_id`, store.Args(offers)...)
}
