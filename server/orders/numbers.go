package orders

import (
	"cmp"
	"context"
	"maps"
	"strings"

	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

func grams(ctx context.Context, q store.Querier, account string) (measure.Grams, error) {
	n, err := ledger.Balance(ctx, q, ledger.Grams, account)
	return measure.Grams(n), err
}

func fen(ctx context.Context, q store.Querier, account string) (measure.Fen, error) {
	n, err := ledger.Balance(ctx, q, ledger.Fen, account)
	return measure.Fen(n), err
}

// Consigned reads the numbers of consignments off the ledger.
func Consigned(ctx context.Context, q store.Querier, consignments ...string) (map[string]ConsignNumbers, error) {
	out := make(map[string]ConsignNumbers, len(consignments))
	for _, c := range consignments {
		n, err := consigned(ctx, q, c)
		if err != nil {
			return nil, err
		}
		out[c] = n
	}
	return out, nil
}

func consigned(ctx context.Context, q store.Querier, c string) (ConsignNumbers, error) {
	n := ConsignNumbers{Lost: map[LossCause]measure.Grams{}}
	prefix := "consign/" + c + "/"
	balances, err := ledger.BalancesPrefix(ctx, q, ledger.Grams, prefix)
	for account, b := range balances {
		g := measure.Grams(b)
		switch what := strings.TrimPrefix(account, prefix); what {
		case "allocated":
			n.Allocated = g
		case "on_truck":
			n.OnTruck = g
		case "accepted":
			n.Accepted += g
		case "accepted/handed_out":
			n.HandedOut = g
			n.Accepted += g
		case "rejected":
			n.Rejected = g
		case "returned":
			n.Returned = g
		default:
			n.Lost[LossCause(strings.TrimPrefix(what, "lost/"))] = g
		}
	}
	n.Received = n.Accepted + n.Rejected + n.Returned
	n.Loaded = n.OnTruck + n.Received + n.lost()
	return n, err
}

func (n ConsignNumbers) lost() measure.Grams { return sum(n.Lost) }

func sum(lost map[LossCause]measure.Grams) measure.Grams {
	var out measure.Grams
	for _, g := range lost {
		out += g
	}
	return out
}

// numbersOf reads an order's numbers off the ledger.
func numbersOf(ctx context.Context, q store.Querier, o Order) (Numbers, error) {
	n, err := unpaidNumbersOf(ctx, q, o)
	if err != nil {
		return n, err
	}
	return n, n.addPaid(ctx, q, o)
}

// unpaidNumbersOf reads all of an order's numbers but Paid, which is added up of each payment.
func unpaidNumbersOf(ctx context.Context, q store.Querier, o Order) (Numbers, error) {
	n := Numbers{Lost: map[LossCause]measure.Grams{}}
	if err := n.addPromised(ctx, q, o); err != nil {
		return n, err
	}
	if err := n.addConsigned(ctx, q, o); err != nil {
		return n, err
	}
	return n, n.addHeld(ctx, q, o)
}

func (n *Numbers) addPromised(ctx context.Context, q store.Querier, o Order) error {
	for _, l := range o.Lines {
		g, err := grams(ctx, q, LineReserved(l.ID))
		if err != nil {
			return err
		}
		n.Reserved += g
		for _, a := range l.To {
			if g, err = grams(ctx, q, AllocAllocated(a.ID)); err != nil {
				return err
			}
			n.Allocated += g
		}
	}
	return nil
}

func (n *Numbers) addConsigned(ctx context.Context, q store.Querier, o Order) error {
	takings, err := takingsOfOrder(ctx, q, o.ID)
	if err != nil || len(takings) == 0 {
		return err
	}
	accepted, err := acceptancesOf(ctx, q, o.ID)
	if err != nil {
		return err
	}
	claims, err := claimsOfOrder(ctx, q, o.ID)
	if err != nil {
		return err
	}
	for _, c := range claims {
		if c.Act == ClaimOpen {
			n.OpenClaims++
		}
	}
	n.AllAccepted = true
	byLine := map[string]measure.Grams{} // accepted
	for _, t := range takings {
		c, err := consigned(ctx, q, t.Consignment)
		if err != nil {
			return err
		}
		n.Planned += c.Allocated
		n.OnTruck += c.OnTruck
		n.Accepted += c.Accepted
		byLine[t.Line] += c.Accepted
		n.Rejected += c.Rejected
		n.Returned += c.Returned
		for cause, g := range c.Lost {
			n.Lost[cause] += g
		}
		n.LastReceived = max(n.LastReceived, t.ReceivedAt)
		n.Breach = n.Breach || t.Breach
		n.AllAccepted = n.AllAccepted && accepted[t.Demand] >= t.ReceivedAt
	}
	for _, l := range o.Lines {
		n.Goods += l.Price.Times(byLine[l.ID])
	}
	return nil
}

func (n *Numbers) addHeld(ctx context.Context, q store.Querier, o Order) (err error) {
	if n.Escrow, err = fen(ctx, q, Escrow(o.ID)); err != nil {
		return err
	}
	n.Overpaid, err = fen(ctx, q, Overpaid(o.ID))
	return err
}

func (n *Numbers) addPaid(ctx context.Context, q store.Querier, o Order) error {
	if o.ByFund() {
		paid, err := ledger.Between(ctx, q, ledger.Fen, market.CampaignFund(o.Campaign), Escrow(o.ID))
		n.Paid = measure.Fen(paid)
		return err
	}
	lines, err := payment.ListFor(ctx, q, o.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		n.Paid += l.Fen
	}
	checkouts, err := payment.CheckoutsFor(ctx, q, o.ID)
	for _, c := range checkouts {
		if c.Act == payment.CheckoutPaid {
			n.Paid += came(c)
		}
	}
	return err
}

// Books reads for package market what orders made of needs and campaigns.
type Books struct{}

var _ market.Books = Books{}

// OrderedLots gives those of the lots that an order names, whatever became of it.
func (Books) OrderedLots(ctx context.Context, q store.Querier, lots ...string) ([]string, error) {
	if len(lots) == 0 {
		return nil, nil
	}
	scan := func(row store.Scanner) (string, error) {
		var id string
		err := row.Scan(&id)
		return id, err
	}
	return store.All(ctx, q, scan, `SELECT DISTINCT lot_id FROM order_lines WHERE lot_id IN (`+store.Marks(1, len(lots))+`) ORDER BY lot_id`, store.Args(lots)...)
}

// OfDemands gives the numbers of each demand.
func (Books) OfDemands(ctx context.Context, q store.Querier, demands ...string) (map[string]market.DemandNumbers, error) {
	out := make(map[string]market.DemandNumbers, len(demands))
	for _, d := range demands {
		n, err := demandNumbers(ctx, q, d)
		if err != nil {
			return nil, err
		}
		out[d] = n
	}
	return out, nil
}

func demandNumbers(ctx context.Context, q store.Querier, demand string) (market.DemandNumbers, error) {
	var n market.DemandNumbers
	allocations, err := allocationsOfDemand(ctx, q, demand)
	if err != nil {
		return n, err
	}
	for _, a := range allocations {
		if a.Act == Submitted || a.Act == OfferedLess || a.Act == AwaitingApproval {
			n.Committed += a.Grams
			continue
		}
		g, err := grams(ctx, q, AllocAllocated(a.ID))
		if err != nil {
			return n, err
		}
		n.Allocated += g
	}
	takings, err := takingsOfDemand(ctx, q, demand)
	if err != nil {
		return n, err
	}
	for _, t := range takings {
		c, err := consigned(ctx, q, t.Consignment)
		if err != nil {
			return n, err
		}
		n.Allocated += c.Allocated
		n.OnTruck += c.OnTruck
		n.Accepted += c.Accepted
		n.HandedOut += c.HandedOut
		n.Rejected += c.Rejected + c.Returned
		n.Lost += c.lost()
	}
	return n, nil
}

// OfCampaign gives the numbers of one campaign. What is left of an order by the difference of two scales is not promised
// any more.
func (Books) OfCampaign(ctx context.Context, q store.Querier, campaign string) (market.CampaignNumbers, error) {
	var n market.CampaignNumbers
	var err error
	if n.Fund, err = fen(ctx, q, market.CampaignFund(campaign)); err != nil {
		return n, err
	}
	if n.Paid, err = paidInto(ctx, q, campaign); err != nil {
		return n, err
	}
	list, err := ordersOfCampaign(ctx, q, campaign)
	if err != nil {
		return n, err
	}
	for _, o := range list {
		m, err := numbersOf(ctx, q, o)
		if err != nil {
			return n, err
		}
		if left := m.Reserved + m.Allocated; m.Loaded() == 0 || !leftover(left, o.Grams()) {
			n.Reserved += left
		}
		n.Reserved += m.Planned
		n.OnTruck += m.OnTruck
		n.Loaded += m.Loaded()
		n.Accepted += m.Accepted
	}
	return n, nil
}

// paidInto sums what came into a campaign's fund from outside and from what other campaigns left over.
func paidInto(ctx context.Context, q store.Querier, campaign string) (measure.Fen, error) {
	by, err := givers(ctx, q, campaign, "")
	var paid measure.Fen
	for _, f := range by {
		paid += f
	}
	return paid, err
}

// givers sums what came into a campaign's fund by donor. Money that names no donor is the opener's, whose reference it quoted. What was
// taken back, by finance or by a payer's bank, was not given.
func givers(ctx context.Context, q store.Querier, campaign, opener string) (map[string]measure.Fen, error) {
	entries, err := ledger.Entries(ctx, q, "campaign/"+campaign)
	if err != nil {
		return nil, err
	}
	out := map[string]measure.Fen{}
	for _, e := range entries {
		donor := cmp.Or(e.Note[donorNote], opener)
		for _, p := range e.Postings {
			switch fund := market.CampaignFund(campaign); {
			case p.To == fund && cameIn(p.From):
				out[donor] += measure.Fen(p.Amount)
			case p.From == fund && e.Kind == unpaid:
				out[donor] -= measure.Fen(p.Amount)
			}
		}
	}
	disputes, err := payment.DisputesFor(ctx, q, campaign)
	if err != nil {
		return nil, err
	}
	for _, d := range disputes {
		taken, err := takenFrom(ctx, q, d.Dispute, func(account string) bool { return account != Unmatched(d.Checkout) }) // what was held had not come in
		if err != nil {
			return nil, err
		}
		out[d.Payer] -= taken
	}
	maps.DeleteFunc(out, func(_ string, fen measure.Fen) bool { return fen <= 0 })
	return out, nil
}

// takenFrom is what a dispute took out of the accounts that one asks for.
func takenFrom(ctx context.Context, q store.Querier, dispute string, asked func(account string) bool) (sum measure.Fen, err error) {
	entries, err := ledger.Entries(ctx, q, "dispute/"+dispute)
	for _, e := range entries {
		for _, p := range e.Postings {
			if p.To == Frozen(dispute) && asked(p.From) {
				sum += measure.Fen(p.Amount)
			}
		}
	}
	return sum, err
}

// cameIn reports whether money from an account is new to a fund; what an order gives back is not.
func cameIn(from string) bool {
	return from == market.Bank || from == GatewayWorld || strings.HasPrefix(from, "unmatched/") || strings.HasPrefix(from, "campaign/")
}

// donorNote is where an entry into a fund names who gave.
const donorNote = "donor"

func givenBy(donor string) map[string]string { return map[string]string{donorNote: donor} }

// OfPledge gives what came in for one pledge.
func (Books) OfPledge(ctx context.Context, q store.Querier, pledge string) (measure.Fen, error) {
	lines, err := payment.ListFor(ctx, q, pledge)
	var paid measure.Fen
	for _, l := range lines {
		paid += l.Fen
	}
	return paid, err
}
