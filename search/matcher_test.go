package search_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"jishi/search"
	"jishi/search/searchtest"
)

// TestMatcher holds the Matcher to the engine: on every judged query and every document of the contract it says what a search finds.
func TestMatcher(t *testing.T) {
	t.Parallel()
	ix := openEmbedded(t, "")
	docs := searchtest.Documents()
	if err := ix.Put(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	m := search.NewMatcher(searchtest.Vocabulary())
	wants, err := searchtest.Wants()
	if err != nil {
		t.Fatal(err)
	}
	filters := []search.Filters{
		{}, {Kinds: []search.Kind{search.Offer}, Packings: []string{"纸箱"}}, {Areas: []string{"610000"}, HarvestAges: []string{"30 days", "1 day"}},
		{Certified: true}, {PriceBands: []string{"gift", "2 to 4"}}, {Near: &search.Circle{Lon: 114.3, Lat: 30.6, Metres: 400_000}},
	}
	found, pairs := 0, 0
	for i, w := range append(wants, searchtest.Want{Text: ""}) {
		for _, f := range []search.Filters{{}, filters[i%len(filters)]} {
			q := search.Query{Text: w.Text, Filters: f, Now: searchtest.Now, Limit: search.MaxLimit}
			r, err := ix.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range docs {
				got, err := m.Match(q, d)
				if err != nil {
					t.Fatal(err)
				}
				want := !r.Relaxed && slices.ContainsFunc(r.Hits, func(h search.Hit) bool { return h.ID == d.ID })
				if got != want {
					t.Errorf("%q %+v on %s: %t, a search says %t", w.Text, f, d.ID, got, want)
				}
				pairs++
				if want {
					found++
				}
			}
		}
	}
	if found < 100 || found == pairs {
		t.Errorf("%d of %d pairs match: nothing is told apart", found, pairs)
	}
	var bad *search.InvalidError
	if _, err := m.Match(search.Query{Limit: -1, Text: "\xff"}, docs[0]); !errors.As(err, &bad) {
		t.Errorf("a broken query: %v, want an InvalidError", err)
	}
	if _, err := m.Match(search.Query{}, search.Document{}); !errors.As(err, &bad) {
		t.Errorf("a document without an id: %v, want an InvalidError", err)
	}
}

// TestCounterparts matches in both directions: the offer finds the demand, the demand the offer, and price and certificate decide.
func TestCounterparts(t *testing.T) {
	t.Parallel()
	now := searchtest.Now
	offer := search.Document{Kind: search.Offer, ID: "o", Version: 1, Title: "定西土豆", Produce: "土豆", PriceE4: 20_000, Grams: 5_000_000}
	demand := search.Document{Kind: search.Demand, ID: "d", Version: 1, Title: "求购马铃薯", Produce: "洋芋", PriceE4: 25_000, Grams: 2_000_000}
	ix := openEmbedded(t, "")
	if err := ix.Put(t.Context(), []search.Document{offer, demand}); err != nil {
		t.Fatal(err)
	}
	for _, d := range []search.Document{offer, demand} {
		q, ok := search.Counterparts(d)
		if !ok {
			t.Fatalf("%s has no counterparts", d.Kind)
		}
		q.Now = now
		r, err := ix.Search(t.Context(), q)
		if err != nil || len(r.Hits) != 1 || r.Hits[0].Kind == d.Kind {
			t.Fatalf("counterparts of the %s: %v %v", d.Kind, r.Hits, err)
		}
	}
	offer.Produce, demand.Produce = "马铃薯", "马铃薯"
	rows := []struct {
		name string
		set  func(o, d *search.Document)
		want bool
	}{
		{"AsTheyAre", func(o, d *search.Document) {}, true},
		{"TooDear", func(o, d *search.Document) { o.PriceE4 = 25_001 }, false},
		{"AtThePrice", func(o, d *search.Document) { o.PriceE4 = 25_000 }, true},
		{"NoPriceAsked", func(o, d *search.Document) { d.PriceE4 = search.NoPrice }, true},
		{"NoPriceNamed", func(o, d *search.Document) { o.PriceE4 = search.NoPrice }, true},
		{"OtherProduce", func(o, d *search.Document) { o.Produce = "甘薯" }, false},
		{"CertificateMissing", func(o, d *search.Document) { d.Certified = true }, false},
		{"Certificate", func(o, d *search.Document) { d.Certified, o.Certified = true, true }, true},
		{"NoColdChain", func(o, d *search.Document) { d.Cold = true }, false},
		{"OfferExpired", func(o, d *search.Document) { o.ExpiresAt = now.UnixMilli() }, false},
		{"DemandExpired", func(o, d *search.Document) { d.ExpiresAt = now.Add(-time.Hour).UnixMilli() }, false},
		{"WrongWayRound", func(o, d *search.Document) { *o, *d = *d, *o }, false},
	}
	for _, r := range rows {
		o, d := offer, demand
		r.set(&o, &d)
		if got := search.Fits(o, d, now); got != r.want {
			t.Errorf("%s: fits %t, want %t", r.name, got, r.want)
		}
	}
	if _, ok := search.Counterparts(search.Document{Kind: search.Capacity, Produce: "苹果"}); ok {
		t.Error("a truck has counterparts")
	}
}
