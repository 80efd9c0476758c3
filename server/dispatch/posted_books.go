package dispatch

import (
	"context"
	"strings"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

// postedPrefix begins the id of every consignment of a posted load, so that its reports find the right books.
const postedPrefix = "posted-"

func isPosted(consignment string) bool { return strings.HasPrefix(consignment, postedPrefix) }

// bothBooks keeps goods of orders on the accounts of orders, and goods of posted loads, which come from outside the market
// and leave it again, on consignment accounts alone.
type bothBooks struct{ Books }

// outside is where goods of posted loads come from and go back to.
const outside = "world/posted"

func (b bothBooks) move(ctx context.Context, tx store.Tx, by auth.Actor, consignment, client, kind string, at measure.Millis, moves ...ledger.Posting) error {
	var real []ledger.Posting
	for _, m := range moves {
		if m.Amount > 0 {
			real = append(real, m)
		}
	}
	if len(real) == 0 {
		return nil
	}
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{ClientID: client, At: at, Actor: by.ID(), Kind: kind, Subject: "consignment/" + consignment, Postings: real})
	return err
}

func grams(from, to string, g measure.Grams) ledger.Posting {
	return ledger.Posting{Unit: ledger.Grams, From: from, To: to, Amount: int64(g)}
}

// Take puts goods on a trip.
func (b bothBooks) Take(ctx context.Context, tx store.Tx, by auth.Actor, t orders.Taking) error {
	if !isPosted(t.Consignment) {
		return b.Books.Take(ctx, tx, by, t)
	}
	return b.move(ctx, tx, by, t.Consignment, "take/"+t.Consignment, "taken", t.At, grams(outside, orders.ConsignAllocated(t.Consignment), t.Grams))
}

// Untake takes them off again.
func (b bothBooks) Untake(ctx context.Context, tx store.Tx, by auth.Actor, c string, at measure.Millis) error {
	if !isPosted(c) {
		return b.Books.Untake(ctx, tx, by, c, at)
	}
	left, err := ledger.Balance(ctx, tx, ledger.Grams, orders.ConsignAllocated(c))
	if err != nil {
		return err
	}
	return b.move(ctx, tx, by, c, "untake/"+c, "untaken", at, grams(orders.ConsignAllocated(c), outside, measure.Grams(left)))
}

// Loaded writes the weighing down: what is more or less than planned comes from or goes back to outside.
func (b bothBooks) Loaded(ctx context.Context, tx store.Tx, by auth.Actor, l orders.Loading) error {
	c := l.Consignment
	if !isPosted(c) {
		return b.Books.Loaded(ctx, tx, by, l)
	}
	planned, err := ledger.Balance(ctx, tx, ledger.Grams, orders.ConsignAllocated(c))
	if err != nil {
		return err
	}
	held := min(l.Grams, measure.Grams(planned))
	return b.move(ctx, tx, by, c, "load/"+l.ClientID, "loaded", l.At, grams(orders.ConsignAllocated(c), orders.ConsignOnTruck(c), held),
		grams(outside, orders.ConsignOnTruck(c), l.Grams-held), grams(orders.ConsignAllocated(c), outside, measure.Grams(planned)-held))
}

// Received signs for them.
func (b bothBooks) Received(ctx context.Context, tx store.Tx, by auth.Actor, r orders.Receipt) error {
	c := r.Consignment
	if !isPosted(c) {
		return b.Books.Received(ctx, tx, by, r)
	}
	moves := []ledger.Posting{grams(orders.ConsignOnTruck(c), orders.ConsignAccepted(c), r.Received-r.Rejected),
		grams(orders.ConsignOnTruck(c), orders.ConsignRejected(c), r.Rejected), grams(orders.ConsignOnTruck(c), orders.ConsignReturned(c), r.Returned)}
	for _, cause := range orders.LossCauses {
		moves = append(moves, grams(orders.ConsignOnTruck(c), orders.ConsignLost(c, cause), r.Lost[cause]))
	}
	return b.move(ctx, tx, by, c, "receive/"+r.ClientID, "received", r.At, moves...)
}

// TakeBack writes rejected goods down as returned; no lot of the market comes of them.
func (b bothBooks) TakeBack(ctx context.Context, tx store.Tx, by auth.Actor, t orders.TakingBack) (string, error) {
	c := t.Consignment
	if !isPosted(c) {
		return b.Books.TakeBack(ctx, tx, by, t)
	}
	rejected, err := ledger.Balance(ctx, tx, ledger.Grams, orders.ConsignRejected(c))
	if err != nil {
		return "", err
	}
	if t.Grams <= 0 || t.Grams > measure.Grams(rejected) {
		return "", fault.At("weight", "more_than_rejected", "%s was rejected and is still there; %s can't be taken back.", measure.Grams(rejected), t.Grams)
	}
	return "", b.move(ctx, tx, by, c, "take_back/"+t.ClientID, "returned", t.At, grams(orders.ConsignRejected(c), orders.ConsignReturned(c), t.Grams))
}

// PayHaulage pays a carrier for a posted load out of what its shipper paid in for it.
func (b bothBooks) PayHaulage(ctx context.Context, tx store.Tx, by auth.Actor, h orders.Haulage) error {
	if h.Load == "" {
		return b.Books.PayHaulage(ctx, tx, by, h)
	}
	if h.Given { // it stands in the trip's settlement; nobody pays
		return nil
	}
	have, err := ledger.Balance(ctx, tx, ledger.Fen, orders.HaulEscrow(h.Load))
	if err != nil {
		return err
	}
	if measure.Fen(have) < h.Fen {
		return fault.New(fault.Conflict, "fund_short", "The haulage costs %s yuan, but only %s yuan is there to pay it.", h.Fen, measure.Fen(have))
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{ClientID: "haulage/" + h.ClientID, At: h.At, Actor: by.ID(), Kind: "haulage", Subject: "load/" + h.Load,
		Note:     map[string]string{"trip": h.Trip, "load": h.Load, "carrier": h.Carrier},
		Postings: []ledger.Posting{{Unit: ledger.Fen, From: orders.HaulEscrow(h.Load), To: orders.Payable(h.Carrier), Amount: int64(h.Fen)}}})
	return err
}

// Divert leaves a posted load on its own accounts, wherever it goes: goods of no order count for no need of the market. Its
// receiver, who said yes, lowers the need by them.
func (b bothBooks) Divert(ctx context.Context, tx store.Tx, by auth.Actor, consignment, demand string, at measure.Millis) error {
	if isPosted(consignment) {
		return nil
	}
	return b.Books.Divert(ctx, tx, by, consignment, demand, at)
}
