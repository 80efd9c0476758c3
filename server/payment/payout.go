package payment

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// BankAccount is where a party wants its money.
type BankAccount struct {
	Party  string
	Holder string // as the bank knows it
	Bank   string // with its branch
	Number string // digits
	SetAt  measure.Millis
	SetBy  string
}

// Check gives the fault of an account, or nil.
func (a BankAccount) Check() *fault.Fault {
	for field, text := range map[string]string{"holder": a.Holder, "bank": a.Bank} {
		if text == "" || utf8.RuneCountInString(text) > 100 || !utf8.ValidString(text) {
			return fault.At(field, "bad_length", "Write 1 to %d characters.", 100)
		}
	}
	if len(a.Number) < 8 || len(a.Number) > 32 || strings.Trim(a.Number, "0123456789") != "" {
		return fault.At("number", "bad_account", "An account number has 8 to 32 digits.")
	}
	return nil
}

// Masked shows the last four digits.
func (a BankAccount) Masked() string { return "**** " + a.Number[max(0, len(a.Number)-4):] }

// PayoutRun is payments that leave together. A time is 0 until somebody said so.
type PayoutRun struct {
	ID         string
	MadeAt     measure.Millis
	MadeBy     string
	FirstAt    measure.Millis // the first yes
	FirstBy    string
	SecondAt   measure.Millis // the second: the money is on its way
	SecondBy   string
	RefusedAt  measure.Millis
	RefusedBy  string
	RefusedFor string
}

// Payout is one payment of a run.
type Payout struct {
	ID        string
	Run       string
	Party     string
	Account   string // of the ledger, that owes it: payable/<party>
	Reference string // that the transfer quotes
	Fen       measure.Fen
	To        BankAccount // as it was when the run was made
	Proof     string      // the bank's own number of the payment
	PaidAt    measure.Millis
	FailedAt  measure.Millis
	FailedFor string
}

const (
	runColumns    = "id, made_at, made_by, first_at, first_by, second_at, second_by, refused_at, refused_by, refused_for"
	payoutColumns = "id, run_id, party_id, account, reference, fen, holder, bank, number, proof, paid_at, failed_at, failed_for"
)

func scanRun(row store.Scanner) (PayoutRun, error) {
	var r PayoutRun
	err := row.Scan(&r.ID, &r.MadeAt, &r.MadeBy, &r.FirstAt, &r.FirstBy, &r.SecondAt, &r.SecondBy, &r.RefusedAt, &r.RefusedBy, &r.RefusedFor)
	return r, err
}

func scanPayout(row store.Scanner) (Payout, error) {
	var p Payout
	err := row.Scan(&p.ID, &p.Run, &p.Party, &p.Account, &p.Reference, &p.Fen, &p.To.Holder, &p.To.Bank, &p.To.Number, &p.Proof, &p.PaidAt, &p.FailedAt, &p.FailedFor)
	p.To.Party = p.Party
	return p, err
}

// SetBankAccount keeps a party's account; a later one replaces it.
func SetBankAccount(ctx context.Context, tx store.Tx, a BankAccount) error {
	return store.Exec(ctx, tx, `INSERT INTO bank_accounts (party_id, holder, bank, number, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (party_id) DO UPDATE SET holder = EXCLUDED.holder, bank = EXCLUDED.bank, number = EXCLUDED.number, set_at = EXCLUDED.set_at, set_by = EXCLUDED.set_by`,
		a.Party, a.Holder, a.Bank, a.Number, int64(a.SetAt), a.SetBy)
}

// BankAccountOf gives a party's account; sql.ErrNoRows when it has none.
func BankAccountOf(ctx context.Context, q store.Querier, party string) (BankAccount, error) {
	var a BankAccount
	err := q.QueryRowContext(ctx, `SELECT party_id, holder, bank, number, set_at, set_by FROM bank_accounts WHERE party_id = $1`, party).
		Scan(&a.Party, &a.Holder, &a.Bank, &a.Number, &a.SetAt, &a.SetBy)
	return a, err
}

// InsertRun writes a run and its payouts down.
func InsertRun(ctx context.Context, tx store.Tx, r PayoutRun, list []Payout) error {
	err := store.Exec(ctx, tx, `INSERT INTO payout_runs (`+runColumns+`) VALUES (`+store.Marks(1, 10)+`)`,
		r.ID, int64(r.MadeAt), r.MadeBy, int64(r.FirstAt), r.FirstBy, int64(r.SecondAt), r.SecondBy, int64(r.RefusedAt), r.RefusedBy, r.RefusedFor)
	for _, p := range list {
		if err != nil {
			return err
		}
		err = store.Exec(ctx, tx, `INSERT INTO payouts (`+payoutColumns+`) VALUES (`+store.Marks(1, 13)+`)`,
			p.ID, p.Run, p.Party, p.Account, p.Reference, int64(p.Fen), p.To.Holder, p.To.Bank, p.To.Number, p.Proof, int64(p.PaidAt), int64(p.FailedAt), p.FailedFor)
	}
	return err
}

// RunByID gives a run; sql.ErrNoRows when there is none.
func RunByID(ctx context.Context, q store.Querier, id string) (PayoutRun, error) {
	return scanRun(q.QueryRowContext(ctx, `SELECT `+runColumns+` FROM payout_runs WHERE id = $1`, id))
}

// Runs lists runs, newest first, after an id ("" from the newest), at most n.
func Runs(ctx context.Context, q store.Querier, after string, n int) ([]PayoutRun, error) {
	return store.All(ctx, q, scanRun, `SELECT `+runColumns+` FROM payout_runs WHERE id < $1 ORDER BY id DESC LIMIT $2`, store.Below(after), n)
}

// SetRun writes down what was said of a run. It is a conflict when somebody else said something meanwhile: from is the run as it was read.
func SetRun(ctx context.Context, tx store.Tx, r, from PayoutRun) error {
	res, err := tx.ExecContext(ctx, `UPDATE payout_runs SET first_at = $2, first_by = $3, second_at = $4, second_by = $5, refused_at = $6, refused_by = $7, refused_for = $8
		WHERE id = $1 AND first_at = $9 AND second_at = $10 AND refused_at = $11`,
		r.ID, int64(r.FirstAt), r.FirstBy, int64(r.SecondAt), r.SecondBy, int64(r.RefusedAt), r.RefusedBy, r.RefusedFor,
		int64(from.FirstAt), int64(from.SecondAt), int64(from.RefusedAt))
	return onlyOne(res, err, "set payout run")
}

// SetPayout writes down what became of a payout, as SetRun.
func SetPayout(ctx context.Context, tx store.Tx, p, from Payout) error {
	res, err := tx.ExecContext(ctx, `UPDATE payouts SET proof = $2, paid_at = $3, failed_at = $4, failed_for = $5 WHERE id = $1 AND paid_at = $6 AND failed_at = $7`,
		p.ID, p.Proof, int64(p.PaidAt), int64(p.FailedAt), p.FailedFor, int64(from.PaidAt), int64(from.FailedAt))
	return onlyOne(res, err, "set payout")
}

func onlyOne(res interface{ RowsAffected() (int64, error) }, err error, what string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fault.New(fault.Conflict, "changed_meanwhile", "Somebody else changed this a moment ago; please look again."))
	}
	return nil
}

// PayoutByID gives one; sql.ErrNoRows when there is none. So do PayoutByProof and PayoutByReference.
func PayoutByID(ctx context.Context, q store.Querier, id string) (Payout, error) {
	return scanPayout(q.QueryRowContext(ctx, `SELECT `+payoutColumns+` FROM payouts WHERE id = $1`, id))
}

// PayoutByProof gives the one that a bank's number proves.
func PayoutByProof(ctx context.Context, q store.Querier, proof string) (Payout, error) {
	return scanPayout(q.QueryRowContext(ctx, `SELECT `+payoutColumns+` FROM payouts WHERE proof = $1 AND proof <> ''`, proof))
}

// PayoutByReference gives the one that a transfer of ours quotes.
func PayoutByReference(ctx context.Context, q store.Querier, reference string) (Payout, error) {
	return scanPayout(q.QueryRowContext(ctx, `SELECT `+payoutColumns+` FROM payouts WHERE reference = $1`, reference))
}

// PayoutsOf lists those of a run, in the order in which they were made.
func PayoutsOf(ctx context.Context, q store.Querier, run string) ([]Payout, error) {
	return store.All(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payouts WHERE run_id = $1 ORDER BY id`, run)
}

// PayoutsTo lists those to a party, newest first, after an id, at most n.
func PayoutsTo(ctx context.Context, q store.Querier, party, after string, n int) ([]Payout, error) {
	return store.All(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payouts WHERE party_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
		party, store.Below(after), n)
}

// Proposed sums what runs that wait for their second yes want out of an account of the ledger: it is still there.
func Proposed(ctx context.Context, q store.Querier, account string) (measure.Fen, error) {
	var sum measure.Fen
	err := q.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(p.fen), 0) AS BIGINT) FROM payouts p JOIN payout_runs r ON r.id = p.run_id
		WHERE p.account = $1 AND r.second_at = 0 AND r.refused_at = 0`, account).Scan(&sum)
	return sum, err
}
