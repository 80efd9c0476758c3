package orders

import (
	"context"
	"math"
	"strings"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// ReliefFilter says which purchases a report of consumption relief (消费扶贫) is about.
type ReliefFilter struct {
	Buyer  string         // "": all
	County string         // six digits, "": all
	From   measure.Millis // the first moment of a month; 0: from the beginning
	To     measure.Millis // exclusive: the first moment of a month; 0: no end
}

// ReliefRow is what one enterprise bought from one county in the time asked for.
type ReliefRow struct {
	Buyer      string
	County     string // six digits of the lots' place
	Orders     int
	Grams      measure.Grams // accepted
	Fen        measure.Fen   // for them
	Households int           // registered ones that got a part, in months in which they were three or more
	Benefit    measure.Fen   // their parts' sum
	Few        bool          // in some month one or two households got something: not shown, so that nobody's part is seen
}

// ReliefLine is one settled order line behind a row, with the entry of the ledger that moved its money.
type ReliefLine struct {
	Order     string
	Line      string
	Seller    string
	Produce   string
	County    string
	SettledAt measure.Millis
	Grams     measure.Grams
	Price     measure.PriceE4
	Fen       measure.Fen
	Entry     string // id of the ledger entry
	Postings  []ledger.Posting
}

// mayReport lets a buyer's people see its own purchases, and the platform's people all.
func mayReport(by auth.Actor, f ReliefFilter) error {
	if by.Can(auth.Operator, "") || by.Can(auth.Auditor, "") || by.Can(auth.Finance, "") || f.Buyer != "" && by.MayActFor(f.Buyer, auth.ActOrders) {
		return nil
	}
	return auth.NoSuchParty().In("buyer")
}

// reliefWhere narrows settlement lines (s) of orders (o) with their lots (t); its arguments are those of reliefArgs.
const reliefWhere = ` FROM settlement_lines s JOIN orders o ON o.id = s.order_id JOIN order_lines l ON l.id = s.line_id JOIN lots t ON t.id = l.lot_id
	WHERE o.settled_at >= $1 AND o.settled_at < $2 AND o.settled_at > 0 AND ($3 = '' OR o.buyer_id = $3) AND ($4 = '' OR SUBSTR(t.adcode, 1, 6) = $4)`

func (f ReliefFilter) args() []any {
	if f.To == 0 {
		f.To = math.MaxInt64
	}
	return []any{int64(f.From), int64(f.To), f.Buyer, f.County}
}

// Relief reports what enterprises bought from which counties, the largest sum first. Benefits are sums over at least three
// registered households.
func (s *Service) Relief(ctx context.Context, by auth.Actor, f ReliefFilter) ([]ReliefRow, error) {
	if err := mayReport(by, f); err != nil {
		return nil, err
	}
	if err := f.wholeMonths(); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	list, err := store.All(ctx, q, scanReliefRow, `SELECT o.buyer_id, SUBSTR(t.adcode, 1, 6), COUNT(DISTINCT o.id), CAST(SUM(s.grams) AS BIGINT), CAST(SUM(s.fen) AS BIGINT)`+
		reliefWhere+` AND s.kind = 'goods' GROUP BY o.buyer_id, SUBSTR(t.adcode, 1, 6) ORDER BY 5 DESC, 1, 2`, f.args()...)
	if err != nil {
		return nil, err
	}
	return list, addBenefits(ctx, q, f, list)
}

// wholeMonths refuses any other time: the difference of two reports that are a day apart would show what one household got.
func (f ReliefFilter) wholeMonths() error {
	for field, at := range map[string]measure.Millis{"from": f.From, "to": f.To} {
		if day := time.UnixMilli(int64(at)).In(china); at != 0 && !day.Equal(monthOf(at)) {
			return fault.At(field, "whole_months", "The report is by whole months: from the first day of one to the last day of one.")
		}
	}
	return nil
}

// monthOf is the beginning of the month of a moment, in China.
func monthOf(at measure.Millis) time.Time {
	day := time.UnixMilli(int64(at)).In(china)
	return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, china)
}

// benefitPaid is one household's part of one settled line.
type benefitPaid struct {
	buyer, county, household string
	at                       measure.Millis
	fen                      measure.Fen
}

// addBenefits adds what registered households got, month by month: a month in which fewer than three got something is in no sum, so that
// reports of two times can't be subtracted down to it.
func addBenefits(ctx context.Context, q store.Querier, f ReliefFilter, rows []ReliefRow) error {
	paid, err := store.All(ctx, q, func(row store.Scanner) (benefitPaid, error) {
		var b benefitPaid
		err := row.Scan(&b.buyer, &b.county, &b.household, &b.at, &b.fen)
		return b, err
	}, `SELECT o.buyer_id, SUBSTR(t.adcode, 1, 6), s.party_id, o.settled_at, s.fen`+reliefWhere+` AND s.kind = 'benefit' ORDER BY o.settled_at, o.id, s.n`, f.args()...)
	for i := range rows {
		rows[i].addBenefits(paid)
	}
	return err
}

func (r *ReliefRow) addBenefits(paid []benefitPaid) {
	months := map[int64]map[string]measure.Fen{} // by month and household
	for _, b := range paid {
		if b.buyer == r.Buyer && b.county == r.County {
			month := monthOf(b.at).UnixMilli()
			if months[month] == nil {
				months[month] = map[string]measure.Fen{}
			}
			months[month][b.household] += b.fen
		}
	}
	households := map[string]bool{}
	for _, parts := range months {
		if len(parts) < leastHouseholds {
			r.Few = true
			continue
		}
		for household, fen := range parts {
			households[household] = true
			r.Benefit += fen
		}
	}
	r.Households = len(households)
}

func scanReliefRow(row store.Scanner) (ReliefRow, error) {
	var r ReliefRow
	err := row.Scan(&r.Buyer, &r.County, &r.Orders, &r.Grams, &r.Fen)
	return r, err
}

// reliefPage is the most lines that are shown at once.
const reliefPage = 200

// ReliefLines lists the settled order lines behind a report, newest first, each with the postings that paid for it. Postings to
// single households are left out: their sum stands in the report. Where an order has fewer than three, so is the seller's: the rest would be theirs.
func (s *Service) ReliefLines(ctx context.Context, by auth.Actor, f ReliefFilter) ([]ReliefLine, error) {
	if err := mayReport(by, f); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	list, err := store.All(ctx, q, scanReliefLine, `SELECT o.id, l.id, o.seller_id, t.produce, SUBSTR(t.adcode, 1, 6), o.settled_at, s.grams, s.price_e4, s.fen`+
		reliefWhere+` AND s.kind = 'goods' ORDER BY o.settled_at DESC, o.id DESC, s.n LIMIT $5`, append(f.args(), reliefPage)...)
	entries := map[string]ledger.Entry{}
	for i, l := range list {
		e, ok := entries[l.Order]
		if !ok && err == nil {
			e, err = settledEntry(ctx, q, l.Order)
			entries[l.Order] = e
		}
		list[i].Entry = e.ID
		list[i].Postings = sellersPostings(e, l.Seller)
	}
	return list, err
}

func sellersPostings(e ledger.Entry, seller string) (out []ledger.Posting) {
	households := map[string]bool{}
	for _, p := range e.Postings {
		if strings.HasPrefix(p.To, Benefit("")) {
			households[p.To] = true
		}
		if p.To == Payable(seller) {
			out = append(out, p)
		}
	}
	if n := len(households); n > 0 && n < leastHouseholds {
		return nil
	}
	return out
}

func scanReliefLine(row store.Scanner) (ReliefLine, error) {
	var l ReliefLine
	err := row.Scan(&l.Order, &l.Line, &l.Seller, &l.Produce, &l.County, &l.SettledAt, &l.Grams, &l.Price, &l.Fen)
	return l, err
}

// settledEntry gives the entry that divided an order's money.
func settledEntry(ctx context.Context, q store.Querier, order string) (ledger.Entry, error) {
	list, err := ledger.Entries(ctx, q, "order/"+order)
	for _, e := range list {
		if e.ClientID == "order/"+order+"/settle" {
			return e, err
		}
	}
	return ledger.Entry{}, err
}
