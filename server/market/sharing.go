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
	return s.ShareIn(ctx, s.DB.Read(), in)
}

// ShareIn is ShareOut within a larger act.
func (s *Service) ShareIn(ctx context.Context, q store.Querier, in ShareInput) (Division, error) {
	if err := in.check(); err != nil {
		return Division{}, err
	}
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
	out := FairShare(in.Grams, asks, in.Floor, in.Pack)
	out.Aside, err = s.aside(ctx, q, produce, in.Demands)
	return out, err
}

// Of those who are in no share the newest needs are looked at, and told if anything happened to them within a month: older ones are over.
const (
	lookAside  = 300
	asideSince = 30 * 24 * time.Hour
)

// aside lists the needs of a produce that were not named for a share, with the reason, newest first.
func (s *Service) aside(ctx context.Context, q store.Querier, produce string, named []string) ([]FairAside, error) {
	list, err := demandsPage(ctx, q, NeedsWanted{Produce: produce}, lookAside)
	if err != nil {
		return nil, err
	}
	now := s.time(ctx)
	since := measure.Millis(now.Add(-asideSince).UnixMilli())
	list = slices.DeleteFunc(list, func(d Demand) bool { return d.UpdatedAt < since || slices.Contains(named, d.ID) })
	var ids []string
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	numbers, err := s.Books.OfDemands(ctx, q, ids...)
	out := []FairAside{}
	for _, d := range list {
		n := numbers[d.ID]
		if why := d.aside(n, now); why != "" {
			out = append(out, FairAside{d.ID, why, d.Grams, d.Kind == Unknown, n.Accepted, n.Committed + n.Coming()})
		}
	}
	return out, err
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

// ToConfirm lists the needs that are stale or will be within twelve hours, the longest silent first, after the last id of the page
// before: to the platform's people all of them, as a list of whom to call, and to a receiver its own. After a need that was confirmed
// in between the list begins anew.
func (s *Service) ToConfirm(ctx context.Context, by auth.Actor, after string) ([]DemandView, error) {
	q := s.DB.Read()
	soon := s.time(ctx).Add(soonStale)
	w := silence{relief: measure.Millis(soon.Add(-reliefStale).UnixMilli()), trade: measure.Millis(soon.Add(-tradeStale).UnixMilli()),
		all: by.Can(auth.Operator, "") || by.Can(auth.Dispatcher, ""), parties: by.PartiesFor(auth.ActDemands)}
	if after != "" {
		last, err := DemandByID(ctx, q, after)
		if err != nil {
			return nil, found(err, "need")
		}
		w.from(last)
	}
	var out []DemandView
	for {
		list, err := silentDemands(ctx, q, w, pageSize)
		if err != nil {
			return nil, err
		}
		views, err := s.demandViews(ctx, q, list)
		if err != nil {
			return nil, err
		}
		out = append(out, slices.DeleteFunc(views, func(v DemandView) bool { return v.StaleAt(v.Numbers) == 0 })...)
		if len(list) < pageSize || len(out) >= pageSize {
			return out[:min(len(out), pageSize)], nil
		}
		w.from(list[len(list)-1])
	}
}

// silence says which needs nobody has spoken of for long.
type silence struct {
	relief, trade measure.Millis // last spoken of then, or before
	all           bool           // whoever's they are
	parties       []string       // otherwise: of these
	at            measure.Millis // the last one of the page before
	id            string
}

// from goes on after a need, if it is still silent.
func (w *silence) from(d Demand) {
	if d.ConfirmedAt <= w.relief {
		w.at, w.id = d.ConfirmedAt, d.ID
	}
}

// silentDemands lists needs that nobody ended, the longest silent first.
func silentDemands(ctx context.Context, q store.Querier, w silence, n int) ([]Demand, error) {
	where, args := `act IN ('posted', 'verified') AND (confirmed_at, id) > ($1, $2) AND confirmed_at <= $3 AND (relief OR confirmed_at <= $4)`,
		[]any{int64(w.at), w.id, int64(w.relief), int64(w.trade), n}
	if !w.all {
		if len(w.parties) == 0 {
			return nil, nil
		}
		where += ` AND party_id IN (` + store.Marks(len(args)+1, len(w.parties)) + `)`
		args = append(args, store.Args(w.parties)...)
	}
	return store.All(ctx, q, scanDemand, `SELECT `+demandColumns+` FROM demands WHERE `+where+` ORDER BY confirmed_at, id LIMIT $5`, args...)
}
