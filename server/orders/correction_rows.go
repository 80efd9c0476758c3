package orders

import (
	"context"
	"slices"

	"jishi/server/store"
)

const correctionColumns = "id, order_id, consignment, line_id, grams, reason, photo, at, made_by"

func scanCorrection(row store.Scanner) (Correction, error) {
	var c Correction
	err := row.Scan(&c.ID, &c.Order, &c.Consignment, &c.Line, &c.Grams, &c.Reason, &c.Photo, &c.At, &c.By)
	return c, err
}

func insertCorrection(ctx context.Context, tx store.Tx, c Correction) error {
	return store.Exec(ctx, tx, `INSERT INTO corrections (`+correctionColumns+`) VALUES (`+store.Marks(1, 9)+`)`,
		c.ID, c.Order, c.Consignment, c.Line, int64(c.Grams), c.Reason, c.Photo, int64(c.At), c.By)
}

func correctionByID(ctx context.Context, q store.Querier, id string) (Correction, error) {
	c, err := scanCorrection(q.QueryRowContext(ctx, `SELECT `+correctionColumns+` FROM corrections WHERE id = $1`, id))
	if err != nil {
		return c, err
	}
	c.Setoffs, err = setoffsBy(ctx, q, c.Order, id)
	return c, err
}

// correctionsOf lists those of an order, the oldest first.
func correctionsOf(ctx context.Context, q store.Querier, order string) ([]Correction, error) {
	list, err := store.All(ctx, q, scanCorrection, `SELECT `+correctionColumns+` FROM corrections WHERE order_id = $1 ORDER BY id`, order)
	for i := range list {
		if err == nil {
			list[i].Setoffs, err = setoffsBy(ctx, q, order, list[i].ID)
		}
	}
	return list, err
}

func setoffsBy(ctx context.Context, q store.Querier, order, correction string) ([]Setoff, error) {
	list, err := setoffsOf(ctx, q, order)
	return slices.DeleteFunc(list, func(o Setoff) bool { return o.Ref != correction }), err
}
