package orders

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// Submit sends a cart to its seller. Nothing is reserved until the seller confirms, which may have been said beforehand; the
// price is kept as it is now.
func (s *Service) Submit(ctx context.Context, by auth.Actor, in Input) (Order, error) {
	o, _, err := s.submit(ctx, by, in)
	return o, err
}

// Place sends a cart as Submit does and shows the order. A new sale is shown from what its transaction knows; nothing is read again.
func (s *Service) Place(ctx context.Context, by auth.Actor, in Input) (View, error) {
	o, fresh, err := s.submit(ctx, by, in)
	if err != nil {
		return View{}, err
	}
	if !fresh || o.Campaign != "" { // a gift may be paid by its fund already
		return s.view(ctx, s.DB.Read(), o)
	}
	return viewOfNew(o), nil
}

// submit tells, too, whether the order was made now: a second click finds the first one's.
func (s *Service) submit(ctx context.Context, by auth.Actor, in Input) (o Order, fresh bool, err error) {
	if by, err = by.ActFor(in.Buyer, auth.ActOrders); err != nil {
		return o, false, err
	}
	if err = in.check(); err != nil {
		return o, false, err
	}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		id := store.NewID()
		before, err := market.Once(ctx, tx, in.ClientID, id)
		if err != nil {
			return err
		}
		if fresh = before == ""; !fresh {
			o, err = ByID(ctx, tx, before)
			return err
		}
		o, err = s.submitIn(ctx, tx, by, id, in)
		return err
	})
	return o, fresh, err
}

// submitIn sends a cart under an id within a larger act.
func (s *Service) submitIn(ctx context.Context, tx store.Tx, by auth.Actor, id string, in Input) (Order, error) {
	d := draft{service: s, tx: tx, now: s.Now(ctx), in: in}
	o, err := d.order(ctx, id)
	if err != nil {
		return o, err
	}
	seller, err := s.send(ctx, tx, by, &o)
	if err != nil {
		return o, err
	}
	if err = s.writeOrder(ctx, tx, by, o); err != nil || seller == "" {
		return o, err
	}
	return o, reserveAtOnce(ctx, tx, o, seller)
}

// send lets an order go as far as it may: not beyond the buyer's credit, to its approvers, or to its seller. Where the seller said yes
// beforehand it is confirmed, and send gives who said so: the goods are still to be reserved.
func (s *Service) send(ctx context.Context, tx store.Tx, by auth.Actor, o *Order) (seller string, err error) {
	o.sentBy(by)
	bounds, err := boundsOf(ctx, tx, o.Buyer)
	if err != nil {
		return "", err
	}
	if err = s.withinCredit(ctx, tx, *o, bounds.credit); err != nil {
		return "", err
	}
	if err = bounds.gate(ctx, tx, o, o.Invoice); err != nil {
		return "", err
	}
	return promisedAhead(ctx, tx, o)
}

func (s *Service) writeOrder(ctx context.Context, tx store.Tx, by auth.Actor, o Order) error {
	if err := insertOrder(ctx, tx, o, by.ID()); err != nil {
		return err
	}
	if o.Campaign != "" {
		if err := market.AddDonor(ctx, tx, o.Campaign, o.Buyer, o.SubmittedAt); err != nil {
			return err
		}
	}
	if err := s.moved(ctx, tx, o); err != nil {
		return err
	}
	if err := s.openCases(ctx, tx, by, o.watched); err != nil {
		return err
	}
	return s.recordOf(ctx, tx, by, o, deed{act: "order.submit", at: o.SubmittedAt, after: o})
}

// draft makes an order of a cart, looking up what the cart names.
type draft struct {
	service *Service
	tx      store.Tx
	now     time.Time
	in      Input
	agreed  *Terms // of a quotation, instead of the offers' own

	stock    map[string]market.Stock // by offer
	demands  map[string]market.Demand
	numbers  map[string]market.DemandNumbers
	campaign market.Campaign
	asked    map[string]measure.Grams // by demand, in this cart
}

func (d *draft) order(ctx context.Context, id string) (Order, error) {
	if err := d.lookUp(ctx); err != nil {
		return Order{}, err
	}
	o := Order{
		ID: id, Buyer: d.in.Buyer, Campaign: d.in.Campaign, NamedUse: d.campaign.NamedUse, Act: Submitted, Warnings: []Warning{},
		Reference: newReference(), SubmittedAt: millis(d.now), AnswerUntil: millis(d.now.Add(answerTime)),
	}
	for i, in := range d.in.Lines {
		l, err := d.line(ctx, i, in)
		if err != nil {
			return Order{}, fault.Within(err, index("lines", i))
		}
		if in.Share != nil {
			if err = d.share(ctx, &l, *in.Share); err != nil {
				return Order{}, fault.Within(err, index("lines", i)+".share")
			}
		}
		seller := d.stock[in.Offer].Seller
		if o.Seller != "" && o.Seller != seller {
			return Order{}, fault.At(index("lines", i)+".offer", "one_seller", "All lines of one order are of one seller; send another order for the other.")
		}
		o.Seller = seller
		o.Invoice += l.Fen()
		o.Lines = append(o.Lines, l)
		d.watch(&o, i, l, d.stock[in.Offer].Produce)
	}
	return o, nil
}

func (d *draft) lookUp(ctx context.Context) (err error) {
	var offers, demands []string
	for _, l := range d.in.Lines {
		offers = append(offers, l.Offer)
		for _, t := range l.To {
			demands = append(demands, t.Demand)
		}
	}
	if d.stock, err = market.InStock(ctx, d.tx, offers...); err != nil {
		return err
	}
	if d.demands, err = market.DemandsByID(ctx, d.tx, demands...); err != nil {
		return err
	}
	if d.numbers, err = (Books{}).OfDemands(ctx, d.tx, demands...); err != nil {
		return err
	}
	d.asked = map[string]measure.Grams{}
	return d.lookUpCampaign(ctx)
}

func (d *draft) lookUpCampaign(ctx context.Context) (err error) {
	if d.in.Campaign == "" {
		return nil
	}
	if d.campaign, err = market.CampaignByID(ctx, d.tx, d.in.Campaign); err != nil {
		return fault.Within(found(err, "campaign"), "campaign")
	}
	if d.campaign.Act != market.CampaignOpen || d.campaign.ReportedAt > 0 {
		return fault.New(fault.Conflict, "campaign_not_open", "This campaign takes no orders any more.").In("campaign")
	}
	return nil
}

func (d *draft) line(ctx context.Context, i int, in LineInput) (_ Line, err error) {
	stock, ok := d.stock[in.Offer]
	offer := stock.Offer
	if !ok || offer.Act == market.OfferDraft || offer.Act == market.OfferPendingCheck {
		return Line{}, notFound("offer").In("offer")
	}
	if in.Version != 0 && in.Version != offer.Version {
		return Line{}, changedSince(ctx, d.tx, offer, in)
	}
	if d.agreed != nil {
		offer = d.agreed.on(offer)
	}
	price := offer.PriceFor(in.Grams)
	if err = orderable(offer, stock.Available, in.Grams, d.now); err != nil {
		return Line{}, err
	}
	l := Line{ID: store.NewID(), N: i, Offer: offer.ID, Lot: offer.Lot, Grams: in.Grams, Price: price, Benefit: min(offer.Benefit, price),
		Loss: d.service.lossTerms(offer.Loss, stock.Produce), Pickup: offer.Pickup, Poverty: offer.Poverty}
	l.To, err = d.destinations(in, stock.Produce)
	return l, err
}

// changedSince says of an offer that was changed since it was read what is another for so much of it: the price, then and now; the smallest order
// where that is more now than is wanted; or that it is another where neither is, or the version read is not known.
func changedSince(ctx context.Context, q store.Querier, now market.Offer, l LineInput) error {
	read, known, err := market.OfferAsOf(ctx, q, l.Offer, l.Version)
	if err != nil {
		return err
	}
	f := fault.New(fault.Conflict, "offer_changed", "The seller changed this offer since you read it: look at it once more.")
	was, is := read.PriceFor(l.Grams), now.PriceFor(l.Grams)
	switch {
	case !known:
	case was != is:
		f = fault.New(fault.Conflict, "offer_repriced", "The seller changed this offer since you read it: the goods cost %s then, and %s now. Look at it once more.", was, is)
	case l.Grams < now.Min && read.Min < now.Min:
		f = fault.New(fault.Conflict, "offer_minimum_changed", "The seller changed this offer since you read it: its smallest order was %s then, and is %s now. Look at it once more.", read.Min, now.Min)
	}
	return f.In("offer")
}

// orderable faults an offer that can't be ordered, or not as much of it.
func orderable(o market.Offer, left, want measure.Grams, now time.Time) error {
	if state := o.State(left, now); state != market.OfferLive {
		return fault.New(fault.Conflict, "offer_not_open", "This offer can't be ordered: it is %s.", string(state)).In("offer")
	}
	if !o.Takes(now) {
		return fault.New(fault.Conflict, "order_window", "This offer takes orders from %s to %s only.", instant(o.Orders.From), instant(o.Orders.To)).In("offer")
	}
	if want < o.Min {
		return fault.At("weight", "below_minimum", "The smallest order of this offer is %s.", o.Min)
	}
	if want > left {
		return fault.New(fault.Conflict, "only_left", "Only %s is left.", left).In("weight")
	}
	return nil
}

func (d *draft) destinations(in LineInput, produce string) ([]Allocation, error) {
	var out []Allocation
	var sum measure.Grams
	for i, t := range in.To {
		if err := d.destination(t, produce); err != nil {
			return nil, fault.Within(err, index("to", i))
		}
		sum += t.Grams
		out = append(out, Allocation{ID: store.NewID(), Demand: t.Demand, Grams: t.Grams})
	}
	if d.in.Campaign != "" && sum != in.Grams {
		return nil, fault.At("to", "gift_needs_receivers", "A gift names who gets it: %s of %s has no receiver.", in.Grams-sum, in.Grams)
	}
	return out, nil
}

// destination checks that the need is open, of the same produce, in the campaign, and not asked beyond its limit.
func (d *draft) destination(t ToInput, produce string) error {
	need, ok := d.demands[t.Demand]
	if !ok || need.Act == market.DemandDraft {
		return notFound("need").In("demand")
	}
	if need.Produce != produce {
		return fault.At("demand", "other_produce", "This need is for %s, the offer is %s.", need.Produce, produce)
	}
	if d.in.Campaign != "" && !slices.Contains(d.campaign.Demands, t.Demand) {
		return fault.At("demand", "outside_named_use", "This need is not one of those the campaign is for.")
	}
	switch state := need.State(d.numbers[t.Demand], d.now); state {
	case market.DemandPosted, market.DemandVerified, market.DemandPartMet:
	default:
		return fault.New(fault.Conflict, "need_not_open", "Nothing can be sent to this need: it is %s.", string(state)).In("demand")
	}
	d.asked[t.Demand] += t.Grams
	if open, limited := need.Open(d.numbers[t.Demand]); limited && d.asked[t.Demand] > open {
		return fault.New(fault.Conflict, "need_is_full", "Only %s more is needed there.", open).In("weight")
	}
	return nil
}

// watch compares the price of a line with what markets pay.
func (d *draft) watch(o *Order, i int, l Line, produce string) {
	band, ok := d.service.Band(produce, dayOf(d.now))
	if !ok {
		return
	}
	if w := watch(i, l.Price, band); w != nil {
		o.Warnings = append(o.Warnings, *w)
	}
	if c, ok := caseOfLine(*o, l, produce, band); ok {
		o.watched = append(o.watched, c)
	}
}

// newReference makes what the bank transfer of an order quotes.
func newReference() string { return payment.NewReference() }

// instant says a moment in a sentence.
func instant(at measure.Millis) string {
	if at == 0 {
		return "…"
	}
	return time.UnixMilli(int64(at)).In(china).Format("2006-01-02 15:04")
}
