package searchtest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"jishi/search"
)

func listing(id string, version int64, title string) search.Document {
	return search.Document{Kind: search.Offer, ID: id, Version: version, Title: title, Produce: "苹果", Adcode: "610305", PriceE4: yuan(2), Grams: tonnes(1)}
}

func writing(t *testing.T, open Open) {
	t.Run("NewerReplaces", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 2, "红富士")})
		ask(t, ix, search.Query{Text: "红富士"}) // a word that was asked for before the change
		must(t, ix.Put(t.Context(), []search.Document{listing("a", 3, "嘎啦")}))
		must(t, ix.Refresh(t.Context()))
		same(t, "new words", titles(ask(t, ix, search.Query{Text: "嘎啦"})), []string{"嘎啦"})
		same(t, "old words", titles(ask(t, ix, search.Query{Text: "富士", Verbatim: true})), []string{"嘎啦"}) // as an apple, not by the word
		same(t, "one document", ask(t, ix, search.Query{}).Total, 1)
	})
	t.Run("StalePutIsIgnored", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 5, "红富士")})
		must(t, ix.Put(t.Context(), []search.Document{listing("a", 4, "嘎啦"), listing("a", 5, "秦冠"), listing("b", 1, "花牛")}))
		must(t, ix.Refresh(t.Context()))
		same(t, "titles", titles(ask(t, ix, search.Query{Sort: search.ByPrice})), []string{"红富士", "花牛"})
	})
	t.Run("LastOfOneCallWins", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 1, "一"), listing("a", 3, "三"), listing("a", 2, "二")})
		same(t, "titles", titles(ask(t, ix, search.Query{})), []string{"三"})
	})
	t.Run("Delete", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 5, "红富士"), listing("b", 5, "嘎啦")})
		must(t, ix.Delete(t.Context(), []search.Key{{Kind: search.Offer, ID: "a", Version: 6}, {Kind: search.Offer, ID: "b", Version: 4}, {Kind: search.Offer, ID: "c", Version: 9}}))
		must(t, ix.Put(t.Context(), []search.Document{listing("a", 5, "late"), listing("c", 8, "late")}))
		must(t, ix.Refresh(t.Context()))
		r := ask(t, ix, search.Query{})
		same(t, "a stale delete and a late put change nothing", titles(r), []string{"嘎啦"})
		n, err := ix.Count(t.Context())
		must(t, err)
		same(t, "count", n, 1)
		same(t, "facets forget", r.Facets[1].Values, []search.FacetValue{{Value: "苹果", Count: 1}})
		must(t, ix.Put(t.Context(), []search.Document{listing("a", 7, "again")}))
		must(t, ix.Refresh(t.Context()))
		same(t, "a newer put brings it back", len(ask(t, ix, search.Query{}).Hits), 2)
	})
	t.Run("SuggestionsFollow", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 1, "红富士"), listing("b", 1, "嘎啦")})
		count := func() int {
			must(t, ix.Refresh(t.Context()))
			s, err := ix.Suggest(t.Context(), "pingguo", 5)
			must(t, err)
			if len(s) == 0 {
				return 0
			}
			return s[0].Count
		}
		same(t, "two", count(), 2)
		over := listing("c", 1, "花牛")
		over.ExpiresAt = 1
		must(t, ix.Put(t.Context(), []search.Document{over, listing("d", 1, "秦冠")}))
		same(t, "one more, and one that is over", count(), 3)
		must(t, ix.Delete(t.Context(), []search.Key{{Kind: search.Offer, ID: "a", Version: 2}, {Kind: search.Offer, ID: "b", Version: 2}}))
		same(t, "two less", count(), 1)
	})
	t.Run("NamesInNames", func(t *testing.T) {
		bare := func(id, title string) search.Document {
			return search.Document{Kind: search.Offer, ID: id, Version: 1, Title: title, PriceE4: search.NoPrice}
		}
		ix := Filled(t, open, []search.Document{bare("a", "Green onions"), bare("b", "Onions, red"), bare("c", "sweet potato"), bare("d", "Potatoes"),
			bare("e", "紫皮洋葱"), bare("f", "小葱 一把"), bare("g", "Cherries"), bare("h", "绿富士苹果"), bare("i", strings.Repeat("长", 400)+strings.Repeat("w", 400))})
		for text, want := range map[string]string{
			"onion": "b e", "大葱": "a", "green onion": "a", "小葱": "f", "洋葱": "b e", "potato": "d", "土豆": "d", "sweet potatoes": "c", "地瓜": "c",
			"樱桃": "g", "红富士": "h", "绿富士": "h", strings.Repeat("w", 400): "i",
		} {
			same(t, text, sorted(ids(ask(t, ix, search.Query{Text: text}))), strings.Fields(want))
		}
	})
	t.Run("BadDocuments", func(t *testing.T) { badDocuments(t, open) })
	t.Run("TogetherWithSearch", func(t *testing.T) { together(t, open) })
}

func titles(r search.Result) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, h.Title)
	}
	return out
}

func badDocuments(t *testing.T, open Open) {
	ix := open(t)
	good := listing("a", 1, "x")
	with := func(f func(*search.Document)) search.Document {
		d := good
		f(&d)
		return d
	}
	rows := map[string][]search.Document{
		"id":          {with(func(d *search.Document) { d.ID = "" }), with(func(d *search.Document) { d.ID = "a b" })},
		"kind":        {with(func(d *search.Document) { d.Kind = "x" })},
		"version":     {with(func(d *search.Document) { d.Version = -1 })},
		"title":       {with(func(d *search.Document) { d.Title = "\xff" })},
		"price":       {with(func(d *search.Document) { d.PriceE4 = -2 }), with(func(d *search.Document) { d.PriceE4 = search.MaxPriceE4 + 1 })},
		"grams":       {with(func(d *search.Document) { d.Grams = -1 })},
		"lon":         {with(func(d *search.Document) { d.Lat = 91 })},
		"adcode":      {with(func(d *search.Document) { d.Adcode = "61" })},
		"harvestedAt": {with(func(d *search.Document) { d.HarvestedAt = -1 })},
	}
	for field, docs := range rows {
		for _, d := range docs {
			wantInvalid(t, field, ix.Put(t.Context(), []search.Document{good, d}), field)
		}
	}
	must(t, ix.Refresh(t.Context()))
	same(t, "nothing of a refused call is stored", ask(t, ix, search.Query{}).Total, 0)
}

// together: while documents change, a search sees each of them, in one version or the other.
func together(t *testing.T, open Open) {
	var docs []search.Document
	for i := range 40 {
		docs = append(docs, listing(fmt.Sprintf("d%02d", i), 1, "红富士"))
	}
	ix := Filled(t, open, docs)
	var wg sync.WaitGroup
	wg.Go(func() {
		for v := range int64(5) {
			for i := range docs {
				docs[i].Version = v + 2
			}
			if err := ix.Put(t.Context(), docs); err != nil {
				t.Error(err)
			}
		}
	})
	for range 3 {
		wg.Go(func() {
			for range 10 {
				r, err := ix.Search(t.Context(), search.Query{Text: "红富士 苹果", Now: Now})
				if err != nil || r.Total != 40 {
					t.Errorf("%d found, want 40, %v", r.Total, err)
				}
			}
		})
	}
	wg.Wait()
}

func rebuilding(t *testing.T, open Open) {
	t.Run("Swap", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 1, "old"), listing("gone", 1, "old")})
		r, err := ix.Rebuild(t.Context())
		must(t, err)
		same(t, "a new start", r.Resumed(), "")
		must(t, r.Put(t.Context(), []search.Document{listing("a", 1, "rebuilt")}))
		must(t, ix.Refresh(t.Context()))
		same(t, "the live index answers meanwhile", titles(ask(t, ix, search.Query{})), []string{"old", "old"})
		must(t, ix.Put(t.Context(), []search.Document{listing("b", 1, "meanwhile")}))
		must(t, ix.Delete(t.Context(), []search.Key{{Kind: search.Offer, ID: "late", Version: 3}}))
		must(t, r.Put(t.Context(), []search.Document{listing("late", 2, "late")}))
		must(t, r.Swap(t.Context()))
		must(t, ix.Refresh(t.Context()))
		same(t, "after", titles(ask(t, ix, search.Query{Sort: search.ByPrice})), []string{"rebuilt", "meanwhile"})
	})
	t.Run("Resume", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 1, "old")})
		r, err := ix.Rebuild(t.Context())
		must(t, err)
		must(t, r.Put(t.Context(), []search.Document{listing("a", 1, "rebuilt")}))
		must(t, r.Checkpoint(t.Context(), "lot-17"))
		r, err = ix.Rebuild(t.Context())
		must(t, err)
		same(t, "resumed", r.Resumed(), "lot-17")
		must(t, r.Swap(t.Context()))
		must(t, ix.Refresh(t.Context()))
		same(t, "after", titles(ask(t, ix, search.Query{})), []string{"rebuilt"})
	})
	t.Run("Abandon", func(t *testing.T) {
		ix := Filled(t, open, []search.Document{listing("a", 1, "old")})
		r, err := ix.Rebuild(t.Context())
		must(t, err)
		must(t, r.Put(t.Context(), []search.Document{listing("b", 1, "new")}))
		must(t, r.Abandon(t.Context()))
		must(t, ix.Refresh(t.Context()))
		same(t, "after", titles(ask(t, ix, search.Query{})), []string{"old"})
		r, err = ix.Rebuild(t.Context())
		must(t, err)
		same(t, "the next one starts anew", r.Resumed(), "")
		must(t, r.Abandon(t.Context()))
	})
}
