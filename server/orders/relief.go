package orders

import (
	"context"
	"math"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// ReliefFilter says which purchases a report of consumption relief (消费扶贫) is about.
type ReliefFilter struct {
	Buyer  string // "": all
	County string // six digits, "": all
	From   measure.Millis
	To     measure.Millis // exclusive; 0: no end
}

// ReliefRow is what one enterprise bought from one county in the time asked for.
type ReliefRow struct {
	Buyer      string
	County     string // six digits of the lots' place
	Orders     int
	Grams      measure.Grams // accepted
	Fen        measure.Fen   // for them
	Households int           // registered ones that got a part; 0 where they are fewer than three
	Benefit    measure.Fen   // their parts' sum; 0 where they are fewer than three
	Few        bool          // one or two households got something: not shown, so that nobody's part is seen
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
	return fault.New(fault.NotFound, "no_such_party", "There is no such party, or none that you may act for.").In("buyer")
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
	return store.All(ctx, s.DB.Read(), scanReliefRow, `SELECT o.buyer_id, SUBSTR(t.adcode, 1, 6), COUNT(DISTINCT o.id),
		CAST(SUM(CASE WHEN s.kind = 'goods' THEN s.grams ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN s.kind = 'goods' THEN s.fen ELSE 0 END) AS BIGINT),
		COUNT(DISTINCT CASE WHEN s.kind = 'benefit' THEN s.party_id END), CAST(SUM(CASE WHEN s.kind = 'benefit' THEN s.fen ELSE 0 END) AS BIGINT)`+
		reliefWhere+` AND s.kind IN ('goods', 'benefit') GROUP BY o.buyer_id, SUBSTR(t.adcode, 1, 6) ORDER BY 5 DESC, 1, 2`, f.args()...)
}

func scanReliefRow(row store.Scanner) (ReliefRow, error) {
	var r ReliefRow
	err := row.Scan(&r.Buyer, &r.County, &r.Orders, &r.Grams, &r.Fen, &r.Households, &r.Benefit)
	if r.Few = r.Households > 0 && r.Households < leastHouseholds; r.Few {
		r.Households, r.Benefit = 0, 0
	}
	return r, err
}

// reliefPage is the most lines that are shown at once.
const reliefPage = 200

// ReliefLines lists the settled order lines behind a report, newest first, each with the postings that paid for it. Postings to
// single households are left out: their sum stands in the report.
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
		for _, p := range e.Postings {
			if p.To == Payable(l.Seller) {
				list[i].Postings = append(list[i].Postings, p)
			}
		}
	}
	return list, err
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
