// Package paymenttest asks a payment service what package payment relies on. Shapes runs against every server that speaks the
// protocol, Stripe's own mock too, which checks requests and keeps nothing; Behaviour against those that keep a state.
package paymenttest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/payment"
)

// Ask is a checkout of 3,600 yuan.
func Ask(id string, now time.Time) payment.Ask {
	return payment.Ask{
		ID: id, Title: "订单 JS7K2M9QXA4", Fen: 3_600_00, Lang: "zh", Return: "http://127.0.0.1/back", Cancel: "http://127.0.0.1/turn", Until: now.Add(2 * time.Hour),
	}
}

// Shapes checks that every request is one the service takes, and every answer one that we can read.
func Shapes(t *testing.T, g *payment.Gateway) {
	t.Helper()
	ctx, now := context.Background(), time.Now()
	s, err := g.Open(ctx, Ask(fmt.Sprint("shapes-", now.UnixNano()), now))
	if err != nil || s.ID == "" {
		t.Fatalf("open: %+v %v", s, err)
	}
	if found, err := g.Find(ctx, s.ID); err != nil || found.ID == "" || found.State == "" {
		t.Errorf("find: %+v %v", found, err)
	}
	var refused *payment.RefusedError // of one that keeps a state, and knows no such payment
	if _, err := g.Fee(ctx, "pi_test_shapes"); err != nil && !errors.As(err, &refused) {
		t.Errorf("fee: %v", err)
	}
	if closed, err := g.Close(ctx, s.ID); err != nil || closed.ID == "" {
		t.Errorf("close: %+v %v", closed, err)
	}
}

// Payer is the other side of a service with a state: who pays.
type Payer interface {
	Pay(session, method string) error // gives the whole
	Refuse(refunds bool)              // every refund from now on comes back
	Events() [][]byte                 // all there were, each signed by Sign
	Sign(body []byte, at time.Time) string
}

// Behaviour checks what the books rely on: one page per id, a payment found, refunds in part and never above the whole, each once.
func Behaviour(t *testing.T, g *payment.Gateway, payer Payer) {
	ctx, now := context.Background(), time.Now()
	open := func(t *testing.T, id string) payment.Session {
		t.Helper()
		s, err := g.Open(ctx, Ask(id, now))
		if err != nil || s.State != payment.SessionOpen || s.URL == "" || s.Checkout != id || s.Fen != 3_600_00 || s.Currency != payment.Currency {
			t.Fatalf("%+v %v", s, err)
		}
		return s
	}
	paid := func(t *testing.T, id, method string) payment.Session {
		t.Helper()
		s := open(t, id)
		if err := payer.Pay(s.ID, method); err != nil {
			t.Fatal(err)
		}
		s, err := g.Find(ctx, s.ID)
		if err != nil || s.State != payment.SessionPaid || s.Intent == "" {
			t.Fatalf("%+v %v", s, err)
		}
		return s
	}
	t.Run("WrongAskIsRefused", func(t *testing.T) {
		for name, change := range map[string]func(*payment.Ask){
			"Amount": func(a *payment.Ask) { a.Fen = 0 },
			"Title":  func(a *payment.Ask) { a.Title = "" },
			"Return": func(a *payment.Ask) { a.Return = "" },
			"Until":  func(a *payment.Ask) { a.Until = now.Add(25 * time.Hour) },
		} {
			a := Ask("wrong"+name, now)
			change(&a)
			var refused *payment.RefusedError
			if _, err := g.Open(ctx, a); !errors.As(err, &refused) {
				t.Errorf("%s: %v, want a refusal", name, err)
			}
		}
	})
	t.Run("SameAskSamePage", func(t *testing.T) {
		if a, b := open(t, "same"), open(t, "same"); a.ID != b.ID {
			t.Errorf("%s and %s", a.ID, b.ID)
		}
		other := Ask("same", now)
		other.Fen++
		if _, err := g.Open(ctx, other); err == nil {
			t.Error("the same id opened a page for another amount")
		}
	})
	t.Run("ClosedPageTakesNothing", func(t *testing.T) {
		s := open(t, "closed")
		if s, err := g.Close(ctx, s.ID); err != nil || s.State != payment.SessionExpired {
			t.Errorf("%+v %v", s, err)
		}
		if payer.Pay(s.ID, "card") == nil {
			t.Error("paid on a closed page")
		}
		if s, err := g.Close(ctx, s.ID); err != nil || s.State != payment.SessionExpired {
			t.Errorf("closed twice: %+v %v", s, err)
		}
	})
	t.Run("PaidPageIsNotClosed", func(t *testing.T) {
		s := paid(t, "paid", "alipay")
		if s, err := g.Close(ctx, s.ID); err != nil || s.State != payment.SessionPaid {
			t.Errorf("%+v %v", s, err)
		}
	})
	for _, method := range []string{"card", "wechat_pay", "alipay"} {
		t.Run("RefundInParts/"+method, func(t *testing.T) {
			s := paid(t, "refund-"+method, method)
			back := func(id string, fen measure.Fen) (payment.Refund, error) {
				return g.Refund(ctx, payment.GiveBack{ID: id + method, Intent: s.Intent, Fen: fen})
			}
			first, err := back("a", 1_000_00)
			if err != nil || first.Ours != "a"+method || first.Fen != 1_000_00 || first.State == payment.RefundFailed {
				t.Fatalf("%+v %v", first, err)
			}
			if again, err := back("a", 1_000_00); err != nil || again.ID != first.ID {
				t.Errorf("again: %+v %v", again, err)
			}
			var refused *payment.RefusedError
			if _, err = back("b", 2_600_01); !errors.As(err, &refused) {
				t.Errorf("more than is left: %v", err)
			}
			if _, err = back("c", 2_600_00); err != nil {
				t.Errorf("the rest: %v", err)
			}
		})
	}
	t.Run("FeeOfAPayment", func(t *testing.T) {
		s := paid(t, "fee", "card")
		if f, err := g.Fee(ctx, s.Intent); err != nil || !f.Known || f.Currency != payment.Currency || f.Fen <= 0 || f.Fen >= s.Fen {
			t.Errorf("%+v %v", f, err)
		}
		var refused *payment.RefusedError
		if _, err := g.Fee(ctx, "pi_test_unknown"); !errors.As(err, &refused) {
			t.Errorf("of no payment: %v", err)
		}
	})
	t.Run("RefundThatComesBackIsTold", func(t *testing.T) {
		s := paid(t, "comes-back", "card")
		payer.Refuse(true)
		defer payer.Refuse(false)
		if r, err := g.Refund(ctx, payment.GiveBack{ID: "cb", Intent: s.Intent, Fen: 5}); err != nil || r.State == payment.RefundDone {
			t.Fatalf("%+v %v", r, err)
		}
		for _, body := range payer.Events() {
			if e, err := g.Event(body, payer.Sign(body, now), now); err == nil && e.Kind == payment.RefundMoved && e.Refund.Ours == "cb" && e.Refund.State == payment.RefundFailed {
				return
			}
		}
		t.Error("nobody told")
	})
	t.Run("UnknownPaymentIsRefused", func(t *testing.T) {
		var refused *payment.RefusedError
		if _, err := g.Refund(ctx, payment.GiveBack{ID: "x", Intent: "pi_test_unknown", Fen: 1}); !errors.As(err, &refused) {
			t.Error(err)
		}
	})
}

// Unreachable checks that a service that is away is a fault that asks to try again, for every request.
func Unreachable(t *testing.T, g *payment.Gateway) {
	t.Helper()
	ctx, now := context.Background(), time.Now()
	asks := map[string]func() error{
		"open":  func() error { _, err := g.Open(ctx, Ask("away", now)); return err },
		"find":  func() error { _, err := g.Find(ctx, "cs_test_1"); return err },
		"close": func() error { _, err := g.Close(ctx, "cs_test_1"); return err },
		"fee":   func() error { _, err := g.Fee(ctx, "pi_test_1"); return err },
		"refund": func() error {
			_, err := g.Refund(ctx, payment.GiveBack{ID: "r", Intent: "pi_test_1", Fen: 1})
			return err
		},
	}
	for what, ask := range asks { // each is tried three times: all at once
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			if err := ask(); !fault.Is(err, fault.Unavailable) {
				t.Error(err)
			}
		})
	}
}
