//go:build !race

package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// Whatever is settled and whenever somebody looks, no sum and no difference of what is shown to those who don't see single households is
// what fewer than three of them got. Each part is a power of two, so that a figure tells which parts are in it.
func TestNoCombinationOfFiguresTellsWhatFewHouseholdsGot(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		told := 0
		rapid.Check(t, func(t *rapid.T) {
			b := newBooks(t, db)
			for range rapid.IntRange(1, mostLines/2).Draw(t, "orders") {
				b.settle()
				b.look()
			}
			b.now = b.month(len(b.months))
			b.look()
			told += b.check()
		})
		if told == 0 {
			t.Error("nothing was told at all")
		}
	})
}

const (
	mostLines     = 6
	mostAtOneLine = 5
	bits          = mostLines * (mostAtOneLine + 1) // a figure's digits: the households' parts, and the cooperative's of each line
)

// paidLine is a settled line: who bought what it is of, when, and who got a part.
type paidLine struct {
	buyer, county string
	month         int
	households    []string
}

// bookkeeper settles orders by drawn numbers and keeps every figure that somebody without the right could see.
type bookkeeper struct {
	*rapid.T
	db      *store.DB
	s       *Service
	ctx     context.Context
	now     time.Time
	id      string // prefix of this run's own ids
	months  []time.Time
	lines   []paidLine
	orders  []Order
	payouts []string
	seen    map[int64]string // figure -> where it was seen
}

func newBooks(t *rapid.T, db *store.DB) *bookkeeper {
	b := &bookkeeper{T: t, db: db, s: NewService(Deps{DB: db}), id: store.NewID(), seen: map[int64]string{}}
	for m := range 3 {
		b.months = append(b.months, time.Date(2020, time.Month(2+m), 1, 0, 0, 0, 0, china))
	}
	b.now = b.months[0]
	b.tx(func(ctx context.Context, tx store.Tx) error {
		for _, p := range []string{"seller", "b0", "b1"} {
			b.insert(ctx, tx, "parties", "id, kind, name, name_en, uscc, place_name, adcode, lon_e6, lat_e6, created_at, created_by", b.id+p, "coop", p, "", "", "", "", 0, 0, 0, "")
		}
		b.insert(ctx, tx, "campaigns", "id, donor_id, title, named_use, goal_grams, goal_fen, reference, act, reported_at, version, created_at, created_by, updated_at",
			b.id+"gift", b.id+"b0", "gift", "food", 0, 0, b.id, "open", 0, 1, 0, "", 0)
		return nil
	})
	return b
}

func (b *bookkeeper) month(n int) time.Time { return b.months[0].AddDate(0, n, 0) }

func (b *bookkeeper) tx(act func(ctx context.Context, tx store.Tx) error) {
	b.ctx = auth.WithTime(context.Background(), b.now)
	if err := b.db.InTx(b.ctx, func(tx store.Tx) error { return act(b.ctx, tx) }); err != nil {
		b.Fatal(err)
	}
}

func (b *bookkeeper) insert(ctx context.Context, tx store.Tx, table, columns string, values ...any) {
	if err := store.Exec(ctx, tx, `INSERT INTO `+table+` (`+columns+`) VALUES (`+store.Marks(1, len(values))+`)`, values...); err != nil {
		b.Fatal(err)
	}
}

// settle settles an order of one or two lines at the present moment or later, and pays out what some got.
func (b *bookkeeper) settle() {
	m := max(rapid.IntRange(0, len(b.months)-1).Draw(b.T, "month"), int(b.now.Month())-2)
	b.now = maxTime(b.now.Add(time.Hour), b.month(m).Add(time.Hour))
	o := Order{ID: store.NewID(), Buyer: b.id + rapid.SampledFrom([]string{"b0", "b1"}).Draw(b.T, "buyer"), Seller: b.id + "seller", Act: Confirmed, Reference: store.NewID(), OrderedBy: "u"}
	if rapid.Bool().Draw(b.T, "gift") {
		o.Campaign = b.id + "gift"
	}
	st := Settlement{Order: o.ID}
	b.tx(func(ctx context.Context, tx store.Tx) error {
		for range rapid.IntRange(1, 2).Draw(b.T, "lines") {
			l := b.line(ctx, tx, &o)
			st.Lines = append(st.Lines, l...)
			st.Total += l[0].Fen
		}
		return b.post(ctx, tx, o, st)
	})
	b.orders = append(b.orders, o)
}

// line makes a line of the order and what it pays.
func (b *bookkeeper) line(ctx context.Context, tx store.Tx, o *Order) []SettlementLine {
	k := len(b.lines)
	p := paidLine{buyer: o.Buyer, county: rapid.SampledFrom([]string{b.county(0), b.county(1)}).Draw(b.T, "county"), month: int(b.now.Month()) - 2}
	pool := rapid.Permutation([]string{"h1", "h2", "h3", "h4", "h5"}).Draw(b.T, "pool")
	p.households = pool[:rapid.IntRange(1, mostAtOneLine).Draw(b.T, "households")]
	b.lines = append(b.lines, p)
	l := Line{ID: store.NewID(), N: len(o.Lines), Lot: store.NewID(), Offer: store.NewID(), Grams: 1}
	b.insert(ctx, tx, "lots", "id, party_id, produce, grade, packing, packs, pack_grams, weighed_grams, harvested_on, place_name, adcode, lon_e6, lat_e6, certificate, certificate_at, source_line, evidence, mandate, created_at, created_by",
		l.Lot, o.Seller, "apple", "", "", 0, 0, 1, "", "", p.county, 0, 0, "", 0, "", "", "", 0, "")
	b.insert(ctx, tx, "offers", "id, lot_id, seller_id, price_e4, gift, benefit_e4, min_grams, pickup_from, pickup_to, expires_at, poverty, act, version, mandate, created_at, created_by, updated_at",
		l.Offer, l.Lot, o.Seller, 0, false, 0, 0, 0, 0, 0, false, "published", 1, "", 0, "", 0)
	o.Lines = append(o.Lines, l)
	goods := SettlementLine{Kind: GoodsLine, Line: l.ID, Party: o.Seller, Grams: 1, Fen: 1 << (mostLines*mostAtOneLine + k)}
	out := []SettlementLine{goods, goods}
	out[1].Kind, out[1].Account = CoopLine, Payable(o.Seller)
	for i, h := range p.households {
		fen := measure.Fen(1) << (k*mostAtOneLine + i)
		out = append(out, SettlementLine{Kind: BenefitLine, Line: l.ID, Party: b.id + h, Grams: 1, Fen: fen, Account: Benefit(b.id + h)})
		out[0].Fen += fen
	}
	return out
}

// county is one of this run alone.
func (b *bookkeeper) county(n int) string { return b.id[len(b.id)-5:] + fmt.Sprint(n) }

func (b *bookkeeper) post(ctx context.Context, tx store.Tx, o Order, st Settlement) error {
	if err := insertOrder(ctx, tx, o, "u"); err != nil {
		return err
	}
	paid := ledger.Entry{ClientID: o.ID + "/paid", At: millis(b.now), Actor: "u", Kind: "paid", Subject: "order/" + o.ID, Use: useOf(o), Postings: []ledger.Posting{inFen("world/bank", Escrow(o.ID), st.Total)}}
	if _, _, err := ledger.Post(ctx, tx, paid); err != nil {
		return err
	}
	if err := b.s.divide(ctx, tx, auth.System("u"), o, st, millis(b.now)); err != nil {
		return err
	}
	if err := insertSettlement(ctx, tx, st); err != nil {
		return err
	}
	if _, err := setSettled(ctx, tx, o.ID, millis(b.now)); err != nil {
		return err
	}
	if err := record(ctx, tx, auth.System("u"), deed{act: "order.settle", subject: "order/" + o.ID, at: millis(b.now), after: st}); err != nil {
		return err
	}
	for _, account := range []string{Payable(o.Seller), st.Lines[2].Account} {
		if held, err := fen(ctx, tx, account); err != nil || held > 0 && rapid.Bool().Draw(b.T, "paid out") {
			p := payment.Payout{ID: store.NewID(), Fen: held}
			b.payouts = append(b.payouts, p.ID)
			if err = b.s.postPayout(ctx, tx, auth.System("u"), p, "begun", account, Transit(p.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

var operatorAlone = auth.Actor{User: "op", Grants: []auth.Grant{{Role: auth.Operator}}}

func (b *bookkeeper) saw(where string, fen measure.Fen) {
	if fen != 0 {
		b.seen[int64(fen)] = where
	}
}

// look reads everything that those without the right may read now.
func (b *bookkeeper) look() {
	b.ctx = auth.WithTime(context.Background(), b.now)
	for _, o := range b.orders {
		buyer := auth.Actor{User: "u-" + o.Buyer, Grants: []auth.Grant{{Role: auth.Buyer, Party: o.Buyer}}}
		for _, by := range []auth.Actor{buyer, operatorAlone} {
			st, err := b.s.Settlement(b.ctx, by, o.ID)
			b.must(err)
			b.sawSettlement("settlement", st)
		}
		b.lookAtReports(buyer, ReliefFilter{Buyer: o.Buyer})
		b.lookAtJournal("order/"+o.ID, "")
		b.lookAtJournal("", Escrow(o.ID))
		events, err := b.s.Audit(b.ctx, operatorAlone, "order/"+o.ID)
		b.must(err)
		for _, e := range events {
			var st Settlement
			b.must(json.Unmarshal(e.After, &st))
			b.sawSettlement("audit", st)
		}
	}
	b.lookAtReports(operatorAlone, ReliefFilter{County: b.county(0)})
	b.lookAtReports(operatorAlone, ReliefFilter{County: b.county(1)})
	b.lookAtJournal("", Payable(b.id+"seller"))
	for _, p := range b.payouts {
		b.lookAtJournal("payout/"+p, "")
	}
	g, err := b.s.GiftReport(b.ctx, b.id+"gift")
	b.must(err)
	b.saw("gift goods", g.Money.Goods)
	b.saw("gift benefit", g.Money.Benefit)
}

func (b *bookkeeper) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bookkeeper) sawSettlement(where string, st Settlement) {
	b.saw(where, st.Total)
	for _, l := range st.Lines {
		b.saw(where+" "+string(l.Kind), l.Fen)
	}
}

// lookAtReports asks for a county or for all, from a month on, until one.
func (b *bookkeeper) lookAtReports(by auth.Actor, f ReliefFilter) {
	if f.County == "" {
		f.County = rapid.SampledFrom([]string{"", b.county(0), b.county(1)}).Draw(b.T, "county asked for")
	}
	from, to := rapid.IntRange(0, 2).Draw(b.T, "from"), rapid.IntRange(1, 3).Draw(b.T, "to")
	f.From, f.To = millis(b.month(from)), millis(b.month(max(to, from+1)))
	rows, err := b.s.Relief(b.ctx, by, f)
	b.must(err)
	for _, r := range rows {
		b.saw("report", r.Fen)
		b.saw("report's benefit", r.Benefit)
	}
	for _, figure := range []ReliefFigure{ReliefFen, ReliefBenefit} {
		lines, err := b.s.ReliefLines(b.ctx, by, f, figure, "")
		b.must(err)
		for _, l := range lines {
			b.saw("report's line", l.Fen)
			b.saw("report's line's benefit", l.Benefit)
			for _, p := range l.Postings {
				b.saw("report's posting", p.Fen)
			}
		}
	}
}

func (b *bookkeeper) lookAtJournal(subject, account string) {
	list, err := b.s.Journal(b.ctx, operatorAlone, subject, account, "")
	b.must(err)
	for _, e := range list {
		for _, p := range e.Postings {
			b.saw("journal", measure.Fen(p.Amount))
		}
	}
}

// atoms gives the digits of each atom that is told when all months are over, by the rule said in words.
func (b *bookkeeper) atoms() (out [][]int) {
	rest, of := map[string][]int{}, map[string]map[string]bool{}
	for k, l := range b.lines {
		var digits []int
		for i := range l.households {
			digits = append(digits, k*mostAtOneLine+i)
		}
		if len(l.households) >= 3 {
			out = append(out, digits)
			continue
		}
		cell := fmt.Sprint(l.buyer, l.county, l.month)
		rest[cell] = append(rest[cell], digits...)
		for _, h := range l.households {
			if of[cell] == nil {
				of[cell] = map[string]bool{}
			}
			of[cell][h] = true
		}
	}
	for cell, digits := range rest {
		if len(of[cell]) >= 3 {
			out = append(out, digits)
		}
	}
	return out
}

// check fails when a combination of the figures is a part of an atom, or of what is in none. It gives how many atoms were told.
func (b *bookkeeper) check() (told int) {
	atoms := b.atoms()
	for fen, where := range b.seen {
		if fen>>(mostLines*mostAtOneLine) == 0 && !whole(atoms, digitsOf(fen)) {
			b.Fatalf("%s shows the parts %b; atoms are %v of %+v", where, fen, atoms, b.lines)
		}
	}
	for _, row := range withoutCoop(b.seen) {
		if !whole(atoms, row) {
			b.Fatalf("what is shown comes down to %v; atoms are %v of %+v", row, atoms, b.lines)
		}
	}
	for _, l := range b.lines {
		b.cellTellsAll(l, atoms)
	}
	return len(atoms)
}

// cellTellsAll fails when the report of one buyer, county and month is not the sum of its atoms.
func (b *bookkeeper) cellTellsAll(of paidLine, atoms [][]int) {
	var want measure.Fen
	for _, a := range atoms {
		if l := b.lines[a[0]/mostAtOneLine]; l.buyer == of.buyer && l.county == of.county && l.month == of.month {
			want += measure.Fen(fenOf(a))
		}
	}
	rows, err := b.s.Relief(b.ctx, operatorAlone, ReliefFilter{Buyer: of.buyer, County: of.county, From: millis(b.month(of.month)), To: millis(b.month(of.month + 1))})
	b.must(err)
	if len(rows) != 1 || rows[0].Benefit != want {
		b.Fatalf("the report of %+v is %+v, want %d; atoms are %v", of, rows, want, atoms)
	}
}

func fenOf(digits []int) (fen int64) {
	for _, d := range digits {
		fen |= 1 << d
	}
	return fen
}

func digitsOf(fen int64) []*big.Rat {
	out := make([]*big.Rat, bits)
	for d := range out {
		out[d] = big.NewRat(fen>>d&1, 1)
	}
	return out
}

// whole reports whether a combination of parts is one of whole atoms: the same of each part of an atom, nothing of others.
func whole(atoms [][]int, row []*big.Rat) bool {
	in := map[int]bool{}
	for _, a := range atoms {
		for _, d := range a {
			in[d] = true
			if row[d].Cmp(row[a[0]]) != 0 {
				return false
			}
		}
	}
	for d, r := range row {
		if r.Sign() != 0 && !in[d] {
			return false
		}
	}
	return true
}

// withoutCoop gives what all sums and differences of figures come down to in which no cooperative's part is left (Gauss).
func withoutCoop(seen map[int64]string) (left [][]*big.Rat) {
	var rows [][]*big.Rat
	for fen := range seen {
		rows = append(rows, digitsOf(fen))
	}
	for col := bits - 1; col >= 0; col-- { // the cooperative's come first
		i := slices.IndexFunc(rows, func(r []*big.Rat) bool { return r[col].Sign() != 0 })
		if i < 0 {
			continue
		}
		pivot := rows[i]
		rows = slices.Delete(rows, i, i+1)
		if col < mostLines*mostAtOneLine {
			left = append(left, pivot)
		}
		for _, r := range rows {
			by := new(big.Rat).Quo(r[col], pivot[col])
			for d := range r {
				r[d].Sub(r[d], new(big.Rat).Mul(by, pivot[d]))
			}
		}
	}
	return left
}
