package market

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// ShareOut proposes who gets how much of goods that are too few. It writes nothing down: the buyer or donor takes it over into an order.
func (s *Service) ShareOut(ctx context.Context, in ShareInput) (Division, error) {
	if err := in.check(); err != nil {
		return Division{}, err
	}
	q := s.DB.Read()
	produce, err := s.shareable(ctx, q, &in)
	if err != nil {
		return Division{}, err
	}
	needs, err := DemandsByID(ctx, q, in.Demands...)
	if err != nil {
		return Division{}, err
	}
	numbers, err := s.Books.OfDemands(ctx, q, in.Demands...)
	if err != nil {
		return Division{}, err
	}
	var asks []Ask
	for i, id := range in.Demands {
		d, ok := needs[id]
		if !ok || d.Act == DemandDraft {
			return Division{}, fault.At(indexed("demands", i), "not_found", "There is no such %s, or it is not open to you.", "need")
		}
		if produce == "" {
			produce = d.Produce
		}
		if d.Produce != produce {
			return Division{}, fault.At(indexed("demands", i), "other_produce", "This need is for %s, the offer is %s.", d.Produce, produce)
		}
		if state := d.State(numbers[id], s.time(ctx)); state != DemandPosted && state != DemandVerified && state != DemandPartMet {
			return Division{}, fault.At(indexed("demands", i), "need_not_open", "Nothing can be sent to this need: it is %s.", string(state))
		}
		open, limited := d.Open(numbers[id])
		asks = append(asks, Ask{Demand: id, Grams: open, Unknown: !limited})
	}
	return FairShare(in.Grams, asks, in.Floor, in.Pack), nil
}

// shareable fills in what an offer says: how much is left, its packs, its produce.
func (s *Service) shareable(ctx context.Context, q store.Querier, in *ShareInput) (produce string, err error) {
	if in.Offer == "" {
		return "", nil
	}
	o, err := OfferByID(ctx, q, in.Offer)
	if err != nil || o.Act == OfferDraft || o.Act == OfferPendingCheck {
		return "", fault.OfField(found(errOr(err, notFound("offer")), "offer"), "offer")
	}
	l, err := ListingOf(ctx, q, o)
	if err != nil {
		return "", err
	}
	if in.Grams == 0 {
		in.Grams = l.Available
	}
	if in.Grams > l.Available {
		return "", fault.New(fault.Conflict, "only_left", "Only %s is left.", l.Available).In("weight")
	}
	if in.Pack == 0 {
		in.Pack = l.Lot.PackGrams
	}
	return l.Lot.Produce, nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// soonStale is how long before a need goes stale its people are reminded.
const soonStale = 12 * time.Hour

// StaleAt is when a need goes stale unless somebody says that it stands. It is 0 where that can't happen any more.
func (d Demand) StaleAt(n DemandNumbers) measure.Millis {
	if d.Act != DemandPosted && d.Act != DemandVerified || n.Accepted > 0 {
		return 0
	}
	limit := tradeStale
	if d.Relief {
		limit = reliefStale
	}
	return d.ConfirmedAt + measure.Millis(limit.Milliseconds())
}

// ToConfirm lists the needs that are stale or will be within twelve hours, the longest silent first: an operator's list of
// whom to call, and a receiver's own.
func (s *Service) ToConfirm(ctx context.Context, by auth.Actor) ([]DemandView, error) {
	q := s.DB.Read()
	list, err := openDemands(ctx, q, pageSize*10)
	if err != nil {
		return nil, err
	}
	if !by.Can(auth.Operator, "") {
		list = slices.DeleteFunc(list, func(d Demand) bool { return !by.MayActFor(d.Party, auth.ActDemands) })
	}
	views, err := s.demandViews(ctx, q, list)
	soon := measure.Millis(s.time(ctx).Add(soonStale).UnixMilli())
	views = slices.DeleteFunc(views, func(v DemandView) bool {
		at := v.StaleAt(v.Numbers)
		return at == 0 || at > soon
	})
	return views[:min(len(views), pageSize)], err
}

// openDemands lists needs that were not closed, the longest silent first.
func openDemands(ctx context.Context, q store.Querier, n int) ([]Demand, error) {
	return store.All(ctx, q, scanDemand, `SELECT `+demandColumns+` FROM demands WHERE act IN ('posted', 'verified') ORDER BY confirmed_at, id LIMIT $1`, n)
}
