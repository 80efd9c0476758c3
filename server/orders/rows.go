package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/store"
)

// changed runs an update and tells whether it hit its row.
func changed(ctx context.Context, tx store.Tx, query string, args ...any) (bool, error) {
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("orders: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

const orderColumns = `id, buyer_id, seller_id, campaign_id, named_use, act, reason, warnings, reference, invoice_fen, mandate,
	submitted_at, answer_until, confirmed_at, ended_at, settled_at, cart_id, backorder_of, quotation_id, standing_id, ordered_by, ended_by, stopped_at, reached`

func scanOrder(row store.Scanner) (Order, error) {
	var o Order
	var warnings string
	err := row.Scan(&o.ID, &o.Buyer, &o.Seller, &o.Campaign, &o.NamedUse, &o.Act, &o.Reason, &warnings, &o.Reference, &o.Invoice, &o.Mandate,
		&o.SubmittedAt, &o.AnswerUntil, &o.ConfirmedAt, &o.EndedAt, &o.SettledAt,
		&o.Cart, &o.BackorderOf, &o.Quotation, &o.Standing, &o.OrderedBy, &o.EndedBy, &o.StoppedAt, &o.Reached)
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal([]byte(warnings), &o.Warnings)
}

func insertOrder(ctx context.Context, tx store.Tx, o Order, by string) error {
	warnings, err := json.Marshal(o.Warnings)
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	err = store.Exec(ctx, tx, `INSERT INTO orders (`+orderColumns+`, created_by) VALUES (`+store.Marks(1, 25)+`)`,
		o.ID, o.Buyer, o.Seller, o.Campaign, o.NamedUse, string(o.Act), o.Reason, string(warnings), o.Reference, int64(o.Invoice), o.Mandate,
		int64(o.SubmittedAt), int64(o.AnswerUntil), int64(o.ConfirmedAt), int64(o.EndedAt), int64(o.SettledAt),
		o.Cart, o.BackorderOf, o.Quotation, o.Standing, o.OrderedBy, string(o.EndedBy), int64(o.StoppedAt), o.reached(), by)
	if err != nil {
		return err
	}
	return insertLines(ctx, tx, o.ID, o.Lines...)
}

// rowsAtOnce is how many rows one statement writes.
const rowsAtOnce = 50

func insertLines(ctx context.Context, tx store.Tx, order string, lines ...Line) error {
	for some := range slices.Chunk(lines, rowsAtOnce) {
		var args []any
		for _, l := range some {
			args = append(args, l.ID, order, l.N, l.Offer, l.Lot, int64(l.Grams), int64(l.Offered), int64(l.Price), int64(l.Benefit), l.InsteadOf,
				l.Loss.MoisturePerMille, string(l.Loss.Bearer), int64(l.Pickup.From), int64(l.Pickup.To), l.Poverty, string(l.ShareMethod))
		}
		err := store.Exec(ctx, tx, `INSERT INTO order_lines (id, order_id, n, offer_id, lot_id, grams, offered, price_e4, benefit_e4, instead_of, moisture_per_mille, loss_bearer,
			pickup_from, pickup_to, poverty, share_method) VALUES `+store.Rows(len(some), 16), args...)
		if err != nil {
			return err
		}
	}
	for _, l := range lines {
		if err := insertAllocations(ctx, tx, order, l.ID, l.To...); err != nil {
			return err
		}
		if l.Share != nil {
			if err := insertShare(ctx, tx, order, *l.Share); err != nil {
				return err
			}
		}
	}
	return nil
}

func insertAllocations(ctx context.Context, tx store.Tx, order, line string, to ...Allocation) error {
	for some := range slices.Chunk(to, rowsAtOnce) {
		var args []any
		for _, a := range some {
			args = append(args, a.ID, order, line, a.Demand, int64(a.Grams))
		}
		if err := store.Exec(ctx, tx, `INSERT INTO allocations (id, order_id, line_id, demand_id, grams) VALUES `+store.Rows(len(some), 5), args...); err != nil {
			return err
		}
	}
	return nil
}

func setAllocation(ctx context.Context, tx store.Tx, a Allocation) error {
	return store.Exec(ctx, tx, `UPDATE allocations SET grams = $1, refused = $2 WHERE id = $3`, int64(a.Grams), int64(a.Refused), a.ID)
}

// dropLines takes the lines of a draft out, which nothing hangs on yet.
func dropLines(ctx context.Context, tx store.Tx, order string) error {
	if err := store.Exec(ctx, tx, `DELETE FROM allocations WHERE order_id = $1`, order); err != nil {
		return err
	}
	return store.Exec(ctx, tx, `DELETE FROM order_lines WHERE order_id = $1`, order)
}

// ByID gives an order with its lines; sql.ErrNoRows when there is none.
func ByID(ctx context.Context, q store.Querier, id string) (Order, error) {
	o, err := scanOrder(q.QueryRowContext(ctx, `SELECT `+orderColumns+` FROM orders WHERE id = $1`, id))
	if err != nil {
		return o, err
	}
	return o, fillLines(ctx, q, &o)
}

func byReference(ctx context.Context, q store.Querier, reference string) (Order, error) {
	o, err := scanOrder(q.QueryRowContext(ctx, `SELECT `+orderColumns+` FROM orders WHERE reference = $1`, reference))
	if err != nil {
		return o, err
	}
	return o, fillLines(ctx, q, &o)
}

func fillLines(ctx context.Context, q store.Querier, o *Order) error {
	var err error
	o.Lines, err = store.All(ctx, q, func(row store.Scanner) (Line, error) {
		var l Line
		err := row.Scan(&l.ID, &l.N, &l.Offer, &l.Lot, &l.Grams, &l.Offered, &l.Price, &l.Benefit, &l.InsteadOf, &l.Loss.MoisturePerMille, &l.Loss.Bearer,
			&l.Pickup.From, &l.Pickup.To, &l.Poverty, &l.ShareMethod)
		return l, err
	}, `SELECT id, n, offer_id, lot_id, grams, offered, price_e4, benefit_e4, instead_of, moisture_per_mille, loss_bearer,
		pickup_from, pickup_to, poverty, share_method FROM order_lines WHERE order_id = $1 ORDER BY n`, o.ID)
	for i := range o.Lines {
		if err == nil {
			o.Lines[i].To, err = allocationsOf(ctx, q, o.Lines[i].ID)
		}
	}
	return err
}

func allocationsOf(ctx context.Context, q store.Querier, line string) ([]Allocation, error) {
	return store.All(ctx, q, func(row store.Scanner) (Allocation, error) {
		var a Allocation
		err := row.Scan(&a.ID, &a.Demand, &a.Grams, &a.Refused)
		return a, err
	}, `SELECT id, demand_id, grams, refused FROM allocations WHERE line_id = $1 ORDER BY id`, line)
}

// side is the column of the party an order is listed for.
// trades says whose orders or quotations are wanted: all, or those that some parties buy and those that some sell.
type trades struct {
	all             bool
	buyers, sellers []string
}

// tradesOf gives what an actor may list as "buyer" or as "seller"; with role "" both, and the platform's people all.
func tradesOf(by auth.Actor, role string) trades {
	var t trades
	if role == "" && reads(by) {
		t.all = true
		return t
	}
	if role != "seller" {
		t.buyers = by.PartiesFor(auth.ActOrders)
	}
	if role != "buyer" {
		t.sellers = by.PartiesFor(auth.ActOffers)
	}
	return t
}

// where gives the condition that picks them, with its arguments behind args; bought and sold narrow what each side sees.
func (t trades) where(args []any, bought, sold string) (string, []any) {
	if t.all {
		return `1 = 1`, args
	}
	var either []string
	if len(t.buyers) > 0 {
		either = append(either, `buyer_id IN (`+store.Marks(len(args)+1, len(t.buyers))+`)`+bought)
		args = append(args, store.Args(t.buyers)...)
	}
	if len(t.sellers) > 0 {
		either = append(either, `seller_id IN (`+store.Marks(len(args)+1, len(t.sellers))+`)`+sold)
		args = append(args, store.Args(t.sellers)...)
	}
	if len(either) == 0 {
		return `1 = 0`, args
	}
	return `(` + strings.Join(either, ` OR `) + `)`, args
}

// sentToSeller picks the orders that are there for their seller, as Order.sent does.
const sentToSeller = ` AND reached AND act <> 'awaiting_approval'`

// ordersPage lists orders, newest first, after an id.
func ordersPage(ctx context.Context, q store.Querier, of trades, after string, n int) ([]Order, error) {
	where, args := of.where([]any{store.Below(after), n}, "", sentToSeller)
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders
		WHERE id < $1 AND `+where+` ORDER BY id DESC LIMIT $2`, args...)
	return filled(ctx, q, list, err)
}

// ordersToApprove lists what buyers' people ordered and nobody approved yet, the soonest to lapse first.
func ordersToApprove(ctx context.Context, q store.Querier, buyers []string, now measure.Millis) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders
		WHERE act = 'awaiting_approval' AND answer_until >= $1 AND buyer_id IN (`+store.Marks(2, len(buyers))+`) ORDER BY answer_until, id`,
		append([]any{int64(now)}, store.Args(buyers)...)...)
	return filled(ctx, q, list, err)
}

func filled(ctx context.Context, q store.Querier, list []Order, err error) ([]Order, error) {
	for i := range list {
		if err == nil {
			err = fillLines(ctx, q, &list[i])
		}
	}
	return list, err
}

func ordersOfCampaign(ctx context.Context, q store.Querier, campaign string) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders WHERE campaign_id = $1 AND campaign_id <> '' ORDER BY id`, campaign)
	return filled(ctx, q, list, err)
}

func overdueOrders(ctx context.Context, q store.Querier, now measure.Millis) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders WHERE act IN ('submitted', 'offered_less', 'awaiting_approval') AND answer_until < $1 ORDER BY answer_until, id`, int64(now))
	return filled(ctx, q, list, err)
}

func ordersOfCart(ctx context.Context, q store.Querier, cart string) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders WHERE cart_id = $1 AND cart_id <> '' ORDER BY id`, cart)
	return filled(ctx, q, list, err)
}

// ordersSent gives those of some orders that are there for their seller.
func ordersSent(ctx context.Context, q store.Querier, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return store.All(ctx, q, func(row store.Scanner) (id string, err error) {
		return id, row.Scan(&id)
	}, `SELECT id FROM orders WHERE id IN (`+store.Marks(1, len(ids))+`)`+sentToSeller, store.Args(ids)...)
}

// ordersSince lists a seller's orders that were sent to it at or after a moment.
func ordersSince(ctx context.Context, q store.Querier, seller string, from measure.Millis) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders WHERE seller_id = $1 AND submitted_at >= $2`+sentToSeller+` ORDER BY id`, seller, int64(from))
	return filled(ctx, q, list, err)
}

func openOrders(ctx context.Context, q store.Querier) ([]Order, error) {
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders WHERE act = 'confirmed' AND settled_at = 0 ORDER BY id`)
	return filled(ctx, q, list, err)
}

// setAct moves an order on, if it still is where it was read.
func setAct(ctx context.Context, tx store.Tx, o Order, from State) (bool, error) {
	return changed(ctx, tx, `UPDATE orders SET act = $1, reason = $2, invoice_fen = $3, answer_until = $4, confirmed_at = $5, ended_at = $6,
			ended_by = $7, ordered_by = $8, submitted_at = $9, reached = $10
		WHERE id = $11 AND act = $12`,
		string(o.Act), o.Reason, int64(o.Invoice), int64(o.AnswerUntil), int64(o.ConfirmedAt), int64(o.EndedAt),
		string(o.EndedBy), o.OrderedBy, int64(o.SubmittedAt), o.reached(), o.ID, string(from))
}

func setOffered(ctx context.Context, tx store.Tx, line string, offered measure.Grams) error {
	return store.Exec(ctx, tx, `UPDATE order_lines SET offered = $1 WHERE id = $2`, int64(offered), line)
}

func setStopped(ctx context.Context, tx store.Tx, id string, at measure.Millis) error {
	return store.Exec(ctx, tx, `UPDATE orders SET stopped_at = $1 WHERE id = $2`, int64(at), id)
}

func setWarnings(ctx context.Context, tx store.Tx, o Order) error {
	warnings, err := json.Marshal(o.Warnings)
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	return store.Exec(ctx, tx, `UPDATE orders SET warnings = $1 WHERE id = $2`, string(warnings), o.ID)
}

// rewriteLine writes what was agreed on a line: the parts of a substitute are new, those of another are lower, and what came
// down to nothing is taken out.
func rewriteLine(ctx context.Context, tx store.Tx, order string, l Line) error {
	for _, a := range l.To {
		if l.InsteadOf != "" {
			if err := insertAllocations(ctx, tx, order, l.ID, a); err != nil {
				return err
			}
			continue
		}
		query, args := `UPDATE allocations SET grams = $2 WHERE id = $1`, []any{a.ID, int64(a.Grams)}
		if a.Grams == 0 {
			query, args = `DELETE FROM allocations WHERE id = $1`, args[:1]
		}
		if err := store.Exec(ctx, tx, query, args...); err != nil {
			return err
		}
	}
	if l.Grams == 0 {
		return store.Exec(ctx, tx, `DELETE FROM order_lines WHERE id = $1`, l.ID)
	}
	return store.Exec(ctx, tx, `UPDATE order_lines SET grams = $1, offered = 0 WHERE id = $2`, int64(l.Grams), l.ID)
}

func setSettled(ctx context.Context, tx store.Tx, id string, at measure.Millis) (bool, error) {
	return changed(ctx, tx, `UPDATE orders SET settled_at = $1 WHERE id = $2 AND settled_at = 0`, int64(at), id)
}

// taking is one consignment as it was taken, loaded and received.
type taking struct {
	Consignment, Allocation, Order, Line, Lot, Demand string
	Grams                                             measure.Grams
	TakenAt, UntakenAt, LoadedAt                      measure.Millis
	LoadedClient                                      string
	LoadedGrams                                       measure.Grams
	ReceivedAt                                        measure.Millis
	ReceivedClient, RejectReason                      string
	Breach                                            bool
}

const takingColumns = `consignment, allocation_id, order_id, line_id, lot_id, demand_id, taken_grams, taken_at, untaken_at, loaded_at,
	loaded_client, loaded_grams, received_at, received_client, reject_reason, breach`

func scanTaking(row store.Scanner) (taking, error) {
	var t taking
	err := row.Scan(&t.Consignment, &t.Allocation, &t.Order, &t.Line, &t.Lot, &t.Demand, &t.Grams, &t.TakenAt, &t.UntakenAt, &t.LoadedAt,
		&t.LoadedClient, &t.LoadedGrams, &t.ReceivedAt, &t.ReceivedClient, &t.RejectReason, &t.Breach)
	return t, err
}

func insertTaking(ctx context.Context, tx store.Tx, t taking) error {
	return store.Exec(ctx, tx, `INSERT INTO takings (`+takingColumns+`) VALUES (`+store.Marks(1, 16)+`)`,
		t.Consignment, t.Allocation, t.Order, t.Line, t.Lot, t.Demand, int64(t.Grams), int64(t.TakenAt), int64(t.UntakenAt), int64(t.LoadedAt),
		t.LoadedClient, int64(t.LoadedGrams), int64(t.ReceivedAt), t.ReceivedClient, t.RejectReason, t.Breach)
}

func takingByID(ctx context.Context, q store.Querier, consignment string) (taking, error) {
	return scanTaking(q.QueryRowContext(ctx, `SELECT `+takingColumns+` FROM takings WHERE consignment = $1`, consignment))
}

// setDemand makes a consignment count for another need.
func setDemand(ctx context.Context, tx store.Tx, consignment, demand string) error {
	return store.Exec(ctx, tx, `UPDATE takings SET demand_id = $1 WHERE consignment = $2`, demand, consignment)
}

func takingsOfOrder(ctx context.Context, q store.Querier, order string) ([]taking, error) {
	return store.All(ctx, q, scanTaking, `SELECT `+takingColumns+` FROM takings WHERE order_id = $1 ORDER BY consignment`, order)
}

func takingsOfDemand(ctx context.Context, q store.Querier, demand string) ([]taking, error) {
	return store.All(ctx, q, scanTaking, `SELECT `+takingColumns+` FROM takings WHERE demand_id = $1 ORDER BY consignment`, demand)
}

func setUntaken(ctx context.Context, tx store.Tx, consignment string, at measure.Millis) error {
	return store.Exec(ctx, tx, `UPDATE takings SET untaken_at = $1 WHERE consignment = $2`, int64(at), consignment)
}

func setLoaded(ctx context.Context, tx store.Tx, l Loading) error {
	return store.Exec(ctx, tx, `UPDATE takings SET loaded_at = $1, loaded_client = $2, loaded_grams = $3 WHERE consignment = $4`,
		int64(l.At), l.ClientID, int64(l.Grams), l.Consignment)
}

func setReceived(ctx context.Context, tx store.Tx, r Receipt) error {
	return store.Exec(ctx, tx, `UPDATE takings SET received_at = $1, received_client = $2, reject_reason = $3, breach = $4 WHERE consignment = $5`,
		int64(r.At), r.ClientID, r.RejectReason, r.Breach, r.Consignment)
}

// allocationRow is an allocation with the line and order it belongs to.
type allocationRow struct {
	Allocation
	Order, Line, Lot string
}

func allocationByID(ctx context.Context, q store.Querier, id string) (allocationRow, error) {
	var a allocationRow
	err := q.QueryRowContext(ctx, `SELECT a.id, a.demand_id, a.grams, a.order_id, a.line_id, l.lot_id FROM allocations a
		JOIN order_lines l ON l.id = a.line_id WHERE a.id = $1`, id).Scan(&a.ID, &a.Demand, &a.Grams, &a.Order, &a.Line, &a.Lot)
	return a, err
}

// demandAllocation is what one order promises to one demand.
type demandAllocation struct {
	ID    string
	Grams measure.Grams
	Act   State
}

func allocationsOfDemand(ctx context.Context, q store.Querier, demand string) ([]demandAllocation, error) {
	return store.All(ctx, q, func(row store.Scanner) (demandAllocation, error) {
		var a demandAllocation
		err := row.Scan(&a.ID, &a.Grams, &a.Act)
		return a, err
	}, `SELECT a.id, a.grams, o.act FROM allocations a JOIN orders o ON o.id = a.order_id WHERE a.demand_id = $1 ORDER BY a.id`, demand)
}

// setAcceptance writes a receiver's word down; a later one, after more goods arrived, replaces it.
func setAcceptance(ctx context.Context, tx store.Tx, order, demand string, at measure.Millis, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO acceptances (order_id, demand_id, at, by_user) VALUES ($1, $2, $3, $4)
		ON CONFLICT (order_id, demand_id) DO UPDATE SET at = excluded.at, by_user = excluded.by_user`, order, demand, int64(at), by)
}

// acceptancesOf tells when the receiver of each demand last said that the delivery stands.
func acceptancesOf(ctx context.Context, q store.Querier, order string) (map[string]measure.Millis, error) {
	type word struct {
		demand string
		at     measure.Millis
	}
	list, err := store.All(ctx, q, func(row store.Scanner) (word, error) {
		var w word
		err := row.Scan(&w.demand, &w.at)
		return w, err
	}, `SELECT demand_id, at FROM acceptances WHERE order_id = $1 ORDER BY demand_id`, order)
	out := map[string]measure.Millis{}
	for _, w := range list {
		out[w.demand] = w.at
	}
	return out, err
}

const claimColumns = `id, order_id, consignment, demand_id, grams, granted, reason, photo, act, decision, made_at, made_by, decided_at, decided_by`

func scanClaim(row store.Scanner) (Claim, error) {
	var c Claim
	err := row.Scan(&c.ID, &c.Order, &c.Consignment, &c.Demand, &c.Grams, &c.Granted, &c.Reason, &c.Photo, &c.Act, &c.Decision,
		&c.MadeAt, &c.MadeBy, &c.DecidedAt, &c.DecidedBy)
	return c, err
}

func insertClaim(ctx context.Context, tx store.Tx, c Claim) error {
	return store.Exec(ctx, tx, `INSERT INTO claims (`+claimColumns+`) VALUES (`+store.Marks(1, 14)+`)`,
		c.ID, c.Order, c.Consignment, c.Demand, int64(c.Grams), int64(c.Granted), c.Reason, c.Photo, string(c.Act), c.Decision,
		int64(c.MadeAt), c.MadeBy, int64(c.DecidedAt), c.DecidedBy)
}

func claimByID(ctx context.Context, q store.Querier, id string) (Claim, error) {
	return scanClaim(q.QueryRowContext(ctx, `SELECT `+claimColumns+` FROM claims WHERE id = $1`, id))
}

func claimsOfOrder(ctx context.Context, q store.Querier, order string) ([]Claim, error) {
	return store.All(ctx, q, scanClaim, `SELECT `+claimColumns+` FROM claims WHERE order_id = $1 ORDER BY id`, order)
}

// decideClaim ends a claim, if it is still open.
func decideClaim(ctx context.Context, tx store.Tx, c Claim) (bool, error) {
	return changed(ctx, tx, `UPDATE claims SET granted = $1, act = $2, decision = $3, decided_at = $4, decided_by = $5 WHERE id = $6 AND act = 'open'`,
		int64(c.Granted), string(c.Act), c.Decision, int64(c.DecidedAt), c.DecidedBy, c.ID)
}
