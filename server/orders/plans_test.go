package orders_test

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// What people read all day, and what the clock does every minute, finds its rows by an index: with 200,000 orders and a million
// postings it reads no more than with ten.
func TestHotReadsScanNoTable(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.gift()
		lot := market.LotAvailable(o.Lines[0].Lot)
		q := db.Read()
		for name, read := range map[string]func(ctx context.Context) error{
			"orders of a buyer":  func(ctx context.Context) error { _, err := w.orders.Orders(ctx, donor, "buyer", ""); return err },
			"orders of a seller": func(ctx context.Context) error { _, err := w.orders.Orders(ctx, liulin, "seller", o.ID); return err },
			"orders of both":     func(ctx context.Context) error { _, err := w.orders.Orders(ctx, coopThatBuys, "", o.ID); return err },
			"quotations of both": func(ctx context.Context) error {
				_, err := w.orders.Quotations(ctx, coopThatBuys, "", o.ID)
				return err
			},
			"standing orders of both": func(ctx context.Context) error {
				_, err := w.orders.Standings(ctx, coopThatBuys, "", o.ID)
				return err
			},
			"payments to a party": func(ctx context.Context) error {
				_, err := w.orders.PayoutsTo(ctx, liulin, "liulin", o.ID)
				return err
			},
			"quotations to answer": func(ctx context.Context) error { _, err := w.orders.QuotationsToAnswer(ctx, coopThatBuys); return err },
			"orders to approve":    func(ctx context.Context) error { _, err := w.orders.OrdersToApprove(ctx, coopThatBuys); return err },
			"uses to answer":       func(ctx context.Context) error { _, err := w.market.UseChangesToAnswer(ctx, donor); return err },
			"deposits of both": func(ctx context.Context) error {
				_, err := w.orders.Deposits(ctx, coopThatBuys, true, o.ID)
				return err
			},
			"unmatched lines": func(ctx context.Context) error { _, err := w.orders.BankLines(ctx, finance, o.ID, true); return err },
			"orders to settle": func(ctx context.Context) error {
				_, err := w.orders.ToSettle(ctx, finance, o.ID)
				return err
			},
			"all orders":      func(ctx context.Context) error { _, err := w.orders.Orders(ctx, operator, "", o.ID); return err },
			"an order":        func(ctx context.Context) error { _, err := w.orders.Order(ctx, donor, o.ID); return err },
			"lots of a party": func(ctx context.Context) error { _, _, err := w.market.Lots(ctx, liulin, "liulin", ""); return err },
			"all lots":        func(ctx context.Context) error { _, _, err := w.market.Lots(ctx, operator, "", ""); return err },
			"offers": func(ctx context.Context) error {
				_, err := w.market.Listings(ctx, liulin, market.OffersWanted{})
				return err
			},
			"offers of a seller": func(ctx context.Context) error {
				_, err := w.market.Listings(ctx, liulin, market.OffersWanted{Seller: "liulin"})
				return err
			},
			"offers of a produce": func(ctx context.Context) error {
				_, err := w.market.Listings(ctx, liulin, market.OffersWanted{Produce: "apple"})
				return err
			},
			"open needs of a produce": func(ctx context.Context) error {
				_, err := w.market.Demands(ctx, market.NeedsWanted{Produce: "apple", Open: true})
				return err
			},
			"shares of a need": func(ctx context.Context) error {
				_, _, err := w.orders.SharesOfDemand(ctx, operator, o.Lines[0].To[0].Demand, "")
				return err
			},
			"a fair share and who is not in it": func(ctx context.Context) error {
				_, err := w.market.ShareOut(ctx, market.ShareInput{Grams: kg, Demands: []string{o.Lines[0].To[0].Demand}})
				return err
			},
			"silent needs":         func(ctx context.Context) error { _, err := w.market.ToConfirm(ctx, operator, ""); return err },
			"silent needs of ours": func(ctx context.Context) error { _, err := w.market.ToConfirm(ctx, union, ""); return err },
			"needs":                func(ctx context.Context) error { _, err := w.market.Demands(ctx, market.NeedsWanted{}); return err },
			"needs of a party": func(ctx context.Context) error {
				_, err := w.market.Demands(ctx, market.NeedsWanted{Party: "union"})
				return err
			},
			"campaigns": func(ctx context.Context) error { _, err := w.market.Campaigns(ctx, auth.Actor{}, "", ""); return err },
			"a campaign": func(ctx context.Context) error {
				_, err := w.market.Campaign(ctx, o.Campaign)
				return err
			},
			"a balance": func(ctx context.Context) error { _, err := ledger.Balance(ctx, q, ledger.Grams, lot); return err },
			"balances": func(ctx context.Context) error {
				_, err := ledger.Balances(ctx, q, ledger.Grams, lot, orders.LineReserved(o.Lines[0].ID))
				return err
			},
			"the outside's balance": func(ctx context.Context) error {
				_, err := ledger.Balance(ctx, q, ledger.Grams, market.Harvest)
				return err
			},
			"balances below a name": func(ctx context.Context) error {
				_, err := ledger.BalancesPrefix(ctx, q, ledger.Grams, "lot/")
				return err
			},
			"entries of a subject":        func(ctx context.Context) error { _, err := ledger.EntriesOf(ctx, q, "order/"+o.ID, "", ""); return err },
			"entries of an account":       func(ctx context.Context) error { _, err := ledger.EntriesOf(ctx, q, "", lot, ""); return err },
			"the journal":                 func(ctx context.Context) error { _, err := ledger.Events(ctx, q, "order/"+o.ID); return err },
			"sealing":                     func(ctx context.Context) error { _, err := ledger.Seal(ctx, db); return err },
			"ending what nobody answered": func(ctx context.Context) error { _, err := w.orders.ExpireDue(ctx); return err },
			"what was bought of poor counties": func(ctx context.Context) error {
				_, err := w.orders.Relief(ctx, operator, orders.ReliefFilter{})
				return err
			},
			"bank lines":      func(ctx context.Context) error { _, err := w.orders.BankLines(ctx, finance, "", false); return err },
			"what orders owe": func(ctx context.Context) error { _, err := w.orders.Orders(ctx, finance, "", ""); return err },
		} {
			var asked []string
			if err := read(store.Watching(w.ctx, func(statement string) { asked = append(asked, statement) })); err != nil {
				t.Fatalf("%s: %s", name, describe(err))
			}
			if len(asked) == 0 {
				t.Errorf("%s asked nothing", name)
			}
			for _, statement := range asked {
				if scans := scansOf(t, db, statement); len(scans) > 0 {
					t.Errorf("%s reads all of a table:\n%s\n%s", name, statement, strings.Join(scans, "\n"))
				}
			}
		}
		if len(scansOf(t, db, `SELECT id FROM orders WHERE reason = $1`)) == 0 {
			t.Error("a scan was not seen: the test shows nothing")
		}
	})
}

// gift is a confirmed order of a campaign.
func (w *world) gift() orders.Order {
	w.t.Helper()
	need := w.need(union, "union", "apple", 100*kg)
	c, err := w.market.OpenCampaign(w.ctx, donor, "", market.CampaignInput{Donor: "donor", Title: "Apples", NamedUse: "apples for Union", GoalFen: 600_00, Demands: []string{need.ID}})
	c = get(w.t, c, err)
	offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 120*kg).ID, Price: 60_000})
	o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Campaign: c.ID, Lines: []orders.LineInput{line(offer, 50*kg, to(need, 50*kg))}})
	o = get(w.t, o, err)
	w.done(w.orders.Confirm(w.ctx, liulin, o.ID))
	return o
}

// first is a query for the first row by a key, which SQLite's plan calls a scan of the index.
var first = regexp.MustCompile(`^SELECT [\w, ]+ FROM \w+ ORDER BY n DESC LIMIT 1$`)

var mark = regexp.MustCompile(`\$(\d+)`)

// scansOf gives the parts of a query's plan that read all of a table.
func scansOf(t *testing.T, db *store.DB, query string) []string {
	t.Helper()
	if !strings.HasPrefix(strings.TrimSpace(query), "SELECT") || first.MatchString(query) {
		return nil
	}
	if db.Engine() == store.Postgres {
		return slices.DeleteFunc(postgresPlan(t, db, query), func(s string) bool { return !strings.Contains(s, "Seq Scan") })
	}
	plan, err := store.All(t.Context(), db.Read(), func(row store.Scanner) (detail string, err error) {
		var id, parent, unused int
		return detail, row.Scan(&id, &parent, &unused, &detail)
	}, `EXPLAIN QUERY PLAN `+query, make([]any, marksIn(query))...)
	return slices.DeleteFunc(get(t, plan, err), func(s string) bool {
		return !strings.HasPrefix(s, "SCAN") || s == "SCAN CONSTANT ROW" || strings.HasPrefix(s, "SCAN u") || strings.HasPrefix(s, "SCAN (")
	})
}

// marksIn is how many values a statement takes.
func marksIn(query string) int {
	most := 0
	for _, m := range mark.FindAllStringSubmatch(query, -1) {
		n, _ := strconv.Atoi(m[1])
		most = max(most, n)
	}
	return most
}

// postgresPlan is the plan that a prepared statement gets, whatever its values.
func postgresPlan(t *testing.T, db *store.DB, query string) []string {
	t.Helper()
	conn, err := db.Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	execute := `EXPLAIN EXECUTE looked`
	if values := marksIn(query); values > 0 {
		execute += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", values), ", ") + ")"
	}
	run := func(sql string) []string {
		results, err := conn.Conn().PgConn().Exec(t.Context(), sql).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		var lines []string
		for _, row := range results[0].Rows {
			lines = append(lines, string(row[0]))
		}
		return lines
	}
	run(`SET plan_cache_mode = force_generic_plan`)
	run(`PREPARE looked AS ` + query)
	plan := run(execute)
	run(`DEALLOCATE looked`)
	run(`RESET plan_cache_mode`)
	return plan
}
