package market

import (
	"context"

	"jishi/server/store"
)

const partyColumns = "id, kind, name, name_en, uscc, place_name, adcode, lon_e6, lat_e6, created_at"

func scanParty(row store.Scanner) (Party, error) {
	var p Party
	var lon, lat int64
	err := row.Scan(&p.ID, &p.Kind, &p.Name, &p.NameEn, &p.USCC, &p.Place.Name, &p.Place.Adcode, &lon, &lat, &p.CreatedAt)
	p.Place.Point = pointE6(lon, lat)
	return p, err
}

func insertParty(ctx context.Context, tx store.Tx, p Party, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO parties (`+partyColumns+`, created_by) VALUES (`+store.Marks(1, 11)+`)`,
		p.ID, string(p.Kind), p.Name, p.NameEn, p.USCC, p.Place.Name, p.Place.Adcode,
		toE6(p.Place.Point.Lon), toE6(p.Place.Point.Lat), int64(p.CreatedAt), by)
}

// PartyByID gives a party; sql.ErrNoRows when there is none.
func PartyByID(ctx context.Context, q store.Querier, id string) (Party, error) {
	return scanParty(q.QueryRowContext(ctx, `SELECT `+partyColumns+` FROM parties WHERE id = $1`, id))
}

// PartiesByID gives those of the parties that there are, by id.
func PartiesByID(ctx context.Context, q store.Querier, ids ...string) (map[string]Party, error) {
	out := map[string]Party{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := store.All(ctx, q, scanParty, `SELECT `+partyColumns+` FROM parties WHERE id IN (`+store.Marks(1, len(ids))+`) ORDER BY id`, store.Args(ids)...)
	for _, p := range list {
		out[p.ID] = p
	}
	return out, err
}

func partiesOfKind(ctx context.Context, q store.Querier, kind PartyKind, after string, n int) ([]Party, error) {
	return store.All(ctx, q, scanParty, `SELECT `+partyColumns+` FROM parties
		WHERE ($1 = '' OR kind = $1) AND id > $2 ORDER BY id LIMIT $3`, string(kind), after, n)
}

// householdsOf lists the households that are among the parties or belong to one of them as their cooperative.
func householdsOf(ctx context.Context, q store.Querier, parties []string, after string, n int) ([]Party, error) {
	if len(parties) == 0 {
		return nil, nil
	}
	marks := store.Marks(3, len(parties))
	return store.All(ctx, q, scanParty, `SELECT `+partyColumns+` FROM parties WHERE kind = 'household' AND id > $1
		AND (id IN (`+marks+`) OR id IN (SELECT party_id FROM households WHERE coop_id IN (`+marks+`))) ORDER BY id LIMIT $2`,
		append([]any{after, n}, store.Args(parties)...)...)
}

const householdColumns = "party_id, coop_id, poor, id_masked"

func scanHousehold(row store.Scanner) (Household, error) {
	var h Household
	err := row.Scan(&h.Party, &h.Coop, &h.Poor, &h.IDMasked)
	return h, err
}

func insertHousehold(ctx context.Context, tx store.Tx, h Household, idHash string) error {
	return store.Exec(ctx, tx, `INSERT INTO households (party_id, coop_id, poor, id_hash, id_masked) VALUES (`+store.Marks(1, 5)+`)`,
		h.Party, h.Coop, h.Poor, idHash, h.IDMasked)
}

// HouseholdByParty gives a household's file; sql.ErrNoRows when the party is none.
func HouseholdByParty(ctx context.Context, q store.Querier, party string) (Household, error) {
	return scanHousehold(q.QueryRowContext(ctx, `SELECT `+householdColumns+` FROM households WHERE party_id = $1`, party))
}
