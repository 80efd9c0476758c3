package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jishi/search"
	"jishi/server/market"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
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

// indexing brings one document of the index up to date with the database.
type indexing struct {
	What market.Kind `json:"what"`
	ID   string      `json:"id"`
}

// Kind names the job.
func (indexing) Kind() string { return "index" }

// changed asks, in the transaction of the change, for the index to follow.
func (s *site) changed(ctx context.Context, tx store.Tx, kind market.Kind, id string) error {
	return s.runner.Insert(ctx, tx, indexing{kind, id})
}

// reindexOne reads a thing as it is now and puts it into the index or takes it out. The version is the time before the
// reading: whoever read later knows at least as much and wins.
func (s *site) reindexOne(ctx context.Context, job indexing) error {
	version := time.Now().UnixMicro()
	doc, err := s.document(ctx, job.What, job.ID)
	if errors.Is(err, errHidden) {
		return s.index.Delete(ctx, []search.Key{{Kind: search.Kind(job.What), ID: job.ID, Version: version}})
	}
	if err != nil {
		return err
	}
	doc.Version = version
	return s.index.Put(ctx, []search.Document{doc})
}

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
		TollFree: listed, Packing: l.Lot.Packing, Party: l.Seller.Name, Text: join(p.NameEn, l.Lot.Place.Name),
		Extra: map[string]string{"lot": o.Lot, "seller": o.Seller, "benefit_e4": fmt.Sprint(int64(o.Benefit))},
	}
	if at, err := time.Parse(time.DateOnly, l.Lot.HarvestedOn); err == nil {
		d.HarvestedAt = at.UnixMilli()
	}
	return d, nil
}

func (s *site) demandDocument(ctx context.Context, id string) (search.Document, error) {
	v, err := s.market.Demand(ctx, id)
	if err != nil {
		return search.Document{}, errHidden
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
		Relief: v.Relief, Party: v.Receiver.Name, Text: join(v.Why, v.Receiver.NameEn),
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
		Party: donors[c.Donor].Name, Text: c.NamedUse,
	}, nil
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
