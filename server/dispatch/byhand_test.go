package dispatch

import (
	"testing"

	"jishi/server/dispatch/pdptw"
	"jishi/server/measure"
)

// A truck that is put together by hand waits for the receiver's next hours; where these come after the goods are wanted, it says so.
func TestByHandATruckWaitsForTheReceiversHours(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ from, wanted, start, rule string }{
		{"2020-02-03 12:00", "", "02-04 08:00", ""},                      // it comes by night
		{"2020-02-04 05:00", "", "02-05 08:00", ""},                      // it comes in the evening
		{"2020-02-04 05:00", "2020-02-04 23:00", "evening", "hours"},     // wanted that evening, when nobody takes it in
		{"2020-02-04 05:00", "2020-02-04 12:00", "evening", "window"},    // too late by any hours
		{"2020-02-03 17:00", "2020-02-04 23:00", "within the hours", ""}, // it comes by day
	} {
		tr := truck(t, "T68", "陕C·A1001", relief)
		tr.Capacity.From = at(t, row.from)
		q := question(t, []Truck{tr}, toShip(1, apple, 5, union))
		if row.wanted != "" {
			q.Loads[0].Unload.To = at(t, row.wanted)
		}
		p, _ := plan(t, q)
		pc := p.piece(0, p.q.Loads[0].amount())
		trip, err := p.drive(t.Context(), tr.Capacity.ID, []leg{{&pc, pdptw.Pickup}, {&pc, pdptw.Delivery}})
		if err != nil {
			t.Fatal(err)
		}
		s := trip.Stops[1]
		midnight, _ := dayStart(dayAt(s.Start))
		got := clockAt(s.Start)
		if of := (s.Start - midnight) / minute; s.Start == s.Arrive && of > measure.Millis(q.Loads[0].UnloadTo) {
			got = "evening"
		} else if s.Start == s.Arrive {
			got = "within the hours"
		}
		if got != row.start {
			t.Errorf("from %s, wanted until %q: it begins at %s, want %s", row.from, row.wanted, got, row.start)
		}
		rule := ""
		for _, w := range trip.Warnings {
			if w.Stops {
				rule += w.Code
			}
		}
		equal(t, row.from+" "+row.wanted, rule, row.rule)
	}
}
