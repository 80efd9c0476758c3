package market

import (
	"context"
	"encoding/json"
	"fmt"

	"jishi/server/measure"
	"jishi/server/store"
)

const campaignColumns = `id, donor_id, title, named_use, goal_grams, goal_fen, reference, act, reported_at, version, created_at, updated_at`

func scanCampaign(row store.Scanner) (Campaign, error) {
	var c Campaign
	err := row.Scan(&c.ID, &c.Donor, &c.Title, &c.NamedUse, &c.GoalGrams, &c.GoalFen, &c.Reference, &c.Act, &c.ReportedAt, &c.Version, &c.CreatedAt, &c.UpdatedAt)
	return c, err
}

func insertCampaign(ctx context.Context, tx store.Tx, c Campaign, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO campaigns (`+campaignColumns+`, created_by) VALUES (`+store.Marks(1, 13)+`)`,
		c.ID, c.Donor, c.Title, c.NamedUse, int64(c.GoalGrams), int64(c.GoalFen), c.Reference, string(c.Act), int64(c.ReportedAt),
		c.Version, int64(c.CreatedAt), int64(c.UpdatedAt), by)
}

// CampaignByID gives a campaign with its demands and donors; sql.ErrNoRows when there is none.
func CampaignByID(ctx context.Context, q store.Querier, id string) (Campaign, error) {
	c, err := scanCampaign(q.QueryRowContext(ctx, `SELECT `+campaignColumns+` FROM campaigns WHERE id = $1`, id))
	if err != nil {
		return c, err
	}
	err = fillCampaign(ctx, q, &c)
	return c, err
}

// CampaignByReference gives the campaign that a transfer quotes; sql.ErrNoRows when there is none.
func CampaignByReference(ctx context.Context, q store.Querier, reference string) (Campaign, error) {
	c, err := scanCampaign(q.QueryRowContext(ctx, `SELECT `+campaignColumns+` FROM campaigns WHERE reference = $1`, reference))
	if err != nil {
		return c, err
	}
	err = fillCampaign(ctx, q, &c)
	return c, err
}

func fillCampaign(ctx context.Context, q store.Querier, c *Campaign) (err error) {
	c.Demands, err = store.All(ctx, q, scanText, `SELECT demand_id FROM campaign_demands WHERE campaign_id = $1 ORDER BY demand_id`, c.ID)
	if err != nil {
		return err
	}
	c.Donors, err = store.All(ctx, q, scanText, `SELECT party_id FROM campaign_donors WHERE campaign_id = $1 ORDER BY party_id`, c.ID)
	return err
}

func scanText(row store.Scanner) (string, error) {
	var s string
	err := row.Scan(&s)
	return s, err
}

// campaignsPage lists campaigns, and with a donor those that it opened.
func campaignsPage(ctx context.Context, q store.Querier, donor, after string, n int) ([]Campaign, error) {
	where, args := store.Only(`id < $1`, []any{store.Below(after), n}, "donor_id", donor)
	return store.All(ctx, q, scanCampaign, `SELECT `+campaignColumns+` FROM campaigns WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
}

func campaignsGiven(ctx context.Context, q store.Querier, donor, after string, n int) ([]Campaign, error) {
	return store.All(ctx, q, scanCampaign, `SELECT `+campaignColumns+` FROM campaigns
		WHERE id IN (SELECT campaign_id FROM campaign_donors WHERE party_id = $1) AND id < $2 ORDER BY id DESC LIMIT $3`, donor, store.Below(after), n)
}

func updateCampaign(ctx context.Context, tx store.Tx, c Campaign) (bool, error) {
	return changed(ctx, tx, `UPDATE campaigns SET named_use = $1, act = $2, reported_at = $3, version = version + 1, updated_at = $4
		WHERE id = $5 AND version = $6`, c.NamedUse, string(c.Act), int64(c.ReportedAt), int64(c.UpdatedAt), c.ID, c.Version)
}

func setCampaignDemands(ctx context.Context, tx store.Tx, campaign string, demands []string) error {
	if err := store.Exec(ctx, tx, `DELETE FROM campaign_demands WHERE campaign_id = $1`, campaign); err != nil {
		return err
	}
	for _, d := range demands {
		if err := store.Exec(ctx, tx, `INSERT INTO campaign_demands (campaign_id, demand_id) VALUES ($1, $2)`, campaign, d); err != nil {
			return err
		}
	}
	return nil
}

// AddCampaignDemand lets goods of a campaign go to one more need: its donors agreed that a truck is diverted there.
func AddCampaignDemand(ctx context.Context, tx store.Tx, campaign, demand string) error {
	return store.Exec(ctx, tx, `INSERT INTO campaign_demands (campaign_id, demand_id) VALUES ($1, $2) ON CONFLICT (campaign_id, demand_id) DO NOTHING`, campaign, demand)
}

// AddDonor makes a party one of those who must agree to another use of the campaign. A second time changes nothing.
func AddDonor(ctx context.Context, tx store.Tx, campaign, party string, at measure.Millis) error {
	return store.Exec(ctx, tx, `INSERT INTO campaign_donors (campaign_id, party_id, since) VALUES ($1, $2, $3)
		ON CONFLICT (campaign_id, party_id) DO NOTHING`, campaign, party, int64(at))
}

const useChangeColumns = `id, campaign_id, old_use, new_use, demands, reason, answer_until, asked_at, asked_by, outcome`

func scanUseChange(row store.Scanner) (UseChange, error) {
	var u UseChange
	var demands string
	err := row.Scan(&u.ID, &u.Campaign, &u.OldUse, &u.NewUse, &demands, &u.Reason, &u.AnswerUntil, &u.AskedAt, &u.AskedBy, &u.Settled)
	if err != nil {
		return u, err
	}
	err = json.Unmarshal([]byte(demands), &u.Demands)
	return u, err
}

func insertUseChange(ctx context.Context, tx store.Tx, u UseChange) error {
	demands, err := json.Marshal(u.Demands)
	if err != nil {
		return fmt.Errorf("market: %w", err)
	}
	return store.Exec(ctx, tx, `INSERT INTO use_changes (`+useChangeColumns+`) VALUES (`+store.Marks(1, 10)+`)`,
		u.ID, u.Campaign, u.OldUse, u.NewUse, string(demands), u.Reason, int64(u.AnswerUntil), int64(u.AskedAt), u.AskedBy, string(Asked))
}

// openUseChange gives the last question of a campaign that is not settled yet, or sql.ErrNoRows.
func openUseChange(ctx context.Context, q store.Querier, campaign string) (UseChange, error) {
	u, err := scanUseChange(q.QueryRowContext(ctx, `SELECT `+useChangeColumns+` FROM use_changes
		WHERE campaign_id = $1 AND outcome = 'asked' ORDER BY id DESC LIMIT 1`, campaign))
	if err != nil {
		return u, err
	}
	list, err := answered(ctx, q, []UseChange{u}, nil)
	return list[0], err
}

// useChangesAsked gives the questions that some donors are being asked, the soonest to end first.
func useChangesAsked(ctx context.Context, q store.Querier, donors []string, now measure.Millis) ([]UseChange, error) {
	list, err := store.All(ctx, q, scanUseChange, `SELECT `+useChangeColumns+` FROM use_changes WHERE outcome = 'asked' AND answer_until >= $1
		AND EXISTS (SELECT 1 FROM campaign_donors d WHERE d.campaign_id = use_changes.campaign_id AND d.party_id IN (`+store.Marks(2, len(donors))+`)) ORDER BY answer_until, id`,
		append([]any{int64(now)}, store.Args(donors)...)...)
	return answered(ctx, q, list, err)
}

// UseChanges gives all questions ever put to the donors of a campaign, oldest first.
func UseChanges(ctx context.Context, q store.Querier, campaign string) ([]UseChange, error) {
	list, err := store.All(ctx, q, scanUseChange, `SELECT `+useChangeColumns+` FROM use_changes WHERE campaign_id = $1 ORDER BY id`, campaign)
	return answered(ctx, q, list, err)
}

// answered adds the answers to questions that were read, with one read for all of them.
func answered(ctx context.Context, q store.Querier, list []UseChange, err error) ([]UseChange, error) {
	if err != nil || len(list) == 0 {
		return list, err
	}
	at, ids := map[string]int{}, make([]string, len(list))
	for i, u := range list {
		at[u.ID], ids[i] = i, u.ID
		list[i].Answers = map[string]bool{}
	}
	type answer struct {
		change, party string
		yes           bool
	}
	answers, err := store.All(ctx, q, func(row store.Scanner) (answer, error) {
		var a answer
		err := row.Scan(&a.change, &a.party, &a.yes)
		return a, err
	}, `SELECT change_id, party_id, yes FROM use_answers WHERE change_id IN (`+store.Marks(1, len(ids))+`) ORDER BY change_id, party_id`, store.Args(ids)...)
	for _, a := range answers {
		list[at[a.change]].Answers[a.party] = a.yes
	}
	return list, err
}

// donorsOf gives the donors of campaigns.
func donorsOf(ctx context.Context, q store.Querier, campaigns []string) (map[string][]string, error) {
	out := map[string][]string{}
	if len(campaigns) == 0 {
		return out, nil
	}
	list, err := store.All(ctx, q, func(row store.Scanner) ([2]string, error) {
		var pair [2]string
		err := row.Scan(&pair[0], &pair[1])
		return pair, err
	}, `SELECT campaign_id, party_id FROM campaign_donors WHERE campaign_id IN (`+store.Marks(1, len(campaigns))+`) ORDER BY campaign_id, party_id`, store.Args(campaigns)...)
	for _, pair := range list {
		out[pair[0]] = append(out[pair[0]], pair[1])
	}
	return out, err
}

// insertAnswer keeps the first answer of a donor; it can't be taken back.
func insertAnswer(ctx context.Context, tx store.Tx, change, party string, yes bool, at measure.Millis, by string) (bool, error) {
	return changed(ctx, tx, `INSERT INTO use_answers (change_id, party_id, yes, at, by_user) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (change_id, party_id) DO NOTHING`, change, party, yes, int64(at), by)
}

func settleUseChange(ctx context.Context, tx store.Tx, id string, o Outcome) error {
	return store.Exec(ctx, tx, `UPDATE use_changes SET outcome = $1 WHERE id = $2`, string(o), id)
}
