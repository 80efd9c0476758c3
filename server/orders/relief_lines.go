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
// Whoever doesn't see single households has an atom of several order lines in one line.
type ReliefLine struct {
	ID         string // behind it the list goes on
	Order      string // "": several of a month
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
	Households int // that Benefit is of, where they are summed up
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
		return benefitLines(ctx, q, by, f, after, s.Now(ctx))
	}
	list, err := goodsLines(ctx, q, f, figure, after)
	if err != nil || len(list) == 0 {
		return list, err
	}
	if figure == ReliefGrams {
		return list, addAccepted(ctx, q, list)
	}
	return list, addPaid(ctx, q, list, func(l ReliefLine) bool { return SeesHouseholds(by, l.Seller) }, "")
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

// settledEntry is what a settlement paid, with the entry of the journal that paid it.
type settledEntry struct {
	ledger.Row // the first of it
	paid       []SettlementLine
}

// settledEntries gives them by order, for those that paid something. It is an error when the entry does not say what the settlement says:
// both stand in the same order.
func settledEntries(ctx context.Context, q store.Querier, orders []string) (map[string]settledEntry, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	rows, err := ledger.RowsOf(ctx, q, settleClients(orders)...)
	if err != nil {
		return nil, err
	}
	type line struct {
		order string
		SettlementLine
	}
	list, err := store.All(ctx, q, func(row store.Scanner) (l line, err error) {
		err = row.Scan(&l.order, &l.Kind, &l.Line, &l.Party, &l.Fen, &l.Account)
		return l, err
	}, `SELECT order_id, kind, line_id, party_id, fen, account FROM settlement_lines WHERE account <> '' AND kind <> 'haulage' AND order_id IN (`+
		store.Marks(1, len(orders))+`) ORDER BY order_id, n`, store.Args(orders)...)
	out := map[string]settledEntry{}
	next := map[string]int{}
	for _, l := range list {
		of := rows[settleClient(l.order)]
		n := next[l.order]
		if l.Fen > 0 {
			if n >= len(of) || of[n].To != l.Account || of[n].Amount != int64(l.Fen) {
				return nil, fmt.Errorf("order %s: line %d of its settlement is not in its entry", l.order, n)
			}
			next[l.order] = n + 1
		}
		e := out[l.order]
		if len(of) > 0 {
			e.Row = of[0]
		}
		e.paid = append(e.paid, l.SettlementLine)
		out[l.order] = e
	}
	return out, err
}

// postings are the rows of the entry that a reader is shown for an order line, of one kind or of all ("").
func (e settledEntry) postings(line string, single bool, kind LineKind) (out []ReliefPosting) {
	paid := e.paid
	if !single {
		paid = summed(paid)
	}
	for _, l := range paid {
		if l.Line == line && l.Fen > 0 && (kind == "" || l.Kind == kind) {
			out = append(out, ReliefPosting{Entry: e.Entry, At: e.At, Kind: string(l.Kind), Few: l.Note == withFew, From: e.From, To: l.Account, Fen: l.Fen})
		}
	}
	return out
}

// addPaid adds what the settlement moved for each line, in postings of one kind or of all (""): to single households for whoever sees those
// of the line.
func addPaid(ctx context.Context, q store.Querier, list []ReliefLine, single func(ReliefLine) bool, kind LineKind) error {
	entries, err := settledEntries(ctx, q, ordersOf(list))
	for i, l := range list {
		if l.Order != "" {
			list[i].Postings = entries[l.Order].postings(l.Line, single(l), kind)
		}
	}
	return err
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

// benefitLines gives the told atoms: the order lines in them to whoever sees single households, otherwise each in one line.
func benefitLines(ctx context.Context, q store.Querier, by auth.Actor, f ReliefFilter, after string, now time.Time) ([]ReliefLine, error) {
	atoms, err := benefitAtoms(ctx, q, f)
	if err != nil {
		return nil, err
	}
	single := SeesHouseholds(by, "")
	var list []ReliefLine
	for _, a := range atoms {
		switch {
		case !a.told(now):
		case single:
			list = append(list, a.orderLines()...)
		default:
			list = append(list, a.reliefLine())
		}
	}
	slices.SortFunc(list, func(a, b ReliefLine) int { return cmp.Compare(b.ID, a.ID) })
	list = slices.DeleteFunc(list, func(l ReliefLine) bool { return after != "" && l.ID >= after })
	list = list[:min(len(list), reliefPage)]
	if len(list) == 0 {
		return nil, nil
	}
	return list, addPaid(ctx, q, list, func(ReliefLine) bool { return single }, BenefitLine)
}

// reliefLine is the atom in one line: that of its order line, or of its month with its sum for a posting.
func (a atom) reliefLine() ReliefLine {
	l := a.parts[0].ReliefLine
	if a.line == "" {
		l = ReliefLine{ID: a.month.Format("2006-01") + "." + a.county + "." + a.buyer, Buyer: a.buyer, County: a.county, SettledAt: measure.Millis(a.month.UnixMilli()),
			Postings: []ReliefPosting{{Kind: string(BenefitLine), To: Benefit(""), Fen: a.sum()}}}
	}
	l.Benefit, l.Households = a.sum(), len(a.households())
	return l
}

// orderLines sums the parts of each order line.
func (a atom) orderLines() (out []ReliefLine) {
	for _, b := range a.parts { // those of a line stand together
		if n := len(out); n > 0 && out[n-1].Line == b.Line {
			out[n-1].Benefit += b.Benefit
			continue
		}
		out = append(out, b.ReliefLine)
	}
	return out
}
