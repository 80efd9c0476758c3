package payment

import (
	"crypto/rand"
	"slices"
	"strings"
	"unicode"
)

// alphabet has no letter that is mistaken for a digit in a hand-written transfer form.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// referenceLen counts what follows "JS": eight random characters and one that checks them.
const referenceLen = 9

// NewReference makes the word that a transfer quotes, like "JS7K2M9QXA4". One in 2^40 is the same as another; the
// database refuses a second one.
func NewReference() string {
	raw := make([]byte, referenceLen-1)
	rand.Read(raw) // never fails
	var b strings.Builder
	b.WriteString("JS")
	for i := range raw {
		raw[i] = alphabet[raw[i]%32]
	}
	b.Write(raw)
	b.WriteByte(checkChar(string(raw)))
	return b.String()
}

// References finds what may be references in the words of a bank line, however they were spaced, each once: "货款 js-7k2m 9qxa4" has
// "JS7K2M9QXA4". Its check character must be right; one word in thirty-two passes by chance, so "JS JS7K2M9QXA4" may have two.
func References(words string) []string {
	s := strings.Map(plain, words)
	var out []string
	for {
		i := strings.Index(s, "JS")
		if i < 0 || len(s) < i+2+referenceLen {
			return out
		}
		if body := s[i+2 : i+2+referenceLen]; fits(body) && !slices.Contains(out, "JS"+body) {
			out = append(out, "JS"+body)
		}
		s = s[i+2:]
	}
}

// plain makes a capital or a digit of normal width of r, and drops what is neither.
func plain(r rune) rune {
	if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
		r -= '０' - '0'
	}
	switch r = unicode.ToUpper(r); {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
		return r
	}
	return -1
}

// fits reports whether the last character checks the others.
func fits(body string) bool {
	for i := range body {
		if strings.IndexByte(alphabet, body[i]) < 0 {
			return false
		}
	}
	return checkChar(body[:len(body)-1]) == body[len(body)-1]
}

// checkChar finds every single wrong character and every swap of two neighbours but one in thirty-two: the weights are odd and so invertible
// modulo 32, and differ by two.
func checkChar(body string) byte {
	sum := 0
	for i := range len(body) {
		sum += strings.IndexByte(alphabet, body[i]) * (2*i + 1)
	}
	return alphabet[sum%32]
}

// NearReferences finds references that are one slip away from what stands in the words: one wrong character, or two neighbours swapped.
// They are suggestions; nothing is booked by them.
func NearReferences(words string) []string {
	s := strings.Map(plain, words)
	var out []string
	for {
		i := strings.Index(s, "JS")
		if i < 0 || len(s) < i+2+referenceLen {
			return out
		}
		for _, body := range slips(s[i+2 : i+2+referenceLen]) {
			if fits(body) && !slices.Contains(out, "JS"+body) {
				out = append(out, "JS"+body)
			}
		}
		s = s[i+2:]
	}
}

// slips lists what a body may have been before one slip.
func slips(body string) []string {
	var out []string
	for i := range len(body) {
		for _, c := range []byte(alphabet) {
			if c != body[i] {
				out = append(out, body[:i]+string(c)+body[i+1:])
			}
		}
		if i > 0 && body[i] != body[i-1] {
			out = append(out, body[:i-1]+string(body[i])+string(body[i-1])+body[i+1:])
		}
	}
	return out
}
