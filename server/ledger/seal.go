package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jishi/server/store"
)

// sealBatch is how many entries and events one transaction seals.
const sealBatch = 500

// genesis is what the first seal follows.
const genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// unsealed is an entry or event that no seal covers yet.
type unsealed struct{ source, id, sum string }

// link gives the hash of a seal: over the seal before it, the table, the id and the hash of the body.
func link(before string, n int64, u unsealed) string {
	return hash(fmt.Sprintf("%s\n%d\n%s\n%s\n%s", before, n, u.source, u.id, u.sum))
}

// Seal appends every entry and event that has no seal yet to the chain, and gives how many there were. Two at once are
// harmless: the seal number is a key.
func Seal(ctx context.Context, db *store.DB) (int, error) {
	total := 0
	for {
		n := 0
		err := db.InTx(ctx, func(tx store.Tx) error {
			var err error
			n, err = sealSome(ctx, tx)
			return err
		})
		total += n
		if err != nil || n < sealBatch {
			return total, err
		}
	}
}

func sealSome(ctx context.Context, tx store.Tx) (int, error) {
	n, before, err := lastSeal(ctx, tx)
	if err != nil {
		return 0, err
	}
	since, err := mayLackSeal(ctx, tx)
	if err != nil {
		return 0, err
	}
	todo, err := withoutSeal(ctx, tx, since)
	if err != nil {
		return 0, err
	}
	for _, u := range todo {
		n++
		before = link(before, n, u)
		_, err = tx.ExecContext(ctx, `INSERT INTO ledger_seals (n, source, id, hash) VALUES ($1, $2, $3, $4)`, n, u.source, u.id, before)
		if err != nil {
			return 0, fmt.Errorf("seal %s: %w", u.id, err)
		}
	}
	return len(todo), nil
}

func lastSeal(ctx context.Context, q store.Querier) (n int64, hash string, err error) {
	err = q.QueryRowContext(ctx, `SELECT n, hash FROM ledger_seals ORDER BY n DESC LIMIT 1`).Scan(&n, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, genesis, nil
	}
	if err != nil {
		return 0, "", fmt.Errorf("last seal: %w", err)
	}
	return n, hash, nil
}

// longestWriting bounds by how much an id may be older than its commit: by the length of a transaction, and by how far the clocks of
// servers are apart. What is older than that when something newer was sealed has its seal.
const longestWriting = 24 * time.Hour

// mayLackSeal gives the id from which on there may be entries and events without a seal, so that nobody looks through all that ever was.
func mayLackSeal(ctx context.Context, q store.Querier) (string, error) {
	var newest sql.NullString
	if err := q.QueryRowContext(ctx, `SELECT MAX(id) FROM ledger_seals`).Scan(&newest); err != nil {
		return "", fmt.Errorf("newest seal: %w", err)
	}
	at, ok := store.IDTime(newest.String)
	if !ok {
		return "", nil
	}
	return store.IDFrom(at.Add(-longestWriting)), nil
}

func withoutSeal(ctx context.Context, q store.Querier, since string) ([]unsealed, error) {
	return store.All(ctx, q, func(row store.Scanner) (u unsealed, err error) {
		err = row.Scan(&u.source, &u.id, &u.sum)
		return u, err
	}, `SELECT source, id, sum FROM (
			SELECT 'ledger_entries' AS source, e.id AS id, e.body_sha256 AS sum FROM ledger_entries e
			WHERE e.id >= $2 AND NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.id = e.id)
			UNION ALL
			SELECT 'audit_events', a.id, a.body_sha256 FROM audit_events a
			WHERE a.id >= $2 AND NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.id = a.id)
		) AS u ORDER BY id LIMIT $1`, sealBatch, since)
}
