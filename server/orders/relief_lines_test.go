package orders_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// openFigure walks what makes up a figure, and checks that each line's postings sum to its part and stand in the journal as they are shown.
func (w *world) openFigure(by auth.Actor, f orders.ReliefFilter, figure orders.ReliefFigure) (sum int64, lines []orders.ReliefLine) {
	w.t.Helper()
	for after := ""; ; {
		page, err := w.orders.ReliefLines(w.ctx, by, f, figure, after)
		if page = get(w.t, page, err); len(page) == 0 {
			return sum, lines
		}
		if len(lines) > 1000 {
			w.t.Fatalf("the lines of %s don't end", figure)
		}
		for _, l := range page {
			part := map[orders.ReliefFigure]int64{orders.ReliefFen: int64(l.Fen), orders.ReliefGrams: int64(l.Grams), orders.ReliefBenefit: int64(l.Benefit)}[figure]
			var moved int64
			for _, p := range l.Postings {
				moved += int64(p.Fen) + int64(p.Grams)
				w.inJournal(p)
			}
			if moved != part {
				w.t.Errorf("%s of %s is %d, its postings make %d: %+v", figure, l.ID, part, moved, l.Postings)
			}
			sum += part
		}
		lines, after = append(lines, page...), page[len(page)-1].ID
	}
}

// inJournal looks a posting up in its entry; sums of households stand in none.
func (w *world) inJournal(p orders.ReliefPosting) {
	w.t.Helper()
	if p.To == orders.Benefit("") || p.Few {
		return
	}
	list, err := ledger.EntriesOf(w.ctx, w.db.Read(), "", p.To, "")
	for _, e := range get(w.t, list, err) {
		for _, have := range e.Postings {
			if e.ID == p.Entry && e.At == p.At && have.From == p.From && have.To == p.To && have.Amount == max(int64(p.Fen), int64(p.Grams), -int64(p.Grams)) {
				return
			}
		}
	}
	w.t.Errorf("the journal has no %+v", p)
}

// Whatever is asked for, the lines behind a figure of the report sum to it, and so do their postings: to whoever sees households, and to
// whoever sees their sums alone.
func TestEachFigureOfTheReliefReportOpensItsPostings(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db) // on 1 February
		many, few := w.poor(61_234, "h1", "h2", "h3"), w.poor(60_000, "h1", "h2")
		china := time.FixedZone("+08", 8*60*60)
		for i, m := range []time.Month{time.February, time.March, time.March, time.April} {
			w.at(time.Date(2020, m, 1, 0, 0, i, 0, china))
			w.settle(w.buy(many, 7*kg+measure.Grams(i)*333), 7*kg+measure.Grams(i)*333)
		}
		w.at(time.Date(2020, time.April, 2, 0, 0, 0, 0, china))
		w.settle(w.buy(few, 60*kg), 60*kg)
		w.at(time.Date(2020, time.May, 1, 0, 0, 0, 0, china))
		small := w.buy(few, 50*kg) // two households alone in May: in no sum
		w.haul(small.Lines[0].To[0].ID, "claimed", 50*kg, 50*kg, 49*kg, kg)
		_, err := w.orders.HandOut(w.ctx, union, "", small.Lines[0].To[0].Demand, "食堂", 40*kg)
		get(t, 0, err)
		bad := claim(small, 10*kg)
		bad.Consignment = "claimed"
		c, err := w.orders.MakeClaim(w.ctx, union, bad)
		c = get(t, c, err)
		_, err = w.orders.AgreeClaim(w.ctx, liulin, c.ID, 10*kg)
		get(t, 0, err)
		_, err = w.orders.Settle(w.ctx, finance, small.ID)
		get(t, 0, err)
		// What is found later leaves the settlement, and so the report, as it is.
		_, err = w.orders.Correct(w.ctx, operator, orders.CorrectionInput{Order: small.ID, Consignment: "claimed", Accepted: 30 * kg, Reason: "the scale was wrong"})
		get(t, 0, err)

		month := func(m time.Month) measure.Millis {
			return measure.Millis(time.Date(2020, m, 1, 0, 0, 0, 0, china).UnixMilli())
		}
		for _, f := range []orders.ReliefFilter{{}, {County: "610322"}, {From: month(time.March), To: month(time.April)}, {From: month(time.May)}, {From: month(time.June)}} {
			f.Buyer = "firm"
			for name, by := range map[string]auth.Actor{"auditor": auditor, "firm": firm, "operator": operator} {
				rows, err := w.orders.Relief(w.ctx, by, f)
				want := map[orders.ReliefFigure]int64{}
				for _, r := range get(t, rows, err) {
					want[orders.ReliefFen] += int64(r.Fen)
					want[orders.ReliefGrams] += int64(r.Grams)
					want[orders.ReliefBenefit] += int64(r.Benefit)
				}
				for _, figure := range []orders.ReliefFigure{orders.ReliefFen, orders.ReliefGrams, orders.ReliefBenefit} {
					if got, _ := w.openFigure(by, f, figure); got != want[figure] {
						t.Errorf("%s of %+v for %s is %d, opened it makes %d", figure, f, name, want[figure], got)
					}
				}
			}
		}
		w.verify()
	})
}

// Households stand alone for finance and auditors only. Others get an order line's sum where it has three households or more; where it has
// fewer, these stand in the seller's part, and count with others of their month when that is over and they are three together.
func TestTheReportsPostingsTellNoHousehold(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.settle(w.buy(w.poor(60_000, "h1", "h2"), 60*kg), 60*kg)
		w.settle(w.buy(w.poor(60_000, "h1", "h2", "h3"), 90*kg), 90*kg)
		w.settle(w.buy(w.poor(60_000, "h3"), 30*kg), 30*kg)
		f := orders.ReliefFilter{Buyer: "firm"}
		_, lines := w.openFigure(firm, f, orders.ReliefFen)
		if got := said(lines); got != "coop payable/liulin 18000 few;coop payable/liulin 52200,benefit benefit/ 1800;coop payable/liulin 36000 few" {
			t.Errorf("the buyer sees %s", got)
		}
		many := "benefit benefit/h1 600,benefit benefit/h2 600,benefit benefit/h3 600"
		sees := func(benefit measure.Fen, few bool, buyer, auditors string) {
			t.Helper()
			rows, err := w.orders.Relief(w.ctx, operator, f)
			if r := get(t, rows, err)[0]; r.Benefit != benefit || r.Few != few || r.Households != 3 {
				t.Errorf("the report says %+v", r)
			}
			_, lines = w.openFigure(firm, f, orders.ReliefBenefit)
			if got := said(lines); got != buyer {
				t.Errorf("the buyer sees %s", got)
			}
			_, lines = w.openFigure(auditor, f, orders.ReliefBenefit)
			if got := said(lines); got != auditors {
				t.Errorf("the auditor sees %s", got)
			}
		}
		sees(18_00, true, "benefit benefit/ 1800", many)
		w.at(time.Date(2020, time.March, 1, 0, 0, 0, 0, time.FixedZone("+08", 8*60*60)))
		sees(36_00, false, "benefit benefit/ 1800;benefit benefit/ 1800", "benefit benefit/h3 600;"+many+";benefit benefit/h1 600,benefit benefit/h2 600")
		if lines[0].Order == "" {
			t.Errorf("an auditor sees a month: %+v", lines[0])
		}
		for _, by := range []auth.Actor{liulin, donor} {
			_, err := w.orders.ReliefLines(w.ctx, by, f, orders.ReliefFen, "")
			wantFault(t, err, "no_such_party", "buyer")
		}
		_, err := w.orders.ReliefLines(w.ctx, auditor, orders.ReliefFilter{From: 1}, orders.ReliefFen, "")
		wantFault(t, err, "whole_months", "from")
	})
}

// A settlement of which the journal says something else is shown to nobody: by sum, by account, or by a posting that is gone.
func TestASettlementThatIsNotInItsEntryIsNotShown(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"another sum":     `UPDATE settlement_lines SET fen = fen + 1 WHERE kind = 'coop'`,
		"another account": `UPDATE settlement_lines SET account = 'payable/biaojiao' WHERE kind = 'coop'`,
		"no posting":      `DELETE FROM ledger_postings WHERE to_account = 'benefit/h3'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.settle(w.buy(w.poor(60_000, "h1", "h2", "h3"), 90*kg), 90*kg)
				w.do(func(tx store.Tx) error { return store.Exec(w.ctx, tx, change) })
				for _, figure := range []orders.ReliefFigure{orders.ReliefFen, orders.ReliefBenefit} {
					if _, err := w.orders.ReliefLines(w.ctx, auditor, orders.ReliefFilter{}, figure, ""); err == nil || !strings.Contains(err.Error(), "is not in its entry") {
						t.Errorf("%s: %v", figure, err)
					}
				}
			})
		})
	}
}

func said(lines []orders.ReliefLine) string {
	var out []string
	for _, l := range lines {
		var parts []string
		for _, p := range l.Postings {
			text := fmt.Sprintf("%s %s %d", p.Kind, p.To, p.Fen)
			if p.Few {
				text += " few"
			}
			parts = append(parts, text)
		}
		out = append(out, strings.Join(parts, ","))
	}
	return strings.Join(out, ";")
}

// More than a page of lines is opened to its end.
func TestAFigureOfManyLinesIsOpenedToItsEnd(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		offer := w.poor(60_000, "h1", "h2", "h3")
		for range 101 {
			w.settle(w.buy(offer, kg), kg)
		}
		for figure, want := range map[orders.ReliefFigure]int64{orders.ReliefFen: 606_00, orders.ReliefGrams: 101_000, orders.ReliefBenefit: 20_20} {
			sum, lines := w.openFigure(auditor, orders.ReliefFilter{}, figure)
			seen := map[string]bool{}
			for _, l := range lines {
				seen[l.ID] = true
			}
			if sum != want || len(seen) != 101 {
				t.Errorf("%s: %d in %d lines", figure, sum, len(seen))
			}
		}
	})
}
