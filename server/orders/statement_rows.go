package orders

import (
	"context"
	"encoding/json"

	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/sheet"
	"jishi/server/store"
)

// Statement is a bank's table that was sent in: read and checked at once, booked when somebody says yes, taken back whole while nothing was
// built on it.
type Statement struct {
	ID        string
	Name      string // of the file
	Good      int    // rows to book
	Wrong     int    // rows with a fault
	Known     int    // rows that an earlier statement brought
	Passed    int    // rows of money that went out
	Faults    []sheet.RowFault
	Ignored   []string // heads of columns that nothing is read from
	Taken     int      // rows that are booked
	Undone    int      // rows that were taken back
	CreatedAt measure.Millis
	Outs      []payment.StatementRow // rows of money that went out and quote something
	Proofs    []OutRow               // of them, those that are payouts of ours
	Rows      []MatchedRow           // the first of them
}

// MatchedRow is a row with what it pays by the reference in its words; For is "" when that is not known.
type MatchedRow struct {
	payment.StatementRow
	For   payment.Kind
	ForID string
}

// State is where a statement stands: checked, importing, imported, undoing or undone.
func (s Statement) State() string { return sheet.State(s.Good, s.Taken, s.Undone) }

// statementPart is a part of a statement that is booked in one transaction.
type statementPart struct {
	n    int
	rows []payment.StatementRow
}

// The acts of a part.
const (
	pieceWaiting = "waiting"
	pieceTaken   = "taken"
	pieceUndone  = "undone"
)

func insertStatement(ctx context.Context, tx store.Tx, st Statement, rows []payment.StatementRow, by string) error {
	faults, err := json.Marshal(st.Faults)
	if err != nil {
		return err
	}
	ignored, err := json.Marshal(st.Ignored)
	if err != nil {
		return err
	}
	outs, err := json.Marshal(st.Outs)
	if err != nil {
		return err
	}
	err = store.Exec(ctx, tx, `INSERT INTO statements (id, name, good, wrong, known, passed, faults, ignored, created_at, created_by, outs) VALUES (`+store.Marks(1, 11)+`)`,
		st.ID, st.Name, st.Good, st.Wrong, st.Known, st.Passed, string(faults), string(ignored), int64(st.CreatedAt), by, string(outs))
	for n := 0; err == nil && n*statementPiece < len(rows); n++ {
		part := rows[n*statementPiece : min((n+1)*statementPiece, len(rows))]
		var text []byte
		if text, err = json.Marshal(part); err == nil {
			err = store.Exec(ctx, tx, `INSERT INTO statement_pieces (statement_id, n, size, act, rows) VALUES ($1, $2, $3, $4, $5)`,
				st.ID, n, len(part), pieceWaiting, string(text))
		}
	}
	return err
}

const statementColumns = `id, name, good, wrong, known, passed, faults, ignored, created_at, outs,
	(SELECT COALESCE(SUM(size), 0) FROM statement_pieces WHERE statement_id = statements.id AND act = 'taken'),
	(SELECT COALESCE(SUM(size), 0) FROM statement_pieces WHERE statement_id = statements.id AND act = 'undone')`

func scanStatement(row store.Scanner) (Statement, error) {
	var st Statement
	var faults, ignored, outs string
	err := row.Scan(&st.ID, &st.Name, &st.Good, &st.Wrong, &st.Known, &st.Passed, &faults, &ignored, &st.CreatedAt, &outs, &st.Taken, &st.Undone)
	if err == nil {
		err = fromJSON(faults, &st.Faults)
	}
	if err == nil {
		err = fromJSON(ignored, &st.Ignored)
	}
	if err == nil {
		err = fromJSON(outs, &st.Outs)
	}
	return st, err
}

func statementByID(ctx context.Context, q store.Querier, id string) (Statement, error) {
	return scanStatement(q.QueryRowContext(ctx, `SELECT `+statementColumns+` FROM statements WHERE id = $1`, id))
}

func statements(ctx context.Context, q store.Querier, after string, n int) ([]Statement, error) {
	return store.All(ctx, q, scanStatement, `SELECT `+statementColumns+` FROM statements WHERE id < $1 ORDER BY id DESC LIMIT $2`, store.Below(after), n)
}

func scanPart(row store.Scanner) (statementPart, error) {
	var p statementPart
	var rows string
	err := row.Scan(&p.n, &rows)
	if err == nil {
		err = fromJSON(rows, &p.rows)
	}
	return p, err
}

// pieceOf gives one part of a statement; sql.ErrNoRows when it has no such part. So does nextPiece, the first in an act.
func pieceOf(ctx context.Context, q store.Querier, id string, n int) (statementPart, error) {
	return scanPart(q.QueryRowContext(ctx, `SELECT n, rows FROM statement_pieces WHERE statement_id = $1 AND n = $2`, id, n))
}

func nextPiece(ctx context.Context, q store.Querier, id, act string) (statementPart, error) {
	return scanPart(q.QueryRowContext(ctx, `SELECT n, rows FROM statement_pieces WHERE statement_id = $1 AND act = $2 ORDER BY n LIMIT 1`, id, act))
}

func setPiece(ctx context.Context, tx store.Tx, id string, n int, act string) error {
	return store.Exec(ctx, tx, `UPDATE statement_pieces SET act = $1 WHERE statement_id = $2 AND n = $3`, act, id, n)
}
