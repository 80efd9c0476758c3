package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/search"
	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
)

// SearchFields are a search as a page asks for it. Saved searches keep them.
type SearchFields struct {
	Q         string `query:"q" json:"q,omitempty" required:"false" doc:"words, as people type them"`
	Kinds     string `query:"kinds" json:"kinds,omitempty" required:"false" doc:"offer, demand, capacity, campaign; several with commas"`
	To        string `query:"to" json:"to,omitempty" required:"false" doc:"county the goods shall go to"`
	Radius    int64  `query:"radius" json:"radius,omitempty" required:"false" doc:"kilometres around to; needs to"`
	Weight    string `query:"weight" json:"weight,omitempty" required:"false" doc:"wanted amount with its unit, for the delivered price"`
	Produce   string `query:"produce" json:"produce,omitempty" required:"false"`
	Grade     string `query:"grade" json:"grade,omitempty" required:"false"`
	Area      string `query:"area" json:"area,omitempty" required:"false" doc:"adcodes of provinces, cities or counties"`
	Packing   string `query:"packing" json:"packing,omitempty" required:"false"`
	Price     string `query:"price" json:"price,omitempty" required:"false" doc:"values of the price facet"`
	Age       string `query:"age" json:"age,omitempty" required:"false" doc:"values of the harvest facet"`
	Certified bool   `query:"certified" json:"certified,omitempty" required:"false"`
	Relief    bool   `query:"relief" json:"relief,omitempty" required:"false"`
	Cold      bool   `query:"cold" json:"cold,omitempty" required:"false"`
}

// SearchQuery asks for one page. What breaks a rule is answered with 400 by the search itself, so that the page, the command line
// and a saved search say the same.
type SearchQuery struct {
	SearchFields
	Sort  string `query:"sort" doc:"delivered, price, distance, newest, expiry or grams; empty: the best first"`
	Limit int    `query:"limit" default:"20" doc:"1 to 100"`
	After string `query:"after" doc:"next of the page before"`
}

// DeliveredView is the price at the door and what it assumes, per kilogram.
type DeliveredView struct {
	PriceE4   int64  `json:"price_e4"`
	FreightE4 int64  `json:"freight_e4"`
	TollE4    int64  `json:"toll_e4"`
	TotalE4   int64  `json:"total_e4"`
	Metres    int64  `json:"metres"`
	Grams     int64  `json:"grams"`
	Vehicle   string `json:"vehicle" doc:"class of the truck that the haulage is reckoned for; empty: a part of a load"`
	Called    string `json:"vehicle_name"`
	Vehicles  int64  `json:"vehicles"`
	TollFree  bool   `json:"toll_free"`
}

// HitView is one thing found.
type HitView struct {
	Kind        search.Kind    `json:"kind"`
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Name        string         `json:"name,omitempty" doc:"what it is, in the reader's language: the produce, or the class of the truck"`
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
	Name   string           `json:"name"`
	Values []FacetValueView `json:"values"`
}

// FacetValueView is one value and how many hits have it.
type FacetValueView struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty" doc:"the value in the reader's words, where it is a code or has another name there"`
	Count int    `json:"count"`
}

// FoundView is a page of hits.
type FoundView struct {
	Hits       []HitView     `json:"hits"`
	Total      int           `json:"total" doc:"hits on all pages; while search is away, those of this page"`
	Next       string        `json:"next,omitempty"`
	Parsed     []search.Chip `json:"parsed" doc:"filters that were read out of the words, to be taken off"`
	Words      string        `json:"words,omitempty" doc:"what was looked up as words"`
	Facets     []FacetView   `json:"facets"`
	To         *PlaceView    `json:"to,omitempty" doc:"where the delivered prices lead to"`
	Grams      int64         `json:"grams,omitempty" doc:"the amount that the delivered prices are for"`
	DidYouMean string        `json:"did_you_mean,omitempty"`
	Relaxed    bool          `json:"relaxed,omitempty" doc:"nothing holds all the words; these hold some"`
	Incomplete bool          `json:"incomplete,omitempty" doc:"search is away; this is the list from the database, newest first, without counts"`
	Notice     string        `json:"notice,omitempty" doc:"says so in the reader's language"`
}

type suggestQuery struct {
	Q string `query:"q"`
	N int    `query:"n" default:"8" doc:"1 to 20"`
}

func registerSearch(api huma.API, s Services) {
	openGet(api, "/search", "Finds offers, needs, trucks and campaigns, with the price at the door", func(ctx context.Context, _ auth.Actor, in *SearchQuery) (FoundView, error) {
		return s.Find(ctx, *in)
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

// searchPatience is how long a page waits for the search engine before it lists from the database.
const searchPatience = 3 * time.Second

// browsed begins the page marks of the list from the database.
const browsed = "db:"

// Find answers a search. While the engine is away it lists what the database holds, newest first, and says so.
func (s Services) Find(ctx context.Context, in SearchQuery) (FoundView, error) {
	q, err := s.SearchFor(ctx, in.SearchFields)
	if err != nil {
		return FoundView{}, err
	}
	q.Sort, q.Limit, q.After = search.Sort(in.Sort), in.Limit, in.After
	if after, ok := strings.CutPrefix(in.After, browsed); ok {
		q.After = after
		return s.browse(ctx, q)
	}
	patient, cancel := context.WithTimeout(ctx, searchPatience)
	defer cancel()
	result, err := s.Index.Search(patient, q)
	late := errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil
	if q.After == "" && (late || errors.Is(err, search.ErrUnavailable)) {
		return s.browse(ctx, q)
	}
	if err != nil {
		return FoundView{}, searchFault(err)
	}
	return s.foundView(ctx, result), nil
}

// browse lists from the database.
func (s Services) browse(ctx context.Context, q search.Query) (FoundView, error) {
	result, err := s.Browse(ctx, q)
	if err != nil {
		return FoundView{}, searchFault(err)
	}
	v := s.foundView(ctx, result)
	if v.Next != "" {
		v.Next = browsed + v.Next
	}
	v.Incomplete = true
	v.Notice = sentence(languageOf(ctx), fault.New(fault.Unavailable, "search_away",
		"Search is away just now. This list comes from the database, newest first, and may be incomplete."))
	return v, nil
}

// SearchFor turns what a page asks for into a query.
func (s Services) SearchFor(ctx context.Context, in SearchFields) (search.Query, error) {
	now := auth.SystemClock(ctx)
	q := search.Query{Text: in.Q, Now: now, Tariff: s.Tariff(now), Filters: search.Filters{
		Produce: list(in.Produce), Grades: list(in.Grade), Areas: list(in.Area), Packings: list(in.Packing), PriceBands: list(in.Price),
		HarvestAges: list(in.Age), Certified: in.Certified, Relief: in.Relief, Cold: in.Cold}}
	for _, k := range list(in.Kinds) {
		q.Filters.Kinds = append(q.Filters.Kinds, search.Kind(k))
	}
	if in.To != "" {
		d, ok := s.Places.Division(in.To)
		if !ok {
			return q, fault.At("to", "unknown_adcode", "There is no county with the code %q.", clip(in.To))
		}
		q.To = &search.Destination{Adcode: d.Code, Lon: d.Point.Lon, Lat: d.Point.Lat}
	}
	if err := around(&q, in.Radius); err != nil {
		return q, err
	}
	if in.Weight != "" {
		var m Mass
		if _ = m.UnmarshalJSON(quoted(in.Weight)); m.err != nil {
			return q, fault.OfField(m.err, "weight")
		}
		q.Grams = int64(m.Grams)
	}
	return q, nil
}

// maxRadius is a quarter of the way round the earth, in kilometres.
const maxRadius = 10_000

func around(q *search.Query, km int64) error {
	switch {
	case km == 0:
		return nil
	case km < 0 || km > maxRadius:
		return fault.At("radius", "out_of_bounds", "A number %s %s is expected.", "<=", "10000")
	case q.To == nil:
		return fault.At("radius", "radius_without_place", "A distance needs a place to count from.")
	}
	q.Filters.Near = &search.Circle{Lon: q.To.Lon, Lat: q.To.Lat, Metres: km * 1000}
	return nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// searchFault says what part of a query breaks a rule.
func searchFault(err error) error {
	var bad *search.InvalidError
	if errors.As(err, &bad) {
		return statused{fault.At(bad.Field, "bad_query", "%s", bad.Message), http.StatusBadRequest}
	}
	return err
}

func (s Services) foundView(ctx context.Context, r search.Result) FoundView {
	v := FoundView{Hits: mapped(r.Hits, func(h search.Hit) HitView { return s.hitView(h, languageOf(ctx)) }), Total: r.Total, Next: r.Next, Parsed: r.Parsed, Words: r.Words, DidYouMean: r.DidYouMean, Relaxed: r.Relaxed,
		Facets: mapped(r.Facets, func(f search.Facet) FacetView { return s.facetView(f, languageOf(ctx)) })}
	if v.Parsed == nil {
		v.Parsed = []search.Chip{}
	}
	if languageOf(ctx) == "en" {
		v.Parsed = mapped(v.Parsed, inEnglish)
	}
	if r.To != nil {
		v.Grams = r.Grams
		v.To = &PlaceView{Adcode: r.To.Adcode, Point: measure.Point{Lon: r.To.Lon, Lat: r.To.Lat}}
		if d, ok := s.Places.Division(r.To.Adcode); ok {
			v.To.Name = d.Name
		}
	}
	return v
}

// englishLabels word what stands around the numbers, days and names of a chip's label.
var englishLabels = map[string]*strings.Replacer{
	"grams":   strings.NewReplacer(" 吨", " t", " 公斤", " kg"),
	"price":   strings.NewReplacer(" 元/kg", " yuan/kg"),
	"to":      strings.NewReplacer("送到 ", "to "),
	"harvest": strings.NewReplacer(" 后采收", " or later harvested"),
	"date":    strings.NewReplacer(" 仍可供", " still to be had"),
}

func inEnglish(c search.Chip) search.Chip {
	if r := englishLabels[c.Field]; r != nil {
		c.Label = r.Replace(c.Label)
	}
	return c
}

func (s Services) facetView(f search.Facet, lang string) FacetView {
	return FacetView{f.Name, mapped(f.Values, func(v search.FacetValue) FacetValueView {
		return FacetValueView{v.Value, s.facetLabel(f.Name, v.Value, lang), v.Count}
	})}
}

// facetLabel names what is a code, and produce in English; "" leaves the value as it is.
func (s Services) facetLabel(facet, value, lang string) string {
	switch {
	case facet == search.FacetCounty:
		d, _ := s.Places.Division(value)
		return d.Name
	case facet == search.FacetProduce && lang == "en":
		for _, p := range s.Rules.AllProduce() {
			if p.Name == value {
				return p.NameEn
			}
		}
	}
	return ""
}

// hitName says what a hit is in the reader's language.
func (s Services) hitName(h search.Hit, lang string) string {
	if h.Kind == search.Capacity {
		return s.truckName(h.Extra["type"], lang)
	}
	if p, ok := s.Rules.Produce(h.Extra["produce"]); ok {
		return p.Called(lang)
	}
	return h.Produce
}

func (s Services) hitView(h search.Hit, lang string) HitView {
	v := HitView{Kind: h.Kind, ID: h.ID, Title: h.Title, Name: s.hitName(h, lang), Highlight: h.Highlight.Title, Text: h.Highlight.Text, Produce: h.Produce, Grade: h.Grade,
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
		v.Delivered = &DeliveredView{d.PriceE4, d.FreightE4, d.TollE4, d.TotalE4, d.Metres, d.Grams, d.Vehicle, s.truckName(d.Vehicle, lang), d.Vehicles, d.TollFree}
	}
	return v
}
