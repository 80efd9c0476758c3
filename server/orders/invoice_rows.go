package orders

import (
	"context"
	"database/sql"

	"jishi/server/measure"
	"jishi/server/store"
)

// orNoRows gives sql.ErrNoRows for what is there and not open to the one who asks.
func orNoRows(err error) error {
	if err == nil {
		return sql.ErrNoRows
	}
	return err
}

func scanCreditTerms(row store.Scanner) (CreditTerms, error) {
	var t CreditTerms
	err := row.Scan(&t.Party, &t.Limit, &t.Days)
	return t, err
}

func creditTermsOf(ctx context.Context, q store.Querier, party string) (CreditTerms, error) {
	return scanCreditTerms(q.QueryRowContext(ctx, `SELECT party_id, limit_fen, days FROM credit_terms WHERE party_id = $1`, party))
}

func allCreditTerms(ctx context.Context, q store.Querier) ([]CreditTerms, error) {
	return store.All(ctx, q, scanCreditTerms, `SELECT party_id, limit_fen, days FROM credit_terms ORDER BY party_id`)
}

func setCreditTerms(ctx context.Context, tx store.Tx, t CreditTerms, at measure.Millis, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO credit_terms (party_id, limit_fen, days, set_at, set_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (party_id) DO UPDATE SET limit_fen = EXCLUDED.limit_fen, days = EXCLUDED.days, set_at = EXCLUDED.set_at, set_by = EXCLUDED.set_by`,
		t.Party, int64(t.Limit), t.Days, int64(at), by)
}

// openSales gives a buyer's orders that are no gift's and may still take money, the oldest first.
func openSales(ctx context.Context, q store.Querier, buyer string) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders
		WHERE buyer_id = $1 AND campaign_id = '' AND settled_at = 0 AND act IN ($2, $3, $4) ORDER BY id`,
		buyer, string(Submitted), string(OfferedLess), string(Confirmed))
	for i := range list {
		if err == nil {
			err = fillLines(ctx, q, &list[i])
		}
	}
	return list, err
}

const invoiceColumns = "id, buyer_id, month, reference, fen, due_at, made_at, made_by"

func scanInvoice(row store.Scanner) (Invoice, error) {
	var i Invoice
	err := row.Scan(&i.ID, &i.Buyer, &i.Month, &i.Reference, &i.Fen, &i.DueAt, &i.MadeAt, &i.MadeBy)
	return i, err
}

func insertInvoice(ctx context.Context, tx store.Tx, i Invoice) error {
	err := store.Exec(ctx, tx, `INSERT INTO invoices (`+invoiceColumns+`) VALUES (`+store.Marks(1, 8)+`)`,
		i.ID, i.Buyer, i.Month, i.Reference, int64(i.Fen), int64(i.DueAt), int64(i.MadeAt), i.MadeBy)
	for _, l := range i.Lines {
		if err == nil {
			err = store.Exec(ctx, tx, `INSERT INTO invoice_lines (order_id, invoice_id, grams, fen) VALUES ($1, $2, $3, $4)`, l.Order, i.ID, int64(l.Grams), int64(l.Fen))
		}
	}
	return err
}

func withInvoiceLines(ctx context.Context, q store.Querier, i Invoice, err error) (Invoice, error) {
	if err != nil {
		return i, err
	}
	i.Lines, err = store.All(ctx, q, func(row store.Scanner) (InvoiceLine, error) {
		var l InvoiceLine
		err := row.Scan(&l.Order, &l.Grams, &l.Fen)
		return l, err
	}, `SELECT order_id, grams, fen FROM invoice_lines WHERE invoice_id = $1 ORDER BY order_id`, i.ID)
	return i, err
}

func invoiceByID(ctx context.Context, q store.Querier, id string) (Invoice, error) {
	i, err := scanInvoice(q.QueryRowContext(ctx, `SELECT `+invoiceColumns+` FROM invoices WHERE id = $1`, id))
	return withInvoiceLines(ctx, q, i, err)
}

func invoiceByReference(ctx context.Context, q store.Querier, reference string) (Invoice, error) {
	return scanInvoice(q.QueryRowContext(ctx, `SELECT `+invoiceColumns+` FROM invoices WHERE reference = $1`, reference))
}

func invoices(ctx context.Context, q store.Querier, buyer, after string, n int) ([]Invoice, error) {
	where, args := store.Only(`id < $1`, []any{store.Below(after), n}, "buyer_id", buyer)
	list, err := store.All(ctx, q, scanInvoice, `SELECT `+invoiceColumns+` FROM invoices WHERE `+where+` ORDER BY id DESC LIMIT $2`, args...)
	for k := range list {
		list[k], err = withInvoiceLines(ctx, q, list[k], err)
	}
	return list, err
}

// invoiced reports whether an order stands on an invoice.
func invoiced(ctx context.Context, q store.Querier, order string) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM invoice_lines WHERE order_id = $1`, order).Scan(&n)
	return n > 0, err
}

func insertProof(ctx context.Context, tx store.Tx, kind string, p TransferProof) error {
	return store.Exec(ctx, tx, `INSERT INTO transfer_proofs (id, for_kind, for_id, photo, note, at, by_user) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, kind, p.For, p.Photo, p.Note, int64(p.At), p.By)
}

func proofsOf(ctx context.Context, q store.Querier, forID string) ([]TransferProof, error) {
	return store.All(ctx, q, func(row store.Scanner) (TransferProof, error) {
		var p TransferProof
		err := row.Scan(&p.ID, &p.For, &p.Photo, &p.Note, &p.At, &p.By)
		return p, err
	}, `SELECT id, for_id, photo, note, at, by_user FROM transfer_proofs WHERE for_id = $1 ORDER BY id`, forID)
}
