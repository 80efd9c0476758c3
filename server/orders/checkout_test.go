package orders_test

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

const hookSecret = "whsec_orders"

// till is a market with a payment service beside it.
type till struct {
	*world
	fake  *fakepay.Server
	order orders.Order
	alloc string
}

// newTill gives an order of 600 kg at 6.00, confirmed and not paid, and a service whose events wait until deliver.
func newTill(t testing.TB, db *store.DB) *till {
	t.Helper()
	w, _, o, alloc := shipment(t, db)
	c := &till{world: w, order: o, alloc: alloc}
	c.fake = connect(t, w)
	return c
}

// connect gives a world a payment service that sends its events over HTTP.
func connect(t testing.TB, w *world) *fakepay.Server {
	t.Helper()
	hook := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := w.orders.GatewayEvent(w.ctx, body, r.Header.Get("Stripe-Signature")); err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
		}
	}))
	fake := fakepay.New(fakepay.Config{Secret: hookSecret, Hook: hook.URL})
	service := httptest.NewServer(fake)
	t.Cleanup(func() { service.Close(); hook.Close() })
	g, err := payment.NewGateway(payment.GatewayConfig{Key: "sk_test_1", Secret: hookSecret, URL: service.URL})
	w.orders.Gateway, w.orders.Site = get(t, g, err), "http://127.0.0.1"
	return fake
}

func (c *till) open(by auth.Actor, client string) orders.CheckoutView {
	c.t.Helper()
	v, err := c.orders.Checkout(c.ctx, by, orders.CheckoutInput{ClientID: client, For: payment.ForOrder, ForID: c.order.ID, Lang: "zh"})
	return get(c.t, v, err)
}

// paid opens a page and pays on it; the service's message is not delivered yet.
func (c *till) paid(how fakepay.How) orders.CheckoutView {
	c.t.Helper()
	v := c.open(donor, "")
	c.payOn(v.Session, how)
	return v
}

func (c *till) payOn(session string, how fakepay.How) {
	c.t.Helper()
	if how.Method == "" {
		how.Method = "card"
	}
	if err := c.fake.Pay(session, how); err != nil {
		c.t.Fatal(err)
	}
}

func (c *till) deliver(events ...fakepay.Event) {
	c.t.Helper()
	if err := c.fake.Deliver(c.ctx, events...); err != nil {
		c.t.Fatal(err)
	}
}

// settleDown runs rounds until nothing is left to say between the two.
func (c *till) settleDown() {
	c.t.Helper()
	for range 4 {
		if err := c.orders.RunGateway(c.ctx); err != nil {
			c.t.Fatal(err)
		}
		c.deliver(c.fake.Waiting()...)
	}
}

func (c *till) wantState(id string, want orders.PayState) {
	c.t.Helper()
	v, err := c.orders.LookAt(c.ctx, donor, id)
	if v = get(c.t, v, err); v.State != want {
		c.t.Errorf("the payment is %s, want %s", v.State, want)
	}
}

// wantRefund wants one refund of a payment, as whoever may read the order is told of it: all of it, at a step, ended or not.
func (c *till) wantRefund(id string, want payment.RefundAct, ended bool) {
	c.t.Helper()
	list, err := c.orders.Payments(c.ctx, donor, c.order.ID)
	for _, v := range get(c.t, list, err) {
		if v.ID == id && (len(v.Refunds) != 1 || v.Refunds[0].Act != want || v.Refunds[0].Fen != v.Fen || (v.Refunds[0].EndedAt > 0) != ended) {
			c.t.Errorf("the refunds are %+v, want %s", v.Refunds, want)
		}
	}
}

// wantFen checks accounts: wantFen("escrow", 100, orders.Escrow(id)).
func (c *till) wantFen(account string, want measure.Fen) {
	c.t.Helper()
	if got := c.fen(account); got != want {
		c.t.Errorf("%s holds %s, want %s", account, got, want)
	}
}

// agree checks the books, and that what they say of the service is what the service says.
func (c *till) agree() {
	c.t.Helper()
	c.verify()
	c.wantFen(orders.GatewayWorld, -measure.Fen(c.fake.Balance())-c.fen(orders.GatewayFees))
}

func TestCheckoutHoldsTheMoneyForItsOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		v := c.open(donor, "click")
		if v.State != orders.PayNeedsAction || v.URL == "" || v.Fen != 3_600_00 {
			t.Fatalf("%+v", v)
		}
		for _, client := range []string{"click", "second click", ""} { // one page, however often it is asked for
			if again := c.open(donor, client); again.ID != v.ID || again.URL != v.URL {
				t.Errorf("%q opened another page", client)
			}
		}
		if n := len(c.fake.Sessions()); n != 1 {
			t.Errorf("%d pages", n)
		}
		c.payOn(v.Session, fakepay.How{Method: "wechat_pay"})
		c.deliver(c.fake.Waiting()...)
		c.wantState(v.ID, orders.PayCaptured)
		c.wantFen(orders.Escrow(c.order.ID), 3_600_00)
		_, err := c.orders.Checkout(c.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: c.order.ID})
		wantFault(t, err, "paid_already", "")
		c.agree()
	})
}

func TestCheckoutIsTheBuyersAlone(t *testing.T) {
	t.Parallel()
	c := newTill(t, storetest.SQLite(t))
	for _, by := range []auth.Actor{liulin, firm, {}, operator} {
		_, err := c.orders.Checkout(c.ctx, by, orders.CheckoutInput{For: payment.ForOrder, ForID: c.order.ID})
		wantFault(t, err, "not_found", "")
	}
	v := c.open(donor, "")
	_, err := c.orders.LookAt(c.ctx, firm, v.ID)
	wantFault(t, err, "not_found", "")
	_, err = c.orders.Release(c.ctx, donor, v.ID, true, "mine")
	wantFault(t, err, "finance_only", "")
	c.orders.Gateway = nil
	_, err = c.orders.Checkout(c.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: c.order.ID})
	wantFault(t, err, "no_gateway", "")
}

// The message may be lost: the payer's way back asks the service, and the message that comes after all changes nothing.
func TestPaidBeforeTheMessageComes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		v := c.paid(fakepay.How{})
		c.wantState(v.ID, orders.PayCaptured) // LookAt asks
		c.wantFen(orders.Escrow(c.order.ID), 3_600_00)
		c.deliver(c.fake.Waiting()...)
		c.deliver(c.fake.All()...)
		c.wantFen(orders.Escrow(c.order.ID), 3_600_00)
		c.agree()
	})
}

// Every message twice, in any order: the books end the same. 3,600 paid, 100 kg short: 600.00 back.
func TestShuffledAndDoubledMessages(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		for seed := range uint64(6) {
			c := newTill(t, storetest.SQLite(t))
			if seed < 1 {
				c = newTill(t, db)
			}
			v := c.paid(fakepay.How{Method: "alipay", Later: true})
			if err := c.fake.Arrive(v.Session, true); err != nil {
				t.Fatal(err)
			}
			id, err := c.fake.Dispute(v.Session)
			get(t, id, err)
			if err := c.fake.Judge(id, seed%2 == 0); err != nil {
				t.Fatal(err)
			}
			events := slices.Concat(c.fake.All(), c.fake.All())
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			c.deliver(events...)
			c.settleDown()
			want, state := measure.Fen(0), orders.PayLost
			if seed%2 == 0 {
				want, state = 3_600_00, orders.PayCaptured
			}
			c.wantState(v.ID, state)
			c.wantFen(orders.Escrow(c.order.ID), want)
			c.agree()
			waiting, err := c.orders.Inbox(c.ctx, finance, payment.EventWaits)
			if waiting = get(t, waiting, err); len(waiting) > 0 {
				t.Errorf("seed %d: %d messages wait for ever", seed, len(waiting))
			}
		}
	})
}

// Another amount or currency never counts for the order; finance decides.
func TestOtherAmountIsHeld(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		for name, test := range map[string]struct {
			how  fakepay.How
			take bool
			want orders.PayState
		}{
			"TooLittleTaken": {fakepay.How{Fen: 1_000_00}, true, orders.PayCaptured},
			"TooMuchBack":    {fakepay.How{Fen: 9_999_99}, false, orders.PayRefunded},
		} {
			t.Run(name, func(t *testing.T) {
				c := newTill(t, storetest.SQLite(t))
				v := c.paid(test.how)
				c.deliver(c.fake.Waiting()...)
				c.wantState(v.ID, orders.PayHeld)
				c.wantFen(orders.Escrow(c.order.ID), 0)
				c.wantFen(orders.Unmatched(v.ID), measure.Fen(test.how.Fen))
				held, err := c.orders.HeldPayments(c.ctx, finance)
				if held = get(t, held, err); len(held) != 1 || held[0].Got != measure.Fen(test.how.Fen) {
					t.Errorf("%+v", held)
				}
				_, err = c.orders.Release(c.ctx, finance, v.ID, test.take, "")
				wantFault(t, err, "reason_needed", "reason")
				_, err = c.orders.Release(c.ctx, finance, v.ID, test.take, "spoke with the payer")
				get(t, 0, err)
				_, err = c.orders.Release(c.ctx, finance, v.ID, test.take, "again")
				wantFault(t, err, "not_held", "")
				c.settleDown()
				c.wantState(v.ID, test.want)
				if want := map[bool]measure.Fen{true: 1_000_00}[test.take]; c.fen(orders.Escrow(c.order.ID)) != want {
					t.Errorf("escrow %s, want %s", c.fen(orders.Escrow(c.order.ID)), want)
				}
				c.agree()
			})
		}
	})
}

func TestOtherCurrencyIsHeldAndPostsNothing(t *testing.T) {
	t.Parallel()
	c := newTill(t, storetest.SQLite(t))
	v := c.paid(fakepay.How{Currency: "usd"})
	c.deliver(c.fake.Waiting()...)
	c.wantState(v.ID, orders.PayHeld)
	c.wantFen(orders.Escrow(c.order.ID), 0)
	c.wantFen(orders.GatewayWorld, 0)
	_, err := c.orders.Release(c.ctx, finance, v.ID, true, "take it")
	wantFault(t, err, "other_currency", "")
	c.verify()
}

// A message of another API version is kept and moves nothing; the payment is found by asking.
func TestOtherVersionIsKept(t *testing.T) {
	t.Parallel()
	c := newTill(t, storetest.SQLite(t))
	v := c.paid(fakepay.How{})
	body := []byte(`{"id":"evt_new","type":"checkout.session.completed","api_version":"2026-01-01","created":1580518800,"data":{"object":{"client_reference_id":"` + v.ID + `"}}}`)
	if err := c.orders.GatewayEvent(c.ctx, body, c.fake.Sign(body, time.Now())); err != nil {
		t.Fatal(err)
	}
	kept, err := c.orders.Inbox(c.ctx, auditor, payment.EventOtherVersion)
	if kept = get(t, kept, err); len(kept) != 1 || kept[0].Body != string(body) {
		t.Errorf("%+v", kept)
	}
	c.wantFen(orders.Escrow(c.order.ID), 0)
	c.wantState(v.ID, orders.PayCaptured)
}

// Messages about pages of another program on the same account are kept and move nothing.
func TestUnknownPagesMoveNothing(t *testing.T) {
	t.Parallel()
	c := newTill(t, storetest.SQLite(t))
	stranger := newTill(t, storetest.SQLite(t))
	stranger.paid(fakepay.How{})
	for _, e := range stranger.fake.All() {
		if err := c.orders.GatewayEvent(c.ctx, e.Body, c.fake.Sign(e.Body, time.Now())); err != nil {
			t.Fatal(err)
		}
		wantFault(t, c.orders.GatewayEvent(c.ctx, e.Body, stranger.fake.Sign([]byte("x"), time.Now())), "bad_signature", "")
	}
	kept, err := c.orders.Inbox(c.ctx, finance, payment.EventUnknown)
	if kept = get(t, kept, err); len(kept) != 1 {
		t.Errorf("%d kept", len(kept))
	}
	c.wantFen(orders.GatewayWorld, 0)
	_, err = c.orders.Inbox(c.ctx, donor, payment.EventUnknown)
	wantFault(t, err, "finance_only", "")
}

// Less accepted than paid for: the rest goes back to the wallet, in part. 600 kg paid, 500 kg accepted at 6.00: 600.00 back.
func TestRestGoesBackTheWayItCame(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		for _, method := range []string{"card", "wechat_pay"} {
			c := newTill(t, storetest.SQLite(t))
			if method == "card" {
				c = newTill(t, db)
			}
			v := c.paid(fakepay.How{Method: method})
			c.deliver(c.fake.Waiting()...)
			c.haul(c.alloc, "c1"+c.order.ID, 600*kg, 600*kg, 600*kg, 100*kg)
			_, err := c.orders.Accept(c.ctx, union, c.order.ID, "")
			get(t, 0, err)
			_, err = c.orders.Settle(c.ctx, finance, c.order.ID)
			get(t, 0, err)
			c.wantState(v.ID, orders.PayPartRefunded)
			c.settleDown()
			c.wantFen(orders.Refund("donor"), 0)
			c.wantFen(orders.GatewayWorld, -3_000_00+108_00) // less the fee of 3 % of 3,600.00
			if back := c.fake.Refunds(); back != 600_00 {
				t.Errorf("%s: %d went back", method, back)
			}
			c.agree()
		}
	})
}

// A refund that the payer's bank does not take is owed by bank transfer, and never tried the same way again.
func TestRefundThatBouncesIsOwedByBank(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		c.fake.FailRefunds(true)
		v := c.paid(fakepay.How{})
		c.deliver(c.fake.Waiting()...)
		_, err := c.orders.Cancel(c.ctx, donor, c.order.ID, "no need")
		get(t, 0, err)
		c.wantState(v.ID, orders.PayRefunded)
		c.wantRefund(v.ID, payment.RefundDue, false)
		c.settleDown()
		c.wantState(v.ID, orders.PayCaptured)
		c.wantRefund(v.ID, payment.RefundBack, true)
		c.wantFen(orders.Refund("donor"), 3_600_00)
		c.agree()
	})
}

// The service is away when a refund is due: it stays due, and is asked for once when the service is back.
func TestRefundWaitsForTheService(t *testing.T) {
	t.Parallel()
	c := newTill(t, storetest.SQLite(t))
	c.paid(fakepay.How{})
	c.deliver(c.fake.Waiting()...)
	_, err := c.orders.Cancel(c.ctx, donor, c.order.ID, "no need")
	get(t, 0, err)
	there := c.orders.Gateway
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c.orders.Gateway, err = payment.NewGateway(payment.GatewayConfig{Key: "k", Secret: hookSecret, URL: gone.URL})
	get(t, 0, err)
	if err = c.orders.RunGateway(c.ctx); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
	c.wantFen(orders.GatewayWorld, -3_600_00)
	c.orders.Gateway = there
	c.settleDown()
	c.settleDown()
	if back := c.fake.Refunds(); back != 3_600_00 {
		t.Errorf("%d went back", back)
	}
	c.agree()
}

// Paid by bank meanwhile: the page is closed. Paid on it all the same, in that moment: it goes back.
func TestPaidTwice(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		v := c.open(donor, "")
		c.pay(c.order.Reference, 3_600_00)
		if err := c.orders.RunGateway(c.ctx); err != nil {
			t.Fatal(err)
		}
		c.wantState(v.ID, orders.PayCancelled)
		if c.fake.Pay(v.Session, fakepay.How{Method: "card"}) == nil {
			t.Error("the page still takes money")
		}

		late := newTill(t, storetest.SQLite(t))
		v = late.paid(fakepay.How{}) // its message is on the way
		late.pay(late.order.Reference, 3_600_00)
		late.settleDown()
		late.wantState(v.ID, orders.PayCaptured)
		late.wantFen(orders.Overpaid(late.order.ID), 3_600_00)
		_, err := late.orders.Cancel(late.ctx, donor, late.order.ID, "no need") // the card first, the rest by bank
		get(t, 0, err)
		late.settleDown()
		late.wantFen(orders.Refund("donor"), 3_600_00)
		late.agree()
	})
}

// A part was paid by bank: the open page for the whole is closed, the next is for the rest.
func TestPageForAnotherSumIsClosed(t *testing.T) {
	t.Parallel()
	c := newTill(t, storetest.SQLite(t))
	whole := c.open(donor, "a")
	c.pay(c.order.Reference, 600_00)
	rest := c.open(donor, "b")
	if rest.ID == whole.ID || rest.Fen != 3_000_00 {
		t.Errorf("%+v", rest.Checkout)
	}
	if c.fake.Pay(whole.Session, fakepay.How{Method: "card"}) == nil {
		t.Error("the old page still takes money")
	}
	c.wantState(whole.ID, orders.PayCancelled)
}

// Paid when the order is over: everything goes back.
func TestLatePaymentOfAnEndedOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		v := c.paid(fakepay.How{})
		_, err := c.orders.Cancel(c.ctx, donor, c.order.ID, "no need")
		get(t, 0, err)
		c.settleDown()
		c.wantState(v.ID, orders.PayRefunded)
		c.wantFen(orders.GatewayWorld, 108_00) // it came and went; its fee of 3 % stays
		c.wantFen(orders.Refund("donor"), 0)
		c.agree()
	})
}

// A wallet's money that does not arrive: another page can be opened.
func TestPaymentThatNeverArrives(t *testing.T) {
	t.Parallel()
	c := newTill(t, storetest.SQLite(t))
	v := c.paid(fakepay.How{Method: "alipay", Later: true})
	c.deliver(c.fake.Waiting()...)
	c.wantState(v.ID, orders.PayAuthorised)
	_, err := c.orders.Checkout(c.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: c.order.ID})
	wantFault(t, err, "pay_on_way", "")
	if err = c.fake.Arrive(v.Session, false); err != nil {
		t.Fatal(err)
	}
	c.deliver(c.fake.Waiting()...)
	c.wantState(v.ID, orders.PayFailed)
	if again := c.open(donor, ""); again.ID == v.ID {
		t.Error("no other page")
	}
	c.wantFen(orders.GatewayWorld, 0)
}

// A dispute freezes the escrow, so that nothing is settled out of it; won, it is there again; lost, the order lacks it.
func TestDisputeFreezesTheEscrow(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		for _, won := range []bool{true, false} {
			c := newTill(t, storetest.SQLite(t))
			if won {
				c = newTill(t, db)
			}
			v := c.paid(fakepay.How{})
			c.deliver(c.fake.Waiting()...)
			id, err := c.fake.Dispute(v.Session)
			get(t, id, err)
			c.deliver(c.fake.Waiting()...)
			c.wantState(v.ID, orders.PayDisputed)
			c.wantFen(orders.Escrow(c.order.ID), 0)
			c.wantFen(orders.Frozen(id), 3_600_00)
			c.haul(c.alloc, "c1"+c.order.ID, 600*kg, 600*kg, 600*kg, 0)
			_, err = c.orders.Accept(c.ctx, union, c.order.ID, "")
			get(t, 0, err)
			_, err = c.orders.Settle(c.ctx, finance, c.order.ID)
			wantFault(t, err, "not_paid", "")
			if err = c.fake.Judge(id, won); err != nil {
				t.Fatal(err)
			}
			c.settleDown()
			c.wantFen(orders.Frozen(id), 0)
			_, err = c.orders.Settle(c.ctx, finance, c.order.ID)
			if won {
				get(t, 0, err)
				c.wantFen(orders.Payable("liulin"), 3_600_00)
			} else {
				wantFault(t, err, "not_paid", "")
				c.wantState(v.ID, orders.PayLost)
			}
			c.agree()
		}
	})
}

// Charged back when the seller has its money: the payer owes it. Won: no more.
func TestDisputeAfterSettlementIsOwed(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		for _, won := range []bool{true, false} {
			c := newTill(t, storetest.SQLite(t))
			if won {
				c = newTill(t, db)
			}
			v := c.paid(fakepay.How{})
			c.deliver(c.fake.Waiting()...)
			c.haul(c.alloc, "c1"+c.order.ID, 600*kg, 600*kg, 600*kg, 0)
			_, err := c.orders.Accept(c.ctx, union, c.order.ID, "")
			get(t, 0, err)
			_, err = c.orders.Settle(c.ctx, finance, c.order.ID)
			get(t, 0, err)
			id, err := c.fake.Dispute(v.Session)
			get(t, id, err)
			c.settleDown()
			c.wantFen(orders.Owed("donor"), -3_600_00)
			if err = c.fake.Judge(id, won); err != nil {
				t.Fatal(err)
			}
			c.settleDown()
			c.wantFen(orders.Owed("donor"), map[bool]measure.Fen{true: 0, false: -3_600_00}[won])
			c.wantFen(orders.Payable("liulin"), 3_600_00)
			c.agree()
		}
	})
}

// A gift paid by wallet goes into the fund, under its named use; charged back, it leaves it again.
func TestGiftByWallet(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		fake := connect(t, s.world)
		c := &till{world: s.world, fake: fake, order: s.appleOrder}
		v, err := s.orders.Checkout(s.ctx, donor, orders.CheckoutInput{For: payment.ForCampaign, ForID: s.campaign.ID, Payer: "donor", Fen: 61_000_00, Lang: "en"})
		v = get(t, v, err)
		_, err = s.orders.Checkout(s.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: s.appleOrder.ID})
		wantFault(t, err, "paid_by_fund", "")
		c.payOn(v.Session, fakepay.How{Method: "wechat_pay"})
		c.settleDown()
		c.wantFen(orders.Escrow(s.appleOrder.ID), 60_000_00)
		report, err := s.orders.GiftReport(s.ctx, s.campaign.ID)
		if report = get(t, report, err); report.Money.Paid != 61_000_00 {
			t.Errorf("the report says %s came in", report.Money.Paid)
		}
		id, err := fake.Dispute(v.Session)
		get(t, id, err)
		c.settleDown()
		// 1,000.00 of it went to the second order; what is in no fund any more, the donor owes.
		c.wantFen(orders.Frozen(id), 61_000_00)
		c.wantFen(market.CampaignFund(s.campaign.ID), 0)
		c.wantFen(orders.Owed("donor"), -61_000_00)
		if err = fake.Judge(id, true); err != nil {
			t.Fatal(err)
		}
		c.settleDown()
		c.wantFen(orders.Owed("donor"), 0)
		c.agree()
	})
}

// Two people of the buyer press the button at once, and the service's message comes at the same time as the payer: paid once.
func TestCheckoutRaces(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		ids := make(chan string, 8)
		for range cap(ids) {
			go func() {
				v, err := c.orders.Checkout(c.ctx, donor, orders.CheckoutInput{For: payment.ForOrder, ForID: c.order.ID, Lang: "zh"})
				if err != nil {
					t.Error(describe(err))
				}
				ids <- v.ID
			}()
		}
		first := <-ids
		for range cap(ids) - 1 {
			if id := <-ids; id != first {
				t.Errorf("pages %s and %s", first, id)
			}
		}
		v, err := c.orders.LookAt(c.ctx, donor, first)
		c.payOn(get(t, v, err).Session, fakepay.How{})
		done := make(chan error, 8)
		for i := range cap(done) {
			go func() {
				if i%2 == 0 {
					done <- c.fake.Deliver(c.ctx, c.fake.All()...)
					return
				}
				_, err := c.orders.LookAt(c.ctx, donor, first)
				done <- err
			}()
		}
		for range cap(done) {
			if err := <-done; err != nil && fault.Of(err) == nil {
				t.Error(err)
			}
		}
		c.settleDown()
		c.wantFen(orders.Escrow(c.order.ID), 3_600_00)
		n, err := ledger.Entries(c.ctx, db.Read(), "checkout/"+first)
		if n = get(t, n, err); len(n) != 2 { // paid, and its fee
			t.Errorf("%d entries", len(n))
		}
		c.agree()
	})
}

// The service keeps its fee of a payment, and of what goes back of it too; nobody of the trade bears it.
func TestGatewayFeeIsBookedOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		c := newTill(t, db)
		v := c.paid(fakepay.How{})
		c.settleDown()                         // rounds more than one
		c.wantFen(orders.GatewayFees, -108_00) // 3 % of 3,600.00
		c.wantFen(orders.Escrow(c.order.ID), 3_600_00)
		c.wantFen(orders.GatewayWorld, -3_492_00)
		_, err := c.orders.Cancel(c.ctx, donor, c.order.ID, "no need any more")
		get(t, 0, err)
		c.settleDown()
		c.wantState(v.ID, orders.PayRefunded)
		c.wantFen(orders.GatewayFees, -measure.Fen(c.fake.Fees()))
		c.agree()
	})
}

// What a payer's bank took back for good was not given: its payer has no part in what is left over. What was held had not been given
// either, and takes nothing from what its payer gave besides.
func TestLostDisputeIsNoGift(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		by    auth.Actor
		payer string
		how   fakepay.How
	}{
		"of another giver": {by: firm, payer: "firm"},
		"of a held sum":    {by: donor, payer: "donor", how: fakepay.How{Fen: 90_000_00}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T, db *store.DB) {
				s := newStory(t, db)
				fake := connect(t, s.world)
				c := &till{world: s.world, fake: fake, order: s.appleOrder}
				v, err := s.orders.Checkout(s.ctx, test.by, orders.CheckoutInput{For: payment.ForCampaign, ForID: s.campaign.ID, Payer: test.payer, Fen: 5_000_00, Lang: "en"})
				v = get(t, v, err)
				s.pledged(donor, "donor", 76_000_00, market.UnspentBack) // the whole of both orders
				c.payOn(v.Session, test.how)
				c.settleDown()
				id, err := fake.Dispute(v.Session)
				get(t, id, err)
				if err = fake.Judge(id, false); err != nil {
					t.Fatal(err)
				}
				c.settleDown()
				s.hauled()
				s.accepted()
				for _, o := range []string{s.appleOrder.ID, s.onionOrder.ID} {
					must(t)(s.orders.Settle(s.ctx, finance, o))
				}
				must(t)(s.market.Report(s.ctx, donor, s.campaign.ID))
				left := s.fen(market.CampaignFund(s.campaign.ID))
				shares, err := s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, "")
				if shares = get(t, shares, err); left == 0 || len(shares) != 1 || shares[0].Donor != "donor" || shares[0].Fen != left {
					t.Errorf("%s was left, and went to %+v", left, shares)
				}
				c.agree()
			})
		})
	}
}

// A gift was spent on an order when its payer's bank took it back, so its payer owes it; the order is called off and the money is in the
// fund again. It pays what is owed, and nobody gets it as well.
func TestLeftOverMoneyPaysWhatIsOwedFirst(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newStory(t, db)
		fake := connect(t, s.world)
		c := &till{world: s.world, fake: fake, order: s.appleOrder}
		v, err := s.orders.Checkout(s.ctx, donor, orders.CheckoutInput{For: payment.ForCampaign, ForID: s.campaign.ID, Payer: "donor", Fen: 60_000_00, Lang: "en"})
		v = get(t, v, err)
		c.payOn(v.Session, fakepay.How{})
		c.settleDown()
		id, err := fake.Dispute(v.Session)
		get(t, id, err)
		c.settleDown()
		owed := -c.fen(orders.Owed("donor"))
		if owed == 0 {
			t.Fatal("nothing was spent")
		}
		must(t)(s.orders.Cancel(s.ctx, donor, s.appleOrder.ID, "the road is closed"))
		must(t)(s.orders.Cancel(s.ctx, firm, s.onionOrder.ID, "the road is closed"))
		must(t)(s.market.FailCampaign(s.ctx, operator, s.campaign.ID))
		_, err = s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, "")
		wantFault(t, err, "gift_disputed", "")
		if err = fake.Judge(id, false); err != nil {
			t.Fatal(err)
		}
		c.settleDown()
		shares, err := s.orders.ReturnUnspent(s.ctx, finance, s.campaign.ID, "")
		if shares = get(t, shares, err); len(shares) != 1 || shares[0] != (orders.UnspentShare{Donor: "donor", Fen: owed, To: orders.UnspentOwed}) {
			t.Errorf("%+v, and %s was owed", shares, owed)
		}
		c.wantFen(orders.Owed("donor"), 0)
		c.wantFen(orders.Refund("donor"), 0)
		c.agree()
	})
}

// The service keeps a fee for a dispute that is lost; of one that is won it gives the fee back. Told late or twice, it is booked once.
func TestTheFeeOfADisputeIsBooked(t *testing.T) {
	t.Parallel()
	for name, won := range map[string]bool{"won": true, "lost": false} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T, db *store.DB) {
				c := newTill(t, db)
				v := c.paid(fakepay.How{})
				c.settleDown()
				before := c.fen(orders.GatewayFees)
				d, err := c.fake.Dispute(v.Session)
				d = get(t, d, err)
				c.settleDown()
				c.wantFen(orders.GatewayFees, before-100_00)
				if err = c.fake.Judge(d, won); err != nil {
					t.Fatal(err)
				}
				c.settleDown()
				want := before - 100_00
				if won {
					want = before
				}
				c.wantFen(orders.GatewayFees, want)
				c.deliver(c.fake.All()...)
				c.wantFen(orders.GatewayFees, want)
				c.agree()
			})
		})
	}
}
