package orders

import (
	"context"
	"maps"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// UnspentShare is where one donor's part of what a campaign left over went.
type UnspentShare struct {
	Donor string
	Fen   measure.Fen
	To    market.Unspent
}

// UnspentOwed says that a share pays what its donor owes: its bank took money back that was spent by then.
const UnspentOwed market.Unspent = "owed"

// ReturnUnspent gives what is left in the fund of a campaign that is over to its donors, in proportion to what they paid: back, or
// on to the fund of the next campaign where the donor said so; first it pays what a donor owes since its bank took back a gift that was
// spent. Without a next campaign everything goes back. Nothing is left to do a second time.
func (s *Service) ReturnUnspent(ctx context.Context, by auth.Actor, id, next string) ([]UnspentShare, error) {
	if err := mustBeFinance(by); err != nil {
		return nil, err
	}
	var out []UnspentShare
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		c, err := market.CampaignByID(ctx, tx, id)
		if err != nil {
			return found(err, "campaign")
		}
		if err = s.over(ctx, tx, c); err != nil {
			return err
		}
		if err = takesUnspent(ctx, tx, c, next); err != nil {
			return err
		}
		if out, err = unspentShares(ctx, tx, c, next); err != nil || len(out) == 0 {
			return err
		}
		if err = s.moveUnspent(ctx, tx, by, c, next, out); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "campaign.return_unspent", subject: "campaign/" + id, at: s.millis(ctx), after: out})
	})
	return out, err
}

// over faults a campaign that may still spend or lose: it is neither reported nor failed, has orders that are not done, or a gift that a
// donor's bank may take back.
func (s *Service) over(ctx context.Context, q store.Querier, c market.Campaign) error {
	if c.ReportedAt == 0 && c.Act != market.CampaignFailed {
		return fault.New(fault.Conflict, "campaign_under_way", "What is left over is known once the campaign is reported or has failed.")
	}
	list, err := ordersOfCampaign(ctx, q, c.ID)
	for _, o := range list {
		if o.waits() || o.Act == Draft || o.Act == Confirmed && o.SettledAt == 0 {
			return fault.New(fault.Conflict, "orders_open", "An order of this campaign is neither settled nor ended.")
		}
	}
	if err != nil {
		return err
	}
	disputes, err := payment.DisputesFor(ctx, q, c.ID)
	if slices.ContainsFunc(disputes, func(d payment.DisputeOf) bool { return d.Act == payment.DisputeIsOpen }) {
		return fault.New(fault.Conflict, "gift_disputed", "A donor's bank has not decided yet whether it takes a gift of this campaign back.")
	}
	return err
}

// takesUnspent faults a next campaign that takes no money.
func takesUnspent(ctx context.Context, q store.Querier, c market.Campaign, next string) error {
	if next == "" {
		return nil
	}
	n, err := market.CampaignByID(ctx, q, next)
	if err != nil {
		return fault.Within(found(err, "campaign"), "next")
	}
	if n.ID == c.ID || n.Act != market.CampaignOpen || n.ReportedAt > 0 {
		return fault.New(fault.Conflict, "campaign_ended", "This campaign takes no money any more.").In("next")
	}
	return nil
}

func unspentShares(ctx context.Context, q store.Querier, c market.Campaign, next string) ([]UnspentShare, error) {
	left, err := fen(ctx, q, market.CampaignFund(c.ID))
	if err != nil || left == 0 {
		return nil, err
	}
	paid, err := givers(ctx, q, c.ID, c.Donor)
	if err != nil {
		return nil, err
	}
	wishes, err := unspentWishes(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	owed, err := owedFor(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	for donor, debt := range owed {
		paid[donor] += debt
	}
	donors := slices.Sorted(maps.Keys(paid))
	weights := make([]int64, len(donors))
	for i, d := range donors {
		weights[i] = int64(paid[d])
	}
	var out []UnspentShare
	for i, part := range market.Apportion(int64(left), weights) {
		donor, share := donors[i], measure.Fen(part)
		debt := min(share, owed[donor])
		to := market.UnspentBack
		if next != "" && wishes[donor] == market.UnspentNext {
			to = market.UnspentNext
		}
		for _, u := range []UnspentShare{{donor, debt, UnspentOwed}, {donor, share - debt, to}} {
			if u.Fen > 0 {
				out = append(out, u)
			}
		}
	}
	return out, nil
}

// owedFor is what givers of a campaign owe for it by now: what their banks took back after it was spent, less what left-over money paid.
func owedFor(ctx context.Context, q store.Querier, campaign string) (map[string]measure.Fen, error) {
	disputes, err := payment.DisputesFor(ctx, q, campaign)
	if err != nil {
		return nil, err
	}
	out := map[string]measure.Fen{}
	for _, d := range disputes {
		taken, err := takenFrom(ctx, q, d.Dispute, func(account string) bool { return account == Owed(d.Payer) })
		if err != nil {
			return nil, err
		}
		out[d.Payer] += taken
	}
	entries, err := ledger.Entries(ctx, q, "campaign/"+campaign)
	for _, e := range entries {
		for _, p := range e.Postings {
			if donor, ok := strings.CutPrefix(p.To, Owed("")); ok {
				out[donor] -= measure.Fen(p.Amount)
			}
		}
	}
	return out, err
}

// unspentWishes gives each donor's last word on what is left over.
func unspentWishes(ctx context.Context, q store.Querier, campaign string) (map[string]market.Unspent, error) {
	pledges, err := market.PledgesOf(ctx, q, campaign)
	if err != nil {
		return nil, err
	}
	gifts, err := cardGifts(ctx, q, campaign)
	out, said := map[string]market.Unspent{}, map[string]measure.Millis{}
	for _, p := range pledges {
		out[p.Donor], said[p.Donor] = p.Unspent, p.MadeAt
	}
	for _, g := range gifts {
		if g.Unspent != "" && g.MadeAt >= said[g.Payer] {
			out[g.Payer], said[g.Payer] = market.Unspent(g.Unspent), g.MadeAt
		}
	}
	return out, err
}

// cardGifts are the payments by card or wallet that came in for a campaign, the oldest first.
func cardGifts(ctx context.Context, q store.Querier, campaign string) ([]payment.Checkout, error) {
	list, err := payment.CheckoutsFor(ctx, q, campaign)
	return slices.DeleteFunc(list, func(c payment.Checkout) bool { return c.Act != payment.CheckoutPaid }), err
}

// moveUnspent posts one entry for each donor, so that the next campaign knows whose money it has.
func (s *Service) moveUnspent(ctx context.Context, tx store.Tx, by auth.Actor, c market.Campaign, next string, shares []UnspentShare) error {
	now := s.millis(ctx)
	for _, u := range shares {
		e := ledger.Entry{
			ClientID: "campaign/" + c.ID + "/unspent/" + store.NewID(), At: now, Actor: by.ID(), Kind: "unspent", Subject: "campaign/" + c.ID, Use: market.Use(c.ID),
			Note: givenBy(u.Donor), Postings: []ledger.Posting{inFen(market.CampaignFund(c.ID), Refund(u.Donor), u.Fen)},
		}
		switch u.To {
		case UnspentOwed:
			e.Postings[0].To = Owed(u.Donor)
		case market.UnspentNext:
			e.Subject, e.Postings[0].To = "campaign/"+next, market.CampaignFund(next)
			if err := market.AddDonor(ctx, tx, next, u.Donor, now); err != nil {
				return err
			}
		}
		if _, _, err := ledger.Post(ctx, tx, e); err != nil {
			return err
		}
	}
	if next != "" {
		if err := s.fundOrders(ctx, tx, next, now); err != nil {
			return err
		}
	}
	return s.campaignMoved(ctx, tx, c.ID)
}
