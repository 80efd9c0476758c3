package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// completions are the vocabulary's words in order, to be found by their beginnings.
type completions struct {
	words []completion
	short sync.Map // the answers to beginnings that many words share, by beginning: ordering thousands of words takes milliseconds
}

type completion struct {
	key string // folded: Chinese, pinyin, initials or English
	sense
}

func (c *completions) add(key string, s sense) {
	if key != "" {
		c.words = append(c.words, completion{key, s})
	}
}

func (c *completions) sort() {
	slices.SortStableFunc(c.words, func(a, b completion) int { return cmp.Compare(a.key, b.key) })
}

const maxCandidates = 48

// find gives what begin finds. The result must not be changed.
func (c *completions) find(prefix string) []completion {
	if kept, ok := c.short.Load(prefix); ok {
		return kept.([]completion)
	}
	out := c.begin(prefix)
	if len(out) == maxCandidates {
		c.short.Store(prefix, out)
	}
	return out
}

// begin gives the distinct produce and places with a name that begins with prefix: whole words first, then produce, then
// the larger places, at most maxCandidates.
func (c *completions) begin(prefix string) []completion {
	i, _ := slices.BinarySearchFunc(c.words, prefix, func(w completion, p string) int { return cmp.Compare(w.key, p) })
	var out []completion
	seen := map[string]bool{}
	for ; i < len(c.words) && strings.HasPrefix(c.words[i].key, prefix); i++ {
		w := c.words[i]
		id := w.surface
		if w.kind == isPlace {
			id = w.place.Code
		}
		if !seen[id] {
			seen[id] = true
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b completion) int {
		return cmp.Or(cmp.Compare(rankOf(a, prefix), rankOf(b, prefix)), cmp.Compare(len(a.key), len(b.key)), cmp.Compare(a.key, b.key))
	})
	return slices.Clone(out[:min(len(out), maxCandidates)])
}

func rankOf(c completion, prefix string) int {
	r := 0
	if c.kind == isPlace {
		r = c.place.Level
	}
	if c.key != prefix {
		r += 4
	}
	return r
}

const maxSuggestions = 20

// candidate is a completion to be counted by an engine.
type candidate struct {
	completion
	before string // the text before the word being typed
}

// candidates finds what the last word of the text may become.
func (x *lexicon) candidates(text string, n int) ([]candidate, error) {
	if err := validText("prefix", text); err != nil {
		return nil, err
	}
	if n < 1 || n > maxSuggestions {
		return nil, invalid("n", "must be 1 to %d", maxSuggestions)
	}
	cut := strings.LastIndexAny(text, " \t　") + 1
	if strings.HasPrefix(text[max(0, cut-1):], "　") {
		cut += len("　") - 1
	}
	word := keep(foldString(text[cut:]), func(r rune) bool { return isHan(r) || isWord(r) })
	if word == "" {
		return nil, nil
	}
	var out []candidate
	for _, c := range x.complete.find(word) {
		out = append(out, candidate{c, text[:cut]})
	}
	return out, nil
}

// suggestions orders counted candidates: the most listings first, produce before places.
func (x *lexicon) suggestions(cands []candidate, counts []int, n int) []Suggestion {
	out := []Suggestion{}
	for i, c := range cands {
		if counts[i] == 0 {
			continue
		}
		s := Suggestion{Text: c.before + c.surface, Word: c.surface, Kind: "produce", Count: counts[i]}
		if c.kind == isPlace {
			s.Kind, s.Word, s.Text = "place", c.place.Name, c.before+c.place.Name
			if p := x.places[provinceOf(c.place.Code)]; p != nil && p.Code != c.place.Code {
				s.Note = p.Name
			}
		} else if c.surface != hanOnly(foldString(c.name)) {
			s.Note = c.name
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Suggestion) int {
		return cmp.Or(-cmp.Compare(a.Kind, b.Kind), -cmp.Compare(a.Count, b.Count))
	})
	return out[:min(n, len(out))]
}

func provinceOf(code string) string {
	if len(code) < 2 {
		return code
	}
	return code[:2] + "0000"
}
