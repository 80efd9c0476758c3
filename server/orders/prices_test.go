package orders

import (
	"slices"
	"testing"
	"time"

	"jishi/server/measure"
)

// A day's price is its middle deal; days are China's, oldest first.
func TestPricesByDay(t *testing.T) {
	t.Parallel()
	at := func(text string) measure.Millis {
		found, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return measure.Millis(found.UnixMilli())
	}
	night := deal{at: at("2020-02-01T17:00:00Z"), price: 60_000} // 01:00 of the 2nd in China
	noon := deal{at: at("2020-02-02T04:00:00Z"), price: 50_000}
	late := deal{at: at("2020-02-02T12:00:00Z"), price: 90_000}
	before := deal{at: at("2020-02-01T04:00:00Z"), price: 70_000}
	got := byDay([]deal{late, noon, night, before})
	want := []DayPrice{{"2020-02-01", 70_000, 1}, {"2020-02-02", 60_000, 3}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
