package payment

import (
	"crypto/rand"
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

// FindReference finds a reference in the words of a bank line, however it was spaced: "货款 js-7k2m 9qxa4" has
// "JS7K2M9QXA4". It gives "" when there is none or its check character is wrong.
func FindReference(words string) string {
	s := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		if r >= 'a' && r <= 'z' {
			return unicode.ToUpper(r)
		}
		if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
			return unicode.ToUpper(r - '０' + '0')
		}
		return -1
	}, words)
	for {
		i := strings.Index(s, "JS")
		if i < 0 || len(s) < i+2+referenceLen {
			return ""
		}
		body := s[i+2 : i+2+referenceLen]
		if fits(body) {
			return "JS" + body
		}
		s = s[i+2:]
	}
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
