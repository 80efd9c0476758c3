package web

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/search"
	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
)

type searchQuery struct {
	Q         string `query:"q" doc:"words, as people type them"`
	Kinds     string `query:"kinds" maxLength:"60" doc:"offer, demand, capacity, campaign; several with commas"`
	To        string `query:"to" maxLength:"6" doc:"county the goods shall go to"`
	Weight    string `query:"weight" maxLength:"40" doc:"wanted amount with its unit, for the delivered price"`
	Sort      string `query:"sort" enum:",delivered,price,distance,newest,expiry,grams"`
	Limit     int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	After     string `query:"after" maxLength:"2000"`
	Produce   string `query:"produce" maxLength:"400"`
	Grade     string `query:"grade" maxLength:"400"`
	Area      string `query:"area" maxLength:"400" doc:"adcodes of provinces, cities or counties"`
	Packing   string `query:"packing" maxLength:"400"`
	Price     string `query:"price" maxLength:"200"`
	Age       string `query:"age" maxLength:"200"`
	Certified bool   `query:"certified"`
	Relief    bool   `query:"relief"`
	Cold      bool   `query:"cold"`
}

// DeliveredView is the price at the door and what it assumes, per kilogram.
type DeliveredView struct {
	PriceE4   int64  `json:"price_e4"`
	FreightE4 int64  `json:"freight_e4"`
	TollE4    int64  `json:"toll_e4"`
	TotalE4   int64  `json:"total_e4"`
	Metres    int64  `json:"metres"`
	Grams     int64  `json:"grams"`
	Vehicle   string `json:"vehicle"`
	Vehicles  int64  `json:"vehicles"`
	TollFree  bool   `json:"toll_free"`
}

// HitView is one thing found.
type HitView struct {
	Kind        search.Kind    `json:"kind"`
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Highlight   []search.Piece `json:"highlight,omitempty"`
	Text        []search.Piece `json:"text,omitempty"`
	Produce     string         `json:"produce,omitempty"`
	Grade       string         `json:"grade,omitempty"`
	Seller      string         `json:"seller,omitempty"`
	Place       PlaceView      `json:"place"`
	Grams       int64          `json:"grams,omitempty"`
	PriceE4     *int64         `json:"price_e4,omitempty" doc:"absent when none was named; 0 is a gift"`
	Certified   bool           `json:"certified,omitempty"`
	Relief      bool           `json:"relief,omitempty"`
	HarvestedOn string         `json:"harvested_on,omitempty"`
	Metres      int64          `json:"metres,omitempty"`
	Delivered   *DeliveredView `json:"delivered,omitempty"`
}

// FacetView counts hits by value.
type FacetView struct {
	Name   string              `json:"name"`
	Values []search.FacetValue `json:"values"`
}

// FoundView is a page of hits.
type FoundView struct {
	Hits       []HitView     `json:"hits"`
	Total      int           `json:"total"`
	Next       string        `json:"next,omitempty"`
	Parsed     []search.Chip `json:"parsed"`
	Facets     []FacetView   `json:"facets"`
	DidYouMean string        `json:"did_you_mean,omitempty"`
	Relaxed    bool          `json:"relaxed,omitempty" doc:"nothing holds all the words; these hold some"`
	Notice     string        `json:"notice,omitempty" doc:"search is away; this is the plain list"`
}

type suggestQuery struct {
	Q string `query:"q" maxLength:"100"`
	N int    `query:"n" default:"8" minimum:"1" maximum:"20"`
}

func registerSearch(api huma.API, s Services) {
	openGet(api, "/search", "Finds offers, needs, trucks and campaigns, with the price at the door", func(ctx context.Context, by auth.Actor, in *searchQuery) (FoundView, error) {
		q, err := s.query(ctx, in)
		if err != nil {
			return FoundView{}, err
		}
		result, err := s.Index.Search(ctx, q)
		if errors.Is(err, search.ErrUnavailable) {
			return s.browse(ctx, by, in)
		}
		if err != nil {
			return FoundView{}, searchFault(err)
		}
		return s.foundView(result), nil
	})
	openGet(api, "/suggest", "Completes what is being typed", func(ctx context.Context, _ auth.Actor, in *suggestQuery) ([]search.Suggestion, error) {
		list, err := s.Index.Suggest(ctx, in.Q, in.N)
		if errors.Is(err, search.ErrUnavailable) {
			return []search.Suggestion{}, nil
		}
		if list == nil {
			list = []search.Suggestion{}
		}
		return list, searchFault(err)
	})
}

func (s Services) query(ctx context.Context, in *searchQuery) (search.Query, error) {
	now := auth.SystemClock(ctx)
	q := search.Query{Text: in.Q, Sort: search.Sort(in.Sort), Limit: in.Limit, After: in.After, Now: now, Filters: search.Filters{
		Produce: list(in.Produce), Grades: list(in.Grade), Areas: list(in.Area), Packings: list(in.Packing), PriceBands: list(in.Price),
		HarvestAges: list(in.Age), Certified: in.Certified, Relief: in.Relief, Cold: in.Cold}}
	for _, k := range list(in.Kinds) {
		q.Filters.Kinds = append(q.Filters.Kinds, search.Kind(k))
	}
	if in.To != "" {
		d, ok := s.Places.Division(in.To)
		if !ok {
			return q, fault.At("to", "unknown_adcode", "There is no county with the code %q.", in.To)
		}
		q.To = &search.Destination{Adcode: d.Code, Lon: d.Point.Lon, Lat: d.Point.Lat}
	}
	if in.Weight != "" {
		var m Mass
		if _ = m.UnmarshalJSON(quoted(in.Weight)); m.err != nil {
			return q, inField("weight", m.err)
		}
		q.Grams = int64(m.Grams)
	}
	q.Tariff = s.Tariff(now)
	return q, nil
}

func inField(field string, err error) error {
	if f := fault.Of(err); f != nil && f.Field == "" {
		return f.In(field)
	}
	return err
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// searchFault says what part of a query breaks a rule.
func searchFault(err error) error {
	var bad *search.InvalidError
	if errors.As(err, &bad) {
		return fault.At(bad.Field, "bad_query", "%s", bad.Message)
	}
	return err
}

func (s Services) foundView(r search.Result) FoundView {
	v := FoundView{Hits: mapped(r.Hits, s.hitView), Total: r.Total, Next: r.Next, Parsed: r.Parsed, DidYouMean: r.DidYouMean, Relaxed: r.Relaxed,
		Facets: mapped(r.Facets, func(f search.Facet) FacetView { return FacetView{f.Name, f.Values} })}
	if v.Parsed == nil {
		v.Parsed = []search.Chip{}
	}
	return v
}

func (s Services) hitView(h search.Hit) HitView {
	v := HitView{Kind: h.Kind, ID: h.ID, Title: h.Title, Highlight: h.Highlight.Title, Text: h.Highlight.Text, Produce: h.Produce, Grade: h.Grade,
		Seller: h.Party, Grams: h.Grams, Certified: h.Certified, Relief: h.Relief, Metres: h.Metres}
	v.Place.Adcode, v.Place.Point.Lon, v.Place.Point.Lat = h.Adcode, h.Lon, h.Lat
	if len(h.PlaceNames) > 0 {
		v.Place.Name = h.PlaceNames[0]
	}
	if h.PriceE4 != search.NoPrice {
		v.PriceE4 = ptr(h.PriceE4)
	}
	if h.HarvestedAt > 0 {
		v.HarvestedOn = time.UnixMilli(h.HarvestedAt).In(china).Format(time.DateOnly)
	}
	if d := h.Delivered; d != nil {
		v.Delivered = &DeliveredView{d.PriceE4, d.FreightE4, d.TollE4, d.TotalE4, d.Metres, d.Grams, d.Vehicle, d.Vehicles, d.TollFree}
	}
	return v
}

// browse lists offers from the database while the search engine is away, and says so.
func (s Services) browse(ctx context.Context, by auth.Actor, in *searchQuery) (FoundView, error) {
	listings, err := s.Market.Listings(ctx, by, "", "")
	if err != nil {
		return FoundView{}, err
	}
	v := FoundView{Hits: []HitView{}, Parsed: []search.Chip{}, Facets: []FacetView{}}
	wanted := map[string]bool{}
	for _, p := range list(in.Produce) {
		wanted[p] = true
	}
	for _, l := range listings {
		if l.Offer.State(l.Available, auth.SystemClock(ctx)) != market.OfferLive {
			continue
		}
		name := s.produceName(ctx, l.Lot.Produce)
		if len(wanted) > 0 && !wanted[name] {
			continue
		}
		v.Hits = append(v.Hits, HitView{Kind: search.Offer, ID: l.Offer.ID, Title: name + " " + l.Lot.Grade, Produce: name, Grade: l.Lot.Grade,
			Seller: l.Seller.Name, Place: placeView(l.Lot.Place), Grams: int64(l.Available), PriceE4: ptr(int64(l.Offer.Price)),
			Certified: l.Lot.Certificate != "", HarvestedOn: l.Lot.HarvestedOn})
	}
	v.Total = len(v.Hits)
	v.Notice = sentence(requestOf(ctx).lang, fault.New(fault.Unavailable, "search_away", "Search is away just now; this is the list of all offers."))
	return v, nil
}
