package searchtest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jishi/search"
)

// Twins proves that two engines answer alike on the same documents: hits, totals, facets, chips, order and prices to the door.
func Twins(t *testing.T, one, other Open) {
	docs := documents(slices.Collect(Market(7, 1200)))
	a, b := Filled(t, one, docs), Filled(t, other, docs)
	texts := []string{"", "滞销 樱桃 xyz", "土豆 洋葱 榴莲"}
	wants, err := Wants()
	must(t, err)
	for _, w := range wants {
		texts = append(texts, w.Text)
	}
	filters := []search.Filters{
		{},
		{Kinds: []search.Kind{search.Offer}, Packings: []string{"纸箱", "网袋"}, HarvestAges: []string{"1 day", "7 days"}},
		{Areas: []string{"610000", "420500"}, PriceBands: []string{"2 to 4", "4 to 8"}, Certified: true},
		{Near: &search.Circle{Lon: 114.3, Lat: 30.6, Metres: 150_000}, MinGrams: tonnes(2), MaxPriceE4: yuan(6)},
		{Produce: []string{"番茄", "土豆"}, Grades: []string{"一级"}, Relief: true},
	}
	sorts := []search.Sort{search.ByRelevance, search.ByDelivered, search.ByPrice, search.ByDistance, search.ByNewest, search.ByExpiry, search.ByGrams}
	for i, text := range texts {
		for j := range 2 {
			q := search.Query{Text: text, Filters: filters[(i+j)%len(filters)], Sort: sorts[(i+3*j)%len(sorts)], Limit: 15, Tariff: Tariff(),
				To: &search.Destination{Adcode: "420100"}, Grams: tonnes([]float64{0.3, 1, 2, 7, 31, 100}[i%6])}
			twin(t, a, b, q)
		}
	}
	for _, typed := range []string{"ping", "t", "红", "sh", "陕", "apple", "苹果 b", "ba"} {
		x, err := a.Suggest(t.Context(), typed, 20)
		must(t, err)
		y, err := b.Suggest(t.Context(), typed, 20)
		must(t, err)
		same(t, "suggestions for "+typed, y, x)
	}
}

// twin compares two pages of a query. Scores may differ in the last of their 24 bits.
func twin(t *testing.T, a, b search.Index, q search.Query) {
	t.Helper()
	for page := range 2 {
		x, y := ask(t, a, q), ask(t, b, q)
		near := cmpopts.EquateApprox(0, 1e-6)
		if d := gocmp.Diff(x, y, near, cmpopts.IgnoreFields(search.Result{}, "Next")); d != "" {
			t.Errorf("page %d of %q by %q differs (-one +other):\n%.3000s", page+1, q.Text, q.Sort, d)
			return
		}
		same(t, "another page", y.Next == "", x.Next == "")
		if q.After = x.Next; q.After == "" {
			return
		}
	}
}

// deliveredMarket walks all pages by delivered price and holds the order against prices worked out here.
func deliveredMarket(t *testing.T, open Open) {
	listings := slices.Collect(Market(11, 1000))
	ix := Filled(t, open, documents(listings))
	byID := map[string]search.Document{}
	for _, l := range listings {
		byID[l.ID] = l.Document
	}
	wuhan, kashgar := search.Destination{Lon: 114.3, Lat: 30.6}, search.Destination{Lon: 75.99, Lat: 39.47}
	for _, c := range []struct {
		to     search.Destination
		tonnes float64
	}{{wuhan, 0.5}, {wuhan, 7}, {wuhan, 20}, {kashgar, 1}, {kashgar, 31}} {
		q := search.Query{Filters: offers(), To: &c.to, Grams: tonnes(c.tonnes), Tariff: Tariff(), Sort: search.ByDelivered, NoFacets: true, Limit: 50}
		var walked []float64
		for first := true; first || q.After != ""; first = false {
			r := ask(t, ix, q)
			for _, h := range r.Hits {
				want := exactDelivered(byID[h.ID], c.to, tonnes(c.tonnes))
				if math.Abs(float64(h.Delivered.TotalE4)-want) > 3 {
					t.Errorf("%s to the door: %d, want %.0f", h.ID, h.Delivered.TotalE4, want)
				}
				walked = append(walked, want)
			}
			if !slices.IsSortedFunc(r.Hits, func(a, b search.Hit) int {
				return cmp.Or(cmp.Compare(a.Delivered.TotalE4, b.Delivered.TotalE4), cmp.Compare(a.ID, b.ID))
			}) {
				t.Errorf("a page of %v is out of order", c)
			}
			q.After = r.Next
		}
		if tau := kendall(walked); tau < 0.98 {
			t.Errorf("%v: Kendall tau of the order of all %d hits is %.4f, want 0.98", c, len(walked), tau)
		}
		same(t, fmt.Sprintf("%v: all offers are walked", c), len(walked), countOffers(listings))
	}
}

func countOffers(of []Listing) int {
	n := 0
	for _, l := range of {
		if l.Kind == search.Offer {
			n++
		}
	}
	return n
}

// exactDelivered works out the price at the door from the tariff's numbers alone, in 1/10,000 yuan per kg.
func exactDelivered(d search.Document, to search.Destination, grams int64) float64 {
	t, kg := Tariff(), float64(grams)/1000
	km := chordKm(d.Lon, d.Lat, to.Lon, to.Lat) * float64(t.DetourPermille) / 1000
	if grams <= t.PartLoad.MaxGrams {
		return float64(d.PriceE4) + (float64(t.PartLoad.FixedFen)+float64(t.PartLoad.FenPerTonneKm)*kg/1000*km)/kg*100
	}
	i := slices.IndexFunc(t.Trucks, func(k search.Truck) bool { return k.PayloadGrams >= grams })
	k := t.Trucks[i]
	fen := float64(k.FixedFen) + float64(k.FenPerKm)*km
	if !d.TollFree || grams*1000 < t.TollFreeFill*k.PayloadGrams {
		fen += float64(k.TollFenPerKm) * km
	}
	return float64(d.PriceE4) + fen/kg*100
}

// chordKm is the great-circle distance by the chord through the earth.
func chordKm(lon1, lat1, lon2, lat2 float64) float64 {
	point := func(lon, lat float64) [3]float64 {
		lo, la := lon*math.Pi/180, lat*math.Pi/180
		return [3]float64{math.Cos(la) * math.Cos(lo), math.Cos(la) * math.Sin(lo), math.Sin(la)}
	}
	a, b := point(lon1, lat1), point(lon2, lat2)
	chord := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
	return 2 * 6371.0088 * math.Asin(chord/2)
}

// kendall is the tau of a list against its sorted order: 1 in order, -1 backwards.
func kendall(v []float64) float64 {
	right, wrong := 0, 0
	for i := range v {
		for j := range i {
			switch {
			case v[j] < v[i]:
				right++
			case v[j] > v[i]:
				wrong++
			}
		}
	}
	return float64(right-wrong) / float64(max(1, right+wrong))
}
