package app

import (
	"net/http"
	"strings"
	"testing"
)

// A canteen plans its share over HTTP, by a rule with its source; whoever asks for less than the rule is told, and the report is a file.
func TestTheReservedShareOfACanteen(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	path := "/api/parties/" + partyID("canteen") + "/reserved-share"
	put := func(body object) answer {
		a, err := w.send(t.Context(), request{as: "canteen", method: http.MethodPut, path: path, body: body, at: storyDay})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := put(object{"year": 2020, "budget": "120000元", "share_per_mille": 99}); a.status != http.StatusUnprocessableEntity || a.text("field") != "share_per_mille" || !strings.Contains(string(a.raw), "100") {
		t.Errorf("9.9 %%: %d %s", a.status, a.raw)
	}
	a := put(object{"year": 2020, "budget": "120000元", "share_per_mille": 100, "until_month": 10})
	coach, _ := a.json["coach"].(object)
	rule, _ := a.json["rule"].(object)
	// 12,000 yuan until October: 1,200 a month, 2,400 by the end of February.
	if !a.ok() || coach["code"] != "behind" || coach["fen"] != 2400_00.0 || coach["month"] != 2.0 || a.json["reserved_fen"] != 12000_00.0 || rule["mark"] != "°" {
		t.Errorf("%d %s", a.status, a.raw)
	}
	other, err := w.send(t.Context(), request{as: "liulin", method: http.MethodGet, path: path, at: storyDay})
	if err != nil || other.status != http.StatusNotFound {
		t.Errorf("another party got %d %s, %v", other.status, other.raw, err)
	}
	if file := w.must(request{as: "auditor", method: http.MethodGet, path: "/api/relief-report.csv?lang=zh", at: storyDay}); !strings.Contains(string(file.raw), "建档立卡户数") {
		t.Errorf("the file is %s", file.raw)
	}
}
