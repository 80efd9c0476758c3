package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"jishi/server/fault"
)

// MaxMass is the most that one input may say: 10,000 t. More is a slip.
const MaxMass = 10_000 * Tonne

// massUnits are the units of a mass in grams, longest words first so that 公斤 is not read as 斤.
var massUnits = []unit{
	{"kilograms", int64(Kilogram)}, {"kilogram", int64(Kilogram)}, {"tonnes", int64(Tonne)}, {"tonne", int64(Tonne)},
	{"grams", 1}, {"gram", 1}, {"公斤", int64(Kilogram)}, {"千克", int64(Kilogram)}, {"公吨", int64(Tonne)}, {"市斤", int64(Jin)},
	{"kgs", int64(Kilogram)}, {"kg", int64(Kilogram)}, {"㎏", int64(Kilogram)}, {"斤", int64(Jin)}, {"两", int64(Liang)}, {"担", int64(Dan)},
	{"吨", int64(Tonne)}, {"噸", int64(Tonne)}, {"克", 1}, {"t", int64(Tonne)}, {"g", 1},
}

type unit struct {
	word string
	size int64
}

// ParseMass reads a net mass: "5016 kg", "3吨", "三吨半", "30斤", "1万斤", "5,016公斤", "3吨500公斤". It refuses what can be read in
// two ways: a bare number, three decimals ("5.004 kg" may be 5,004 kg with a thousands dot), 三五吨 (three to five), and a
// gross weight (毛重). The fault has no field; the caller knows it.
func ParseMass(s string) (Grams, error) {
	if err := checkText(s); err != nil {
		return 0, err
	}
	text, err := netOf(fold(s), s)
	if err != nil {
		return 0, err
	}
	total, rest, above := int64(0), text, int64(Tonne)+1
	for rest != "" {
		g, size, left, err := oneMass(rest, s)
		if err != nil {
			return 0, err
		}
		if size >= above {
			return 0, noMass(s) // 3吨3吨, 500公斤3吨
		}
		if total += g; total > int64(MaxMass) {
			return 0, tooHeavy()
		}
		rest, above = left, size
	}
	if rest == text {
		return 0, noMass(s)
	}
	return Grams(total), CheckMass(Grams(total))
}

// netOf cuts the words 净重 and net away, and faults a gross weight that stands alone.
func netOf(text, whole string) (string, error) {
	_, net, said := strings.Cut(text, "净重")
	if !said && (strings.Contains(text, "毛重") || strings.HasPrefix(text, "gross")) {
		return "", fault.New(fault.Invalid, "gross_weight", "%q is a gross weight; give the net weight.", clip(whole))
	}
	if said {
		text, _, _ = strings.Cut(net, "毛重")
		return strings.Trim(text, ":为是,;、"), nil
	}
	return strings.TrimPrefix(strings.TrimPrefix(text, "net"), ":"), nil
}

// CheckMass faults what no load can weigh: nothing, less, or more than 10,000 t.
func CheckMass(g Grams) error {
	if g <= 0 {
		return fault.New(fault.Invalid, "bad_weight", "A weight is more than nothing.")
	}
	if g > MaxMass {
		return tooHeavy()
	}
	return nil
}

func tooHeavy() error {
	return fault.New(fault.Invalid, "too_heavy", "No load weighs more than 10,000 t.")
}

func noMass(s string) error {
	return fault.New(fault.Invalid, "bad_weight_text", "%q is not a weight; write it like %s.", clip(s), "3吨, 500公斤, 30斤, 5016 kg")
}

// oneMass reads a number and its unit off the front: "3吨" of "3吨500公斤". 半 after the unit adds half of it.
func oneMass(text, whole string) (grams, size int64, rest string, err error) {
	n, rest, err := readNumber(text)
	if err != nil {
		return 0, 0, "", err
	}
	if !n.given {
		return 0, 0, "", noMass(whole)
	}
	if n.negative {
		return 0, 0, "", fault.New(fault.Invalid, "negative_weight", "A weight can't be below zero.")
	}
	u, rest, ok := cutUnit(rest, massUnits)
	if !ok {
		return 0, 0, "", fault.New(fault.Invalid, "no_unit", "%q lacks its unit: 斤, 公斤 (kg) or 吨 (t).", clip(whole))
	}
	if n.dotInTwoWays() {
		return 0, 0, "", ambiguousDot(whole, "5004 kg")
	}
	g, exact := n.times(u.size)
	if !exact {
		return 0, 0, "", fault.New(fault.Invalid, "below_a_gram", "%q is finer than a gram.", clip(whole))
	}
	if half, ok := strings.CutPrefix(rest, "半"); ok {
		if half != "" || u.size == 1 || n.decimals > 0 {
			return 0, 0, "", noMass(whole)
		}
		g, rest = g+u.size/2, half
	}
	if g > int64(MaxMass) || g < 0 {
		return 0, 0, "", tooHeavy()
	}
	return g, u.size, rest, nil
}

func ambiguousDot(whole, plain string) error {
	return fault.New(fault.Invalid, "ambiguous_dot",
		"%q can be read in two ways: is the dot for thousands or for decimals? Write it without one, like %s.", clip(whole), plain)
}

func cutUnit(text string, units []unit) (unit, string, bool) {
	for _, u := range units {
		rest, ok := strings.CutPrefix(text, u.word)
		if ok && (u.word[0] >= utf8.RuneSelf || rest == "" || !isLatin(rest[0])) {
			return u, rest, true
		}
	}
	return unit{}, text, false
}

func isLatin(c byte) bool { return c >= 'a' && c <= 'z' }

// maxText is the longest amount in bytes, spaces included.
const maxText = 200

// checkText faults what is too long, and a space inside a number: "1 2 kg" is a slip, and "3 500公斤" may be two numbers.
func checkText(s string) error {
	if len(s) > maxText {
		return fault.New(fault.Invalid, "amount_too_long", "%q is too long for an amount.", clip(s))
	}
	digit, space := false, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = true
		case isDigit(r):
			if digit && space {
				return fault.New(fault.Invalid, "space_in_number", "%q has a space inside a number.", clip(s))
			}
			digit, space = true, false
		default:
			digit, space = false, false
		}
	}
	return nil
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

// fold makes one writing of many: full-width to ASCII, lower case, no spaces.
func fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '。':
			r = '.'
		case r == '￥':
			r = '¥'
		}
		if unicode.IsSpace(r) || r == 0x200b || r == 0xfeff {
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// clip shortens a text from outside for use in a sentence.
func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, "?"))
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return string(r)
}
