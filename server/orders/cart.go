package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Cart is what was sent in one go to several sellers: an order for each, under one id, so that dispatch can plan them together.
type Cart struct {
	ID     string
	Orders []Order // in the order in which their sellers were first named
}

// SubmitCart sends a cart that may hold lines of many sellers: one order each. All of it is sent, or nothing.
func (s *Service) SubmitCart(ctx context.Context, by auth.Actor, in Input) (Cart, error) {
	by, err := by.ActFor(in.Buyer, auth.ActOrders)
	if err != nil {
		return Cart{}, err
	}
	if err = in.check(); err != nil {
		return Cart{}, err
	}
	var cart Cart
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		cart = Cart{ID: store.NewID()}
		before, err := market.Once(ctx, tx, in.ClientID, cart.ID)
		if err != nil {
			return err
		}
		if before != "" {
			cart.ID = before
			cart.Orders, err = ordersOfCart(ctx, tx, before)
			return err
		}
		return s.fillCart(ctx, tx, by, in, &cart)
	})
	return cart, err
}

func (s *Service) fillCart(ctx context.Context, tx store.Tx, by auth.Actor, in Input, cart *Cart) error {
	parts, err := bySeller(ctx, tx, in)
	if err != nil {
		return err
	}
	var sum measure.Fen
	for _, p := range parts {
		d := draft{service: s, tx: tx, now: s.Now(ctx), in: p.Input}
		o, err := d.order(ctx, store.NewID())
		if err != nil {
			return p.inCart(err)
		}
		o.Cart = cart.ID
		o.sentBy(by)
		if err = s.writeOrder(ctx, tx, by, o); err != nil { // at once: the next part has to see what this one asks of a need
			return err
		}
		sum += o.Invoice
		cart.Orders = append(cart.Orders, o)
	}
	for i := range cart.Orders {
		o := &cart.Orders[i]
		before := *o
		if err := s.gate(ctx, tx, o, sum); err != nil {
			return err
		}
		if o.Act != before.Act {
			if err := s.acted(ctx, tx, by, "need_approval", "", before, *o); err != nil {
				return err
			}
		}
	}
	return nil
}

// part is what of a cart goes to one seller, with the place of each line in the whole.
type part struct {
	Input
	at []int
}

// inCart turns the place of a line in its order into its place in the cart.
func (p part) inCart(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	g := *f
	for i, at := range p.at {
		if rest, ok := cutPrefix(g.Field, index("lines", i)); ok {
			g.Field = index("lines", at) + rest
			break
		}
	}
	return &g
}

func cutPrefix(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || s[:len(prefix)] != prefix {
		return s, false
	}
	return s[len(prefix):], true
}

// bySeller divides a cart by the sellers of its offers.
func bySeller(ctx context.Context, q store.Querier, in Input) ([]part, error) {
	var ids []string
	for _, l := range in.Lines {
		ids = append(ids, l.Offer)
	}
	offers, err := market.OffersByID(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	var out []part
	place := map[string]int{}
	for i, l := range in.Lines {
		offer, ok := offers[l.Offer]
		if !ok {
			return nil, notFound("offer").In(index("lines", i) + ".offer")
		}
		n, known := place[offer.Seller]
		if !known {
			n = len(out)
			place[offer.Seller] = n
			out = append(out, part{Input: Input{Buyer: in.Buyer, Campaign: in.Campaign}})
		}
		out[n].Lines = append(out[n].Lines, l)
		out[n].at = append(out[n].at, i)
	}
	return out, nil
}

// CartView is a cart with its orders as they stand and what their haulage cost so far.
type CartView struct {
	ID      string
	Orders  []View
	Haulage []HaulageShare
}

// Cart shows those orders of a cart that the actor may read.
func (s *Service) Cart(ctx context.Context, by auth.Actor, id string) (CartView, error) {
	q := s.DB.Read()
	list, err := ordersOfCart(ctx, q, id)
	if err != nil {
		return CartView{}, err
	}
	v := CartView{ID: id}
	for _, o := range list {
		sees, err := mayRead(ctx, q, by, o)
		if err != nil {
			return v, err
		}
		if !sees {
			continue
		}
		view, err := s.view(ctx, q, o)
		if err != nil {
			return v, err
		}
		paid, err := haulageOf(ctx, q, o)
		if err != nil {
			return v, err
		}
		v.Orders = append(v.Orders, view)
		v.Haulage = append(v.Haulage, HaulageShare{Order: o.ID, Loaded: view.Numbers.Loaded(), Paid: paid})
	}
	if len(v.Orders) == 0 {
		return CartView{}, notFound("cart")
	}
	return v, nil
}

// haulageOf sums what carriers were paid for an order's goods, out of its escrow or its campaign's fund.
func haulageOf(ctx context.Context, q store.Querier, o Order) (measure.Fen, error) {
	subject := "order/" + o.ID
	if o.Campaign != "" {
		subject = "campaign/" + o.Campaign
	}
	entries, err := ledger.Entries(ctx, q, subject)
	var sum measure.Fen
	for _, e := range entries {
		for _, p := range e.Postings {
			if e.Kind == haulagePaid && e.Note["order"] == o.ID {
				sum += measure.Fen(p.Amount)
			}
		}
	}
	return sum, err
}
