package market

import (
	"context"
	"fmt"

	"jishi/server/measure"
	"jishi/server/store"
)

const demandColumns = `id, party_id, produce, amount_kind, grams, needed_by, why, relief, storage, unload_from, unload_to, no_forklift,
	place_name, adcode, lon_e6, lat_e6, act, confirmed_at, verified_at, verified_by, verified_how, version, created_at, updated_at`

func scanDemand(row store.Scanner) (Demand, error) {
	var d Demand
	var lon, lat int64
	err := row.Scan(&d.ID, &d.Party, &d.Produce, &d.Kind, &d.Grams, &d.By, &d.Why, &d.Relief, &d.Storage, &d.UnloadFrom, &d.UnloadTo,
		&d.NoForklift, &d.Place.Name, &d.Place.Adcode, &lon, &lat, &d.Act, &d.ConfirmedAt, &d.VerifiedAt, &d.VerifiedBy, &d.VerifiedHow,
		&d.Version, &d.CreatedAt, &d.UpdatedAt)
	d.Place.Point = pointE6(lon, lat)
	return d, err
}

func insertDemand(ctx context.Context, tx store.Tx, d Demand, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO demands (`+demandColumns+`, created_by) VALUES (`+store.Marks(1, 25)+`)`,
		d.ID, d.Party, d.Produce, string(d.Kind), int64(d.Grams), int64(d.By), d.Why, d.Relief, d.Storage, d.UnloadFrom, d.UnloadTo,
		d.NoForklift, d.Place.Name, d.Place.Adcode, toE6(d.Place.Point.Lon), toE6(d.Place.Point.Lat), string(d.Act), int64(d.ConfirmedAt),
		int64(d.VerifiedAt), d.VerifiedBy, d.VerifiedHow, d.Version, int64(d.CreatedAt), int64(d.UpdatedAt), by)
}

// updateDemand writes what acts change, if nobody else did in between.
func updateDemand(ctx context.Context, tx store.Tx, d Demand, version int64) (bool, error) {
	return changed(ctx, tx, `UPDATE demands SET amount_kind = $1, grams = $2, unload_from = $3, unload_to = $4, no_forklift = $5, storage = $6,
			act = $7, confirmed_at = $8, verified_at = $9, verified_by = $10, verified_how = $11, version = $12, updated_at = $13
		WHERE id = $14 AND version = $15`,
		string(d.Kind), int64(d.Grams), d.UnloadFrom, d.UnloadTo, d.NoForklift, d.Storage, string(d.Act), int64(d.ConfirmedAt),
		int64(d.VerifiedAt), d.VerifiedBy, d.VerifiedHow, version+1, int64(d.UpdatedAt), d.ID, version)
}

// DemandByID gives a demand; sql.ErrNoRows when there is none.
func DemandByID(ctx context.Context, q store.Querier, id string) (Demand, error) {
	return scanDemand(q.QueryRowContext(ctx, `SELECT `+demandColumns+` FROM demands WHERE id = $1`, id))
}

// DemandsByID gives those of the demands that there are, by id.
func DemandsByID(ctx context.Context, q store.Querier, ids ...string) (map[string]Demand, error) {
	out := map[string]Demand{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := store.All(ctx, q, scanDemand, `SELECT `+demandColumns+` FROM demands WHERE id IN (`+store.Marks(1, len(ids))+`) ORDER BY id`, store.Args(ids)...)
	for _, d := range list {
		out[d.ID] = d
	}
	return out, err
}

func demandsPage(ctx context.Context, q store.Querier, want NeedsWanted, n int) ([]Demand, error) {
	where, args := store.Only(`act <> 'draft' AND id < $1`, []any{store.Below(want.After), n}, "party_id", want.Party)
	where, args = store.Only(where, args, "produce", want.Produce)
	if want.Open {
		where += ` AND act IN ('posted', 'verified')`
	}
	return store.All(ctx, q, scanDemand, `SELECT `+demandColumns+` FROM demands WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
}

// changed runs an update and tells whether it hit its row.
func changed(ctx context.Context, tx store.Tx, query string, args ...any) (bool, error) {
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("market: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func bumpDemand(ctx context.Context, tx store.Tx, id string, at measure.Millis) error {
	return store.Exec(ctx, tx, `UPDATE demands SET version = version + 1, updated_at = $1 WHERE id = $2`, int64(at), id)
}
