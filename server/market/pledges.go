package market

import (
	"context"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// PledgeView is a pledge with what came in for it.
type PledgeView struct {
	Pledge
	Paid  measure.Fen
	State PledgeState
}

// Pledge promises money to an open campaign, never more than the goal still asks for. The donor is from now on one of those who
// must agree to another use. The same act again gives the first pledge.
func (s *Service) Pledge(ctx context.Context, by auth.Actor, clientID string, in PledgeInput) (PledgeView, error) {
	by, err := by.ActFor(in.Donor, auth.ActCampaigns)
	if err != nil {
		return PledgeView{}, fault.OfField(err, "donor")
	}
	if in.Unspent == "" {
		in.Unspent = UnspentBack
	}
	if err = in.check(); err != nil {
		return PledgeView{}, err
	}
	var v PledgeView
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		id := store.NewID()
		before, err := Once(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		if before == "" {
			before, err = id, s.writePledge(ctx, tx, by, id, in)
		}
		if err != nil {
			return err
		}
		v, err = s.pledgeByID(ctx, tx, before)
		return err
	})
	return v, err
}

func (s *Service) writePledge(ctx context.Context, tx store.Tx, by auth.Actor, id string, in PledgeInput) error {
	now := s.time(ctx)
	if err := Takes(ctx, tx, s.Books, now, in.Campaign, "", in.Fen); err != nil {
		return err
	}
	p := Pledge{
		ID: id, Campaign: in.Campaign, Donor: in.Donor, Fen: in.Fen, Unspent: in.Unspent, Named: in.Named, Reference: s.NewRef(),
		MadeAt: measure.Millis(now.UnixMilli()), PayUntil: measure.Millis(now.Add(payTime).UnixMilli()),
	}
	if err := insertPledge(ctx, tx, p, by.ID()); err != nil {
		return err
	}
	if err := AddDonor(ctx, tx, p.Campaign, in.Donor, p.MadeAt); err != nil {
		return err
	}
	if err := s.changed(ctx, tx, CampaignKind, p.Campaign); err != nil {
		return err
	}
	return s.record(ctx, tx, by, "campaign.pledge", "campaign/"+p.Campaign, "", nil, p)
}

// Takes faults a gift that a campaign doesn't take: it has ended, or its goal leaves less room beside what came in and what pledges still
// hold. The pledges of payer hold none against its own payment; leave it empty for a further pledge.
func Takes(ctx context.Context, q store.Querier, books Books, now time.Time, campaign, payer string, fen measure.Fen) error {
	c, err := CampaignByID(ctx, q, campaign)
	if err != nil {
		return found(err, "campaign")
	}
	if c.Act != CampaignOpen || c.ReportedAt > 0 {
		return fault.New(fault.Conflict, "campaign_ended", "This campaign takes no money any more.")
	}
	n, err := books.OfCampaign(ctx, q, c.ID)
	if err != nil {
		return err
	}
	held, err := awaited(ctx, q, books, now, c.ID, payer)
	if err != nil {
		return err
	}
	if room, limited := c.Room(n.Paid, held); limited && fen > room {
		return fault.New(fault.Conflict, "goal_reached", "Only %s yuan more is asked for.", room).In("amount")
	}
	return nil
}

// WithdrawPledge takes back a pledge that nothing was paid for.
func (s *Service) WithdrawPledge(ctx context.Context, by auth.Actor, id string) (PledgeView, error) {
	var v PledgeView
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if v, err = s.pledgeByID(ctx, tx, id); err != nil {
			return err
		}
		acting, err := by.ActFor(v.Donor, auth.ActCampaigns)
		if err != nil {
			return notFound("pledge")
		}
		if v.Paid > 0 || v.EndedAt > 0 {
			return fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while it is %s.", "withdraw", string(v.State))
		}
		if _, err = endPledge(ctx, tx, id, s.millis(ctx)); err != nil {
			return err
		}
		if v, err = s.pledgeByID(ctx, tx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, acting, "campaign.withdraw_pledge", "campaign/"+v.Campaign, "", nil, v.Pledge)
	})
	return v, err
}

// Pledges lists a donor's pledges, newest first.
func (s *Service) Pledges(ctx context.Context, by auth.Actor, donor, after string) ([]PledgeView, error) {
	if !by.MayActFor(donor, auth.ActCampaigns) {
		return nil, notFound("party")
	}
	q := s.DB.Read()
	list, err := pledgesOfDonor(ctx, q, donor, after, pageSize)
	if err != nil {
		return nil, err
	}
	out := make([]PledgeView, len(list))
	for i, p := range list {
		if out[i], err = s.pledgeView(ctx, q, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PledgesTo lists a donor's pledges to one campaign, oldest first.
func (s *Service) PledgesTo(ctx context.Context, by auth.Actor, campaign, donor string) ([]PledgeView, error) {
	if !by.MayActFor(donor, auth.ActCampaigns) {
		return nil, notFound("party")
	}
	q := s.DB.Read()
	list, err := PledgesOf(ctx, q, campaign)
	if err != nil {
		return nil, err
	}
	out := []PledgeView{}
	for _, p := range list {
		if p.Donor != donor {
			continue
		}
		v, err := s.pledgeView(ctx, q, p)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Service) pledgeByID(ctx context.Context, q store.Querier, id string) (PledgeView, error) {
	p, err := PledgeByID(ctx, q, id)
	if err != nil {
		return PledgeView{}, found(err, "pledge")
	}
	return s.pledgeView(ctx, q, p)
}

func (s *Service) pledgeView(ctx context.Context, q store.Querier, p Pledge) (PledgeView, error) {
	paid, err := s.Books.OfPledge(ctx, q, p.ID)
	return PledgeView{p, paid, p.State(paid, s.time(ctx))}, err
}

// awaited sums what may still come in for the pledges of a campaign.
func awaited(ctx context.Context, q store.Querier, books Books, now time.Time, campaign, but string) (measure.Fen, error) {
	list, err := PledgesOf(ctx, q, campaign)
	var sum measure.Fen
	for _, p := range list {
		if p.Donor == but {
			continue
		}
		paid, err := books.OfPledge(ctx, q, p.ID)
		if err != nil {
			return 0, err
		}
		sum += p.awaited(paid, now)
	}
	return sum, err
}
