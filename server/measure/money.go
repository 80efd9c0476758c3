package measure

import (
	"strings"
	"unicode/utf8"

	"jishi/server/fault"
)

// MaxPrice is the most a price may be: 1,000 yuan per kilogram.
const MaxPrice PriceE4 = 10_000_000

// ParsePrice reads a price per mass: "6.00元/公斤", "3元/斤", "3块5一斤", "8毛/斤", "¥15/500g", "1600元/吨". A price without "per what"
// is refused: by the kilogram and by the 斤 differ by two.
func ParsePrice(s string) (PriceE4, error) {
	if err := checkText(s); err != nil {
		return 0, err
	}
	n, rest, err := readMoney(fold(s), written{s, "3.5元/斤"})
	if err != nil {
		return 0, err
	}
	if !n.given {
		return 0, fault.New(fault.Invalid, "bad_price_text", "%q is not a price; write it like %s.", clip(s), "3元/斤, 6元/公斤")
	}
	if n.negative {
		return 0, fault.New(fault.Invalid, "negative_price", "A price can't be below zero.")
	}
	per, err := perMass(rest, s)
	if err != nil {
		return 0, err
	}
	if without, _ := perKilogram(number{value: n.value}, per); n.dotInTwoWays() && without <= MaxPrice {
		return 0, ambiguousDot(s, "1600元/吨")
	}
	p, exact := perKilogram(n, per)
	if p > MaxPrice {
		return 0, fault.New(fault.Invalid, "price_too_high", "No produce costs more than 1,000 yuan per kg.")
	}
	if !exact {
		return 0, fault.New(fault.Invalid, "price_too_fine", "%q is finer than 1/10000 yuan per kg.", clip(s))
	}
	return p, nil
}

// perKilogram gives n yuan for so many grams as a price, and whether it is exact. Out of bounds is above MaxPrice.
func perKilogram(n number, grams int64) (PriceE4, bool) {
	for n.decimals > 0 && n.value%10 == 0 {
		n.value, n.decimals = n.value/10, n.decimals-1
	}
	e4, exact := n.times(10_000 * int64(Kilogram)) // for one gram
	return PriceE4(e4 / grams), exact && e4%grams == 0
}

// perMass reads "/斤", "一斤", "每公斤", "per kg" and "/500g" in grams.
func perMass(text, whole string) (int64, error) {
	lacking := fault.New(fault.Invalid, "price_per_what", "%q lacks its unit: per 斤, 公斤 (kg) or 吨 (t)?", clip(whole))
	count := int64(1)
	for _, sign := range []string{"/", "每", "per", "一"} {
		rest, ok := strings.CutPrefix(text, sign)
		if !ok {
			continue
		}
		text = rest
		if n, rest, err := readNumber(text); err == nil && n.given && !n.negative && n.decimals == 0 && n.value > 0 && n.value <= 1_000 && sign != "一" {
			count, text = n.value, rest
		}
		break
	}
	u, rest, ok := cutUnit(text, massUnits)
	if !ok || rest != "" {
		return 0, lacking
	}
	return count * u.size, nil
}

// MaxMoney is the most one amount may be: a billion yuan.
const MaxMoney Fen = 100_000_000_000

// ParseMoney reads an amount: "59,856.00 元", "1.5万元", "¥400", "3块5", "59856". At most two decimals of a yuan.
func ParseMoney(s string) (Fen, error) {
	if err := checkText(s); err != nil {
		return 0, err
	}
	n, rest, err := readMoney(fold(s), written{s, "3.5元"}) // an amount has no 斤
	if err != nil {
		return 0, err
	}
	if !n.given || rest != "" && rest != "整" {
		return 0, fault.New(fault.Invalid, "bad_money_text", "%q is not an amount; write it like %s.", clip(s), "59856.00元")
	}
	if n.negative {
		return 0, fault.New(fault.Invalid, "negative_money", "An amount can't be below zero.")
	}
	if n.dotInTwoWays() {
		return 0, ambiguousDot(s, "59856.00元")
	}
	f, exact := n.times(100)
	if !exact {
		return 0, fault.New(fault.Invalid, "below_a_fen", "%q is finer than a fen.", clip(s))
	}
	if f > int64(MaxMoney) {
		return 0, fault.New(fault.Invalid, "too_much_money", "An amount is a billion yuan at most.")
	}
	return Fen(f), nil
}

// readMoney reads ¥3.5, 3.5元, 3块5, 8毛5, 1.5万元 off the front. A bare number is yuan. What can be read in two ways is a fault of the text as it was written.
func readMoney(text string, as written) (number, string, error) {
	for _, mark := range []string{"¥", "cny", "rmb", "人民币"} {
		if rest, ok := strings.CutPrefix(text, mark); ok {
			text = rest
			break
		}
	}
	n, rest, err := readNumber(text)
	if err != nil || !n.given {
		return n, rest, err
	}
	for _, word := range []string{"元钱", "块钱", "yuan", "rmb"} {
		if after, ok := strings.CutPrefix(rest, word); ok {
			return n, after, nil
		}
	}
	for _, word := range []string{"元", "块", "圆"} {
		if after, ok := strings.CutPrefix(rest, word); ok {
			return smallChange(n, after, as)
		}
	}
	return readMao(n, rest, text, as)
}

// readMao reads 8毛 and 8毛5, less than a yuan.
func readMao(n number, rest, whole string, as written) (number, string, error) {
	for _, word := range []string{"毛钱", "毛", "角"} {
		after, ok := strings.CutPrefix(rest, word)
		if !ok {
			continue
		}
		if n.decimals > 0 || n.value > 9 {
			return n, "", badNumber(whole)
		}
		return oneMore(number{value: n.value, decimals: 1, negative: n.negative, given: true}, after, []string{"分"}, as)
	}
	return n, rest, nil
}

// smallChange reads the 5 of 3块5 and the 5毛2 of 3块5毛2 into n.
func smallChange(n number, rest string, as written) (number, string, error) {
	if n.decimals > 0 {
		return n, rest, nil
	}
	n, after, err := oneMore(n, rest, []string{"毛", "角"}, as)
	if err != nil || n.decimals == 0 || !strings.HasSuffix(strings.TrimSuffix(rest, after), "毛") && !strings.HasSuffix(strings.TrimSuffix(rest, after), "角") {
		return n, after, err
	}
	return oneMore(n, after, []string{"分"}, as)
}

// written is a text with a sum in it, and how such a one is written so that it can be read in one way.
type written struct{ whole, like string }

func (w written) ambiguous() *fault.Fault {
	return fault.New(fault.Invalid, "ambiguous_price", "%q can be read in two ways; write it like %s.", clip(w.whole), w.like)
}

// oneMore takes one digit off the front as the next decimal of n, with one of the words after it or none. A digit right before
// a unit is refused: 3块5斤 may be 3.50 for one 斤 or 3 yuan for five. An 一 there belongs to the unit: 3块一斤.
func oneMore(n number, text string, words []string, as written) (number, string, error) {
	r, size := utf8.DecodeRuneInString(text)
	d, isHan := hanDigits[r]
	if !isHan && (r < '0' || r > '9') {
		return n, text, nil
	}
	if !isHan {
		d = int64(r - '0')
	}
	rest := text[size:]
	_, _, unitNext := cutUnit(rest, massUnits)
	if r == '一' && unitNext {
		return n, text, nil
	}
	next, _ := utf8.DecodeRuneInString(rest)
	if unitNext || isDigit(next) || n.value > maxValue/10 {
		return n, "", as.ambiguous()
	}
	n.value, n.decimals = n.value*10+d, n.decimals+1
	for _, w := range words {
		if after, ok := strings.CutPrefix(rest, w); ok {
			return n, after, nil
		}
	}
	return n, rest, nil
}
