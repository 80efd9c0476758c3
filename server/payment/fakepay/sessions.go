package fakepay

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"jishi/server/payment"
)

// session is a payment page and, once somebody paid, its payment.
type session struct {
	ID                string            `json:"id"`
	Object            string            `json:"object"`
	AmountTotal       int64             `json:"amount_total"`
	AmountSubtotal    int64             `json:"amount_subtotal"`
	CancelURL         string            `json:"cancel_url"`
	ClientReferenceID string            `json:"client_reference_id"`
	Created           int64             `json:"created"`
	Currency          string            `json:"currency"`
	ExpiresAt         int64             `json:"expires_at"`
	Livemode          bool              `json:"livemode"`
	Locale            string            `json:"locale"`
	Metadata          map[string]string `json:"metadata"`
	Mode              string            `json:"mode"`
	PaymentIntent     *string           `json:"payment_intent"`
	PaymentTypes      []string          `json:"payment_method_types"`
	PaymentStatus     string            `json:"payment_status"` // unpaid, paid
	Status            string            `json:"status"`         // open, complete, expired
	SuccessURL        string            `json:"success_url"`
	URL               *string           `json:"url"`

	title    string
	method   string // that it was paid by
	refunded int64
	disputed bool
}

// wallets answer refunds later than cards do.
var wallets = []string{"wechat_pay", "alipay"}

func (s *Server) openSession(r *http.Request) (any, *problem) {
	out, p := s.read(r.Form)
	if p != nil {
		return nil, p
	}
	out.ID = newID("cs_test_")
	address := s.site(r) + "/pay/" + out.ID
	out.URL = &address
	s.sessions[out.ID] = out
	s.order = append(s.order, out.ID)
	return out, nil
}

func (s *Server) site(r *http.Request) string {
	if s.config.Site != "" {
		return s.config.Site
	}
	return "http://" + r.Host
}

// read takes a page's terms out of the form and refuses what Stripe refuses.
func (s *Server) read(form url.Values) (*session, *problem) {
	const item = "line_items[0][price_data]"
	amount, p := integer(form, item+"[unit_amount]")
	if p != nil {
		return nil, p
	}
	out := &session{
		Object: "checkout.session", AmountTotal: amount, AmountSubtotal: amount, CancelURL: form.Get("cancel_url"), SuccessURL: form.Get("success_url"),
		ClientReferenceID: form.Get("client_reference_id"), Created: s.config.Now().Unix(), Currency: form.Get(item + "[currency]"),
		Locale: form.Get("locale"), Metadata: metadata(form, "metadata"), Mode: form.Get("mode"), PaymentStatus: "unpaid", Status: "open",
		title: form.Get(item + "[product_data][name]"),
	}
	for i := 0; form.Has(fmt.Sprintf("payment_method_types[%d]", i)); i++ {
		out.PaymentTypes = append(out.PaymentTypes, form.Get(fmt.Sprintf("payment_method_types[%d]", i)))
	}
	if out.ExpiresAt, p = integer(form, "expires_at"); p != nil {
		return nil, p
	}
	return out, s.wrong(out, form)
}

func (s *Server) wrong(out *session, form url.Values) *problem {
	bad := func(param, message string) *problem { return invalid(http.StatusBadRequest, param, message) }
	lasts := time.Duration(out.ExpiresAt-s.config.Now().Unix()) * time.Second
	switch {
	case out.Mode != "payment":
		return bad("mode", "Only the mode payment is spoken here.")
	case form.Get("line_items[0][quantity]") != "1" || form.Has("line_items[1][quantity]"):
		return bad("line_items", "Exactly one item, once, is spoken here.")
	case out.AmountTotal <= 0 || out.AmountTotal > int64(payment.MaxFen):
		return bad("line_items[0][price_data][unit_amount]", "This amount can't be taken.")
	case out.Currency != "cny":
		return bad("line_items[0][price_data][currency]", "Only cny is spoken here.")
	case out.title == "":
		return bad("line_items[0][price_data][product_data][name]", "Missing required param.")
	case out.SuccessURL == "":
		return bad("success_url", "Missing required param.")
	case len(out.PaymentTypes) == 0:
		return bad("payment_method_types", "Missing required param.")
	case slices.Contains(out.PaymentTypes, "wechat_pay") && form.Get("payment_method_options[wechat_pay][client]") != "web":
		return bad("payment_method_options[wechat_pay][client]", "WeChat Pay needs its client: web.")
	case lasts < 30*time.Minute-time.Minute || lasts > 24*time.Hour:
		return bad("expires_at", "The expires_at timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.")
	}
	for _, m := range out.PaymentTypes {
		if m != "card" && !slices.Contains(wallets, m) {
			return bad("payment_method_types", "Unknown method: "+m)
		}
	}
	return nil
}

func (s *Server) showSession(r *http.Request) (any, *problem) {
	out, ok := s.sessions[r.PathValue("id")]
	if !ok {
		return nil, invalid(http.StatusNotFound, "session", "No such checkout.session: "+r.PathValue("id"))
	}
	s.lapse(out)
	return out, nil
}

func (s *Server) expireSession(r *http.Request) (any, *problem) {
	out, ok := s.sessions[r.PathValue("id")]
	if !ok {
		return nil, invalid(http.StatusNotFound, "session", "No such checkout.session: "+r.PathValue("id"))
	}
	if s.lapse(out); out.Status != "open" {
		return nil, invalid(http.StatusBadRequest, "", "Only Checkout Sessions with a status of open can be expired; this one is "+out.Status+".")
	}
	s.expire(out)
	return out, nil
}

// lapse closes a page whose time has come.
func (s *Server) lapse(c *session) {
	if c.Status == "open" && s.config.Now().Unix() >= c.ExpiresAt {
		s.expire(c)
	}
}

func (s *Server) expire(c *session) {
	c.Status, c.URL = "expired", nil
	s.tell("checkout.session.expired", c)
}

// How a payment goes.
type How struct {
	Method   string // card, wechat_pay or alipay
	Later    bool   // the payer said yes; the money is only on its way: see Arrive
	Fen      int64  // 0: what was asked. Another amount is what must never happen, and is held when it does
	Currency string // "": what was asked
}

// ErrNotOpen says that a page was paid already, or closed.
var ErrNotOpen = errors.New("fakepay: not open")

// Pay does what a payer does on the page. An error says that the page is closed or knows no such method.
func (s *Server) Pay(id string, how How) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.sessions[id]
	if !ok {
		return fmt.Errorf("fakepay: no session %s", id)
	}
	if s.lapse(c); c.Status != "open" {
		return fmt.Errorf("%w: session %s is %s", ErrNotOpen, id, c.Status)
	}
	if !slices.Contains(c.PaymentTypes, how.Method) {
		return fmt.Errorf("fakepay: session %s takes no %q", id, how.Method)
	}
	if how.Fen > 0 {
		c.AmountTotal = how.Fen
	}
	if how.Currency != "" {
		c.Currency = how.Currency
	}
	intent := newID("pi_test_")
	c.PaymentIntent, c.Status, c.URL, c.method = &intent, "complete", nil, how.Method
	if !how.Later {
		c.PaymentStatus = "paid"
	}
	s.tell("checkout.session.completed", c)
	return nil
}

// Arrive ends a payment that was on its way: the money came, or it did not.
func (s *Server) Arrive(id string, came bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.sessions[id]
	if !ok || c.Status != "complete" || c.PaymentStatus != "unpaid" {
		return fmt.Errorf("fakepay: nothing is on its way for session %s", id)
	}
	if !came {
		s.tell("checkout.session.async_payment_failed", c)
		return nil
	}
	c.PaymentStatus = "paid"
	s.tell("checkout.session.async_payment_succeeded", c)
	return nil
}

// byIntent finds the page of a payment.
func (s *Server) byIntent(intent string) *session {
	for _, c := range s.sessions {
		if c.PaymentIntent != nil && *c.PaymentIntent == intent && c.PaymentStatus == "paid" {
			return c
		}
	}
	return nil
}

// Sessions lists the ids of the pages, in the order in which they were opened.
func (s *Server) Sessions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.order)
}

// method names a way to pay in Chinese and English.
func methodName(m string, zh bool) string {
	names := map[string][2]string{"card": {"银行卡", "Bank card"}, "wechat_pay": {"微信支付", "WeChat Pay"}, "alipay": {"支付宝", "Alipay"}}
	if zh {
		return names[m][0]
	}
	return names[m][1]
}

func yuan(fen int64) string {
	text := fmt.Sprintf("%d.%02d", fen/100, fen%100)
	for i := strings.IndexByte(text, '.') - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
