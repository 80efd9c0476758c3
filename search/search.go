package search

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Index finds documents. Embedded and Elastic implement it; searchtest holds the contract both pass.
// All methods may be called from several goroutines.
type Index interface {
	// Put adds or replaces documents. A document whose version is not greater than the one known (deletions
	// included) is passed over without an error: a late job can't undo a newer one.
	// A document that breaks a rule gives an *InvalidError and nothing of the call is stored.
	Put(ctx context.Context, docs []Document) error
	// Delete removes documents. A key whose version is not greater than the one known is passed over; an unknown key is
	// remembered, so that an older Put can't bring it back.
	Delete(ctx context.Context, keys []Key) error
	// Search answers a query; a query that breaks a rule gives an *InvalidError, an engine that can't be reached an
	// error that wraps ErrUnavailable.
	Search(ctx context.Context, q Query) (Result, error)
	// Suggest completes the last word of a text being typed, at most n ways, most listings first. Only what has a
	// listing is suggested.
	Suggest(ctx context.Context, prefix string, n int) ([]Suggestion, error)
	// Refresh makes everything put or deleted so far visible to Search. Without it that happens by itself within a
	// second.
	Refresh(ctx context.Context) error
	// Rebuild starts a fresh index beside the live one, or resumes the one that was started and not finished.
	// While it is under way Put and Delete reach both.
	Rebuild(ctx context.Context) (Rebuild, error)
	// Count gives the number of documents that are live, expired ones included.
	Count(ctx context.Context) (int, error)
	// Close lets go of files and connections. Documents stay.
	Close() error
}

// Rebuild is a fresh index being filled. Abandon it or Swap it; a process that dies leaves it to be resumed.
type Rebuild interface {
	// Resumed gives the last Checkpoint of an earlier process, "" for a new start.
	Resumed() string
	// Put adds documents to the fresh index only.
	Put(ctx context.Context, docs []Document) error
	// Checkpoint remembers how far the caller has read, in words only the caller understands.
	Checkpoint(ctx context.Context, at string) error
	// Swap makes the fresh index the live one in one step and drops the old one.
	Swap(ctx context.Context) error
	// Abandon drops the fresh index.
	Abandon(ctx context.Context) error
}

// Kind says which board a document belongs to.
type Kind string

// The four boards.
const (
	Offer    Kind = "offer"    // goods on sale or for a gift
	Demand   Kind = "demand"   // goods wanted (采购大厅)
	Capacity Kind = "capacity" // a truck with room (车源)
	Campaign Kind = "campaign" // a gift plan that takes pledges
)

// NoPrice as PriceE4 says that no price was named. Zero is a gift.
const NoPrice int64 = -1

// MaxPriceE4 is the highest price per kilogram a document or a filter may name: 1,000 yuan.
const MaxPriceE4 int64 = 10_000_000

// Key names a document at a version.
type Key struct {
	Kind    Kind
	ID      string
	Version int64 // grows with each change; microseconds or a counter, the caller's choice
}

// Document is one listing as search knows it. The zero value of every field but Kind, ID and Version is allowed; the zero
// PriceE4 is a gift.
type Document struct {
	Kind    Kind   `json:"kind"`
	ID      string `json:"id"` // unique within its kind, 1..128 bytes of printable ASCII
	Version int64  `json:"version"`

	Title      string   `json:"title"`
	Produce    string   `json:"produce,omitempty"` // any name the vocabulary knows, kept as the name given there; other words are kept as they are
	Grade      string   `json:"grade,omitempty"`
	Adcode     string   `json:"adcode,omitempty"` // six digits, current or old; a facet counts by the current one
	PlaceNames []string `json:"placeNames,omitempty"`
	Lon        float64  `json:"lon,omitempty"` // WGS-84 degrees; both zero: unknown
	Lat        float64  `json:"lat,omitempty"`

	PriceE4     int64 `json:"priceE4"`               // 1/10,000 yuan per kg, 0 a gift, NoPrice none named
	Grams       int64 `json:"grams,omitempty"`       // on offer, or asked, or room in the truck
	HarvestedAt int64 `json:"harvestedAt,omitempty"` // unix ms, 0 unknown
	ExpiresAt   int64 `json:"expiresAt,omitempty"`   // unix ms after which it is no longer found, 0 never
	UpdatedAt   int64 `json:"updatedAt,omitempty"`   // unix ms, for the newest-first order

	Certified bool   `json:"certified,omitempty"` // carries a certificate of conformity
	Relief    bool   `json:"relief,omitempty"`    // carries the relief or poverty-county mark
	Cold      bool   `json:"cold,omitempty"`      // needs or offers the cold chain
	TollFree  bool   `json:"tollFree,omitempty"`  // in the green-channel catalogue on the day it is listed for
	Packing   string `json:"packing,omitempty"`

	Party string            `json:"party,omitempty"` // who lists it, as shown
	Text  string            `json:"text,omitempty"`
	Also  []string          `json:"also,omitempty"`  // names it is found by and that are not shown, such as those in another language
	Extra map[string]string `json:"extra,omitempty"` // comes back with the hit, is not searched
}

// Key gives the document's key.
func (d Document) Key() Key { return Key{d.Kind, d.ID, d.Version} }

// Located reports whether the document's point is known.
func (d Document) Located() bool { return d.Lon != 0 || d.Lat != 0 }

// Destination is where the goods shall go.
type Destination struct {
	Adcode   string  // shown back, not looked up when the point is given
	Lon, Lat float64 // WGS-84 degrees; both zero: the vocabulary's point of Adcode
}

// Sort names an order. Ties are broken by kind and id.
type Sort string

// The orders.
const (
	ByRelevance Sort = ""          // text, freshness, life left, certificate, enough stock
	ByDelivered Sort = "delivered" // price at the buyer's door for Query.Grams, lowest first; needs To and Tariff
	ByPrice     Sort = "price"     // price where it lies, lowest first, none named last
	ByDistance  Sort = "distance"  // nearest to To first
	ByNewest    Sort = "newest"    // UpdatedAt, newest first
	ByExpiry    Sort = "expiry"    // soonest to expire first, never last
	ByGrams     Sort = "grams"     // largest first
)

// Filters narrow a search. A zero field does not narrow. Values within one list are alternatives.
type Filters struct {
	Kinds          []Kind   `json:"kinds,omitempty"`
	Produce        []string `json:"produce,omitempty"`
	Grades         []string `json:"grades,omitempty"`
	Areas          []string `json:"areas,omitempty"` // adcodes of provinces, prefectures or counties, old or current
	Packings       []string `json:"packings,omitempty"`
	PriceBands     []string `json:"priceBands,omitempty"`  // values of the price facet
	HarvestAges    []string `json:"harvestAges,omitempty"` // values of the harvest facet
	Certified      bool     `json:"certified,omitempty"`
	Relief         bool     `json:"relief,omitempty"`
	Cold           bool     `json:"cold,omitempty"`
	MinPriceE4     int64    `json:"minPriceE4,omitempty"`
	MaxPriceE4     int64    `json:"maxPriceE4,omitempty"` // 0: none; gifts always pass
	MinGrams       int64    `json:"minGrams,omitempty"`
	HarvestedSince int64    `json:"harvestedSince,omitempty"` // unix ms
	GoodUntil      int64    `json:"goodUntil,omitempty"`      // unix ms the goods must still be good at
	Near           *Circle  `json:"near,omitempty"`
	Expired        bool     `json:"expired,omitempty"` // find expired documents too
}

// Circle is a point and a radius.
type Circle struct {
	Lon    float64 `json:"lon"`
	Lat    float64 `json:"lat"`
	Metres int64   `json:"metres"`
}

// Query asks an Index. The zero value finds everything that has not expired, best first.
type Query struct {
	Text     string // what the user typed, at most MaxTextBytes
	Verbatim bool   // read no filters out of Text
	Filters  Filters
	To       *Destination // nil: the destination named in Text ("到武汉"), or none
	Grams    int64        // wanted quantity for the delivered price; 0: the one named in Text, or one tonne
	Tariff   Tariff       // what haulage costs; needed for the delivered price
	Sort     Sort
	Limit    int       // hits per page, 1..MaxLimit; 0: 20
	After    string    // Result.Next of the page before, with the same query
	Now      time.Time // the clock for expiry, freshness and words like 今天; zero: time.Now
	NoFacets bool      // leave the counts out
}

// Bounds of a query.
const (
	MaxTextBytes = 1024 // longer text is an *InvalidError
	MaxLimit     = 100
	MaxDepth     = 10_000 // hits that paging reaches
)

// Result is one page.
type Result struct {
	Hits       []Hit
	Total      int // hits on all pages
	Facets     []Facet
	Parsed     []Chip // filters that were read out of the text
	Words      string // what remained to be looked up as words
	To         *Destination
	Grams      int64 // quantity the delivered prices are for
	DidYouMean string
	Relaxed    bool   // nothing holds all the words; the hits hold some of them
	Next       string // cursor of the next page, "" on the last
}

// Hit is one document found.
type Hit struct {
	Document
	Score     float64    // relevance; comparable within one result only
	Metres    int64      // road metres assumed from the document to the destination, 0 unknown
	Delivered *Delivered // nil without a destination, tariff, price or point
	Highlight Highlight
}

// Highlight is a document's text in pieces, in its original writing. Joined pieces give the title; the text may be cut.
type Highlight struct {
	Title []Piece
	Text  []Piece
}

// Piece is a run of text that did or did not match.
type Piece struct {
	Text  string `json:"text"`
	Match bool   `json:"match,omitempty"`
}

// Facet names, in the order they are returned.
const (
	FacetKind      = "kind"
	FacetProduce   = "produce"
	FacetGrade     = "grade"
	FacetCounty    = "county" // current adcode of the county
	FacetCertified = "certified"
	FacetRelief    = "relief"
	FacetPrice     = "price"   // PriceBands
	FacetHarvest   = "harvest" // HarvestAges
	FacetPacking   = "packing"
	FacetCold      = "cold"
)

// Facet counts hits by value. The filter on a facet's own field is left out of its counts, so that the other values stay
// to be chosen.
type Facet struct {
	Name   string
	Values []FacetValue // at most 20, most hits first, then by value
}

// FacetValue is one value and how many hits have it.
type FacetValue struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Chip is a filter that was read out of the query text and can be taken off again.
type Chip struct {
	Field   string   `json:"field"`   // grams, price, area, date, harvest, kind, to
	Label   string   `json:"label"`   // as a user reads it: "≥ 5 吨", "陕西省"
	Words   string   `json:"words"`   // the words of the text it came from
	Without string   `json:"without"` // the text with those words taken out: search for it to take the filter off
	Values  []string `json:"values,omitempty"`
}

// Suggestion completes what is being typed.
type Suggestion struct {
	Text  string `json:"text"`  // the whole text to search for
	Word  string `json:"word"`  // the completed word
	Kind  string `json:"kind"`  // produce, place
	Note  string `json:"note"`  // the name it stands for, or the province of a county
	Count int    `json:"count"` // listings, expired ones left out
}

// InvalidError says which part of a query or a document breaks a rule. The message may be shown to a user.
type InvalidError struct {
	Field   string // text, limit, after, to, near, price, ...
	Message string
}

func (e *InvalidError) Error() string { return "search: " + e.Field + ": " + e.Message }

func invalid(field, format string, args ...any) error {
	return &InvalidError{field, fmt.Sprintf(format, args...)}
}

// ErrUnavailable is wrapped by errors that say that the engine could not be reached or did not answer in time.
var ErrUnavailable = errors.New("search engine unavailable")
