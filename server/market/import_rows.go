package market

import (
	"context"
	"encoding/json"

	"jishi/server/store"
)

// piece is a part of an import that is worked through in one transaction.
type piece struct {
	n    int
	rows []ImportRow
	lots []string
}

// The acts of a piece.
const (
	pieceWaiting = "waiting"
	pieceMade    = "made"
	pieceUndone  = "undone"
)

func insertImport(ctx context.Context, tx store.Tx, i Import, rows []ImportRow, by string) error {
	faults, err := json.Marshal(i.Faults)
	if err != nil {
		return err
	}
	ignored, err := json.Marshal(i.Ignored)
	if err != nil {
		return err
	}
	err = store.Exec(ctx, tx, `INSERT INTO imports (id, party_id, name, good, wrong, faults, ignored, mandate, created_at, created_by) VALUES (`+store.Marks(1, 10)+`)`,
		i.ID, i.Party, i.Name, int64(i.Good), int64(i.Wrong), string(faults), string(ignored), i.Mandate, int64(i.CreatedAt), by)
	for n := 0; err == nil && n*pieceRows < len(rows); n++ {
		part := rows[n*pieceRows : min((n+1)*pieceRows, len(rows))]
		var text []byte
		if text, err = json.Marshal(part); err == nil {
			err = store.Exec(ctx, tx, `INSERT INTO import_pieces (import_id, n, size, act, rows, lots) VALUES ($1, $2, $3, $4, $5, '')`,
				i.ID, n, len(part), pieceWaiting, string(text))
		}
	}
	return err
}

const importColumns = `id, party_id, name, good, wrong, faults, ignored, mandate, created_at,
	(SELECT COALESCE(SUM(size), 0) FROM import_pieces WHERE import_id = imports.id AND act = 'made'),
	(SELECT COALESCE(SUM(size), 0) FROM import_pieces WHERE import_id = imports.id AND act = 'undone')`

func scanImport(row store.Scanner) (Import, error) {
	var i Import
	var faults, ignored string
	err := row.Scan(&i.ID, &i.Party, &i.Name, &i.Good, &i.Wrong, &faults, &ignored, &i.Mandate, &i.CreatedAt, &i.Made, &i.Undone)
	if err == nil {
		err = json.Unmarshal([]byte(faults), &i.Faults)
	}
	if err == nil {
		err = json.Unmarshal([]byte(ignored), &i.Ignored)
	}
	return i, err
}

func importByID(ctx context.Context, q store.Querier, id string) (Import, error) {
	return scanImport(q.QueryRowContext(ctx, `SELECT `+importColumns+` FROM imports WHERE id = $1`, id))
}

func importsOf(ctx context.Context, q store.Querier, party, after string, n int) ([]Import, error) {
	return store.All(ctx, q, scanImport, `SELECT `+importColumns+` FROM imports WHERE party_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, party, store.Below(after), n)
}

func scanPiece(row store.Scanner) (piece, error) {
	var p piece
	var rows, lots string
	err := row.Scan(&p.n, &rows, &lots)
	if err == nil {
		err = json.Unmarshal([]byte(rows), &p.rows)
	}
	if err == nil && lots != "" {
		err = json.Unmarshal([]byte(lots), &p.lots)
	}
	return p, err
}

// firstPiece gives the first piece in one of two acts, none when there is none.
func firstPiece(ctx context.Context, q store.Querier, id string, act string) ([]piece, error) {
	return store.All(ctx, q, scanPiece, `SELECT n, rows, lots FROM import_pieces WHERE import_id = $1 AND act = $2 ORDER BY n LIMIT 1`, id, act)
}

func piecesOf(ctx context.Context, q store.Querier, id string) ([]piece, error) {
	return store.All(ctx, q, scanPiece, `SELECT n, '[]', lots FROM import_pieces WHERE import_id = $1 AND act = 'made' ORDER BY n`, id)
}

func setPiece(ctx context.Context, tx store.Tx, id string, n int, act string, lots []string) error {
	text, err := json.Marshal(lots)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `UPDATE import_pieces SET act = $1, lots = $2 WHERE import_id = $3 AND n = $4`, act, string(text), id, n)
}
