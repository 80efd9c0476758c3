package measure

import (
	"strings"

	"jishi/server/fault"
)

// Line is a one-line entry in its parts, as a grower types it: `苹果 3吨 富士80 3元/斤 明早`.
type Line struct {
	What      string // the first word that is no amount: the produce
	Words     []string
	Mass      Grams   // 0: not said
	Price     PriceE4 // -1: not said
	PerGuess  bool    // the price had no "per what"; 斤 was taken, as growers mean it, and has to be confirmed
	Packs     int64   // 836 of 836箱, 0: not said
	PackWord  string  // 箱, 袋, 捆, 筐, 件, 包, 托
	PackGrams Grams   // 6 kg of "6公斤/箱", 0: not said
	When      string  // 今天, 明早, ... as it was said
}

// NoPrice as Line.Price says that no price was given. Zero is a gift.
const NoPrice PriceE4 = -1

var packWords = []string{"箱", "袋", "捆", "筐", "件", "包", "托", "盒"}

var whenWords = []string{"今天", "今早", "今晚", "明天", "明早", "明晚", "后天", "today", "tomorrow"}

var giftWords = map[string]bool{"免费": true, "捐": true, "捐赠": true, "赠送": true, "gift": true, "free": true}

// ParseLine reads a one-line entry. What it is made of is for the caller to look up. A part that looks like an amount and
// isn't one, or is said twice, is a fault that shows the part.
func ParseLine(s string) (Line, error) {
	l := Line{Price: NoPrice}
	if len(s) > 500 {
		return l, fault.New(fault.Invalid, "line_too_long", "This line is too long.")
	}
	for _, word := range strings.FieldsFunc(s, isGap) {
		if err := l.take(word); err != nil {
			return l, err
		}
	}
	if l.What == "" {
		return l, fault.New(fault.Invalid, "no_produce", "Say what it is: %s.", "苹果 3吨 3元/斤")
	}
	return l, nil
}

func isGap(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == 0x3000 || r == '，' || r == '；' || r == ';' || r == '、'
}

func (l *Line) take(word string) error {
	folded := fold(word)
	switch {
	case l.takePack(folded):
		return nil
	case giftWords[folded]:
		return l.setPrice(0, word)
	case strings.ContainsAny(folded, "元块¥") || strings.Contains(folded, "yuan"):
		return l.takePrice(folded, word)
	case l.takeWhen(folded):
		return nil
	}
	if g, err := ParseMass(word); err == nil {
		if l.Mass != 0 {
			return twice(word)
		}
		l.Mass = g
		return nil
	} else if c := folded[:min(1, len(folded))]; c >= "0" && c <= "9" || c == "-" {
		return err
	}
	if l.What == "" {
		l.What = word
	} else {
		l.Words = append(l.Words, word)
	}
	return nil
}

func (l *Line) takePrice(folded, word string) error {
	p, err := ParsePrice(folded)
	if f := fault.Of(err); f != nil && f.Code == "price_per_what" {
		if p, err = ParsePrice(folded + "/斤"); err == nil {
			l.PerGuess = true
		}
	}
	if err != nil {
		return err
	}
	return l.setPrice(p, word)
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
func (l *Line) takePack(folded string) bool {
	for _, w := range packWords {
		if mass, ok := strings.CutSuffix(folded, "/"+w); ok {
			g, err := ParseMass(mass)
			if err == nil {
				l.PackGrams, l.PackWord = g, w
			}
			return err == nil
		}
		n, rest, err := readNumber(folded)
		if err == nil && n.given && !n.negative && n.decimals == 0 && rest == w {
			l.Packs, l.PackWord = n.value, w
			return true
		}
	}
	return false
}

func (l *Line) takeWhen(folded string) bool {
	for _, w := range whenWords {
		if strings.HasPrefix(folded, w) {
			l.When = folded
			return true
		}
	}
	return false
}
