package search

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The grammar of what is read out of a query, on folded text. RE2 keeps it linear in the length of the text.
const (
	numberRE   = `((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[零一二两三四五六七八九十百]+|半)\s*(万|千)?`
	weightRE   = `(吨半|吨|公吨|公斤|千克|市斤|斤|tonnes?|tons?|kgs?|gongjin|jin|dun|t)`
	currencyRE = `(?:元钱?|块钱?|yuan|rmb|cny)`
	perRE      = `(?:\s*(?:/|每|一|per\s*)\s*(公斤|千克|市斤|斤|吨|kg|t|jin))?`
	lessRE     = `(以下|以内|之内|以里|封顶|内|or less|max)`
	moreRE     = `(以上|起步|起|or more)`
)

var (
	rangeRE  = regexp.MustCompile(`[¥￥]?\s*(\d+(?:\.\d+)?)\s*(?:元|块)?\s*(?:-|~|到|至)\s*[¥￥]?\s*(\d+(?:\.\d+)?)\s*` + currencyRE + perRE)
	upToRE   = regexp.MustCompile(`(?:不超过|不高于|低于|少于|小于|最多|最高|<=?|≤|under|below|up to)\s*[¥￥]?\s*` + numberRE + `\s*` + currencyRE + perRE)
	fromRE   = regexp.MustCompile(`(?:不低于|高于|超过|大于|至少|>=?|≥|over|above|at least)\s*[¥￥]?\s*` + numberRE + `\s*` + currencyRE + perRE)
	yuanRE   = regexp.MustCompile(`[¥￥]?\s*` + numberRE + `\s*` + currencyRE + `(\d)?(?:[角毛])?` + perRE + `\s*(?:` + lessRE + `|` + moreRE + `)?`)
	jiaoRE   = regexp.MustCompile(numberRE + `\s*(?:角|毛钱?)` + perRE + `\s*(?:` + lessRE + `|` + moreRE + `)?`)
	gramsRE  = regexp.MustCompile(numberRE + `\s*` + weightRE + `(?:以上|起|左右)?(?:[^a-z]|$)`)
	dateRE   = regexp.MustCompile(`(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*([日号])?\s*(之前|以前|前)?\s*(后|起)?\s*(到货|送达|要货)?` + pickedRE)
	wordDay  = regexp.MustCompile(`(今天|今日|明天|明日|后天|昨天|昨日|前天)\s*(之前|以前|前)?\s*(到货|送达|要货)?` + pickedRE)
	withinRE = regexp.MustCompile(`(\d{1,3}|[一二两三四五六七八九十]+|半)\s*(?:天|日|days?)\s*(?:以|之)?(内|以上)?\s*(?:新)?` + pickedRE)
)

const pickedRE = `\s*(采收|采摘|采挖|收获|收割|新摘|现摘|现挖|采|摘|挖|harvested|picked)?`

var beijing = time.FixedZone("CST", 8*60*60)

// reading collects the filters read from a text.
type reading struct {
	x        *lexicon
	original string
	f        folded
	now      time.Time
	filters  Filters
	grams    int64
	to       *Place
	chips    []Chip
}

// match runs a rule on what is left of the text. If the rule accepts its first match, the words are taken out.
func (r *reading) match(re *regexp.Regexp, accept func(group []string) (Chip, bool)) bool {
	s := string(r.f.runes)
	m := re.FindStringSubmatchIndex(s)
	if m == nil {
		return false
	}
	groups := make([]string, len(m)/2)
	for i := range groups {
		if m[2*i] >= 0 {
			groups[i] = s[m[2*i]:m[2*i+1]]
		}
	}
	chip, ok := accept(groups)
	if !ok {
		return false
	}
	end := m[1]
	if re == gramsRE { // the rule looks one character ahead
		end = m[5] // end of the multiplier, or of the unit
		if m[7] > end {
			end = m[7]
		}
		for _, w := range []string{"以上", "起", "左右"} {
			if strings.HasPrefix(s[end:], w) {
				end += len(w)
				break
			}
		}
	}
	r.take(utf8.RuneCountInString(s[:m[0]]), utf8.RuneCountInString(s[:end]), chip)
	return true
}

// take removes runes from the text and keeps the chip that says so.
func (r *reading) take(from, to int, c Chip) {
	for from < to && r.f.runes[from] == ' ' {
		from++
	}
	for to > from && r.f.runes[to-1] == ' ' {
		to--
	}
	for i := from; i < to; i++ {
		r.f.runes[i] = ' '
	}
	a, b := r.f.at[from], r.f.at[to]
	c.Words = r.original[a:b]
	c.Without = strings.Join(strings.Fields(r.original[:a]+" "+r.original[b:]), " ")
	r.chips = append(r.chips, c)
}

func (r *reading) readAmounts() {
	r.match(rangeRE, func(g []string) (Chip, bool) {
		lo, ok1 := priceE4(g[1], "", g[3])
		hi, ok2 := priceE4(g[2], "", g[3])
		if !ok1 || !ok2 || lo > hi {
			return Chip{}, false
		}
		r.filters.MinPriceE4, r.filters.MaxPriceE4 = lo, hi
		return Chip{Field: "price", Label: yuan(lo) + "–" + yuan(hi) + " 元/kg"}, true
	})
	r.match(upToRE, func(g []string) (Chip, bool) { return r.price(g[1], g[2], g[3], false) })
	r.match(fromRE, func(g []string) (Chip, bool) { return r.price(g[1], g[2], g[3], true) })
	for range 2 {
		r.match(yuanRE, func(g []string) (Chip, bool) {
			n := g[1]
			if g[3] != "" && !strings.Contains(n, ".") {
				if v, ok := number(n, ""); ok {
					n = strconv.FormatFloat(v, 'f', -1, 64) + "." + g[3]
				}
			}
			return r.price(n, g[2], g[4], g[6] != "")
		})
	}
	r.match(jiaoRE, func(g []string) (Chip, bool) {
		v, ok := number(g[1], g[2])
		return r.price(strconv.FormatFloat(v/10, 'f', -1, 64), "", g[3], g[5] != "" && ok)
	})
	r.match(gramsRE, func(g []string) (Chip, bool) { return r.weight(g[1], g[2], g[3]) })
}

func (r *reading) price(num, times, per string, atLeast bool) (Chip, bool) {
	v, ok := priceE4(num, times, per)
	if !ok {
		return Chip{}, false
	}
	if atLeast {
		r.filters.MinPriceE4 = v
		return Chip{Field: "price", Label: "≥ " + yuan(v) + " 元/kg"}, true
	}
	r.filters.MaxPriceE4 = v
	return Chip{Field: "price", Label: "≤ " + yuan(v) + " 元/kg"}, true
}

func (r *reading) weight(num, times, unit string) (Chip, bool) {
	v, ok := number(num, times)
	if !ok {
		return Chip{}, false
	}
	g := v * gramsPer(unit)
	if unit == "吨半" {
		g += 500_000
	}
	if g < 1 || g > maxGrams {
		return Chip{}, false
	}
	r.grams = int64(g)
	r.filters.MinGrams = r.grams
	return Chip{Field: "grams", Label: "≥ " + weightLabel(r.grams)}, true
}

func gramsPer(unit string) float64 {
	switch unit {
	case "公斤", "千克", "kg", "kgs", "gongjin":
		return 1000
	case "市斤", "斤", "jin":
		return 500
	}
	return 1_000_000
}

func weightLabel(g int64) string {
	if g >= 1_000_000 {
		return trimmed(float64(g)/1e6) + " 吨"
	}
	return trimmed(float64(g)/1e3) + " 公斤"
}

func trimmed(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func yuan(e4 int64) string {
	s := fmt.Sprintf("%d.%04d", e4/10_000, e4%10_000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// priceE4 turns a number and what it is for into 1/10,000 yuan per kg; without a word for it the price is for a kilogram.
func priceE4(num, times, per string) (int64, bool) {
	v, ok := number(num, times)
	if !ok {
		return 0, false
	}
	if per != "" {
		v = v * 1000 / gramsPer(per)
	}
	p := int64(v*10_000 + 0.5)
	return p, p > 0 && p <= MaxPriceE4
}

// number reads digits or Chinese numerals up to 9,999, times 千 or 万.
func number(s, times string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil {
		n, ok := hanNumber(s)
		if !ok {
			return 0, false
		}
		v = n
	}
	switch times {
	case "千":
		v *= 1000
	case "万":
		v *= 10_000
	}
	return v, v > 0 && v < 1e12
}

func hanNumber(s string) (float64, bool) {
	if s == "半" {
		return 0.5, true
	}
	total, digit := 0, 0
	for _, r := range s {
		switch {
		case r == '十' || r == '百':
			times := 10
			if r == '百' {
				times = 100
			}
			total += max(digit, 1) * times
			digit = 0
		case r == '两':
			digit = 2
		default:
			i := strings.IndexRune("零一二三四五六七八九", r)
			if i < 0 {
				return 0, false
			}
			digit = i / len("零")
		}
		if total > 9999 {
			return 0, false
		}
	}
	total += digit
	return float64(total), total > 0
}

func (r *reading) readDates() {
	r.match(dateRE, func(g []string) (Chip, bool) {
		d, ok := r.date(g[1], g[2], g[3], g[4])
		if !ok {
			return Chip{}, false
		}
		return r.dated(d, g[8] != "")
	})
	r.match(wordDay, func(g []string) (Chip, bool) {
		days := map[string]int{"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "昨天": -1, "昨日": -1, "前天": -2}[g[1]]
		return r.dated(startOfDay(r.now).AddDate(0, 0, days), g[4] != "")
	})
	r.match(withinRE, func(g []string) (Chip, bool) {
		n, ok := number(g[1], "")
		if !ok || g[2] == "" && g[3] == "" {
			return Chip{}, false
		}
		span := time.Duration(n * float64(24*time.Hour))
		if g[3] != "" {
			return r.harvestedSince(r.now.Add(-span)), true
		}
		return r.goodUntil(r.now.Add(span)), true
	})
}

// date reads year, month and day; without a year it is the one closest to now. Without 日 or 号 it needs the year: 2-20 alone
// may be a range.
func (r *reading) date(y, m, d, mark string) (time.Time, bool) {
	if y == "" && mark == "" {
		return time.Time{}, false
	}
	month, _ := strconv.Atoi(m)
	dayOf, _ := strconv.Atoi(d)
	year, err := strconv.Atoi(y)
	if err != nil {
		year = r.now.In(beijing).Year()
	}
	t := time.Date(year, time.Month(month), dayOf, 0, 0, 0, 0, beijing)
	if int(t.Month()) != month || t.Day() != dayOf || year < 1971 {
		return time.Time{}, false
	}
	if y == "" && r.now.Sub(t) > 183*24*time.Hour {
		t = t.AddDate(1, 0, 0)
	}
	return t, true
}

func startOfDay(t time.Time) time.Time {
	y, m, d := t.In(beijing).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, beijing)
}

// dated takes a day as the day of the harvest if the words say so, or if it lies in the past; else as the day the goods
// are wanted.
func (r *reading) dated(d time.Time, picked bool) (Chip, bool) {
	if d.UnixMilli() < 0 {
		return Chip{}, false
	}
	if picked || d.Before(startOfDay(r.now)) {
		return r.harvestedSince(d), true
	}
	return r.goodUntil(d), true
}

func (r *reading) harvestedSince(t time.Time) Chip {
	r.filters.HarvestedSince = t.UnixMilli()
	return Chip{Field: "harvest", Label: t.In(beijing).Format("2006-01-02") + " 后采收"}
}

func (r *reading) goodUntil(t time.Time) Chip {
	r.filters.GoodUntil = t.UnixMilli()
	return Chip{Field: "date", Label: t.In(beijing).Format("2006-01-02") + " 仍可供"}
}
