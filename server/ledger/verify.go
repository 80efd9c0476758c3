package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"jishi/server/store"
)

// Report is what Verify found.
type Report struct {
	Entries  int     `json:"entries"`
	Events   int     `json:"events"`
	Seals    int     `json:"seals"`
	Unsealed int     `json:"unsealed"` // written since the last sealing; checked like the others, but not in the chain yet
	Wrong    []Wrong `json:"wrong"`
}

// Wrong is one thing that is not as it was written.
type Wrong struct {
	Where string `json:"where"` // the entry's name: "ledger_entries/<id>", "account fen order/<id>/escrow"
	What  string `json:"what"`
}

func (w Wrong) String() string { return w.Where + ": " + w.What }

// Public is the report without what accounts hold, which may be a single household's.
func (r Report) Public() Report {
	list := make([]Wrong, len(r.Wrong))
	for i, w := range r.Wrong {
		if strings.HasPrefix(w.Where, "account ") {
			w.What = "it does not hold what its postings add up to"
		}
		list[i] = w
	}
	r.Wrong = list
	return r
}

// OK reports whether everything is as it was written.
func (r Report) OK() bool { return len(r.Wrong) == 0 }

// verifier carries what Verify adds up on its way.
type verifier struct {
	report Report
	sums   map[string]map[string]string // table -> id -> hash of the body as it is now
	world  map[account]int64            // balances from the postings' own bodies
}

// Verify recomputes every hash, the chain, and every balance from the postings. It only reads. The error is for a
// database that can't be read; what is wrong in it is in the report.
func Verify(ctx context.Context, db *store.DB) (Report, error) {
	v := verifier{sums: map[string]map[string]string{}, world: map[account]int64{}}
	q := db.Read()
	for _, step := range []func(context.Context, store.Querier) error{v.entries, v.events, v.postings, v.chain, v.balances} {
		if err := step(ctx, q); err != nil {
			return v.report, fmt.Errorf("verify: %w", err)
		}
	}
	return v.report, nil
}

func (v *verifier) wrong(where, what string, args ...any) {
	v.report.Wrong = append(v.report.Wrong, Wrong{Where: where, What: fmt.Sprintf(what, args...)})
}

func (v *verifier) entries(ctx context.Context, q store.Querier) error {
	rows, err := q.QueryContext(ctx, `SELECT id, client_id, at, actor, kind, subject, body, body_sha256 FROM ledger_entries ORDER BY id`)
	if err != nil {
		return err
	}
	return each(rows, func() error {
		var id, body, sum string
		var e Entry
		if err := rows.Scan(&id, &e.ClientID, &e.At, &e.Actor, &e.Kind, &e.Subject, &body, &sum); err != nil {
			return err
		}
		v.report.Entries++
		v.body("ledger_entries", id, body, sum)
		v.entryBody("ledger_entries/"+id, body, e)
		return nil
	})
}

// entryBody checks that the columns say what the hashed body says, and adds up its postings.
func (v *verifier) entryBody(where, body string, columns Entry) {
	var e Entry
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		v.wrong(where, "its body is not an entry")
		return
	}
	if e.ClientID != columns.ClientID || e.At != columns.At || e.Actor != columns.Actor || e.Kind != columns.Kind || e.Subject != columns.Subject {
		v.wrong(where, "its columns differ from its body")
	}
	if err := e.check(); err != nil {
		v.wrong(where, "%v", err)
	}
	for _, p := range e.Postings {
		v.world[account{p.Unit, p.From}] -= p.Amount
		v.world[account{p.Unit, p.To}] += p.Amount
	}
}

func (v *verifier) events(ctx context.Context, q store.Querier) error {
	rows, err := q.QueryContext(ctx, `SELECT id, body, body_sha256 FROM audit_events ORDER BY id`)
	if err != nil {
		return err
	}
	return each(rows, func() error {
		var id, body, sum string
		if err := rows.Scan(&id, &body, &sum); err != nil {
			return err
		}
		v.report.Events++
		v.body("audit_events", id, body, sum)
		return nil
	})
}

func (v *verifier) body(table, id, body, sum string) {
	now := hash(body)
	if now != sum {
		v.wrong(table+"/"+id, "its body is not what was written")
	}
	if v.sums[table] == nil {
		v.sums[table] = map[string]string{}
	}
	v.sums[table][id] = now
}

// postings checks that the rows which balances are read from are the ones in the hashed bodies.
func (v *verifier) postings(ctx context.Context, q store.Querier) error {
	rows, err := q.QueryContext(ctx, `
		SELECT e.id, e.body, p.n, p.unit, p.from_account, p.to_account, p.amount
		FROM ledger_entries e LEFT JOIN ledger_postings p ON p.entry = e.id ORDER BY e.id, p.n`)
	if err != nil {
		return err
	}
	type key struct {
		entry string
		n     int64
	}
	want, found := map[key]Posting{}, map[key]bool{}
	seen := ""
	err = each(rows, func() error {
		var id, body string
		var n, amount sql.NullInt64
		var unit, from, to sql.NullString
		if err := rows.Scan(&id, &body, &n, &unit, &from, &to, &amount); err != nil {
			return err
		}
		if id != seen {
			seen = id
			var e Entry
			if json.Unmarshal([]byte(body), &e) == nil {
				for i, p := range e.Postings {
					want[key{id, int64(i)}] = p
				}
			}
		}
		have := Posting{Unit: Unit(unit.String), From: from.String, To: to.String, Amount: amount.Int64}
		if n.Valid {
			if want[key{id, n.Int64}] != have {
				v.wrong("ledger_entries/"+id, "posting %d is not what was written", n.Int64)
			}
			found[key{id, n.Int64}] = true
		}
		return nil
	})
	for k := range want {
		if !found[k] {
			v.wrong("ledger_entries/"+k.entry, "posting %d is gone", k.n)
		}
	}
	return err
}

func (v *verifier) chain(ctx context.Context, q store.Querier) error {
	rows, err := q.QueryContext(ctx, `SELECT n, source, id, hash FROM ledger_seals ORDER BY n`)
	if err != nil {
		return err
	}
	before := genesis
	err = each(rows, func() error {
		var n int64
		var u unsealed
		var have string
		if err := rows.Scan(&n, &u.source, &u.id, &have); err != nil {
			return err
		}
		v.report.Seals++
		sum, ok := v.sums[u.source][u.id]
		u.sum = sum
		switch {
		case int64(v.report.Seals) != n:
			v.wrong(fmt.Sprintf("ledger_seals/%d", v.report.Seals), "the seal is gone")
			v.report.Seals = int(n)
		case !ok:
			v.wrong(u.source+"/"+u.id, "it was sealed and is gone")
		case link(before, n, u) != have:
			v.wrong(u.source+"/"+u.id, "seal %d does not fit it", n)
		}
		before = have
		return nil
	})
	v.report.Unsealed = v.report.Entries + v.report.Events - v.report.Seals
	return err
}

func (v *verifier) balances(ctx context.Context, q store.Querier) error {
	rows, err := q.QueryContext(ctx, `SELECT unit, account, amount FROM ledger_balances ORDER BY account, unit`)
	if err != nil {
		return err
	}
	err = each(rows, func() error {
		var a account
		var have int64
		if err := rows.Scan(&a.unit, &a.name, &have); err != nil {
			return err
		}
		if v.world[a] != have {
			v.wrong(fmt.Sprintf("account %s %s", a.unit, a.name), "holds %d, its postings add up to %d", have, v.world[a])
		}
		delete(v.world, a)
		return nil
	})
	for a, n := range v.world {
		if n != 0 && !strings.HasPrefix(a.name, World) {
			v.wrong(fmt.Sprintf("account %s %s", a.unit, a.name), "its balance is gone, its postings add up to %d", n)
		}
	}
	return err
}

// each calls scan for every row and closes them.
func each(rows *sql.Rows, scan func() error) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(); err != nil {
			return err
		}
	}
	return rows.Err()
}
