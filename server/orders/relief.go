package orders

import (
	"context"
	"maps"
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
	Households int           // registered ones that got a part of what is told
	Benefit    measure.Fen   // their parts' sum
	Few        bool          // some got more, in parts too small to be told, or not before the month is over
}

// mayReport lets a buyer's people see its own purchases, and the platform's people all.
func mayReport(by auth.Actor, f ReliefFilter) error {
	if by.Can(auth.Operator, "") || by.Can(auth.Auditor, "") || by.Can(auth.Finance, "") || f.Buyer != "" && by.MayActFor(f.Buyer, auth.ActOrders) {
		return nil
	}
	return auth.NoSuchParty().In("buyer")
}

// reliefWhere narrows settlement lines (s) of orders (o) with their lots (t); its arguments are those of ReliefFilter.args. The orders of the
// time are asked for by themselves, so that SQLite finds them by their index: joined, it began with the settlement lines of all times.
const reliefWhere = ` FROM settlement_lines s JOIN orders o ON o.id = s.order_id JOIN order_lines l ON l.id = s.line_id JOIN lots t ON t.id = l.lot_id
	WHERE s.order_id IN (SELECT id FROM orders WHERE settled_at >= $1 AND settled_at < $2 AND settled_at > 0) AND ($3 = '' OR o.buyer_id = $3) AND ($4 = '' OR SUBSTR(t.adcode, 1, 6) = $4)`

func (f ReliefFilter) args() []any {
	if f.To == 0 {
		f.To = math.MaxInt64
	}
	return []any{int64(f.From), int64(f.To), f.Buyer, f.County}
}

// Relief reports what enterprises bought from which counties, the largest sum first. Benefits are sums of told atoms.
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
	return list, addBenefits(ctx, q, f, list, s.Now(ctx))
}

// wholeMonths refuses any other time, of which an atom could be a part.
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

// benefitAtoms gives what registered households got, the newest order first.
func benefitAtoms(ctx context.Context, q store.Querier, f ReliefFilter) ([]atom, error) {
	list, err := store.All(ctx, q, func(row store.Scanner) (benefitPaid, error) {
		var b benefitPaid
		l, err := scanReliefLine(row, &b.household)
		l.Benefit, l.Fen, l.Grams = l.Fen, 0, 0
		b.ReliefLine = l
		return b, err
	}, `SELECT `+reliefLineColumns+`, s.party_id`+reliefWhere+` AND s.kind = 'benefit' ORDER BY o.id DESC, s.n DESC`, f.args()...)
	return atomsOf(list), err
}

// addBenefits adds the told atoms of each row.
func addBenefits(ctx context.Context, q store.Querier, f ReliefFilter, rows []ReliefRow, now time.Time) error {
	atoms, err := benefitAtoms(ctx, q, f)
	for i := range rows {
		r := &rows[i]
		got := households{}
		for _, a := range atoms {
			switch {
			case a.buyer != r.Buyer || a.county != r.County:
			case a.told(now):
				r.Benefit += a.sum()
				maps.Copy(got, a.households())
			default:
				r.Few = true
			}
		}
		r.Households = len(got)
	}
	return err
}

func scanReliefRow(row store.Scanner) (ReliefRow, error) {
	var r ReliefRow
	err := row.Scan(&r.Buyer, &r.County, &r.Orders, &r.Grams, &r.Fen)
	return r, err
}
