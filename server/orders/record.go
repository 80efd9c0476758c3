package orders

import (
	"context"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Record is what a seller did with its orders in the last year: facts of the ledger and the clock, never typed in.
type Record struct {
	Orders      int           // answered by the seller, one way or the other
	Confirmed   int           // of them; a lower weight that the buyer took counts too
	Declined    int           //
	TimedOut    int           // not answered within 48 hours
	CalledOff   int           // by the seller after its yes
	Deliveries  int           // consignments received that had a day they were needed by
	OnTime      int           // of them, received by that day
	Promised    measure.Grams // of orders that were delivered to the end
	Accepted    measure.Grams // of them
	Claims      int           // decided
	ClaimedAway measure.Grams // granted by the seller or ruled
}

// OnTimeMill is the share of deliveries in time in 1/1000; -1 when none had a day.
func (r Record) OnTimeMill() int {
	if r.Deliveries == 0 {
		return -1
	}
	return r.OnTime * 1000 / r.Deliveries
}

// WeightKeptMill is accepted / promised in 1/1000; -1 when nothing was delivered yet.
func (r Record) WeightKeptMill() int {
	if r.Promised == 0 {
		return -1
	}
	return int(int64(r.Accepted) * 1000 / int64(r.Promised))
}

// recordTime is how far back a record goes.
const recordTime = 365 * 24 * time.Hour

// RecordOf gives a seller's record. Everybody who is signed in may see it.
func (s *Service) RecordOf(ctx context.Context, _ auth.Actor, seller string) (Record, error) {
	q := s.DB.Read()
	if _, err := market.PartyByID(ctx, q, seller); err != nil {
		return Record{}, found(err, "party")
	}
	list, err := ordersSince(ctx, q, seller, millis(s.Now(ctx).Add(-recordTime)))
	if err != nil {
		return Record{}, err
	}
	var r Record
	for _, o := range list {
		if err = s.addToRecord(ctx, q, &r, o); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (s *Service) addToRecord(ctx context.Context, q store.Querier, r *Record, o Order) error {
	n, err := numbersOf(ctx, q, o)
	if err != nil {
		return err
	}
	switch state := o.State(n, s.Now(ctx)); {
	case state == Declined:
		r.Orders, r.Declined = r.Orders+1, r.Declined+1
	case state == Expired && o.Act != AwaitingApproval && o.ConfirmedAt == 0 && o.BackorderOf == "":
		r.Orders, r.TimedOut = r.Orders+1, r.TimedOut+1
	case state == Cancelled && o.ConfirmedAt > 0:
		r.Orders, r.Confirmed = r.Orders+1, r.Confirmed+1
		if o.EndedBy == BySeller {
			r.CalledOff++
		}
	case o.Act == Confirmed:
		r.Orders, r.Confirmed = r.Orders+1, r.Confirmed+1
		if state == Accepted || state == Settled || state == Closed {
			r.Promised += o.Grams()
			r.Accepted += min(n.Accepted, o.Grams())
		}
		return s.addDeliveries(ctx, q, r, o)
	}
	return nil
}

// addDeliveries counts what arrived in time and what claims took away. A need without a day says nothing about time.
func (s *Service) addDeliveries(ctx context.Context, q store.Querier, r *Record, o Order) error {
	needs, err := market.DemandsByID(ctx, q, o.demands()...)
	if err != nil {
		return err
	}
	takings, err := takingsOfOrder(ctx, q, o.ID)
	if err != nil {
		return err
	}
	for _, t := range takings {
		if by := needs[t.Demand].By; t.ReceivedAt > 0 && by > 0 {
			r.Deliveries++
			if t.ReceivedAt <= by {
				r.OnTime++
			}
		}
	}
	claims, err := claimsOfOrder(ctx, q, o.ID)
	for _, c := range claims {
		if c.Act != ClaimOpen {
			r.Claims++
			r.ClaimedAway += c.Granted
		}
	}
	return err
}
