package fakepay

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// refund is money on its way back.
type refund struct {
	ID            string            `json:"id"`
	Object        string            `json:"object"`
	Amount        int64             `json:"amount"`
	Created       int64             `json:"created"`
	Currency      string            `json:"currency"`
	Metadata      map[string]string `json:"metadata"`
	PaymentIntent string            `json:"payment_intent"`
	Status        string            `json:"status"` // succeeded, pending, failed
	FailureReason string            `json:"failure_reason,omitempty"`
}

// makeRefund returns a part of a payment: to a card at once, to a wallet when that answers.
func (s *Server) makeRefund(r *http.Request) (any, *problem) {
	amount, p := integer(r.Form, "amount")
	if p != nil {
		return nil, p
	}
	c := s.byIntent(r.Form.Get("payment_intent"))
	switch {
	case c == nil:
		return nil, invalid(http.StatusNotFound, "payment_intent", "No such payment_intent: "+r.Form.Get("payment_intent"))
	case c.disputed:
		return nil, invalid(http.StatusBadRequest, "", "This payment was charged back and can't be refunded.")
	case amount <= 0 || amount > c.AmountTotal-c.refunded:
		return nil, invalid(http.StatusBadRequest, "amount", fmt.Sprintf("Refund amount (%d) is greater than unrefunded amount on charge (%d).", amount, c.AmountTotal-c.refunded))
	}
	out := &refund{
		ID: newID("re_test_"), Object: "refund", Amount: amount, Created: s.config.Now().Unix(), Currency: c.Currency,
		Metadata: metadata(r.Form, "metadata"), PaymentIntent: *c.PaymentIntent, Status: "succeeded",
	}
	c.refunded += amount
	s.refunds[out.ID] = out
	if slices.Contains(wallets, c.method) || s.failRefunds {
		out.Status = "pending"
		answered := *out // as it is now; its end is told by an event
		s.endRefund(out, c)
		return &answered, nil
	}
	return out, nil
}

func (s *Server) endRefund(r *refund, c *session) {
	r.Status = "succeeded"
	if s.failRefunds {
		r.Status, r.FailureReason = "failed", "lost_or_stolen_card"
		c.refunded -= r.Amount
	}
	s.tell("charge.refund.updated", r)
}

func (s *Server) showRefund(r *http.Request) (any, *problem) {
	out, ok := s.refunds[r.PathValue("id")]
	if !ok {
		return nil, invalid(http.StatusNotFound, "id", "No such refund: "+r.PathValue("id"))
	}
	return out, nil
}

// FailRefunds makes every refund from now on come back, as to a card that is closed.
func (s *Server) FailRefunds(fail bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failRefunds = fail
}

// dispute is a payment that its payer's bank took back.
type dispute struct {
	ID            string            `json:"id"`
	Object        string            `json:"object"`
	Amount        int64             `json:"amount"`
	Created       int64             `json:"created"`
	Currency      string            `json:"currency"`
	Metadata      map[string]string `json:"metadata"`
	PaymentIntent string            `json:"payment_intent"`
	Reason        string            `json:"reason"`
	Status        string            `json:"status"` // needs_response, won, lost
	Balance       []balance         `json:"balance_transactions"`
}

// balance is one movement of the account here.
type balance struct {
	Object   string `json:"object"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Fee      int64  `json:"fee"`
	Net      int64  `json:"net"`
}

// disputeFee is what this service keeps for a dispute, made up; who wins gets it back.
const disputeFee = 100_00

func (d *dispute) moved(amount, fee int64) {
	d.Balance = append(d.Balance, balance{"balance_transaction", amount, d.Currency, fee, amount - fee})
}

// Dispute takes a payment back at its payer's word, what is left of it after refunds. It gives the dispute's id.
func (s *Server) Dispute(id string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.sessions[id]
	if !ok || c.PaymentStatus != "paid" || c.disputed || c.AmountTotal == c.refunded {
		return "", errors.New("fakepay: nothing here can be disputed")
	}
	c.disputed = true
	d := &dispute{
		ID: newID("dp_test_"), Object: "dispute", Amount: c.AmountTotal - c.refunded, Created: s.config.Now().Unix(), Currency: c.Currency,
		Metadata: map[string]string{}, PaymentIntent: *c.PaymentIntent, Reason: "product_not_received", Status: "needs_response",
	}
	d.moved(-d.Amount, disputeFee)
	s.disputes[d.ID] = d
	s.tell("charge.dispute.created", d)
	s.tell("charge.dispute.funds_withdrawn", d)
	return d.ID, nil
}

// Disputed lists the disputes that wait for their end, in the order in which their pages were opened.
func (s *Server) Disputed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, page := range s.order {
		for id, d := range s.disputes {
			if intent := s.sessions[page].PaymentIntent; d.Status == "needs_response" && intent != nil && *intent == d.PaymentIntent {
				out = append(out, id)
			}
		}
	}
	return out
}

// Judge ends a dispute. Won brings the money again.
func (s *Server) Judge(id string, won bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.disputes[id]
	if !ok || d.Status != "needs_response" {
		return errors.New("fakepay: no such open dispute")
	}
	d.Status = "lost"
	if won {
		d.Status = "won"
		d.moved(d.Amount, -disputeFee)
		s.byIntent(d.PaymentIntent).disputed = false
		s.tell("charge.dispute.funds_reinstated", d)
	}
	s.tell("charge.dispute.closed", d)
	return nil
}

// Refunds tells how many fen went back in all.
func (s *Server) Refunds() (sum int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.refunds {
		if r.Status != "failed" {
			sum += r.Amount
		}
	}
	return sum
}

// Balance is what the service holds for the account: paid, less what went back and what is lost or in dispute. It is our account
// there before its fees, to be compared with the books.
func (s *Server) Balance() (sum int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sessions {
		if c.PaymentStatus == "paid" && c.Currency == "cny" {
			sum += c.AmountTotal - c.refunded
		}
	}
	for _, d := range s.disputes {
		if d.Status != "won" {
			sum -= d.Amount
		}
	}
	return sum
}
