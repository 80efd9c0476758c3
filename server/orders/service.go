package orders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// Deps are what the service stands on.
type Deps struct {
	DB     *store.DB
	Now    auth.Clock // nil: the system's
	Market *market.Service
	// Band gives the prices seen for a produce around a day (2006-01-02); nil knows none.
	Band func(produce, day string) (Band, bool)
	// HaulByReference gives the haulage need outside the market that a transfer quotes; sql.ErrNoRows or nil: none.
	HaulByReference func(ctx context.Context, q store.Querier, reference string) (string, error)
	// Moisture gives how much of a load may dry out by the rule, in 1/1000, for a produce; nil: 30.
	Moisture func(produce string) int
	// PhotoKept reports whether a photo was uploaded under an id; nil: nobody asks.
	PhotoKept func(id string) bool
	// CarrierOf gives the carrier that brought a consignment, "" when it is not known; nil: it never is.
	CarrierOf func(ctx context.Context, q store.Querier, consignment string) (string, error)
	// UnpaidTrip gives the number of a trip that carries or carried some of the consignments and whose carriers are not paid yet, "" for none; nil: there is none.
	UnpaidTrip func(ctx context.Context, q store.Querier, consignments []string) (string, error)
	// Gateway takes payments by card and wallet; nil: by bank transfer alone. Site is our own address, where payers come back to.
	Gateway *payment.Gateway
	Site    string
	// PayTo is our own account at the bank, shown where somebody has to transfer; empty: not shown.
	PayTo payment.BankAccount
	// GatewayDue asks for a round of RunGateway once the transaction has committed; nil: somebody runs it anyway.
	GatewayDue func(ctx context.Context, tx store.Tx) error
	// News hears of what happens to orders and campaigns, in its transaction; may be nil.
	News webhooks.News
}

// Service holds the acts of the trade.
type Service struct{ Deps }

// NewService wires the service.
func NewService(d Deps) *Service {
	if d.Now == nil {
		d.Now = auth.SystemClock
	}
	if d.Band == nil {
		d.Band = func(string, string) (Band, bool) { return Band{}, false }
	}
	return &Service{d}
}

func (s *Service) millis(ctx context.Context) measure.Millis { return millis(s.Now(ctx)) }

func millis(t time.Time) measure.Millis { return measure.Millis(t.UnixMilli()) }

// china is the clock the dates of the trade are read on.
var china = time.FixedZone("+08", 8*3600)

// deed is what is written into the audit about one act.
type deed struct {
	act, subject, reason string
	at                   measure.Millis
	before, after        any
}

func record(ctx context.Context, tx store.Tx, by auth.Actor, d deed) error {
	ev := ledger.Event{At: d.at, Actor: by.ID(), Act: d.act, Subject: d.subject, Reason: d.reason}
	if by.Mandate != nil {
		ev.Mandate = by.Mandate.ID
	}
	return ledger.Record(ctx, tx, ev, d.before, d.after)
}

// byFinance does an act of the finance people in a transaction, with the record of what do gives; nil: nothing was done.
func (s *Service) byFinance(ctx context.Context, by auth.Actor, do func(tx store.Tx) (*deed, error)) error {
	if err := mustBeFinance(by); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		d, err := do(tx)
		if err != nil || d == nil {
			return err
		}
		d.at = s.millis(ctx)
		return record(ctx, tx, by, *d)
	})
}

func asJSON(v any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("orders: %w", err)
	}
	return b, nil
}

func fromJSON[T any](text string, into *T) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	return nil
}

// notFound is the answer for what is not there and for what is another's alike.
func notFound(what string) *fault.Fault {
	return fault.New(fault.NotFound, "not_found", "There is no such %s, or it is not open to you.", what)
}

// found turns the lack of a row into the fault that names what is missing.
func found(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(what)
	}
	return err
}

// reads reports whether the actor may read every order: the platform's people.
func reads(by auth.Actor) bool {
	return by.Can(auth.Operator, "") || by.Can(auth.Finance, "") || by.Can(auth.Auditor, "") || by.Can(auth.Dispatcher, "")
}

func mustBeFinance(by auth.Actor) error {
	if by.Can(auth.Finance, "") {
		return nil
	}
	return fault.New(fault.Forbidden, "finance_only", "Only the finance people can do this.")
}

// checkReason faults a reason that is missing or too long.
func checkReason(reason string) error {
	if reason == "" || len(reason) > 1000 {
		return fault.At("reason", "reason_needed", "Give a reason, at most 1,000 bytes.")
	}
	return nil
}

// moved tells search about lots and needs whose numbers are others now.
func (s *Service) moved(ctx context.Context, tx store.Tx, o Order) error {
	lots, demands := map[string]bool{}, map[string]bool{}
	for _, l := range o.Lines {
		lots[l.Lot] = true
		for _, a := range l.To {
			demands[a.Demand] = true
		}
	}
	if err := s.Market.LotsChanged(ctx, tx, slices.Sorted(maps.Keys(lots))...); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(demands)) {
		if err := s.Market.DemandChanged(ctx, tx, id); err != nil {
			return err
		}
	}
	return s.campaignMoved(ctx, tx, o.Campaign)
}

func (s *Service) campaignMoved(ctx context.Context, tx store.Tx, id string) error {
	if id == "" {
		return nil
	}
	return s.Market.CampaignChanged(ctx, tx, id)
}

// ignoreNoRows gives nil where the lack of a row is no error.
func ignoreNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
