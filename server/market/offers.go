package market

import (
	"context"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// OfferNumbers is what is left to be ordered.
type OfferNumbers struct {
	Available measure.Grams
}

// CreateOffer puts a lot up, as a draft.
func (s *Service) CreateOffer(ctx context.Context, by auth.Actor, clientID string, in OfferInput) (Offer, error) {
	if err := in.check(); err != nil {
		return Offer{}, err
	}
	var o Offer
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		o, err = s.addOffer(ctx, tx, by, clientID, in)
		return err
	})
	return o, err
}

// addOffer writes a draft down, or gives what the same client id made before.
func (s *Service) addOffer(ctx context.Context, tx store.Tx, by auth.Actor, clientID string, in OfferInput) (Offer, error) {
	l, err := LotByID(ctx, tx, in.Lot)
	if err != nil {
		return Offer{}, fault.OfField(found(err, "lot"), "lot")
	}
	by, err = by.ActFor(l.Party, auth.ActOffers)
	if err != nil {
		return Offer{}, fault.OfField(notFound("lot"), "lot")
	}
	now := s.millis(ctx)
	o := Offer{
		ID: store.NewID(), Lot: in.Lot, Seller: l.Party, Act: OfferDraft, Version: 1, Mandate: mandateOf(by), CreatedAt: now, UpdatedAt: now,
	}.with(in)
	before, err := Once(ctx, tx, clientID, o.ID)
	if err != nil {
		return Offer{}, err
	}
	if before != "" {
		return OfferByID(ctx, tx, before)
	}
	if err = in.checkEnds(now); err != nil {
		return Offer{}, err
	}
	if err = insertOffer(ctx, tx, o, by.ID()); err != nil {
		return Offer{}, err
	}
	return o, s.record(ctx, tx, by, "offer.create", "offer/"+o.ID, "", nil, o)
}

// ActOnOffer does one act of OfferSteps: publish (or ask_check when it carries the poverty mark), approve, send_back, pause,
// resume, close, withdraw.
func (s *Service) ActOnOffer(ctx context.Context, by auth.Actor, id, act, reason string) (Offer, OfferNumbers, error) {
	var o Offer
	var left measure.Grams
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		o, left, err = s.moveOffer(ctx, tx, by, id, act, reason)
		return err
	})
	return o, OfferNumbers{left}, err
}

// moveOffer does one act in a transaction and tells search.
func (s *Service) moveOffer(ctx context.Context, tx store.Tx, by auth.Actor, id, act, reason string) (Offer, measure.Grams, error) {
	before, err := OfferByID(ctx, tx, id)
	if err != nil {
		return Offer{}, 0, found(err, "offer")
	}
	if by, err = mayMoveOffer(by, before, act); err != nil {
		return Offer{}, 0, err
	}
	balances, err := available(ctx, tx, before.Lot)
	if err != nil {
		return Offer{}, 0, err
	}
	left := balances[before.Lot]
	if act == "publish" && before.Poverty {
		act = "ask_check"
	}
	to, err := next(OfferSteps, before.State(left, s.time(ctx)), act, OfferEnds)
	if err != nil {
		return Offer{}, 0, err
	}
	o := before
	o.Act, o.UpdatedAt, o.Version = to, s.millis(ctx), before.Version+1
	if o.SentBack, err = sentBack(o.SentBack, act, reason); err != nil {
		return Offer{}, 0, err
	}
	ok, err := setOfferAct(ctx, tx, before, o)
	if err != nil {
		return Offer{}, 0, err
	}
	if !ok {
		return Offer{}, 0, changedMeanwhile()
	}
	if err = s.changed(ctx, tx, OfferKind, id); err != nil {
		return Offer{}, 0, err
	}
	if o.Act == OfferLive && before.Act != OfferPaused {
		if err = s.priced(ctx, tx, by, o); err != nil {
			return Offer{}, 0, err
		}
	}
	return o, left, s.record(ctx, tx, by, "offer."+act, "offer/"+id, reason, before, o)
}

// sentBack is why an offer was sent back, after an act: it stands while the seller mends the offer and asks again.
func sentBack(before, act, reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case act == "approve":
		return "", nil
	case act != "send_back":
		return before, nil
	case reason == "":
		return "", fault.At("reason", "reason_needed", "Say what is wrong with the poverty mark.")
	}
	return reason, nil
}

// OffersToCheck lists the offers that ask for the poverty mark, for operators: others have none.
func (s *Service) OffersToCheck(ctx context.Context, by auth.Actor) ([]Listing, error) {
	if !by.Can(auth.Operator, "") {
		return nil, nil
	}
	q := s.DB.Read()
	offers, err := offersToCheck(ctx, q, pageSize)
	if err != nil {
		return nil, err
	}
	return listings(ctx, q, offers)
}

// OffersSentBack lists the offers of the actor's own parties that the county office sent back.
func (s *Service) OffersSentBack(ctx context.Context, by auth.Actor) ([]Listing, error) {
	q := s.DB.Read()
	var offers []Offer
	for _, party := range by.Parties() {
		if !by.MayActFor(party, auth.ActOffers) {
			continue
		}
		list, err := offersSentBack(ctx, q, party)
		if err != nil {
			return nil, err
		}
		offers = append(offers, list...)
	}
	return listings(ctx, q, offers)
}

// mayMoveOffer lets the seller's people act, and the office approve or send back.
func mayMoveOffer(by auth.Actor, o Offer, act string) (auth.Actor, error) {
	if act == "approve" || act == "send_back" {
		if !by.Can(auth.Operator, "") {
			return by, fault.New(fault.Forbidden, "operators_only", "Only the county office does this.")
		}
		return by, nil
	}
	acting, err := by.ActFor(o.Seller, auth.ActOffers)
	if err != nil {
		return by, notFound("offer")
	}
	return acting, nil
}

func changedMeanwhile() error {
	return fault.New(fault.Conflict, "changed_meanwhile", "Somebody else changed this a moment ago; please look again.")
}

// Offer gives an offer with its lot. Drafts are the seller's alone.
func (s *Service) Offer(ctx context.Context, by auth.Actor, id string) (Offer, Lot, OfferNumbers, error) {
	q := s.DB.Read()
	o, err := OfferByID(ctx, q, id)
	if err != nil {
		return o, Lot{}, OfferNumbers{}, found(err, "offer")
	}
	if (o.Act == OfferDraft || o.Act == OfferPendingCheck) && !by.MayActFor(o.Seller, auth.ActOffers) && !by.Can(auth.Operator, "") {
		return Offer{}, Lot{}, OfferNumbers{}, notFound("offer")
	}
	l, err := LotByID(ctx, q, o.Lot)
	if err != nil {
		return o, l, OfferNumbers{}, err
	}
	left, err := available(ctx, q, o.Lot)
	return o, l, OfferNumbers{left[o.Lot]}, err
}

// Listing is an offer with all that a list shows of it.
type Listing struct {
	Offer     Offer
	Lot       Lot
	Seller    Party
	Available measure.Grams
}

// OffersWanted narrows a list of offers; empty fields don't.
type OffersWanted struct {
	Seller  string // its offers: all to its own people, to others those that can be ordered; without, of everybody those
	Produce string // its code
	After   string // the last id of the page before
}

// Listings lists the offers that can be ordered, to a seller's own people all of its own, newest first. It reads the database alone, so that
// browsing works while the search engine is away.
func (s *Service) Listings(ctx context.Context, by auth.Actor, want OffersWanted) ([]Listing, error) {
	q := s.DB.Read()
	all := want.Seller != "" && (by.MayActFor(want.Seller, auth.ActOffers) || by.Can(auth.Operator, ""))
	offers, err := offersPage(ctx, q, want, all, pageSize)
	if err != nil {
		return nil, err
	}
	return listings(ctx, q, offers)
}

func listings(ctx context.Context, q store.Querier, offers []Offer) ([]Listing, error) {
	var lots, parties []string
	for _, o := range offers {
		lots, parties = append(lots, o.Lot), append(parties, o.Seller)
	}
	lotOf, err := LotsByID(ctx, q, lots...)
	if err != nil {
		return nil, err
	}
	partyOf, err := PartiesByID(ctx, q, parties...)
	if err != nil {
		return nil, err
	}
	left, err := available(ctx, q, lots...)
	if err != nil {
		return nil, err
	}
	out := make([]Listing, len(offers))
	for i, o := range offers {
		out[i] = Listing{o, lotOf[o.Lot], partyOf[o.Seller], left[o.Lot]}
	}
	return out, nil
}

// LotsChanged tells search about every offer of some lots: their stock or their certificate is another. Orders and dispatch call it in
// the transaction of the change.
func (s *Service) LotsChanged(ctx context.Context, tx store.Tx, lots ...string) error {
	if s.Changed == nil || len(lots) == 0 {
		return nil
	}
	offers, err := offersOfLots(ctx, tx, lots)
	if err != nil || len(offers) == 0 {
		return err
	}
	return s.changed(ctx, tx, OfferKind, offers...)
}

// ListingOf gives all that a list shows of one offer.
func ListingOf(ctx context.Context, q store.Querier, o Offer) (Listing, error) {
	list, err := listings(ctx, q, []Offer{o})
	if err != nil {
		return Listing{}, err
	}
	return list[0], nil
}

// OpenOffers lists a seller's offers of one produce that can be ordered now.
func (s *Service) OpenOffers(ctx context.Context, q store.Querier, seller, produce string) ([]Listing, error) {
	offers, err := liveOffersOf(ctx, q, seller, produce)
	if err != nil {
		return nil, err
	}
	return s.orderable(ctx, q, offers)
}

// PovertyListings lists the newest offers with the poverty mark that can be bought now; gifts are left out.
func (s *Service) PovertyListings(ctx context.Context, q store.Querier) ([]Listing, error) {
	offers, err := povertyOffers(ctx, q, pageSize)
	if err != nil {
		return nil, err
	}
	return s.orderable(ctx, q, slices.DeleteFunc(offers, func(o Offer) bool { return o.Gift }))
}

// orderable keeps the offers that can be ordered now.
func (s *Service) orderable(ctx context.Context, q store.Querier, offers []Offer) ([]Listing, error) {
	all, err := listings(ctx, q, offers)
	now := s.time(ctx)
	return slices.DeleteFunc(all, func(l Listing) bool {
		return l.Offer.State(l.Available, now) != OfferLive || !l.Offer.Takes(now)
	}), err
}
