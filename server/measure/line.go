package measure

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"jishi/server/fault"
)

// Line is a one-line entry in its parts, as a grower types it: `苹果 3吨 富士80 3元/斤 明早`.
type Line struct {
	What      string // the first word that is no amount: the produce
	Words     []string
	Size      string  // the size grade in one of the Words: "80" of 富士80, "75-80" of 75-80mm; "" not said
	Mass      Grams   // 0: not said
	Price     PriceE4 // NoPrice: not said
	PerGuess  bool    // the price had no "per what"; 斤 was taken, as growers mean it, and has to be confirmed
	Packs     int64   // 836 of 836箱, 0: not said
	PackWord  string  // 箱, 袋, 捆, 筐, 件, 包, 托
	PackGrams Grams   // 6 kg of "6公斤/箱", 0: not said
	When      string  // 今天, 明早 8点, 2月5日, ... as it was said
}

// NoPrice as Line.Price says that no price was given. Zero is a gift.
const NoPrice PriceE4 = -1

var packWords = []string{"箱", "袋", "捆", "筐", "件", "包", "托", "盒"}

var whenWords = []string{"今天", "今早", "今晚", "明天", "明早", "明晚", "后天", "today", "tomorrow", "上午", "下午", "早上", "晚上"}

var giftWords = map[string]bool{"免费": true, "捐": true, "捐赠": true, "赠送": true, "gift": true, "free": true}

// ParseLine reads a one-line entry. What it is made of is for the caller to look up. A part that looks like an amount and
// isn't one, or is said twice, is a fault that shows the part. Words may be joined (苹果3吨) or apart (3 吨).
func ParseLine(s string) (Line, error) {
	l := Line{Price: NoPrice}
	if len(s) > 500 {
		return l, fault.New(fault.Invalid, "line_too_long", "This line is too long.")
	}
	if _, err := netOf(fold(s), s); err != nil {
		return l, err
	}
	words := lineWords(s)
	for i := 0; i < len(words); i++ {
		word := words[i]
		if i+1 < len(words) && isBareNumber(word) && startsWithUnit(words[i+1]) {
			i++
			word += words[i]
		}
		if err := l.take(word); err != nil {
			return l, err
		}
	}
	if l.What == "" {
		return l, fault.New(fault.Invalid, "no_produce", "Say what it is: %s.", "苹果 3吨 3元/斤")
	}
	return l, nil
}

// lineWords splits at spaces and punctuation, but not inside a number: 5,016公斤 and 1.5吨 stay whole.
func lineWords(s string) []string {
	runes := []rune(strings.ToValidUTF8(s, "?"))
	for i, r := range runes {
		inside := i > 0 && i+1 < len(runes) && isDigit(runes[i-1]) && isDigit(runes[i+1])
		switch r {
		case '；', ';', '、', '！', '!', 0x200b, 0xfeff:
			runes[i] = ' '
		case '，', ',', '。', '.', '．':
			if !inside {
				runes[i] = ' '
			}
		}
	}
	return strings.FieldsFunc(string(runes), unicode.IsSpace)
}

func isBareNumber(word string) bool {
	n, rest, err := readNumber(fold(word))
	return err == nil && n.given && rest == ""
}

// startsWithUnit reports whether a word may follow its number after a space: 3 吨, 6 yuan/kg, 836 箱.
func startsWithUnit(word string) bool {
	folded := fold(word)
	for _, list := range [][]string{packWords, {"万", "元", "块", "毛", "yuan"}} {
		for _, w := range list {
			if strings.HasPrefix(folded, w) {
				return true
			}
		}
	}
	_, _, ok := cutUnit(folded, massUnits)
	return ok
}

// take reads one word. A word that is no amount as a whole is cut where an amount begins: 苹果3吨, 3吨3元/斤.
func (l *Line) take(word string) error {
	known, wrong := l.takeAmount(word)
	if known && wrong == nil || isFinal(wrong) {
		return wrong
	}
	for i := range word {
		if i == 0 || !beginsNumber(word, i) {
			continue
		}
		part := *l
		known, err := part.takeAmount(word[i:])
		if isFinal(err) {
			return err
		}
		if known && err == nil {
			*l = part
			return l.take(word[:i])
		}
	}
	if wrong == nil {
		l.takeWord(word)
	}
	return wrong
}

// isFinal tells an error from a word that may still be cut in two: 3吨3元/斤 is no price, and the 80 of 富士80 no weight.
func isFinal(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Code != "price_per_what" && f.Code != "no_unit"
}

// beginsNumber reports whether a number may begin at i: there is a digit, and none just before it.
func beginsNumber(word string, i int) bool {
	r, _ := utf8.DecodeRuneInString(word[i:])
	before, _ := utf8.DecodeLastRuneInString(word[:i])
	return isNumeral(r) && !isNumeral(before) && !strings.ContainsRune(".,．，/", before)
}

func isNumeral(r rune) bool {
	_, digit := hanDigits[r]
	_, place := hanPlaces[r]
	return digit || place || isDigit(r) || strings.ContainsRune("半¥￥-−–负", r)
}

// takeAmount reads a word that is wholly an amount or a time. A word that is plainly meant as one and can't be read is an error.
func (l *Line) takeAmount(word string) (known bool, err error) {
	folded := fold(word)
	switch {
	case folded == "" || folded == "净重" || strings.HasPrefix(folded, "毛重"): // netOf has seen that a net weight is there
		return true, nil
	case giftWords[folded]:
		return true, l.setPrice(0, word)
	}
	for _, read := range []func(string, string) (bool, error){l.takePack, l.takeWhen, l.takePrice, l.takeMass} {
		if known, err = read(folded, word); known || err != nil {
			return known, err
		}
	}
	return false, nil
}

func (l *Line) takeMass(_, word string) (bool, error) {
	g, err := ParseMass(word)
	if err == nil {
		if l.Mass != 0 {
			return true, twice(word)
		}
		l.Mass = g
		return true, nil
	}
	// Words such as 80mm or 四季 begin with a number too: only a bare number and a number that is wrong are errors.
	first, _ := utf8.DecodeRuneInString(word)
	f := fault.Of(err)
	if !isNumeral(first) || f.Code == "bad_weight_text" || f.Code == "vague_number" && !endsInUnit(word) {
		return false, nil
	}
	if f.Code == "no_unit" && !(isBareNumber(word) && isDigit(first)) {
		return false, nil
	}
	return true, err
}

func endsInUnit(word string) bool {
	folded := fold(word)
	for _, u := range massUnits {
		if u.word[0] >= utf8.RuneSelf && strings.HasSuffix(folded, u.word) {
			return true
		}
	}
	return false
}

// takePrice reads 3元/斤, and 3元 as a guess.
func (l *Line) takePrice(folded, word string) (bool, error) {
	if !strings.ContainsAny(folded, "元块毛角¥圆") && !strings.Contains(folded, "yuan") {
		return false, nil
	}
	p, err := ParsePrice(folded)
	f, guess := fault.Of(err), false
	if f != nil && f.Code == "price_per_what" {
		n, rest, e := readMoney(folded, written{folded, "3.5元/斤"})
		if e == nil && n.given && rest == "" && !strings.HasSuffix(folded, "角") { // 八角 is star anise
			guess = true
			p, err = ParsePrice(folded + "/斤")
		}
	}
	first, _ := utf8.DecodeRuneInString(folded)
	switch {
	case err == nil:
		l.PerGuess = l.PerGuess || guess
		return true, l.setPrice(p, word)
	case !isNumeral(first): // 苹果3元/斤, 八角
		return false, nil
	case f.Code == "bad_price_text" || f.Code == "price_per_what" && !isDigit(first): // 三角梅 is a plant
		return false, nil
	}
	return true, err
}

func (l *Line) setPrice(p PriceE4, word string) error {
	if l.Price != NoPrice {
		return twice(word)
	}
	l.Price = p
	return nil
}

func twice(word string) error {
	return fault.New(fault.Invalid, "said_twice", "%q says for the second time what was said before.", clip(word))
}

// takePack reads 836箱 and 6公斤/箱.
func (l *Line) takePack(folded, word string) (bool, error) {
	for _, w := range packWords {
		if mass, ok := strings.CutSuffix(folded, "/"+w); ok {
			return l.setPackGrams(mass, w, word)
		}
		n, rest, err := readNumber(folded)
		if err != nil || !n.given || n.negative || n.decimals > 0 || rest != w {
			continue
		}
		if l.Packs != 0 {
			return true, twice(word)
		}
		l.Packs, l.PackWord = n.value, w
		return true, nil
	}
	return false, nil
}

// setPackGrams leaves what is no weight, 40元/箱, for takePrice to refuse.
func (l *Line) setPackGrams(mass, pack, word string) (bool, error) {
	if g, err := ParseMass(mass); err == nil {
		if l.PackGrams != 0 {
			return true, twice(word)
		}
		l.PackGrams, l.PackWord = g, pack
		return true, nil
	}
	return false, nil
}

// takeWhen reads 明早, 8点 and 2月5日; several make one time.
func (l *Line) takeWhen(folded, _ string) (bool, error) {
	said := false
	for _, w := range whenWords {
		said = said || strings.HasPrefix(folded, w)
	}
	if n, rest, err := readNumber(folded); err == nil && n.given && !n.negative && n.decimals == 0 && n.value <= 31 {
		for _, w := range []string{"月", "日", "号", "点", "时"} {
			said = said || strings.HasPrefix(rest, w)
		}
	}
	if said {
		l.When = strings.TrimSpace(l.When + " " + folded)
	}
	return said, nil
}

// takeWord keeps what is no amount: the produce first, then the rest.
func (l *Line) takeWord(word string) {
	if l.What == "" {
		l.What = word
		return
	}
	l.Words = append(l.Words, word)
	if l.Size == "" {
		l.Size = sizeIn(fold(word))
	}
}

// sizeIn finds the size grade in a word: 80 in 富士80, 80# and 80mm, 75-80 in 75-80. Sizes are millimetres across, 10 to 199.
func sizeIn(word string) string {
	word = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(word, "mm"), "以上"), "#+")
	start := len(word)
	for start > 0 && (word[start-1] >= '0' && word[start-1] <= '9' || word[start-1] == '-') {
		start--
	}
	size := strings.TrimLeft(word[start:], "-")
	for _, part := range strings.Split(size, "-") {
		if len(part) < 2 || len(part) > 3 || part[0] == '0' || len(part) == 3 && part[0] != '1' {
			return ""
		}
	}
	if strings.Count(size, "-") > 1 {
		return ""
	}
	return size
}
