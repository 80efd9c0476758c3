package rules

import (
	"math"
	"time"
)

// Clock says how long goods keep that were harvested on a day.
//
// A shelf life is a range where the sources give one: of apples in a cold store the first may be lost after two months, and
// most are good after six. Between both ends somebody has to look at the goods.
type Clock struct {
	Until   Day    `json:"until"`     // the last day on which all are good: the shorter end
	Left    int    `json:"days_left"` // until then, from today on; below zero: so long over
	Latest  Day    `json:"latest"`    // the last day on which some are: the longer end
	Most    int    `json:"days_most"` // until then, likewise
	Tenths  int    `json:"tenths"`    // of °C, what it was reckoned with
	Assumed bool   `json:"assumed"`   // nobody said how warm they are kept: at their best temperature
	Source  Source `json:"source"`    // of the shelf life
	Rule    Source `json:"rule"`      // of how warmth shortens it
}

// Clock gives the decay clock of a produce on a day: its life at its best temperature, both ends halved by every 10 °C above it. stored is in
// tenths of °C, nil where it is not known. False where the produce has no known life or the harvest is no day.
func (b *Book) Clock(p Produce, harvested Day, stored *int, today Day) (Clock, bool) {
	from, err := time.Parse(time.DateOnly, string(harvested))
	now, err2 := time.Parse(time.DateOnly, string(today))
	if err != nil || err2 != nil || p.LifeDays <= 0 {
		return Clock{}, false
	}
	r, _ := b.latest("decay")
	c := Clock{Tenths: p.TempMax, Assumed: stored == nil, Source: p.Source, Rule: r.source()}
	if stored != nil {
		c.Tenths = *stored
	}
	over := max(0, c.Tenths-p.TempMax)
	shorter := math.Exp2(-float64(over) / float64(r.Values["halves_per_tenths"]))
	end := func(life int) (Day, int) {
		day := from.AddDate(0, 0, int(float64(life)*shorter))
		return Day(day.Format(time.DateOnly)), int(day.Sub(now).Hours() / 24)
	}
	c.Until, c.Left = end(p.LifeDays)
	c.Latest, c.Most = end(p.LifeDaysMost)
	return c, true
}

// reminded is for how many days goods count as rotting after the shorter end of their life: a week to look at them.
const reminded = 7

// Rotting tells whether goods should go now, and by when: the shorter end of their life is at most days away or was within the last
// week, or the longer end is at most days away or over. What has passed the shorter end unharmed is not called rotting for months.
func (c Clock) Rotting(days int) (by Day, yes bool) {
	switch {
	case c.Left >= 0 && c.Left <= days:
		return c.Until, true
	case c.Most <= days || c.Left < 0 && c.Left > -reminded:
		return c.Latest, true
	}
	return "", false
}
