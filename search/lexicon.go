package search

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	pinyin "github.com/mozillazg/go-pinyin"
)

// sense is one thing a word can mean.
type sense struct {
	kind    senseKind
	name    string // produce: Produce.Name; attribute: its name; board: the Kind
	place   *Place
	surface string // the Chinese word of which this is the name, the pinyin or the translation; folded
	variety bool   // the word names a variety, not the produce as a whole
}

type senseKind int

const (
	isStop senseKind = iota
	isProduce
	isPlace
	isAttribute
	isBoard
	isTo
)

// lexicon is a Vocabulary made ready for lookups. It is not changed after newLexicon.
type lexicon struct {
	han        map[string][]sense  // Chinese words, folded
	latin      map[string][]sense  // pinyin and English, letters only, without spaces
	initials   map[string][]sense  // first letters of pinyin
	deleted    map[string][]string // a key of latin less one letter -> the keys
	maxHan     int                 // runes of the longest Chinese word
	places     map[string]*Place   // by current and old code
	current    map[string]string   // old code -> current code
	categories map[string]string   // produce -> category
	complete   completions
}

func newLexicon(v Vocabulary) *lexicon {
	x := &lexicon{
		han: map[string][]sense{}, latin: map[string][]sense{}, initials: map[string][]sense{}, deleted: map[string][]string{},
		places: map[string]*Place{}, current: map[string]string{}, categories: map[string]string{},
	}
	for _, p := range v.Produce {
		x.addProduce(p)
	}
	for _, p := range v.Places {
		x.addPlace(p)
	}
	for _, a := range attributes {
		x.addWords(a.words, sense{kind: isAttribute, name: a.name})
	}
	for k, words := range kindWords {
		x.addWords(words, sense{kind: isBoard, name: string(k)})
	}
	x.addWords(stopWords, sense{kind: isStop})
	x.addWords(toWords, sense{kind: isTo})
	for k := range x.latin {
		if len(k) >= 4 {
			for _, d := range deletions(k) {
				x.deleted[d] = append(x.deleted[d], k)
			}
		}
	}
	for _, keys := range x.deleted {
		slices.Sort(keys)
	}
	x.complete.sort()
	return x
}

func (x *lexicon) addWords(words []string, s sense) {
	for _, w := range words {
		w = foldString(w)
		s.surface = w
		if r, _ := utf8.DecodeRuneInString(w); isHan(r) {
			x.addHan(w, s)
		} else {
			x.addLatin(letters(w), s)
		}
	}
}

func (x *lexicon) addHan(w string, s sense) {
	if w == "" || has(x.han[w], s) {
		return
	}
	x.han[w] = append(x.han[w], s)
	x.maxHan = max(x.maxHan, utf8.RuneCountInString(w))
}

func (x *lexicon) addLatin(w string, s sense) {
	if w != "" && !has(x.latin[w], s) {
		x.latin[w] = append(x.latin[w], s)
	}
}

func has(all []sense, s sense) bool {
	return slices.ContainsFunc(all, func(o sense) bool {
		return o.kind == s.kind && o.name == s.name && (o.place == s.place)
	})
}

func (x *lexicon) addProduce(p Produce) {
	if x.categories[p.Name] == "" {
		x.categories[p.Name] = p.Category
	}
	add := func(names []string, variety bool) {
		for _, n := range names {
			w := hanOnly(foldString(n))
			s := sense{kind: isProduce, name: p.Name, surface: w, variety: variety}
			x.addHan(w, s)
			x.addReading(s, w)
		}
	}
	add([]string{p.Name, beforeParenthesis(p.Name)}, false)
	add(p.Aliases, false)
	add(p.Varieties, true)
	first := sense{kind: isProduce, name: p.Name, surface: hanOnly(foldString(beforeParenthesis(p.Name)))}
	for _, y := range p.Pinyin {
		x.addLatin(letters(foldString(y)), first)
	}
	for _, e := range p.English {
		x.addLatin(letters(foldString(e)), first)
		x.complete.add(foldString(e), first)
	}
}

// addReading makes a Chinese word findable by its pinyin, in every usual reading, and by the first letters of it.
func (x *lexicon) addReading(s sense, w string) {
	x.complete.add(w, s)
	for _, syl := range readings(w) {
		full := strings.Join(syl, "")
		x.addLatin(full, s)
		x.complete.add(full, s)
		if len(syl) < 2 {
			continue
		}
		ini := initials(syl)
		if !has(x.initials[ini], s) {
			x.initials[ini] = append(x.initials[ini], s)
		}
		x.complete.add(ini, s)
	}
}

func (x *lexicon) addPlace(p Place) {
	place := &p
	x.places[p.Code] = place
	for _, old := range p.OldCodes {
		x.current[old] = p.Code
		if x.places[old] == nil {
			x.places[old] = place
		}
	}
	names := append([]string{p.Name}, p.Aliases...)
	if len(p.OldCodes) > 0 { // counties that were renamed became districts or cities
		short := shortPlace(p.Name)
		names = append(names, short+"县", short+"市")
	}
	for _, n := range names {
		w := hanOnly(foldString(n))
		short := shortPlace(w)
		s := sense{kind: isPlace, name: p.Name, place: place, surface: w}
		x.addHan(w, s)
		s.surface = short
		x.addHan(short, s)
		syl := syllables(short)
		if n == p.Name && p.Pinyin != "" && !strings.HasPrefix(p.Pinyin, strings.Join(syl, "")) {
			x.addLatin(letters(foldString(p.Pinyin)), s)
			x.complete.add(letters(foldString(p.Pinyin)), s)
		}
		x.addReading(s, short)
		x.complete.add(w, s)
	}
	for _, e := range p.English {
		x.addLatin(letters(foldString(e)), sense{kind: isPlace, name: p.Name, place: place, surface: hanOnly(foldString(p.Name))})
	}
}

// canonicalCode gives the current code of a division.
func (x *lexicon) canonicalCode(code string) string {
	if c, ok := x.current[code]; ok {
		return c
	}
	return code
}

// canonicalProduce gives the vocabulary's name of a produce, or the word itself.
func (x *lexicon) canonicalProduce(name string) string {
	w := foldString(name)
	for _, s := range append(slices.Clip(x.han[hanOnly(w)]), x.latin[letters(w)]...) {
		if s.kind == isProduce {
			return s.name
		}
	}
	return strings.TrimSpace(name)
}

var placeSuffixes = []string{"特别行政区", "自治区", "自治州", "自治县", "自治旗", "新区", "林区", "地区", "省", "市", "县", "区", "旗", "盟"}

var peoples = []string{
	"维吾尔", "哈萨克", "柯尔克孜", "塔吉克", "锡伯", "蒙古", "达斡尔", "鄂伦春", "鄂温克", "朝鲜", "满族", "回族", "壮族", "苗族", "侗族", "瑶族", "彝族", "藏族", "羌族", "白族",
	"傣族", "景颇族", "傈僳族", "哈尼族", "拉祜族", "佤族", "纳西族", "布依族", "水族", "仡佬族", "土家族", "畲族", "黎族", "土族", "撒拉族", "东乡族", "保安族", "裕固族", "毛南族", "仫佬族",
	"独龙族", "怒族", "普米族", "布朗族", "各族", "族",
}

// shortPlace takes the word for the kind of division and the peoples off a name, as long as two characters are left.
func shortPlace(name string) string {
	for _, s := range placeSuffixes {
		short, ok := strings.CutSuffix(name, s)
		if !ok || utf8.RuneCountInString(short) < 2 {
			continue
		}
		for strings.HasPrefix(s, "自治") {
			cut := false
			for _, p := range peoples {
				if t, ok := strings.CutSuffix(short, p); ok && utf8.RuneCountInString(t) >= 2 {
					short, cut = t, true
					break
				}
			}
			if !cut {
				break
			}
		}
		return short
	}
	return name
}

func beforeParenthesis(s string) string {
	if i := strings.IndexAny(s, "((（"); i > 0 {
		return s[:i]
	}
	return s
}

func hanOnly(s string) string { return keep(s, isHan) }

// letters keeps what pinyin and English words are looked up by.
func letters(s string) string { return keep(s, isWord) }

func keep(s string, ok func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if ok(r) {
			return r
		}
		return -1
	}, s)
}

// spoken keeps what characters sound like, once it was asked for: taking the tone marks off took half the time of indexing.
type spoken struct {
	args pinyin.Args
	kept sync.Map // of []string, by rune
}

var (
	usual       = spoken{args: pinyin.NewArgs()}
	allReadings = spoken{args: pinyin.Args{Style: pinyin.Normal, Heteronym: true, Separator: "-", Fallback: pinyin.Fallback}}
)

// of gives the readings of a character, the usual one first; none for what is no Chinese character.
func (s *spoken) of(r rune) []string {
	if y, ok := s.kept.Load(r); ok {
		return y.([]string)
	}
	y := pinyin.SinglePinyin(r, s.args)
	for i := range y {
		y[i] = strings.ReplaceAll(y[i], "ü", "v")
	}
	if len(y) > 0 { // there is no end of characters without one
		s.kept.Store(r, y)
	}
	return y
}

// syllables gives the usual reading of each character; a character without one is left out.
func syllables(han string) []string {
	out := make([]string, 0, len(han)/3)
	for _, r := range han {
		if y := usual.of(r); len(y) > 0 {
			out = append(out, y[0])
		}
	}
	return out
}

const maxReadings = 6

// readings gives the ways a short word can be read, the usual one of each character first.
func readings(han string) [][]string {
	out := [][]string{{}}
	for _, r := range han {
		all := allReadings.of(r)
		if len(all) == 0 {
			continue
		}
		var next [][]string
		for i := range all[:min(2, len(all))] {
			if slices.Contains(all[:i], all[i]) {
				continue
			}
			for _, o := range out {
				next = append(next, append(slices.Clone(o), all[i]))
			}
		}
		out = next[:min(len(next), maxReadings)]
	}
	return out
}

func initials(syl []string) string {
	b := make([]byte, len(syl))
	for i, s := range syl {
		b[i] = s[0]
	}
	return string(b)
}

// deletions gives every word that is w less one letter.
func deletions(w string) []string {
	out := make([]string, 0, len(w))
	for i := range len(w) {
		if i == 0 || w[i] != w[i-1] {
			out = append(out, w[:i]+w[i+1:])
		}
	}
	return out
}

// slips gives the known words that one slip of the finger turns into w: a letter too many, too few, wrong, or two swapped.
func (x *lexicon) slips(w string) []string {
	if len(w) < 4 || len(w) > 40 {
		return nil
	}
	var out []string
	try := func(k string) {
		if oneSlip(w, k) && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for _, k := range x.deleted[w] {
		try(k)
	}
	for _, d := range deletions(w) {
		if len(d) >= 4 && x.latin[d] != nil {
			try(d)
		}
		for _, k := range x.deleted[d] {
			try(k)
		}
	}
	slices.Sort(out)
	return out
}

// oneSlip reports whether a and b differ by one insertion, deletion, substitution or swap of neighbours.
func oneSlip(a, b string) bool {
	if a == b {
		return false
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(b)-len(a) == 1 {
		return a[i:] == b[i+1:]
	}
	if len(a) != len(b) {
		return false
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// singular finds a word or phrase of letters as it is, or in the singular, with the key it was found under; nil senses for none.
func (x *lexicon) singular(w string) (string, []sense) {
	if s := x.latin[w]; s != nil {
		return w, s
	}
	for _, end := range []string{"es", "s"} {
		if t, ok := strings.CutSuffix(w, end); ok && len(t) >= 3 && x.latin[t] != nil {
			return t, x.latin[t]
		}
	}
	if t, ok := strings.CutSuffix(w, "ies"); ok && x.latin[t+"y"] != nil {
		return t + "y", x.latin[t+"y"]
	}
	return w, nil
}
