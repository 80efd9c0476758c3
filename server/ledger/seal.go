package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
	todo, err := withoutSeal(ctx, tx)
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

func withoutSeal(ctx context.Context, q store.Querier) ([]unsealed, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT source, id, sum FROM (
			SELECT 'ledger_entries' AS source, e.id AS id, e.body_sha256 AS sum FROM ledger_entries e
			WHERE NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.id = e.id)
			UNION ALL
			SELECT 'audit_events', a.id, a.body_sha256 FROM audit_events a
			WHERE NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.id = a.id)
		) AS u ORDER BY id LIMIT $1`, sealBatch)
	if err != nil {
		return nil, fmt.Errorf("read what has no seal: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []unsealed
	for rows.Next() {
		var u unsealed
		if err = rows.Scan(&u.source, &u.id, &u.sum); err != nil {
			return nil, fmt.Errorf("read what has no seal: %w", err)
		}
		out = append(out, u)
	}
	return out, rows.Err()
}
