package places

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lastWords end the name of a division and are left out in speech: 凤翔 for 凤翔区.
var lastWords = []string{
	"壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "新区",
	"省", "市", "县", "区", "盟", "旗", "州",
}

// otherWords are names in Latin letters that pinyin alone doesn't give.
var otherWords = map[string][]string{
	"150000": {"neimenggu", "innermongolia"}, "450000": {"guangxi"}, "540000": {"xizang", "tibet"}, "610000": {"shaanxi"},
	"640000": {"ningxia"}, "650000": {"xinjiang"}, "810000": {"xianggang", "hongkong"}, "820000": {"aomen", "macau"},
}

// wordsOf lists how a division may be called: in full, in short, in Latin letters.
func wordsOf(d Division) []string {
	words := []string{d.Name}
	if s := shortName(d.Name); s != d.Name {
		words = append(words, s)
	}
	words = append(words, foldWord(d.Pinyin))
	return append(words, otherWords[d.Code]...)
}

// shortName drops the last word where two characters are left: 凤翔区 is 凤翔, 黟县 stays.
func shortName(name string) string {
	for _, last := range lastWords {
		if s, ok := strings.CutSuffix(name, last); ok && utf8.RuneCountInString(s) >= 2 {
			return s
		}
	}
	return name
}

// foldWord drops what is typed in different ways: case, spaces, the apostrophe of lu'an, and writes ü as v.
func foldWord(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\'', r == '’', r == '·', r == ',', r == '，', r == '-':
			return -1
		case r == 'ü' || r == 'Ü':
			return 'v'
		}
		return unicode.ToLower(r)
	}, s)
}

// Search finds divisions by name, pinyin or the first digits of the code, old codes too, best first and at most limit. What it
// stands in may go before: "陕西凤翔", "baoji fengxiang".
func (a *Atlas) Search(q string, limit int) []Division {
	q = foldWord(q)
	if q == "" || len(q) > 100 || limit <= 0 {
		return nil
	}
	type hit struct{ i, rank int }
	var hits []hit
	for i, d := range a.all {
		if r := a.rank(i, d, q); r > 0 {
			hits = append(hits, hit{i, r})
		}
	}
	slices.SortFunc(hits, func(x, y hit) int {
		return cmp.Or(cmp.Compare(x.rank, y.rank), cmp.Compare(depth(a.all[x.i]), depth(a.all[y.i])), cmp.Compare(x.i, y.i))
	})
	found := make([]Division, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		found = append(found, a.all[h.i])
	}
	return found
}

// The ranks of a hit, best first; 0 is none.
const (
	rankCode = 1 + iota
	rankName
	rankPrefix
	rankInside
)

// rank tells how well q names the division.
func (a *Atlas) rank(i int, d Division, q string) int {
	if q[0] >= '0' && q[0] <= '9' {
		return rankByCode(d, q)
	}
	if r := rankByWord(a.words[i], q); r > 0 {
		return r
	}
	if rest := a.withoutAbove(d, q); rest != q && rest != "" {
		return rankByWord(a.words[i], rest)
	}
	return 0
}

func rankByCode(d Division, q string) int {
	switch {
	case q == d.Code:
		return rankCode
	case strings.HasPrefix(d.Code, q) || strings.HasPrefix(d.OldCode, q):
		return rankPrefix
	}
	return 0
}

func rankByWord(words []string, q string) int {
	best := 0
	for _, w := range words {
		r := 0
		switch {
		case w == q:
			r = rankName
		case strings.HasPrefix(w, q):
			r = rankPrefix
		case q[0] >= utf8.RuneSelf && strings.Contains(w, q): // in Chinese only: "an" is inside half of all pinyin
			r = rankInside
		}
		if r > 0 && (best == 0 || r < best) {
			best = r
		}
	}
	return best
}

// withoutAbove cuts the province and the city that d stands in off the front of q.
func (a *Atlas) withoutAbove(d Division, q string) string {
	path := a.Path(d.Parent)
	slices.Reverse(path)
	for _, above := range path {
		for _, w := range a.words[a.byCode[above.Code]] {
			if rest, ok := strings.CutPrefix(q, w); ok {
				q = rest
				break
			}
		}
	}
	return q
}

func depth(d Division) int {
	switch d.Level {
	case Province:
		return 0
	case City:
		return 1
	}
	return 2
}
