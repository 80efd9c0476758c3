package search

import (
	"slices"
	"strings"
)

// field is a set of words a document is found by.
type field int

const (
	inName  field = iota // title, produce, grade
	inBody               // text, party, place names, packing
	inSound              // pinyin and initials of both
	fieldCount
)

// fieldNames are the columns of FTS5 and the fields of Elasticsearch.
var fieldNames = [fieldCount]string{"name", "body", "sound"}

// Prefixes of tokens that are not words as written. A word the vocabulary knows is kept apart from the pairs of characters, so
// that 葱 does not find 洋葱 and 白菜 does not find 小白菜.
const (
	knownToken   = "w#"
	produceToken = "p#"
	qualityToken = "a#"
	placeToken   = "l#"
)

// tokens are a document's words by field, each once.
type tokens [fieldCount]map[string]bool

func (t *tokens) add(f field, token string) {
	if t[f] == nil {
		t[f] = map[string]bool{}
	}
	t[f][safeToken(token)] = true
}

// list gives a field's tokens in a fixed order.
func (t *tokens) list(f field) []string {
	all := make([]string, 0, len(t[f]))
	for k := range t[f] {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// text gives a field's tokens with spaces between them.
func (t *tokens) text(f field) string { return strings.Join(t.list(f), " ") }

// analyze gives the tokens of a document that was made canonical.
func (x *lexicon) analyze(d *Document) tokens {
	var t tokens
	for _, s := range []string{d.Title, d.Produce, d.Grade} {
		x.addText(&t, inName, s)
	}
	for _, s := range slices.Concat([]string{d.Text, d.Party, d.Packing}, d.PlaceNames, d.Also) {
		x.addText(&t, inBody, s)
	}
	if d.Produce != "" {
		t.add(inName, produceToken+conceptWord(d.Produce))
	}
	for _, c := range ancestors(d.Adcode) {
		if p := x.places[c]; p != nil {
			x.addText(&t, inBody, p.Name)
			t.add(inBody, placeToken+p.Code)
		}
	}
	if c := x.categories[d.Produce]; c != "" {
		t.add(inBody, qualityToken+conceptWord(c))
	}
	for name, on := range map[string]bool{"relief": d.Relief, "cold": d.Cold, "certified": d.Certified, "gift": d.PriceE4 == 0} {
		if on {
			t.add(inBody, qualityToken+conceptWord(name))
		}
	}
	return t
}

// conceptWord is the name of a produce or a quality as part of a token.
func conceptWord(name string) string {
	return letters(strings.Map(hanAsIs, foldString(name))) + hanOnly(foldString(name))
}

func hanAsIs(r rune) rune {
	if isHan(r) {
		return -1
	}
	return r
}

func (x *lexicon) addText(t *tokens, f field, s string) {
	x.tokenise(fold(s).runes, func(_, _ int, sound bool, token string) {
		if sound {
			t.add(inSound, token)
		} else {
			t.add(f, token)
		}
	})
}

// tokenise cuts folded text and hands out each token with the runes it covers.
func (x *lexicon) tokenise(f []rune, emit func(from, to int, sound bool, token string)) {
	all := runs(f)
	named := 0 // words up to here are part of a name: the onion of green onion is not an onion
	for i, r := range all {
		if r.han {
			x.tokeniseHan(f, r, emit)
			continue
		}
		emit(r.from, r.to, false, string(f[r.from:r.to]))
		if i >= named {
			named = i + x.tokeniseLatin(f, all[i:], emit)
		}
	}
}

// tokeniseLatin names what the words from here on, taken together, are the name of. It gives the number of words in that name.
func (x *lexicon) tokeniseLatin(f []rune, rest []run, emit func(from, to int, sound bool, token string)) int {
	for n := min(4, len(rest)); n >= 1; n-- {
		key, ok := joined(f, rest[:n])
		if !ok {
			continue
		}
		key, senses := x.singular(key)
		from, to := rest[0].from, rest[n-1].to
		for _, s := range senses {
			emitSense(from, to, s, emit)
			if s.kind == isProduce {
				emit(from, to, false, knownToken+key)
			}
		}
		if senses != nil {
			return n
		}
	}
	return 1
}

func emitSense(from, to int, s sense, emit func(from, to int, sound bool, token string)) {
	switch s.kind {
	case isProduce:
		emit(from, to, false, produceToken+conceptWord(s.name))
	case isAttribute:
		emit(from, to, false, qualityToken+conceptWord(s.name))
	case isPlace:
		emit(from, to, false, placeToken+s.place.Code)
	}
}

// joined puts neighbouring words of letters together if only spaces and hyphens stand between them.
func joined(f []rune, words []run) (string, bool) {
	var b strings.Builder
	for i, r := range words {
		if r.han || i > 0 && !onlyGaps(f[words[i-1].to:r.from]) {
			return "", false
		}
		b.WriteString(string(f[r.from:r.to]))
	}
	return b.String(), true
}

func onlyGaps(f []rune) bool {
	for _, r := range f {
		if r != ' ' && r != '-' && r != '\'' {
			return false
		}
	}
	return len(f) <= 3
}

func (x *lexicon) tokeniseHan(f []rune, r run, emit func(from, to int, sound bool, token string)) {
	for i := r.from; i < r.to; i++ {
		emit(i, i+1, false, string(f[i]))
		if i+1 < r.to {
			emit(i, i+2, false, string(f[i:i+2]))
			emit(i, i+2, true, strings.Join(syllables(string(f[i:i+2])), ""))
		}
	}
	if n := r.to - r.from; n >= 3 && n <= 12 {
		syl := syllables(string(f[r.from:r.to]))
		emit(r.from, r.to, true, strings.Join(syl, ""))
		emit(r.from, r.to, true, initials(syl))
	}
	for _, p := range x.cut(f, r) {
		if p.senses != nil {
			x.emitWord(f, p, emit)
		}
	}
}

// emitWord hands out a known word, what it names, and the shorter words in it that name the same.
func (x *lexicon) emitWord(f []rune, p part, emit func(from, to int, sound bool, token string)) {
	word := string(f[p.from:p.to])
	emit(p.from, p.to, false, knownToken+word)
	syl := syllables(word)
	emit(p.from, p.to, true, strings.Join(syl, ""))
	if len(syl) >= 2 {
		emit(p.from, p.to, true, initials(syl))
	}
	for _, s := range p.senses {
		emitSense(p.from, p.to, s, emit)
	}
	for i := p.from; i < p.to; i++ {
		for j := i + 2; j <= p.to && j-i < p.to-p.from; j++ {
			for _, s := range x.han[string(f[i:j])] {
				if has(p.senses, s) {
					emit(i, j, false, knownToken+string(f[i:j]))
				}
			}
		}
	}
}

// part is a piece of a Han run: a known word, or characters between known words.
type part struct {
	from, to int
	senses   []sense // nil: unknown
}

// cut splits a Han run into the longest known words from the left. Words of one character count only where nothing else stands
// between two known words.
func (x *lexicon) cut(f []rune, r run) []part {
	var out []part
	unknown := r.from
	flush := func(to int) {
		if unknown < to {
			p := part{unknown, to, nil}
			if to-unknown == 1 {
				p.senses = x.han[string(f[unknown:to])]
			}
			out = append(out, p)
		}
	}
	for i := r.from; i < r.to; {
		n := x.longest(f[i:r.to])
		if n == 0 {
			i++
			continue
		}
		flush(i)
		out = append(out, part{i, i + n, x.han[string(f[i:i+n])]})
		i += n
		unknown = i
	}
	flush(r.to)
	return out
}

// longest gives the length of the longest known word of two or more characters that f begins with, 0 for none.
func (x *lexicon) longest(f []rune) int {
	for n := min(x.maxHan, len(f)); n >= 2; n-- {
		if x.han[string(f[:n])] != nil {
			return n
		}
	}
	return 0
}

// ancestors gives the codes of a county, its prefecture and its province.
func ancestors(code string) []string {
	if len(code) != 6 {
		return nil
	}
	return slices.Compact([]string{code, code[:4] + "00", code[:2] + "0000"})
}

// areaPrefix is the part of an adcode that all divisions in it share: 610000 -> 61.
func areaPrefix(code string) string {
	for len(code) > 2 && strings.HasSuffix(code, "00") {
		code = code[:len(code)-2]
	}
	return code
}

// canonical checks a document and gives it the vocabulary's names, the current adcode and a point.
func (x *lexicon) canonical(d Document) (Document, error) {
	if err := validDocument(d); err != nil {
		return d, err
	}
	if d.Adcode != "" {
		d.Adcode = x.canonicalCode(d.Adcode)
	}
	if d.Produce != "" {
		d.Produce = x.canonicalProduce(d.Produce)
	}
	if p := x.places[d.Adcode]; p != nil && !d.Located() {
		d.Lon, d.Lat = p.Lon, p.Lat
	}
	d.Grade, d.Packing = strings.TrimSpace(d.Grade), strings.TrimSpace(d.Packing)
	return d, nil
}
