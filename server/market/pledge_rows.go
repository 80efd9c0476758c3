package market

import (
	"context"

	"jishi/server/measure"
	"jishi/server/store"
)

const pledgeColumns = `id, campaign_id, donor_id, fen, unspent, named, reference, made_at, pay_until, ended_at`

func scanPledge(row store.Scanner) (Pledge, error) {
	var p Pledge
	err := row.Scan(&p.ID, &p.Campaign, &p.Donor, &p.Fen, &p.Unspent, &p.Named, &p.Reference, &p.MadeAt, &p.PayUntil, &p.EndedAt)
	return p, err
}

func insertPledge(ctx context.Context, tx store.Tx, p Pledge, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO pledges (`+pledgeColumns+`, created_by) VALUES (`+store.Marks(1, 11)+`)`,
		p.ID, p.Campaign, p.Donor, int64(p.Fen), string(p.Unspent), p.Named, p.Reference, int64(p.MadeAt), int64(p.PayUntil), int64(p.EndedAt), by)
}

// PledgeByID gives a pledge; sql.ErrNoRows when there is none.
func PledgeByID(ctx context.Context, q store.Querier, id string) (Pledge, error) {
	return scanPledge(q.QueryRowContext(ctx, `SELECT `+pledgeColumns+` FROM pledges WHERE id = $1`, id))
}

// PledgeByReference gives the pledge that a transfer quotes; sql.ErrNoRows when there is none.
func PledgeByReference(ctx context.Context, q store.Querier, reference string) (Pledge, error) {
	return scanPledge(q.QueryRowContext(ctx, `SELECT `+pledgeColumns+` FROM pledges WHERE reference = $1`, reference))
}

// PledgesOf gives the pledges of a campaign, oldest first.
func PledgesOf(ctx context.Context, q store.Querier, campaign string) ([]Pledge, error) {
	return store.All(ctx, q, scanPledge, `SELECT `+pledgeColumns+` FROM pledges WHERE campaign_id = $1 ORDER BY id`, campaign)
}

func pledgesOfDonor(ctx context.Context, q store.Querier, donor, after string, n int) ([]Pledge, error) {
	return store.All(ctx, q, scanPledge, `SELECT `+pledgeColumns+` FROM pledges
		WHERE donor_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, donor, store.Below(after), n)
}

func endPledge(ctx context.Context, tx store.Tx, id string, at measure.Millis) (bool, error) {
	return changed(ctx, tx, `UPDATE pledges SET ended_at = $1 WHERE id = $2 AND ended_at = 0`, int64(at), id)
}
