package market

import (
	"context"
	"fmt"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// Books gives the numbers that grow out of orders, which stand above this package.
type Books interface {
	// OfDemands gives the numbers of each demand; one without any is left out.
	OfDemands(ctx context.Context, q store.Querier, demands ...string) (map[string]DemandNumbers, error)
	// OrderedLots gives those of the lots that an order names.
	OrderedLots(ctx context.Context, q store.Querier, lots ...string) ([]string, error)
	// OfCampaign gives the numbers of one campaign.
	OfCampaign(ctx context.Context, q store.Querier, campaign string) (CampaignNumbers, error)
	// OfPledge gives what came in for one pledge.
	OfPledge(ctx context.Context, q store.Querier, pledge string) (measure.Fen, error)
}

// Deps are what the service stands on.
type Deps struct {
	DB      *store.DB
	Now     auth.Clock
	Books   Books
	Produce func(word string) (id string, ok bool)                                               // what a grower calls it -> the stable name
	County  func(adcode string) (Place, bool)                                                    // name and point of a county, by a code of any time
	Changed func(ctx context.Context, tx store.Tx, kind Kind, ids ...string) error               // after each change, in its transaction; may be nil
	Listed  func(ctx context.Context, tx store.Tx, by auth.Actor, o Offer, produce string) error // after each offer that goes live or costs something else, in its transaction; may be nil
	News    webhooks.News                                                                        // hears of what happens, in its transaction; may be nil
	IDKey   []byte                                                                               // key of the hash of identity numbers
	NewRef  func() string                                                                        // makes what a transfer quotes
}

// Kind names what changed.
type Kind string

// The kinds that can be found by search.
const (
	OfferKind    Kind = "offer"
	DemandKind   Kind = "demand"
	CampaignKind Kind = "campaign"
)

// Service holds the acts of the market.
type Service struct{ Deps }

// NewService wires the service.
func NewService(d Deps) *Service {
	if d.Now == nil {
		d.Now = auth.SystemClock
	}
	return &Service{d}
}

func (s *Service) millis(ctx context.Context) measure.Millis {
	return measure.Millis(s.Now(ctx).UnixMilli())
}

// place checks a place and fills in what its county knows.
func (s *Service) place(field string, p Place) (Place, error) {
	if err := checkText(field+".name", p.Name, 0, 120); err != nil {
		return p, err
	}
	county, ok := s.County(p.Adcode)
	if !ok {
		return p, fault.At(field+".adcode", "unknown_adcode", "There is no county with the code %q.", clip(p.Adcode))
	}
	if p.Point.Lon < -180 || p.Point.Lon > 180 || p.Point.Lat < -90 || p.Point.Lat > 90 {
		return p, fault.At(field, "bad_point", "A longitude lies between -180 and 180, a latitude between -90 and 90.")
	}
	if p.Name == "" {
		p.Name = county.Name
	}
	if !p.located() {
		p.Point = county.Point
	}
	return p, nil
}

// produce gives the stable name of what somebody calls a produce.
func (s *Service) produce(word string) (string, error) {
	if word == "" {
		return "", fault.At("produce", "required", "This can't be empty.")
	}
	id, ok := s.Produce(word)
	if !ok {
		return "", fault.At("produce", "unknown_produce", "We know no produce called %q.", clip(word))
	}
	return id, nil
}

// ProduceOf gives the stable name of what somebody calls a produce.
func (s *Service) ProduceOf(word string) (string, error) { return s.produce(word) }

// changed tells search, in the transaction of the change.
func (s *Service) changed(ctx context.Context, tx store.Tx, kind Kind, ids ...string) error {
	if s.Changed == nil {
		return nil
	}
	return s.Changed(ctx, tx, kind, ids...)
}

// listed has the price looked at of an offer that is on sale now, or costs something else.
func (s *Service) listed(ctx context.Context, tx store.Tx, by auth.Actor, o Offer, produce string) error {
	if s.Listed == nil {
		return nil
	}
	return s.Listed(ctx, tx, by, o, produce)
}

// priced is listed of an offer whose lot is to be looked up.
func (s *Service) priced(ctx context.Context, tx store.Tx, by auth.Actor, o Offer) error {
	l, err := LotByID(ctx, tx, o.Lot)
	if err != nil {
		return err
	}
	return s.listed(ctx, tx, by, o, l.Produce)
}

// record appends to the audit in the act's transaction.
func (s *Service) record(ctx context.Context, tx store.Tx, by auth.Actor, act, subject, reason string, before, after any) error {
	ev := ledger.Event{At: s.millis(ctx), Actor: by.ID(), Act: act, Subject: subject, Reason: reason, Mandate: mandateOf(by)}
	if err := ledger.Record(ctx, tx, ev, before, after); err != nil {
		return err
	}
	return s.tell(ctx, tx, act, subject, after)
}

func mandateOf(by auth.Actor) string {
	if by.Mandate == nil {
		return ""
	}
	return by.Mandate.ID
}

// Once remembers in tx that the act clientID made id, and gives what it made before: "" the first time, and always when
// there is no client id.
func Once(ctx context.Context, tx store.Tx, clientID, id string) (before string, err error) {
	if clientID == "" {
		return "", nil
	}
	if len(clientID) > 300 {
		return "", fault.At("client_id", "too_long", "At most %d characters, please.", 300)
	}
	first, err := changed(ctx, tx, `INSERT INTO client_acts (client_id, made) VALUES ($1, $2) ON CONFLICT (client_id) DO NOTHING`, clientID, id)
	if err != nil || first {
		return "", err
	}
	err = tx.QueryRowContext(ctx, `SELECT made FROM client_acts WHERE client_id = $1`, clientID).Scan(&before)
	return before, err
}

// available gives what is left of each lot.
func available(ctx context.Context, q store.Querier, lots ...string) (map[string]measure.Grams, error) {
	names := make([]string, len(lots))
	for i, l := range lots {
		names[i] = LotAvailable(l)
	}
	balances, err := ledger.Balances(ctx, q, ledger.Grams, names...)
	if err != nil {
		return nil, fmt.Errorf("market: %w", err)
	}
	out := map[string]measure.Grams{}
	for _, l := range lots {
		out[l] = measure.Grams(balances[LotAvailable(l)])
	}
	return out, nil
}

// pageSize is the most a list gives at once.
const pageSize = 100

func (s *Service) time(ctx context.Context) time.Time { return s.Now(ctx) }
