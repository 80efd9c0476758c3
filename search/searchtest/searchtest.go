package searchtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jishi/search"
)

// Open gives a fresh empty index that knows Vocabulary.
type Open func(t *testing.T) search.Index

// Run proves that an engine keeps the contract.
func Run(t *testing.T, open Open) {
	t.Run("Reading", func(t *testing.T) { reading(t, open) })
	t.Run("Writing", func(t *testing.T) { writing(t, open) })
	t.Run("Rebuild", func(t *testing.T) { rebuilding(t, open) })
	t.Run("DeliveredMarket", func(t *testing.T) { deliveredMarket(t, open) })
}

// reading tries everything that changes nothing on one index.
func reading(t *testing.T, open Open) {
	ix := Filled(t, open, Documents())
	t.Run("Finds", func(t *testing.T) { finds(t, ix) })
	t.Run("ReadsFilters", func(t *testing.T) { readsFilters(t, ix) })
	t.Run("Filters", func(t *testing.T) { filters(t, ix) })
	t.Run("Facets", func(t *testing.T) { facets(t, ix) })
	t.Run("Orders", func(t *testing.T) { orders(t, ix) })
	t.Run("Delivered", func(t *testing.T) { delivered(t, ix) })
	t.Run("Pages", func(t *testing.T) { pages(t, ix) })
	t.Run("Highlights", func(t *testing.T) { highlights(t, ix) })
	t.Run("Suggests", func(t *testing.T) { suggests(t, open) })
	t.Run("DidYouMean", func(t *testing.T) { didYouMean(t, ix) })
	t.Run("Relaxes", func(t *testing.T) { relaxes(t, ix) })
	t.Run("BadInput", func(t *testing.T) { badInput(t, ix) })
}

// Filled opens an index and puts documents.
func Filled(t *testing.T, open Open, docs []search.Document) search.Index {
	t.Helper()
	ix := open(t)
	for part := range slices.Chunk(docs, 500) {
		must(t, ix.Put(t.Context(), part))
	}
	must(t, ix.Refresh(t.Context()))
	return ix
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ask(t *testing.T, ix search.Index, q search.Query) search.Result {
	t.Helper()
	if q.Now.IsZero() {
		q.Now = Now
	}
	if q.Limit == 0 {
		q.Limit = search.MaxLimit
	}
	r, err := ix.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	return r
}

func ids(r search.Result) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return out
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func offers() search.Filters { return search.Filters{Kinds: []search.Kind{search.Offer}} }

// finds: every way to say a produce finds the same offers.
func finds(t *testing.T, ix search.Index) {
	apples := "apple-fuji apple-gala apple-plain"
	rows := []struct{ queries, want string }{
		{"苹果|蘋果|pingguo|ping guo|píngguǒ|apple|Apples|APPLE|aplpe|appel|pingguoo|萍果|苹 果", apples},
		{"红富士|紅富士|hongfushi|hong fu shi|hfs|HFS|红富士苹果|ｈｆｓ", apples},
		{"大葱|葱|dacong|da cong|scallion|scalion|green onion|green onions|GREEN ONION|大蔥", "scallion"},
		{"洋葱|圆葱|yangcong|yang cong|onion|onions|onoin|洋蔥", "onion"},
		{"土豆|马铃薯|洋芋|potato|potatoes|tudou|yangyu|potatto|馬鈴薯", "potato apple-plain"},
		{"西红柿|番茄|fanqie|xihongshi|tomato|tomatos", "tomato"},
		{"包菜|莲花白|甘蓝|结球甘蓝|baocai|lianhuabai|round cabbage", "cabbage"},
		{"白菜|大白菜", "napa"},
		{"小白菜|bok choy|上海青", "bokchoy"},
		{"脐橙|橙子|orange|orangs|qicheng|伦晚", "orange"},
		{"cherry|cherries|车厘子|大樱桃", "cherry"},
		{"凤翔区 苹果|凤翔县 苹果|凤翔 苹果|fengxiang apple|苹果 鳳翔縣|fengxaing 苹果", "apple-fuji"},
		{"７５ｍｍ|75mm", "apple-fuji"},
		{"宝塬|baoyuan|宝塬果业", "apple-fuji"},
		{"滞销苹果|助农 苹果|relief apple", "apple-fuji apple-plain"},
		{"冷链 番茄|reefer tomato", "tomato"},
		{"有机 橙|organic orange", "orange"},
		{"捐赠|免费 萝卜|donation", "gift-radish"},
		{"陕西苹果|陕西省的苹果|shaanxi apple|shanxi pingguo|shanxipingguo|shaanxi pingguo|陝西 蘋果", "apple-fuji apple-gala"},
		{"水果|fruits|fruit", apples + " orange cherry"},
		{"蔬菜 湖北|vegetables hubei", "cabbage napa bokchoy gift-radish"},
		{"spring onion|SPRING ONIONS", "scallion"},
		{"屈乡|橙农合作社|屈乡橙农", "orange"},
		{"fengxaing apple|apple fengxiang", "apple-fuji"},
		{"桃|peach", ""},
		{"榴莲|qqqqqqqq", ""},
	}
	for _, r := range rows {
		for q := range strings.SplitSeq(r.queries, "|") {
			same(t, q, sorted(ids(ask(t, ix, search.Query{Text: q, Filters: offers()}))), sorted(strings.Fields(r.want)))
		}
	}
	board := ask(t, ix, search.Query{Text: "求购 苹果"})
	same(t, "求购 苹果", ids(board), []string{"apples-wanted"})
	same(t, "冷藏车 宝鸡", ids(ask(t, ix, search.Query{Text: "冷藏车 宝鸡"})), []string{"reefer"})
	same(t, "返程车 宝鸡", ids(ask(t, ix, search.Query{Text: "返程车 宝鸡"})), []string{"reefer"})
	same(t, "募捐 苹果", ids(ask(t, ix, search.Query{Text: "募捐 apple"})), []string{"aid"})
	first := ask(t, ix, search.Query{Text: "红富士"})
	if first.Hits[0].ID != "apple-fuji" {
		t.Errorf("the variety asked for is not first: %v", ids(first))
	}
}

func readsFilters(t *testing.T, ix search.Index) {
	rows := []struct {
		text, words string
		chips       []string // field=label
		want        string
	}{
		{"苹果 5吨 3元以下 陕西", "苹果", []string{"price=≤ 3 元/kg", "grams=≥ 5 吨", "area=陕西省"}, "apple-fuji apple-gala"},
		{"苹果5吨3元以下陕西", "苹果", []string{"price=≤ 3 元/kg", "grams=≥ 5 吨", "area=陕西省"}, "apple-fuji apple-gala"},
		{"apple 5t under 3 yuan", "apple", []string{"price=≤ 3 元/kg", "grams=≥ 5 吨"}, "apple-fuji apple-gala"},
		{"苹果 两万斤", "苹果", []string{"grams=≥ 10 吨"}, "apple-fuji"},
		{"苹果 ５０００公斤", "苹果", []string{"grams=≥ 5 吨"}, "apple-fuji apple-gala"},
		{"苹果 1元/斤以下", "苹果", []string{"price=≤ 2 元/kg"}, "apple-plain"},
		{"苹果 2-2.5元", "苹果", []string{"price=2–2.5 元/kg"}, "apple-gala"},
		{"苹果 2块5以上", "苹果", []string{"price=≥ 2.5 元/kg"}, "apple-fuji"},
		{"苹果 半吨", "苹果", []string{"grams=≥ 500 公斤"}, "apple-fuji apple-gala apple-plain"},
		{"3天内采摘的番茄", "番茄", []string{"harvest=2020-02-17 后采收"}, "tomato"},
		{"苹果 3月10日到货", "苹果", []string{"date=2020-03-10 仍可供"}, "apple-fuji apple-gala apple-plain"},
		{"苹果 2020-04-10", "苹果", []string{"date=2020-04-10 仍可供"}, ""},
		{"苹果 到 湖北武汉 3元以下", "苹果", []string{"price=≤ 3 元/kg", "to=送到 武汉市"}, "apple-fuji apple-gala apple-plain"},
		{"供应 大葱", "大葱", []string{"kind=供应"}, "scallion"},
		{"苹果到武汉", "苹果", []string{"to=送到 武汉市"}, "apple-fuji apple-gala apple-plain"},
		{"陕西宝鸡凤翔苹果", "苹果", []string{"area=陕西省", "area=陕西省宝鸡市", "area=陕西省凤翔区"}, "apple-fuji"},
	}
	for _, r := range rows {
		got := ask(t, ix, search.Query{Text: r.text, Filters: offers()})
		chips := []string{}
		for _, c := range got.Parsed {
			chips = append(chips, c.Field+"="+c.Label)
			if !strings.Contains(r.text, c.Words) || strings.Contains(c.Without, c.Words) {
				t.Errorf("%s: chip %q does not come off: %q", r.text, c.Words, c.Without)
			}
		}
		same(t, r.text+": chips", chips, r.chips)
		same(t, r.text+": words", got.Words, r.words)
		same(t, r.text+": hits", sorted(ids(got)), sorted(strings.Fields(r.want)))
	}
	verbatim := ask(t, ix, search.Query{Text: "苹果 凤翔", Verbatim: true, Filters: offers()})
	same(t, "a text taken as it is", verbatim.Parsed, []search.Chip(nil))
	same(t, "a place as a word", ids(verbatim), []string{"apple-fuji"})
}

func filters(t *testing.T, ix search.Index) {
	rows := []struct {
		name string
		f    search.Filters
		want string
	}{
		{"Produce", search.Filters{Produce: []string{"番茄", "洋葱"}}, "tomato onion"},
		{"Area", search.Filters{Areas: []string{"610000"}, Kinds: []search.Kind{search.Offer}}, "apple-fuji apple-gala cherry"},
		{"OldCode", search.Filters{Areas: []string{"610322"}}, "apple-fuji"},
		{"Grade", search.Filters{Grades: []string{"特级"}}, "cherry"},
		{"Packing", search.Filters{Packings: []string{"纸箱"}}, "apple-fuji apple-gala"},
		{"Certified", search.Filters{Certified: true}, "apple-fuji tomato"},
		{"Relief", search.Filters{Relief: true}, "apple-fuji apple-plain aid"},
		{"Cold", search.Filters{Cold: true}, "tomato reefer"},
		{"Price", search.Filters{MinPriceE4: yuan(4), MaxPriceE4: yuan(8)}, "tomato orange nowhere"},
		{"GiftsPassAMaximum", search.Filters{MaxPriceE4: yuan(0.8)}, "gift-radish napa"},
		{"PriceBand", search.Filters{PriceBands: []string{"gift", "16 and over"}}, "gift-radish cherry"},
		{"HarvestAge", search.Filters{HarvestAges: []string{"older"}}, "nowhere"},
		{"HarvestedSince", search.Filters{HarvestedSince: ago(1)}, "tomato bokchoy cherry"},
		{"GoodUntil", search.Filters{GoodUntil: ago(-40), Kinds: []search.Kind{search.Offer}}, "nowhere"},
		{"Grams", search.Filters{MinGrams: tonnes(25)}, "onion potato cabbage"},
		{"Near", search.Filters{Near: &search.Circle{Lon: 114.3, Lat: 30.6, Metres: 60_000}}, "bokchoy hospital apples-wanted aid"},
		{"Kinds", search.Filters{Kinds: []search.Kind{search.Demand, search.Capacity}}, "hospital apples-wanted reefer"},
		{"Expired", search.Filters{Expired: true, Produce: []string{"桃"}}, "old-peach"},
		{"NothingSo", search.Filters{Produce: []string{"榴莲"}}, ""},
	}
	for _, r := range rows {
		got := ask(t, ix, search.Query{Filters: r.f})
		same(t, r.name, sorted(ids(got)), sorted(strings.Fields(r.want)))
		same(t, r.name+": total", got.Total, len(strings.Fields(r.want)))
	}
}

func facets(t *testing.T, ix search.Index) {
	counts := func(r search.Result, name string) map[string]int {
		out := map[string]int{}
		for _, f := range r.Facets {
			for _, v := range f.Values {
				if f.Name == name {
					out[v.Value] = v.Count
				}
			}
		}
		return out
	}
	r := ask(t, ix, search.Query{Text: "苹果"})
	var names []string
	for _, f := range r.Facets {
		names = append(names, f.Name)
	}
	same(t, "names", names, []string{"kind", "produce", "grade", "county", "certified", "relief", "price", "harvest", "packing", "cold"})
	same(t, "kind", counts(r, "kind"), map[string]int{"offer": 3, "demand": 1, "campaign": 1})
	same(t, "produce", counts(r, "produce"), map[string]int{"苹果": 5})
	same(t, "grade", counts(r, "grade"), map[string]int{"一级": 1, "二级": 1})
	same(t, "county", counts(r, "county"), map[string]int{"610305": 1, "610629": 1, "620602": 1, "420100": 2})
	same(t, "certified", counts(r, "certified"), map[string]int{"yes": 1})
	same(t, "relief", counts(r, "relief"), map[string]int{"yes": 3})
	same(t, "price", counts(r, "price"), map[string]int{"1 to 2": 1, "2 to 4": 2})
	same(t, "harvest", counts(r, "harvest"), map[string]int{"30 days": 3})
	same(t, "packing", counts(r, "packing"), map[string]int{"纸箱": 2, "网袋": 1})
	same(t, "cold", counts(r, "cold"), map[string]int{})

	// A facet's own filter is left out of its counts, the others are not.
	f := search.Filters{Kinds: []search.Kind{search.Offer}, Packings: []string{"网袋"}, HarvestAges: []string{"30 days"}}
	r = ask(t, ix, search.Query{Text: "苹果", Filters: f})
	same(t, "hits", ids(r), []string{"apple-plain"})
	same(t, "own filter left out", counts(r, "packing"), map[string]int{"纸箱": 2, "网袋": 1})
	same(t, "own filter left out", counts(r, "kind"), map[string]int{"offer": 1})
	same(t, "other filters kept", counts(r, "county"), map[string]int{"620602": 1})
	same(t, "none asked for", len(ask(t, ix, search.Query{NoFacets: true}).Facets), 0)
}

func orders(t *testing.T, ix search.Index) {
	to := &search.Destination{Adcode: "420100"}
	rows := []struct {
		sort search.Sort
		want string // ties by kind and id
	}{
		{search.ByPrice, "gift-radish napa cabbage onion potato scallion apple-plain apple-gala bokchoy apple-fuji tomato orange nowhere cherry"},
		{search.ByGrams, "potato onion cabbage apple-fuji orange napa scallion gift-radish apple-gala tomato apple-plain bokchoy nowhere cherry"},
		{search.ByNewest, "bokchoy cherry tomato gift-radish scallion cabbage napa onion orange nowhere apple-fuji potato apple-gala apple-plain"},
		{search.ByDistance, "bokchoy gift-radish cabbage napa orange apple-gala cherry apple-fuji potato apple-plain onion nowhere"},
	}
	for _, r := range rows {
		got := ids(ask(t, ix, search.Query{Sort: r.sort, To: to, Filters: offers()}))
		if r.sort == search.ByDistance { // the two counties in Shandong are left to the engine that measures
			got = slices.DeleteFunc(got, func(id string) bool { return id == "scallion" || id == "tomato" })
		}
		same(t, string(r.sort), got, strings.Fields(r.want))
	}
	expiry := ids(ask(t, ix, search.Query{Sort: search.ByExpiry}))
	same(t, "expiry first", expiry[0], "reefer")
	same(t, "no expiry last", expiry[len(expiry)-4:], []string{"aid", "apples-wanted", "hospital", "nowhere"})
}

// delivered: the order is that of prices worked out one by one, and each hit shows what its price is made of.
func delivered(t *testing.T, ix search.Index) {
	for _, grams := range []int64{tonnes(0.2), tonnes(5), tonnes(7), tonnes(100)} {
		q := search.Query{Sort: search.ByDelivered, To: &search.Destination{Adcode: "420100"}, Grams: grams, Tariff: Tariff(), Filters: offers()}
		r := ask(t, ix, q)
		if len(r.Hits) != 14 {
			t.Fatalf("%d hits, want 14", len(r.Hits))
		}
		before := int64(-1)
		for _, h := range r.Hits[:13] {
			d := h.Delivered
			if d == nil {
				t.Fatalf("%s has no delivered price", h.ID)
			}
			if d.TotalE4 < before {
				t.Errorf("%d g: %s at %d comes after %d", grams, h.ID, d.TotalE4, before)
			}
			before = d.TotalE4
			same(t, h.ID+": sum", d.PriceE4+d.FreightE4+d.TollE4, d.TotalE4)
			same(t, h.ID+": price", d.PriceE4, h.PriceE4)
			same(t, h.ID+": quantity", d.Grams, grams)
		}
		same(t, "without a point last", r.Hits[13].ID, "nowhere")
		same(t, "no price to the door without a point", r.Hits[13].Delivered, (*search.Delivered)(nil))
	}
	// 7 t fill the 8 t truck to 87.5 %: apples that are TollFree pay no toll, the others 0.9 yuan a km.
	r := ask(t, ix, search.Query{Text: "苹果 7吨 到武汉", Tariff: Tariff(), Filters: offers(), Sort: search.ByDelivered})
	same(t, "destination read from the text", r.To.Adcode, "420100")
	for _, h := range r.Hits {
		same(t, h.ID+": green channel", h.Delivered.TollFree, h.TollFree)
		same(t, h.ID+": toll", h.Delivered.TollE4 == 0, h.TollFree)
		same(t, h.ID+": truck", h.Delivered.Vehicle, "6.8 m")
	}
}

// pages: walked page by page, every order gives each hit once and in the order of one long page.
func pages(t *testing.T, ix search.Index) {
	for _, s := range []search.Sort{search.ByRelevance, search.ByDelivered, search.ByPrice, search.ByDistance, search.ByNewest, search.ByExpiry, search.ByGrams} {
		for _, text := range []string{"", "苹果 土豆"} {
			q := search.Query{Text: text, Sort: s, To: &search.Destination{Adcode: "420100"}, Tariff: Tariff(), Grams: tonnes(5)}
			want := ids(ask(t, ix, q))
			got := []string{}
			q.Limit = 3
			for n := 0; ; n++ {
				r := ask(t, ix, q)
				same(t, "total", r.Total, len(want))
				got = append(got, ids(r)...)
				if q.After = r.Next; q.After == "" || n > 20 {
					break
				}
			}
			same(t, fmt.Sprintf("%s %q", s, text), got, want)
		}
	}
	r := ask(t, ix, search.Query{Limit: 3})
	_, err := ix.Search(t.Context(), search.Query{Text: "苹果", After: r.Next, Now: Now})
	wantInvalid(t, "a page mark of another query", err, "after")
}

func highlights(t *testing.T, ix search.Index) {
	marked := func(p []search.Piece) (all, on string) {
		for _, x := range p {
			all += x.Text
			if x.Match {
				on += "[" + x.Text + "]"
			}
		}
		return
	}
	rows := []struct{ query, id, title, on string }{
		{"苹果", "apple-plain", "蘋果 散装", "[蘋果]"},
		{"apple", "apple-fuji", "红富士苹果 75mm 以上", "[红富士苹果]"},
		{"７５MM", "apple-fuji", "红富士苹果 75mm 以上", "[75mm]"},
		{"cherries", "cherry", "Cherries, picked by hand", "[Cherries]"},
		{"fanqie", "tomato", "番茄 硬粉", "[番茄]"},
	}
	for _, r := range rows {
		for _, h := range ask(t, ix, search.Query{Text: r.query, Filters: offers()}).Hits {
			if h.ID == r.id {
				all, on := marked(h.Highlight.Title)
				same(t, r.query+": the title as written", all, r.title)
				same(t, r.query+": marks", on, r.on)
			}
		}
	}
	h := ask(t, ix, search.Query{Text: "糖度"}).Hits[0]
	_, on := marked(h.Highlight.Text)
	same(t, "marks in the text", on, "[糖度]")
}

func suggests(t *testing.T, open Open) {
	docs := Documents()
	for i := range docs {
		docs[i].ExpiresAt = 0 // suggestions go by the clock on the wall
	}
	docs = append(docs, search.Document{Kind: search.Offer, ID: "expired", Version: 1, Title: "荔枝", Produce: "荔枝", ExpiresAt: 1})
	ix := Filled(t, open, docs)
	rows := []struct {
		typed, want string
		count       int
	}{
		{"苹", "苹果", 5}, {"ping", "苹果", 5}, {"pingg", "苹果", 5}, {"红富", "红富士", 1}, {"hfs", "红富士", 1}, {"hongf", "红富士", 1},
		{"app", "苹果", 5}, {"土", "土豆", 2}, {"fan", "番茄", 1}, {"陕", "陕西省", 4}, {"fengx", "凤翔区", 1}, {"蘋", "苹果", 5},
		{"便宜 苹", "便宜 苹果", 5},
	}
	for _, r := range rows {
		s, err := ix.Suggest(t.Context(), r.typed, 10)
		must(t, err)
		i := slices.IndexFunc(s, func(s search.Suggestion) bool { return s.Text == r.want })
		if i < 0 {
			t.Errorf("%q does not suggest %q: %v", r.typed, r.want, s)
		} else {
			same(t, r.typed+": listings", s[i].Count, r.count)
		}
	}
	for _, typed := range []string{"", " ", "榴", "\x01", "*:*", "茄子x", "荔"} {
		s, err := ix.Suggest(t.Context(), typed, 10)
		must(t, err)
		same(t, "suggestions for "+typed, len(s), 0)
	}
	_, err := ix.Suggest(t.Context(), "a\xff", 10)
	wantInvalid(t, "broken UTF-8", err, "prefix")
	_, err = ix.Suggest(t.Context(), "a", 0)
	wantInvalid(t, "no room", err, "n")
}

func didYouMean(t *testing.T, ix search.Index) {
	for typed, want := range map[string]string{
		"scalion": "scallion", "萍果 5吨": "苹果 5吨", "potatto 陕西": "potato 陕西", "苹果": "", "apple": "", "fengxaing 苹果": "fengxiang 苹果", "qqqqq": "",
	} {
		same(t, typed, ask(t, ix, search.Query{Text: typed}).DidYouMean, want)
	}
}

func relaxes(t *testing.T, ix search.Index) {
	r := ask(t, ix, search.Query{Text: "樱桃 洋葱", Filters: offers()})
	same(t, "relaxed", r.Relaxed, true)
	same(t, "hits", sorted(ids(r)), []string{"cherry", "onion"})
	same(t, "not relaxed", ask(t, ix, search.Query{Text: "苹果 散装"}).Relaxed, false)
	same(t, "nothing to relax", ask(t, ix, search.Query{Text: "榴莲 qqqq"}).Relaxed, false)
}

func wantInvalid(t *testing.T, what string, err error, field string) {
	t.Helper()
	var bad *search.InvalidError
	if !errors.As(err, &bad) || bad.Field != field {
		t.Errorf("%s: %v, want an InvalidError of %s", what, err, field)
	}
}

func badInput(t *testing.T, ix search.Index) {
	empty := []string{
		`"`, `"'"`, `((((`, `title:(`, `*`, `?`, `name:* OR body:*`, `\`, `AND OR NOT`, `苹果" OR name : "a`, `<script>alert(1)</script>`, "a\x00b", "\u202e\u200b",
		`+-&&||!(){}[]^~*?:\/`, `NEAR(a b)`, `{"match_all":{}}`, `'; DROP TABLE search_docs_1; --`, `_exists_:name`, strings.Repeat("(", 1000), strings.Repeat("a ", 500),
		strings.Repeat("苹", 300), "😀😀", "𠮷野家", "p#苹果", "w#苹果",
	}
	for _, text := range empty {
		r := ask(t, ix, search.Query{Text: text})
		if r.Total != len(r.Hits) {
			t.Errorf("%q: total %d of %d", text, r.Total, len(r.Hits))
		}
	}
	same(t, "engine syntax finds nothing", ask(t, ix, search.Query{Text: "name:xyzzy*"}).Total, 0)
	same(t, "only punctuation is an empty text", ask(t, ix, search.Query{Text: "!!! ((("}).Total, ask(t, ix, search.Query{}).Total)
	nan := 0.0
	nan /= nan
	rows := []struct {
		field string
		q     search.Query
	}{
		{"text", search.Query{Text: strings.Repeat("苹果", 5<<10)}},
		{"text", search.Query{Text: "苹果\xff\xfe"}},
		{"limit", search.Query{Limit: -1}},
		{"limit", search.Query{Limit: 1_000_000}},
		{"to", search.Query{To: &search.Destination{Lon: 999, Lat: 12}}},
		{"to", search.Query{To: &search.Destination{Lon: nan, Lat: nan}}},
		{"to", search.Query{Sort: search.ByDelivered}},
		{"tariff", search.Query{Sort: search.ByDelivered, To: &search.Destination{Adcode: "420100"}}},
		{"to", search.Query{Sort: search.ByDistance}},
		{"sort", search.Query{Sort: "_score; drop"}},
		{"after", search.Query{After: "nonsense"}},
		{"after", search.Query{After: strings.Repeat("e", 4000)}},
		{"grams", search.Query{Grams: -5}},
		{"near", search.Query{Filters: search.Filters{Near: &search.Circle{Lon: 1, Lat: 1}}}},
		{"near", search.Query{Filters: search.Filters{Near: &search.Circle{Lon: 1, Lat: 91, Metres: 5}}}},
		{"areas", search.Query{Filters: search.Filters{Areas: []string{"61*"}}}},
		{"kind", search.Query{Filters: search.Filters{Kinds: []search.Kind{"x"}}}},
		{"price", search.Query{Filters: search.Filters{MaxPriceE4: -1}}},
		{"priceBands", search.Query{Filters: search.Filters{PriceBands: []string{"cheap"}}}},
		{"produce", search.Query{Filters: search.Filters{Produce: []string{"\xff"}}}},
	}
	for _, r := range rows {
		_, err := ix.Search(t.Context(), r.q)
		wantInvalid(t, fmt.Sprintf("%.80v", r.q), err, r.field)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ix.Search(ctx, search.Query{Text: "苹果 canceled"}); err == nil {
		t.Error("a search that was called off gives no error")
	}
}
