package orders_test

import (
	"fmt"
	"testing"

	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

func TestStatementSentTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, _ := shipment(t, db)
		statement := []payment.BankLine{
			{ClientID: "a", Reference: "货款 " + o.Reference, Fen: 1_000_00, PaidAt: w.now(), Payer: "A"},
			{ClientID: "b", Reference: "apples", Fen: 7_00, PaidAt: w.now(), Payer: "B"},
		}
		for range 2 {
			kept, err := w.orders.ImportBank(w.ctx, finance, statement)
			if kept = get(t, kept, err); kept[0].ForID != o.ID || kept[1].ForID != "" {
				t.Errorf("%+v", kept)
			}
		}
		list, err := w.orders.BankLines(w.ctx, finance, "", false)
		if list = get(t, list, err); len(list) != 2 || w.fen(orders.Escrow(o.ID)) != 1_000_00 {
			t.Errorf("%d lines, escrow %s", len(list), w.fen(orders.Escrow(o.ID)))
		}
		bank, err := ledger.Balance(w.ctx, db.Read(), ledger.Fen, market.Bank)
		if bank = get(t, bank, err); bank != -1_007_00 {
			t.Errorf("the bank gave %d", bank)
		}
		statement[0].Fen++
		_, err = w.orders.ImportBank(w.ctx, finance, statement)
		wantFault(t, err, "client_id_reused", "lines[0]")
		w.verify()
	})
}

// Too little leaves the rest to be paid, too much is kept aside.
func TestUnderAndOverpaid(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, _ := shipment(t, db) // 600 kg x 6.00
		lacks := func(want measure.Fen) {
			t.Helper()
			v, err := w.orders.Order(w.ctx, donor, o.ID)
			if v = get(t, v, err); v.Lacks != want {
				t.Errorf("%s lacks, want %s", v.Lacks, want)
			}
		}
		lacks(3_600_00)
		w.pay(o.Reference, 3_599_99)
		lacks(1)
		w.pay(o.Reference, 10_00)
		lacks(0)
		if e, over := w.fen(orders.Escrow(o.ID)), w.fen(orders.Overpaid(o.ID)); e != 3_600_00 || over != 9_99 {
			t.Errorf("escrow %s, overpaid %s", e, over)
		}
	})
}

func TestUnmatchedMoneyWaitsUntilSomebodyKnows(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, _ := shipment(t, db)
		l := w.pay("for the apples", 3_600_00)
		if l.ForID != "" || w.fen(orders.Unmatched(l.ID)) != 3_600_00 {
			t.Fatalf("%+v", l)
		}
		_, err := w.orders.MatchBank(w.ctx, finance, l.ID, "JS00000000")
		wantFault(t, err, "unknown_reference", "reference")
		_, err = w.orders.MatchBank(w.ctx, donor, l.ID, o.Reference)
		wantFault(t, err, "finance_only", "")
		_, err = w.orders.MatchBank(w.ctx, finance, l.ID, o.Reference)
		get(t, 0, err)
		_, err = w.orders.MatchBank(w.ctx, finance, l.ID, o.Reference)
		wantFault(t, err, "already_matched", "")
		if w.fen(orders.Escrow(o.ID)) != 3_600_00 || w.fen(orders.Unmatched(l.ID)) != 0 {
			t.Errorf("escrow %s", w.fen(orders.Escrow(o.ID)))
		}
	})
}

// One bad line refuses the whole statement, names itself, and books nothing.
func TestBadStatementBooksNothing(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, _ := shipment(t, db)
		good := payment.BankLine{ClientID: "a", Reference: o.Reference, Fen: 1_00, PaidAt: w.now()}
		for field, bad := range map[string]payment.BankLine{
			"lines[1].amount":    {ClientID: "b", Fen: -1, PaidAt: w.now()},
			"lines[1].client_id": {Fen: 1, PaidAt: w.now()},
			"lines[1].paid_at":   {ClientID: "b", Fen: 1, PaidAt: w.now() + 1},
			"lines[1].reference": {ClientID: "b", Fen: 1, PaidAt: w.now(), Reference: "\xff"},
		} {
			_, err := w.orders.ImportBank(w.ctx, finance, []payment.BankLine{good, bad})
			if err == nil || w.fen(orders.Escrow(o.ID)) != 0 {
				t.Errorf("%s: %v, escrow %s", field, err, w.fen(orders.Escrow(o.ID)))
			}
			wantFault(t, err, codeOf(field), field)
		}
		_, err := w.orders.ImportBank(w.ctx, donor, []payment.BankLine{good})
		wantFault(t, err, "finance_only", "")
	})
}

func codeOf(field string) string {
	return map[string]string{
		"lines[1].amount": "bad_money", "lines[1].client_id": "required", "lines[1].paid_at": "paid_ahead", "lines[1].reference": "bad_text",
	}[field]
}

// Money of a campaign pays its confirmed orders, the oldest first, and nothing else.
func TestFundPaysItsOwnOrdersOnly(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		s.pay(s.campaign.Reference, 61_000_00)
		if a, o := s.fen(orders.Escrow(s.appleOrder.ID)), s.fen(orders.Escrow(s.onionOrder.ID)); a != 60_000_00 || o != 1_000_00 {
			t.Errorf("escrows %s and %s", a, o)
		}
		// The escrow keeps the restriction: its money can't be moved to a private purse, even by a posting that names no use.
		err := s.tx(func(tx store.Tx) error {
			_, _, err := ledger.Post(s.ctx, tx, ledger.Entry{ClientID: "theft", At: s.now(), Actor: "x", Kind: "paid", Subject: "x",
				Postings: []ledger.Posting{{Unit: ledger.Fen, From: orders.Escrow(s.appleOrder.ID), To: "payable/friend", Amount: 1}}})
			return err
		})
		wantFault(t, err, "restricted_use", "")
	})
}

// Two hundred payments of many sizes: every fen that came in is in one account.
func TestEveryFenIsSomewhere(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, _, o, _ := shipment(t, db)
		var in measure.Fen
		var lines []payment.BankLine
		for i := range 200 {
			l := payment.BankLine{ClientID: fmt.Sprint("x", i), Fen: measure.Fen(i*i%977 + 1), PaidAt: w.now(), Payer: "p"}
			if i%3 > 0 {
				l.Reference = o.Reference
			}
			lines, in = append(lines, l), in+l.Fen
		}
		_, err := w.orders.ImportBank(w.ctx, finance, lines)
		get(t, 0, err)
		waiting, err := ledger.BalancesPrefix(w.ctx, db.Read(), ledger.Fen, "unmatched/")
		sum := w.fen(orders.Escrow(o.ID)) + w.fen(orders.Overpaid(o.ID))
		for _, n := range get(t, waiting, err) {
			sum += measure.Fen(n)
		}
		if sum != in {
			t.Errorf("%s came in, %s is there", in, sum)
		}
	})
}
