package orders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// Policy says what the people of a buyer may order alone, and who has to say yes to more. A party without one has no limits;
// with one, a person who is not named may order nothing alone.
type Policy struct {
	Party     string
	Limits    []Limit
	Approvers []Approver // in the order in which they are asked
}

// Limit is what one person may order without being asked about it.
type Limit struct {
	User     string
	PerOrder measure.Fen
	PerMonth measure.Fen // of all orders sent in a calendar month (China time); 0: no bound
}

// Approver is one link of the chain.
type Approver struct {
	User string
	UpTo measure.Fen // the highest sum this one can allow alone; 0: any
}

// Approval is one approver's answer.
type Approval struct {
	User   string
	Yes    bool
	Reason string
	At     measure.Millis
}

// exceeds reports whether a person's order of sum needs a yes, with what the same person ordered this month already.
func (p Policy) exceeds(user string, sum, month measure.Fen) bool {
	if len(p.Limits) == 0 && len(p.Approvers) == 0 {
		return false
	}
	i := slices.IndexFunc(p.Limits, func(l Limit) bool { return l.User == user })
	if i < 0 {
		return true
	}
	l := p.Limits[i]
	return sum > l.PerOrder || l.PerMonth > 0 && month+sum > l.PerMonth
}

// chain gives who has to say yes to a sum: the approvers in order, without the one who ordered, up to the first who can allow
// it. Nobody, when none of them can.
func (p Policy) chain(user string, sum measure.Fen) []string {
	var out []string
	for _, a := range p.Approvers {
		if a.User == user {
			continue
		}
		out = append(out, a.User)
		if a.UpTo == 0 || a.UpTo >= sum {
			return out
		}
	}
	return nil
}

// nextOf gives who of the chain has to answer next, "" when all said yes.
func nextOf(chain []string, given []Approval) string {
	for _, user := range chain {
		if !slices.ContainsFunc(given, func(a Approval) bool { return a.Yes && a.User == user }) {
			return user
		}
	}
	return ""
}

// check faults a policy that contradicts itself.
func (p Policy) check() error {
	seen := map[string]bool{}
	for i, l := range p.Limits {
		if l.User == "" || seen[l.User] {
			return fault.At(index("limits", i)+".user", "named_once", "Each person is named once.")
		}
		if l.PerOrder < 0 || l.PerMonth < 0 {
			return fault.At(index("limits", i), "negative_money", "An amount can't be below zero.")
		}
		seen[l.User] = true
	}
	clear(seen)
	for i, a := range p.Approvers {
		if a.User == "" || seen[a.User] {
			return fault.At(index("approvers", i)+".user", "named_once", "Each person is named once.")
		}
		if a.UpTo < 0 {
			return fault.At(index("approvers", i), "negative_money", "An amount can't be below zero.")
		}
		seen[a.User] = true
	}
	return nil
}

// SetPolicy writes a buyer's policy anew. The platform's operators do it on the party's letter; later also the last approver
// of the present chain.
func (s *Service) SetPolicy(ctx context.Context, by auth.Actor, p Policy) error {
	if err := p.check(); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := policyOf(ctx, tx, p.Party)
		if err != nil {
			return err
		}
		if !by.Can(auth.Operator, "") && !before.lastApprover(by.User) {
			return fault.New(fault.Forbidden, "not_yours_to_do", "This act belongs to another party of the order.")
		}
		if _, err = market.PartyByID(ctx, tx, p.Party); err != nil {
			return found(err, "party")
		}
		if err = writePolicy(ctx, tx, p); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "party.policy", subject: "party/" + p.Party, at: s.millis(ctx), before: before, after: p})
	})
}

func (p Policy) lastApprover(user string) bool {
	return len(p.Approvers) > 0 && p.Approvers[len(p.Approvers)-1].User == user
}

// PolicyOf shows a buyer's policy to its own people and the platform's.
func (s *Service) PolicyOf(ctx context.Context, by auth.Actor, party string) (Policy, error) {
	if !reads(by) && !by.MayActFor(party, auth.ActOrders) {
		return Policy{}, notFound("party")
	}
	return policyOf(ctx, s.DB.Read(), party)
}

func policyOf(ctx context.Context, q store.Querier, party string) (Policy, error) {
	b, err := boundsOf(ctx, q, party)
	return b.Policy, err
}

// bounds are what a buyer may order: by its own policy, and before it has paid for other orders.
type bounds struct {
	Policy
	credit CreditTerms // without a Limit: none were agreed
}

// boundsOf reads them in one statement.
func boundsOf(ctx context.Context, q store.Querier, party string) (bounds, error) {
	b := bounds{Policy: Policy{Party: party}}
	_, err := store.All(ctx, q, func(row store.Scanner) (none struct{}, err error) {
		var what, user string
		var n, one, two int64
		if err = row.Scan(&what, &n, &user, &one, &two); err != nil {
			return none, err
		}
		switch what {
		case "approver":
			b.Approvers = append(b.Approvers, Approver{user, measure.Fen(one)})
		case "credit":
			b.credit = CreditTerms{party, measure.Fen(one), int(two)}
		case "limit":
			b.Limits = append(b.Limits, Limit{user, measure.Fen(one), measure.Fen(two)})
		}
		return none, nil
	}, `SELECT 'approver' AS what, n, user_id, up_to AS one, 0 AS two FROM order_approvers WHERE party_id = $1
		UNION ALL SELECT 'credit', 0, '', limit_fen, days FROM credit_terms WHERE party_id = $1
		UNION ALL SELECT 'limit', 0, user_id, per_order, per_month FROM order_limits WHERE party_id = $1
		ORDER BY what, n, user_id`, party)
	return b, err
}

func writePolicy(ctx context.Context, tx store.Tx, p Policy) error {
	for _, table := range []string{"order_limits", "order_approvers"} {
		if err := store.Exec(ctx, tx, `DELETE FROM `+table+` WHERE party_id = $1`, p.Party); err != nil {
			return err
		}
	}
	for _, l := range p.Limits {
		err := store.Exec(ctx, tx, `INSERT INTO order_limits (party_id, user_id, per_order, per_month) VALUES ($1, $2, $3, $4)`,
			p.Party, l.User, int64(l.PerOrder), int64(l.PerMonth))
		if err != nil {
			return err
		}
	}
	for n, a := range p.Approvers {
		err := store.Exec(ctx, tx, `INSERT INTO order_approvers (party_id, n, user_id, up_to) VALUES ($1, $2, $3, $4)`, p.Party, n, a.User, int64(a.UpTo))
		if err != nil {
			return err
		}
	}
	return nil
}

// gate puts an order that is about to be sent before the buyer's approvers when its sum is above what the one who orders may
// spend. The orders of one cart count together, so that splitting helps nobody.
func (s *Service) gate(ctx context.Context, tx store.Tx, o *Order, sum measure.Fen) error {
	p, err := policyOf(ctx, tx, o.Buyer)
	if err != nil {
		return err
	}
	return p.gate(ctx, tx, o, sum)
}

func (p Policy) gate(ctx context.Context, tx store.Tx, o *Order, sum measure.Fen) error {
	if len(p.Limits) == 0 && len(p.Approvers) == 0 {
		return nil
	}
	month, err := orderedInMonth(ctx, tx, *o)
	if err != nil || !p.exceeds(o.OrderedBy, sum, month) {
		return err
	}
	if len(p.chain(o.OrderedBy, sum)) == 0 {
		return fault.New(fault.Conflict, "nobody_may_approve", "%s yuan is above your limit, and nobody in the chain of approval may allow it.", sum)
	}
	o.Act = AwaitingApproval
	return nil
}

// orderedInMonth sums what a person sent in the order's month before, other orders of the same cart left out.
func orderedInMonth(ctx context.Context, q store.Querier, o Order) (measure.Fen, error) {
	at := time.UnixMilli(int64(o.SubmittedAt)).In(china)
	from := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, china)
	var sum measure.Fen
	err := q.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(invoice_fen), 0) AS BIGINT) FROM orders
		WHERE buyer_id = $1 AND ordered_by = $2 AND submitted_at >= $3 AND id <> $4 AND (cart_id = '' OR cart_id <> $5)
			AND act NOT IN ('draft', 'declined', 'refused', 'expired', 'cancelled')`,
		o.Buyer, o.OrderedBy, from.UnixMilli(), o.ID, o.Cart).Scan(&sum)
	if err != nil {
		return 0, fmt.Errorf("orders: %w", err)
	}
	return sum, nil
}

// cartSum is the sum that needs a yes: of the whole cart.
func cartSum(ctx context.Context, q store.Querier, o Order) (measure.Fen, error) {
	if o.Cart == "" {
		return o.Invoice, nil
	}
	list, err := ordersOfCart(ctx, q, o.Cart)
	var sum measure.Fen
	for _, other := range list {
		sum += other.Invoice
	}
	return sum, err
}

// Approve is an approver's yes or no. The chain is asked in its order; who ordered can't approve. With the last yes the order
// goes to the seller, and the seller's 48 hours begin.
func (s *Service) Approve(ctx context.Context, by auth.Actor, id string, yes bool, reason string) (Order, error) {
	act := "approve"
	if !yes {
		act = "refuse"
		if err := checkReason(reason); err != nil {
			return Order{}, err
		}
	}
	var o Order
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := ByID(ctx, tx, id)
		if err != nil {
			return found(err, "order")
		}
		if !by.MayActFor(before.Buyer, auth.ActOrders) {
			return notFound("order")
		}
		n, err := numbersOf(ctx, tx, before)
		if err != nil {
			return err
		}
		if err = may(before.State(n, s.Now(ctx)), act, ByApprover); err != nil {
			return err
		}
		o = before
		if err = s.answerApproval(ctx, tx, by, &o, Approval{User: by.User, Yes: yes, Reason: reason, At: s.millis(ctx)}); err != nil {
			return err
		}
		if o.Act == Refused {
			if err = s.giveBack(ctx, tx, by, o, n, 0); err != nil {
				return err
			}
		}
		return s.acted(ctx, tx, by, act, reason, before, o)
	})
	return o, err
}

func (s *Service) answerApproval(ctx context.Context, tx store.Tx, by auth.Actor, o *Order, a Approval) error {
	chain, err := chainOf(ctx, tx, *o)
	if err != nil {
		return err
	}
	given, err := approvalsOf(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	switch next := nextOf(chain, given); {
	case by.User == o.OrderedBy:
		return fault.New(fault.Forbidden, "own_order", "Whoever ordered can't approve the order.")
	case next != by.User:
		return fault.New(fault.Forbidden, "not_your_turn", "Another person of the chain of approval is asked now.")
	}
	if err = insertApproval(ctx, tx, o.ID, len(given), a); err != nil {
		return err
	}
	if !a.Yes {
		o.Act, o.Reason, o.EndedAt = Refused, a.Reason, a.At
	} else if nextOf(chain, append(given, a)) == "" {
		o.Act, o.AnswerUntil = Submitted, millis(s.Now(ctx).Add(answerTime))
	}
	return nil
}

func insertApproval(ctx context.Context, tx store.Tx, order string, n int, a Approval) error {
	return store.Exec(ctx, tx, `INSERT INTO order_approvals (order_id, n, user_id, yes, reason, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		order, n, a.User, a.Yes, a.Reason, int64(a.At))
}

func approvalsOf(ctx context.Context, q store.Querier, order string) ([]Approval, error) {
	return store.All(ctx, q, func(row store.Scanner) (a Approval, err error) {
		return a, row.Scan(&a.User, &a.Yes, &a.Reason, &a.At)
	}, `SELECT user_id, yes, reason, at FROM order_approvals WHERE order_id = $1 ORDER BY n`, order)
}

// Approvals shows who said what about an order, and who is asked now ("" for nobody).
func (s *Service) Approvals(ctx context.Context, by auth.Actor, id string) (given []Approval, next string, err error) {
	v, err := s.Order(ctx, by, id)
	if err != nil {
		return nil, "", err
	}
	q := s.DB.Read()
	if given, err = approvalsOf(ctx, q, id); err != nil || v.State != AwaitingApproval {
		return given, "", err
	}
	chain, err := chainOf(ctx, q, v.Order)
	return given, nextOf(chain, given), err
}

// chainOf gives the people who are asked about an order, in their order.
func chainOf(ctx context.Context, q store.Querier, o Order) ([]string, error) {
	policy, err := policyOf(ctx, q, o.Buyer)
	if err != nil {
		return nil, err
	}
	sum, err := cartSum(ctx, q, o)
	return policy.chain(o.OrderedBy, sum), err
}

// OrdersToApprove lists the orders that wait for the actor's own yes or no, the soonest to lapse first.
func (s *Service) OrdersToApprove(ctx context.Context, by auth.Actor) ([]Order, error) {
	buyers := by.PartiesFor(auth.ActOrders)
	if len(buyers) == 0 {
		return nil, nil
	}
	q := s.DB.Read()
	list, err := ordersToApprove(ctx, q, buyers, s.millis(ctx))
	var out []Order
	for _, o := range list {
		var given []Approval
		if given, err = approvalsOf(ctx, q, o.ID); err != nil {
			return nil, err
		}
		chain, err := chainOf(ctx, q, o)
		if err != nil {
			return nil, err
		}
		if nextOf(chain, given) == by.User {
			out = append(out, o)
		}
	}
	return out, err
}

// acted writes an order's new act down, tells search and the audit. The order must still be as it was read.
func (s *Service) acted(ctx context.Context, tx store.Tx, by auth.Actor, name, reason string, before, after Order) error {
	ok, err := setAct(ctx, tx, after, before.Act)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Conflict, "changed_meanwhile", "Somebody else changed this a moment ago; please look again.")
	}
	if err = s.moved(ctx, tx, after); err != nil {
		return err
	}
	return s.recordOf(ctx, tx, by, after, deed{
		act: "order." + name, reason: reason, at: s.millis(ctx),
		before: map[string]State{"act": before.Act}, after: map[string]State{"act": after.Act},
	})
}
