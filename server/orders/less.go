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

// Substitute is what a seller would give instead of a part of a line: goods of another of its offers, at that offer's price
// unless a lower one is named.
type Substitute struct {
	Line  string // order line
	Offer string
	Grams measure.Grams
	Price measure.PriceE4 // 0: the offer's
}

// OfferLess is the seller's "not so much" or "not this": a lower weight for some lines, 0 to leave one out, and other goods in
// place of what is missing. Lines not named stay whole. The goods are reserved at once, and the buyer has 48 hours to agree.
func (s *Service) OfferLess(ctx context.Context, by auth.Actor, id string, weights map[string]measure.Grams, subs ...Substitute) (Order, error) {
	return s.move(ctx, by, id, BySeller, "offer_less", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		if err := lower(o, weights, len(subs) > 0); err != nil {
			return err
		}
		if err := s.substitute(ctx, tx, by, o, subs); err != nil {
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
func lower(o *Order, weights map[string]measure.Grams, substituted bool) error {
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
	if offered == whole || offered == 0 && !substituted {
		return fault.At("lines", "not_less", "Offer between nothing and the %s that were ordered.", whole)
	}
	return nil
}

// substitute adds the lines that the seller offers instead, and faults those that are no fit.
func (s *Service) substitute(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, subs []Substitute) error {
	for i, sub := range subs {
		l, err := s.substituteLine(ctx, tx, *o, sub)
		if err != nil {
			return fault.Within(err, index("substitutes", i))
		}
		if err = insertLines(ctx, tx, o.ID, l); err != nil {
			return err
		}
		o.Lines = append(o.Lines, l)
		if err = s.watchLine(ctx, tx, by, *o, l); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) substituteLine(ctx context.Context, tx store.Tx, o Order, sub Substitute) (Line, error) {
	i := o.line(sub.Line)
	if i < 0 || o.Lines[i].InsteadOf != "" {
		return Line{}, fault.At("line", "no_such_line", "The order has no such line.")
	}
	old := o.Lines[i]
	rest := old.Grams - old.Offered
	for _, l := range o.Lines {
		if l.InsteadOf == old.ID {
			rest -= l.Grams
		}
	}
	if sub.Grams <= 0 || sub.Grams > rest {
		return Line{}, fault.At("weight", "more_than_missing", "Between nothing and the %s that is missing can be replaced.", rest)
	}
	offers, err := market.OffersByID(ctx, tx, sub.Offer)
	if err != nil {
		return Line{}, err
	}
	offer, ok := offers[sub.Offer]
	if !ok || offer.Seller != o.Seller || offer.ID == old.Offer {
		return Line{}, notFound("offer").In("offer")
	}
	left, err := grams(ctx, tx, market.LotAvailable(offer.Lot))
	if err != nil {
		return Line{}, err
	}
	offer.Min = 0 // the order as a whole was large enough
	if err = orderable(offer, left, sub.Grams, s.Now(ctx)); err != nil {
		return Line{}, err
	}
	if err = sameProduce(ctx, tx, old, offer.Lot); err != nil {
		return Line{}, err
	}
	price := offer.PriceFor(sub.Grams)
	if sub.Price < 0 || sub.Price > price {
		return Line{}, fault.At("price", "substitute_dearer", "A substitute costs at most what its offer says, %s.", price)
	}
	if sub.Price > 0 {
		price = sub.Price
	}
	return Line{
		ID: store.NewID(), N: o.Lines[len(o.Lines)-1].N + 1, Offer: offer.ID, Lot: offer.Lot, Grams: sub.Grams, Offered: sub.Grams,
		Price: price, Benefit: min(offer.Benefit, price), Loss: old.Loss, Pickup: offer.Pickup, Poverty: offer.Poverty, InsteadOf: old.ID,
	}, nil
}

// sameProduce faults other produce for a line that has needs to go to: they asked for that produce.
func sameProduce(ctx context.Context, q store.Querier, l Line, lot string) error {
	lots, err := market.LotsByID(ctx, q, l.Lot, lot)
	if err != nil {
		return err
	}
	if len(l.To) > 0 && lots[l.Lot].Produce != lots[lot].Produce {
		return fault.At("offer", "other_produce", "This need is for %s, the offer is %s.", lots[l.Lot].Produce, lots[lot].Produce)
	}
	return nil
}

// AgreeToLess is the buyer's yes to the lower weights and the substitutes: from now on they are the order. Needs get their part
// of each line in proportion. With keep the rest becomes a backorder of 14 days; else it is dropped.
func (s *Service) AgreeToLess(ctx context.Context, by auth.Actor, id string, keep bool) (Order, error) {
	return s.move(ctx, by, id, ByBuyer, "agree", "", func(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, _ Numbers) error {
		asked := *o
		missing := missingOf(o.Lines)
		if err := s.agree(ctx, tx, by, o); err != nil {
			return err
		}
		if o.Invoice > asked.Invoice {
			if err := s.withinLimit(ctx, tx, by, *o); err != nil {
				return err
			}
		}
		if keep && len(missing) > 0 {
			if err := s.backorder(ctx, tx, by, asked, missing); err != nil {
				return err
			}
		}
		if o.Campaign != "" {
			if err := ledger.Restrict(ctx, tx, Escrow(id), market.Use(o.Campaign)); err != nil {
				return err
			}
		}
		return fund(ctx, tx, by, *o, o.ConfirmedAt)
	})
}

// withinLimit refuses substitutes that lift the order above what its buyer may spend alone.
func (s *Service) withinLimit(ctx context.Context, tx store.Tx, by auth.Actor, o Order) error {
	o.sentBy(by)
	if err := s.gate(ctx, tx, &o, o.Invoice); err != nil {
		return err
	}
	if o.Act == AwaitingApproval {
		return fault.New(fault.Conflict, "over_limit", "With these substitutes the order is above your limit: cancel it and send another.")
	}
	return nil
}

// agree rewrites the lines to what was offered.
func (s *Service) agree(ctx context.Context, tx store.Tx, by auth.Actor, o *Order) error {
	o.Act, o.ConfirmedAt, o.Invoice = Confirmed, s.millis(ctx), 0
	e := ledger.Entry{ClientID: "order/" + o.ID + "/agree", At: o.ConfirmedAt, Actor: by.ID(), Kind: "allocated", Subject: "order/" + o.ID}
	var lines []Line
	for _, l := range agreed(o.Lines) {
		if err := rewriteLine(ctx, tx, o.ID, l); err != nil {
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
	return s.askDeposits(ctx, tx, by, *o)
}

// agreed gives the lines as they will be: the lower weights, and the substitutes with the needs of what they replace.
func agreed(lines []Line) []Line {
	var out []Line
	lost := map[string]Line{} // by line: what of it its needs lose
	for _, l := range lines {
		if l.InsteadOf != "" {
			continue
		}
		cut := l.cut(l.Offered)
		rest := l
		rest.To = make([]Allocation, len(l.To))
		for i, a := range l.To {
			a.Grams -= cut.To[i].Grams
			rest.To[i] = a
		}
		rest.Grams = l.Grams - l.Offered
		lost[l.ID] = rest
		out = append(out, cut)
	}
	for _, l := range lines {
		if l.InsteadOf != "" {
			out = append(out, l.insteadOf(lost[l.InsteadOf]))
		}
	}
	return out
}

// insteadOf gives a substitute the needs of what it replaces, in proportion.
func (l Line) insteadOf(lost Line) Line {
	like := lost.cut(l.Grams)
	l.Offered, l.To = 0, kept(like.To)
	for i := range l.To {
		l.To[i].ID = store.NewID()
	}
	return l
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
	allocations := make([]Allocation, len(l.To))
	for i, n := range parts(int64(to), shares, len(l.To)) {
		allocations[i] = l.To[i]
		allocations[i].Grams = measure.Grams(n)
	}
	l.Grams, l.Offered, l.To = to, 0, allocations
	return l
}

// parts divides by the shares and gives the first n; nothing weighs nothing.
func parts(total int64, shares []market.Share, n int) []int64 {
	for _, s := range shares {
		if s.Grams > 0 {
			return market.Split(total, shares)[:n]
		}
	}
	return make([]int64, n)
}
