package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// firstSerial is the day 0 of a spreadsheet's dates (ECMA-376 part 1, 18.17.4.1, 1900 date base). lastSerial is the last day of the
// year 2173: a larger number is a date written without signs, 20200201.
var firstSerial = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

const lastSerial = 100_000

var (
	dayLayouts  = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}
	timeLayouts = []string{"15:04:05", "15:04", "150405"}
)

// Moment reads a day, or a day with a time, as clocks in zone show it; ok is false when it is neither. A spreadsheet's number counts days.
func (c Cell) Moment(zone *time.Location) (at time.Time, ok bool) {
	if day, ok := c.serial(); ok {
		return time.Date(day.Year(), day.Month(), day.Day(), day.Hour(), day.Minute(), day.Second(), 0, zone), true
	}
	if at, err := time.Parse(time.RFC3339, c.Text); err == nil {
		return at, true
	}
	dayText, timeText, _ := strings.Cut(strings.Replace(strings.Join(strings.Fields(c.Text), " "), "T", " ", 1), " ")
	day, ok := parseAny(dayText, dayLayouts)
	if !ok {
		return time.Time{}, false
	}
	clock, ok := parseAny(timeText, timeLayouts)
	if !ok && timeText != "" {
		return time.Time{}, false
	}
	return time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, zone), true
}

// serial reads a spreadsheet's number as a moment, in UTC.
func (c Cell) serial() (time.Time, bool) {
	n, err := strconv.ParseFloat(c.Text, 64)
	if !c.Number || err != nil || n < 0 || n >= lastSerial {
		return time.Time{}, false
	}
	days, part := math.Modf(n)
	return firstSerial.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*24*60*60)) * time.Second), true
}

// Spelt is the cell's text, where a spreadsheet's number that counts days is written as the day, the time, or both that it stands for.
func (c Cell) Spelt() string {
	at, ok := c.serial()
	switch {
	case !ok:
		return c.Text
	case at.Sub(firstSerial) < 24*time.Hour:
		return at.Format(time.TimeOnly)
	case at.Equal(at.Truncate(24 * time.Hour)):
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}

// IsClock reports whether a text is a time of the day and nothing else.
func IsClock(text string) bool {
	_, ok := parseAny(text, timeLayouts)
	return ok
}

func parseAny(text string, layouts []string) (time.Time, bool) {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
