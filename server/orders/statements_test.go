package orders_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jishi/server/auth"
	"jishi/server/jobs"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// look is the job that a change of an offer asks for.
type look struct {
	ID string `json:"id"`
}

func (look) Kind() string  { return "look" }
func (l look) Key() string { return l.ID }

// asYesAhead gives lines of a kilogram each, of offers whose seller said yes beforehand.
func (w *world) asYesAhead(n int) []orders.LineInput {
	w.t.Helper()
	var lines []orders.LineInput
	for range n {
		lot := w.lot(liulin, "liulin", "apple", 120*kg)
		offer := w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000})
		must(w.t)(w.orders.SayYesAhead(w.ctx, liulin, offer.ID, w.now()+measure.Millis(time.Hour/time.Millisecond)))
		lines = append(lines, line(offer, kg))
	}
	return lines
}

// mostStatements is what placing an order asks the database for, whatever its number of lines, while the jobs that it wants wait already.
// On PostgreSQL each costs a way over the wire and back, as do BEGIN and COMMIT.
const mostStatements = 13

func TestPlacingAnOrderTakesFewStatements(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		if err := jobs.Migrate(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		runner, err := jobs.New(db, slog.New(slog.NewTextHandler(io.Discard, nil)))
		if err != nil {
			t.Fatal(err)
		}
		w.market.Changed = func(ctx context.Context, tx store.Tx, _ market.Kind, ids ...string) error {
			var list []jobs.Args
			for _, id := range ids {
				list = append(list, look{id})
			}
			return runner.Insert(ctx, tx, list...)
		}
		lines := w.asYesAhead(3)
		for _, lines := range [][]orders.LineInput{lines[:1], lines} {
			var asked []string
			ctx := store.Watching(w.ctx, func(statement string) { asked = append(asked, strings.Join(strings.Fields(statement), " ")) })
			o, err := w.orders.Submit(ctx, firm, orders.Input{ClientID: fmt.Sprint("click-", len(lines)), Buyer: "firm", Lines: lines})
			if o = get(t, o, err); o.Act != orders.Confirmed {
				t.Fatalf("the order is %s", o.Act)
			}
			most := mostStatements + len(lines) - 1 // each lot's balance is lowered by itself, guarded
			if db.Engine() == store.Postgres {
				most += 2
			}
			if len(asked) > most {
				t.Errorf("%d lines took %d statements, at most %d are wanted:\n%s", len(lines), len(asked), most, strings.Join(asked, "\n"))
			}
		}
	})
}

// What Place shows of a new order is what is read of it afterwards, whatever became of it.
func TestWhatIsShownOfANewOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ahead := w.asYesAhead(2)
	lot := w.lot(liulin, "liulin", "apple", 120*kg)
	waiting := line(w.offer(liulin, market.OfferInput{Lot: lot.ID, Price: 60_000}), 2*kg)
	need := w.need(union, "union", "apple", 50*kg)
	partly, whole := ahead[0], ahead[1]
	partly.Grams, partly.To, whole.To = 3*kg, []orders.ToInput{to(need, kg)}, []orders.ToInput{to(need, kg)}
	limited := actor("donor", auth.Buyer)
	if err := w.orders.SetPolicy(w.ctx, operator, orders.Policy{Party: "donor", Approvers: []orders.Approver{{User: "chief"}}}); err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]orders.Input{
		"waits for its seller": {Buyer: "firm", Lines: []orders.LineInput{waiting}},
		"confirmed":            {Buyer: "firm", Lines: ahead},
		"partly to a need":     {Buyer: "firm", Lines: []orders.LineInput{partly, whole}},
		"wholly to a need":     {Buyer: "firm", Lines: []orders.LineInput{whole}},
		"needs a yes":          {Buyer: "donor", Lines: ahead},
	} {
		by := firm
		if in.Buyer == "donor" {
			by = limited
		}
		in.ClientID = name
		shown, err := w.orders.Place(w.ctx, by, in)
		shown = get(t, shown, err)
		read, err := w.orders.Order(w.ctx, by, shown.ID)
		if diff := cmp.Diff(get(t, read, err), shown, cmp.AllowUnexported(orders.Order{})); diff != "" {
			t.Errorf("%s: read (-), shown (+):\n%s", name, diff)
		}
		again, err := w.orders.Place(w.ctx, by, in)
		if again = get(t, again, err); again.ID != shown.ID || again.State != shown.State {
			t.Errorf("%s: the second click shows %s, %s", name, again.ID, again.State)
		}
	}
}
