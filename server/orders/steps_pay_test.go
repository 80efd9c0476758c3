package orders_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/market/markettest"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// counter is a market where each fresh checkout is of an order of its own, 1,000 kg of apples for 6,000.00.
type counter struct {
	*till
	disputes map[string]string // by checkout
}

func newCounter(t *testing.T, db *store.DB) *counter {
	w := newWorld(t, db)
	return &counter{&till{world: w, fake: connect(t, w)}, map[string]string{}}
}

func (c *counter) of(id string) payment.Checkout {
	c.t.Helper()
	out, err := payment.CheckoutByID(c.ctx, c.db.Read(), id)
	return get(c.t, out, err)
}

func (c *counter) bought(id string) orders.View {
	c.t.Helper()
	o, err := c.orders.Order(c.ctx, donor, c.of(id).ForID)
	return get(c.t, o, err)
}

// state reads the books alone: the service is not asked.
func (c *counter) state(id string) string {
	c.t.Helper()
	list, err := c.orders.Payments(c.ctx, donor, c.of(id).ForID)
	for _, v := range get(c.t, list, err) {
		if v.ID == id {
			return string(v.State)
		}
	}
	c.t.Fatal("no such payment")
	return ""
}

// after is a fresh checkout to which all of it happened.
func (c *counter) after(fresh func() string, happens ...func(id string)) func() string {
	return func() string {
		id := fresh()
		for _, h := range happens {
			h(id)
		}
		return id
	}
}

func (c *counter) page() string {
	v, err := c.orders.Checkout(c.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: c.sale().ID, Lang: "zh"})
	return get(c.t, v, err).ID
}

// unanswered is a checkout whose page we know nothing of: the service opened one, and its answer was lost; or it did not hear.
func (c *counter) unanswered(heard bool) func() string {
	return func() string {
		in := orders.CheckoutInput{For: payment.ForOrder, ForID: c.sale().ID, Lang: "zh"}
		in.ClientID = "click-" + in.ForID
		err := c.answering(http.StatusUnauthorized, heard, func() error {
			_, err := c.orders.Checkout(c.ctx, donor, in)
			return err
		})
		if err == nil {
			c.t.Error("a page, and no answer")
		}
		out, err := payment.CheckoutByClientID(c.ctx, c.db.Read(), in.ClientID)
		return get(c.t, out, err).ID
	}
}

// answering does something while the service answers everything with an error, and forgets what it was asked unless it heard it.
func (c *counter) answering(status int, heard bool, do func() error) error {
	there := c.orders.Gateway
	defer func() { c.orders.Gateway = there }()
	odd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if heard {
			c.fake.ServeHTTP(httptest.NewRecorder(), r)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"error":{"type":"invalid_request_error","message":"no"}}`))
	}))
	defer odd.Close()
	g, err := payment.NewGateway(payment.GatewayConfig{Key: "sk_test_1", Secret: hookSecret, URL: odd.URL})
	c.orders.Gateway = get(c.t, g, err)
	return do()
}

// asked asks for the page again; another sum makes the old one needless.
func (c *counter) asked(id string) {
	c.t.Helper()
	c.done(c.orders.Checkout(c.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: c.of(id).ForID, Lang: "zh"}))
}

func (c *counter) refused(id string) {
	c.t.Helper()
	wantFault(c.t, c.answering(http.StatusBadRequest, false, func() error {
		_, err := c.orders.Checkout(c.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: c.of(id).ForID, Lang: "zh"})
		return err
	}), "gateway_refuses", "")
}

// session is the service's page, also where we know nothing of it: then it is the last one.
func (c *counter) session(id string) string {
	c.t.Helper()
	if s := c.of(id).Session; s != "" {
		return s
	}
	pages := c.fake.Sessions()
	return pages[len(pages)-1]
}

// hear takes what the service has to say.
func (c *counter) hear(string) { c.deliver(c.fake.Waiting()...) }

func (c *counter) how(how fakepay.How) func(id string) {
	return func(id string) {
		c.payOn(c.session(id), how)
		c.hear(id)
	}
}

func (c *counter) arrives(came bool) func(id string) {
	return func(id string) {
		c.done(nil, c.fake.Arrive(c.session(id), came))
		c.hear(id)
	}
}

// failsFirst is a payment on its way that fails, and the message of the yes is late.
func (c *counter) failsFirst(id string) {
	c.payOn(c.session(id), fakepay.How{Method: "alipay", Later: true})
	c.done(nil, c.fake.Arrive(c.session(id), false))
	c.deliver(c.fake.Waiting()[1:]...)
}

// bank brings so much for the order.
func (c *counter) bank(amount measure.Fen) func(id string) {
	return func(id string) { c.pay(c.bought(id).Reference, amount) }
}

// round is what the server does now and then.
func (c *counter) round(string) { c.settleDown() }

// closed closes the page at the service.
func (c *counter) closed(id string) {
	c.done(c.orders.Gateway.Close(c.ctx, c.session(id)))
	c.hear(id)
}

func (c *counter) cancel(id string) { c.done(c.orders.Cancel(c.ctx, donor, c.of(id).ForID, "no need")) }

// settle delivers the order and settles it; so much of its 1,000 kg was accepted.
func (c *counter) settle(accepted measure.Grams) func(id string) {
	return func(id string) {
		o := c.bought(id)
		c.haul(o.Lines[0].To[0].ID, "c-"+o.ID, 1000*kg, 1000*kg, 1000*kg, 1000*kg-accepted)
		c.done(c.orders.Accept(c.ctx, union, o.ID, ""))
		c.done(c.orders.Settle(c.ctx, finance, o.ID))
	}
}

// bounce lets what is to be given back come again.
func (c *counter) bounce(string) {
	c.fake.FailRefunds(true)
	defer c.fake.FailRefunds(false)
	c.settleDown()
}

func (c *counter) dispute(id string) {
	c.t.Helper()
	d, err := c.fake.Dispute(c.session(id))
	c.disputes[id] = get(c.t, d, err)
	c.hear(id)
}

func (c *counter) judged(won bool) func(id string) {
	return func(id string) {
		c.done(nil, c.fake.Judge(c.disputes[id], won))
		c.hear(id)
	}
}

func (c *counter) release(by auth.Actor, id string, take bool) error {
	_, err := c.orders.Release(c.ctx, by, id, take, "a reason")
	return err
}

func (c *counter) returned(id string) { c.done(nil, c.release(finance, id, false)) }

// again sends everything that the service said of a payment once more, as other messages and backwards, after what it had not said yet.
func (c *counter) again(id string) {
	c.t.Helper()
	c.hear(id)
	before := c.books(id)
	intent := []byte(c.of(id).Intent)
	for _, e := range slices.Backward(c.fake.All()) {
		if bytes.Contains(e.Body, []byte(id)) || len(intent) > 0 && bytes.Contains(e.Body, intent) {
			c.deliver(fakepay.Event{ID: e.ID + "x", Type: e.Type, Body: bytes.ReplaceAll(e.Body, []byte(e.ID), []byte(e.ID+"x"))})
		}
	}
	if got := c.books(id); !slices.Equal(got, before) {
		c.t.Errorf("messages that came twice moved the books from %v to %v", before, got)
	}
}

// books is where a payment's money may be.
func (c *counter) books(id string) (out []measure.Fen) {
	o := c.of(id).ForID
	for _, a := range []string{orders.GatewayWorld, orders.GatewayFees, orders.Escrow(o), orders.Overpaid(o), orders.Refund("donor"), orders.Owed("donor"), orders.Unmatched(id)} {
		out = append(out, c.fen(a))
	}
	return out
}

// other is an amount that nobody asked for.
var other = fakepay.How{Method: "card", Fen: 5_000_00}

func (c *counter) captured() string { return c.after(c.page, c.how(fakepay.How{}))() }
func (c *counter) held() string     { return c.after(c.page, c.how(other))() }
func (c *counter) onWay() string {
	return c.after(c.page, c.how(fakepay.How{Method: "alipay", Later: true}))()
}

// needless is a page that we closed without the service's knowing: the order wants another sum, and the service's answer was lost.
func (c *counter) needless() string {
	id := c.unanswered(true)()
	page := c.session(id)
	c.bank(1_000_00)(id)
	c.asked(id)
	c.disputes[id] = page
	return id
}

// onNeedless pays on such a page.
func (c *counter) onNeedless(how fakepay.How) func(id string) {
	return func(id string) {
		c.payOn(c.disputes[id], how)
		c.hear(id)
	}
}

var payTable = markettest.Plain[orders.PayState](orders.PaySteps)

// Nobody but finance decides about a payment, and about one alone that is held. A held one that its payer's bank took back is not held.
func TestEveryDecisionOnAPayment(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCounter(t, db)
		act := func(take bool) func(auth.Actor, string) error {
			return func(by auth.Actor, id string) error { return c.release(by, id, take) }
		}
		part := c.after(c.captured, c.settle(900*kg))
		machine{
			start: string(orders.PayCreated), steps: payTable, ends: markettest.Words(orders.PayEnds), state: c.state, refuse: []string{"not_held"},
			into: map[string][]func() string{
				"created": {c.unanswered(false), c.unanswered(true)}, "needs_action": {c.page}, "authorised": {c.onWay}, "captured": {c.captured},
				"held":            {c.held, c.after(c.held, c.dispute, c.judged(true)), c.after(c.onNeedlessHeld)},
				"failed":          {c.after(c.onWay, c.arrives(false)), c.after(c.unanswered(false), c.refused)},
				"cancelled":       {c.after(c.page, c.closed), c.needless},
				"part_refunded":   {part, c.after(part, c.round)},
				"refunded":        {c.after(c.captured, c.cancel), c.after(c.held, c.returned), c.after(c.held, c.returned, c.round)},
				"chargeback_open": {c.after(c.captured, c.dispute), c.after(part, c.round, c.dispute), c.after(c.held, c.dispute)},
				"chargeback_lost": {c.after(c.captured, c.dispute, c.judged(false)), c.after(c.held, c.dispute, c.judged(false))},
			},
			act: map[string]func(auth.Actor, string) error{"take": act(true), "return": act(false)},
			who: []player{{finance, []market.Who{orders.ByFinance}}, {operator, nil}, {auditor, nil}, {dispatcher, nil}, {donor, nil}, {firm, nil}, {liulin, nil}, {union, nil}, {driver, nil}},
		}.walk(t)
		c.allJudged()
		c.agree()
	})
}

// allJudged ends every dispute: until then the service has the money, and the books keep it frozen.
func (c *counter) allJudged() {
	for _, d := range c.fake.Disputed() {
		c.done(nil, c.fake.Judge(d, true))
	}
	c.settleDown()
}

func (c *counter) onNeedlessHeld() string { return c.after(c.needless, c.onNeedless(other))() }

// What the payment service says and what the books give back, row by row of the table; said again in another order it changes nothing.
func TestEveryMoveOfAPaymentThatNobodyMakes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCounter(t, db)
		later := func(fen int64) func(id string) { return c.how(fakepay.How{Method: "alipay", Later: true, Fen: fen}) }
		part := c.after(c.captured, c.settle(900*kg), c.round) // 600.00 of 6,000.00 went back
		machine{state: c.state, steps: payTable}.moves(t, map[way][]move{
			{"created", "open", "needs_action"}:             {{c.unanswered(false), c.asked}, {c.unanswered(true), c.asked}},
			{"created", "fail", "failed"}:                   {{c.unanswered(false), c.refused}, {c.unanswered(true), c.failsFirst}},
			{"created", "close", "cancelled"}:               {{c.unanswered(true), c.closed}, {c.after(c.unanswered(false), c.bank(1_000_00)), c.asked}},
			{"created", "authorise", "authorised"}:          {{c.unanswered(true), later(0)}},
			{"created", "capture", "captured"}:              {{c.unanswered(true), c.how(fakepay.How{})}},
			{"created", "hold", "held"}:                     {{c.unanswered(true), c.how(other)}},
			{"needs_action", "authorise", "authorised"}:     {{c.page, later(0)}},
			{"needs_action", "capture", "captured"}:         {{c.page, c.how(fakepay.How{})}, {c.page, c.how(fakepay.How{Method: "wechat_pay"})}},
			{"needs_action", "hold", "held"}:                {{c.page, c.how(other)}, {c.page, c.how(fakepay.How{Currency: "usd"})}},
			{"needs_action", "close", "cancelled"}:          {{c.page, c.closed}, {c.after(c.page, c.bank(1_000_00)), c.asked}, {c.after(c.page, c.bank(6_000_00)), c.round}},
			{"needs_action", "fail", "failed"}:              {{c.page, c.failsFirst}},
			{"authorised", "capture", "captured"}:           {{c.onWay, c.arrives(true)}},
			{"authorised", "hold", "held"}:                  {{c.after(c.page, later(5_000_00)), c.arrives(true)}},
			{"authorised", "fail", "failed"}:                {{c.onWay, c.arrives(false)}},
			{"failed", "capture", "captured"}:               {{c.after(c.onWay, c.arrives(false)), c.arrives(true)}},
			{"failed", "hold", "held"}:                      {{c.after(c.page, later(5_000_00), c.arrives(false)), c.arrives(true)}},
			{"cancelled", "capture", "captured"}:            {{c.needless, c.onNeedless(fakepay.How{})}},
			{"cancelled", "hold", "held"}:                   {{c.needless, c.onNeedless(other)}},
			{"captured", "give_back", "part_refunded"}:      {{c.captured, c.settle(900 * kg)}, {c.after(c.captured, c.bank(500_00)), c.settle(1000 * kg)}},
			{"captured", "give_back", "refunded"}:           {{c.captured, c.cancel}, {c.after(c.captured, c.settle(1000*kg)), c.bank(6_000_00)}},
			{"part_refunded", "give_back", "part_refunded"}: {{part, c.bank(500_00)}},
			{"part_refunded", "give_back", "refunded"}:      {{part, c.bank(9_000_00)}},
			{"part_refunded", "bounce", "captured"}:         {{c.after(c.captured, c.settle(900*kg)), c.bounce}},
			{"part_refunded", "bounce", "part_refunded"}:    {{c.after(part, c.bank(500_00)), c.bounce}},
			{"refunded", "bounce", "part_refunded"}:         {{c.after(part, c.bank(9_000_00)), c.bounce}},
			{"refunded", "bounce", "captured"}:              {{c.after(c.captured, c.cancel), c.bounce}, {c.after(c.held, c.returned), c.bounce}},
			{"held", "dispute", "chargeback_open"}:          {{c.held, c.dispute}},
			{"captured", "dispute", "chargeback_open"}:      {{c.captured, c.dispute}, {c.after(c.captured, c.settle(1000*kg)), c.dispute}},
			{"part_refunded", "dispute", "chargeback_open"}: {{part, c.dispute}, {c.after(c.captured, c.settle(900*kg)), c.dispute}},
			{"refunded", "dispute", "chargeback_open"}:      {{c.after(c.captured, c.cancel), c.dispute}},
			{"chargeback_open", "win", "held"}:              {{c.after(c.held, c.dispute), c.judged(true)}},
			{"chargeback_open", "win", "captured"}:          {{c.after(c.captured, c.dispute), c.judged(true)}, {c.after(c.captured, c.cancel, c.dispute), c.judged(true)}},
			{"chargeback_open", "win", "part_refunded"}:     {{c.after(part, c.dispute), c.judged(true)}},
			{"chargeback_open", "win", "refunded"}:          {{c.after(c.captured, c.dispute, c.cancel), c.judged(true)}},
			{"chargeback_open", "lose", "chargeback_lost"}:  {{c.after(c.captured, c.dispute), c.judged(false)}, {c.after(part, c.dispute), c.judged(false)}, {c.after(c.held, c.dispute), c.judged(false)}},
		}, c.again)
		c.allJudged()
		c.agree()
	})
}

// What is lost stays lost, and nothing goes back from it, whatever becomes of the order; a page that was closed stays closed when what
// was on its way there fails.
func TestAnEndedPaymentStaysEnded(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCounter(t, db)
		lost := c.judged(false)
		for end, ways := range map[orders.PayState][]func() string{
			orders.PayLost: {c.after(c.captured, c.dispute, lost), c.after(c.held, c.dispute, lost), c.after(c.captured, c.settle(900*kg), c.round, c.dispute, lost),
				c.after(c.captured, c.settle(900*kg), c.dispute, lost)},
		} {
			if !slices.Contains(orders.PayEnds, end) {
				t.Errorf("%s is no end", end)
			}
			for n, fresh := range ways {
				id := fresh()
				c.again(id)
				if err := c.fake.Judge(c.disputes[id], true); err == nil {
					t.Error("decided twice")
				}
				back := c.fake.Refunds()
				if c.bought(id).State != orders.Settled {
					c.cancel(id)
				}
				c.settleDown()
				c.again(id)
				if got := c.state(id); got != string(end) || c.fake.Refunds() != back {
					t.Errorf("%s, way %d: it became %s, %d went back", end, n, got, c.fake.Refunds()-back)
				}
			}
		}
		id := c.needless()
		c.onNeedless(fakepay.How{Method: "alipay", Later: true})(id)
		c.done(nil, c.fake.Arrive(c.disputes[id], false))
		c.hear(id)
		if got := c.state(id); got != string(orders.PayCancelled) {
			t.Errorf("a closed page became %s", got)
		}
		held, err := c.orders.HeldPayments(c.ctx, finance)
		if held = get(t, held, err); len(held) > 0 {
			t.Errorf("finance is to decide about what its payer's bank has: %+v", held)
		}
		c.agree()
	})
}

// Finance takes what is held for an order that is over by now: it goes back at once.
func TestHeldMoneyOfAnEndedOrderGoesBack(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newCounter(t, db)
		id := c.held()
		c.cancel(id)
		c.done(nil, c.release(finance, id, true))
		if got := c.state(id); got != string(orders.PayRefunded) {
			t.Errorf("it is %s", got)
		}
		c.settleDown()
		if back := c.fake.Refunds(); back != other.Fen {
			t.Errorf("%d went back", back)
		}
		if err := c.release(finance, id, false); fault.Of(err) == nil {
			t.Errorf("twice: %v", err)
		}
		c.agree()
	})
}
