package orders

import (
	"context"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// PriceSide says on which side of the band a price is.
type PriceSide string

// The sides of the watch.
const (
	FarBelow PriceSide = "below" // growers are pressed, or undercut
	FarAbove PriceSide = "above" // somebody gains from need, or from a quota that has to be filled
)

// PriceState is where a price case stands.
type PriceState string

// The states of a price case.
const (
	PriceOpen   PriceState = "open"   // nobody looks at it yet
	PriceTaken  PriceState = "taken"  // one operator does
	PriceClosed PriceState = "closed" // with a verdict and a reason
)

// PriceStep is one allowed change of a price case's state.
type PriceStep market.Step[PriceState]

// PriceSteps are all changes of a price case's state.
var PriceSteps = []PriceStep{
	{PriceOpen, "take", PriceTaken, ByOperator, "who takes it looks at it"},
	{PriceTaken, "take", PriceTaken, ByOperator, "another operator takes over"},
	{PriceTaken, "close", PriceClosed, ByOperator, "by the one who looks at it, with a verdict and a reason"},
}

// PriceVerdict is how a price case ended.
type PriceVerdict string

// The verdicts.
const (
	PriceFair     PriceVerdict = "fair"     // there is a good reason for the price
	PriceMended   PriceVerdict = "mended"   // the price was changed, or the deal called off
	PriceReferred PriceVerdict = "referred" // handed to the office that keeps the price law
)

// PriceVerdicts lists the verdicts.
var PriceVerdicts = []PriceVerdict{PriceFair, PriceMended, PriceReferred}

// PriceCase is a price so far from the band of its day that an operator looks at it. It keeps the band as it was read then.
type PriceCase struct {
	ID       string
	Side     PriceSide
	Subject  string // "order/<id>" or "offer/<id>"
	Line     string // of an order
	Seller   string
	Buyer    string // "" of an offer
	Produce  string
	Grams    measure.Grams // 0 of an offer: its lot's stock changes
	Price    measure.PriceE4
	Band     Band
	Bound    measure.PriceE4 // what the price crossed
	Reserved bool            // the buyer has a reserved share to fill that year
	OpenedAt measure.Millis
	TakenBy  string // user
	TakenAt  measure.Millis
	Verdict  PriceVerdict
	Reason   string
	ClosedAt measure.Millis
}

// State is the case's state.
func (c PriceCase) State() PriceState {
	switch {
	case c.ClosedAt > 0:
		return PriceClosed
	case c.TakenBy != "":
		return PriceTaken
	}
	return PriceOpen
}

// caseOfLine makes a case of an order line whose price is far from the band.
func caseOfLine(o Order, l Line, produce string, b Band) (PriceCase, bool) {
	side, bound := b.far(l.Price)
	return PriceCase{
		Side: side, Subject: "order/" + o.ID, Line: l.ID, Seller: o.Seller, Buyer: o.Buyer, Produce: produce, Grams: l.Grams, Price: l.Price, Band: b, Bound: bound,
	}, side != ""
}

// WatchOffer opens a case when an offer that goes live, or is changed, asks a price far from the band; of tiers the lowest price counts
// below it. A case that is open follows the price; one that was closed stands for the price it was about.
func (s *Service) WatchOffer(ctx context.Context, tx store.Tx, by auth.Actor, o market.Offer, produce string) error {
	band, ok := s.Band(produce, dayOf(s.Now(ctx)))
	if !ok {
		return nil
	}
	prices := []measure.PriceE4{o.Price}
	if n := len(o.Tiers); n > 0 {
		prices = append(prices, o.Tiers[n-1].Price)
	}
	for _, p := range prices {
		if side, bound := band.far(p); side != "" {
			return s.watchAgain(ctx, tx, by, PriceCase{
				Side: side, Subject: "offer/" + o.ID, Seller: o.Seller, Produce: produce, Price: p, Band: band, Bound: bound,
			})
		}
	}
	return nil
}

// watchAgain opens a case of an offer, or has its open one follow the price.
func (s *Service) watchAgain(ctx context.Context, tx store.Tx, by auth.Actor, c PriceCase) error {
	last, err := lastPriceCase(ctx, tx, c.Subject)
	switch {
	case err != nil:
		return err
	case last.Price == c.Price:
		return nil
	case last.ID == "" || last.State() == PriceClosed:
		return s.openCases(ctx, tx, by, []PriceCase{c})
	}
	renewed := last
	renewed.Side, renewed.Price, renewed.Band, renewed.Bound = c.Side, c.Price, c.Band, c.Bound
	if err = renewPriceCase(ctx, tx, renewed); err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: "price_case.renew", subject: "price_case/" + last.ID, at: s.millis(ctx), before: last, after: renewed})
}

// watchLine opens a case for a line that comes to an order later.
func (s *Service) watchLine(ctx context.Context, tx store.Tx, by auth.Actor, o Order, l Line) error {
	lots, err := market.LotsByID(ctx, tx, l.Lot)
	if err != nil {
		return err
	}
	produce := lots[l.Lot].Produce
	band, ok := s.Band(produce, dayOf(s.Now(ctx)))
	if !ok {
		return nil
	}
	if c, far := caseOfLine(o, l, produce, band); far {
		return s.openCases(ctx, tx, by, []PriceCase{c})
	}
	return nil
}

// openCases writes cases down, of each line or offer at most one that is open.
func (s *Service) openCases(ctx context.Context, tx store.Tx, by auth.Actor, list []PriceCase) error {
	for _, c := range list {
		c.ID, c.OpenedAt = store.NewID(), s.millis(ctx)
		plan, err := reservePlan(ctx, tx, c.Buyer, s.Now(ctx).In(china).Year())
		if err != nil {
			return err
		}
		c.Reserved = plan.Budget > 0
		made, err := insertPriceCase(ctx, tx, c)
		if err != nil {
			return err
		}
		if !made {
			continue
		}
		if err = record(ctx, tx, by, deed{act: "price_case.open", subject: "price_case/" + c.ID, at: c.OpenedAt, after: c}); err != nil {
			return err
		}
	}
	return nil
}

// PriceFilter narrows the list of cases; empty fields narrow nothing.
type PriceFilter struct {
	State PriceState
	Side  PriceSide
	After string // the last case of the page before
}

// mayWatch faults whoever is neither an operator nor an auditor.
func mayWatch(by auth.Actor) error {
	if by.Can(auth.Operator, "") || by.Can(auth.Auditor, "") {
		return nil
	}
	return fault.New(fault.Forbidden, "watchers_only", "Only operators and auditors see what the watch over prices found.")
}

// PriceCases lists price cases, newest first, for operators and auditors.
func (s *Service) PriceCases(ctx context.Context, by auth.Actor, f PriceFilter) ([]PriceCase, error) {
	if err := mayWatch(by); err != nil {
		return nil, err
	}
	return priceCases(ctx, s.DB.Read(), f)
}

// TakePriceCase says that the operator looks at a case now.
func (s *Service) TakePriceCase(ctx context.Context, by auth.Actor, id string) (PriceCase, error) {
	return s.movePriceCase(ctx, by, id, "take", "", func(c *PriceCase) error {
		c.TakenBy, c.TakenAt = by.User, s.millis(ctx)
		return nil
	})
}

// ClosePriceCase ends a case with a verdict and a reason, by the operator who looks at it.
func (s *Service) ClosePriceCase(ctx context.Context, by auth.Actor, id string, v PriceVerdict, reason string) (PriceCase, error) {
	if !slices.Contains(PriceVerdicts, v) {
		return PriceCase{}, fault.At("verdict", "bad_verdict", "A case ends as fair, mended or referred.")
	}
	if err := checkReason(reason); err != nil {
		return PriceCase{}, err
	}
	return s.movePriceCase(ctx, by, id, "close", reason, func(c *PriceCase) error {
		if c.TakenBy != by.User {
			return fault.New(fault.Conflict, "anothers_case", "Another operator looks at this case: take it over first.")
		}
		c.Verdict, c.Reason, c.ClosedAt = v, reason, s.millis(ctx)
		return nil
	})
}

// movePriceCase does one act of PriceSteps.
func (s *Service) movePriceCase(ctx context.Context, by auth.Actor, id, act, reason string, change func(*PriceCase) error) (PriceCase, error) {
	if !by.Can(auth.Operator, "") {
		return PriceCase{}, fault.New(fault.Forbidden, "operators_only", "Only the platform's operators can do this.")
	}
	var c PriceCase
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := priceCaseByID(ctx, tx, id)
		if err != nil {
			return found(err, "price case")
		}
		if !slices.ContainsFunc(PriceSteps, func(st PriceStep) bool { return st.From == before.State() && st.Act == act }) {
			return fault.New(fault.Conflict, "case_state", "This can't be done (%s) while the case is %s.", act, string(before.State()))
		}
		c = before
		if err = change(&c); err != nil {
			return err
		}
		if err = updatePriceCase(ctx, tx, c); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "price_case." + act, subject: "price_case/" + id, reason: reason, at: s.millis(ctx), before: before, after: c})
	})
	return c, err
}
