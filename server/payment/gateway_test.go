package payment_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"jishi/server/fault"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/payment/paymenttest"
)

const secret = "whsec_test"

func gateway(t *testing.T, url string) *payment.Gateway {
	t.Helper()
	g, err := payment.NewGateway(payment.GatewayConfig{Key: "sk_test_123", Secret: secret, URL: url})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// fake is fakepay with its payer.
type fake struct{ *fakepay.Server }

func newFake(t *testing.T) (fake, *payment.Gateway) {
	t.Helper()
	s := fakepay.New(fakepay.Config{Secret: secret})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return fake{s}, gateway(t, server.URL)
}

func (f fake) Pay(session, method string) error {
	return f.Server.Pay(session, fakepay.How{Method: method})
}
func (f fake) Refuse(refunds bool) { f.FailRefunds(refunds) }
func (f fake) Events() (out [][]byte) {
	for _, e := range f.All() {
		out = append(out, e.Body)
	}
	return out
}

// Stripe's own mock checks each request against Stripe's published description; it keeps no state.
func TestStripeMockTakesOurRequests(t *testing.T) {
	t.Parallel()
	url := os.Getenv("JISHI_STRIPE_MOCK")
	if url == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("JISHI_STRIPE_MOCK is not set, and in CI nothing may be skipped")
		}
		t.Skip("no stripe-mock: JISHI_STRIPE_MOCK is not set (`make test` starts one)")
	}
	g := gateway(t, url)
	paymenttest.Shapes(t, g)
	if r, err := g.Refund(context.Background(), payment.GiveBack{ID: "r", Intent: "pi_1", Fen: 100}); err != nil || r.ID == "" {
		t.Errorf("refund: %+v %v", r, err)
	}
	// It does look: the same without what WeChat Pay needs is refused.
	form := strings.NewReader("mode=payment&payment_method_types[0]=wechat_pay&payment_method_options[wechat_pay][client]=fax")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/checkout/sessions", form)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk_test_123")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("a wrong request gets %s", res.Status)
	}
}

func TestFakepay(t *testing.T) {
	t.Parallel()
	f, g := newFake(t)
	paymenttest.Shapes(t, g)
	paymenttest.Behaviour(t, g, f)
}

func TestGatewayThatIsAway(t *testing.T) {
	t.Parallel()
	t.Run("NobodyListens", func(t *testing.T) {
		t.Parallel()
		gone := httptest.NewServer(http.NotFoundHandler())
		gone.Close() // its port is free again
		paymenttest.Unreachable(t, gateway(t, gone.URL))
	})
	t.Run("OutOfOrder", func(t *testing.T) {
		t.Parallel()
		broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
		t.Cleanup(broken.Close)
		paymenttest.Unreachable(t, gateway(t, broken.URL))
	})
}

func TestNoGatewayWithoutASecret(t *testing.T) {
	t.Parallel()
	for _, c := range []payment.GatewayConfig{{Key: "k"}, {Secret: "s"}, {}} {
		if _, err := payment.NewGateway(c); err == nil {
			t.Errorf("%+v makes a gateway", c)
		}
	}
	var zero payment.Gateway
	body := []byte(`{"id":"evt_1"}`)
	signed := fakepay.New(fakepay.Config{}).Sign(body, time.Now())
	_, err := zero.Event(body, signed, time.Now())
	wantCode(t, err, "bad_signature")
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	f, g := newFake(t)
	s, err := g.Open(t.Context(), paymenttest.Ask("signed", time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	if err = f.Pay(s.ID, "card"); err != nil {
		t.Fatal(err)
	}
	now := time.Unix(time.Now().Unix(), 0)
	body := f.Events()[0]
	good := f.Sign(body, now)
	other := fakepay.New(fakepay.Config{Secret: "whsec_other"}).Sign(body, now)
	tests := map[string]struct {
		body   []byte
		header string
		code   string
	}{
		"Fresh":            {body, good, ""},
		"FiveMinutesOld":   {body, f.Sign(body, now.Add(-5*time.Minute)), ""},
		"TooOld":           {body, f.Sign(body, now.Add(-5*time.Minute-time.Second)), "bad_signature"},
		"ClockSlightlyOff": {body, f.Sign(body, now.Add(time.Minute)), ""},
		"FromTheFuture":    {body, f.Sign(body, now.Add(time.Minute+time.Second)), "bad_signature"},
		"AnHourAhead":      {body, f.Sign(body, now.Add(time.Hour)), "bad_signature"},
		"OtherSecret":      {body, other, "bad_signature"},
		"SecretRolled":     {body, good + "," + strings.SplitN(other, ",", 2)[1], ""},
		"None":             {body, "", "bad_signature"},
		"Nonsense":         {body, "t=now,v1=zz", "bad_signature"},
		"NoTime":           {body, strings.SplitN(good, ",", 2)[1], "bad_signature"},
		"ChangedBody":      {append([]byte(" "), body...), good, "bad_signature"},
		"SignedRubbish":    {[]byte("rubbish"), f.Sign([]byte("rubbish"), now), "bad_event"},
		"SignedNothing":    {[]byte("{}"), f.Sign([]byte("{}"), now), "bad_event"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := g.Event(test.body, test.header, now)
			if test.code != "" {
				wantCode(t, err, test.code)
				return
			}
			if err != nil || e.Kind != payment.SessionMoved || e.Session.State != payment.SessionPaid || e.Session.Checkout != "signed" || e.Session.Fen != 3_600_00 {
				t.Errorf("%+v %v", e, err)
			}
		})
	}
}

// A body of another version is known by its id and type, and nothing in it is believed.
func TestOtherAPIVersion(t *testing.T) {
	t.Parallel()
	f, g := newFake(t)
	body := []byte(`{"id":"evt_9","type":"checkout.session.completed","api_version":"2026-01-01","created":1580518800,"data":{"object":{"id":"cs_1","payment_status":"paid","amount_total":1}}}`)
	e, err := g.Event(body, f.Sign(body, time.Now()), time.Now())
	wantCode(t, err, "other_api_version")
	if e.ID != "evt_9" || e.Kind != payment.Told || e.Session.ID != "" {
		t.Errorf("%+v", e)
	}
}

// An inquiry takes no money; taking it does, and the end of a dispute is read from its state.
func TestDisputesAreReadByWhatMovesMoney(t *testing.T) {
	t.Parallel()
	f, g := newFake(t)
	now := time.Now()
	for _, won := range []bool{true, false} {
		s, err := g.Open(t.Context(), paymenttest.Ask(map[bool]string{true: "w", false: "l"}[won], now))
		if err != nil {
			t.Fatal(err)
		}
		if err = f.Pay(s.ID, "card"); err != nil {
			t.Fatal(err)
		}
		seen := len(f.Events())
		id, err := f.Dispute(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err = f.Judge(id, won); err != nil {
			t.Fatal(err)
		}
		var kinds []payment.EventKind
		for _, body := range f.Events()[seen:] {
			e, err := g.Event(body, f.Sign(body, now), now)
			if err != nil || e.Dispute.ID != id || e.Dispute.Fen != 3_600_00 || e.Dispute.Intent == "" {
				t.Errorf("%+v %v", e, err)
			}
			kinds = append(kinds, e.Kind)
		}
		want := []payment.EventKind{payment.Told, payment.DisputeOpened, payment.DisputeLost}
		if won {
			want = []payment.EventKind{payment.Told, payment.DisputeOpened, payment.DisputeWon, payment.DisputeWon}
		}
		if len(kinds) != len(want) {
			t.Fatalf("%v, want %v", kinds, want)
		}
		for i := range want {
			if kinds[i] != want[i] {
				t.Errorf("%v, want %v", kinds, want)
			}
		}
	}
}

// The most that one payment may be is the same here and at the payment service: a fen more is refused by both.
func TestTheMostThatMayBePaid(t *testing.T) {
	t.Parallel()
	_, g := newFake(t)
	ask := paymenttest.Ask("most", time.Now())
	ask.Fen = payment.MaxFen
	if s, err := g.Open(t.Context(), ask); err != nil || s.URL == "" {
		t.Errorf("the most: %+v %v", s, err)
	}
	line := payment.BankLine{ClientID: "most", Fen: payment.MaxFen}
	if f := line.Check(); f != nil {
		t.Errorf("the most by bank: %v", f)
	}
	more := paymenttest.Ask("more", time.Now())
	more.Fen = payment.MaxFen + 1
	var refused *payment.RefusedError
	if _, err := g.Open(t.Context(), more); !errors.As(err, &refused) {
		t.Errorf("a fen more: %v, want a refusal", err)
	}
	line.Fen++
	if f := line.Check(); f == nil || f.Code != "bad_money" {
		t.Errorf("a fen more by bank: %v", f)
	}
}
