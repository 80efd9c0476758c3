//go:build !race

package orders_test

import (
	"fmt"
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

// both receives for the two hospitals.
var both = auth.Actor{User: "both", Grants: []auth.Grant{{Role: auth.Receiver, Party: "union"}, {Role: auth.Receiver, Party: "zhongnan"}}}

// steps is a trade whose orders are brought into every state.
type steps struct {
	*trade
	offer  market.Offer
	n      int
	refuse map[string]string // by order: of which need its receiver says no
	needs  map[string]market.Demand
}

func newSteps(t testing.TB, db *store.DB) *steps {
	w := &steps{trade: newTrade(t, db), refuse: map[string]string{}, needs: map[string]market.Demand{}}
	w.offer = w.world.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", market.MaxLot).ID, Price: 60_000})
	ahead := w.world.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "scallion", market.MaxLot).ID, Price: 20_000})
	w.done(w.orders.SayYesAhead(w.ctx, liulin, ahead.ID, w.now()+measure.Millis(7*24*time.Hour/time.Millisecond)))
	w.done(nil, w.orders.SetPolicy(w.ctx, operator, orders.Policy{
		Party: "canteen", Limits: []orders.Limit{{User: "employee", PerOrder: 10_000_00}}, Approvers: []orders.Approver{{User: "head", UpTo: 20_000_00}, {User: "boss"}},
	}))
	return w
}

// place sends an order of g of apples, of which so much goes to the one hospital and to the other.
func (w *steps) place(g, first, second measure.Grams) string {
	w.t.Helper()
	w.at(firstDay)
	var dest []orders.ToInput
	for party, part := range map[string]measure.Grams{"union": first, "zhongnan": second} {
		if part > 0 {
			w.needs[party] = w.world.need(actor(party, auth.Receiver), party, "apple", part)
			dest = append(dest, to(w.needs[party], part))
		}
	}
	o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.offer, g, dest...)}})
	o = get(w.t, o, err)
	w.refuse[o.ID] = w.needs["zhongnan"].ID
	if second == 0 {
		w.refuse[o.ID] = w.needs["union"].ID
	}
	return o.ID
}

func (w *steps) confirmed(g, first, second measure.Grams) string {
	w.t.Helper()
	id := w.place(g, first, second)
	w.done(w.orders.Confirm(w.ctx, liulin, id))
	return id
}

func (w *steps) read(id string) orders.View {
	w.t.Helper()
	v, err := w.orders.Order(w.ctx, operator, id)
	return get(w.t, v, err)
}

// trip names the consignment of an order for a hospital.
func trip(id, party string) string { return id + "-" + party }

// load puts so much of what a hospital is to get on a truck; deliver brings it, too.
func (w *steps) load(id, party string, g measure.Grams) {
	w.t.Helper()
	for _, l := range w.read(id).Lines {
		for _, a := range l.To {
			if d, err := w.market.Demand(w.ctx, a.Demand); get(w.t, d, err).Party == party {
				w.take(a.ID, trip(id, party), g)
				w.world.load(trip(id, party), g)
			}
		}
	}
}

func (w *steps) deliver(id, party string, g measure.Grams) string {
	w.t.Helper()
	w.load(id, party, g)
	w.receive(trip(id, party), g, 0, nil)
	return id
}

// halfWay is an order of 200 kg: 100 are at the one hospital, 50 are to go to the other, 50 have no place yet.
func (w *steps) halfWay() string {
	return w.deliver(w.confirmed(200*kg, 100*kg, 50*kg), "union", 100*kg)
}

// paid brings the money of an order.
func (w *steps) paid(id string) string {
	w.t.Helper()
	o := w.read(id)
	w.pay(o.Reference, o.Invoice)
	return id
}

// arrived is a paid order of which one hospital has its 100 kg, and the other its 50 if it gets any.
func (w *steps) arrived(g measure.Grams, two bool) string {
	if !two {
		return w.deliver(w.paid(w.confirmed(g, 100*kg, 0)), "union", 100*kg)
	}
	return w.deliver(w.deliver(w.paid(w.confirmed(g, 100*kg, 50*kg)), "union", 100*kg), "zhongnan", 50*kg)
}

// did does acts of the table one after the other.
func (w *steps) did(id string, acts ...string) string {
	w.t.Helper()
	by := map[string]auth.Actor{"refuse": head, "decline": liulin, "offer_less": liulin, "stop": operator, "accept": both, "claim": both, "settle": finance, "cancel": employee}
	for _, act := range acts {
		if err := w.acts()[act](by[act], id); err != nil {
			w.t.Fatalf("%s: %s", act, describe(err))
		}
	}
	return id
}

func (w *steps) into() map[string][]func() string {
	kilos := func(g, first, second measure.Grams) func() string {
		return func() string { return w.confirmed(g*kg, first*kg, second*kg) }
	}
	sent := func(g measure.Grams, acts ...string) func() string {
		return func() string { return w.did(w.place(g*kg, 0, 0), acts...) }
	}
	after := func(g measure.Grams, two bool, acts ...string) func() string {
		return func() string { return w.did(w.arrived(g*kg, two), acts...) }
	}
	drafted := func(produce string, g measure.Grams) func() string {
		return func() string { return w.drafted(produce, g*kg) }
	}
	return map[string][]func() string{
		"draft": {drafted("苹果", 400), drafted("苹果", 3000), drafted("大葱", 400)}, "awaiting_approval": {sent(4000), sent(2000)}, "refused": {sent(2000, "refuse")},
		"submitted": {sent(100), sent(1600)}, "offered_less": {sent(100, "offer_less")}, "declined": {sent(100, "decline")},
		"expired": {func() string { id := w.place(100*kg, 0, 0); w.at(firstDay.Add(49 * time.Hour)); return id }}, "cancelled": {sent(100, "cancel")},
		"confirmed": {kilos(100, 0, 0), kilos(50, 0, 0)}, "part_allocated": {kilos(200, 50, 0), kilos(200, 50, 20), kilos(100, 50, 0)},
		"allocated":     {kilos(100, 100, 0), kilos(150, 100, 50)},
		"in_fulfilment": {w.halfWay, func() string { id := w.halfWay(); w.load(id, "zhongnan", 30*kg); return id }},
		"delivered":     {after(100, false), after(150, true)}, "part_cancelled": {after(200, true, "stop"), after(200, false, "stop")},
		"disputed": {after(100, false, "claim"), after(150, true, "claim"), after(200, true, "stop", "claim"), after(100, false, "claim", "claim")},
		"accepted": {after(100, false, "accept")}, "settled": {after(100, false, "accept", "settle")},
	}
}

// drafted is what a standing order wrote down on its day.
func (w *steps) drafted(produce string, g measure.Grams) string {
	w.t.Helper()
	w.at(firstDay)
	st, err := w.orders.MakeStanding(w.ctx, employee, orders.StandingInput{Buyer: "canteen", Seller: "liulin", Produce: produce, Grams: g, Weekday: 1})
	id := get(w.t, st, err).ID
	w.at(time.Date(2020, 2, 3, 6, 0, 0, 0, firstDay.Location()))
	w.done(w.orders.DraftStanding(w.ctx))
	w.done(w.orders.ActOnStanding(w.ctx, employee, id, "end"))
	list, err := w.orders.Standings(w.ctx, employee, "buyer", "")
	for _, st := range get(w.t, list, err) {
		if st.ID == id {
			return st.Runs[0].Order
		}
	}
	w.t.Fatal("no draft")
	return ""
}

func (w *steps) acts() map[string]func(by auth.Actor, id string) error {
	type act = func(by auth.Actor, id string) error
	first := func(id string) string { return w.read(id).Lines[0].ID }
	claim := func(id string) string {
		list, err := w.orders.Claims(w.ctx, operator, id)
		for _, c := range get(w.t, list, err) {
			if c.Act == orders.ClaimOpen {
				return c.ID
			}
		}
		return "none"
	}
	return map[string]act{
		"submit": func(by auth.Actor, id string) error { _, err := w.orders.SubmitDraft(w.ctx, by, id, 0); return err },
		"change": func(by auth.Actor, id string) error {
			_, err := w.orders.ChangeDraft(w.ctx, by, id, 300*kg, 0)
			return err
		},
		"cancel":  func(by auth.Actor, id string) error { _, err := w.orders.Cancel(w.ctx, by, id, "a reason"); return err },
		"approve": func(by auth.Actor, id string) error { _, err := w.orders.Approve(w.ctx, by, id, true, ""); return err },
		"refuse": func(by auth.Actor, id string) error {
			_, err := w.orders.Approve(w.ctx, by, id, false, "a reason")
			return err
		},
		"confirm": func(by auth.Actor, id string) error { _, err := w.orders.Confirm(w.ctx, by, id); return err },
		"decline": func(by auth.Actor, id string) error {
			_, err := w.orders.Decline(w.ctx, by, id, "a reason")
			return err
		},
		"add": func(by auth.Actor, id string) error {
			_, err := w.orders.Add(w.ctx, by, id, []orders.LineInput{line(w.offer, 100*kg)})
			return err
		},
		"offer_less": func(by auth.Actor, id string) error {
			_, err := w.orders.OfferLess(w.ctx, by, id, map[string]measure.Grams{first(id): 40 * kg})
			return err
		},
		"agree": func(by auth.Actor, id string) error { _, err := w.orders.AgreeToLess(w.ctx, by, id, false); return err },
		"assign": func(by auth.Actor, id string) error {
			_, err := w.orders.Assign(w.ctx, by, id, first(id), to(w.need, 50*kg))
			return err
		},
		"refuse_part": func(by auth.Actor, id string) error {
			_, err := w.orders.RefusePart(w.ctx, by, id, w.refuse[id], "full")
			return err
		},
		"stop": func(by auth.Actor, id string) error { _, err := w.orders.Stop(w.ctx, by, id, "a reason"); return err },
		"accept": func(by auth.Actor, id string) error {
			_, err := w.orders.Accept(w.ctx, by, id, w.unionOf(id))
			return err
		},
		"claim": func(by auth.Actor, id string) error {
			w.n++
			_, err := w.orders.MakeClaim(w.ctx, by, orders.ClaimInput{ClientID: fmt.Sprint("claim-", w.n), Order: id, Consignment: trip(id, "union"), Grams: kg, Reason: "soft", Photo: "p"})
			return err
		},
		"agree_claim": func(by auth.Actor, id string) error {
			_, err := w.orders.AgreeClaim(w.ctx, by, claim(id), kg)
			return err
		},
		"rule_claim": func(by auth.Actor, id string) error {
			_, err := w.orders.RuleClaim(w.ctx, by, claim(id), kg, "a reason")
			return err
		},
		"settle": func(by auth.Actor, id string) error { _, err := w.orders.Settle(w.ctx, by, id); return err },
	}
}

// unionOf is the need of an order for which the one hospital may say yes, "" where there is none.
func (w *steps) unionOf(id string) string {
	for _, a := range w.read(id).Lines[0].To {
		if d, err := w.market.Demand(w.ctx, a.Demand); get(w.t, d, err).Party == "union" {
			return a.Demand
		}
	}
	return ""
}

func TestEveryStepOfAnOrder(t *testing.T) {
	t.Parallel()
	w := newSteps(t, storetest.SQLite(t))
	machine{
		start: string(orders.Draft), steps: markettest.Plain[orders.State](orders.Steps), ends: markettest.Words(orders.Ends), into: w.into(), act: w.acts(),
		who: []player{
			{employee, []market.Who{market.ByBuyer}}, {head, []market.Who{market.ByBuyer, market.ByApprover}}, {liulin, []market.Who{market.BySeller}},
			{both, []market.Who{market.ByReceiver}}, {operator, []market.Who{market.ByOperator}}, {finance, []market.Who{market.ByFinance}}, {biaojiao, nil},
		},
		refuse: []string{"wrong_state", "not_found", "nothing_to_refuse"}, // there is no claim and no part to speak of yet
		state:  func(id string) string { return string(w.read(id).State) },
		twice:  []string{"settled settle"},
		far:    map[string]string{"closed": "payments out are by party, not by order"},
	}.walk(t)
	w.verify()
}

func TestEveryStepOfANeed(t *testing.T) {
	t.Parallel()
	w := newSteps(t, storetest.SQLite(t))
	do := func(act string) func(by auth.Actor, id string) error {
		return func(by auth.Actor, id string) error {
			_, err := w.market.ActOnDemand(w.ctx, by, id, act, "a reason")
			return err
		}
	}
	verify := func(by auth.Actor, id string) error {
		_, err := w.market.VerifyDemand(w.ctx, by, id, market.Call{How: "called back"})
		return err
	}
	posted := func() string {
		w.at(firstDay)
		d, err := w.market.CreateDemand(w.ctx, union, "", market.DemandInput{Party: "union", Produce: "apple", Kind: market.UpTo, Grams: 100 * kg, Relief: true})
		return get(t, d, err).ID
	}
	then := func(before func() string, act func(auth.Actor, string) error, by auth.Actor) func() string {
		return func() string { id := before(); w.done(nil, act(by, id)); return id }
	}
	later := func(before func() string) func() string {
		return func() string { id := before(); w.at(firstDay.Add(49 * time.Hour)); return id }
	}
	verified := then(posted, verify, operator)
	got := func(g measure.Grams) func() string {
		return func() string { return w.unionOf(w.deliver(w.confirmed(100*kg, 100*kg, 0), "union", g)) }
	}
	part := func() string { // 50 of 100 kg
		id := verified()
		o, err := w.orders.Submit(w.ctx, employee, orders.Input{Buyer: "canteen", Lines: []orders.LineInput{line(w.offer, 50*kg, orders.ToInput{Demand: id, Grams: 50 * kg})}})
		o = get(t, o, err)
		w.done(w.orders.Confirm(w.ctx, liulin, o.ID))
		w.deliver(o.ID, "union", 50*kg)
		return id
	}
	m := machine{
		start: string(market.DemandDraft), steps: markettest.Plain[market.DemandState](market.DemandSteps), ends: markettest.Words(market.DemandEnds),
		into: map[string][]func() string{
			"posted": {posted}, "verified": {verified}, "stale": {later(posted), later(verified)}, "part_met": {part}, "met": {got(100 * kg)},
			"closed": {then(got(100*kg), do("close"), union)}, "refused_more": {then(verified, do("refuse_more"), union)}, "cancelled": {then(verified, do("cancel"), union)},
		},
		act:    map[string]func(auth.Actor, string) error{},
		who:    []player{{union, []market.Who{market.ByReceiver}}, {operator, []market.Who{market.ByOperator}}, {zhongnan, nil}, {employee, nil}},
		refuse: []string{"wrong_state"},
		far:    map[string]string{"draft": "a need is posted as it is made"},
		state: func(id string) string {
			d, err := w.market.Demand(w.ctx, id)
			d = get(t, d, err)
			return string(d.State(d.Numbers, auth.SystemClock(w.ctx)))
		},
	}
	for _, act := range m.acts() {
		m.act[act] = do(act)
	}
	m.act["verify"] = verify
	m.far["draft post posted"], m.far["draft cancel cancelled"] = m.far["draft"], m.far["draft"]
	m.walk(t)
}
