package app

import (
	"net/http"
	"testing"
	"time"
)

// A cooperative sees what waits for it: an order to answer and leaves that rot, the sooner first; others see nothing of it.
func TestWhatWaitsForWhom(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		now := storyDay.Add(26 * time.Hour)
		listing := object{"party": partyID("taibai"), "line": "小白菜 500斤 2元/斤", "harvested_on": "2020-01-30", "place": object{"adcode": "610331"}, "acted_at": "2020-02-02T07:00:00+08:00"}
		listed := w.post("taibai", "/api/listings", listing)
		offer, _ := listed.json["offer"].(object)
		lot, _ := listed.json["lot"].(object)
		if offer["state"] != "live" || lot["good_until"] != "2020-02-06" || lot["acted_at"] != "2020-02-02T07:00:00+08:00" {
			t.Fatalf("listed %v, %v", offer, lot)
		}
		order := w.must(request{as: "canteen", method: http.MethodPost, path: "/api/orders", at: now, body: object{
			"buyer": partyID("canteen"), "lines": []object{{"offer": offer["id"], "weight": "100斤"}},
		}})
		var got []string
		for _, v := range w.must(request{as: "taibai", method: http.MethodGet, path: "/api/todo", at: now}).list() {
			got = append(got, v["kind"].(string)+" "+v["path"].(string))
		}
		if want := []string{"answer orders/" + order.text("id"), "rotting lots/" + lot["id"].(string)}; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("taibai has %v, want %v", got, want)
		}
		journal := request{as: "auditor", method: http.MethodGet, path: "/api/journal?account=lot/" + lot["id"].(string) + "/available", at: now}
		if entries := w.must(journal).list(); len(entries) != 1 || entries[0]["kind"] != "weighed" {
			t.Errorf("the lot's account has %v", entries)
		}
		journal.as = "taibai"
		if a, err := w.send(t.Context(), journal); err != nil || a.status != http.StatusForbidden {
			t.Errorf("a cooperative reads the journal: %d, %v", a.status, err)
		}
		if other := w.must(request{as: "liulin", method: http.MethodGet, path: "/api/todo", at: now}).list(); len(other) != 0 {
			t.Errorf("liulin has %v", other)
		}
	})
}
