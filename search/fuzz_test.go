package search_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"jishi/search"
	"jishi/search/searchtest"
)

// FuzzSearch: any text is answered or refused with an InvalidError, whatever is in it, and chips are made of
// the text.
func FuzzSearch(f *testing.F) {
	wants, err := searchtest.Wants()
	if err != nil {
		f.Fatal(err)
	}
	for _, w := range wants {
		f.Add(w.Text)
	}
	for _, s := range []string{"", `"`, "title:(", "a\x00b", "苹果\xff", "２-３元/公斤", "99999999999999999999吨", "0元", "2020-02-30", "十百千万吨", "到到到武汉", "1,000,000斤",
		"-1元", "1e9t", "半半吨", "每斤", "¥¥3元", "３月１０日前到货", strings.Repeat("苹果到武汉", 60), "<script>alert(1)</script>", "𠮷葱", "ａ" + strings.Repeat("\u0301", 50)} {
		f.Add(s)
	}
	ix := openEmbedded(f, "")
	if err := ix.Put(f.Context(), searchtest.Documents()); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ix.Search(t.Context(), search.Query{Text: text, Now: searchtest.Now})
		var bad *search.InvalidError
		switch wrong := len(text) > search.MaxTextBytes || !utf8.ValidString(text); {
		case wrong && !errors.As(err, &bad):
			t.Fatalf("%q: %v, want an InvalidError", text, err)
		case wrong:
			return
		case err != nil:
			t.Fatalf("%q: %v", text, err)
		}
		for _, c := range r.Parsed {
			if !strings.Contains(text, c.Words) || !utf8.ValidString(c.Without) || len(c.Without) > len(text)+1 {
				t.Errorf("%q: chip %+v is not made of the text", text, c)
			}
		}
		if _, err := ix.Suggest(t.Context(), text, 5); err != nil {
			t.Errorf("suggest for %q: %v", text, err)
		}
	})
}
