package market

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"jishi/server/measure"
	"jishi/server/store"
)

const offerColumns = `id, lot_id, seller_id, price_e4, gift, benefit_e4, min_grams, pickup_from, pickup_to, expires_at, poverty,
	act, version, mandate, created_at, updated_at, order_from, order_to, tiers, moisture_per_mille, loss_bearer, sent_back`

// offerRow is an offer as its columns are read.
type offerRow struct {
	Offer
	tiers string
}

// columns are where the values of offerColumns go.
func (r *offerRow) columns() []any {
	return []any{&r.ID, &r.Lot, &r.Seller, &r.Price, &r.Gift, &r.Benefit, &r.Min, &r.Pickup.From, &r.Pickup.To, &r.ExpiresAt,
		&r.Poverty, &r.Act, &r.Version, &r.Mandate, &r.CreatedAt, &r.UpdatedAt,
		&r.Orders.From, &r.Orders.To, &r.tiers, &r.Loss.MoisturePerMille, &r.Loss.Bearer, &r.SentBack}
}

func (r *offerRow) offer() (Offer, error) {
	if r.tiers == "" {
		return r.Offer, nil
	}
	return r.Offer, json.Unmarshal([]byte(r.tiers), &r.Tiers)
}

func scanOffer(row store.Scanner) (Offer, error) {
	var r offerRow
	if err := row.Scan(r.columns()...); err != nil {
		return Offer{}, err
	}
	return r.offer()
}

// Stock is an offer with what an order has to know of its lot.
type Stock struct {
	Offer
	Produce   string
	Available measure.Grams
}

var stockRows = `SELECT ` + of("f", offerColumns) + `, l.produce, COALESCE(b.amount, 0)
	FROM offers f JOIN lots l ON l.id = f.lot_id
	LEFT JOIN ledger_balances b ON b.unit = 'g' AND b.account = ` + lotAvailableOf("f.lot_id")

// InStock gives those of the offers that there are, by id, in one statement.
func InStock(ctx context.Context, q store.Querier, offers ...string) (map[string]Stock, error) {
	out := make(map[string]Stock, len(offers))
	if len(offers) == 0 {
		return out, nil
	}
	list, err := store.All(ctx, q, scanStock, stockRows+` WHERE f.id IN (`+store.Marks(1, len(offers))+`)`, store.Args(offers)...)
	for _, s := range list {
		out[s.ID] = s
	}
	return out, err
}

func scanStock(row store.Scanner) (Stock, error) {
	var r offerRow
	var s Stock
	err := row.Scan(append(r.columns(), &s.Produce, &s.Available)...)
	if err == nil {
		s.Offer, err = r.offer()
	}
	return s, err
}

// of names columns of a table by its alias.
func of(alias, columns string) string {
	list := strings.Split(columns, ",")
	for i, c := range list {
		list[i] = alias + "." + strings.TrimSpace(c)
	}
	return strings.Join(list, ", ")
}

func insertOffer(ctx context.Context, tx store.Tx, o Offer, by string) error {
	tiers, err := tiersText(o)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `INSERT INTO offers (`+offerColumns+`, created_by) VALUES (`+store.Marks(1, 23)+`)`,
		o.ID, o.Lot, o.Seller, int64(o.Price), o.Gift, int64(o.Benefit), int64(o.Min), int64(o.Pickup.From), int64(o.Pickup.To),
		int64(o.ExpiresAt), o.Poverty, string(o.Act), o.Version, o.Mandate, int64(o.CreatedAt), int64(o.UpdatedAt),
		int64(o.Orders.From), int64(o.Orders.To), tiers, o.Loss.MoisturePerMille, string(o.Loss.Bearer), o.SentBack, by)
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

// offersOfLots gives the ids of all offers of some lots.
func offersOfLots(ctx context.Context, q store.Querier, lots []string) ([]string, error) {
	return store.All(ctx, q, scanText, `SELECT id FROM offers WHERE lot_id IN (`+store.Marks(1, len(lots))+`) ORDER BY id`, store.Args(lots)...)
}

func offersPage(ctx context.Context, q store.Querier, want OffersWanted, all bool, n int) ([]Offer, error) {
	where, args := store.Only(`id < $1`, []any{store.Below(want.After), n}, "seller_id", want.Seller)
	if !all {
		where += ` AND act = 'live'`
	}
	if want.Produce != "" {
		args = append(args, want.Produce)
		where += fmt.Sprintf(` AND lot_id IN (SELECT id FROM lots WHERE produce = $%d)`, len(args))
	}
	return store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
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

// offersToCheck lists the offers whose poverty mark the county office has to look at, the longest waiting first.
func offersToCheck(ctx context.Context, q store.Querier, n int) ([]Offer, error) {
	return store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE act = 'pending_check' ORDER BY id LIMIT $1`, n)
}

// offersSentBack lists a seller's offers that the county office sent back.
func offersSentBack(ctx context.Context, q store.Querier, seller string) ([]Offer, error) {
	return store.All(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE seller_id = $1 AND act = 'draft' AND sent_back <> '' ORDER BY id`, seller)
}

// setOfferTerms writes an offer's terms anew, if it is of the version that was read before.
func setOfferTerms(ctx context.Context, tx store.Tx, before, o Offer) (bool, error) {
	tiers, err := tiersText(o)
	if err != nil {
		return false, err
	}
	return changed(ctx, tx, `UPDATE offers SET price_e4 = $1, gift = $2, benefit_e4 = $3, min_grams = $4, pickup_from = $5, pickup_to = $6, expires_at = $7, poverty = $8,
			order_from = $9, order_to = $10, tiers = $11, moisture_per_mille = $12, loss_bearer = $13, act = $14, updated_at = $15, version = $16
		WHERE id = $17 AND version = $18`,
		int64(o.Price), o.Gift, int64(o.Benefit), int64(o.Min), int64(o.Pickup.From), int64(o.Pickup.To), int64(o.ExpiresAt), o.Poverty,
		int64(o.Orders.From), int64(o.Orders.To), tiers, o.Loss.MoisturePerMille, string(o.Loss.Bearer), string(o.Act), int64(o.UpdatedAt), o.Version,
		o.ID, before.Version)
}

// tiersText is how an offer's tiers are kept: "" for none.
func tiersText(o Offer) (string, error) {
	if len(o.Tiers) == 0 {
		return "", nil
	}
	text, err := json.Marshal(o.Tiers)
	return string(text), err
}

// setOfferAct moves an offer on, if it still is where it was before.
func setOfferAct(ctx context.Context, tx store.Tx, before, o Offer) (bool, error) {
	return changed(ctx, tx, `UPDATE offers SET act = $1, version = version + 1, updated_at = $2, sent_back = $3 WHERE id = $4 AND act = $5`,
		string(o.Act), int64(o.UpdatedAt), o.SentBack, o.ID, string(before.Act))
}
