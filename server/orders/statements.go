package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/sheet"
	"jishi/server/store"
)

// StatementInput is a bank's statement as a file.
type StatementInput struct {
	ClientID string
	Name     string
	Data     []byte
}

// Bounds of a statement.
const (
	statementPiece  = 250 // rows taken in one transaction
	statementFaults = 500 // that are kept and shown
	statementShown  = 50
)

// ReadStatement reads a file and says what its rows would pay; nothing is booked yet. A file that is no statement is a fault; a wrong row is
// told in Faults, and a row that an earlier statement brought is counted as known.
func (s *Service) ReadStatement(ctx context.Context, by auth.Actor, in StatementInput) (Statement, error) {
	if err := mustBeFinance(by); err != nil {
		return Statement{}, err
	}
	t, err := sheet.Read(in.Name, in.Data)
	if err != nil {
		return Statement{}, err
	}
	read, err := payment.ReadStatement(t, china, s.Now(ctx))
	if err != nil {
		return Statement{}, err
	}
	st := Statement{ID: store.NewID(), Name: in.Name, Passed: read.Passed, Ignored: read.Ignored, Outs: read.Out, CreatedAt: s.millis(ctx)}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := market.Once(ctx, tx, in.ClientID, st.ID)
		if err != nil {
			return err
		}
		if before != "" {
			st, err = statementByID(ctx, tx, before)
			return err
		}
		st.Faults, st.Known = read.Faults, 0 // this function may run twice
		rows, err := s.newRows(ctx, tx, &st, read)
		if err != nil {
			return err
		}
		return insertStatement(ctx, tx, st, rows, by.ID())
	})
	if err != nil {
		return st, err
	}
	return s.shown(ctx, st)
}

// newRows leaves out what is known, and faults a number that is known with another content.
func (s *Service) newRows(ctx context.Context, q store.Querier, st *Statement, read payment.StatementTable) ([]payment.StatementRow, error) {
	var serials []string
	for _, r := range read.Rows {
		serials = append(serials, r.Serial)
	}
	known, err := payment.ByClientIDs(ctx, q, serials)
	if err != nil {
		return nil, err
	}
	var out []payment.StatementRow
	for _, r := range read.Rows {
		old, seen := known[r.Serial]
		switch {
		case !seen:
			out = append(out, r)
		case old.Same(r.Line()):
			st.Known++
		default:
			st.Faults = append(st.Faults, *sheet.FaultIn(r.N, read.Serial, fault.New(fault.Conflict, "client_id_reused",
				"Bank line %q is known with another amount, date or reference.", r.Serial)))
		}
	}
	st.Good, st.Wrong = len(out), len(st.Faults)
	st.Faults = st.Faults[:min(len(st.Faults), statementFaults)]
	return out, nil
}

// shown adds the first rows, with what each would pay.
func (s *Service) shown(ctx context.Context, st Statement) (Statement, error) {
	var err error
	if st.Proofs, err = proofsIn(ctx, s.DB.Read(), st.Outs); err != nil {
		return st, err
	}
	first, err := pieceOf(ctx, s.DB.Read(), st.ID, 0)
	if err != nil {
		return st, ignoreNoRows(err)
	}
	for _, r := range first.rows[:min(len(first.rows), statementShown)] {
		row := MatchedRow{StatementRow: r}
		if row.For, row.ForID, err = s.purpose(ctx, s.DB.Read(), r.Reference); err != nil {
			return st, err
		}
		st.Rows = append(st.Rows, row)
	}
	return st, nil
}

// Statement gives a statement with its first rows.
func (s *Service) Statement(ctx context.Context, by auth.Actor, id string) (Statement, error) {
	if !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return Statement{}, mustBeFinance(by)
	}
	st, err := statementByID(ctx, s.DB.Read(), id)
	if err != nil {
		return st, found(err, "statement")
	}
	return s.shown(ctx, st)
}

// Statements lists statements, newest first, after an id.
func (s *Service) Statements(ctx context.Context, by auth.Actor, after string) ([]Statement, error) {
	if !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return nil, mustBeFinance(by)
	}
	return statements(ctx, s.DB.Read(), after, pageSize)
}

// ConfirmStatement books the next piece of a statement; whoever calls goes on until Taken is Good. Stopping there, or a power cut, leaves
// whole pieces. Rows that are wrong are left out only when the caller says so; a line that another statement brought meanwhile is not
// taken twice.
func (s *Service) ConfirmStatement(ctx context.Context, by auth.Actor, id string, withoutWrong bool) (Statement, error) {
	if err := mustBeFinance(by); err != nil {
		return Statement{}, err
	}
	var st Statement
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if st, err = statementByID(ctx, tx, id); err != nil {
			return found(err, "statement")
		}
		if st.Undone > 0 {
			return fault.New(fault.Conflict, "import_undone", "This import was taken back.")
		}
		if st.Wrong > 0 && !withoutWrong {
			return fault.At("without_wrong", "rows_wrong", "%d rows are wrong: correct the file, or say that they are left out.", st.Wrong)
		}
		p, err := nextPiece(ctx, tx, id, pieceWaiting)
		if err != nil {
			return ignoreNoRows(err)
		}
		for _, r := range p.rows {
			l := r.Line()
			l.Statement = id
			if _, err = s.importLine(ctx, tx, by, l); err != nil {
				return err
			}
		}
		st.Taken += len(p.rows)
		return setPiece(ctx, tx, id, p.n, pieceTaken)
	})
	return st, err
}

// UndoStatement takes the next piece of a statement back, as long as nothing was built on any of its lines: no money of them was spent and
// no goods that they paid for were loaded. Whoever calls goes on until Taken is 0.
func (s *Service) UndoStatement(ctx context.Context, by auth.Actor, id string) (Statement, error) {
	if err := mustBeFinance(by); err != nil {
		return Statement{}, err
	}
	var st Statement
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if st, err = statementByID(ctx, tx, id); err != nil {
			return found(err, "statement")
		}
		p, err := nextPiece(ctx, tx, id, pieceTaken)
		if err != nil {
			return ignoreNoRows(err)
		}
		look := statementPiece
		if st.Undone == 0 {
			look = st.Good // the others were looked at with the first
		}
		lines, err := payment.ListOf(ctx, tx, id, look)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err = s.untouched(ctx, tx, l); err != nil {
				return err
			}
		}
		for _, l := range lines[:min(len(lines), len(p.rows))] {
			if err = s.unbook(ctx, tx, by, l); err != nil {
				return err
			}
		}
		st.Taken, st.Undone = st.Taken-len(p.rows), st.Undone+len(p.rows)
		return setPiece(ctx, tx, id, p.n, pieceUndone)
	})
	return st, err
}

// booked is the entry that put a line's money where it is.
func booked(ctx context.Context, q store.Querier, l payment.BankLine) (ledger.Entry, error) {
	return ledger.ByClientID(ctx, q, bookID(l))
}

// untouched faults a line on which something was built.
func (s *Service) untouched(ctx context.Context, q store.Querier, l payment.BankLine) error {
	e, err := booked(ctx, q, l)
	if err != nil {
		return err
	}
	var accounts []string
	for _, p := range e.Postings {
		accounts = append(accounts, p.To)
	}
	kinds, err := ledger.OutSince(ctx, q, ledger.Fen, e.ID, accounts...)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		if kind != unpaid {
			return builtOn(l)
		}
	}
	if l.For != payment.ForOrder {
		return nil
	}
	o, err := ByID(ctx, q, l.ForID)
	if err != nil {
		return err
	}
	n, err := numbersOf(ctx, q, o)
	if err == nil && (n.Loaded() > 0 || o.SettledAt > 0) {
		err = builtOn(l)
	}
	return err
}

func builtOn(l payment.BankLine) error {
	return fault.New(fault.Conflict, "built_on", "The money of bank line %q was used already: this can't be taken back as a whole.", l.ClientID)
}

// unpaid is the kind of the entries that take a bank line back.
const unpaid = "unpaid"

// unbook moves a line's money back to the bank and marks the line. The entry that brought it stays.
func (s *Service) unbook(ctx context.Context, tx store.Tx, by auth.Actor, l payment.BankLine) error {
	e, err := booked(ctx, tx, l)
	if err != nil {
		return err
	}
	now := s.millis(ctx)
	back := ledger.Entry{ClientID: "bank/" + l.ID + "/undone", At: now, Actor: by.ID(), Kind: unpaid, Subject: e.Subject, Note: e.Note}
	campaign := ""
	for _, p := range e.Postings {
		if c, ok := market.FundOf(p.To); ok {
			campaign, back.Use = c, market.Use(c)
		}
		back.Postings = append(back.Postings, inFen(p.To, market.Bank, measure.Fen(p.Amount)))
	}
	if _, _, err = ledger.Post(ctx, tx, back); err != nil {
		return err
	}
	if err = payment.Undo(ctx, tx, l.ID, now); err != nil {
		return err
	}
	if err = s.campaignMoved(ctx, tx, campaign); err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: "bank.undo", subject: "bank_line/" + l.ID, at: now, before: l})
}
