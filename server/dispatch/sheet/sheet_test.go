package sheet_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jishi/server/dispatch"
	"jishi/server/dispatch/sheet"
	"jishi/server/places"
	"jishi/server/rules"
)

func planned(t *testing.T, file string) (dispatch.Question, dispatch.Answer) {
	t.Helper()
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	q, notes, err := sheet.Read(strings.NewReader(file), "day.json", "", book)
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	a, err := dispatch.Desk{Rules: book, Places: atlas, Router: places.NewEstimator(atlas)}.Day(t.Context(), q, dispatch.Effort{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return q, a.In("zh")
}

// Places with an area code alone are on the map too: where their county is. Xi'an lies east and south of Fengxiang.
func TestMapOfAreaCodes(t *testing.T) {
	t.Parallel()
	q, a := planned(t, `{"day":"2020-01-20","rows":[
		{"kind":"load","id":"apples","what":"apple","amount":5000,"packing":"box","pack_kg":6,"place":"610322","to":"610100"},
		{"kind":"truck","id":"t1","what":"T68","place":"610322"}]}`)
	var page bytes.Buffer
	if err := sheet.WriteHTML(&page, q, a, "zh"); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`<polyline points="([\d.]+),([\d.]+) ([\d.]+),([\d.]+) "`).FindStringSubmatch(page.String())
	if line == nil || line[3] <= line[1] {
		t.Errorf("the trip is drawn as %q", line)
	}
}

// The page says of what was left and of trucks that stay which rule it is and who says so, and how each trip's cost comes about.
func TestPageNamesSources(t *testing.T) {
	t.Parallel()
	q, a := planned(t, `{"day":"2020-02-07","rows":[
		{"kind":"load","id":"apples","what":"apple","amount":5000,"packing":"box","pack_kg":6,"place":"610322","to":"610100"},
		{"kind":"load","id":"gift","what":"apple","amount":5000,"packing":"box","pack_kg":6,"place":"610322","to":"420103"},
		{"kind":"truck","id":"t1","what":"T68","place":"610322"},
		{"kind":"truck","id":"t2","what":"T68","place":"610322","plate":"鄂A·12345"}]}`)
	var page bytes.Buffer
	if err := sheet.WriteHTML(&page, q, a, "zh"); err != nil {
		t.Fatal(err)
	}
	_, left, _ := strings.Cut(page.String(), "Left out</h2>")
	left, refused, _ := strings.Cut(left, "<h2>")
	for _, want := range []struct{ part, text string }{{left, "27号"}, {refused, "封城那几周的常识"}, {page.String(), "175 公里 × 3.20 元"}} {
		if !strings.Contains(want.part, want.text) {
			t.Errorf("%q is not in %s", want.text, want.part)
		}
	}
}

// A truck's own speed goes before that of its type, in a table as in JSON; one that no truck drives at names its row.
func TestATrucksOwnSpeed(t *testing.T) {
	t.Parallel()
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	table := "kind,id,what,place,speed_kmh\ntruck,t1,T68,610322,50\ntruck,t2,T68,610322,\ntruck,t3,T68,610322,300\ntruck,t4,T68,610322,fast\n"
	q, notes, err := sheet.Read(strings.NewReader(table), "day.csv", "2020-02-03", book)
	if err != nil || len(q.Trucks) != 2 || q.Trucks[0].Type.SpeedKmh != 50 || q.Trucks[1].Type.SpeedKmh != 70 {
		t.Fatalf("%v, %+v", err, q.Trucks)
	}
	var said []string
	for _, n := range notes {
		said = append(said, n.Item+": "+n.Said.In("en"))
	}
	slices.Sort(said)
	if len(said) != 2 || !strings.Contains(said[1], "row 4 (t3)") && !strings.Contains(said[0], "row 4 (t3)") || !strings.Contains(strings.Join(said, "\n"), "300 km/h") {
		t.Errorf("notes: %q", said)
	}
	q, _ = planned(t, `{"day":"2020-01-20","rows":[
		{"kind":"load","id":"apples","what":"apple","amount":5000,"packing":"box","pack_kg":6,"place":"610322","to":"610100"},
		{"kind":"truck","id":"t1","what":"T68","place":"610322","speed_kmh":35}]}`)
	if q.Trucks[0].Type.SpeedKmh != 35 || q.Trucks[0].Vehicle.Limits.Speed != 35 {
		t.Errorf("%+v", q.Trucks[0])
	}
}

// Each truck that stays has a line in the table with its rule, marked where that is from memory alone.
func TestTheTableNamesTrucksThatStay(t *testing.T) {
	t.Parallel()
	q, a := planned(t, `{"day":"2020-02-07","rows":[
		{"kind":"load","id":"apples","what":"apple","amount":5000,"packing":"box","pack_kg":6,"place":"610322","to":"610100"},
		{"kind":"truck","id":"t1","what":"T68","place":"610322"},
		{"kind":"truck","id":"t2","what":"T68","place":"610322","plate":"鄂A·12345"},
		{"kind":"truck","id":"t3","what":"T42","place":"610322"}]}`)
	var table bytes.Buffer
	if err := sheet.WriteCSV(&table, q, a); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nt1,T68,apples,5000,", "\n鄂A·12345,T68,,,,,,,", "\nt3,T42,,,,,,,"} {
		if !strings.Contains(strings.ReplaceAll(table.String(), "\r", ""), want) {
			t.Errorf("no %q in %s", want, table.String())
		}
	}
	for _, r := range a.Refused {
		if want := map[string]string{"plate": "°", "payload": "°"}[r.Rule]; r.Mark != want || r.Source == "" {
			t.Errorf("%s: %s, mark %q, source %q", r.Plate, r.Rule, r.Mark, r.Source)
		}
	}
}
