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

// Correct writes down that another weight was accepted than the settlement says: by an operator, with a reason. The grams move between
// accepted, rejected and lost; the settlement stays, the difference is posted now.
func (s *Service) Correct(ctx context.Context, by auth.Actor, in CorrectionInput) (Correction, error) {
	if !by.Can(auth.Operator, "") {
		return Correction{}, fault.New(fault.Forbidden, "operators_only", "Only the platform's operators can do this.")
	}
	if err := in.check(); err != nil {
		return Correction{}, err
	}
	if err := s.checkPhoto(in.Photo); err != nil {
		return Correction{}, err
	}
	var c Correction
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		c = Correction{ID: store.NewID(), Order: in.Order, Consignment: in.Consignment, Reason: in.Reason, Photo: in.Photo, At: s.millis(ctx), By: by.ID()}
		before, err := market.Once(ctx, tx, in.ClientID, c.ID)
		if err != nil {
			return err
		}
		if before != "" {
			c, err = correctionByID(ctx, tx, before)
			return err
		}
		return s.correctTx(ctx, tx, by, &c, in.Accepted)
	})
	return c, err
}

func (s *Service) correctTx(ctx context.Context, tx store.Tx, by auth.Actor, c *Correction, accepted measure.Grams) error {
	t, err := takingByID(ctx, tx, c.Consignment)
	if err != nil || t.Order != c.Order {
		return found(errOr(err, notFound("consignment")), "consignment")
	}
	o, err := ByID(ctx, tx, c.Order)
	if err != nil {
		return err
	}
	if o.SettledAt == 0 {
		return fault.New(fault.Conflict, "not_settled_yet", "This order is not settled yet: what is wrong with a delivery is a claim until then.")
	}
	n, err := consigned(ctx, tx, c.Consignment)
	if err != nil {
		return err
	}
	if c.Line, c.Grams = t.Line, accepted-n.Accepted; c.Grams == 0 {
		return fault.At("accepted", "same_weight", "This is the weight that is written down already.")
	}
	l, err := weighedLine(ctx, tx, o, t.Line)
	if err != nil {
		return err
	}
	c.Setoffs = l.corrected(o.Seller, c.Grams)
	for i := range c.Setoffs {
		c.Setoffs[i].Order, c.Setoffs[i].Ref = o.ID, c.ID
		c.Setoffs[i].turn(o)
	}
	if err = insertCorrection(ctx, tx, *c); err != nil {
		return err
	}
	if err = s.postCorrection(ctx, tx, by, o, *c, n); err != nil {
		return err
	}
	if err = s.moved(ctx, tx, o); err != nil {
		return err
	}
	if *c, err = correctionByID(ctx, tx, c.ID); err != nil {
		return err
	}
	return s.recordOf(ctx, tx, by, o, deed{act: "order.correct", reason: c.Reason, at: c.At, after: c})
}

// weighedLine gives one line of an order with what became of its goods by now.
func weighedLine(ctx context.Context, q store.Querier, o Order, id string) (weighed, error) {
	lines, err := weighedLines(ctx, q, o)
	for _, l := range lines {
		if l.ID == id {
			return l, err
		}
	}
	return weighed{}, errOr(err, notFound("order line"))
}

// turn says who pays a line, and out of what: the buyer what the others get more, they what they got too much.
func (s *Setoff) turn(o Order) {
	s.Debtor, s.From = o.Buyer, restTo(o)
	if s.Fen < 0 {
		s.Debtor, s.From, s.To = s.Party, s.To, restTo(o)
	}
	if s.Debtor == "" { // the platform's own accounts
		s.Debtor = platform
	}
}

// postCorrection moves the grams, writes the debts down, and pays of them what is there.
func (s *Service) postCorrection(ctx context.Context, tx store.Tx, by auth.Actor, o Order, c Correction, n ConsignNumbers) error {
	grams, err := n.correct(c.Consignment, c.Grams)
	if err != nil {
		return err
	}
	e := ledger.Entry{
		ClientID: "correction/" + c.ID, At: c.At, Actor: by.ID(), Kind: "corrected", Subject: "order/" + o.ID, Use: useOf(o),
		Note: map[string]string{"consignment": c.Consignment, "correction": c.ID, "reason": c.Reason}, Postings: grams,
	}
	return s.setOff(ctx, tx, by, e, c.Setoffs)
}

// correct gives the postings that make so many grams more, or less, accepted. More comes from what was rejected, then from what was lost;
// less counts as missing.
func (n ConsignNumbers) correct(consignment string, by measure.Grams) ([]ledger.Posting, error) {
	var out []ledger.Posting
	accepted := ConsignAccepted(consignment)
	if by < 0 {
		fromStore := min(-by, n.Accepted-n.HandedOut)
		if fromStore > 0 {
			out = append(out, inGrams(accepted, ConsignLost(consignment, Missing), fromStore))
		}
		if rest := -by - fromStore; rest > 0 {
			out = append(out, inGrams(ConsignHandedOut(consignment), ConsignLost(consignment, Missing), rest))
		}
		return out, nil
	}
	left := by
	take := func(account string, have measure.Grams) {
		if part := min(have, left); part > 0 {
			out, left = append(out, inGrams(account, accepted, part)), left-part
		}
	}
	take(ConsignRejected(consignment), n.Rejected)
	for _, cause := range []LossCause{Missing, Moisture, Rot, Theft} {
		take(ConsignLost(consignment, cause), n.Lost[cause])
	}
	if left > 0 {
		return nil, fault.At("accepted", "accepted_above_loaded", "At most %s can have been accepted: so much was loaded and did not go back.", n.Accepted+by-left)
	}
	return out, nil
}

// Corrections lists those of an order, the oldest first, for whoever may see its settlement.
func (s *Service) Corrections(ctx context.Context, by auth.Actor, order string) ([]Correction, error) {
	v, err := s.Order(ctx, by, order)
	if err != nil {
		return nil, err
	}
	list, err := correctionsOf(ctx, s.DB.Read(), order)
	if !SeesHouseholds(by, v.Seller) {
		for i := range list {
			list[i].Setoffs = withoutHouseholds(list[i].Setoffs)
		}
	}
	return list, err
}
