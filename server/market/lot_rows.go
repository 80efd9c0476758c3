package market

import (
	"context"

	"jishi/server/store"
)

const lotColumns = `id, party_id, produce, grade, packing, packs, pack_grams, weighed_grams, harvested_on,
	place_name, adcode, lon_e6, lat_e6, certificate, certificate_at, source_line, evidence, mandate, created_at, photo, acted_at, stored_tenths`

func scanLot(row store.Scanner) (Lot, error) {
	var l Lot
	var lon, lat int64
	err := row.Scan(&l.ID, &l.Party, &l.Produce, &l.Grade, &l.Packing, &l.Packs, &l.PackGrams, &l.Weighed, &l.HarvestedOn,
		&l.Place.Name, &l.Place.Adcode, &lon, &lat, &l.Certificate, &l.CertifiedAt, &l.SourceLine, &l.Evidence, &l.Mandate, &l.CreatedAt, &l.Photo, &l.ActedAt, &l.StoredAt)
	l.Place.Point = pointE6(lon, lat)
	return l, err
}

func insertLot(ctx context.Context, tx store.Tx, l Lot, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO lots (`+lotColumns+`, created_by) VALUES (`+store.Marks(1, 23)+`)`,
		l.ID, l.Party, l.Produce, l.Grade, l.Packing, l.Packs, int64(l.PackGrams), int64(l.Weighed), l.HarvestedOn,
		l.Place.Name, l.Place.Adcode, toE6(l.Place.Point.Lon), toE6(l.Place.Point.Lat), l.Certificate, int64(l.CertifiedAt),
		l.SourceLine, l.Evidence, l.Mandate, int64(l.CreatedAt), l.Photo, int64(l.ActedAt), l.StoredAt, by)
}

// LotByID gives a lot; sql.ErrNoRows when there is none.
func LotByID(ctx context.Context, q store.Querier, id string) (Lot, error) {
	return scanLot(q.QueryRowContext(ctx, `SELECT `+lotColumns+` FROM lots WHERE id = $1`, id))
}

// LotsByID gives those of the lots that there are, by id.
func LotsByID(ctx context.Context, q store.Querier, ids ...string) (map[string]Lot, error) {
	out := map[string]Lot{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := store.All(ctx, q, scanLot, `SELECT `+lotColumns+` FROM lots WHERE id IN (`+store.Marks(1, len(ids))+`) ORDER BY id`, store.Args(ids)...)
	for _, l := range list {
		out[l.ID] = l
	}
	return out, err
}

func lotsOfParty(ctx context.Context, q store.Querier, party, after string, n int) ([]Lot, error) {
	where, args := store.Only(`id < $1`, []any{store.Below(after), n}, "party_id", party)
	return store.All(ctx, q, scanLot, `SELECT `+lotColumns+` FROM lots WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
}

func certifyLot(ctx context.Context, tx store.Tx, id, number string, at int64) error {
	return store.Exec(ctx, tx, `UPDATE lots SET certificate = $1, certificate_at = $2 WHERE id = $3`, number, at, id)
}

func insertShare(ctx context.Context, tx store.Tx, lot string, s Share) error {
	return store.Exec(ctx, tx, `INSERT INTO lot_shares (lot_id, household_id, grams) VALUES ($1, $2, $3)`, lot, s.Household, int64(s.Grams))
}

func insertJoin(ctx context.Context, tx store.Tx, lot string, p Part) error {
	return store.Exec(ctx, tx, `INSERT INTO lot_joins (lot_id, from_lot, grams) VALUES ($1, $2, $3)`, lot, p.Lot, int64(p.Grams))
}

func scanShare(row store.Scanner) (Share, error) {
	var s Share
	err := row.Scan(&s.Household, &s.Grams)
	return s, err
}

// Shares gives what each household brought to a lot, by household.
func Shares(ctx context.Context, q store.Querier, lot string) ([]Share, error) {
	return store.All(ctx, q, scanShare, `SELECT household_id, grams FROM lot_shares WHERE lot_id = $1 ORDER BY household_id`, lot)
}

// PoorShares gives what each registered poor household brought to a lot, by household.
func PoorShares(ctx context.Context, q store.Querier, lot string) ([]Share, error) {
	return store.All(ctx, q, scanShare, `SELECT s.household_id, s.grams FROM lot_shares s
		JOIN households h ON h.party_id = s.household_id AND h.poor
		WHERE s.lot_id = $1 ORDER BY s.household_id`, lot)
}

// PartsOf gives what was joined to a lot, in the order of the other lots' ids; nil when it was harvested.
func PartsOf(ctx context.Context, q store.Querier, lot string) ([]Part, error) {
	return store.All(ctx, q, func(row store.Scanner) (Part, error) {
		var p Part
		err := row.Scan(&p.Lot, &p.Grams)
		return p, err
	}, `SELECT from_lot, grams FROM lot_joins WHERE lot_id = $1 ORDER BY from_lot`, lot)
}
