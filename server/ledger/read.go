package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jishi/server/measure"
	"jishi/server/store"
)

// Balance gives what an account holds; an account that was never used holds 0. A world/ account is summed and may be
// below zero.
func Balance(ctx context.Context, q store.Querier, unit Unit, name string) (int64, error) {
	if strings.HasPrefix(name, World) {
		return worldBalance(ctx, q, unit, name)
	}
	var n int64
	err := q.QueryRowContext(ctx, `SELECT amount FROM ledger_balances WHERE unit = $1 AND account = $2`, string(unit), name).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("balance of %s: %w", name, err)
	}
	return n, nil
}

func worldBalance(ctx context.Context, q store.Querier, unit Unit, name string) (int64, error) {
	var in, out int64
	err := q.QueryRowContext(ctx, `
		SELECT (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_postings WHERE unit = $1 AND to_account = $2),
		       (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_postings WHERE unit = $1 AND from_account = $2)`,
		string(unit), name).Scan(&in, &out)
	if err != nil {
		return 0, fmt.Errorf("balance of %s: %w", name, err)
	}
	return in - out, nil
}

// Balances gives what several accounts hold, 0 where one was never used.
func Balances(ctx context.Context, q store.Querier, unit Unit, names ...string) (map[string]int64, error) {
	out := make(map[string]int64, len(names))
	var kept []string
	for _, name := range names {
		if !strings.HasPrefix(name, World) {
			kept = append(kept, name)
			continue
		}
		n, err := worldBalance(ctx, q, unit, name)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	for some := range slices.Chunk(kept, namesAtOnce) {
		if err := addBalances(ctx, q, unit, some, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// namesAtOnce is how many accounts one statement asks for.
const namesAtOnce = 100

func addBalances(ctx context.Context, q store.Querier, unit Unit, names []string, out map[string]int64) error {
	for _, name := range names {
		out[name] = 0
	}
	_, err := store.All(ctx, q, func(row store.Scanner) (none struct{}, err error) {
		var name string
		var n int64
		err = row.Scan(&name, &n)
		out[name] = n
		return none, err
	}, `SELECT account, amount FROM ledger_balances WHERE unit = $1 AND account IN (`+store.Marks(2, len(names))+`)`,
		append([]any{string(unit)}, store.Args(names)...)...)
	if err != nil {
		return fmt.Errorf("balances of %s and others: %w", names[0], err)
	}
	return nil
}

// BalancesPrefix gives every account whose name starts with prefix, zero balances included. Not for world/ accounts.
func BalancesPrefix(ctx context.Context, q store.Querier, unit Unit, prefix string) (map[string]int64, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT account, amount FROM ledger_balances
		WHERE unit = $1 AND account >= $2 AND account < $3 ORDER BY account`, string(unit), prefix, prefix+"\U0010ffff")
	if err != nil {
		return nil, fmt.Errorf("balances of %s: %w", prefix, err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string]int64{}
	for rows.Next() {
		var name string
		var n int64
		if err = rows.Scan(&name, &n); err != nil {
			return nil, fmt.Errorf("balances of %s: %w", prefix, err)
		}
		out[name] = n
	}
	return out, rows.Err()
}

// Entries gives the entries about a subject, oldest first.
func Entries(ctx context.Context, q store.Querier, subject string) ([]Entry, error) {
	return store.All(ctx, q, scanEntry, `SELECT id, body FROM ledger_entries WHERE subject = $1 ORDER BY id`, subject)
}

// ByClientID gives the entry that was posted under a client id; sql.ErrNoRows when there is none.
func ByClientID(ctx context.Context, q store.Querier, clientID string) (Entry, error) {
	return scanEntry(q.QueryRowContext(ctx, `SELECT id, body FROM ledger_entries WHERE client_id = $1`, clientID))
}

func scanEntry(row store.Scanner) (Entry, error) {
	var e Entry
	var id, body string
	if err := row.Scan(&id, &body); err != nil {
		return e, err
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return e, fmt.Errorf("entry %s: %w", id, err)
	}
	e.ID = id
	return e, nil
}

// OutSince gives the kinds of the entries after one that took something out of some accounts, each once.
func OutSince(ctx context.Context, q store.Querier, unit Unit, entry string, from ...string) ([]string, error) {
	return store.All(ctx, q, func(row store.Scanner) (kind string, err error) {
		err = row.Scan(&kind)
		return kind, err
	}, `SELECT DISTINCT e.kind FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry
		WHERE p.unit = $1 AND p.entry > $2 AND p.from_account IN (`+store.Marks(3, len(from))+`) ORDER BY e.kind`, append([]any{string(unit), entry}, store.Args(from)...)...)
}

// Outflow gives what ever left an account, by the account it went to. Not for world/ accounts.
func Outflow(ctx context.Context, q store.Querier, unit Unit, from string) (map[string]int64, error) {
	type flow struct {
		to string
		n  int64
	}
	list, err := store.All(ctx, q, func(row store.Scanner) (flow, error) {
		var f flow
		err := row.Scan(&f.to, &f.n)
		return f, err
	}, `SELECT to_account, CAST(SUM(amount) AS BIGINT) FROM ledger_postings WHERE unit = $1 AND from_account = $2 GROUP BY to_account ORDER BY to_account`, string(unit), from)
	out := make(map[string]int64, len(list))
	for _, f := range list {
		out[f.to] = f.n
	}
	return out, err
}

// Between gives what ever moved from one account to another. Not for world/ accounts.
func Between(ctx context.Context, q store.Querier, unit Unit, from, to string) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_postings WHERE unit = $1 AND from_account = $2 AND to_account = $3`, string(unit), from, to).Scan(&n)
	return n, err
}

// mostEntries is the most entries that are shown at once.
const mostEntries = 500

// EntriesOf gives the entries about a subject, of an account, or about one that move the other, after the one with an id, oldest first,
// 500 at most; none when neither is named.
func EntriesOf(ctx context.Context, q store.Querier, subject, account, after string) ([]Entry, error) {
	if subject == "" && account == "" {
		return nil, nil
	}
	where, args := store.Only(`e.id > $2`, []any{mostEntries, after}, "e.subject", subject)
	if account != "" {
		args = append(args, account)
		where += fmt.Sprintf(` AND e.id IN (SELECT entry FROM ledger_postings WHERE unit IN ('g', 'fen') AND from_account = $%d
			UNION SELECT entry FROM ledger_postings WHERE unit IN ('g', 'fen') AND to_account = $%d)`, len(args), len(args))
	}
	return store.All(ctx, q, scanEntry, `SELECT e.id, e.body FROM ledger_entries e WHERE `+where+` ORDER BY e.id LIMIT $1`, args...)
}

// Row is one posting of the journal with what is known of its entry.
type Row struct {
	Entry string // id of the entry
	At    measure.Millis
	Kind  string
	Posting
}

const rowColumns = `e.client_id, e.id, p.n, e.at, e.kind, p.unit, p.from_account, p.to_account, p.amount`

// keyedRow is a row with its place in the journal and its entry's client id.
type keyedRow struct {
	client string
	n      int
	Row
}

func scanRow(row store.Scanner) (keyedRow, error) {
	var r keyedRow
	err := row.Scan(&r.client, &r.Entry, &r.n, &r.At, &r.Kind, &r.Unit, &r.From, &r.To, &r.Amount)
	return r, err
}

// RowsOf gives the postings of entries by the client ids of these, in the order in which they were written.
func RowsOf(ctx context.Context, q store.Querier, clientIDs ...string) (map[string][]Row, error) {
	out := map[string][]Row{}
	for some := range slices.Chunk(clientIDs, namesAtOnce) {
		list, err := store.All(ctx, q, scanRow, `SELECT `+rowColumns+` FROM ledger_entries e JOIN ledger_postings p ON p.entry = e.id
			WHERE e.client_id IN (`+store.Marks(1, len(some))+`) ORDER BY e.id, p.n`, store.Args(some)...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out[r.client] = append(out[r.client], r.Row)
		}
	}
	return out, nil
}

// RowsThrough gives the postings that put something on some accounts or took it from them, each once, oldest first.
func RowsThrough(ctx context.Context, q store.Querier, unit Unit, accounts ...string) ([]Row, error) {
	var found []keyedRow
	for some := range slices.Chunk(accounts, namesAtOnce) {
		for _, side := range []string{"from_account", "to_account"} {
			list, err := store.All(ctx, q, scanRow, `SELECT `+rowColumns+` FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry
				WHERE p.unit = $1 AND p.`+side+` IN (`+store.Marks(2, len(some))+`) ORDER BY e.id, p.n`, append([]any{string(unit)}, store.Args(some)...)...)
			if err != nil {
				return nil, err
			}
			found = append(found, list...)
		}
	}
	slices.SortFunc(found, func(a, b keyedRow) int { return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.n, b.n)) })
	found = slices.CompactFunc(found, func(a, b keyedRow) bool { return a.Entry == b.Entry && a.n == b.n })
	out := make([]Row, len(found))
	for i, r := range found {
		out[i] = r.Row
	}
	return out, nil
}
