package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// Unit says what an account holds.
type Unit string

// The units.
const (
	Grams Unit = "g"
	Fen   Unit = "fen"
)

// World is the prefix of the accounts that stand for the outside and may go below zero.
const World = "world/"

// Posting takes Amount (> 0, grams or fen) from one account to another.
type Posting struct {
	Unit   Unit   `json:"unit"`
	From   string `json:"from"`
	To     string `json:"to"`
	Amount int64  `json:"amount"`
}

// Entry is a set of postings that happen together or not at all.
type Entry struct {
	ID       string            `json:"-"`         // given by Post
	ClientID string            `json:"client_id"` // made by whoever asks; a repeat with the same content has no effect
	At       measure.Millis    `json:"at"`        // when the act happened, not when it arrived
	Actor    string            `json:"actor"`     // auth.Actor.ID
	Kind     string            `json:"kind"`      // "weighed", "reserved", "paid", ...
	Subject  string            `json:"subject"`   // what it is about: "order/<id>"
	Use      string            `json:"use,omitempty"`
	Postings []Posting         `json:"postings"`
	Note     map[string]string `json:"note,omitempty"`
}

// InsufficientError says that an account holds less than a posting takes.
type InsufficientError struct {
	Unit    Unit
	Account string
	Have    int64
	Want    int64
}

func (e *InsufficientError) Error() string {
	return fmt.Sprintf("account %s holds %d %s, %d were asked for", e.Account, e.Have, e.Unit, e.Want)
}

// As lets the web package find a fault: Conflict, "not_enough".
func (e *InsufficientError) As(target any) bool {
	f, ok := target.(**fault.Fault)
	if ok {
		*f = fault.New(fault.Conflict, "not_enough", "Not enough is left: %s of %s.", amount(e.Unit, e.Have), amount(e.Unit, e.Want))
	}
	return ok
}

func amount(u Unit, n int64) string {
	if u == Fen {
		return fmt.Sprintf("%d.%02d yuan", n/100, n%100)
	}
	return fmt.Sprintf("%d.%03d kg", n/1000, n%1000)
}

// Post appends an entry and moves its amounts, all in tx. repeated is true when the client id was already used for the
// same content; then nothing moves and id is the first entry's.
//
// Errors: InsufficientError (a fault Conflict "not_enough"), fault Conflict "client_id_reused", fault Conflict
// "restricted_use", and plain errors for entries that are wrong in themselves, which are defects of the caller.
func Post(ctx context.Context, tx store.Tx, e Entry) (id string, repeated bool, err error) {
	if err = e.check(); err != nil {
		return "", false, err
	}
	body, sum, err := canonical(e)
	if err != nil {
		return "", false, err
	}
	e.ID = store.NewID()
	first, err := insertEntry(ctx, tx, e, body, sum)
	if err != nil || !first {
		return repeat(ctx, tx, e, sum, err)
	}
	if err = keepToUse(ctx, tx, e); err != nil {
		return "", false, err
	}
	if err = insertPostings(ctx, tx, e); err != nil {
		return "", false, err
	}
	return e.ID, false, move(ctx, tx, e)
}

// check refuses entries that no caller may make.
func (e Entry) check() error {
	if e.ClientID == "" || e.Kind == "" || len(e.Postings) == 0 {
		return fmt.Errorf("ledger entry %q of kind %q needs a client id, a kind and postings", e.ClientID, e.Kind)
	}
	if _, ok := actOf[e.Kind]; !ok {
		return fmt.Errorf("ledger entry %s: kind %q is not among the acts (ledger/acts.go)", e.ClientID, e.Kind)
	}
	for _, p := range e.Postings {
		switch {
		case p.Unit != Grams && p.Unit != Fen:
			return fmt.Errorf("ledger entry %s: unit %q", e.ClientID, p.Unit)
		case p.Amount <= 0:
			return fmt.Errorf("ledger entry %s: amount %d from %s to %s", e.ClientID, p.Amount, p.From, p.To)
		case p.From == "" || p.To == "" || p.From == p.To:
			return fmt.Errorf("ledger entry %s: from %q to %q", e.ClientID, p.From, p.To)
		}
		if err := charted(p); err != nil {
			return fmt.Errorf("ledger entry %s: %w", e.ClientID, err)
		}
	}
	return nil
}

// canonical gives the bytes that are kept and hashed. encoding/json writes struct fields in order and map keys sorted.
func canonical(v any) (body, sum string, err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", "", fmt.Errorf("ledger: %w", err)
	}
	return string(text), hash(string(text)), nil
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func insertEntry(ctx context.Context, tx store.Tx, e Entry, body, sum string) (first bool, err error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO ledger_entries (id, client_id, at, actor, kind, subject, body, body_sha256)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (client_id) DO NOTHING`,
		e.ID, e.ClientID, int64(e.At), e.Actor, e.Kind, e.Subject, body, sum)
	if err != nil {
		return false, fmt.Errorf("insert ledger entry: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// repeat answers for a client id that is already there.
func repeat(ctx context.Context, tx store.Tx, e Entry, sum string, err error) (string, bool, error) {
	if err != nil {
		return "", false, err
	}
	var id, body, have string
	err = tx.QueryRowContext(ctx, `SELECT id, body, body_sha256 FROM ledger_entries WHERE client_id = $1`, e.ClientID).Scan(&id, &body, &have)
	if err != nil {
		return "", false, fmt.Errorf("ledger entry %s: %w", e.ClientID, err)
	}
	if have == sum || sameBut(body, e) {
		return id, true, nil
	}
	return "", false, fault.New(fault.Conflict, "client_id_reused", "This was already sent with other content; nothing was changed.")
}

// sameBut compares without the time, which a device may set anew when it sends again.
func sameBut(body string, e Entry) bool {
	var old Entry
	if json.Unmarshal([]byte(body), &old) != nil {
		return false
	}
	old.At, e.At = 0, 0
	_, a, errA := canonical(old)
	_, b, errB := canonical(e)
	return errA == nil && errB == nil && a == b
}

// rowsAtOnce is how many rows one statement writes.
const rowsAtOnce = 50

func insertPostings(ctx context.Context, tx store.Tx, e Entry) error {
	n := 0
	for chunk := range slices.Chunk(e.Postings, rowsAtOnce) {
		args := make([]any, 0, 6*len(chunk))
		for _, p := range chunk {
			args = append(args, e.ID, n, string(p.Unit), p.From, p.To, p.Amount)
			n++
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO ledger_postings (entry, n, unit, from_account, to_account, amount) VALUES `+store.Rows(len(chunk), 6), args...)
		if err != nil {
			return fmt.Errorf("insert postings: %w", err)
		}
	}
	return nil
}

// account is one side of the books.
type account struct {
	unit Unit
	name string
}

// move adds the postings up per account and applies the sums, always in the same order of accounts, so that two
// entries never wait for each other in a circle.
func move(ctx context.Context, tx store.Tx, e Entry) error {
	sums := map[account]int64{}
	for _, p := range e.Postings {
		sums[account{p.Unit, p.From}] -= p.Amount
		sums[account{p.Unit, p.To}] += p.Amount
	}
	order := make([]account, 0, len(sums))
	for a, n := range sums {
		if n != 0 && !strings.HasPrefix(a.name, World) {
			order = append(order, a)
		}
	}
	sort.Slice(order, func(i, j int) bool {
		return order[i].name < order[j].name || order[i].name == order[j].name && order[i].unit < order[j].unit
	})
	for len(order) > 0 {
		n := raises(order, sums)
		var err error
		if n > 0 {
			err = raise(ctx, tx, order[:n], sums)
		} else {
			n, err = 1, lower(ctx, tx, order[0], -sums[order[0]])
		}
		if err != nil {
			return err
		}
		order = order[n:]
	}
	return nil
}

// raises counts how many of the next accounts get something, as far as one statement goes.
func raises(order []account, sums map[account]int64) int {
	n := 0
	for n < len(order) && n < rowsAtOnce && sums[order[n]] > 0 {
		n++
	}
	return n
}

func raise(ctx context.Context, tx store.Tx, list []account, by map[account]int64) error {
	args := make([]any, 0, 3*len(list))
	for _, a := range list {
		args = append(args, string(a.unit), a.name, by[a])
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO ledger_balances (unit, account, amount) VALUES `+store.Rows(len(list), 3)+`
		ON CONFLICT (unit, account) DO UPDATE SET amount = ledger_balances.amount + excluded.amount`, args...)
	if err != nil {
		return fmt.Errorf("raise %s: %w", list[0].name, err)
	}
	return nil
}

func lower(ctx context.Context, tx store.Tx, a account, by int64) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE ledger_balances SET amount = amount - $3 WHERE unit = $1 AND account = $2 AND amount >= $3`,
		string(a.unit), a.name, by)
	if err != nil {
		return fmt.Errorf("lower %s: %w", a.name, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	have, err := Balance(ctx, tx, a.unit, a.name)
	if err != nil {
		return err
	}
	return &InsufficientError{Unit: a.unit, Account: a.name, Have: have, Want: by}
}

// Restrict puts an account of money under a named use. An account keeps its first use for good.
func Restrict(ctx context.Context, tx store.Tx, accountName, use string) error {
	have, err := restriction(ctx, tx, accountName)
	if err != nil || have == use {
		return err
	}
	if have != "" {
		return fault.New(fault.Conflict, "restricted_use", "This money is already given for another use: %s.", have)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO ledger_restrictions (account, use_of) VALUES ($1, $2)`, accountName, use)
	if err != nil {
		return fmt.Errorf("restrict %s: %w", accountName, err)
	}
	return nil
}

// ChangeUse replaces the named use of an account, after its donors said yes; the caller has their answers.
func ChangeUse(ctx context.Context, tx store.Tx, accountName, use string) error {
	_, err := tx.ExecContext(ctx, `UPDATE ledger_restrictions SET use_of = $2 WHERE account = $1`, accountName, use)
	if err != nil {
		return fmt.Errorf("change use of %s: %w", accountName, err)
	}
	return nil
}

func restriction(ctx context.Context, q store.Querier, accountName string) (string, error) {
	var use string
	err := q.QueryRowContext(ctx, `SELECT use_of FROM ledger_restrictions WHERE account = $1`, accountName).Scan(&use)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("restriction of %s: %w", accountName, err)
	}
	return use, nil
}

// keepToUse refuses to move restricted money out of its use (invariant 5).
func keepToUse(ctx context.Context, tx store.Tx, e Entry) error {
	for _, p := range e.Postings {
		if p.Unit != Fen {
			continue
		}
		use, err := restriction(ctx, tx, p.From)
		if err != nil {
			return err
		}
		if use == "" || use == e.Use {
			continue
		}
		to, err := restriction(ctx, tx, p.To)
		if err != nil {
			return err
		}
		if to != use {
			return fault.New(fault.Conflict, "restricted_use", "This money was given for: %s. It can't be used otherwise.", use)
		}
	}
	return nil
}
