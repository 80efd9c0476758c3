package orders

import (
	"context"

	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

func depositTerms(ctx context.Context, q store.Querier, offer string) (DepositTerms, error) {
	terms, err := depositTermsOf(ctx, q, offer)
	t := terms[offer]
	t.Offer = offer
	return t, err
}

// depositTermsOf gives the terms of several offers, by offer; those that ask for none are not there.
func depositTermsOf(ctx context.Context, q store.Querier, offers ...string) (map[string]DepositTerms, error) {
	out := map[string]DepositTerms{}
	_, err := store.All(ctx, q, func(row store.Scanner) (DepositTerms, error) {
		var t DepositTerms
		err := row.Scan(&t.Offer, &t.Buyer, &t.Seller, &t.From)
		out[t.Offer] = t
		return t, err
	}, `SELECT offer_id, buyer_permille, seller_permille, from_grams FROM offer_deposits WHERE offer_id IN (`+store.Marks(1, len(offers))+`)`, store.Args(offers)...)
	return out, err
}

func setDepositTerms(ctx context.Context, tx store.Tx, t DepositTerms, at measure.Millis, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO offer_deposits (offer_id, buyer_permille, seller_permille, from_grams, set_at, set_by) VALUES (`+store.Marks(1, 6)+`)
		ON CONFLICT (offer_id) DO UPDATE SET buyer_permille = EXCLUDED.buyer_permille, seller_permille = EXCLUDED.seller_permille, from_grams = EXCLUDED.from_grams,
			set_at = EXCLUDED.set_at, set_by = EXCLUDED.set_by`,
		t.Offer, t.Buyer, t.Seller, int64(t.From), int64(at), by)
}

const depositColumns = "id, for_kind, for_id, party_id, other_id, other_account, reference, fen, asked_at, until, over_at, ended_at, ended_for"

func scanDeposit(row store.Scanner) (Deposit, error) {
	var d Deposit
	err := row.Scan(&d.ID, &d.For, &d.ForID, &d.Party, &d.Other, &d.OtherAccount, &d.Reference, &d.Fen, &d.AskedAt, &d.Until, &d.OverAt, &d.EndedAt, &d.EndedFor)
	return d, err
}

func insertDeposit(ctx context.Context, tx store.Tx, d Deposit) error {
	return store.Exec(ctx, tx, `INSERT INTO deposits (`+depositColumns+`) VALUES (`+store.Marks(1, 13)+`)`,
		d.ID, string(d.For), d.ForID, d.Party, d.Other, d.OtherAccount, d.Reference, int64(d.Fen), int64(d.AskedAt), int64(d.Until), int64(d.OverAt), int64(d.EndedAt), d.EndedFor)
}

// endDeposit marks a deposit as over, once; ok is false when it is already.
func endDeposit(ctx context.Context, tx store.Tx, id string, at measure.Millis, why string) (ok bool, err error) {
	return changed(ctx, tx, `UPDATE deposits SET ended_at = $2, ended_for = $3 WHERE id = $1 AND ended_at = 0`, id, int64(at), why)
}

// leaveDeposit marks a deposit's promise as over without a word on who broke it.
func leaveDeposit(ctx context.Context, tx store.Tx, id string, at measure.Millis, why string) error {
	return store.Exec(ctx, tx, `UPDATE deposits SET over_at = $2, ended_for = $3 WHERE id = $1 AND over_at = 0 AND ended_at = 0`, id, int64(at), why)
}

// DepositByID gives a deposit; sql.ErrNoRows when there is none. So does depositByReference.
func DepositByID(ctx context.Context, q store.Querier, id string) (Deposit, error) {
	return scanDeposit(q.QueryRowContext(ctx, `SELECT `+depositColumns+` FROM deposits WHERE id = $1`, id))
}

func depositByReference(ctx context.Context, q store.Querier, reference string) (Deposit, error) {
	return scanDeposit(q.QueryRowContext(ctx, `SELECT `+depositColumns+` FROM deposits WHERE reference = $1`, reference))
}

// DepositsFor lists the deposits of one promise, in the order in which they were asked for.
func DepositsFor(ctx context.Context, q store.Querier, forID string) ([]Deposit, error) {
	return store.All(ctx, q, scanDeposit, `SELECT `+depositColumns+` FROM deposits WHERE for_id = $1 ORDER BY id`, forID)
}

// depositsPage lists the deposits that some parties put up or would get (nil: all), newest first, after an id; open: those that are not over.
func depositsPage(ctx context.Context, q store.Querier, parties []string, open bool, after string, n int) ([]Deposit, error) {
	where, args := `id < $1`, []any{store.Below(after), n}
	if parties != nil {
		marks := store.Marks(3, len(parties))
		where += ` AND (party_id IN (` + marks + `) OR other_id IN (` + marks + `))`
		args = append(args, store.Args(parties)...)
	}
	if open {
		where += ` AND ended_at = 0`
	}
	return store.All(ctx, q, scanDeposit, `SELECT `+depositColumns+` FROM deposits WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
}

// openDeposits lists those of them that are not over.
func openDeposits(ctx context.Context, q store.Querier, forID string) ([]Deposit, error) {
	return store.All(ctx, q, scanDeposit, `SELECT `+depositColumns+` FROM deposits WHERE for_id = $1 AND ended_at = 0 ORDER BY id`, forID)
}

// undecidedDeposits lists all that wait for an operator, the oldest first.
func undecidedDeposits(ctx context.Context, q store.Querier) ([]Deposit, error) {
	return store.All(ctx, q, scanDeposit, `SELECT `+depositColumns+` FROM deposits WHERE ended_at = 0 AND over_at > 0 ORDER BY over_at, id`)
}

// depositsAskedOf lists what parties were asked for and is not over, the soonest due first.
func depositsAskedOf(ctx context.Context, q store.Querier, parties []string) ([]Deposit, error) {
	return store.All(ctx, q, scanDeposit, `SELECT `+depositColumns+` FROM deposits WHERE ended_at = 0 AND over_at = 0 AND party_id IN (`+store.Marks(1, len(parties))+`) ORDER BY until, id`, store.Args(parties)...)
}

// lateDeposits lists those of orders that should be paid in by now and are not over.
func lateDeposits(ctx context.Context, q store.Querier, now measure.Millis) ([]Deposit, error) {
	return store.All(ctx, q, scanDeposit, `SELECT `+depositColumns+` FROM deposits WHERE ended_at = 0 AND until < $1 AND for_kind = $2 ORDER BY until, id`, int64(now), string(ForOrder))
}

// NumbersOfDeposit reads what the ledger says of a deposit.
func NumbersOfDeposit(ctx context.Context, q store.Querier, d Deposit) (n DepositNumbers, err error) {
	if n.Held, err = fen(ctx, q, Held(d.ID)); err != nil {
		return n, err
	}
	out, err := ledger.Outflow(ctx, q, ledger.Fen, Held(d.ID))
	n.Released, n.Forfeited = measure.Fen(out[Refund(d.Party)]), measure.Fen(out[d.OtherAccount])
	return n, err
}

// depositLacks reports whether a deposit of a promise was asked for and is not all there.
func depositLacks(ctx context.Context, q store.Querier, forID string) (bool, error) {
	list, err := openDeposits(ctx, q, forID)
	for _, d := range list {
		if err != nil {
			break
		}
		var held measure.Fen
		if held, err = fen(ctx, q, Held(d.ID)); err == nil && held < d.Fen {
			return true, nil
		}
	}
	return false, err
}
