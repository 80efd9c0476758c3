package orders

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/store"
)

// Ask sends a request for quotation to some sellers: one quotation each, under one RFQ id.
func (s *Service) Ask(ctx context.Context, by auth.Actor, in AskInput) ([]Quotation, error) {
	by, err := by.ActFor(in.Buyer, auth.ActOrders)
	if err != nil {
		return nil, err
	}
	now := s.Now(ctx)
	if err = in.check(now); err != nil {
		return nil, err
	}
	if in.Produce, err = s.Market.ProduceOf(in.Produce); err != nil {
		return nil, err
	}
	if in.Until == 0 {
		in.Until = millis(now.Add(answerTime))
	}
	var out []Quotation
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		rfq := store.NewID()
		before, err := market.Once(ctx, tx, in.ClientID, rfq)
		if err != nil {
			return err
		}
		if before != "" {
			out, err = quotationsOfRFQ(ctx, tx, before)
			return err
		}
		if err = checkAsked(ctx, tx, in, now); err != nil {
			return err
		}
		out = nil
		for _, seller := range in.Sellers {
			q := Quotation{
				ID: store.NewID(), RFQ: rfq, Buyer: in.Buyer, Seller: seller, Produce: in.Produce, Grams: in.Grams, Demand: in.Demand,
				NeedBy: in.NeedBy, Why: in.Why, Act: QuoteAsked, ExpiresAt: in.Until, AskedAt: millis(now), AskedBy: by.User, Version: 1,
			}
			if err = insertQuotation(ctx, tx, q); err != nil {
				return err
			}
			if err = record(ctx, tx, by, deed{act: "quotation.ask", subject: "quotation/" + q.ID, at: q.AskedAt, after: q}); err != nil {
				return err
			}
			out = append(out, q)
		}
		return nil
	})
	return out, err
}

// checkAsked faults sellers that are none, and a need that is not open or is for other produce.
func checkAsked(ctx context.Context, q store.Querier, in AskInput, now time.Time) error {
	parties, err := market.PartiesByID(ctx, q, in.Sellers...)
	if err != nil {
		return err
	}
	for i, id := range in.Sellers {
		if kind := parties[id].Kind; kind != market.Coop && kind != market.HouseholdK {
			return fault.At(index("sellers", i), "no_such_seller", "There is no such seller.")
		}
	}
	if in.Demand == "" {
		return nil
	}
	need, err := market.DemandByID(ctx, q, in.Demand)
	if err != nil {
		return fault.Within(found(err, "need"), "demand")
	}
	if need.Produce != in.Produce {
		return fault.At("demand", "other_produce", "This need is for %s, the offer is %s.", need.Produce, in.Produce)
	}
	return nil
}

// moveQuote runs one step of QuoteSteps.
func (s *Service) moveQuote(ctx context.Context, by auth.Actor, id, act, reason string, do func(tx store.Tx, q *Quotation, side Who, by auth.Actor) error) (Quotation, error) {
	var q Quotation
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := quotationByID(ctx, tx, id)
		if err != nil {
			return found(err, "quotation")
		}
		side, acting, err := quoteSide(by, before)
		if err != nil {
			return err
		}
		to, err := turn(before.State(s.Now(ctx)), act, side)
		if err != nil {
			return err
		}
		q = before
		q.Act, q.Reason = to, reason
		if err = do(tx, &q, side, acting); err != nil {
			return err
		}
		ok, err := updateQuotation(ctx, tx, q)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Conflict, "changed_meanwhile", "Somebody else changed this a moment ago; please look again.")
		}
		return record(ctx, tx, acting, deed{act: "quotation." + act, subject: "quotation/" + id, reason: reason, at: s.millis(ctx), before: before.last(), after: q.last()})
	})
	return q, err
}

// quoteSide tells on which side of a quotation the actor stands. To others there is none.
func quoteSide(by auth.Actor, q Quotation) (Who, auth.Actor, error) {
	if acting, err := by.ActFor(q.Seller, auth.ActOffers); err == nil {
		return BySeller, acting, nil
	}
	if acting, err := by.ActFor(q.Buyer, auth.ActOrders); err == nil {
		return ByBuyer, acting, nil
	}
	return "", by, notFound("quotation")
}

// Quote names the seller's price: the first, or an answer to a counter-offer.
func (s *Service) Quote(ctx context.Context, by auth.Actor, id string, in TermsInput) (Quotation, error) {
	if err := in.check(s.Now(ctx)); err != nil {
		return Quotation{}, err
	}
	return s.moveQuote(ctx, by, id, "offer", "", func(tx store.Tx, q *Quotation, side Who, by auth.Actor) error {
		if in.Offer == "" {
			in.Offer = q.last().Offer
		}
		offer, err := s.quotable(ctx, tx, *q, in)
		if err != nil {
			return err
		}
		return s.name(ctx, tx, q, side, by, in, Terms{Benefit: offer.Benefit, Loss: offer.Loss, Pickup: offer.Pickup})
	})
}

// quotable gives the offer that the seller quotes for, or faults another's, one of other produce, or with not as much of it.
func (s *Service) quotable(ctx context.Context, tx store.Tx, q Quotation, in TermsInput) (market.Offer, error) {
	offers, err := market.OffersByID(ctx, tx, in.Offer)
	if err != nil {
		return market.Offer{}, err
	}
	offer, ok := offers[in.Offer]
	if !ok || offer.Seller != q.Seller {
		return offer, notFound("offer").In("offer")
	}
	lots, err := market.LotsByID(ctx, tx, offer.Lot)
	if err != nil {
		return offer, err
	}
	if lots[offer.Lot].Produce != q.Produce {
		return offer, fault.At("offer", "other_produce", "This need is for %s, the offer is %s.", q.Produce, lots[offer.Lot].Produce)
	}
	left, err := grams(ctx, tx, market.LotAvailable(offer.Lot))
	if err != nil {
		return offer, err
	}
	offer.Min = 0 // both sides agree on the weight
	return offer, orderable(offer, left, in.Grams, s.Now(ctx))
}

// Counter names the buyer's price.
func (s *Service) Counter(ctx context.Context, by auth.Actor, id string, in TermsInput) (Quotation, error) {
	if err := in.check(s.Now(ctx)); err != nil {
		return Quotation{}, err
	}
	return s.moveQuote(ctx, by, id, "counter", "", func(tx store.Tx, q *Quotation, side Who, by auth.Actor) error {
		in.Offer = q.last().Offer
		return s.name(ctx, tx, q, side, by, in, q.last())
	})
}

// name puts terms on the table and starts the other side's clock. What is not named is as it was said before, or as the offer has it.
func (s *Service) name(ctx context.Context, tx store.Tx, q *Quotation, side Who, by auth.Actor, in TermsInput, said Terms) error {
	now := s.Now(ctx)
	if in.Until == 0 {
		in.Until = millis(now.Add(answerTime))
	}
	q.ExpiresAt = in.Until
	t := Terms{Side: side, Offer: in.Offer, Price: in.Price, Grams: in.Grams, Benefit: said.Benefit, Loss: said.Loss, Pickup: said.Pickup,
		Note: in.Note, At: millis(now), ByUser: by.User}
	if band, ok := s.Band(q.Produce, dayOf(now)); ok {
		t.Warning = watch(0, in.Price, band)
	}
	q.Terms = append(q.Terms, t)
	return insertTerms(ctx, tx, q.ID, len(q.Terms)-1, t)
}

// AcceptQuote is the yes of whoever has to answer. It makes an order at the agreed price, which is confirmed at once: both
// sides have said yes. Only a buyer's own approvers may still have to; until then the order is not the seller's to see.
func (s *Service) AcceptQuote(ctx context.Context, by auth.Actor, id string) (Quotation, error) {
	q, err := s.moveQuote(ctx, by, id, "accept", "", func(tx store.Tx, q *Quotation, side Who, by auth.Actor) error {
		o, err := s.orderOfQuote(ctx, tx, *q)
		if err != nil {
			return err
		}
		o.OrderedBy = q.buyersWord(side, by)
		bounds, err := boundsOf(ctx, tx, o.Buyer)
		if err != nil {
			return err
		}
		if err = s.withinCredit(ctx, tx, o, bounds.credit); err != nil {
			return err
		}
		if err = bounds.gate(ctx, tx, &o, o.Invoice); err != nil {
			return err
		}
		q.Order = o.ID
		if err = s.writeOrder(ctx, tx, by, o); err != nil || o.Act == AwaitingApproval {
			return err
		}
		before := o
		if err = s.confirmTx(ctx, tx, by, &o); err != nil {
			return err
		}
		return s.acted(ctx, tx, by, "confirm", "quotation "+q.ID, before, o)
	})
	if err != nil {
		return q, err
	}
	return s.quotationFor(ctx, by, q)
}

// buyersWord gives the user who bound the buyer: who accepts, or who named the counter-offer that is accepted.
func (q Quotation) buyersWord(side Who, by auth.Actor) string {
	if side == ByBuyer {
		return by.User
	}
	return q.last().ByUser
}

// orderOfQuote makes the order of the terms on the table.
func (s *Service) orderOfQuote(ctx context.Context, tx store.Tx, q Quotation) (Order, error) {
	t := q.last()
	line := LineInput{Offer: t.Offer, Grams: t.Grams}
	if q.Demand != "" {
		line.To = []ToInput{{Demand: q.Demand, Grams: t.Grams}}
	}
	d := draft{service: s, tx: tx, now: s.Now(ctx), in: Input{Buyer: q.Buyer, Lines: []LineInput{line}}, agreed: &t}
	o, err := d.order(ctx, store.NewID())
	o.Quotation = q.ID
	return o, err
}

// DeclineQuote is the no of whoever has to answer.
func (s *Service) DeclineQuote(ctx context.Context, by auth.Actor, id, reason string) (Quotation, error) {
	return s.moveQuote(ctx, by, id, "decline", reason, func(store.Tx, *Quotation, Who, auth.Actor) error { return nil })
}

// WithdrawQuote takes back what the actor's side said last.
func (s *Service) WithdrawQuote(ctx context.Context, by auth.Actor, id, reason string) (Quotation, error) {
	return s.moveQuote(ctx, by, id, "withdraw", reason, func(store.Tx, *Quotation, Who, auth.Actor) error { return nil })
}

// ExpireQuotes writes down which quotations nobody answered in time. It may run as often as one likes.
func (s *Service) ExpireQuotes(ctx context.Context) (int, error) {
	due, err := overdueQuotations(ctx, s.DB.Read(), s.millis(ctx))
	if err != nil {
		return 0, err
	}
	for i, q := range due {
		err = s.DB.InTx(ctx, func(tx store.Tx) error {
			q := q
			q.Act = QuoteExpired
			ok, err := updateQuotation(ctx, tx, q)
			if err != nil || !ok {
				return err
			}
			return record(ctx, tx, auth.System("clock"), deed{act: "quotation.expire", subject: "quotation/" + q.ID, at: s.millis(ctx)})
		})
		if err != nil {
			return i, err
		}
	}
	return len(due), nil
}

// Quotation shows a quotation to its two sides and the platform's people.
func (s *Service) Quotation(ctx context.Context, by auth.Actor, id string) (Quotation, error) {
	q, err := quotationByID(ctx, s.DB.Read(), id)
	if err != nil {
		return q, found(err, "quotation")
	}
	if _, _, err = quoteSide(by, q); err != nil && !reads(by) {
		return Quotation{}, err
	}
	return s.quotationFor(ctx, by, q)
}

func (s *Service) quotationFor(ctx context.Context, by auth.Actor, q Quotation) (Quotation, error) {
	list, err := s.quotationsFor(ctx, by, []Quotation{q})
	return list[0], err
}

// quotationsFor names to a seller those orders alone that were sent to it: one that waits for its buyer's own approval is not found.
func (s *Service) quotationsFor(ctx context.Context, by auth.Actor, list []Quotation) ([]Quotation, error) {
	sells := func(q Quotation) bool { return q.Order != "" && !reads(by) && !by.MayActFor(q.Buyer, auth.ActOrders) }
	var made []string
	for _, q := range list {
		if sells(q) {
			made = append(made, q.Order)
		}
	}
	sent, err := ordersSent(ctx, s.DB.Read(), made)
	for i, q := range list {
		if sells(q) && !slices.Contains(sent, q.Order) {
			list[i].Order = ""
		}
	}
	return list, err
}

// Quotations lists the actor's quotations as "buyer" or "seller", newest first, after an id. With role "" they are both, and the
// platform's people get all.
func (s *Service) Quotations(ctx context.Context, by auth.Actor, role, after string) ([]Quotation, error) {
	list, err := quotationsPage(ctx, s.DB.Read(), tradesOf(by, role), after, pageSize)
	if err != nil {
		return nil, err
	}
	return s.quotationsFor(ctx, by, list)
}

// QuotationsToAnswer lists the quotations in which it is the turn of the actor's own parties, the soonest to expire first.
func (s *Service) QuotationsToAnswer(ctx context.Context, by auth.Actor) ([]Quotation, error) {
	own := trades{buyers: by.PartiesFor(auth.ActOrders), sellers: by.PartiesFor(auth.ActOffers)}
	return quotationsToAnswer(ctx, s.DB.Read(), own, s.millis(ctx))
}

// dayOf is a moment's day in China.
func dayOf(t time.Time) string { return t.In(china).Format(time.DateOnly) }
