package payment

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Currency is the only one that the books know. Amounts of it are in fen.
const Currency = "cny"

// GatewayConfig says how the payment service is reached.
type GatewayConfig struct {
	Key    string // of the service's account; the fake takes any
	Secret string // under which it signs its events
	URL    string // "" is Stripe itself; else a server that speaks its protocol: fakepay, stripe-mock
	Client *http.Client
}

// Gateway takes money through Stripe's Checkout: by card, WeChat Pay and Alipay, in yuan. The payer leaves our pages for the
// service's own, so that we never see a card. The other edge is HTTP, not a Go interface: fakepay speaks the same protocol, so
// that every test runs the code that runs in earnest.
type Gateway struct {
	api    *client.API
	secret string
}

// tries is how often a request is sent again after a fault of the network. Each carries its idempotency key.
const tries = 2

// NewGateway gives a gateway. It is an error to leave out the key or the secret: an event signed with an empty one would be
// anybody's.
func NewGateway(c GatewayConfig) (*Gateway, error) {
	if c.Key == "" || c.Secret == "" {
		return nil, errors.New("payment: the gateway needs a key and the secret of its events")
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 20 * time.Second}
	}
	config := &stripe.BackendConfig{
		HTTPClient: c.Client, MaxNetworkRetries: stripe.Int64(tries), EnableTelemetry: stripe.Bool(false),
		LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	}
	if c.URL != "" {
		config.URL = stripe.String(strings.TrimSuffix(c.URL, "/"))
	}
	backend := stripe.GetBackendWithConfig(stripe.APIBackend, config)
	return &Gateway{api: client.New(c.Key, &stripe.Backends{API: backend, Connect: backend, Uploads: backend}), secret: c.Secret}, nil
}

// Ask is what a checkout is opened for.
type Ask struct {
	ID     string // ours; the same one again opens no second page
	Title  string // what the payer reads: "订单 JS7K2M9QXA4"
	Fen    measure.Fen
	Lang   string    // "zh" or "en"
	Return string    // where the payer comes back to after paying
	Cancel string    // and after turning round
	Until  time.Time // the page closes; Stripe allows half an hour to a day from now
}

// SessionState is where a payment page stands.
type SessionState string

// The states of a page.
const (
	SessionOpen       SessionState = "open"       // waits for the payer
	SessionProcessing SessionState = "processing" // the payer said yes, the money is on its way
	SessionPaid       SessionState = "paid"
	SessionExpired    SessionState = "expired" // closed, not paid
)

// Session is a payment page as the service knows it.
type Session struct {
	ID       string // the service's
	Checkout string // ours: Ask.ID
	URL      string // where the payer goes, "" once closed
	Intent   string // the service's id of the payment, "" until there is one
	Fen      measure.Fen
	Currency string // lower case; an amount of another one is not fen
	State    SessionState
}

// Open makes a page where somebody pays. The same Ask again gives the same page; the same ID with other content is an error.
func (g *Gateway) Open(ctx context.Context, a Ask) (Session, error) {
	p := &stripe.CheckoutSessionParams{
		Mode:               stripe.String(string(stripe.CheckoutSessionModePayment)),
		PaymentMethodTypes: stripe.StringSlice([]string{"card", "wechat_pay", "alipay"}),
		PaymentMethodOptions: &stripe.CheckoutSessionPaymentMethodOptionsParams{
			WeChatPay: &stripe.CheckoutSessionPaymentMethodOptionsWeChatPayParams{Client: stripe.String("web")},
		},
		LineItems: []*stripe.CheckoutSessionLineItemParams{{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionLineItemPriceDataParams{
				Currency: stripe.String(Currency), UnitAmount: stripe.Int64(int64(a.Fen)),
				ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripe.String(a.Title)},
			},
		}},
		ClientReferenceID: stripe.String(a.ID),
		SuccessURL:        stripe.String(a.Return),
		CancelURL:         stripe.String(a.Cancel),
		ExpiresAt:         stripe.Int64(a.Until.Unix()),
		Locale:            stripe.String(locale(a.Lang)),
		PaymentIntentData: &stripe.CheckoutSessionPaymentIntentDataParams{Metadata: map[string]string{"checkout": a.ID}},
	}
	p.Context = ctx
	p.SetIdempotencyKey("checkout/" + a.ID)
	s, err := g.api.CheckoutSessions.New(p)
	if err != nil {
		return Session{}, away("open a checkout", err)
	}
	return sessionOf(s), nil
}

func locale(lang string) string {
	if lang == "zh" {
		return "zh"
	}
	return "en"
}

// Find looks a page up by the service's id.
func (g *Gateway) Find(ctx context.Context, session string) (Session, error) {
	p := &stripe.CheckoutSessionParams{}
	p.Context = ctx
	s, err := g.api.CheckoutSessions.Get(session, p)
	if err != nil {
		return Session{}, away("look up a checkout", err)
	}
	return sessionOf(s), nil
}

// Close closes a page that nobody paid, so that nobody can any more. One that is closed or paid already is left as it is and
// given as it stands.
func (g *Gateway) Close(ctx context.Context, session string) (Session, error) {
	p := &stripe.CheckoutSessionExpireParams{}
	p.Context = ctx
	s, err := g.api.CheckoutSessions.Expire(session, p)
	var refused *stripe.Error
	if errors.As(err, &refused) && refused.HTTPStatusCode == http.StatusBadRequest {
		return g.Find(ctx, session)
	}
	if err != nil {
		return Session{}, away("close a checkout", err)
	}
	return sessionOf(s), nil
}

func sessionOf(s *stripe.CheckoutSession) Session {
	out := Session{
		ID: s.ID, Checkout: s.ClientReferenceID, URL: s.URL, Fen: measure.Fen(s.AmountTotal), Currency: strings.ToLower(string(s.Currency)), State: SessionOpen,
	}
	if s.PaymentIntent != nil {
		out.Intent = s.PaymentIntent.ID
	}
	switch {
	case s.PaymentStatus == stripe.CheckoutSessionPaymentStatusPaid:
		out.State = SessionPaid
	case s.Status == stripe.CheckoutSessionStatusComplete:
		out.State = SessionProcessing
	case s.Status == stripe.CheckoutSessionStatusExpired:
		out.State = SessionExpired
	}
	return out
}

// GiveBack asks for a part of a payment to be returned the way it came.
type GiveBack struct {
	ID     string // ours; the same one again returns nothing twice
	Intent string // of the payment: Session.Intent
	Fen    measure.Fen
}

// RefundState is where a refund stands. A wallet's is pending until the wallet answers.
type RefundState string

// The states of a refund.
const (
	RefundPending RefundState = "pending"
	RefundDone    RefundState = "done"
	RefundFailed  RefundState = "failed" // the money came back to us
)

// Refund is a return of money as the service knows it.
type Refund struct {
	ID     string // the service's
	Ours   string // GiveBack.ID
	Intent string
	Fen    measure.Fen
	State  RefundState
}

// RefusedError says that the service will not do it, however often it is asked. Its text is the service's own.
type RefusedError struct{ Text string }

func (e *RefusedError) Error() string { return "the payment service refuses: " + e.Text }

// Refund returns a part of a payment. Errors: *RefusedError when it can't be returned this way (too late, more than is left), a
// fault Unavailable when the service is away.
func (g *Gateway) Refund(ctx context.Context, b GiveBack) (Refund, error) {
	p := &stripe.RefundParams{PaymentIntent: stripe.String(b.Intent), Amount: stripe.Int64(int64(b.Fen)), Metadata: map[string]string{"refund": b.ID}}
	p.Context = ctx
	p.SetIdempotencyKey("refund/" + b.ID)
	r, err := g.api.Refunds.New(p)
	if err != nil {
		return Refund{}, away("refund", err)
	}
	return refundOf(r), nil
}

func refundOf(r *stripe.Refund) Refund {
	out := Refund{ID: r.ID, Ours: r.Metadata["refund"], Fen: measure.Fen(r.Amount), State: RefundPending}
	if r.PaymentIntent != nil {
		out.Intent = r.PaymentIntent.ID
	}
	switch r.Status {
	case stripe.RefundStatusSucceeded:
		out.State = RefundDone
	case stripe.RefundStatusFailed, stripe.RefundStatusCanceled:
		out.State = RefundFailed
	}
	return out
}

// away tells a service that says no from one that can't be reached: the first is a *RefusedError, the second a fault that asks to
// try again. A key that is wrong is neither: it is ours to mend.
func away(what string, err error) error {
	var e *stripe.Error
	if !errors.As(err, &e) {
		return errors.Join(fault.New(fault.Unavailable, "gateway_away", "The payment service can't be reached just now; nothing was taken."), fmt.Errorf("%s: %w", what, err))
	}
	switch {
	case e.HTTPStatusCode == http.StatusTooManyRequests || e.HTTPStatusCode >= http.StatusInternalServerError || e.HTTPStatusCode == http.StatusConflict:
		return errors.Join(fault.New(fault.Unavailable, "gateway_away", "The payment service can't be reached just now; nothing was taken."), fmt.Errorf("%s: %w", what, err))
	case e.HTTPStatusCode == http.StatusUnauthorized || e.HTTPStatusCode == http.StatusForbidden:
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w", what, &RefusedError{e.Msg})
}
