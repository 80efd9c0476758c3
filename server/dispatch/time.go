package dispatch

import (
	"time"

	"jishi/server/measure"
)

// Spans of time in milliseconds.
const (
	minute measure.Millis = 60_000
	hour                  = 60 * minute
	day                   = 24 * hour
)

// china is the clock of every place in the product: +08:00, no summer time.
var china = time.FixedZone("+08:00", 8*3600)

// isDay reports whether s is a real day, "2020-02-03".
func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// dayStart gives the first instant of a day, and false when s is no day.
func dayStart(s string) (measure.Millis, bool) {
	t, err := time.ParseInLocation(time.DateOnly, s, china)
	if err != nil {
		return 0, false
	}
	return measure.Millis(t.UnixMilli()), true
}

// dayAt gives the day an instant falls on.
func dayAt(m measure.Millis) string {
	return time.UnixMilli(int64(m)).In(china).Format(time.DateOnly)
}

// clockAt writes an instant as people say it: "02-04 16:00".
func clockAt(m measure.Millis) string {
	return time.UnixMilli(int64(m)).In(china).Format("01-02 15:04")
}
