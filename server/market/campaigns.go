package market

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// CampaignView is a campaign with its numbers.
type CampaignView struct {
	Campaign
	Numbers CampaignNumbers
	Awaited measure.Fen // pledged and not yet there
	Changes []UseChange
}

// OpenCampaign opens a campaign: from now on its fund takes money, and only for the named use.
func (s *Service) OpenCampaign(ctx context.Context, by auth.Actor, clientID string, in CampaignInput) (Campaign, error) {
	var c Campaign
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		id := store.NewID()
		before, err := Once(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		if before != "" {
			c, err = CampaignByID(ctx, tx, before)
			return err
		}
		c, err = s.OpenCampaignIn(ctx, tx, by, id, in)
		return err
	})
	return c, err
}

// OpenCampaignIn opens a campaign under an id within a larger act.
func (s *Service) OpenCampaignIn(ctx context.Context, tx store.Tx, by auth.Actor, id string, in CampaignInput) (Campaign, error) {
	by, err := by.ActFor(in.Donor, auth.ActCampaigns)
	if err != nil {
		return Campaign{}, fault.OfField(err, "donor")
	}
	if err = in.check(); err != nil {
		return Campaign{}, err
	}
	now := s.millis(ctx)
	c := Campaign{
		ID: id, Donor: in.Donor, Title: in.Title, NamedUse: in.NamedUse, GoalGrams: in.GoalGrams, GoalFen: in.GoalFen, Reference: s.NewRef(),
		Act: CampaignOpen, Version: 1, CreatedAt: now, UpdatedAt: now, Demands: sortedUnique(in.Demands), Donors: []string{in.Donor},
	}
	return c, s.writeCampaign(ctx, tx, by, c)
}

func (s *Service) writeCampaign(ctx context.Context, tx store.Tx, by auth.Actor, c Campaign) error {
	if err := s.checkDemands(ctx, tx, c.Demands); err != nil {
		return err
	}
	if err := insertCampaign(ctx, tx, c, by.ID()); err != nil {
		return err
	}
	if err := setCampaignDemands(ctx, tx, c.ID, c.Demands); err != nil {
		return err
	}
	if err := AddDonor(ctx, tx, c.ID, c.Donor, c.CreatedAt); err != nil {
		return err
	}
	if err := ledger.Restrict(ctx, tx, CampaignFund(c.ID), Use(c.ID)); err != nil {
		return err
	}
	if err := s.changed(ctx, tx, CampaignKind, c.ID); err != nil {
		return err
	}
	return s.record(ctx, tx, by, "campaign.open", "campaign/"+c.ID, "", nil, c)
}

// Use names what the fund of a campaign may be spent on: its own named use.
func Use(campaign string) string { return "campaign/" + campaign }

// checkDemands faults a need that is not there or was never verified: goods must have somebody who said yes.
func (s *Service) checkDemands(ctx context.Context, q store.Querier, ids []string) error {
	have, err := DemandsByID(ctx, q, ids...)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if _, ok := have[id]; !ok {
			return fault.At(indexed("demands", i), "no_such_demand", "There is no such need.")
		}
	}
	return nil
}

func sortedUnique(ids []string) []string {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

// Campaign gives one campaign. All of them are public.
func (s *Service) Campaign(ctx context.Context, id string) (CampaignView, error) {
	q := s.DB.Read()
	c, err := CampaignByID(ctx, q, id)
	if err != nil {
		return CampaignView{}, found(err, "campaign")
	}
	return s.campaignView(ctx, q, c)
}

func (s *Service) campaignView(ctx context.Context, q store.Querier, c Campaign) (CampaignView, error) {
	v := CampaignView{Campaign: c}
	var err error
	if v.Numbers, err = s.Books.OfCampaign(ctx, q, c.ID); err != nil {
		return v, err
	}
	if v.Awaited, err = awaited(ctx, q, s.Books, s.time(ctx), c.ID, ""); err != nil {
		return v, err
	}
	if v.Changes, err = UseChanges(ctx, q, c.ID); err != nil {
		return v, err
	}
	for _, u := range v.Changes {
		v.Numbers.UseAsked = v.Numbers.UseAsked || u.Outcome(c.Donors, s.time(ctx)) == Asked
	}
	return v, nil
}

// Campaigns lists campaigns, newest first: all, or those of a donor.
func (s *Service) Campaigns(ctx context.Context, by auth.Actor, donor, after string) ([]CampaignView, error) {
	if donor != "" && !by.MayActFor(donor, auth.ActCampaigns) {
		return nil, notFound("party")
	}
	q := s.DB.Read()
	list, err := campaignsPage(ctx, q, donor, after, pageSize)
	if err != nil {
		return nil, err
	}
	out := make([]CampaignView, len(list))
	for i, c := range list {
		if err = fillCampaign(ctx, q, &c); err != nil {
			return nil, err
		}
		if out[i], err = s.campaignView(ctx, q, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// CampaignsGiven lists the campaigns that a donor opened, pledged to or ordered for, newest first, some twenty at a time.
func (s *Service) CampaignsGiven(ctx context.Context, by auth.Actor, donor, after string) ([]CampaignView, error) {
	if !by.MayActFor(donor, auth.ActCampaigns) {
		return nil, notFound("party")
	}
	const page = 20 // each is a report of its own
	q := s.DB.Read()
	list, err := campaignsGiven(ctx, q, donor, after, page)
	out := make([]CampaignView, len(list))
	for i, c := range list {
		if err == nil {
			err = fillCampaign(ctx, q, &c)
		}
		if err == nil {
			out[i], err = s.campaignView(ctx, q, c)
		}
	}
	return out, err
}

// answerTime is how long donors have to answer; no answer is a no.
const answerTime = 24 * time.Hour

// AskUseChange asks the donors to agree to another use. The donor who opened the campaign asks, or an operator, or a
// dispatcher who has to divert a truck. Until everybody said yes the old use holds.
func (s *Service) AskUseChange(ctx context.Context, by auth.Actor, id, newUse, reason string, demands []string) (UseChange, error) {
	if err := checkText("named_use", newUse, 1, 500); err != nil {
		return UseChange{}, err
	}
	var u UseChange
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		c, err := CampaignByID(ctx, tx, id)
		if err != nil {
			return found(err, "campaign")
		}
		if !by.MayActFor(c.Donor, auth.ActCampaigns) && !by.Can(auth.Operator, "") && !by.Can(auth.Dispatcher, "") {
			return notFound("campaign")
		}
		if slices.Contains(CampaignEnds, c.Act) {
			return fault.New(fault.Conflict, "wrong_state", "This can't be done (%s) while it is %s.", "use_change", string(c.Act))
		}
		if open, err := openUseChange(ctx, tx, id); err == nil && open.Outcome(c.Donors, s.time(ctx)) == Asked {
			return fault.New(fault.Conflict, "already_asked", "The donors are being asked already.")
		} else if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if len(demands) == 0 {
			demands = c.Demands
		}
		if err = s.checkDemands(ctx, tx, demands); err != nil {
			return err
		}
		now := s.time(ctx)
		u = UseChange{
			ID: store.NewID(), Campaign: id, OldUse: c.NamedUse, NewUse: newUse, Demands: sortedUnique(demands), Reason: reason,
			AnswerUntil: measure.Millis(now.Add(answerTime).UnixMilli()), AskedAt: measure.Millis(now.UnixMilli()), AskedBy: by.ID(), Answers: map[string]bool{},
		}
		if err = insertUseChange(ctx, tx, u); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "campaign.ask_use_change", "campaign/"+id, reason, nil, u)
	})
	return u, err
}

// AnswerUseChange writes down one donor's yes or no: of who acts for several, the first that has not answered. With the last yes the new
// use holds.
func (s *Service) AnswerUseChange(ctx context.Context, by auth.Actor, id string, yes bool) (UseChange, error) {
	var u UseChange
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		c, err := CampaignByID(ctx, tx, id)
		if err != nil {
			return found(err, "campaign")
		}
		ours := slices.DeleteFunc(slices.Clone(c.Donors), func(d string) bool { return !by.MayActFor(d, auth.ActCampaigns) })
		if len(ours) == 0 {
			return notFound("campaign")
		}
		u, err = openUseChange(ctx, tx, id)
		if errors.Is(err, sql.ErrNoRows) || err == nil && u.Outcome(c.Donors, s.time(ctx)) != Asked {
			return fault.New(fault.Conflict, "nothing_asked", "The donors are not being asked anything.")
		}
		if err != nil {
			return err
		}
		donor := u.silent(ours)
		first, err := insertAnswer(ctx, tx, u.ID, donor, yes, s.millis(ctx), by.ID())
		if err != nil {
			return err
		}
		if !first {
			return fault.New(fault.Conflict, "already_answered", "You have answered already.")
		}
		u.Answers[donor] = yes
		if err = s.concludeUseChange(ctx, tx, c, u); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "campaign.answer_use_change", "campaign/"+id, "", nil, u)
	})
	return u, err
}

// UseChangesToAnswer lists what the actor's donors are asked and have not answered, by campaign, the soonest to end first.
func (s *Service) UseChangesToAnswer(ctx context.Context, by auth.Actor) ([]UseChange, error) {
	ours := by.PartiesFor(auth.ActCampaigns)
	if len(ours) == 0 {
		return nil, nil
	}
	list, err := useChangesAsked(ctx, s.DB.Read(), ours, s.millis(ctx))
	if err != nil {
		return nil, err
	}
	var campaigns []string
	for _, u := range list {
		campaigns = append(campaigns, u.Campaign)
	}
	donors, err := donorsOf(ctx, s.DB.Read(), campaigns)
	return slices.DeleteFunc(list, func(u UseChange) bool {
		waits := slices.ContainsFunc(donors[u.Campaign], func(d string) bool { _, said := u.Answers[d]; return !said && slices.Contains(ours, d) })
		return !waits || u.Outcome(donors[u.Campaign], s.time(ctx)) != Asked
	}), err
}

func (s *Service) concludeUseChange(ctx context.Context, tx store.Tx, c Campaign, u UseChange) error {
	outcome := u.Outcome(c.Donors, s.time(ctx))
	if outcome == Asked {
		return nil
	}
	if err := settleUseChange(ctx, tx, u.ID, outcome); err != nil || outcome == Refused {
		return err
	}
	c.NamedUse, c.UpdatedAt = u.NewUse, s.millis(ctx)
	ok, err := updateCampaign(ctx, tx, c)
	if err != nil {
		return err
	}
	if !ok {
		return changedMeanwhile()
	}
	if err = setCampaignDemands(ctx, tx, c.ID, u.Demands); err != nil {
		return err
	}
	return s.changed(ctx, tx, CampaignKind, c.ID)
}

// Report makes the gift report public, once everything is delivered.
func (s *Service) Report(ctx context.Context, by auth.Actor, id string) (CampaignView, error) {
	return s.moveCampaign(ctx, id, "report", func(c *Campaign) (auth.Actor, error) {
		c.ReportedAt = s.millis(ctx)
		return by.ActFor(c.Donor, auth.ActCampaigns)
	})
}

// CloseCampaign ends a reported campaign: the auditor is content.
func (s *Service) CloseCampaign(ctx context.Context, by auth.Actor, id string) (CampaignView, error) {
	return s.moveCampaign(ctx, id, "close", func(c *Campaign) (auth.Actor, error) {
		c.Act = CampaignClosed
		if !by.Can(auth.Auditor, "") {
			return by, fault.New(fault.Forbidden, "auditor_closes", "Only an auditor closes a campaign.")
		}
		return by, nil
	})
}

// FailCampaign ends a campaign that comes to nothing; what is in its fund can then be given back.
func (s *Service) FailCampaign(ctx context.Context, by auth.Actor, id string) (CampaignView, error) {
	return s.moveCampaign(ctx, id, "fail", func(c *Campaign) (auth.Actor, error) {
		c.Act = CampaignFailed
		if !by.Can(auth.Operator, "") {
			return by, fault.New(fault.Forbidden, "operators_only", "Only the platform's operators can do this.")
		}
		return by, nil
	})
}

func (s *Service) moveCampaign(ctx context.Context, id, act string, change func(*Campaign) (auth.Actor, error)) (CampaignView, error) {
	var v CampaignView
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		c, err := CampaignByID(ctx, tx, id)
		if err != nil {
			return found(err, "campaign")
		}
		if v, err = s.campaignView(ctx, tx, c); err != nil {
			return err
		}
		state := v.State(v.Numbers)
		by, err := change(&v.Campaign)
		if err != nil {
			return err
		}
		if _, err = next(CampaignSteps, state, act, CampaignEnds); err != nil {
			return err
		}
		v.UpdatedAt = s.millis(ctx)
		ok, err := updateCampaign(ctx, tx, v.Campaign)
		if err != nil {
			return err
		}
		if !ok {
			return changedMeanwhile()
		}
		if err = s.changed(ctx, tx, CampaignKind, id); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "campaign."+act, "campaign/"+id, "", c, v.Campaign)
	})
	return v, err
}

// CampaignChanged tells search that a campaign's numbers changed. Orders call it in the transaction of the change.
func (s *Service) CampaignChanged(ctx context.Context, tx store.Tx, id string) error {
	return s.changed(ctx, tx, CampaignKind, id)
}
