package orders_test

import (
	"fmt"
	"strings"
	"testing"

	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/sheet"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// sale is a confirmed plain sale of 1,000 kg at 6 yuan/kg: 6,000.00 yuan to pay.
func (w *world) sale() orders.Order {
	w.t.Helper()
	return w.saleOf(w.lot(liulin, "liulin", "apple", 1000*kg))
}

// saleOf is the same sale of a lot of 1,000 kg or more.
func (w *world) saleOf(l market.Lot) orders.Order {
	w.t.Helper()
	o := w.offer(liulin, market.OfferInput{Lot: l.ID, Price: 60_000})
	d := w.need(union, "union", "apple", 1000*kg)
	v, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Lines: []orders.LineInput{line(o, 1000*kg, to(d, 1000*kg))}})
	v = get(w.t, v, err)
	v, err = w.orders.Confirm(w.ctx, liulin, v.ID)
	return get(w.t, v, err)
}

// statement reads a table and books it.
func (w *world) statement(name, table string) (orders.Statement, error) {
	w.t.Helper()
	st, err := w.orders.ReadStatement(w.ctx, finance, orders.StatementInput{ClientID: name, Name: name, Data: []byte(table)})
	for err == nil && st.Taken < st.Good {
		st, err = w.orders.ConfirmStatement(w.ctx, finance, st.ID, true)
	}
	return st, err
}

// Most banks part in from out; this one has its own number, a day beside a time, and remarks in two columns.
const bankHead = "交易日期,交易时间,借方发生额,贷方发生额,余额,对方户名,摘要,附言,交易流水号\n"

func TestStatementPaysWhatItsLinesQuote(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.sale()
		table := bankHead +
			"2020-02-01,08:30:00,,\"6,000.00\",9000.00,Donor A,汇款,货款 " + strings.ToLower(o.Reference) + ",S1\n" +
			"2020-02-01,08:31:00,,500.00,9500.00,Somebody,汇款,no word,S2\n" +
			"2020-02-01,08:32:00,12.00,,9488.00,Bank,手续费,,S3\n" +
			"2020-02-31,08:33:00,,5.00,9493.00,X,,,S4\n" +
			"2020-02-01,08:34:00,,=1+1,9493.00,X,,,S5\n"
		read, err := w.orders.ReadStatement(w.ctx, finance, orders.StatementInput{Name: "feb.csv", Data: []byte(table)})
		read = get(t, read, err)
		if read.Good != 2 || read.Passed != 1 || read.Wrong != 2 || read.Rows[0].For != payment.ForOrder || read.Rows[0].ForID != o.ID || read.Rows[1].For != "" {
			t.Fatalf("read %+v", read)
		}
		// The cells are named as the file names them.
		if f := read.Faults; f[0].Row != 5 || f[0].Column != "交易日期" || f[0].Code != "bad_date" || f[1].Row != 6 || f[1].Column != "贷方发生额" || f[1].Code != "formula" {
			t.Errorf("faults %+v", f)
		}
		if w.fen(orders.Escrow(o.ID)) != 0 {
			t.Error("reading booked something")
		}
		_, err = w.orders.ConfirmStatement(w.ctx, finance, read.ID, false)
		wantFault(t, err, "rows_wrong", "without_wrong")
		done, err := w.orders.ConfirmStatement(w.ctx, finance, read.ID, true)
		if done = get(t, done, err); done.State() != "imported" {
			t.Errorf("state %s", done.State())
		}
		if got := w.fen(orders.Escrow(o.ID)); got != 600_000 {
			t.Errorf("escrow %s", got)
		}
		// The same file again, and the same rows in a larger one: nothing is taken twice.
		again, err := w.statement("again.csv", table)
		if again = get(t, again, err); again.Good != 0 || again.Known != 2 {
			t.Errorf("again %+v", again)
		}
		_, err = w.orders.ReadStatement(w.ctx, donor, orders.StatementInput{Name: "feb.csv", Data: []byte(table)})
		wantFault(t, err, "finance_only", "")
		w.verify()
	})
}

// Two statements that were read before either was booked bring their common line once.
func TestStatementsThatOverlapBringALineOnce(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.sale()
		row := "2020-02-01," + o.Reference + ",1000.00,Donor A\n"
		table := "日期,附言,金额,付款人\n" + row + row // two equal payments on one day, without a number
		var ids []string
		for _, name := range []string{"a.csv", "b.csv"} {
			st, err := w.orders.ReadStatement(w.ctx, finance, orders.StatementInput{Name: name, Data: []byte(table)})
			if st = get(t, st, err); st.Good != 2 {
				t.Fatalf("%s: %+v", name, st)
			}
			ids = append(ids, st.ID)
		}
		for _, id := range ids {
			must(t)(w.orders.ConfirmStatement(w.ctx, finance, id, false))
		}
		if got := w.fen(orders.Escrow(o.ID)); got != 200_000 {
			t.Errorf("escrow %s, two payments of 1,000.00 came", got)
		}
		// The second statement brought nothing of its own: taking it back changes nothing.
		must(t)(w.orders.UndoStatement(w.ctx, finance, ids[1]))
		if got := w.fen(orders.Escrow(o.ID)); got != 200_000 {
			t.Errorf("escrow %s after taking back a statement that brought nothing", got)
		}
		w.verify()
	})
}

func TestUndoOfAStatement(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.sale()
		var b strings.Builder
		b.WriteString("日期,附言,金额,付款人,流水号\n")
		for i := range 600 { // three pieces
			fmt.Fprintf(&b, "2020-02-01,%s,%d.00,X,S%d\n", map[bool]string{true: o.Reference}[i == 599], i+1, i)
		}
		st, err := w.statement("wrong-account.csv", b.String())
		st = get(t, st, err)
		if in := w.fen("world/bank"); in != -18_030_000 { // 600 x 601 / 2 yuan
			t.Fatalf("came in %s", in)
		}
		for st.Taken > 0 {
			if st, err = w.orders.UndoStatement(w.ctx, finance, st.ID); err != nil {
				t.Fatal(describe(err))
			}
		}
		if in, held := w.fen("world/bank"), w.fen(orders.Escrow(o.ID)); in != 0 || held != 0 || st.State() != "undone" {
			t.Errorf("bank %s, escrow %s, %s", in, held, st.State())
		}
		_, err = w.orders.ConfirmStatement(w.ctx, finance, st.ID, true)
		wantFault(t, err, "import_undone", "")
		// The right file may bring the same numbers.
		st, err = w.statement("right.csv", "日期,附言,金额,流水号\n2020-02-01,"+o.Reference+",6000,S1\n")
		st = get(t, st, err)
		if got := w.fen(orders.Escrow(o.ID)); got != 600_000 {
			t.Errorf("escrow %s", got)
		}
		// Goods go out on this money: it can't be taken back any more, and nothing is half taken back.
		w.haul(o.Lines[0].To[0].ID, "c1", 1000*kg, 1000*kg, 1000*kg, 0)
		_, err = w.orders.UndoStatement(w.ctx, finance, st.ID)
		wantFault(t, err, "built_on", "")
		if got := w.fen(orders.Escrow(o.ID)); got != 600_000 {
			t.Errorf("escrow %s after a refused undo", got)
		}
		w.verify()
	})
}

func TestSuggestionsForALineThatQuotesNothingKnown(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		near, other := w.sale(), w.sale()
		slip := []byte(near.Reference)
		slip[5], slip[6] = slip[6], slip[5]
		if slip[5] == slip[6] {
			slip[5] = map[bool]byte{true: '2', false: '3'}[slip[5] == '3']
		}
		st, err := w.statement("s.csv", "日期,附言,金额,付款人,流水号\n2020-02-01,"+string(slip)+",6000.00,Donor A,S1\n2020-02-01,,5999.99,Nobody,S2\n")
		get(t, st, err)
		lines, err := w.orders.BankLines(w.ctx, finance, "", true)
		if lines = get(t, lines, err); len(lines) != 2 {
			t.Fatalf("%d unmatched lines", len(lines))
		}
		list, err := w.orders.Suggest(w.ctx, finance, lines[0].ID)
		list = get(t, list, err)
		if len(list) != 2 || list[0].ForID != near.ID || len(list[0].Hints) != 3 || list[1].ForID != other.ID || len(list[1].Hints) != 2 {
			t.Errorf("suggestions %+v", list)
		}
		none, err := w.orders.Suggest(w.ctx, finance, lines[1].ID)
		if none = get(t, none, err); len(none) != 0 {
			t.Errorf("suggestions out of nothing: %+v", none)
		}
		must(t)(w.orders.MatchBank(w.ctx, finance, lines[0].ID, list[0].Reference))
		if got := w.fen(orders.Escrow(near.ID)); got != 600_000 {
			t.Errorf("escrow %s", got)
		}
	})
}

// Money that quotes an order that is over is owed back to its buyer, and what the file says of another currency is never booked.
func TestAStatementOfWhatIsOver(t *testing.T) {
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		over, open := w.sale(), w.sale()
		must(t)(w.orders.Cancel(w.ctx, donor, over.ID, "no need"))
		st, err := w.statement("s.csv", "日期,附言,金额,币种,付款人,流水号\n2020-02-01,"+over.Reference+",6000.00,CNY,Donor A,S1\n2020-02-01,"+open.Reference+",6000.00,USD,Donor A,S2\n")
		if st = get(t, st, err); st.Taken != 1 || st.Wrong != 1 || st.Faults[0].Row != 3 || st.Faults[0].Column != "币种" || st.Faults[0].Code != "statement_currency" {
			t.Errorf("%+v", st)
		}
		if a, b, owed := w.fen(orders.Escrow(over.ID)), w.fen(orders.Escrow(open.ID)), w.fen(orders.Refund("donor")); a != 0 || b != 0 || owed != 600_000 {
			t.Errorf("escrows %s and %s, owed back %s", a, b, owed)
		}
		w.verify()
	})
}

// TestAStatementOf100000Rows reads the largest statement and books its first piece.
func TestAStatementOf100000Rows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	row := "2020-02-01,,1.00,X\n"
	st, err := w.orders.ReadStatement(w.ctx, finance, orders.StatementInput{Name: "year.csv", Data: []byte("日期,附言,金额,付款人\n" + strings.Repeat(row, sheet.MaxRows))})
	if st = get(t, st, err); st.Good != sheet.MaxRows || len(st.Rows) != 50 {
		t.Fatalf("%d rows, %d shown, %+v", st.Good, len(st.Rows), st.Faults)
	}
	st, err = w.orders.ConfirmStatement(w.ctx, finance, st.ID, false)
	if st = get(t, st, err); st.State() != "importing" || w.fen(market.Bank) != -250_00 {
		t.Errorf("%s, the bank gave %s: a piece of 250 is booked at once, whatever the size of the table", st.State(), w.fen(market.Bank))
	}
	_, err = w.orders.ReadStatement(w.ctx, finance, orders.StatementInput{Name: "year.csv", Data: []byte("日期,附言,金额,付款人\n" + strings.Repeat(row, sheet.MaxRows+1))})
	wantFault(t, err, "too_many_rows", "file")
}
