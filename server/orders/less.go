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

// OfferLess is the seller's "not so much": a lower weight for some lines, 0 to leave one out. Lines not named stay whole.
// The goods are reserved at once, and the buyer has 48 hours to agree.
func (s *Service) OfferLess(ctx context.Context, by auth.Actor, id string, weights map[string]measure.Grams) (Order, error) {
	return s.move(ctx, by, id, BySeller, "offer_less", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		if err := lower(o, weights); err != nil {
			return err
		}
		now := s.Now(ctx)
		o.Act, o.AnswerUntil = OfferedLess, millis(now.Add(answerTime))
		e := ledger.Entry{ClientID: "order/" + o.ID + "/offer-less", At: millis(now), Actor: by.ID(), Kind: "reserved", Subject: "order/" + o.ID}
		for _, l := range o.Lines {
			if err := setOffered(ctx, tx, l.ID, l.Offered); err != nil {
				return err
			}
			if l.Offered > 0 {
				e.Postings = append(e.Postings, inGrams(market.LotAvailable(l.Lot), LineReserved(l.ID), l.Offered))
			}
		}
		_, _, err := ledger.Post(ctx, tx, e)
		return err
	})
}

// lower notes the weights that the seller offers, or faults weights that are not lower.
func lower(o *Order, weights map[string]measure.Grams) error {
	var whole, offered measure.Grams
	known := 0
	for i := range o.Lines {
		l := &o.Lines[i]
		l.Offered = l.Grams
		if g, ok := weights[l.ID]; ok {
			known++
			if g < 0 || g > l.Grams {
				return fault.At("lines."+l.ID, "not_less", "Offer between nothing and the %s that were ordered.", l.Grams)
			}
			l.Offered = g
		}
		whole, offered = whole+l.Grams, offered+l.Offered
	}
	if known != len(weights) {
		return fault.At("lines", "no_such_line", "The order has no such line.")
	}
	if offered == whole || offered == 0 {
		return fault.At("lines", "not_less", "Offer between nothing and the %s that were ordered.", whole)
	}
	return nil
}

// AgreeToLess is the buyer's yes to the lower weights: from now on they are the order. Needs get their part of each line in
// proportion.
func (s *Service) AgreeToLess(ctx context.Context, by auth.Actor, id string) (Order, error) {
	return s.move(ctx, by, id, ByBuyer, "agree", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		o.Act, o.ConfirmedAt, o.Invoice = Confirmed, s.millis(ctx), 0
		e := ledger.Entry{ClientID: "order/" + id + "/agree", At: o.ConfirmedAt, Actor: by.ID(), Kind: "allocated", Subject: "order/" + id}
		var lines []Line
		for _, l := range o.Lines {
			l = l.cut(l.Offered)
			if err := rewriteLine(ctx, tx, l); err != nil {
				return err
			}
			if l.Grams > 0 {
				l.To = kept(l.To)
				lines = append(lines, l)
			}
			o.Invoice += l.Fen()
			for _, a := range l.To {
				if a.Grams > 0 {
					e.Postings = append(e.Postings, inGrams(LineReserved(l.ID), AllocAllocated(a.ID), a.Grams))
				}
			}
		}
		if len(e.Postings) > 0 {
			if _, _, err := ledger.Post(ctx, tx, e); err != nil {
				return err
			}
		}
		if err := s.moved(ctx, tx, *o); err != nil { // the needs of lines that are left out, too
			return err
		}
		o.Lines = lines
		if o.Campaign != "" {
			if err := ledger.Restrict(ctx, tx, Escrow(id), market.Use(o.Campaign)); err != nil {
				return err
			}
		}
		return fund(ctx, tx, by, *o, o.ConfirmedAt)
	})
}

func kept(list []Allocation) []Allocation {
	var out []Allocation
	for _, a := range list {
		if a.Grams > 0 {
			out = append(out, a)
		}
	}
	return out
}

// cut lowers a line to grams, and its parts in proportion to what they were.
func (l Line) cut(to measure.Grams) Line {
	rest := l.Grams
	var shares []market.Share
	for _, a := range l.To {
		shares = append(shares, market.Share{Household: a.ID, Grams: a.Grams})
		rest -= a.Grams
	}
	if rest > 0 {
		shares = append(shares, market.Share{Grams: rest}) // what has no destination
	}
	parts := market.Split(int64(to), shares)
	allocations := make([]Allocation, len(l.To))
	for i, a := range l.To {
		a.Grams = measure.Grams(parts[i])
		allocations[i] = a
	}
	l.Grams, l.Offered, l.To = to, 0, allocations
	return l
}
