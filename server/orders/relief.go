package orders

import (
	"context"
	"math"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
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
	ReliefLine // Benefit is the part
	household  string
}

// cell is what one enterprise bought from one county in one month: the smallest thing of which benefits are told.
type cell struct {
	buyer, county string
	month         int64
}

func (b benefitPaid) cell() cell { return cell{b.Buyer, b.County, monthOf(b.SettledAt).UnixMilli()} }

// benefitsPaid gives the parts of registered households, the newest order first, by cell. A cell in which fewer than three got something
// is in no sum, so that reports of two times can't be subtracted down to it.
func benefitsPaid(ctx context.Context, q store.Querier, f ReliefFilter) (told map[cell][]benefitPaid, few map[cell]bool, err error) {
	list, err := store.All(ctx, q, func(row store.Scanner) (benefitPaid, error) {
		var b benefitPaid
		l, err := scanReliefLine(row, &b.household)
		l.Benefit, l.Fen, l.Grams = l.Fen, 0, 0
		b.ReliefLine = l
		return b, err
	}, `SELECT `+reliefLineColumns+`, s.party_id`+reliefWhere+` AND s.kind = 'benefit' ORDER BY o.id DESC, s.n DESC`, f.args()...)
	told, few = map[cell][]benefitPaid{}, map[cell]bool{}
	for _, b := range list {
		told[b.cell()] = append(told[b.cell()], b)
	}
	for c, parts := range told {
		if households(parts) < leastHouseholds {
			few[c] = true
			delete(told, c)
		}
	}
	return told, few, err
}

func households(parts []benefitPaid) int {
	seen := map[string]bool{}
	for _, b := range parts {
		seen[b.household] = true
	}
	return len(seen)
}

// addBenefits adds what registered households got.
func addBenefits(ctx context.Context, q store.Querier, f ReliefFilter, rows []ReliefRow) error {
	told, few, err := benefitsPaid(ctx, q, f)
	for i := range rows {
		r := &rows[i]
		var parts []benefitPaid
		for c, list := range told {
			if c.buyer == r.Buyer && c.county == r.County {
				parts = append(parts, list...)
			}
		}
		for c := range few {
			r.Few = r.Few || c.buyer == r.Buyer && c.county == r.County
		}
		r.Households = households(parts)
		for _, b := range parts {
			r.Benefit += b.Benefit
		}
	}
	return err
}

func scanReliefRow(row store.Scanner) (ReliefRow, error) {
	var r ReliefRow
	err := row.Scan(&r.Buyer, &r.County, &r.Orders, &r.Grams, &r.Fen)
	return r, err
}
