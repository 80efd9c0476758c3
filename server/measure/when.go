package measure

import (
	"strings"
	"time"
)

// days and hours are what growers call them. 凌晨 and 夜里 are left out: which day they belong to is a matter of taste.
var (
	days = []struct {
		word string
		in   int
	}{{"大后天", 3}, {"后天", 2}, {"明天", 1}, {"明早", 1}, {"明晚", 1}, {"今天", 0}, {"今早", 0}, {"今晚", 0}, {"tomorrow", 1}, {"today", 0}}
	hours = []struct {
		word     string
		from, to int
	}{{"上午", 8, 12}, {"中午", 11, 14}, {"下午", 13, 18}, {"早", 6, 10}, {"晚", 18, 22}, {"morning", 6, 10}, {"afternoon", 13, 18}, {"evening", 18, 22}}
)

// WindowOf reads Line.When as a span on China's clock, seen from now: 明早 is tomorrow from 6 to 10, 后天下午 the day after from 13 to 18,
// 后天 that whole day from 6 to 20. Words without a day, or with an hour or a date of their own, give false: they are shown as said.
func WindowOf(when string, now time.Time) (Window, bool) {
	now = now.In(china)
	for _, d := range days {
		rest, ok := strings.CutPrefix(when, d.word)
		if !ok {
			continue
		}
		from, to, known := hoursOf(d.word, strings.TrimSpace(rest))
		day := time.Date(now.Year(), now.Month(), now.Day()+d.in, 0, 0, 0, 0, china)
		w := Window{Millis(day.Add(time.Duration(from) * time.Hour).UnixMilli()), Millis(day.Add(time.Duration(to) * time.Hour).UnixMilli())}
		return w, known && w.To > Millis(now.UnixMilli())
	}
	return Window{}, false
}

func hoursOf(day, rest string) (from, to int, known bool) {
	for _, h := range hours {
		if rest == h.word || rest == h.word+"上" || rest == "" && strings.HasSuffix(day, h.word) {
			return h.from, h.to, true
		}
	}
	return 6, 20, rest == ""
}
