package fakepay

import (
	"net/http"
	"strings"
)

// feePermille is the fee of this service in 1/1000, made up; Stripe's depend on the country and the method.
const feePermille = 30

func feeOf(amount int64) int64 { return (amount*feePermille + 500) / 1000 }

// showIntent answers for a payment, with its charge and that one's balance transaction where they are asked for whole.
func (s *Server) showIntent(r *http.Request) (any, *problem) {
	c := s.byIntent(r.PathValue("id"))
	if c == nil || c.PaymentStatus != "paid" {
		return nil, invalid(http.StatusNotFound, "intent", "No such payment_intent.")
	}
	tail := strings.TrimPrefix(*c.PaymentIntent, "pi_test_")
	var balance, charge any = "txn_test_" + tail, "ch_test_" + tail
	if asksFor(r, "latest_charge.balance_transaction") {
		fee := feeOf(c.AmountTotal)
		balance = map[string]any{"id": balance, "object": "balance_transaction", "amount": c.AmountTotal, "currency": c.Currency, "fee": fee, "net": c.AmountTotal - fee, "type": "charge"}
	}
	if asksFor(r, "latest_charge") {
		charge = map[string]any{"id": charge, "object": "charge", "amount": c.AmountTotal, "currency": c.Currency, "balance_transaction": balance}
	}
	return map[string]any{"id": *c.PaymentIntent, "object": "payment_intent", "amount": c.AmountTotal, "currency": c.Currency, "status": "succeeded", "latest_charge": charge}, nil
}

// asksFor reports whether a request wants an object whole that is named by its id else.
func asksFor(r *http.Request, name string) bool {
	for key, values := range r.Form {
		if strings.HasPrefix(key, "expand") {
			for _, v := range values {
				if v == name || strings.HasPrefix(v, name+".") {
					return true
				}
			}
		}
	}
	return false
}

// Fees tells how many fen the service kept in all.
func (s *Server) Fees() (sum int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sessions {
		if c.PaymentStatus == "paid" && c.Currency == "cny" {
			sum += feeOf(c.AmountTotal)
		}
	}
	for _, d := range s.disputes {
		if d.Status != "won" && d.Currency == "cny" {
			sum += disputeFee
		}
	}
	return sum
}
