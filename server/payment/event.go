package payment

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"

	"jishi/server/fault"
	"jishi/server/measure"
)

// EventKind says what the payment service tells.
type EventKind string

// The kinds of event that move something; every other one is Told and kept for the record.
const (
	Told          EventKind = "told"
	SessionMoved  EventKind = "session" // paid, on its way, failed or expired: Session says which
	PayFailed     EventKind = "failed"  // a payment on its way did not arrive
	RefundMoved   EventKind = "refund"
	DisputeOpened EventKind = "dispute_opened" // the payer's bank took the money back until it is decided
	DisputeWon    EventKind = "dispute_won"    // it came again
	DisputeLost   EventKind = "dispute_lost"   // it is gone
)

// Event is one thing the service tells. Of Session, Refund and Dispute one is set, by its kind.
type Event struct {
	ID      string // the service's; the same one comes again
	Type    string // the service's own word
	Kind    EventKind
	At      measure.Millis // when it happened there
	Session Session
	Refund  Refund
	Dispute Dispute
}

// Dispute is a payment that its payer holds was not theirs, or not for what they got.
type Dispute struct {
	ID       string // the service's
	Intent   string
	Fen      measure.Fen
	Currency string
	Reason   string      // the service's word: "fraudulent", "product_not_received"
	Fee      measure.Fen // that the service keeps for it by now; 0 in another currency
}

// signedFor is how long a signature is good for, and clockGap how far ahead the service's clock may be. The service signs anew each
// time it sends: an old signature is a recording, one from the future a forger's or a broken clock's.
const (
	signedFor = 5 * time.Minute
	clockGap  = time.Minute
)

// Event checks the signature over a body and reads it. Faults: Forbidden "bad_signature" for one that is missing, wrong, too old or
// from the future; Invalid "other_api_version" for a body of another version than the one this program was written for, whose
// fields may mean something else.
func (g *Gateway) Event(body []byte, signature string, now time.Time) (Event, error) {
	if g.secret == "" { // stripe-go would take what anybody signed with nothing
		return Event{}, badSignature()
	}
	// The age is judged here, by the caller's clock: stripe-go reads its own and takes a time ahead for fresh.
	if err := webhook.ValidatePayloadIgnoringTolerance(body, signature, g.secret); err != nil {
		return Event{}, badSignature()
	}
	if at, ok := signedAt(signature); !ok || now.Sub(at) > signedFor || at.Sub(now) > clockGap {
		return Event{}, badSignature()
	}
	return readEvent(body)
}

func badSignature() error {
	return fault.New(fault.Forbidden, "bad_signature", "This message is not signed as the payment service signs.")
}

// signedAt reads the time out of "t=1700000000,v1=...". stripe-go takes the last of several; so does this.
func signedAt(signature string) (at time.Time, ok bool) {
	for part := range strings.SplitSeq(signature, ",") {
		if text, found := strings.CutPrefix(part, "t="); found {
			n, err := strconv.ParseInt(text, 10, 64)
			at, ok = time.Unix(n, 0), err == nil
		}
	}
	return at, ok
}

func readEvent(body []byte) (Event, error) {
	var e stripe.Event
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" || e.Data == nil {
		return Event{}, fault.New(fault.Invalid, "bad_event", "This message of the payment service can't be read.")
	}
	if e.APIVersion != stripe.APIVersion {
		return Event{ID: e.ID, Type: string(e.Type), Kind: Told, At: measure.Millis(e.Created * 1000)},
			fault.New(fault.Invalid, "other_api_version", "The payment service speaks version %s, this program reads %s.", e.APIVersion, stripe.APIVersion)
	}
	out := Event{ID: e.ID, Type: string(e.Type), Kind: kinds[e.Type], At: measure.Millis(e.Created * 1000)}
	if out.Kind == "" {
		out.Kind = Told
	}
	if err := out.read(e.Data.Raw); err != nil {
		return Event{}, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return out, nil
}

// kinds sorts the service's own words. Money leaves with funds_withdrawn rather than with created: an inquiry of the payer's bank
// (warning_...) opens a dispute that takes nothing.
var kinds = map[stripe.EventType]EventKind{
	stripe.EventTypeCheckoutSessionCompleted:             SessionMoved,
	stripe.EventTypeCheckoutSessionAsyncPaymentSucceeded: SessionMoved,
	stripe.EventTypeCheckoutSessionExpired:               SessionMoved,
	stripe.EventTypeCheckoutSessionAsyncPaymentFailed:    PayFailed,
	stripe.EventTypeChargeRefundUpdated:                  RefundMoved,
	stripe.EventTypeChargeDisputeFundsWithdrawn:          DisputeOpened,
	stripe.EventTypeChargeDisputeFundsReinstated:         DisputeWon,
	stripe.EventTypeChargeDisputeClosed:                  Told, // won or lost: see read
}

func (e *Event) read(raw json.RawMessage) error {
	switch {
	case e.Kind == SessionMoved || e.Kind == PayFailed:
		var s stripe.CheckoutSession
		err := json.Unmarshal(raw, &s)
		e.Session = sessionOf(&s)
		return err
	case e.Kind == RefundMoved:
		var r stripe.Refund
		err := json.Unmarshal(raw, &r)
		e.Refund = refundOf(&r)
		return err
	case strings.HasPrefix(e.Type, "charge.dispute."):
		return e.readDispute(raw)
	}
	return nil
}

func (e *Event) readDispute(raw json.RawMessage) error {
	var d stripe.Dispute
	if err := json.Unmarshal(raw, &d); err != nil {
		return err
	}
	e.Dispute = Dispute{ID: d.ID, Fen: measure.Fen(d.Amount), Currency: strings.ToLower(string(d.Currency)), Reason: string(d.Reason)}
	if d.PaymentIntent != nil {
		e.Dispute.Intent = d.PaymentIntent.ID
	}
	for _, b := range d.BalanceTransactions {
		if strings.EqualFold(string(b.Currency), Currency) {
			e.Dispute.Fee += measure.Fen(b.Fee)
		}
	}
	if e.Type == string(stripe.EventTypeChargeDisputeClosed) {
		switch d.Status {
		case stripe.DisputeStatusWon:
			e.Kind = DisputeWon
		case stripe.DisputeStatusLost:
			e.Kind = DisputeLost
		}
	}
	return nil
}
