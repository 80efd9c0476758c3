package search

import (
	"math"
	"slices"
	"strings"
	"time"
)

// clause is one thing the text asks for: any of its alternatives will do, the best one counts.
type clause []alternative

// alternative is a token in a field and what finding it is worth.
type alternative struct {
	field  field
	token  string
	weight float32
}

// What finding a word is worth. A clause is worth about 3 when it is found in the title.
const (
	wordInName    = 3.3 // the very word
	conceptInName = 3.0 // the same produce by another name
	varietyOf     = 1.8 // the produce, when a variety was asked for
	qualityFound  = 1.5
	wordInBody    = 1.1
	conceptInBody = 1.0
	soundsLike    = 1.5
	slipped       = 0.7 // times the worth, when a slip had to be put right
)

// parsed is a text as search understands it.
type parsed struct {
	filters    Filters
	grams      int64
	to         *Place
	chips      []Chip
	clauses    []clause
	words      string
	didYouMean string
}

// parse reads a text. It never fails on valid UTF-8.
func (x *lexicon) parse(text string, verbatim bool, now time.Time) parsed {
	r := &reading{x: x, original: text, f: fold(text), now: now}
	if !verbatim {
		r.readDates()
		r.readAmounts()
	}
	w := &wording{reading: r, verbatim: verbatim}
	w.read()
	r.settleAreas(w.areas)
	p := parsed{filters: r.filters, grams: r.grams, to: r.to, chips: r.chips, clauses: w.clauses, words: strings.Join(w.words, " ")}
	p.didYouMean = w.corrected()
	return p
}

// wording turns the words left over by the grammar into clauses and filters.
type wording struct {
	*reading
	verbatim bool
	clauses  []clause
	words    []string   // the words of the clauses, as typed
	fixes    []fix      // slips and what was meant, from left to right
	areas    [][]*Place // each the places one word may mean
	// The runes of the destination, from the word before it on.
	toFrom, toEnd int
}

// fix is a slip in the runes from..to and the word that was meant.
type fix struct {
	from, to int
	right    string
}

// corrected gives the text with the slips put right, "" without slips.
func (w *wording) corrected() string {
	if len(w.fixes) == 0 {
		return ""
	}
	var b strings.Builder
	done := 0
	for _, f := range w.fixes {
		b.WriteString(w.original[done:w.f.at[f.from]])
		b.WriteString(f.right)
		done = w.f.at[f.to]
	}
	return b.String() + w.original[done:]
}

const maxClauses = 24 // more words than that are passed over

func (w *wording) read() {
	all := runs(w.f.runes)
	for i := 0; i < len(all); {
		if all[i].han {
			for _, p := range w.x.cut(w.f.runes, all[i]) {
				w.readHan(p)
			}
			i++
			continue
		}
		i += w.readLatin(all[i:])
	}
}

// use takes a word whose senses are known. It reports false if none of them is of use here.
func (w *wording) use(from, to int, senses []sense, worth float32) bool {
	switch best := bestKind(senses); {
	case best == isProduce:
		w.addClause(from, to, w.x.produceClause(senses, worth))
	case best == isAttribute:
		w.addClause(from, to, qualityClause(senses, worth))
		if boards := boardsOf(senses); boards != nil && !w.verbatim {
			w.useBoard(from, to, boards)
		}
	case best == isPlace && w.verbatim:
		w.addClause(from, to, qualityClause(senses, worth))
	case best == isPlace:
		w.usePlace(from, to, senses)
	case best == isBoard && !w.verbatim:
		w.useBoard(from, to, boardsOf(senses))
	case best == isStop || best == isTo || best == isBoard:
	default:
		return false
	}
	return true
}

// qualityClause asks for qualities, or for places as words.
func qualityClause(senses []sense, worth float32) clause {
	var c clause
	for _, s := range senses {
		switch s.kind {
		case isAttribute:
			t := qualityToken + conceptWord(s.name)
			c = append(c, alternative{inName, t, qualityFound * worth}, alternative{inBody, t, qualityFound * worth})
		case isPlace:
			t := placeToken + s.place.Code
			c = append(c, alternative{inName, t, conceptInName * worth}, alternative{inBody, t, conceptInBody * worth})
		}
	}
	return c
}

func bestKind(senses []sense) senseKind {
	for _, k := range []senseKind{isProduce, isPlace, isAttribute, isBoard, isTo, isStop} {
		if slices.ContainsFunc(senses, func(s sense) bool { return s.kind == k }) {
			return k
		}
	}
	return -1
}

// produceClause asks for produce. The worth of a word counts for the names in it too: 红富士 in 红富士苹果.
func (x *lexicon) produceClause(senses []sense, worth float32) clause {
	c := clause{}
	for _, s := range senses {
		if s.kind != isProduce {
			continue
		}
		concept := float32(conceptInName)
		if s.variety {
			concept = varietyOf
		}
		for _, word := range x.namesIn(s) {
			c = append(c, alternative{inName, knownToken + word, wordInName * worth}, alternative{inBody, knownToken + word, wordInBody * worth})
		}
		c = append(c,
			alternative{inName, produceToken + conceptWord(s.name), concept * worth},
			alternative{inBody, produceToken + conceptWord(s.name), concept / 3 * worth})
	}
	return c
}

// namesIn gives the word of a sense and, if it names a variety, the shorter words in it for a variety of the same produce.
func (x *lexicon) namesIn(s sense) []string {
	out := []string{s.surface}
	word := []rune(s.surface)
	for i := range word {
		for j := i + 2; s.variety && j <= len(word) && j-i < len(word); j++ {
			part := string(word[i:j])
			if slices.ContainsFunc(x.han[part], func(o sense) bool { return o.variety && o.name == s.name }) && !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// addClause asks for what the runes from..to say; several clauses must all match.
func (w *wording) addClause(from, to int, cs ...clause) {
	if len(w.clauses)+len(cs) > maxClauses {
		return
	}
	for _, c := range cs {
		for i := range c {
			c[i].token, c[i].weight = safeToken(c[i].token), exact(c[i].weight)
		}
	}
	w.clauses = append(w.clauses, cs...)
	w.words = append(w.words, w.original[w.f.at[from]:w.f.at[to]])
}

// exact rounds a weight so that sums of weights come out the same in any order.
func exact(weight float32) float32 { return float32(math.Round(float64(weight)*64) / 64) }

// usePlace makes a place a filter, or the destination if a word like 到 stands before it.
func (w *wording) usePlace(from, to int, senses []sense) {
	var places []*Place
	for _, s := range senses {
		if s.kind == isPlace && !slices.Contains(places, s.place) {
			places = append(places, s.place)
		}
	}
	top := slices.MinFunc(places, func(a, b *Place) int { return a.Level - b.Level }).Level
	places = slices.DeleteFunc(places, func(p *Place) bool { return p.Level != top })
	if w.refineDestination(from, to, places) {
		return
	}
	if start, ok := w.destinationWord(from); ok && w.to == nil && (places[0].Lon != 0 || places[0].Lat != 0) {
		w.reading.to = places[0]
		w.take(start, to, destinationChip(places[0]))
		w.toFrom, w.toEnd = start, to
		return
	}
	w.areas = append(w.areas, places)
	w.take(from, to, Chip{Field: "area", Label: w.x.placeLabel(places), Values: codes(places)})
}

func destinationChip(p *Place) Chip {
	return Chip{Field: "to", Label: "送到 " + p.Name, Values: []string{p.Code}}
}

// refineDestination takes a place that stands right behind the destination and lies in it for the destination: 到湖北武汉.
func (w *wording) refineDestination(from, to int, places []*Place) bool {
	if w.to == nil || strings.TrimSpace(string(w.f.runes[w.toEnd:from])) != "" {
		return false
	}
	i := slices.IndexFunc(places, func(p *Place) bool { return contains(w.to, p) })
	if i < 0 {
		return false
	}
	w.reading.to = places[i]
	w.chips = slices.DeleteFunc(w.chips, func(c Chip) bool { return c.Field == "to" })
	w.take(w.toFrom, to, destinationChip(places[i]))
	w.toEnd = to
	return true
}

// destinationWord finds a word like 到 that ends where the place begins.
func (w *wording) destinationWord(from int) (int, bool) {
	before := strings.TrimRight(string(w.f.runes[:from]), " ")
	for _, t := range toWords {
		rest, ok := strings.CutSuffix(before, t)
		if ok && (isHan([]rune(t)[0]) || rest == "" || strings.HasSuffix(rest, " ")) {
			return len([]rune(rest)), true
		}
	}
	return 0, false
}

func codes(places []*Place) []string {
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = p.Code
	}
	return out
}

// placeLabel names places with their provinces: 陕西省凤翔区.
func (x *lexicon) placeLabel(places []*Place) string {
	var names []string
	for _, p := range places[:min(3, len(places))] {
		n := p.Name
		if up := x.places[provinceOf(p.Code)]; up != nil && up != p {
			n = up.Name + n
		}
		names = append(names, n)
	}
	if len(places) > 3 {
		names = append(names, "…")
	}
	return strings.Join(names, " / ")
}

// settleAreas keeps, of the places that were named, those that lie in another named one, or else all of them.
func (r *reading) settleAreas(areas [][]*Place) {
	var all []*Place
	for _, a := range areas {
		all = append(all, a...)
	}
	var inner []*Place
	for _, p := range all {
		if slices.ContainsFunc(all, func(o *Place) bool { return o != p && contains(o, p) }) {
			inner = append(inner, p)
		}
	}
	if len(inner) > 0 {
		all = slices.DeleteFunc(inner, func(p *Place) bool {
			return slices.ContainsFunc(inner, func(o *Place) bool { return o != p && contains(p, o) })
		})
	}
	r.filters.Areas = codes(all)
}

func contains(outer, inner *Place) bool {
	return outer.Code != inner.Code && strings.HasPrefix(inner.Code, areaPrefix(outer.Code))
}

func boardsOf(senses []sense) []Kind {
	var out []Kind
	for _, s := range senses {
		if s.kind == isBoard {
			out = append(out, Kind(s.name))
		}
	}
	return out
}

func (w *wording) useBoard(from, to int, boards []Kind) {
	for _, k := range boards {
		if !slices.Contains(w.filters.Kinds, k) {
			w.filters.Kinds = append(w.filters.Kinds, k)
		}
	}
	w.take(from, to, Chip{Field: "kind", Values: []string{string(boards[0])}})
	w.chips[len(w.chips)-1].Label = w.chips[len(w.chips)-1].Words
}

// readHan takes a part of a Chinese run: a known word; a slip that sounds like one; else its pairs of characters.
func (w *wording) readHan(p part) {
	if p.senses != nil && w.use(p.from, p.to, p.senses, 1) {
		return
	}
	for p.from < p.to && w.skippable(p.from) {
		p.from++
	}
	for p.from < p.to && w.skippable(p.to-1) {
		p.to--
	}
	n := p.to - p.from
	if n == 0 {
		return
	}
	text := w.f.runes[p.from:p.to]
	if n == 1 {
		w.addClause(p.from, p.to, clause{{inName, string(text), wordInName}, {inBody, string(text), wordInBody}})
		return
	}
	if w.soundsKnown(p) {
		return
	}
	share := 1 / float32(n-1)
	var pairs []clause
	for i := range min(n-1, 12) {
		pair := string(text[i : i+2])
		pairs = append(pairs, clause{{inName, pair, wordInName * share}, {inBody, pair, wordInBody * share}})
	}
	w.addClause(p.from, p.to, pairs...)
}

// skippable reports whether the character says nothing at the edge of unknown text.
func (w *wording) skippable(i int) bool {
	for _, s := range w.x.han[string(w.f.runes[i])] {
		if s.kind == isStop || s.kind == isTo {
			return true
		}
	}
	return false
}

// soundsKnown takes characters that are read like a produce for a slip: 平果 for 苹果.
func (w *wording) soundsKnown(p part) bool {
	text := string(w.f.runes[p.from:p.to])
	var senses []sense
	for _, s := range w.x.latin[strings.Join(syllables(text), "")] {
		if s.kind == isProduce && len([]rune(s.surface)) == p.to-p.from {
			senses = append(senses, s)
		}
	}
	if senses == nil {
		return false
	}
	c := w.x.produceClause(senses, slipped)
	pair := string(w.f.runes[p.from : p.from+2])
	c = append(c, alternative{inName, pair, wordInName}, alternative{inBody, pair, wordInBody})
	w.addClause(p.from, p.to, c)
	w.fixes = append(w.fixes, fix{p.from, p.to, senses[0].surface})
	return true
}

// readLatin takes the longest known phrase from here on, up to four words; then one with a slip; then two known words written
// together; else the word as it is. It gives the number of words taken.
func (w *wording) readLatin(rest []run) int {
	for n := min(4, len(rest)); n >= 1; n-- {
		key, ok := joined(w.f.runes, rest[:n])
		if !ok {
			continue
		}
		key, senses := w.x.singular(key)
		if n == 1 && senses == nil {
			senses = w.x.initials[key]
		}
		if senses != nil && w.useLatin(rest[:n], key, senses) {
			return n
		}
	}
	for n := min(3, len(rest)); n >= 1; n-- {
		key, ok := joined(w.f.runes, rest[:n])
		if ok && w.useSlip(rest[:n], key) {
			return n
		}
	}
	w.readWord(rest[0])
	return 1
}

func (w *wording) useLatin(words []run, key string, senses []sense) bool {
	from, to := words[0].from, words[len(words)-1].to
	if bestKind(senses) != isProduce {
		return w.use(from, to, senses, 1)
	}
	c := append(clause{{inName, knownToken + key, wordInName}, {inBody, knownToken + key, wordInBody}}, w.x.produceClause(senses, 1)...)
	if len(words) == 1 {
		c = append(c, alternative{inSound, key, soundsLike})
	}
	w.addClause(from, to, c)
	return true
}

// useSlip takes a word that is one slip away from a known one: a produce, or else a longer name of a place or a quality.
func (w *wording) useSlip(words []run, key string) bool {
	var senses []sense
	var right string
	for _, k := range w.x.slips(key) {
		found := w.x.latin[k]
		switch kind := bestKind(found); {
		case kind == isProduce && bestKind(senses) != isProduce:
			senses, right = slices.Clone(found), k
		case kind == isProduce,
			bestKind(senses) != isProduce && (kind == isPlace && len(key) >= 5 || kind == isAttribute && len(key) >= 6):
			senses = append(senses, found...)
			if right == "" {
				right = k
			}
		}
	}
	if senses == nil {
		return false
	}
	from, to := words[0].from, words[len(words)-1].to
	w.fixes = append(w.fixes, fix{from, to, right})
	meant := w.x.produceClause(senses, slipped)
	if bestKind(senses) != isProduce {
		meant = qualityClause(senses, slipped)
	}
	w.addClause(from, to, append(meant,
		alternative{inName, key, wordInName}, alternative{inBody, key, wordInBody}, alternative{inSound, key, soundsLike}))
	return true
}

// readWord takes a word nobody knows: two known words written together, or letters as they stand.
func (w *wording) readWord(r run) {
	key := string(w.f.runes[r.from:r.to])
	for i := len(key) - 3; i >= 3; i-- {
		if !isASCII(key) {
			break
		}
		a, b := w.x.latin[key[:i]], w.x.latin[key[i:]]
		if usable(a) && usable(b) {
			w.use(r.from, r.from+i, a, 1)
			w.use(r.from+i, r.to, b, 1)
			return
		}
	}
	w.addClause(r.from, r.to, clause{{inName, key, wordInName}, {inBody, key, wordInBody}, {inSound, key, soundsLike}})
}

func usable(senses []sense) bool {
	k := bestKind(senses)
	return k == isProduce || k == isPlace || k == isAttribute
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' }) }
