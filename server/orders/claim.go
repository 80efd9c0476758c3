package orders

import (
	"context"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// ClaimAct is what was last done about a claim.
type ClaimAct string

// The acts on a claim.
const (
	ClaimOpen   ClaimAct = "open"
	ClaimAgreed ClaimAct = "agreed" // by the seller
	ClaimRuled  ClaimAct = "ruled"  // by an operator
)

// Claim is what a receiver holds against goods it has received and not rejected at the door.
type Claim struct {
	ID          string
	Order       string
	Consignment string
	Demand      string
	Grams       measure.Grams // claimed
	Granted     measure.Grams // of them, counted as rejected once the claim is decided
	Reason      string
	Photo       string // id
	Act         ClaimAct
	Decision    string // the reason of whoever decided
	MadeAt      measure.Millis
	MadeBy      string
	DecidedAt   measure.Millis
	DecidedBy   string
}

// ClaimInput is what a receiver says.
type ClaimInput struct {
	ClientID    string // of the device; the same one again has no second effect
	Order       string
	Consignment string
	Grams       measure.Grams
	Reason      string
	Photo       string
}

// claimTime is how long after the receipt a claim can be made. Silence for as long accepts.
const claimTime = silenceTime

// MakeClaim writes down what a receiver holds against goods: weight, reason and photo, within 72 hours. Until it is decided
// the order is disputed and nothing of it is paid out.
func (s *Service) MakeClaim(ctx context.Context, by auth.Actor, in ClaimInput) (Claim, error) {
	if err := checkReason(in.Reason); err != nil {
		return Claim{}, err
	}
	if in.Photo == "" {
		return Claim{}, fault.At("photo", "photo_needed", "A claim needs a photo.")
	}
	if err := s.checkPhoto(in.Photo); err != nil {
		return Claim{}, err
	}
	var c Claim
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		id := store.NewID()
		before, err := market.Once(ctx, tx, in.ClientID, id)
		if err != nil {
			return err
		}
		if before != "" {
			c, err = claimByID(ctx, tx, before)
			return err
		}
		c, err = s.claimTx(ctx, tx, by, id, in)
		return err
	})
	return c, err
}

func (s *Service) claimTx(ctx context.Context, tx store.Tx, by auth.Actor, id string, in ClaimInput) (Claim, error) {
	t, err := takingByID(ctx, tx, in.Consignment)
	if err != nil || t.Order != in.Order {
		return Claim{}, found(errOr(err, notFound("consignment")), "consignment")
	}
	o, err := ByID(ctx, tx, t.Order)
	if err != nil {
		return Claim{}, err
	}
	_, by, err = ownDemands(ctx, tx, by, o, t.Demand)
	if err != nil {
		return Claim{}, err
	}
	n, err := numbersOf(ctx, tx, o)
	if err != nil {
		return Claim{}, err
	}
	if err = may(o.State(n, s.Now(ctx)), "claim", ByReceiver); err != nil {
		return Claim{}, err
	}
	if err = s.claimable(ctx, tx, t, in.Grams); err != nil {
		return Claim{}, err
	}
	c := Claim{
		ID: id, Order: t.Order, Consignment: t.Consignment, Demand: t.Demand, Grams: in.Grams, Reason: in.Reason, Photo: in.Photo,
		Act: ClaimOpen, MadeAt: s.millis(ctx), MadeBy: by.ID(),
	}
	if err = insertClaim(ctx, tx, c); err != nil {
		return c, err
	}
	return c, s.recordOf(ctx, tx, by, o, deed{act: "order.claim", reason: in.Reason, at: c.MadeAt, after: c})
}

func errOr(err error, other error) error {
	if err != nil {
		return err
	}
	return other
}

// claimable faults a claim that comes too late, before the goods, or for more than was accepted and not claimed already.
func (s *Service) claimable(ctx context.Context, q store.Querier, t taking, g measure.Grams) error {
	if t.ReceivedAt == 0 {
		return fault.New(fault.Conflict, "claim_before_arrival", "Goods have to arrive before anything can be held against them.")
	}
	if s.Now(ctx).Sub(time.UnixMilli(int64(t.ReceivedAt))) > claimTime {
		return fault.New(fault.Conflict, "claim_too_late", "A claim has to be made within 72 hours of the delivery.")
	}
	n, err := consigned(ctx, q, t.Consignment)
	if err != nil {
		return err
	}
	claims, err := claimsOfOrder(ctx, q, t.Order)
	left := n.Accepted
	for _, c := range claims {
		if c.Consignment == t.Consignment && c.Act == ClaimOpen {
			left -= c.Grams
		}
	}
	if err == nil && (g <= 0 || g > left) {
		return fault.At("weight", "claim_too_much", "Between nothing and %s can be claimed.", left)
	}
	return err
}

// AgreeClaim is the seller's word: so many of the claimed grams count as rejected.
func (s *Service) AgreeClaim(ctx context.Context, by auth.Actor, id string, granted measure.Grams) (Claim, error) {
	return s.decide(ctx, id, granted, "", func(o Order) (Who, auth.Actor, ClaimAct, string, error) {
		side, acting, err := sideOf(by, o, BySeller)
		return side, acting, ClaimAgreed, "agree_claim", err
	})
}

// RuleClaim is an operator's word where the parties don't agree, with a reason.
func (s *Service) RuleClaim(ctx context.Context, by auth.Actor, id string, granted measure.Grams, reason string) (Claim, error) {
	if err := checkReason(reason); err != nil {
		return Claim{}, err
	}
	return s.decide(ctx, id, granted, reason, func(Order) (Who, auth.Actor, ClaimAct, string, error) {
		if !by.Can(auth.Operator, "") {
			return "", by, "", "", fault.New(fault.Forbidden, "operators_only", "Only the platform's operators can do this.")
		}
		return ByOperator, by, ClaimRuled, "rule_claim", nil
	})
}

// decide ends a claim. What is granted moves from accepted to rejected by a new posting; the old receipt stays. With the
// decision the receiver's part counts as accepted.
func (s *Service) decide(ctx context.Context, id string, granted measure.Grams, reason string, who func(Order) (Who, auth.Actor, ClaimAct, string, error)) (Claim, error) {
	var c Claim
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if c, err = claimByID(ctx, tx, id); err != nil {
			return found(err, "claim")
		}
		o, err := ByID(ctx, tx, c.Order)
		if err != nil {
			return err
		}
		side, by, act, name, err := who(o)
		if err != nil {
			return err
		}
		n, err := numbersOf(ctx, tx, o)
		if err != nil {
			return err
		}
		if err = may(o.State(n, s.Now(ctx)), name, side); err != nil {
			return err
		}
		if granted < 0 || granted > c.Grams {
			return fault.At("granted", "grant_too_much", "The weight must lie between nothing and the %s that were claimed.", c.Grams)
		}
		before := c
		c.Granted, c.Act, c.Decision, c.DecidedAt, c.DecidedBy = granted, act, reason, s.millis(ctx), by.ID()
		ok, err := decideClaim(ctx, tx, c)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Conflict, "already_decided", "This claim is decided already.")
		}
		if err = correct(ctx, tx, by, c); err != nil {
			return err
		}
		if err = s.acceptAfter(ctx, tx, by, c); err != nil {
			return err
		}
		if err = s.moved(ctx, tx, o); err != nil {
			return err
		}
		return s.recordOf(ctx, tx, by, o, deed{act: "order." + name, reason: reason, at: c.DecidedAt, before: before, after: c})
	})
	return c, err
}

func correct(ctx context.Context, tx store.Tx, by auth.Actor, c Claim) error {
	if c.Granted == 0 {
		return nil
	}
	here, err := grams(ctx, tx, ConsignAccepted(c.Consignment))
	if err != nil {
		return err
	}
	e := ledger.Entry{
		ClientID: "claim/" + c.ID, At: c.DecidedAt, Actor: by.ID(), Kind: "corrected", Subject: "order/" + c.Order,
		Note: map[string]string{"consignment": c.Consignment, "claim": c.ID, "reason": c.Reason},
	}
	fromStore := min(here, c.Granted) // the rest was found bad in the wards
	if fromStore > 0 {
		e.Postings = append(e.Postings, inGrams(ConsignAccepted(c.Consignment), ConsignRejected(c.Consignment), fromStore))
	}
	if rest := c.Granted - fromStore; rest > 0 {
		e.Postings = append(e.Postings, inGrams(ConsignHandedOut(c.Consignment), ConsignRejected(c.Consignment), rest))
	}
	_, _, err = ledger.Post(ctx, tx, e)
	return err
}

// acceptAfter takes the decided claim for the receiver's word, unless another claim of it is open or goods are on the road.
func (s *Service) acceptAfter(ctx context.Context, tx store.Tx, by auth.Actor, c Claim) error {
	claims, err := claimsOfOrder(ctx, tx, c.Order)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(claims, func(o Claim) bool { return o.Demand == c.Demand && o.Act == ClaimOpen }) {
		return nil
	}
	came, err := arrived(ctx, tx, c.Order, []string{c.Demand})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	return setAcceptance(ctx, tx, c.Order, c.Demand, max(c.DecidedAt, came[c.Demand]), by.ID())
}

// Claims lists what was held against an order's goods, oldest first.
func (s *Service) Claims(ctx context.Context, by auth.Actor, order string) ([]Claim, error) {
	if _, err := s.Order(ctx, by, order); err != nil {
		return nil, err
	}
	return claimsOfOrder(ctx, s.DB.Read(), order)
}
