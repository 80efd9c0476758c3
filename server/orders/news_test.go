package orders_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
	"jishi/server/webhooks"
)

// A seller's systems hear of an order from when it is sent: neither that one waits for approval, was refused, dropped or lapsed there, nor of a draft
// that nobody sent. The buyer's hear all.
func TestASellerHearsOnlyOfOrdersThatWereSent(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		var heard map[string][]string // acts by party
		w.orders.News = func(_ context.Context, _ store.Tx, e webhooks.Event) error {
			for _, party := range e.Parties {
				heard[party] = append(heard[party], e.Kind)
			}
			return nil
		}
		hears := func(what string, buyer, seller []string) {
			t.Helper()
			if !slices.Equal(heard["canteen"], buyer) || !slices.Equal(heard["liulin"], seller) {
				t.Errorf("%s: the buyer heard %v, the seller %v", what, heard["canteen"], heard["liulin"])
			}
			heard = map[string][]string{}
		}
		heard = map[string][]string{}
		w.policy()
		sent := w.send(employee, 100*kg)
		hears("sent", []string{"order.submit"}, []string{"order.submit"})
		w.done(w.orders.Cancel(w.ctx, employee, sent.ID, "not needed"))
		hears("called off", []string{"order.cancel"}, []string{"order.cancel"})

		o := w.send(employee, 1000*kg)
		w.done(w.orders.Approve(w.ctx, head, o.ID, true, ""))
		hears("waiting for a second yes", []string{"order.submit", "order.approve"}, nil)
		w.done(w.orders.Approve(w.ctx, boss, o.ID, true, ""))
		hears("approved", []string{"order.approve"}, []string{"order.approve"})
		o = w.send(employee, 200*kg)
		w.done(w.orders.Approve(w.ctx, head, o.ID, false, "too much"))
		hears("refused by its own", []string{"order.submit", "order.refuse"}, nil)
		o = w.send(employee, 200*kg)
		w.done(w.orders.Cancel(w.ctx, employee, o.ID, "not needed"))
		hears("dropped while it waited", []string{"order.submit", "order.cancel"}, nil)
		w.send(employee, 200*kg)
		w.at(firstDay.AddDate(0, 1, 0))
		w.done(w.orders.ExpireDue(w.ctx))
		if !slices.Equal(heard["liulin"], []string{"order.expire"}) { // the one that was approved
			t.Errorf("lapsed: %v", heard)
		}

		w.at(firstDay)
		w.done(nil, w.orders.SetPolicy(w.ctx, operator, orders.Policy{Party: "canteen"}))
		w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 700*kg).ID, Price: 55_000})
		heard = map[string][]string{}
		st, draft := w.standing()
		w.done(w.orders.Cancel(w.ctx, employee, draft, "the canteen is closed"))
		hears("a draft that was dropped", []string{"order.cancel"}, nil)
		w.at(draftDay.AddDate(0, 0, 7).Add(time.Hour))
		w.done(w.orders.DraftStanding(w.ctx))
		st, err := w.orders.StandingOrder(w.ctx, employee, st.ID)
		w.done(w.orders.SubmitDraft(w.ctx, employee, get(t, st, err).Runs[0].Order, 0))
		hears("a draft that was sent", []string{"order.submit"}, []string{"order.submit"})
	})
}

// An order that its buyer called off, refused or let lapse before it was sent is not its seller's: it is in none of its lists, not found, and
// no mark in its record. One that was sent stays, also where it waits for its buyer's approval a second time and ends there.
func TestASellerSeesOnlyOrdersThatWereSent(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		w.policy()
		called := w.send(employee, 200*kg)
		w.done(w.orders.Cancel(w.ctx, employee, called.ID, "not needed"))
		refused := w.send(employee, 200*kg)
		w.done(w.orders.Approve(w.ctx, head, refused.ID, false, "too much"))
		sent := w.send(employee, 100*kg)
		w.done(w.orders.Cancel(w.ctx, employee, sent.ID, "not needed"))
		more := w.send(employee, 100*kg)
		w.done(w.orders.Add(w.ctx, employee, more.ID, []orders.LineInput{line(w.apples, 150*kg)}))
		w.done(w.orders.Approve(w.ctx, head, more.ID, false, "too much"))
		lapsed := w.send(employee, 200*kg)
		w.at(firstDay.AddDate(0, 1, 0))
		w.done(w.orders.ExpireDue(w.ctx))
		for _, o := range []orders.Order{called, refused, lapsed} {
			_, err := w.orders.Order(w.ctx, liulin, o.ID)
			wantFault(t, err, "not_found", "")
			_, err = w.orders.Order(w.ctx, employee, o.ID)
			get(t, 0, err)
		}
		list, err := w.orders.Orders(w.ctx, liulin, "seller", "")
		if list = get(t, list, err); len(list) != 2 || list[0].ID != more.ID || list[1].ID != sent.ID {
			t.Errorf("the seller sees %+v", list)
		}
		r, err := w.orders.RecordOf(w.ctx, firm, "liulin")
		if r = get(t, r, err); r.TimedOut != 0 {
			t.Errorf("its record has %+v", r)
		}

		// The migration finds the same in the books of before.
		file, err := os.ReadFile("../store/migrations/0130_orders_reached.sql")
		_, backfill, _ := strings.Cut(string(get(t, file, err)), ";")
		w.do(func(tx store.Tx) error {
			if err := store.Exec(w.ctx, tx, `UPDATE orders SET reached = FALSE`); err != nil {
				return err
			}
			return store.Exec(w.ctx, tx, strings.TrimSuffix(strings.TrimSpace(backfill), ";"))
		})
		list, err = w.orders.Orders(w.ctx, liulin, "seller", "")
		if list = get(t, list, err); len(list) != 1 || list[0].ID != sent.ID { // of a refused one it can't tell
			t.Errorf("by the migration the seller sees %+v", list)
		}
	})
}
