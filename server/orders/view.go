package orders

import (
	"context"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// pageSize is the most a list gives at once.
const pageSize = 100

// View is an order with its numbers and its state.
type View struct {
	Order
	Numbers Numbers
	State   State
	Lacks   measure.Fen // still to be paid in
	Came    bool        // all that will come has come: its settlement divides Numbers.Goods
	Haulage measure.Fen // paid to carriers out of its own money; a gift's fund pays its own
}

func (s *Service) view(ctx context.Context, q store.Querier, o Order) (View, error) {
	v := View{Order: o}
	var err error
	if v.Numbers, err = numbersOf(ctx, q, o); err != nil {
		return v, err
	}
	v.State = o.State(v.Numbers, s.Now(ctx))
	v.Lacks, v.Came = o.lacks(v.Numbers), o.allCame(v.Numbers)
	if v.Numbers.Loaded() > 0 && !o.ByFund() {
		v.Haulage, err = haulageOf(ctx, q, o)
	}
	return v, err
}

// viewOfNew shows a sale that was just placed: nobody paid for it, and nothing of it moved but from the lots to the order.
func viewOfNew(o Order) View {
	o.Reached = o.reached()
	v := View{Order: o, Numbers: Numbers{Lost: map[LossCause]measure.Grams{}}, State: o.Act}
	v.Lacks = o.lacks(v.Numbers)
	if o.Act != Confirmed {
		return v
	}
	for _, l := range o.Lines {
		v.Numbers.Reserved += l.Grams
		for _, a := range l.To {
			v.Numbers.Reserved -= a.Grams
			v.Numbers.Allocated += a.Grams
		}
	}
	v.State = o.State(v.Numbers, time.UnixMilli(int64(o.SubmittedAt)))
	return v
}

// Order shows an order to its buyer, its seller, its receivers and the platform's people.
func (s *Service) Order(ctx context.Context, by auth.Actor, id string) (View, error) {
	q := s.DB.Read()
	o, err := ByID(ctx, q, id)
	if err != nil {
		return View{}, found(err, "order")
	}
	if sees, err := mayRead(ctx, q, by, o); err != nil || !sees {
		return View{}, orNotFound(err)
	}
	return s.view(ctx, q, o)
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return notFound("order")
}

// reached reports whether the order got to its seller, by what was last done with it or before.
func (o Order) reached() bool { return o.Reached || o.Act == Submitted || o.Act == Confirmed }

// sent reports whether the order is there for its seller: it got there, and does not wait for its buyer's approval again since goods were
// added. sentToSeller says the same in SQL.
func (o Order) sent() bool { return o.reached() && o.Act != AwaitingApproval }

func mayRead(ctx context.Context, q store.Querier, by auth.Actor, o Order) (bool, error) {
	if reads(by) || by.MayActFor(o.Buyer, auth.ActOrders) || o.sent() && by.MayActFor(o.Seller, auth.ActOffers) {
		return true, nil
	}
	served, err := servedDemands(ctx, q, o) // those too that its goods were sent on to
	if err != nil {
		return false, err
	}
	needs, err := market.DemandsByID(ctx, q, served...)
	for _, d := range needs {
		if by.MayActFor(d.Party, auth.ActReceive) {
			return true, err
		}
	}
	return false, err
}

// Orders lists the actor's orders as "buyer" or "seller", newest first, after an id. With role "" they are both, and the
// platform's people get all.
func (s *Service) Orders(ctx context.Context, by auth.Actor, role, after string) ([]View, error) {
	list, err := ordersPage(ctx, s.DB.Read(), tradesOf(by, role), after, pageSize)
	if err != nil {
		return nil, err
	}
	out := make([]View, len(list))
	for i, o := range list {
		if out[i], err = s.view(ctx, s.DB.Read(), o); err != nil {
			return nil, err
		}
	}
	return out, nil
}
