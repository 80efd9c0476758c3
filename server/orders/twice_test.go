package orders_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// clicks are the acts that move money. Each prepares a world and gives the act; n is the click's number, for those that carry a key.
var clicks = map[string]func(t *testing.T, db *store.DB) (w *world, act func(n int) error){
	"a line of the bank, typed twice": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, _, o, _ := shipment(t, db)
		return w, func(int) error {
			_, err := w.orders.ImportBank(w.ctx, finance, []payment.BankLine{{ClientID: "b", Reference: o.Reference, Fen: 1_000_00, PaidAt: w.now(), Payer: "A"}})
			return err
		}
	},
	"what a line was for": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, _, o, _ := shipment(t, db)
		l := w.pay("apples", 1_000_00)
		return w, func(int) error { _, err := w.orders.MatchBank(w.ctx, finance, l.ID, o.Reference); return err }
	},
	"a statement booked": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, _, o, _ := shipment(t, db)
		st, err := w.orders.ReadStatement(w.ctx, finance, orders.StatementInput{Name: "s.csv", Data: []byte("日期,附言,金额,流水号\n2020-02-01," + o.Reference + ",1000.00,S1\n")})
		st = get(t, st, err)
		return w, func(int) error { _, err := w.orders.ConfirmStatement(w.ctx, finance, st.ID, false); return err }
	},
	"a statement taken back": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, _, o, _ := shipment(t, db)
		st, err := w.statement("s.csv", "日期,附言,金额,流水号\n2020-02-01,"+o.Reference+",1000.00,S1\n")
		st = get(t, st, err)
		return w, func(int) error { _, err := w.orders.UndoStatement(w.ctx, finance, st.ID); return err }
	},
	"a paid order called off": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, _, o, _ := shipment(t, db)
		w.pay(o.Reference, 3_600_00)
		return w, func(int) error { _, err := w.orders.Cancel(w.ctx, donor, o.ID, "no need"); return err }
	},
	"a settlement": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, o := delivered(t, db)
		must(t)(w.orders.Accept(w.ctx, union, o.ID, ""))
		return w, func(int) error { _, err := w.orders.Settle(w.ctx, finance, o.ID); return err }
	},
	"a claim agreed to": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, o := delivered(t, db)
		c, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
		c = get(t, c, err)
		return w, func(int) error { _, err := w.orders.AgreeClaim(w.ctx, liulin, c.ID, 40*kg); return err }
	},
	"a claim ruled on": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, o := delivered(t, db)
		c, err := w.orders.MakeClaim(w.ctx, union, claim(o, 50*kg))
		c = get(t, c, err)
		return w, func(int) error { _, err := w.orders.RuleClaim(w.ctx, operator, c.ID, 40*kg, "seen"); return err }
	},
	"a corrected weight": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, o := paidOut(t, db)
		return w, func(n int) error {
			_, err := w.orders.Correct(w.ctx, operator, orders.CorrectionInput{ClientID: fmt.Sprint("click ", n), Order: o.ID, Consignment: "c1", Accepted: 580 * kg, Reason: "the scale"})
			return err
		}
	},
	"the second yes to a payout": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w := newWorld(t, db)
		w.owedToLiulin()
		w.account(liulin, "liulin", "6222000012345678")
		r := w.run(finance)
		must(t)(w.orders.ApprovePayouts(w.ctx, finance, r.ID))
		return w, func(int) error { _, err := w.orders.ApprovePayouts(w.ctx, finance2, r.ID); return err }
	},
	"a proof of a payout": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, p := onItsWay(t, db)
		return w, func(n int) error {
			_, err := w.orders.ProvePayout(w.ctx, finance, p.ID, fmt.Sprint("B-", n), w.now())
			return err
		}
	},
	"a payout that failed": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, p := onItsWay(t, db)
		return w, func(int) error { _, err := w.orders.FailPayout(w.ctx, finance, p.ID, "no such account"); return err }
	},
	"a paid payout that came back": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w, p := onItsWay(t, db)
		must(t)(w.orders.ProvePayout(w.ctx, finance, p.ID, "B-1", w.now()))
		return w, func(int) error { _, err := w.orders.FailPayout(w.ctx, finance, p.ID, "account closed"); return err }
	},
	"a deposit ruled on": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		b := newBulk(t, db)
		b.pay(b.sellers.Reference, 180_00)
		return b.world, func(int) error {
			_, err := b.orders.RuleDeposit(b.ctx, operator, b.sellers.ID, 300, "no goods")
			return err
		}
	},
	"what a campaign left over": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		s := newStory(t, db)
		s.pledged(donor, "donor", 76_000_00, market.UnspentBack)
		s.hauled()
		s.accepted()
		for _, o := range []string{s.appleOrder.ID, s.onionOrder.ID} {
			must(t)(s.orders.Settle(s.ctx, finance, o))
		}
		must(t)(s.market.Report(s.ctx, donor, s.campaign.ID))
		return s.world, func(int) error { _, err := s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, ""); return err }
	},
	"a held payment taken": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		c := newTill(t, db)
		v := c.paid(fakepay.How{Fen: 1_000_00})
		c.deliver(c.fake.Waiting()...)
		return c.world, func(int) error {
			_, err := c.orders.Release(c.ctx, finance, v.ID, true, "spoke with the payer")
			return err
		}
	},
	"a held payment sent back": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		c := newTill(t, db)
		v := c.paid(fakepay.How{Fen: 9_999_99})
		c.deliver(c.fake.Waiting()...)
		return c.world, func(int) error {
			_, err := c.orders.Release(c.ctx, finance, v.ID, false, "spoke with the payer")
			return err
		}
	},
	"a month's invoices": func(t *testing.T, db *store.DB) (*world, func(int) error) {
		w := newWorld(t, db)
		w.terms(20_000_00, 15)
		w.delivered(1000 * kg)
		w.at(february.Add(2 * time.Hour))
		return w, func(int) error { _, err := w.orders.MakeInvoices(w.ctx, finance, "2020-02"); return err }
	},
}

// onItsWay is a payout of 6,000.00 that left.
func onItsWay(t *testing.T, db *store.DB) (*world, orders.PayoutView) {
	t.Helper()
	w := newWorld(t, db)
	w.owedToLiulin()
	w.account(liulin, "liulin", "6222000012345678")
	r := w.run(finance)
	must(t)(w.orders.ApprovePayouts(w.ctx, finance, r.ID))
	r, err := w.orders.ApprovePayouts(w.ctx, finance2, r.ID)
	return w, get(t, r, err).Payouts[0]
}

// moved tells what was posted: entries, postings, and the fen and grams that they moved; and how many invoices there are.
func (w *world) moved() string {
	w.t.Helper()
	var out string
	for _, sum := range []string{"count(*) FROM ledger_entries", "count(*) FROM ledger_postings", "COALESCE(SUM(amount), 0) FROM ledger_postings WHERE unit = 'fen'",
		"COALESCE(SUM(amount), 0) FROM ledger_postings WHERE unit <> 'fen'", "count(*) FROM invoices"} {
		var n int64
		if err := w.db.Read().QueryRowContext(w.ctx, "SELECT "+sum).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		out += fmt.Sprint(n, " ")
	}
	return out
}

// Whatever moves money moves it once: of four clicks at the same moment and one a while later, each with a key of its own, as much comes as of
// a single one.
func TestEveryActThatMovesMoneyMovesItOnce(t *testing.T) {
	t.Parallel()
	for name, prepare := range clicks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			once, act := prepare(t, storetest.SQLite(t))
			before := once.moved()
			if err := act(0); err != nil {
				t.Fatal(describe(err))
			}
			want := once.moved()
			if want == before {
				t.Fatal("the act moves nothing")
			}
			storetest.Run(t, func(t *testing.T, db *store.DB) {
				w, act := prepare(t, db)
				errs := make([]error, 4)
				var all sync.WaitGroup
				for n := range errs {
					all.Go(func() { errs[n] = act(n) })
				}
				all.Wait()
				errs = append(errs, act(len(errs)))
				done := 0
				for _, err := range errs {
					if err == nil {
						done++
					}
				}
				if got := w.moved(); got != want || done == 0 {
					t.Errorf("%d clicks went through: %swas posted, of one click %s%v", done, got, want, errs)
				}
				w.verify()
			})
		})
	}
}
