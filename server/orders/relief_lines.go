package orders

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// ReliefFigure is a figure of a row of the report.
type ReliefFigure string

// The figures that can be opened.
const (
	ReliefFen     ReliefFigure = "fen"            // paid for the goods
	ReliefGrams   ReliefFigure = "accepted_grams" // accepted
	ReliefBenefit ReliefFigure = "benefit_fen"    // what households got
)

// ReliefLine is one settled order line behind a figure of the report, with the rows of the journal that make up its part of the figure.
// Whoever doesn't see single households has the benefits of a month in one line.
type ReliefLine struct {
	ID         string // behind it the list goes on
	Order      string // "": those of a month
	Line       string
	Buyer      string
	Seller     string
	Produce    string
	County     string
	SettledAt  measure.Millis // or the first moment of the month
	Grams      measure.Grams
	Price      measure.PriceE4
	Fen        measure.Fen
	Benefit    measure.Fen
	Households int // of a month's line
	Postings   []ReliefPosting
}

// ReliefPosting is one row of the journal behind a line, or several summed up of which no single one may be told.
type ReliefPosting struct {
	Entry string // id of the ledger entry
	At    measure.Millis
	Kind  string // of the settlement line for money, of the entry for goods
	Few   bool   // what fewer than three households got is in it
	From  string
	To    string
	Grams measure.Grams // below zero: taken off what was accepted
	Fen   measure.Fen
}

// reliefPage is the most lines that are given at once.
const reliefPage = 100

const reliefLineColumns = `o.id, s.n, l.id, o.buyer_id, o.seller_id, t.produce, SUBSTR(t.adcode, 1, 6), o.settled_at, s.grams, s.price_e4, s.fen`

func scanReliefLine(row store.Scanner, more ...any) (ReliefLine, error) {
	var l ReliefLine
	var n int
	err := row.Scan(append([]any{&l.Order, &n, &l.Line, &l.Buyer, &l.Seller, &l.Produce, &l.County, &l.SettledAt, &l.Grams, &l.Price, &l.Fen}, more...)...)
	l.ID = fmt.Sprintf("%s.%06d", l.Order, n)
	return l, err
}

// ReliefLines lists what makes up a figure of the report, newest first and behind the line with an id, 100 at most: the parts of all lines
// sum to the figure, and the postings of a line to its part.
func (s *Service) ReliefLines(ctx context.Context, by auth.Actor, f ReliefFilter, figure ReliefFigure, after string) ([]ReliefLine, error) {
	if err := mayReport(by, f); err != nil {
		return nil, err
	}
	if err := f.wholeMonths(); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	if figure == ReliefBenefit {
		return benefitLines(ctx, q, by, f, after)
	}
	list, err := goodsLines(ctx, q, f, figure, after)
	if err != nil || len(list) == 0 {
		return list, err
	}
	if figure == ReliefGrams {
		return list, addAccepted(ctx, q, list)
	}
	return list, addPaid(ctx, q, by, list)
}

func goodsLines(ctx context.Context, q store.Querier, f ReliefFilter, figure ReliefFigure, after string) ([]ReliefLine, error) {
	order, last, _ := strings.Cut(after, ".")
	n, _ := strconv.Atoi(last)
	some := ` AND s.fen > 0`
	if figure == ReliefGrams {
		some = ` AND s.grams > 0`
	}
	return store.All(ctx, q, func(row store.Scanner) (ReliefLine, error) { return scanReliefLine(row) }, `SELECT `+reliefLineColumns+reliefWhere+
		` AND s.kind = 'goods'`+some+` AND (o.id < $5 OR o.id = $5 AND s.n < $6) ORDER BY o.id DESC, s.n DESC LIMIT $7`,
		append(f.args(), store.Below(order), n, reliefPage)...)
}

// ordersOf gives each order of a list once.
func ordersOf(list []ReliefLine) []string {
	ids := make([]string, len(list))
	for i, l := range list {
		ids[i] = l.Order
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func settleClient(order string) string { return "order/" + order + "/settle" }

func settleClients(orders []string) []string {
	out := make([]string, len(orders))
	for i, o := range orders {
		out[i] = settleClient(o)
	}
	return out
}

// settledPart is one paying line of a settlement with the row of the journal that paid it.
type settledPart struct {
	order string
	SettlementLine
	row ledger.Row
}

// settledParts pairs the paying lines of settlements with the postings of their entries: both stand in the same order.
func settledParts(ctx context.Context, q store.Querier, orders []string) ([]settledPart, error) {
	rows, err := ledger.RowsOf(ctx, q, settleClients(orders)...)
	if err != nil {
		return nil, err
	}
	list, err := store.All(ctx, q, func(row store.Scanner) (settledPart, error) {
		var p settledPart
		err := row.Scan(&p.order, &p.Kind, &p.Line, &p.Fen, &p.Account)
		return p, err
	}, `SELECT order_id, kind, line_id, fen, account FROM settlement_lines WHERE account <> '' AND kind <> 'haulage' AND fen > 0 AND order_id IN (`+
		store.Marks(1, len(orders))+`) ORDER BY order_id, n`, store.Args(orders)...)
	next := map[string]int{}
	for i := range list {
		p := &list[i]
		of := rows[settleClient(p.order)]
		n := next[p.order]
		if n >= len(of) || of[n].To != p.Account || of[n].Amount != int64(p.Fen) {
			return nil, fmt.Errorf("order %s: line %d of its settlement is not in its entry", p.order, n)
		}
		p.row, next[p.order] = of[n], n+1
	}
	return list, err
}

func (p settledPart) posting() ReliefPosting {
	return ReliefPosting{Entry: p.row.Entry, At: p.row.At, Kind: string(p.Kind), From: p.row.From, To: p.row.To, Fen: p.Fen}
}

// addPaid adds what the settlement moved for each line. Postings to single households are summed up for those who don't see them, and
// stand in the seller's where they are fewer than three: a part left out would be told by the rest.
func addPaid(ctx context.Context, q store.Querier, by auth.Actor, list []ReliefLine) error {
	parts, err := settledParts(ctx, q, ordersOf(list))
	for i := range list {
		l := &list[i]
		for _, p := range parts {
			if p.order == l.Order && p.Line == l.Line {
				l.Postings = append(l.Postings, p.posting())
			}
		}
		if !seesHouseholds(by, l.Seller) {
			l.Postings = summedBenefits(l.Postings)
		}
	}
	return err
}

func summedBenefits(list []ReliefPosting) []ReliefPosting {
	sum := ReliefPosting{Kind: string(BenefitLine), To: Benefit("")}
	n := 0
	var out []ReliefPosting
	for _, p := range list {
		if p.Kind != sum.Kind {
			out = append(out, p)
			continue
		}
		n++
		sum.Entry, sum.At, sum.From, sum.Fen = p.Entry, p.At, p.From, sum.Fen+p.Fen
	}
	coop := slices.IndexFunc(out, func(p ReliefPosting) bool { return p.Kind == string(CoopLine) })
	switch {
	case n == 0:
	case n < leastHouseholds && coop >= 0:
		out[coop].Fen, out[coop].Few = out[coop].Fen+sum.Fen, true
	default:
		sum.Few = n < leastHouseholds
		out = append(out, sum)
	}
	return out
}

// addAccepted adds what came onto the accepted accounts of each line's consignments, and what left them again, until it was settled.
func addAccepted(ctx context.Context, q store.Querier, list []ReliefLine) error {
	orders := ordersOf(list)
	line := map[string]string{} // by account
	takings, err := store.All(ctx, q, scanTaking, `SELECT `+takingColumns+` FROM takings WHERE order_id IN (`+store.Marks(1, len(orders))+`) ORDER BY consignment`, store.Args(orders)...)
	if err != nil {
		return err
	}
	for _, t := range takings {
		line[ConsignAccepted(t.Consignment)], line[ConsignHandedOut(t.Consignment)] = t.Line, t.Line
	}
	rows, err := ledger.RowsThrough(ctx, q, ledger.Grams, slices.Sorted(maps.Keys(line))...)
	if err != nil {
		return err
	}
	settled, err := ledger.RowsOf(ctx, q, settleClients(orders)...)
	for i := range list {
		l := &list[i]
		for _, r := range rows {
			if p, ok := acceptedBy(r, line[r.From] == l.Line, line[r.To] == l.Line); ok && !beyond(r, *l, settled[settleClient(l.Order)]) {
				l.Postings = append(l.Postings, p)
			}
		}
	}
	return err
}

// acceptedBy says what a row changes in what was accepted of a line: nothing where it stays with the receiver, who handed it out.
func acceptedBy(r ledger.Row, from, to bool) (ReliefPosting, bool) {
	p := ReliefPosting{Entry: r.Entry, At: r.At, Kind: r.Kind, From: r.From, To: r.To, Grams: measure.Grams(r.Amount)}
	if from {
		p.Grams = -p.Grams
	}
	return p, from != to
}

// beyond reports whether a row came after its line was settled: a correction, which leaves the settlement as it is.
func beyond(r ledger.Row, l ReliefLine, settled []ledger.Row) bool {
	if len(settled) == 0 { // nothing was to be paid
		return r.At > l.SettledAt
	}
	return r.Entry > settled[0].Entry
}

// benefitLines gives the order lines whose households got something, or a line for each month to whoever doesn't see households.
func benefitLines(ctx context.Context, q store.Querier, by auth.Actor, f ReliefFilter, after string) ([]ReliefLine, error) {
	told, _, err := benefitsPaid(ctx, q, f)
	if err != nil {
		return nil, err
	}
	single := seesHouseholds(by, "")
	var list []ReliefLine
	for c, parts := range told {
		if single {
			list = append(list, byOrderLine(parts)...)
		} else {
			list = append(list, monthLine(c, parts))
		}
	}
	slices.SortFunc(list, func(a, b ReliefLine) int { return cmp.Compare(b.ID, a.ID) })
	list = slices.DeleteFunc(list, func(l ReliefLine) bool { return after != "" && l.ID >= after })
	list = list[:min(len(list), reliefPage)]
	if !single || len(list) == 0 {
		return list, nil
	}
	return list, addHouseholds(ctx, q, list)
}

// monthLine is all that households got in a cell.
func monthLine(c cell, parts []benefitPaid) ReliefLine {
	at := time.UnixMilli(c.month).In(china)
	l := ReliefLine{ID: at.Format("2006-01") + "." + c.county + "." + c.buyer, Buyer: c.buyer, County: c.county, SettledAt: measure.Millis(c.month), Households: households(parts)}
	for _, b := range parts {
		l.Benefit += b.Benefit
	}
	l.Postings = []ReliefPosting{{Kind: string(BenefitLine), To: Benefit(""), Fen: l.Benefit}}
	return l
}

// byOrderLine sums the parts of each order line.
func byOrderLine(parts []benefitPaid) (out []ReliefLine) {
	for _, b := range parts { // those of a line stand together
		if n := len(out); n > 0 && out[n-1].Order == b.Order && out[n-1].Line == b.Line {
			out[n-1].Benefit += b.Benefit
			continue
		}
		out = append(out, b.ReliefLine)
	}
	return out
}

// addHouseholds adds the postings to each household.
func addHouseholds(ctx context.Context, q store.Querier, list []ReliefLine) error {
	parts, err := settledParts(ctx, q, ordersOf(list))
	for i := range list {
		l := &list[i]
		for _, p := range parts {
			if p.order == l.Order && p.Line == l.Line && p.Kind == BenefitLine {
				l.Postings = append(l.Postings, p.posting())
			}
		}
	}
	return err
}
