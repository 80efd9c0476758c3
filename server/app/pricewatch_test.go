package app

import (
	"net/http"
	"strings"
	"testing"
)

// The rule's own bounds on the real bands: a cooperative lists leaves at a price far below the market, the operator finds it among
// what waits, takes it, and closes it with a reason; a list of the closed ones is a file too, and a seller sees none of it.
func TestAPriceFarFromTheMarketIsLookedAt(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, w *town) {
		// Bok choy goes for 1.5 to 5 yuan/kg: 65 % of 1.5 is 0.975.
		listing := object{"party": partyID("taibai"), "line": "小白菜 500斤 0.4元/斤", "harvested_on": "2020-02-01", "place": object{"adcode": "610331"}}
		listed := w.post("taibai", "/api/listings", listing)
		offer, _ := listed.json["offer"].(object)
		ask := func(as, path string) answer {
			return w.must(request{as: as, method: http.MethodGet, path: path, at: storyDay})
		}
		waits := ask("operator", "/api/todo").list()
		if len(waits) != 1 || waits[0]["kind"] != "price" || !strings.HasPrefix(waits[0]["path"].(string), "price-watch?case=") {
			t.Fatalf("the operator has %v", waits)
		}
		list := ask("operator", "/api/price-cases?state=open&side=below").list()
		if len(list) != 1 || list[0]["subject"] != "offer/"+offer["id"].(string) || list[0]["price_e4"] != 8000.0 || list[0]["bound_e4"] != 9750.0 ||
			list[0]["band_from"] != "2018-01-01" || !strings.HasSuffix(list[0]["source"].(string), "°") {
			t.Fatalf("cases %v", list)
		}
		path := "/api/price-cases/" + list[0]["id"].(string)
		w.post("operator", path+"/take", nil)
		closed := w.post("operator", path+"/close", object{"verdict": "mended", "reason": "改为每斤 0.9 元"})
		if closed.text("state") != "closed" || closed.text("taken_by_name") == "" {
			t.Errorf("closed %s", closed.raw)
		}
		if table := string(ask("auditor", "/api/price-cases.csv?state=closed&lang=zh").raw); !strings.Contains(table, "改为每斤 0.9 元") || !strings.Contains(table, "区间下限") {
			t.Errorf("the table is %s", table)
		}
		seen, err := w.send(t.Context(), request{as: "taibai", method: http.MethodGet, path: "/api/price-cases", at: storyDay})
		if err != nil || seen.status != http.StatusForbidden {
			t.Errorf("the seller got %d %s, %v", seen.status, seen.raw, err)
		}
	})
}
