package market

import (
	"context"
	"encoding/json"

	"jishi/server/measure"
	"jishi/server/store"
)

const offerColumns = `id, lot_id, seller_id, price_e4, gift, benefit_e4, min_grams, pickup_from, pickup_to, expires_at, poverty,
	act, version, mandate, created_at, updated_at, order_from, order_to, tiers, moisture_per_mille, loss_bearer`

func scanOffer(row store.Scanner) (Offer, error) {
	var o Offer
	var tiers string
	err := row.Scan(&o.ID, &o.Lot, &o.Seller, &o.Price, &o.Gift, &o.Benefit, &o.Min, &o.Pickup.From, &o.Pickup.To, &o.ExpiresAt,
		&o.Poverty, &o.Act, &o.Version, &o.Mandate, &o.CreatedAt, &o.UpdatedAt,
		&o.Orders.From, &o.Orders.To, &tiers, &o.Loss.MoisturePerMille, &o.Loss.Bearer)
	if err == nil && tiers != "" {
		err = json.Unmarshal([]byte(tiers), &o.Tiers)
	}
	return o, err
}

func insertOffer(ctx context.Context, tx store.Tx, o Offer, by string) error {
	tiers, err := asJSON(o.Tiers)
	if err != nil {
		return err
	}
	if len(o.Tiers) == 0 {
		tiers = nil
	}
	return store.Exec(ctx, tx, `INSERT INTO offers (`+offerColumns+`, created_by) VALUES (`+store.Marks(1, 22)+`)`,
		o.ID, o.Lot, o.Seller, int64(o.Price), o.Gift, int64(o.Benefit), int64(o.Min), int64(o.Pickup.From), int64(o.Pickup.To),
		int64(o.ExpiresAt), o.Poverty, string(o.Act), o.Version, o.Mandate, int64(o.CreatedAt), int64(o.UpdatedAt),
		int64(o.Orders.From), int64(o.Orders.To), string(tiers), o.Loss.MoisturePerMille, string(o.Loss.Bearer), by)
}

// OfferByID gives an offer; sql.ErrNoRows when there is none.
func OfferByID(ctx context.Context, q store.Querier, id string) (Offer, error) {
	return scanOffer(q.QueryRowContext(ctx, `SELECT `+offerColumns+` FROM offers WHERE id = $1`, id))
}

// OffersByID gives those of the offers that there are, by id.
func OffersByID(ctx context.Context, q store.Querier, ids ...string) (map[string]Offer, error) {
	out := map[string]Offer{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE id IN (`+store.Marks(1, len(ids))+`) ORDER BY id`, store.Args(ids)...)
	for _, o := range list {
		out[o.ID] = o
	}
	return out, err
}

func offersOfLot(ctx context.Context, q store.Querier, lot string) ([]Offer, error) {
	return store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE lot_id = $1 ORDER BY id`, lot)
}

func offersPage(ctx context.Context, q store.Querier, seller, after string, n int) ([]Offer, error) {
	return store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers
		WHERE ($1 = '' AND act = 'live' OR seller_id = $1) AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, seller, after, n)
}

// liveOffersOf lists a seller's offers of one produce that may be ordered, as far as people decide.
func liveOffersOf(ctx context.Context, q store.Querier, seller, produce string) ([]Offer, error) {
	return store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers
		WHERE seller_id = $1 AND act = 'live' AND lot_id IN (SELECT id FROM lots WHERE party_id = $1 AND produce = $2) ORDER BY id`, seller, produce)
}

// povertyOffers lists offers with the poverty mark that may be ordered, as far as people decide, newest first.
func povertyOffers(ctx context.Context, q store.Querier, n int) ([]Offer, error) {
	return store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE act = 'live' AND poverty ORDER BY id DESC LIMIT $1`, n)
}

// setOfferAct moves an offer on, if it still is where it was read.
func setOfferAct(ctx context.Context, tx store.Tx, o Offer, act OfferState, at measure.Millis) (bool, error) {
	return changed(ctx, tx, `UPDATE offers SET act = $1, version = version + 1, updated_at = $2 WHERE id = $3 AND act = $4`,
		string(act), int64(at), o.ID, string(o.Act))
}

func bumpOffers(ctx context.Context, tx store.Tx, lot string) error {
	return store.Exec(ctx, tx, `UPDATE offers SET version = version + 1 WHERE lot_id = $1`, lot)
}
