package web

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dfc"
	"jishi/server/dispatch"
	"jishi/server/epcis"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
)

// linked is the content type of JSON-LD.
const linked = "application/ld+json"

type bySeller struct {
	Seller string `path:"seller" maxLength:"64"`
}

// dfcRoot is where the addresses of a document begin.
func dfcRoot(ctx context.Context) string {
	scheme := "http://"
	if requestOf(ctx).secure {
		scheme = "https://"
	}
	return scheme + requestOf(ctx).host + "/api/dfc"
}

func registerInterop(api huma.API, s Services) {
	document(api, "/dfc/enterprises/{seller}/catalogue", "A seller's live offers in the words of the Data Food Consortium", linked, reader, func(ctx context.Context, _ auth.Actor, in *bySeller) (file, error) {
		seller, offers, err := s.liveOffers(ctx, in.Seller)
		if err != nil {
			return file{}, err
		}
		return asFile(dfc.Writer{Root: dfcRoot(ctx)}.Catalogue(seller, offers))
	}, forEverybody)
	document(api, "/dfc/orders/{id}", "An order in the words of the Data Food Consortium, for its parties", linked, actor, func(ctx context.Context, by auth.Actor, in *byID) (file, error) {
		o, err := s.dfcOrder(ctx, by, in.ID)
		if err != nil {
			return file{}, err
		}
		return asFile(dfc.Writer{Root: dfcRoot(ctx)}.Order(o))
	})
	document(api, "/lots/{id}/epcis", "What happened to a lot, as EPCIS 2.0 events", linked, actor, func(ctx context.Context, by auth.Actor, in *byID) (file, error) {
		t, err := s.lotTrace(ctx, by, in.ID)
		if err != nil {
			return file{}, err
		}
		return asFile(t.Document(measure.Millis(auth.SystemClock(ctx).UnixMilli())))
	})
}

func asFile(v any) (file, error) {
	body, err := json.Marshal(v)
	return file{Disposition: "inline", Body: body}, err
}

// liveOffers gives a seller's offers that can be ordered now.
func (s Services) liveOffers(ctx context.Context, seller string) (dfc.Party, []dfc.Offer, error) {
	parties, err := s.dfcParties(ctx, seller)
	if err != nil {
		return dfc.Party{}, nil, err
	}
	var out []dfc.Offer
	now := auth.SystemClock(ctx)
	for after := ""; ; {
		page, err := s.Market.Listings(ctx, auth.System("catalogue"), market.OffersWanted{Seller: seller, After: after})
		if err != nil || len(page) == 0 {
			return parties[seller], out, err
		}
		for _, l := range page {
			if l.Offer.State(l.Available, now) == market.OfferLive {
				out = append(out, s.dfcOffer(ctx, l))
			}
		}
		after = page[len(page)-1].Offer.ID
	}
}

func (s Services) dfcOffer(ctx context.Context, l market.Listing) dfc.Offer {
	return dfc.Offer{ID: l.Offer.ID, Lot: l.Lot.ID, Name: s.produceName(ctx, l.Lot.Produce), Description: l.Lot.Grade, Price: l.Offer.Price, Available: l.Available}
}

// dfcParties looks parties up; one that is not there is a fault.
func (s Services) dfcParties(ctx context.Context, ids ...string) (map[string]dfc.Party, error) {
	found, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
	if err != nil {
		return nil, err
	}
	out := map[string]dfc.Party{}
	for _, id := range ids {
		p, ok := found[id]
		if !ok {
			return nil, noSuchParty()
		}
		out[id] = dfc.Party{ID: id, Name: p.Name, City: p.Place.Name}
	}
	return out, nil
}

func (s Services) dfcOrder(ctx context.Context, by auth.Actor, id string) (dfc.Order, error) {
	v, err := s.Orders.Order(ctx, by, id)
	if err != nil {
		return dfc.Order{}, err
	}
	parties, err := s.dfcParties(ctx, v.Buyer, v.Seller)
	o := dfc.Order{ID: v.ID, Number: v.Reference, Buyer: parties[v.Buyer], Seller: parties[v.Seller], Status: dfcStatus(v.State), At: v.SubmittedAt}
	for _, l := range v.Lines {
		o.Lines = append(o.Lines, dfc.Line{ID: l.ID, Offer: l.Offer, Grams: l.Grams, Price: l.Price})
	}
	return o, err
}

// dfcStatus says an order's state with the few words that the consortium has.
func dfcStatus(state orders.State) dfc.Status {
	switch state {
	case orders.Draft:
		return dfc.Status{Order: "Draft"}
	case orders.Refused, orders.Declined, orders.Expired, orders.Cancelled:
		return dfc.Status{Order: "Cancelled"}
	case orders.AwaitingApproval, orders.Submitted, orders.OfferedLess, orders.Disputed:
		return dfc.Status{Order: "Held", Fulfilment: "Unfulfilled"}
	case orders.Delivered, orders.PartCancelled, orders.Accepted, orders.Settled, orders.Closed:
		return dfc.Status{Order: "Complete", Fulfilment: "Fulfilled"}
	}
	return dfc.Status{Order: "Complete", Fulfilment: "Unfulfilled"}
}

func (s Services) lotTrace(ctx context.Context, by auth.Actor, id string) (epcis.LotTrace, error) {
	lot, _, err := s.Market.Lot(ctx, by, id)
	if err != nil {
		return epcis.LotTrace{}, err
	}
	t := epcis.LotTrace{Lot: lot}
	if orders.SeesHouseholds(by, lot.Party) { // a household's part of the benefit is that of the lot which it brought
		if t.Parents, err = market.PartsOf(ctx, s.DB.Read(), id); err != nil {
			return t, err
		}
	}
	hauls, err := orders.HaulsOfLot(ctx, s.DB.Read(), id)
	if err != nil {
		return t, err
	}
	hauls = slices.DeleteFunc(hauls, func(h orders.Haul) bool { return !hasPart(by, h) })
	trips, err := s.Dispatch.TripsWith(ctx, mapped(hauls, func(h orders.Haul) string { return h.Consignment })...)
	for _, h := range hauls {
		t.Hauls = append(t.Hauls, tracedHaul(h, lot.Place.Adcode, trips))
	}
	return t, err
}

// hasPart reports whether the actor sells or receives a consignment, or looks after the platform. A lot on offer is everybody's to see, who
// bought of it is not.
func hasPart(by auth.Actor, h orders.Haul) bool {
	return by.MayActFor(h.Seller, auth.ActOffers) || by.MayActFor(h.Receiver, auth.ActReceive) || by.Is(auth.Auditor) || by.Is(auth.Operator) || by.Is(auth.Dispatcher)
}

// tracedHaul takes the instants from what the road reported: the device's act, and when it reached us.
func tracedHaul(h orders.Haul, from string, trips []dispatch.Trip) epcis.Haul {
	out := epcis.Haul{Consignment: h.Consignment, Order: h.Order, Seller: h.Seller, Receiver: h.Receiver, From: from, To: h.To,
		Loaded: h.Numbers.Loaded, Received: h.Numbers.Received, Rejected: h.Numbers.Rejected + h.Numbers.Returned,
		LoadedAt: epcis.Instant{At: h.LoadedAt, Recorded: h.LoadedAt}, ReceivedAt: epcis.Instant{At: h.ReceivedAt, Recorded: h.ReceivedAt}}
	if h.Numbers.Accepted+h.Numbers.Rejected == 0 { // what came back whole was never received
		out.Received, out.Rejected = 0, 0
	}
	for _, t := range trips {
		for _, c := range t.Consignments {
			if c.ID == h.Consignment {
				out.Trip = t.ID
				out.LoadedAt = reported(t, dispatch.EventLoad, c.LoadStop, out.LoadedAt)
				out.DepartedAt = reported(t, dispatch.EventDepart, c.LoadStop, out.DepartedAt)
				out.ReceivedAt = reported(t, dispatch.EventDeliver, c.UnloadStop, out.ReceivedAt)
			}
		}
	}
	return out
}

func reported(t dispatch.Trip, kind dispatch.EventKind, stop int, otherwise epcis.Instant) epcis.Instant {
	for _, e := range t.Events {
		if e.Kind == kind && e.Stop == stop {
			return epcis.Instant{At: e.At(), Recorded: e.SyncedAt}
		}
	}
	return otherwise
}

func noSuchParty() error {
	return auth.NoSuchParty()
}
