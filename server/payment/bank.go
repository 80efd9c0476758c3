package payment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// BankLine is one line of a bank statement: money that came in.
type BankLine struct {
	ID         string
	ClientID   string // of the statement: the bank's own number of the line
	Reference  string // what the payer wrote
	Fen        measure.Fen
	PaidAt     measure.Millis
	Payer      string
	For        Kind   // what it was matched with, "" not yet
	ForID      string // its id
	ImportedAt measure.Millis
	ImportedBy string
	Statement  string         // that brought it, "" typed in
	UndoneAt   measure.Millis // 0: it stands
}

// Kind says what a payment was for.
type Kind string

// The kinds of purpose.
const (
	ForOrder    Kind = "order"
	ForCampaign Kind = "campaign"
	ForPledge   Kind = "pledge"
	ForInvoice  Kind = "invoice" // a month's, of a buyer that pays after delivery
	ForHaul     Kind = "haul"    // a haulage need outside the market
	ForDeposit  Kind = "deposit" // what somebody puts up for a promise
)

// MaxFen is the most one payment may bring, by bank or by the payment service: a billion yuan. More is a slip.
const MaxFen = measure.MaxMoney

// maxSerial is the longest number of a bank for a line, in bytes.
const maxSerial = 200

// Check gives the fault of a line typed in or imported, or nil.
func (l BankLine) Check() *fault.Fault {
	if l.ClientID == "" {
		return fault.At("client_id", "required", "Each line needs the bank's own number for it.")
	}
	if len(l.ClientID) > maxSerial || !utf8.ValidString(l.ClientID) {
		return fault.At("client_id", "bad_bank_number", "The bank's own number has at most %d bytes of valid UTF-8.", maxSerial)
	}
	if l.Fen <= 0 || l.Fen > MaxFen {
		return fault.At("amount", "bad_money", "The amount lies above zero and at most at a billion yuan.")
	}
	if len(l.Reference) > 500 || !utf8.ValidString(l.Reference) {
		return fault.At("reference", "bad_text", "The reference is at most 500 bytes of valid UTF-8.")
	}
	if len(l.Payer) > 500 || !utf8.ValidString(l.Payer) {
		return fault.At("payer", "bad_text", "The payer is at most 500 bytes of valid UTF-8.")
	}
	return nil
}

// Same reports whether two lines with the same number tell of the same payment.
func (l BankLine) Same(m BankLine) bool {
	return l.Reference == m.Reference && l.Fen == m.Fen && l.PaidAt == m.PaidAt
}

const bankColumns = "id, client_id, reference, fen, paid_at, payer, matched_kind, matched_id, imported_at, imported_by, statement_id, undone_at"

// Insert keeps a bank line. seen is true when the line is known already, and then nothing was done; the same number with
// other content is a conflict.
func Insert(ctx context.Context, tx store.Tx, l BankLine) (seen bool, err error) {
	old, err := ByClientID(ctx, tx, l.ClientID)
	if err == nil {
		if !old.Same(l) {
			return false, fault.New(fault.Conflict, "client_id_reused", "Bank line %q is known with another amount, date or reference.", l.ClientID)
		}
		return true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	return false, store.Exec(ctx, tx, `INSERT INTO bank_lines (`+bankColumns+`) VALUES (`+store.Marks(1, 12)+`)`,
		l.ID, l.ClientID, l.Reference, int64(l.Fen), int64(l.PaidAt), l.Payer, string(l.For), l.ForID, int64(l.ImportedAt), l.ImportedBy, l.Statement, int64(l.UndoneAt))
}

// Match writes down what a line that nobody could place was for. It is a conflict when that is known already.
func Match(ctx context.Context, tx store.Tx, id string, kind Kind, forID string) error {
	res, err := tx.ExecContext(ctx, `UPDATE bank_lines SET matched_kind = $1, matched_id = $2 WHERE id = $3 AND matched_id = '' AND undone_at = 0`, string(kind), forID, id)
	if err != nil {
		return fmt.Errorf("match bank line: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fault.New(fault.Conflict, "already_matched", "This bank line is matched already."))
	}
	return nil
}

// ByID gives one bank line; sql.ErrNoRows when there is none.
func ByID(ctx context.Context, q store.Querier, id string) (BankLine, error) {
	return scan(q.QueryRowContext(ctx, `SELECT `+bankColumns+` FROM bank_lines WHERE id = $1`, id))
}

// List gives lines older than the one named after ("" from the newest), newest first, at most n.
func List(ctx context.Context, q store.Querier, after string, n int) ([]BankLine, error) {
	return list(ctx, q, `SELECT `+bankColumns+` FROM bank_lines WHERE id < $1 ORDER BY id DESC LIMIT $2`, store.Below(after), n)
}

// ListUnmatched gives the lines that nobody could place yet, the oldest first, after an id, at most n.
func ListUnmatched(ctx context.Context, q store.Querier, after string, n int) ([]BankLine, error) {
	return list(ctx, q, `SELECT `+bankColumns+` FROM bank_lines WHERE matched_id = '' AND undone_at = 0 AND id > $1 ORDER BY id LIMIT $2`, after, n)
}

// ListFor gives the lines matched with one thing, oldest first.
func ListFor(ctx context.Context, q store.Querier, forID string) ([]BankLine, error) {
	return list(ctx, q, `SELECT `+bankColumns+` FROM bank_lines WHERE matched_id = $1 AND undone_at = 0 ORDER BY id`, forID)
}

// ListOf gives the next lines of a statement that stand, the oldest first, at most n.
func ListOf(ctx context.Context, q store.Querier, statement string, n int) ([]BankLine, error) {
	return list(ctx, q, `SELECT `+bankColumns+` FROM bank_lines WHERE statement_id = $1 AND undone_at = 0 ORDER BY id LIMIT $2`, statement, n)
}

// Undo marks a line as taken back, once, and frees the bank's number of it.
func Undo(ctx context.Context, tx store.Tx, id string, at measure.Millis) error {
	res, err := tx.ExecContext(ctx, `UPDATE bank_lines SET undone_at = $2, client_id = 'undone/' || id || '/' || client_id WHERE id = $1 AND undone_at = 0`, id, int64(at))
	if err != nil {
		return fmt.Errorf("undo bank line: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fault.New(fault.Conflict, "changed_meanwhile", "Somebody else changed this a moment ago; please look again."))
	}
	return nil
}

func list(ctx context.Context, q store.Querier, query string, args ...any) ([]BankLine, error) {
	return store.All(ctx, q, scan, query, args...)
}

// ByClientID gives the line with the bank's own number; sql.ErrNoRows when there is none.
func ByClientID(ctx context.Context, q store.Querier, id string) (BankLine, error) {
	return scan(q.QueryRowContext(ctx, `SELECT `+bankColumns+` FROM bank_lines WHERE client_id = $1`, id))
}

// askedAtOnce is how many lines one question asks for.
const askedAtOnce = 500

// ByClientIDs gives the lines that are known of those with the bank's own numbers, by these.
func ByClientIDs(ctx context.Context, q store.Querier, ids []string) (map[string]BankLine, error) {
	out := map[string]BankLine{}
	for part := range slices.Chunk(ids, askedAtOnce) {
		lines, err := list(ctx, q, `SELECT `+bankColumns+` FROM bank_lines WHERE client_id IN (`+store.Marks(1, len(part))+`)`, store.Args(part)...)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			out[l.ClientID] = l
		}
	}
	return out, nil
}

func scan(row store.Scanner) (BankLine, error) {
	var l BankLine
	err := row.Scan(&l.ID, &l.ClientID, &l.Reference, &l.Fen, &l.PaidAt, &l.Payer, &l.For, &l.ForID, &l.ImportedAt, &l.ImportedBy, &l.Statement, &l.UndoneAt)
	return l, err
}
