package searchtest

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jishi/search"
)

//go:embed queries.txt
var queriesTable string

// Want is what the user of a judged query is after, in facts of the market.
type Want struct {
	Group, Text                             string
	kind                                    search.Kind
	crop                                    *Crop
	variety, grade, packing, feature, party string
	areas                                   []string
	maxE4, minE4, grams                     int64
	age, life                               float64
	relief, gift, cold, certified, organic  bool
}

// Wants reads the judged queries.
func Wants() ([]Want, error) {
	var out []Want
	for l := range strings.Lines(queriesTable) {
		if strings.HasPrefix(l, "#") || strings.TrimSpace(l) == "" {
			continue
		}
		c := strings.Split(l, "|")
		if len(c) != 3 {
			return nil, fmt.Errorf("judged query %q: want three columns", l)
		}
		w := Want{Group: strings.TrimSpace(c[0]), Text: strings.TrimSpace(c[1]), kind: search.Offer}
		for _, fact := range strings.Fields(c[2]) {
			if err := w.read(fact); err != nil {
				return nil, fmt.Errorf("judged query %q: %w", w.Text, err)
			}
		}
		out = append(out, w)
	}
	return out, nil
}

func (w *Want) read(fact string) error {
	name, value, _ := strings.Cut(fact, "=")
	number := func() float64 {
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	switch name {
	case "kind":
		w.kind = search.Kind(value)
	case "crop":
		if w.crop = crop(value); w.crop == nil {
			return errors.New("no such crop: " + value)
		}
	case "area":
		w.areas = append(w.areas, value)
	case "max":
		w.maxE4 = yuan(number())
	case "min":
		w.minE4 = yuan(number())
	case "grams":
		w.grams = tonnes(number())
	case "age":
		w.age = number()
	case "life":
		w.life = number()
	default:
		return w.readWord(name, value)
	}
	return nil
}

func (w *Want) readWord(name, value string) error {
	words := map[string]*string{"variety": &w.variety, "grade": &w.grade, "packing": &w.packing, "feature": &w.feature, "party": &w.party}
	marks := map[string]*bool{"relief": &w.relief, "gift": &w.gift, "cold": &w.cold, "certified": &w.certified, "organic": &w.organic}
	if p := words[name]; p != nil {
		*p = value
		return nil
	}
	if p := marks[name]; p != nil {
		*p = true
		return nil
	}
	return errors.New("no such fact: " + name)
}

// Gain judges a listing by its facts: 3 all that was asked for, and at least three of: harvested within a week, good for a week,
// certified, enough for the wanted quantity or a tonne; 2 all that was asked for; 1 nearly: another variety, without the special
// feature, or only spoken of in the text; 0 something else.
func (w *Want) Gain(l *Listing) int {
	if l.Kind != w.kind || !w.allowed(l) {
		return 0
	}
	if w.crop != nil && l.Crop != w.crop {
		if l.Mention == w.crop && w.variety == "" && w.feature == "" {
			return 1
		}
		return 0
	}
	if w.variety != "" && l.Variety != w.variety || w.feature != "" && l.Feature != w.feature {
		return 1
	}
	good := 0
	for _, yes := range []bool{l.Age <= 7, l.Life >= 7, l.Certified, l.Grams >= max(w.grams, tonnes(1))} {
		if yes {
			good++
		}
	}
	if good >= 3 {
		return 3
	}
	return 2
}

// allowed checks what a listing may not miss.
func (w *Want) allowed(l *Listing) bool {
	gift := l.Kind == search.Offer && l.PriceE4 == 0
	switch {
	case w.areas != nil && !slices.ContainsFunc(w.areas, func(a string) bool { return strings.HasPrefix(l.From, a) }),
		w.maxE4 > 0 && (l.PriceE4 < 0 || l.PriceE4 > w.maxE4),
		w.minE4 > 0 && l.PriceE4 < w.minE4,
		l.Grams < w.grams,
		w.age > 0 && l.Age > w.age,
		w.life > 0 && l.Life < w.life,
		w.grade != "" && l.Grade != w.grade,
		w.packing != "" && l.Packing != w.packing,
		w.party != "" && l.Party != w.party,
		w.relief && !l.Relief, w.gift && !gift, w.cold && !l.Cold, w.certified && !l.Certified, w.organic && !l.Organic:
		return false
	}
	return true
}

// Quality is how well an engine ranks, each 0..1.
type Quality struct {
	NDCG   float64 // gain of the first 10 hits, later ones worth less, against the best order there is
	MRR    float64 // 1 / the place of the first hit that is all that was asked for
	Recall float64 // how many of those are among the first 50 hits
}

// Judged is a query with its quality and the ids of its first hits.
type Judged struct {
	Want
	Quality
	Top []string
}

// The market that is judged.
const (
	marketSeed = 20200123
	marketSize = 2400
)

// Rank puts the market into an index, asks all judged queries and judges the answers.
func Rank(t *testing.T, open Open) []Judged {
	t.Helper()
	listings := slices.Collect(Market(marketSeed, marketSize))
	ix := Filled(t, open, documents(listings))
	wants, err := Wants()
	must(t, err)
	byID := map[string]*Listing{}
	for i := range listings {
		byID[listings[i].ID] = &listings[i]
	}
	out := make([]Judged, len(wants))
	for i, w := range wants {
		var gains []int
		for j := range listings {
			gains = append(gains, w.Gain(&listings[j]))
		}
		q := search.Query{Text: w.Text, Limit: 50, NoFacets: true}
		if w.Group != "board" && w.kind == search.Offer {
			q.Filters = offers() // the market page
		}
		var got []int
		r := ask(t, ix, q)
		for _, h := range r.Hits {
			got = append(got, w.Gain(byID[h.ID]))
		}
		out[i] = Judged{w, judge(got, gains), ids(r)[:min(10, len(r.Hits))]}
		if slices.Max(gains) < 2 {
			t.Errorf("%q: the market has nothing of the kind; take another query", w.Text)
		}
	}
	return out
}

// judge compares the gains of the hits in order with those of all listings.
func judge(got, all []int) Quality {
	best := slices.Clone(all)
	slices.SortFunc(best, func(a, b int) int { return b - a })
	q := Quality{NDCG: discounted(got) / max(discounted(best), 1e-9)}
	relevant := 0
	for i, g := range got {
		if g < 2 {
			continue
		}
		if q.MRR == 0 {
			q.MRR = 1 / float64(i+1)
		}
		if i < 50 {
			relevant++
		}
	}
	there := 0
	for _, g := range all {
		if g >= 2 {
			there++
		}
	}
	q.Recall = float64(relevant) / float64(max(1, min(50, there)))
	return q
}

// discounted is the gain of the first ten: (2^gain - 1) / log2(place + 1), summed.
func discounted(gains []int) float64 {
	sum := 0.0
	for i, g := range gains[:min(10, len(gains))] {
		sum += (math.Exp2(float64(g)) - 1) / math.Log2(float64(i+2))
	}
	return sum
}

// Mean is the quality over all queries.
func Mean(of []Judged) Quality {
	var m Quality
	for _, j := range of {
		n := float64(len(of))
		m.NDCG, m.MRR, m.Recall = m.NDCG+j.NDCG/n, m.MRR+j.MRR/n, m.Recall+j.Recall/n
	}
	return m
}

// Report writes the qualities as a golden file keeps them: the mean, each group, each query.
func Report(of []Judged) string {
	var b strings.Builder
	line := func(name string, q Quality) {
		fmt.Fprintf(&b, "%.4f %.4f %.4f  %s\n", q.NDCG, q.MRR, q.Recall, name)
	}
	fmt.Fprintf(&b, "# nDCG@10, MRR, recall@50 of %d queries on %d listings\n", len(of), marketSize)
	line("all", Mean(of))
	var groups []string
	for _, j := range of {
		if !slices.Contains(groups, j.Group) {
			groups = append(groups, j.Group)
		}
	}
	for _, g := range groups {
		line("group "+g, Mean(slices.DeleteFunc(slices.Clone(of), func(j Judged) bool { return j.Group != g })))
	}
	for _, j := range of {
		line(j.Text, j.Quality)
	}
	return b.String()
}
