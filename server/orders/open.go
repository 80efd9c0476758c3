package orders

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// Add puts more lines of the same seller on an order that its seller has not answered. The seller's 48 hours begin anew, and
// the whole has to be within the limit of the one who adds.
func (s *Service) Add(ctx context.Context, by auth.Actor, id string, lines []LineInput) (Order, error) {
	if err := (Input{Lines: lines}).check(); err != nil {
		return Order{}, err
	}
	return s.move(ctx, by, id, ByBuyer, "add", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		if len(o.Lines)+len(lines) > maxLines {
			return fault.At("lines", "order_lines", "An order has between 1 and 100 lines.")
		}
		d := draft{service: s, tx: tx, now: s.Now(ctx), in: Input{Buyer: o.Buyer, Campaign: o.Campaign, Lines: lines}}
		more, err := d.order(ctx, id)
		if err != nil {
			return err
		}
		if more.Seller != o.Seller {
			return fault.At("lines[0].offer", "one_seller", "All lines of one order are of one seller; send another order for the other.")
		}
		n := o.Lines[len(o.Lines)-1].N + 1
		for i := range more.Lines {
			more.Lines[i].N += n
		}
		if err = insertLines(ctx, tx, id, more.Lines...); err != nil {
			return err
		}
		o.Lines = append(o.Lines, more.Lines...)
		for _, w := range more.Warnings {
			w.Line += n
			o.Warnings = append(o.Warnings, w)
		}
		o.Invoice += more.Invoice
		o.AnswerUntil = more.AnswerUntil
		o.sentBy(by)
		if err = setWarnings(ctx, tx, *o); err != nil {
			return err
		}
		if err = s.openCases(ctx, tx, by, more.watched); err != nil {
			return err
		}
		return s.gateWhole(ctx, tx, o)
	})
}

// gateWhole asks for approval of an order that grew, together with the rest of its cart.
func (s *Service) gateWhole(ctx context.Context, tx store.Tx, o *Order) error {
	sum := o.Invoice
	if o.Cart != "" {
		list, err := ordersOfCart(ctx, tx, o.Cart)
		if err != nil {
			return err
		}
		for _, other := range list {
			if other.ID != o.ID {
				sum += other.Invoice
			}
		}
	}
	return s.gate(ctx, tx, o, sum)
}

// Assign sends goods that a buyer ordered without a place to one of the needs, or goods that another receiver refused.
func (s *Service) Assign(ctx context.Context, by auth.Actor, id, line string, to ToInput) (Order, error) {
	return s.move(ctx, by, id, ByBuyer, "assign", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		i := o.line(line)
		if i < 0 {
			return fault.At("line", "no_such_line", "The order has no such line.")
		}
		l := &o.Lines[i]
		left, err := grams(ctx, tx, LineReserved(l.ID))
		if err != nil {
			return err
		}
		if to.Grams <= 0 || to.Grams > left {
			return fault.At("weight", "more_than_unassigned", "Between nothing and the %s without a destination can be sent there.", left)
		}
		d := draft{service: s, tx: tx, now: s.Now(ctx), in: Input{Campaign: o.Campaign, Lines: []LineInput{{Offer: l.Offer, Grams: to.Grams, To: []ToInput{to}}}}}
		if err = d.lookUp(ctx); err != nil {
			return err
		}
		if err = d.destination(to, d.stock[l.Offer].Produce); err != nil {
			return err
		}
		return assign(ctx, tx, by, *o, l, to, s.millis(ctx))
	})
}

// line finds a line by its id, -1 for none.
func (o Order) line(id string) int {
	for i, l := range o.Lines {
		if l.ID == id {
			return i
		}
	}
	return -1
}

// assign moves goods of a line to a need. A need the line has already gets more.
func assign(ctx context.Context, tx store.Tx, by auth.Actor, o Order, l *Line, to ToInput, at measure.Millis) error {
	a := Allocation{ID: store.NewID(), Demand: to.Demand, Grams: to.Grams}
	known := false
	for i := range l.To {
		if l.To[i].Demand == to.Demand {
			known = true
			l.To[i].Grams += to.Grams
			a.ID = l.To[i].ID
			if err := setAllocation(ctx, tx, l.To[i]); err != nil {
				return err
			}
		}
	}
	if !known {
		l.To = append(l.To, a)
		if err := insertAllocations(ctx, tx, o.ID, l.ID, a); err != nil {
			return err
		}
	}
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "order/" + o.ID + "/assign/" + store.NewID(), At: at, Actor: by.ID(), Kind: "allocated", Subject: "order/" + o.ID,
		Postings: []ledger.Posting{inGrams(LineReserved(l.ID), AllocAllocated(a.ID), to.Grams)},
	})
	return err
}

// RefusePart is a receiver's "not for us": what an order promises to its need and is on no trip yet goes back to the buyer, who
// may send it elsewhere. It costs the receiver nothing and stands in nobody's record.
func (s *Service) RefusePart(ctx context.Context, by auth.Actor, id, demand, reason string) (Order, error) {
	if err := checkReason(reason); err != nil {
		return Order{}, err
	}
	var o Order
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if o, err = ByID(ctx, tx, id); err != nil {
			return found(err, "order")
		}
		own, acting, err := ownDemands(ctx, tx, by, o, demand)
		if err != nil {
			return err
		}
		n, err := numbersOf(ctx, tx, o)
		if err != nil {
			return err
		}
		if err = may(o.State(n, s.Now(ctx)), "refuse_part", ByReceiver); err != nil {
			return err
		}
		if err = s.takeBack(ctx, tx, acting, o, own); err != nil {
			return err
		}
		if err = s.moved(ctx, tx, o); err != nil {
			return err
		}
		return s.recordOf(ctx, tx, acting, o, deed{act: "order.refuse_part", reason: reason, at: s.millis(ctx), after: own})
	})
	if err != nil {
		return o, err
	}
	return ByID(ctx, s.DB.Read(), id)
}

// takeBack moves what is allocated to some needs, and on no trip, back to the order's lines.
func (s *Service) takeBack(ctx context.Context, tx store.Tx, by auth.Actor, o Order, demands []string) error {
	e := ledger.Entry{ClientID: "order/" + o.ID + "/refuse/" + store.NewID(), At: s.millis(ctx), Actor: by.ID(), Kind: "refused", Subject: "order/" + o.ID}
	for _, l := range o.Lines {
		for _, a := range l.To {
			g, err := grams(ctx, tx, AllocAllocated(a.ID))
			if err != nil {
				return err
			}
			if g == 0 || !slices.Contains(demands, a.Demand) {
				continue
			}
			e.Postings = append(e.Postings, inGrams(AllocAllocated(a.ID), LineReserved(l.ID), g))
			a.Refused += g // what is on a trip stays promised
			if err = setAllocation(ctx, tx, a); err != nil {
				return err
			}
		}
	}
	if len(e.Postings) == 0 {
		return fault.New(fault.Conflict, "nothing_to_refuse", "Nothing is promised here that is not on a trip already.")
	}
	_, _, err := ledger.Post(ctx, tx, e)
	return err
}

// Stop ends an order half-way: what is on no trip goes back to the lots, what is on the road arrives and is settled. An operator
// does it, with a reason.
func (s *Service) Stop(ctx context.Context, by auth.Actor, id, reason string) (Order, error) {
	if !by.Can(auth.Operator, "") {
		return Order{}, fault.New(fault.Forbidden, "operators_only", "Only the platform's operators can do this.")
	}
	if err := checkReason(reason); err != nil {
		return Order{}, err
	}
	var o Order
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if o, err = ByID(ctx, tx, id); err != nil {
			return found(err, "order")
		}
		n, err := numbersOf(ctx, tx, o)
		if err != nil {
			return err
		}
		if err = may(o.State(n, s.Now(ctx)), "stop", ByOperator); err != nil {
			return err
		}
		if n.Planned > 0 {
			return fault.New(fault.Conflict, "on_a_trip", "%s of this order is planned on a trip; the trip has to be changed first.", n.Planned)
		}
		o.StoppedAt = s.millis(ctx)
		if err = setStopped(ctx, tx, id, o.StoppedAt); err != nil {
			return err
		}
		if err = release(ctx, tx, by, o, "stop", o.StoppedAt); err != nil {
			return err
		}
		if err = s.moved(ctx, tx, o); err != nil {
			return err
		}
		return s.recordOf(ctx, tx, by, o, deed{act: "order.stop", reason: reason, at: o.StoppedAt})
	})
	return o, err
}

// backorderTime is how long a seller may keep a backorder before it lapses.
const backorderTime = 14 * 24 * time.Hour

// backorder makes an order of what the seller could not give: same lines, same prices, what is missing of each. The seller
// confirms it when goods are there.
func (s *Service) backorder(ctx context.Context, tx store.Tx, by auth.Actor, o Order, missing []Line) error {
	now := s.Now(ctx)
	b := o
	b.ID, b.BackorderOf, b.Act = store.NewID(), o.ID, Submitted
	b.Reference, b.Invoice, b.Warnings = newReference(), 0, []Warning{}
	b.SubmittedAt, b.AnswerUntil, b.ConfirmedAt, b.Lines = millis(now), millis(now.Add(backorderTime)), 0, nil
	for i, l := range missing {
		l.ID, l.N, l.Offered, l.InsteadOf = store.NewID(), i, 0, ""
		for j := range l.To {
			l.To[j].ID = store.NewID()
		}
		b.Invoice += l.Fen()
		b.Lines = append(b.Lines, l)
	}
	return s.writeOrder(ctx, tx, by, b)
}

// missingOf gives what of each line the lower weights and the substitutes leave open, in whole parts of its needs.
func missingOf(lines []Line) []Line {
	var out []Line
	for _, l := range lines {
		if l.InsteadOf != "" {
			continue
		}
		rest := l.Grams - l.Offered
		for _, sub := range lines {
			if sub.InsteadOf == l.ID {
				rest -= sub.Grams
			}
		}
		if rest <= 0 {
			continue
		}
		cut := l.cut(rest)
		cut.To = kept(cut.To)
		out = append(out, cut)
	}
	return out
}
