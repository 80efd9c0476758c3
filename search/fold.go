package search

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

//go:embed simplified.txt
var simplifiedTable string

var simplified = sync.OnceValue(func() map[rune]rune {
	m := make(map[rune]rune, 4200)
	for l := range strings.Lines(simplifiedTable) {
		from, to, ok := strings.Cut(strings.TrimSpace(l), "\t")
		if strings.HasPrefix(l, "#") || !ok {
			continue
		}
		want := []rune(to)
		for i, r := range []rune(from) {
			m[r] = want[i]
		}
	}
	return m
})

// folded is a text in the form it is compared in: one rune for each rune of the original.
type folded struct {
	runes []rune
	at    []int // byte offset in the original of each rune, and the length at the end
}

// fold makes full-width characters half-width, letters lower-case and without marks, characters simplified, and everything
// that is neither letter, digit nor plain punctuation a space.
func fold(s string) folded {
	f := folded{make([]rune, 0, len(s)), make([]int, 0, len(s)+1)}
	for i, r := range s {
		f.runes = append(f.runes, foldRune(r))
		f.at = append(f.at, i)
	}
	f.at = append(f.at, len(s))
	return f
}

func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return unicode.ToLower(r)
	}
	if n := width.LookupRune(r).Folded(); n != 0 {
		r = n
	}
	switch r {
	case utf8.RuneError:
		return ' '
	case 'ü', 'Ü', 'ǖ', 'ǘ', 'ǚ', 'ǜ':
		return 'v'
	}
	if t, ok := simplified()[r]; ok {
		return t
	}
	if unicode.Is(unicode.Latin, r) {
		r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	}
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return ' '
	}
	return unicode.ToLower(r)
}

// foldString folds a name to be looked up.
func foldString(s string) string { return string(fold(s).runes) }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' ||
		r >= utf8.RuneSelf && !isHan(r) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// run is a stretch of Han characters, or one word of letters and digits: runes[from:to].
type run struct {
	from, to int
	han      bool
}

func runs(f []rune) []run {
	var out []run
	for i := 0; i < len(f); {
		j := i
		switch {
		case isHan(f[i]):
			for j < len(f) && isHan(f[j]) {
				j++
			}
			out = append(out, run{i, j, true})
		case isWord(f[i]):
			for j < len(f) && isWord(f[j]) {
				j++
			}
			out = append(out, run{i, j, false})
		default:
			j++
		}
		i = j
	}
	return out
}

// safeToken is a word as both engines' tokenisers keep it in one piece: characters outside the plane that every version of
// Unicode agrees on are spelled out, and very long words are cut.
func safeToken(s string) string {
	s = spelledOut(s)
	if len(s) <= maxToken {
		return s
	}
	cut := maxToken
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

const maxToken = 240 // bytes

func spelledOut(s string) string {
	plain := true
	for _, r := range s {
		plain = plain && (r < utf8.RuneSelf || r >= 0x4e00 && r <= 0x9fa5)
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf || r >= 0x4e00 && r <= 0x9fa5 {
			b.WriteRune(r)
		} else {
			b.WriteString("u")
			for sh := 20; sh >= 0; sh -= 4 {
				b.WriteByte("0123456789abcdef"[r>>sh&15])
			}
		}
	}
	return b.String()
}
