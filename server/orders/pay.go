package orders

import (
	"context"
	"database/sql"
	"errors"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// maxStatement is the most lines that one statement brings.
const maxStatement = 5000

// ImportBank takes in lines of a bank statement and matches each by the reference it quotes: an order's invoice, or a
// campaign's fund. What fits nothing is kept aside, visible, until somebody knows. A line sent twice counts once. One bad
// line refuses them all, so that a statement is in or out as a whole.
func (s *Service) ImportBank(ctx context.Context, by auth.Actor, lines []payment.BankLine) ([]payment.BankLine, error) {
	if err := mustBeFinance(by); err != nil {
		return nil, err
	}
	if len(lines) == 0 || len(lines) > maxStatement {
		return nil, fault.At("lines", "statement_lines", "A statement has 1 to %d lines.", maxStatement)
	}
	var out []payment.BankLine
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		out = nil
		for i, l := range lines {
			kept, err := s.importLine(ctx, tx, by, l)
			if err != nil {
				return fault.Within(err, index("lines", i))
			}
			out = append(out, kept)
		}
		return nil
	})
	return out, err
}

func (s *Service) importLine(ctx context.Context, tx store.Tx, by auth.Actor, l payment.BankLine) (payment.BankLine, error) {
	if f := l.Check(); f != nil {
		return l, f
	}
	now := s.millis(ctx)
	if l.PaidAt <= 0 || l.PaidAt > now {
		return l, fault.At("paid_at", "paid_ahead", "The day of payment is missing or lies ahead.")
	}
	l.ID, l.ImportedAt, l.ImportedBy = store.NewID(), now, by.ID()
	var err error
	if l.For, l.ForID, err = s.purpose(ctx, tx, l.Reference); err != nil {
		return l, err
	}
	seen, err := payment.Insert(ctx, tx, l)
	if err != nil {
		return l, err
	}
	if seen {
		return payment.ByClientID(ctx, tx, l.ClientID)
	}
	if err = s.book(ctx, tx, by, l, market.Bank); err != nil {
		return l, err
	}
	return l, record(ctx, tx, by, deed{act: "bank.import", subject: "bank_line/" + l.ID, at: now, after: l})
}

// purpose finds what a transfer was for by the reference in its words. Words that name two things are for finance to read.
func (s *Service) purpose(ctx context.Context, q store.Querier, words string) (kind payment.Kind, id string, err error) {
	for _, reference := range payment.References(words) {
		k, found, err := s.quoted(ctx, q, reference)
		if err != nil {
			return "", "", err
		}
		if found != "" && id != "" {
			return "", "", nil
		}
		if found != "" {
			kind, id = k, found
		}
	}
	return kind, id, nil
}

// quoted gives what has a reference, or "" when nothing does.
func (s *Service) quoted(ctx context.Context, q store.Querier, reference string) (payment.Kind, string, error) {
	o, err := byReference(ctx, q, reference)
	if err == nil {
		return payment.ForOrder, o.ID, nil
	}
	if err = ignoreNoRows(err); err != nil {
		return "", "", err
	}
	c, err := market.CampaignByReference(ctx, q, reference)
	if err == nil {
		return payment.ForCampaign, c.ID, nil
	}
	if err = ignoreNoRows(err); err != nil {
		return "", "", err
	}
	p, err := market.PledgeByReference(ctx, q, reference)
	if err == nil {
		return payment.ForPledge, p.ID, nil
	}
	if err = ignoreNoRows(err); err != nil {
		return "", "", err
	}
	i, err := invoiceByReference(ctx, q, reference)
	if err == nil {
		return payment.ForInvoice, i.ID, nil
	}
	if err = ignoreNoRows(err); err != nil {
		return "", "", err
	}
	d, err := depositByReference(ctx, q, reference)
	if err == nil {
		return payment.ForDeposit, d.ID, nil
	}
	if !errors.Is(err, sql.ErrNoRows) || s.HaulByReference == nil {
		return "", "", ignoreNoRows(err)
	}
	load, err := s.HaulByReference(ctx, q, reference)
	if err = ignoreNoRows(err); err != nil || load == "" {
		return "", "", err
	}
	return payment.ForHaul, load, nil
}

// MatchBank says what a line was for that quoted nothing known. reference is the one it should have quoted.
func (s *Service) MatchBank(ctx context.Context, by auth.Actor, id, reference string) (payment.BankLine, error) {
	if err := mustBeFinance(by); err != nil {
		return payment.BankLine{}, err
	}
	var l payment.BankLine
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if l, err = payment.ByID(ctx, tx, id); err != nil {
			return found(err, "bank line")
		}
		before := l
		if l.For, l.ForID, err = s.purpose(ctx, tx, reference); err != nil {
			return err
		}
		if l.ForID == "" {
			return fault.At("reference", "unknown_reference", "No order and no campaign has this reference.")
		}
		if err = payment.Match(ctx, tx, id, l.For, l.ForID); err != nil {
			return err
		}
		if err = s.book(ctx, tx, by, l, Unmatched(id)); err != nil {
			return err
		}
		return record(ctx, tx, by, deed{act: "bank.match", subject: "bank_line/" + id, at: s.millis(ctx), before: before, after: l})
	})
	return l, err
}

// BankLines lists lines of statements after an id: newest first; or those that nobody could place yet, oldest first.
func (s *Service) BankLines(ctx context.Context, by auth.Actor, after string, unmatched bool) ([]payment.BankLine, error) {
	if !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return nil, mustBeFinance(by)
	}
	if unmatched {
		return payment.ListUnmatched(ctx, s.DB.Read(), after, pageSize)
	}
	return payment.List(ctx, s.DB.Read(), after, pageSize)
}

// incoming is money that came, by bank or through the payment service, and what it is for.
type incoming struct {
	entry ledger.Entry // without postings
	kind  payment.Kind
	id    string
	fen   measure.Fen
	from  string // account
}

// bookID names the entry that put a line's money where it is.
func bookID(l payment.BankLine) string { return "bank/" + l.ID + "/" + string(l.For) }

// book moves a line's money from where it is to where it belongs.
func (s *Service) book(ctx context.Context, tx store.Tx, by auth.Actor, l payment.BankLine, from string) error {
	e := ledger.Entry{ClientID: bookID(l), At: l.PaidAt, Actor: by.ID(), Kind: "paid", Subject: "bank_line/" + l.ID}
	if l.For != "" {
		return s.bookFor(ctx, tx, by, incoming{e, l.For, l.ForID, l.Fen, from})
	}
	e.Postings = []ledger.Posting{inFen(from, Unmatched(l.ID), l.Fen)}
	_, _, err := ledger.Post(ctx, tx, e)
	return err
}

// bookFor moves money to the escrow of its order or haulage need, or to the fund of its campaign.
func (s *Service) bookFor(ctx context.Context, tx store.Tx, by auth.Actor, in incoming) error {
	switch in.kind {
	case payment.ForCampaign:
		return s.intoFund(ctx, tx, in.entry, in.id, in.from, in.fen)
	case payment.ForInvoice:
		return s.intoInvoice(ctx, tx, in)
	case payment.ForDeposit:
		return s.intoDeposit(ctx, tx, in)
	case payment.ForHaul:
		in.entry.Postings = []ledger.Posting{inFen(in.from, HaulEscrow(in.id), in.fen)}
		_, _, err := ledger.Post(ctx, tx, in.entry)
		return err
	case payment.ForPledge:
		p, err := market.PledgeByID(ctx, tx, in.id)
		if err != nil {
			return err
		}
		in.entry.Note = givenBy(p.Donor)
		return s.intoFund(ctx, tx, in.entry, p.Campaign, in.from, in.fen)
	}
	o, err := ByID(ctx, tx, in.id)
	if err != nil {
		return err
	}
	if err = s.tell(ctx, tx, "order.pay", o, in.entry.At); err != nil {
		return err
	}
	if o.Campaign == "" {
		return s.intoEscrow(ctx, tx, in.entry, o, in.from, in.fen)
	}
	in.entry.Note = givenBy(o.Buyer)
	if err = s.intoFund(ctx, tx, in.entry, o.Campaign, in.from, in.fen); err != nil || !o.open() {
		return err
	}
	return fund(ctx, tx, by, o, in.entry.At)
}

// intoFund puts money into a campaign's fund and pays its confirmed orders out of it, the oldest first.
func (s *Service) intoFund(ctx context.Context, tx store.Tx, e ledger.Entry, campaign, from string, amount measure.Fen) error {
	e.Subject = "campaign/" + campaign
	e.Postings = []ledger.Posting{inFen(from, market.CampaignFund(campaign), amount)}
	if _, _, err := ledger.Post(ctx, tx, e); err != nil {
		return err
	}
	if err := s.tellDonors(ctx, tx, "campaign.pay", campaign, e.At); err != nil {
		return err
	}
	return s.fundOrders(ctx, tx, campaign, e.At)
}

// fundOrders pays a campaign's confirmed orders out of its fund, the oldest first.
func (s *Service) fundOrders(ctx context.Context, tx store.Tx, campaign string, at measure.Millis) error {
	if err := s.campaignMoved(ctx, tx, campaign); err != nil {
		return err
	}
	list, err := ordersOfCampaign(ctx, tx, campaign)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.Act == Confirmed && o.SettledAt == 0 {
			if err = fund(ctx, tx, auth.System("fund"), o, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// intoEscrow puts money for a plain sale into its escrow, as much as it lacks. The rest is kept aside as overpaid,
// and all of it is owed back once the order has ended.
func (s *Service) intoEscrow(ctx context.Context, tx store.Tx, e ledger.Entry, o Order, from string, amount measure.Fen) error {
	lacks, err := lacking(ctx, tx, o)
	if err != nil {
		return err
	}
	into := min(lacks, amount)
	if into > 0 {
		e.Postings = append(e.Postings, inFen(from, Escrow(o.ID), into))
	}
	if rest := amount - into; rest > 0 && o.open() {
		e.Postings = append(e.Postings, inFen(from, Overpaid(o.ID), rest))
	} else if rest > 0 {
		e.Postings = append(e.Postings, inFen(from, Refund(o.Buyer), rest))
	}
	return s.postAndSendBack(ctx, tx, payerOf(o), e)
}

// postAndSendBack posts an entry and begins to return what it owes back to the payer.
func (s *Service) postAndSendBack(ctx context.Context, tx store.Tx, who payer, e ledger.Entry) error {
	_, repeated, err := ledger.Post(ctx, tx, e)
	if err != nil || repeated {
		return err
	}
	if err = s.takeSetoffs(ctx, tx, auth.System("ledger"), Refund(who.party)); err != nil {
		return err
	}
	return s.sendBack(ctx, tx, who, e)
}

// open reports whether the order may still take money.
func (o Order) open() bool {
	return (o.Act == Submitted || o.Act == OfferedLess || o.Act == Confirmed) && o.SettledAt == 0
}

// ByFund reports whether the order is paid out of its campaign's fund, so that nobody transfers for it.
func (o Order) ByFund() bool { return o.Campaign != "" }

// paidByFund faults what is for those alone who pay for an order themselves.
func (o Order) paidByFund() error {
	if !o.ByFund() {
		return nil
	}
	return fault.New(fault.Conflict, "paid_by_fund", "This order is paid out of its campaign's fund; please pay into the campaign.")
}

// lacking is the money still to be paid in for an order, by Order.lacks. Of one that takes none any more nothing is read.
func lacking(ctx context.Context, q store.Querier, o Order) (measure.Fen, error) {
	if !o.open() {
		return 0, nil
	}
	n, err := unpaidNumbersOf(ctx, q, o)
	if err != nil {
		return 0, err
	}
	return o.lacks(n), nil
}

// fund moves what an order's escrow lacks from its campaign's fund, as much as there is.
func fund(ctx context.Context, tx store.Tx, by auth.Actor, o Order, at measure.Millis) error {
	if o.Campaign == "" {
		return nil
	}
	lacks, err := lacking(ctx, tx, o)
	if err != nil {
		return err
	}
	have, err := fen(ctx, tx, market.CampaignFund(o.Campaign))
	amount := min(lacks, have)
	if err != nil || amount <= 0 {
		return err
	}
	if err = ledger.Restrict(ctx, tx, Escrow(o.ID), useOf(o)); err != nil {
		return err
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "order/" + o.ID + "/fund/" + store.NewID(), At: at, Actor: by.ID(), Kind: "funded", Subject: "order/" + o.ID, Use: useOf(o),
		Postings: []ledger.Posting{inFen(market.CampaignFund(o.Campaign), Escrow(o.ID), amount)},
	})
	return err
}
