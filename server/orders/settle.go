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

// Settle divides an accepted order's money by accepted weight, once; again it gives what was divided. What is left of the
// escrow goes back to the campaign's fund or is owed to the buyer, goods that were never loaded go back to their lots.
func (s *Service) Settle(ctx context.Context, by auth.Actor, id string) (Settlement, error) {
	if err := mustBeFinance(by); err != nil {
		return Settlement{}, err
	}
	var st Settlement
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		o, err := ByID(ctx, tx, id)
		if err != nil {
			return found(err, "order")
		}
		if o.SettledAt > 0 {
			st, err = settlementOf(ctx, tx, id)
			return err
		}
		n, err := numbersOf(ctx, tx, o)
		if err != nil {
			return err
		}
		if err = may(o.State(n, s.Now(ctx)), "settle", ByFinance); err != nil {
			return err
		}
		if err = s.haulageFirst(ctx, tx, o); err != nil {
			return err
		}
		st, err = s.settleTx(ctx, tx, by, o)
		return err
	})
	return st, err
}

// haulageFirst faults an order whose carriers are not paid yet: what is left of its escrow or its campaign's fund after it is settled goes
// back, and there would be nothing to pay them from.
func (s *Service) haulageFirst(ctx context.Context, q store.Querier, o Order) error {
	trip, err := s.unpaidTrip(ctx, q, o)
	if err == nil && trip != "" {
		err = fault.New(fault.Conflict, "haulage_first", "The carriers of trip %s are not paid yet: settle the trip first, then the order.", trip)
	}
	return err
}

// unpaidTrip gives the number of a trip with goods of the order whose carriers are not paid yet, "" for none.
func (s *Service) unpaidTrip(ctx context.Context, q store.Querier, o Order) (string, error) {
	if s.UnpaidTrip == nil {
		return "", nil
	}
	list, err := takingsOfOrder(ctx, q, o.ID)
	if err != nil {
		return "", err
	}
	var carried []string
	for _, t := range list {
		if t.LoadedAt > 0 {
			carried = append(carried, t.Consignment)
		}
	}
	return s.UnpaidTrip(ctx, q, carried)
}

func (s *Service) settleTx(ctx context.Context, tx store.Tx, by auth.Actor, o Order) (Settlement, error) {
	now := s.millis(ctx)
	lines, err := weighedLines(ctx, tx, o)
	if err != nil {
		return Settlement{}, err
	}
	st := settle(o.ID, o.Seller, lines)
	if err = addHaulage(ctx, tx, &st); err != nil {
		return st, err
	}
	if err = s.divide(ctx, tx, by, o, st, now); err != nil {
		return st, err
	}
	if err = release(ctx, tx, by, o, "settle", now); err != nil {
		return st, err
	}
	if err = s.bookLosses(ctx, tx, by, o, lines, now); err != nil {
		return st, err
	}
	if _, err = s.EndDeposits(ctx, tx, by, DepositEnd{ForID: o.ID, Why: "settled", At: now}); err != nil {
		return st, err
	}
	if err = insertSettlement(ctx, tx, st); err != nil {
		return st, err
	}
	ok, err := setSettled(ctx, tx, o.ID, now)
	if err != nil {
		return st, err
	}
	if !ok {
		return st, fault.New(fault.Conflict, "changed_meanwhile", "Somebody else changed this a moment ago; please look again.")
	}
	if err = s.moved(ctx, tx, o); err != nil {
		return st, err
	}
	return st, s.recordOf(ctx, tx, by, o, deed{act: "order.settle", at: now, after: st})
}

// addHaulage shows what was paid to carriers out of the order's own escrow. It is paid already.
func addHaulage(ctx context.Context, q store.Querier, st *Settlement) error {
	entries, err := ledger.Entries(ctx, q, "order/"+st.Order)
	for _, e := range entries {
		if e.Kind != haulagePaid {
			continue
		}
		for _, p := range e.Postings {
			st.Total += measure.Fen(p.Amount)
			st.Lines = append(st.Lines, SettlementLine{
				Kind: HaulageLine, Party: e.Note["carrier"], Fen: measure.Fen(p.Amount), Account: p.To, Note: "paid_for_trip " + e.Note["trip"],
			})
		}
	}
	return err
}

// divide moves the escrow where the settlement says. A campaign's fund adds what more weight than ordered costs; a plain
// sale that is not paid in full can't be settled.
func (s *Service) divide(ctx context.Context, tx store.Tx, by auth.Actor, o Order, st Settlement, now measure.Millis) error {
	e := ledger.Entry{ClientID: settleClient(o.ID), At: now, Actor: by.ID(), Kind: "settled", Subject: "order/" + o.ID, Use: useOf(o)}
	var due measure.Fen
	for _, l := range st.Lines {
		if l.Account != "" && l.Kind != HaulageLine && l.Fen > 0 {
			due += l.Fen
			e.Postings = append(e.Postings, inFen(Escrow(o.ID), l.Account, l.Fen))
		}
	}
	have, err := fen(ctx, tx, Escrow(o.ID))
	if err != nil {
		return err
	}
	over, err := fen(ctx, tx, Overpaid(o.ID))
	if err != nil {
		return err
	}
	if short := due - have; short > 0 {
		source, there, err := shortFrom(ctx, tx, o, over)
		if err != nil {
			return err
		}
		if there < short {
			return fault.New(fault.Conflict, "not_paid", "%s yuan is due, but only %s yuan is there, haulage was paid out of it too: the buyer has to pay the rest first.", due, have+there)
		}
		e.Postings = append(e.Postings, inFen(source, Escrow(o.ID), short))
		if o.Campaign == "" {
			over -= short
		}
	} else if short < 0 {
		e.Postings = append(e.Postings, inFen(Escrow(o.ID), restTo(o), -short))
	}
	if over > 0 {
		e.Postings = append(e.Postings, inFen(Overpaid(o.ID), Refund(o.Buyer), over))
	}
	if len(e.Postings) == 0 {
		return nil
	}
	return s.postAndSendBack(ctx, tx, payerOf(o), e)
}

// shortFrom names where money comes from that the escrow lacks: the campaign's fund, or what the buyer overpaid.
func shortFrom(ctx context.Context, q store.Querier, o Order, over measure.Fen) (string, measure.Fen, error) {
	if o.Campaign == "" {
		return Overpaid(o.ID), over, nil
	}
	have, err := fen(ctx, q, market.CampaignFund(o.Campaign))
	return market.CampaignFund(o.Campaign), have, err
}

// weighedLines gives an order's lines with what became of their goods.
func weighedLines(ctx context.Context, q store.Querier, o Order) ([]weighed, error) {
	list, err := takingsOfOrder(ctx, q, o.ID)
	if err != nil {
		return nil, err
	}
	out := make([]weighed, len(o.Lines))
	for i, l := range o.Lines {
		out[i] = weighed{Line: l, Lost: map[LossCause]measure.Grams{}}
		for _, t := range list {
			if t.Line == l.ID {
				if err = out[i].add(ctx, q, t.Consignment); err != nil {
					return nil, err
				}
			}
		}
		if out[i].Poor, err = market.PoorShares(ctx, q, l.Lot); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (l *weighed) add(ctx context.Context, q store.Querier, consignment string) error {
	n, err := consigned(ctx, q, consignment)
	l.Loaded += n.Loaded
	l.Accepted += n.Accepted
	l.Rejected += n.Rejected + n.Returned
	for cause, g := range n.Lost {
		l.Lost[cause] += g
	}
	return err
}

const settlementColumns = "order_id, n, kind, line_id, party_id, grams, price_e4, fen, account, note"

func insertSettlement(ctx context.Context, tx store.Tx, st Settlement) error {
	for n, l := range st.Lines {
		err := store.Exec(ctx, tx, `INSERT INTO settlement_lines (`+settlementColumns+`) VALUES (`+store.Marks(1, 10)+`)`,
			st.Order, n, string(l.Kind), l.Line, l.Party, int64(l.Grams), int64(l.Price), int64(l.Fen), l.Account, l.Note)
		if err != nil {
			return err
		}
	}
	return nil
}

func settlementOf(ctx context.Context, q store.Querier, order string) (Settlement, error) {
	st := Settlement{Order: order}
	var err error
	st.Lines, err = store.All(ctx, q, func(row store.Scanner) (SettlementLine, error) {
		var l SettlementLine
		err := row.Scan(&l.Kind, &l.Line, &l.Party, &l.Grams, &l.Price, &l.Fen, &l.Account, &l.Note)
		return l, err
	}, `SELECT kind, line_id, party_id, grams, price_e4, fen, account, note FROM settlement_lines WHERE order_id = $1 ORDER BY n`, order)
	st.Total = st.Paid()
	return st, err
}

// Settlement shows what an order's money was divided into: single households to those who see them, to others whole atoms.
func (s *Service) Settlement(ctx context.Context, by auth.Actor, id string) (Settlement, error) {
	v, err := s.Order(ctx, by, id)
	if err != nil {
		return Settlement{}, err
	}
	if v.SettledAt == 0 {
		return Settlement{}, fault.New(fault.NotFound, "not_settled", "This order is not settled yet.")
	}
	st, err := settlementOf(ctx, s.DB.Read(), id)
	if !SeesHouseholds(by, v.Seller) {
		st.Lines = summed(st.Lines)
	}
	return st, err
}
