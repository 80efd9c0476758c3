package orders

import (
	"cmp"
	"context"
	"strings"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// ChangeDraft writes the weight of a draft that a standing order made, with the price that holds for it now. Its buyer does it; the draft has one
// line, for one need at most, which gets all of it. Version is that of the offer as it was read, 0 as it is now.
func (s *Service) ChangeDraft(ctx context.Context, by auth.Actor, id string, weight measure.Grams, version int64) (Order, error) {
	if weight <= 0 {
		return Order{}, market.BadWeight("weight")
	}
	var o Order
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, acting, _, err := s.enter(ctx, tx, by, id, ByBuyer, "change")
		if err != nil {
			return err
		}
		fresh, err := s.drafted(ctx, tx, before, weight, version)
		if err != nil {
			return ofDraft(err)
		}
		o = before
		o.Lines, o.Invoice, o.Warnings = fresh.Lines, fresh.Invoice, fresh.Warnings
		if err = rewriteDraft(ctx, tx, o); err != nil {
			return err
		}
		if _, err = setAct(ctx, tx, o, before.Act); err != nil {
			return err
		}
		type told struct {
			Grams   measure.Grams
			Invoice measure.Fen
		} // its seller hears nothing
		return record(ctx, tx, acting, deed{act: "order.change", subject: "order/" + id, at: s.millis(ctx),
			before: told{before.Grams(), before.Invoice}, after: told{o.Grams(), o.Invoice}})
	})
	return o, err
}

// ofDraft names the field of a fault in a draft's one line as who writes the draft knows it.
func ofDraft(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	own := *f
	own.Field = f.Field[strings.LastIndex(f.Field, ".")+1:]
	return &own
}

// SubmitDraft sends a draft that a standing order made. Prices, stock and credit are looked at anew, the standing order's highest
// price too, and a yes that the seller said beforehand holds for it as for any order. Version is that of the offer as it was read, 0 as it is now:
// at terms that its buyer did not see nothing is sent.
func (s *Service) SubmitDraft(ctx context.Context, by auth.Actor, id string, version int64) (Order, error) {
	return s.move(ctx, by, id, ByBuyer, "submit", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		fresh, err := s.drafted(ctx, tx, *o, 0, version)
		if err != nil {
			return err
		}
		o.Act, o.Lines, o.Invoice, o.Warnings = Submitted, fresh.Lines, fresh.Invoice, fresh.Warnings
		o.SubmittedAt, o.AnswerUntil = fresh.SubmittedAt, fresh.AnswerUntil
		if err = rewriteDraft(ctx, tx, *o); err != nil {
			return err
		}
		seller, err := s.send(ctx, tx, by, o)
		if err != nil {
			return err
		}
		if err = s.openCases(ctx, tx, by, fresh.watched); err != nil {
			return err
		}
		if seller == "" {
			return nil
		}
		return reserveAtOnce(ctx, tx, *o, seller)
	})
}

// drafted makes the order of a draft anew, as everything is now, and with another weight if that is not 0. An offer of another version than was
// read is refused, if version is not 0.
func (s *Service) drafted(ctx context.Context, tx store.Tx, o Order, weight measure.Grams, version int64) (Order, error) {
	in := Input{Buyer: o.Buyer, Campaign: o.Campaign}
	for _, l := range o.Lines {
		line := LineInput{Offer: l.Offer, Version: version, Grams: cmp.Or(weight, l.Grams)}
		for _, a := range l.To {
			line.To = append(line.To, ToInput{Demand: a.Demand, Grams: cmp.Or(weight, a.Grams)})
		}
		in.Lines = append(in.Lines, line)
	}
	if err := in.check(); err != nil {
		return Order{}, err
	}
	d := draft{service: s, tx: tx, now: s.Now(ctx), in: in}
	fresh, err := d.order(ctx, o.ID)
	if err != nil {
		return Order{}, err
	}
	return fresh, withinLimit(ctx, tx, o.Standing, fresh.Lines)
}

// rewriteDraft writes the lines and warnings of a draft anew.
func rewriteDraft(ctx context.Context, tx store.Tx, o Order) error {
	if err := dropLines(ctx, tx, o.ID); err != nil {
		return err
	}
	if err := insertLines(ctx, tx, o.ID, o.Lines...); err != nil {
		return err
	}
	return setWarnings(ctx, tx, o)
}

// withinLimit faults lines of a draft that are dearer than its standing order allows.
func withinLimit(ctx context.Context, q store.Querier, standing string, lines []Line) error {
	if standing == "" {
		return nil
	}
	st, err := standingByID(ctx, q, standing)
	if err != nil {
		return err
	}
	for i, l := range lines {
		if st.Most > 0 && l.Price > st.Most {
			return fault.Within(fault.At("price", "above_standing_limit", "The goods cost %s by now, and this standing order allows at most %s. Raise that on the standing order, or drop the draft.", l.Price, st.Most),
				index("lines", i))
		}
	}
	return nil
}
