package app

import (
	"fmt"
	"net/http"
	"testing"
)

// TestCountiesCountEverythingOnce lists more lots than a page of a list holds, under the county's code of then and of now, joins two
// of them, and looks at the board: each gram once (the 10 kg that the packhouse scale found more are the joined lot's own), what is old as rotting, and only trucks that are really on offer.
func TestCountiesCountEverythingOnce(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		lot := func(weight, harvested, adcode string) string {
			return w.post("liulin", "/api/lots", object{"party": partyID("liulin"), "produce": "苹果", "weight": weight, "harvested_on": harvested,
				"place": object{"adcode": adcode, "name": "包装间"}}).text("id")
		}
		for range 49 {
			lot("1吨", "2020-01-20", "610322")
		}
		a, b := lot("2吨", "2020-01-20", "610322"), lot("3吨", "2020-01-20", "610305")
		w.post("liulin", "/api/lots/join", object{"party": partyID("liulin"), "produce": "苹果", "weight": "5010公斤", "place": object{"adcode": "610322"},
			"parts": []object{{"lot": a, "weight": "2吨"}, {"lot": b, "weight": "3吨"}}})
		lot("7公斤", "2019-01-10", "610305")
		for n := range 3 {
			vehicle := w.post("haulier", "/api/vehicles", object{"carrier": partyID("haulier"), "plate": fmt.Sprintf("陕C·E%04d", n), "plate_colour": "yellow", "type": "T68",
				"driver": "司机(演示)"}).text("id")
			offer := capacity(vehicle)
			offer["draft"] = n == 0
			w.post("haulier", "/api/capacity-offers", offer)
		}
		board := w.must(request{as: "operator", method: http.MethodGet, path: "/api/counties", at: storyDay}).list()
		want := map[string]any{"adcode": "610305", "name": "凤翔区", "in_grams": 54_017e3, "stuck_grams": 54_017e3, "rotting_grams": 7e3, "idle_trucks": 2.0}
		if len(board) != 1 || fmt.Sprint(board[0]) != fmt.Sprint(want) {
			t.Errorf("got %v, want one county %v", board, want)
		}
		if a, err := w.send(t.Context(), request{as: "liulin", method: http.MethodGet, path: "/api/counties", at: storyDay}); err != nil || a.status != http.StatusNotFound {
			t.Errorf("a cooperative sees the board: %d %v", a.status, err)
		}
	})
}
