package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jishi/search"
	"jishi/server/dispatch"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/places"
	"jishi/server/rules"
)

// vocabulary tells search what produce and places are called.
func vocabulary(book *rules.Book, atlas *places.Atlas) search.Vocabulary {
	v := search.Vocabulary{Produce: search.ProduceNames()}
	known := map[string]bool{}
	for _, p := range v.Produce {
		known[p.Name] = true
		for _, a := range append(p.Aliases, p.Varieties...) {
			known[a] = true
		}
	}
	for _, p := range book.AllProduce() {
		if !known[p.Name] {
			v.Produce = append(v.Produce, search.Produce{Name: p.Name, Aliases: p.Aliases, English: []string{p.NameEn}})
		}
	}
	levels := map[string]int{places.Province: 1, places.City: 2, places.County: 3}
	for _, d := range atlas.All() {
		p := search.Place{Code: d.Code, Level: levels[d.Level], Name: d.Name, Pinyin: d.Pinyin, Lon: d.Point.Lon, Lat: d.Point.Lat}
		if d.OldCode != "" {
			p.OldCodes = []string{d.OldCode}
		}
		v.Places = append(v.Places, p)
	}
	return v
}

// chilled is the warmest a short trip may be, in tenths of a degree, for goods that need the cold chain: 5 °C.
const chilled = 50

// errHidden says that a thing is not to be found: a draft, sold out, withdrawn.
var errHidden = errors.New("not to be found")

func (s *site) document(ctx context.Context, kind market.Kind, id string) (search.Document, error) {
	switch kind {
	case market.OfferKind:
		return s.offerDocument(ctx, id)
	case market.DemandKind:
		return s.demandDocument(ctx, id)
	case market.CampaignKind:
		return s.campaignDocument(ctx, id)
	case capacityKind:
		return s.capacityDocument(ctx, id)
	}
	return search.Document{}, fmt.Errorf("no documents of kind %q", kind)
}

func hidden(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errHidden
	}
	return err
}

func (s *site) offerDocument(ctx context.Context, id string) (search.Document, error) {
	q := s.db.Read()
	o, err := market.OfferByID(ctx, q, id)
	if err != nil {
		return search.Document{}, hidden(err)
	}
	l, err := market.ListingOf(ctx, q, o)
	if err != nil {
		return search.Document{}, err
	}
	// The clock decides about expiry, and search knows it by itself: here only what people and the ledger did counts.
	if o.State(l.Available, time.UnixMilli(0)) != market.OfferLive {
		return search.Document{}, errHidden
	}
	p, _ := s.book.Produce(l.Lot.Produce)
	listed, _, _ := s.book.Listed(rules.DayOf(o.UpdatedAt), p.ID)
	d := search.Document{
		Kind: search.Offer, ID: id, Title: join(p.Name, l.Lot.Grade), Produce: p.Name, Grade: l.Lot.Grade, Adcode: l.Lot.Place.Adcode,
		PlaceNames: []string{l.Lot.Place.Name}, Lon: l.Lot.Place.Point.Lon, Lat: l.Lot.Place.Point.Lat, PriceE4: int64(o.Price), Grams: int64(l.Available),
		ExpiresAt: int64(o.ExpiresAt), UpdatedAt: int64(o.UpdatedAt), Certified: l.Lot.Certificate != "", Relief: o.Poverty,
		Cold: p.Class != "" && p.TempMaxShort <= chilled, TollFree: listed, Packing: l.Lot.Packing, Party: l.Seller.Name, Also: []string{p.NameEn},
		Extra: map[string]string{"lot": o.Lot, "party": o.Seller, "produce": l.Lot.Produce, "benefit_e4": fmt.Sprint(int64(o.Benefit))},
	}
	if at, err := time.Parse(time.DateOnly, l.Lot.HarvestedOn); err == nil {
		d.HarvestedAt = at.UnixMilli()
	}
	return d, nil
}

func (s *site) demandDocument(ctx context.Context, id string) (search.Document, error) {
	v, err := s.market.Demand(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return search.Document{}, errHidden
	}
	if err != nil {
		return search.Document{}, err
	}
	switch v.Act {
	case market.DemandPosted, market.DemandVerified:
	default:
		return search.Document{}, errHidden
	}
	p, _ := s.book.Produce(v.Produce)
	return search.Document{
		Kind: search.Demand, ID: id, Title: join("求购", p.Name), Produce: p.Name, Adcode: v.Place.Adcode, PlaceNames: []string{v.Place.Name, v.Receiver.Name},
		Lon: v.Place.Point.Lon, Lat: v.Place.Point.Lat, PriceE4: search.NoPrice, Grams: int64(v.Grams), ExpiresAt: int64(v.By), UpdatedAt: int64(v.UpdatedAt),
		Relief: v.Relief, Cold: v.Storage == "cold", Party: v.Receiver.Name, Text: v.Why, Also: []string{p.NameEn, v.Receiver.NameEn},
		Extra: map[string]string{"party": v.Party, "produce": v.Produce},
	}, nil
}

func (s *site) campaignDocument(ctx context.Context, id string) (search.Document, error) {
	q := s.db.Read()
	c, err := market.CampaignByID(ctx, q, id)
	if err != nil {
		return search.Document{}, hidden(err)
	}
	if c.Act != market.CampaignOpen {
		return search.Document{}, errHidden
	}
	donors, err := market.PartiesByID(ctx, q, c.Donor)
	if err != nil {
		return search.Document{}, err
	}
	return search.Document{
		Kind: search.Campaign, ID: id, Title: c.Title, PriceE4: search.NoPrice, Grams: int64(c.GoalGrams), UpdatedAt: int64(c.UpdatedAt), Relief: true,
		Party: donors[c.Donor].Name, Text: c.NamedUse, Extra: map[string]string{"party": c.Donor},
	}, nil
}

// capacityDocument shows a truck by its type, place and return wish; its plate and driver are nobody's business yet.
func (s *site) capacityDocument(ctx context.Context, id string) (search.Document, error) {
	c, err := s.dispatch.CapacityListing(ctx, id)
	if err != nil {
		return search.Document{}, hidden(err)
	}
	// The clock decides about the end of the offer, and search knows it by itself.
	switch c.State {
	case dispatch.CapacityLive, dispatch.CapacityPart, dispatch.CapacityExpired:
	default:
		return search.Document{}, errHidden
	}
	carriers, err := market.PartiesByID(ctx, s.db.Read(), c.Carrier)
	if err != nil {
		return search.Document{}, err
	}
	d := search.Document{
		Kind: search.Capacity, ID: id, Title: join(c.Type.Name, "车源"), Adcode: c.Place.Adcode, PlaceNames: []string{c.Place.Name},
		Lon: c.Place.Point.Lon, Lat: c.Place.Point.Lat, PriceE4: search.NoPrice, Grams: int64(c.Left.Grams), ExpiresAt: int64(c.Until),
		UpdatedAt: int64(c.CreatedAt), Cold: c.Cold, Party: carriers[c.Carrier].Name, Also: []string{c.Type.NameEn},
		Extra: map[string]string{"party": c.Carrier, "type": c.Type.ID},
	}
	if to, ok := s.atlas.Division(c.ReturnTo); ok {
		d.Title, d.PlaceNames = join(d.Title, "返程 "+to.Name), append(d.PlaceNames, to.Name)
	}
	return d, nil
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
