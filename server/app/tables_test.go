package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jishi/server/sheet"
)

// TestAListIsAFileToo asks for a list of three pages as CSV and as Excel: all rows are in it, in units, and no cell is a formula.
func TestAListIsAFileToo(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	const lots = 205
	for i := range lots {
		w.post("liulin", "/api/lots", object{"party": partyID("liulin"), "produce": "苹果", "grade": "=1+1", "weight": fmt.Sprintf("%d公斤", 100+i), "place": object{"adcode": "610322"}})
	}
	ask := func(path string) sheet.Table {
		t.Helper()
		a := w.must(request{as: "liulin", method: http.MethodGet, path: path, at: storyDay})
		table, err := sheet.Read("lots."+path[strings.Index(path, ".")+1:strings.Index(path, "?")], a.raw)
		if err != nil {
			t.Fatal(path, err)
		}
		return table
	}
	for _, kind := range []string{"csv", "xlsx"} {
		table := ask("/api/lots." + kind + "?lang=zh&party=" + partyID("liulin"))
		if len(table.Rows) != lots {
			t.Fatalf("%s: %d rows", kind, len(table.Rows))
		}
		column := map[string]int{}
		for i, h := range table.Header {
			column[h] = i
		}
		newest := table.Rows[0].Cells // 100 + 204 kg
		if got := newest[column["过磅净重 (公斤)"]].Text; got != "304.000" && got != "304" {
			t.Errorf("%s: weight %q under %q", kind, got, table.Header)
		}
		if grade := newest[column["等级"]].Text; grade != map[string]string{"csv": "'=1+1", "xlsx": "=1+1"}[kind] { // a text in Excel's own file
			t.Errorf("%s: grade %q", kind, grade)
		}
	}
	if a, err := w.send(t.Context(), request{as: "biaojiao", method: http.MethodGet, path: "/api/lots.csv?party=" + partyID("liulin"), at: storyDay}); err != nil || a.status != http.StatusNotFound {
		t.Errorf("another cooperative's lots: %d %v", a.status, err)
	}
}
