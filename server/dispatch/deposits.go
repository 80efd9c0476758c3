package dispatch

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

// A carrier may ask a deposit (保证金) of the shippers that its truck is held for. The shippers of a trip are those who pay its haulage: the
// buyers of the orders on board and who posted a load. Each puts up its part by the weight planned, as a shared truck's price is divided. A
// gift's part is asked of nobody: its money has a named use, and no deposit of it could be lost.

// depositTime is how long shippers have to pay in, at most until the truck is to be there.
const depositTime = 48 * hour

// agree is the carrier's yes: from now on the truck is held, and its deposit is asked for.
func (s *Service) agree(by auth.Actor) func(context.Context, store.Tx, Trip, Event) (any, error) {
	return func(ctx context.Context, tx store.Tx, t Trip, e Event) (any, error) {
		for _, truck := range t.Outline.trucks() {
			if truck.Capacity.Deposit == 0 {
				continue
			}
			if err := s.askDeposits(ctx, tx, by, t, truck.Capacity); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
}

// askDeposits asks every shipper of a trip for its part of what one carrier wants. A carrier promises itself nothing.
func (s *Service) askDeposits(ctx context.Context, tx store.Tx, by auth.Actor, t Trip, c Capacity) error {
	shares, err := shipperShares(ctx, tx, t, c.Deposit)
	now := s.millis(ctx)
	for _, share := range shares {
		if err != nil || share.party == "" || share.party == c.Carrier || share.fen == 0 {
			continue
		}
		_, err = s.books.AskDeposit(ctx, tx, by, orders.Deposit{For: orders.ForCapacity, ForID: t.ID, Party: share.party, Other: c.Carrier,
			OtherAccount: orders.Payable(c.Carrier), Fen: share.fen, Until: min(now+depositTime, max(now, t.Outline.Stops[0].Start))})
	}
	return err
}

// shipperShare is a shipper's part of a deposit; the part of gifts has no party.
type shipperShare struct {
	party string
	fen   measure.Fen
}

// shipperShares divides a deposit over the orders and posted loads of a trip by weight, and sums the parts by who pays them.
func shipperShares(ctx context.Context, q store.Querier, t Trip, deposit measure.Fen) ([]shipperShare, error) {
	var out []shipperShare
	for i, share := range orders.ShareHaulage(deposit, t.planned()) {
		party, err := shipperOf(ctx, q, t.payers()[i])
		if err != nil {
			return nil, err
		}
		n := slices.IndexFunc(out, func(s shipperShare) bool { return s.party == party })
		if n < 0 {
			n, out = len(out), append(out, shipperShare{party: party})
		}
		out[n].fen += share.Paid
	}
	return out, nil
}

// payers gives one load of each order and posted load on a trip, in the order in which they come.
func (t Trip) payers() []Load {
	var out []Load
	for _, c := range t.Consignments {
		if !slices.ContainsFunc(out, func(l Load) bool { return l.payer() == c.Load.payer() }) {
			out = append(out, c.Load)
		}
	}
	return out
}

// planned is what each of them has on the trip by its plan; people count as on a scale.
func (t Trip) planned() []orders.HaulageShare {
	var out []orders.HaulageShare
	for _, p := range t.payers() {
		share := orders.HaulageShare{Order: p.payer()}
		for _, c := range t.Consignments {
			if c.Load.payer() == p.payer() {
				share.Loaded += c.Load.Grams + measure.Grams(c.Load.People)*riderGrams
			}
		}
		share.Work = int64(share.Loaded) // a deposit is shared by weight alone
		out = append(out, share)
	}
	return out
}

// payer is the id of what pays a load's haulage: its order, or itself.
func (l Load) payer() string { return l.Order + l.Posted }

// shipperOf is the party that pays a load's haulage, "" for a gift.
func shipperOf(ctx context.Context, q store.Querier, l Load) (string, error) {
	switch {
	case l.Campaign != "":
		return "", nil
	case l.Posted != "":
		p, err := postedByID(ctx, q, l.Posted)
		return p.Shipper, err
	}
	o, err := orders.ByID(ctx, q, l.Order)
	return o.Buyer, err
}

// endings are the words for how a promise of a truck ended.
var endings = map[EventKind]string{EventCancel: "cancelled", EventReplan: "planned_again", EventNoShow: "no_show", EventNoGoods: "no_goods", EventSettle: "settled"}

// endDeposits ends what a trip's shippers put up when its truck is not held any more. What was put up goes back, but where a shipper may have
// broken the promise: goods that were not there, by the driver's word alone, or a truck called off so late that the rules take a part, where
// the dispatcher does not say for whom. An operator decides about that. A plan made again is nobody's word but the dispatcher's.
func (s *Service) endDeposits(ctx context.Context, tx store.Tx, by auth.Actor, t Trip, e Event) error {
	why, ends := endings[e.Kind]
	if !ends {
		return nil
	}
	ahead := time.Duration(t.Outline.Stops[0].Start-e.At()) * time.Millisecond
	late := e.Kind == EventCancel && orders.DepositRuleFor(ahead).Forfeits > 0
	_, err := s.books.EndDeposits(ctx, tx, by, orders.DepositEnd{ForID: t.ID, Unsettled: late || e.Kind == EventNoGoods, Why: why, At: e.At()})
	return err
}

// TripsOfCapacity gives the ids of the trips that an offer was promised to, oldest first. Who may see them is the caller's to know.
func (s *Service) TripsOfCapacity(ctx context.Context, capacity string) ([]string, error) {
	trips, err := tripsOfCapacity(ctx, s.db.Read(), capacity)
	return idsOf(trips), err
}

// TripsThatCarry gives the ids of the trips that carry, or were to carry, some of the consignments.
func (s *Service) TripsThatCarry(ctx context.Context, consignments []string) ([]string, error) {
	trips, err := tripsWith(ctx, s.db.Read(), consignments)
	return idsOf(trips), err
}

func idsOf(trips []Trip) []string {
	out := make([]string, len(trips))
	for i, t := range trips {
		out[i] = t.ID
	}
	return out
}
