package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"jishi/search"
	"jishi/server/market"
	"jishi/server/notices"
	"jishi/server/web"
)

// matching tells both sides when an offer and a need fit, and those whose saved search finds a listing (产销对接). It commits with the
// change and reads the database, not the index: of two listings that come at once the later one sees the earlier, and the search
// engine may be away.
type matching struct {
	What market.Kind `json:"what"`
	ID   string      `json:"id"`
}

// Kind names the job.
func (matching) Kind() string { return "match" }

// Key names the listing: one match that waits sees all that changed before it.
func (j matching) Key() string { return string(j.What) + "/" + j.ID }

// Bounds of one match: how many counterparts are looked at, newest first, and to how many both sides are told, the cheapest at
// the door first.
const (
	maxCounterparts = 500
	maxTold         = 20
)

func (s *site) match(ctx context.Context, job matching) error {
	d, err := s.document(ctx, job.What, job.ID)
	if errors.Is(err, errHidden) {
		return nil
	}
	if err != nil {
		return err
	}
	now := time.Now()
	if d.ExpiresAt != 0 && d.ExpiresAt <= now.UnixMilli() {
		return nil
	}
	told, err := s.pairs(ctx, d, now)
	if err != nil {
		return err
	}
	if err = s.notices.Tell(ctx, told); err != nil {
		return err
	}
	return s.alert(ctx, d)
}

// pair is an offer and a need that fit, and what the goods cost at the need's door.
type pair struct {
	offer, demand search.Document
	door          search.Delivered
	known         bool // where both lie
}

// pairs finds the counterparts of a listing and writes a notice for each side of the best of them.
func (s *site) pairs(ctx context.Context, d search.Document, now time.Time) ([]notices.Notice, error) {
	others, err := s.counterparts(ctx, d)
	if err != nil {
		return nil, err
	}
	tariff := s.tariff(now)
	var fit []pair
	for _, o := range others {
		p := pair{offer: d, demand: o}
		if d.Kind == search.Demand {
			p = pair{offer: o, demand: d}
		}
		if search.Fits(p.offer, p.demand, now) && p.offer.Extra["party"] != p.demand.Extra["party"] {
			p.door, p.known = tariff.ToDoor(p.offer, p.demand)
			fit = append(fit, p)
		}
	}
	slices.SortStableFunc(fit, cheapest)
	var out []notices.Notice
	for _, p := range fit[:min(len(fit), maxTold)] {
		out = append(out, p.notices()...)
	}
	return out, nil
}

// cheapest puts what is known first, the lowest price at the door before the others.
func cheapest(a, b pair) int {
	switch {
	case a.known != b.known && a.known:
		return -1
	case a.known != b.known:
		return 1
	}
	return int(a.door.TotalE4 - b.door.TotalE4)
}

func (p pair) notices() []notices.Notice {
	offer, demand := at(p.offer), at(p.demand)
	toNeed := notices.Notice{Recipient: notices.Party(p.demand.Extra["party"]), Kind: notices.OfferFits, About: demand, Found: offer, Body: noticeBody(p.demand.Title, p.offer)}
	toSeller := notices.Notice{Recipient: notices.Party(p.offer.Extra["party"]), Kind: notices.DemandFits, About: offer, Found: demand, Body: noticeBody(p.offer.Title, p.demand)}
	toNeed.Body.DoorE4, toNeed.Body.Metres = p.door.TotalE4, p.door.Metres
	toSeller.Body.Metres = p.door.Metres
	return []notices.Notice{toNeed, toSeller}
}

func at(d search.Document) string { return string(d.Kind) + "/" + d.ID }

func noticeBody(about string, d search.Document) notices.Body {
	b := notices.Body{About: about, Title: d.Title, Party: d.Party, Adcode: d.Adcode, Grams: d.Grams, PriceE4: d.PriceE4}
	if len(d.PlaceNames) > 0 {
		b.Place = d.PlaceNames[0]
	}
	return b
}

// counterparts reads what a listing may be matched with: of an offer the open needs for its produce, of a need the live offers.
func (s *site) counterparts(ctx context.Context, d search.Document) ([]search.Document, error) {
	kind, query := market.DemandKind, `SELECT 'demand', id FROM demands WHERE produce = $1 AND act IN ('posted', 'verified') ORDER BY id DESC LIMIT $2`
	switch d.Kind {
	case search.Demand:
		kind, query = market.OfferKind, `SELECT 'offer', o.id FROM offers o JOIN lots l ON l.id = o.lot_id WHERE l.produce = $1 AND o.act = 'live' ORDER BY o.id DESC LIMIT $2`
	case search.Offer:
	default:
		return nil, nil
	}
	rows, err := thingsOf(ctx, s.db.Read(), query, d.Extra["produce"], maxCounterparts)
	if err != nil {
		return nil, err
	}
	var out []search.Document
	for _, t := range rows {
		o, err := s.document(ctx, kind, t.id)
		if errors.Is(err, errHidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// alert tells the owners of the saved searches that find a listing.
func (s *site) alert(ctx context.Context, d search.Document) error {
	return s.notices.Alerts(ctx, func(saved []notices.Saved) error {
		var told []notices.Notice
		for _, w := range saved {
			finds, err := s.finds(ctx, w, d)
			if err != nil {
				s.log.Warn("saved search can't be read", "id", w.ID, "error", err)
			}
			if finds {
				told = append(told, notices.Notice{Recipient: notices.User(w.User), Kind: notices.SearchFinds, About: "search/" + w.ID, Found: at(d), Body: noticeBody(w.Name, d)})
			}
		}
		return s.notices.Tell(ctx, told)
	})
}

func (s *site) finds(ctx context.Context, w notices.Saved, d search.Document) (bool, error) {
	var fields web.SearchFields
	if err := json.Unmarshal(w.Query, &fields); err != nil {
		return false, err
	}
	q, err := s.services().SearchFor(ctx, fields)
	if err != nil {
		return false, err
	}
	return s.matcher().Match(q, d)
}
