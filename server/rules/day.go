package rules

import (
	"time"

	"jishi/server/measure"
)

// Day is a calendar day in China, "2020-02-03". Days compare as strings; "" is before every day.
type Day string

var china = time.FixedZone("+08:00", 8*60*60)

// DayOf gives the day in China that an instant falls on.
func DayOf(at measure.Millis) Day {
	return Day(time.UnixMilli(int64(at)).In(china).Format(time.DateOnly))
}

// Valid reports whether d is written as a day that exists.
func (d Day) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Source says where a value is from, as the tables write it: in English, but for titles and papers that are Chinese. In gives it in Chinese.
type Source struct {
	Text string `json:"text"`
	Mark string `json:"mark"` // "" read in a text, Memory or Disputed
}

// The marks of a value that can't be relied on.
const (
	Memory   = "°" // from memory, not checked
	Disputed = "!" // sources disagree
)

// Everywhere is the area of a rule that holds in the whole country.
const Everywhere = "CN"

// Span is when and where a value holds, and who says so.
type Span struct {
	From   Day    `json:"from"` // first day
	To     Day    `json:"to"`   // last day, "" while no end is known
	Area   string `json:"area"` // area code or Everywhere
	Source Source `json:"source"`
}

// On reports whether the value holds on a day.
func (s Span) On(day Day) bool {
	return s.From <= day && (s.To == "" || day <= s.To)
}
