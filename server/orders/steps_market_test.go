package orders_test

import (
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/market/markettest"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// done ends the test when a preparation fails.
func (w *world) done(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(describe(err))
	}
}

func TestEveryStepOfAnOffer(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		do := func(act string) func(by auth.Actor, id string) error {
			return func(by auth.Actor, id string) error {
				_, _, err := w.market.ActOnOffer(w.ctx, by, id, act, "a reason")
				return err
			}
		}
		draft := func(poverty bool, acts ...string) func() string {
			return func() string {
				w.at(firstDay)
				in := market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 120*kg).ID, Price: 60_000, Min: 60 * kg, Poverty: poverty,
					ExpiresAt: measure.Millis(firstDay.Add(24 * time.Hour).UnixMilli())}
				o, err := w.market.CreateOffer(w.ctx, liulin, "", in)
				id := get(t, o, err).ID
				for _, act := range acts {
					by := liulin
					if act == "approve" {
						by = operator
					}
					w.done(nil, do(act)(by, id))
				}
				return id
			}
		}
		soldOut := func(poverty bool) func() string {
			return func() string {
				acts := []string{"publish", "approve"}
				if !poverty {
					acts = acts[:1]
				}
				id := draft(poverty, acts...)()
				o, err := w.orders.Submit(w.ctx, firm, orders.Input{Buyer: "firm", Lines: []orders.LineInput{{Offer: id, Grams: 100 * kg}}})
				_, err = w.orders.Confirm(w.ctx, liulin, get(t, o, err).ID)
				w.done(nil, err)
				return id
			}
		}
		expired := func() string {
			id := draft(false, "publish")()
			w.at(firstDay.Add(25 * time.Hour))
			return id
		}
		m := machine{
			start: string(market.OfferDraft), steps: markettest.Plain[market.OfferState](market.OfferSteps), ends: markettest.Words(market.OfferEnds),
			into: map[string][]func() string{
				"draft": {draft(false)}, "pending_check": {draft(true, "publish")}, "live": {draft(false, "publish"), draft(true, "publish", "approve")},
				"paused": {draft(false, "publish", "pause"), draft(true, "publish", "approve", "pause")}, "sold_out": {soldOut(false), soldOut(true)}, "closed": {func() string { id := soldOut(false)(); w.done(nil, do("close")(liulin, id)); return id }},
				"expired": {expired}, "withdrawn": {draft(false, "publish", "withdraw")},
			},
			act:    map[string]func(auth.Actor, string) error{},
			who:    []player{{liulin, []market.Who{market.BySeller}}, {operator, []market.Who{market.ByOffice}}, {biaojiao, nil}},
			refuse: []string{"wrong_state"},
			far:    map[string]string{"draft ask_check pending_check": "publish asks for it where there is a mark", "sold_out change live": "TestOfferIsChanged lowers its smallest order"},
			state: func(id string) string {
				o, _, n, err := w.market.Offer(w.ctx, liulin, id)
				return string(get(t, o, err).State(n.Available, auth.SystemClock(w.ctx)))
			},
		}
		for _, act := range m.acts() {
			m.act[act] = do(act)
		}
		m.act["change"] = func(by auth.Actor, id string) error {
			o, err := market.OfferByID(w.ctx, db.Read(), id)
			_, err = w.change(by, id, market.OfferInput{Price: get(t, o, err).Price + 1_000, Min: o.Min, Poverty: o.Poverty, ExpiresAt: o.ExpiresAt})
			return err
		}
		m.walk(t)
	})
}

func TestEveryStepOfAQuotation(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		type act = func(by auth.Actor, id string) error
		offer := func(by auth.Actor, id string) error {
			_, err := w.orders.Quote(w.ctx, by, id, terms(w.apples.ID, 58_000, 100*kg))
			return err
		}
		acts := map[string]act{
			"offer": offer,
			"counter": func(by auth.Actor, id string) error {
				_, err := w.orders.Counter(w.ctx, by, id, terms("", 55_000, 100*kg))
				return err
			},
			"accept": func(by auth.Actor, id string) error { _, err := w.orders.AcceptQuote(w.ctx, by, id); return err },
			"decline": func(by auth.Actor, id string) error {
				_, err := w.orders.DeclineQuote(w.ctx, by, id, "a reason")
				return err
			},
			"withdraw": func(by auth.Actor, id string) error {
				_, err := w.orders.WithdrawQuote(w.ctx, by, id, "a reason")
				return err
			},
		}
		made := func(steps ...any) func() string {
			return func() string {
				w.at(firstDay)
				list, err := w.orders.Ask(w.ctx, employee, orders.AskInput{Buyer: "canteen", Sellers: []string{"liulin"}, Produce: "苹果", Grams: 100 * kg})
				id := get(t, list, err)[0].ID
				for i := 0; i < len(steps); i += 2 {
					w.done(nil, acts[steps[i].(string)](steps[i+1].(auth.Actor), id))
				}
				return id
			}
		}
		machine{
			start: string(orders.QuoteAsked), steps: markettest.Plain[orders.QuoteState](orders.QuoteSteps), ends: markettest.Words(orders.QuoteEnds),
			into: map[string][]func() string{
				"asked": {made()}, "offered": {made("offer", liulin)}, "countered": {made("offer", liulin, "counter", employee)},
				"accepted": {made("offer", liulin, "accept", employee)}, "declined": {made("decline", liulin)}, "withdrawn": {made("withdraw", employee)},
				"expired": {func() string { id := made()(); w.at(firstDay.AddDate(0, 1, 0)); return id }},
			},
			act:    acts,
			who:    []player{{employee, []market.Who{market.ByBuyer}}, {liulin, []market.Who{market.BySeller}}, {operator, nil}, {biaojiao, nil}},
			refuse: []string{"wrong_state"},
			state: func(id string) string {
				q, err := w.orders.Quotation(w.ctx, employee, id)
				return string(get(t, q, err).State(auth.SystemClock(w.ctx)))
			},
		}.walk(t)
	})
}

func TestEveryStepOfAStandingOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newTrade(t, db)
		do := func(act string) func(by auth.Actor, id string) error {
			return func(by auth.Actor, id string) error { _, err := w.orders.ActOnStanding(w.ctx, by, id, act); return err }
		}
		made := func(acts ...string) func() string {
			return func() string {
				st, err := w.orders.MakeStanding(w.ctx, employee, orders.StandingInput{Buyer: "canteen", Seller: "liulin", Produce: "苹果", Grams: 400 * kg, Weekday: 1})
				id := get(t, st, err).ID
				for _, act := range acts {
					w.done(nil, do(act)(employee, id))
				}
				return id
			}
		}
		machine{
			start: string(orders.StandingActive), steps: markettest.Plain[orders.StandingState](orders.StandingSteps), ends: markettest.Words(orders.StandingEnds),
			into: map[string][]func() string{"active": {made()}, "paused": {made("pause")}, "ended": {made("end")}},
			act: map[string]func(auth.Actor, string) error{"pause": do("pause"), "resume": do("resume"), "end": do("end"), "change": func(by auth.Actor, id string) error {
				_, err := w.orders.ChangeStanding(w.ctx, by, id, orders.StandingTerms{Grams: 300 * kg})
				return err
			}},
			who:    []player{{employee, []market.Who{market.ByBuyer}}, {liulin, nil}, {operator, nil}},
			refuse: []string{"wrong_state"},
			state: func(id string) string {
				list, err := w.orders.Standings(w.ctx, employee, "buyer", "")
				for _, st := range get(t, list, err) {
					if st.ID == id {
						return string(st.Act)
					}
				}
				return "gone"
			},
		}.walk(t)
	})
}

func TestEveryStepOfAPriceCase(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.market.Listed = w.orders.WatchOffer
		take := func(by auth.Actor, id string) error { _, err := w.orders.TakePriceCase(w.ctx, by, id); return err }
		end := func(by auth.Actor, id string) error {
			_, err := w.orders.ClosePriceCase(w.ctx, by, id, orders.PriceFair, "organic")
			return err
		}
		open := func() string {
			w.offer(biaojiao, market.OfferInput{Lot: w.lot(biaojiao, "biaojiao", "scallion", 102*kg).ID, Price: 50_000})
			list, err := w.orders.PriceCases(w.ctx, operator, orders.PriceFilter{State: orders.PriceOpen})
			return get(t, list, err)[0].ID
		}
		taken := func() string { id := open(); w.done(nil, take(operator, id)); return id }
		machine{
			start: string(orders.PriceOpen), steps: markettest.Plain[orders.PriceState](orders.PriceSteps), ends: []string{string(orders.PriceClosed)},
			into:   map[string][]func() string{"open": {open}, "taken": {taken}, "closed": {func() string { id := taken(); w.done(nil, end(operator, id)); return id }}},
			act:    map[string]func(auth.Actor, string) error{"take": take, "close": end},
			who:    []player{{operator, []market.Who{market.ByOperator}}, {biaojiao, nil}, {auditor, nil}},
			refuse: []string{"case_state"},
			state: func(id string) string {
				list, err := w.orders.PriceCases(w.ctx, operator, orders.PriceFilter{})
				for _, c := range get(t, list, err) {
					if c.ID == id {
						return string(c.State())
					}
				}
				return "gone"
			},
		}.walk(t)
	})
}
