package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jishi/server/measure"
)

// Kind says what a value is, and so how it is written.
type Kind string

// The kinds of value. N holds numbers, Text and Zh what is written with letters.
const (
	Number    Kind = "count"
	Weight    Kind = "grams"     // in tonnes with one decimal
	Room      Kind = "ml"        // in cubic metres with two decimals
	Money     Kind = "fen"       // in yuan with two decimals
	Change    Kind = "fen_more"  // in yuan with its sign
	Way       Kind = "metres"    // in whole kilometres
	Part      Kind = "per_mille" // in per cent
	Degrees   Kind = "tenths"    // of a degree Celsius
	Moment    Kind = "instant"   // unix milliseconds
	Time      Kind = "ms"        // a span
	Date      Kind = "day"
	Name      Kind = "name"  // of a thing; Zh where the Chinese one differs
	Rule      Kind = "rule"  // a rule's own sentence
	Word      Kind = "word"  // a code of the table of words
	Paragraph Kind = "text"  // sentences within a sentence
	Plate     Kind = "plate" // of a truck
)

// Value fills a gap of a sentence.
type Value struct {
	Kind Kind   `json:"kind" enum:"count,grams,ml,fen,fen_more,metres,per_mille,tenths,instant,ms,day,name,rule,word,text,plate"`
	N    int64  `json:"n,omitempty"`
	Text string `json:"text,omitempty"`
	Zh   string `json:"zh,omitempty"`
	Said Text   `json:"said,omitempty"`
}

// The makers of values, named by what they take.

func Count(n int) Value                 { return Value{Kind: Number, N: int64(n)} }
func Tonnes(g measure.Grams) Value      { return Value{Kind: Weight, N: int64(g)} }
func Cubic(v measure.Millilitres) Value { return Value{Kind: Room, N: int64(v)} }
func Yuan(f measure.Fen) Value          { return Value{Kind: Money, N: int64(f)} }
func More(f measure.Fen) Value          { return Value{Kind: Change, N: int64(f)} }
func Km(m measure.Metres) Value         { return Value{Kind: Way, N: int64(m)} }
func Share(perMille int) Value          { return Value{Kind: Part, N: int64(perMille)} }
func Tenths(n int) Value                { return Value{Kind: Degrees, N: int64(n)} }
func At(m measure.Millis) Value         { return Value{Kind: Moment, N: int64(m)} }
func Span(m measure.Millis) Value       { return Value{Kind: Time, N: int64(m)} }
func Day(day string) Value              { return Value{Kind: Date, Text: day} }
func Named(en, zh string) Value         { return Value{Kind: Name, Text: en, Zh: zh} }
func OfRule(en, zh string) Value        { return Value{Kind: Rule, Text: en, Zh: zh} }
func Coded(code string) Value           { return Value{Kind: Word, Text: code} }
func OfPlate(plate string) Value        { return Value{Kind: Plate, Text: plate} }
func Within(t Text) Value               { return Value{Kind: Paragraph, Said: t} }

const hour, minute = 3_600_000, 60_000

var china = time.FixedZone("+08:00", 8*3600)

// In writes the value.
func (v Value) In(lang string) string {
	switch v.Kind {
	case Weight:
		return decimals(v.N, int64(measure.Tonne), 1)
	case Room:
		return decimals(v.N, 1_000_000, 2)
	case Money:
		return decimals(v.N, 100, 2)
	case Change:
		if v.N >= 0 {
			return "+" + decimals(v.N, 100, 2)
		}
		return decimals(v.N, 100, 2)
	case Way:
		return strconv.FormatInt((v.N+500)/1000, 10)
	case Part:
		return percent(v.N)
	case Degrees:
		return decimals(v.N, 10, 1)
	case Moment:
		return time.UnixMilli(v.N).In(china).Format("01-02 15:04")
	case Time:
		return span(v.N, lang)
	case Number:
		return strconv.FormatInt(v.N, 10)
	case Paragraph:
		return v.Said.In(lang)
	case Word:
		return wordIn(v.Text, lang)
	}
	if lang == Chinese && v.Zh != "" {
		return v.Zh
	}
	return v.Text
}

// decimals writes n units as wholes with so many decimals, rounded half up.
func decimals(n, whole int64, places int) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
	}
	step := whole
	for range places {
		step /= 10
	}
	n = (n + step/2) / step
	text := strconv.FormatInt(n, 10)
	if len(text) <= places {
		text = strings.Repeat("0", places+1-len(text)) + text
	}
	return sign + text[:len(text)-places] + "." + text[len(text)-places:]
}

// percent prints a share with one decimal; above the whole, where a tenth no longer helps, rounded to whole percents.
func percent(perMille int64) string {
	if perMille > 1000 {
		return strconv.FormatInt((perMille+5)/10, 10)
	}
	return fmt.Sprintf("%d.%d", perMille/10, perMille%10)
}

func span(ms int64, lang string) string {
	if lang == Chinese {
		return fmt.Sprintf("%d 小时 %02d 分", ms/hour, ms%hour/minute)
	}
	return fmt.Sprintf("%d h %02d min", ms/hour, ms%hour/minute)
}

func wordIn(code, lang string) string {
	both, ok := vocabulary[code]
	switch {
	case !ok:
		return code
	case lang == Chinese:
		return both.zh
	}
	return both.en
}
