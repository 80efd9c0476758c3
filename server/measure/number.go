package measure

import (
	"strings"
	"unicode/utf8"

	"jishi/server/fault"
)

// number is a decimal number read from a text: value / 10^decimals.
type number struct {
	value    int64
	decimals int
	negative bool
	given    bool
}

// times gives n x size, and whether it is a whole number.
func (n number) times(size int64) (int64, bool) {
	if n.value > (1<<62)/max(size, 1) {
		return 1 << 62, true // out of every bound
	}
	power := pow10(n.decimals)
	return n.value * size / power, n.value*size%power == 0
}

// scaled gives n x scale, and whether it is a whole number.
func (n number) scaled(scale int64) (int64, bool) { return n.times(scale) }

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// Bounds within which a number fits an int64 with every unit.
const (
	maxDigits   = 15
	maxDecimals = 6
)

// readNumber reads a number off the front: 5016, 5,016, 1.5, -3, 三, 三千五百, 两, 半, each with 万 after it. n.given is false
// when there is none.
func readNumber(text string) (n number, rest string, err error) {
	rest = text
	if after, ok := cutSign(rest); ok {
		n.negative, rest = true, after
	}
	rest = strings.TrimPrefix(rest, "+")
	if rest != "" && (rest[0] >= '0' && rest[0] <= '9' || rest[0] == '.') {
		n, rest, err = readDigits(n, rest)
	} else {
		n, rest = readHan(n, rest)
	}
	if err != nil || !n.given {
		return n, rest, err
	}
	for _, big := range []struct {
		word string
		size int64
	}{{"万", 10_000}, {"千", 1_000}, {"百", 100}} {
		if after, ok := strings.CutPrefix(rest, big.word); ok && !strings.HasPrefix(after, "克") {
			n.value, rest = n.value*big.size, after
			break
		}
	}
	return n, rest, nil
}

func cutSign(s string) (string, bool) {
	for _, sign := range []string{"-", "−", "–", "负"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return rest, true
		}
	}
	return s, false
}

func badNumber(text string) error {
	return fault.New(fault.Invalid, "bad_number", "%q is not a number.", clip(text))
}

// readDigits reads 5016, 5,016 and 5,016.25. Commas stand before groups of three, or it is no number.
func readDigits(n number, text string) (number, string, error) {
	whole, i := "", 0
	groups := 0
	for ; i < len(text); i++ {
		c := text[i]
		if c >= '0' && c <= '9' {
			whole += string(c)
			continue
		}
		if c != ',' || !digitsFollow(text[i+1:], 3) || whole == "" || groups == 0 && len(whole) > 3 {
			break
		}
		whole += text[i+1 : i+4]
		i += 3
		groups++
	}
	if i < len(text) && text[i] == ',' {
		return n, text, badNumber(text)
	}
	decimals := ""
	if i < len(text) && text[i] == '.' {
		for i++; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
			decimals += string(text[i])
		}
		if decimals == "" || whole == "" || i < len(text) && text[i] == '.' {
			return n, text, badNumber(text)
		}
	}
	if len(whole) > maxDigits || len(decimals) > maxDecimals || len(whole)+len(decimals) > maxDigits+2 {
		return n, text, badNumber(text)
	}
	for _, c := range whole + decimals {
		n.value = n.value*10 + int64(c-'0')
	}
	n.decimals, n.given = len(decimals), true
	return n, text[i:], nil
}

// digitsFollow reports whether text starts with exactly n digits.
func digitsFollow(text string, n int) bool {
	count := 0
	for count < len(text) && text[count] >= '0' && text[count] <= '9' {
		count++
	}
	return count == n
}

var hanDigits = map[rune]int64{
	'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
}

var hanPlaces = map[rune]int64{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1_000, '仟': 1_000}

// readHan reads 三, 十二, 三千五百, 两万, and 半. A place is read only where a mass unit doesn't begin with it (千克), and a second
// 两 is the unit (三两).
func readHan(n number, text string) (number, string) {
	if after, ok := strings.CutPrefix(text, "半"); ok {
		return number{value: 5, decimals: 1, negative: n.negative, given: true}, after
	}
	var h han
	rest := text
	for rest != "" {
		r, size := utf8.DecodeRuneInString(rest)
		if !h.take(r, rest[size:]) {
			break
		}
		rest = rest[size:]
	}
	if rest == text || h.sum() > 1e12 {
		return n, text
	}
	n.value, n.given = h.sum(), true
	return n, rest
}

// han adds up a Chinese numeral: 3,512 is 三千 (section 3000) 五百 (3500) 十 (3510) 二 (digit 2).
type han struct {
	total   int64 // before 万
	section int64 // places read since
	digit   int64 // digits read since
	has     bool  // a digit waits for its place
}

func (h *han) sum() int64 { return h.total + h.section + h.digit }

func (h *han) take(r rune, after string) bool {
	d, isDigit := hanDigits[r]
	place, isPlace := hanPlaces[r]
	switch {
	case h.sum() > 1e12 || r == '两' && h.has:
		return false
	case isDigit:
		h.digit, h.has = h.digit*10+d, true
	case isPlace && !strings.HasPrefix(after, "克"):
		if !h.has {
			h.digit = 1 // 十二
		}
		h.section, h.digit, h.has = h.section+h.digit*place, 0, false
	case r == '万' && h.sum() > 0:
		h.total, h.section, h.digit, h.has = h.sum()*10_000, 0, 0, false
	default:
		return false
	}
	return true
}
