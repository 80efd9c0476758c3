package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"jishi/server/payment/fakepay"
	"jishi/server/store/storetest"
)

// A message of the payment service counts at its address with the service's signature over these very bytes, made now; anything else is
// refused, kept nowhere and moves nothing.
func TestOnlySignedMessagesOfThePaymentServiceCount(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(t *testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return storetest.PostgresDSN(t) }} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			fake, service := payService(t)
			w := newTownOn(t, config{dsn: dsn(t), till: service})
			order := w.canteenOrder()
			w.post("canteen", "/api/orders/"+order+"/checkout", object{})
			if err := fake.Pay(fake.Sessions()[0], fakepay.How{Method: "card"}); err != nil {
				t.Fatal(err)
			}
			body := fake.All()[0].Body
			tell := func(body, signature string) answer {
				t.Helper()
				head := map[string]string{}
				if signature != "" {
					head["Stripe-Signature"] = signature
				}
				a, err := w.send(t.Context(), request{method: http.MethodPost, path: "/api/gateway-events", body: body, head: head})
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			want := func(state string, kept int) {
				t.Helper()
				payments := w.must(request{as: "canteen", method: http.MethodGet, path: "/api/orders/" + order + "/payments", at: storyDay}).list()
				if len(payments) != 1 || payments[0]["state"] != state {
					t.Errorf("the payment is %v, want %s", payments, state)
				}
				n := 0
				for _, outcome := range []string{"waiting", "done", "nothing", "unknown", "held", "other_api_version"} {
					n += len(w.must(request{as: "finance", method: http.MethodGet, path: "/api/gateway-events?outcome=" + outcome, at: storyDay}).list())
				}
				if n != kept {
					t.Errorf("%d messages are kept, want %d", n, kept)
				}
			}
			now := time.Now()
			signed := fake.Sign(body, now)
			by := func(secret string) string {
				return fakepay.New(fakepay.Config{Secret: secret}).Sign(body, now)
			}
			for name, wrong := range map[string]struct{ body, signature string }{
				"NoSignature":      {string(body), ""},
				"NoSuchSignature":  {string(body), "nonsense"},
				"OfNobody":         {string(body), by("")},
				"OfSomebodyElse":   {string(body), by("whsec_other")},
				"OverAnotherBody":  {strings.Replace(string(body), `"paid"`, `"Paid"`, 1), signed},
				"OverOtherSpace":   {string(body) + " ", signed},
				"OfAnHourAgo":      {string(body), fake.Sign(body, now.Add(-time.Hour))},
				"OfInTenMinutes":   {string(body), fake.Sign(body, now.Add(10*time.Minute))},
				"WithAnotherTime":  {string(body), strings.Replace(fake.Sign(body, now.Add(-time.Hour)), "t=", "t=9", 1)},
				"WithoutItsDigest": {string(body), strings.Split(signed, ",")[0]},
				"OfNothing":        {"", by("")},
			} {
				if a := tell(wrong.body, wrong.signature); a.status != http.StatusForbidden || a.text("type") != "/problems/bad_signature" || a.text("detail") == "" {
					t.Errorf("%s: %d %s", name, a.status, a.raw)
				}
			}
			want("needs_action", 0)
			if a := tell("{}", fake.Sign([]byte("{}"), now)); a.status != http.StatusUnprocessableEntity || a.text("type") != "/problems/bad_event" {
				t.Errorf("nothing that is signed: %d %s", a.status, a.raw)
			}
			want("needs_action", 0)
			for range 2 {
				if a := tell(string(body), signed); a.status != http.StatusNoContent || len(a.raw) > 0 {
					t.Errorf("%d %s", a.status, a.raw)
				}
				want("captured", 1)
			}
		})
	}
}
