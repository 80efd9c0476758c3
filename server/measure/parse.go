package measure

import (
	"strings"
	"unicode"

	"jishi/server/fault"
)

// MaxMass is the most that one input may say: 10,000 t. More is a slip.
const MaxMass = 10_000 * Tonne

// massUnits are the units of a mass in grams, longest words first so that 公斤 is not read as 斤.
var massUnits = []unit{
	{"kilograms", int64(Kilogram)}, {"kilogram", int64(Kilogram)}, {"tonnes", int64(Tonne)}, {"tonne", int64(Tonne)},
	{"grams", 1}, {"gram", 1}, {"公斤", int64(Kilogram)}, {"千克", int64(Kilogram)}, {"公吨", int64(Tonne)},
	{"kg", int64(Kilogram)}, {"斤", int64(Jin)}, {"两", int64(Liang)}, {"担", int64(Dan)}, {"吨", int64(Tonne)},
	{"克", 1}, {"t", int64(Tonne)}, {"g", 1},
}

type unit struct {
	word string
	size int64
}

// ParseMass reads a net mass: "5016 kg", "3吨", "一吨半", "30斤", "1万斤", "5,016公斤". It refuses what can be read in two ways:
// a bare number, three decimals of a kilogram or a tonne ("5.004 kg" may be 5,004 kg with a thousands dot), and a gross
// weight (毛重). The fault has no field; the caller knows it.
func ParseMass(s string) (Grams, error) {
	text := fold(s)
	if strings.Contains(text, "毛重") && !strings.Contains(text, "净重") {
		return 0, fault.New(fault.Invalid, "gross_weight", "%q is a gross weight; give the net weight.", clip(s))
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "净重"), ":")
	total, rest, found := int64(0), text, false
	for rest != "" {
		g, left, err := oneMass(rest, s)
		if err != nil {
			return 0, err
		}
		if total += g; total > int64(MaxMass) {
			return 0, tooHeavy()
		}
		rest, found = left, true
	}
	if !found {
		return 0, noMass(s)
	}
	return Grams(total), CheckMass(Grams(total))
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
func oneMass(text, whole string) (grams int64, rest string, err error) {
	n, rest, err := readNumber(text)
	if err != nil {
		return 0, "", err
	}
	if !n.given {
		return 0, "", noMass(whole)
	}
	if n.negative {
		return 0, "", fault.New(fault.Invalid, "negative_weight", "A weight can't be below zero.")
	}
	u, rest, ok := cutUnit(rest, massUnits)
	if !ok {
		return 0, "", fault.New(fault.Invalid, "no_unit", "%q lacks its unit: 斤, 公斤 (kg) or 吨 (t).", clip(whole))
	}
	if n.decimals == 3 && u.size >= int64(Kilogram) {
		return 0, "", fault.New(fault.Invalid, "ambiguous_dot",
			"%q can be read in two ways: is the dot for thousands or for decimals? Write %s or the weight in 克 (g).", clip(whole), "5004 kg")
	}
	g, exact := n.times(u.size)
	if !exact {
		return 0, "", fault.New(fault.Invalid, "below_a_gram", "%q is finer than a gram.", clip(whole))
	}
	if half, ok := strings.CutPrefix(rest, "半"); ok {
		g, rest = g+u.size/2, half
	}
	if g > int64(MaxMass) || g < 0 {
		return 0, "", tooHeavy()
	}
	return g, rest, nil
}

func cutUnit(text string, units []unit) (unit, string, bool) {
	for _, u := range units {
		rest, ok := strings.CutPrefix(text, u.word)
		if ok && (u.word[0] >= 0x80 || rest == "" || !unicode.IsLetter(rune(rest[0])) || rest[0] >= 0x80) {
			return u, rest, true
		}
	}
	return unit{}, text, false
}

// MaxPrice is the most a price may be: 1,000 yuan per kilogram.
const MaxPrice PriceE4 = 10_000_000

// ParsePrice reads a price per mass: "6.00元/公斤", "3元/斤", "3块5一斤", "¥1.60/kg", "1600元/吨". A price without "per what" is
// refused: by the kilogram and by the 斤 differ by two.
func ParsePrice(s string) (PriceE4, error) {
	text := fold(s)
	n, rest, err := readMoney(text)
	if err != nil {
		return 0, err
	}
	if !n.given {
		return 0, fault.New(fault.Invalid, "bad_price_text", "%q is not a price; write it like %s.", clip(s), "3元/斤, 6元/公斤")
	}
	if n.negative {
		return 0, fault.New(fault.Invalid, "negative_price", "A price can't be below zero.")
	}
	u, rest, ok := perUnit(rest)
	if !ok || rest != "" {
		return 0, fault.New(fault.Invalid, "price_per_what", "%q lacks its unit: per 斤, 公斤 (kg) or 吨 (t)?", clip(s))
	}
	// 1/10000 yuan per kg = n yuan / u grams x 1000 x 10000
	numerator, ok := n.scaled(10_000)
	if !ok || numerator > 1<<40 || numerator*int64(Kilogram)%u.size != 0 {
		return 0, fault.New(fault.Invalid, "price_too_fine", "%q is finer than 1/10000 yuan per kg.", clip(s))
	}
	p := PriceE4(numerator * int64(Kilogram) / u.size)
	if p > MaxPrice {
		return 0, fault.New(fault.Invalid, "price_too_high", "No produce costs more than 1,000 yuan per kg.")
	}
	return p, nil
}

// perUnit reads "/斤", "一斤", "每公斤" or "per kg".
func perUnit(text string) (unit, string, bool) {
	for _, per := range []string{"/", "每", "一", "per"} {
		if rest, ok := strings.CutPrefix(text, per); ok {
			text = rest
			break
		}
	}
	return cutUnit(text, massUnits)
}

// MaxMoney is the most one amount may be: a billion yuan.
const MaxMoney Fen = 100_000_000_000

// ParseMoney reads an amount: "59,856.00 元", "1.5万元", "¥400", "59856". At most two decimals of a yuan.
func ParseMoney(s string) (Fen, error) {
	n, rest, err := readMoney(fold(s))
	if err != nil {
		return 0, err
	}
	if !n.given || rest != "" {
		return 0, fault.New(fault.Invalid, "bad_money_text", "%q is not an amount; write it like %s.", clip(s), "59856.00元")
	}
	if n.negative {
		return 0, fault.New(fault.Invalid, "negative_money", "An amount can't be below zero.")
	}
	f, exact := n.scaled(100)
	if !exact {
		return 0, fault.New(fault.Invalid, "below_a_fen", "%q is finer than a fen.", clip(s))
	}
	if f > int64(MaxMoney) {
		return 0, fault.New(fault.Invalid, "too_much_money", "An amount is a billion yuan at most.")
	}
	return Fen(f), nil
}

// readMoney reads ¥3.5, 3.5元, 3块5, 1.5万元 off the front.
func readMoney(text string) (number, string, error) {
	marked := false
	for _, mark := range []string{"¥", "cny", "rmb", "人民币"} {
		if rest, ok := strings.CutPrefix(text, mark); ok {
			text, marked = rest, true
			break
		}
	}
	n, rest, err := readNumber(text)
	if err != nil || !n.given {
		return n, rest, err
	}
	for _, word := range []string{"元钱", "元", "块钱", "yuan", "rmb"} {
		if after, ok := strings.CutPrefix(rest, word); ok {
			return n, after, nil
		}
	}
	after, ok := strings.CutPrefix(rest, "块")
	if !ok {
		_ = marked // a bare number is yuan
		return n, rest, nil
	}
	// 3块5 is 3.5: one digit for the tenth of a yuan
	if after != "" && after[0] >= '0' && after[0] <= '9' && n.decimals == 0 && (len(after) == 1 || after[1] < '0' || after[1] > '9') {
		n.value, n.decimals = n.value*10+int64(after[0]-'0'), 1
		after = after[1:]
	}
	return n, after, nil
}

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
		if unicode.IsSpace(r) || r == 0x3000 || r == 0x200b || r == 0xfeff {
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
