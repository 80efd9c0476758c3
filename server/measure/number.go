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

// Bounds within which a number fits an int64 with every unit.
const (
	maxValue    = 1_000_000_000_000_000
	maxDecimals = 6
)

// dotInTwoWays reports whether the dot may have been meant for thousands: three digits behind it, and no 0 alone before it.
func (n number) dotInTwoWays() bool { return n.decimals == 3 && n.value >= 1000 }

// times gives n x size, and whether it is a whole number. What is out of every bound comes out as 1<<62.
func (n number) times(size int64) (int64, bool) {
	if n.value > (1<<62)/max(size, 1) {
		return 1 << 62, true
	}
	power := pow10(n.decimals)
	return n.value * size / power, n.value*size%power == 0
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// readNumber reads a number off the front: 5016, 5,016, 1.5, -3, 三, 三千五百, 两, 半, and digits with 万, 千 or 百 after them.
// n.given is false when there is none.
func readNumber(text string) (n number, rest string, err error) {
	rest = text
	if after, ok := cutSign(rest); ok {
		n.negative, rest = true, after
	}
	rest = strings.TrimPrefix(rest, "+")
	if rest == "" || (rest[0] < '0' || rest[0] > '9') && rest[0] != '.' {
		return readHan(n, rest, text)
	}
	if n, rest, err = readDigits(n, rest); err != nil {
		return n, rest, err
	}
	for _, big := range []struct {
		word string
		size int64
	}{{"万", 10_000}, {"千", 1_000}, {"百", 100}} {
		if after, ok := strings.CutPrefix(rest, big.word); ok && !strings.HasPrefix(after, "克") {
			n, err = n.grow(big.size, text)
			return n, after, err
		}
	}
	return n, rest, nil
}

// grow multiplies n, so that 1.234万 is a whole number.
func (n number) grow(size int64, whole string) (number, error) {
	if n.value > maxValue/size {
		return n, badNumber(whole)
	}
	n.value *= size
	for n.decimals > 0 && n.value%10 == 0 {
		n.value, n.decimals = n.value/10, n.decimals-1
	}
	return n, nil
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
	whole, rest := cutWhole(text)
	if whole == "" || strings.HasPrefix(rest, ",") {
		return n, text, badNumber(text)
	}
	decimals := ""
	if after, ok := strings.CutPrefix(rest, "."); ok {
		decimals, rest = cutDigits(after)
		if decimals == "" || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ",") {
			return n, text, badNumber(text)
		}
	}
	if len(decimals) > maxDecimals || len(whole)+len(decimals) > 15 {
		return n, text, badNumber(text)
	}
	for _, c := range whole + decimals {
		n.value = n.value*10 + int64(c-'0')
	}
	n.decimals, n.given = len(decimals), true
	return n, rest, nil
}

// cutWhole takes the digits before the dot, without their commas.
func cutWhole(text string) (whole, rest string) {
	whole, rest = cutDigits(text)
	if len(whole) > 3 {
		return whole, rest
	}
	for strings.HasPrefix(rest, ",") {
		group, after := cutDigits(rest[1:])
		if len(group) != 3 {
			break
		}
		whole, rest = whole+group, after
	}
	return whole, rest
}

func cutDigits(text string) (digits, rest string) {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return text[:i], text[i:]
}

var hanDigits = map[rune]int64{
	'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
}

var hanPlaces = map[rune]int64{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1_000, '仟': 1_000, '万': 10_000, '萬': 10_000}

// readHan reads 三, 十二, 三千五百, 三千五 (3,500), 三千零五 (3,005), 两万, and 半. A place is read only where a unit doesn't begin with it
// (千克). Two digits side by side are refused: 三五吨 is three to five tonnes, 十五六斤 fifteen or sixteen.
func readHan(n number, text, whole string) (number, string, error) {
	if after, ok := strings.CutPrefix(text, "半"); ok {
		return number{value: 5, decimals: 1, negative: n.negative, given: true}, after, nil
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
	if rest == text {
		return n, text, nil
	}
	if h.vague {
		return n, text, fault.New(fault.Invalid, "vague_number", "%q may be a range of numbers; give one, in digits.", clip(whole))
	}
	n.value, n.given = h.sum(), true
	if n.value > maxValue {
		return n, text, badNumber(whole)
	}
	return n, rest, nil
}

// han adds up a Chinese numeral: 3,512 is 三千 (section 3000) 五百 (3500) 十 (3510) 二 (digit 2).
type han struct {
	total   int64 // before 万
	section int64 // places read since
	last    int64 // the place read last
	digit   int64 // waits for its place
	has     bool  // a digit waits
	zero    bool  // a 零 stands before it
	vague   bool
}

// sum counts a last digit one place below the one before it, unless 零 stands between: 三千五 is 3,500, 三千零五 is 3,005.
func (h *han) sum() int64 {
	digit := h.digit
	if h.last >= 100 && !h.zero {
		digit *= h.last / 10
	}
	return h.total + h.section + digit
}

func (h *han) take(r rune, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	_, placeNext := hanPlaces[next]
	_, isHanDigit := hanDigits[r]
	place, isPlace := hanPlaces[r]
	switch {
	case h.sum() > maxValue:
		return false
	case r == '两' && (h.has || h.last > 0) && !placeNext: // the unit: 三两, 十两
		return false
	case isHanDigit:
		h.takeDigit(r)
	case isPlace && place < 10_000 && !strings.HasPrefix(after, "克"):
		h.takePlace(place)
	case place == 10_000 && h.sum() > 0 && h.total == 0:
		h.vague = h.vague || h.has && h.last >= 100 && !h.zero // 一百五万
		h.total, h.section, h.digit, h.has, h.zero, h.last = h.sum()*place, 0, 0, false, false, place
	default:
		return false
	}
	return true
}

func (h *han) takeDigit(r rune) {
	d := hanDigits[r]
	h.vague = h.vague || h.has && h.digit > 0
	h.zero = h.zero || d == 0 && h.last > 0
	h.digit, h.has = d, true
}

func (h *han) takePlace(place int64) {
	if !h.has || h.digit == 0 { // 十二, 一百零十
		h.digit = 1
	}
	h.vague = h.vague || h.section > 0 && place >= h.last // 一百二千
	h.section, h.digit, h.has, h.zero, h.last = h.section+h.digit*place, 0, false, false, place
}
