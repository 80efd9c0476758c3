package rules

import (
	"math"
	"time"
)

// Clock says how long goods keep that were harvested on a day.
type Clock struct {
	Until   Day    `json:"until"`     // the last day
	Left    int    `json:"days_left"` // from today on; below zero: so long over
	Tenths  int    `json:"tenths"`    // of °C, what it was reckoned with
	Assumed bool   `json:"assumed"`   // nobody said how warm they are kept: at their best temperature
	Source  Source `json:"source"`    // of the shelf life
	Rule    Source `json:"rule"`      // of how warmth shortens it
}

// Clock gives the decay clock of a produce on a day: its life at its best temperature, halved by every 10 °C above it. stored is in
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
	life := int(float64(p.LifeDays) * math.Exp2(-float64(over)/float64(r.Values["halves_per_tenths"])))
	end := from.AddDate(0, 0, life)
	c.Until, c.Left = Day(end.Format(time.DateOnly)), int(end.Sub(now).Hours()/24)
	return c, true
}
